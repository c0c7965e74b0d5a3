"""Pages of a site from its archive, with the records that were made of them: what suggestions are made from."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tinsach.datasets.archive import ArchivedResponse, ArchiveError, list_archive, read_archive, read_response
from tinsach.datasets.layout import BrokenWorld, DataDir, SiteDir
from tinsach.datasets.pages import is_page
from tinsach.datasets.retention import LONGEST_RUN, read_run_time

MOST_PAGES = 60  # of one sample: enough to tell a rule from an accident, few enough to wait for
_COLUMNS = [
    "url", "fetched_at", "warc_file", "warc_offset", "title", "lead", "text", "blocks", "authors", "published_at",
    "section", "tags", "related_urls", "removed", "extraction", "extraction_name",
]  # fmt: skip


class NoPages(BrokenWorld):
    """The archive holds no page to learn from; names the folder and what to do."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One archived page and its record; None for a page that was rejected or not built."""

    response: ArchivedResponse
    row: dict[str, Any] | None

    @property
    def url(self) -> str:
        """Where the page stands."""
        return self.response.url


@dataclass(frozen=True, slots=True)
class Picked:
    """Pages of a time, evenly picked of the `total` there are, in order of fetching; still unread."""

    site: SiteDir
    total: int
    places: tuple["_Place", ...]

    @property
    def urls(self) -> frozenset[str]:
        """Where they stand."""
        return frozenset(place.url for place in self.places)

    def read(self, most: int = MOST_PAGES) -> Iterator[list[Sample]]:
        """The pages, so many at a time; those that can't be read are left out."""
        for start in range(0, len(self.places), most):
            rows = _read_rows(self.places[start : start + most])
            yield [sample for row in rows if (sample := _read(self.site, row)) is not None]


def read_samples(
    site: SiteDir, *, start: datetime | None = None, end: datetime | None = None, most: int = MOST_PAGES
) -> list[Sample]:
    """The pages that `pick_pages` picks; raises NoPages."""
    return next(pick_pages(site, start=start, end=end, most=most).read(most))


def pick_pages(site: SiteDir, *, start: datetime | None = None, end: datetime | None = None, most: int) -> Picked:
    """Pages fetched from `start` on and before `end`, of each the latest version, spread evenly over that time.

    Raises NoPages when the site has no records or rejects of that time.
    """
    latest = _find_latest(site, _Wanted(start, end))
    if not latest:
        raise NoPages(f"{site.records}: no page of {site.name} in that time; crawl and build it first")
    step = max(1.0, len(latest) / most)
    chosen = tuple(latest[int(number * step)] for number in range(min(most, len(latest))))
    return Picked(site, len(latest), chosen)


def read_records(site: SiteDir, urls: Collection[str], *, end: datetime) -> dict[str, dict[str, Any]]:
    """Of each of the URLs the latest record from before `end`, where the site's own profile made it."""
    rows = _read_rows(_find_latest(site, _Wanted(end=end, urls=urls)))
    return {row["url"]: row for row in rows if row.get("extraction") == "profile"}


def find_rejected(site: SiteDir, urls: Collection[str], *, end: datetime) -> set[str]:
    """Those of the URLs whose latest version from before `end` was rejected."""
    return {
        place.url for place in _find_latest(site, _Wanted(end=end, urls=urls)) if place.shard.parent == site.rejects
    }


def read_headings(site: SiteDir, *, start: datetime, end: datetime) -> set[str]:
    """Titles and leads of the records of that time that the site's own profile made."""
    wanted = _Wanted(start, end)
    found: set[str] = set()
    for path in _list_shards(site.records, wanted):
        for row in _read_table(path, ["title", "lead"], wanted.filter() & (pc.field("extraction") == "profile")):
            found.update(text for text in (row["title"], row["lead"]) if text)
    return found


def read_host_pages(data: DataDir, host: str, *, most: int = MOST_PAGES) -> list[ArchivedResponse]:
    """The newest archived pages of a host, whatever site's archive they lie in; raises NoPages."""
    name = host.removeprefix("www.")
    sites = sorted(data.sites(), key=lambda site: (site != name, site != "imported", site))
    found: dict[str, ArchivedResponse] = {}
    for site in sites:
        for archive in reversed(list_archive(data.site(site))):
            try:
                found.update({page.url: page for page in _read_pages(archive, name) if page.url not in found})
            except ArchiveError:  # `tinsach build` names it
                continue
            if len(found) >= most:
                return list(found.values())[:most]
    if not found:
        raise NoPages(
            f"{data.root / 'sites'}: no archived page of {host}; `tinsach import` a folder of its pages first"
        )
    return list(found.values())


def _read_pages(archive: Path, name: str) -> Iterator[ArchivedResponse]:
    for item in read_archive(archive):
        if not isinstance(item, ArchivedResponse) or not item.body or not is_page(item):
            continue
        if _host_of(item.url).removeprefix("www.") == name:
            yield item


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Rows fetched from `start` on and before `end`, of these URLs; None is no bound."""

    start: datetime | None = None
    end: datetime | None = None
    urls: Collection[str] | None = None

    def filter(self) -> pc.Expression:
        """The same for Arrow."""
        wanted = pc.field("fetched_at").is_valid()
        if self.start is not None:
            wanted &= pc.field("fetched_at") >= self.start
        if self.end is not None:
            wanted &= pc.field("fetched_at") < self.end
        return wanted if self.urls is None else wanted & pc.field("url").isin(list(self.urls))


class _Place(NamedTuple):
    """Where a row stands: the shard, and in it the offset of its page, which no other row has."""

    fetched_at: datetime
    offset: int
    shard: Path
    url: str


def _find_latest(site: SiteDir, wanted: _Wanted) -> list[_Place]:
    """Of each URL the last row, in order of fetching; only columns that are small are read of all rows."""
    latest: dict[str, _Place] = {}
    for folder in (site.records, site.rejects):
        for path in _list_shards(folder, wanted):
            for row in _read_table(path, ["url", "fetched_at", "warc_offset"], wanted.filter()):
                place = _Place(row["fetched_at"], row["warc_offset"], path, row["url"])
                latest[row["url"]] = max(place, latest.get(row["url"], place))
    return sorted(latest.values())


def _read_rows(places: Sequence[_Place]) -> Iterator[dict[str, Any]]:
    """The rows in the places' order, shard by shard read; all they say of a page."""
    offsets: dict[Path, list[int]] = {}
    for place in places:
        offsets.setdefault(place.shard, []).append(place.offset)
    rows = {
        (path, row["warc_offset"]): row
        for path, chosen in offsets.items()
        for row in _read_table(path, _COLUMNS, pc.field("warc_offset").isin(chosen))
    }
    yield from (rows[place.shard, place.offset] for place in places if (place.shard, place.offset) in rows)


def _list_shards(folder: Path, wanted: _Wanted) -> Iterator[Path]:
    """The shards that may hold rows of that time, by the time in their names; one without is always named."""
    for path in sorted(folder.glob("*.parquet")):
        began_at = read_run_time(path.name)
        is_later = began_at and wanted.end and began_at >= wanted.end
        is_earlier = began_at and wanted.start and began_at + LONGEST_RUN < wanted.start
        if not is_later and not is_earlier:
            yield path


def _read_table(path: Path, columns: Sequence[str], wanted: pc.Expression) -> list[dict[str, Any]]:
    try:
        there = pq.read_schema(path).names
        named = [name for name in columns if name in there]
        rows: list[dict[str, Any]] = pq.read_table(path, columns=named, filters=wanted, partitioning=None).to_pylist()
    except (OSError, pa.ArrowException):  # `tinsach build` names it
        return []
    return rows


def _read(site: SiteDir, row: dict[str, Any]) -> Sample | None:
    try:
        response = read_response(site.archive / row["warc_file"], row["warc_offset"])
    except ArchiveError:
        return None
    return Sample(response, row if "title" in row else None)


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
