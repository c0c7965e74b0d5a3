"""A site's open alarms: a file beside its ledger, written whole.

An alarm is opened once, stays open while the change lasts, and closes itself when the pages since are as they were
before: because the profile was mended and the archive built again, or because the paper went back. Pages between are
never taken for what is usual. An alarm about a change that is meant to be (the paper has no bylines any more) is
accepted: what is usual begins then.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from tinsach.datasets.facts import PageFacts
from tinsach.datasets.layout import BrokenWorld, SiteDir, write_whole

MOST_CLOSED = 50  # kept of the alarms that are over, so that their pages are known


class AlarmError(BrokenWorld):
    """The file of alarms can't be read, or holds no such alarm; names file, value and remedy."""


@dataclass(frozen=True, slots=True)
class AlarmPage:
    """A page of an alarm and where its bytes lie; a rejected page has no id."""

    id: str | None
    url: str
    fetched_at: datetime
    warc_file: str
    warc_offset: int

    @classmethod
    def of(cls, page: PageFacts) -> "AlarmPage":
        """The page without what holds of it."""
        return cls(page.id, page.url, page.fetched_at, page.warc_file, page.warc_offset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What changed on a site: the field, the share of pages before and since, the selectors that stopped matching.

    `noticed_at` and `closed_at` are times of the site's newest page, so that a build is a function of its archive.
    """

    site: str
    field: str
    says: str
    since: datetime
    noticed_at: datetime
    before: float
    after: float
    pages_before: int
    pages_after: int
    selectors: tuple[str, ...] = ()
    page_before: AlarmPage | None = None
    page_after: AlarmPage | None = None
    closed_at: datetime | None = None

    @property
    def name(self) -> str:
        """SITE:FIELD, by which commands know it."""
        return f"{self.site}:{self.field}"

    def describe(self) -> str:
        """One line: the change, since when, the selectors, and the two pages."""
        share = f"{self.says}: {self.before:.0%} → {self.after:.0%} ({self.pages_before} → {self.pages_after} pages)"
        lost = f"; no longer matches: {', '.join(self.selectors)}" if self.selectors else ""
        pages = [("before", self.page_before), ("after", self.page_after)]
        places = "; ".join(f"{word} {page.id or page.url}" for word, page in pages if page)
        return f"{self.name}: {share} since {self.since:%Y-%m-%d %H:%M}Z{lost}" + (f"; {places}" if places else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """A site's alarms; `accepted` says since when a field's new ways are the usual ones."""

    open: tuple[Alarm, ...] = ()
    closed: tuple[Alarm, ...] = ()
    accepted: Mapping[str, datetime] = field(default_factory=dict)

    def find(self, name: str) -> Alarm | None:
        """The open alarm about a field."""
        return next((alarm for alarm in self.open if alarm.field == name), None)

    def is_usual(self, name: str, at: datetime) -> bool:
        """Whether a page of that time counts for what is usual of a field: not accepted away, not of an old alarm."""
        if name in self.accepted and at < self.accepted[name]:
            return False
        spans = ((alarm.since, alarm.closed_at) for alarm in self.closed if alarm.field == name)
        return not any(since <= at < closed for since, closed in spans if closed is not None)


def alarms_file(site: SiteDir) -> Path:
    """Where a site's alarms lie."""
    return site.root / "alarms.json"


def read_alarms(site: SiteDir) -> Alarms:
    """The site's alarms, none when it never had one; raises AlarmError."""
    path = alarms_file(site)
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Alarms(
            open=tuple(map(_load, values["open"])),
            closed=tuple(map(_load, values["closed"])),
            accepted={name: datetime.fromisoformat(at) for name, at in values["accepted"].items()},
        )
    except FileNotFoundError:
        return Alarms()
    except OSError as error:
        raise AlarmError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise AlarmError(f"{path}: not a file of alarms ({error}); remove it, and `tinsach build` again") from error


def write_alarms(site: SiteDir, alarms: Alarms) -> None:
    """Write the file whole; none is made for a site that never had an alarm. Raises WriteError."""
    path = alarms_file(site)
    if alarms == Alarms() and not path.exists():
        return
    kept = Alarms(open=alarms.open, closed=alarms.closed[-MOST_CLOSED:], accepted=alarms.accepted)
    with write_whole(path) as temp:
        text = json.dumps(asdict(kept), ensure_ascii=False, indent=1, default=datetime.isoformat)
        temp.write_text(text + "\n", encoding="utf-8")


def accept_alarm(site: SiteDir, name: str) -> Alarm:
    """Take a change for the new usual; raises AlarmError when there is no open alarm about the field."""
    alarms = read_alarms(site)
    alarm = find_alarm(alarms, site, name)
    rest = tuple(other for other in alarms.open if other is not alarm)
    write_alarms(site, Alarms(open=rest, closed=alarms.closed, accepted={**alarms.accepted, alarm.field: alarm.since}))
    return alarm


def find_alarm(alarms: Alarms, site: SiteDir, name: str) -> Alarm:
    """The open alarm about a field; raises AlarmError that lists those there are."""
    found = alarms.find(name)
    if found is None:
        there = ", ".join(alarm.field for alarm in alarms.open) or "none"
        raise AlarmError(f"{alarms_file(site)}: no open alarm about {name!r}; open: {there}")
    return found


def _load(values: Mapping[str, Any]) -> Alarm:
    known = {each.name for each in fields(Alarm)}
    loaded = {key: value for key, value in values.items() if key in known}
    for key in ("since", "noticed_at", "closed_at"):
        loaded[key] = _load_time(values.get(key))
    for key in ("page_before", "page_after"):
        page = values.get(key)
        loaded[key] = AlarmPage(**{**page, "fetched_at": _load_time(page["fetched_at"])}) if page else None
    return Alarm(**{**loaded, "selectors": tuple(values.get("selectors", ()))})


def _load_time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
