"""The figures of a release, from its own files: what `stats.json` holds and `report.html` draws."""

from pathlib import Path
from typing import Any

import duckdb

from tinsach.datasets.moments import day_of
from tinsach.datasets.parts import list_parts
from tinsach.datasets.queries import open_duckdb
from tinsach.datasets.schema import RELEASE_SCHEMA

LENGTH_STEP_WORDS = 100  # the last class holds all longer ones
LONGEST_WORDS = 2000
_MOST_CLUSTERS, _MOST_SAMPLES = 15, 12
_TITLE_CHARS, _TEXT_CHARS = 120, 280


def _cut(column: str, chars: int) -> str:
    """SQL: the column's first characters, whole words and "…" where there are more."""
    return f"""CASE WHEN length({column}) > {chars}
        THEN regexp_replace(left({column}, {chars}), '\\s+\\S*$', '') || ' …' ELSE {column} END"""


_QUERIES = {
    "sites": f"""SELECT site, count(*) AS articles, sum(num_words)::BIGINT AS words,
        min({day_of("published_at")})::VARCHAR AS first, max({day_of("published_at")})::VARCHAR AS last
        FROM rows GROUP BY site ORDER BY site""",
    "days": f"""SELECT site, {day_of("published_at")}::VARCHAR AS day, count(*) AS articles FROM rows
        WHERE published_at IS NOT NULL GROUP BY ALL ORDER BY ALL""",
    "lengths": f"""SELECT least(num_words // {LENGTH_STEP_WORDS} * {LENGTH_STEP_WORDS}, {LONGEST_WORDS}) AS words,
        count(*) AS articles FROM rows GROUP BY ALL ORDER BY ALL""",
    "languages": """SELECT coalesce(language, 'unknown') AS language, count(*) AS articles FROM rows GROUP BY ALL
        ORDER BY articles DESC, language""",
    "removed": """WITH pieces AS (SELECT site, unnest(removed) AS piece FROM rows)
        SELECT site, piece.kind AS kind, count(*) AS blocks, sum(length(piece.text))::BIGINT AS chars FROM pieces
        GROUP BY ALL ORDER BY ALL""",
    "clusters": f"""SELECT cluster AS id, any_value({_cut("title", _TITLE_CHARS)}) FILTER (id = cluster) AS title,
        max(cluster_size) AS articles, any_value(cluster_sites) AS sites FROM rows
        WHERE cluster IS NOT NULL GROUP BY cluster ORDER BY articles DESC, id LIMIT {_MOST_CLUSTERS}""",
    "samples": f"""SELECT id, url, site, {_cut("title", _TITLE_CHARS)} AS title, {_cut("text", _TEXT_CHARS)} AS text,
        len(removed) AS removed FROM rows ORDER BY hash(id), id LIMIT {_MOST_SAMPLES}""",
}


def count_release(release: Path) -> dict[str, Any]:
    """Articles by site, day, length and language, fill rate by column, removed blocks, clusters, samples; all JSON.

    Days are Vietnam's. Samples are the same for the same ids.
    """
    with open_duckdb() as connection:
        connection.read_parquet(list_parts(release), hive_partitioning=False).create_view("rows")
        stats = {name: _read_rows(connection, query) for name, query in _QUERIES.items()}
        return {"fill": _count_fill(connection), **stats}


def _read_rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    found = connection.execute(query)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _count_fill(connection: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """For each column the share of rows with a value; an empty list is none."""
    tests = [
        f'avg(("{field.name}" IS NOT NULL{_has_items(field.name, str(field.type))})::INT)' for field in RELEASE_SCHEMA
    ]
    [shares] = connection.execute(f"SELECT {', '.join(tests)} FROM rows").fetchall()
    return {name: round(share or 0.0, 6) for name, share in zip(RELEASE_SCHEMA.names, shares, strict=True)}


def _has_items(name: str, kind: str) -> str:
    return f' AND len("{name}") > 0' if kind.startswith("list") else ""
