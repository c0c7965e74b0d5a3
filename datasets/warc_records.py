"""What our WARC 1.1 records say: warcinfo, response, revisit. Pure but for the ids that warcio draws."""

import io
import string
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from urllib.parse import quote

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tinsach.datasets.own_headers import OUR_HEADERS
from tinsach.datasets.warc_reader import RecordHead

# What the server said of the bytes on the wire is no longer true of the decoded body, and would make readers decode it
# twice. Kept under Common Crawl's names, which the warcinfo of each file explains.
_WIRE_HEADERS = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_WIRE_PREFIX = "X-Crawler-"
MAX_HEADER_BYTES = 24 << 10  # of one response; fastwarc reads no record whose header has more than 32 KiB
_MAX_TYPE_BYTES = 1 << 10
GZIP_LEVEL = 5  # warcio's own 9 takes twice the time, a third of a crawl's, for files 5 % smaller
_CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_DESCRIPTION = (
    "Bodies are stored decoded, and digests are of the decoded body. What the server sent as Content-Encoding, "
    f"Transfer-Encoding and Content-Length is kept in headers named {_WIRE_PREFIX}Content-Encoding and so on."
)


@dataclass(frozen=True, slots=True)
class FetchedResponse:
    """A response as fetched: final URL, HTTP status and reason, headers as sent, the body decoded, aware UTC time.

    `rendered_by` names the browser whose DOM the body is.
    """

    url: str
    status: int
    reason: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    fetched_at: datetime
    ip: str | None = None
    rendered_by: str | None = None

    @property
    def charset(self) -> str | None:
        """What the Content-Type header names, None without."""
        content_type = Message()
        types = (value.decode("latin-1") for name, value in self.headers if name.lower() == b"content-type")
        content_type["Content-Type"] = next(types, "")
        return content_type.get_content_charset()


def to_member(record: ArcWarcRecord) -> bytes:
    """The record as one gzip member."""
    plain = io.BytesIO()
    _warcio(plain, gzip=False).write_record(record)
    compressor = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    return compressor.compress(plain.getbuffer()) + compressor.flush()


def warcinfo_record(file_name: str, run: str, software: Mapping[str, str]) -> ArcWarcRecord:
    """The first record of a file: how it was made, and what its readers have to know."""
    fields = {
        **software,
        "format": "WARC File Format 1.1",
        "conformsTo": _CONFORMS_TO,
        "isPartOf": run,
        "description": _DESCRIPTION,
    }
    return _warcio(io.BytesIO()).create_warcinfo_record(file_name, fields)


def response_record(response: FetchedResponse, digest: str, warcinfo_id: str) -> ArcWarcRecord:
    """A response with its decoded body; `digest` is the body's."""
    length = ("Content-Length", str(len(response.body)))
    http = StatusAndHeaders(f"{response.status} {response.reason}", [*_archived_headers(response), length], "HTTP/1.1")
    fields = {**_capture_fields(response, warcinfo_id), "WARC-Payload-Digest": digest}
    return _warcio(io.BytesIO()).create_warc_record(
        response.url,
        "response",
        payload=io.BytesIO(response.body),
        length=len(response.body),
        warc_headers_dict=fields,
        http_headers=http,
    )


def revisit_record(response: FetchedResponse, digest: str, original: RecordHead, warcinfo_id: str) -> ArcWarcRecord:
    """WARC 1.1, 6.7.2: profile identical-payload-digest; the block holds the HTTP header alone."""
    http = StatusAndHeaders(f"{response.status} {response.reason}", [*_archived_headers(response)], "HTTP/1.1")
    fields = _capture_fields(response, warcinfo_id)
    if original.record_id:
        fields["WARC-Refers-To"] = original.record_id
    return _warcio(io.BytesIO()).create_revisit_record(
        response.url, digest, original.url, original.date, http_headers=http, warc_headers_dict=fields
    )


def _capture_fields(response: FetchedResponse, warcinfo_id: str) -> dict[str, str]:
    fields = {
        "WARC-Date": response.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "WARC-Warcinfo-ID": warcinfo_id,
    }
    own = {"WARC-IP-Address": response.ip, "WARC-Rendered-By": response.rendered_by}
    return fields | {name: value for name, value in own.items() if value}


def _archived_headers(response: FetchedResponse) -> Iterator[tuple[str, str]]:
    """The header lines as far as they fit, the type of the body and our own ones in any case."""
    left = MAX_HEADER_BYTES
    for raw_name, raw_value in response.headers:
        name = raw_name.decode("latin-1").strip()
        value = " ".join(raw_value.decode("utf-8", "replace").split())
        # warcio writes other letters in this way; ": " and the line's end take four bytes
        size = len(name) + len(quote(value, safe=string.printable)) + 4
        is_type = name.lower() == "content-type" and size <= _MAX_TYPE_BYTES
        if size <= left or is_type or name.lower().startswith(OUR_HEADERS):
            left -= size
            yield (f"{_WIRE_PREFIX}{name}" if name.lower() in _WIRE_HEADERS else name), value


def _warcio(target: io.BytesIO, *, gzip: bool = True) -> WARCWriter:
    return WARCWriter(target, gzip=gzip, warc_version="1.1")
