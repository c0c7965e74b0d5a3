"""Where items go: a Parquet feed with the record schema, and feed files that are written whole or not at all.

Scrapy's own file storage opens the final name at once, so that a killed crawl leaves half a file in its place.
"""

import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO

import pyarrow as pa
from scrapy import Spider
from scrapy.exporters import BaseItemExporter
from scrapy.extensions.feedexport import FileFeedStorage

from tinsach.datasets.layout import remove_leftovers, sync_path, write_error
from tinsach.datasets.records import Row
from tinsach.datasets.schema import LOOSE_SCHEMA, RECORD_SCHEMA
from tinsach.datasets.shards import BATCH_ROWS, open_parquet

_TIMES = tuple(field.name for field in RECORD_SCHEMA if pa.types.is_timestamp(field.type))


class ParquetItemExporter(BaseItemExporter):
    """Records as Parquet, a row group of 512 at a time; a page that was never archived needs the loose schema."""

    def __init__(self, file: BinaryIO, **options: Any) -> None:
        super().__init__(dont_fail=True, **options)
        self._file = file
        self._rows: list[Row] = []
        self._schema: pa.Schema | None = None
        self._writer: Any = None

    def export_item(self, item: Any) -> None:
        """Take one record as `make_item` makes it."""
        self._rows.append(dict(item))
        if len(self._rows) >= BATCH_ROWS:
            self._flush()

    def finish_exporting(self) -> None:
        """Write what is left and the file's end; without any record a file that has the columns alone."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._writer is None:
            self._schema = self._choose_schema()
            self._writer = open_parquet(self._file, self._schema)
        if self._rows:
            self._writer.write_table(_to_table(self._rows, self._schema))
            self._rows = []

    def _choose_schema(self) -> pa.Schema:
        schema = LOOSE_SCHEMA if any(row["warc_file"] is None for row in self._rows) else RECORD_SCHEMA
        chosen = self.fields_to_export
        return schema if chosen is None else pa.schema([schema.field(name) for name in chosen], schema.metadata)


class WholeFileStorage(FileFeedStorage):
    """A local feed: with -O it takes its name when the crawl is over, -o appends to what there is.

    A crawl that was refused (a busy site) leaves what was there before.
    """

    def __init__(self, uri: str, *, feed_options: dict[str, Any] | None = None) -> None:
        super().__init__(uri, feed_options=feed_options)
        self._is_whole = self.write_mode == "wb"
        self._spider: Spider | None = None
        self._path = Path(self.path)

    def open(self, spider: Spider) -> IO[bytes]:
        """The file to write to: another name in the same folder."""
        self._spider = spider
        if not self._is_whole:
            return super().open(spider)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        remove_leftovers(self._path.parent, self._path.name)
        return self._path.with_name(f".{self._path.name}.{secrets.token_hex(4)}.tmp").open("wb")

    def store(self, file: IO[bytes]) -> None:
        """Give the file its name; raises WriteError."""
        if not self._is_whole:
            super().store(file)
            return
        temp = Path(file.name)
        try:
            file.flush()
            os.fsync(file.fileno())
            file.close()
            if getattr(self._spider, "is_refused", False):
                temp.unlink()
                return
            temp.replace(self._path)
            sync_path(self._path.parent)
        except OSError as error:
            raise write_error(self._path, error) from error


def _to_table(rows: list[Row], schema: pa.Schema | None) -> pa.Table:
    """The rows with their times read back; columns are cut to the schema's."""
    assert schema is not None
    return pa.Table.from_pylist([{**row, **_read_times(row)} for row in rows], schema=schema)


def _read_times(row: Row) -> Row:
    return {name: _read_time(row[name]) for name in _TIMES if name in row}


def _read_time(value: object) -> object:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
