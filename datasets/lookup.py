"""Everything the data folder knows of one article: its versions, what was removed, and where its bytes lie."""

import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from tinsach.datasets.archive import ArchivedResponse, ArchiveError, list_archive, read_archive, read_response
from tinsach.datasets.fixtures import SavedPage
from tinsach.datasets.layout import BrokenWorld, DataDir, SiteDir
from tinsach.datasets.pages import is_page
from tinsach.datasets.shards import find_fault, read_account, set_damaged_aside

UNREADABLE = (OSError, ValueError, pa.ArrowException)  # what reading a shard raises


class NotFound(BrokenWorld):
    """No record, or no archived page, has this id or URL."""


@dataclass(frozen=True, slots=True)
class Versions:
    """The records of one article, oldest first, and a line for each shard that could not be read."""

    rows: tuple[dict[str, Any], ...]
    faults: tuple[str, ...]


def find_versions(data: DataDir, name: str) -> Versions:
    """The records whose `id` or `url` is `name`, with `archive`, the path of the file of their bytes.

    Imported texts stand before all others, as the last one is what a release would take. A shard that turns out
    damaged is set aside. Raises NotFound.
    """
    found: list[dict[str, Any]] = []
    faults: list[str] = []
    for site in data.sites():
        folder = data.site(site)
        for shard in sorted(folder.records.glob("*.parquet")):
            try:
                found += [row | {"archive": folder.archive / row["warc_file"]} for row in _read_matching(shard, name)]
            except UNREADABLE as error:
                faults.append(find_fault(shard) or set_damaged_aside([shard]).get(shard) or f"{shard}: {error}")
    if not found:
        where = "; ".join([*faults, "else give"] if faults else ["give"])
        raise NotFound(f"{data.root}: no record of {name}; {where} an id as ngaynay.vn:167238, or a page's URL")
    found.sort(key=lambda row: (row["extraction"] != "text", row["fetched_at"], row["warc_file"], row["warc_offset"]))
    return Versions(tuple(found), tuple(faults))


def find_page(data: DataDir, name: str) -> ArchivedResponse:
    """The latest archived response whose record's `id`, or whose URL, is `name`; nothing is fetched.

    Rejected pages are found too, and those that were archived after the last build. Raises NotFound.
    """
    try:
        latest = find_versions(data, name).rows[-1]
    except NotFound:
        found = [response for site in data.sites() for response in _read_unbuilt(data.site(site), name)]
        if not found:
            raise NotFound(
                f"{data.root}: no archived page of {name}; crawl its site, or save the page and give the file"
            ) from None
        return max(found, key=lambda response: response.fetched_at)
    return read_response(latest["archive"], latest["warc_offset"])


def to_saved_page(response: ArchivedResponse) -> SavedPage:
    """What a fixture keeps of an archived response."""
    return SavedPage(url=response.url, html=response.body, fetched_at=response.fetched_at, charset=response.charset)


def _read_unbuilt(site: SiteDir, url: str) -> Iterator[ArchivedResponse]:
    """The responses of a URL among a site's rejects, and in the archive files that no shard was made of."""
    for archive in list_archive(site):
        stem = archive.name.removesuffix(".gz").removesuffix(".warc")
        try:
            if (site.records / f"{stem}.parquet").exists():
                rejected = _read_matching(site.rejects / f"{stem}.parquet", url, ("url",))
                yield from (read_response(archive, row["warc_offset"]) for row in rejected)
            else:
                items = (item for item in read_archive(archive) if isinstance(item, ArchivedResponse))
                yield from (item for item in items if item.url == url and is_page(item))
        except (ArchiveError, *UNREADABLE):  # `tinsach build` names it
            continue


def _read_matching(shard: Path, name: str, columns: Sequence[str] = ("id", "url")) -> list[dict[str, Any]]:
    """The rows of a shard that have the name in one of these columns; raises what is UNREADABLE."""
    read_account(shard)
    matches = reduce(operator.or_, (ds.field(column) == name for column in columns))
    rows: list[dict[str, Any]] = pq.read_table(shard, filters=matches, partitioning=None).to_pylist()
    return rows
