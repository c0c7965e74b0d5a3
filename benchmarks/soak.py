"""Soak: SIGKILLs at random moments of crawl and build, and nothing is lost, doubled or fetched twice without need.

    python benchmarks/soak.py [--kills 200] [--articles 2000] [--seed 1] [--data DIR]

After each kill every article that the ledger calls done is looked up in the archive, bytes and all; each run may fetch
again only as many articles as were in flight at a kill. In the end a whole crawl, build and release are made, and the
rows compared with those of an unbroken run. Exit code 1 when anything of this fails.
"""

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

import pyarrow.parquet as pq
from filelock import FileLock

from tinsach.app.newsroom import Newsroom, Reply, serve
from tinsach.cleaning import load_profile
from tinsach.datasets.archive import PART_SUFFIX, ArchivedResponse, read_archive
from tinsach.datasets.layout import DataDir, SiteDir

SITE = "qdnd.vn"
# What may differ between two runs: when and where, not what.
PLACES = {"fetched_at", "warc_file", "warc_offset"}
CONCURRENCY = load_profile(SITE).crawl.concurrency
# Answers that are on their way to the archive: asked by the downloader, or taken in by the spider at this very moment.
MOST_IN_FLIGHT = CONCURRENCY + 1
MOST_SECONDS = 300.0  # of one command
POLL_SECONDS = 0.005


class Failed(Exception):
    """What was promised did not hold; the message says where."""


@dataclass(slots=True)
class CountingRoom:
    """A newsroom that counts the bodies it gave, by article and in all."""

    room: Newsroom
    bodies: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    def respond(self, host: str, path: str, headers: Mapping[str, str]) -> Reply:
        reply = self.room.respond(host, path, headers)
        url = f"https://{host}{path}"
        if reply.status == 200 and load_profile(SITE).is_article_url(url):
            with self.lock:
                self.bodies[url] += 1
        return reply

    def count_left(self) -> int:
        """Articles that nobody has fetched yet."""
        return self.room.count(SITE) - len(self.bodies)


@dataclass(slots=True)
class Soak:
    """One series of kills in one data folder."""

    data: DataDir
    room: CountingRoom
    origin: str
    chance: random.Random
    a_run: int  # articles that a crawl may fetch before it is killed, at most
    start_seconds: float  # what a command needs that has nothing to do
    kills: Counter[str] = field(default_factory=Counter)
    again: list[int] = field(default_factory=list)  # bodies given a second time, by run
    archived: dict[str, dict[int, str]] = field(default_factory=dict)  # finished files, read once

    @property
    def site(self) -> SiteDir:
        return self.data.site(SITE)

    def kill_one(self) -> None:
        """Start a crawl or a build, kill it, check what it left."""
        if self.chance.random() < 0.5 and self.site.archive.is_dir():
            self._kill(start(self.data, "build"), "build", self.chance.uniform(0, self.start_seconds))
        else:
            self.crawl_and_kill()
        check_ledger(self.site, self.archived)

    def crawl_and_kill(self) -> None:
        """A crawl killed while it starts and discovers, or after some of its articles."""
        before = Counter(self.room.bodies)
        process = start(self.data, "crawl", SITE, "--origin", self.origin)
        articles = self.chance.randint(0, min(self.a_run, self.room.count_left()))
        while articles and process.poll() is None and self.room.bodies.total() < before.total() + articles:
            time.sleep(POLL_SECONDS)
        self._kill(process, "crawl", self.chance.uniform(0, 0.2 if articles else self.start_seconds))
        self.count_again(before)

    def count_again(self, before: Counter[str]) -> None:
        """How many articles this run fetched that an earlier one had fetched."""
        self.again.append(sum(url in before for url in self.room.bodies - before))
        if self.again[-1] > MOST_IN_FLIGHT:
            raise Failed(f"after kill {self.kills.total()}: {self.again[-1]} articles were fetched again")

    def _kill(self, process: "subprocess.Popen[bytes]", name: str, seconds: float) -> None:
        """After so many seconds kill all its processes, or one time in four the first one only."""
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kills[name] += 1
            if self.chance.random() < 0.25:
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for lock in (self.site.lock, self.site.root / ".records.lock"):
            if lock.parent.is_dir():
                with FileLock(lock, timeout=60):  # orphans have ended too
                    pass


def start(data: DataDir, *arguments: str) -> "subprocess.Popen[bytes]":
    """`tinsach --data DIR ARGUMENTS…`, quiet, in a process group of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TINSACH_")}
    command = [sys.executable, "-m", "tinsach.app", "--data", str(data.root), *arguments]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environment, start_new_session=True)


def finish(data: DataDir, *arguments: str) -> None:
    """The command to its end, which has to be a good one."""
    code = start(data, *arguments).wait(MOST_SECONDS)
    if code:
        raise Failed(f"tinsach {' '.join(arguments)}: exit code {code}")


def make_release(data: DataDir, origin: str) -> list[dict[str, object]]:
    """Crawl, build and release to the end; the rows without their places, in order."""
    for command in (("crawl", SITE, "--origin", origin), ("build",), ("release", "r")):
        finish(data, *command)
    files = sorted((data.releases / "r" / "data").glob("**/*.parquet"))
    rows = [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]
    return sorted(({k: v for k, v in row.items() if k not in PLACES} for row in rows), key=lambda row: str(row["id"]))


def check_ledger(site: SiteDir, known: dict[str, dict[int, str]]) -> int:
    """Look up every done article's bytes; how many there are. Raises Failed."""
    if not site.ledger.is_file():
        return 0
    files = known | {name: dict(records) for name, records in read_new_files(site, known)}
    done = 0
    for key, name, offset, digest in list_done(site):
        done += 1
        if files.get(name, {}).get(offset) != digest:
            raise Failed(f"{key}: done in the ledger, but not at byte {offset} of {name}")
    return done


def read_new_files(site: SiteDir, known: dict[str, dict[int, str]]) -> Iterator[tuple[str, dict[int, str]]]:
    """Digest by byte offset of each WARC file not read before; a file that is still a part will be read again."""
    for path in sorted(site.archive.glob("*.warc.gz*")):
        name = path.name.removesuffix(PART_SUFFIX)
        if name not in known:
            records = {item.offset: item.digest for item in read_archive(path) if isinstance(item, ArchivedResponse)}
            if path.name == name:
                known[name] = records
            yield name, records


def list_done(site: SiteDir) -> list[tuple[str, str, int, str]]:
    """Key, WARC file, byte offset and digest of every article that the ledger calls done."""
    with closing(sqlite3.connect(site.ledger)) as ledger:  # from outside: what any reader would see
        return ledger.execute("SELECT key, warc_file, warc_offset, digest FROM urls WHERE state = 'done'").fetchall()


@contextmanager
def open_room(articles: int, seed: int) -> Iterator[tuple[CountingRoom, str]]:
    """A newsroom on a loopback port, and its origin."""
    room = CountingRoom(Newsroom(seed, articles, (SITE,), now=datetime(2026, 11, 22, tzinfo=UTC)))
    with serve(room) as server:  # type: ignore[arg-type]  # all it needs is respond
        yield room, server.origin


def soak(folder: Path, *, kills: int, articles: int, seed: int) -> Soak:
    """Kill so many times, then go the whole way; raises Failed."""
    with open_room(articles, seed) as (room, origin):
        whole = make_release(DataDir(folder / "whole"), origin)
        started = time.monotonic()
        finish(DataDir(folder / "whole"), "build")
        start_seconds = time.monotonic() - started
        room.bodies.clear()
        # Half the kills are crawls, each half of this on average; a few kills must not wait for the last article.
        a_run = min(max(2, 4 * articles // kills), articles // 2)
        run = Soak(DataDir(folder / "broken"), room, origin, random.Random(seed), a_run, start_seconds)
        while run.kills.total() < kills:
            run.kill_one()
            if run.kills.total() % 10 == 0:
                print(f"{run.kills.total()} kills, {len(room.bodies)} articles fetched", flush=True)
        before = Counter(room.bodies)
        broken = make_release(run.data, origin)
        run.count_again(before)
    if check_ledger(run.site, run.archived) != articles:
        raise Failed(f"not all of {articles} articles are done")
    if broken != whole or not whole:
        raise Failed(f"the release has {len(broken)} rows, that of the unbroken run {len(whole)}, or they differ")
    leftovers = [path for path in run.data.root.rglob("*") if path.suffix in (".part", ".tmp")]
    if leftovers:
        raise Failed(f"left behind: {leftovers[0]}")
    return run


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints what held; 1 when something did not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, help="a new folder; a temporary one when left out")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    print(f"seed {options.seed}: {options.kills} kills over {options.articles} articles", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.data or Path(scratch)
        try:
            run = soak(folder, kills=options.kills, articles=options.articles, seed=options.seed)
        except Failed as failed:
            print(f"FAILED: {failed}")
            return 1
    tell(run, articles=options.articles, seconds=time.monotonic() - started)
    return 0


def tell(run: Soak, *, articles: int, seconds: float) -> None:
    """What held."""
    killed = ", ".join(f"{count} of {name}" for name, count in sorted(run.kills.items()))
    again, most = sum(run.again), max(run.again)
    print(f"{run.kills.total()} kills ({killed}) in {seconds:.0f} s: the release is that of an unbroken run")
    print(f"{articles} articles are done, and after each kill those that were done were in the archive")
    print(f"{again} were fetched again, at most {most} after one kill ({CONCURRENCY} are asked at once)")


if __name__ == "__main__":
    sys.exit(main())
