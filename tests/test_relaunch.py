"""A paper changes its template: from the alarm over a suggested edit to green fixtures, by the commands alone.

Sixteen quiet days of ngaynay.vn, then a day in the new template on which the last days' articles are fetched again.
"""

import io
import json
import tomllib
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from tinsach.app.main import main
from tinsach.app.newsroom.days import articles_by_day, crawl_day, published_on
from tinsach.app.newsroom.relaunch import Relaunch
from tinsach.cleaning import use_profiles
from tinsach.datasets.archive import ArchiveWriter
from tinsach.datasets.layout import DataDir

SITE = "ngaynay.vn"
DAYS = 17


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Story:
    """What each step printed, in the order of a keeper's day, and the rows before and after."""

    data: DataDir
    build: Ended
    add: Ended
    red: Ended
    suggest: Ended
    check: Ended
    rebuild: Ended
    rechecked: Ended
    green: Ended
    rows_before: dict[tuple[str, datetime], dict[str, object]]
    rows_after: dict[tuple[str, datetime], dict[str, object]]


def archive_days(data: DataDir) -> None:
    newsroom = Relaunch(1, 15 * (DAYS + 1), (SITE,), now=datetime(2026, 11, 25, tzinfo=UTC))
    days = sorted(articles_by_day(newsroom, SITE).items())[-DAYS:]
    last = days[-1][0]
    days[-1] = (last, [one for one in newsroom.articles(SITE) if published_on(one) == last])
    again = [one for _, articles in days[-4:-1] for one in articles]
    for day, articles in days:
        if day == last:
            newsroom.relaunch(SITE)
        with ArchiveWriter(data.site(SITE), f"{day:%Y%m%d}T160000Z-0000", software={}) as writer:
            for response in crawl_day(newsroom, day, [*again, *articles] if day == last else articles):
                writer.write(response)


def read_rows(data: DataDir) -> dict[tuple[str, datetime], dict[str, object]]:
    rows = ds.dataset(data.site(SITE).records, format="parquet").to_table().to_pylist()
    return {(row["url"], row["fetched_at"]): row for row in rows}


def run(data: DataDir, *arguments: str) -> Ended:
    """Runs `tinsach ARGUMENTS…` in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as end:
        main([*arguments, "--data", str(data.root)])
    return Ended(int(end.value.code or 0), out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    data = DataDir(tmp_path_factory.mktemp("relaunch"))
    folder, draft = str(data.root / "fixtures"), data.profiles / f"{SITE}.toml"
    archive_days(data)
    build = run(data, "build", "--jobs", "1")
    rows_before = read_rows(data)
    add = run(data, "fixture", "add", "--alarm", f"{SITE}:extraction", "--folder", folder)
    red = run(data, "fixture", "check", "--folder", folder, "--log", "json")
    data.profiles.mkdir()
    suggest = run(data, "profile", "suggest", SITE, "--out", str(draft))
    check = run(data, "profile", "check", str(draft))
    rebuild = run(data, "build", "--jobs", "1")
    rechecked = run(data, "fixture", "check", "--folder", folder, "--log", "json")
    run(data, "fixture", "update", SITE, "--yes", "--folder", folder)
    green = run(data, "fixture", "check", "--folder", folder)
    use_profiles(None)
    return Story(data, build, add, red, suggest, check, rebuild, rechecked, green, rows_before, read_rows(data))


def failures_of(ended: Ended) -> dict[str, set[str]]:
    """Which fields differ, by "before" and "after"."""
    events = [json.loads(line) for line in ended.out.splitlines()]
    return {event["name"].rpartition("-")[2]: set(event["failures"]) for event in events if event["event"] == "fixture"}


def test_the_next_build_tells_it(story: Story) -> None:
    """The build ends with code 1 and names site, field, selectors and the article before and after."""
    assert story.build.code == 1
    [line] = [line for line in story.build.err.splitlines() if f"{SITE}:extraction:" in line]
    assert "no longer matches: body .article__body.cms-body" in line
    assert "since 2026-11-25" in line and f"before {SITE}:" in line and f"after {SITE}:" in line


def test_the_alarms_pages_become_fixtures_of_which_one_is_red(story: Story) -> None:
    """One command saves both versions of an article; the new one is expected to be as the old one, and is not."""
    assert story.add.code == 0 and story.add.out.count(": saved") == 2
    assert story.red.code == 1
    failures = failures_of(story.red)
    assert failures["before"] == set()
    assert {"extraction", "extraction_name"} <= failures["after"]


def test_a_working_edit_is_suggested(story: Story) -> None:
    """The edit names the new template's elements, keeps the old ones as a dated version, and tells how it does."""
    assert story.suggest.code == 0, story.suggest.err
    profile = tomllib.loads((story.data.profiles / f"{SITE}.toml").read_text(encoding="utf-8"))
    extract = profile["extract"]
    assert (extract["title"], extract["lead"], extract["body"]) == (
        [".bai-tieu-de"],
        [".bai-mo-dau"],
        [".bai-noi-dung"],
    )
    assert extract["section"] == [".muc-chinh > a"] and extract["tags"] == [".bai-the .the-bai"]
    assert ".hop-lien-quan" in extract["drop"]["teaser"]
    version = profile["version"][0]
    assert (version["name"], version["until"].isoformat()) == ("2026-11", "2026-11-24")
    assert version["extract"]["body"][0] == ".article__body.cms-body"
    assert [each["name"] for each in profile["version"]][1:] == ["2017", "2019"]
    assert "right, 0 wrong" in story.suggest.err


def test_the_draft_passes_its_check(story: Story) -> None:
    """`profile check` runs the draft over the archive and is content."""
    assert story.check.code == 0, story.check.err
    assert "100%" in story.check.out and f"by profile {SITE}/2026-11" in story.check.out


def test_the_build_after_the_edit_closes_the_alarms(story: Story) -> None:
    """The archive is cleaned again, the alarms close themselves, and the code is 0."""
    assert story.rebuild.code == 0, story.rebuild.err
    assert f"{SITE}:extraction is as before 2026-11-25 16:00Z again" in story.rebuild.out
    site = json.loads((story.data.site(SITE).root / "alarms.json").read_text())
    assert site["open"] == [] and {alarm["field"] for alarm in site["closed"]} >= {"extraction", "title", "lead"}


def test_fixtures_are_green_after_the_edit(story: Story) -> None:
    """The new page is as the old one was; that the old one is of another version of the profile makes it no redder."""
    assert failures_of(story.rechecked) == {"after": set(), "before": set()}
    assert story.green.code == 0, story.green.out


def test_old_pages_are_cleaned_as_before_by_the_old_version(story: Story) -> None:
    """Every record of the old template is the same after the edit, but for the name of the rules."""
    ignored = {"extraction_name", "rules_version"}
    compared = 0
    for key, before in story.rows_before.items():
        if before["extraction"] != "profile":
            continue
        after = story.rows_after[key]
        assert after["extraction_name"] == f"{SITE}/2026-11"
        assert {k: v for k, v in before.items() if k not in ignored} == {
            k: v for k, v in after.items() if k not in ignored
        }
        compared += 1
    assert compared > 40


def test_new_pages_are_cleaned_as_the_old_version_of_the_article_was(story: Story) -> None:
    """Articles that were fetched in both templates have the same title, lead, text, authors and section in both."""
    old = {url: row for (url, at), row in story.rows_after.items() if at < datetime(2026, 11, 25, tzinfo=UTC)}
    new = {url: row for (url, at), row in story.rows_after.items() if at > datetime(2026, 11, 25, tzinfo=UTC)}
    both = [url for url in new if url in old]
    assert len(both) >= 8
    for field in ("title", "lead", "text", "section", "tags", "authors", "published_at"):
        assert [new[url][field] for url in both] == [old[url][field] for url in both], field


def test_a_wrong_alarm_is_told(story: Story, tmp_path: Path) -> None:
    """--alarm wants SITE:FIELD of an open alarm; a source and an alarm together, or neither, are one mistake."""
    folder = ("--folder", str(tmp_path))
    told = {
        ("--alarm", "ngaynay"): "give SITE:FIELD",
        ("--alarm", f"{SITE}:lead"): "no open alarm about 'lead'; open: none",
        ("x.html", "--alarm", f"{SITE}:lead"): "give a URL, file or id, or the two pages of an alarm",
        (): "give a URL, file or id, or the two pages of an alarm",
    }
    for arguments, says in told.items():
        ended = run(story.data, "fixture", "add", *arguments, *folder)
        assert ended.code == 2 and says in ended.err and ended.err.count("\n") == 1
