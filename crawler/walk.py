"""One walk over one source: fetch, announce, decide whether to go on. No Scrapy here: a `Desk` fetches and announces.

A walk ends where the site has nothing new, never because something failed unseen: `ended` says why it stopped.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol

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
from tinsach.crawler.sitemaps import Span
from tinsach.datasets.ledger import Announced, Validators
from tinsach.datasets.visits import GONE_STATUSES

Turn = Callable[[int], Awaitable[Listing]]  # to the page of that number

MAX_STEP = 4_096  # pages: further back no pagination goes


class FetchFailed(Exception):
    """A page of announcements could not be had; the message is the cause, `status` the server's, None without one."""

    def __init__(self, cause: str, status: int | None = None) -> None:
        super().__init__(cause)
        self.status = status


class NotModified(Exception):
    """The page is what it was when it was last read to its end."""


@dataclass(frozen=True, slots=True)
class Page:
    """An answer with status 200: decoded body, the URL after redirects, what to ask with next time."""

    url: str
    body: bytes
    content_type: str | None = None
    validators: Validators = field(default_factory=Validators)


class Desk(Protocol):
    """What a walk needs of the crawl."""

    async def fetch(
        self, url: str, *, referer: str | None = None, if_changed: bool = False, max_bytes: int | None = None
    ) -> Page:
        """The page; raises FetchFailed, and with `if_changed` NotModified. `max_bytes` bounds its body, unpacked."""

    def announce(self, source: str, links: tuple[Link, ...]) -> Announced:
        """Take in what a source announces."""

    def remember(self, url: str, page: Page) -> None:
        """The page was read to its end, so it need not come again until it changes."""

    def has_read(self, url: str, *, changed_at: datetime) -> bool:
        """Whether the page was read to its end of late, and well after the change that is told of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkRules:
    """When a walk stops: `since` by the announced times, `max_pages` for a pagination without end.

    With `only`, a backfill, nothing but what was announced for that time counts, known or not. `guessed` are the kinds
    of sources (feeds, sitemaps, sections, pages) of which nobody knows that they exist: they may be missing.
    """

    max_pages: int
    since: datetime | None = None
    only: Span | None = None
    beyond_known: frozenset[str] = frozenset()  # sources whose last walk was cut short: known pages don't stop them
    guessed: frozenset[str] = frozenset()

    def asks_if_changed(self, source: str) -> bool:
        """Whether a page that is as it was has nothing to tell."""
        return self.only is None and source not in self.beyond_known

    def stops_at_known(self, source: str) -> bool:
        """Whether nothing unknown lies behind what is known."""
        return self.only is None and source not in self.beyond_known

    def say_failed(self, error: Exception, fact: str) -> str:
        """How a walk ends that could not go on: a guess that came to nothing is missing, all else has failed."""
        is_missing = (isinstance(error, FetchFailed) and error.status in GONE_STATUSES) or isinstance(error, Unreadable)
        return f"{'missing' if is_missing and fact in self.guessed else 'failed'}: {error}"

    def pick(self, links: tuple[Link, ...], span: Span | None = None) -> tuple[Link, ...]:
        """The links that count; `span` are the days that the page is about."""
        if self.only is None:
            return links
        is_timed = any(link.hint_at for link in links)
        return tuple(link for link in links if is_wanted(link, self.only, span, is_timed=is_timed))


@dataclass(slots=True)
class Tally:
    """One walk's running counts; `seen` are the URLs it met."""

    source: str
    kind: str
    desk: Desk
    rules: WalkRules
    pages: int = 0
    new: int = 0
    announced: int = 0
    seen: set[str] = field(default_factory=set)

    def add(self, listing: Listing) -> str | None:
        """Announce a page's links; why the walk ends here, or None to go on."""
        self.pages += 1
        fresh = {link.url for link in listing.links} - self.seen
        if not fresh:
            return "repeated" if listing.links else "empty"
        self.seen |= fresh
        unfetched = self.take(listing.links)
        if is_older(listing.links, self.rules.only.start if self.rules.only else self.rules.since):
            return "since"
        if not unfetched and self.rules.stops_at_known(self.source):
            return "known"
        if not listing.more:
            return "whole"
        return "limit" if self.pages >= self.rules.max_pages else None

    def take(self, links: tuple[Link, ...], span: Span | None = None) -> int:
        """Announce those links that count; how many of them are not fetched yet."""
        picked = self.rules.pick(links, span)
        announced = self.desk.announce(self.source, picked)
        self.new += announced.new
        self.announced += len(picked)
        return announced.unfetched

    def report(self, ended: str) -> SourceReport:
        """What the walk gave."""
        return SourceReport(kind=self.kind, pages=self.pages, announced=self.announced, new=self.new, ended=ended)


async def walk_feed(url: str, profile: Profile, *, desk: Desk, rules: WalkRules) -> SourceReport:
    """Announce what a feed lists. Failures are in the report's `ended`."""
    tally = Tally(url, "feed", desk, rules)
    try:
        page = await desk.fetch(url, if_changed=rules.asks_if_changed(url))
        listing = read_feed(page.body, url=page.url, profile=profile, content_type=page.content_type)
    except NotModified:
        return tally.report("unchanged")
    except (FetchFailed, Unreadable) as error:
        return tally.report(rules.say_failed(error, "feeds"))
    ended = tally.add(listing) or "whole"
    desk.remember(url, page)
    return tally.report(ended)


async def walk_section(section: str, profile: Profile, *, desk: Desk, rules: WalkRules) -> SourceReport:
    """Announce a section page by page, newest first, until a page has nothing that is not known and fetched."""
    tally = Tally(section, "section", desk, rules)
    pages, fact = profile.discover.pages, "sections"
    try:
        page = await desk.fetch(section, if_changed=rules.asks_if_changed(section))
        listing = read_section(page.body, url=page.url, profile=profile)
        ended, fact = tally.add(listing), "pages"
        if pages and not ended:
            zone = find_zone(page.body, pages)
            turn = partial(_next_page, section, zone=zone, profile=profile, desk=desk)
            number = await _skip_newer(turn, pages.first, listing, rules)
            while not ended:
                ended = tally.add(await (turn(number) if number == pages.first else _turn_or_end(turn, number)))
                number += 1
    except NotModified:
        return tally.report("unchanged")
    except (FetchFailed, Unreadable) as error:
        return tally.report(rules.say_failed(error, fact))
    desk.remember(section, page)
    return tally.report(ended or "whole")


async def _skip_newer(turn: Turn, first: int, listing: Listing, rules: WalkRules) -> int:
    """The page from which a backfill has to read: over newer pages by ever longer steps, then back by halves.

    The page before that counts too: while we look, new articles push the others down.
    """
    newer, step = first - 1, 1
    if rules.only is None or not is_newer(listing.links, rules.only.end):
        return first
    while step <= MAX_STEP and is_newer((await _turn_or_end(turn, newer + step)).links, rules.only.end):
        newer, step = newer + step, step * 2
    older = newer + step
    while older - newer > 1:
        middle = (newer + older) // 2
        is_middle_newer = is_newer((await _turn_or_end(turn, middle)).links, rules.only.end)
        newer, older = (middle, older) if is_middle_newer else (newer, middle)
    return max(first, newer)


async def _turn_or_end(turn: Turn, number: int) -> Listing:
    """A page; where there is none, the section has ended."""
    try:
        return await turn(number)
    except FetchFailed as error:
        if error.status not in GONE_STATUSES:
            raise
        return Listing(links=())


async def _next_page(section: str, number: int, *, zone: str | None, profile: Profile, desk: Desk) -> Listing:
    pages = profile.discover.pages
    if pages is None or ("{zone}" in pages.url and zone is None):
        raise Unreadable("no zone id in the section page: its pagination can't be followed")
    url = page_url(pages, number, section=section, zone=zone)
    page = await desk.fetch(url, referer=section)
    if pages.format == "json":
        return read_more_news(page.body, profile=profile)
    return read_section(page.body, url=page.url, profile=profile)


def is_older(links: tuple[Link, ...], since: datetime | None) -> bool:
    """Whether a page has times and all of them are before `since`."""
    hints = [link.hint_at for link in links if link.hint_at]
    return bool(since and hints) and max(hints) < (since or max(hints))


def is_newer(links: tuple[Link, ...], end: datetime) -> bool:
    """Whether a page has times and all of them are of `end` or later."""
    hints = [link.hint_at for link in links if link.hint_at]
    return bool(hints) and min(hints) >= end


def is_wanted(link: Link, only: Span, span: Span | None, *, is_timed: bool) -> bool:
    """Whether a backfill of some days takes the link: by when it was published, as far as anything tells that.

    A map's days tell it better than a time of change, which may lie years later. What nothing is told of is taken from
    a page without any times; on one with times it stands beside the list.
    """
    if link.published_at:
        return only.holds(link.published_at)
    if span and span.meets(only):
        is_inside = only.start <= span.start and span.end <= only.end
        return is_inside or not (link.hint_at and span.holds(link.hint_at)) or only.holds(link.hint_at)
    if span:
        return False
    return only.holds(link.hint_at) if link.hint_at else not is_timed
