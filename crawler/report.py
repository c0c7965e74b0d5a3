"""What one crawl of one site did, as values and as runs/<run>.json, written whole.

The file is written when discovery is over (finish_reason null) and again at the end, so a killed run leaves its trace.
"""

import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tinsach.datasets.layout import BrokenWorld, DataDir, write_whole

MAX_FAILURES = 20  # lines; the ledger has them all
MAX_REPORTS_READ = 50  # of a site, when looking for its last finished run
_SITE_HEAD = re.compile(rb'^\{\s*"site":\s*"([^"\\]+)"')  # how a report begins


class ReportError(BrokenWorld):
    """A run report can't be read; names the file and the cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """What one feed, sitemap or section gave.

    `announced` distinct article URLs, `only_here` of them announced by no other source of the run, `new` of them
    unknown before; `states` says what had become of them at the run's end: done (archived), found (not asked), gone,
    failed. `ended` says why the walk stopped: whole, known, unchanged, empty, repeated, since, limit, "missing: cause"
    (a guessed source that does not exist) or "failed: cause". After the build of `tinsach run`, `records` of them are
    records, `rejected` by reason were archived and are none, `not_fetched` by cause; `unbuilt` no build has cleaned.
    """

    kind: str
    pages: int
    announced: int
    new: int
    ended: str
    only_here: int = 0
    states: Mapping[str, int] = field(default_factory=dict)
    records: int | None = None
    unbuilt: int | None = None
    rejected: Mapping[str, int] = field(default_factory=dict)
    not_fetched: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_failed(self) -> bool:
        """Whether articles may be missing because of it."""
        return self.ended.startswith("failed")

    @property
    def is_cut_short(self) -> bool:
        """Whether unknown articles may lie behind what it gave."""
        return self.is_failed or self.ended == "since"

    @property
    def is_missing(self) -> bool:
        """Whether it was guessed and does not exist."""
        return self.ended.startswith("missing")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """Counts of one run. Times are aware UTC.

    `found` URLs unknown before; of the `asked` articles `fetched` came with a body, of which `archived` were new or
    changed and the rest counts as `unchanged`, as every 304 does; `gone` no longer exist; `failed` are asked again by a
    later run, with the first causes in `failures`; `left` were not asked, because a host of `given_up` (host: cause)
    failed too often or the crawl was stopped; `errors` are bugs. `finish_reason`: finished, shutdown (Ctrl-C),
    stopped (disk), None while it runs and for ever when it was killed. `backfill` are the days of a crawl --from --to.
    `cut_short` are the sources that a run without --since has to walk beyond what is known, since this run or an
    earlier one.
    """

    site: str
    run: str
    started_at: datetime
    finished_at: datetime | None = None
    finish_reason: str | None = None
    found: int = 0
    asked: int = 0
    fetched: int = 0
    unchanged: int = 0
    gone: int = 0
    failed: int = 0
    archived: int = 0
    errors: int = 0
    left: int = 0
    given_up: Mapping[str, str] = field(default_factory=dict)
    by_source: Mapping[str, SourceReport] = field(default_factory=dict)
    failures: tuple[str, ...] = ()
    backfill: str | None = None
    cut_short: tuple[str, ...] = ()

    @property
    def has_failures(self) -> bool:
        """Whether something is missing that a later run should bring (exit code 1)."""
        sources = any(source.is_failed for source in self.by_source.values()) or self.is_silent
        return bool(
            self.failed or self.left or self.given_up or self.errors or sources or self.finish_reason != "finished"
        )

    @property
    def is_interrupted(self) -> bool:
        """Whether somebody stopped it before its end."""
        return self.finish_reason == "shutdown"

    @property
    def is_silent(self) -> bool:
        """Whether no source announced an article, or said that it has none but those of the last time."""
        has_words = any(source.announced or source.ended == "unchanged" for source in self.by_source.values())
        return self.finish_reason == "finished" and not has_words and self.backfill is None


def count_states(
    sources: Mapping[str, SourceReport], states: Mapping[str, Mapping[str, int]]
) -> dict[str, SourceReport]:
    """The accounts with what has become of the URLs by now."""
    return {url: replace(source, states=dict(states.get(url, {}))) for url, source in sources.items()}


def report_to_json(report: RunReport) -> dict[str, Any]:
    """The report as JSON-native values, times as ISO text."""
    values = asdict(report)
    for name in ("started_at", "finished_at"):
        values[name] = values[name].isoformat() if values[name] else None
    return values


def write_report(data: DataDir, report: RunReport) -> Path:
    """Write runs/<run>.json, whole; raises WriteError."""
    path = data.runs / f"{report.run}.json"
    text = json.dumps(report_to_json(report), ensure_ascii=False, indent=2)
    with write_whole(path) as temp:
        temp.write_text(text + "\n", encoding="utf-8")
    return path


def read_report(path: Path) -> RunReport:
    """The report in a file; raises ReportError."""
    try:
        return parse_report(json.loads(path.read_bytes()))
    except OSError as error:
        raise ReportError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ReportError(f"{path}: not the report of a crawl ({error})") from error


def find_last_report(data: DataDir, site: str) -> RunReport | None:
    """The site's latest report of a finished discovery; what is no report is passed."""
    return next(iter(find_open_reports(data, site)), None)


def find_open_reports(data: DataDir, site: str) -> tuple[RunReport, ...]:
    """The site's reports with a discovery, newest first, back to and with its last finished run.

    At most 50; how many runs other sites had meanwhile makes no difference. What is no report is passed. An unfinished
    run may have been killed before its discovery was committed, so what the runs before it left open is still open. A
    backfill opens and closes nothing.
    """
    reports: list[RunReport] = []
    for report in iterate_reports(data, {site}):
        if report.by_source:
            reports.append(report)
            if report.finish_reason == "finished" or len(reports) == MAX_REPORTS_READ:
                break
    return tuple(reports)


def iterate_reports(data: DataDir, sites: Container[str]) -> Iterator[RunReport]:
    """The reports of the sites' runs, the latest first; of other sites' only the beginning is read.

    `sites` may shrink meanwhile. What is no report is passed over, and so is a backfill: it asks nobody for what is
    new.
    """
    for path in data.list_runs():
        try:
            site = _read_site(path)
            if site is not None and site not in sites:
                continue
            report = read_report(path)
        except (ReportError, OSError):
            continue
        if report.site in sites and report.backfill is None:
            yield report


def _read_site(path: Path) -> str | None:
    """The site by the first bytes of a report, None when they don't tell it; raises OSError."""
    with path.open("rb") as file:
        head = _SITE_HEAD.match(file.read(200))
    return head[1].decode("utf-8", "replace") if head else None


def find_cut_short(reports: Iterable[RunReport], *, since: datetime | None) -> frozenset[str]:
    """The sources that stopped before their end in any of the reports: unknown articles may lie behind known ones.

    A walk that stopped at --since counts only for a run without it.
    """
    found: set[str] = set()
    for report in reports:
        found |= {url for url, part in report.by_source.items() if part.is_failed or (part.is_cut_short and not since)}
        found.update(() if since else report.cut_short)
    return frozenset(found)


def carry_cut_short(before: Iterable[str], sources: Mapping[str, SourceReport]) -> tuple[str, ...]:
    """The sources that are cut short after a run, sorted: those of before that it did not walk on, and its own.

    A walk that ended at known pages has not seen what lies behind them.
    """
    walked = {source for source, part in sources.items() if part.ended not in ("known", "unchanged")}
    return tuple(sorted((set(before) - walked) | {source for source in walked if sources[source].is_cut_short}))


def parse_report(values: dict[str, Any]) -> RunReport:
    """The report that `report_to_json` made; raises ValueError, TypeError, KeyError or AttributeError for another."""
    times = {"finished_at": datetime.fromisoformat(values["finished_at"]) if values["finished_at"] else None}
    sources = {url: SourceReport(**part) for url, part in values["by_source"].items()}
    started_at = datetime.fromisoformat(values["started_at"])
    lists = {"failures": tuple(values["failures"]), "cut_short": tuple(values.get("cut_short", ()))}
    return RunReport(**{**values, **times, **lists, "started_at": started_at, "by_source": sources})
