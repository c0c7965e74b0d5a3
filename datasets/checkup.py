"""Looks over a data folder and says what is not as it should be, place by place; reads only, mends nothing.

What lies where a running crawl or build works is left alone: a site that is held is checked for what holds still.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from tinsach.datasets.archive import PART_SUFFIX, list_archive
from tinsach.datasets.build import explain_site
from tinsach.datasets.layout import LONGEST_WRITE_SECONDS, BrokenWorld, DataDir, SiteDir, find_leftovers
from tinsach.datasets.ledger_sql import VERSION
from tinsach.datasets.locks import find_held, find_holder, is_held
from tinsach.datasets.retention import read_pruned, read_run_time
from tinsach.datasets.shards import DAMAGED_SUFFIX
from tinsach.datasets.verify import BadRelease, read_manifest

LEAST_FREE_BYTES = 2 << 30  # a day of 26 papers in WARC, and the temporary files of a build
_POSITIONS = "SELECT warc_file, count(*), max(warc_offset) FROM urls WHERE warc_file IS NOT NULL GROUP BY warc_file"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be. `is_fault` False: it passes, or the next command there puts it right."""

    place: str
    what: str
    remedy: str
    is_fault: bool = True


def check_folder(data: DataDir) -> Iterator[Finding]:
    """What is wrong with the disk and the folder as a whole, and who works in it."""
    folder = next(path for path in (data.root, *data.root.absolute().parents) if path.exists())
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        yield Finding(str(folder), f"{free >> 20:,} MB free", "free some space, or choose another folder with --data")
    for path in sorted(data.releases.glob(".*.tmp")):
        yield Finding(str(path), "left by a release that was killed", "the next release removes it", is_fault=False)
    for folder in (data.root, data.runs):
        yield from _check_leftovers(folder, min_age_seconds=LONGEST_WRITE_SECONDS)
    for path, work in find_held(data).items():
        holder = find_holder(path)
        what = f"held{f' by process {holder}' if holder else ''}: {work}"
        yield Finding(str(path), what, "nothing; it is freed when that ends", is_fault=False)


def check_site(data: DataDir, name: str) -> Iterator[Finding]:
    """What is wrong with one site: leftovers, ledger against archive, archive against records."""
    site = data.site(name)
    held = is_held(site)
    if not held:
        for folder in (site.root, site.archive, site.records, site.rejects):
            yield from _check_leftovers(folder)
        for path in sorted(site.archive.glob(f"*{PART_SUFFIX}")):
            what = "left by a crawl that was killed; its whole responses are safe"
            yield Finding(str(path), what, "the next crawl or build takes it in", is_fault=False)
    for path in sorted(site.root.glob(f"*/*.parquet{DAMAGED_SUFFIX}")):
        yield Finding(str(path), "damaged, and set aside", "look at the disk, then remove it", is_fault=False)
    yield from _check_ledger(site, held=held)
    if site.archive.is_dir():
        stale = [plan for plan in explain_site(data, name) if plan.stale]
        if stale:
            what = f"{len(stale)} of {len(list_archive(site))} WARC files have no up-to-date records"
            yield Finding(str(site.records), f"{what} ({stale[0].stale})", f"tinsach build {name}", is_fault=False)


def check_releases(data: DataDir) -> Iterator[Finding]:
    """Releases whose files are not those of their manifest, by name and size; `tinsach verify` looks inside."""
    for folder in sorted(data.releases.glob("[!.]*/")):
        try:
            manifest = read_manifest(folder)
        except BadRelease as error:
            yield Finding(str(folder), str(error), "restore it from a copy, or remove it")
            continue
        for entry in (*manifest["files"], *manifest.get("other_files", ())):
            path = folder / entry["path"]
            if not path.is_file() or path.stat().st_size != entry["bytes"]:
                yield Finding(str(path), "missing, or of another size", f"tinsach verify {folder.name}")


def _check_leftovers(folder: Path, *, min_age_seconds: float = 0) -> Iterator[Finding]:
    for path in find_leftovers(folder, min_age_seconds=min_age_seconds):
        yield Finding(str(path), "left by a command that was killed", "the next build removes it", is_fault=False)


def _check_ledger(site: SiteDir, *, held: bool) -> Iterator[Finding]:
    if not site.ledger.is_file():
        if any(map(read_run_time, (path.name for path in list_archive(site)))):  # what is only imported has none
            yield Finding(str(site.ledger), "missing", "the next crawl rebuilds it from the archive", is_fault=False)
        return
    try:
        with closing(sqlite3.connect(f"file:{site.ledger}?mode=ro", uri=True)) as ledger:
            version = ledger.execute("PRAGMA user_version").fetchone()[0]
            positions = ledger.execute(_POSITIONS).fetchall() if version == VERSION else []
            known = {row[0] for row in ledger.execute("SELECT name FROM archives")} if version == VERSION else set()
    except sqlite3.DatabaseError as error:
        yield Finding(str(site.ledger), f"can't be read ({error})", "delete it; the next crawl rebuilds it")
        return
    if version != VERSION:
        yield Finding(str(site.ledger), f"of version {version}", "the next crawl brings it up to date", is_fault=False)
        return
    pruned = read_pruned(site)
    for warc_file, count, offset in positions:
        if warc_file not in pruned and not _holds(site.archive / warc_file, offset):
            what = f"the ledger calls {count} articles done that are in it, and it is missing or shorter"
            yield Finding(str(site.archive / warc_file), what, "restore it, or delete the ledger to fetch them again")
    unread = [path for path in list_archive(site) if path.name not in known]
    if unread and not held:
        what = f"{len(unread)} WARC files are not in the ledger yet"
        yield Finding(str(site.ledger), what, "the next crawl takes them in", is_fault=False)


def _holds(path: Path, offset: int) -> bool:
    with suppress(OSError):
        return path.stat().st_size > offset
    with suppress(OSError):
        return path.with_name(path.name + PART_SUFFIX).stat().st_size > offset
    return False


def check_data(data: DataDir) -> Iterator[Finding]:
    """Everything above, for all sites; a site that can't be looked at is a finding."""
    yield from check_folder(data)
    for name in data.sites():
        try:
            yield from check_site(data, name)
        except BrokenWorld as error:
            yield Finding(str(data.site(name).root), str(error), "mend that")
    yield from check_releases(data)
