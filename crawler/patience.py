"""How long a host is left alone that fails or asks for it, and when it is given up until the next run.

`HostPatience` is the rule: pure, given the time. The middleware keeps one for each host, so a host that rests holds up
no other.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from time import monotonic
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from tinsach.crawler.failures import HOST_ERRORS, describe_failure

GIVE_UP_AFTER = 10  # URLs in a row that failed, each with its retries
RETRY_BELOW = 3  # from so many failures in a row on, nothing is asked a second time
MAX_REST_SECONDS = 120.0  # who asks for more is given up at once: a run doesn't sit and wait
MAX_RESTS_SECONDS = 600.0  # all rests of a host in one run
MAX_BACK_OFF_SECONDS = 30.0  # of a rest that nobody asked for
POLL_SECONDS = 0.5  # how soon a stop ends a rest
RESTING = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


class LeftForLater(IgnoreRequest):
    """Not asked in this run, because its host is given up or the crawl stops; the ledger still has it."""


@dataclass(slots=True)
class HostPatience:
    """One host: the URLs that failed since its last good answer, until when it rests, and why it is given up.

    Without a Retry-After it rests twice as long after each failure in a row, beginning with twice the site's delay.
    Times are seconds of one clock that only rises.
    """

    delay_seconds: float
    failed: set[str] = field(default_factory=set)
    rests_until: float = 0.0
    rested_seconds: float = 0.0
    given_up: str | None = None

    def take_answer(self) -> None:
        """The host works: whatever failed before is forgotten, but not a rest that it asked for."""
        self.failed.clear()

    def take_failure(self, url: str, cause: str, now: float, *, retry_after_seconds: float | None = None) -> None:
        """A try that failed: the host rests, or is given up."""
        self.failed.add(url)
        rest = retry_after_seconds
        if rest is None:
            rest = min(self.delay_seconds * 2 ** len(self.failed), MAX_BACK_OFF_SECONDS)
        self.given_up = self.given_up or self._find_end(cause, rest)
        self.rested_seconds += max(0.0, now + rest - max(now, self.rests_until))
        self.rests_until = max(self.rests_until, now + rest)

    def _find_end(self, cause: str, rest_seconds: float) -> str | None:
        """Why the host is given up after this failure; None when it isn't."""
        if rest_seconds > MAX_REST_SECONDS:
            return f"{cause}, it asks to come back in {rest_seconds:.0f} s"
        if len(self.failed) >= GIVE_UP_AFTER:
            return f"{len(self.failed)} failures in a row, the last: {cause}"
        if self.rested_seconds > MAX_RESTS_SECONDS:
            return f"{cause}, and {self.rested_seconds:.0f} s of rests in this run"
        return None

    @property
    def is_tired(self) -> bool:
        """Whether it failed so often that nothing is worth a second try."""
        return len(self.failed) >= RETRY_BELOW


class PatienceMiddleware:
    """Lets no request pass to a host that is given up, and counts what came back of the others.

    It stands between retries and the network, so it sees every single try. The download handler asks it once more, as
    the last thing before a request is sent: what queued before a host asked for a rest is held back too.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._delay_seconds = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._hosts: dict[str, HostPatience] = {}
        self._clock: Callable[[], float] = monotonic
        self._sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "PatienceMiddleware":
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises LeftForLater when the host is given up."""
        host = self._patience(request)
        if host.given_up is not None:
            raise LeftForLater(f"host given up: {host.given_up}")

    async def hold_back(self, request: Request) -> None:
        """Wait while the host rests; raises LeftForLater when it is given up meanwhile or the crawl stops.

        Who waited goes alone: the next one follows after the site's delay.
        """
        host = self._patience(request)
        has_waited = False
        while host.given_up is None and (seconds := host.rests_until - self._clock()) > 0:
            if self._is_stopping():
                raise LeftForLater("the crawl was stopped")
            await self._sleep(min(seconds, POLL_SECONDS))
            has_waited = True
        self.process_request(request)
        if has_waited:
            host.rests_until = self._clock() + host.delay_seconds

    def process_response(self, request: Request, response: Response) -> Response:
        """Note whether the host works; a host that is tired gets no retries."""
        host = self._patience(request)
        if response.status < HTTPStatus.INTERNAL_SERVER_ERROR and response.status not in RESTING:
            host.take_answer()
            return response
        asked = find_retry_after(response, datetime.now(UTC)) if response.status in RESTING else None
        self._take_failure(request, f"HTTP status {response.status}", asked)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Note an error of the network; any other says nothing of the host."""
        if isinstance(exception, HOST_ERRORS):
            self._take_failure(request, describe_failure(exception), None)

    def _take_failure(self, request: Request, cause: str, asked_seconds: float | None) -> None:
        host = self._patience(request)
        host.take_failure(request.url, cause, self._clock(), retry_after_seconds=asked_seconds)
        if host.is_tired or host.given_up:
            request.meta["dont_retry"] = True
        told = getattr(self._crawler.spider, "given_up", None)  # `scrapy shell` may have another spider than ours
        if host.given_up and told is not None:
            told[name_host(request.url)] = host.given_up

    def _patience(self, request: Request) -> HostPatience:
        host = self._hosts.setdefault(name_host(request.url), HostPatience(self._delay_seconds))
        engine = self._crawler.engine
        slot = engine.downloader.slots.get(request.meta.get("download_slot", "")) if engine else None
        if slot is not None:  # the site's delay, or what its robots.txt or its slowness made of it
            host.delay_seconds = slot.delay
        return host

    def _is_stopping(self) -> bool:
        return not self._crawler.crawling or bool(getattr(self._crawler.spider, "stopped_by", None))


def name_host(url: str) -> str:
    """The host that a URL asks, in small letters; "" for none."""
    return urlsplit(url).netloc.lower()


def find_retry_after(response: Response, now: datetime) -> float | None:
    """How many seconds the server asks to be left alone, 0 or more; None when it doesn't say or can't be understood.

    A date is counted from the server's own clock where it tells it (RFC 9110, 10.2.3), so that a clock an hour off is
    no wait of an hour.
    """
    text = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if text.isascii() and text.isdecimal():
        return float(text) if len(text) < 10 else math.inf
    at = _parse_http_date(text)
    if at is None:
        return None
    told_now = _parse_http_date((response.headers.get("Date") or b"").decode("latin-1"))
    return max(0.0, (at - (told_now or now)).total_seconds())


def _parse_http_date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # also a year or a zone beyond all bounds
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
