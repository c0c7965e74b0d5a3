"""A tape: what a site answered is kept as it came, and played back by URL without a socket."""

import asyncio
import gzip
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response, XmlResponse
from scrapy.utils.test import get_crawler

from tinsach.crawler.origin import HEADERS_KEY
from tinsach.crawler.tape import SETTING, ReplayDownloadHandler, join_tapes, read_tape, to_fetched
from tinsach.datasets.archive import ArchiveError, ArchiveWriter
from tinsach.datasets.layout import SiteDir

NOW = datetime(2026, 11, 20, tzinfo=UTC)
FEED = b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>'


def record(folder: Path, *responses: Response) -> Path:
    """A tape of these answers, joined of two that were recorded side by side."""
    for number, part in enumerate((responses[:1], responses[1:])):
        with ArchiveWriter(SiteDir(folder / "tapes"), f"tape{number}", software={}) as tape:
            for response in part:
                tape.write(to_fetched(response, NOW))
    target = folder / "site.warc.gz"
    join_tapes(folder / "tapes", target)
    return target


def play(tape: Path, *urls: str) -> list[Response]:
    crawler: Crawler = get_crawler(settings_dict={SETTING: str(tape)})
    handler = ReplayDownloadHandler(crawler)

    async def ask() -> list[Response]:
        return [await handler.download_request(Request(url)) for url in urls]

    return asyncio.run(ask())


def test_answers_come_back_as_they_were_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Status, type, bytes and the headers that a crawl goes by; the rest of the headers is not kept."""
    headers = {"Content-Type": "text/xml; charset=utf-8", "Server": "x", "Set-Cookie": ["a=1", "b=2"]}
    tape = record(
        tmp_path,
        Response("https://a.vn/rss", headers=headers, body=FEED),
        Response("https://a.vn/", headers={"Content-Type": "text/html"}, body="<p>Tin sạch".encode()),
        Response("https://a.vn/cu", status=301, headers={"Location": "/moi"}),
    )
    monkeypatch.setattr(socket.socket, "connect", None)  # whoever calls it fails
    feed, page, moved = play(tape, "https://a.vn/rss", "https://a.vn/", "https://a.vn/cu")
    assert isinstance(feed, XmlResponse)
    assert (feed.status, feed.body, feed.headers.getlist("Set-Cookie")) == (200, FEED, [b"a=1", b"b=2"])
    assert "Server" not in feed.headers
    assert isinstance(page, HtmlResponse)
    assert page.text == "<p>Tin sạch"
    assert (moved.status, moved.headers["Location"]) == (301, b"/moi")


def test_a_packed_answer_stays_packed(tmp_path: Path) -> None:
    """The bytes of the wire are kept with the header that says how to read them, for Scrapy to unpack again."""
    packed = gzip.compress(FEED)
    headers = {"Content-Type": "text/xml", "Content-Encoding": "gzip"}
    (answer,) = play(record(tmp_path, Response("https://a.vn/rss", headers=headers, body=packed)), "https://a.vn/rss")
    assert (answer.body, answer.headers["Content-Encoding"]) == (packed, b"gzip")


def test_what_is_asked_again_gets_the_next_answer_and_then_the_last(tmp_path: Path) -> None:
    """As a feed that first sets a cookie and redirects to itself."""
    url = "https://a.vn/rss"
    tape = record(tmp_path, Response(url, status=302, headers={"Location": url}), Response(url, body=FEED))
    assert [answer.status for answer in play(tape, url, url, url)] == [302, 200, 200]


def test_what_is_not_on_the_tape_is_404(tmp_path: Path) -> None:
    """A page that the site has now and had not then is not there."""
    (answer,) = play(record(tmp_path, Response("https://a.vn/rss", body=FEED)), "https://a.vn/other")
    assert (answer.status, answer.body) == (404, b"")


def test_headers_are_told_to_the_archive(tmp_path: Path) -> None:
    """The spider archives the header lines of every response, those of a tape too."""
    tape = record(tmp_path, Response("https://a.vn/rss", headers={"Content-Type": "text/xml"}, body=FEED))
    request = Request("https://a.vn/rss")
    handler = ReplayDownloadHandler(get_crawler(settings_dict={SETTING: str(tape)}))
    asyncio.run(handler.download_request(request))
    assert request.meta[HEADERS_KEY] == ((b"Content-Type", b"text/xml"),)


def test_no_tape_is_told(tmp_path: Path) -> None:
    """A file that is none names itself."""
    (tmp_path / "site.warc.gz").write_bytes(b"not a tape")
    with pytest.raises(ArchiveError, match=r"site\.warc\.gz"):
        read_tape(tmp_path / "site.warc.gz")
