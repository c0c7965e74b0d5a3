"""What a sitemap says: bytes and a profile in, article links and further maps out, one by one.

Pure. A map is never held as a tree: entries are dropped once read. No DTD is loaded and no entity resolved, and a gzip
file is unpacked only up to a bound. Nothing a server sends raises anything but Unreadable.
"""

import re
import zlib
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.parse import urljoin, urlsplit

from lxml import etree

from tinsach.cleaning.dates import VIETNAM, parse_time
from tinsach.cleaning.profile import Profile
from tinsach.crawler.discover import MAX_URL_CHARS, Link, Unreadable, find_article_url

MAX_UNPACKED_BYTES = 64 << 20  # the protocol allows 50 MB a map
_CHUNK_BYTES = 1 << 16
_TAIL_BYTES = 256
_TAGS = ("{*}url", "{*}sitemap")
_ROOTS = ("urlset", "sitemapindex")
_END = re.compile(
    rb"(?:</(?:\w+:)?(?:urlset|sitemapindex)\s*|<(?:urlset|sitemapindex)(?:\s[^<>]*)?/)>\s*(?:<!--.*?-->\s*)*\Z",
    re.DOTALL,
)
_GZIP_MAGIC = b"\x1f\x8b"
_YEAR = r"(?<!\d)((?:19|20)\d\d)"
_SPAN = re.compile(rf"{_YEAR}[-/_.](\d{{1,2}})(?:[-/_.](\d{{1,2}}))?(?:[-/_.](\d{{1,2}}))?(?!\d)")
_COMPACT_SPAN = re.compile(rf"{_YEAR}(\d\d)(\d\d)?()(?!\d)")
_YEAR_SPAN = re.compile(rf"{_YEAR}()()()(?!\d)")


@dataclass(frozen=True, slots=True)
class MapRef:
    """A map that an index lists; `changed_at` is the index's lastmod (aware UTC)."""

    url: str
    changed_at: datetime | None = None

    @property
    def span(self) -> "Span | None":
        """The days that its name tells."""
        return find_span(self.url)

    @property
    def newest_at(self) -> datetime | None:
        """No entry can be newer: the end of its days, else the time of its last change; None when nothing is told."""
        span = self.span
        return span.end if span else self.changed_at


@dataclass(frozen=True, slots=True)
class Span:
    """Some days: from `start` up to, and without, `end` (aware)."""

    start: datetime
    end: datetime

    def __str__(self) -> str:
        return f"{self.start.isoformat()}/{self.end.isoformat()}"

    def meets(self, other: "Span") -> bool:
        """Whether a moment lies in both."""
        return self.start < other.end and other.start < self.end

    def holds(self, moment: datetime) -> bool:
        """Whether the moment lies in it."""
        return self.start <= moment < self.end


def read_map(body: bytes, *, url: str, profile: Profile) -> Iterator[Link | MapRef]:
    """The entries of a sitemap or sitemap index that are this site's articles, or maps.

    Raises Unreadable for what is no sitemap, before or after entries: a map that breaks off has given what it had.
    """
    source = _Unpacked(body)
    context = etree.iterparse(
        source, events=("end",), tag=_TAGS, resolve_entities=False, load_dtd=False, no_network=True, recover=True
    )
    entries = 0
    try:
        for _, element in context:
            entries += 1
            entry = _read_entry(element, base=url, profile=profile)
            if entry is not None:
                yield entry
            _drop(element)
    except etree.XMLSyntaxError as error:
        raise Unreadable("not a sitemap: no XML") from error
    root = context.root
    if root is None or _name(root) not in _ROOTS:
        raise Unreadable("not a sitemap: no XML" if root is None else f"not a sitemap but <{_name(root)}>")
    if not _END.search(source.tail):
        raise Unreadable(f"breaks off after {entries} entries")


def find_span(url: str) -> Span | None:
    """The days that a map's name tells, in Vietnam's time; None when it tells none.

    >>> span = find_span("https://www.vietnamplus.vn/sitemaps/news-2026-7.xml")
    >>> str(span.start), str(span.end)
    ('2026-07-01 00:00:00+07:00', '2026-08-01 00:00:00+07:00')
    >>> span = find_span("https://vtv.vn/sitemaps/sitemaps-2026-11-16-20.xml")
    >>> str(span.start), str(span.end)
    ('2026-11-16 00:00:00+07:00', '2026-11-21 00:00:00+07:00')
    """
    path = urlsplit(url).path
    match = _SPAN.search(path) or _COMPACT_SPAN.search(path) or _YEAR_SPAN.search(path)
    if match is None:
        return None
    year, month, first, last = (int(part) if part else None for part in match.groups())
    try:
        start = datetime(year or 1, month or 1, first or 1, tzinfo=VIETNAM)
        until_month = month or 12
        until_day = last or first or monthrange(start.year, until_month)[1]
        end = datetime(start.year, until_month, until_day, tzinfo=VIETNAM) + timedelta(days=1)
    except ValueError:  # month 13, day 31 of a short month: no date after all
        return None
    return Span(start, end) if start < end else None


def month_url(template: str, at: datetime) -> str:
    """The URL of a month's map.

    >>> month_url("https://vov.vn/sitemaps/{year}/{month}/article.xml", datetime(2026, 7, 3, tzinfo=VIETNAM))
    'https://vov.vn/sitemaps/2026/7/article.xml'
    """
    return fill_date(template, at.astimezone(VIETNAM))


def fill_date(template: str, at: datetime) -> str:
    """The template with {year}, {month}, {day} and, of two digits each, {month2} and {day2}."""
    values = {"year": f"{at.year}", "month": f"{at.month}", "day": f"{at.day}"}
    values |= {"month2": f"{at.month:02}", "day2": f"{at.day:02}"}
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", value)
    return template


class _Unpacked:
    """A body as a stream, unpacked if it is gzip; remembers its last bytes."""

    def __init__(self, body: bytes) -> None:
        self.tail = b""
        self._raw = BytesIO(body)
        self._gunzip = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16) if body.startswith(_GZIP_MAGIC) else None
        self._total_bytes = 0

    def read(self, size: int = _CHUNK_BYTES) -> bytes:
        """The next bytes, none at the end; raises Unreadable for a broken gzip and beyond the bound."""
        size = min(size, _CHUNK_BYTES) if size > 0 else _CHUNK_BYTES
        chunk = self._raw.read(size) if self._gunzip is None else self._unpack(self._gunzip, size)
        self._total_bytes += len(chunk)
        if self._total_bytes > MAX_UNPACKED_BYTES:
            raise Unreadable(f"larger than {MAX_UNPACKED_BYTES >> 20} MiB when unpacked")
        self.tail = (self.tail + chunk)[-_TAIL_BYTES:]
        return chunk

    def _unpack(self, gunzip: "zlib._Decompress", size: int) -> bytes:
        unpacked = b""
        while not unpacked and not gunzip.eof:
            packed = gunzip.unconsumed_tail or self._raw.read(size)
            if not packed:
                break  # cut off: the missing end of the map tells
            try:
                unpacked = gunzip.decompress(packed, size)
            except zlib.error as error:
                raise Unreadable("broken gzip") from error
        return unpacked


def _read_entry(element: etree._Element, *, base: str, profile: Profile) -> Link | MapRef | None:
    own = {_name(child): (child.text or "").strip() for child in reversed(element) if child.text}
    address, changed_at = own.get("loc", ""), _read_time(own.get("lastmod"))
    if _name(element) == "sitemap":
        map_url = _join(base, address) if address else None
        return MapRef(map_url, changed_at) if map_url else None
    url = find_article_url(address, base=base, profile=profile) if address else None
    if url is None:
        return None
    published = (child.text for child in element.iter("{*}publication_date"))
    published_at = _read_time(next(published, None))
    hint_at = max(published_at, changed_at) if published_at and changed_at else changed_at or published_at
    return Link(url, hint_at, published_at)


def _join(base: str, address: str) -> str | None:
    """The absolute address, None for what is none that can be asked ("http://[")."""
    try:
        url = urljoin(base, address)
        return url if urlsplit(url).hostname and len(url) <= MAX_URL_CHARS else None
    except ValueError:
        return None


def _read_time(text: str | None) -> datetime | None:
    text = (text or "").strip()
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=VIETNAM)).astimezone(UTC)
    except (ValueError, OverflowError):
        stamp = parse_time(text)
        return stamp.at if stamp else None


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _drop(element: etree._Element) -> None:
    """Free an entry that was read, and what stands before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
