"""robots.txt rules: what can't be read as rules, how slow a site asks to be crawled, and that this pace is kept."""

from types import SimpleNamespace

import pytest
from scrapy.core.downloader import Slot
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser

from tinsach.crawler.robots import (
    MAX_CRAWL_DELAY_SECONDS,
    MAX_ROBOTS_BYTES,
    CarefulRobotsMiddleware,
    FloorThrottle,
    find_floor,
    hold_pace,
    read_rules,
)

HOST = "www.qdnd.vn"


def make_downloader(delay_seconds: float) -> SimpleNamespace:
    slot = Slot(concurrency=2, delay=delay_seconds, jitter=0.5)
    return SimpleNamespace(_delay=delay_seconds, slots={HOST: slot}, per_slot_settings={}, get_slot_key=lambda _: HOST)


def slow_down(robots_txt: bytes, delay_seconds: float) -> SimpleNamespace:
    """The downloader after a robots.txt was read by a crawl with that delay."""
    downloader = make_downloader(delay_seconds)
    middleware = object.__new__(CarefulRobotsMiddleware)
    middleware._robotstxt_useragent, middleware._default_useragent = "tinsach", "tinsach/1"
    middleware._parsers = {HOST: ProtegoRobotParser(robots_txt, None)}
    middleware.crawler = SimpleNamespace(engine=SimpleNamespace(downloader=downloader))  # type: ignore[assignment]
    middleware._slow_down(HOST, None)  # type: ignore[arg-type]  # the key is fixed here
    return downloader


@pytest.mark.parametrize(
    ("robots_txt", "profile_seconds", "delay", "jitter"),
    [
        ("User-agent: *\nCrawl-delay: 5", 1.0, 5.0, 0.0),
        ("User-agent: *\nCrawl-delay: 0.5", 1.0, 1.0, 0.5),
        ("User-agent: tinsach\nCrawl-delay: 7\n\nUser-agent: *\nCrawl-delay: 3", 1.0, 7.0, 0.0),
        ("User-agent: other\nCrawl-delay: 9", 1.0, 1.0, 0.5),
        ("User-agent: *\nCrawl-delay: 86400", 1.0, MAX_CRAWL_DELAY_SECONDS, 0.0),
        ("User-agent: *\nCrawl-delay: soon", 1.0, 1.0, 0.5),
        ("User-agent: *\nCrawl-delay: -3", 1.0, 1.0, 0.5),
        ("User-agent: *\nCrawl-delay: nan", 1.0, 1.0, 0.5),
        ("User-agent: *\nCrawl-delay: inf", 1.0, 1.0, 0.5),
        ("User-agent: *\nDisallow:", 0.0, 0.0, 0.5),
    ],
)
def test_the_larger_delay_wins(robots_txt: str, profile_seconds: float, delay: float, jitter: float) -> None:
    """Profile or robots.txt, whichever is slower, within a bound; a delay that was asked for isn't cut by chance."""
    slot = slow_down(robots_txt.encode(), profile_seconds).slots[HOST]
    assert (slot.delay, slot.jitter) == (delay, jitter)


def test_a_pace_outlives_the_slot() -> None:
    """Scrapy drops the slot of an idle host; the next one begins with the same delay."""
    downloader = make_downloader(1.0)
    hold_pace(downloader, HOST, 5.0)  # type: ignore[arg-type]
    assert downloader.per_slot_settings == {HOST: {"delay": 5.0, "jitter": 0.0}}
    assert (find_floor(downloader, HOST), find_floor(downloader, "api.qdnd.vn")) == (5.0, 0.0)  # type: ignore[arg-type]


def test_a_fast_server_is_not_asked_faster() -> None:
    """AutoThrottle goes up with a slow server, and down again to the Crawl-delay, no further."""
    downloader = make_downloader(1.0)
    hold_pace(downloader, HOST, 5.0)  # type: ignore[arg-type]
    throttle = object.__new__(FloorThrottle)
    throttle.crawler = SimpleNamespace(engine=SimpleNamespace(downloader=downloader))  # type: ignore[assignment]
    throttle.mindelay, throttle.maxdelay, throttle.target_concurrency = 1.0, 60.0, 1.0
    slot, delays = downloader.slots[HOST], []
    for latency in (20.0, 0.01, 0.01, 0.01):
        throttle._adjust_delay(slot, latency, Response(f"https://{HOST}/"))
        delays.append(round(slot.delay, 2))
    assert delays == [20.0, 10.01, 5.01, 5.0]


@pytest.mark.parametrize(
    ("body", "rules"),
    [
        (b"User-agent: *\nDisallow: /", b"User-agent: *\nDisallow: /"),
        (b"\xef\xbb\xbfUser-agent: *", b"\xef\xbb\xbfUser-agent: *"),
        (b"\n <html><pre>\nUser-agent: *\nDisallow: /\n</pre>", b""),
        (b"\xef\xbb\xbf<!DOCTYPE html>", b""),
        (b"", b""),
        (b"a" * MAX_ROBOTS_BYTES + b"\n", b""),
    ],
)
def test_what_counts_as_rules(body: bytes, rules: bytes) -> None:
    """HTML holds no rules; a byte order mark is no obstacle; half a line is none."""
    assert read_rules(body) == rules


def test_a_huge_robots_txt_is_read_to_a_bound() -> None:
    """Of 10 MB the rules within the first 500 kB count, and a look at them is quick enough for a crawl."""
    line = b"Disallow: /trang-%07d/*\n"
    body = b"User-agent: *\n" + b"".join(line % number for number in range(400_000))
    rules = read_rules(body)
    assert MAX_ROBOTS_BYTES - 30 < len(rules) <= MAX_ROBOTS_BYTES
    assert rules.endswith(b"/*\n")
    parser = ProtegoRobotParser(rules, None)
    assert not parser.allowed(f"https://{HOST}/trang-0000007/a", "tinsach")
    assert parser.allowed(f"https://{HOST}/trang-0399999/a", "tinsach")
