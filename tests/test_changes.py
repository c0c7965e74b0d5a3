"""A change is one only when nothing usual explains it: not chance, not the day's sections, not the kind of day."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from tinsach.datasets.changes import HISTORY, RECENT, Seen, find_change, has_ended

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# Share of pages for which a fact holds, by section; sections by kind of day: (weekday, weekend) pages.
SECTIONS = {"thời sự": (0.95, 20, 2), "kinh tế": (0.9, 15, 0), "văn hóa": (0.5, 4, 8), "ảnh": (0.05, 3, 5)}


def quiet_days(rng: Random, days: int, *, scale: float = 1.0, first: datetime = MONDAY) -> list[Seen]:
    """Pages of a paper on which nothing changes, in bursts, with weekends of their own and days of few pages."""
    pages: list[Seen] = []
    for day in range(days):
        at = first + day * DAY + timedelta(hours=rng.uniform(0, 4))
        is_weekend = (first + day * DAY).weekday() >= 5
        busy = rng.choice((0.4, 1.0, 1.0, 1.5)) * scale
        for section, (rate, weekday, weekend) in SECTIONS.items():  # a section's pages come in a row
            for _ in range(round((weekend if is_weekend else weekday) * busy * rng.uniform(0.6, 1.4))):
                at += rng.uniform(1, 20) * MINUTE
                pages.append(Seen(at, section, rng.random() < rate))
    return sorted(pages)


def split_days(pages: list[Seen], step: timedelta = timedelta(hours=6)) -> list[list[Seen]]:
    """What a build every few hours sees: the last 17 days."""
    end, seen = pages[0].at + step, []
    while end < pages[-1].at + step:
        seen.append([page for page in pages if end - HISTORY - RECENT <= page.at < end])
        end += step
    return seen


@pytest.mark.parametrize("scale", [0.1, 1.0])
@pytest.mark.parametrize("weekday", [0, 5])
def test_thirty_quiet_days_alarm_nobody(scale: float, weekday: int) -> None:
    """Thirty days with weekends, whatever day they begin on, however large the paper: no change in either direction."""
    pages = quiet_days(Random(f"{scale}/{weekday}"), 30, scale=scale, first=MONDAY + weekday * DAY)
    found = [find_change(seen, "either", is_soft=True) for seen in split_days(pages)]
    assert not any(found), next(change for change in found if change)


@pytest.mark.parametrize("rate", [1.0, 0.8, 0.03])
def test_facts_of_the_template_vary_by_chance_only(rate: float) -> None:
    """A share that is the same in all sections alarms nobody over 30 days, looked at four times a day."""
    rng = Random(f"{rate}")
    pages = [page._replace(holds=rng.random() < rate) for page in quiet_days(rng, 30, scale=0.5)]
    assert not any(find_change(seen, "either", is_soft=False) for seen in split_days(pages))


def test_a_template_that_breaks_is_noticed_within_ten_pages() -> None:
    """When the value is gone from one minute on, ten pages are enough, and the first of them is named."""
    pages = [Seen(MONDAY + number * 30 * MINUTE, None, True) for number in range(60)]
    broken = [Seen(pages[-1].at + number * MINUTE, None, False) for number in range(1, 11)]
    change = find_change(pages + broken, "fewer", is_soft=False)
    assert change is not None
    assert (change.since, change.before, change.after) == (broken[0].at, 1.0, 0.0)
    assert (change.pages_before, change.pages_after) == (60, 10)
    assert find_change(pages + broken, "more", is_soft=False) is None


def test_what_is_written_needs_a_day_unlike_every_other() -> None:
    """Of a fact that depends on the writing a burst says nothing; a whole day without it does."""
    pages = quiet_days(Random(1), 12)
    last = pages[-1].at
    burst = [Seen(last + number * MINUTE, "thời sự", False) for number in range(1, 31)]
    assert find_change(pages + burst, "fewer", is_soft=True) is None
    day = [Seen(last + number * 30 * MINUTE, "thời sự", False) for number in range(1, 61)]
    change = find_change(pages + day, "fewer", is_soft=True)
    assert change is not None and abs(change.since - last) < timedelta(hours=1)


def test_a_sunday_of_other_sections_is_no_change() -> None:
    """A day that prints only the section without bylines is explained by its sections."""
    pages = quiet_days(Random(2), 13)
    day = [Seen(pages[-1].at + number * 30 * MINUTE, "ảnh", False) for number in range(1, 50)]
    assert find_change(pages + day, "fewer", is_soft=True) is None
    assert find_change(pages + day, "fewer", is_soft=False) is None


@pytest.mark.parametrize("pages", [0, 5, 7])
def test_few_pages_say_nothing(pages: int) -> None:
    """Fewer than eight pages since, or a site of five articles, are no alarm."""
    before = [Seen(MONDAY + number * 30 * MINUTE, None, True) for number in range(100)]
    after = [Seen(before[-1].at + number * MINUTE, None, False) for number in range(1, pages + 1)]
    assert find_change(before + after, "either", is_soft=False) is None
    assert find_change(before[:5] + after, "either", is_soft=False) is None


def test_a_change_has_ended_when_the_latest_pages_are_as_before() -> None:
    """Sixteen pages decide; half of them are not enough, and fewer than eight are no answer."""
    pages = [Seen(MONDAY + number * MINUTE, None, True) for number in range(16)]
    assert has_ended(pages, 1.0, 0.0)
    assert not has_ended([page._replace(holds=number % 2 == 0) for number, page in enumerate(pages)], 1.0, 0.0)
    assert not has_ended(pages[:7], 1.0, 0.0)
