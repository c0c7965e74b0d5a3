"""The archive of responses: WARC 1.1 files, one gzip member a record, appended and never rewritten.

A file under its final name is whole. A file being written ends in `.part`; after a crash `salvage` cuts it to its last
whole record. Everything about the archive is imported from here; how files are read is in `warc_reader`, what a
record says in `warc_records`.
"""

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

from tinsach.datasets.layout import SiteDir, sync_path, write_error
from tinsach.datasets.warc_reader import (
    ArchivedResponse,
    ArchiveError,
    BrokenRecord,
    find_head,
    measure_whole,
    payload_digest,
    read_archive,
    read_response,
)
from tinsach.datasets.warc_records import FetchedResponse, response_record, revisit_record, to_member, warcinfo_record

__all__ = [
    "ArchiveError",
    "ArchivePosition",
    "ArchiveWriter",
    "ArchivedResponse",
    "BrokenRecord",
    "FetchedResponse",
    "find_response",
    "list_archive",
    "new_run_id",
    "payload_digest",
    "read_archive",
    "read_response",
    "salvage",
]

PART_SUFFIX = ".part"
MAX_FILE_BYTES = 1 << 30  # 1 GiB, the size of Common Crawl's files


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
    id was used before, is passed over. Closing, also after an error, keeps every record that was written whole.
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
        self._ensure_open()
        digest = payload_digest(response.body)
        offset = self._append(response_record(response, digest, self._warcinfo_id))
        return ArchivePosition(self._path.name, offset, digest)

    def write_unchanged(self, response: FetchedResponse, position: ArchivePosition) -> bool:
        """Append a revisit record: the body is the one archived at `position`, and isn't stored again.

        False, and nothing written, when no record can be read at that position.
        """
        original = find_head(self._find(position.warc_file), position.offset)
        if original is None:
            return False
        self._ensure_open()
        self._append(revisit_record(response, position.digest, original, self._warcinfo_id))
        return True

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
            sync_path(self._folder)
        self._files.append(self._path.name)

    def _ensure_open(self) -> None:
        if self._handle is not None and self._end_bytes >= self._max_bytes:
            self.close()
        if self._handle is None:
            self._open()

    def _find(self, warc_file: str) -> Path:
        """Where a file of this archive lies: under its final name, or as the part that this run still writes."""
        path = self._folder / warc_file
        return _part_of(path) if path == self._path and self._handle is not None else path

    def _open(self) -> None:
        self._path = _free_path(self._folder / f"{self._run}-{len(self._files):05d}.warc.gz")
        self._end_bytes = 0
        with self._named_errors():
            self._folder.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(_part_of(self._path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            sync_path(self._folder)
        record = warcinfo_record(self._path.name, self._run, self._software)
        self._warcinfo_id = record.rec_headers.get_header("WARC-Record-ID")
        self._append(record)

    def _append(self, record: ArcWarcRecord) -> int:
        left = memoryview(to_member(record))
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
            sync_path(site.archive)
        except OSError as error:
            raise write_error(final, error) from error
        salvaged.append(final)
    return sorted(salvaged)


def list_archive(site: SiteDir) -> list[Path]:
    """The site's finished WARC files, oldest run first; empty when there is no archive."""
    return sorted([*site.archive.glob("*.warc.gz"), *site.archive.glob("*.warc")])


def find_response(path: Path, offset: int) -> ArchivedResponse | None:
    """The response at a position, also of a file that is still being written; None when it can't be read."""
    try:
        return read_response(path if path.exists() else _part_of(path), offset)
    except ArchiveError:
        return None


def _part_of(path: Path) -> Path:
    return path.with_name(path.name + PART_SUFFIX)


def _free_path(path: Path) -> Path:
    """`path`, or the next number of its run under which no file stands, finished or being written."""
    run, _, number = path.name.removesuffix(".warc.gz").rpartition("-")
    if not (run and number.isdecimal()):
        run, number = path.name.removesuffix(".warc.gz"), "0"
    places = (path.with_name(f"{run}-{place:05d}.warc.gz") for place in count(int(number)))
    return next(place for place in places if not (place.exists() or _part_of(place).exists()))
