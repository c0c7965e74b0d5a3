"""Finds what repeats across the articles of a site: lines of the house, and blocks that lead to its other articles.

Reads records only, the latest version of each article, each text once; DuckDB counts, on disk where need be. A line of
the house stands at the edge of the body in many articles, on many days, on this site alone, and is no sub-heading and
not one series' own. What leads to another article is proved by it: the block is its title, or its lead beside its
title, behind a link to it or at the body's end.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import duckdb

from tinsach.cleaning import LearntRule
from tinsach.cleaning.article import RemovalKind
from tinsach.cleaning.learnt import Where, line_key
from tinsach.datasets import repeats_sql as sql
from tinsach.datasets.learnt import Finding, Taken
from tinsach.datasets.selection import open_selection

MIN_LINE_CHARS = 25  # shorter ones are sub-headings, names, scores
EDGE_SHARE = 0.8  # of a line's articles in which it stands at the edge
MOST_HEADINGS = 0.2
SERIES_SHARE = 0.8  # of a line's articles that share a tag, or number their titles
SERIES_SPREAD = 0.5  # share of the site's articles from which on a tag is no topic

_FORMULA = re.compile(r"(?i)\./\.|có hiệu lực (?:thi hành )?(?:kể )?từ ngày|chịu trách nhiệm thi hành|số tài khoản")
_CALL = re.compile(
    r"(?i)^[\W_]*(?:kính )?mời (?:quý |các )?(?:bạn|độc giả|quý vị|thính giả)|(?:xem|đọc|tìm hiểu) thêm|đón đọc"
    r"|theo dõi .*(?:trên|tại)|chuyên mục|fanpage|google news|zalo|facebook|youtube|telegram|ứng dụng|hotline"
    r"|đăng ký (?:nhận|kênh)|gửi (?:bài|thư)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How often a line of the house stands: in so many articles, on so many days, in such a share of all articles."""

    articles: int = 10
    days: int = 5
    share: float = 0.002


@dataclass(frozen=True, slots=True)
class Repeats:
    """What was found among so many articles with so many characters; `taken` is what a rule took, by its name."""

    articles: int
    chars: int
    findings: tuple[Finding, ...]
    taken: Mapping[str, Taken]


def find_repeats(shards: Sequence[Path], others: Sequence[Path], bounds: Bounds) -> Repeats:
    """What repeats in the records of one site; `others` are the shards of the other sites, whose lines are no house's.

    Raises ReleaseError for a shard that can't be read.
    """
    with (
        TemporaryDirectory(prefix="tinsach-learn-") as folder,
        open_selection([*shards, *others], Path(folder, "spill")) as connection,
    ):
        paths = [str(shard) for shard in shards]
        connection.execute(sql.ARTICLES, {"shards": paths})
        connection.execute(sql.PIECES, {"shards": paths})
        [(articles, chars)] = connection.execute(sql.TOTALS).fetchall()
        taken = {name: Taken(*counts) for name, *counts in connection.execute(sql.TAKEN, {"shards": paths}).fetchall()}
        least = max(bounds.articles, round(bounds.share * articles))
        connection.execute(sql.REPEATED, {"articles": least})
        for statement in (sql.TARGETS, sql.HITS, sql.RUNS, sql.TEASERS):
            connection.execute(statement)
        connection.execute(
            sql.LINES,
            {
                "articles": least,
                "days": bounds.days,
                "edge": EDGE_SHARE,
                "headings": MOST_HEADINGS,
                "chars": MIN_LINE_CHARS,
            },
        )
        if others:
            connection.execute(sql.SHARED, {"shards": [str(shard) for shard in others]})
        examples = _read_examples(connection, paths)
        series = {key for (key,) in connection.execute(sql.SERIES, _series_bounds()).fetchall()}
        found = [*_read_lines(connection, examples, series, articles), *_read_teasers(connection, examples, articles)]
    return Repeats(articles, chars, tuple(found), taken)


def _series_bounds() -> dict[str, float]:
    return {"series": SERIES_SHARE, "spread": SERIES_SPREAD}


def _read_examples(connection: duckdb.DuckDBPyConnection, paths: list[str]) -> dict[int, tuple[str, tuple[str, ...]]]:
    """By the hash of a line: the line as its first article has it, and the URLs of some articles."""
    found: dict[int, tuple[str, tuple[str, ...]]] = {}
    for key, text, url in connection.execute(sql.EXAMPLES, {"shards": paths}).fetchall():
        first, urls = found.get(key, (text, ()))
        found[key] = (first, (*urls, url))
    return found


def _read_lines(
    connection: duckdb.DuckDBPyConnection,
    examples: dict[int, tuple[str, tuple[str, ...]]],
    series: set[int],
    total: int,
) -> Iterator[Finding]:
    for key, place, articles, days, chars in connection.execute(sql.READ_LINES).fetchall():
        text, urls = examples[key]
        is_call = _CALL.search(text) is not None
        if _FORMULA.search(text) or (key in series and not is_call) or (place == "start" and not is_call):
            continue
        yield Finding(
            rule=_make_rule("line", "read_more" if is_call else "junk", place, text),
            articles=articles,
            days=days,
            share=articles / total,
            chars=chars,
            examples=urls,
        )


def _read_teasers(
    connection: duckdb.DuckDBPyConnection, examples: dict[int, tuple[str, tuple[str, ...]]], total: int
) -> Iterator[Finding]:
    for key, equals, url, title, articles, days, chars in connection.execute(sql.READ_TEASERS).fetchall():
        text, urls = examples[key]
        what: Literal["title", "lead"] = equals
        yield Finding(
            rule=_make_rule("teaser", "teaser", "anywhere", text, title),
            articles=articles,
            days=days,
            share=articles / total,
            chars=chars,
            equals=what,
            leads_to=url,
            examples=urls,
        )


def _make_rule(group: str, kind: RemovalKind, where: Where, text: str, title: str | None = None) -> LearntRule:
    digest = hashlib.blake2b(line_key(text).encode(), digest_size=4).hexdigest()
    return LearntRule(name=f"{group}-{digest}", kind=kind, where=where, text=text, title=title)
