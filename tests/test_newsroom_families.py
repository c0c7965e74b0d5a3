"""The whole way on a VCCorp paper and on two papers with templates of their own, against what the newsroom wrote."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from tinsach.app.newsroom import Newsroom, serve
from tinsach.app.newsroom.own_lists import PAGE_SIZE
from tinsach.app.newsroom.sites import SITES as PAPERS
from tinsach.app.newsroom.truth import FIELDS, Outcome, read_outcome
from tinsach.crawler.options import CrawlOptions
from tinsach.crawler.report import RunReport
from tinsach.crawler.run import run_crawls
from tinsach.datasets.build import build_site
from tinsach.datasets.layout import DataDir
from tinsach.datasets.release import make_release

pytestmark = pytest.mark.usefixtures("warm_crawls")

SITES = ("tuoitre.vn", "vnexpress.net", "dantri.com.vn")
ARTICLES = 60  # more than a feed holds
MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Edition:
    newsroom: Newsroom
    reports: dict[str, RunReport]
    outcome: Outcome


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    data = DataDir(tmp_path_factory.mktemp("families"))
    newsroom = Newsroom(1, ARTICLES, SITES, now=datetime.now(UTC))
    with serve(newsroom) as server:
        options = CrawlOptions(data=data, origin=server.origin, delay_seconds=0)
        reports = [report for report in run_crawls(SITES, options) if isinstance(report, RunReport)]
    for site in SITES:
        build_site(data, site, jobs=0)
    outcome = read_outcome(newsroom, data, make_release(data, "r1").path)
    return Edition(newsroom, {report.site: report for report in reports}, outcome)


@pytest.mark.parametrize("site", SITES)
def test_every_article_is_found_and_archived(edition: Edition, site: str) -> None:
    """Feeds and section pages announce every article, and the crawl brings it home without a failure."""
    report = edition.reports[site]
    assert (report.found, report.archived, report.failed, report.gone) == (ARTICLES, ARTICLES, 0, 0)
    assert not [source.ended for source in report.by_source.values() if source.is_failed and source.kind != "sitemap"]


@pytest.mark.parametrize("site", SITES)
def test_sections_are_walked_to_their_end(edition: Edition, site: str) -> None:
    """Each section page by page, by the house's own pagination: all of its articles, none of another section."""
    paper = PAPERS[site]
    for section in paper.sections:
        numbers = [n for n in range(ARTICLES) if paper.pick_section(n) is section]
        source = edition.reports[site].by_source[paper.section_url(section)]
        assert source.announced == len(numbers)
        assert source.pages > len(numbers) // PAGE_SIZE >= 1


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("field", FIELDS)
def test_field_equals_the_truth(edition: Edition, site: str, field: str) -> None:
    """In every released article the field is what the newsroom wrote."""
    found = list(edition.outcome.differences(field, site))
    assert not found, f"{len(found)} differences:\n" + "\n".join(found[:MOST_SHOWN])
    assert any(gold.site == site for url, gold in edition.outcome.gold.items() if url in edition.outcome.rows)


def test_nothing_is_missing_and_nothing_is_too_much(edition: Edition) -> None:
    """Rejects have their reason, every story is released once, no clutter line stands in a text."""
    outcome = edition.outcome
    assert list(outcome.misjudged()) == []
    assert list(outcome.misplaced()) == []
    assert list(outcome.leaks()) == []


@pytest.mark.parametrize("site", SITES)
def test_the_templates_hold_clutter_of_every_sort(edition: Edition, site: str) -> None:
    """Boxes inside and after the body, most-read and recommended stories, captions, signatures and tags are planted."""
    kinds = {kind for gold in edition.outcome.gold.values() if gold.site == site for kind, _ in gold.planted}
    assert kinds >= {"related-inside", "most-read", "caption", "date", "footer"}
    assert kinds & {"byline", "source"}
