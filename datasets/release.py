"""A release: one immutable data set made from all shards, whole or not at all.

What is in it is said by `tinsach.datasets.selection`; here the rows stream from the shards, sorted by DuckDB on disk
where need be, into a folder beside, which is checked and renamed.
"""

import hashlib
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from urllib.parse import quote, unquote

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tinsach.datasets.card import render_card
from tinsach.datasets.layout import DataDir, sync_dir, write_error
from tinsach.datasets.locks import releases_lock
from tinsach.datasets.schema import DUPLICATE_SCHEMA, RELEASE_SCHEMA, SCHEMA_VERSION
from tinsach.datasets.selection import DUPLICATES_QUERY, Filters, ReleaseError, Selected, open_selection, select
from tinsach.datasets.shards import open_parquet, read_account

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_MAX_PART_BYTES = 256 << 20  # 256 MiB, within what range readers like
_ROW_GROUP_ROWS = 8192
NO_YEAR = "__HIVE_DEFAULT_PARTITION__"  # how Hive names the folder of rows without the value

_ROWS = """
SELECT rows.* EXCLUDE (filename), chosen.cluster, chosen.cluster_size, chosen.cluster_sites, chosen.duplicate_of
FROM read_parquet($shards, filename = true, hive_partitioning = false) AS rows
JOIN chosen ON rows.filename = chosen.shard AND rows.warc_offset = chosen.warc_offset AND chosen.site = $site
ORDER BY rows.published_at NULLS LAST, rows.id, rows.fetched_at
"""


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
    left_out: Selected
    rows_by_site: dict[str, int]
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseOptions:
    """What a release is made of; it stands in the manifest. `sites` None means all that have a folder.

    With `keep_duplicates` equal texts stay and `duplicate_of` names the row they equal; with `all_revisions` every
    version of an article that differs in its text is a row.
    """

    sites: tuple[str, ...] | None = None
    filters: Filters = field(default_factory=Filters)
    all_revisions: bool = False
    keep_duplicates: bool = False


_DEFAULT = ReleaseOptions()


def make_release(data: DataDir, name: str, options: ReleaseOptions = _DEFAULT) -> ReleaseReport:
    """Publish the records that `options` ask for as `releases/<name>`.

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
        shards, errors = _list_shards(data, options.sites)
        if not shards:
            cause = "; ".join(["no records to release", *errors[:1]])
            raise ReleaseError(f"{data.root / 'sites'}: {cause}; build them first")
        takedown = read_takedown(data)
        with _whole_folder(final) as folder, open_selection(shards, folder / "spill") as selection:
            left_out = select(
                selection,
                shards,
                options.filters,
                takedown=takedown,
                all_revisions=options.all_revisions,
                keep_duplicates=options.keep_duplicates,
            )
            files = [file for site in _list_sites(selection) for file in _write_site(selection, folder, site)]
            if not files:
                raise ReleaseError(f"{data.root / 'sites'}: no record passes the filters; widen them")
            report = ReleaseReport(
                name=name,
                path=final,
                rows=sum(file.rows for file in files),
                bytes=sum(file.bytes for file in files),
                files=len(files),
                left_out=left_out,
                rows_by_site=_count_rows(files),
                errors=tuple(errors),
            )
            manifest = _describe(data, report, shards, options)
            manifest["files"] = [asdict(file) for file in files]
            manifest["other_files"] = [asdict(_write_duplicates(selection, folder))]
            _write_text(folder / "README.md", render_card(name, report.rows_by_site))
            _write_text(folder / "manifest.json", to_json(manifest))
            _check(folder, files)
    return report


def to_json(values: object) -> str:
    """Readable JSON; times are ISO 8601."""
    return json.dumps(values, ensure_ascii=False, indent=2, default=datetime.isoformat) + "\n"


def read_takedown(data: DataDir) -> tuple[str, ...]:
    """Ids and URLs that no release may hold: the lines of `takedown.txt` in the data folder, "#" begins a comment."""
    try:
        text = (data.root / "takedown.txt").read_text(encoding="utf-8")
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError as error:
        raise ReleaseError(f"{data.root / 'takedown.txt'}: not UTF-8 text (byte {error.start}); save it so") from error
    lines = (re.sub(r"(^|\s)#.*", "", line).strip() for line in text.splitlines())
    return tuple(line for line in lines if line)


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


def _list_sites(selection: duckdb.DuckDBPyConnection) -> list[str]:
    return [site for (site,) in selection.execute("SELECT DISTINCT site FROM chosen ORDER BY site").fetchall()]


def _write_site(selection: duckdb.DuckDBPyConnection, folder: Path, site: str) -> Iterator[ReleaseFile]:
    """Write one site's rows by time, then id: a folder a year, in it parts of at most some 256 MiB."""
    query = "SELECT DISTINCT shard FROM chosen WHERE site = $site ORDER BY shard"
    shards = [shard for (shard,) in selection.execute(query, {"site": site}).fetchall()]
    reader = selection.sql(_ROWS, params={"shards": shards, "site": site}).to_arrow_reader(_ROW_GROUP_ROWS)
    tables = (pa.Table.from_batches([batch]).cast(RELEASE_SCHEMA) for batch in reader)
    for year, pieces in groupby(_split_years(tables), key=itemgetter(0)):
        place = folder / "data" / f"site={quote(site, safe='')}" / f"year={NO_YEAR if year is None else year}"
        place.mkdir(parents=True)
        batches = (piece for _, piece in pieces)
        for number, first in enumerate(batches):  # each turn of the loop writes one part and takes its batches
            yield _write_part(folder, place / f"part-{number:05d}.parquet", chain([first], batches))


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
    with path.open("wb") as file:
        with open_parquet(file, RELEASE_SCHEMA) as writer:
            for batch in batches:
                writer.write_table(batch)
                rows += len(batch)
                if file.tell() >= _MAX_PART_BYTES:
                    break
        file.flush()
        os.fsync(file.fileno())
    return describe_file(folder, path, rows)


def _write_duplicates(selection: duckdb.DuckDBPyConnection, folder: Path) -> ReleaseFile:
    """What was found to be the same as another row: every one with the row it equals, and how nearly."""
    path, rows = folder / "duplicates.parquet", 0
    with open_parquet(path, DUPLICATE_SCHEMA) as writer:
        for batch in selection.sql(DUPLICATES_QUERY).to_arrow_reader(_ROW_GROUP_ROWS):
            writer.write_table(pa.Table.from_batches([batch]).cast(DUPLICATE_SCHEMA))
            rows += len(batch)
    return describe_file(folder, path, rows)


def describe_file(folder: Path, path: Path, rows: int) -> ReleaseFile:
    """The file's line in the manifest."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return ReleaseFile(path.relative_to(folder).as_posix(), rows, path.stat().st_size, sha256)


def _describe(
    data: DataDir, report: ReleaseReport, shards: Sequence[Path], options: ReleaseOptions
) -> dict[str, object]:
    accounts = {shard: read_account(shard) for shard in shards}
    return {
        "name": report.name,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "tinsach": version("tinsach"),
        "schema_version": SCHEMA_VERSION,
        "rules_versions": sorted({account.rules_version for account in accounts.values()}),
        "sources": [
            {"shard": shard.relative_to(data.root).as_posix(), "records": account.counts.records}
            for shard, account in accounts.items()
        ],
        "left_out": list(report.errors),
        "options": asdict(options),
        "rows": report.rows,
        "bytes": report.bytes,
        **asdict(report.left_out),
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
        if written != (RELEASE_SCHEMA, file.rows):
            raise RuntimeError(f"{folder / file.path}: reads back as {written[1]} rows of {written[0]}")


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
