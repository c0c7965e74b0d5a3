"""Articles per second of tinsach's crawl beside a bare Scrapy spider that stores nothing.

    python benchmarks/crawl.py [--articles 2000] [--rounds 3] [--concurrency 8] [--least 0.75]

Both ask the same server, which sends pages rendered beforehand and is a process of its own, with the same concurrency,
without delay. The bare spider is given the article URLs and counts answers; tinsach discovers them, asks, archives,
keeps its ledger. Rounds alternate. Timed from the first article's request to the end of the process's work, as the
server sees it; the ratio is that of the medians.
"""

import argparse
import multiprocessing
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.table import Table

from tinsach.app.newsroom import Newsroom
from tinsach.cleaning import load_profile

SITE = "qdnd.vn"
HOST = "www.qdnd.vn"
ALL_AT = "/all-articles.txt"  # where the bare spider gets its URLs
BARE = """
import sys
import scrapy
from scrapy.crawler import AsyncCrawlerProcess

class Bare(scrapy.Spider):
    name = "bare"
    async def start(self):
        yield scrapy.Request(sys.argv[1] + "/all-articles.txt", self.parse_list)
    def parse_list(self, response):
        for path in response.text.split():
            yield scrapy.Request(sys.argv[1] + path, self.parse, headers={"Host": "www.qdnd.vn"})
    def parse(self, response):
        pass

process = AsyncCrawlerProcess({
    "CONCURRENT_REQUESTS": int(sys.argv[2]), "CONCURRENT_REQUESTS_PER_DOMAIN": int(sys.argv[2]),
    "DOWNLOAD_DELAY": 0, "LOG_LEVEL": "WARNING", "ROBOTSTXT_OBEY": True,
    "REMOTE_CONTROL_ENABLED": False, "TELNETCONSOLE_ENABLED": False,
})
process.crawl(Bare)
process.start()
"""
TINSACH = """
import sys
from pathlib import Path
from tinsach.crawler.options import CrawlOptions
from tinsach.crawler.run import run_crawl
from tinsach.datasets.layout import DataDir

options = CrawlOptions(
    data=DataDir(Path(sys.argv[3])), origin=sys.argv[1], delay_seconds=0, concurrency=int(sys.argv[2]), max_pages=10_000
)
report = run_crawl("qdnd.vn", options)
assert report.finish_reason == "finished" and not report.failed, report
print(report.archived)
"""


def render_all(articles: int) -> dict[str, bytes]:
    """Every answer of a paper, as the bytes that go over the wire, by path."""
    room = Newsroom(1, articles, (SITE,), now=datetime(2026, 11, 22, tzinfo=UTC))
    paths = [url.partition(HOST)[2] for url in room.urls(SITE)]
    answers = {path: render(room, path) for path in [*paths, "/robots.txt", *list_listings(room)]}
    text = "\n".join(paths).encode()
    answers[ALL_AT] = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%b" % (len(text), text)
    return answers


def list_listings(room: Newsroom) -> list[str]:
    """What discovery asks: feeds, and sections page by page."""
    found = load_profile(SITE).discover
    pages = [url.partition(HOST)[2].rstrip("/") for url in found.sections]
    numbers = range(2, room.count(SITE) // 10 + 3)
    return [
        *(url.partition(HOST)[2] for url in (*found.feeds, *found.sitemaps, *found.sections)),
        *(f"{page}/p/{number}" for page in pages for number in numbers),
    ]


def render(room: Newsroom, path: str) -> bytes:
    """One answer with its head."""
    reply = room.respond(HOST, path, {"Cookie": "ASP.NET_SessionId=1"})
    head = "".join(f"{name}: {value}\r\n" for name, value in reply.headers)
    return f"HTTP/1.1 {reply.status} -\r\n{head}Content-Length: {len(reply.body)}\r\n\r\n".encode() + reply.body


class Clock:
    """When the first article of a crawl was asked, and the last."""

    def __init__(self) -> None:
        self.first = self.last = 0.0
        self.articles = 0

    def tick(self) -> None:
        self.last = monotonic()
        self.first = self.first or self.last
        self.articles += 1


def serve(articles: int, pipe: Connection) -> None:
    """Answer until the pipe is closed; each word on the pipe is answered with the clock since the last."""
    from asyncio import Protocol, Transport, get_running_loop, run  # noqa: PLC0415  # only this process needs them

    answers = render_all(articles)
    missing = b"HTTP/1.1 404 -\r\nContent-Length: 0\r\n\r\n"
    is_article = re.compile(rb"-\d{5,7}$").search
    clock = Clock()

    class Answering(Protocol):
        def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
            self.transport = transport
            self.waiting = b""

        def data_received(self, data: bytes) -> None:
            *requests, self.waiting = (self.waiting + data).split(b"\r\n\r\n")
            for request in requests:
                path = request.split(b" ", 2)[1]
                if is_article(path):
                    clock.tick()
                self.transport.write(answers.get(path.decode(), missing))

    async def answer() -> None:
        nonlocal clock
        loop = get_running_loop()
        server = await loop.create_server(Answering, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        while await loop.run_in_executor(None, pipe.recv):
            pipe.send((clock.first, clock.last, clock.articles))
            clock = Clock()

    run(answer())


def time_one(script: str, arguments: list[str], pipe: Connection, articles: int) -> float:
    """Articles per second of one crawl: from its first article to the end of its process."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TINSACH_")}
    with tempfile.NamedTemporaryFile("w", suffix=".py") as file:  # Scrapy wants to read a spider's source
        file.write(script)
        file.flush()
        subprocess.run([sys.executable, file.name, *arguments], check=True, env=environment, stdout=subprocess.DEVNULL)
    ended = monotonic()
    pipe.send(True)
    first, _, asked = pipe.recv()
    if asked != articles:
        raise SystemExit(f"{asked} articles were asked, not {articles}")
    return articles / (ended - first)


def measure(rounds: int, concurrency: int, articles: int, say: Callable[[str], None]) -> dict[str, list[float]]:
    """Articles per second of each, a value a round."""
    pipe, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(articles, theirs), daemon=True)
    server.start()
    origin = f"http://127.0.0.1:{pipe.recv()}"
    speeds: dict[str, list[float]] = {"bare Scrapy spider": [], "tinsach crawl": []}
    for number in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            for name, script in (("bare Scrapy spider", BARE), ("tinsach crawl", TINSACH)):
                arguments = [origin, str(concurrency), str(Path(folder) / "data")]
                speeds[name].append(time_one(script, arguments, pipe, articles))
                say(f"round {number + 1}: {name} {speeds[name][-1]:.0f} articles/s")
    server.kill()
    return speeds


def main() -> int:
    """Prints the table; 1 when the ratio is below --least."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--least", type=float, default=0.75)
    options = parser.parse_args()
    console = Console()
    speeds = measure(
        options.rounds, options.concurrency, options.articles, lambda text: console.print(text, style="dim")
    )
    bare, own = (statistics.median(values) for values in speeds.values())
    table = Table(
        title=f"{options.articles} articles, {options.concurrency} at once, median of {options.rounds} rounds"
    )
    for column in ("", "articles/s", "ratio"):
        table.add_column(column, justify="right" if column else "left")
    for name, speed in zip(speeds, (bare, own), strict=True):
        table.add_row(name, f"{speed:.0f}", f"{speed / bare:.2f}")
    console.print(table)
    return 0 if own / bare >= options.least else 1


if __name__ == "__main__":
    sys.exit(main())
