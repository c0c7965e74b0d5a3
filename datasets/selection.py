"""Which records a release is made of: the latest version of each article, within the filters, each text once.

A text that was imported without its page is a version only of what no page is there of: a record that was cleaned from
HTML goes before it, however old. It also goes before it where two equal texts were published at the same time.

Nothing is held in memory but ids, hashes and signatures, and DuckDB spills those to disk where need be. Of equal or
nearly equal texts the one published first stays; a time known to the day counts as that day's end, and ids decide ties,
never the time of fetching, so that a broken and resumed crawl ends in the same release.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import duckdb
import pyarrow as pa

from tinsach.datasets.duplicates import find_near_duplicates
from tinsach.datasets.layout import BrokenWorld
from tinsach.datasets.moments import day_of
from tinsach.datasets.queries import open_duckdb
from tinsach.datasets.shards import set_damaged_aside

T = TypeVar("T")

# One row a page version; a shard and an offset name it. `place` is the rank by which of two one stays.
_CANDIDATES = """
CREATE TEMP TABLE candidates AS
SELECT id, url, site::VARCHAR AS site, published_at, published_precision, fetched_at, text_hash, language, num_words,
  extraction = 'text' AS is_text, filename AS shard, warc_file, warc_offset
FROM read_parquet($shards, filename = true, hive_partitioning = false)
"""
_UNWANTED_SCHEMA = pa.schema([("article", pa.int64()), ("name", pa.string())])
_UNWANTED = """
id IN (SELECT name FROM unwanted)
OR id IN (SELECT id FROM candidates WHERE url IN (SELECT name FROM unwanted))
"""
_MATCHED = """
SELECT count(DISTINCT article) FROM unwanted
WHERE name IN (SELECT id FROM candidates) OR name IN (SELECT url FROM candidates)
"""
_SPAN = f"""
SELECT count(*), string_agg(DISTINCT language, ', ' ORDER BY language), {day_of("min(published_at)")},
  {day_of("max(published_at)")}, min(num_words), max(num_words)
FROM candidates
"""
_LATEST = """
CREATE TEMP TABLE latest AS SELECT * FROM {source}
QUALIFY row_number() OVER (PARTITION BY id ORDER BY is_text, fetched_at DESC, warc_file DESC, warc_offset DESC) = 1
"""
_RANKED = """
CREATE TEMP TABLE ranked AS SELECT *, first_value(place) OVER (
  PARTITION BY coalesce(text_hash, id) ORDER BY place) AS original
FROM (SELECT *, row_number() OVER (ORDER BY
  published_at + CASE published_precision WHEN 'day' THEN INTERVAL 1 DAY ELSE INTERVAL 0 DAY END NULLS LAST,
  is_text, site, id
) AS place FROM {source})
"""
_SIGNATURES = """
CREATE TEMP TABLE signatures AS SELECT place, minhash
FROM read_parquet($shards, filename = true, hive_partitioning = false) AS rows
JOIN ranked ON rows.filename = ranked.shard AND rows.warc_offset = ranked.warc_offset AND rows.id = ranked.id
WHERE place = original AND minhash IS NOT NULL
"""
_MEMBERS = """
CREATE TEMP TABLE members AS
SELECT ranked.*, coalesce(near.origin, original) AS origin,
  CASE WHEN ranked.place = coalesce(near.origin, original) THEN NULL
       WHEN near.origin IS NULL THEN 'exact' ELSE 'near' END AS kind,
  coalesce(near.similarity, 1) AS similarity
FROM ranked LEFT JOIN near ON near.place = ranked.original
"""
_CLUSTERS = """
CREATE TEMP TABLE clusters AS
SELECT origin, count(*)::INTEGER AS cluster_size, list_sort(list_distinct(list(site))) AS cluster_sites
FROM members GROUP BY origin HAVING count(*) > 1
"""
_CHOSEN = """
CREATE TEMP TABLE chosen AS
SELECT versions.id, versions.site, versions.shard, versions.warc_offset,
  CASE WHEN cluster_size IS NOT NULL THEN first.id END AS cluster,
  coalesce(cluster_size, 1)::INTEGER AS cluster_size,
  coalesce(cluster_sites, []::VARCHAR[]) AS cluster_sites,
  CASE WHEN members.kind IS NOT NULL THEN first.id END AS duplicate_of
FROM {versions} AS versions JOIN members ON members.id = versions.id
JOIN ranked AS first ON first.place = members.origin
LEFT JOIN clusters ON clusters.origin = members.origin
WHERE members.kind IS NULL OR $keep_duplicates
"""
_REVISIONS = """
CREATE TEMP TABLE revisions AS SELECT * FROM kept
QUALIFY row_number() OVER (PARTITION BY id, coalesce(text_hash, '')
  ORDER BY is_text, fetched_at, warc_file, warc_offset) = 1
"""
DUPLICATES_QUERY = """
SELECT members.id, members.url, members.site, members.published_at, first.id AS duplicate_of, members.kind,
  members.similarity::DOUBLE AS similarity
FROM members JOIN ranked AS first ON first.place = members.origin
WHERE members.kind IS NOT NULL ORDER BY members.place
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which articles are wanted; None and empty mean all. A bound lets no article through that lacks the value.

    `since` is inclusive, `until` exclusive, both of `published_at`; words are those of `num_words`, bounds included.
    """

    languages: tuple[str, ...] = ()
    min_words: int | None = None
    max_words: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> tuple[str, dict[str, object]]:
        """A condition of SQL, "true" when all are wanted, and its parameters."""
        parts = {
            "list_contains($languages, language)": ("languages", list(self.languages) or None),
            "num_words >= $min_words": ("min_words", self.min_words),
            "num_words <= $max_words": ("max_words", self.max_words),
            "published_at >= $since": ("since", self.since),
            "published_at < $until": ("until", self.until),
        }
        asked = {condition: named for condition, named in parts.items() if named[1] is not None}
        return " AND ".join(asked) or "true", dict(asked.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """How many rows were left out of a selection, and why; `duplicates` are those of the very same text.

    With duplicates kept, the two counts say how many rows are marked. `clusters` have two records or more.
    `takedowns_unmatched` are takedowns that no record is one of.
    """

    older_versions: int
    taken_down: int
    takedowns_unmatched: int
    filtered: int
    duplicates: int
    near_duplicates: int
    clusters: int


class ReleaseError(BrokenWorld):
    """A release that cannot be made; nothing stands under its name."""


class DamagedShards(ReleaseError):
    """Shards whose bytes can't be decoded, with a line for each; they are set aside."""

    def __init__(self, lines: Mapping[Path, str]) -> None:
        super().__init__("; ".join(lines.values()))
        self.lines = lines


def without_damaged(shards: Sequence[Path], work: Callable[[list[Path], list[str]], T]) -> tuple[T | None, list[str]]:
    """Do the work with all shards that can be read and a line for each that turned out damaged; None without any."""
    good = list(shards)
    errors: list[str] = []
    while good:
        try:
            return work(good, errors), errors
        except DamagedShards as damaged:
            good = [shard for shard in good if shard not in damaged.lines]
            errors += damaged.lines.values()
    return None, errors


@contextmanager
def open_selection(shards: Sequence[Path], spill: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB connection that spills to `spill`; raises DamagedShards for those that it can't read."""
    try:
        with open_duckdb(spill) as connection:
            yield connection
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno:  # the disk's own refusal, not Arrow's of a shard
            raise
        if damaged := set_damaged_aside(shards):
            raise DamagedShards(damaged) from error
        if isinstance(error, (duckdb.IOException, duckdb.OutOfMemoryException)):
            raise ReleaseError(f"{spill.parent}: {_first_line(error)}; free space or memory and run again") from error
        raise
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def select(
    selection: duckdb.DuckDBPyConnection,
    shards: Sequence[Path],
    filters: Filters,
    *,
    takedown: Sequence[Sequence[str]] = (),
    all_revisions: bool = False,
    keep_duplicates: bool = False,
) -> Selected:
    """Fill the tables `chosen` (a shard and an offset for each row of the release) and `members`.

    `takedown` are the names, ids and URLs, of each article that must not be published. Filters are asked of the latest
    version, with `all_revisions` of each version.
    """
    paths = {"shards": [str(shard) for shard in shards]}
    selection.execute(_CANDIDATES, paths)
    unwanted = [{"article": number, "name": name} for number, names in enumerate(takedown) for name in names]
    selection.register("unwanted", pa.Table.from_pylist(unwanted, schema=_UNWANTED_SCHEMA))
    [(matched,)] = selection.execute(_MATCHED).fetchall()
    taken_down = _delete(selection, "candidates", _UNWANTED)
    condition, parameters = filters.conditions()
    selection.execute(_LATEST.format(source="candidates"))
    total = _count(selection, "latest")
    older = _count(selection, "candidates") - total
    if all_revisions:
        selection.execute(f"CREATE TEMP TABLE kept AS SELECT * FROM candidates WHERE {condition}", parameters)
        selection.execute(_REVISIONS)
        selection.execute("DROP TABLE latest")
        selection.execute(_LATEST.format(source="kept"))
        older = 0
    else:
        selection.execute(f"CREATE TEMP TABLE kept AS SELECT * FROM latest WHERE {condition}", parameters)
        selection.execute("DROP TABLE latest")
        selection.execute("ALTER TABLE kept RENAME TO latest")
    filtered = total - _count(selection, "latest")
    _find_duplicates(selection, paths)
    selection.execute(
        _CHOSEN.format(versions="revisions" if all_revisions else "members"), {"keep_duplicates": keep_duplicates}
    )
    kinds = dict(selection.execute("SELECT kind, count(*) FROM members GROUP BY kind").fetchall())
    return Selected(
        older_versions=older,
        taken_down=taken_down,
        takedowns_unmatched=len(takedown) - int(matched),
        filtered=filtered,
        duplicates=kinds.get("exact", 0),
        near_duplicates=kinds.get("near", 0),
        clusters=_count(selection, "clusters"),
    )


def describe_candidates(selection: duckdb.DuckDBPyConnection) -> str:
    """What filters could have let pass: how many versions there are, their languages, days and lengths."""
    (row,) = selection.execute(_SPAN).fetchall()
    count, languages, first, last, fewest, most = row
    if not count:
        return "is none"
    days = f"published {first} to {last}" if first else "without a time of publishing"
    return f"are {count:,}: language {languages or '-'}, {days}, {fewest:,} to {most:,} words"


def _find_duplicates(selection: duckdb.DuckDBPyConnection, paths: dict[str, list[str]]) -> None:
    selection.execute(_RANKED.format(source="latest"))
    selection.execute(_SIGNATURES, paths)
    selection.register("near", find_near_duplicates(selection))
    selection.execute(_MEMBERS)
    selection.unregister("near")
    selection.execute("DROP TABLE signatures")
    selection.execute(_CLUSTERS)


def _count(selection: duckdb.DuckDBPyConnection, table: str) -> int:
    return len(selection.table(table))


def _delete(selection: duckdb.DuckDBPyConnection, table: str, condition: str) -> int:
    [(deleted,)] = selection.execute(f"DELETE FROM {table} WHERE {condition}").fetchall()
    return int(deleted)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
