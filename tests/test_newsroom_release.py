"""The whole way against the truth: what the newsroom wrote must stand in the release, field by field, and nothing else.

One demo run of a small newsroom, then a second edition; every test reads the same data folder.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tinsach.app.demo import run_demo
from tinsach.app.newsroom import Newsroom
from tinsach.app.newsroom.truth import FIELDS, Outcome, found_value, read_outcome
from tinsach.app.output import make_output
from tinsach.datasets.layout import DataDir

pytestmark = pytest.mark.usefixtures("warm_crawls")

SITES = ("ngaynay.vn", "vietnamplus.vn", "qdnd.vn")
ARTICLES = 40
SEED = 1
MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Edition:
    """One run of the demo and what came of it."""

    outcome: Outcome
    exit_code: int


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    return DataDir(tmp_path_factory.mktemp("newsroom"))


def run_edition(base: DataDir, edition: int) -> Edition:
    articles, seed = (None, None) if edition else (ARTICLES, SEED)
    exit_code = run_demo(make_output(as_json=True), base, articles=articles, seed=seed)
    demo = DataDir(base.root / "demo")
    opened_at = datetime.fromisoformat(read_json(demo.root / "newsroom.json")["opened_at"])
    newsroom = Newsroom(SEED, ARTICLES, now=opened_at, edition=edition)
    return Edition(read_outcome(newsroom, demo, demo.releases / f"demo-{edition + 1}"), exit_code)


def read_json(path: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return values


def report(found: list[str]) -> str:
    return f"{len(found)} differences:\n" + "\n".join(found[:MOST_SHOWN])


@pytest.fixture(scope="module")
def opening(base: DataDir) -> Edition:
    return run_edition(base, 0)


@pytest.fixture(scope="module")
def first(opening: Edition) -> Outcome:
    return opening.outcome


@pytest.fixture(scope="module")
def second(base: DataDir, opening: Edition) -> Outcome:
    return run_edition(base, 1).outcome


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("field", FIELDS)
def test_field_equals_the_truth(first: Outcome, site: str, field: str) -> None:
    """In every released article the field is what the newsroom wrote."""
    found = list(first.differences(field, site))
    assert not found, report(found)


def test_demo_ends_well(opening: Edition) -> None:
    """Crawl, build and release end without a failure."""
    assert opening.exit_code == 0


def test_every_page_that_is_no_article_is_rejected_for_its_reason(first: Outcome) -> None:
    """A page with a video only, or without text, is among the rejects under the right reason and not in the release."""
    assert any(gold.rejected for gold in first.gold.values())
    assert list(first.misjudged()) == []


def test_the_release_holds_every_story_once_and_nothing_else(first: Outcome) -> None:
    """Every article is released; of a wire story, its exact and its cut copies one; no section page is a record."""
    assert any(gold.copy for gold in first.gold.values()), "this newsroom has no copies: choose another seed"
    assert list(first.misplaced()) == []


def test_no_clutter_line_in_text_or_lead(first: Outcome) -> None:
    """No whole line that the newsroom planted as clutter stands in any text or lead."""
    leaks = list(first.leaks())
    assert not leaks, report(leaks)


def test_every_site_has_articles_of_every_sort(first: Outcome) -> None:
    """The comparison would mean nothing on a newsroom without leads, captions, clutter and rejected pages."""
    for site in SITES:
        golds = [gold for gold in first.gold.values() if gold.site == site]
        assert any(gold.lead for gold in golds)
        assert any(gold.captions for gold in golds)
        assert any(gold.clutter for gold in golds)
        assert len({kind for gold in golds for kind, _ in gold.body}) >= 2
    assert any(gold.rejected for gold in first.gold.values())


def test_second_edition_brings_what_is_new_and_what_was_edited(first: Outcome, second: Outcome) -> None:
    """After the second run the release holds the new articles, and of the edited ones the new text."""
    new = [url for url, gold in second.gold.items() if url not in first.gold and not gold.rejected]
    edited = [url for url, gold in second.gold.items() if url in first.gold and gold.body != first.gold[url].body]
    assert new
    assert edited
    released = {row["text"] for row in second.rows.values()}
    assert [url for url in new if second.gold[url].text not in released] == []
    assert [url for url in edited if found_value(second.rows[url], "body") != second.gold[url].body] == []


def test_second_run_fetches_only_what_is_new_or_changed(base: DataDir, first: Outcome, second: Outcome) -> None:
    """Articles that did not change are asked with their ETag and cost no body."""
    for site in SITES:
        new = [url for url, gold in second.gold.items() if gold.site == site and url not in first.gold]
        reports = [read_json(path) for path in sorted(DataDir(base.root / "demo").runs.glob("*.json"))]
        last = [values for values in reports if values["site"] == site][-1]
        assert last["found"] == len(new)
        assert last["archived"] == len(new) + 1
        assert last["fetched"] == len(new) + 1
