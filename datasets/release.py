"""A release: one immutable data set made from all shards, whole or not at all.

Of each article the latest version counts; of records with the same text the one published first (ids decide ties, never
the time of fetching, so that a broken and resumed crawl ends in the same release). Nothing is held in memory but ids
and hashes: the rows stream from the shards, sorted by DuckDB on disk where need be.
"""

import hashlib
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from urllib.parse import quote, unquote

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tinsach.datasets.card import render_card
from tinsach.datasets.layout import BrokenWorld, DataDir, sync_dir, write_error
from tinsach.datasets.locks import releases_lock
from tinsach.datasets.schema import RECORD_SCHEMA, SCHEMA_VERSION
from tinsach.datasets.shards import open_parquet, read_account

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_MAX_PART_BYTES = 256 << 20  # 256 MiB, within what range readers like
_ROW_GROUP_ROWS = 8192
_SORT_MEMORY = "2GB"  # beyond it DuckDB sorts on disk, in the release's own temporary folder

# One row a page version; a shard and an offset name it.
_CANDIDATES = """
CREATE TEMP TABLE candidates AS
SELECT id, site::VARCHAR AS site, published_at, fetched_at, text_hash, filename AS shard, warc_file, warc_offset
FROM read_parquet($shards, filename = true, hive_partitioning = false)
"""
_LATEST = """
CREATE TEMP TABLE latest AS SELECT * FROM candidates
QUALIFY row_number() OVER (PARTITION BY id ORDER BY fetched_at DESC, warc_file DESC, warc_offset DESC) = 1
"""
_CHOSEN = """
CREATE TEMP TABLE chosen AS SELECT * FROM latest
QUALIFY row_number() OVER (PARTITION BY coalesce(text_hash, id) ORDER BY published_at NULLS LAST, site, id) = 1
"""
_ROWS = """
SELECT rows.* EXCLUDE (filename)
FROM read_parquet($shards, filename = true, hive_partitioning = false) AS rows
SEMI JOIN chosen ON rows.filename = chosen.shard AND rows.warc_offset = chosen.warc_offset AND chosen.site = $site
ORDER BY rows.published_at NULLS LAST, rows.id
"""


class ReleaseError(BrokenWorld):
    """A release that cannot be made; nothing stands under its name."""


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """One Parquet file of a release; `path` is relative to the release."""

    path: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseReport:
    """What a release holds and what was left out; `errors` name shards that could not be used."""

    name: str
    path: Path
    rows: int
    bytes: int
    files: int
    older_versions: int
    duplicates: int
    rows_by_site: dict[str, int]
    errors: tuple[str, ...]


def make_release(data: DataDir, name: str, *, sites: Sequence[str] | None = None) -> ReleaseReport:
    """Publish all records, or those of the folders of `sites`, as `releases/<name>`.

    Written beside, checked, renamed. Raises ReleaseError when the name is taken or no name for a folder, a site is
    unknown, or there is nothing to release; a shard that cannot be read is left out and named in `errors`.
    """
    if not _NAME.fullmatch(name):
        raise ReleaseError(f"{name!r}: not a name for a release; use letters, digits, '.', '_' and '-'")
    final = data.releases / name
    with releases_lock(data.releases):
        _remove_leftovers(data.releases)
        if final.exists():
            raise ReleaseError(f"{final}: this release exists and releases never change; choose another name")
        shards, errors = _list_shards(data, sites)
        if not shards:
            cause = "; ".join(["no records to release", *errors[:1]])
            raise ReleaseError(f"{data.root / 'sites'}: {cause}; build them first")
        with _whole_folder(final) as folder, _open_selection(shards, folder / "spill") as selection:
            dropped = _select(selection, shards)
            files = [file for site in _list_sites(selection) for file in _write_site(selection, folder, site)]
            totals = {"rows": sum(file.rows for file in files), "bytes": sum(file.bytes for file in files)}
            manifest = _describe(data, name, shards, errors) | totals | dropped
            manifest["files"] = [asdict(file) for file in files]
            _write_text(folder / "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")
            rows_by_site = _count_rows(files)
            _write_text(folder / "README.md", render_card(name, rows_by_site))
            _check(folder, files)
    return ReleaseReport(
        name=name,
        path=final,
        files=len(files),
        rows_by_site=rows_by_site,
        errors=tuple(errors),
        **totals,
        **dropped,
    )


def _list_shards(data: DataDir, sites: Sequence[str] | None) -> tuple[list[Path], list[str]]:
    known = data.sites()
    unknown = sorted(set(sites or ()) - set(known))
    if unknown:
        raise ReleaseError(
            f"{data.root / 'sites'}: no data of {', '.join(unknown)}; there is {', '.join(known) or '-'}"
        )
    shards, errors = [], []
    for site in sorted(sites or known):
        for shard in sorted(data.site(site).records.glob("*.parquet")):
            try:
                read_account(shard)
                shards.append(shard)
            except (OSError, ValueError) as error:
                errors.append(f"{shard}: left out, {error}; build again to replace it")
    return shards, errors


def _remove_leftovers(releases: Path) -> None:
    """Remove what killed releases of any name left; call with the lock held."""
    for path in releases.glob(".*.tmp"):
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _whole_folder(final: Path) -> Iterator[Path]:
    """Yield an empty folder beside `final`; on a clean exit it takes the final name, on any error it is removed."""
    temp = final.with_name(f".{final.name}.tmp")
    try:
        temp.mkdir()
        yield temp
        for folder in {path.parent for path in temp.rglob("*")} | {temp}:
            sync_dir(folder)
        temp.replace(final)
        sync_dir(final.parent)
    except OSError as error:
        raise write_error(final, error) from error
    finally:
        shutil.rmtree(temp, ignore_errors=True)


@contextmanager
def _open_selection(shards: Sequence[Path], spill: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB connection that spills beside the release; a shard that it can't read is named in a ReleaseError."""
    try:
        with duckdb.connect(config={"memory_limit": _SORT_MEMORY, "temp_directory": str(spill)}) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            yield connection
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno:  # the disk's own refusal, not Arrow's of a shard
            raise
        damaged = next((shard for shard in shards if not _is_readable(shard)), None)
        if damaged:
            raise ReleaseError(f"{damaged}: damaged ({_first_line(error)}); remove it and build again") from error
        if isinstance(error, (duckdb.IOException, duckdb.OutOfMemoryException)):
            raise ReleaseError(f"{spill.parent}: {_first_line(error)}; free space or memory and run again") from error
        raise
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def _is_readable(shard: Path) -> bool:
    try:
        with pq.ParquetFile(shard) as file:
            for _ in file.iter_batches():
                pass
    except (OSError, pa.ArrowException):
        return False
    return True


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _select(selection: duckdb.DuckDBPyConnection, shards: Sequence[Path]) -> dict[str, int]:
    """Fill the table `chosen`; returns how many rows were left out as older versions and as duplicates."""
    selection.execute(_CANDIDATES, {"shards": [str(shard) for shard in shards]})
    selection.execute(_LATEST)
    selection.execute(_CHOSEN)
    candidates, latest, chosen = (_count(selection, table) for table in ("candidates", "latest", "chosen"))
    return {"older_versions": candidates - latest, "duplicates": latest - chosen}


def _count(selection: duckdb.DuckDBPyConnection, table: str) -> int:
    return len(selection.table(table))


def _list_sites(selection: duckdb.DuckDBPyConnection) -> list[str]:
    return [site for (site,) in selection.execute("SELECT DISTINCT site FROM chosen ORDER BY site").fetchall()]


def _write_site(selection: duckdb.DuckDBPyConnection, folder: Path, site: str) -> Iterator[ReleaseFile]:
    """Write one site's rows by time, then id, as parts of at most some 256 MiB."""
    query = "SELECT DISTINCT shard FROM chosen WHERE site = $site ORDER BY shard"
    shards = [shard for (shard,) in selection.execute(query, {"site": site}).fetchall()]
    reader = selection.sql(_ROWS, params={"shards": shards, "site": site}).to_arrow_reader(_ROW_GROUP_ROWS)
    place = folder / "data" / f"site={quote(site, safe='')}"
    place.mkdir(parents=True)
    batches = (pa.Table.from_batches([batch]).cast(RECORD_SCHEMA) for batch in reader)
    for number, first in enumerate(batches):  # each turn of the loop writes one part and takes its batches
        yield _write_part(folder, place / f"part-{number:05d}.parquet", chain([first], batches))


def _write_part(folder: Path, path: Path, batches: Iterator[pa.Table]) -> ReleaseFile:
    rows = 0
    with path.open("wb") as file:
        with open_parquet(file, RECORD_SCHEMA) as writer:
            for batch in batches:
                writer.write_table(batch)
                rows += len(batch)
                if file.tell() >= _MAX_PART_BYTES:
                    break
        file.flush()
        os.fsync(file.fileno())
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return ReleaseFile(path.relative_to(folder).as_posix(), rows, path.stat().st_size, sha256)


def _describe(data: DataDir, name: str, shards: Sequence[Path], errors: Sequence[str]) -> dict[str, object]:
    accounts = {shard: read_account(shard) for shard in shards}
    return {
        "name": name,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "tinsach": version("tinsach"),
        "schema_version": SCHEMA_VERSION,
        "rules_versions": sorted({account.rules_version for account in accounts.values()}),
        "sources": [
            {"shard": shard.relative_to(data.root).as_posix(), "records": account.counts.records}
            for shard, account in accounts.items()
        ],
        "left_out": list(errors),
    }


def _count_rows(files: Sequence[ReleaseFile]) -> dict[str, int]:
    rows: Counter[str] = Counter()
    for file in files:
        rows[unquote(file.path.split("/")[1].removeprefix("site="))] += file.rows
    return dict(rows)


def _check(folder: Path, files: Sequence[ReleaseFile]) -> None:
    """Read back what was written; RuntimeError when it is not what was meant, which is a bug or a failing disk."""
    for file in files:
        written = pq.read_schema(folder / file.path), pq.read_metadata(folder / file.path).num_rows
        if written != (RECORD_SCHEMA, file.rows):
            raise RuntimeError(f"{folder / file.path}: reads back as {written[1]} rows of {written[0]}")


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
