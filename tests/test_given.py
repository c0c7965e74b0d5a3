"""What a row says beside its page or text: checked, and set where cleaning finds nothing."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinsach.cleaning import Article, Block
from tinsach.cleaning.given import NOTHING_GIVEN, Given, read_given, with_given, write_given

AT = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "at", "precision"),
    [
        ("2026-11-20T10:30:00+07:00", AT, "second"),
        ("2026-11-20 10:30", AT, "minute"),
        ("2026-11-20", datetime(2026, 11, 19, 17, tzinfo=UTC), "day"),
        (date(2026, 11, 20), datetime(2026, 11, 19, 17, tzinfo=UTC), "day"),
        (datetime(2026, 11, 20, 10, 30, 0, 7), AT, "second"),  # without zone: Vietnam's
        (datetime(2026, 11, 20, 4, 30, tzinfo=timezone(timedelta(hours=1))), AT, "second"),
        ("", None, None),
    ],
)
def test_a_time_is_read_in_every_form_that_a_row_has(value: object, at: datetime | None, precision: str | None) -> None:
    """As text, day or timestamp; how exactly it is given is seen from it."""
    found = read_given({"published_at": value})
    assert (found.published_at, found.published_precision) == (at, precision)


def test_a_precision_of_its_own_counts() -> None:
    """A release's rows say it; without a time it says nothing."""
    row = {"published_at": "2026-11-19T17:00:00+00:00", "published_precision": "day"}
    assert read_given(row).published_precision == "day"
    assert read_given({"published_precision": "day"}) == NOTHING_GIVEN


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("title", 7, "holds 7: not text"),
        ("authors", "Hà An", "holds 'Hà An': not a list of texts"),
        ("tags", ["chè", None], "holds ['chè', None]: not a list of texts"),
        ("published_at", 1700000000, "holds 1700000000: not a time from 1990 to 2100; write it as 2026-11-20T"),
        ("published_at", datetime(1, 1, 1), "not a time from 1990"),
        ("modified_at", "hôm qua", "holds 'hôm qua': not a time"),
        ("published_precision", "hour", "not one of second, minute, day"),
        ("language", "Vietnamese", "no ISO 639 code; write it as vi"),
        ("lead", ["x" * 100], "x…: not text"),
    ],
)
def test_a_wrong_value_is_named(column: str, value: object, words: str) -> None:
    """Column and value stand in the error, a long value cut."""
    with pytest.raises(ValueError, match="column") as error:
        read_given({column: value})
    assert str(error.value).startswith(f"column {column!r} holds ")
    assert words in str(error.value)


TEXT = st.text('aĐ9 \t\n"\\\u00a0\u200b\x00\U0001f600', max_size=8)
ROWS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("site", "title", "lead", "agency", "section"), st.none() | TEXT),
        **dict.fromkeys(("authors", "tags"), st.none() | st.lists(TEXT, max_size=3)),
        **dict.fromkeys(("published_at", "modified_at"), st.datetimes(datetime(1990, 1, 2), datetime(2100, 12, 30))),
        "language": st.sampled_from(["vi", "en", "", None]),
    },
)


@given(ROWS)
def test_what_is_given_goes_through_json_unchanged(row: dict[str, object]) -> None:
    """The archive holds it as JSON in ASCII whose texts have single spaces only, as a header can."""
    found = read_given(row)
    line = json.dumps(write_given(found))
    assert line.isascii()
    assert line == " ".join(line.split())
    assert read_given(json.loads(line)) == found


def test_cleaning_comes_first() -> None:
    """Only what the article lacks is set; a precision goes with its time."""
    article = Article(title="Cầu mới", language="vi", extraction="text", extraction_name="generic")
    row = {"title": "Khác", "language": "en", "lead": "Sáng nay.", "tags": ["cầu"], "published_at": "2026-11-20"}
    found = with_given(article, read_given(row))
    assert (found.title, found.language, found.lead, found.tags) == ("Cầu mới", "vi", "Sáng nay.", ("cầu",))
    assert (found.published_at, found.published_precision) == (datetime(2026, 11, 19, 17, tzinfo=UTC), "day")
    dated = with_given(found, Given(published_at=AT, published_precision="second"))
    assert dated == found


def test_title_and_lead_are_not_repeated_in_the_text() -> None:
    """A body that opens with them loses them to `removed`; a body of nothing else keeps them as its text."""
    blocks = tuple(Block("paragraph", text) for text in ("CẦU MỚI", "Sáng nay thông xe.", "Xe đầu tiên qua cầu."))
    article = Article(blocks=blocks, extraction="text", extraction_name="generic")
    found = with_given(article, Given(title="Cầu mới", lead="Sáng nay thông xe."))
    assert found.text == "Xe đầu tiên qua cầu."
    assert [(each.kind, each.rule, each.text) for each in found.removed] == [
        ("lead_echo", "given:lead", "Sáng nay thông xe."),
        ("title_echo", "given:title", "CẦU MỚI"),
    ]
    short = Article(blocks=blocks[1:2], extraction="text", extraction_name="generic")
    assert with_given(short, Given(title="Cầu mới", lead="Sáng nay thông xe.")).lead is None
