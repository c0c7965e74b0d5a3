"""A time that a user writes means the same moment in every command."""

from datetime import UTC, datetime

import pytest

from tinsach.app.releasing import BadDate, parse_day
from tinsach.datasets.moments import parse_since

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2d", "2026-11-20T03:00+00:00"),
        ("6h", "2026-11-21T21:00+00:00"),
        ("30m", "2026-11-22T02:30+00:00"),
        ("2026-11-20", "2026-11-20T00:00+07:00"),
        ("2026-11-20T08:00", "2026-11-20T08:00+07:00"),
        ("2026-11-20T08:00+00:00", "2026-11-20T08:00+00:00"),
    ],
)
def test_since(text: str, expected: str) -> None:
    """An age counts back from now; a date or time without zone is Vietnam's."""
    assert parse_since(text, NOW) == datetime.fromisoformat(expected)


@pytest.mark.parametrize("text", ["hôm qua", "2026-11-31", "999999d", "0001-01-01"])
def test_what_is_no_time_is_told(text: str) -> None:
    """A value that is no time, or one before the calendar begins, is named with what to write."""
    with pytest.raises(ValueError, match=f"'{text}': not a time; write an age"):
        parse_since(text, NOW)


def test_a_day_of_a_release_is_that_of_a_crawl() -> None:
    """`release` and `profile suggest` read a day as `crawl --since` does: from midnight in Vietnam."""
    assert parse_day("--since", "2026-11-20") == parse_since("2026-11-20", NOW)
    with pytest.raises(BadDate, match="--until 'gestern': not a time"):
        parse_day("--until", "gestern")
