"""The steps a command strings together, crawl, build, release, each told to the user and answered with an exit code."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from rich.progress import TaskID

from tinsach.app.exits import DONE, FAILURES, UNUSABLE, worst_of
from tinsach.app.output import Cell, Output
from tinsach.crawler.options import BadOption, CrawlOptions, is_loopback, parse_since
from tinsach.crawler.report import RunReport
from tinsach.crawler.run import CrawlStopped, run_crawls
from tinsach.datasets.build import BuildReport, build_site
from tinsach.datasets.layout import BrokenWorld, DataDir
from tinsach.datasets.release import ReleaseOptions, ReleaseReport, make_release

MOST_CRAWLS_AT_ONCE = 8  # each is a process of some 150 MB
CRAWL_COLUMNS = ("site", "found", "asked", "fetched", "unchanged", "archived", "gone", "failed", "ended")
BUILD_COLUMNS = ("site", "responses", "records", "rejected", "broken", "shards built", "up to date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawls:
    """What came of several crawls: a report of each site that got as far as having one.

    `ended` are the sites to build: those with an archive whose crawl came to its end. One that was interrupted or
    killed is built by the next run.
    """

    exit_code: int
    reports: Mapping[str, RunReport]
    ended: tuple[str, ...]


def make_options(
    data: DataDir, *, since: str | None, limit: int | None, origin: str | None, contact: str | None
) -> CrawlOptions:
    """The options of one crawl from what was typed. A server on this machine is asked without delay."""
    try:
        start = parse_since(since, datetime.now(UTC)) if since else None
    except ValueError as error:
        raise BadOption(f"--since {error}") from error
    delay_seconds = 0 if is_loopback(origin) else None
    return CrawlOptions(
        data=data, since=start, limit=limit, origin=origin, contact=contact, delay_seconds=delay_seconds
    )


def crawl_sites(output: Output, sites: Sequence[str], options: CrawlOptions) -> Crawls:
    """Crawl the sites side by side, each in a process of its own; raises UnknownSite or ProfileError."""
    with output.progress() as bars:
        tasks: dict[str, TaskID] = {}

        def show(report: RunReport) -> None:
            task = tasks.setdefault(report.site, bars.add_task(report.site))
            done = report.fetched + report.unchanged + report.gone + report.failed
            bars.update(task, total=max(report.asked, report.found), completed=done)

        results = run_crawls(sites, options, jobs=min(len(sites), MOST_CRAWLS_AT_ONCE), on_progress=show)
    reports = [report for report in map(_report_of, results) if report is not None]
    ended = [r.site for r in results if isinstance(r, RunReport) and r.finish_reason != "shutdown"]
    return Crawls(
        exit_code=worst_of([_tell_crawl(output, result) for result in results]),
        reports={report.site: report for report in reports},
        ended=tuple(site for site in ended if options.data.site(site).archive.is_dir()),
    )


def build_sites(
    output: Output, data: DataDir, sites: Sequence[str], *, jobs: int
) -> tuple[int, dict[str, BuildReport]]:
    """Build the sites one after the other, `jobs` WARC files at a time; a site that can't be built is told."""
    codes: list[int] = []
    reports: dict[str, BuildReport] = {}
    for site in dict.fromkeys(sites):
        try:
            reports[site] = report = _build_site(output, data, site, jobs)
        except BrokenWorld as error:
            output.error(str(error), site=site)
            codes.append(UNUSABLE)
        else:
            output.event("build", **asdict(report))
            for line in report.errors:
                output.error(line, site=site)
            codes.append(FAILURES if report.errors else DONE)
    return worst_of(codes), reports


def _build_site(output: Output, data: DataDir, site: str, jobs: int) -> BuildReport:
    known = data.sites()
    if site not in known:
        raise BrokenWorld(f"{data.root / 'sites'}: no archive of {site}; there is {', '.join(known) or 'none'}")
    with output.progress() as bars:
        task = bars.add_task(f"{site}: cleaning", total=None)
        return build_site(
            data, site, jobs=jobs, on_file=lambda done, total: bars.update(task, completed=done, total=total)
        )


def publish(
    output: Output, data: DataDir, name: str, options: ReleaseOptions | None = None
) -> tuple[int, ReleaseReport]:
    """Make a release and say where it lies; raises BrokenWorld when it can't be made."""
    report = make_release(data, name, options or ReleaseOptions())
    output.event("release", **asdict(report))
    for line in report.errors:
        output.error(line)
    return (FAILURES if report.errors else DONE), report


def show_crawls(output: Output, reports: Mapping[str, RunReport]) -> None:
    """A row a site: what the crawl found and brought home."""
    rows = [
        (r.site, r.found, r.asked, r.fetched, r.unchanged, r.archived, r.gone, r.failed, r.finish_reason)
        for r in reports.values()
    ]
    output.table("Crawl", CRAWL_COLUMNS, rows)


def show_builds(output: Output, reports: Mapping[str, BuildReport]) -> None:
    """A row a site for the shards, then a row a kind for what was removed."""
    rows = [
        (r.site, r.responses, r.records, sum(r.rejected.values()), r.broken, r.built, r.skipped)
        for r in reports.values()
    ]
    output.table("Build", BUILD_COLUMNS, rows)
    show_counts(output, "Rejected pages, by reason", {site: report.rejected for site, report in reports.items()})
    show_counts(output, "Blocks removed, by kind", {site: report.removed for site, report in reports.items()})


def show_counts(output: Output, title: str, counts: Mapping[str, Mapping[str, int]]) -> None:
    """A row a name, most frequent first, a column a site; no table when nothing was counted."""
    total: Counter[str] = Counter()
    for site_counts in counts.values():
        total.update(site_counts)
    if total:
        rows: list[list[Cell]] = [
            [name, *(each.get(name, 0) for each in counts.values())] for name, _ in total.most_common()
        ]
        output.table(title, (title.rsplit(" ", 1)[-1], *counts), rows)


def show_release(output: Output, report: ReleaseReport) -> None:
    """One line on what the release holds, one on where it is."""
    output.line(
        f"Release {report.name}: {report.rows} articles in {report.files} files, {report.bytes:,} bytes; "
        f"left out: {report.left_out.older_versions} older versions, {report.left_out.duplicates} duplicates, "
        f"{report.left_out.near_duplicates} near-duplicates"
    )
    output.line(f"  {report.path}")


def _tell_crawl(output: Output, result: RunReport | CrawlStopped) -> int:
    report = _report_of(result)
    if report is not None:
        output.event("crawl", **asdict(report))
        for line in report.failures:
            output.error(line, site=report.site)
        for host, cause in report.given_up.items():
            rest = f"{report.left} articles are left to a later run"
            output.error(f"{report.site}: {host} was given up ({cause}); {rest}", site=report.site)
        for url, source in report.by_source.items():
            if source.is_failed:
                output.error(f"{url}: {source.ended}", site=report.site)
    if isinstance(result, CrawlStopped):
        output.error(str(result), site=result.site)
        return result.exit_code
    if result.finish_reason == "shutdown":
        output.error(f"{result.site}: interrupted; what was fetched is archived, run it again to go on")
    return FAILURES if result.has_failures else DONE


def _report_of(result: RunReport | CrawlStopped) -> RunReport | None:
    return result.report if isinstance(result, CrawlStopped) else result
