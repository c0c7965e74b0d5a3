"""dates: every form a newspaper writes a time in, and the choice between sources."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinsach.cleaning.dates import (
    FIRST_YEAR,
    LAST_YEAR,
    VIETNAM,
    Times,
    Timestamp,
    choose_times,
    parse_time,
)


@dataclass(frozen=True, slots=True)
class Case:
    """`local` is the time in Vietnam, to the second, minute or day that `text` gives."""

    origin: str
    text: str
    local: str | None


PRECISION = {10: "day", 16: "minute", 19: "second"}

# Developed on: the forms of saved pages and of crawlers' code.
DEVELOPED_ON = [
    Case("mcms meta", "2026-07-20T06:31:56+07:00", "2026-07-20 06:31:56"),
    Case("mcms data-time", "1784503916", "2026-07-20 06:31:56"),
    Case("mcms data-time in ms", "1784503916000", "2026-07-20 06:31:56"),
    Case("mcms time text", "21/07/2026 07:17", "2026-07-21 07:17"),
    Case("mcms time text, 2017", "04/12/2017 - 07:09", "2017-12-04 07:09"),
    Case("nhandan.vn", "Thứ Hai, ngày 20/07/2026 - 06:31", "2026-07-20 06:31"),
    Case("giaoducthoidai.vn", "06/09/2026 15:33 |", "2026-09-06 15:33"),
    Case("tuoitre.vn", "07/03/2026 08:01 GMT+7", "2026-03-07 08:01"),
    Case("baochinhphu.vn, an icon between", "01/03/2026 ⏱ 09:51", "2026-03-01 09:51"),
    Case("cafef.vn meta without zone", "2026-03-07T09:40:00", "2026-03-07 09:40:00"),
    Case("cafef.vn, AM on a 24 h clock", "07-03-2026 - 00:01 AM", "2026-03-07 00:01"),
    Case("cafef.vn, PM on a 24 h clock", "07-03-2026 - 13:05 PM", "2026-03-07 13:05"),
    Case("cafef.vn with its section", "07-03-2026 - 00:01 AM | Thị trường chứng khoán", "2026-03-07 00:01"),
    Case("cafef.vn card", "23:02 , 06/03/2026", "2026-03-06 23:02"),
    Case("vnexpress.net", "Thứ bảy, 7/3/2026, 00:05 (GMT+7)", "2026-03-07 00:05"),
    Case("vnexpress.net without zone", "Thứ tư, 22/10/2025, 10:53", "2025-10-22 10:53"),
    Case("dantri.com.vn attribute", "2026-03-07 08:07", "2026-03-07 08:07"),
    Case("dantri.com.vn", "Thứ bảy, 07/03/2026 - 08:07", "2026-03-07 08:07"),
    Case("vietnamnet.vn JSON-LD, blank before the zone", "2026-03-07T08:52:11.000 +07:00", "2026-03-07 08:52:11"),
    Case("znews.vn, clock first", "16:12 04/11/2019", "2019-11-04 16:12"),
    Case("qdnd.vn, day only", "Chủ nhật, 04/01/2026", "2026-01-04"),
    Case("baodautu.vn", " - 07/03/2026 08:47", "2026-03-07 08:47"),
    Case("baodautu.vn in words", "Thứ Bảy, Ngày 07 tháng 03 năm 2026,", "2026-03-07"),
    Case("ISO in UTC", "2026-03-07T01:52:11Z", "2026-03-07 08:52:11"),
    Case("ISO without seconds", "2026-03-07T08:52-0500", "2026-03-07 20:52"),
    Case("ISO, nine digits of a second", "2026-03-07T01:52:11.123456789Z", "2026-03-07 08:52:11"),
    Case("RFC 2822 in feeds", "Sat, 07 Mar 2026 08:00:00 +0700", "2026-03-07 08:00:00"),
    Case("RFC 2822, GMT", "Sat, 07 Mar 2026 01:00:00 GMT", "2026-03-07 08:00:00"),
    Case("English", "March 7, 2026", "2026-03-07"),
    Case("English, clock", "7 March 2026 08:00", "2026-03-07 08:00"),
    Case("English, 12 h and zone", "Feb 12, 2024 at 8:05 p.m. EST", "2024-02-13 08:05"),
    Case("German", "7. März 2026, 08:00 Uhr", "2026-03-07 08:00"),
    Case("French", "7 février 2026 à 8h05", "2026-02-07 08:05"),
    Case("Indonesian", "Selasa, 12 Mei 2026 08:10 WIB", "2026-05-12 08:10"),
    Case("Russian", "12 мая 2026, 08:10", "2026-05-12 08:10"),
    Case("Polish, the longest month", "12 października 2026", "2026-10-12"),
    Case("Turkish", "12 Ağustos 2026", "2026-08-12"),
    Case("Chinese", "2026年5月12日 08:10", "2026-05-12 08:10"),
    Case("Korean", "2026년 5월 12일", "2026-05-12"),
    Case("Drupal, month first as its weekday shows", "Tue, 05/12/2026 - 08:10", "2026-05-12 08:10"),
    Case("day first as its weekday shows", "Sat, 05/12/2026 - 08:10", "2026-12-05 08:10"),
    Case("a weekday that fits neither", "Mon, 05/12/2026", "2026-12-05"),
]
# Written after the code, without looking at it.
HELD_OUT = [
    Case("decomposed accents", "7 tháng 3 năm 2026".replace("á", "a\u0301"), "2026-03-07"),
    Case("month in words", "7 Tháng Ba, 2026", "2026-03-07"),
    Case("month in words, month first", "Tháng Mười hai 7, 2026", "2026-12-07"),
    Case("hour with h", "08h05 ngày 7/3/2026", "2026-03-07 08:05"),
    Case("hour with giờ", "8 giờ 05 ngày 7/3/2026", "2026-03-07 08:05"),
    Case("sáng and chiều as SA and CH", "07/03/2026 08:05 CH", "2026-03-07 20:05"),
    Case("noon", "07/03/2026 12:05 PM", "2026-03-07 12:05"),
    Case("midnight", "07/03/2026 12:05 AM", "2026-03-07 00:05"),
    Case("spaces around slashes", "07 / 03 / 2026 08:05", "2026-03-07 08:05"),
    Case("points", "07.03.2026, 08:05", "2026-03-07 08:05"),
    Case("label before it", "Cập nhật: 07/03/2026 08:05:09", "2026-03-07 08:05:09"),
    Case("UTC+7", "2026-03-07 08:05 UTC+7", "2026-03-07 08:05"),
    Case("GMT+07:00", "07/03/2026 08:05 (GMT+07:00)", "2026-03-07 08:05"),
    Case("basic ISO", "20260307T010500Z", "2026-03-07 08:05:00"),
    Case("basic date", "20260307", "2026-03-07"),
    Case("as in VCCorp's URLs", "20260307080054", "2026-03-07 08:00:54"),
    Case("year first with slashes", "2026/03/07 08:05", "2026-03-07 08:05"),
    Case("abbreviated with hyphens", "07-Mar-2026 08:05", "2026-03-07 08:05"),
    Case("ordinal", "March 7th, 2026", "2026-03-07"),
    Case("Spanish", "7 de marzo de 2026", "2026-03-07"),
    Case("morning of a day", "Sáng 16-1-2025", "2025-01-16"),
    Case("clock that cannot be leaves the day", "07/03/2026 25:61", "2026-03-07"),
    Case(
        "clock far behind belongs to another sentence", "07/03/2026 và nhiều chuyện khác nữa, lúc 08:05", "2026-03-07"
    ),
    Case("offset that cannot be", "2026-03-07T08:05:00+99:00", "2026-03-07 08:05:00"),
    Case("leap day", "29/02/2024", "2024-02-29"),
]
NO_TIME = [
    Case("empty", "", None),
    Case("blank", " \n\t", None),
    Case("no 31 February", "31/02/2026", None),
    Case("no 29 February", "29/02/2026", None),
    Case("no month 13", "07/13/2026", None),
    Case("day zero", "00/03/2026", None),
    Case("no month 13 in ISO", "2026-13-07", None),
    Case("year before", "07/03/1989", None),
    Case("year after", "07/03/2101", None),
    Case("the sentinel of .NET", "0001-01-01T00:00:00", None),
    Case("1970", "1970-01-01T00:00:00Z", None),
    Case("no year", "16-1", None),
    Case("two-digit year", "07/03/26", None),
    Case("relative", "2 giờ trước", None),
    Case("clock only", "08:05", None),
    Case("a phone number", "024.3845.0537", None),
    Case("a year only", "2026", None),
    Case("word and numbers", "Sapa 07 2026", None),
    Case("long s in a month name", "7 tháng ſáu 2026", None),
    Case("Arabic digits", "٠٧/٠٣/٢٠٢٦", None),
]


@pytest.mark.parametrize("case", DEVELOPED_ON + HELD_OUT + NO_TIME, ids=lambda case: f"{case.origin}: {case.text}")
def test_time_is_read_as_the_page_means_it(case: Case) -> None:
    """Each form gives its moment and how exactly it is known; what is no time gives None."""
    found = parse_time(case.text)
    if case.local is None:
        assert found is None
        return
    local = datetime.fromisoformat(case.local).replace(tzinfo=VIETNAM)
    assert found == Timestamp(local.astimezone(UTC), PRECISION[len(case.local)])  # type: ignore[arg-type] # from a table


def test_time_is_aware_utc() -> None:
    """A time without zone is Vietnam's, and comes back as aware UTC."""
    found = parse_time("2026-03-07 00:05")
    assert found is not None
    assert found.at.tzinfo is UTC
    assert found.at.isoformat() == "2026-03-06T17:05:00+00:00"


@given(st.text(max_size=300))
def test_any_text_is_read_or_not(text: str) -> None:
    """No text raises."""
    parse_time(text)


@given(st.text(alphabet="0123456789/-: .,T+ZGMTthángAPM năm()", max_size=60))
def test_text_that_looks_like_a_time_never_raises(text: str) -> None:
    """What comes back is aware UTC within a day of the years that are accepted."""
    found = parse_time(text)
    if found:
        assert found.at.tzinfo is UTC
        assert FIRST_YEAR - 1 <= found.at.year <= LAST_YEAR + 1


@given(
    st.datetimes(datetime(FIRST_YEAR, 1, 2), datetime(LAST_YEAR, 12, 30)),
    st.integers(-14 * 60, 14 * 60),
)
def test_iso_round_trip(at: datetime, minutes_east: int) -> None:
    """What isoformat writes is read back, to the second."""
    at = at.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes_east)))
    assert parse_time(at.isoformat()) == Timestamp(at.astimezone(UTC), "second")


@given(st.datetimes(datetime(FIRST_YEAR, 1, 2), datetime(LAST_YEAR, 12, 30)))
def test_vietnamese_forms_agree(at: datetime) -> None:
    """The forms of seven sites say the same minute."""
    local = at.replace(second=0, microsecond=0, tzinfo=VIETNAM)
    forms = (
        "%d/%m/%Y %H:%M GMT+7",
        "Thứ Hai, ngày %d/%m/%Y - %H:%M",
        "%H:%M %d/%m/%Y",
        "%d-%m-%Y - %H:%M",
        "%Y-%m-%d %H:%M",
        "%d-%m-%Y - %H:%M AM" if 0 < local.hour < 12 else "%d-%m-%Y - %H:%M",
        "%H:%M ngày %d tháng %m năm %Y",
    )
    assert {parse_time(local.strftime(form)) for form in forms} == {Timestamp(local.astimezone(UTC), "minute")}


CHOICES = [
    (
        "meta before JSON-LD when they differ by seconds (tuoitre.vn)",
        [("2026-03-07T08:01:53+07:00", "2026-03-07T08:01:53+07:00"), ("2026-03-07T08:01:00+07:00",) * 2],
        "2026-03-07T08:01:53+07:00",
        "2026-03-07T08:01:53+07:00",
    ),
    (
        "meta repeats the published time as modified, JSON-LD knows better (vnexpress.net, 2022)",
        [("2022-01-25T06:00:00+07:00",) * 2, ("2022-01-25T06:00:00+07:00", "2022-01-25T09:09:02+07:00")],
        "2022-01-25T06:00:00+07:00",
        "2022-01-25T09:09:02+07:00",
    ),
    (
        "modified before published stays (tienphong.vn)",
        [("2026-09-06T15:33:00+07:00", "2026-09-06T14:36:00+07:00")],
        "2026-09-06T15:33:00+07:00",
        "2026-09-06T14:36:00+07:00",
    ),
    (
        "JSON-LD's seconds before the minute that the page shows (dantri.com.vn)",
        [(None, None), ("2026-03-07T08:07:18+07:00", None), ("2026-03-07 08:07", None)],
        "2026-03-07T08:07:18+07:00",
        None,
    ),
    ("a day gives way to its minute", [("2026-03-07", None), ("07/03/2026 08:01", None)], "07/03/2026 08:01", None),
    ("a day does not give way to another", [("2026-03-07", None), ("08/03/2026 08:01", None)], "2026-03-07", None),
    (
        "midnight stands for a day",
        [("2026-03-07T00:00:00+07:00", None), ("07/03/2026 08:01", None)],
        "07/03/2026 08:01",
        None,
    ),
    (
        "a minute gives way to its second",
        [("2026-03-07 08:01", None), ("2026-03-07T08:01:53", None)],
        "2026-03-07T08:01:53",
        None,
    ),
    ("what cannot be read is passed over", [("31/02/2026", "gần đây"), ("07/03/2026", None)], "07/03/2026", None),
    (
        "a modified day that is the published day says nothing",
        [("2026-03-07 08:01", "2026-03-07"), (None, "2026-03-07 10:00")],
        "2026-03-07 08:01",
        "2026-03-07 10:00",
    ),
    ("modified alone", [(None, "2026-03-07 10:00")], None, "2026-03-07 10:00"),
    ("nothing", [], None, None),
    ("empty strings", [("", "")], None, None),
]


@pytest.mark.parametrize(("fact", "sources", "published", "modified"), CHOICES, ids=[choice[0] for choice in CHOICES])
def test_choice_between_sources(
    fact: str, sources: list[tuple[str | None, str | None]], published: str | None, modified: str | None
) -> None:
    """The better source first, refined or corrected by the others only as the docstring of choose_times says."""
    expected = Times(parse_time(published or ""), parse_time(modified or ""))
    assert choose_times(*sources) == expected
