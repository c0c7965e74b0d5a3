"""What an announcement page says: feed, section page or JSON list in, links to articles out.

Pure: bytes and a profile in, values out; no request, no clock. Nothing a server sends raises anything but Unreadable.
"""

import json
import re
from calendar import timegm
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser  # type: ignore[import-untyped]  # ships no types
from lxml import etree, html

from tinsach.cleaning.dates import parse_time
from tinsach.cleaning.profile import Pages, Profile
from tinsach.datasets.ids import is_variant, list_plain_forms

MAX_URL_CHARS = 2_000  # longer ones are traps or scripts; Scrapy's own limit is 2,083
_FEED_ROOT = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]")
_NO_PATH = re.compile(r"[\x00-\x20\ud800-\udfff]")
_CARDS = ("article", "li")  # what a list holds one article in
_TIME_TAGS = ("time", "span", "small", "em", "p", "div")
_PAGE_ENDING = re.compile(r"\.(?:html?|chn)$")  # a section's own; its further pages lie below the name without it
_MAX_TIME_CHARS = 40  # "Chủ nhật, ngày 04/01/2026 - 06:31 GMT+7" has 39


class Unreadable(ValueError):
    """The page isn't what it should be: no feed, no JSON, no zone id; the message says which."""


@dataclass(frozen=True, slots=True)
class Link:
    """An article's URL as announced, without fragment; times are aware UTC, as far as they were announced.

    `hint_at` is that of its last change, or of its publication when no more is said.
    """

    url: str
    hint_at: datetime | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of announcements: its links in page order, each once; `more` is False when it says it's the last."""

    links: tuple[Link, ...]
    more: bool = True


def read_feed(body: bytes, *, url: str, profile: Profile, content_type: str | None = None) -> Listing:
    """The article links of an RSS or Atom feed, the later of publication and update as hint.

    An empty feed gives no links; HTML and other things that are no feed raise Unreadable.
    """
    headers = {"content-location": url} | ({"content-type": content_type} if content_type else {})
    try:
        # A stream, never the bytes themselves: feedparser would open a file of that name.
        feed = feedparser.parse(
            BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except (ValueError, OverflowError) as error:  # "&#99999999999;" is no character
        raise Unreadable("not a feed") from error
    if not feed.entries and not feed.get("version"):
        raise Unreadable("not a feed")
    found = ((str(entry.get("link", "")), _entry_time(entry), _published_time(entry)) for entry in feed.entries)
    return Listing(links=_unique(_article_links(found, base=url, profile=profile)), more=False)


def is_feed(body: bytes) -> bool:
    """Whether it looks like RSS or Atom: some papers list a feed among their sitemaps."""
    return _FEED_ROOT.search(body[:1_000]) is not None


def read_section(body: bytes, *, url: str, profile: Profile) -> Listing:
    """The article links of a section page, with the time beside a link where the page shows one."""
    document = _parse_html(body)
    if document is None:
        return Listing(links=())
    base = _find_base(document, url)
    times = dict(_card_times(document, base=base, profile=profile))
    links = _article_links(
        ((anchor.get("href", ""), None, None) for anchor in document.iter("a")), base=base, profile=profile
    )
    return Listing(links=_unique(Link(link.url, times.get(link.url)) for link in links))


def read_more_news(body: bytes, *, profile: Profile) -> Listing:
    """The article links of the MCMS `morenews` list: `contents[].url`, `update_time` or `date` as hint.

    Relative URLs are the site's, not the API's. Raises Unreadable for what is no such list.
    """
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:  # also what is nested without end
        raise Unreadable("not JSON") from error
    listing = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(listing, dict):
        raise Unreadable("JSON without a list of news")
    items = [item for item in _as_list(listing.get("contents") or listing.get("articles")) if isinstance(item, dict)]
    found = (
        (str(item.get("url") or ""), _item_time(item, "update_time", "date"), _item_time(item, "date"))
        for item in items
    )
    links = _unique(_article_links(found, base=profile.home, profile=profile))
    return Listing(links=links, more=listing.get("load_more") is not False)


def find_zone(body: bytes, pages: Pages) -> str | None:
    """The zone id in a section page's HTML, by the profile's pattern; None when it isn't there."""
    if pages.zone is None:
        return None
    match = pages.zone.search(body.decode("utf-8", "replace"))
    return match[1] if match else None


def page_url(pages: Pages, number: int, *, section: str, zone: str | None) -> str:
    """The URL of a section's page `number`.

    >>> page_url(Pages(url="{section}/p/{n}"), 3, section="https://www.qdnd.vn/quoc-te/", zone=None)
    'https://www.qdnd.vn/quoc-te/p/3'
    >>> page_url(Pages(url="{section}/trang-{n}.htm"), 2, section="https://dantri.com.vn/the-gioi.htm", zone=None)
    'https://dantri.com.vn/the-gioi/trang-2.htm'
    """
    stem = _PAGE_ENDING.sub("", section.rstrip("/"))
    url = pages.url.replace("{section}", stem).replace("{n}", str(number))
    return url.replace("{zone}", zone or "")


def _article_links(
    found: Iterable[tuple[str, datetime | None, datetime | None]], *, base: str, profile: Profile
) -> Iterator[Link]:
    for href, hint_at, published_at in found:
        url = find_article_url(href, base=base, profile=profile)
        if url is not None:
            yield Link(url, hint_at, published_at)


def find_article_url(href: str, *, base: str, profile: Profile) -> str | None:
    """The absolute URL of this site's article that the link leads to, without query and fragment; None for others.

    Of an AMP, mobile or print page it is the article's own address, None where the link does not tell it.
    """
    try:
        href = href.strip()
        url = href if href.startswith(("https://", "http://")) else urljoin(base, href)
        parts = urlsplit(url)
    except ValueError:  # "http://[": no address at all
        return None
    if len(url) > MAX_URL_CHARS or _NO_PATH.search(parts.path):
        return None
    if "?" in url or "#" in url:  # profiles tell articles by their path alone
        url = parts._replace(fragment="", query="").geturl()
    if is_variant(url):
        return _find_plain(url, profile)
    return url if parts.netloc.lower() in profile.hosts and profile.is_article_url(url) else None


def _find_plain(url: str, profile: Profile) -> str | None:
    """The article that an AMP, mobile or print page is of, on the host that the link names or on the first like it."""
    try:
        forms = [form for form in list_plain_forms(url) if profile.is_article_url(form)]
    except ValueError:  # "mailto:", a port that is no number
        return None
    if len(forms) != 1:  # none is an article's, or the profile knows several endings
        return None
    plain, named = urlsplit(forms[0]), urlsplit(url).netloc.lower()
    hosts = [host for host in profile.hosts if host.removeprefix("www.") == plain.netloc]
    if not hosts:
        return None
    return plain._replace(netloc=named if named in hosts else hosts[0]).geturl()


def _unique(links: Iterable[Link]) -> tuple[Link, ...]:
    """Each URL once, in the order of its first mention, with its latest hint and earliest publication."""
    unique: dict[str, Link] = {}
    for link in links:
        known = unique.get(link.url, link)
        hints = [at for at in (known.hint_at, link.hint_at) if at]
        published = [at for at in (known.published_at, link.published_at) if at]
        unique[link.url] = Link(link.url, max(hints, default=None), min(published, default=None))
    return tuple(unique.values())


def _find_base(document: html.HtmlElement, url: str) -> str:
    """What the page's relative links are relative to: its first <base>, or itself where that is no address."""
    tag = next(document.iter("base"), None)
    try:
        return urljoin(url, tag.get("href", "")) if tag is not None else url
    except ValueError:  # "http://["
        return url


def _card_times(document: html.HtmlElement, *, base: str, profile: Profile) -> Iterator[tuple[str, datetime]]:
    """(URL, time) of every card that links one article only and shows a time."""
    for card in document.iter(*_CARDS):
        found = (find_article_url(anchor.get("href", ""), base=base, profile=profile) for anchor in card.iter("a"))
        urls = {url for url in found if url}
        at = _card_time(card) if len(urls) == 1 else None
        if at is not None:
            yield urls.pop(), at


def _card_time(card: html.HtmlElement) -> datetime | None:
    for marker in card.iter(*_TIME_TAGS):
        for text in (marker.get("datetime"), marker.get("data-time"), marker.text_content().strip()):
            stamp = parse_time(text) if text and len(text) <= _MAX_TIME_CHARS else None
            if stamp and marker.find(".//a") is None:  # a date inside a headline is not the article's
                return stamp.at
    return None


def _entry_time(entry: Any) -> datetime | None:
    # dict.get: feedparser's own looks for "updated" under "published" too, with a warning
    times = [dict.get(entry, "published_parsed"), dict.get(entry, "updated_parsed")]
    return max((at for at in map(_from_struct, times) if at), default=None)


def _published_time(entry: Any) -> datetime | None:
    return _from_struct(dict.get(entry, "published_parsed"))


def _from_struct(value: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(value), UTC) if value else None
    except (ValueError, OverflowError, OSError):  # a feed may say year 30000
        return None


def _item_time(item: dict[str, Any], *names: str) -> datetime | None:
    times = [parse_time(str(item[name])) for name in names if item.get(name)]
    return max((stamp.at for stamp in times if stamp), default=None)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _parse_html(body: bytes) -> html.HtmlElement | None:
    try:
        return html.document_fromstring(
            body, parser=html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        )
    except (etree.ParserError, ValueError):  # empty, or not parsable at all
        return None
