"""What became of what each source announced in a run: into its report after the build, shown to who asks for it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace

from tinsach.app.output import Cell, Output
from tinsach.cleaning import load_profile
from tinsach.crawler.report import RunReport, SourceReport, write_report
from tinsach.datasets.coverage import RunCoverage, count_run
from tinsach.datasets.layout import BrokenWorld, DataDir

COLUMNS = ("source", "announced", "alone", "records", "unbuilt", "rejected", "not fetched", "ended")
LESS = ("unbuilt", "ended")


def account_sources(output: Output, data: DataDir, reports: Iterable[RunReport]) -> tuple[RunReport, ...]:
    """The reports of runs whose sites are built now, each with what became of its URLs, as they stand in runs/ too.

    What can't be read or written is told, and such a report is left out.
    """
    accounted = []
    for report in reports:
        try:
            coverage = count_run(data.site(report.site), report.run)
            full = add_coverage(report, coverage)
            write_report(data, full)
        except BrokenWorld as error:
            output.error(str(error), site=report.site)
        else:
            accounted.append(full)
    return tuple(accounted)


def add_coverage(report: RunReport, coverage: Mapping[str, RunCoverage]) -> RunReport:
    """The report with the counts of each source; what announced nothing has none of anything."""
    return replace(
        report,
        by_source={url: _add(source, coverage.get(url, RunCoverage())) for url, source in report.by_source.items()},
    )


def _add(source: SourceReport, found: RunCoverage) -> SourceReport:
    rejected, not_fetched = dict(found.rejected), dict(found.not_fetched)
    return replace(source, records=found.records, unbuilt=found.unbuilt, rejected=rejected, not_fetched=not_fetched)


def show_sources(output: Output, report: RunReport) -> None:
    """A row a source of this run."""
    home = load_profile(report.site).home.rstrip("/")
    rows: list[list[Cell]] = []
    for url, source in report.by_source.items():
        output.event("source", site=report.site, run=report.run, source=url, **asdict(source))
        others = (_list_counts(source.rejected), _list_counts(source.not_fetched))
        counts = (source.announced, source.only_here, source.records, source.unbuilt)
        rows.append([url.removeprefix(home), *counts, *others, source.ended])
    title = f"What the sources of {report.site} announced in this run, and what became of it"
    output.table(title, COLUMNS, rows, less=LESS)


def _list_counts(counts: Mapping[str, int]) -> str | None:
    ordered = sorted(counts.items(), key=lambda one: -one[1])
    return ", ".join(f"{number} {name}" for name, number in ordered) or None
