"""The Parquet files of a release: rows streamed from the shards, sorted by time, in folders by site and year.

DuckDB sorts on disk where need be; a part ends where range readers like it to. A site's folder bears its bare name:
`name=value` is a column to readers, and of one that stands in the files too pandas and `pyarrow.dataset` expect
different types. The year is a number in every folder, since pandas can't mix values and nulls there.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from urllib.parse import quote

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from tinsach.datasets.schema import DUPLICATE_SCHEMA, RELEASE_SCHEMA
from tinsach.datasets.selection import DUPLICATES_QUERY
from tinsach.datasets.shards import open_parquet

_MAX_PART_BYTES = 256 << 20  # 256 MiB, within what range readers like
_ROW_GROUP_ROWS = 8192
_MAX_NAME_CHARS = 200  # file systems take 255
NO_YEAR = 0  # names the folder of rows without a time

_ROWS = """
SELECT rows.* EXCLUDE (filename), chosen.cluster, chosen.cluster_size, chosen.cluster_sites, chosen.duplicate_of
FROM read_parquet($shards, filename = true, hive_partitioning = false) AS rows
JOIN chosen ON rows.filename = chosen.shard AND rows.warc_offset = chosen.warc_offset AND chosen.site = $site
ORDER BY rows.published_at NULLS LAST, rows.id, rows.fetched_at
"""


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """One file of a release; `path` is relative to the release, `rows` 0 for what is no Parquet."""

    path: str
    rows: int
    bytes: int
    sha256: str


def list_parts(release: Path) -> list[str]:
    """The files with a release's rows, for DuckDB, which would take "[" and "*" in a folder's name for a pattern."""
    return [str(path) for path in sorted((release / "data").rglob("*.parquet"))]


def list_sites(selection: duckdb.DuckDBPyConnection) -> list[str]:
    return [site for (site,) in selection.execute("SELECT DISTINCT site FROM chosen ORDER BY site").fetchall()]


def write_site(selection: duckdb.DuckDBPyConnection, folder: Path, site: str) -> Iterator[ReleaseFile]:
    """Write one site's rows by time, then id: a folder a year, in it parts of at most some 256 MiB."""
    query = "SELECT DISTINCT shard FROM chosen WHERE site = $site ORDER BY shard"
    shards = [shard for (shard,) in selection.execute(query, {"site": site}).fetchall()]
    reader = selection.sql(_ROWS, params={"shards": shards, "site": site}).to_arrow_reader(_ROW_GROUP_ROWS)
    tables = (pa.Table.from_batches([batch]).cast(RELEASE_SCHEMA) for batch in reader)
    for year, pieces in groupby(_split_years(tables), key=itemgetter(0)):
        place = folder / "data" / name_folder(site) / f"year={NO_YEAR if year is None else year}"
        place.mkdir(parents=True)
        batches = (piece for _, piece in pieces)
        for number, first in enumerate(batches):  # each turn of the loop writes one part and takes its batches
            yield _write_part(folder, place / f"part-{number:05d}.parquet", chain([first], batches))


def name_folder(site: str) -> str:
    """The folder of a site's rows; an imported row may call its site anything.

    Readers pass over names that begin with "." or "_"; what is too long for a name ends in a digest.

    >>> name_folder("qdnd.vn"), name_folder("a/b"), name_folder(".."), name_folder("_x")
    ('qdnd.vn', 'a%2Fb', '%2E.', '%5Fx')
    """
    name = quote(site, safe="")
    if name.startswith((".", "_")):
        name = f"%{ord(name[0]):X}{name[1:]}"
    if len(name) > _MAX_NAME_CHARS:
        name = f"{name[:_MAX_NAME_CHARS]}-{hashlib.blake2b(site.encode(), digest_size=8).hexdigest()}"
    return name


def _split_years(tables: Iterable[pa.Table]) -> Iterator[tuple[int | None, pa.Table]]:
    """The tables, which are sorted by `published_at`, cut where the year (UTC) changes; None is no time at all."""
    for table in tables:
        start = 0
        for year, rows in groupby(pc.year(table["published_at"]).to_pylist()):
            length = sum(1 for _ in rows)
            yield year, table.slice(start, length)
            start += length


def _write_part(folder: Path, path: Path, batches: Iterator[pa.Table]) -> ReleaseFile:
    rows = 0
    with path.open("wb") as file, open_parquet(file, RELEASE_SCHEMA) as writer:
        for batch in batches:
            writer.write_table(batch)
            rows += len(batch)
            if file.tell() >= _MAX_PART_BYTES:
                break
    return describe_file(folder, path, rows)


def write_duplicates(selection: duckdb.DuckDBPyConnection, folder: Path) -> ReleaseFile:
    """What was found to be the same as another row: every one with the row it equals, and how nearly."""
    path, rows = folder / "duplicates.parquet", 0
    with open_parquet(path, DUPLICATE_SCHEMA) as writer:
        for batch in selection.sql(DUPLICATES_QUERY).to_arrow_reader(_ROW_GROUP_ROWS):
            writer.write_table(pa.Table.from_batches([batch]).cast(DUPLICATE_SCHEMA))
            rows += len(batch)
    return describe_file(folder, path, rows)


def describe_file(folder: Path, path: Path, rows: int = 0) -> ReleaseFile:
    """The file's line in the manifest."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return ReleaseFile(path.relative_to(folder).as_posix(), rows, path.stat().st_size, sha256)
