"""What a site's crawl knows of each URL: one SQLite file a site, a cache of the archive that can be deleted.

Nothing is kept until `commit`, and a caller commits only after the archive is synced: a URL is never called done before
its bytes are safe. Times are aware UTC, stored as text that sorts by time. An article stands in it once, whatever its
addresses: the key is the site's own number of it where its profile knows one.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Self

from tinsach.cleaning import UnknownSite, load_profile
from tinsach.datasets import ledger_sql as sql
from tinsach.datasets.ids import KeyOf, page_key
from tinsach.datasets.layout import BrokenWorld, write_error
from tinsach.datasets.visits import (
    STATES,
    Announced,
    Announcement,
    Heard,
    Outcome,
    State,
    Validators,
    Visit,
    next_visit,
)

__all__ = [
    "FOREVER",
    "STATES",
    "Announced",
    "Announcement",
    "Ledger",
    "LedgerError",
    "Outcome",
    "Validators",
    "Visit",
    "find_key_rule",
    "next_visit",
]

FOREVER = datetime.max.replace(tzinfo=UTC)
"""As `now` of `Ledger.due`: every URL that still has a visit planned."""

DUE_BATCH = 500  # visits held in memory at once
_TIME_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


class LedgerError(BrokenWorld):
    """The ledger file cannot be used; it may be deleted, the next crawl rebuilds it from the archive."""


class Ledger:
    """An open ledger; leaving its `with` block keeps only what was committed. `key_of` makes the key of an address."""

    def __init__(self, path: Path, connection: sqlite3.Connection, key_of: KeyOf) -> None:
        self.key_of = key_of
        self._path = path
        self._connection = connection
        self._sources: dict[str, int] = {
            row["url"]: row["id"] for row in connection.execute("SELECT id, url FROM sources")
        }
        self._source_names = {number: url for url, number in self._sources.items()}

    @classmethod
    def open(cls, path: Path, key_of: KeyOf | None = None) -> Self:
        """Open or make the ledger; LedgerError when the file is no ledger, of a later version, or can't be written.

        Without `key_of` the profile of the site whose folder it lies in knows the keys. A ledger of an earlier version
        is brought up to date.
        """
        key_of = key_of or find_key_rule(path.parent.name)
        with _named_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path)
            with ExitStack() as on_error:
                on_error.callback(connection.close)
                _prepare(connection, path, key_of)
                ledger = cls(path, connection, key_of)
                on_error.pop_all()
        return ledger

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def announce(self, items: Iterable[Announcement]) -> Announced:
        """Take in URLs. The first source stays the first, the latest hint and the first time of publication count."""
        new = unfetched = 0
        with _named_errors(self._path):
            for item in items:
                key, source = self.key_of(item.url), self._source_id(item.source)
                self._connection.execute(sql.ANNOUNCED, (key, source))
                known = self._connection.execute(sql.KNOWN, (key,)).fetchone()
                if known is None:
                    self._connection.execute(sql.INSERT, _row_of(item) | {"key": key, "source": str(source)})
                    new += 1
                else:
                    self._add_hint(key, known, source, item)
                    unfetched += known["state"] == "found"
        return Announced(new=new, unfetched=new + unfetched)

    def due(self, now: datetime, *, limit: int | None = None, since: datetime | None = None) -> list[Visit]:
        """URLs to fetch, newest first: never visited, visit planned up to `now`, or announced as changed since.

        `since` leaves out what was announced (or, without a hint, first seen) before it.
        """
        return list(self.iterate_due(now, limit=limit, since=since))

    def iterate_due(
        self,
        now: datetime,
        *,
        limit: int | None = None,
        since: datetime | None = None,
        only_announced: bool = False,
    ) -> Iterator[Visit]:
        """`due`, a batch of rows at a time, each URL once whatever becomes of it meanwhile.

        With `only_announced` it is what was announced since the ledger was opened.
        """
        values = {"now": _store(now), "since": _store(since) or "", "before": "~", "after_key": ""}
        left = limit
        while left is None or left > 0:
            size = DUE_BATCH if left is None else min(DUE_BATCH, left)
            with _named_errors(self._path):
                batch = self._connection.execute(
                    sql.DUE, values | {"limit": size, "only_announced": only_announced}
                ).fetchall()
            yield from map(self._load_visit, batch)
            if len(batch) < size:
                return
            values |= {"before": batch[-1]["sorted_at"], "after_key": batch[-1]["key"]}
            left = None if left is None else left - size

    def mark_done(self, key: str, outcome: Outcome) -> None:
        """The URL was fetched and archived."""
        position = outcome.position
        self._update(
            sql.DONE,
            key,
            status=outcome.status,
            etag=outcome.validators.etag,
            last_modified=outcome.validators.last_modified,
            digest=position.digest,
            text_hash=outcome.text_hash,
            warc_file=position.warc_file,
            warc_offset=position.offset,
            visited_at=outcome.fetched_at,
            next_visit_at=outcome.next_visit_at,
        )

    def mark_unchanged(
        self,
        key: str,
        visited_at: datetime,
        next_visit_at: datetime | None,
        *,
        validators: Validators | None = None,
        text_hash: str | None = None,
    ) -> None:
        """The URL was asked again and is as archived; the server's latest validators count."""
        given = validators or Validators()
        self._update(
            sql.UNCHANGED,
            key,
            visited_at=visited_at,
            next_visit_at=next_visit_at,
            etag=given.etag,
            last_modified=given.last_modified,
            text_hash=text_hash,
        )

    def mark_gone(self, key: str, status: int, visited_at: datetime) -> None:
        """The paper took the page down; it is not asked again unless announced as changed."""
        self._update(sql.GONE, key, status=status, visited_at=visited_at)

    def mark_failed(self, key: str, error: str, visited_at: datetime, next_visit_at: datetime | None) -> None:
        """The fetch failed; the archived version, if there is one, stays."""
        self._update(sql.FAILED, key, error=error, visited_at=visited_at, next_visit_at=next_visit_at)

    def forget(self, url_or_key: str) -> bool:
        """Make the URL due as if never fetched; False when it isn't known. What is archived stays."""
        return self._update(sql.FORGET, self._as_key(url_or_key)) > 0

    def commit(self) -> None:
        """Keep everything since the last commit; the archive it speaks of must be synced."""
        with _named_errors(self._path):
            self._connection.commit()

    def find(self, url_or_key: str) -> Visit | None:
        """What is known of a URL, or None."""
        with _named_errors(self._path):
            row = self._connection.execute("SELECT * FROM urls WHERE key = ?", (self._as_key(url_or_key),)).fetchone()
        return self._load_visit(row) if row else None

    def count_by_state(self) -> dict[str, int]:
        """Number of URLs in each of the four states."""
        with _named_errors(self._path):
            rows = self._connection.execute("SELECT state, count(*) FROM urls GROUP BY state")
            counts: dict[str, int] = dict.fromkeys(STATES, 0)
            return counts | dict(map(tuple, rows))

    def count_announced(self) -> dict[str, tuple[int, int]]:
        """Of each source: how many URLs it announced since the ledger was opened, how many of them only it did."""
        with _named_errors(self._path):
            return {
                row["source"]: (row["announced"], row["only_here"])
                for row in self._connection.execute(sql.COUNT_ANNOUNCED)
            }

    def count_outcomes(self) -> dict[str, dict[str, int]]:
        """Of each source: the states now of what it announced since the ledger was opened."""
        counts: dict[str, dict[str, int]] = {}
        with _named_errors(self._path):
            for source, state, count in self._connection.execute(sql.COUNT_STATES):
                counts.setdefault(source, {})[state] = count
        return counts

    def count_fates(self, built: Iterable[tuple[str, int, str]]) -> dict[tuple[tuple[str, ...], str], int]:
        """Number of URLs by (all sources that ever announced them, what has become of them).

        `built` says it by (WARC file, offset, outcome); of what it does not name it is the state, or "unbuilt".
        """
        rows = self._count_built(built, sql.COUNT_FATES)
        return {(self._names_of(row["sources"]), row["fate"]): row[2] for row in rows}

    def keep_heard(self, run: str) -> None:
        """Remember which source announced what since the ledger was opened, instead of what the run before heard."""
        with _named_errors(self._path):
            self._connection.execute(sql.FORGET_HEARD)
            self._connection.execute(sql.KEEP_HEARD, (run,))

    def list_heard_archives(self, run: str) -> frozenset[str]:
        """The WARC files that hold what the sources announced in that run; none of a run that was not the last one."""
        with _named_errors(self._path):
            return frozenset(row[0] for row in self._connection.execute(sql.HEARD_ARCHIVES, (run,)))

    def count_heard(self, run: str, built: Iterable[tuple[str, int, str]]) -> Iterator[Heard]:
        """What has become of what each source announced in that run, with `built` as in `count_fates`."""
        return (Heard(*row) for row in self._count_built(built, sql.COUNT_HEARD, run))

    def _count_built(self, built: Iterable[tuple[str, int, str]], statement: str, *values: str) -> list[sqlite3.Row]:
        with _named_errors(self._path):
            self._connection.execute(sql.CREATE_BUILT)
            self._connection.executemany(sql.BUILT, built)
            rows = self._connection.execute(statement, values).fetchall()
            self._connection.rollback()
        return rows

    def list_state(self, state: State) -> Iterator[Visit]:
        """The URLs of a state, the last seen first."""
        with _named_errors(self._path):
            for row in self._connection.execute(sql.OF_STATE, (state,)):
                yield self._load_visit(row)

    def find_validators(self, listing_url: str, *, read_since: datetime) -> Validators | None:
        """What the server gave with a page of announcements when it was last read to its end; None: not since then."""
        with _named_errors(self._path):
            row = self._connection.execute(sql.READ_LISTING, (listing_url, _store(read_since))).fetchone()
        return Validators(row["etag"], row["last_modified"]) if row else None

    def keep_validators(self, listing_url: str, validators: Validators, read_at: datetime) -> None:
        """A page of announcements was read to its end and all its links are taken in."""
        with _named_errors(self._path):
            row = (listing_url, validators.etag, validators.last_modified, _store(read_at))
            self._connection.execute(sql.KEEP_LISTING, row)

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
            changed: int = self._connection.execute(statement, row).rowcount
        return changed

    def _add_hint(self, key: str, known: sqlite3.Row, source: int, item: Announcement) -> None:
        """Write what an announcement adds to a known URL; mostly that is nothing."""
        sources = known["sources"] if str(source) in known["sources"].split(",") else f"{known['sources']},{source}"
        hint_at = max(known["hint_at"] or "", _store(item.hint_at) or "") or None
        published_at = known["published_at"] or _store(item.published_at)
        if (sources, hint_at, published_at) != (known["sources"], known["hint_at"], known["published_at"]):
            row = {"key": key, "sources": sources, "hint_at": hint_at, "published_at": published_at}
            self._connection.execute(sql.HINT, row)

    def _source_id(self, url: str) -> int:
        if url not in self._sources:
            number = self._connection.execute("INSERT INTO sources (url) VALUES (?)", (url,)).lastrowid
            assert number is not None
            self._sources[url], self._source_names[number] = number, url
        return self._sources[url]

    def _names_of(self, sources: str) -> tuple[str, ...]:
        return tuple(self._source_names[int(number)] for number in sources.split(","))

    def _load_visit(self, row: sqlite3.Row) -> Visit:
        values = {name: row[name] for name in _VISIT_FIELDS}
        times = {name: _load_time(values[name]) for name in _VISIT_TIMES}
        return Visit(**values | times | {"sources": self._names_of(values["sources"])})

    def _as_key(self, url_or_key: str) -> str:
        return self.key_of(url_or_key) if "://" in url_or_key else url_or_key


_VISIT_FIELDS = tuple(field.name for field in fields(Visit))
_VISIT_TIMES = tuple(name for name in _VISIT_FIELDS if name.endswith("_at"))


def find_key_rule(site: str) -> KeyOf:
    """How a site's pages are known: by the profile's article number, by their address where there is no profile."""
    try:
        return partial(page_key, find_article_id=load_profile(site).find_page_id)
    except UnknownSite:
        return page_key


def _prepare(connection: sqlite3.Connection, path: Path, key_of: KeyOf) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        connection.executescript(f"BEGIN; {sql.CREATE} COMMIT;")
    elif version in sql.MIGRATE:
        connection.create_function("key_of", 1, key_of, deterministic=True)
        connection.executescript(f"BEGIN; {sql.MIGRATE[version]} COMMIT;")
    elif version != sql.VERSION:
        raise LedgerError(f"{path}: ledger of version {version}, not {sql.VERSION}; delete it, it will be rebuilt")
    connection.execute(sql.CREATE_ANNOUNCED)


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


def _row_of(item: Announcement) -> dict[str, object]:
    return {
        "url": item.url,
        "hint_at": _store(item.hint_at),
        "published_at": _store(item.published_at),
        "first_seen_at": _store(item.first_seen_at),
    }


def _store(value: object) -> Any:
    return value.astimezone(UTC).strftime(_TIME_FORMAT) if isinstance(value, datetime) else value


def _load_time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
