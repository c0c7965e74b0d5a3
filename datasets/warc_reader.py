"""Reads WARC files, whole or damaged: what a file holds never raises, a broken record is an item like a response.

fastwarc does the reading. Where it stops, the end of the last good gzip member says where the damage starts, and the
next place that looks like a record says where reading can go on. A body that is not packed as its headers say is taken
as it lies: many crawlers store it unpacked and keep the headers. In a file that is not compressed nothing tells a cut
from an end but the records' own lengths, so there each record is measured before it is read.
"""

import base64
import hashlib
import mmap
import os
import re
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Literal

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from tinsach.datasets.layout import BrokenWorld
from tinsach.datasets.own_headers import IMPORT_HEADER

_GZIP_MAGIC = b"\x1f\x8b\x08"
_WARC_MAGIC = b"WARC/1."
_CHUNK_BYTES = 1 << 16
_HEAD = re.compile(rb"WARC/1\.\d\r?\n(?:(?!\r?\n)[^\n]*+\n)*+\r?\n")  # up to the empty line that closes it
_LENGTH = re.compile(rb"\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r?\n", re.IGNORECASE)
_PACKED = re.compile(
    rb"\x1f\x8b|[0-9a-fA-F]{1,8}[ \t]*(?:;[^\r\n]*)?\r\n"
)  # gzip, or a first chunk: packed, and damaged
_CHARSET = re.compile(r"(?<![\w-])charset\s*=[\s\"']*([\w.:-]+)", re.IGNORECASE)
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_NO_TEXT = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")  # not in any charset of pages but UTF-16
_TEXT_BYTES = 4096  # of a body, in which brotli, that nothing marks, shows such a byte
_PAGES = (WarcRecordType.response, WarcRecordType.resource)  # the latter without HTTP, as warcit makes of folders
_LINE_ENDS = re.compile(rb"[\r\n]*")

_MOST_CAUSE_CHARS = 120

_Unpack = Literal["all", "none"]
_Items = Generator["ArchivedResponse | BrokenRecord", None, int]


class ArchiveError(BrokenWorld):
    """An archive file that cannot be read at all."""


class NoRecords(ArchiveError):
    """An archive file in which no record begins; reading it again changes nothing."""


@dataclass(frozen=True, slots=True)
class ArchivedResponse:
    """A response or resource read back; `charset` is what its HTTP header, or its Content-Type, names.

    `status` is 0 for a record that is not HTTP; its media type is its only header.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    charset: str | None
    fetched_at: datetime
    offset: int
    digest: str

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case, or None when it was not sent or is empty."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None) or None

    @property
    def is_imported_text(self) -> bool:
        """Whether the body is a text that somebody had, not a page."""
        return (self.header(IMPORT_HEADER) or "").startswith("text ")


@dataclass(frozen=True, slots=True)
class BrokenRecord:
    """A stretch of the file that could not be read: byte offset where it starts, and why."""

    offset: int
    cause: str


@dataclass(frozen=True, slots=True)
class RecordHead:
    """What another record needs to refer to this one: its id, URL and date, as they stand in it."""

    record_id: str | None
    url: str
    date: str


def payload_digest(body: bytes) -> str:
    """The digest the archive keeps of a body: "sha1:" and base32, as WARC files have it."""
    return "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode("ascii")


def read_archive(path: Path) -> Iterator[ArchivedResponse | BrokenRecord]:
    """The responses and resources of a WARC file in order, with what could not be read between them; bodies decoded.

    Records of other types are passed over. A broken or cut-off stretch yields one BrokenRecord, and reading goes on at
    the next record that can be read. Raises ArchiveError for a path that cannot be opened, and NoRecords for an empty
    file and one in which no WARC record begins.
    """
    with _map_file(path) as content:
        total = yield from (_read_plain if _is_plain(content) else _read_members)(path, content)
        if not total and content[: len(_WARC_MAGIC)] != _WARC_MAGIC:
            raise NoRecords(f"{path}: not a WARC file (no record in {len(content)} bytes); replace or remove it")


def find_head(path: Path, offset: int) -> RecordHead | None:
    """The head of the response at that offset; None when there is none that can be read."""
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            record = next(ArchiveIterator(stream, parse_http=False), None)
            if record is None or record.record_type is not WarcRecordType.response:
                return None
            headers = record.headers
            url, date = headers.get("WARC-Target-URI"), headers.get("WARC-Date")
            return RecordHead(headers.get("WARC-Record-ID"), url, date) if url and date else None
    except (OSError, ValueError):  # deleted or damaged: nothing to refer to
        return None


def read_response(path: Path, offset: int) -> ArchivedResponse:
    """The response whose record begins at a byte of a WARC file; raises ArchiveError when none can be read there."""
    try:
        with path.open("rb") as stream:
            item = _read_one(stream, offset)
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be read ({error.strerror or error}); mend that or remove it") from error
    if isinstance(item, ArchivedResponse):
        return item
    cause = item.cause if item else "a record of another type"
    raise ArchiveError(f"{path}: no response at byte {offset} ({cause}); `tinsach build` again, the file has changed")


def measure_whole(path: Path) -> tuple[int, int]:
    """Where the last whole gzip member of a file ends, in bytes, and how many whole members there are; OSError."""
    if path.stat().st_size == 0:
        return 0, 0
    with _map_file(path) as content:
        start = end = members = 0
        while start < len(content):
            member_end = _member_end(content, start)
            if member_end is not None:
                end, members = member_end, members + 1
            start = _find_next(content, start) if member_end is None else member_end
    return end, members


@contextmanager
def _map_file(path: Path) -> Iterator[mmap.mmap]:
    try:
        if path.stat().st_size == 0 and path.is_file():
            raise NoRecords(f"{path}: empty file; remove it")
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            yield content
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be read ({error.strerror or error}); mend that or remove it") from error


def _is_plain(content: mmap.mmap) -> bool:
    """Whether the records are not compressed; there may be garbage before the first one."""
    if content[: len(_GZIP_MAGIC)] == _GZIP_MAGIC:
        return False
    return content[: len(_WARC_MAGIC)] == _WARC_MAGIC or _find_line(content, 0) < len(content)


def _read_plain(path: Path, content: mmap.mmap) -> _Items:
    """Yield what a file without compression holds; returns how many records were met."""
    found, offset, told = 0, 0, False
    with path.open("rb") as stream:
        while offset < len(content):
            try:
                end = _measure_plain(content, offset)
            except ValueError as error:
                if not told:  # one stretch of damage is told once
                    yield BrokenRecord(offset, str(error))
                offset, told = _find_line(content, offset), True
                continue
            found, told = found + 1, False
            item = _read_one(stream, offset)
            if item:
                yield item
            line_ends = _LINE_ENDS.match(content, end)
            following = line_ends.end() if line_ends else end
            if following == len(content) and content[end:following].count(b"\n") < 2:
                yield BrokenRecord(offset, "the file ends inside this record")
            offset = following
    return found


def _measure_plain(content: mmap.mmap, offset: int) -> int:
    """Where the block of the record at `offset` ends; ValueError when it is cut off or is none."""
    head = _HEAD.match(content, offset)
    if head is None:
        known = content[offset : offset + len(_WARC_MAGIC)] == _WARC_MAGIC
        raise ValueError("its header does not end" if known else "no record begins here")
    length = _LENGTH.search(head[0])
    if length is None:
        raise ValueError("no Content-Length")
    there, declared = len(content) - head.end(), int(length[1])
    if there < declared:
        raise ValueError(f"cut off, {there} of {declared} bytes are there")
    return head.end() + declared


def _read_one(stream: BinaryIO, offset: int) -> ArchivedResponse | BrokenRecord | None:
    """The record at `offset`; None when it is of another type than response and resource."""
    try:
        return _read_record(stream, offset, "all")
    except (OSError, ValueError) as error:
        return _read_as_it_lies(stream, offset, error)


def _read_as_it_lies(stream: BinaryIO, offset: int, error: Exception) -> ArchivedResponse | BrokenRecord:
    """The response whose body could not be unpacked, or, when that was not what failed, the damage."""
    with suppress(OSError, ValueError):
        item = _read_record(stream, offset, "none")
        if isinstance(item, ArchivedResponse) and not _is_packed(item):
            return item
    return BrokenRecord(offset, str(error)[:_MOST_CAUSE_CHARS])


def _is_packed(response: ArchivedResponse) -> bool:
    """Whether a body that could not be unpacked is packed, and damaged: no page looks like that."""
    if _PACKED.match(response.body):
        return True
    is_page = "html" in (response.header("Content-Type") or "html").lower()
    is_utf16 = response.body.startswith(_UTF16_MARKS)
    return is_page and not is_utf16 and bool(_NO_TEXT.search(response.body, 0, _TEXT_BYTES))


def _read_record(stream: BinaryIO, offset: int, unpack: _Unpack) -> ArchivedResponse | BrokenRecord | None:
    stream.seek(offset)
    record = next(ArchiveIterator(stream, parse_http=False), None)
    if record is None:
        return BrokenRecord(offset, "its header cannot be read")
    return _parse_response(record, unpack) if record.record_type in _PAGES else None


def _find_line(content: mmap.mmap, offset: int) -> int:
    """Where the next line after `offset` begins that looks like a record; the length of the file when none does."""
    place = content.find(b"\n" + _WARC_MAGIC, offset)
    return len(content) if place < 0 else place + 1


def _read_members(path: Path, content: mmap.mmap) -> _Items:
    """Yield what a compressed file holds; returns how many records were met."""
    start, total = 0, 0
    while start < len(content):
        found, broken = yield from _read_run(path, content, start)
        total += found
        if broken is None:
            break
        if found or start == 0:  # a run without any record goes on inside the damage already told
            yield broken
        start = _find_next(content, broken.offset)
    return total


def _read_run(
    path: Path, content: mmap.mmap, start: int
) -> Generator[ArchivedResponse, None, tuple[int, ArchivedResponse | BrokenRecord | None]]:
    """Yield responses from `start` up to the first damage; returns how many records were met, and the damage.

    In place of the damage may stand a response that could only be read as it lies.
    """
    found, last = 0, start
    read: ArchivedResponse | None = None  # the response at `last`, until the checksum after it has been passed
    with path.open("rb") as stream:
        stream.seek(start)
        records = ArchiveIterator(stream, parse_http=False)
        while True:
            try:
                record = next(records, None)
            except OSError as error:
                if read and _member_end(content, last) is None:
                    return found, BrokenRecord(last, str(error))
                if read:
                    yield read
                offset = _find_next(content, last) if found else start
                return found, BrokenRecord(offset, str(error))
            if read:
                yield read
                read = None
            if record is None:
                return found, _find_cut(content, last) if found else None
            found, last = found + 1, record.stream_pos
            if record.record_type not in _PAGES:
                continue
            try:
                # Not asked of the map, whose every page touched counts as memory. The first: all may be in one member.
                is_member = found > 1 and os.pread(stream.fileno(), len(_GZIP_MAGIC), last) == _GZIP_MAGIC
                read = _parse_response(record, "all", is_checked=is_member)
            except (OSError, ValueError) as error:
                return found, _read_as_it_lies(stream, last, error)


def _parse_response(record: WarcRecord, unpack: _Unpack, *, is_checked: bool = False) -> ArchivedResponse:
    """The response of a record; its digest is compared unless a checksum (gzip's) vouches for the same bytes."""
    offset, length = record.stream_pos, record.headers.get("Content-Length")
    if not length:
        raise ValueError("no Content-Length")
    declared = int(length)
    record.freeze()
    if record.content_length < declared:
        raise ValueError(f"cut off, {record.content_length} of {declared} bytes are there")
    has_digest = (record.headers.get("WARC-Block-Digest") or "").startswith("sha1:")
    if has_digest and not is_checked and not record.verify_block_digest():
        raise ValueError("its bytes do not match its digest")
    url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
    if not url or record.record_date is None:
        raise ValueError("no WARC-Target-URI" if not url else "no WARC-Date that can be read")
    kind = record.headers.get("Content-Type") or ""
    status, headers = _parse_http(record, unpack) if record.is_http else (0, (("Content-Type", kind),))
    body = record.reader.read()
    digest = record.headers.get("WARC-Payload-Digest") or payload_digest(body)
    return ArchivedResponse(url, status, headers, body, _find_charset(headers), record.record_date, offset, digest)


def _find_charset(headers: tuple[tuple[str, str], ...]) -> str | None:
    """What the media type says of the charset: "text/html; charset=utf-8"."""
    named = (_CHARSET.search(value) for name, value in headers if name.lower() == "content-type")
    return next((found[1] for found in named if found), None)


def _parse_http(record: WarcRecord, unpack: _Unpack) -> tuple[int, tuple[tuple[str, str], ...]]:
    record.parse_http(auto_decode=unpack)
    status = record.http_headers.status_code
    if status is None:
        raise ValueError(f"no HTTP status line but {record.http_headers.status_line!r}")
    return status, record.http_headers.items()


def _find_cut(content: mmap.mmap, last: int) -> BrokenRecord | None:
    """Whether the file goes on, or breaks off, after its last record that could be read; gzip only."""
    if content[last : last + len(_GZIP_MAGIC)] != _GZIP_MAGIC:
        return None
    end = _member_end(content, last)
    if end == len(content):
        return None
    return BrokenRecord(last if end is None else end, "the file ends inside this record")


def _find_next(content: mmap.mmap, offset: int) -> int:
    """Where the next record may begin after the one at `offset`; the length of the file when nowhere."""
    end = _member_end(content, offset)
    if end is not None:
        return end
    places = (content.find(_GZIP_MAGIC, offset + 1), content.find(_WARC_MAGIC, offset + 1))
    return min((place for place in places if place >= 0), default=len(content))


def _member_end(content: mmap.mmap, offset: int) -> int | None:
    """Where the gzip member at `offset` ends; None when it is damaged, cut off or no gzip member."""
    member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    while offset < len(content):
        chunk = content[offset : offset + _CHUNK_BYTES]
        try:
            member.decompress(chunk)
        except zlib.error:
            return None
        offset += len(chunk)
        if member.eof:
            return offset - len(member.unused_data)
    return None
