"""DuckDB as every query of ours uses it: UTC, bounded memory, and its own folder on disk for what does not fit."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

_MEMORY = "2GB"  # beyond it DuckDB works on disk


@contextmanager
def open_duckdb(spill: Path | None = None, *, threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection without a database; what does not fit into memory goes to `spill`, else where temporary files go.

    By itself DuckDB takes four fifths of the machine's memory, and spills into the folder it was called in.
    """
    with TemporaryDirectory(prefix="tinsach-query-") if spill is None else nullcontext(str(spill)) as folder:
        config: dict[str, str | bool | int | float | list[str]] = {"memory_limit": _MEMORY, "temp_directory": folder}
        if threads:
            config["threads"] = threads
        with duckdb.connect(config=config) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            yield connection
