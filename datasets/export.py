"""A release in other forms: JSON Lines, CSV or plain text, row by row in the release's order, whole or not at all."""

import csv
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from tinsach.datasets.layout import write_whole
from tinsach.datasets.verify import BadRelease, read_manifest

ExportFormat = Literal["jsonl", "csv", "txt"]
_BATCH_ROWS = 512
_LEFT_OUT = ("minhash",)  # nothing but near-duplicates reads it
_CSV_LISTS = "; "  # lists of text in one cell; blocks, images and removals are JSON


def export_release(release: Path, target: Path, form: ExportFormat) -> int:
    """Write the rows of a release to `target`; returns how many. Raises BadRelease, WriteError.

    jsonl: all columns but `minhash`, times as ISO 8601. csv: the same, with a header; lists joined by "; ", lists of
    structs as JSON. txt: title, lead and text of each article, a line of "=" between two articles.
    """
    paths = [release / entry["path"] for entry in read_manifest(release)["files"]]
    with write_whole(target) as temp, temp.open("w", encoding="utf-8", newline="") as file:
        write = _WRITERS[form](file)
        rows = 0
        for row in _read_rows(paths):
            write(row)
            rows += 1
        return rows


def _read_rows(paths: list[Path]) -> Iterator[dict[str, Any]]:
    for path in paths:
        try:
            with pq.ParquetFile(path) as file:
                columns = [name for name in file.schema_arrow.names if name not in _LEFT_OUT]
                for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=columns):
                    yield from batch.to_pylist()
        except (pa.ArrowException, OSError) as error:
            cause = str(error).partition("\n")[0]
            raise BadRelease(
                f"{path}: damaged ({cause}); restore it from a copy, `tinsach verify` names all"
            ) from error


def _write_jsonl(file: TextIO) -> Callable[[dict[str, Any]], None]:
    return lambda row: print(_to_json(row), file=file)


def _write_csv(file: TextIO) -> Callable[[dict[str, Any]], None]:
    writers: list[Any] = []

    def write(row: dict[str, Any]) -> None:
        if not writers:
            writers.append(csv.DictWriter(file, list(row), lineterminator="\n"))
            writers[0].writeheader()
        writers[0].writerow({name: _to_cell(value) for name, value in row.items()})

    return write


def _write_text(file: TextIO) -> Callable[[dict[str, Any]], None]:
    between = ""

    def write(row: dict[str, Any]) -> None:
        nonlocal between
        parts = (row["title"], row["lead"], row["text"])
        file.write(between + "\n\n".join(part for part in parts if part) + "\n")
        between = "\n====\n\n"

    return write


def _to_cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return _CSV_LISTS.join(value) if all(isinstance(item, str) for item in value) else _to_json(value)
    return value


def _to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=datetime.isoformat)


_WRITERS: dict[ExportFormat, Callable[[TextIO], Callable[[dict[str, Any]], None]]] = {
    "jsonl": _write_jsonl,
    "csv": _write_csv,
    "txt": _write_text,
}
