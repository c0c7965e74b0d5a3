"""A release is read by the libraries people use, each in a process of its own outside the checkout."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tinsach.cleaning import Article, Block
from tinsach.datasets.archive import ArchivedResponse
from tinsach.datasets.layout import DataDir
from tinsach.datasets.records import Source, article_row
from tinsach.datasets.release import make_release
from tinsach.datasets.schema import RECORD_SCHEMA
from tinsach.datasets.shards import Account, RowWriter

# Each prints the number of rows, the sites, and the words of all texts; {folder} is the release.
READERS = {
    "pyarrow": """
import pyarrow.parquet as pq
rows = pq.read_table("{folder}/data").to_pylist()
print(len(rows), sorted({{row["site"] for row in rows}}), sum(row["num_words"] for row in rows))
""",
    "pyarrow.dataset": """
import pyarrow.dataset as ds
rows = ds.dataset("{folder}/data", partitioning="hive").to_table(filter=ds.field("year") < 3000).to_pylist()
print(len(rows), sorted({{row["site"] for row in rows}}), sum(row["num_words"] for row in rows))
""",
    "duckdb": """
import duckdb
print(*duckdb.sql("SELECT count(*), list_sort(list(DISTINCT site::VARCHAR)), sum(num_words) "
                  "FROM '{folder}/data/**/*.parquet'").fetchall()[0])
""",
    "pandas": """
import pandas
frame = pandas.read_parquet("{folder}/data")
print(len(frame), sorted(set(frame["site"].astype(str))), frame["num_words"].sum())
""",
    "polars": """
import polars
frame = polars.read_parquet("{folder}/data/**/*.parquet")
print(len(frame), sorted(set(frame["site"].cast(polars.String))), frame["num_words"].sum())
""",
    "datasets": """
import os
os.environ |= {{"HF_HUB_OFFLINE": "1", "HF_HOME": "{folder}/../hf"}}
from datasets import load_dataset
rows = load_dataset("{folder}", split="train")
print(len(rows), sorted(set(rows["site"])), sum(rows["num_words"]))
""",
}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two papers, three years, one row without a time."""
    data = DataDir(tmp_path_factory.mktemp("readers"))
    for site in ("a.vn", "b.vn"):
        path = data.site(site).records / "run-00000.parquet"
        path.parent.mkdir(parents=True)
        with RowWriter(path, RECORD_SCHEMA) as writer:
            for number, year in enumerate((2024, 2025, 2026, None)):
                url = f"https://{site}/{number}"
                at = datetime(year or 2026, 5, 1, tzinfo=UTC)
                text = " ".join(f"{site} năm {year} chuyện số {word}" for word in range(20))
                article = Article(
                    url=url,
                    site=site,
                    title="Tin",
                    blocks=(Block("paragraph", text),),
                    published_at=at if year else None,
                    extraction="profile",
                    extraction_name=site,
                )
                response = ArchivedResponse(url, 200, (), b"", None, at, number, "")
                writer.write(article_row(article, response, Source(site, "run", "0" * 16), str(number)))
            writer.finish(Account(rules_version="0" * 16, warc_bytes=1, warc_mtime_ns=1))
    return make_release(data, "r1").path


@pytest.mark.parametrize("library", READERS)
def test_a_release_is_read_by(library: str, release: Path, tmp_path: Path) -> None:
    """Every row is there, of both papers, with its words: run from elsewhere, without this project on the path."""
    program = READERS[library].format(folder=release)
    ended = subprocess.run(
        [sys.executable, "-I", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == "8 ['a.vn', 'b.vn'] 960\n"
