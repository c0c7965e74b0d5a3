"""A shard: one Parquet file of rows, with its own account of what it was made from in the file's metadata."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from errno import EIO
from pathlib import Path
from typing import BinaryIO, Self

import pyarrow as pa
import pyarrow.parquet as pq

from tinsach.datasets.layout import SiteDir
from tinsach.datasets.records import Row
from tinsach.datasets.schema import RECORD_SCHEMA, REJECT_SCHEMA, SCHEMA_VERSION

BATCH_ROWS = 512  # some 5 MB of news; what a writer keeps in memory
_BATCH_CHARS = 16 << 20  # and at most so much text, however long the articles are
DAMAGED_SUFFIX = ".damaged"  # behind the name of a shard that was set aside
_ACCOUNT_KEY = "tinsach"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of the responses of one WARC file: responses = records + rejected + non-pages."""

    responses: int = 0
    records: int = 0
    non_pages: int = 0
    broken: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    removed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a shard was made from. Equal accounts (but for `counts`) mean that making it again changes nothing."""

    schema_version: int = SCHEMA_VERSION
    rules_version: str
    warc_bytes: int
    warc_mtime_ns: int
    counts: Counts = Counts()


class RowWriter:
    """Writes rows to a Parquet file in batches: zstd, page index, one row group a batch."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._rows: list[Row] = []
        self._chars = 0
        self.rows = 0  # in the file
        self._writer = open_parquet(path, schema)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()

    def write(self, row: Row) -> None:
        """Take one row; it must have every column of the schema that is never null."""
        self._rows.append(row)
        self._chars += _count_chars(row)
        if len(self._rows) >= BATCH_ROWS or self._chars >= _BATCH_CHARS:
            self._flush()

    def finish(self, account: Account) -> None:
        """Write what is left and the account."""
        self._flush()
        self._writer.add_key_value_metadata({_ACCOUNT_KEY: json.dumps(asdict(account))})

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
            self.rows += len(self._rows)
            self._rows, self._chars = [], 0


def _count_chars(row: Row) -> int:
    """How much text a record brings along; a reject brings next to none."""
    text, removed = row.get("text"), row.get("removed")
    kept = len(text) if isinstance(text, str) else 0
    return kept + sum(len(removal["text"]) for removal in removed) if isinstance(removed, list) else kept


def open_parquet(target: Path | BinaryIO, schema: pa.Schema) -> pq.ParquetWriter:
    """A Parquet writer as all our files are written."""
    return pq.ParquetWriter(target, schema, compression="zstd", write_page_index=True)


def list_shards(folder: SiteDir) -> tuple[list[Path], list[str]]:
    """A site's shards of records in order, and a line for each that can't be used."""
    shards, errors = [], []
    for shard in sorted(folder.records.glob("*.parquet")):
        if fault := find_fault(shard):
            errors.append(fault)
        else:
            shards.append(shard)
    return shards, errors + [
        f"{shard}: left out, damaged and set aside; {_rebuild(shard)}" for shard in _list_set_aside(folder)
    ]


def _list_set_aside(folder: SiteDir) -> list[Path]:
    """The damaged shards in whose place none was built yet, though their archive file is there."""
    shards = (path.with_suffix("") for path in sorted(folder.records.glob(f"*.parquet{DAMAGED_SUFFIX}")))
    return [shard for shard in shards if not shard.exists() and (folder.archive / f"{shard.stem}.warc.gz").exists()]


def find_fault(shard: Path) -> str | None:
    """A line on why a shard can't be used, by its account, and what to do; None for one that seems good."""
    try:
        read_account(shard)
    except (OSError, ValueError) as error:
        remedy = "upgrade tinsach" if isinstance(error, NewerShard) else _rebuild(shard)
        return f"{shard}: left out, {str(error).partition(chr(10))[0]}; {remedy}"
    return None


def set_damaged_aside(shards: Iterable[Path]) -> dict[Path, str]:
    """Read each shard through; one that can't be decoded is renamed, so that the next build makes it anew.

    Returns a line for each such shard. One that the system does not let us read is not called damaged.
    """
    lines = {}
    for shard in shards:
        if cause := _find_damage(shard):
            aside = shard.with_name(shard.name + DAMAGED_SUFFIX)
            shard.replace(aside)
            lines[shard] = f"{shard}: damaged ({cause}), set aside as {aside.name}; {_rebuild(shard)}"
    return lines


def _find_damage(shard: Path) -> str | None:
    """Why the rows of a shard can't be decoded, which its footer does not show; None for a good one."""
    try:
        with pq.ParquetFile(shard) as file:
            for _ in file.iter_batches():
                pass
    except (OSError, pa.ArrowException) as error:
        is_ours = isinstance(error, MemoryError) or getattr(error, "errno", None) not in (None, EIO)
        return None if is_ours else str(error).partition("\n")[0]
    return None


def _rebuild(shard: Path) -> str:
    return f"`tinsach build {shard.parent.parent.name}` makes it anew"


class NewerShard(ValueError):
    """A shard of a schema version that this tinsach does not know; making it again would lose what it holds."""


def read_account(path: Path) -> Account:
    """The account of a shard. Raises OSError or ValueError when it can't be read or is of another schema version.

    NewerShard when the version is still to come. A shard whose columns are not those of its version is none.
    """
    metadata = pq.read_metadata(path)
    values = json.loads((metadata.metadata or {}).get(_ACCOUNT_KEY.encode("ascii"), "{}"))
    found = values.get("schema_version") if isinstance(values, dict) else None
    if isinstance(found, int) and found > SCHEMA_VERSION:
        raise NewerShard(f"made by a newer tinsach (schema version {found}, this one knows {SCHEMA_VERSION})")
    if found != SCHEMA_VERSION:
        raise ValueError(f"schema version {found}, not {SCHEMA_VERSION}")
    if metadata.num_columns not in _NUM_COLUMNS:
        raise ValueError(f"{metadata.num_columns} columns, not those of schema version {SCHEMA_VERSION}")
    try:
        return Account(**{**values, "counts": Counts(**values["counts"])})
    except (KeyError, TypeError) as error:
        raise ValueError(f"its account is not one of schema version {SCHEMA_VERSION} ({error})") from error


def _count_leaves(schema: pa.Schema) -> int:
    """How many columns Parquet makes of a schema: one a field, of a struct one a member."""
    kinds = [field.type.value_type if pa.types.is_list(field.type) else field.type for field in schema]
    return sum(kind.num_fields if pa.types.is_struct(kind) else 1 for kind in kinds)


_NUM_COLUMNS = {_count_leaves(RECORD_SCHEMA), _count_leaves(REJECT_SCHEMA)}
