"""The archive of responses: WARC 1.1 files, one gzip member a record, appended and never rewritten.

A file under its final name is whole. A file being written ends in `.part`; after a crash `salvage` cuts it to its last
whole record. Everything about the archive is imported from here; how files are read is in `warc_reader`.
"""

import io
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Self

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tinsach.datasets.layout import SiteDir, sync_dir, write_error
from tinsach.datasets.warc_reader import (
    ArchivedResponse,
    ArchiveError,
    BrokenRecord,
    measure_whole,
    payload_digest,
    read_archive,
)

__all__ = [
    "ArchiveError",
    "ArchivePosition",
    "ArchiveWriter",
    "ArchivedResponse",
    "BrokenRecord",
    "FetchedResponse",
    "list_archive",
    "new_run_id",
    "payload_digest",
    "read_archive",
    "salvage",
]

PART_SUFFIX = ".part"
MAX_FILE_BYTES = 1 << 30  # 1 GiB, the size of Common Crawl's files
# What the server said of the bytes on the wire is no longer true of the decoded body, and would make readers decode it
# twice. Kept under Common Crawl's names.
_WIRE_HEADERS = frozenset({"content-encoding", "transfer-encoding", "content-length"})


@dataclass(frozen=True, slots=True)
class FetchedResponse:
    """A response as fetched: final URL, HTTP status and reason, headers as sent, the body decoded, aware UTC time."""

    url: str
    status: int
    reason: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    fetched_at: datetime
    ip: str | None = None


@dataclass(frozen=True, slots=True)
class ArchivePosition:
    """Where a response lies: final file name, byte offset of its record, payload digest."""

    warc_file: str
    offset: int
    digest: str


def new_run_id(now: datetime) -> str:
    """A name for a run: sorts by time, and no two are equal even within one second."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"


class ArchiveWriter:
    """Appends the responses of one run, in files of about `max_bytes`; the caller holds the site's lock.

    A file is made at the first response, so a run without any leaves none; a number whose file exists, because the run
    id was used before, is passed over. Closing, also after an error, keeps every
    record that was written whole.
    """

    def __init__(
        self, site: SiteDir, run: str, *, software: Mapping[str, str], max_bytes: int = MAX_FILE_BYTES
    ) -> None:
        self._folder = site.archive
        self._run = run
        self._software = dict(software)
        self._max_bytes = max_bytes
        self._handle: int | None = None
        self._path = Path()
        self._end_bytes = 0  # where the last whole record ends; what lies after it is overwritten or cut
        self._warcinfo_id = ""
        self._files: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the files closed so far, in the order of writing."""
        return tuple(self._files)

    def write(self, response: FetchedResponse) -> ArchivePosition:
        """Append one response; WriteError when the disk refuses, and then the file still ends in a whole record."""
        if self._handle is not None and self._end_bytes >= self._max_bytes:
            self.close()
        if self._handle is None:
            self._open()
        digest = payload_digest(response.body)
        offset = self._append(_response_record(response, digest, self._warcinfo_id))
        return ArchivePosition(self._path.name, offset, digest)

    def sync(self) -> None:
        """Make everything written so far survive a power cut; only after it may a ledger call a URL done."""
        if self._handle is not None:
            with self._named_errors():
                os.fsync(self._handle)

    def close(self) -> None:
        """Finish the current file and give it its final name; a later write opens the next one."""
        if self._handle is None:
            return
        handle, self._handle = self._handle, None
        with self._named_errors():
            try:
                os.ftruncate(handle, self._end_bytes)
                os.fsync(handle)
            finally:
                os.close(handle)
            _part_of(self._path).replace(self._path)
            sync_dir(self._folder)
        self._files.append(self._path.name)

    def _open(self) -> None:
        self._path = _free_path(self._folder / f"{self._run}-{len(self._files):05d}.warc.gz")
        self._end_bytes = 0
        with self._named_errors():
            self._folder.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(_part_of(self._path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            sync_dir(self._folder)
        record = _warcinfo_record(self._path.name, self._run, self._software)
        self._warcinfo_id = record.rec_headers.get_header("WARC-Record-ID")
        self._append(record)

    def _append(self, record: ArcWarcRecord) -> int:
        member = io.BytesIO()
        _warcio(member).write_record(record)
        left = memoryview(member.getvalue())
        offset = position = self._end_bytes
        with self._named_errors():
            assert self._handle is not None
            while left:
                written = os.pwrite(self._handle, left, position)
                position, left = position + written, left[written:]
        self._end_bytes = position
        return offset

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise write_error(self._path, error) from error


def salvage(site: SiteDir) -> list[Path]:
    """After a crash: cut each `.part` to its last whole record and give it its final name; hold the site's lock.

    Returns the files that came out, sorted; a part in which no response is whole is removed. A finished file is never
    replaced: where one has the name, the part takes the next free number.
    """
    salvaged = []
    for part in sorted(site.archive.glob(f"*.warc.gz{PART_SUFFIX}")):
        final = part.with_name(part.name.removesuffix(PART_SUFFIX))
        try:
            end_bytes, members = measure_whole(part)
            if members < 2:  # the first one is the warcinfo
                part.unlink()
                continue
            os.truncate(part, end_bytes)
            with part.open("rb") as written:
                os.fsync(written.fileno())
            if final.exists():
                final = _free_path(final)
            part.replace(final)
            sync_dir(site.archive)
        except OSError as error:
            raise write_error(final, error) from error
        salvaged.append(final)
    return sorted(salvaged)


def list_archive(site: SiteDir) -> list[Path]:
    """The site's finished WARC files, oldest run first; empty when there is no archive."""
    return sorted([*site.archive.glob("*.warc.gz"), *site.archive.glob("*.warc")])


def _part_of(path: Path) -> Path:
    return path.with_name(path.name + PART_SUFFIX)


def _free_path(path: Path) -> Path:
    """`path`, or the next number of its run under which no file stands, finished or being written."""
    run, _, number = path.name.removesuffix(".warc.gz").rpartition("-")
    if not (run and number.isdecimal()):
        run, number = path.name.removesuffix(".warc.gz"), "0"
    places = (path.with_name(f"{run}-{place:05d}.warc.gz") for place in count(int(number)))
    return next(place for place in places if not (place.exists() or _part_of(place).exists()))


def _warcio(target: io.BytesIO) -> WARCWriter:
    return WARCWriter(target, gzip=True, warc_version="1.1")


def _warcinfo_record(file_name: str, run: str, software: Mapping[str, str]) -> ArcWarcRecord:
    fields = {**software, "format": "WARC File Format 1.1", "isPartOf": run}
    return _warcio(io.BytesIO()).create_warcinfo_record(file_name, fields)


def _response_record(response: FetchedResponse, digest: str, warcinfo_id: str) -> ArcWarcRecord:
    length = ("Content-Length", str(len(response.body)))
    http = StatusAndHeaders(f"{response.status} {response.reason}", [*_archived_headers(response), length], "HTTP/1.1")
    fields = {
        "WARC-Date": response.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "WARC-Warcinfo-ID": warcinfo_id,
        "WARC-Payload-Digest": digest,
    }
    if response.ip:
        fields["WARC-IP-Address"] = response.ip
    return _warcio(io.BytesIO()).create_warc_record(
        response.url,
        "response",
        payload=io.BytesIO(response.body),
        length=len(response.body),
        warc_headers_dict=fields,
        http_headers=http,
    )


def _archived_headers(response: FetchedResponse) -> Iterator[tuple[str, str]]:
    for raw_name, raw_value in response.headers:
        name = raw_name.decode("latin-1").strip()
        value = " ".join(raw_value.decode("utf-8", "replace").split())
        yield (f"X-Crawler-{name}" if name.lower() in _WIRE_HEADERS else name), value
