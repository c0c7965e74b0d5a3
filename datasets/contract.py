"""The gate before a release: what the data has to be, as a TOML file, and the rows that are not.

Every key has a meaning here or is an error. A share is of the release's rows, 0 to 1. What is asked without a file
holds for any set of news, crawled or imported; `docs/contract.toml` says it with the reasons.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import duckdb
import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tinsach.cleaning.mistakes import describe_fault
from tinsach.datasets.layout import BrokenWorld
from tinsach.datasets.parts import list_parts
from tinsach.datasets.queries import open_duckdb
from tinsach.datasets.schema import RELEASE_SCHEMA

MOST_ROWS_SHOWN = 20
LEAST_ARTICLES = 20  # of a site, in both releases: the shares of fewer say nothing about its rules
Share = Annotated[float, Field(ge=0, le=1)]

_NULLS = {"text": 0.0}
_PAGE_NULLS = {"title": 0.05}
_CLUTTER = ("leftcenterrightdel", "* Mời bạn đọc vào chuyên mục", "googletag.cmd.push(")
# UTF-8 read as Windows-1252, as Vietnamese looks then, and what decoders put for bytes they can't read.
_MOJIBAKE = "á[º»]|Ã[\u0080-\u00bf]|Ä‘|Æ[°¡]|â€|\ufffd"
_FUTURE = "published_at > fetched_at + INTERVAL 1 DAY OR fetched_at > now() + INTERVAL 1 DAY"
_RULE_SHARES = """
WITH rows AS (SELECT site::VARCHAR AS site, num_chars, removed FROM read_parquet($path, hive_partitioning = false)),
  pieces AS (SELECT site, unnest(removed) AS piece FROM rows),
  gone AS (SELECT site, piece.rule AS rule, sum(length(piece.text)) AS chars FROM pieces GROUP BY ALL),
  kept AS (SELECT site, sum(num_chars) AS chars FROM rows GROUP BY site),
  lost AS (SELECT site, sum(chars) AS chars FROM gone GROUP BY site)
SELECT site, rule, gone.chars / (kept.chars + lost.chars) FROM gone JOIN kept USING (site) JOIN lost USING (site)
"""
# Of an article with several revisions the last one: older ones may well be the text that another paper printed too.
_LATEST = """
CREATE TEMP VIEW latest AS SELECT id, text_hash FROM rows WHERE duplicate_of IS NULL
QUALIFY row_number() OVER (PARTITION BY id ORDER BY extraction = 'text', fetched_at DESC) = 1
"""
_LARGE_SITES = """
SELECT site::VARCHAR FROM read_parquet($path, hive_partitioning = false) GROUP BY ALL HAVING count(*) >= $least
"""


class BadContract(BrokenWorld):
    """A contract that can't be used; names file, key and what is wrong."""


class ContractBreached(BrokenWorld):
    """The data is not what the contract asks for; the message names the report with the rows."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Lengths(_Part):
    """Articles of fewer or of more words than this may be `share` of all."""

    min_words: int | None = None
    max_words: int | None = 50_000
    share: Share = 0.0


class Texts(_Part):
    """`nfc`: share of rows that may hold decomposed letters. `clutter`: strings that no text or lead may hold."""

    nfc: Share = 0.0
    mojibake: Share = 0.001
    clutter: tuple[str, ...] = _CLUTTER


class Times(_Part):
    """`future`: share of rows that may be dated a day or more after they were fetched, or were fetched after today."""

    future: Share = 0.01


class Contract(_Part):
    """What a release has to be.

    `nulls`: the largest share of rows without a value, or with an empty list, by column; `page_nulls`: of those whose
    page a profile or family fits, since what is imported may have no title. `languages`: the least share of rows, by
    language. `duplicates`: share of rows that may equal another. `removed_change`: by how much the share of text that a
    rule removes on a site may differ from the last release.
    """

    nulls: dict[str, Share] = Field(default_factory=_NULLS.copy)
    page_nulls: dict[str, Share] = Field(default_factory=_PAGE_NULLS.copy)
    languages: dict[str, Share] = Field(default_factory=dict)
    lengths: Lengths = Lengths()
    texts: Texts = Texts()
    times: Times = Times()
    duplicates: Share = 0.0
    removed_change: Share = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One thing asked for that is not so: its key, what was asked, what is found, and rows (id, url, what is seen)."""

    key: str
    asked: float
    found: float
    rows: tuple[tuple[str, str, str], ...]


def load_contract(path: Path) -> Contract:
    """The contract of a file, with the defaults for what it does not say; raises BadContract."""
    try:
        contract = Contract.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Contract()
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadContract(f"{path}: not valid TOML ({error})") from error
    except ValidationError as error:
        raise BadContract(f"{path}: {describe_fault(error, Contract)}") from error
    for key, columns in (("nulls", contract.nulls), ("page_nulls", contract.page_nulls)):
        unknown = sorted(columns.keys() - set(RELEASE_SCHEMA.names))
        if unknown:
            known = ", ".join(RELEASE_SCHEMA.names)
            raise BadContract(f"{path}: {key}.{unknown[0]}: no such column; there is {known}")
    default = {"nulls": _NULLS | contract.nulls, "page_nulls": _PAGE_NULLS | contract.page_nulls}
    return contract.model_copy(update=default)


def find_breaches(release: Path, contract: Contract, last: Path | None = None) -> tuple[Breach, ...]:
    """What of a release's rows breaks the contract; `last` is the release before it, for `removed_change`."""
    with open_duckdb() as connection:
        connection.read_parquet(list_parts(release), hive_partitioning=False).create_view("rows")
        connection.execute(_LATEST)
        return (
            *_check_conditions(connection, contract),
            *_check_languages(connection, contract),
            *(_check_rules(connection, contract.removed_change, release, last) if last else ()),
        )


def _check_conditions(connection: duckdb.DuckDBPyConnection, contract: Contract) -> Iterator[Breach]:
    """Every demand of the form "at most this share of the rows is so"."""
    lengths, texts = contract.lengths, contract.texts
    both = "concat_ws(chr(10), title, lead, text)"
    demands: list[tuple[str, str, str, float, list[object]]] = [
        *((f"nulls.{column}", _lacks(column), "'null'", share, []) for column, share in contract.nulls.items()),
        *(
            (f"page_nulls.{column}", f"extraction IN ('profile', 'family') AND {_lacks(column)}", "'null'", share, [])
            for column, share in contract.page_nulls.items()
        ),
        ("texts.nfc", f"nfc_normalize({both}) != {both}", "title", texts.nfc, []),
        ("times.future", _FUTURE, "greatest(published_at, fetched_at)", contract.times.future, []),
        ("texts.mojibake", f"regexp_matches({both}, ?)", f"regexp_extract({both}, ?)", texts.mojibake, [_MOJIBAKE]),
        (
            "duplicates",
            "duplicate_of IS NULL AND text_hash IN (SELECT text_hash FROM latest GROUP BY ALL HAVING count(*) > 1)",
            "text_hash",
            contract.duplicates,
            [],
        ),
    ]
    demands += [(f"texts.clutter {line!r}", f"contains({both}, ?)", "?", 0.0, [line]) for line in texts.clutter]
    if lengths.min_words is not None:
        demands.append(("lengths.min_words", "num_words < ?", "num_words", lengths.share, [lengths.min_words]))
    if lengths.max_words is not None:
        demands.append(("lengths.max_words", "num_words > ?", "num_words", lengths.share, [lengths.max_words]))
    total = _count(connection, "true", [])
    for key, condition, seen, asked, parameters in demands:
        found = _count(connection, condition, parameters) / max(total, 1)
        if found > asked:
            yield Breach(key=key, asked=asked, found=found, rows=_rows(connection, condition, seen, parameters))


def _lacks(column: str) -> str:
    """Whether a row has no value there; an empty list is none."""
    is_list = pa.types.is_list(RELEASE_SCHEMA.field(column).type)
    return f'("{column}" IS NULL' + (f' OR len("{column}") = 0)' if is_list else ")")


def _check_languages(connection: duckdb.DuckDBPyConnection, contract: Contract) -> Iterator[Breach]:
    total = _count(connection, "true", [])
    for language, asked in contract.languages.items():
        found = _count(connection, "language = ?", [language]) / max(total, 1)
        if found < asked:
            rows = _rows(connection, "language IS DISTINCT FROM ?", "coalesce(language, 'null')", [language])
            yield Breach(key=f"languages.{language}", asked=asked, found=found, rows=rows)


def _check_rules(connection: duckdb.DuckDBPyConnection, most: float, release: Path, last: Path) -> Iterator[Breach]:
    """Of each site that is large in both releases, the rules that remove so much more or less than before."""
    now, sites = _read_shares(connection, release)
    try:
        before, old_sites = _read_shares(connection, last)
    except duckdb.Error as error:
        cause = str(error).partition("\n")[0]
        yield Breach(key="removed_change", asked=most, found=1.0, rows=((last.name, str(last), cause),))
        return
    for site, rule in sorted(now.keys() | before.keys()):
        change = now.get((site, rule), 0.0) - before.get((site, rule), 0.0)
        if site in sites & old_sites and abs(change) > most:
            condition = "site = ? AND list_contains([piece.rule FOR piece IN removed], ?)"
            rows = _rows(connection, condition, "title", [site, rule])
            yield Breach(key=f"removed_change {site} {rule}", asked=most, found=change, rows=rows)


def _read_shares(
    connection: duckdb.DuckDBPyConnection, release: Path
) -> tuple[dict[tuple[str, str], float], frozenset[str]]:
    """By site and rule the share of the site's text that the rule removes, and the sites that have enough articles."""
    path = list_parts(release)
    shares = connection.execute(_RULE_SHARES, {"path": path}).fetchall()
    sites = connection.execute(_LARGE_SITES, {"path": path, "least": LEAST_ARTICLES}).fetchall()
    return {(site, rule): share for site, rule, share in shares}, frozenset(site for (site,) in sites)


def _count(connection: duckdb.DuckDBPyConnection, condition: str, parameters: list[object]) -> int:
    [(count,)] = connection.execute(f"SELECT count(*) FROM rows WHERE {condition}", parameters).fetchall()
    return int(count)


def _rows(
    connection: duckdb.DuckDBPyConnection, condition: str, seen: str, parameters: list[object]
) -> tuple[tuple[str, str, str], ...]:
    before = parameters if "?" in seen else []  # the question marks of SELECT come first
    query = f"SELECT id, url, ({seen})::VARCHAR FROM rows WHERE {condition} ORDER BY id LIMIT {MOST_ROWS_SHOWN}"
    return tuple((row[0], row[1], row[2] or "") for row in connection.execute(query, [*before, *parameters]).fetchall())
