"""Saved pages with the record a person expects of them: a folder a page, `<folder>/<site>/<name>/`, that appears whole.

`page.html.gz` is the page as it came, `page.toml` says where and when, `expected.json` is the truth: one line an item,
fields in a fixed order, so that one change is one changed line. A field left out of it is not checked.
"""

import gzip
import json
import re
import tomllib
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tinsach.cleaning import Article, Rejected, clean_html, site_of
from tinsach.datasets.layout import BrokenWorld, write_whole, write_whole_folder

PAGE_FILE, ABOUT_FILE, EXPECTED_FILE = "page.html.gz", "page.toml", "expected.json"
CRAWL_FILE = "crawl.toml"  # stands in the folder of a recorded site, see `crawler.crawl_fixtures`
FIELDS = (
    "site title lead blocks images authors agency published_at modified_at published_precision section tags "
    "related_urls language extraction extraction_name removed"
).split()
REJECTED = "rejected"  # the one field of a page that is to be rejected: the reason
_PARTS = {"blocks": ("kind", "text"), "images": ("url", "caption", "credit"), "removed": ("kind", "text")}
_LISTS = frozenset({*_PARTS, "authors", "tags", "related_urls"})
_ALWAYS = frozenset({"extraction", "extraction_name", REJECTED})
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NAME_CHARS = 60

Record = dict[str, Any]


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_moment(value: object) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None


def _is_reasons(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value.values())) and value.keys() <= {*FIELDS, REJECTED}


_AS_TEXT = 'not text; write it in quotes, "…"'
_ABOUT: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "url": (_is_text, _AS_TEXT),
    "fetched_at": (_is_moment, "not a time with its zone; write it without quotes, as 2026-11-20T03:30:00Z"),
    "charset": (_is_text, _AS_TEXT),
    "template": (_is_text, _AS_TEXT),
    "note": (_is_text, _AS_TEXT),
    "known_failures": (_is_reasons, 'not a table of fields; write [known_failures] and below it title = "why"'),
}


class FixtureError(BrokenWorld):
    """A fixture that can't be read, or can't be made; names the file or folder, the cause and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """A page as it came, its address, when it was fetched, and the charset that the HTTP header named."""

    url: str
    html: bytes
    fetched_at: datetime | None = None
    charset: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixture:
    """One saved page on disk. `known_failures` says of a field why it is not yet as it should be."""

    path: Path
    url: str
    fetched_at: datetime | None = None
    charset: str | None = None
    template: str = ""
    note: str = ""
    known_failures: Mapping[str, str] = field(default_factory=dict)

    @property
    def site(self) -> str:
        return self.path.parent.name

    @property
    def name(self) -> str:
        """`site/name`, by which commands know it."""
        return f"{self.site}/{self.path.name}"


def list_fixtures(folder: Path, chosen: Iterable[str] = (), *, about: str = ABOUT_FILE) -> tuple[Path, ...]:
    """The folders of the fixtures, sorted; with `chosen` (a site, or site/name) only those."""
    found = sorted(path.parent for path in folder.glob(f"[!.]*/[!.]*/{about}"))
    wanted = set(chosen)
    return tuple(path for path in found if not wanted or {path.parent.name, f"{path.parent.name}/{path.name}"} & wanted)


def read_fixture(path: Path) -> Fixture:
    """The fixture in a folder, its page and expected record still unread; raises FixtureError."""
    file = path / ABOUT_FILE
    try:
        about = tomllib.loads(_read_text(file))
    except tomllib.TOMLDecodeError as error:
        raise FixtureError(f"{file}: not valid TOML: {error}") from error
    unknown = about.keys() - _ABOUT.keys()
    if unknown or "url" not in about:
        wrong = f"unknown key {min(unknown)!r}" if unknown else "url: missing; a fixture needs its page's address"
        raise FixtureError(f"{file}: {wrong}")
    for key, value in about.items():
        is_right, remedy = _ABOUT[key]
        if not is_right(value):
            raise FixtureError(f"{file}: {key} = {value!r}: {remedy}")
    return Fixture(path=path, **about)


def read_html(fixture: Fixture) -> bytes:
    """The page as it came; raises FixtureError."""
    file = fixture.path / PAGE_FILE
    try:
        return gzip.decompress(file.read_bytes())
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FixtureError(f"{file}: a damaged gzip file ({error}); restore it") from error
    except OSError as error:
        raise FixtureError(f"{file}: cannot be read ({error.strerror or error})") from error


def read_expected(fixture: Fixture) -> Record:
    """The record a person expects, each field as in `make_record`; raises FixtureError."""
    file = fixture.path / EXPECTED_FILE
    try:
        record = json.loads(_read_text(file))
    except ValueError as error:
        raise FixtureError(f"{file}: not valid JSON: {error}") from error
    if not isinstance(record, dict) or not record:
        raise FixtureError(f"{file}: no record; restore it or add the page anew")
    unknown = record.keys() - {*FIELDS, REJECTED}
    if unknown:
        raise FixtureError(f"{file}: unknown field {min(unknown)!r}; a record has {', '.join(FIELDS)}")
    for name, value in record.items():
        if wrong := _find_wrong(name, value):
            raise FixtureError(f"{file}: {wrong}; correct it, or take the field out and it is not checked")
    return record


def clean_fixture(fixture: Fixture) -> Article | Rejected:
    """What cleaning makes of the page today."""
    return clean_page(SavedPage(url=fixture.url, html=read_html(fixture), charset=fixture.charset))


def clean_page(page: SavedPage) -> Article | Rejected:
    """What cleaning makes of a page today."""
    try:
        return clean_html(page.html, url=page.url, charset=page.charset)
    except Rejected as rejected:
        return rejected


def make_record(cleaned: Article | Rejected) -> Record:
    """The article as expected.json has it: JSON's own types, fields in their order; of a rejected page the reason."""
    if isinstance(cleaned, Rejected):
        return {REJECTED: cleaned.reason}
    return {name: _plain(name, getattr(cleaned, name)) for name in FIELDS}


def format_record(record: Mapping[str, Any]) -> str:
    """JSON with the fields in their order and one item a line.

    >>> print(format_record({"tags": ["chè"], "title": "Nghề chè", "authors": []}), end="")
    {
     "title": "Nghề chè",
     "authors": [],
     "tags": [
      "chè"
     ]
    }
    """
    order = [name for name in (*FIELDS, REJECTED) if name in record]
    return "{\n" + ",\n".join(f" {_json(name)}: {_format_value(record[name])}" for name in order) + "\n}\n"


def add_fixture(
    folder: Path,
    page: SavedPage,
    *,
    name: str | None = None,
    note: str = "",
    expected: Mapping[str, Any] | None = None,
) -> Fixture:
    """Save a page under `folder`; `expected` is what cleaning makes of it today unless given.

    The name is made from the address when none is given. Raises FixtureError when there is a fixture of that name, and
    WriteError when it can't be written; then nothing is left behind.
    """
    cleaned = clean_page(page)
    fixture = Fixture(
        path=place_fixture(folder, page, cleaned, name=name),
        url=page.url,
        fetched_at=page.fetched_at,
        charset=page.charset,
        template=_name_template(cleaned),
        note=note,
    )
    with write_whole_folder(fixture.path) as temp:
        (temp / PAGE_FILE).write_bytes(pack(page.html))
        (temp / ABOUT_FILE).write_text(format_about(fixture), encoding="utf-8")
        record = make_record(cleaned) if expected is None else expected
        (temp / EXPECTED_FILE).write_text(format_record(record), encoding="utf-8")
    return fixture


def place_fixture(
    folder: Path, page: SavedPage, cleaned: Article | Rejected | None = None, *, name: str | None = None
) -> Path:
    """Where the page would be saved; raises FixtureError when there is a fixture of that name, or it is no name."""
    cleaned = cleaned or clean_page(page)
    site = (cleaned.site if isinstance(cleaned, Article) else None) or site_of(page.url) or ""
    path = folder / check_name(site) / check_name(name or name_page(page.url))
    if path.exists():
        named = f"{site}/{path.name}"
        raise FixtureError(f"{path}: there already; choose another --name, or `tinsach fixture update {named}`")
    return path


def check_name(name: str) -> str:
    """The name, if a folder may have it; raises FixtureError."""
    if not _NAME.fullmatch(name):
        raise FixtureError(f"{name!r}: no name for a folder; use letters, digits, '.', '_' and '-'")
    return name


def write_expected(fixture: Fixture, record: Mapping[str, Any]) -> None:
    """Replace the expected record, whole; raises WriteError."""
    with write_whole(fixture.path / EXPECTED_FILE) as temp:
        temp.write_text(format_record(record), encoding="utf-8")


def format_about(fixture: Fixture) -> str:
    """The fixture's page.toml; what is not known is left out."""
    at = fixture.fetched_at.astimezone(UTC).isoformat().replace("+00:00", "Z") if fixture.fetched_at else None
    texts = {"charset": fixture.charset, "template": fixture.template, "note": fixture.note}
    lines = [f"url = {_json(fixture.url)}"]
    lines += [f"fetched_at = {at}"] if at else []
    lines += [f"{key} = {_json(value)}" for key, value in texts.items() if value]
    if fixture.known_failures:
        lines += ["", "[known_failures]", *(f"{key} = {_json(why)}" for key, why in fixture.known_failures.items())]
    return "\n".join(lines) + "\n"


def pack(html: bytes) -> bytes:
    """The page compressed, without time stamp or name: the same page is the same bytes."""
    return gzip.compress(html, mtime=0)


def name_page(url: str) -> str:
    """A folder name from the last part of an address that says something.

    >>> name_page("https://ngaynay.vn/pho-di-bo-mo-cua-post168021.html"), name_page("https://example.org/")
    ('pho-di-bo-mo-cua-post168021', 'example.org')
    """
    parts = urlsplit(url)
    plain = unicodedata.normalize("NFKD", parts.path.replace("đ", "d")).encode("ascii", "ignore").decode()
    steps = [re.sub(r"\.\w{2,5}$", "", step) for step in plain.split("/") if step]
    words = [re.sub(r"[^A-Za-z0-9._-]+", "-", step).strip("-._") for step in steps]
    named = next((word for word in reversed(words) if len(word) > 1 and not word.isdecimal()), parts.hostname or "page")
    if len(named) <= _NAME_CHARS:
        return named
    number = re.search(r"\d+$", named)
    tail = f"-{number[0]}" if number else ""
    return named[: _NAME_CHARS - len(tail)].strip("-._") + tail


def _find_wrong(name: str, value: Any) -> str | None:
    """What is wrong with a field's value, which no record can have; None when nothing is."""
    if name not in _LISTS:
        is_right = isinstance(value, str) or (value is None and name not in _ALWAYS)
        return None if is_right else f"{name} = {_json(value)}: not {'text' if name in _ALWAYS else 'text or null'}"
    parts = _PARTS.get(name)
    wanted = "an object of " + ", ".join(parts) if parts else "text"
    if not isinstance(value, list):
        return f"{name} = {_json(value)}: not a list, each item {wanted}"
    wrong = next((place for place, item in enumerate(value) if not _is_item(name, item)), None)
    return None if wrong is None else f"{name}, item {wrong + 1} = {_json(value[wrong])}: not {wanted}"


def _is_item(name: str, item: Any) -> bool:
    if name not in _PARTS:
        return isinstance(item, str)
    if not isinstance(item, dict) or item.keys() != set(_PARTS[name]):
        return False
    return all(isinstance(value, str) or (value is None and name == "images") for value in item.values())


def _name_template(cleaned: Article | Rejected) -> str:
    if isinstance(cleaned, Rejected):
        return ""
    return cleaned.extraction_name.partition("/")[2] or "present"


def _plain(name: str, value: Any) -> Any:
    if name in _PARTS:
        return [{part: getattr(item, part) for part in _PARTS[name]} for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _format_value(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return _json(value)
    return "[\n" + ",\n".join(f"  {_json(item)}" for item in value) + "\n ]"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise FixtureError(f"{file}: cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise FixtureError(f"{file}: not UTF-8 ({error.reason} at byte {error.start})") from error
