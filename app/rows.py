"""Cleaned documents as rows of the record schema, and the files they are written to.

The columns are those of a data set. What a loose file does not say (its URL, when it was fetched) is null, so every
column may be null here; a file is written whole or not at all.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import pyarrow as pa

from tinsach.app.inputs import Document
from tinsach.app.output import to_json_value
from tinsach.cleaning import (
    Article,
    clean_html,
    clean_text,
    find_profile,
    list_sites,
    load_profile,
    rules_version,
    site_of,
)
from tinsach.cleaning.decode import decode_page, parse_page
from tinsach.cleaning.given import with_given
from tinsach.cleaning.metadata import find_own_url, read_head
from tinsach.datasets.ids import is_web_address, record_id
from tinsach.datasets.layout import write_whole
from tinsach.datasets.records import Row, article_columns
from tinsach.datasets.schema import LOOSE_SCHEMA, RECORD_SCHEMA
from tinsach.datasets.shards import BATCH_ROWS, open_parquet

FileFormat = Literal["jsonl", "parquet"]
WriteRow = Callable[[Row], None]


def clean_document(document: Document, *, url: str | None = None, site: str | None = None) -> tuple[Article, Row]:
    """The article of a document and its row; `url` and `site` stand in where the document names none.

    Raises Rejected. A page that names no address is cleaned by the profile of `site`, or by what its markup shows.
    """
    site = document.given.site or site
    if document.html is not None:
        url = document.url or find_page_url(document.html) or url
        article = clean_html(document.html, url=url or stand_in_url(document, site), charset=document.charset)
        article = article if url else replace(article, url=None, site=site)
    else:
        article = clean_text(document.text or "", url=document.url or url, site=site)
    article = with_given(article, document.given)
    return article, make_row(article, document)


def make_row(article: Article, document: Document) -> Row:
    """All columns of the record schema, in its order."""
    columns = article_columns(article)
    profile = find_profile(article.url) if article.url else None
    site = article.site or (site_of(article.url) if article.url else None)
    if article.url:
        article_id = profile.find_article_id(article.url) if profile else None
        identity = record_id(site or "", article.url, article_id)
    else:
        identity = f"text:{columns['text_hash'] or '-'}"
    row: Row = {
        **columns,
        "id": identity,
        "url": article.url,
        "site": site,
        "fetched_at": document.fetched_at,
        "warc_file": document.warc_file,
        "warc_offset": document.warc_offset,
        "rules_version": _rules_version(site),
    }
    return {name: row[name] for name in RECORD_SCHEMA.names}


def find_page_url(html: bytes | str, *, charset: str | None = None) -> str | None:
    """The address a page gives for itself (canonical link, og:url), or None. Raises Rejected for what is no page."""
    root = parse_page(decode_page(html, charset=charset))
    url = find_own_url(read_head(root), root)
    return url if url and is_web_address(url) else None


@contextmanager
def open_rows(path: Path, file_format: FileFormat) -> Iterator[WriteRow]:
    """Yield a function that takes rows; the file appears under its name when the block ends without an error.

    No row, no file. Raises WriteError when it can't be written.
    """
    open_writer = _write_jsonl if file_format == "jsonl" else _write_parquet
    writers: list[WriteRow] = []
    with ExitStack() as stack:

        def write(row: Row) -> None:
            if not writers:
                temp = stack.enter_context(write_whole(path))
                writers.append(stack.enter_context(open_writer(temp)))
            writers[0](row)

        yield write


def row_to_json(row: Row) -> str:
    """The row on one line: JSON's own types, times as ISO 8601."""
    return json.dumps(row, ensure_ascii=False, default=to_json_value)


@contextmanager
def _write_jsonl(path: Path) -> Iterator[WriteRow]:
    with path.open("w", encoding="utf-8") as file:
        yield lambda row: print(row_to_json(row), file=file)


@contextmanager
def _write_parquet(path: Path) -> Iterator[WriteRow]:
    pending: list[Row] = []
    with open_parquet(path, LOOSE_SCHEMA) as writer:

        def flush() -> None:
            if pending:
                writer.write_table(pa.Table.from_pylist(pending, schema=LOOSE_SCHEMA))
                pending.clear()

        def write(row: Row) -> None:
            pending.append(row)
            if len(pending) >= BATCH_ROWS:
                flush()

        yield write
        flush()


def stand_in_url(document: Document, site: str | None) -> str:
    """An address to clean a page under that names none: in the site's own house when one is given."""
    home = load_profile(site).home if site in list_sites() and site else "file:///"
    return home + quote(Path(document.place).name)


@cache
def _rules_version(site: str | None) -> str:
    return rules_version(site if site in list_sites() else None)
