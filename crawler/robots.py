"""robots.txt by RFC 9309: what can't be had forbids everything, and a Crawl-delay larger than the profile's is obeyed.

Scrapy's own middleware takes a robots.txt that fails for "all allowed" and knows no Crawl-delay.
"""

import logging
from http import HTTPStatus
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader import Downloader
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from twisted.internet.defer import Deferred

from tinsach.cleaning.profile import load_profile
from tinsach.crawler.failures import describe_failure
from tinsach.datasets.layout import BrokenWorld

FORBID_ALL = b"User-agent: *\nDisallow: /\n"
MAX_ROBOTS_BYTES = 512_000  # RFC 9309, 2.5: a crawler may stop reading at 500 KiB or later
MAX_CRAWL_DELAY_SECONDS = 60.0  # with more, a paper's daily output can't be fetched within the day
logger = logging.getLogger(__name__)


class RobotsUnavailable(BrokenWorld):
    """A site's robots.txt could not be had, so nothing may be asked; names the site, the cause and the remedy."""


class CarefulRobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's robots.txt, but no answer, a server error and a redirect to elsewhere forbid the host.

    Of the site's main host that is left in the spider's `no_robots`, which ends the run; of another, say of its API,
    each request is refused with the cause. HTML is no rules, and of a huge file only the beginning counts.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._causes: dict[str, str] = {}  # by host, why its rules could not be had

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR or response.status == HTTPStatus.TOO_MANY_REQUESTS:
            self._tell(netloc, f"HTTP status {response.status}")
            body = FORBID_ALL
        elif response.status >= HTTPStatus.BAD_REQUEST:  # there are no rules, whatever the error page says
            body = b""
        elif response.status >= HTTPStatus.MULTIPLE_CHOICES:  # a redirect that leads nowhere
            self._tell(netloc, f"HTTP status {response.status} without a target")
            body = FORBID_ALL
        else:
            body = read_rules(response.body)
        await super()._parse_robots(response.replace(body=body), netloc, request)
        self._slow_down(netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._tell(netloc, describe_failure(exc))
        super()._robots_error(exc, netloc)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raises IgnoreRequest for what is forbidden, or when the rules could not be had."""
        cause = self._causes.get(urlsplit(request.url).netloc)
        if cause is not None:
            raise IgnoreRequest(f"robots.txt could not be had ({cause})")
        super().process_request_2(rp, request)

    def _slow_down(self, netloc: str, request: Request) -> None:
        parser = self._parsers[netloc]
        if parser is None or isinstance(parser, Deferred) or self.crawler.engine is None:
            return
        asked = parser.crawl_delay(self._robotstxt_useragent or self._default_useragent)
        if asked is None:
            return
        if asked > MAX_CRAWL_DELAY_SECONDS:
            logger.warning(
                "https://%s/robots.txt asks for a delay of %g s; %g s is kept", netloc, asked, MAX_CRAWL_DELAY_SECONDS
            )
        downloader = self.crawler.engine.downloader
        hold_pace(downloader, downloader.get_slot_key(request), min(asked, MAX_CRAWL_DELAY_SECONDS))

    def _tell(self, netloc: str, cause: str) -> None:
        self._causes[netloc] = cause
        spider = self.crawler.spider
        if spider is None or not self.crawler.crawling:  # a stop in the middle is no fault of the site
            return
        if netloc.lower() != urlsplit(load_profile(spider.name).home).netloc:
            return
        error = RobotsUnavailable(
            f"{spider.name}: https://{netloc}/robots.txt could not be had ({cause}), so nothing may be asked; "
            "try again later"
        )
        spider.no_robots = error  # type: ignore[attr-defined]  # our spider


class FloorThrottle(AutoThrottle):
    """Scrapy's AutoThrottle, which never goes below the delay that a host's robots.txt asks for."""

    def _adjust_delay(self, slot: object, latency: float, response: Response) -> None:
        super()._adjust_delay(slot, latency, response)  # type: ignore[arg-type]
        slots = self.crawler.engine.downloader.slots if self.crawler.engine else {}
        for key, one in slots.items():
            if one is slot:
                one.delay = max(one.delay, find_floor(self.crawler.engine.downloader, key))


def read_rules(body: bytes) -> bytes:
    """What counts of a robots.txt: whole lines of its first 500 kB, and nothing when it is a page of HTML.

    >>> read_rules(b"<!DOCTYPE html><pre>User-agent: *"), read_rules(b"Disallow: /a")
    (b'', b'Disallow: /a')
    """
    start = body[:MAX_ROBOTS_BYTES]
    if len(start) < len(body):
        start = start[: max(start.rfind(b"\n"), start.rfind(b"\r")) + 1]
    return b"" if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<" else start


def hold_pace(downloader: Downloader, slot_key: str, delay_seconds: float) -> None:
    """From now on leave at least so much time between two requests to a host; never less than before.

    The delay isn't varied: half of it would be less than was asked. Scrapy drops the slot of a host that idles, so the
    delay is kept where the next slot takes it from.
    """
    if delay_seconds <= downloader._delay:
        return
    downloader.per_slot_settings[slot_key] = {"delay": delay_seconds, "jitter": 0.0}
    slot = downloader.slots.get(slot_key)
    if slot is not None:
        slot.delay, slot.jitter = max(slot.delay, delay_seconds), 0.0


def find_floor(downloader: Downloader, slot_key: str) -> float:
    """The delay in seconds that was held for a host, 0 when none was."""
    return float(downloader.per_slot_settings.get(slot_key, {}).get("delay", 0.0))
