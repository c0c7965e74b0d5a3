"""The steps that need no crawler, build and release, each told to the user and answered with an exit code."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from tinsach.app.drifting import watch_site
from tinsach.app.exits import DONE, FAILURES, UNUSABLE, worst_of
from tinsach.app.output import Cell, Output, count
from tinsach.datasets.build import BuildReport, build_site
from tinsach.datasets.layout import BrokenWorld, DataDir
from tinsach.datasets.release import ReleaseOptions, ReleaseReport, make_release

BUILD_COLUMNS = ("site", "responses", "records", "rejected", "broken", "shards built", "up to date")


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
            is_changed = bool(report.built or report.orphans)
            codes += [FAILURES if report.errors else DONE, watch_site(output, data, site, is_changed=is_changed)]
    return worst_of(codes), reports


def _build_site(output: Output, data: DataDir, site: str, jobs: int) -> BuildReport:
    data.find_site(site)
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


def show_builds(output: Output, reports: Mapping[str, BuildReport]) -> None:
    """A row a site for the shards, then a row a kind for what was removed."""
    rows = [
        (r.site, r.responses, r.records, sum(r.rejected.values()), r.broken, r.built, r.skipped)
        for r in reports.values()
    ]
    output.table("Build", BUILD_COLUMNS, rows, less=("up to date", "shards built"))
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
    """One line on what the release holds and what not, one on where it is."""
    out = report.left_out
    alike = f"{count(out.duplicates, 'duplicate')}, {count(out.near_duplicates, 'near-duplicate')}"
    output.line(
        f"Release {report.name}: {count(report.rows, 'article')} in {count(report.files, 'file')}, "
        f"{count(report.bytes, 'byte')}; left out: {count(out.older_versions, 'older version')}, "
        f"{out.taken_down:,} taken down, {out.filtered:,} filtered"
        + (f"; marked: {alike}" if report.keep_duplicates else f", {alike}")
    )
    for site in report.unbuilt:
        output.note(f"{site}: its archive holds more than its records; `tinsach build {site}`, then release anew")
    if out.takedowns_unmatched:
        output.note(f"takedown.txt: {count(out.takedowns_unmatched, 'line')} without an article here; kept for later")
    if report.breaches:
        output.line(f"  published by force though it breaks its contract: {'; '.join(report.breaches)}", style="red")
    output.line(f"  {report.path}")
