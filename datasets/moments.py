"""Times as a user writes them in an option; a day is Vietnam's, for the crawl and for a release alike."""

import re
from datetime import UTC, datetime, timedelta

from tinsach.cleaning.dates import VIETNAM

_UNIT_SECONDS = {"m": 60, "h": 3600, "d": 86400}


def parse_since(text: str, now: datetime) -> datetime:
    """The moment that "2d", "6h", "30m" ago, an ISO date or an ISO time means, in UTC; without zone it is Vietnam's.

    Raises ValueError with what to write instead.

    >>> parse_since("2026-11-20", datetime.now(UTC)).isoformat()
    '2026-11-19T17:00:00+00:00'
    """
    age = re.fullmatch(r"(\d{1,6})([mhd])", text)
    try:
        if age:
            return now - timedelta(seconds=int(age[1]) * _UNIT_SECONDS[age[2]])
        since = datetime.fromisoformat(text)
        return (since if since.tzinfo else since.replace(tzinfo=VIETNAM)).astimezone(UTC)
    except (ValueError, OverflowError):  # the latter before the year 1
        raise ValueError(f"{text!r}: not a time; write an age (2d, 6h, 30m) or a date (2026-11-20)") from None
