"""The process that crawls one site: started by `run`, told by its standard input, heard on its standard output.

Standard input is its lifeline: a byte asks it to finish what is in flight, its end (the parent closed it, or died) ends
it at once. Standard output carries one JSON line per event, the log goes to standard error.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Thread
from time import monotonic
from typing import IO

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from tinsach.crawler.loader import ProfileSpiderLoader
from tinsach.crawler.options import BadOption
from tinsach.crawler.report import RunReport, parse_report, report_to_json
from tinsach.crawler.spider import NewsSpider

FAILED, REFUSED = 1, 2  # exit codes: stopped in the middle, never begun
PROGRESS_EVERY_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a child: `progress` (the last one holds the final report), or `stopped` with its one-line message."""

    kind: str
    report: RunReport | None = None
    message: str = ""
    exit_code: int = 0


def write_event(out: IO[str], event: Event) -> None:
    """Write an event as one line, at once."""
    report = report_to_json(event.report) if event.report else None
    values = {"event": event.kind, "report": report, "message": event.message, "exit_code": event.exit_code}
    out.write(json.dumps(values) + "\n")
    out.flush()


def parse_event(line: str) -> Event | None:
    """The event of a line, None for something else that was printed."""
    if not line.startswith('{"event"'):
        return None
    values = json.loads(line)
    report = parse_report(values["report"]) if values["report"] else None
    return Event(values["event"], report, values["message"], values["exit_code"])


def main(arguments: Sequence[str]) -> int:
    """Crawl the site with these settings (a JSON object), tell events, return the exit code."""
    site, given = arguments
    out = sys.stdout
    settings = Settings()
    settings.setmodule("tinsach.crawler.settings", priority="project")
    settings.setdict(json.loads(given), priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    try:
        crawler = process.create_crawler(ProfileSpiderLoader().load(site))
    except BadOption as error:
        write_event(out, Event("stopped", message=str(error), exit_code=REFUSED))
        return REFUSED
    brake = _Brake(process, crawler)
    brake.listen()
    process.crawl(crawler, on_progress=_Teller(out).tell)
    process.start(install_signal_handlers=False)
    last = _last_event(crawler)
    write_event(out, last)
    return last.exit_code


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
