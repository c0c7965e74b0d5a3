"""Drift: after a build, whether a site's pages have changed against its own last 14 days, and which selectors stopped.

The figures come from the shards' columns; only a few pages are read again from the archive, for the selectors. A
function of archive, profiles and the file of alarms: "now" is the time of the site's newest page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tinsach.cleaning import Profile, Rejected, UnknownSite, load_profile
from tinsach.cleaning.matching import find_matches
from tinsach.datasets.alarms import Alarm, AlarmPage, Alarms, read_alarms, write_alarms
from tinsach.datasets.archive import ArchiveError, read_response
from tinsach.datasets.changes import (
    HISTORY,
    MIN_HISTORY,
    MIN_RECENT,
    RECENT,
    Change,
    Seen,
    find_change,
    has_ended,
    is_widespread,
)
from tinsach.datasets.facts import FACTS, REJECTED, Fact, PageFacts, read_facts
from tinsach.datasets.layout import SiteDir

SAMPLE = 12  # pages read again, before and after
ALWAYS = 11  # of the sample: a fact of the template, not of the day
STOPPED_SHARE = 0.1  # of the pages since on which a selector that stopped may still match
MATCHED_SHARE = 0.5  # of the pages before on which it must have matched
# What the profile says of a field, by the alarm's field.
_SELECTED = {
    "title": ("title",),
    "title_words": ("title",),
    "lead": ("lead",),
    "published_at": ("time",),
    "section": ("section",),
    "tags": ("tags",),
    "authors": ("author", "drop.byline"),
    "agency": ("drop.agency",),
    "images": ("figure", "media"),
    "related_urls": ("related",),
    "modified_at": (),  # a page's head alone tells it
}
_WATCHED = {"title": "title", "lead": "lead", "published_at": "time", "section": "section", "tags": "tags"}
LOST_BODY = ("extraction", "rejected")  # an alarm about one of them: the text itself is lost
_SAYS = "pages on which a selector of extract.{} matches"

Matches = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftReport:
    """What a check found: the alarms that are new, that go on, and that closed themselves; `pages` were looked at."""

    site: str
    pages: int = 0
    new: tuple[Alarm, ...] = ()
    ongoing: tuple[Alarm, ...] = ()
    closed: tuple[Alarm, ...] = ()


def check_drift(site: SiteDir) -> DriftReport:
    """Look at the site's shards, bring its file of alarms up to date, and say what changed; raises AlarmError.

    A site without profile is not crawled: what is imported from day to day has no usual.
    """
    if _find_profile(site.name) is None:
        return DriftReport(site=site.name)
    report, alarms = check_pages(site, read_facts(site), read_alarms(site))
    write_alarms(site, alarms)
    return report


def check_pages(site: SiteDir, pages: Sequence[PageFacts], before: Alarms) -> tuple[DriftReport, Alarms]:
    """What `check_drift` finds among these pages, and the alarms afterwards; writes nothing."""
    if not pages:
        return DriftReport(site=site.name, ongoing=before.open), before
    check = _Check(site, pages, before)
    still = tuple(alarm for alarm in before.open if not check.is_over(alarm))
    over = tuple(replace(alarm, closed_at=check.now) for alarm in before.open if alarm not in still)
    check.alarms = replace(before, open=still, closed=(*before.closed, *over))
    new = tuple(check.find_new())
    report = DriftReport(site=site.name, pages=len(pages), new=new, ongoing=still, closed=over)
    return report, replace(check.alarms, open=(*still, *new))


class _Check:
    """One check of one site; pages are read again at most once."""

    def __init__(self, site: SiteDir, pages: Sequence[PageFacts], alarms: Alarms) -> None:
        self._site = site
        self._pages = pages
        self.alarms = alarms
        self.now = pages[-1].fetched_at
        self._profile = _find_profile(site.name)
        self._matches: dict[tuple[str, int], Matches] = {}

    def is_over(self, alarm: Alarm) -> bool:
        """Whether the pages since the alarm are as before; those of a fact, or those on which selectors match."""
        since = [page for page in self._pages if page.fetched_at >= alarm.since]
        seen = _see(since, alarm.field)
        if alarm.says == _SAYS.format(_WATCHED.get(alarm.field)):
            seen = [
                Seen(page.fetched_at, None, _matches(self._read(page), _WATCHED[alarm.field]))
                for page in [page for page in since if page.id][-SAMPLE:]
            ]
        return has_ended(seen, alarm.before, alarm.after)

    def find_new(self) -> list[Alarm]:
        """The alarms about fields of which none is open: first what the columns say, then what selectors do."""
        found: list[Alarm] = []
        for fact in (REJECTED, *FACTS):
            usual = [p for p in self._pages if self.alarms.is_usual(fact.field, p.fetched_at) and fact.field in p.holds]
            if self.alarms.find(fact.field) is not None:
                continue
            change = find_change(_see(usual, fact.field), fact.direction, is_soft=fact.is_soft)
            if change is not None:
                found.append(self._open(fact, change, usual))
        known = {alarm.field for alarm in found}
        body = next((alarm for alarm in (*found, *self.alarms.open) if alarm.field in LOST_BODY), None)
        return found + [alarm for alarm in self._watch_selectors(body) if alarm.field not in known]

    def _open(self, fact: Fact, change: Change, pages: Sequence[PageFacts]) -> Alarm:
        is_new = change.after > change.before
        after = [page for page in pages if page.fetched_at >= change.since and page.holds[fact.field] is is_new]
        before = [page for page in pages if page.fetched_at < change.since and page.holds[fact.field] is not is_new]
        page_before, page_after = _pick_pages(before, after)
        return Alarm(
            site=self._site.name,
            field=fact.field,
            says=fact.says,
            since=change.since,
            noticed_at=self.now,
            before=change.before,
            after=change.after,
            pages_before=change.pages_before,
            pages_after=change.pages_after,
            selectors=self._find_stopped(_facts_of(fact.field), before[-SAMPLE:], after[-SAMPLE:]),
            page_before=page_before,
            page_after=page_after,
        )

    def _watch_selectors(self, body: Alarm | None) -> list[Alarm]:
        """An alarm for each field whose selectors always matched and match on none of the latest pages.

        The value may still be there, from the head of the page; what a reader sees is no longer read. After a loss of
        the body fewer pages will do: those since.
        """
        records = [page for page in self._pages if page.id]
        size = SAMPLE
        if body is not None:
            since = sum(page.fetched_at >= body.since for page in records)
            size = min(SAMPLE, max(MIN_RECENT, since))
        recent, history = records[-size:], records[:-size]
        if not recent:
            return []
        history = [page for page in history if page.fetched_at >= recent[0].fetched_at - HISTORY]
        is_late = any(page.fetched_at < self.now - RECENT for page in recent)
        is_wide = is_widespread([page.section for page in recent], _see(history, "title"))
        if self._profile is None or len(history) < MIN_HISTORY or len(recent) < size or is_late or not is_wide:
            return []
        found = []
        for field, fact in _WATCHED.items():
            usual = [page for page in history if self.alarms.is_usual(field, page.fetched_at)]
            if self.alarms.find(field) is not None or len(usual) < MIN_HISTORY:
                continue
            if any(_matches(self._read(page), fact) for page in recent):
                continue
            sample = usual[:: max(1, len(usual) // SAMPLE)][:SAMPLE]
            if sum(_matches(self._read(page), fact) for page in sample) >= ALWAYS:
                found.append(self._open_stopped(field, fact, usual, recent))
        return found

    def _open_stopped(self, field: str, fact: str, usual: Sequence[PageFacts], recent: Sequence[PageFacts]) -> Alarm:
        """Since when it is, is found among the pages before the latest ones, going back."""
        pages = [*usual, *recent]
        first = len(pages) - len(recent)
        while first > 0 and not _matches(self._read(pages[first - 1]), fact):
            first -= 1
        before, after = pages[:first], pages[first:]
        page_before, page_after = _pick_pages(before, after)
        return Alarm(
            site=self._site.name,
            field=field,
            says=_SAYS.format(fact),
            since=after[0].fetched_at,
            noticed_at=self.now,
            before=1.0,
            after=0.0,
            pages_before=len(before),
            pages_after=len(after),
            selectors=self._find_stopped((fact,), before[-SAMPLE:], after[-SAMPLE:]),
            page_before=page_before,
            page_after=page_after,
        )

    def _find_stopped(
        self, facts: Sequence[str], before: Sequence[PageFacts], after: Sequence[PageFacts]
    ) -> tuple[str, ...]:
        """The profile's selectors of some facts that matched on most pages before and on next to none since."""
        old, new = [self._read(page) for page in before], [self._read(page) for page in after]
        if not old or not new:
            return ()
        names = {(fact, css) for matches in old for fact in facts for css in matches.get(fact, ())}
        return tuple(
            f"{fact} {css}"
            for fact, css in sorted(names)
            if sum(css in m.get(fact, ()) for m in old) >= MATCHED_SHARE * len(old)
            and sum(css in m.get(fact, ()) for m in new) <= STOPPED_SHARE * len(new)
        )

    def _read(self, page: PageFacts) -> Matches:
        """The selectors that match on a page; none when it can't be read any more."""
        place = (page.warc_file, page.warc_offset)
        if place not in self._matches and self._profile is not None:
            try:
                response = read_response(self._site.archive / page.warc_file, page.warc_offset)
                self._matches[place] = find_matches(response.body, self._profile, charset=response.charset)
            except (ArchiveError, Rejected):
                self._matches[place] = {}
        return self._matches.get(place, {})


def _pick_pages(before: Sequence[PageFacts], after: Sequence[PageFacts]) -> tuple[AlarmPage | None, AlarmPage | None]:
    """The latest page of each kind; where an article was fetched in both kinds, its two versions."""
    old = {page.url: page for page in before}
    both = [page for page in after if page.url in old]
    if both:
        return AlarmPage.of(old[both[-1].url]), AlarmPage.of(both[-1])
    return AlarmPage.of(before[-1]) if before else None, AlarmPage.of(after[-1]) if after else None


def _see(pages: Sequence[PageFacts], field: str) -> list[Seen]:
    return [Seen(page.fetched_at, page.section, page.holds[field]) for page in pages if field in page.holds]


def _matches(matches: Matches, fact: str) -> bool:
    return bool(matches.get(fact))


def _facts_of(field: str) -> tuple[str, ...]:
    kind = field.removeprefix("removed:")
    return (f"drop.{kind}",) if kind != field else _SELECTED.get(field, ("body",))


def _find_profile(site: str) -> Profile | None:
    try:
        return load_profile(site)
    except UnknownSite:
        return None
