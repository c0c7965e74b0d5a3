"""Everything the data folder knows of one article: its versions, what was removed, and where its bytes lie."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from tinsach.datasets.layout import BrokenWorld, DataDir
from tinsach.datasets.schema import SCHEMA_VERSION
from tinsach.datasets.shards import read_account


class NotFound(BrokenWorld):
    """No record has this id or URL."""


def find_versions(data: DataDir, name: str) -> list[dict[str, Any]]:
    """The records whose `id` or `url` is `name`, oldest first, with `archive`, the path of the file of their bytes.

    Raises NotFound. Shards that can't be read are passed over: `tinsach build` names and replaces them.
    """
    found: list[dict[str, Any]] = []
    for site in data.sites():
        folder = data.site(site)
        for shard in sorted(folder.records.glob("*.parquet")):
            found += [row | {"archive": folder.archive / row["warc_file"]} for row in _read_matching(shard, name)]
    if not found:
        raise NotFound(f"{data.root}: no record of {name}; give an id as ngaynay.vn:167238, or a page's URL")
    return sorted(found, key=lambda row: (row["fetched_at"], row["warc_file"], row["warc_offset"]))


def _read_matching(shard: Path, name: str) -> list[dict[str, Any]]:
    try:
        if read_account(shard).schema_version != SCHEMA_VERSION:
            return []
        rows: list[dict[str, Any]] = pq.read_table(
            shard, filters=(ds.field("id") == name) | (ds.field("url") == name), partitioning=None
        ).to_pylist()
    except (OSError, ValueError, pa.ArrowException):
        return []
    return rows
