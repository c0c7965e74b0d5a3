"""Where everything lies on disk, and how a file comes into being: whole or not at all.

Asking for a path creates nothing. Every output is written under a temporary name beside its place, fsynced and renamed,
so that a reader never meets half a file and a killed run leaves nothing under a final name.
"""

import errno
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tinsach.cleaning.mistakes import suggest

_TEMP_NAME = re.compile(r"\.(?P<name>.+)\.[0-9a-f]{8}\.tmp")
LONGEST_WRITE_SECONDS = 3600.0  # of a small file that no lock guards: reports of runs and the like
_REMEDIES = {
    errno.ENOSPC: "free some space and run the command again; what was already written is whole",
    errno.EDQUOT: "free some space and run the command again; what was already written is whole",
    errno.EACCES: "give this user the right to write there, or choose another folder with --data",
    errno.EPERM: "give this user the right to write there, or choose another folder with --data",
    errno.EROFS: "choose a folder that can be written with --data",
}


class BrokenWorld(Exception):
    """Something outside this program is wrong; the message is one line that names file, cause and remedy."""


class WriteError(BrokenWorld):
    """A file could not be written; what stood under its name before is untouched."""


@dataclass(frozen=True, slots=True)
class SiteDir:
    """One site's part of the data folder. `lock` guards archive and ledger, the records have their own lock file."""

    root: Path

    @property
    def name(self) -> str:
        return self.root.name

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def ledger(self) -> Path:
        return self.root / "ledger.sqlite"

    @property
    def imports(self) -> Path:
        """Which items were imported; made from the archive."""
        return self.root / "imports.sqlite"

    @property
    def records(self) -> Path:
        return self.root / "records"

    @property
    def rejects(self) -> Path:
        return self.root / "rejects"

    @property
    def learnt(self) -> Path:
        """What repeats across the site, with the decisions of its reviewer; no output, so it is never rebuilt."""
        return self.root / "learnt.toml"

    @property
    def lock(self) -> Path:
        return self.root / ".lock"


@dataclass(frozen=True, slots=True)
class DataDir:
    """The data folder: sites, releases, reports of runs."""

    root: Path

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def runs(self) -> Path:
        return self.root / "runs"

    def list_runs(self) -> list[Path]:
        """The reports of runs, the latest first; empty when there is none."""
        return sorted(self.runs.glob("*.json"), reverse=True)

    @property
    def profiles(self) -> Path:
        """Where a user's own site profiles lie unless he names another folder."""
        return self.root / "profiles"

    def site(self, name: str) -> SiteDir:
        """The folder of one site, whether it exists or not; ValueError for a name that is no folder name."""
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
            raise ValueError(f"not a site name: {name!r}")
        return SiteDir(self.root / "sites" / name)

    def find_site(self, name: str) -> SiteDir:
        """The folder of a site that has one; raises BrokenWorld."""
        known = self.sites()
        if name not in known:
            near = suggest(name, known) or f"; there is {', '.join(known) or 'none'}"
            raise BrokenWorld(f"{self.root / 'sites'}: no archive of {name}{near}")
        return self.site(name)

    def sites(self) -> tuple[str, ...]:
        """Names of the sites that have a folder, sorted; empty when there is no data folder yet."""
        sites = self.root / "sites"
        if not sites.is_dir():
            return ()
        return tuple(sorted(path.name for path in sites.iterdir() if path.is_dir() and not path.name.startswith(".")))


def resolve_data_dir(flag: Path | None = None) -> DataDir:
    """The data folder the user means: the flag, else TINSACH_DATA, else ./data."""
    return DataDir(flag or Path(os.environ.get("TINSACH_DATA") or "data"))


def check_target(path: Path, *, force: bool = False) -> None:
    """Raises BrokenWorld for a file of the user's own choice that is there already, or whose folder is not.

    With `force` the file may be there; it is replaced when the new one is whole.
    """
    if not path.parent.is_dir():
        raise BrokenWorld(f"{path}: there is no folder {path.parent}; make it, or correct the name")
    if path.exists() and not force:
        raise BrokenWorld(f"{path}: there already; choose another name, or replace it with --force")


@contextmanager
def write_whole(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path` to write to; on a clean exit it is fsynced and takes the final name.

    Folders above are made. On any error, Ctrl-C included, the temporary file is removed and whatever stood under `path`
    stays. An OSError becomes a WriteError. Two writers of one path never share a temporary file: the last one wins.
    """
    temp = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temp
        sync_path(temp)
        temp.replace(path)
        sync_path(path.parent)
    except OSError as error:
        raise write_error(path, error) from error
    finally:
        with suppress(OSError):
            temp.unlink(missing_ok=True)


@contextmanager
def write_whole_folder(path: Path) -> Iterator[Path]:
    """Yield a temporary folder beside `path` to fill; on a clean exit all in it is fsynced and it takes the name.

    On any error it is removed with all that is in it. A folder that stands under `path` already is never replaced.
    """
    temp = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        temp.mkdir(parents=True)
        yield temp
        for below in (*temp.rglob("*"), temp):
            sync_path(below)
        temp.rename(path)
        sync_path(path.parent)
    except OSError as error:
        raise write_error(path, error) from error
    finally:
        shutil.rmtree(temp, ignore_errors=True)


def find_leftovers(folder: Path, name: str | None = None, *, min_age_seconds: float = 0) -> list[Path]:
    """The temporary files that killed writers left in `folder`, or those of the file `name` only, sorted.

    Of a folder whose lock is not held some may be written right now: only those of some age are leftovers.
    """
    found = ((path, _TEMP_NAME.fullmatch(path.name)) for path in sorted(folder.glob(".*.tmp")))
    return [
        path for path, match in found if match and name in (None, match["name"]) and _is_as_old(path, min_age_seconds)
    ]


def remove_leftovers(folder: Path, name: str | None = None, *, min_age_seconds: float = 0) -> int:
    """Remove what `find_leftovers` finds; returns how many there were. Without an age call it with the lock held."""
    leftovers = find_leftovers(folder, name, min_age_seconds=min_age_seconds)
    for path in leftovers:
        path.unlink(missing_ok=True)
    return len(leftovers)


def _is_as_old(path: Path, seconds: float) -> bool:
    try:
        return not seconds or time.time() - path.stat().st_mtime >= seconds
    except FileNotFoundError:  # it has its final name by now
        return False


def sync_path(path: Path) -> None:
    """Make the bytes of a file, or the names in a folder, survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_error(path: Path, error: OSError) -> WriteError:
    """The one-line error for a file that could not be written, with what to do about it."""
    remedy = _REMEDIES.get(error.errno or 0, "mend that and run the command again")
    cause = os.strerror(error.errno) if error.errno else str(error)
    return WriteError(f"{path}: cannot be written ({cause}); {remedy}")
