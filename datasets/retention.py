"""What may go: old reports of runs, and old WARC files, with their records, that no release refers to.

A release refers to a file when one of its rows lies in it. Only files of crawls have an age, by the time in their name;
what was imported stays. The names of removed files are kept in `pruned.txt`, so that nobody misses them later.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from tinsach.datasets.archive import list_archive
from tinsach.datasets.layout import BrokenWorld, DataDir, SiteDir, write_error, write_whole
from tinsach.datasets.locks import records_lock, releases_lock, site_lock
from tinsach.datasets.queries import open_duckdb

_RUN_TIME = re.compile(r"(\d{8}T\d{6}Z)-[0-9a-f]{4}\b")
LONGEST_RUN = timedelta(days=2)  # a file's last response may be so much younger than its name


@dataclass(frozen=True, slots=True)
class Removal:
    """A WARC file and its shards, or the report of a run, that may go."""

    site: str | None
    paths: tuple[Path, ...]

    @property
    def bytes(self) -> int:
        """What removing it frees."""
        return sum(path.stat().st_size for path in self.paths)


def find_old_archives(data: DataDir, before: datetime) -> tuple[list[Removal], int]:
    """WARC files whose responses are all older than `before` and that no release refers to; how many it does keep.

    Raises BrokenWorld when a release can't be read: then nobody knows what it refers to.
    """
    referred = read_referred(data)
    removals, kept = [], 0
    for name in data.sites():
        site = data.site(name)
        for warc in list_archive(site):
            made_at = read_run_time(warc.name)
            if made_at is None or made_at + LONGEST_RUN > before:
                continue
            if warc.name in referred:
                kept += 1
                continue
            stem = warc.name.removesuffix(".gz").removesuffix(".warc")
            shards = (folder / f"{stem}.parquet" for folder in (site.records, site.rejects))
            removals.append(Removal(name, (warc, *(shard for shard in shards if shard.exists()))))
    return removals, kept


def find_old_reports(data: DataDir, before: datetime) -> list[Removal]:
    """Reports of runs older than `before`, but for those of each site back to its last finished run.

    A timer counts from them, and a crawl learns from them which sources were cut short; from backfills neither does.
    """
    finished: set[str] = set()
    removals = []
    for path in data.list_runs():
        site, is_finished = _read_turn(path)
        is_needed = site is not None and site not in finished
        if is_finished and site is not None:
            finished.add(site)
        if (read_run_time(path.name) or before) < before and not is_needed:
            removals.append(Removal(None, (path,)))
    return removals


def _read_turn(path: Path) -> tuple[str | None, bool]:
    """The site of a run's report, None for a backfill and what is no report, and whether the run came to its end."""
    try:
        report = json.loads(path.read_bytes())
        if report.get("backfill") is not None:
            return None, False
        return str(report["site"]), report["finish_reason"] == "finished"
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None, False


def read_run_time(name: str) -> datetime | None:
    """When the run began that a file is named after, None when it is named otherwise.

    >>> read_run_time("20261129T014520Z-5c13-00000.warc.gz").isoformat()
    '2026-11-29T01:45:20+00:00'
    """
    match = _RUN_TIME.match(name)
    if match is None:
        return None
    with suppress(ValueError):
        return datetime.strptime(match[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return None


def read_referred(data: DataDir) -> frozenset[str]:
    """Names of the WARC files in which rows of releases lie; raises BrokenWorld for a release that can't be read."""
    names: set[str] = set()
    for folder in sorted(data.releases.glob("[!.]*/")):
        files = [str(path) for path in (folder / "data").rglob("*.parquet")]
        try:
            with open_duckdb() as connection:
                query = "SELECT DISTINCT warc_file FROM read_parquet($files, hive_partitioning = false)"
                rows = connection.execute(query, {"files": files}).fetchall() if files else []
        except duckdb.Error as error:
            cause = str(error).partition("\n")[0]
            raise BrokenWorld(f"{folder}: this release can't be read ({cause}); restore or remove it first") from error
        names.update(name for (name,) in rows)
    return frozenset(names)


def remove(data: DataDir, removals: list[Removal]) -> Iterator[Removal]:
    """Remove, one after the other, and yield what is gone; raises SiteBusy when a site is being written to.

    No release is made meanwhile, and what one refers to that was made since the removals were found stays. A killed
    removal is simply run again.
    """
    with releases_lock(data.releases):
        referred = read_referred(data) if any(removal.site for removal in removals) else frozenset()
        for removal in removals:
            if removal.site is None:
                _unlink(removal.paths)
            elif removal.paths[0].name in referred:
                continue
            else:
                site = data.site(removal.site)
                with site_lock(site), records_lock(site):
                    _remember(site, removal.paths[0].name)
                    _unlink(removal.paths)
            yield removal


def read_pruned(site: SiteDir) -> frozenset[str]:
    """The names of the site's WARC files that were removed by a rule."""
    with suppress(FileNotFoundError):
        return frozenset((site.root / "pruned.txt").read_text(encoding="utf-8").split())
    return frozenset()


def _remember(site: SiteDir, name: str) -> None:
    with write_whole(site.root / "pruned.txt") as temp:
        temp.write_text("\n".join(sorted(read_pruned(site) | {name})) + "\n", encoding="utf-8")


def _unlink(paths: tuple[Path, ...]) -> None:
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise write_error(path, error) from error
