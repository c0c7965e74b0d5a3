"""The process that crawls one site: started by `run`, told by its standard input, heard on its standard output.

Standard input is its lifeline: a byte asks it to finish what is in flight, its end (the parent closed it, or died) ends
it at once. Standard output carries one JSON line per event, standard error one per record of the log.
"""

import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import Sequence
from threading import Thread
from time import monotonic
from typing import IO

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from tinsach.crawler.events import FAILED, REFUSED, Event, LogLineFormatter, write_event
from tinsach.crawler.loader import ProfileSpiderLoader
from tinsach.crawler.report import RunReport
from tinsach.crawler.spider import NewsSpider

PROGRESS_EVERY_SECONDS = 0.25


def main(arguments: Sequence[str]) -> int:
    """Crawl the site with these settings (a JSON object), tell events, return the exit code."""
    site, given = arguments
    out = sys.stdout
    settings = Settings()
    settings.setmodule("tinsach.crawler.settings", priority="project")
    settings.setdict(json.loads(given), priority="cmdline")
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    _log_to_stderr(settings.get("LOG_LEVEL"))
    try:
        crawler = process.create_crawler(ProfileSpiderLoader().load(site))
    except UsageError as error:
        write_event(out, Event("stopped", message=str(error), exit_code=REFUSED))
        return REFUSED
    brake = _Brake(process, crawler)
    brake.listen()
    process.crawl(crawler, on_progress=_Teller(out).tell)
    process.start(install_signal_handlers=False)
    last = _last_event(crawler)
    write_event(out, last)
    return last.exit_code


def _log_to_stderr(level: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LogLineFormatter())
    logging.root.addHandler(handler)
    logging.disable(logging.getLevelNamesMapping()[level] - 1)  # what nobody reads is not even made


class _Teller:
    """Tells progress, not more often than anyone could read it."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self._told_at = 0.0

    def tell(self, report: RunReport) -> None:
        if monotonic() - self._told_at >= PROGRESS_EVERY_SECONDS:
            self._told_at = monotonic()
            write_event(self._out, Event("progress", report))


class _Brake:
    """Stops the crawl in order, once, however often and from wherever it is asked; a second signal ends it at once.

    Ctrl-C in a terminal comes twice, as a signal and down the lifeline; Scrapy's handlers would take that for haste.
    """

    def __init__(self, process: AsyncCrawlerProcess, crawler: Crawler) -> None:
        self._process = process
        self._crawler = crawler
        self._loop = asyncio.get_event_loop()
        self._signals = 0
        self._stopping: asyncio.Task[None] | None = None

    def listen(self) -> None:
        """From now on obey SIGINT, SIGTERM and the lifeline."""
        for number in (signal.SIGINT, signal.SIGTERM):
            self._loop.add_signal_handler(number, self._take_signal)
        Thread(target=self._watch_lifeline, daemon=True).start()

    def stop(self) -> None:
        """Let what is in flight come in, flush, close; before the crawl runs there is nothing to wait for."""
        if self._stopping is not None:
            return
        if not (isinstance(self._crawler.spider, NewsSpider) and self._crawler.spider.is_crawling):
            os._exit(FAILED)
        self._stopping = self._loop.create_task(self._process.stop())

    def _take_signal(self) -> None:
        self._signals += 1
        if self._signals > 1:
            os._exit(FAILED)
        self.stop()

    def _watch_lifeline(self) -> None:
        while os.read(0, 1):
            self._loop.call_soon_threadsafe(self.stop)
        os._exit(FAILED)  # what is archived is safe at any moment


def _last_event(crawler: Crawler) -> Event:
    spider = crawler.spider
    if not isinstance(spider, NewsSpider):  # a bug: its traceback is in the log
        return Event("stopped", message=f"{crawler.spidercls.name}: the spider could not be made", exit_code=FAILED)
    if spider.stopped_by:
        exit_code = FAILED if spider.final_report else REFUSED
        return Event("stopped", spider.final_report, str(spider.stopped_by), exit_code)
    return Event("progress", spider.final_report)
