"""Times as a user writes them in an option, and days as they are counted: Vietnam's, for crawl and release alike."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from tinsach.cleaning.dates import VIETNAM, parse_age

_HOURS_AHEAD = VIETNAM.utcoffset(None) // timedelta(hours=1)
_LEAST_KEPT, _MOST_KEPT = timedelta(days=1), timedelta(days=36_500)


def parse_since(text: str, now: datetime) -> datetime:
    """The moment that "2d", "6h", "30m" ago, an ISO date or an ISO time means, in UTC; without zone it is Vietnam's.

    Raises ValueError with what to write instead.

    >>> parse_since("2026-11-20", datetime.now(UTC)).isoformat()
    '2026-11-19T17:00:00+00:00'
    """
    try:
        with suppress(ValueError):
            return now - parse_age(text)
        since = datetime.fromisoformat(text)
        return (since if since.tzinfo else since.replace(tzinfo=VIETNAM)).astimezone(UTC)
    except (ValueError, OverflowError):  # the latter before the year 1
        raise ValueError(f"{text!r}: not a time; write an age (2d, 6h, 30m) or a date (2026-11-20)") from None


def day_of(column: str) -> str:
    """SQL: the day of a time, Vietnam's, on a connection whose TimeZone is UTC.

    >>> day_of("published_at")
    '(published_at + INTERVAL 7 HOUR)::DATE'
    """
    return f"({column} + INTERVAL {_HOURS_AHEAD} HOUR)::DATE"


def parse_kept_age(text: object) -> timedelta:
    """The age at which something may be removed: a day or more, since "24m" is minutes; raises ValueError.

    >>> parse_kept_age("90d").days
    90
    """
    with suppress(ValueError):
        age = parse_age(text)
        if _LEAST_KEPT <= age <= _MOST_KEPT:
            return age
    raise ValueError("not an age of 1 to 36,500 days; write it as 90d")
