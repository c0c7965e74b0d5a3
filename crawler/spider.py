"""The one spider: what the profile announces goes into the ledger, then what is due there is fetched, newest first.

Discovery is over before the first article is asked, and is committed as a whole: a crawl killed at any moment either
knows nothing new, or everything that the sources announced.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self, cast

import scrapy
from scrapy import Request, signals
from scrapy.core.downloader.handlers import http11
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares import httpcompression, robotstxt
from scrapy.exceptions import CloseSpider, UsageError
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from tinsach.cleaning import Rejected
from tinsach.cleaning.profile import load_profile
from tinsach.crawler.answers import read_validators, to_fetched, to_gone
from tinsach.crawler.archiving import SiteStore
from tinsach.crawler.discovery import Discovery
from tinsach.crawler.failures import describe_failure, drop_errors
from tinsach.crawler.options import (
    BadOption,
    CrawlOptions,
    check_feeds,
    describe_crawl,
    is_loopback,
    read_options,
    user_agent,
    wants_items,
)
from tinsach.crawler.patience import LeftForLater, name_host
from tinsach.crawler.rendering import set_up_browser
from tinsach.crawler.report import (
    MAX_FAILURES,
    RunReport,
    SourceReport,
    count_states,
    write_report,
)
from tinsach.datasets.archive import ArchivePosition, FetchedResponse, new_run_id
from tinsach.datasets.layout import BrokenWorld
from tinsach.datasets.ledger import Visit
from tinsach.datasets.records import Row
from tinsach.datasets.visits import GONE_STATUSES

if TYPE_CHECKING:
    from tinsach.crawler.items import ItemMaker

SPIDERMON = "spidermon.contrib.scrapy.extensions.Spidermon"
_MIN_QUEUED = 4  # requests that wait in the downloader: enough to keep it busy, few to finish at Ctrl-C


class NewsSpider(scrapy.Spider):
    """Crawls the site that it is named after; the loader makes one subclass for each profile."""

    name = "news"
    options: CrawlOptions
    run: str
    _makes_items: bool
    _free: asyncio.Semaphore  # places in the downloader for discovery, which the engine doesn't count

    def __init__(self, *args: Any, on_progress: Callable[[RunReport], None] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.profile = load_profile(self.name)
        self.stopped_by: BrokenWorld | None = None
        self.no_robots: BrokenWorld | None = None  # set by CarefulRobotsMiddleware
        self.given_up: dict[str, str] = {}  # host: cause; set by PatienceMiddleware
        self.started_at = datetime.now(UTC)
        self.final_report: RunReport | None = None
        self.sources: dict[str, SourceReport] = {}
        self.failures: list[str] = []
        self.asked = self.left = 0
        self.is_discovered = False
        self._on_progress = on_progress
        self._store: SiteStore | None = None
        self._maker: ItemMaker | None = None
        self._discovery: Discovery | None = None
        self._counts: dict[str, int] | None = None  # None: nothing was ever opened

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """The site's pace from its profile, the user agent from the contact; raises UsageError without one.

        A server on this machine is asked without delay.
        """
        super().update_settings(settings)
        try:
            cls._set_up(settings)
        except BadOption as error:  # Scrapy's commands tell its own in a line
            raise UsageError(str(error)) from error

    @classmethod
    def _set_up(cls, settings: BaseSettings) -> None:
        if settings.getbool("SPIDERMON_ENABLED"):
            settings.set("EXTENSIONS", {**settings.getdict("EXTENSIONS"), SPIDERMON: 500}, priority="spider")
        check_feeds(settings.getdict("FEEDS"))
        options = read_options(settings, datetime.now(UTC))
        pace = load_profile(cls.name).crawl
        if pace.render:
            set_up_browser(settings, cls.name)
        is_own = is_loopback(options.origin)
        site = {
            "USER_AGENT": user_agent(options),
            "DOWNLOAD_DELAY": 0 if is_own else pace.delay_seconds,
            "AUTOTHROTTLE_ENABLED": settings.getbool("AUTOTHROTTLE_ENABLED") and not is_own,
            "CONCURRENT_REQUESTS_PER_DOMAIN": pace.concurrency,
            "AUTOTHROTTLE_TARGET_CONCURRENCY": float(pace.concurrency),
        }
        settings.setdict(site, priority="spider")
        at_once = settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        # Without a delay Scrapy 2.19 starts whatever is queued for a host at once, so nothing may queue there.
        queued = max(_MIN_QUEUED, 2 * at_once) if settings.getfloat("DOWNLOAD_DELAY") else at_once
        settings.set("CONCURRENT_REQUESTS", queued, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.options = read_options(crawler.settings, spider.started_at)
        spider.started_at = spider.options.now or spider.started_at
        spider._free = asyncio.Semaphore(crawler.settings.getint("CONCURRENT_REQUESTS"))
        spider.run = spider.options.run or new_run_id(spider.started_at)
        logging.getLogger(robotstxt.__name__).addFilter(drop_errors)  # the run stops and says why
        for module in (http11, httpcompression):  # what they warn of is a failure in the ledger and the report
            logging.getLogger(module.__name__).setLevel(logging.ERROR)
        spider._makes_items = wants_items(crawler.settings)
        crawler.signals.connect(spider.read_robots, signal=signals.robots_parsed)
        return spider

    def open_store(self) -> None:
        """Take the site for this crawl; a busy site or a folder that can't be written closes the spider."""
        site = self.options.data.site(self.profile.site)
        try:
            self._store = SiteStore.open(site, self.profile, run=self.run, software=describe_crawl(self.settings))
        except BrokenWorld as error:
            raise self._stop(error) from error
        self._counts = self._store.counts

    def read_robots(self, robotparser: RobotParser) -> None:
        """Note the sitemaps that a robots.txt names."""
        rules = getattr(robotparser, "rp", None)  # Protego: Scrapy's interface has no sitemaps
        if self._discovery is not None and rules is not None:
            self._discovery.robots_sitemaps += list(rules.sitemaps)

    @property
    def is_crawling(self) -> bool:
        """Whether the site is taken and the engine runs, so that a stop has something to finish."""
        return self._store is not None and self.crawler.engine.running

    @property
    def is_refused(self) -> bool:
        """Whether the crawl never began: a busy site, a folder that can't be written."""
        return self.stopped_by is not None and self._counts is None

    async def start(self) -> AsyncIterator[Request]:
        """Discover, then ask what is due, as fast as the downloader takes it."""
        self.open_store()  # here, so that Scrapy's shell and `parse`, which start otherwise, take and write nothing
        try:
            await self._discover()
            visits = self._plan()
        except BrokenWorld as error:
            raise self._stop(error) from error
        while (visit := self._next_visit(visits)) is not None:
            if self.crawler.engine.needs_backout():
                await self.crawler.signals.wait_for(signals.scheduler_empty)
            if name_host(visit.url) in self.given_up:
                self.left += 1
                continue
            self.asked += 1
            yield self._ask(visit)

    def parse(self, response: Response) -> Iterator[Row]:
        """The page's record, for `scrapy parse` and the shell; nothing is kept."""
        yield from self._clean(to_fetched(response, response.url, datetime.now(UTC)), None)

    def parse_article(self, response: Response, visit: Visit) -> Iterable[Row]:
        """File the answer to one visit: body, unchanged, gone. The record of a new body, where one is wanted."""
        store, now = self._store, datetime.now(UTC)
        items: Iterable[Row] = ()
        if store is None:  # stopped by a broken disk: the ledger asks again
            return items
        try:
            if response.status == HTTPStatus.NOT_MODIFIED and visit.digest:
                store.mark_unchanged(visit, now, read_validators(response))
            elif response.status in GONE_STATUSES:
                store.mark_gone(visit, to_fetched(response, visit.url, now))
            elif not self.profile.is_article_url(response.url):
                self._file_non_article(store, visit, response)
            elif response.status != HTTPStatus.OK or not response.body:
                self._fail(store, visit, f"HTTP status {response.status}, {len(response.body)} bytes")
            else:
                fetched = to_fetched(response, visit.url, now)
                position = store.keep(visit, fetched, read_validators(response))
                items = self._clean(fetched, position) if position and self._makes_items else ()
        except BrokenWorld as error:
            raise self._stop(error) from error
        self._tell_progress()
        return items

    def article_failed(self, failure: Failure) -> None:
        """File a visit that brought no answer."""
        visit: Visit = failure.request.cb_kwargs["visit"]  # type: ignore[attr-defined]  # Scrapy adds it
        if self.no_robots:  # of another host of the site; the ledger asks the visit again
            raise self._stop(self.no_robots)
        if isinstance(failure.value, LeftForLater):
            self.asked, self.left = self.asked - 1, self.left + 1
            return
        try:
            if self._store is not None:
                self._fail(self._store, visit, describe_failure(failure.value))
        except BrokenWorld as error:
            raise self._stop(error) from error
        self._tell_progress()

    def closed(self, reason: str) -> None:
        """Commit, close, write the report."""
        if self._counts is None:
            return
        try:
            if self._store is not None and self.is_discovered:
                self.sources = count_states(self.sources, self._store.count_outcomes())
                self._store.close(datetime.now(UTC))
            elif self._store is not None:  # half-walked sources are better unknown than half known
                self._store.abandon()
            self.final_report = self.report("stopped" if self.stopped_by else reason)
            write_report(self.options.data, self.final_report)
        except BrokenWorld as error:
            self._stop(error)

    def report(self, reason: str | None = None) -> RunReport:
        """What this run did so far; with a reason, at its end."""
        return RunReport(
            site=self.profile.site,
            run=self.run,
            started_at=self.started_at,
            finished_at=datetime.now(UTC) if reason else None,
            finish_reason=reason,
            asked=self.asked,
            left=self.left,
            given_up=dict(self.given_up),
            errors=int(self.crawler.stats.get_value("spider_exceptions/count", 0)),
            by_source=dict(self.sources),
            failures=tuple(self.failures),
            backfill=str(self.options.only) if self.options.only else None,
            cut_short=self._discovery.cut_short if self._discovery else (),
            **(self._counts or {}),
        )

    async def _discover(self) -> None:
        """Walk all sources, then keep what they announced."""
        self._discovery = Discovery(
            self.profile, self._open_store, self._download, options=self.options, now=self.started_at
        )
        sources = await self._discovery.run()
        if self.no_robots:
            raise self.no_robots
        self.sources = sources
        write_report(self.options.data, self.report())  # before the commit: a walk cut short is never forgotten
        self._open_store.keep_heard(self.run)
        self._open_store.commit(datetime.now(UTC))
        self.is_discovered = True
        self._tell_progress()

    def _plan(self) -> Iterator[Visit]:
        options = self.options
        if options.discover_only:
            return iter(())
        return self._open_store.plan(
            datetime.now(UTC),
            limit=options.limit,
            since=options.since,
            revisit_now=options.revisit_now,
            only_announced=options.only is not None,
        )

    def _next_visit(self, visits: Iterator[Visit]) -> Visit | None:
        """The next one of the plan, which is read from the ledger in batches; None at its end and after a stop."""
        try:
            return next(visits, None) if self._store is not None else None
        except BrokenWorld as error:
            raise self._stop(error) from error

    async def _download(self, request: Request) -> Response:
        async with self._free:
            return await self.crawler.engine.download_async(request)

    def _ask(self, visit: Visit) -> Request:
        asked = {"If-None-Match": visit.etag, "If-Modified-Since": visit.last_modified} if visit.state != "gone" else {}
        return Request(
            visit.url,
            headers={name: value for name, value in asked.items() if value},
            callback=self.parse_article,
            errback=self.article_failed,
            cb_kwargs={"visit": visit},
            meta={"handle_httpstatus_list": [HTTPStatus.NOT_MODIFIED, *GONE_STATUSES]},
            dont_filter=True,  # the ledger knows what was asked; a redirect to itself with a cookie is no duplicate
        )

    def _clean(self, response: FetchedResponse, position: ArchivePosition | None) -> Iterator[Row]:
        try:
            yield self._item_maker().make_item(response, position)
        except Rejected as rejected:
            self.crawler.stats.inc_value(f"tinsach/rejected/{rejected.reason}")
            self.logger.info("rejected: %s: %s %s", rejected.reason, response.url, rejected.detail)

    def _item_maker(self) -> "ItemMaker":
        if self._maker is None:
            from tinsach.crawler.items import ItemMaker  # noqa: PLC0415  # takes long to load, most crawls don't clean

            self._maker = ItemMaker(self.options.data.site(self.name))
        return self._maker

    def _fail(self, store: SiteStore, visit: Visit, cause: str) -> None:
        store.mark_failed(visit, cause, datetime.now(UTC))
        if len(self.failures) < MAX_FAILURES:
            self.failures.append(f"{visit.url}: {cause}")

    def _file_non_article(self, store: SiteStore, visit: Visit, response: Response) -> None:
        """An article taken down often leads to the front page; without a redirect its URL is none of an article."""
        reasons = response.meta.get("redirect_reasons")
        if not reasons:
            self._fail(store, visit, "no article URL of this site (by its profile)")
        elif isinstance(reasons[0], int):
            store.mark_gone(visit, to_gone(visit.url, reasons[0], response.url))
        else:
            self._fail(store, visit, f"redirected ({reasons[0]}) to {response.url}, no article URL")

    def _stop(self, error: BrokenWorld) -> CloseSpider:
        """Close the spider because of the world: said once, in one line. Never raises a BrokenWorld itself."""
        if self.stopped_by is None:
            self.stopped_by = error
            # Who listens to the progress is told of the stop too, and says it.
            self.logger.log(logging.DEBUG if self._on_progress else logging.ERROR, "%s", error)
        if self._store is not None:
            store, self._store = self._store, None
            try:
                store.abandon()
            except BrokenWorld as second:  # the crawl ends all the same, or it would go on throwing pages away
                self.logger.debug("%s", second)
        return CloseSpider("stopped")

    def _tell_progress(self) -> None:
        if self._on_progress is not None:
            self._on_progress(self.report())

    @property
    def _open_store(self) -> SiteStore:
        return cast("SiteStore", self._store)  # no assert: Scrapy's feeds read every property before the start
