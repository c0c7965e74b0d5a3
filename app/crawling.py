"""The step that fetches: sites crawled side by side, told to the user and answered with an exit code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from tinsach.app.crawlview import CrawlView, report_of
from tinsach.app.exits import FAILURES, worst_of
from tinsach.app.output import Cell, Output
from tinsach.cleaning import Profile, list_sites, load_profile
from tinsach.crawler.options import BadOption, CrawlOptions, parse_days, read_since
from tinsach.crawler.report import RunReport
from tinsach.crawler.run import run_crawls
from tinsach.datasets.layout import DataDir

MOST_CRAWLS_AT_ONCE = 8  # each is a process of some 150 MB
SOURCE_FACTS = ("article_url", "feeds", "sitemaps", "sections")
CRAWL_COUNTS = ("found", "asked", "fetched", "unchanged", "archived", "gone", "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawls:
    """What came of several crawls: a report of each site that got as far as having one.

    `ended` are the sites to build: those with an archive whose crawl came to its end. One that was interrupted or
    killed is built by the next run. `is_interrupted` when Ctrl-C or SIGTERM ended them.
    """

    exit_code: int
    reports: Mapping[str, RunReport]
    ended: tuple[str, ...]
    is_interrupted: bool = False


def make_options(
    data: DataDir, *, since: str | None, limit: int | None, origin: str | None, contact: str | None
) -> CrawlOptions:
    """The options of one crawl from what was typed."""
    start = read_since(since, datetime.now(UTC))
    return CrawlOptions(data=data, since=start, limit=limit, origin=origin, contact=contact)


def add_days(options: CrawlOptions, first_day: str | None, last_day: str | None) -> CrawlOptions:
    """The options of a backfill of these days; the same ones when none are given. Raises BadOption."""
    return replace(options, only=parse_days(first_day, last_day, datetime.now(UTC)))


def choose_sites(output: Output, sites: Sequence[str], *, every: bool) -> list[str]:
    """The sites to crawl: those named, or with --all each whose way to its articles is more than a guess.

    Raises BadOption for both and for neither.
    """
    if bool(sites) == every:
        raise BadOption("name the sites to crawl, or give --all; `tinsach sites` lists them")
    if not every:
        return list(sites)
    chosen = [site for site in list_sites() if has_found_sources(load_profile(site))]
    left_out = [site for site in list_sites() if site not in chosen]
    output.event("left_out", sites=left_out)
    if left_out:
        output.note(f"left out, for all that is known of their sources is guessed: {', '.join(left_out)}")
    return chosen


def has_found_sources(profile: Profile) -> bool:
    """Whether where the site announces articles, or what their URLs look like, was seen on a page or in code."""
    return any(profile.evidence.get(f"discover.{fact}") in ("page", "code") for fact in SOURCE_FACTS)


def crawl_sites(output: Output, sites: Sequence[str], options: CrawlOptions, *, jobs: int | None = None) -> Crawls:
    """Crawl the sites side by side, each in a process of its own; raises UnknownSite or ProfileError."""
    names = list(dict.fromkeys(sites))
    with output.progress() as bars:
        view = CrawlView(output, bars, sites=len(names))
        results = run_crawls(names, options, jobs=jobs or MOST_CRAWLS_AT_ONCE, watcher=view)
    view.close()
    reports = [report for report in map(report_of, results) if report is not None]
    ended = [r.site for r in results if isinstance(r, RunReport) and not r.is_interrupted]
    return Crawls(
        exit_code=max(worst_of(view.codes), FAILURES) if view.interrupts else worst_of(view.codes),
        reports={report.site: report for report in reports},
        ended=tuple(site for site in ended if options.data.site(site).archive.is_dir()),
        is_interrupted=bool(view.interrupts),
    )


def show_crawls(output: Output, reports: Mapping[str, RunReport]) -> None:
    """A row a site: what the crawl found and brought home; with several sites, their sum."""
    counts = {r.site: [getattr(r, name) for name in CRAWL_COUNTS] for r in reports.values()}
    total = [sum(column) for column in zip(*counts.values(), strict=True)]
    rows: list[list[Cell]] = [[site, *row, reports[site].finish_reason] for site, row in counts.items()]
    if len(rows) > 1:
        rows.append([f"{len(rows)} sites", *total, None])
    output.table("Crawl", ("site", *CRAWL_COUNTS, "ended"), rows, less=("asked", "unchanged", "gone"))
    output.event("crawled", sites=len(counts), **dict(zip(CRAWL_COUNTS, total, strict=False)))
