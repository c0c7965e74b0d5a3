"""Finds records that are nearly the same text, from the signatures that stand in the shards; no text is read.

Locality-sensitive hashing: signatures that agree in one of 21 bands of 6 places are compared (0.998 of the pairs that
share 0.8 are, 0.28 of those that share 0.5). Who is dropped is always compared with the record that stays, so that no
chain of small changes swallows a different text.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import duckdb
import pyarrow as pa

from tinsach.datasets.minhash import PERMUTATIONS

THRESHOLD = 0.75  # share of equal places; at a true 0.8 it is reached by 0.92 of all pairs, at 0.6 by 0.0005
_BANDS, _BAND_PLACES = 21, 6
_FEW_ROWS = 5_000  # all their bands at once: a statement costs more than they do; of many rows memory holds one band

_BAND = """
INSERT INTO pairs
WITH places AS (SELECT place, minhash, unnest(range($first, $end)) * {places} AS start FROM signatures),
     banded AS (SELECT place, hash(start, minhash[start + 1:start + {places}]) AS band FROM places),
     shared AS (SELECT place, band FROM banded SEMI JOIN
                (SELECT band FROM banded GROUP BY band HAVING count(*) > 1) AS often USING (band)),
     lined AS (SELECT place, first_value(place) OVER one AS first, lag(place) OVER one AS previous
               FROM shared WINDOW one AS (PARTITION BY band ORDER BY place))
SELECT first, place FROM lined WHERE first < place UNION SELECT previous, place FROM lined WHERE previous < place
"""
_SIMILARITY = """
SELECT earlier, later,
  len(list_filter(range(1, {places} + 1), lambda i: one.minhash[i] = other.minhash[i])) / {places} AS similarity
FROM (SELECT DISTINCT earlier, later FROM {pairs})
JOIN signatures AS one ON one.place = earlier JOIN signatures AS other ON other.place = later
WHERE similarity >= $threshold
"""


def find_near_duplicates(selection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Who is nearly the same as an earlier record: columns `place`, `origin` (a place too) and `similarity`.

    Reads the table `signatures` (place, minhash), `place` being a record's rank: of two, the lower one stays. A record
    stands in the answer at most once; an origin never does.
    """
    selection.execute("CREATE OR REPLACE TEMP TABLE pairs (earlier BIGINT, later BIGINT)")
    at_once = _BANDS if len(selection.table("signatures")) <= _FEW_ROWS else 1
    for first in range(0, _BANDS, at_once):
        selection.execute(_BAND.format(places=_BAND_PLACES), {"first": first, "end": first + at_once})
    edges = [(earlier, later) for earlier, later, _ in _compare(selection, "pairs")]
    found: dict[int, tuple[int, float]] = {}
    while edges:
        origins = _join(edges)
        tried = pa.table({"earlier": list(origins.values()), "later": list(origins)})
        selection.register("tried", tried)
        for origin, place, similarity in _compare(selection, "tried"):
            found[place] = (origin, similarity)
        selection.unregister("tried")
        taken = found.keys() | {origin for origin, _ in found.values()}
        edges = [edge for edge in edges if not taken.intersection(edge)]
    return pa.table(
        {
            "place": pa.array(found, pa.int64()),
            "origin": pa.array([origin for origin, _ in found.values()], pa.int64()),
            "similarity": pa.array([similarity for _, similarity in found.values()], pa.float64()),
        }
    )


def _compare(selection: duckdb.DuckDBPyConnection, pairs: str) -> Iterator[tuple[int, int, float]]:
    query = _SIMILARITY.format(places=PERMUTATIONS, pairs=pairs)
    yield from selection.execute(query, {"threshold": THRESHOLD}).fetchall()


def _join(edges: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Each record that hangs together with an earlier one, and the earliest it hangs together with.

    >>> _join([(1, 2), (2, 3), (7, 9)])
    {2: 1, 3: 1, 9: 7}
    """
    neighbours: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in edges:
        neighbours[one].add(other)
        neighbours[other].add(one)
    origins: dict[int, int] = {}
    for first in sorted(neighbours):
        waiting = [first] if first not in origins else []
        while waiting:
            place = waiting.pop()
            for other in sorted(neighbours[place] - origins.keys() - {first}):
                origins[other] = first
                waiting.append(other)
    return origins
