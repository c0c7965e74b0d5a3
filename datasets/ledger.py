"""What a site's crawl knows of each URL: one SQLite file a site, a cache of the archive that can be deleted.

Nothing is kept until `commit`, and a caller commits only after the archive is synced: a URL is never called done before
its bytes are safe. Times are aware UTC, stored as text that sorts by time.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Literal, Self

from tinsach.datasets import ledger_sql as sql
from tinsach.datasets.archive import ArchivedResponse, ArchiveError, ArchivePosition, list_archive, read_archive
from tinsach.datasets.ids import url_key
from tinsach.datasets.layout import BrokenWorld, SiteDir, write_error

State = Literal["found", "done", "gone", "failed"]
STATES: tuple[State, ...] = ("found", "done", "gone", "failed")
FOREVER = datetime.max.replace(tzinfo=UTC)
"""As `now` of `Ledger.due`: every URL that still has a visit planned."""

_GONE = frozenset({404, 410})
_TIME_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


class LedgerError(BrokenWorld):
    """The ledger file cannot be used; it may be deleted, the next crawl rebuilds it from the archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A URL seen in a feed, sitemap or section; `hint_at` is when the paper says it was published or changed."""

    url: str
    key: str
    source: str
    first_seen_at: datetime
    article_id: str | None = None
    hint_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What is known of one URL; times are aware UTC, None when it never happened or isn't planned."""

    key: str
    url: str
    state: State
    attempts: int
    article_id: str | None
    source: str
    hint_at: datetime | None
    first_seen_at: datetime
    visited_at: datetime | None
    next_visit_at: datetime | None
    etag: str | None
    last_modified: str | None
    digest: str | None
    warc_file: str | None = None
    warc_offset: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A response that was archived, and when the URL should be asked again (None: not unless announced as changed)."""

    status: int
    position: ArchivePosition
    fetched_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    next_visit_at: datetime | None = None


def next_visit(first_seen_at: datetime, visited_at: datetime, revisit_after: Sequence[timedelta]) -> datetime | None:
    """When a URL is asked again: the first of the ages, counted from first sight, that lies after the last visit."""
    planned = (first_seen_at + age for age in sorted(revisit_after))
    return next((at for at in planned if at > visited_at), None)


class Ledger:
    """An open ledger; leaving its `with` block keeps only what was committed."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open or make the ledger; LedgerError when the file is no ledger, of another version, or can't be written."""
        with _named_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path)
            with ExitStack() as on_error:
                on_error.callback(connection.close)
                _prepare(connection, path)
                on_error.pop_all()
        return cls(path, connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def announce(self, items: Iterable[Announcement]) -> int:
        """Take in URLs; returns how many were not known. The first source stays, the latest hint counts."""
        new = 0
        with _named_errors(self._path):
            for item in items:
                row = {field.name: _store(getattr(item, field.name)) for field in fields(item)}
                if self._connection.execute(sql.INSERT, row).rowcount:
                    new += 1
                elif item.hint_at:
                    self._connection.execute(sql.HINT, row)
        return new

    def due(self, now: datetime, *, limit: int | None = None, since: datetime | None = None) -> list[Visit]:
        """URLs to fetch, newest first: never visited, visit planned up to `now`, or announced as changed since.

        `since` leaves out what was announced (or, without a hint, first seen) before it.
        """
        values = {"now": _store(now), "since": _store(since) or "", "limit": -1 if limit is None else limit}
        with _named_errors(self._path):
            return [_load_visit(row) for row in self._connection.execute(sql.DUE, values)]

    def mark_done(self, key: str, outcome: Outcome) -> None:
        """The URL was fetched and archived."""
        position = outcome.position
        self._update(
            sql.DONE,
            key,
            status=outcome.status,
            etag=outcome.etag,
            last_modified=outcome.last_modified,
            digest=position.digest,
            warc_file=position.warc_file,
            warc_offset=position.offset,
            visited_at=outcome.fetched_at,
            next_visit_at=outcome.next_visit_at,
        )

    def mark_unchanged(self, key: str, visited_at: datetime, next_visit_at: datetime | None) -> None:
        """The URL was asked again and is as archived."""
        self._update(sql.UNCHANGED, key, visited_at=visited_at, next_visit_at=next_visit_at)

    def mark_gone(self, key: str, status: int, visited_at: datetime) -> None:
        """The paper took the page down; it is not asked again unless announced as changed."""
        self._update(sql.GONE, key, status=status, visited_at=visited_at)

    def mark_failed(self, key: str, error: str, visited_at: datetime, next_visit_at: datetime | None) -> None:
        """The fetch failed; the archived version, if there is one, stays."""
        self._update(sql.FAILED, key, error=error, visited_at=visited_at, next_visit_at=next_visit_at)

    def forget(self, url_or_key: str) -> bool:
        """Make the URL due as if never fetched; False when it isn't known. What is archived stays."""
        return self._update(sql.FORGET, _as_key(url_or_key)) > 0

    def commit(self) -> None:
        """Keep everything since the last commit; the archive it speaks of must be synced."""
        with _named_errors(self._path):
            self._connection.commit()

    def find(self, url_or_key: str) -> Visit | None:
        """What is known of a URL, or None."""
        with _named_errors(self._path):
            row = self._connection.execute("SELECT * FROM urls WHERE key = ?", (_as_key(url_or_key),)).fetchone()
        return _load_visit(row) if row else None

    def count_by_state(self) -> dict[str, int]:
        """Number of URLs in each of the four states."""
        with _named_errors(self._path):
            rows = self._connection.execute("SELECT state, count(*) FROM urls GROUP BY state")
            counts: dict[str, int] = dict.fromkeys(STATES, 0)
            return counts | dict(map(tuple, rows))

    def add_archives(self, names: Iterable[str]) -> None:
        """Remember that every response of these WARC files is in the ledger, so that `reconcile` passes them over."""
        with _named_errors(self._path):
            self._connection.executemany("INSERT OR IGNORE INTO archives VALUES (?)", ((name,) for name in names))

    def known_archives(self) -> frozenset[str]:
        """Names of the WARC files whose responses are all in the ledger."""
        with _named_errors(self._path):
            return frozenset(row[0] for row in self._connection.execute("SELECT name FROM archives"))

    def _update(self, statement: str, key: str, **values: object) -> int:
        row = {"key": key} | {name: _store(value) for name, value in values.items()}
        with _named_errors(self._path):
            return self._connection.execute(statement, row).rowcount


def reconcile(
    site: SiteDir,
    ledger: Ledger,
    *,
    revisit_after: Sequence[timedelta] = (),
    find_article_id: Callable[[str], str | None] = lambda _: None,
) -> int:
    """Bring the ledger up to the archive: archived responses it lacks become done (or gone), and commit.

    Returns how many those were. A lost ledger is rebuilt by this. Only files not read before are read; one that can't
    be read at all is left for `build` to report. Hold the site's lock, after `salvage`.
    """
    added, known = 0, ledger.known_archives()
    for path in list_archive(site):
        if path.name in known:
            continue
        try:
            for item in read_archive(path):
                if isinstance(item, ArchivedResponse) and item.status:
                    added += _add_archived(ledger, path.name, item, revisit_after, find_article_id)
        except ArchiveError:
            continue
        ledger.add_archives([path.name])
        ledger.commit()
    return added


def _add_archived(
    ledger: Ledger,
    warc_file: str,
    response: ArchivedResponse,
    revisit_after: Sequence[timedelta],
    find_article_id: Callable[[str], str | None],
) -> int:
    if response.status != HTTPStatus.OK and response.status not in _GONE:
        return 0
    try:
        key, fetched_at = url_key(response.url), response.fetched_at
    except ValueError:
        return 0  # archived by another tool, and nothing that a crawl would ask for
    visit = ledger.find(key)
    if visit and visit.visited_at and visit.visited_at >= fetched_at:
        return 0
    article_id = find_article_id(response.url)
    ledger.announce(
        [Announcement(url=response.url, key=key, source="archive", first_seen_at=fetched_at, article_id=article_id)]
    )
    if response.status in _GONE:
        ledger.mark_gone(key, response.status, fetched_at)
        return 1
    outcome = Outcome(
        status=response.status,
        position=ArchivePosition(warc_file, response.offset, response.digest),
        fetched_at=fetched_at,
        etag=response.header("ETag"),
        last_modified=response.header("Last-Modified"),
        next_visit_at=next_visit(visit.first_seen_at if visit else fetched_at, fetched_at, revisit_after),
    )
    ledger.mark_done(key, outcome)
    return 1


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        connection.executescript(f"BEGIN; {sql.CREATE} COMMIT;")
    elif version != sql.VERSION:
        raise LedgerError(f"{path}: ledger of version {version}, not {sql.VERSION}; delete it, it will be rebuilt")


@contextmanager
def _named_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError):
        raise  # bugs of ours
    except sqlite3.DatabaseError as error:
        remedy = "free space or mend the rights; if the file itself is damaged delete it, the next crawl rebuilds it"
        raise LedgerError(f"{path}: {error}; {remedy}") from error
    except OSError as error:
        raise write_error(path, error) from error


def _store(value: object) -> object:
    return value.astimezone(UTC).strftime(_TIME_FORMAT) if isinstance(value, datetime) else value


def _load_time(value: str | None) -> datetime | None:
    return datetime.strptime(value, _TIME_FORMAT).replace(tzinfo=UTC) if value else None


def _load_visit(row: sqlite3.Row) -> Visit:
    values = {field.name: row[field.name] for field in fields(Visit)}
    return Visit(**values | {name: _load_time(value) for name, value in values.items() if name.endswith("_at")})


def _as_key(url_or_key: str) -> str:
    return url_key(url_or_key) if "://" in url_or_key else url_or_key
