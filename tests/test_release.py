"""A release is the latest version of each article once, checked, readable by others, and it never changes."""

import hashlib
import json
import random
import re
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from tinsach.cleaning import Article, Block
from tinsach.datasets import parts, release
from tinsach.datasets.archive import ArchivedResponse
from tinsach.datasets.compare import compare_releases
from tinsach.datasets.layout import DataDir, WriteError
from tinsach.datasets.locks import SiteBusy, releases_lock
from tinsach.datasets.records import Source, article_row
from tinsach.datasets.release import ReleaseOptions, ReleaseReport, make_release
from tinsach.datasets.schema import RECORD_SCHEMA, RELEASE_SCHEMA
from tinsach.datasets.selection import ReleaseError
from tinsach.datasets.shards import Account, Counts, RowWriter, set_damaged_aside
from tinsach.datasets.verify import verify_release

NOW = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
FORCED = ReleaseOptions(force=True)


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path)


def make_row(site: str, number: int, text: str, *, published: int | None = 0, fetched: int = 0) -> dict[str, Any]:
    """A record of article `number`; published and fetched are hours from NOW."""
    article = Article(
        url=f"https://{site}/bai-{number}",
        site=site,
        title=f"Bài {number}",
        blocks=(Block("paragraph", text),) if text else (),
        published_at=None if published is None else NOW + published * HOUR,
        extraction="profile",
        extraction_name=site,
    )
    response = ArchivedResponse(f"https://{site}/bai-{number}", 200, (), b"", None, NOW + fetched * HOUR, number, "")
    return article_row(article, response, Source(site, "run.warc.gz", "0" * 16), str(number))


def write_shard(data: DataDir, site: str, run: str, *rows: Mapping[str, Any]) -> Path:
    path = data.site(site).records / f"{run}-00000.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    counts = Counts(responses=len(rows), records=len(rows))
    with RowWriter(path, RECORD_SCHEMA) as writer:
        for number, row in enumerate(rows):
            writer.write({**row, "warc_offset": number, "warc_file": f"{run}-00000.warc.gz"})
        writer.finish(Account(rules_version="0" * 16, warc_bytes=1, warc_mtime_ns=1, counts=counts))
    return path


def read_ids(report: ReleaseReport, site: str) -> list[str]:
    paths = sorted((report.path / "data" / site).rglob("*.parquet"))
    paths.sort(key=lambda path: path.parent.name == "year=0")  # rows without time come last
    return [identity for path in paths for identity in pq.ParquetFile(path).read()["id"].to_pylist()]


def test_latest_version_of_each_article_by_time_of_publication(data: DataDir) -> None:
    """The version fetched last counts, wherever its shard; rows are sorted by publication, those without time last."""
    write_shard(data, "a.vn", "run1", make_row("a.vn", 1, "một", published=2, fetched=5), make_row("a.vn", 2, "hai cũ"))
    write_shard(
        data,
        "a.vn",
        "run2",
        make_row("a.vn", 3, "ba", published=None),
        make_row("a.vn", 2, "hai mới", fetched=1),
        make_row("a.vn", 1, "một cũ", published=2, fetched=4),
    )
    report = make_release(data, "r1")
    assert read_ids(report, "a.vn") == ["a.vn:2", "a.vn:1", "a.vn:3"]
    texts = pq.ParquetFile(report.path / "data/a.vn/year=2026/part-00000.parquet").read()["text"].to_pylist()
    assert texts == ["hai mới", "một"]
    assert len(list(report.path.glob("data/a.vn/year=0/*.parquet"))) == 1
    assert (report.rows, report.left_out.older_versions, report.left_out.duplicates, report.errors) == (3, 2, 0, ())


def test_exact_duplicates_leave_the_first_published(data: DataDir) -> None:
    """The same words, also in another paper, stand once: the earliest; then ids decide, never the time of fetching."""
    write_shard(data, "a.vn", "run", make_row("a.vn", 1, "Tin  chung", published=2, fetched=0))
    write_shard(
        data,
        "b.vn",
        "run",
        make_row("b.vn", 1, "tin CHUNG", published=1, fetched=9),
        make_row("b.vn", 3, "tin khác", fetched=0),
        make_row("b.vn", 2, "tin khác", fetched=9),
        make_row("b.vn", 4, "", published=None),
        make_row("b.vn", 5, "", published=None),
    )
    report = make_release(data, "r1", FORCED)  # articles without text are no duplicates, whoever publishes them
    assert report.rows_by_site == {"b.vn": 4}
    assert read_ids(report, "b.vn") == ["b.vn:2", "b.vn:1", "b.vn:4", "b.vn:5"]
    assert report.left_out.duplicates == 2


def test_manifest_tells_rows_bytes_and_sha256_of_each_file(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every Parquet file is listed with what it really has; big sites are split into parts in order."""
    monkeypatch.setattr(parts, "_MAX_PART_BYTES", 1)
    monkeypatch.setattr(parts, "_ROW_GROUP_ROWS", 2048)  # DuckDB's smallest batch
    write_shard(data, "a.vn", "run", *(make_row("a.vn", number, f"bài {number}") for number in range(5000)))
    shard = write_shard(data, "b.vn", "run", make_row("b.vn", 1, "một"))
    report = make_release(data, "r1")
    manifest = json.loads((report.path / "manifest.json").read_text())
    paths = sorted(path.relative_to(report.path).as_posix() for path in report.path.glob("data/**/*.parquet"))
    assert sorted(file["path"] for file in manifest["files"]) == paths
    assert len(paths) == report.files > 3
    for file in manifest["files"]:
        content = (report.path / file["path"]).read_bytes()
        assert file["bytes"] == len(content)
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert file["rows"] == pq.read_metadata(report.path / file["path"]).num_rows
    assert manifest["rows"] == report.rows == sum(file["rows"] for file in manifest["files"]) == 5001
    assert manifest["bytes"] == report.bytes
    assert (manifest["name"], manifest["schema_version"], manifest["rules_versions"]) == ("r1", 2, ["0" * 16])
    assert {"shard": shard.relative_to(data.root).as_posix(), "records": 1} in manifest["sources"]
    assert read_ids(report, "a.vn") == sorted(f"a.vn:{number}" for number in range(5000))


def test_others_can_read_it(data: DataDir) -> None:
    """DuckDB with and without hive partitioning and pyarrow both ways see every row, `site` and the exact schema."""
    write_shard(data, "a.vn", "run", make_row("a.vn", 1, "một"))
    write_shard(data, "b.vn", "run", make_row("b.vn", 1, "hai"))
    folder = make_release(data, "r1").path / "data"
    for hive in ("true", "false"):
        source = f"read_parquet('{folder}/**/*.parquet', hive_partitioning = {hive})"
        query = f"SELECT id, site, removed, published_at FROM {source} ORDER BY site"
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            rows = connection.execute(query).fetchall()
        assert [row[:3] for row in rows] == [("a.vn:1", "a.vn", []), ("b.vn:1", "b.vn", [])]
        assert rows[0][3] == NOW
    for table, more in ((pq.read_table(folder), ["year"]), (ds.dataset(folder).to_table(), [])):
        assert table.schema.names == RELEASE_SCHEMA.names + more
        assert sorted(table["site"].to_pylist()) == ["a.vn", "b.vn"]
    assert ds.dataset(folder).schema.equals(RELEASE_SCHEMA)
    assert ds.dataset(folder).to_table(filter=ds.field("site") == "b.vn").num_rows == 1


def test_a_site_may_be_called_anything(data: DataDir) -> None:
    """As an imported row does: every reader finds its rows, inside the release, and the card counts them by that."""
    sites = ["..", ".", "_x", "a/b", "year=3", "Báo Mới", "x" * 300, "x" * 301]
    texts = {site: f"Chuyện thứ {number} kể về cây cầu." for number, site in enumerate(sites)}
    rows = [make_row("a.vn", number, texts[site]) | {"site": site} for number, site in enumerate(sites)]
    write_shard(data, "imported", "run", *rows)
    report = make_release(data, "r1")
    assert report.rows_by_site == dict.fromkeys(sites, 1)
    assert verify_release(report.path).faults == ()
    assert sorted(ds.dataset(report.path / "data").to_table()["site"].to_pylist()) == sorted(sites)
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT site FROM '{report.path}/data/**/*.parquet'").fetchall()
    assert sorted(site for (site,) in found) == sorted(sites)


@pytest.mark.parametrize("name", ["news [2026]", "what?*", "it's"])
def test_a_data_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    """Characters of a pattern, or a quote, are a name like another: released, compared with itself, no row differs."""
    data = DataDir(tmp_path / name)
    write_shard(data, "a.vn", "run", make_row("a.vn", 1, "Một cây cầu mới."))
    report = make_release(data, "r1")
    assert report.rows == 1
    assert [site.same for site in compare_releases(report.path, report.path).sites] == [1]


def test_card_has_front_matter_and_counts(data: DataDir) -> None:
    """The README begins with YAML that names language, tasks and the files, and tells the rows of each site."""
    rows = [make_row("a.vn", number, text) | {"language": "en"} for number, text in ((1, "one"), (2, "two"))]
    write_shard(data, "a.vn", "run", *rows)
    card = (make_release(data, "r1").path / "README.md").read_text()
    _, matter, body = card.split("---\n", 2)
    assert matter.startswith("language:\n- en\n")
    assert "task_categories:\n- text-generation\n" in matter
    assert "configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/**/*.parquet\n" in matter
    assert "size_categories:\n- n<1K\n" in matter
    assert "| a.vn | 2 |" in body


def test_selected_sites_only(data: DataDir) -> None:
    """`sites` names the sites whose records are taken; an unknown one is an error that lists those there are."""
    for site in ("a.vn", "b.vn"):
        write_shard(data, site, "run", make_row(site, 1, site))
    assert make_release(data, "r1", ReleaseOptions(sites=("b.vn",))).rows_by_site == {"b.vn": 1}
    with pytest.raises(ReleaseError, match=r"no data of c\.vn; there is a\.vn, b\.vn"):
        make_release(data, "r2", ReleaseOptions(sites=("c.vn",)))


def test_a_release_never_changes(data: DataDir) -> None:
    """A name that is taken is an error, and what stands there stays as it is."""
    write_shard(data, "a.vn", "run", make_row("a.vn", 1, "một"))
    report = make_release(data, "r1")
    before = {path: path.read_bytes() for path in report.path.rglob("*") if path.is_file()}
    with pytest.raises(ReleaseError, match="r1: this release exists and releases never change; choose another name"):
        make_release(data, "r1")
    assert {path: path.read_bytes() for path in report.path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("name", ["", "../r1", "a/b", ".hidden", "tin tức"])
def test_a_name_must_be_a_folder_name(data: DataDir, name: str) -> None:
    """Nothing is written outside the folder of releases."""
    with pytest.raises(ReleaseError, match="not a name for a release"):
        make_release(data, name)


def test_nothing_to_release_and_a_busy_folder_are_told(data: DataDir) -> None:
    """No records and another release being written: one line each."""
    with pytest.raises(ReleaseError, match="no records to release; build them first"):
        make_release(data, "r1")
    write_shard(data, "a.vn", "run", make_row("a.vn", 1, "một"))
    with releases_lock(data.releases), pytest.raises(SiteBusy, match="another release is being written"):
        make_release(data, "r1")
    assert not (data.releases / "r1").exists()


def test_a_shard_that_cannot_be_used_stops_the_release(data: DataDir) -> None:
    """A cut-off shard: nothing is published; by force the others are, and report and manifest name it."""
    write_shard(data, "a.vn", "run1", make_row("a.vn", 1, "một"))
    bad = write_shard(data, "a.vn", "run2", make_row("a.vn", 2, "hai"))
    bad.write_bytes(bad.read_bytes()[:-30])
    with pytest.raises(ReleaseError, match=r"r1: not published, .*run2-00000\.parquet: left out, .*; or use --force"):
        make_release(data, "r1")
    report = make_release(data, "r1", FORCED)
    assert report.rows == 1
    [error] = report.errors
    assert error.startswith(f"{bad}: left out")
    assert error.endswith("; `tinsach build a.vn` makes it anew")
    manifest = json.loads((report.path / "manifest.json").read_text())
    told = error.removeprefix(f"{data.root}/")  # a data set tells nothing of the machine it was made on
    assert (manifest["left_out"], manifest["forced"], manifest["breaches"]) == ([told], True, [])
    with pytest.raises(ReleaseError, match=r"no records to release.*run2-00000\.parquet: left out"):
        (data.site("a.vn").records / "run1-00000.parquet").unlink()
        make_release(data, "r2")


def damage(shard: Path, column: str) -> None:
    """Overwrite the bytes of a column of the shard, which its footer does not show."""
    group = pq.read_metadata(shard).row_group(0)
    [chunk] = [
        group.column(number) for number in range(group.num_columns) if group.column(number).path_in_schema == column
    ]
    start = chunk.dictionary_page_offset or chunk.data_page_offset
    content = bytearray(shard.read_bytes())
    content[start : start + chunk.total_compressed_size] = bytes(chunk.total_compressed_size)
    shard.write_bytes(content)


@pytest.mark.parametrize("column", ["id", "text"])
def test_a_damaged_shard_is_set_aside(data: DataDir, column: str) -> None:
    """Met while choosing or while copying rows: the release stops, and what a build would find missing is told."""
    write_shard(data, "a.vn", "run1", make_row("a.vn", 1, "một"))
    rows = [make_row("a.vn", number, f"bài {number}" * 50) for number in range(200)]
    bad, worse = (write_shard(data, "a.vn", run, *rows) for run in ("run2", "run3"))
    for shard in (bad, worse):
        damage(shard, column)
    with pytest.raises(ReleaseError, match=r"r1: not published, .*run2.*run3.*; or use --force") as caught:
        make_release(data, "r1")
    assert f"set aside as {bad.name}.damaged; `tinsach build a.vn` makes it anew; {worse}: " in str(caught.value)
    assert "\n" not in str(caught.value)
    assert [path.name for path in data.releases.iterdir()] == [".lock"]
    names = ["run1-00000.parquet", "run2-00000.parquet.damaged", "run3-00000.parquet.damaged"]
    assert sorted(path.name for path in bad.parent.iterdir()) == names
    (bad.parent / names[1]).replace(bad)
    report = make_release(data, "r1", FORCED)
    assert read_ids(report, "a.vn") == ["a.vn:1"]
    [line] = report.errors
    manifest = json.loads((report.path / "manifest.json").read_text())
    assert (manifest["left_out"], manifest["forced"]) == ([line.removeprefix(f"{data.root}/")], True)


def test_a_build_in_the_middle_of_a_release_stops_it(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shard that is made anew between choosing and copying would cost the rows that it no longer has."""
    rows = [make_row("a.vn", number, f"Chuyện thứ {number} kể về cây cầu.") for number in (1, 2)]
    write_shard(data, "a.vn", "run", *rows)

    def list_later(selection: duckdb.DuckDBPyConnection) -> list[str]:
        write_shard(data, "a.vn", "run", rows[0])
        return parts.list_sites(selection)

    monkeypatch.setattr(release, "list_sites", list_later)
    with pytest.raises(ReleaseError, match="a build changed the records meanwhile; run this again"):
        make_release(data, "r1")
    assert [path.name for path in data.releases.iterdir()] == [".lock"]


def test_only_what_cannot_be_decoded_is_called_damaged(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a good shard, nor one that the system has no memory or rights to read now."""
    shard = write_shard(data, "a.vn", "run", make_row("a.vn", 1, "một"))
    assert set_damaged_aside([shard]) == {}
    for error in (PermissionError(13, "Permission denied"), pa.ArrowMemoryError("malloc failed")):
        monkeypatch.setattr(pq.ParquetFile, "iter_batches", Mock(side_effect=error))
        assert set_damaged_aside([shard]) == {}
    assert shard.exists()


@pytest.mark.parametrize(("version", "remedy"), [(1, "`tinsach build a.vn` makes it anew"), (3, "upgrade tinsach")])
def test_shards_of_another_schema_are_named(data: DataDir, version: int, remedy: str) -> None:
    """Of an older one, and of one still to come: never read with columns missing."""
    write_shard(data, "a.vn", "run1", make_row("a.vn", 1, "một"))
    other = write_shard(data, "a.vn", "run2", make_row("a.vn", 2, "hai"))
    set_schema_version(other, version)
    report = make_release(data, "r1", FORCED)
    assert (report.rows, len(report.errors)) == (1, 1)
    assert report.errors[0].startswith(f"{other}: left out, ")
    assert report.errors[0].endswith(remedy)


def test_a_shard_that_lost_a_column_is_left_out(data: DataDir) -> None:
    """Whatever its account says."""
    write_shard(data, "a.vn", "run1", make_row("a.vn", 1, "một"))
    other = write_shard(data, "a.vn", "run2", make_row("a.vn", 2, "hai"))
    account = pq.read_metadata(other).metadata[b"tinsach"]
    table = pq.read_table(other, partitioning=None).drop_columns("agency")
    pq.write_table(table.replace_schema_metadata({"tinsach": account}), other)
    report = make_release(data, "r1", FORCED)
    assert report.rows == 1
    [line] = report.errors
    words = "33 columns, not those of schema version 2; `tinsach build a.vn` makes it anew"
    assert line == f"{other}: left out, {words}"


def set_schema_version(shard: Path, version: int) -> None:
    """Make the shard say that it is of another version."""
    table = pq.read_table(shard, partitioning=None)
    account = json.loads(pq.read_metadata(shard).metadata[b"tinsach"]) | {"schema_version": version}
    pq.write_table(table.replace_schema_metadata({"tinsach": json.dumps(account)}), shard)


def test_a_disk_that_fills_half_way_leaves_nothing(data: DataDir) -> None:
    """A real write that the system refuses: one line, nothing under the name nor beside it, the next run makes it."""
    texts = ["".join(random.Random(number).choices("abcdefghij ", k=4000)) for number in range(40)]
    write_shard(data, "a.vn", "run", *(make_row("a.vn", number, text) for number, text in enumerate(texts)))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, before[1]))
        with pytest.raises(WriteError, match=r"releases/r1: cannot be written \(File too large\); mend that"):
            make_release(data, "r1")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path.name for path in data.releases.iterdir()] == [".lock"]
    assert make_release(data, "r1").rows == 40


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_a_stopped_release_leaves_nothing(data: DataDir, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Ctrl-C or a full disk half way: nothing under the name nor beside it, and the next run makes it."""
    write_shard(data, "a.vn", "run", make_row("a.vn", 1, "một"))

    def stop(*_: object) -> Iterator[None]:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(release, "_check", stop)
        expected = (KeyboardInterrupt, WriteError)
        with pytest.raises(expected, match="No space left" if isinstance(error, OSError) else None):
            make_release(data, "r1")
    assert [path.name for path in data.releases.iterdir()] == [".lock"]
    assert make_release(data, "r1").rows == 1


_KILLED = """
import os, signal, sys
from pathlib import Path
from tinsach.datasets import parts, release
from tinsach.datasets.layout import DataDir

release._check = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
release.make_release(DataDir(Path(sys.argv[1])), "r1")
"""


def test_a_killed_release_is_simply_made_again(data: DataDir) -> None:
    """After SIGKILL nothing stands under the name; the rerun clears what was left and ends in the same files."""
    write_shard(data, "a.vn", "run", make_row("a.vn", 1, "một"), make_row("a.vn", 2, "hai"))
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(data.root)], check=False)
    assert killed.returncode == -9
    assert re.fullmatch(r"\.lock \.r1\.\w+\.tmp", " ".join(sorted(path.name for path in data.releases.iterdir())))
    (data.releases / ".r0.tmp").mkdir()
    other, again = make_release(data, "r2"), make_release(data, "r1")
    assert not list(data.releases.glob(".*.tmp"))
    assert sorted(path.name for path in data.releases.iterdir()) == [".lock", "r1", "r2"]
    part = "data/a.vn/year=2026/part-00000.parquet"
    assert (again.path / part).read_bytes() == (other.path / part).read_bytes()
