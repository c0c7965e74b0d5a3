"""One writer at a time: a lock file a site. Hardly waits; the operating system frees the lock of a killed process.

So a lock file that nobody holds means nothing, and none is ever removed.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from tinsach.datasets.layout import BrokenWorld, DataDir, SiteDir, write_error

A_LOOK_SECONDS = 0.5  # a writer waits so long: who only asks whether a lock is held takes it for an instant
RELEASES, SCHEDULE, TOLD = ".lock", ".schedule.lock", ".told.lock"
A_MESSAGE_SECONDS = 120.0  # sending one, and those that others send at the same time


class SiteBusy(BrokenWorld):
    """Another process holds the lock; the message names lock file, site and remedy."""


@contextmanager
def site_lock(site: SiteDir) -> Iterator[None]:
    """Be the only writer of the site's archive and ledger; raises SiteBusy when another process is."""
    with _hold(site.lock, f"{site.name} is being crawled by another process"):
        yield


@contextmanager
def records_lock(site: SiteDir) -> Iterator[None]:
    """Be the only writer of the site's records and rejects; a crawl of the site may run meanwhile."""
    with _hold(_records_lock_path(site), f"the records of {site.name} are being built by another process"):
        yield


@contextmanager
def releases_lock(releases: Path) -> Iterator[None]:
    """Be the only writer in the folder of releases."""
    with _hold(releases / RELEASES, "another release is being written"):
        yield


@contextmanager
def schedule_lock(root: Path) -> Iterator[None]:
    """Be the only timer of a data folder: a `schedule`, or one `run --due`."""
    with _hold(root / SCHEDULE, "another schedule, or run --due, goes on in this data folder"):
        yield


@contextmanager
def told_lock(root: Path) -> Iterator[None]:
    """Be the only one who tells what changed in a data folder, and notes that it was told; waits for its turn."""
    with _hold(root / TOLD, "another run is sending messages", wait_seconds=A_MESSAGE_SECONDS):
        yield


def is_held(site: SiteDir) -> bool:
    """Whether another process crawls the site or builds its records now."""
    return bool(find_work(site))


def find_work(site: SiteDir) -> tuple[str, ...]:
    """What other processes do with the site now: "crawled", "built", both or nothing. Makes no folder and no file."""
    locks = {"crawled": site.lock, "built": _records_lock_path(site)}
    return tuple(work for work, path in locks.items() if _is_locked(path))


def find_held(data: DataDir) -> dict[Path, str]:
    """Each lock of the data folder that another process holds now, and what it does. Makes no folder and no file."""
    locks = {
        data.root / SCHEDULE: "a schedule, or run --due, goes on",
        data.root / TOLD: "a message is being sent",
        data.releases / RELEASES: "a release is being written",
    }
    for site in map(data.site, data.sites()):
        locks |= {site.lock: "the site is being crawled", _records_lock_path(site): "its records are being built"}
    return {path: work for path, work in locks.items() if _is_locked(path)}


def find_holder(path: Path, *, table: Path = Path("/proc/locks")) -> int | None:
    """The process that holds a lock, by Linux's table of them; None elsewhere, and when it is not to be seen from here.

    Its lines: `1: FLOCK ADVISORY WRITE <process> <major>:<minor>:<inode> 0 EOF`; who waits has an arrow before FLOCK.
    """
    try:
        stat = path.stat()
        lines = table.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    place = f"{os.major(stat.st_dev):02x}:{os.minor(stat.st_dev):02x}:{stat.st_ino}"
    held = (line.split()[4] for line in lines if line.split()[1:2] == ["FLOCK"] and place in line.split())
    return next((int(process) for process in held if process.isdecimal() and int(process)), None)


def _records_lock_path(site: SiteDir) -> Path:
    return site.root / ".records.lock"


def _is_locked(path: Path) -> bool:
    if not path.exists():
        return False
    try:
        with FileLock(path, timeout=0):
            return False
    except Timeout:
        return True
    except OSError as error:
        raise write_error(path, error) from error


@contextmanager
def _hold(path: Path, busy: str, *, wait_seconds: float = A_LOOK_SECONDS) -> Iterator[None]:
    lock = FileLock(path, timeout=wait_seconds)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise SiteBusy(f"{path}: {busy}; wait until it ends, then run this again") from error
    except OSError as error:
        raise write_error(path, error) from error
    try:
        yield
    finally:
        lock.release()
