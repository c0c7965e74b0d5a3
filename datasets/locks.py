"""One writer at a time: a lock file a site. Never waits; the operating system frees the lock of a killed process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from tinsach.datasets.layout import BrokenWorld, SiteDir, write_error


class SiteBusy(BrokenWorld):
    """Another process holds the lock; the message names lock file, site and remedy."""


@contextmanager
def site_lock(site: SiteDir) -> Iterator[None]:
    """Be the only writer of the site's archive and ledger; raises SiteBusy at once when another process is."""
    with _hold(site.lock, f"{site.name} is being crawled by another process"):
        yield


@contextmanager
def records_lock(site: SiteDir) -> Iterator[None]:
    """Be the only writer of the site's records and rejects; a crawl of the site may run meanwhile."""
    with _hold(site.root / ".records.lock", f"the records of {site.name} are being built by another process"):
        yield


@contextmanager
def releases_lock(releases: Path) -> Iterator[None]:
    """Be the only writer in the folder of releases."""
    with _hold(releases / ".lock", "another release is being written"):
        yield


@contextmanager
def schedule_lock(root: Path) -> Iterator[None]:
    """Be the only schedule of a data folder."""
    with _hold(root / ".schedule.lock", "another schedule runs on this data folder"):
        yield


def is_held(site: SiteDir) -> bool:
    """Whether another process crawls the site or builds its records now."""
    try:
        with site_lock(site), records_lock(site):
            return False
    except SiteBusy:
        return True


@contextmanager
def _hold(path: Path, busy: str) -> Iterator[None]:
    lock = FileLock(path, timeout=0)
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
