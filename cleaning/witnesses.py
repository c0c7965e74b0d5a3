"""What is known of a page of an unknown paper: what its head says, and what the generic path makes of it; pure."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lxml import etree

from tinsach.cleaning.aligning import Known
from tinsach.cleaning.article import Article, Rejected
from tinsach.cleaning.decode import decode_page, parse_page
from tinsach.cleaning.html import clean_html
from tinsach.cleaning.letters import fold
from tinsach.cleaning.metadata import choose_title, read_head, read_section, read_times
from tinsach.cleaning.names import OWN_MARK
from tinsach.cleaning.profile import Extract
from tinsach.cleaning.selectors import Page

_TEXT_KINDS = frozenset({"paragraph", "heading", "quote", "list_item"})
_NOTHING = Extract()


def read_page(html: bytes | str, *, charset: str | None = None) -> etree._Element:
    """The page's tree; raises Rejected when it is no page."""
    return parse_page(decode_page(html, charset=charset))


def know_from_record(row: Mapping[str, Any], url: str) -> Known:
    """What a record of the same article says."""
    blocks, removed = row["blocks"], row["removed"]
    return Known(
        url=url,
        title=row["title"],
        lead=row["lead"],
        paragraphs=tuple(block["text"] for block in blocks if block["kind"] in _TEXT_KINDS),
        authors=tuple(row["authors"]),
        published_at=row["published_at"],
        section=row["section"],
        tags=tuple(row["tags"]),
        removed=tuple((removal["kind"], removal["text"]) for removal in removed),
        related_urls=tuple(row["related_urls"]),
    )


def know_from_page(html: bytes | str, root: etree._Element, url: str, *, charset: str | None = None) -> Known | None:
    """What the page itself says; None when the generic path rejects it."""
    try:
        article = clean_html(html, url=url, charset=charset)
    except Rejected:
        return None
    head = read_head(root)
    page = Page(root, _NOTHING.on_page)
    keywords = head.meta.get("article:tag") or head.meta.get("news_keywords") or head.meta.get("keywords") or []
    times = read_times(head, (), page)
    return Known(
        url=url,
        title=choose_title(None, head) or article.title,
        lead=head.find_meta("og:description", "description") or head.news.description or article.lead,
        paragraphs=tuple(block.text for block in article.blocks if block.kind in _TEXT_KINDS),
        authors=_own_authors(article, head.news.authors),
        published_at=times.published.at if times.published else article.published_at,
        section=read_section(head, (), page) or article.section,
        tags=tuple(tag.strip() for value in keywords for tag in value.split(",") if tag.strip()),
        removed=tuple((removal.kind, removal.text) for removal in article.removed),
    )


def refine(pages: Sequence[Known], others: Collection[str] = ()) -> list[Known]:
    """The same without paragraphs that are no article's own: those of several pages, and leads of other articles.

    `others` are leads and titles of articles that are not among the pages.
    """
    seen = Counter(letters for page in pages for letters in {fold(text) for text in page.paragraphs})
    foreign = {fold(text) for text in others}
    heads = Counter(fold(text) for page in pages for text in (page.lead, page.title) if text)
    return [
        replace(
            page,
            paragraphs=tuple(
                text
                for text in page.paragraphs
                if seen[letters := fold(text)] == 1
                and letters not in foreign
                and (letters not in heads or letters in (fold(page.lead or ""), fold(page.title or "")))
            ),
        )
        for page in pages
    ]


def _own_authors(article: Article, said: Sequence[str]) -> tuple[str, ...]:
    return article.authors or tuple(name for name in said if name and name != OWN_MARK)
