"""What one release has that another has not: rows added, changed and gone, text gained and lost, and by which rules.

Reads nothing but the two releases; rows are the same article when their `id` is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tinsach.datasets.verify import read_manifest

_MOST_EXAMPLES = 5  # a site

_ROWS = """
CREATE TEMP TABLE {side} AS
SELECT id, any_value(site)::VARCHAR AS site, max_by(title, fetched_at) AS title, max_by(text, fetched_at) AS text,
  max_by(text_hash, fetched_at) AS text_hash, max_by(num_chars, fetched_at) AS num_chars
FROM read_parquet($path, hive_partitioning = false) GROUP BY id
"""
_BOTH = """
CREATE TEMP TABLE pairs AS
SELECT coalesce(b.site, a.site) AS site, id, coalesce(b.title, a.title) AS title, a.text AS before, b.text AS after,
  CASE WHEN a.id IS NULL THEN 'added' WHEN b.id IS NULL THEN 'gone'
       WHEN a.text_hash IS DISTINCT FROM b.text_hash OR a.title IS DISTINCT FROM b.title THEN 'changed'
       ELSE 'same' END AS fate,
  coalesce(b.num_chars, 0) - coalesce(a.num_chars, 0) AS gain
FROM a FULL JOIN b USING (id)
"""
_BY_SITE = """
SELECT site, count(*) FILTER (fate = 'added'), count(*) FILTER (fate = 'changed'), count(*) FILTER (fate = 'gone'),
  count(*) FILTER (fate = 'same'),
  coalesce(sum(gain) FILTER (gain > 0), 0)::BIGINT, coalesce(-sum(gain) FILTER (gain < 0), 0)::BIGINT
FROM pairs GROUP BY site ORDER BY site
"""
_EXAMPLES = """
SELECT site, id, title, fate, gain FROM pairs WHERE fate != 'same'
QUALIFY row_number() OVER (PARTITION BY site ORDER BY abs(gain) DESC, id) <= $most ORDER BY site, abs(gain) DESC, id
"""
_RULES = """
WITH removals AS (
  SELECT {number} AS side, site::VARCHAR AS site, unnest(removed) AS removal FROM read_parquet($path,
  hive_partitioning = false))
SELECT side, site, removal.rule AS rule, sum(length(removal.text))::BIGINT AS chars FROM removals GROUP BY ALL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDifference:
    """Rows of one site by what became of them, and characters of text gained and lost over all of them."""

    site: str
    added: int
    changed: int
    gone: int
    same: int
    chars_gained: int
    chars_lost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One row that differs; `gain` is in characters, `fate` added, changed or gone."""

    site: str
    id: str
    title: str | None
    fate: str
    gain: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """From one release to another. `rules`: by (site, rule), characters removed before and after, where they differ."""

    sites: tuple[SiteDifference, ...]
    rules: Mapping[tuple[str, str], tuple[int, int]]
    examples: tuple[Example, ...]


def compare_releases(before: Path, after: Path) -> Difference:
    """What changed from one release to the other; raises BadRelease for a folder that is none.

    Of an article with several revisions the last one is compared.
    """
    for release in (before, after):
        read_manifest(release)
    with duckdb.connect() as connection:
        for side, release in (("a", before), ("b", after)):
            connection.execute(_ROWS.format(side=side), {"path": _glob(release)})
        connection.execute(_BOTH)
        names = ("site", "added", "changed", "gone", "same", "chars_gained", "chars_lost")
        sites = [
            SiteDifference(**dict(zip(names, row, strict=True))) for row in connection.execute(_BY_SITE).fetchall()
        ]
        found = connection.execute(_EXAMPLES, {"most": _MOST_EXAMPLES}).fetchall()
        examples = [Example(**dict(zip(("site", "id", "title", "fate", "gain"), row, strict=True))) for row in found]
        rules: dict[tuple[str, str], tuple[int, int]] = {}
        for number, release in enumerate((before, after)):
            for _, site, rule, chars in connection.execute(
                _RULES.format(number=number), {"path": _glob(release)}
            ).fetchall():
                was = rules.get((site, rule), (0, 0))
                rules[site, rule] = (chars, was[1]) if number == 0 else (was[0], chars)
    return Difference(
        sites=tuple(sites),
        rules={key: rules[key] for key in sorted(rules) if rules[key][0] != rules[key][1]},
        examples=tuple(examples),
    )


def _glob(release: Path) -> str:
    return f"{release}/data/**/*.parquet"
