"""When each site is crawled next: its profile's interval after the start of its last run; reads run reports and locks.

What was missed while nothing ran is one run, not many: a site is due once, however long it has waited. A run that was
interrupted is no turn: the site is due at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tinsach.cleaning import list_sites, load_profile
from tinsach.crawler.report import RunReport, iterate_reports
from tinsach.datasets.alarms import read_alarms
from tinsach.datasets.layout import BrokenWorld, DataDir, SiteDir
from tinsach.datasets.locks import find_work, is_held

# A timer that fires each hour fires some seconds early or late; a site with an interval of an hour is due all the same.
EARLY = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Turn:
    """One site's place in the timetable; times are aware UTC. `last` is None when it was never crawled.

    `alarms` are the fields of the site's open alarms. `ended` is the run that tells how the site does: the last one, or
    the one before while that still goes on. `first` is the state of a first run that has left no report: "running", or
    "interrupted".
    """

    site: str
    every: timedelta
    last: RunReport | None
    next_at: datetime
    ended: RunReport | None
    alarms: tuple[str, ...] = ()
    first: str | None = None

    @property
    def is_running(self) -> bool:
        """Whether the last run still goes on."""
        return self.last is not self.ended or self.first == "running"

    def is_due(self, now: datetime) -> bool:
        """Whether the site should be crawled now."""
        return self.next_at - EARLY <= now


def read_timetable(data: DataDir, sites: Iterable[str], now: datetime) -> tuple[Turn, ...]:
    """The turns of the sites, the one that waits longest first; raises UnknownSite, ProfileError or AlarmError."""
    intervals = {site: load_profile(site).crawl.every for site in sites}
    reports = read_last_reports(data, intervals)
    turns = []
    for site, every in intervals.items():
        last, ended = reports.get(site, (None, None))
        # A run from the future (the clock was wrong) must not put the next one off for ever.
        next_at = min(last.started_at, now) + (timedelta(0) if last.is_interrupted else every) if last else now
        alarms = tuple(alarm.field for alarm in read_alarms(data.site(site)).open)
        first = None if last else _find_first_run(data.site(site))
        turns.append(Turn(site, every, last, next_at, ended, alarms, first))
    return tuple(sorted(turns, key=lambda turn: (turn.next_at, turn.site)))


def _find_first_run(site: SiteDir) -> str | None:
    """A crawl that has left no report yet: one that reads the site's sources, or was stopped while it did."""
    if not site.ledger.is_file():
        return None
    return "running" if "crawled" in find_work(site) else "interrupted"


def read_last_reports(data: DataDir, sites: Iterable[str]) -> Mapping[str, tuple[RunReport, RunReport | None]]:
    """Of each site that has one the newest run report, and the newest of a run that no longer goes on."""
    wanted = set(sites)
    found: dict[str, tuple[RunReport, RunReport | None]] = {}
    for report in iterate_reports(data, wanted):
        site = report.site
        goes_on = site not in found and report.finished_at is None and is_held(data.site(site))
        found[site] = (found[site][0] if site in found else report, None if goes_on else report)
        if not goes_on:
            wanted.discard(site)
            if not wanted:
                break
    return found


def choose_timed_sites(data: DataDir, chosen: Iterable[str]) -> tuple[str, ...]:
    """The sites that a timer runs: those given, else those of the data folder that have a profile.

    Raises BrokenWorld when there is none.
    """
    given = tuple(dict.fromkeys(chosen))
    if given:
        return given
    known = set(list_sites())
    found = tuple(site for site in data.sites() if site in known)
    if not found:
        raise BrokenWorld(
            f"{data.root}: no site to run; name some, or list them as sites = [...] in tinsach.toml, "
            "or crawl one once: what has a folder here is run"
        )
    return found
