"""Is a release still what it was when it was made? Every file against its manifest, and nothing beside them."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tinsach.datasets.layout import BrokenWorld

_ENTRY = {"path": str, "rows": int, "bytes": int, "sha256": str}  # what the manifest says of a file


class BadRelease(BrokenWorld):
    """A folder that is no release, or whose manifest can't be read."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One file that is not what it was, and how."""

    path: Path
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """How many files and rows were checked; `faults` is empty when all is as it was."""

    files: int
    rows: int
    faults: tuple[Fault, ...]


def read_manifest(release: Path) -> dict[str, Any]:
    """The manifest of a release; raises BadRelease."""
    path = release / "manifest.json"
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        entries = [*manifest["files"], *manifest.get("other_files", ())]
        kinds = [type(manifest["rows"]), *(type(entry[key]) for entry in entries for key in _ENTRY)]
    except (FileNotFoundError, NotADirectoryError) as error:
        raise BadRelease(f"{release}: no release (it has no manifest.json); check the name") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadRelease(f"{path}: not a manifest of a release; restore it from a copy") from error
    if kinds != [int, *list(_ENTRY.values()) * len(entries)]:
        raise BadRelease(f"{path}: not a manifest of a release; restore it from a copy")
    return manifest


def verify_release(release: Path) -> Verification:
    """Check bytes, SHA-256 and rows of every file of a release; raises BadRelease."""
    manifest = read_manifest(release)
    entries = [*manifest["files"], *manifest.get("other_files", ())]
    faults = [fault for entry in entries for fault in _check_file(release, entry)]
    named = {"manifest.json", *(entry["path"] for entry in entries)}
    inside = (path for path in sorted(release.rglob("*")) if not path.is_dir())
    faults += [
        Fault(path, "not in the manifest") for path in inside if path.relative_to(release).as_posix() not in named
    ]
    rows = sum(entry["rows"] for entry in manifest["files"])
    if rows != manifest["rows"]:
        faults.append(Fault(release / "manifest.json", f"says {manifest['rows']} rows, its files {rows}"))
    return Verification(files=len(entries), rows=rows, faults=tuple(faults))


def _check_file(release: Path, entry: dict[str, Any]) -> Iterator[Fault]:
    path = release / entry["path"]
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        yield Fault(path, str(error.strerror or error))
        return
    if path.stat().st_size != entry["bytes"]:
        yield Fault(path, f"{path.stat().st_size} bytes, the manifest says {entry['bytes']}")
    elif sha256 != entry["sha256"]:
        yield Fault(path, "its bytes changed (SHA-256 differs from the manifest)")
    elif path.suffix == ".parquet":
        yield from _check_rows(path, entry["rows"])


def _check_rows(path: Path, rows: int) -> Iterator[Fault]:
    try:
        found = pq.read_metadata(path).num_rows
    except (OSError, pa.ArrowException) as error:
        yield Fault(path, f"not readable as Parquet ({str(error).partition(chr(10))[0]})")
        return
    if found != rows:
        yield Fault(path, f"{found} rows, the manifest says {rows}")
