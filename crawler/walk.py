"""One walk over one source: fetch, announce, decide whether to go on. No Scrapy here: `fetch` and `announce` are given.

A walk ends where the site has nothing new, never because something failed unseen: `ended` says why it stopped.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from tinsach.cleaning.profile import Profile
from tinsach.crawler.discover import (
    Link,
    Listing,
    Unreadable,
    find_zone,
    page_url,
    read_feed,
    read_more_news,
    read_section,
)
from tinsach.crawler.report import SourceReport
from tinsach.datasets.ledger import Announced


class FetchFailed(Exception):
    """A page of announcements could not be had; the message is the cause."""


@dataclass(frozen=True, slots=True)
class Page:
    """An answer with status 200: decoded body, the URL after redirects."""

    url: str
    body: bytes
    content_type: str | None = None


Fetch = Callable[[str, str | None], Awaitable[Page]]  # (URL, referer); raises FetchFailed
Announce = Callable[[str, tuple[Link, ...]], Announced]  # (source, links)


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkRules:
    """When a walk stops: `since` by the announced times, `max_pages` for a pagination without end."""

    max_pages: int
    since: datetime | None = None
    beyond_known: frozenset[str] = frozenset()  # sources whose last walk was cut short: known pages don't stop them


@dataclass(slots=True)
class _Tally:
    """One walk's running counts; `seen` are the URLs it met."""

    source: str
    kind: str
    announce: Announce
    rules: WalkRules
    pages: int = 0
    new: int = 0
    seen: set[str] = field(default_factory=set)

    def add(self, listing: Listing) -> str | None:
        """Announce a page's links; why the walk ends here, or None to go on."""
        self.pages += 1
        fresh = {link.url for link in listing.links} - self.seen
        if not fresh:
            return "repeated" if listing.links else "empty"
        self.seen |= fresh
        announced = self.announce(self.source, listing.links)
        self.new += announced.new
        if is_older(listing.links, self.rules.since):
            return "since"
        if not announced.unfetched and self.source not in self.rules.beyond_known:
            return "known"
        if not listing.more:
            return "whole"
        return "limit" if self.pages >= self.rules.max_pages else None

    def report(self, ended: str) -> SourceReport:
        return SourceReport(kind=self.kind, pages=self.pages, announced=len(self.seen), new=self.new, ended=ended)


async def walk_feed(url: str, profile: Profile, *, fetch: Fetch, announce: Announce, rules: WalkRules) -> SourceReport:
    """Announce what a feed lists. Failures are in the report's `ended`."""
    tally = _Tally(url, "feed", announce, rules)
    try:
        page = await fetch(url, None)
        listing = read_feed(page.body, url=page.url, profile=profile, content_type=page.content_type)
    except (FetchFailed, Unreadable) as error:
        return tally.report(f"failed: {error}")
    return tally.report(tally.add(listing) or "whole")


async def walk_section(
    section: str, profile: Profile, *, fetch: Fetch, announce: Announce, rules: WalkRules
) -> SourceReport:
    """Announce a section page by page, newest first, until a page has nothing that is not known and fetched."""
    tally = _Tally(section, "section", announce, rules)
    pages = profile.discover.pages
    number = pages.first if pages else 0
    try:
        page = await fetch(section, None)
        ended = tally.add(read_section(page.body, url=page.url, profile=profile))
        zone = find_zone(page.body, pages) if pages else None
        while not ended and pages:
            ended = tally.add(await _next_page(section, number, zone, profile=profile, fetch=fetch))
            number += 1
    except (FetchFailed, Unreadable) as error:
        return tally.report(f"failed: {error}")
    return tally.report(ended or "whole")


async def _next_page(section: str, number: int, zone: str | None, *, profile: Profile, fetch: Fetch) -> Listing:
    pages = profile.discover.pages
    if pages is None or ("{zone}" in pages.url and zone is None):
        raise Unreadable("no zone id in the section page: its pagination can't be followed")
    url = page_url(pages, number, section=section, zone=zone)
    page = await fetch(url, section)
    if pages.format == "json":
        return read_more_news(page.body, profile=profile)
    return read_section(page.body, url=page.url, profile=profile)


def is_older(links: tuple[Link, ...], since: datetime | None) -> bool:
    """Whether a page has times and all of them are before `since`."""
    hints = [link.hint_at for link in links if link.hint_at]
    return bool(since and hints) and max(hints) < (since or max(hints))
