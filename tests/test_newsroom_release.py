"""The whole way against the truth: what the newsroom wrote must stand in the release, field by field, and nothing else.

One demo run of a small newsroom, then a second edition; every test reads the same data folder.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

from tinsach.app.demo import run_demo
from tinsach.app.newsroom import GoldRecord, Newsroom
from tinsach.app.output import make_output
from tinsach.datasets.layout import DataDir

SITES = ("ngaynay.vn", "vietnamplus.vn", "qdnd.vn")
ARTICLES = 40
SEED = 1
MOST_SHOWN = 12
FIELDS = (
    "title lead body captions authors agency published_at modified_at precision section tags".split()
)  # of GoldRecord


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one edition of the newsroom was, and what the release made from it holds."""

    gold: Mapping[str, GoldRecord]  # by URL
    rows: Mapping[str, Mapping[str, Any]]  # the release by URL
    rejects: Mapping[str, str]  # reason by URL
    exit_code: int


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    return DataDir(tmp_path_factory.mktemp("newsroom"))


def read_outcome(base: DataDir, edition: int, exit_code: int) -> Outcome:
    demo = DataDir(base.root / "demo")
    opened_at = datetime.fromisoformat(read_json(demo.root / "newsroom.json")["opened_at"])
    newsroom = Newsroom(SEED, ARTICLES, now=opened_at, edition=edition)
    urls = [url for site in SITES for url in newsroom.urls(site)]
    rows = ds.dataset(demo.releases / f"demo-{edition + 1}" / "data", format="parquet").to_table().to_pylist()
    rejects = [
        row
        for site in SITES
        for row in ds.dataset(demo.site(site).rejects, format="parquet").to_table(["url", "reason"]).to_pylist()
    ]
    return Outcome(
        gold={url: newsroom.gold(url) for url in urls},
        rows={row["url"]: row for row in rows},
        rejects={row["url"]: row["reason"] for row in rejects},
        exit_code=exit_code,
    )


def read_json(path: Path) -> dict[str, Any]:

    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return values


@pytest.fixture(scope="module")
def first(base: DataDir) -> Outcome:
    return read_outcome(base, 0, run_demo(make_output(as_json=True), base, articles=ARTICLES, seed=SEED))


@pytest.fixture(scope="module")
def second(base: DataDir, first: Outcome) -> Outcome:
    return read_outcome(base, 1, run_demo(make_output(as_json=True), base, articles=None, seed=None))


def found_value(row: Mapping[str, Any], field: str) -> object:
    """A field of a release row in the form in which the gold record gives it."""
    if field == "body":
        return tuple((block["kind"], block["text"]) for block in row["blocks"])
    if field == "captions":
        return tuple((i["caption"], i["credit"]) for i in row["images"] if i["caption"] or i["credit"])
    value = row[{"precision": "published_precision"}.get(field, field)]
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return tuple(value) if isinstance(value, list) else value


def differences(outcome: Outcome, site: str, field: str) -> Iterator[str]:
    for url, gold in outcome.gold.items():
        row = outcome.rows.get(url)
        if gold.site != site or row is None:
            continue
        truth, found = getattr(gold, field), found_value(row, field)
        if truth != found:
            yield f"{url}\n{describe(truth, found, row)}"


def describe(truth: Any, found: Any, row: Mapping[str, Any]) -> str:
    """Both values; of two lists only what differs, and for a missing block the rule that removed it."""
    if not (isinstance(truth, tuple) and isinstance(found, tuple)):
        return f"    truth: {truth!r}\n    found: {found!r}"
    lost, extra = list(Counter(truth) - Counter(found)), list(Counter(found) - Counter(truth))
    lines = [f"    - {item!r}{fate_of(item, row)}" for item in lost] + [f"    + {item!r}" for item in extra]
    return "\n".join(lines) or f"    other order: {found!r}"


def fate_of(item: Any, row: Mapping[str, Any]) -> str:
    text = item[-1] if isinstance(item, tuple) and item[0] in ("paragraph", "heading", "list_item", "quote") else None
    for removal in row["removed"]:
        if text is not None and text == removal["text"]:
            return f"   <- removed as {removal['kind']} by {removal['rule']}"
    return ""


def report(found: list[str]) -> str:
    return f"{len(found)} articles differ:\n" + "\n".join(found[:MOST_SHOWN])


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("field", FIELDS)
def test_field_equals_the_truth(first: Outcome, site: str, field: str) -> None:
    """In every released article the field is what the newsroom wrote."""
    found = list(differences(first, site, field))
    assert not found, report(found)


def test_demo_ends_well(first: Outcome) -> None:
    """Crawl, build and release end without a failure."""
    assert first.exit_code == 0


def test_every_page_that_is_no_article_is_rejected_for_its_reason(first: Outcome) -> None:
    """A page with a video only, or without text, is among the rejects under the right reason and not in the release."""
    truth = {url: gold.rejected for url, gold in first.gold.items() if gold.rejected}
    assert {url: first.rejects.get(url) for url in truth} == truth
    assert set(first.rejects) == set(truth)
    assert not set(truth) & set(first.rows)


def test_every_article_is_released_and_one_of_equal_ones(first: Outcome) -> None:
    """Every article is in the release; of a wire story and its exact copies, exactly one."""
    groups: dict[str, list[str]] = defaultdict(list)
    for url, gold in first.gold.items():
        if not gold.rejected:
            groups[gold.text].append(url)
    assert any(len(urls) > 1 for urls in groups.values()), "this newsroom has no copies: choose another seed"
    wrong = [urls for urls in groups.values() if sum(url in first.rows for url in urls) != 1]
    assert not wrong, wrong


def test_nothing_but_the_newsrooms_articles_is_released(first: Outcome) -> None:
    """No section page, feed or invented address becomes a record."""
    assert set(first.rows) <= set(first.gold)


def test_no_clutter_line_in_text_or_lead(first: Outcome) -> None:
    """No whole line that the newsroom planted as clutter stands in any text or lead."""
    leaks = []
    for url, row in first.rows.items():
        lines = {line for part in (row["text"], row["lead"]) for line in (part or "").split("\n")}
        leaks += [f"{url}: {line}" for line in first.gold[url].clutter if line in lines]
    assert not leaks, "\n".join(leaks[:MOST_SHOWN])


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
