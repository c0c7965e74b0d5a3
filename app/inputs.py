"""What `tinsach clean` and `import` read: saved pages, WARC files, text, JSONL and Parquet, as streams of documents.

A file that can't be used at all raises InputError (one line: file, cause, remedy); a broken row or record inside a good
file is an item of the stream, and reading goes on behind it.
"""

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tinsach.cleaning.given import NOTHING_GIVEN, Given, read_fetched_at, read_given, split_faults
from tinsach.datasets.archive import ArchivedResponse, read_archive
from tinsach.datasets.ids import MAX_URL_BYTES, is_web_address
from tinsach.datasets.layout import BrokenWorld

MAX_PAGE_BYTES = 64 << 20  # 64 MiB: no article is longer
MAX_LINE_BYTES = 64 << 20
PARQUET_BATCH_ROWS = 256
_SNIFF_BYTES = 8192
_MAX_SHOWN_CHARS = 60  # of an address in an error
_AS_TEXT = "text; cast it to a string"
_BEYOND_PYTHON = (ValueError, OverflowError, KeyError)  # no UTF-8, a year it does not know, a zone nobody knows
_WANTED = "a row needs a string in 'text' or 'html'"
_BODIES = ("html", "text")  # what a row brings; bytes are taken too
_NAMES = ("url", "site")
_TIMES = ("fetched_at", "published_at", "modified_at")
_LISTS = ("authors", "tags")
_COLUMNS = (*_BODIES, *dict.fromkeys((*_NAMES, *_TIMES, *(field.name for field in fields(Given)))))
_GZIP = b"\x1f\x8b"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_PAGE_ENDINGS = (".html", ".htm", ".xhtml", ".shtml")
_TEXT_ENDINGS = (".txt", ".text")
_LINES_ENDINGS = (".jsonl", ".ndjson")
_ENDINGS = (*_PAGE_ENDINGS, *_TEXT_ENDINGS, *_LINES_ENDINGS, ".warc", ".parquet")
_PAGE_START = re.compile(
    rb"\s*(?:<\?xml\b[^>]*>\s*)?(?:<!--(?:[^-]|-(?!->))*-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I
)
_FOREIGN = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a ZIP archive",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"SQLite format 3": "an SQLite database",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"(\xb5/\xfd": "a zstd archive",
}


class InputError(BrokenWorld):
    """An input file that cannot be used at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One page (`html`) or one text (`text`), with what its file says of it; `place` names it for people.

    `given` is what its row says of the article; `faults` are lines on values of the row that are not taken over.
    """

    place: str
    html: bytes | str | None = None
    text: str | None = None
    url: str | None = None
    given: Given = NOTHING_GIVEN
    faults: tuple[str, ...] = ()
    charset: str | None = None
    fetched_at: datetime | None = None
    warc_file: str | None = None
    warc_offset: int | None = None


@dataclass(frozen=True, slots=True)
class BrokenItem:
    """A row, line or record that could not be read, and why."""

    place: str
    cause: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A record of a WARC file that is no page: what it is, a media type or an answer without a page."""

    what: str


Item = Document | BrokenItem | PassedOver


def read_documents(path: Path) -> Iterator[Item]:
    """The documents of one file in its order; raises InputError or another BrokenWorld for the file as a whole."""
    try:
        yield from _find_reader(path)(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error


def is_known(path: Path) -> bool:
    """Whether a file that nobody named looks like one of these: by its ending, else by how it begins.

    A text without a known ending does not: beside pages lie scripts, style sheets, settings and notes.
    """
    if _plain_name(path).endswith(_ENDINGS):
        return True
    try:
        start = _read_start(path)
    except OSError:
        return False
    return start.startswith((b"WARC/", b"PAR1")) or _PAGE_START.match(start.removeprefix(b"\xef\xbb\xbf")) is not None


def _find_reader(path: Path) -> Callable[[Path], Iterator[Item]]:
    """By content where it is unmistakable, by the name's ending otherwise, and a page or a text by its first sign."""
    if not path.exists():
        raise InputError(f"{path}: no such file; check the name")
    if path.is_dir():
        raise InputError(f"{path}: a folder; name the files in it, for example {path}/*.html")
    if not path.stat().st_size:
        raise InputError(f"{path}: empty (0 bytes)")
    name, start = _plain_name(path), _read_start(path)
    if start.startswith(b"WARC/") or name.endswith(".warc"):
        return _read_warc
    if start.startswith(b"PAR1") or name.endswith(".parquet"):
        return _read_parquet
    _check_is_text(path, start)
    if name.endswith(_LINES_ENDINGS):
        return _read_jsonl
    is_page = name.endswith(_PAGE_ENDINGS) or (
        not name.endswith(_TEXT_ENDINGS) and start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    )
    return _read_page if is_page else _read_text


def _plain_name(path: Path) -> str:
    return path.name.lower().removesuffix(".gz")


def _read_start(path: Path) -> bytes:
    """The first bytes, of a gzip file unpacked; a damaged one, which begins with nothing, is told by who reads it."""
    with path.open("rb") as file:
        start = file.read(_SNIFF_BYTES)
    if not start.startswith(_GZIP):
        return start
    try:
        return zlib.decompressobj(wbits=31).decompress(start, _SNIFF_BYTES)
    except zlib.error:
        return b""


def _check_is_text(path: Path, start: bytes) -> None:
    for magic, what in _FOREIGN.items():
        if start.startswith(magic):
            raise InputError(f"{path}: {what}, not HTML or text")
    if b"\0" in start and not start.startswith(_UTF16_MARKS):
        raise InputError(f"{path}: a binary file, not HTML or text (it holds NUL bytes)")


def _read_page(path: Path) -> Iterator[Item]:
    yield Document(place=str(path), html=_read_whole(path))


def _read_text(path: Path) -> Iterator[Item]:
    yield Document(place=str(path), text=_decode_text(path, _read_whole(path)))


def _read_whole(path: Path) -> bytes:
    """The file's bytes, unpacked; raises InputError when it is damaged or larger than any article."""
    try:
        with _open(path) as file:
            content: bytes = file.read(MAX_PAGE_BYTES + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{path}: a damaged gzip file ({error})") from error
    if len(content) > MAX_PAGE_BYTES:
        raise InputError(f"{path}: larger than {MAX_PAGE_BYTES >> 20} MiB, too large for one article")
    return content


def _open(path: Path) -> Any:
    with path.open("rb") as file:
        packed = file.read(len(_GZIP)) == _GZIP
    return gzip.open(path, "rb") if packed else path.open("rb")


def _decode_text(path: Path, content: bytes) -> str:
    encoding = "utf-16" if content.startswith(_UTF16_MARKS) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text (byte {error.start}); convert it, for example with iconv") from error


def _read_warc(path: Path) -> Iterator[Item]:
    for item in read_archive(path):
        place = f"{path}: record at byte {item.offset}"
        if not isinstance(item, ArchivedResponse):
            yield BrokenItem(place, item.cause)
        elif item.status not in (0, 200):
            yield PassedOver(f"HTTP {item.status}")
        elif "html" not in (media := (item.header("content-type") or "html").lower()):
            yield PassedOver(media.partition(";")[0].strip())
        elif not is_web_address(item.url):
            yield BrokenItem(place, _no_address(item.url))
        else:
            yield Document(
                place=f"{path}: {item.url}",
                html=item.body,
                url=item.url,
                charset=item.charset,
                fetched_at=item.fetched_at,
                warc_file=path.name,
                warc_offset=item.offset,
            )


def _read_jsonl(path: Path) -> Iterator[Item]:
    columns: frozenset[str] | None = None
    try:
        with _open(path) as file:
            number = 0
            while line := file.readline(MAX_LINE_BYTES):
                number += 1
                if not line.strip():
                    continue
                row = _parse_line(f"{path}: line {number}", line)
                if isinstance(row, dict) and columns is None:
                    columns = frozenset(row)
                    _check_columns(path, row)
                yield _read_row(f"{path}: line {number}", row) if isinstance(row, dict) else row
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{path}: a damaged gzip file ({error}); the lines before it are done") from error


def _parse_line(place: str, line: bytes) -> dict[str, Any] | BrokenItem:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:  # also a number of 5,000 digits, brackets 100,000 deep
        return BrokenItem(place, f"not valid JSON ({error})")
    return row if isinstance(row, dict) else BrokenItem(place, f"a JSON {type(row).__name__}, not an object")


def _read_parquet(path: Path) -> Iterator[Item]:
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path}: not a readable Parquet file ({_first_line(error)})") from error
    with file:
        names = file.schema_arrow.names
        _check_columns(path, dict.fromkeys(names))
        columns = [name for name in _COLUMNS if name in names]
        _check_types(path, file.schema_arrow)
        number = 0
        try:
            for batch in file.iter_batches(batch_size=PARQUET_BATCH_ROWS, columns=columns):
                for row in _read_batch(_whole_seconds(batch)):
                    number += 1
                    yield _read_row(f"{path}: row {number}", row)
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{path}: damaged after row {number} ({_first_line(error)})") from error


def _check_columns(path: Path, row: dict[str, Any]) -> None:
    if "html" not in row and "text" not in row:
        raise InputError(f"{path}: no column 'text' or 'html'; it has: {', '.join(row) or 'none'}")


def _check_types(path: Path, schema: pa.Schema) -> None:
    """Raises InputError for a column of a type that can't be used, which in rows would be an error each."""
    for name in _COLUMNS:
        if schema.names.count(name) > 1:
            raise InputError(f"{path}: has several columns {name!r}; leave one")
        kind = schema.field(name).type if name in schema.names else pa.string()
        is_list = name in _LISTS and (pa.types.is_list(kind) or pa.types.is_large_list(kind))
        value = kind.value_type if is_list or pa.types.is_dictionary(kind) else kind
        known, wanted = _kinds_for(name)
        is_known = any(is_kind(value) for is_kind in known) and is_list == (name in _LISTS)
        if name in schema.names and not is_known and not (pa.types.is_null(kind) and name not in _BODIES):
            raise InputError(f"{path}: column {name!r} is of type {kind}, not {wanted}")


def _kinds_for(name: str) -> tuple[tuple[Callable[[pa.DataType], bool], ...], str]:
    """What a column may be, or its lists may be of, and what to say of another."""
    texts = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    if name in _BODIES:
        return (*texts, pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view), _AS_TEXT
    if name in _TIMES:
        return (*texts, pa.types.is_timestamp, pa.types.is_date), "a time; cast it to a timestamp or a string"
    return texts, "a list of texts; make it one" if name in _LISTS else _AS_TEXT


def _whole_seconds(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with timestamps that Python can hold."""
    types = {name: batch.schema.field(name).type for name in _TIMES if name in batch.schema.names}
    for name, kind in types.items():
        if pa.types.is_timestamp(kind):
            times = batch.column(name).cast(pa.timestamp("s", kind.tz), safe=False)
            batch = batch.set_column(batch.schema.get_field_index(name), name, times)
    return batch


def _read_batch(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    columns = [_read_values(column) for column in batch.columns]
    for values in zip(*columns, strict=True):
        yield dict(zip(batch.schema.names, values, strict=True))


def _read_values(column: pa.Array) -> list[Any]:
    try:
        values: list[Any] = column.to_pylist()
    except _BEYOND_PYTHON:
        values = [_read_value(value) for value in column]
    return values


def _read_value(value: pa.Scalar) -> Any:
    """The value; of one that Python can't have, a time as text that is none, and text with U+FFFD where it is none."""
    try:
        return value.as_py()
    except _BEYOND_PYTHON:
        if isinstance(value, pa.DictionaryScalar):
            return _read_value(value.value)
        if isinstance(value, pa.ListScalar):  # a large one is one too
            return [_read_value(each) for each in value.values]
        if isinstance(value, (pa.TimestampScalar, pa.Date32Scalar, pa.Date64Scalar)):
            return f"{value.value} as {value.type}"  # of the number alone somebody would make a time
        return value.as_buffer().to_pybytes().decode("utf-8", errors="replace")


def _no_address(url: str) -> str:
    size = len(url.encode())
    if size > MAX_URL_BYTES:
        return f"url '{url[:_MAX_SHOWN_CHARS]}…' is of {size:,} bytes; an address has {MAX_URL_BYTES:,} at most"
    return f"url {url!r} is no absolute http(s) address"


def _without_surrogates(value: Any) -> Any:
    """Half characters, which JSON can carry and no file can hold, become question marks, in lists too."""
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    is_whole = not isinstance(value, str) or value.isascii()
    return value if is_whole else value.encode("utf-8", "replace").decode("utf-8")


def _name_kind(value: object) -> str:
    """What JSON calls it.

    >>> _name_kind(None), _name_kind(7.5), _name_kind([])
    ('null', 'a number', 'a list')
    """
    if value is None or isinstance(value, bool):
        return "null" if value is None else "true or false"
    names = {int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), type(value).__name__)


def _read_row(place: str, row: dict[str, Any]) -> Item:
    """One row as a document: `html` where it has any, else `text`, with the known columns."""
    row = {name: _without_surrogates(row[name]) for name in _COLUMNS if name in row}
    html, text = row.get("html"), row.get("text")
    if isinstance(text, bytes):
        text = text.decode("utf-8", errors="replace")
    has_page = isinstance(html, str | bytes) and bool(html)
    if not has_page and not isinstance(text, str):
        column, value = ("text", text) if "text" in row else ("html", html)
        return BrokenItem(place, f"column {column!r} holds {_name_kind(value)}, not text; {_WANTED}")
    url = row.get("url") or None
    if not isinstance(url, str | None):
        return BrokenItem(place, f"column 'url' holds {_name_kind(url)}, not text")
    url = (url.strip() or None) if url else None
    if url is not None and not is_web_address(url):
        return BrokenItem(place, _no_address(url))
    row, faults = split_faults(row)
    body, text = (html, None) if has_page else (None, text)
    return Document(
        place=place,
        html=body,
        text=text,
        url=url,
        given=read_given(row),
        faults=tuple(f"{place}: {fault}; the value is left out" for fault in faults),
        fetched_at=read_fetched_at(row),
    )


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
