"""The schema is explicit: what is written by design.md, what may be null, and that a null elsewhere is refused."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tinsach.datasets import shards
from tinsach.datasets.card import COLUMNS
from tinsach.datasets.schema import RECORD_SCHEMA, REJECT_SCHEMA, RELEASE_SCHEMA, SCHEMA_VERSION
from tinsach.datasets.shards import Account, RowWriter, read_account

REJECT = {
    "url": "https://ngaynay.vn/",
    "site": "ngaynay.vn",
    "reason": "home",
    "detail": None,
    "fetched_at": 0,
    "warc_file": "run-00000.warc.gz",
    "warc_offset": 0,
    "rules_version": "0" * 16,
}


def test_columns_and_their_order_are_pinned() -> None:
    """A change of names, order or nullability is a change of the data: raise SCHEMA_VERSION with it."""
    always = (
        "id url site blocks authors tags images related_urls removed extraction extraction_name fetched_at warc_file "
        "warc_offset rules_version num_words num_chars"
    )
    assert SCHEMA_VERSION == 2
    assert RECORD_SCHEMA.names == (
        "id url site title lead text blocks authors agency published_at modified_at published_precision section tags "
        "images related_urls language language_score removed extraction extraction_name fetched_at warc_file "
        "warc_offset rules_version text_hash minhash num_words num_chars"
    ).split(" ")
    assert [field.name for field in RECORD_SCHEMA if not field.nullable] == always.split(" ")
    assert RECORD_SCHEMA.metadata == REJECT_SCHEMA.metadata == {b"schema_version": b"2"}


def test_times_are_utc_microseconds() -> None:
    """Every time column has one type in both schemas."""
    times = [field for schema in (RECORD_SCHEMA, REJECT_SCHEMA) for field in schema if field.name.endswith("_at")]
    assert len(times) == 4
    assert {field.type for field in times} == {pa.timestamp("us", tz="UTC")}


def test_card_explains_every_column() -> None:
    """The dataset card has a line for each column and for none that isn't there."""
    assert list(COLUMNS) == RELEASE_SCHEMA.names


def test_a_shard_carries_its_account(tmp_path: Path) -> None:
    """Rows come back in the order written, zstd and page-indexed, with the account of what they were made from."""
    account = Account(rules_version="0" * 16, warc_bytes=1, warc_mtime_ns=2)
    path = tmp_path / "x.parquet"
    with RowWriter(path, REJECT_SCHEMA) as writer:
        for number in range(1000):
            writer.write(REJECT | {"warc_offset": number})
        writer.finish(account)
    assert read_account(path) == account
    assert pq.read_table(path)["warc_offset"].to_pylist() == list(range(1000))
    assert pq.read_schema(path).equals(REJECT_SCHEMA)
    column = pq.read_metadata(path).row_group(0).column(0)
    assert (column.compression, column.has_offset_index) == ("ZSTD", True)


def test_null_where_none_may_be_is_refused(tmp_path: Path) -> None:
    """A row without its reason is never written."""
    with pytest.raises(ValueError, match="reason"), RowWriter(tmp_path / "x.parquet", REJECT_SCHEMA) as writer:
        writer.write(REJECT | {"reason": None})
        writer.finish(Account(rules_version="", warc_bytes=0, warc_mtime_ns=0))


def test_a_shard_of_another_version_is_refused(tmp_path: Path) -> None:
    """Files without account or of another schema version say so, files that are no Parquet too."""
    path = tmp_path / "x.parquet"
    with RowWriter(path, REJECT_SCHEMA) as writer:
        writer.finish(Account(schema_version=0, rules_version="", warc_bytes=0, warc_mtime_ns=0))
    with pytest.raises(ValueError, match="schema version 0, not 2"):
        read_account(path)
    pq.write_table(pa.table({"x": [1]}), path)
    with pytest.raises(ValueError, match="schema version None"):
        read_account(path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ValueError, match="Parquet"):
        read_account(path)


def test_long_articles_make_smaller_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a writer holds is bounded by text too: long rows are written before a batch is full of rows."""
    monkeypatch.setattr(shards, "_BATCH_CHARS", 100)
    path = tmp_path / "x.parquet"
    with RowWriter(path, REJECT_SCHEMA) as writer:
        for length in (60, 60, 10, 99):
            writer.write({**REJECT, "text": "a" * length, "removed": [{"kind": "junk", "rule": "x", "text": "b"}]})
        writer.finish(Account(rules_version="", warc_bytes=0, warc_mtime_ns=0))
    groups = pq.read_metadata(path)
    assert [groups.row_group(number).num_rows for number in range(groups.num_row_groups)] == [2, 2]
