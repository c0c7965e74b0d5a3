"""What somebody's own row says of an article beside its page or text: checked, and set where cleaning finds nothing.

Pure. Absent is None or empty, as in an Article; a time without zone is Vietnam's, fractions of seconds are dropped.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from tinsach.cleaning.article import Article, Precision, Removal, RemovalKind
from tinsach.cleaning.dates import FIRST_YEAR, LAST_YEAR, VIETNAM, Timestamp, parse_time
from tinsach.cleaning.letters import fold
from tinsach.cleaning.segment import normalise

T = TypeVar("T")

_LANGUAGE = re.compile("[a-z]{2,3}")
_MAX_SHOWN_CHARS = 60  # of a value in an error
_SET = ("title", "lead", "authors", "agency", "modified_at", "section", "tags", "language")
_ECHOES: Mapping[str, RemovalKind] = {"title": "title_echo", "lead": "lead_echo"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The columns of a record that a row may bring; `site` counts where there is no address."""

    site: str | None = None
    title: str | None = None
    lead: str | None = None
    authors: tuple[str, ...] = ()
    agency: str | None = None
    published_at: datetime | None = None
    published_precision: Precision | None = None
    modified_at: datetime | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None


NOTHING_GIVEN = Given()


def read_given(row: Mapping[str, Any]) -> Given:
    """The columns of a row that are known, the others passed over; ValueError names column and value.

    >>> read_given({"title": "Mưa  lớn", "published_at": "2026-11-20", "views": 7}).published_precision
    'day'
    >>> read_given({"title": 7})
    Traceback (most recent call last):
    ValueError: column 'title' holds 7: not text
    """
    given: dict[str, Any] = {}
    for column, read in _READERS.items():
        value = row.get(column)
        if value is not None:
            given[column] = _read_column(column, value, read)
    published: Timestamp | None = given.get("published_at")
    given["published_precision"] = (given.get("published_precision") or published.precision) if published else None
    return Given(**given | {name: given[name].at for name in ("published_at", "modified_at") if given.get(name)})


def split_faults(row: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The row without the values of known columns that can't be used, and what `read_given` would say of each.

    >>> split_faults({"title": "Mưa lớn", "language": "Việt"})
    ({'title': 'Mưa lớn'}, ("column 'language' holds 'Việt': no ISO 639 code; write it as vi",))
    """
    faults: dict[str, str] = {}
    for column, read in {**_READERS, "fetched_at": _read_moment}.items():
        if row.get(column) is not None:
            try:
                _read_column(column, row[column], read)
            except ValueError as error:
                faults[column] = str(error)
    return {column: value for column, value in row.items() if column not in faults}, tuple(faults.values())


def write_given(given: Given) -> dict[str, Any]:
    """What is given as JSON's own types, of which `read_given` makes the same again; empty for nothing."""
    values = {field.name: getattr(given, field.name) for field in fields(given)}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items() if value
    }


def with_given(article: Article, given: Given) -> Article:
    """The article with what is given where it has nothing; a title or lead that its body begins with leaves the body.

    >>> from tinsach.cleaning.article import Block
    >>> article = Article(blocks=(Block("paragraph", "Mưa lớn"), Block("paragraph", "Nước rút.")), extraction="text",
    ...     extraction_name="generic")
    >>> with_given(article, Given(title="Mưa lớn")).text
    'Nước rút.'
    """
    if given == NOTHING_GIVEN:
        return article
    found: dict[str, Any] = {name: getattr(given, name) for name in _SET if not getattr(article, name)}
    blocks, removed = article.blocks, article.removed
    for name, kind in _ECHOES.items():
        if not (found.get(name) and blocks and fold(blocks[0].text) == fold(found[name])):
            continue
        if len(blocks) > 1:
            removed = (Removal(kind, f"given:{name}", blocks[0].text), *removed)
            blocks = blocks[1:]
        else:  # a title or lead with nothing below it is the text
            del found[name]
    if article.published_at is None:
        found |= {"published_at": given.published_at, "published_precision": given.published_precision}
    return replace(article, blocks=blocks, removed=removed, **found)


def read_fetched_at(row: Mapping[str, Any]) -> datetime | None:
    """When the row says that its page was fetched; ValueError names column and value."""
    value = row.get("fetched_at")
    found = _read_column("fetched_at", value, _read_moment) if value is not None else None
    return found.at if found else None


def _read_column(column: str, value: object, read: Callable[[Any], T]) -> T:
    try:
        return read(value)
    except ValueError as error:
        shown = repr(value.isoformat() if isinstance(value, date) else value)
        shown = shown if len(shown) <= _MAX_SHOWN_CHARS else f"{shown[:_MAX_SHOWN_CHARS]}…"
        raise ValueError(f"column {column!r} holds {shown}: {error}") from None


def _read_moment(value: object) -> Timestamp | None:
    """Text in any form that newspapers write, a day, or a datetime; "" is none."""
    if value == "":
        return None
    if isinstance(value, datetime) and FIRST_YEAR <= value.year <= LAST_YEAR:
        at = value if value.tzinfo else value.replace(tzinfo=VIETNAM)
        return Timestamp(at.astimezone(UTC).replace(microsecond=0), "second")
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    found = parse_time(str(value)) if is_day or isinstance(value, str) else None
    if found is None:
        years = f"from {FIRST_YEAR} to {LAST_YEAR}"
        raise ValueError(f"not a time {years}; write it as 2026-11-20T10:30:00+07:00, or the day alone")
    return found


def _read_text(value: object) -> str | None:
    if isinstance(value, str):
        return normalise(value) or None
    raise ValueError("not text")


def _read_list(value: object) -> tuple[str, ...]:
    if not (isinstance(value, list | tuple) and all(isinstance(text, str) for text in value)):
        raise ValueError("not a list of texts")
    return tuple(folded for text in value if (folded := normalise(text)))


def _read_precision(value: object) -> str | None:
    if value not in ("", "second", "minute", "day"):
        raise ValueError("not one of second, minute, day")
    return str(value) or None


def _read_language(value: object) -> str | None:
    text = _read_text(value)
    if text and not _LANGUAGE.fullmatch(text):
        raise ValueError("no ISO 639 code; write it as vi")
    return text


_READERS: Mapping[str, Callable[[object], object]] = {
    "site": _read_text,
    "title": _read_text,
    "lead": _read_text,
    "authors": _read_list,
    "agency": _read_text,
    "published_at": _read_moment,
    "published_precision": _read_precision,
    "modified_at": _read_moment,
    "section": _read_text,
    "tags": _read_list,
    "language": _read_language,
}
