"""What one release has that another has not: rows added, changed and gone, text gained and lost, and by which rules.

Reads nothing but the two releases; rows are the same article when their `id` is.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from tinsach.datasets.parts import list_parts
from tinsach.datasets.queries import open_duckdb
from tinsach.datasets.verify import BadRelease, read_manifest

_MOST_EXAMPLES = 5  # a site
_EXAMPLE_CHARS = 60

_ROWS = """
CREATE TEMP TABLE {side} AS
SELECT id, any_value(site)::VARCHAR AS site, max_by(title, fetched_at) AS title,
  max_by(hash(title, lead, blocks, authors, agency, published_at, section, tags, images, language), fetched_at)
    AS content, max_by(num_chars, fetched_at) AS num_chars
FROM read_parquet($path, hive_partitioning = false) GROUP BY id
"""
_BOTH = """
CREATE TEMP TABLE pairs AS
SELECT coalesce(b.site, a.site) AS site, id, coalesce(b.title, a.title) AS title,
  CASE WHEN a.id IS NULL THEN 'added' WHEN b.id IS NULL THEN 'gone'
       WHEN a.content != b.content THEN 'changed' ELSE 'same' END AS fate,
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
  SELECT site::VARCHAR AS site, id, unnest(removed) AS removal FROM read_parquet($path, hive_partitioning = false))
SELECT site, removal.rule AS rule, sum(length(removal.text))::BIGINT AS chars,
  min(id || ': ' || left(removal.text, {chars})) AS example
FROM removals GROUP BY ALL
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


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """Characters that one rule removed on one site, before and after; `example` is of where it removed more."""

    site: str
    rule: str
    before: int
    after: int
    example: str


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
    """From one release to another. `rules` are those that removed more or less."""

    sites: tuple[SiteDifference, ...]
    rules: tuple[RuleDifference, ...]
    examples: tuple[Example, ...]


def compare_releases(before: Path, after: Path) -> Difference:
    """What changed from one release to the other; raises BadRelease for a folder that is none or can't be read.

    Of an article with several revisions the last one is compared, by all columns that say what the article is.
    """
    for release in (before, after):
        read_manifest(release)
    try:
        with open_duckdb() as connection:
            return _compare(connection, before, after)
    except duckdb.Error as error:
        cause = str(error).partition("\n")[0]
        raise BadRelease(f"{before}, {after}: can't be compared ({cause}); `tinsach verify` them") from error


def _compare(connection: duckdb.DuckDBPyConnection, before: Path, after: Path) -> Difference:
    for side, release in (("a", before), ("b", after)):
        connection.execute(_ROWS.format(side=side), {"path": list_parts(release)})
    connection.execute(_BOTH)
    names = ("site", "added", "changed", "gone", "same", "chars_gained", "chars_lost")
    sites = [SiteDifference(**dict(zip(names, row, strict=True))) for row in connection.execute(_BY_SITE).fetchall()]
    found = connection.execute(_EXAMPLES, {"most": _MOST_EXAMPLES}).fetchall()
    examples = [Example(**dict(zip(("site", "id", "title", "fate", "gain"), row, strict=True))) for row in found]
    was, now = _count_rules(connection, before), _count_rules(connection, after)
    rules = []
    for site, rule in sorted(was.keys() | now.keys()):
        (lost, old), (lost_now, new) = was.get((site, rule), (0, "")), now.get((site, rule), (0, ""))
        if lost != lost_now:
            rules.append(RuleDifference(site, rule, lost, lost_now, new if lost_now > lost else old))
    return Difference(sites=tuple(sites), rules=tuple(rules), examples=tuple(examples))


def _count_rules(connection: duckdb.DuckDBPyConnection, release: Path) -> dict[tuple[str, str], tuple[int, str]]:
    """By site and rule: characters removed, and an example."""
    query = _RULES.format(chars=_EXAMPLE_CHARS)
    found = connection.execute(query, {"path": list_parts(release)}).fetchall()
    return {(site, rule): (chars, example) for site, rule, chars, example in found}
