"""A host that fails is asked ever more rarely, then no more in this run; one that asks for a rest gets it."""

import asyncio
import math
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response
from scrapy.settings import Settings

from tinsach.crawler.patience import (
    GIVE_UP_AFTER,
    MAX_REST_SECONDS,
    MAX_RESTS_SECONDS,
    RETRY_BELOW,
    HostPatience,
    LeftForLater,
    PatienceMiddleware,
    find_retry_after,
)

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
HOME = "https://www.qdnd.vn"


def answer(status: int, **headers: str) -> Response:
    return Response(HOME, status=status, headers={name.replace("_", "-"): value for name, value in headers.items()})


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now, self.slept = self.now + seconds, self.slept + seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def patience(clock: Clock) -> PatienceMiddleware:
    spider = SimpleNamespace(given_up={}, stopped_by=None)
    crawler = SimpleNamespace(settings=Settings({"DOWNLOAD_DELAY": 1.0}), spider=spider, crawling=True, engine=None)
    middleware = PatienceMiddleware(crawler)  # type: ignore[arg-type]  # all that it needs of one
    middleware._clock, middleware._sleep = clock, clock.sleep
    return middleware


def ask(patience: PatienceMiddleware, path: str, host: str = HOME) -> Request:
    request = Request(f"{host}{path}")
    patience.process_request(request)
    asyncio.run(patience.hold_back(request))
    return request


@pytest.mark.parametrize(
    ("response", "seconds"),
    [
        (answer(429, Retry_After="7"), 7.0),
        (answer(429, Retry_After=" 0 "), 0.0),
        (answer(503, Retry_After="Sun, 22 Nov 2026 03:00:30 GMT"), 30.0),
        (answer(503, Retry_After="Sun, 22 Nov 2026 02:00:00 GMT"), 0.0),
        (answer(503, Retry_After="Sun, 22 Nov 2026 04:00:30 GMT", Date="Sun, 22 Nov 2026 04:00:00 GMT"), 30.0),
        (answer(429, Retry_After="9" * 400), math.inf),
        (answer(429), None),
        (answer(429, Retry_After="-5"), None),
        (answer(429, Retry_After="soon"), None),
        (answer(429, Retry_After="٣"), None),
        (answer(429, Retry_After="Mon, 01 Jan 99999999999 00:00:00 GMT"), None),
        (answer(429, Retry_After="Sun, 22 Nov 2026 03:00:00 +99999999999999"), None),
    ],
)
def test_retry_after_is_seconds_or_a_date(response: Response, seconds: float | None) -> None:
    """A date counts from the server's own clock; what can't be read is no answer."""
    assert find_retry_after(response, NOW) == seconds


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_gets_the_rest_it_asks_for(patience: PatienceMiddleware, clock: Clock, status: int) -> None:
    """The next request to it waits as long as Retry-After says; another host's doesn't."""
    patience.process_response(ask(patience, "/1"), answer(status, Retry_After="30"))
    ask(patience, "/1", "https://api.qdnd.vn")
    assert clock.slept == 0
    ask(patience, "/2")
    assert clock.slept == 30


def test_after_a_rest_requests_go_one_by_one(patience: PatienceMiddleware, clock: Clock) -> None:
    """What waited together is not sent together: each follows the other after the site's delay."""
    patience.process_response(ask(patience, "/1"), answer(429, Retry_After="30"))
    sent = []
    for number in range(3):
        ask(patience, f"/{number}")
        sent.append(clock.slept)
    assert sent == [30, 31, 32]


def test_a_long_rest_is_left_to_a_later_run(patience: PatienceMiddleware, clock: Clock) -> None:
    """Who asks for more than a run waits is not asked again in it, and the spider knows why."""
    first = ask(patience, "/1")
    patience.process_response(first, answer(429, Retry_After=str(int(MAX_REST_SECONDS) + 1)))
    assert first.meta["dont_retry"]
    with pytest.raises(LeftForLater, match="HTTP status 429, it asks to come back in 121 s"):
        ask(patience, "/2")
    ask(patience, "/2", "https://api.qdnd.vn")
    assert clock.slept == 0
    assert list(patience._crawler.spider.given_up) == ["www.qdnd.vn"]  # type: ignore[union-attr]


def test_rests_have_an_end(patience: PatienceMiddleware, clock: Clock) -> None:
    """A host that works between its rests, but asks for one again and again, is left after ten minutes of them."""
    with pytest.raises(LeftForLater, match=r"HTTP status 429, and 6\d\d s of rests in this run"):
        for number in range(20):
            patience.process_response(ask(patience, f"/{number}"), answer(429, Retry_After="100"))
            patience.process_response(ask(patience, f"/{number}"), answer(200))
    assert MAX_RESTS_SECONDS < clock.slept <= MAX_RESTS_SECONDS + MAX_REST_SECONDS


def test_without_retry_after_each_failure_doubles_the_rest(patience: PatienceMiddleware, clock: Clock) -> None:
    """2, 4, 8 s ... with a delay of 1 s, up to a bound; a good answer begins anew."""
    rests = []
    for number in range(GIVE_UP_AFTER - 1):
        patience.process_response(ask(patience, f"/{number}"), answer(429))
        before = clock.slept
        last = ask(patience, f"/{number + 1}")
        rests.append(clock.slept - before)
    assert rests == [2, 4, 8, 16, 30, 30, 30, 30, 30]
    patience.process_response(last, answer(404))
    clock.now += 1
    patience.process_response(ask(patience, "/x"), answer(500))
    before = clock.slept
    ask(patience, "/y")
    assert clock.slept - before == 2


def test_a_dead_host_is_given_up(patience: PatienceMiddleware) -> None:
    """So many addresses in a row fail: no more are asked. Tries of one address count once, and later ones not twice."""
    for number in range(GIVE_UP_AFTER):
        for _ in range(3 if number + 1 < RETRY_BELOW else 1):
            request = ask(patience, f"/{number}")
            patience.process_exception(request, DownloadConnectionRefusedError("x"))
        assert request.meta.get("dont_retry", False) is (number + 1 >= RETRY_BELOW)
    with pytest.raises(LeftForLater, match="10 failures in a row, the last: connection refused"):
        ask(patience, "/more")


def test_what_says_nothing_of_the_host_is_no_failure() -> None:
    """A refused redirect or a page that is too large leaves the host's account alone; a timeout doesn't."""
    crawler = SimpleNamespace(settings=Settings({"DOWNLOAD_DELAY": 1.0}), spider=None, crawling=True, engine=None)
    patience = PatienceMiddleware(crawler)  # type: ignore[arg-type]
    patience.process_exception(Request(HOME), IgnoreRequest("leads to another server"))
    assert patience._patience(Request(HOME)) == HostPatience(1.0)
    patience.process_exception(Request(HOME), DownloadTimeoutError("x"))
    assert patience._patience(Request(HOME)).failed == {HOME}


def test_a_stop_ends_a_rest(patience: PatienceMiddleware, clock: Clock) -> None:
    """Ctrl-C is not held up by a host that rests: what waits is left to a later run."""
    patience.process_response(ask(patience, "/1"), answer(429, Retry_After="100"))
    patience._crawler.crawling = False
    with pytest.raises(LeftForLater, match="stopped"):
        ask(patience, "/2")
    assert clock.slept == 0
