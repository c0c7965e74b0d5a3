"""What a page says about its article: the profile's selectors, `<meta>` elements, JSON-LD; pure.

Title and lead are what a reader sees, so the profile's selectors come first and the head is a witness; times come
from the head first, which is more exact than the line a reader sees.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lxml import etree

from tinsach.cleaning.bylines import read_bylines
from tinsach.cleaning.dates import Times, choose_times, parse_time
from tinsach.cleaning.jsonld import NewsData, read_jsonld
from tinsach.cleaning.segment import normalise, visible_text
from tinsach.cleaning.selectors import Page, Selector

_SITE_SUFFIX = re.compile(r"\s+[|–—-]\s+[^|–—]{2,40}$")
_HOME_CRUMBS = frozenset({"trang chủ", "home", "trang nhất", "homepage"})
_PUBLISHED = ("article:published_time", "datepublished", "pubdate", "article:published", "date", "dc.date.issued")
_MODIFIED = ("article:modified_time", "datemodified", "lastmod", "article:modified", "og:updated_time")


@dataclass(frozen=True, slots=True)
class Head:
    """The machine-readable part of a page: `<meta>` contents by lower-case name, JSON-LD, `<title>`."""

    meta: Mapping[str, list[str]]
    news: NewsData
    title: str | None

    def find_meta(self, *names: str) -> str | None:
        """The first non-empty content of the first of these names that the page has."""
        return next((value for name in names for value in self.meta.get(name, ()) if value), None)


def read_head(root: etree._Element) -> Head:
    """Reads every `<meta>`, every JSON-LD script and the title of a page."""
    meta: dict[str, list[str]] = {}
    scripts: list[str] = []
    title: str | None = None
    for element in root.iter("meta", "script", "title"):
        if element.tag == "meta":
            name = element.get(b"property") or element.get(b"name") or element.get(b"itemprop")
            content = element.get(b"content") if name else None
            if name and content:
                meta.setdefault(name.lower(), []).append(normalise(content))
        elif element.tag == "title":
            title = title or element.text
        elif "ld+json" in (element.get(b"type") or "").lower() and element.text:
            scripts.append(element.text)
    return Head(meta, read_jsonld(scripts), normalise(title) if title else None)


def read_values(selectors: Iterable[Selector], page: Page, default: Iterable[str] = ()) -> list[str]:
    """The texts of the first selector that matches with text, else `default`; `@attribute` is split at commas."""
    for selector in selectors:
        found = page.find_all(selector)
        if selector.attribute:
            values = [normalise(part) for e in found for part in (e.get(selector.attribute) or "").split(",")]
        else:
            values = [visible_text(element) for element in found]
        values = [value for value in values if value]
        if values:
            return list(dict.fromkeys(values))
    return list(default)


def choose_title(shown: str | None, head: Head) -> str | None:
    """The headline: as shown, else JSON-LD's, else og:title or <title> without the paper's name at its end."""
    if shown:
        return shown
    if head.news.headline:
        return normalise(head.news.headline)
    title = head.find_meta("og:title", "twitter:title") or head.title
    return _SITE_SUFFIX.sub("", title) or None if title else None


def read_times(head: Head, selectors: Iterable[Selector], page: Page, default: Iterable[str] = ()) -> Times:
    """The times: `<meta>` before JSON-LD before what the page shows, which is read only when they say no second."""
    sources = [
        (head.find_meta(*_PUBLISHED), head.find_meta(*_MODIFIED)),
        (head.news.published, head.news.modified),
    ]
    times = choose_times(*sources)
    if times.published is not None and times.published.precision == "second":
        return times
    return choose_times(*sources, *((text, None) for text in _find_shown_times(selectors, page, default)))


def _find_shown_times(selectors: Iterable[Selector], page: Page, default: Iterable[str]) -> Iterable[str]:
    """What the first selector finds by which a time can be read: the attribute it names, else the element's text."""
    for selector in selectors:
        shown = (visible_text(element) for element in page.find_all(selector))
        for texts in (read_values((selector,), page), list(shown) if selector.attribute else []):
            if any(map(parse_time, texts)):
                return texts
    return default


def read_section(head: Head, selectors: Iterable[Selector], page: Page, default: Iterable[str] = ()) -> str | None:
    """The top section: first crumb of JSON-LD's or the shown breadcrumb that is not the home page, else `<meta>`."""
    crumbs = [normalise(name) for name in head.news.breadcrumb] or read_values(selectors, page, default)
    crumb = next((name for name in crumbs if name and name.casefold() not in _HOME_CRUMBS), None)
    declared = head.find_meta("article:section") or head.news.section
    return crumb or (normalise(declared.split(",")[0]) or None if declared else None)


def read_tags(head: Head, selectors: Iterable[Selector], page: Page, default: Iterable[str] = ()) -> tuple[str, ...]:
    """The tags shown, else those of `article:tag`; a leading # and a closing comma go.

    Tags that a `<meta>` gives in lower case take the spelling of `<meta name=keywords>` where it has them.
    """
    selectors = tuple(selectors)
    values = read_values(selectors, page) or [
        part for tag in head.meta.get("article:tag", ()) for part in tag.split(",")
    ]
    shown = {tag.casefold(): tag for tag in default}
    values = [shown.get(normalise(value).casefold(), value) for value in values] or list(default)
    cleaned = [tag for tag in (normalise(value).lstrip("#").strip(" ,;") for value in values) if tag]
    if any(selector.attribute for selector in selectors):
        keywords = [normalise(word) for word in (head.find_meta("keywords", "news_keywords") or "").split(",")]
        spelling = {word.lower(): word for word in reversed(keywords)}
        cleaned = [spelling.get(tag, tag) for tag in cleaned]
    return tuple(dict.fromkeys(cleaned))


def read_authors(
    bylines: Iterable[str], head: Head, selectors: Iterable[Selector], page: Page, default: Iterable[str] = ()
) -> tuple[tuple[str, ...], str | None]:
    """(authors, agency): from the byline lines of the body, else the profile's author element, else JSON-LD."""
    lines: list[str] = []
    for read in (bylines, None, head.news.authors, default):
        lines += read_values(selectors, page) if read is None else read
        authors, agency = read_bylines(lines)
        if authors:
            return authors, agency
    return (), agency


def find_own_url(head: Head, root: etree._Element) -> str | None:
    """The page's address as it says itself: canonical link, then og:url."""
    for link in root.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and (link.get("href") or "").startswith("http"):
            return link.get("href")
    return head.find_meta("og:url")
