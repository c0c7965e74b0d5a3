"""Whether a yes-or-no fact about a site's pages has changed lately, against the site's own last days; pure.

A site's pages are never alike: a Sunday has few, a wedding section has no bylines, ten picture stories come in a row.
So a change is one only when nothing that is usual on the site explains it: not chance, not the sections of the day, not
the kind of day, and, for facts that depend on what is written, no single day before.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from math import exp, lgamma, log
from typing import Literal, NamedTuple

LOCAL_ZONE = timezone(timedelta(hours=7))  # whose days and weekends count
HISTORY = timedelta(days=14)  # what is usual: two of each day of the week
RECENT = timedelta(days=3)  # a change is looked for so far back: a cron job may have failed over a weekend
MIN_RECENT = 8  # of fewer pages nothing is said; with a site of five articles a day that is two days
MIN_HISTORY = 30  # below, a rate is known to no better than a tenth
MAX_CHANCE = 1e-7  # 50 facts × 10 spans × 24 builds a day: one false alarm in some 80 site-years if pages were coins
MIN_EFFECT = 0.25  # of the pages: a smaller change is a section's or an author's habit, not a template's
MIN_SOFT_EFFECT = 0.35
MIN_SOFT_SPAN = timedelta(hours=18)  # facts that depend on what is written need most of a day of pages
MIN_DAY = 5  # pages of one day that say something about the day
MIN_DAYS = 7  # such days: a whole week of what is usual
MIN_SECTIONS = 3
MIN_SECTION = 10  # pages of a section that say something about the section

Direction = Literal["fewer", "more", "either"]


class Seen(NamedTuple):
    """One page: when it was fetched, its section, and whether the fact holds."""

    at: datetime
    section: str | None
    holds: bool


@dataclass(frozen=True, slots=True)
class Change:
    """The share of pages for which the fact held, before and since; `since` is the first page of the new kind."""

    before: float
    after: float
    pages_before: int
    pages_after: int
    since: datetime


def find_change(pages: Sequence[Seen], direction: Direction, *, is_soft: bool) -> Change | None:
    """The change that chance explains least, None when there is none; `pages` are in order of time."""
    best: tuple[float, Change] | None = None
    for split in _list_splits(pages):
        found = _judge(pages, split, direction, is_soft=is_soft)
        if found is not None and (best is None or found[0] < best[0]):
            best = found
    return best[1] if best else None


def has_ended(pages: Sequence[Seen], before: float, after: float) -> bool:
    """Whether the latest pages are as they were before a change again: nearer to the old rate than to the new one."""
    latest = pages[-2 * MIN_RECENT :]
    if len(latest) < MIN_RECENT:
        return False
    rate = sum(page.holds for page in latest) / len(latest)
    return abs(rate - before) < abs(after - before) / 3


def _list_splits(pages: Sequence[Seen]) -> Iterator[int]:
    """Where the recent pages may begin: 8, 12, 16, 24 … pages from the end, at most three days back."""
    if not pages:
        return
    first = bisect_left(pages, pages[-1].at - RECENT, key=lambda page: page.at)
    size = MIN_RECENT
    while len(pages) - size >= first and len(pages) - size >= MIN_HISTORY:
        yield len(pages) - size
        size = size * 3 // 2 if size & (size - 1) == 0 else size * 4 // 3


def _judge(pages: Sequence[Seen], split: int, direction: Direction, *, is_soft: bool) -> tuple[float, Change] | None:
    """The change from a page on, with the log of its chance."""
    start = bisect_left(pages, pages[split].at - HISTORY, 0, split, key=lambda page: page.at)
    history, recent = pages[start:split], pages[split:]
    usual = _find_usual(history, recent, direction, is_soft=is_soft)
    if usual is None:
        return None
    chance = _log_chance(sum(page.holds for page in recent), len(recent), usual, len(history))
    is_more = _rate(recent) > usual
    if not is_widespread([page.section for page in recent if page.holds is is_more], history):
        return None
    first = next(place for place in range(split, len(pages)) if pages[place].holds is is_more)
    while first > start and pages[first - 1].holds is is_more:
        first -= 1
    if chance > log(MAX_CHANCE) or len(pages) - first < MIN_RECENT:
        return None
    history, recent = pages[start:first], pages[first:]
    return chance, Change(_rate(history), _rate(recent), len(history), len(recent), recent[0].at)


def _find_usual(
    history: Sequence[Seen], recent: Sequence[Seen], direction: Direction, *, is_soft: bool
) -> float | None:
    """The usual rate that is nearest to the recent one; None when they are not far enough apart for a change."""
    if len(history) < MIN_HISTORY:
        return None
    after, overall = _rate(recent), _rate(history)
    min_effect = MIN_SOFT_EFFECT if is_soft else MIN_EFFECT
    if abs(after - overall) < min_effect or (direction != "either" and (direction == "fewer") is (after > overall)):
        return None
    usual = min(_usual_rates(history, recent), key=lambda rate: abs(rate - after))
    is_far = abs(after - usual) >= min_effect
    return usual if is_far and (not is_soft or _is_unlike_every_day(history, recent, after, usual)) else None


def is_widespread(sections: Sequence[str | None], history: Sequence[Seen]) -> bool:
    """Whether changed pages are more than one section's special pages in a row, of their sections.

    Pages of three sections are, or pages that have lost their section; of fewer it takes twice as many, and a history
    of nearly a day: a first crawl brings one section after the other.
    """
    if None in sections or len(set(sections)) >= MIN_SECTIONS:
        return True
    return len(sections) >= 2 * MIN_RECENT and history[-1].at - history[0].at >= MIN_SOFT_SPAN


def _usual_rates(history: Sequence[Seen], recent: Sequence[Seen]) -> Iterator[float]:
    """What rate the recent pages would have: as all before, as their sections', as that kind of day's."""
    overall = _rate(history)
    yield overall
    by_section: defaultdict[str | None, list[Seen]] = defaultdict(list)
    for page in history:
        by_section[page.section].append(page)
    rates = {section: _rate(seen) for section, seen in by_section.items() if len(seen) >= MIN_SECTION}
    yield sum(rates.get(page.section, overall) for page in recent) / len(recent)
    kinds = Counter(_is_weekend(page.at) for page in recent)
    alike = [page for page in history if _is_weekend(page.at) is kinds.most_common(1)[0][0]]
    if len(alike) >= MIN_SECTION:
        yield _rate(alike)


def _is_unlike_every_day(history: Sequence[Seen], recent: Sequence[Seen], after: float, usual: float) -> bool:
    """Whether the recent pages fill a day and no day before was so; a first weekend is compared with nothing yet."""
    if recent[-1].at - recent[0].at < MIN_SOFT_SPAN:
        return False
    days: defaultdict[datetime, list[Seen]] = defaultdict(list)
    for page in history:
        days[_day(page.at)].append(page)
    known = {day: _rate(seen) for day, seen in days.items() if len(seen) >= MIN_DAY}
    kinds = {_is_weekend(page.at) for page in recent}
    if len(known) < MIN_DAYS or not kinds <= {_is_weekend(day) for day in known}:
        return False
    return all(after < rate for rate in known.values()) if after < usual else all(after > r for r in known.values())


def _log_chance(holds: int, size: int, usual: float, known: int) -> float:
    """Log of the chance of so extreme a count, when the rate is known from `known` pages only (beta-binomial tail)."""
    a, b = known * usual + 1, known * (1 - usual) + 1
    tail = range(holds + 1) if holds < size * usual else range(holds, size + 1)
    logs = [_log_binomial(size, k) + _log_beta(k + a, size - k + b) - _log_beta(a, b) for k in tail]
    most = max(logs)
    return most + log(sum(exp(each - most) for each in logs))


def _log_binomial(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _rate(pages: Sequence[Seen]) -> float:
    return sum(page.holds for page in pages) / len(pages)


def _day(at: datetime) -> datetime:
    return at.astimezone(LOCAL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)


def _is_weekend(at: datetime) -> bool:
    return at.astimezone(LOCAL_ZONE).weekday() >= 5
