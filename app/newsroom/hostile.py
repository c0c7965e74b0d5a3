"""`python -m tinsach.app.newsroom.hostile`: a paper whose good articles stand between traps.

The paper is the newsroom's qdnd.vn. Its first feed names traps among the articles, other feeds and lists are broken,
endless or full of addresses that nobody should follow; all of its good articles can still be found and fetched.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from tinsach.app.newsroom import traps
from tinsach.app.newsroom.server import NewsroomServer, RequestHandler, port_number, running, serve_by_hand
from tinsach.app.newsroom.sites import SITES
from tinsach.app.newsroom.web import Newsroom, Reply

SITE = "qdnd.vn"
HOME_FEED = "/rss/cate/tin-tuc-moi-nhat.rss"
HTML_FEED, BROKEN_FEED, WILD_FEED = (
    "/rss/cate/chinh-tri-3429.rss",
    "/rss/cate/quoc-phong-an-ninh-3424.rss",
    "/rss/cate/quoc-te-3447.rss",
)
CALENDAR, TREADMILL = "/chinh-tri/p/", "/quoc-te/p/"  # sections whose pages never end
CALENDAR_PAGE_SIZE = 2
INDEX, HTML_MAP, BROKEN_MAP, BOMB_MAP, WILD_MAP = (
    f"/sitemaps/{name}.xml" for name in ("0/top300article", "pid/feed-0", "gay", "bom", "la")
)
WHOLE_MAP, LOOP, STAIRS = "/sitemaps/du.xml", "/sitemaps/vong-", "/sitemaps/bac-"  # all articles, indexes without end
MAX_HEADER_BYTES = 8192  # more than that in one line, and real servers refuse
FORBIDDEN = "/bay/cam-989800"
ROBOTS_LINES = 400_000  # 10 MB
SAME_ID = ("/bay/hai-bai-mot-so-989900", "/bay/so-do-bai-khac-989900")  # two articles with one id
# Addresses that a list may hold. None of them is an article of this paper.
WILD_URLS = (
    "https://www.qdnd.vn/bay/" + "x" * 10_000 + "-989100",
    "https://www.qdnd.vn/bay/\x00\x07\x1b[31m-989101",
    "https://www.qdnd.vn/bay/xuong\r\nHost: khac.example\r\n-989102",
    "https://www.qdnd.vn/bay/../../../../etc/passwd-989103",
    "https://www.qdnd.vn/bay/..%2f..%2f..%2fetc%2fpasswd-989104",
    "https://www.qdnd.vn/bay/..\\..\\windows\\win.ini-989105",
    "https://www.qdnd.vn/bay/%00-989106",
    "https://www.qdnd.vn/bay/bai-989107/../../x",
    "https://www.qdnd.vn@10.0.0.1/bay/bai-viet-989108",
    "http://10.0.0.1/bay/bai-viet-989109",
    "https://[oops/bay/bai-viet-989110",
    "file:///etc/passwd-989111",
    "javascript:alert('bay-989112')",
    "//evil.example/bay/bai-viet-989113",
    "https://www.qdnd.vn:99999/bay/bai-viet-989114",
)
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_BAD_MAPS = (BROKEN_MAP, BOMB_MAP, WILD_MAP, f"{STAIRS}1.xml", "https://evil.example/map.xml", "http://[oops", "\x00")
_BROKEN_END = b"<item><link>\xff\xfe&oops;</"


class HostileNewsroom(Newsroom):
    """The good paper, with hostile lists; a mended one answers its traps with pages, a quiet one names none.

    `asked` are the paths of all requests, in order.
    """

    def __init__(self, articles: int, *, now: datetime, seed: int = 1) -> None:
        super().__init__(seed, articles, (SITE,), now=now)
        self.asked: list[str] = []
        self.is_mended = False
        self.is_quiet = False

    def respond(self, host: str, path: str, headers: Mapping[str, str]) -> Reply:
        """The paper's own reply, but for the lists that are traps."""
        if self.is_mended:
            is_trap = path.startswith(f"/{traps.SECTION}/") or path == "/robots.txt"
            return _reply("text/html", traps.PAGE) if is_trap else super().respond(host, path, headers)
        if self.is_quiet:
            return super().respond(host, path, headers)
        has_cookie = "cookie" in {name.lower() for name in headers}
        if not path.startswith("/rss") or has_cookie:  # the paper's feeds want their session cookie back
            for start, write in self._lists():
                if path.startswith(start):
                    return write(path)
        if path.startswith(TREADMILL):
            path = TREADMILL.removesuffix("/p/")
        return super().respond(host, path, headers)

    def _lists(self) -> tuple[tuple[str, Callable[[str], Reply]], ...]:
        """The start of a path, and what is sent there."""
        return (
            ("/robots.txt", lambda _: _reply("text/plain", _write_robots())),
            (HOME_FEED, lambda _: _reply("application/rss+xml", self._weave_feed().encode())),
            (HTML_FEED, lambda _: _reply("text/html", traps.PAGE)),
            (BROKEN_FEED, lambda _: _reply("application/rss+xml", self._weave_feed().encode()[:-700] + _BROKEN_END)),
            (WILD_FEED, lambda _: _reply("application/rss+xml", _write_wild_feed(self.now).encode())),
            (INDEX, lambda _: _reply("text/xml", _write_index(INDEX, f"{LOOP}1.xml", WHOLE_MAP, *_BAD_MAPS))),
            (LOOP, lambda path: _reply("text/xml", _write_index(path, f"{LOOP}1.xml", f"{LOOP}2.xml", INDEX))),
            (STAIRS, lambda path: _reply("text/xml", _write_index(_next_step(path)))),
            (HTML_MAP, lambda _: _reply("text/html", traps.PAGE)),
            (BROKEN_MAP, lambda _: _reply("text/xml", _write_map(self.urls(SITE)[:3])[:-60] + _BROKEN_END)),
            (BOMB_MAP, lambda _: _reply("application/gzip", traps.pack_bomb("gzip"))),
            (WILD_MAP, lambda _: _reply("text/xml", _write_map(WILD_URLS))),
            (WHOLE_MAP, lambda _: _reply("text/xml", _write_map(self.urls(SITE)))),
            (CALENDAR, lambda path: _reply("text/html", _write_calendar(path.removeprefix(CALENDAR)).encode())),
            *((path, lambda path: _reply("text/html", traps.PAGE + path.encode())) for path in SAME_ID),
        )

    def _weave_feed(self) -> str:
        """The newest articles, a trap after each; the traps that are left follow at the end."""
        articles = [(article.url, article.published_at) for article in reversed(self.articles(SITE))]
        origin = SITES[SITE].origin
        paths = [*map(traps.trap_path, traps.TRICKS), *SAME_ID, FORBIDDEN]
        bad = iter([origin + path for path in paths])
        articles[0] = (articles[0][0], self.now + timedelta(hours=1))  # a clock that is an hour ahead
        woven: list[tuple[str, datetime]] = []
        for url, at in articles:
            trap = next(bad, None)
            woven += [(url, at), *([(trap, at - timedelta(seconds=1))] if trap else [])]
        return _write_feed([*woven, *((url, articles[-1][1] - timedelta(minutes=1)) for url in bad)])


class HostileServer(NewsroomServer):
    """Plays the traps; a connection that the crawler cuts is its good right."""

    def __init__(self, newsroom: HostileNewsroom, port: int) -> None:
        super().__init__(newsroom, port, handler=_HostileHandler)
        self.hostile = newsroom
        for encoding in traps.BOMBS:
            traps.pack_bomb(encoding)  # beforehand: it takes a while
        self.tricks: dict[str, traps.Trick] = {traps.trap_path(name): trick for name, trick in traps.TRICKS.items()}

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing: half of the traps end with a broken connection."""


class _HostileHandler(RequestHandler):
    server: HostileServer

    def _send(self, *, with_body: bool) -> None:
        if len(self.headers.get("Cookie", "")) > MAX_HEADER_BYTES:
            self._write(Reply(431, (), b""), with_body=with_body)
            return
        self.server.hostile.asked.append(self.path)
        path = self.path.partition("?")[0]
        trick = self.server.tricks.get(path) or self.server.tricks.get(_turn(path))
        if trick is None or self.server.hostile.is_mended:
            super()._send(with_body=with_body)
            return
        self.close_connection = True
        trick(traps.Asked(self.connection, self.path, self.server.origin))


def _turn(path: str) -> str:
    """The endless redirect leads on to other numbers of itself."""
    return traps.trap_path("redirect-without-end") if "redirect-without-end" in path else path


def serve_hostile(newsroom: HostileNewsroom, port: int = 0) -> AbstractContextManager[HostileServer]:
    """Serves until the block ends; port 0 takes any free one."""
    return running(HostileServer(newsroom, port))


def _reply(content_type: str, body: bytes) -> Reply:
    return Reply(200, (("Content-Type", f"{content_type}; charset=utf-8"),), body)


@cache
def _write_robots() -> bytes:
    rules = "".join(f"Disallow: /trang-{number:07}/*\n" for number in range(ROBOTS_LINES))
    return f"User-agent: *\nDisallow: {FORBIDDEN}\n{rules}".encode()


def _write_feed(items: list[tuple[str, datetime]]) -> str:
    entries = "".join(
        f"<item><title>t</title><link>{escape(url)}</link><pubDate>{format_datetime(at)}</pubDate></item>"
        for url, at in items
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>t</title>{entries}</channel></rss>'
    )


def _write_index(*paths: str) -> bytes:
    urls = (path if "://" in path else SITES[SITE].origin + path for path in paths)
    maps = "".join(f"<sitemap><loc>{escape(url)}</loc></sitemap>" for url in urls)
    return f'<sitemapindex xmlns="{_SITEMAP}">{maps}</sitemapindex>'.encode()


def _write_map(urls: Sequence[str]) -> bytes:
    entries = "".join(f"<url><loc>{escape(url)}</loc></url>" for url in urls)
    return f'<urlset xmlns="{_SITEMAP}">{entries}</urlset>'.encode()


def _next_step(path: str) -> str:
    """The map below one of the stairs: there is always another."""
    number = path.removeprefix(STAIRS).removesuffix(".xml")
    return f"{STAIRS}{int(number) + 1 if number.isdecimal() else 0}.xml"


def _write_wild_feed(now: datetime) -> str:
    return _write_feed([(url, now) for url in WILD_URLS])


def _write_calendar(page: str) -> str:
    """A page of articles that exist nowhere, with a link to the next: there is always another."""
    number = int(page) if page.isdecimal() else 0
    ids = (100_000 + (number * CALENDAR_PAGE_SIZE + place) % 800_000 for place in range(CALENDAR_PAGE_SIZE))
    links = "".join(f'<article><a href="/lich/ngay-{number}-{one}">Ngày</a></article>' for one in ids)
    return f'<html><body>{links}<a href="{CALENDAR}{number + 1}">Sau</a></body></html>'


def main() -> int:
    """Prints the origin, then serves until interrupted; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tinsach.app.newsroom.hostile", description=__doc__)
    parser.add_argument("--port", type=port_number, default=0, help="0: any free port")
    parser.add_argument("--articles", type=int, default=60, help="good articles")
    options = parser.parse_args()
    newsroom = HostileNewsroom(options.articles, now=datetime.now(UTC))
    return serve_by_hand(lambda: serve_hostile(newsroom, options.port), _tell)


def _tell(server: HostileServer) -> None:
    print(server.origin, flush=True)
    print(f"  tinsach crawl {SITE} --origin {server.origin} --data /tmp/hostile", flush=True)


if __name__ == "__main__":
    sys.exit(main())
