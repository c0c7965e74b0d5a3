"""Times as newspapers write them: one reader for every form, and the choice between what a page says twice.

Pure: no clock, no zone database; nothing here raises on any input. A time without zone is Vietnam's, +07:00, which has
had no summer time since 1975. A day without a year, a two-digit year and "2 giờ trước" are no times.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from unicodedata import normalize

from tinsach.cleaning.article import Precision

VIETNAM = timezone(timedelta(hours=7))
FIRST_YEAR, LAST_YEAR = 1990, 2100  # as the text writes the year; outside, it is a typo or no year
MAX_TEXT_CHARS = 200  # of a longer text only the beginning is read
MAX_OFFSET_MINUTES = 14 * 60
SAME_TIME_SECONDS = 60  # two sources that differ by less say the same

# Month names of three letters or more: English, German, French, Spanish, Italian, Portuguese, Dutch, Scandinavian,
# Indonesian, Turkish, Polish, Russian.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jänner janvier enero ene gennaio gen janeiro januari ocak stycznia января",
            "feb february februar feber février févr fév febrero febbraio fevereiro februari şubat lutego февраля",
            "mar march märz mär mrz mars marzo março maart mrt maret mac mart marca марта",
            "apr april avril avr abril abr aprile nisan kwietnia апреля",
            "may mai mayo maggio mag maio mei maj mayıs maja мая",
            "jun june juni juin junio giugno giu junho haziran czerwca июня",
            "jul july juli juillet juil julio luglio lug julho temmuz lipca июля",
            "aug august août aoû agosto ago augustus agustus agu ogos ağustos sierpnia августа",
            "sep sept september septembre septiembre settembre set setembro eylül września сентября",
            "oct october okt oktober octobre octubre ottobre ott outubro out ekim października октября",
            "nov november novembre noviembre novembro kasım listopada ноября",
            "dec december dez dezember déc décembre diciembre dic dicembre dezembro desember des disember aralık"
            " grudnia декабря",
        ),
        start=1,
    )
    for name in names.split()
}
_VIETNAMESE_MONTHS = {
    name: number
    for number, name in enumerate(
        ("một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai"), start=1
    )
}
# Hours east of Greenwich of the zone names that RFC 2822 and newspapers use.
_ZONES = {"z": 0, "utc": 0, "gmt": 0, "ict": 7, "bst": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2}
_ZONES |= {"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}

_UNIT_SECONDS = {"m": 60, "h": 3600, "d": 86400}

_EPOCH = re.compile(r"[0-9]{9,10}(?:[0-9]{3})?")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T?([0-9]{2})([0-9]{2})([0-9]{2})?)?(?=Z|[+-]|$)")
_YEAR_FIRST = re.compile(r"(?<![0-9])(?<![0-9][-/.])([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?![0-9])")
_EAST_ASIAN = re.compile(r"(?<![0-9])([0-9]{4})\s?[年년]\s?([0-9]{1,2})\s?[月월]\s?([0-9]{1,2})\s?[日일]")
_DAY_FIRST = re.compile(r"(?<![0-9])([0-9]{1,2})\s?([-/.])\s?([0-9]{1,2})\s?\2\s?([0-9]{4})(?![0-9])")
_THANG = r"tháng\s+([0-9]{1,2}|mười(?:\s(?:một|hai))?|một|hai|ba|tư|năm|sáu|bảy|tám|chín)"
_DAY_THANG = re.compile(rf"(?<![0-9])([0-9]{{1,2}})\s+{_THANG}[\s,]+(?:năm\s+)?([0-9]{{4}})(?![0-9])", re.IGNORECASE)
_THANG_DAY = re.compile(rf"{_THANG}\s+([0-9]{{1,2}}),?\s+([0-9]{{4}})(?![0-9])", re.IGNORECASE)
_DAY_MONTH = re.compile(
    r"(?<![0-9])([0-9]{1,2})(?:st|nd|rd|th|er|º|\.)?[\s-]+(?:of\s+|de\s+)?([^\W\d_]{3,12})\.?,?[\s-]+(?:de\s+)?"
    r"([0-9]{4})(?![0-9])"
)
_MONTH_DAY = re.compile(r"(?<![^\W_])([^\W\d_]{3,12})\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s+([0-9]{4})(?![0-9])")
_CLOCK = re.compile(
    r"(?<![0-9:.+-])([0-9]{1,2})(?::|\s?(?:h|g|giờ)\s?)([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]{1,9})?)?(?![0-9])"
    r"(?:\s?([ap])\.?m\b\.?|\s?(sa|ch)\b)?"
    r"(?:[\s(|,-]*(z|[a-z]{3,4})\b)?"
    r"(?:[\s(]*([+-][0-9]{1,2})(?::?([0-9]{2}))?(?![0-9/.-]))?",
    re.IGNORECASE,
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(rf"(?<![^\W_])({'|'.join(_WEEKDAYS)})[a-z]{{0,6}}\W{{1,3}}$", re.IGNORECASE)
_MAX_GAP_CHARS = 24  # between a date and the clock that belongs to it


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A time of a page: aware UTC, and how exactly the page gives it. A day is stored as its 00:00 in Vietnam."""

    at: datetime
    precision: Precision


@dataclass(frozen=True, slots=True)
class Times:
    """When an article came out and when it was last changed, as the page says; `modified` may be the earlier one."""

    published: Timestamp | None = None
    modified: Timestamp | None = None


def parse_time(text: str) -> Timestamp | None:
    """The time that a piece of text gives: None when there is none, or an impossible one such as 31/02/2026.

    Reads ISO 8601 and its loose relatives, dd/mm/yyyy (day first) with a clock before or after it, Vietnamese, English
    and other European month names, RFC 2822, seconds and milliseconds since 1970. Fractions of seconds are dropped. A
    clock that cannot be (25:10) leaves the day.

    >>> parse_time("Thứ bảy, 7/3/2026, 00:05 (GMT+7)")
    Timestamp(at=datetime.datetime(2026, 3, 6, 17, 5, tzinfo=datetime.timezone.utc), precision='minute')
    """
    return _parse_line(text.strip()[:MAX_TEXT_CHARS])


@lru_cache(maxsize=16)  # a page asks of its date several times
def _parse_line(text: str) -> Timestamp | None:
    text = normalize("NFC", text)
    if _EPOCH.fullmatch(text):
        at = datetime.fromtimestamp(int(text) // (1000 if len(text) > 10 else 1), UTC)
        if FIRST_YEAR <= at.year <= LAST_YEAR:
            return Timestamp(at, "second")
    if compact := _COMPACT.match(text):
        year, month, day, hour, minute, second = compact.groups()
        clock = f" {hour}:{minute}" + (f":{second}" if second else "") if hour else ""
        text = f"{year}-{month}-{day}{clock}{text[compact.end() :]}"
    found = _find_date(text)
    if not found:
        return None
    midnight, start, end = found
    return _find_clock(text, start, end, midnight) or Timestamp(midnight.astimezone(UTC), "day")


def parse_age(value: object) -> timedelta:
    """What "2d", "6h", "30m" mean wherever somebody writes an age; raises ValueError.

    >>> str(parse_age("6h"))
    '6:00:00'
    """
    match = re.fullmatch(r"([0-9]{1,6})([mhd])", str(value))
    if not match:
        raise ValueError("an age is a number and m, h or d, like '6h'")
    return timedelta(seconds=int(match[1]) * _UNIT_SECONDS[match[2]])


def choose_times(*sources: tuple[str | None, str | None]) -> Times:
    """When an article came out and was changed, from what the page says in several places, best source first.

    A source is (published, modified) as written. *Published*: the first source that can be read, unless a later one
    agrees with it and is finer (a day, or a midnight that stands for one, gives way to a minute of that day, a minute
    to a second). *Modified*: the first source in which it differs from that source's published time, by a minute or
    more; many templates write the one into both places, so a copy counts only when all are copies. An order the page
    has turned round (tienphong.vn: changed before it came out) stays as the page says.

    >>> choose_times(("2026-03-07", None), (None, "2026-03-07T09:00:00+07:00"), ("07/03/2026 08:01", None)).published
    Timestamp(at=datetime.datetime(2026, 3, 7, 1, 1, tzinfo=datetime.timezone.utc), precision='minute')
    """
    pairs = [(_parse_optional(published), _parse_optional(modified)) for published, modified in sources]
    published = None
    for candidate, _ in pairs:
        if candidate and (published is None or _refines(candidate, published)):
            published = candidate
    changes = [(modified, own or published) for own, modified in pairs if modified]
    modified = next((at for at, own in changes if not _is_copy(at, own) and not _is_copy(at, published)), None)
    return Times(published, modified or next((at for at, _ in changes), None))


def _parse_optional(text: str | None) -> Timestamp | None:
    return parse_time(text) if text else None


def _find_date(text: str) -> tuple[datetime, int, int] | None:
    """The first date as its midnight in Vietnam, and where it stands; None when there is none or it cannot be."""
    if match := _YEAR_FIRST.search(text):
        parts = int(match[1]), int(match[3]), int(match[4])
    elif match := _EAST_ASIAN.search(text):
        parts = int(match[1]), int(match[2]), int(match[3])
    elif match := _DAY_FIRST.search(text):
        parts = int(match[4]), int(match[3]), int(match[1])
        if _names_month_first(text[: match.start()], *parts):
            parts = parts[0], parts[2], parts[1]
    elif match := _DAY_THANG.search(text):
        parts = int(match[3]), _vietnamese_month(match[2]), int(match[1])
    elif match := _THANG_DAY.search(text):
        parts = int(match[3]), _vietnamese_month(match[1]), int(match[2])
    elif named := _find_named_month(text):
        match, parts = named
    else:
        return None
    if not FIRST_YEAR <= parts[0] <= LAST_YEAR:
        return None
    try:
        return datetime(*parts, tzinfo=VIETNAM), match.start(), match.end()
    except ValueError:
        return None


def _names_month_first(before: str, year: int, month: int, day: int) -> bool:
    """Whether an English weekday before "05/12/2026" fits the twelfth of May and not the fifth of December."""
    weekday = _WEEKDAY.search(before)
    if weekday is None or not FIRST_YEAR <= year <= LAST_YEAR or day > 12 or month > 12 or not (day and month):
        return False
    wanted = _WEEKDAYS.index(weekday[1].lower())
    return date(year, day, month).weekday() == wanted != date(year, month, day).weekday()


def _vietnamese_month(text: str) -> int:
    return int(text) if text.isdecimal() else _VIETNAMESE_MONTHS.get(" ".join(text.lower().split()), 0)


def _find_named_month(text: str) -> tuple[re.Match[str], tuple[int, int, int]] | None:
    for match in _DAY_MONTH.finditer(text):
        if month := _MONTHS.get(match[2].lower()):
            return match, (int(match[3]), month, int(match[1]))
    for match in _MONTH_DAY.finditer(text):
        if month := _MONTHS.get(match[1].lower()):
            return match, (int(match[3]), month, int(match[2]))
    return None


def _find_clock(text: str, start: int, end: int, midnight: datetime) -> Timestamp | None:
    """The time of the date at `start` to `end`: its clock stands right after it, else right before it."""
    clock = _CLOCK.search(text, end)
    if not clock or clock.start() - end > _MAX_GAP_CHARS:
        clock = next(reversed(list(_CLOCK.finditer(text, max(0, start - 2 * _MAX_GAP_CHARS), start))), None)
    if not clock:
        return None
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    half = (clock[4] or clock[5] or "").lower()
    if half in ("p", "ch") and hour < 12:  # "13:05 PM" is 13:05: cafef.vn writes a 24 h clock with AM and PM
        hour += 12
    elif half in ("a", "sa") and hour == 12:
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        return None
    at = midnight.replace(hour=hour, minute=minute, second=second, tzinfo=_read_zone(clock))
    return Timestamp(at.astimezone(UTC), "second" if clock[3] else "minute")


def _read_zone(clock: re.Match[str]) -> timezone:
    """The zone written beside a clock, Vietnam's where there is none, or none that can be."""
    name, hours, minutes = (clock[6] or "").lower(), clock[7], clock[8]
    if hours and (not name or name in ("gmt", "utc")):
        offset = abs(int(hours)) * 60 + int(minutes or 0)
        if offset <= MAX_OFFSET_MINUTES:
            return timezone(timedelta(minutes=-offset if hours[0] == "-" else offset))
    return timezone(timedelta(hours=_ZONES[name])) if name in _ZONES else VIETNAM


def _refines(candidate: Timestamp, known: Timestamp) -> bool:
    """True when `candidate` says the same as `known` and says it more exactly."""
    here, there = candidate.at.astimezone(VIETNAM), known.at.astimezone(VIETNAM)
    is_day = known.precision == "day" or (there.hour, there.minute, there.second) == (0, 0, 0)
    if is_day:
        return candidate.precision != "day" and here.date() == there.date()
    return known.precision == "minute" and candidate.precision == "second" and here.replace(second=0) == there


def _is_copy(modified: Timestamp, published: Timestamp | None) -> bool:
    """True when `modified` says no more than `published` does."""
    if published is None:
        return False
    if "day" in (modified.precision, published.precision):
        return modified.at.astimezone(VIETNAM).date() == published.at.astimezone(VIETNAM).date()
    return abs((modified.at - published.at).total_seconds()) < SAME_TIME_SECONDS
