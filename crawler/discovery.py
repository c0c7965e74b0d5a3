"""Discovery of one run: all sources of a site are walked side by side, what they say goes into the ledger.

The downloader keeps the pace. What was learnt is committed as a whole: a run that is killed before knows nothing new.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from tinsach.cleaning.profile import Profile
from tinsach.crawler.archiving import SiteStore, Validators
from tinsach.crawler.daywalk import walk_days
from tinsach.crawler.discover import Link
from tinsach.crawler.failures import FETCH_ERRORS, describe_failure
from tinsach.crawler.mapwalk import MapWalker
from tinsach.crawler.options import CrawlOptions
from tinsach.crawler.report import SourceReport, carry_cut_short, find_cut_short, find_open_reports
from tinsach.crawler.walk import FetchFailed, NotModified, Page, WalkRules, walk_feed, walk_section
from tinsach.datasets.ledger import Announced

MAX_ROBOTS_SITEMAPS = 20
MAX_BACKFILL_PAGES = 1_000  # of one section: the way back to the first day asked for
_GUESSABLE = ("feeds", "sitemaps", "sections", "pages", "archives")
Download = Callable[[Request], Awaitable[Response]]


class Discovery:
    """The desk at which all walks of a run fetch and announce; who reads robots.txt fills `robots_sitemaps`.

    `cut_short` are the sources of which a run without --since has to read more: before `run` and, by then, after it.
    """

    def __init__(
        self, profile: Profile, store: SiteStore, download: Download, *, options: CrawlOptions, now: datetime
    ) -> None:
        self.robots_sitemaps: list[str] = []
        self._profile = profile
        self._store = store
        self._download = download
        self._options = options
        self._now = now
        self._open_reports = find_open_reports(options.data, profile.site)
        self.cut_short = tuple(sorted(find_cut_short(self._open_reports, since=None)))

    async def run(self) -> dict[str, SourceReport]:
        """Walk every source; the account of each by its URL. Nothing is committed."""
        found, rules = self._profile.discover, self._make_rules()
        walks = dict.fromkeys(found.feeds, walk_feed) | dict.fromkeys(found.sections, walk_section)
        walking = [walk(url, self._profile, desk=self, rules=rules) for url, walk in walks.items()]
        reports, maps = await asyncio.gather(
            asyncio.gather(*walking), self._walk_maps(found.sitemaps, rules, found.months)
        )
        sources = dict(zip(walks, reports, strict=True)) | maps
        for template in found.archives:
            report = await walk_days(template, self._profile, desk=self, rules=rules, now=self._now)
            sources |= {template: report} if report else {}
        if not found.sitemaps:
            sources |= await self._walk_maps(await self._find_robots_sitemaps(), replace(rules, guessed=frozenset()))
        self.cut_short = carry_cut_short(self.cut_short, sources)
        counts = self._store.count_announced()
        return {url: _count(report, *counts.get(url, (0, 0))) for url, report in sources.items()}

    async def fetch(
        self, url: str, *, referer: str | None = None, if_changed: bool = False, max_bytes: int | None = None
    ) -> Page:
        """A page of announcements; raises FetchFailed, and with `if_changed` NotModified."""
        known = self._store.find_validators(url, self._now) if if_changed else None
        asked = {
            "Referer": referer,
            "If-None-Match": known.etag if known else None,
            "If-Modified-Since": known.last_modified if known else None,
        }
        try:
            headers = {name: value for name, value in asked.items() if value}
            meta = {"download_maxsize": max_bytes} if max_bytes else {}
            request = Request(url, headers=headers, callback=NO_CALLBACK, meta=meta)
            response = await self._download(request)
        except FETCH_ERRORS as error:
            raise FetchFailed(describe_failure(error)) from error
        if response.status == HTTPStatus.NOT_MODIFIED and known:
            raise NotModified
        if response.status != HTTPStatus.OK:
            raise FetchFailed(f"HTTP status {response.status}", response.status)
        validators = Validators(find_header(response, "ETag"), find_header(response, "Last-Modified"))
        return Page(response.url, response.body, find_header(response, "Content-Type"), validators)

    def announce(self, source: str, links: tuple[Link, ...]) -> Announced:
        """Take links into the ledger."""
        return self._store.announce(source, links, self._now)

    def remember(self, url: str, page: Page) -> None:
        """Ask for the page only if it changed, from the next run on; not after a backfill, which passes links over."""
        if self._options.only is None:
            self._store.keep_validators(url, page.validators, self._now)

    def has_read(self, url: str, *, changed_at: datetime) -> bool:
        """Whether the page was read to its end within a day, and a day or more after that change."""
        return self._store.find_validators(url, self._now, changed_at=changed_at) is not None

    def _make_rules(self) -> WalkRules:
        options, evidence = self._options, self._profile.evidence
        return WalkRules(
            max_pages=max(options.max_pages, MAX_BACKFILL_PAGES) if options.only else options.max_pages,
            since=options.since,
            only=options.only,
            beyond_known=find_cut_short(self._open_reports, since=options.since),
            guessed=frozenset(fact for fact in _GUESSABLE if evidence.get(f"discover.{fact}") == "guess"),
        )

    async def _walk_maps(
        self, roots: tuple[str, ...], rules: WalkRules, months: tuple[str, ...] = ()
    ) -> dict[str, SourceReport]:
        """The sitemaps one after the other, because what one lists another need not read again."""
        walker = MapWalker(self._profile, self, rules, roots)
        reports = {root: await walker.walk(root) for root in roots}
        for template in months:
            report = await walker.walk_months(template, self._now)
            if report is not None:
                reports[template] = report
        return reports

    async def _find_robots_sitemaps(self) -> tuple[str, ...]:
        """What robots.txt names; it was read before the first page, or is now."""
        if not self.robots_sitemaps and not (self._profile.discover.feeds or self._profile.discover.sections):
            try:
                await self.fetch(urljoin(self._profile.home, "/robots.txt"))
            except FetchFailed:
                return ()
        return tuple(dict.fromkeys(self.robots_sitemaps))[:MAX_ROBOTS_SITEMAPS]


def find_header(response: Response, name: str) -> str | None:
    """The header's value, None when it was not sent."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def _count(report: SourceReport, announced: int, only_here: int) -> SourceReport:
    """With the ledger's counts: a URL that two maps of one source list is one."""
    return replace(report, announced=announced, only_here=only_here)
