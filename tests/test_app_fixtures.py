"""`tinsach fixture`: pages from the archive and from files, checks that end in 1, and records renewed after a yes."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tinsach.datasets.alarms import Alarm, AlarmPage, Alarms, write_alarms
from tinsach.datasets.archive import ArchivedResponse, ArchiveWriter, FetchedResponse, list_archive, read_archive
from tinsach.datasets.fixtures import FIELDS, list_fixtures, read_expected, read_fixture, read_html, write_expected
from tinsach.datasets.layout import DataDir

NOW = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
URL = "https://ngaynay.vn/cau-post7.html"


Run = Callable[..., Any]  # conftest's tinsach


def make_page(edition: int = 1, *, body: bool = True) -> str:
    text = " ".join(f"Cây cầu thứ {step} nối hai bờ sông, lần {edition}." for step in range(12)) if body else ""
    return f"""<html><head><meta charset="utf-8"><title>Cầu</title><link rel="canonical" href="{URL}"></head><body>
        <h1 class="article__title cms-title">Khánh thành cầu</h1>
        <div class="article__body cms-body" itemprop="articleBody"><p>{text}</p></div></body></html>"""


def archive(*pages: str, run: str = "run", url: str = URL) -> None:
    with ArchiveWriter(DataDir(Path("data")).site("ngaynay.vn"), run, software={}) as writer:
        for number, page in enumerate(pages):
            header = (b"Content-Type", b"text/html; charset=utf-8")
            writer.write(FetchedResponse(url, 200, "OK", (header,), page.encode(), NOW.replace(minute=number)))


def test_of_an_alarm_both_pages_are_saved_or_none(tinsach: Run) -> None:
    """Where the second one's name is taken nothing is written, and the same command works under another name."""
    tinsach("sites", "qdnd.vn")  # enter the folder
    archive(make_page(1), make_page(2))
    site = DataDir(Path("data")).site("ngaynay.vn")
    [warc] = list_archive(site)
    pages = [
        AlarmPage("ngaynay.vn:7", URL, item.fetched_at, warc.name, item.offset)
        for item in read_archive(warc)
        if isinstance(item, ArchivedResponse)
    ]
    shares = {"before": 1.0, "after": 0.0, "pages_before": 90, "pages_after": 9}
    times = {"since": NOW, "noticed_at": NOW}
    names = {"site": "ngaynay.vn", "field": "title", "says": "pages with a title"}
    write_alarms(site, Alarms(open=(Alarm(page_before=pages[0], page_after=pages[1], **names, **times, **shares),)))
    tinsach("fixture", "add", URL, "--name", "cau-after")
    told = tinsach("fixture", "add", "--alarm", "ngaynay.vn:title", "--name", "cau")
    assert (told.code, told.out) == (2, "")
    assert "fixtures/ngaynay.vn/cau-after: there already; choose another --name" in told.err
    assert only_fixture().name == "cau-after"
    assert tinsach("fixture", "add", "--alarm", "ngaynay.vn:title", "--name", "hai").out.count(": saved") == 2


@pytest.mark.parametrize(("field", "left_out"), [("lead", {"lead"}), ("title_words", {"title"}), ("text:short", set())])
def test_of_another_article_what_an_alarm_is_about_is_not_expected(
    tinsach: Run, field: str, left_out: set[str]
) -> None:
    """The page is still cleaned by its profile: what no alarm is about is right, its text is left to the keeper."""
    tinsach("sites", "qdnd.vn")  # enter the folder
    archive(make_page(1), run="a", url="https://ngaynay.vn/do-post6.html")
    archive(make_page(2), run="b")
    site = DataDir(Path("data")).site("ngaynay.vn")
    before, after = (
        AlarmPage(None, item.url, item.fetched_at, warc.name, item.offset)
        for warc in list_archive(site)
        for item in read_archive(warc)
        if isinstance(item, ArchivedResponse)
    )
    shares = {"before": 1.0, "after": 0.0, "pages_before": 90, "pages_after": 9}
    about = {"site": "ngaynay.vn", "field": field, "says": "…", "since": NOW, "noticed_at": NOW}
    write_alarms(site, Alarms(open=(Alarm(page_before=before, page_after=after, **about, **shares),)))  # type: ignore[arg-type]
    told = tinsach("fixture", "add", "--alarm", f"ngaynay.vn:{field}")
    expected = json.loads(Path("fixtures/ngaynay.vn/cau-post7-after/expected.json").read_text())
    assert set(FIELDS) - set(expected) == {"blocks", "removed", *left_out}
    assert "let `tinsach fixture update --complete ngaynay.vn/cau-post7-after` add it" in told.err
    assert tinsach("fixture", "check").code == 0


def only_fixture(folder: str = "fixtures") -> Path:
    (path,) = list_fixtures(Path(folder))
    return path


@pytest.mark.parametrize("name", [URL, "ngaynay.vn:7"])
def test_add_takes_the_latest_version_from_the_archive(tinsach: Run, name: str) -> None:
    """By URL or record id, without a request: there is no server here at all."""
    tinsach("sites", "qdnd.vn")  # enter the folder
    archive(make_page(1), make_page(2))
    assert tinsach("build", "--jobs", 1).code == 0
    told = tinsach("fixture", "add", name, "--note", "hai lần", "--name", "cau")
    assert (told.code, told.out) == (0, "fixtures/ngaynay.vn/cau: saved\n")
    fixture = read_fixture(only_fixture())
    assert (fixture.url, fixture.note, fixture.fetched_at) == (URL, "hai lần", NOW.replace(minute=1))
    assert read_html(fixture).decode() == make_page(2)
    assert tinsach("fixture", "check").code == 0


def test_add_finds_pages_without_a_record(tinsach: Run) -> None:
    """One that was rejected, and one that is not built yet; what is nowhere is one line."""
    tinsach("sites", "qdnd.vn")
    archive(make_page(body=False), run="a", url="https://ngaynay.vn/trong-post8.html")
    tinsach("build", "--jobs", 1)
    archive(make_page(), run="b")
    assert tinsach("fixture", "add", "https://ngaynay.vn/trong-post8.html").code == 0
    assert read_expected(read_fixture(only_fixture())) == {"rejected": "no-text"}
    assert tinsach("fixture", "add", URL).code == 0
    told = tinsach("fixture", "add", "ngaynay.vn:99")
    assert told.code == 2
    assert told.err.startswith("error: data: no archived page of ngaynay.vn:99; crawl its site")


def test_add_takes_a_file(tinsach: Run, tmp_path: Path) -> None:
    """Its own address counts, then --url; --site stands in for both; without any it is asked for."""
    (tmp_path / "page.html").write_text(make_page(), encoding="utf-8")
    assert tinsach("fixture", "add", "page.html", "--folder", "mine").code == 0
    assert read_fixture(only_fixture("mine")).url == URL
    bare = make_page().replace("canonical", "nothing")
    (tmp_path / "bare.html.gz").write_bytes(gzip.compress(bare.encode()))
    told = tinsach("fixture", "add", "bare.html.gz")
    assert (told.code, told.err) == (
        2,
        "error: bare.html.gz: the page names no address of its own; give it with --url\n",
    )
    assert tinsach("fixture", "add", "bare.html.gz", "--site", "ngaynay.vn").code == 0
    assert read_expected(read_fixture(only_fixture()))["extraction"] == "profile"
    assert tinsach("fixture", "add", "bare.html.gz", "--site", "nowhere.vn").code == 2
    assert tinsach("fixture", "add", "bare.html.gz", "--url", "https://ngaynay.vn/khac-post9.html").code == 0
    (tmp_path / "story.txt").write_text("Chỉ là chữ.")
    assert "no page to save" in tinsach("fixture", "add", "story.txt").err
    (tmp_path / "two.jsonl").write_text(json.dumps({"html": bare}) + "\n" + json.dumps({"html": bare}) + "\n")
    assert "more than one page" in tinsach("fixture", "add", "two.jsonl").err
    (tmp_path / "none.jsonl").write_text("\n")
    assert "no page to save" in tinsach("fixture", "add", "none.jsonl").err


@pytest.fixture
def wrong(tinsach: Run, tmp_path: Path) -> Path:
    """A fixture whose record is not what cleaning gives."""
    (tmp_path / "page.html").write_text(make_page(), encoding="utf-8")
    tinsach("fixture", "add", "page.html", "--name", "cau")
    fixture = read_fixture(only_fixture())
    write_expected(fixture, read_expected(fixture) | {"title": "Khánh thành đò", "tags": ["đò"]})
    return fixture.path


def test_check_shows_the_difference_and_ends_in_1(tinsach: Run, wrong: Path) -> None:
    """A table by site, the difference below the page's name; as JSON one line a page."""
    told = tinsach("fixture", "check", "ngaynay.vn/cau")
    assert told.code == 1
    assert '  title: expected (-), found (+)\n    - "Khánh thành đò"\n    + "Khánh thành cầu"\n' in told.out
    assert "1 page, 0 crawls in" in told.out
    event = json.loads(tinsach("--log", "json", "fixture", "check").out)
    assert event["failures"] == {"title": ['- "Khánh thành đò"', '+ "Khánh thành cầu"'], "tags": ['- "đò"']}


def test_update_asks_before_it_writes(tinsach: Run, wrong: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody to ask is an error, no is kept (code 1), --yes writes; then the check is green."""
    before = (wrong / "expected.json").read_bytes()
    assert "add --yes" in tinsach("fixture", "update").err
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", lambda *_, **__: False)
    told = tinsach("fixture", "update")
    assert (told.code, "0 written, 1 left as they are" in told.out) == (1, True)
    assert (wrong / "expected.json").read_bytes() == before
    told = tinsach("fixture", "update", "--yes")
    assert told.code == 0
    assert '  - "title": "Khánh thành đò"\n' in told.out.replace("-  ", "- ")
    assert tinsach("fixture", "check").code == 0


def test_a_broken_fixture_costs_only_itself(tinsach: Run, wrong: Path) -> None:
    """It is named in one line, the others are checked, and the code is 1."""
    tinsach("fixture", "update", "--yes")
    broken = wrong.with_name("hong")
    broken.mkdir()
    (broken / "page.toml").write_text("url = 1")
    told = tinsach("fixture", "check")
    assert told.code == 1
    assert "fixtures/ngaynay.vn/hong/page.toml: url = 1: not text" in told.err
    assert "1 page, 0 crawls in" in told.out
    assert "1 unreadable" in told.out


def test_folders_are_the_flag_s_the_setting_s_or_pytest_s(tinsach: Run, wrong: Path, tmp_path: Path) -> None:
    """In this order; a site that has none and a folder without any end with 2."""
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\ntinsach_fixtures = ['theirs']")
    assert "theirs: no fixture here" in tinsach("fixture", "check").err
    (tmp_path / "tinsach.toml").write_text("fixtures = 'fixtures'")
    assert tinsach("fixture", "check").code == 1
    assert tinsach("fixture", "check", "--folder", "empty").code == 2
    told = tinsach("fixture", "check", "qdnd.vn")
    assert (told.code, told.err) == (
        2,
        "error: qdnd.vn: no fixture of that site or name; there are some of ngaynay.vn\n",
    )


def test_list_tells_what_is_special(tinsach: Run, wrong: Path) -> None:
    """A row a page."""
    told = tinsach("fixture", "list")
    assert told.code == 0
    assert "ngaynay.vn/cau" in told.out
