"""A crawl of a paper full of traps ends, says what each trap was, and brings home every good article.

One crawl for all traps, then one of the same paper after it was mended.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from tinsach.app.newsroom import traps
from tinsach.app.newsroom.hostile import (
    BOMB_MAP,
    BROKEN_FEED,
    BROKEN_MAP,
    CALENDAR,
    FORBIDDEN,
    HTML_FEED,
    HTML_MAP,
    INDEX,
    LOOP,
    SAME_ID,
    SITE,
    STAIRS,
    TREADMILL,
    WHOLE_MAP,
    WILD_FEED,
    WILD_MAP,
    HostileNewsroom,
    serve_hostile,
)
from tinsach.crawler.options import CrawlOptions
from tinsach.crawler.report import RunReport
from tinsach.crawler.run import run_crawl
from tinsach.datasets.archive import ArchivedResponse, list_archive, read_archive
from tinsach.datasets.build import build_site
from tinsach.datasets.layout import DataDir
from tinsach.datasets.ledger import Ledger

pytestmark = pytest.mark.usefixtures("warm_crawls")

HOME = "https://www.qdnd.vn"
GOOD_ARTICLES = 60
MAX_PAGES = 12
ELSEWHERE = "leads to another server: "
# What the ledger says of each trap: (state, cause). "gone" and "done" have none.
OUTCOMES: dict[str, tuple[str, str | tuple[str, ...]]] = {
    "redirect-to-itself": ("failed", "max redirections reached"),
    "redirect-without-end": ("failed", "max redirections reached"),
    "redirect-off-site": ("failed", f"{ELSEWHERE}http://quangcao.example"),
    "redirect-to-loopback": ("failed", f"{ELSEWHERE}http://127.0.0.1"),
    "redirect-to-link-local": ("failed", f"{ELSEWHERE}http://169.254.169.254"),
    "redirect-to-ipv6": ("failed", f"{ELSEWHERE}http://[::1]:8080"),
    "redirect-to-private": ("failed", f"{ELSEWHERE}https://10.0.0.1"),
    "redirect-to-file": ("failed", "HTTP status 302"),
    "redirect-to-port": ("failed", f"{ELSEWHERE}https://www.qdnd.vn:22"),
    "redirect-to-nonsense": ("failed", "ValueError: Invalid IPv6 URL"),
    "redirect-up-and-out": ("gone", ""),
    "redirect-10-kb": ("failed", "leads to an address of 10,030 bytes"),
    "cookie-loop": ("failed", "max redirections reached"),
    "huge-announced": ("failed", "answer too large or given up"),
    "huge-chunked": ("failed", ("answer too large or given up", "no answer in time")),  # on a busy machine
    "gzip-bomb": ("failed", "answer too large when unpacked"),
    "brotli-bomb": ("failed", "answer too large when unpacked"),
    "deflate-bomb": ("failed", "answer too large when unpacked"),
    "zstd-bomb": ("failed", "answer too large when unpacked"),
    "bomb-in-a-bomb": ("failed", "answer too large when unpacked"),
    "not-gzip": ("failed", "body can't be unpacked"),
    "not-brotli": ("failed", "body can't be unpacked"),
    "not-deflate": ("failed", "body can't be unpacked"),
    "not-zstd": ("failed", "body can't be unpacked"),
    "drip": ("failed", "no answer in time"),
    "closed-at-once": ("failed", "connection broke off"),
    "closed-in-header": ("failed", "connection broke off"),
    "closed-in-body": ("failed", "answer cut short"),
    "closed-in-chunk": ("failed", "answer cut short"),
    "reset-in-body": ("failed", ("connection broke off", "answer cut short")),
    "length-none": ("done", ""),  # to the end of the connection, as HTTP/1.0 has it
    "length-too-long": ("failed", "answer cut short"),
    "length-too-short": ("done", ""),  # HTTP has no word for it: the page is what the length says
    "length-no-number": ("failed", "connection broke off"),
    "length-negative": ("failed", "connection broke off"),
    "chunk-size-no-number": ("failed", "answer cut short"),
    "no-http": ("failed", "connection broke off"),
    "header-1-mb": ("failed", "connection broke off"),
    "header-controls": ("done", ""),
    "charset-utf-16": ("done", ""),
    "charset-unknown": ("done", ""),
    "no-html": ("done", ""),
    "empty": ("failed", "HTTP status 200, 0 bytes"),
    "status-999": ("failed", "HTTP status 999"),
    "status-204": ("failed", "HTTP status 204, 0 bytes"),
    "429-for-ever": ("failed", "HTTP status 429"),
    "clock-ahead": ("done", ""),
    "refresh-to-itself": ("done", ""),
    **{f"storm-{number}": ("failed", "HTTP status 500") for number in range(6)},
}


@dataclass(frozen=True, slots=True)
class Crawled:
    folder: Path
    room: HostileNewsroom
    first: RunReport
    first_asked: tuple[str, ...]
    rows: dict[str, tuple[str, str]]  # by path, after the first crawl
    second: RunReport
    second_asked: tuple[str, ...]

    @property
    def data(self) -> DataDir:
        return DataDir(self.folder / "data")

    def archived(self) -> dict[str, ArchivedResponse]:
        items = [item for path in list_archive(self.data.site(SITE)) for item in read_archive(path)]
        return {item.url: item for item in items if isinstance(item, ArchivedResponse)}


# Tricks that the lists of a paper play; each of these paths is a source of its profile.
BROKEN_LISTS = {
    "/chinh-tri": ("not-zstd", "failed: body can't be unpacked"),
    "/quoc-phong-an-ninh": ("not-brotli", "failed: body can't be unpacked"),
    "/quoc-te": ("gzip-bomb", "failed: answer too large when unpacked"),
    "/kinh-te": ("redirect-to-nonsense", "failed: ValueError: Invalid IPv6 URL"),
    "/xa-hoi": ("charset-unknown", "empty"),
    HTML_FEED: ("header-1-mb", "failed: connection broke off"),
    BROKEN_FEED: ("cookie-loop", "failed: max redirections reached"),
    WILD_FEED: ("closed-in-body", "failed: answer cut short"),
    INDEX: ("brotli-bomb", "failed: answer too large when unpacked"),
}


def read_rows(data: DataDir) -> dict[str, tuple[str, str]]:
    with Ledger.open(data.site(SITE).ledger) as ledger:
        rows = ledger._connection.execute("SELECT url, state, error FROM urls")
        return {row["url"].removeprefix(HOME): (row["state"], row["error"] or "") for row in rows}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("hostile")
    room = HostileNewsroom(GOOD_ARTICLES, now=datetime.now(UTC))
    with serve_hostile(room) as server:
        options = CrawlOptions(
            data=DataDir(folder / "data"),
            origin=server.origin,
            delay_seconds=0,
            concurrency=6,
            timeout_seconds=6,
            max_pages=MAX_PAGES,
        )
        first = run_crawl(SITE, options)
        first_asked, rows = tuple(room.asked), read_rows(options.data)
        room.asked.clear()
        room.is_mended = True
        second = run_crawl(SITE, options)
        yield Crawled(folder, room, first, first_asked, rows, second, tuple(room.asked))


def test_every_trap_is_in_the_table() -> None:
    """No trap without its expected outcome."""
    assert OUTCOMES.keys() == traps.TRICKS.keys()


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_trap_costs_its_row(crawled: Crawled, name: str) -> None:
    """The ledger tells what became of it, in a few words."""
    state, cause = OUTCOMES[name]
    assert crawled.rows[traps.trap_path(name)][0] == state
    assert crawled.rows[traps.trap_path(name)][1].startswith(cause)


def test_every_good_article_is_archived(crawled: Crawled) -> None:
    """All of the paper's own articles, whatever stood between them, byte for byte."""
    pages = crawled.archived()
    good = crawled.room.urls(SITE)
    assert set(good) <= set(pages)
    for url in good[::7]:
        assert crawled.room.respond("www.qdnd.vn", url.removeprefix(HOME), {}).body == pages[url].body


def test_the_run_ends_and_says_what_is_missing(crawled: Crawled) -> None:
    """No bug, nobody given up, each failure counted, the first of them named."""
    report = crawled.first
    failed = [path for path, (state, _) in crawled.rows.items() if state == "failed"]
    assert (report.finish_reason, report.errors, report.left, report.given_up) == ("finished", 0, 0, {})
    assert report.failed == len(failed) >= 35
    assert report.has_failures
    assert {line.partition(": ")[0] for line in report.failures} <= {HOME + path for path in failed}


def test_broken_lists_are_told(crawled: Crawled) -> None:
    """HTML in place of a feed fails; a broken feed gives what stands before the break; a wild one gives nothing."""
    sources = crawled.first.by_source
    assert sources[HOME + HTML_FEED].ended == "failed: not a feed"
    assert sources[HOME + BROKEN_FEED].announced > GOOD_ARTICLES
    assert (sources[HOME + WILD_FEED].announced, sources[HOME + WILD_FEED].ended) == (0, "empty")


def test_endless_lists_end(crawled: Crawled) -> None:
    """A calendar that always has another day stops at the limit, a page that comes again stops at once."""
    calendar = crawled.first.by_source[HOME + CALENDAR.removesuffix("/p/")]
    treadmill = crawled.first.by_source[HOME + TREADMILL.removesuffix("/p/")]
    assert (calendar.pages, calendar.ended) == (MAX_PAGES, "limit")
    assert (treadmill.pages, treadmill.ended) == (2, "repeated")


def test_sitemaps_without_end_end(crawled: Crawled) -> None:
    """An index that lists itself, two that list each other, stairs of indexes: each map is asked once, to the limit."""
    maps = Counter(path for path in crawled.first_asked if path.startswith("/sitemaps/"))
    assert set(maps.values()) == {1}
    assert {WHOLE_MAP, BROKEN_MAP, BOMB_MAP, WILD_MAP, HTML_MAP, f"{LOOP}1.xml", f"{LOOP}2.xml"} <= maps.keys()
    assert sum(path.startswith(STAIRS) for path in maps) <= MAX_PAGES
    source = crawled.first.by_source[HOME + INDEX]
    assert source.announced >= GOOD_ARTICLES
    assert source.is_failed  # a map that is broken, a bomb, or leads to another server, and it says which
    assert crawled.first.by_source[HOME + HTML_MAP].is_failed


def test_a_huge_robots_txt_is_obeyed(crawled: Crawled) -> None:
    """Of 10 MB the first rules hold: the forbidden article was never asked."""
    assert crawled.rows[FORBIDDEN] == ("failed", "Forbidden by robots.txt")
    assert FORBIDDEN not in crawled.first_asked


def test_a_robots_txt_that_is_a_page_forbids_nothing(crawled: Crawled) -> None:
    """The mended paper answers it with HTML: what its rules forbade before is asked."""
    assert FORBIDDEN in crawled.second_asked


def test_lists_that_play_tricks_cost_themselves(tmp_path: Path) -> None:
    """Every broken list is told by its cause; what the one good feed names is brought home."""
    room = HostileNewsroom(12, now=datetime.now(UTC))
    room.is_quiet = True
    with serve_hostile(room) as server:
        server.tricks = {path: traps.TRICKS[name] for path, (name, _) in BROKEN_LISTS.items()}
        options = CrawlOptions(data=DataDir(tmp_path), origin=server.origin, delay_seconds=0, concurrency=6)
        report = run_crawl(SITE, options)
    ended = {path: report.by_source[HOME + path].ended for path in BROKEN_LISTS}
    assert ended == {path: end for path, (_, end) in BROKEN_LISTS.items()}
    assert (report.archived, report.failed, report.errors, report.given_up) == (12, 0, 0, {})
    assert report.finish_reason == "finished" and report.has_failures


def test_articles_with_one_id_cost_no_other(crawled: Crawled) -> None:
    """Two addresses with the same number: at least one of them is archived, and neither fails."""
    assert {crawled.rows[path][0] for path in SAME_ID if path in crawled.rows} == {"done"}


def test_nothing_is_written_outside(crawled: Crawled) -> None:
    """Only the data folder, only names of ours in it."""
    assert [path.name for path in crawled.folder.iterdir()] == ["data"]
    names = {path.relative_to(crawled.data.root).parts[0] for path in crawled.data.root.rglob("*") if path.is_file()}
    assert names <= {"sites", "runs"}
    assert [path.name for path in (crawled.data.root / "sites").iterdir()] == [SITE]


def test_the_next_run_asks_only_what_failed(crawled: Crawled) -> None:
    """The mended paper: no good article is asked again, not even one dated an hour ahead; nothing is missing."""
    good = {url.removeprefix(HOME) for url in crawled.room.urls(SITE)}
    assert not good & set(crawled.second_asked)
    assert {traps.trap_path(name) for name, (state, _) in OUTCOMES.items() if state == "failed"} <= set(
        crawled.second_asked
    )
    assert (crawled.second.failed, crawled.second.errors) == (0, 0)
    assert crawled.second.archived == crawled.first.failed


def test_what_was_archived_can_be_built(crawled: Crawled) -> None:
    """Pages cut short or no HTML at all become records or rejects with a reason; a false charset costs no letter."""
    report = build_site(crawled.data, SITE, jobs=0)
    rows = ds.dataset(crawled.data.site(SITE).records, format="parquet").to_table(["url", "title"]).to_pylist()
    titles = {row["url"].removeprefix(HOME): row["title"] for row in rows}
    for name in ("charset-utf-16", "charset-unknown", "clock-ahead"):
        assert titles[traps.trap_path(name)] == "Bài sau bẫy"
    assert report.errors == ()
    assert report.records + sum(report.rejected.values()) + report.non_pages == report.responses
    assert report.broken == 0
