"""A paper changes its template while it is crawled: alarm, suggestion, fixtures, by the commands alone.

No article is seen in both templates: the crawl asks each one once.
"""

import io
import json
import re
import tomllib
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pyarrow.dataset as ds
import pytest

from tinsach.app.main import main
from tinsach.app.newsroom import serve
from tinsach.app.newsroom.relaunch import Relaunch
from tinsach.cleaning import use_profiles
from tinsach.cleaning.drafting import Rules
from tinsach.cleaning.inferring import infer_rules
from tinsach.datasets.layout import DataDir

SITE = "ngaynay.vn"
ARTICLES, BEFORE = 60, 38  # asked in all, and in the old template


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
    newsroom: Relaunch
    steps: Mapping[str, Ended]
    rows_before: Mapping[str, dict[str, object]]
    rows_after: Mapping[str, dict[str, object]]


def run(data: DataDir, *arguments: str) -> Ended:
    """Runs `tinsach ARGUMENTS…` in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as end:
        main([*arguments, "--data", str(data.root)])
    return Ended(int(end.value.code or 0), out.getvalue(), err.getvalue())


def read_rows(data: DataDir) -> dict[str, dict[str, object]]:
    rows = ds.dataset(data.site(SITE).records, format="parquet").to_table().to_pylist()
    return {row["url"]: row for row in rows}


def infer_all_but_the_body(*arguments: Any) -> Rules:
    """What is found where the pages do not tell which element holds the text."""
    rules = infer_rules(*arguments)
    return replace(rules, fields={name: found for name, found in rules.fields.items() if name != "body"})


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    data = DataDir(tmp_path_factory.mktemp("midrun"))
    newsroom = Relaunch(1, ARTICLES, (SITE,), now=datetime.now(UTC))
    newsroom.relaunch(SITE, BEFORE)
    data.profiles.mkdir(parents=True)
    folder, draft = ("--folder", str(data.root / "fixtures")), str(data.profiles / f"{SITE}.toml")
    steps = {}
    with serve(newsroom) as server:
        steps["run"] = run(data, "run", SITE, "--origin", server.origin)
    rows_before = read_rows(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tinsach.app.drafts.infer_rules", infer_all_but_the_body)
        steps["unfit"] = run(data, "profile", "suggest", SITE, "--out", str(data.root / "unfit.toml"))
    for name, arguments in {
        "add": ("fixture", "add", "--alarm", f"{SITE}:extraction", *folder),
        "red": ("fixture", "check", "--log", "json", *folder),
        "suggest": ("profile", "suggest", SITE, "--out", draft),
        "check": ("profile", "check", draft, *folder),
        "build": ("build", SITE, "--jobs", "1"),
        "green": ("fixture", "check", "--log", "json", *folder),
        "left": ("fixture", "update", "--yes", *folder),
        "update": ("fixture", "update", "--complete", "--yes", *folder),
        "complete": ("fixture", "check", "--log", "json", *folder),
    }.items():
        steps[name] = run(data, *arguments)
    use_profiles(None)
    return Story(data, newsroom, steps, rows_before, read_rows(data))


def failures_of(ended: Ended) -> dict[str, set[str]]:
    """Which fields differ, by "before" and "after"."""
    events = [json.loads(line) for line in ended.out.splitlines()]
    return {event["name"].rpartition("-")[2]: set(event["failures"]) for event in events if event["event"] == "fixture"}


def test_the_run_ends_with_an_alarm(story: Story) -> None:
    """Code 1, the selectors that stopped, and a page of each template; nothing of it needs a second run."""
    ended = story.steps["run"]
    assert ended.code == 1
    [line] = [line for line in ended.err.splitlines() if f"{SITE}:extraction:" in line]
    assert "no longer matches: body .article__body.cms-body" in line
    alarms = json.loads((story.data.site(SITE).root / "alarms.json").read_text())["closed"]
    [alarm] = [alarm for alarm in alarms if alarm["field"] == "extraction"]
    before, after = (story.rows_before[alarm[f"page_{word}"]["url"]] for word in ("before", "after"))
    assert (before["extraction"], after["extraction"]) == ("profile", "generic")
    assert before["url"] != after["url"]


def test_the_new_pages_fixture_is_red_until_the_edit(story: Story) -> None:
    """Without an older version only how it has to be cleaned is expected; with the edit that is so."""
    assert story.steps["add"].code == 0
    assert "No older version tells its title, lead, blocks," in story.steps["add"].err
    assert story.steps["red"].code == 1
    assert failures_of(story.steps["red"]) == {"before": set(), "after": {"extraction", "extraction_name"}}
    assert story.steps["green"].code == 0, story.steps["green"].out


def test_the_new_pages_record_is_completed(story: Story) -> None:
    """`fixture update` says what is left out, and with --complete adds it: what the article's author wrote."""
    assert "0 written" in story.steps["left"].out
    assert "1 page with fields left out; --complete adds them" in story.steps["left"].err
    assert "1 written" in story.steps["update"].out and story.steps["complete"].code == 0
    [file] = (story.data.root / "fixtures" / SITE).glob("*-after/expected.json")
    record = json.loads(file.read_text(encoding="utf-8"))
    url = tomllib.loads((file.parent / "page.toml").read_text(encoding="utf-8"))["url"]
    gold = story.newsroom.gold(url)
    assert (record["title"], record["lead"], record["published_at"]) == (
        gold.title,
        gold.lead,
        gold.published_at.isoformat(),
    )
    assert [block["text"] for block in record["blocks"]] == [text for _, text in gold.body]


def test_a_working_edit_is_suggested(story: Story) -> None:
    """Though nothing but the pages themselves tells what their articles are."""
    assert story.steps["suggest"].code == 0, story.steps["suggest"].err
    extract = tomllib.loads((story.data.profiles / f"{SITE}.toml").read_text(encoding="utf-8"))["extract"]
    assert (extract["title"], extract["lead"], extract["body"]) == (
        [".bai-tieu-de"],
        [".bai-mo-dau"],
        [".bai-noi-dung"],
    )
    assert story.steps["check"].code == 0, story.steps["check"].err


def test_the_figures_of_a_suggestion_say_of_how_many_pages_they_are(story: Story) -> None:
    """Of fields all pages since the change, of what is dropped those that the draft was made from."""
    lines = story.steps["suggest"].err.splitlines()
    since = sum(row["extraction"] == "generic" for row in story.rows_before.values())
    heads = [place for place, line in enumerate(lines) if line.startswith("counted on those of ")]
    assert re.fullmatch(r"counted on those of all (\d+) pages that tell:", lines[heads[0]])
    for line in lines[heads[0] + 1 : heads[1]]:
        right, wrong, missed = map(int, re.findall(r"(\d+) (?:right|wrong|without)", line))
        assert right + wrong + missed <= since
    told = next(line for line in lines if " of today, " in line)
    pages, rejected, fits, articles = map(int, re.findall(r"\d+", told))
    assert pages - rejected == articles == fits


def test_a_draft_that_does_not_do_is_told(story: Story) -> None:
    """Without the body no page is read, and the alarm is about just that: two lines and code 1."""
    ended = story.steps["unfit"]
    assert ended.code == 1
    errors = [line for line in ended.err.splitlines() if line.startswith("error: ")]
    assert errors[0] == f"error: {SITE}: no selector is right for body, which an alarm is about; find it by hand"
    assert re.fullmatch(rf"error: {SITE}: the draft fits 0 of \d+ articles of today; find what it lacks", errors[1])


def test_after_the_edit_every_page_is_what_its_author_wrote(story: Story) -> None:
    """The alarms close, new pages have the newsroom's own text, and old ones their record, by the old version."""
    assert story.steps["build"].code == 0, story.steps["build"].err
    ignored = {"extraction_name", "rules_version"}
    names = {row["extraction_name"] for row in story.rows_after.values()}
    assert names == {SITE, f"{SITE}/{datetime.now(UTC):%Y-%m}"}
    for url, row in story.rows_after.items():
        before = story.rows_before[url]
        if before["extraction"] == "profile":
            assert {k: v for k, v in before.items() if k not in ignored} == {
                k: v for k, v in row.items() if k not in ignored
            }
        else:
            gold = story.newsroom.gold(url)
            assert (row["title"], row["lead"], row["text"]) == (gold.title, gold.lead, gold.text)
