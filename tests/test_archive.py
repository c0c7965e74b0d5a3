"""What is archived can be read back by anyone, and damage to a file costs only what it touched."""

import base64
import errno
import gzip
import hashlib
import os
import random
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from warcio.archiveiterator import ArchiveIterator as WarcioIterator
from warcio.cli import main as check_warc

from tinsach.datasets.archive import (
    ArchivedResponse,
    ArchiveError,
    ArchivePosition,
    ArchiveWriter,
    BrokenRecord,
    FetchedResponse,
    list_archive,
    new_run_id,
    payload_digest,
    read_archive,
    salvage,
)
from tinsach.datasets.layout import DataDir, SiteDir, WriteError

FETCHED_AT = datetime(2026, 11, 22, 2, 15, 0, 123456, tzinfo=UTC)
SOFTWARE = {"software": "tinsach/0.1.0", "robots": "obey"}


@pytest.fixture
def site(tmp_path: Path) -> SiteDir:
    return DataDir(tmp_path).site("ngaynay.vn")


def make_response(number: int, *, status: int = 200, size_bytes: int = 3000) -> FetchedResponse:
    body = f"<p>Bài số {number}</p>".encode() + random.Random(number).randbytes(size_bytes)
    headers = ((b"Content-Type", b"text/html; charset=utf-8"), (b"ETag", b'"%d"' % number))
    return FetchedResponse(f"https://ngaynay.vn/bai-post{number}.html", status, "OK", headers, body, FETCHED_AT)


def write_archive(site: SiteDir, numbers: range, run: str = "run") -> list[ArchivePosition]:
    with ArchiveWriter(site, run, software=SOFTWARE) as archive:
        return [archive.write(make_response(number)) for number in numbers]


def read_numbers(path: Path) -> list[int]:
    return [
        int(item.url.split("post")[1].removesuffix(".html"))
        for item in read_archive(path)
        if isinstance(item, ArchivedResponse)
    ]


HEADER_BOMBS = {
    "one long line": [(b"Set-Cookie", b"x" * 40_000)],
    "many lines": [(b"Set-Cookie", b"x" * 2_000)] * 40,
    "many short lines": [(b"X", b"")] * 9_000,
    "letters that take more bytes": [(b"X-Title", "ạ".encode() * 600)] * 15,
}


@pytest.mark.parametrize("bomb", HEADER_BOMBS.values(), ids=HEADER_BOMBS)
def test_too_many_headers_cost_no_record(site: SiteDir, bomb: list[tuple[bytes, bytes]]) -> None:
    """Those that fit are kept, the body's type and our own in any case: no reader takes a record with all of them."""
    headers = (*bomb, (b"Content-Type", b"text/html; charset=utf-8"), (b"X-Tinsach-Asked", b"https://a.vn/2"))
    with ArchiveWriter(site, "run", software=SOFTWARE) as archive:
        archive.write(replace(make_response(1), headers=headers))
    [item] = read_archive(site.archive / "run-00000.warc.gz")
    assert isinstance(item, ArchivedResponse)
    assert (item.body, item.charset) == (make_response(1).body, "utf-8")
    assert item.header("X-Tinsach-Asked") == "https://a.vn/2"
    assert len(item.headers) > 3 or len(bomb) == 1


def test_a_response_comes_back_as_it_went_in(site: SiteDir) -> None:
    """URL, status, headers, body, charset, time to the microsecond, offset and digest survive the round trip."""
    [position] = write_archive(site, range(7, 8))
    [path] = list_archive(site)
    [item] = read_archive(path)
    assert isinstance(item, ArchivedResponse)
    sent = make_response(7)
    assert (item.url, item.status, item.body, item.fetched_at) == (sent.url, 200, sent.body, FETCHED_AT)
    assert (item.charset, item.header("etag"), item.header("X-None")) == ("utf-8", '"7"', None)
    assert position == ArchivePosition(path.name, item.offset, item.digest)
    assert item.digest == payload_digest(sent.body)


def test_warcio_and_fastwarc_read_the_file(site: SiteDir) -> None:
    """Both see a WARC 1.1 file: a warcinfo with our software, then the responses, digests right, offsets seekable."""
    positions = write_archive(site, range(3))
    [path] = list_archive(site)
    with path.open("rb") as file:
        records = [
            (record.rec_type, record.rec_headers.protocol, record.content_stream().read(), record.digest_checker.passed)
            for record in WarcioIterator(file, check_digests=True)
        ]
    assert [record[:2] for record in records] == [("warcinfo", "WARC/1.1")] + [("response", "WARC/1.1")] * 3
    assert b"software: tinsach/0.1.0\r\nrobots: obey\r\n" in records[0][2]
    assert b"headers named X-Crawler-Content-Encoding" in records[0][2]
    assert [record[2] for record in records[1:]] == [make_response(number).body for number in range(3)]
    assert all(record[3] for record in records)
    with path.open("rb") as file:
        file.seek(positions[2].offset)
        [last] = ArchiveIterator(file, verify_digests=True)
        assert last.headers["WARC-Target-URI"] == make_response(2).url


def test_warcio_check_finds_nothing(site: SiteDir, capsys: pytest.CaptureFixture[str]) -> None:
    """`warcio check` passes over responses and revisit records, and each of them has a block digest."""
    with ArchiveWriter(site, "run", software=SOFTWARE) as archive:
        positions = [archive.write(make_response(number)) for number in range(3)]
        assert archive.write_unchanged(make_response(1), positions[1])
    [path] = list_archive(site)
    with pytest.raises(SystemExit) as ended:
        check_warc(["check", "--verbose", str(path)])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert (told.count("digest pass"), told.count("fail")) == (4, 0), told
    with path.open("rb") as file:
        heads = [record.headers for record in ArchiveIterator(file, parse_http=False)]
    assert all(head["WARC-Block-Digest"].startswith("sha1:") for head in heads[1:])


def test_an_unchanged_body_is_a_revisit_record(site: SiteDir) -> None:
    """It names profile, digest and the record it repeats, holds the new header and no body, and is no response."""
    with ArchiveWriter(site, "first", software=SOFTWARE) as archive:
        position = archive.write(make_response(1))
    sent = replace(make_response(1), fetched_at=FETCHED_AT + timedelta(days=1), headers=((b"Content-Length", b"9"),))
    with ArchiveWriter(site, "second", software=SOFTWARE) as archive:
        assert archive.write_unchanged(sent, position)
    first, second = list_archive(site)
    with first.open("rb") as file:
        original = [record.headers for record in ArchiveIterator(file, parse_http=False)][1]
    with second.open("rb") as file:
        _, (kind, head, block) = [
            (record.record_type, dict(record.headers), record.reader.read())
            for record in ArchiveIterator(file, parse_http=False)
        ]
    assert kind == WarcRecordType.revisit
    assert head["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert head["WARC-Payload-Digest"] == position.digest
    assert head["WARC-Refers-To"] == original["WARC-Record-ID"]
    assert head["WARC-Refers-To-Target-URI"] == original["WARC-Target-URI"]
    assert head["WARC-Refers-To-Date"] == original["WARC-Date"]
    assert block == b"HTTP/1.1 200 OK\r\nX-Crawler-Content-Length: 9\r\n\r\n"
    assert list(read_archive(second)) == []


def test_what_can_not_be_referred_to_is_told(site: SiteDir) -> None:
    """A deleted file or a wrong offset gives False, and nothing is written."""
    with ArchiveWriter(site, "run", software=SOFTWARE) as archive:
        for position in (ArchivePosition("no-00000.warc.gz", 0, "sha1:A"), ArchivePosition("", 7, "sha1:A")):
            assert not archive.write_unchanged(make_response(1), position)
        here = archive.write(make_response(1))
        assert not archive.write_unchanged(make_response(1), replace(here, offset=here.offset + 1))
        assert archive.write_unchanged(make_response(1), here)  # of the file that is being written
    assert read_numbers(list_archive(site)[0]) == [1]


def test_headers_of_the_wire_do_not_lie_about_the_body(site: SiteDir) -> None:
    """A body that came gzipped is archived decoded; the server's encoding and length are kept under other names."""
    sent = FetchedResponse(
        url="https://ngaynay.vn/",
        status=200,
        reason="OK",
        headers=((b"Content-Encoding", b"gzip"), (b"content-length", b"5"), (b"Transfer-Encoding", b"chunked")),
        body=b"<p>decoded</p>",
        fetched_at=FETCHED_AT,
        ip="127.0.0.1",
    )
    with ArchiveWriter(site, "run", software=SOFTWARE) as archive:
        archive.write(sent)
    [item] = read_archive(list_archive(site)[0])
    assert isinstance(item, ArchivedResponse)
    assert item.body == sent.body
    assert item.header("X-Crawler-Content-Encoding") == "gzip"
    assert item.header("X-Crawler-content-length") == "5"
    assert item.header("Content-Encoding") is item.header("Transfer-Encoding") is None
    assert item.header("Content-Length") == str(len(sent.body))


def test_a_run_rotates_by_size_and_says_what_it_closed(site: SiteDir) -> None:
    """Each file ends after the response that takes it to max_bytes; every file has its own warcinfo."""
    with ArchiveWriter(site, "run", software=SOFTWARE, max_bytes=7000) as archive:
        positions = [archive.write(make_response(number)) for number in range(5)]
    assert archive.files == tuple(path.name for path in list_archive(site))
    assert [position.warc_file for position in positions] == [f"run-{number:05d}.warc.gz" for number in (0, 0, 1, 1, 2)]
    assert [number for path in list_archive(site) for number in read_numbers(path)] == list(range(5))


def test_a_run_without_responses_leaves_no_file(site: SiteDir) -> None:
    """No empty archive file is made."""
    with ArchiveWriter(site, "run", software=SOFTWARE) as archive:
        archive.sync()
    assert list_archive(site) == []
    assert archive.files == ()


def test_a_file_has_its_final_name_only_when_closed(site: SiteDir) -> None:
    """While a run writes, its file ends in .part and isn't listed."""
    with ArchiveWriter(site, "run", software=SOFTWARE) as archive:
        archive.write(make_response(1))
        assert [path.name for path in site.archive.iterdir()] == ["run-00000.warc.gz.part"]
        assert list_archive(site) == []
    assert [path.name for path in site.archive.iterdir()] == ["run-00000.warc.gz"]


def test_run_ids_sort_by_time_and_differ_within_a_second() -> None:
    """Two runs of one second have two names."""
    early, late = datetime(2026, 11, 22, 2, 15, tzinfo=UTC), datetime(2026, 11, 22, 2, 16, tzinfo=UTC)
    assert new_run_id(early).startswith("20261122T021500Z-")
    assert new_run_id(early) < new_run_id(late)
    assert len({new_run_id(early) for _ in range(20)}) > 1


def test_full_disk_loses_only_the_response_that_did_not_fit(site: SiteDir, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that stops half way is one clear error; what was there and what comes later is whole."""
    real, room = os.pwrite, 400

    def pwrite(handle: int, content: memoryview, position: int) -> int:
        nonlocal room
        if not room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = real(handle, content[:room], position)
        room -= written
        return written

    with ArchiveWriter(site, "run", software=SOFTWARE) as archive:
        archive.write(make_response(1))
        with monkeypatch.context() as patched:
            patched.setattr(os, "pwrite", pwrite)
            with pytest.raises(WriteError, match=r"run-00000\.warc\.gz: cannot be written \(No space left on device\)"):
                archive.write(make_response(2))
        archive.write(make_response(3, size_bytes=10))
    assert read_numbers(list_archive(site)[0]) == [1, 3]
    assert not any(isinstance(item, BrokenRecord) for item in read_archive(list_archive(site)[0]))


def test_no_permission_is_one_clear_error(site: SiteDir, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that may not be written is named with the cause and a remedy."""

    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(os, "open", refuse)
    with (
        ArchiveWriter(site, "run", software=SOFTWARE) as archive,
        pytest.raises(WriteError, match=r"Permission denied.*give this user the right"),
    ):
        archive.write(make_response(1))


def test_ctrl_c_inside_a_write_leaves_whole_records(site: SiteDir, monkeypatch: pytest.MonkeyPatch) -> None:
    """KeyboardInterrupt between two halves of a record: closing cuts the half away."""
    real = os.pwrite

    def interrupt(handle: int, content: memoryview, position: int) -> int:
        if len(content) > 100:
            return real(handle, content[:100], position)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), ArchiveWriter(site, "run", software=SOFTWARE) as archive:
        archive.write(make_response(1))
        monkeypatch.setattr(os, "pwrite", interrupt)
        archive.write(make_response(2))
    assert [type(item) for item in read_archive(list_archive(site)[0])] == [ArchivedResponse]


def test_salvage_cuts_at_the_last_whole_record(site: SiteDir) -> None:
    """Whatever byte a killed writer stopped at, the whole records before it come out and nothing broken with them."""
    positions = write_archive(site, range(4))
    [path] = list_archive(site)
    content = path.read_bytes()
    ends = [position.offset for position in positions[1:]] + [len(content)]
    cuts = [positions[0].offset - 1, *range(ends[0] - 2, ends[0] + 3), *range(ends[2] - 9, ends[2] + 20), ends[3] - 1]
    for cut in cuts:
        path.unlink(missing_ok=True)
        part = path.with_name(path.name + ".part")
        part.write_bytes(content[:cut])
        whole = sum(end <= cut for end in ends)
        assert salvage(site) == ([path] if whole else []), cut
        assert list(site.archive.glob("*.part")) == []
        if whole:
            assert path.read_bytes() == content[: ends[whole - 1]]
    assert salvage(site) == []


def test_a_run_id_used_twice_replaces_nothing(site: SiteDir) -> None:
    """The second run of one id goes on counting, past unfinished files too; salvage takes a free number."""
    for numbers in (range(2), range(2, 4)):
        write_archive(site, numbers)
    (site.archive / "run-00002.warc.gz.part").write_bytes((site.archive / "run-00000.warc.gz").read_bytes())
    write_archive(site, range(4, 6))
    assert [read_numbers(path) for path in list_archive(site)] == [[0, 1], [2, 3], [4, 5]]
    assert list_archive(site)[-1].name == "run-00003.warc.gz"
    (site.archive / "run-00000.warc.gz.part").write_bytes((site.archive / "run-00001.warc.gz").read_bytes())
    assert [path.name for path in salvage(site)] == ["run-00002.warc.gz", "run-00004.warc.gz"]
    assert [read_numbers(path) for path in list_archive(site)] == [[0, 1], [2, 3], [0, 1], [4, 5], [2, 3]]


def test_salvage_keeps_what_lies_behind_damage(site: SiteDir) -> None:
    """Zeros after a power cut are cut off at the end, but never cost whole records behind them."""
    positions = write_archive(site, range(4))
    [path] = list_archive(site)
    content = bytearray(path.read_bytes())
    content[positions[1].offset + 50 : positions[1].offset + 500] = bytes(450)
    path.rename(path.with_name(path.name + ".part")).write_bytes(content + bytes(5000))
    assert salvage(site) == [path]
    assert path.stat().st_size == len(content)
    assert read_numbers(path) == [0, 2, 3]


@pytest.mark.parametrize("damage", ["bit", "zeros", "gap", "insertion", "magic", "checksum"])
@pytest.mark.parametrize("record", [0, 4, 9])
def test_a_broken_record_costs_only_itself(site: SiteDir, damage: str, record: int) -> None:
    """Damage inside one record is one BrokenRecord at that record's offset, and every other response is read."""
    positions = write_archive(site, range(10))
    [path] = list_archive(site)
    content = bytearray(path.read_bytes())
    start = positions[record].offset
    end = positions[record + 1].offset if record < 9 else len(content)
    middle = (start + end) // 2
    if damage == "bit":
        content[middle] ^= 0x10
    elif damage == "zeros":
        content[middle : middle + 200] = bytes(200)
    elif damage == "gap":
        del content[middle : middle + 200]
    elif damage == "insertion":
        content[middle:middle] = b"not here"
    elif damage == "magic":
        content[start] ^= 0xFF
    elif damage == "checksum":
        content[end - 6] ^= 0xFF
    path.write_bytes(content)
    broken = [item for item in read_archive(path) if isinstance(item, BrokenRecord)]
    assert read_numbers(path) == [number for number in range(10) if number != record]
    assert [item.offset for item in broken] == [start]
    assert broken[0].cause


def test_no_page_gets_by_its_checksum(tmp_path: Path) -> None:
    """Wherever the end of a gzip member falls among the reader's buffers, what it vouches for is not read before it."""
    path, noise = tmp_path / "lie.warc.gz", random.Random(1)
    sound = gzip.compress(make_plain("response", PAGE))
    for buffer in (1 << 14, 1 << 15, 1 << 16):
        for size in range(buffer - 262, buffer - 200):
            member = bytearray(gzip.compress(make_plain("response", PAGE + noise.randbytes(size))))
            member[-6] ^= 0xFF
            path.write_bytes(sound + member + sound)
            read = [item.offset for item in read_archive(path) if isinstance(item, ArchivedResponse)]
            assert read == [0, len(sound) + len(member)], size


READ = """
import re, sys
from pathlib import Path
from tinsach.datasets.archive import read_archive
def peak():  # not by getrusage, which begins with the peak of who started this process
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
items = read_archive(Path(sys.argv[1]))
for _ in range(20):
    next(items)
before = peak()
assert sum(1 for _ in items) == 380
print(peak() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process's own peak")
def test_a_large_file_takes_no_more_memory_than_a_record(tmp_path: Path) -> None:
    """Neither its bytes nor the pages of its map stay: a file of 40 MB is read with a few."""
    path, noise = tmp_path / "large.warc.gz", random.Random(1)
    with path.open("wb") as file:
        for _ in range(400):
            file.write(gzip.compress(make_plain("response", PAGE + noise.randbytes(100_000)), compresslevel=1))
    told = subprocess.run([sys.executable, "-c", READ, path], check=True, capture_output=True, text=True)
    assert int(told.stdout) < 10_000  # KiB


def test_a_cut_off_file_is_read_up_to_the_cut(site: SiteDir) -> None:
    """A file that ends inside a record yields the whole ones and says that something is missing; at a border, no."""
    positions = write_archive(site, range(5))
    [path] = list_archive(site)
    content = path.read_bytes()
    for cut in (positions[3].offset + 1, positions[3].offset + 15, positions[4].offset - 900):
        path.write_bytes(content[:cut])
        items = list(read_archive(path))
        assert [type(item) for item in items] == [ArchivedResponse] * 3 + [BrokenRecord], cut
    path.write_bytes(content[: positions[4].offset])
    assert [type(item) for item in read_archive(path)] == [ArchivedResponse] * 4
    path.write_bytes(content[: positions[4].offset - 1])  # all of the record is there, the end of its gzip member isn't
    assert [type(item) for item in read_archive(path)] == [ArchivedResponse] * 4 + [BrokenRecord]


def test_plain_warc_of_another_tool_is_read(tmp_path: Path) -> None:
    """Uncompressed records, other record types, a bracketed URL and a chunked gzip body are no obstacle."""
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    path = tmp_path / "other.warc"
    path.write_bytes(
        make_plain("request", b"GET / HTTP/1.1\r\n\r\n")
        + make_plain("response", http)
        + make_plain("response", b"203.0.113.1", content_type=b"text/dns")
        + make_plain("response", b"no http at all\r\n\r\n")
        + make_plain("response", http, date=b"yesterday")
        + make_plain("response", http)
    )
    items = list(read_archive(path))
    responses = [item for item in items if isinstance(item, ArchivedResponse)]
    assert [(item.url, item.status) for item in responses] == [("https://a.vn/", status) for status in (200, 0, 200)]
    assert [item.body for item in responses] == [b"abc", b"203.0.113.1", b"abc"]
    causes = [item.cause for item in items if isinstance(item, BrokenRecord)]
    assert ["status line" in causes[0], "WARC-Date" in causes[1], len(causes)] == [True, True, 2]


def make_plain(
    record_type: str, block: bytes, *, content_type: bytes = b"application/http", date: bytes = b"2026-11-22T02:15:00Z"
) -> bytes:
    head = b"WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: <https://a.vn/>\r\nWARC-Date: %s\r\nContent-Type: %s\r\n"
    return head % (record_type.encode(), date, content_type) + b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (
        len(block),
        block,
    )


PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>abc</p>"


def test_no_cut_of_a_plain_warc_is_silent(tmp_path: Path) -> None:
    """Wherever the file ends but at a border of records: what is whole is read, one BrokenRecord tells of the cut."""
    record, path = make_plain("response", PAGE), tmp_path / "cut.warc"
    content = record * 3
    for cut in range(len(b"WARC/1."), len(content) + 1):
        path.write_bytes(content[:cut])
        items = list(read_archive(path))
        whole, rest = divmod(cut, len(record))
        broken = [item.offset for item in items if isinstance(item, BrokenRecord)]
        assert broken == ([whole * len(record)] if rest else []), cut
        complete = whole + (rest >= len(record) - 4)  # without the empty lines after it
        assert [item.body for item in items if isinstance(item, ArchivedResponse)] == [b"<p>abc</p>"] * complete, cut


def test_a_plain_record_is_held_to_its_digest(tmp_path: Path) -> None:
    """Without compression nothing else tells a flipped bit."""
    digest = b"WARC-Block-Digest: sha1:" + base64.b32encode(hashlib.sha1(PAGE).digest())
    record, path = make_plain("response", PAGE).replace(b"Content-L", digest + b"\r\nContent-L", 1), tmp_path / "a.warc"
    path.write_bytes(record + record.replace(b"abc", b"abd"))
    read, broken = read_archive(path)
    assert isinstance(read, ArchivedResponse)
    assert isinstance(broken, BrokenRecord)
    assert "digest" in broken.cause


@pytest.mark.parametrize("rest", ["record", "stored"])
def test_a_record_without_checksum_among_packed_ones_is_held_to_its_digest(tmp_path: Path, rest: str) -> None:
    """As a plain record appended to a packed file, or one that lies open in a damaged member."""
    digest = b"WARC-Block-Digest: sha1:" + base64.b32encode(hashlib.sha1(PAGE).digest())
    record, path = make_plain("response", PAGE).replace(b"Content-L", digest + b"\r\nContent-L", 1), tmp_path / "a.warc"
    flipped = record.replace(b"abc", b"abd")
    stored = gzip.compress(record, 0).replace(b"abc", b"abd")
    path.write_bytes(gzip.compress(record) + {"record": b"\r\n" + flipped, "stored": stored}[rest])
    items = list(read_archive(path))
    assert [item.body for item in items if isinstance(item, ArchivedResponse)] == [b"<p>abc</p>"]
    assert any("digest" in item.cause for item in items if isinstance(item, BrokenRecord))


def test_the_first_of_many_records_in_one_member_is_held_to_its_digest(tmp_path: Path) -> None:
    """The checksum of a file that was packed as a whole stands at its end only."""
    digest = b"WARC-Block-Digest: sha1:" + base64.b32encode(hashlib.sha1(PAGE).digest())
    record, path = make_plain("response", PAGE).replace(b"Content-L", digest + b"\r\nContent-L", 1), tmp_path / "a.warc"
    path.write_bytes(gzip.compress(record * 3000, 0).replace(b"abc", b"abd", 1))
    items = list(read_archive(path))
    assert b"<p>abd</p>" not in [item.body for item in items if isinstance(item, ArchivedResponse)]
    assert any("digest" in item.cause for item in items if isinstance(item, BrokenRecord))


@pytest.mark.parametrize("kind", ["charset=koi8-r", "CharSet = 'koi8-r'", 'x-charset=a; charset=" koi8-r "'])
def test_a_charset_is_found_however_it_is_written(tmp_path: Path, kind: str) -> None:
    """With blanks, quotes and capitals; not in a parameter of another name."""
    page, path = PAGE.replace(b"text/html", b"text/html; " + kind.encode()), tmp_path / "a.warc"
    path.write_bytes(make_plain("response", page))
    [item] = read_archive(path)
    assert isinstance(item, ArchivedResponse)
    assert item.charset == "koi8-r"


@pytest.mark.parametrize("garbage", [b"garbage", b"\0" * 5000, b"one\r\n\r\ntwo\n", b"WARC/1.1\r\nno: length\r\n\r\n"])
def test_garbage_in_a_plain_warc_costs_only_itself(tmp_path: Path, garbage: bytes) -> None:
    """The sound record after it is read, at its offset."""
    record, path = make_plain("response", PAGE), tmp_path / "garbage.warc"
    path.write_bytes(record + garbage + b"\r\n" + record)
    first, broken, last = read_archive(path)
    assert isinstance(first, ArchivedResponse)
    assert isinstance(broken, BrokenRecord)
    assert isinstance(last, ArchivedResponse)
    assert (first.offset, broken.offset, last.offset) == (0, len(record), len(record + garbage) + 2)
    path.write_bytes(garbage + b"\r\n" + record)
    assert [type(item) for item in read_archive(path)] == [BrokenRecord, ArchivedResponse]


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "empty file"),
        (b"<html>a saved page</html>" * 50, "not a WARC file"),
        (random.Random(1).randbytes(5000), "not a WARC file"),
        (b"\x1f\x8b\x08\x00 no gzip", "not a WARC file"),
    ],
    ids=["empty", "html", "binary", "gzip magic"],
)
def test_what_is_no_warc_is_one_clear_error(tmp_path: Path, content: bytes, cause: str) -> None:
    """The error names the file, says what it is not, and what to do, on one line."""
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    with pytest.raises(ArchiveError) as caught:
        list(read_archive(path))
    assert str(caught.value).startswith(f"{path}: {cause}")
    assert "remove" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    """A path that can't be opened is an ArchiveError with the system's reason."""
    with pytest.raises(ArchiveError, match=r"none\.warc\.gz: cannot be read \(No such file"):
        list(read_archive(tmp_path / "none.warc.gz"))
    with pytest.raises(ArchiveError, match=r"cannot be read \(Is a directory\)"):
        list(read_archive(tmp_path))


def test_a_body_that_is_not_packed_as_its_headers_say_is_taken_as_it_lies(tmp_path: Path) -> None:
    """Crawlers store bodies unpacked and keep the headers; one that is packed and damaged is broken, in few words."""
    page = b"<html>" + b"x" * 500 + b"</html>"
    cases = [
        (b"Transfer-Encoding: chunked", page),
        (b"Content-Encoding: gzip", page),
        (b"Content-Encoding: gzip", b"\x1f\x8b\x08" + bytes(7) + b"\xff" * 50),
        (b"Transfer-Encoding: chunked", b"1f4\r\n" + page[:100]),
        (b"Content-Encoding: identity", page),
        (b"Content-Encoding: br", brotli.compress(page)[:-4]),
        (b"Content-Encoding: br", page.decode().encode("utf-16")),
    ]
    path = tmp_path / "x.warc.gz"
    with path.open("wb") as file:
        for header, body in cases:
            block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + header + b"\r\n\r\n" + body
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2026-11-20T01:02:03Z\r\nWARC-Record-ID: <urn:x:1>\r\n"
                f"WARC-Target-URI: https://a.example/\r\nContent-Type: application/http; msgtype=response\r\n"
                f"Content-Length: {len(block)}\r\n\r\n"
            )
            file.write(gzip.compress(head.encode() + block + b"\r\n\r\n"))
    items = list(read_archive(path))
    bodies = [item.body if isinstance(item, ArchivedResponse) else None for item in items]
    assert bodies == [page, page, None, None, page, None, page.decode().encode("utf-16")]
    assert all(len(item.cause) <= 120 for item in items if isinstance(item, BrokenRecord))
