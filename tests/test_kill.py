"""A crawl killed at any moment and run again ends with the release of an unbroken run: a few real kills."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq

from tinsach.app.newsroom import Newsroom, serve

# What may differ between two runs: when and where, not what.
PLACES = {"fetched_at", "warc_file", "warc_offset"}
SITE = "qdnd.vn"


def run(data: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """`tinsach --data DIR ARGUMENTS…` in a process group of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TINSACH_")}
    command = [sys.executable, "-m", "tinsach.app", "--data", str(data), *arguments]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environment, start_new_session=True)


def finish(data: Path, *arguments: str) -> None:
    """The command to its end, which has to be a good one."""
    assert run(data, *arguments).wait(120) == 0


def read_release(data: Path) -> list[dict[str, object]]:
    """The rows of release r without their places, in order."""
    files = sorted((data / "releases" / "r" / "data").glob("**/*.parquet"))
    rows = [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]
    return sorted(({k: v for k, v in row.items() if k not in PLACES} for row in rows), key=lambda row: str(row["id"]))


def test_killed_crawls_and_builds_end_with_the_same_release(tmp_path: Path) -> None:
    """SIGKILL of crawls and builds at random moments, then one whole run: the same rows as without any kill."""
    room = Newsroom(7, 20, (SITE,), now=datetime(2026, 11, 22, tzinfo=UTC))
    chance = random.Random(7)
    with serve(room) as server:
        crawl = ("crawl", SITE, "--origin", server.origin)
        whole_run = ("run", *crawl[1:])
        for command in (whole_run, ("release", "r")):
            finish(tmp_path / "whole", *command)
        for command in (crawl, crawl, ("build",)):
            process = run(tmp_path / "broken", *command)
            time.sleep(chance.uniform(1.0, 2.5))
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)
        for command in (whole_run, ("release", "r")):
            finish(tmp_path / "broken", *command)
    whole = read_release(tmp_path / "whole")
    assert len(whole) > 15
    assert read_release(tmp_path / "broken") == whole
    assert not [path for path in (tmp_path / "broken").rglob("*") if path.suffix in (".part", ".tmp")]
