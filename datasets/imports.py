"""What was imported into a site's archive, item by item, so that an import costs no more than its own items.

Rule: the archive is the truth. The database beside it is brought up to it whenever it is opened, and made anew when it
is missing, damaged, or names a file that is no longer as it was; it can be deleted at any time.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Literal

from tinsach.datasets.archive import ArchivedResponse, ArchiveError, list_archive, payload_digest, read_archive
from tinsach.datasets.layout import BrokenWorld, SiteDir
from tinsach.datasets.own_headers import GIVEN_HEADER, IMPORT_HEADER

IMPORT_RUN = "import-"  # how the names of its archive files begin

Known = Literal["new", "before", "again"]

_CREATE = """
CREATE TABLE IF NOT EXISTS files (name TEXT PRIMARY KEY, bytes INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS items (digest BLOB PRIMARY KEY, is_new INTEGER NOT NULL) WITHOUT ROWID;
"""


class Imports:
    """The items of all imports of a site, and of this one."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, url: str, body: bytes, given: str | None) -> Known:
        """Note an item; "before" when an earlier import archived its like, "again" when this one did."""
        digest = _name_item(url, payload_digest(body), given)
        row = self._connection.execute("SELECT is_new FROM items WHERE digest = ?", (digest,)).fetchone()
        if row is not None:
            return "again" if row[0] else "before"
        self._connection.execute("INSERT INTO items VALUES (?, 1)", (digest,))
        return "new"


@contextmanager
def open_imports(folder: SiteDir) -> Iterator[Imports]:
    """The site's imports, brought up to its archive; hold its lock, and leave the block when the archive is written.

    After an error nothing of this import is kept: the next one reads what it archived. Raises BrokenWorld.
    """
    path = folder.imports
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with closing(_open(path)) as connection:
            _catch_up(connection, folder)
            yield Imports(connection)
            connection.executemany("INSERT OR REPLACE INTO files VALUES (?, ?)", _measure_files(folder).items())
            connection.execute("UPDATE items SET is_new = 0 WHERE is_new")
            connection.commit()
    except sqlite3.OperationalError as error:
        raise BrokenWorld(f"{path}: {error}; free space or mend the rights, and import again") from error


def _open(path: Path) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(path)
        connection.executescript(_CREATE)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:  # damaged: nothing in it is needed
        path.unlink()
        return _open(path)
    return connection


def _catch_up(connection: sqlite3.Connection, folder: SiteDir) -> None:
    known = dict(connection.execute("SELECT name, bytes FROM files"))
    files = _measure_files(folder)
    if not known.items() <= files.items():
        connection.execute("DELETE FROM files")
        connection.execute("DELETE FROM items")
        known = {}
    for name in sorted(files.keys() - known.keys()):
        items = ((item,) for item in _read_items(folder.archive / name))
        connection.executemany("INSERT OR IGNORE INTO items VALUES (?, 0)", items)


def _measure_files(folder: SiteDir) -> dict[str, int]:
    """The size of each finished file that an import wrote."""
    return {path.name: path.stat().st_size for path in list_archive(folder) if path.name.startswith(IMPORT_RUN)}


def _read_items(path: Path) -> Iterator[bytes]:
    with suppress(ArchiveError):  # the build names it
        for item in read_archive(path):
            if isinstance(item, ArchivedResponse) and item.header(IMPORT_HEADER):
                yield _name_item(item.url, item.digest, item.header(GIVEN_HEADER))


def _name_item(url: str, digest: str, given: str | None) -> bytes:
    """What tells an item: its address, its bytes and what its row says of it."""
    return hashlib.blake2b(" ".join(filter(None, (url, digest, given))).encode(), digest_size=12).digest()
