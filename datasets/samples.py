"""Pages of a site from its archive, with the records that were made of them: what suggestions are made from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

from tinsach.datasets.archive import ArchivedResponse, ArchiveError, list_archive, read_archive, read_response
from tinsach.datasets.layout import BrokenWorld, DataDir, SiteDir

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


def read_samples(
    site: SiteDir, *, start: datetime | None = None, end: datetime | None = None, most: int = MOST_PAGES
) -> list[Sample]:
    """Pages fetched from `start` on and before `end`, spread evenly over that time, in order of fetching.

    Raises NoPages when the site has no records or rejects of that time.
    """
    rows = sorted(_read_rows(site, start, end), key=lambda row: (row["fetched_at"], row["warc_offset"]))
    latest = list({row["url"]: row for row in rows}.values())
    if not latest:
        raise NoPages(f"{site.records}: no page of {site.name} in that time; crawl and build it first")
    step = max(1.0, len(latest) / most)
    chosen = [latest[int(number * step)] for number in range(min(most, len(latest)))]
    return [sample for row in chosen if (sample := _read(site, row)) is not None]


def read_records(site: SiteDir, *, end: datetime) -> dict[str, dict[str, Any]]:
    """By URL the latest record from before `end` that the site's own profile made."""
    rows = sorted(_read_rows(site, None, end), key=lambda row: (row["fetched_at"], row["warc_offset"]))
    return {row["url"]: row for row in rows if row.get("extraction") == "profile"}


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
        if isinstance(item, ArchivedResponse) and _host_of(item.url).removeprefix("www.") == name and item.body:
            yield item


def _read_rows(site: SiteDir, start: datetime | None, end: datetime | None) -> Iterator[dict[str, Any]]:
    for folder in (site.records, site.rejects):
        for path in sorted(folder.glob("*.parquet")):
            try:
                file = pq.ParquetFile(path)
                columns = [name for name in _COLUMNS if name in file.schema_arrow.names]
                rows = file.read(columns).to_pylist()
            except (OSError, pa.ArrowException):  # `tinsach build` names it
                continue
            for row in rows:
                if (start is None or row["fetched_at"] >= start) and (end is None or row["fetched_at"] < end):
                    yield row


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
