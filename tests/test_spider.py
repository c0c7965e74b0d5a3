"""Whole crawls of a small paper that exists in this file, served on loopback, each crawl in its child process."""

import errno
import gzip
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.settings import Settings

from tinsach.crawler.archiving import SiteStore, Validators
from tinsach.crawler.discover import Link
from tinsach.crawler.loader import ProfileSpiderLoader
from tinsach.crawler.options import CrawlOptions
from tinsach.crawler.patience import GIVE_UP_AFTER
from tinsach.crawler.report import RunReport, read_report
from tinsach.crawler.run import CrawlStopped, run_crawl
from tinsach.crawler.settings import DOWNLOAD_MAXSIZE
from tinsach.crawler.spider import NewsSpider
from tinsach.datasets.archive import ArchivedResponse, FetchedResponse, list_archive, read_archive
from tinsach.datasets.build import build_site
from tinsach.datasets.layout import BrokenWorld, DataDir
from tinsach.datasets.ledger import Ledger
from tinsach.datasets.lookup import find_page

pytestmark = pytest.mark.usefixtures("warm_crawls")

SITE, HOST = "qdnd.vn", "www.qdnd.vn"
HOME = f"https://{HOST}"


@dataclass(frozen=True, slots=True)
class Answer:
    body: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def article(number: int, section: str = "quoc-te") -> str:
    return f"/{section}/bai-viet-{100_000 + number}"


def listing(*paths: str) -> Answer:
    return Answer("".join(f"<article><a href='{path}'>Bài</a></article>" for path in paths) or "<p>Hết")


def feed(*paths: str) -> Answer:
    items = "".join(f"<item><link>{HOME}{path}</link></item>" for path in paths)
    return Answer(f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>")


@dataclass(slots=True)
class Paper:
    """A server by path; keeps (host, path, headers) of each request."""

    answers: dict[str, Answer]
    asked: list[tuple[str, str, Mapping[str, str]]] = field(default_factory=list)
    cookie_wall: tuple[str, ...] = ()

    def answer(self, host: str, path: str, headers: Mapping[str, str]) -> Answer:
        self.asked.append((host, path, headers))
        cookie = f"phien{self.cookie_wall.index(path)}=1" if path in self.cookie_wall else ""
        if cookie not in headers.get("Cookie", ""):
            return Answer(status=302, headers={"Location": f"{HOME}{path}", "Set-Cookie": f"{cookie}; Path=/"})
        answer = self.answers.get(f"{host}{path}") or self.answers.get(path, Answer("không có", 404))
        etag = answer.headers.get("ETag")
        return Answer(status=304, headers={"ETag": etag}) if etag and headers.get("If-None-Match") == etag else answer

    def asked_paths(self) -> list[str]:
        return [path for _, path, _ in self.asked]


@contextmanager
def served(paper: Paper) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # header and body in one packet

        def do_GET(self) -> None:
            answer = paper.answer(self.headers["Host"], self.path, dict(self.headers))
            body = answer.body.encode()
            if answer.headers.get("Content-Encoding") == "gzip":
                body = gzip.compress(body)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def options(tmp_path: Path, origin: str, **more: object) -> CrawlOptions:
    return CrawlOptions(data=DataDir(tmp_path), origin=origin, delay_seconds=0, **more)  # type: ignore[arg-type]  # **


def archived(tmp_path: Path) -> list[ArchivedResponse]:
    items = [item for path in list_archive(DataDir(tmp_path).site(SITE)) for item in read_archive(path)]
    return [item for item in items if isinstance(item, ArchivedResponse) and item.status]


FINE, PACKED, MOVED = article(1), article(2), article(3)
MOVED_TO = "/quoc-te/ten-moi-100003"
TAKEN_DOWN, AWAY, TO_HOME, BROKEN, SECRET = article(4), article(5), article(6), article(7), article(8, "bi-mat")
ONLY_IN_FEED, ON_PAGE_TWO = article(9), article(10)
FEED, SECTION = "/rss/cate/tin-tuc-moi-nhat.rss", "/quoc-te"
SITEMAP = "/sitemaps/0/top300article.xml"


def make_paper() -> Paper:
    answers = {
        "/robots.txt": Answer("User-agent: tinsach\nDisallow: /bi-mat/\n"),
        FEED: feed(FINE, ONLY_IN_FEED),
        SECTION: listing(FINE, PACKED, MOVED, TAKEN_DOWN, AWAY, TO_HOME, BROKEN, SECRET),
        f"{SECTION}/p/2": listing(ON_PAGE_TWO),
        f"{SECTION}/p/3": listing(),
        FINE: Answer("<h1>Một</h1>", headers={"ETag": '"1"', "Content-Type": "text/html; charset=utf-8"}),
        PACKED: Answer("<h1>Nén</h1>", headers={"Content-Encoding": "gzip", "X-Cache": "HIT", "X-Tinsach-Given": "{"}),
        MOVED: Answer(status=301, headers={"Location": MOVED_TO}),
        MOVED_TO: Answer("<h1>Tên mới</h1>"),
        AWAY: Answer(status=302, headers={"Location": "http://quangcao.example/"}),
        TO_HOME: Answer(status=302, headers={"Location": "/"}),
        "/": Answer("<h1>Trang chủ</h1>"),
        BROKEN: Answer("lỗi", 500),
        SECRET: Answer("<h1>Mật</h1>"),
        ONLY_IN_FEED: Answer("<h1>Chín</h1>"),
        ON_PAGE_TWO: Answer("<h1>Mười</h1>"),
    }
    return Paper(answers, cookie_wall=(FEED, ON_PAGE_TWO))


@dataclass(frozen=True, slots=True)
class Crawled:
    folder: Path
    paper: Paper
    report: RunReport


@pytest.fixture(scope="module")
def first_crawl(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    folder, paper = tmp_path_factory.mktemp("paper"), make_paper()
    with served(paper) as origin:
        return Crawled(folder, paper, run_crawl(SITE, options(folder, origin)))


@pytest.mark.parametrize(
    ("given", "delay_seconds", "is_throttled"),
    [
        ({"TINSACH_CONTACT": "a@b.vn"}, 1.0, True),
        ({"TINSACH_CONTACT": "a@b.vn", "TINSACH_ORIGIN": "http://mirror.example"}, 1.0, True),
        ({"TINSACH_ORIGIN": "http://127.0.0.1:8000"}, 0.0, False),
        ({"TINSACH_ORIGIN": "http://127.0.0.1:8000", "DOWNLOAD_DELAY": 0.2, "AUTOTHROTTLE_ENABLED": True}, 0.2, True),
    ],
    ids=["paper", "mirror", "this machine", "as given"],
)
def test_a_server_on_this_machine_is_asked_without_delay(
    given: dict[str, object], delay_seconds: float, is_throttled: bool
) -> None:
    """Whichever command asks it; what is set by hand counts."""
    settings = Settings()
    settings.setmodule("tinsach.crawler.settings", priority="project")
    settings.setdict(given, priority="cmdline")
    ProfileSpiderLoader().load(SITE).update_settings(settings)
    assert (settings.getfloat("DOWNLOAD_DELAY"), settings.getbool("AUTOTHROTTLE_ENABLED")) == (
        delay_seconds,
        is_throttled,
    )


def test_counts(first_crawl: Crawled) -> None:
    """The report counts each outcome, names each failure, and lies in runs/ as a file."""
    report = first_crawl.report
    counts = (report.found, report.asked, report.fetched, report.archived, report.gone, report.failed, report.errors)
    assert counts == (10, 10, 5, 5, 2, 3, 0)
    assert sorted(report.failures) == [
        f"{HOME}{SECRET}: Forbidden by robots.txt",
        f"{HOME}{AWAY}: leads to another server: http://quangcao.example",
        f"{HOME}{BROKEN}: HTTP status 500",
    ]
    assert report.finish_reason == "finished"
    assert report.has_failures
    assert read_report(first_crawl.folder / "runs" / f"{report.run}.json") == report


def test_sources(first_crawl: Crawled) -> None:
    """Each feed and section has its own account; what redirects to itself until a cookie comes back is read."""
    sources = first_crawl.report.by_source
    assert (sources[f"{HOME}{FEED}"].announced, sources[f"{HOME}{FEED}"].ended) == (2, "whole")
    assert (sources[f"{HOME}{SECTION}"].pages, sources[f"{HOME}{SECTION}"].announced) == (3, 9)
    assert sources[f"{HOME}{FEED}"].states == {"done": 2}
    assert sources[f"{HOME}{SECTION}"].only_here == 8
    assert sources[f"{HOME}/chinh-tri"].ended == "missing: HTTP status 404"  # its profile guessed it
    assert sources[f"{HOME}{SITEMAP}"].ended == "failed: HTTP status 404"


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_sitemap_may_be_larger_than_a_page(tmp_path: Path, is_packed: bool) -> None:
    """The protocol allows 50 MB, which is more than an article page may have."""
    padding = " " * (DOWNLOAD_MAXSIZE + 1)
    loc = f"<url><loc>{HOME}{FINE}</loc></url>"
    body = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{loc}{padding}</urlset>"
    headers = {"Content-Encoding": "gzip"} if is_packed else {}
    paper = Paper({SITEMAP: Answer(body, headers=headers), FINE: Answer("<h1>x</h1>")})
    with served(paper) as origin:
        report = run_crawl(SITE, options(tmp_path, origin))
    assert (report.by_source[f"{HOME}{SITEMAP}"].ended, report.archived) == ("whole", 1)


def test_archive_holds_each_body_decoded(first_crawl: Crawled) -> None:
    """Bodies are decoded, under the final URL of the real host, with the header lines of the server beside them."""
    pages = {page.url: page for page in archived(first_crawl.folder)}
    paths = (FINE, PACKED, MOVED_TO, ONLY_IN_FEED, ON_PAGE_TWO)
    assert sorted(pages) == sorted(f"{HOME}{path}" for path in paths)
    packed = pages[f"{HOME}{PACKED}"]
    assert packed.body.decode() == "<h1>Nén</h1>"
    assert (packed.header("X-Crawler-Content-Encoding"), packed.header("X-Cache")) == ("gzip", "HIT")
    assert packed.header("X-Tinsach-Given") is None  # a name of ours, which no server may use


def test_only_the_site_is_asked(first_crawl: Crawled) -> None:
    """Every request, robots.txt included, carries the real host, and what robots.txt forbids is never asked."""
    asked = first_crawl.paper.asked
    assert {host for host, _, _ in asked} == {HOST}
    assert asked[0][1] == "/robots.txt"
    assert SECRET not in first_crawl.paper.asked_paths()
    assert {headers["User-Agent"].partition("/")[0] for _, _, headers in asked} == {"tinsach"}


def test_newest_first_and_no_more_than_the_limit(tmp_path: Path) -> None:
    """With --limit 2 the two articles with the latest times are asked, in that order."""
    cards = [f"<li><a href='{article(n)}'>x</a><span>{n}/11/2026</span></li>" for n in (18, 21, 19, 20)]
    paper = Paper({SECTION: Answer("".join(cards))} | {article(n): Answer("<h1>x</h1>") for n in range(18, 22)})
    with served(paper) as origin:
        run_crawl(SITE, options(tmp_path, origin, limit=2, concurrency=1))
        assert [path for path in paper.asked_paths() if "bai-viet" in path] == [article(21), article(20)]


def test_later_runs_fetch_only_what_is_new_or_changed(first_crawl: Crawled) -> None:
    """Known articles are left alone until due, then asked with their validators; failures are asked by the next run."""
    folder, paper = first_crawl.folder, first_crawl.paper
    paper.answers[SECTION] = listing(article(11), FINE)
    paper.answers[article(11)] = Answer("<h1>Mới</h1>")
    paper.answers[BROKEN] = Answer("<h1>Lành</h1>")
    paper.asked.clear()
    with served(paper) as origin:
        second = run_crawl(SITE, options(folder, origin))
        assert (second.found, second.archived, second.unchanged) == (1, 2, 0)
        assert FINE not in paper.asked_paths() and f"{SECTION}/p/3" not in paper.asked_paths()
        paper.answers[ON_PAGE_TWO] = Answer("<h1>Mười, sửa</h1>")
        paper.answers[ONLY_IN_FEED] = Answer(status=410)
        paper.asked.clear()
        third = run_crawl(SITE, options(folder, origin, revisit_now=True))
    assert (third.archived, third.gone) == (1, 1)
    assert third.unchanged == 5  # one 304, four bodies that are byte for byte the same
    assert next(headers for _, path, headers in paper.asked if path == FINE)["If-None-Match"] == '"1"'
    versions = [page.body.decode() for page in archived(folder) if page.url == f"{HOME}{ON_PAGE_TWO}"]
    assert versions == ["<h1>Mười</h1>", "<h1>Mười, sửa</h1>"]
    with Ledger.open(DataDir(folder).site(SITE).ledger) as ledger:
        assert ledger.count_by_state() == {"found": 0, "done": 6, "gone": 3, "failed": 2}


def test_what_was_taken_down_is_known_from_the_archive(tmp_path: Path) -> None:
    """A 410, and a redirect to the front page: with the ledger lost neither is asked again; the build passes them."""
    pages = {path: Answer(f"<h1>{path}</h1>") for path in (FINE, TAKEN_DOWN, TO_HOME)}
    paper = Paper({SECTION: listing(*pages), "/": Answer("<h1>Trang chủ</h1>"), **pages})
    site = DataDir(tmp_path).site(SITE)
    with served(paper) as origin:
        run_crawl(SITE, options(tmp_path, origin))
        paper.answers |= {TAKEN_DOWN: Answer("đã gỡ", 410), TO_HOME: Answer(status=302, headers={"Location": "/"})}
        assert run_crawl(SITE, options(tmp_path, origin, revisit_now=True)).gone == 2
        for file in site.root.glob("ledger.sqlite*"):
            file.unlink()
        paper.asked.clear()
        assert run_crawl(SITE, options(tmp_path, origin)).asked == 0
    with Ledger.open(site.ledger) as ledger:
        assert ledger.count_by_state() == {"found": 0, "done": 1, "gone": 2, "failed": 0}
    assert find_page(DataDir(tmp_path), f"{HOME}{TAKEN_DOWN}").status == 200
    built = build_site(DataDir(tmp_path), SITE, jobs=0)
    assert (built.responses, built.non_pages, built.records + sum(built.rejected.values())) == (5, 2, 3)


def opened_spider(tmp_path: Path) -> tuple[NewsSpider, SiteStore]:
    spider = ProfileSpiderLoader().load(SITE)()
    assert isinstance(spider, NewsSpider)
    store = SiteStore.open(DataDir(tmp_path).site(SITE), spider.profile, run="20261122T030000Z-0000", software={})
    spider._store = store
    return spider, store


def test_a_visit_that_is_no_article_is_filed(tmp_path: Path) -> None:
    """An address that the profile no longer takes for an article fails with a cause; a redirected one is gone."""
    spider, store = opened_spider(tmp_path)
    now = spider.started_at
    store.announce("x", (Link(f"{HOME}/khong-phai-bai", None), Link(f"{HOME}/da-go", None)), now)
    for visit, meta in zip(store.due(now), ({}, {"redirect_reasons": [302]}), strict=True):
        spider.parse_article(Response(f"{HOME}/", body=b"x", request=Request(visit.url, meta=meta)), visit)
    assert (store.counts["failed"], store.counts["gone"]) == (1, 1)
    assert "no article URL" in spider.failures[0]
    store.abandon()


def test_a_stop_ends_the_crawl_even_when_nothing_can_be_freed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails twice, at the write and at the clean-up, still closes the spider with the first cause."""
    spider, store = opened_spider(tmp_path)

    def fail(_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    store.announce("x", (Link(f"{HOME}{FINE}", None),), spider.started_at)
    (visit,) = store.due(spider.started_at)
    page = FetchedResponse(visit.url, 200, "OK", (), b"x", spider.started_at)
    store.keep(visit, page, Validators())
    first = BrokenWorld("first")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(BrokenWorld, match=os.strerror(errno.EIO)):
        store.commit(spider.started_at)
    assert isinstance(spider._stop(first), CloseSpider)
    assert spider.stopped_by is first


@pytest.mark.parametrize("status", [503, 429, 404])
def test_robots_txt_that_fails_forbids_everything(
    tmp_path: Path, status: int, capfd: pytest.CaptureFixture[str]
) -> None:
    """A server error, or too many requests, stops the run before any page; a missing robots.txt allows."""
    paper = Paper({"/robots.txt": Answer("Disallow: /", status), SECTION: listing(FINE), FINE: Answer("<h1>x</h1>")})
    with served(paper) as origin:
        if status == 404:
            assert run_crawl(SITE, options(tmp_path, origin)).archived == 1
            return
        with pytest.raises(CrawlStopped, match=rf"{SITE}: .*robots.txt.*HTTP status {status}.*later") as stopped:
            run_crawl(SITE, options(tmp_path, origin))
    assert stopped.value.exit_code == 1
    assert set(paper.asked_paths()) == {"/robots.txt"}
    assert "could not be had" not in capfd.readouterr().err


def test_no_answer_for_robots_txt_forbids_everything(tmp_path: Path) -> None:
    """A server that can't be reached stops the run with one line."""
    with served(Paper({})) as origin:
        pass
    with pytest.raises(CrawlStopped, match=r"robots\.txt could not be had .connection refused") as stopped:
        run_crawl(SITE, options(tmp_path, origin))
    assert stopped.value.exit_code == 1


def test_robots_txt_that_leads_elsewhere_forbids_everything(tmp_path: Path) -> None:
    """A redirect off robots.txt to another server is no permission: the run stops and says why."""
    away = Answer(status=302, headers={"Location": "https://robots.example/"})
    paper = Paper({"/robots.txt": away, SECTION: listing(FINE), FINE: Answer("<h1>x</h1>")})
    with (
        served(paper) as origin,
        pytest.raises(CrawlStopped, match=r"robots\.txt could not be had .leads to another server: https://robots"),
    ):
        run_crawl(SITE, options(tmp_path, origin))
    assert paper.asked_paths() == ["/robots.txt"]


def test_a_storm_holds_up_nothing_twice(tmp_path: Path) -> None:
    """More failing pages in a row than a run has patience for: the next run asks everything else first."""
    cards = [f"<li><a href='{article(n)}'>x</a><span>{n + 1}/11/2026</span></li>" for n in range(26)]
    paper = Paper({SECTION: Answer("".join(cards))} | {article(n): Answer("<h1>x</h1>") for n in range(12)})
    paper.answers |= {article(n): Answer("lỗi", 500) for n in range(12, 26)}
    with served(paper) as origin:
        first = run_crawl(SITE, options(tmp_path, origin, concurrency=1))
        second = run_crawl(SITE, options(tmp_path, origin, concurrency=1))
    assert (first.archived, first.left, len(first.given_up)) == (0, 16, 1)
    assert (second.archived, second.failed) == (12, 14)


def test_another_host_without_robots_txt_costs_its_own_requests(tmp_path: Path) -> None:
    """The rules of the bare host can't be had: what leads there fails with the cause, the main host is crawled."""
    paper = Paper({SECTION: listing(FINE, MOVED), FINE: Answer("<h1>x</h1>")})
    paper.answers[MOVED] = Answer(status=302, headers={"Location": f"https://qdnd.vn{MOVED_TO}"})
    paper.answers["qdnd.vn/robots.txt"] = Answer("lỗi", 500)
    with served(paper) as origin:
        report = run_crawl(SITE, options(tmp_path, origin))
    assert (report.archived, report.failed, report.finish_reason) == (1, 1, "finished")
    assert report.failures == (f"{HOME}{MOVED}: robots.txt could not be had (HTTP status 500)",)


def test_a_host_that_dies_is_given_up(tmp_path: Path) -> None:
    """After so many failures in a row the crawl ends; the rest isn't asked and isn't failed: the next run brings it."""
    cards = [f"<li><a href='{article(n)}'>x</a><span>{n % 28 + 1}/11/2026</span></li>" for n in range(60)]
    paper = Paper({SECTION: Answer("".join(cards))} | {article(n): Answer("lỗi", 502) for n in range(60)})
    with served(paper) as origin:
        report = run_crawl(SITE, options(tmp_path, origin, concurrency=1))
        asked = [path for path in paper.asked_paths() if "bai-viet" in path]
        assert (len(asked), len(set(asked))) == (2 * 3 + 8, GIVE_UP_AFTER)
        assert (report.found, report.failed, report.left) == (60, GIVE_UP_AFTER, 60 - GIVE_UP_AFTER)
        assert report.given_up == {HOST: "10 failures in a row, the last: HTTP status 502"}
        assert report.has_failures and report.finish_reason == "finished"
        paper.answers |= {article(n): Answer("<h1>x</h1>") for n in range(60)}
        again = run_crawl(SITE, options(tmp_path, origin))
    assert (again.archived, again.left, again.given_up) == (60, 0, {})
