"""An article and the response it came from as one row. Pure functions of their arguments."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from tinsach.cleaning import Article, Rejected
from tinsach.datasets.archive import ArchivedResponse
from tinsach.datasets.guard import Loss
from tinsach.datasets.ids import record_id
from tinsach.datasets.minhash import fold_text, sign_text

Row = dict[str, object]

_HASH_BYTES = 16
_COPIED = (
    "title",
    "lead",
    "agency",
    "published_at",
    "modified_at",
    "published_precision",
    "section",
    "language",
    "language_score",
    "extraction",
    "extraction_name",
)
_LISTS = ("authors", "tags", "related_urls")
_STRUCTS = {"blocks": ("kind", "text"), "images": ("url", "caption", "credit"), "removed": ("kind", "rule", "text")}


@dataclass(frozen=True, slots=True)
class Source:
    """What all rows of one shard share: the site whose archive it is, the WARC file's name, the rules used."""

    site: str
    warc_file: str
    rules_version: str


def article_row(article: Article, response: ArchivedResponse, source: Source, article_id: str | None) -> Row:
    """The record of one page version, with every column of RECORD_SCHEMA."""
    site, url = article.site or source.site, article.url or response.url
    return {
        "id": record_id(site, url, article_id),
        "url": url,
        "site": site,
        **article_columns(article),
        **_provenance(response, source),
    }


def article_columns(article: Article) -> Row:
    """The columns that say what the article is: all but its identity and where it came from."""
    text = article.text
    folded = fold_text(text)
    return {
        "text": text or None,
        "text_hash": hash_text(folded) if text else None,
        "minhash": sign_text(folded) if text else None,
        "num_words": folded.count(" ") + 1 if folded else 0,
        "num_chars": len(text),
        **{name: getattr(article, name) for name in _COPIED},
        **{name: list(getattr(article, name)) for name in _LISTS},
        **{name: _structs(getattr(article, name), parts) for name, parts in _STRUCTS.items()},
    }


def reject_row(rejected: Rejected | Loss, response: ArchivedResponse, source: Source) -> Row:
    """The account of a page that was read and not wanted, with every column of REJECT_SCHEMA."""
    return {
        "url": response.url,
        "site": source.site,
        "reason": rejected.reason,
        "detail": rejected.detail or None,
        **_provenance(response, source),
    }


def hash_text(folded: str) -> str:
    """32 hex digits of a folded text: equal for texts that differ in case, white space or composition only."""
    return hashlib.blake2b(folded.encode("utf-8"), digest_size=_HASH_BYTES).hexdigest()


def _structs(values: Iterable[object], parts: tuple[str, ...]) -> list[Row]:
    return [{part: getattr(value, part) for part in parts} for value in values]


def _provenance(response: ArchivedResponse, source: Source) -> Row:
    return {
        "fetched_at": response.fetched_at,
        "warc_file": source.warc_file,
        "warc_offset": response.offset,
        "rules_version": source.rules_version,
    }
