"""Walks over feeds and sections, against pages that only exist in this file."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from tinsach.cleaning.profile import Profile, load_profile
from tinsach.crawler.discover import Link
from tinsach.crawler.report import SourceReport
from tinsach.crawler.walk import Announced, FetchFailed, Page, WalkRules, walk_feed, walk_section

QDND, NGAYNAY = load_profile("qdnd.vn"), load_profile("ngaynay.vn")
SECTION = "https://www.qdnd.vn/quoc-te"
RULES = WalkRules(max_pages=50)
RSS = "<rss version='2.0'><channel><item><link>https://www.qdnd.vn/a/bai-{}</link></item></channel></rss>"


class Site:
    """Pages by URL; remembers what was asked and what was announced."""

    def __init__(self, pages: Mapping[str, str | int], *, known: tuple[int, ...] = ()) -> None:
        self.pages = pages
        self.known = {article(number) for number in known}
        self.asked: list[tuple[str, str | None]] = []

    async def fetch(self, url: str, referer: str | None) -> Page:
        self.asked.append((url, referer))
        page = self.pages.get(url, 404)
        if isinstance(page, int):
            raise FetchFailed(f"HTTP status {page}")
        return Page(url, page.encode())

    def announce(self, source: str, links: tuple[Link, ...]) -> Announced:
        new = {link.url for link in links} - self.known
        return Announced(new=len(new), unfetched=len(new))

    def walk(self, section: str = SECTION, profile: Profile = QDND, rules: WalkRules = RULES) -> SourceReport:
        return asyncio.run(walk_section(section, profile, fetch=self.fetch, announce=self.announce, rules=rules))


def article(number: int) -> str:
    return f"https://www.qdnd.vn/quoc-te/bai-viet-{100_000 + number}"


def page(*numbers: int, day: str = "") -> str:
    time = f"<div>{day}</div>" if day else ""
    return "".join(f"<article><a href='{article(number)}'>Bài</a>{time}</article>" for number in numbers) or "<p>Hết"


def test_walk_ends_at_an_empty_page() -> None:
    """A section is followed page by page until a page has no article."""
    site = Site({SECTION: page(6, 5), f"{SECTION}/p/2": page(4, 3), f"{SECTION}/p/3": page()})
    assert site.walk() == SourceReport(kind="section", pages=3, announced=4, new=4, ended="empty")
    assert site.asked == [(SECTION, None), (f"{SECTION}/p/2", SECTION), (f"{SECTION}/p/3", SECTION)]


def test_walk_ends_where_everything_is_known() -> None:
    """A page with one new article is no end, a page with none is."""
    site = Site(
        {SECTION: page(6, 5), f"{SECTION}/p/2": page(4, 3), f"{SECTION}/p/3": page(2, 1)}, known=(5, 4, 3, 2, 1)
    )
    assert site.walk() == SourceReport(kind="section", pages=2, announced=4, new=1, ended="known")


def test_a_walk_that_was_cut_short_goes_beyond_known_pages() -> None:
    """After a run whose walk failed, known pages don't hide the unknown ones behind them."""
    site = Site({SECTION: page(4, 3), f"{SECTION}/p/2": page(2, 1), f"{SECTION}/p/3": page()}, known=(4, 3))
    report = site.walk(rules=WalkRules(max_pages=50, beyond_known=frozenset({SECTION})))
    assert (report.new, report.ended) == (2, "empty")


def test_walk_ends_when_pages_repeat() -> None:
    """A site that shows its first page for every number doesn't hold the crawl."""
    site = Site({SECTION: page(2, 1), f"{SECTION}/p/2": page(1, 2)})
    assert site.walk().ended == "repeated"


def test_endless_pagination_ends() -> None:
    """A pagination with ever new articles ends at the hard limit."""
    site = Site({SECTION: page(0)} | {f"{SECTION}/p/{n}": page(n) for n in range(2, 100)})
    report = site.walk(rules=WalkRules(max_pages=7))
    assert (report.pages, report.ended) == (7, "limit")


def test_walk_ends_before_since() -> None:
    """A page whose times all lie before --since is the last."""
    pages = {
        SECTION: page(6, 5, day="20/11/2026"),
        f"{SECTION}/p/2": page(4, day="18/11/2026"),
        f"{SECTION}/p/3": page(3, day="17/11/2026"),
    }
    since = datetime.fromisoformat("2026-11-19T00:00+07:00")
    assert Site(pages).walk(rules=WalkRules(max_pages=50, since=since)).pages == 2


def test_a_failing_page_keeps_what_was_announced_and_says_so() -> None:
    """A page that can't be had ends the walk as a failure that names the cause."""
    site = Site({SECTION: page(6, 5), f"{SECTION}/p/2": 503})
    assert site.walk() == SourceReport(kind="section", pages=1, announced=2, new=2, ended="failed: HTTP status 503")
    assert site.walk().is_failed


def test_json_pagination_follows_the_zone() -> None:
    """MCMS sections go on at the API with the zone of the page, until it says that there is no more."""
    section = "https://ngaynay.vn/the-gioi/"
    api = "https://api.ngaynay.vn/api/morenews-zone-77-2.html?phrase=&page_size=30"
    first = "<script>adsZone: '77'</script><a href='/a-post1.html'>x</a>"
    site = Site({section: first, api: '{"data": {"contents": [{"url": "/b-post2.html"}], "load_more": false}}'})
    assert site.walk(section, NGAYNAY) == SourceReport(kind="section", pages=2, announced=2, new=2, ended="whole")


def test_a_section_without_its_zone_is_a_failure() -> None:
    """The first page of such a section counts, and the report says that the rest was out of reach."""
    section = "https://ngaynay.vn/the-gioi/"
    report = Site({section: "<a href='/a-post1.html'>x</a>"}).walk(section, NGAYNAY)
    assert report.announced == 1 and report.ended.startswith("failed: no zone id")


def test_feeds_are_one_page() -> None:
    """A feed is read once; one that can't be had, or isn't one, is a failure."""
    site = Site({"f1": RSS.format(200001), "f2": "<html>", "f3": 500})
    reports = [
        asyncio.run(walk_feed(url, QDND, fetch=site.fetch, announce=site.announce, rules=RULES))
        for url in ("f1", "f2", "f3")
    ]
    assert [report.ended for report in reports] == ["whole", "failed: not a feed", "failed: HTTP status 500"]
