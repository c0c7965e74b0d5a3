"""The yes-or-no facts about each page of a site by which a change of its template shows, read from the shards.

Only pages that were news when they were fetched count: what a backfill brings is of another time, not of another make.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tinsach.cleaning.article import KEPT_KINDS, REMOVED_KINDS
from tinsach.datasets.changes import HISTORY, RECENT, Direction
from tinsach.datasets.layout import BrokenWorld, SiteDir
from tinsach.datasets.queries import open_duckdb
from tinsach.datasets.retention import LONGEST_RUN, read_run_time
from tinsach.datasets.schema import SCHEMA_VERSION
from tinsach.datasets.shards import read_account, set_damaged_aside

FRESH = timedelta(days=7)  # a page published longer ago was no news when it was fetched
SHORT, LONG = 0.4, 2.5  # of the usual length; half and double are any day's spread
UNNAMED_SHARE = 0.34  # a headline of whose longer words fewer stand in the article names something else


class FactsError(BrokenWorld):
    """The records of a site can't be read; names folder, cause and remedy."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact, the field it is about, and how it changes when a template does. `is_soft`: also what is written decides.

    `sql` is asked of a row of records; facts about lengths are told from columns `num_chars` and `num_blocks`.
    """

    field: str
    says: str
    sql: str
    direction: Direction = "fewer"
    is_soft: bool = True


FACTS = (
    Fact("title", "pages with a title", "title IS NOT NULL", is_soft=False),
    Fact("published_at", "pages with a time", "published_at IS NOT NULL", is_soft=False),
    Fact("lead", "pages with a lead", "lead IS NOT NULL"),
    Fact("section", "pages with a section", "section IS NOT NULL"),
    Fact("agency", "pages with an agency", "agency IS NOT NULL"),
    Fact("authors", "pages with authors", "len(authors) > 0"),
    Fact("tags", "pages with tags", "len(tags) > 0"),
    Fact("images", "pages with pictures", "len(images) > 0"),
    # Soft: few articles are edited, not each has related ones, and of a text of a few words no language is told.
    Fact("modified_at", "pages with a time of their last change", "modified_at IS NOT NULL"),
    Fact("related_urls", "pages with related articles", "len(related_urls) > 0"),
    Fact("language", "pages whose language is known", "language IS NOT NULL"),
    Fact("extraction", "pages cleaned by the profile", "extraction = 'profile'", is_soft=False),
    Fact("title_words", "pages whose title is about their text", "names_text", is_soft=False),
    Fact("text:short", "pages with much less text than usual", "num_chars < {short} * usual_chars", "more"),
    Fact("text:long", "pages with much more text than usual", "num_chars > {long} * usual_chars", "more"),
    Fact("blocks:few", "pages with far fewer blocks than usual", "num_blocks < {short} * usual_blocks", "more"),
    Fact("blocks:many", "pages with far more blocks than usual", "num_blocks > {long} * usual_blocks", "more"),
    *(
        Fact(f"kept:{kind}", f"pages that keep a {kind}", f"list_contains(kept_kinds, '{kind}')", "either")
        for kind in KEPT_KINDS
    ),
    *(
        Fact(f"removed:{kind}", f"pages that lose a {kind}", f"list_contains(removed_kinds, '{kind}')", "either")
        for kind in REMOVED_KINDS
    ),
)
REJECTED = Fact("rejected", "pages rejected although they should be articles", "", "more", is_soft=False)
_PLACE = ("id", "url", "section", "fetched_at", "warc_file", "warc_offset")
_NO_ARTICLE = ("listing", "home", "video-only")  # reasons that say nothing about a template

_PAGES = """
WITH read AS (
    SELECT id, url, section, fetched_at, warc_file, warc_offset, title, lead, agency, authors, tags, images, extraction,
        published_at, modified_at, related_urls, language, num_chars, len(blocks) AS num_blocks,
        list_distinct([block.kind FOR block IN blocks]) AS kept_kinds,
        list_distinct([removal.kind FOR removal IN removed]) AS removed_kinds,
        [word FOR word IN string_split(lower(title), ' ') IF length(word) >= 3] AS words,
        lower(concat_ws(' ', lead, text)) AS words_in
    FROM read_parquet($records)
    WHERE fetched_at >= $start AND extraction <> 'text'
        AND (published_at IS NULL OR published_at >= fetched_at - $fresh)
), usual AS (SELECT median(num_chars) AS usual_chars, median(num_blocks) AS usual_blocks FROM read)
SELECT id, url, section, fetched_at, warc_file, warc_offset,
    words IS NULL OR len(words) < 3
        OR len([word FOR word IN words IF contains(words_in, word)]) >= $named * len(words) AS names_text,
    {facts}
FROM read CROSS JOIN usual
"""
# A rejected page has no time of its own: it is as old as the record before it in its file, as a crawl goes by time.
_REJECTS = """
SELECT NULL AS id, url, NULL AS section, lost.fetched_at, lost.warc_file, warc_offset
FROM read_parquet($rejects) AS lost ASOF LEFT JOIN (
    SELECT warc_file, fetched_at, published_at < fetched_at - $fresh AS is_old FROM read_parquet($records)
) AS beside ON lost.warc_file = beside.warc_file AND lost.fetched_at >= beside.fetched_at
WHERE lost.fetched_at >= $start AND reason NOT IN {reasons} AND is_old IS NOT TRUE
"""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """One page of a site: what it is, where its bytes lie, and what holds of it by the fact's field.

    A rejected page has no `id` and only the fact "rejected".
    """

    id: str | None
    url: str
    section: str | None
    fetched_at: datetime
    warc_file: str
    warc_offset: int
    holds: dict[str, bool]


def read_facts(site: SiteDir) -> list[PageFacts]:
    """The site's pages of the last 17 days before its newest one, in order of fetching; of a day's versions the last.

    Shards that can't be read are passed over: the build names them.
    """
    shards = _find_shards(site)
    if not shards:
        return []
    newest = max(shards.values())
    start = newest - HISTORY - RECENT
    names = [shard for shard, latest in shards.items() if latest >= start]
    pages = _query(site, names, start)
    latest = {(page.url, page.fetched_at.date()): page for page in sorted(pages, key=lambda page: page.fetched_at)}
    return sorted(latest.values(), key=lambda page: (page.fetched_at, page.warc_file, page.warc_offset))


def _query(site: SiteDir, names: Sequence[str], start: datetime) -> list[PageFacts]:
    records = [str(site.records / name) for name in names]
    rejects = [str(site.rejects / name) for name in names]
    facts = ",\n    ".join(f'({fact.sql.format(short=SHORT, long=LONG)}) AS "fact {fact.field}"' for fact in FACTS)
    parameters = {"records": records, "start": start, "fresh": FRESH, "named": UNNAMED_SHARE}
    query = _REJECTS.format(reasons=_NO_ARTICLE)
    try:
        with open_duckdb(threads=1) as connection:
            rows = _fetch(connection.execute(_PAGES.format(facts=facts), parameters))
            values = {"rejects": rejects, "records": records, "start": start, "fresh": FRESH}
            lost = _fetch(connection.execute(query, values))
    except duckdb.Error as error:
        damaged = "; ".join(set_damaged_aside(map(Path, [*records, *rejects])).values())
        if not damaged and not isinstance(error, (duckdb.IOException, duckdb.InvalidInputException)):
            raise
        cause = str(error).partition("\n")[0]
        raise FactsError(damaged or f"{site.records}: cannot be read ({cause}); build again") from error
    pages = [
        _page(row, {fact.field: bool(row[f"fact {fact.field}"]) for fact in FACTS} | {"rejected": False})
        for row in rows
    ]
    return pages + [_page(row, {"rejected": True}) for row in lost]


def _fetch(answer: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _page(row: dict[str, Any], holds: dict[str, bool]) -> PageFacts:
    return PageFacts(holds=holds, **{name: row[name] for name in _PLACE})


def _find_shards(site: SiteDir) -> dict[str, datetime]:
    """The names of the site's shards of records that can be read, with the time of the newest page of each file.

    Files named after a run too long before the newest page are not opened: after years there are thousands.
    """
    found: dict[str, datetime] = {}
    runs = {path.name: read_run_time(path.name) for path in sorted(site.records.glob("*.parquet"), reverse=True)}
    unnamed = [name for name, began_at in runs.items() if began_at is None]
    for name in unnamed + [name for name, began_at in runs.items() if began_at is not None]:
        began_at = runs[name]
        if began_at and found and began_at + LONGEST_RUN < max(found.values()) - HISTORY - RECENT:
            break  # so are all that follow
        times = [time for folder in (site.records, site.rejects) for time in _newest_times(folder / name)]
        if times:
            found[name] = max(times)
    return found


def _newest_times(path: Path) -> Iterator[datetime]:
    """The newest `fetched_at` of each row group, from the file's own statistics."""
    try:
        if read_account(path).schema_version != SCHEMA_VERSION:
            return
        metadata = pq.read_metadata(path)
    except (OSError, ValueError, pa.ArrowException):
        return
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        columns = (group.column(place) for place in range(group.num_columns))
        yield from (column.statistics.max for column in columns if column.path_in_schema == "fetched_at")
