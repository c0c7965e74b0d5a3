"""A recorded site: the spider finds on its tape what it found on the site, and a change of either is shown."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tinsach.app.newsroom import Newsroom, Reply, serve
from tinsach.cleaning import load_profile
from tinsach.crawler import crawl_fixtures
from tinsach.crawler.crawl_fixtures import (
    CrawlFixture,
    Discovered,
    check_crawl,
    compare_discovered,
    format_discovered,
    list_crawl_fixtures,
    read_crawl_fixture,
    read_discovered,
    record_site,
    write_discovered,
)
from tinsach.crawler.options import CrawlOptions
from tinsach.crawler.tape import read_tape
from tinsach.datasets.fixtures import FixtureError
from tinsach.datasets.layout import BrokenWorld, DataDir

pytestmark = pytest.mark.usefixtures("warm_crawls")

SITE = "qdnd.vn"
OWN = Path(__file__).parent / "fixtures"
FOUND: Discovered = {
    "sources": [{"url": "https://www.qdnd.vn/rss", "kind": "feed", "announced": 2, "ended": "whole"}],
    "urls": ["https://www.qdnd.vn/a/b-111111", "https://www.qdnd.vn/a/c-222222"],
}


@dataclass(slots=True)
class Door:
    """A newsroom that remembers which articles it was asked for."""

    room: Newsroom
    articles: list[str] = field(default_factory=list)

    def respond(self, host: str, path: str, headers: Mapping[str, str]) -> Reply:
        if load_profile(SITE).is_article_url(f"https://{host}{path}"):
            self.articles.append(path)
        return self.room.respond(host, path, headers)


def test_a_recorded_site_is_found_again_without_the_site(tmp_path: Path) -> None:
    """Recording asks no article; the replay needs no server; a source that fell silent is a difference."""
    room = Newsroom(3, 6, now=datetime(2026, 11, 20, 3, tzinfo=UTC))
    with serve(Door(room)) as server:  # type: ignore[arg-type]  # answers as a newsroom does
        options = CrawlOptions(data=DataDir(tmp_path / "data"), origin=server.origin, delay_seconds=0, max_pages=2)
        fixture = record_site(tmp_path / "fixtures", SITE, options, name="nho", note="sáu bài")
        assert server.newsroom.articles == []  # type: ignore[attr-defined]
    assert not (tmp_path / "data").exists(), "a recording leaves the data folder alone"
    assert list_crawl_fixtures(tmp_path / "fixtures") == (fixture.path,)
    read = read_crawl_fixture(fixture.path)
    assert (read.name, read.note, read.max_pages) == ("qdnd.vn/nho", "sáu bài", 2)
    assert sorted(path.name for path in fixture.path.iterdir()) == ["crawl.toml", "discovered.json", "site.warc.gz"]
    discovered = read_discovered(read)
    assert sorted(discovered["urls"]) == sorted(room.urls(SITE))
    silent = discovered["sources"][-1]
    changed = {"sources": [*discovered["sources"][:-1], silent | {"announced": 99}], "urls": discovered["urls"][1:]}
    write_discovered(read, changed)
    check = check_crawl(read)
    assert check.found == discovered
    assert [line[0] for line in check.failures["sources"]] == ["-", "+"]
    assert check.failures["urls"] == (f'+ "{discovered["urls"][0]}"',)


def test_a_site_that_answers_nothing_leaves_no_fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A recording in which every source failed is no truth to hold on to; nor does one replace another."""
    options = CrawlOptions(data=DataDir(tmp_path / "data"), origin="http://127.0.0.1:9", delay_seconds=0)
    with pytest.raises(BrokenWorld, match=r"robots\.txt could not be had"):
        record_site(tmp_path, SITE, options, name="nho")
    assert not (tmp_path / SITE).exists() or not any((tmp_path / SITE).iterdir())
    (tmp_path / SITE / "nho").mkdir(parents=True)
    with pytest.raises(FixtureError, match="there already"):
        record_site(tmp_path, SITE, options, name="nho")


def test_one_change_is_one_line(tmp_path: Path) -> None:
    """A URL or a source is one line; the stored form reads back as it was."""
    text = format_discovered(FOUND)
    assert json.loads(text) == FOUND
    assert len(text.splitlines()) == 9
    other = {"sources": FOUND["sources"], "urls": FOUND["urls"][:1]}
    assert compare_discovered(FOUND, other) == {"urls": ('- "https://www.qdnd.vn/a/c-222222"',)}
    assert compare_discovered(FOUND, FOUND) == {}


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("crawl.toml", "recorded_at = ", "not the description"),
        ("crawl.toml", "colour = 'red'", "colour"),
        ("crawl.toml", "recorded_at = 2026-11-29", "time with its zone"),
        ("discovered.json", "{", "not valid JSON"),
        ("discovered.json", "[]", "needs the lists"),
        ("site.warc.gz", "no tape", "not a WARC file"),
    ],
)
def test_a_broken_fixture_names_its_file(tmp_path: Path, file: str, content: str, told: str) -> None:
    """Before any crawl is begun."""
    path = tmp_path / SITE / "nho"
    path.mkdir(parents=True)
    (path / "crawl.toml").write_text("max_pages = 1\n")
    write_discovered(CrawlFixture(path=path), FOUND)
    (path / file).write_text(content)
    with pytest.raises(BrokenWorld, match=told) as error:
        check_crawl(read_crawl_fixture(path))
    assert str(path / file) in str(error.value)


def test_a_replay_runs_at_the_time_of_its_recording() -> None:
    """A crawl asks for the maps of its own month: a tape would be found wanting as soon as the next one begins."""
    recorded = read_crawl_fixture(OWN / "vietnamplus.vn" / "recorded")
    assert recorded.recorded_at is not None
    later = replace(recorded, recorded_at=recorded.recorded_at + timedelta(days=100))
    (line,) = check_crawl(later).failures["sources"]
    assert line.startswith("+") and "{year}-{month}" in line


def test_own_recorded_sites_are_of_each_kind() -> None:
    """One site at least of each family, and one with a template of its own."""
    sites = {path.parent.name for path in list_crawl_fixtures(OWN)}
    assert {load_profile(site).family for site in sites} == {"mcms", "vccorp", None}


@pytest.mark.parametrize("path", list_crawl_fixtures(OWN), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_own_tapes_hold_announcements_only(path: Path) -> None:
    """No article is on them, the stored form is canonical, and every source was read."""
    fixture = read_crawl_fixture(path)
    profile = load_profile(fixture.site)
    assert not [url for url in read_tape(path / "site.warc.gz") if profile.is_article_url(url)]
    discovered = read_discovered(fixture)
    assert (path / "discovered.json").read_text(encoding="utf-8") == format_discovered(discovered)
    assert fixture.note
    assert not [source for source in discovered["sources"] if source["ended"].startswith("failed")]
    assert crawl_fixtures.TAPE_FILE in {file.name for file in path.iterdir()}
