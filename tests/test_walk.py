"""Walks over feeds and sections, against pages that only exist in this file."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tinsach.cleaning.profile import Profile, load_profile
from tinsach.crawler.daywalk import day_url, walk_days
from tinsach.crawler.discover import Link
from tinsach.crawler.mapwalk import MAX_LINKS, MapWalker, drop_stamps
from tinsach.crawler.report import (
    RunReport,
    SourceReport,
    carry_cut_short,
    find_cut_short,
    find_open_reports,
    write_report,
)
from tinsach.crawler.sitemaps import Span, find_span
from tinsach.crawler.walk import FetchFailed, NotModified, Page, WalkRules, walk_feed, walk_section
from tinsach.datasets.layout import DataDir
from tinsach.datasets.ledger import Announced

QDND, NGAYNAY = load_profile("qdnd.vn"), load_profile("ngaynay.vn")
SECTION = "https://www.qdnd.vn/quoc-te"
INDEX = "https://ngaynay.vn/sitemap.xml"
RULES = WalkRules(max_pages=50)
RSS = "<rss version='2.0'><channel><item><link>https://www.qdnd.vn/a/bai-{}</link></item></channel></rss>"


class Site:
    """Pages by URL; remembers what was asked, announced and read to its end."""

    def __init__(self, pages: Mapping[str, str | int | bytes], *, known: tuple[int, ...] = ()) -> None:
        self.pages = pages
        self.known = {article(number) for number in known}
        self.asked: list[tuple[str, str | None]] = []
        self.announced: dict[str, list[Link]] = {}
        self.remembered: set[str] = set()
        self.settled: set[str] = set()

    async def fetch(
        self, url: str, *, referer: str | None = None, if_changed: bool = False, max_bytes: int | None = None
    ) -> Page:
        self.asked.append((url, referer))
        page = self.pages.get(url, 404)
        if isinstance(page, int):
            raise FetchFailed(f"HTTP status {page}", page)
        if if_changed and url in self.remembered:
            raise NotModified
        return Page(url, page.encode() if isinstance(page, str) else page)

    def announce(self, source: str, links: tuple[Link, ...]) -> Announced:
        self.announced.setdefault(source, []).extend(links)
        new = {link.url for link in links} - self.known
        return Announced(new=len(new), unfetched=len(new))

    def remember(self, url: str, page: Page) -> None:  # the interface
        self.remembered.add(url)

    def has_read(self, url: str, *, changed_at: datetime) -> bool:  # the interface
        return url in self.settled

    def walk(self, section: str = SECTION, profile: Profile = QDND, rules: WalkRules = RULES) -> SourceReport:
        return asyncio.run(walk_section(section, profile, desk=self, rules=rules))

    def walk_feed(self, url: str, profile: Profile = QDND, rules: WalkRules = RULES) -> SourceReport:
        return asyncio.run(walk_feed(url, profile, desk=self, rules=rules))

    def walk_maps(
        self, root: str = INDEX, profile: Profile = NGAYNAY, rules: WalkRules = RULES, roots: tuple[str, ...] = ()
    ) -> SourceReport:
        return asyncio.run(MapWalker(profile, self, rules, roots or (root,)).walk(root))

    def asked_names(self) -> list[str]:
        return [url.rpartition("/")[2] for url, _ in self.asked]


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


def run_once(data: DataDir, site: Site, since: str | None) -> str:
    """A run's walk over the section, as the spider does it, and its report; how the walk ended."""
    start = datetime.fromisoformat(since) if since else None
    before = find_open_reports(data, "qdnd.vn")
    rules = WalkRules(max_pages=50, since=start, beyond_known=find_cut_short(before, since=start))
    sources = {SECTION: site.walk(rules=rules)}
    site.known |= {link.url for link in site.announced[SECTION]}
    report = RunReport(
        site="qdnd.vn",
        run=f"run-{len(list(data.runs.glob('*')))}",
        started_at=datetime(2026, 11, 20, tzinfo=UTC),
        finish_reason="finished",
        by_source=sources,
        cut_short=carry_cut_short(find_cut_short(before, since=None), sources),
    )
    write_report(data, report)
    return sources[SECTION].ended


def test_what_since_leaves_out_is_walked_by_the_next_run_without_it(tmp_path: Path) -> None:
    """However many runs with it lie between; then it is done once and for all."""
    data = DataDir(tmp_path)
    first = {SECTION: page(2, 1, day="01/11/2026"), f"{SECTION}/p/2": page()}
    site = Site(first)
    assert run_once(data, site, None) == "empty"
    site.pages = {
        SECTION: page(6, 5, day="20/11/2026"),
        f"{SECTION}/p/2": page(4, day="12/11/2026"),
        f"{SECTION}/p/3": page(3, day="11/11/2026"),
        f"{SECTION}/p/4": first[SECTION],
        f"{SECTION}/p/5": page(),
    }
    ends = []
    for since in (*["2026-11-18T00:00+07:00"] * 3, None, None):
        site.remembered.clear()
        ends.append(run_once(data, site, since))
    assert ends == ["since", "known", "known", "empty", "known"]
    assert article(3) in site.known


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


def test_a_page_that_is_not_there_is_the_end_but_for_the_second() -> None:
    """Some papers answer 404 behind the last page; where even the second is missing, the pagination is another."""
    site = Site({SECTION: page(6, 5), f"{SECTION}/p/2": page(4, 3)})
    assert site.walk().ended == "empty"
    assert Site({SECTION: page(6, 5)}).walk().is_failed


def test_a_section_without_its_zone_is_a_failure() -> None:
    """The first page of such a section counts, and the report says that the rest was out of reach."""
    section = "https://ngaynay.vn/the-gioi/"
    report = Site({section: "<a href='/a-post1.html'>x</a>"}).walk(section, NGAYNAY)
    assert report.announced == 1 and report.ended.startswith("failed: no zone id")


def test_feeds_are_one_page() -> None:
    """A feed is read once; one that can't be had, or isn't one, is a failure."""
    site = Site({"f1": RSS.format(200001), "f2": "<html>", "f3": 500})
    reports = [site.walk_feed(url) for url in ("f1", "f2", "f3")]
    assert [report.ended for report in reports] == ["whole", "failed: not a feed", "failed: HTTP status 500"]


def test_a_page_that_did_not_change_ends_the_walk() -> None:
    """What was read to its end is asked if it changed; after a walk that was cut short it is read again."""
    site = Site({SECTION: page(2, 1), f"{SECTION}/p/2": page(), "f": RSS.format(200001)})
    for _ in range(2):
        reports = [site.walk(), site.walk_feed("f")]
    assert [report.ended for report in reports] == ["unchanged", "unchanged"]
    assert site.walk(rules=WalkRules(max_pages=50, beyond_known=frozenset({SECTION}))).announced == 2


def test_a_failed_walk_is_not_remembered() -> None:
    """A page behind which something failed is read again by the next run."""
    site = Site({SECTION: page(2, 1), f"{SECTION}/p/2": 503})
    site.walk()
    assert site.remembered == set()


def test_a_guessed_source_may_be_missing() -> None:
    """404 for a source, or for a pagination, that nobody has seen is no failure; 500 is one."""
    site = Site({SECTION: page(1), "f": 500})
    guessed = WalkRules(max_pages=50, guessed=frozenset({"feeds", "pages"}))
    assert site.walk(rules=guessed).ended == "missing: HTTP status 404"
    assert site.walk_feed("none", rules=guessed).ended == "missing: HTTP status 404"
    assert site.walk_feed("f", rules=guessed).is_failed
    assert site.walk_feed("none").is_failed


def sitemap(*numbers: int, changed: str = "", published: str = "") -> str:
    times = f"<lastmod>{changed}</lastmod>" if changed else ""
    times += f"<news:publication_date>{published}</news:publication_date>" if published else ""
    urls = "".join(f"<url><loc>https://ngaynay.vn/a-post{n}.html</loc>{times}</url>" for n in numbers)
    return f'<urlset xmlns:news="n">{urls}</urlset>'


def index(*names: str) -> str:
    refs = "".join(f"<sitemap><loc>https://ngaynay.vn/sitemaps/{name}</loc></sitemap>" for name in names)
    return f"<sitemapindex>{refs}</sitemapindex>"


def map_url(name: str) -> str:
    return f"https://ngaynay.vn/sitemaps/{name}"


MONTHS = {
    INDEX: index("categories.xml", "news-2026-9.xml", "news-2026-11.xml", "news-2026-10.xml"),
    map_url("categories.xml"): "<urlset><url><loc>https://ngaynay.vn/thoi-su/</loc></url></urlset>",
    map_url("news-2026-11.xml"): sitemap(6, 5),
    map_url("news-2026-10.xml"): sitemap(4, 3),
    map_url("news-2026-9.xml"): sitemap(2, 1),
}


def test_maps_are_read_newest_first() -> None:
    """Maps without a date come first, then the months from the latest back; each map is read once."""
    site = Site(MONTHS)
    report = site.walk_maps()
    assert (report.pages, report.announced, report.ended) == (5, 6, "whole")
    assert site.asked_names() == [
        "sitemap.xml", "categories.xml", "news-2026-11.xml", "news-2026-10.xml", "news-2026-9.xml"
    ]  # fmt: skip
    assert INDEX not in site.remembered and map_url("news-2026-9.xml") in site.remembered


def test_maps_stop_at_a_month_that_is_known() -> None:
    """A month's map without anything unfetched is the last; a map without articles says nothing."""
    site = Site(MONTHS)
    site.known = {f"https://ngaynay.vn/a-post{n}.html" for n in (1, 2, 3, 4)}
    report = site.walk_maps()
    assert (report.new, report.ended, site.asked_names()[-1]) == (2, "known", "news-2026-10.xml")
    site.asked.clear()
    assert site.walk_maps().ended == "unchanged"
    assert site.asked_names() == ["sitemap.xml", "categories.xml", "news-2026-11.xml"]


def changed_index(**days: str) -> str:
    refs = "".join(
        f"<sitemap><loc>{map_url(name + '.xml')}</loc><lastmod>{day}</lastmod></sitemap>" for name, day in days.items()
    )
    return f"<sitemapindex>{refs}</sitemapindex>"


CATEGORIES = {
    INDEX: changed_index(sport="2026-11-20", world="2026-11-19", culture="2026-11-12", health="2026-10-01"),
    **{map_url(f"{name}.xml"): sitemap(n) for n, name in enumerate(("sport", "world", "culture", "health"), start=1)},
}


def test_a_category_without_news_hides_no_other() -> None:
    """A map that tells no days is no end for the rest, neither when all in it is known nor when it did not change."""
    site = Site(CATEGORIES)
    site.known = {f"https://ngaynay.vn/a-post{n}.html" for n in (1, 3, 4)}
    report = site.walk_maps()
    assert (report.new, report.ended, len(site.asked)) == (1, "whole", 5)
    site.pages = CATEGORIES | {map_url("world.xml"): sitemap(2, 5)}
    site.remembered.remove(map_url("world.xml"))
    assert site.walk_maps().new == 2


def test_categories_end_with_one_that_was_read_since_it_changed() -> None:
    """All that changed before it is not even asked; after a walk that was cut short it is."""
    site = Site(CATEGORIES)
    site.settled = {map_url("culture.xml")}
    assert site.walk_maps().ended == "known"
    assert site.asked_names() == ["sitemap.xml", "sport.xml", "world.xml"]
    site.asked.clear()
    assert site.walk_maps(rules=WalkRules(max_pages=50, beyond_known=frozenset({INDEX}))).ended == "whole"
    assert len(site.asked) == 5


def test_days_and_categories_of_one_index_end_each_for_itself() -> None:
    """A month that is known ends the months, and not the categories, which changed before the month was over."""
    refs = changed_index(sport="2026-11-20", world="2026-11-19").replace("</sitemapindex>", "")
    months = index("news-2026-11.xml", "news-2026-10.xml").replace("<sitemapindex>", "")
    site = Site(MONTHS | CATEGORIES | {INDEX: refs + months})
    site.known = {f"https://ngaynay.vn/a-post{n}.html" for n in (1, 5, 6)}
    assert site.walk_maps().ended == "known"
    assert site.asked_names() == ["sitemap.xml", "news-2026-11.xml", "sport.xml", "world.xml"]


def test_maps_stop_before_since() -> None:
    """Months that ended before --since are not asked."""
    site = Site(MONTHS)
    report = site.walk_maps(rules=WalkRules(max_pages=50, since=datetime.fromisoformat("2026-10-20T00:00+07:00")))
    assert (report.ended, site.asked_names()[-1]) == ("since", "news-2026-10.xml")


def backfill(start: str, end: str) -> WalkRules:
    return WalkRules(max_pages=50, only=Span(*(datetime.fromisoformat(f"{day}T00:00+07:00") for day in (start, end))))


def test_a_backfill_asks_the_maps_of_its_days_only() -> None:
    """Known or not, remembered or not, the months that meet the days are read, and no other."""
    site = Site(MONTHS)
    site.walk_maps()
    site.known, site.asked = {f"https://ngaynay.vn/a-post{n}.html" for n in range(9)}, []
    report = site.walk_maps(rules=backfill("2026-09-01", "2026-10-15"))
    assert site.asked_names() == ["sitemap.xml", "categories.xml", "news-2026-10.xml", "news-2026-9.xml"]
    assert report.announced == 4


def test_a_backfill_takes_what_was_published_in_its_days() -> None:
    """Publication decides; without it the map's days; a change years later keeps nothing out."""
    site = Site({
        INDEX: index("news-2026-9.xml", "news-2026-10.xml", "old.xml"),
        map_url("news-2026-9.xml"): sitemap(1, changed="2026-11-20") + "",
        map_url("news-2026-10.xml"): sitemap(2, changed="2026-10-05"),
        map_url("old.xml"): sitemap(3, published="2026-09-30T10:00:00+07:00", changed="2026-11-11"),
    })  # fmt: skip
    site.walk_maps(rules=backfill("2026-09-01", "2026-10-01"))
    assert sorted(link.url[-6] for link in site.announced[INDEX]) == ["1", "3"]
    assert find_span(map_url("old.xml")) is None


def test_a_backfill_of_a_section_goes_back_to_its_first_day() -> None:
    """Newer pages are passed over, known or not; the walk ends with the first page that is older."""
    pages = {
        SECTION: page(6, 5, day="20/11/2026"),
        f"{SECTION}/p/2": page(4, day="18/11/2026"),
        f"{SECTION}/p/3": page(3, day="17/11/2026"),
        f"{SECTION}/p/4": page(2, day="16/11/2026"),
        f"{SECTION}/p/5": page(1, day="15/11/2026"),
    }
    site = Site(pages, known=(6, 5, 4, 3))
    report = site.walk(rules=backfill("2026-11-17", "2026-11-19"))
    assert (report.pages, report.ended, report.announced) == (4, "since", 2)
    assert {link.url for link in site.announced[SECTION]} == {article(4), article(3)}


def test_a_backfill_leaps_over_what_is_newer() -> None:
    """Old days are found in a few steps, not page by page; pages of the days themselves are all read."""
    first = datetime.fromisoformat("2026-11-20T00:00+07:00")
    days = [first - number * timedelta(days=1) for number in range(1000)]
    pages = {
        f"{SECTION}/p/{number}" if number > 1 else SECTION: page(number, day=f"{day:%d/%m/%Y}")
        for number, day in enumerate(days, start=1)
    }
    site = Site(pages)
    report = site.walk(rules=backfill("2025-11-18", "2025-11-21"))
    assert {link.url[-6:] for link in site.announced[SECTION]} == {"100366", "100367", "100368"}
    assert (report.ended, len(site.asked) < 30) == ("since", True)


VNEXPRESS = load_profile("vnexpress.net")
DAY_LIST = "https://vnexpress.net/ngay/{year}-{month2}-{day2}/{from}/{n}"


def tale(*numbers: int) -> str:
    return "".join(f"<a href='https://vnexpress.net/bai-{4_000_000 + number}.html'>x</a>" for number in numbers)


def test_lists_of_a_day_are_read_page_by_page() -> None:
    """Only by a backfill, each day until a page has nothing more; a day without a list is passed over."""
    end = datetime.fromisoformat("2026-11-20T00:00+07:00")
    urls = [day_url(DAY_LIST, end - timedelta(days=back)) for back in (1, 2, 3)]
    site = Site({urls[0].replace("{n}", "1"): tale(9, 8), urls[0].replace("{n}", "2"): tale(9, 7),
                 urls[0].replace("{n}", "3"): tale(7), urls[2].replace("{n}", "1"): tale(1)})  # fmt: skip
    rules = backfill("2026-11-17", "2026-11-20")
    report = asyncio.run(walk_days(DAY_LIST, VNEXPRESS, desk=site, rules=rules, now=end))
    assert report is not None
    assert (report.kind, report.pages, report.ended) == ("archive", 4, "whole")
    assert {link.url[-6] for link in site.announced[DAY_LIST]} == {"9", "8", "7", "1"}
    assert len(site.asked) == 6
    assert site.asked[0][0] == f"https://vnexpress.net/ngay/2026-11-19/{int(end.timestamp()) - 86400}/1"
    assert asyncio.run(walk_days(DAY_LIST, VNEXPRESS, desk=site, rules=RULES, now=end)) is None


def test_lists_of_days_that_are_all_missing_say_so() -> None:
    """A guess is missing, an archive that was seen has failed; a server's error on any day is a failure."""
    end = datetime.fromisoformat("2026-11-20T00:00+07:00")
    rules = backfill("2026-11-17", "2026-11-20")
    for pages, guessed, ended in (
        ({}, frozenset({"archives"}), "missing: HTTP status 404"),
        ({}, frozenset(), "failed: HTTP status 404"),
        ({day_url(DAY_LIST, end - timedelta(days=2)).replace("{n}", "1"): 503}, frozenset({"archives"}),
         "failed: HTTP status 503"),
    ):  # fmt: skip
        walk = walk_days(DAY_LIST, VNEXPRESS, desk=Site(pages), rules=replace(rules, guessed=guessed), now=end)
        report = asyncio.run(walk)
        assert report is not None
        assert report.ended == ended


def test_months_that_no_index_lists_are_asked_by_name() -> None:
    """Without an index back until two are missing; with one that lags behind only the present month."""
    months = {map_url("news-2026-11.xml"): sitemap(2), map_url("news-2026-10.xml"): sitemap(1)}
    now = datetime.fromisoformat("2026-11-20T00:00+07:00")
    (template,) = NGAYNAY.discover.months
    site = Site(months)
    report = asyncio.run(MapWalker(NGAYNAY, site, RULES, ()).walk_months(template, now))
    assert report is not None
    assert (report.announced, report.ended, len(site.asked)) == (2, "whole", 4)
    site = Site(months | {INDEX: index("news-2026-10.xml")})
    walker = MapWalker(NGAYNAY, site, RULES, (INDEX,))
    asyncio.run(walker.walk(INDEX))
    asyncio.run(walker.walk_months(template, now))
    assert site.asked_names() == ["sitemap.xml", "news-2026-10.xml", "news-2026-11.xml"]


def test_a_map_that_fails_keeps_no_other_from_being_read() -> None:
    """A broken map, one that is no map and one that is gone are the source's failure; the others are read."""
    site = Site(MONTHS | {map_url("categories.xml"): "<html>", map_url("news-2026-11.xml"): 500})
    report = site.walk_maps()
    assert report.announced == 4
    assert report.ended == f"failed: not a sitemap but <html> ({map_url('categories.xml')})"


def test_a_sitemap_that_includes_itself_ends() -> None:
    """Each map is read once, whatever lists it; a map that stands in the profile is left to its own walk."""
    news = map_url("google-news.xml")
    first, second = map_url("a.xml"), map_url("b.xml")
    loops = {first: index("a.xml", "b.xml"), second: index("a.xml"), news: sitemap(1)}
    refs = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in (INDEX, news, first))
    site = Site(loops | {INDEX: f"<sitemapindex>{refs}</sitemapindex>"})
    assert site.walk_maps(roots=(INDEX, news)).ended == "whole"
    assert site.asked_names() == ["sitemap.xml", "a.xml", "b.xml"]


def test_an_endless_index_ends() -> None:
    """Maps that name ever new maps end at the limit of pages; so does a first run after many links."""
    site = Site({INDEX: index("0.xml")} | {map_url(f"{n}.xml"): index(f"{n + 1}.xml") for n in range(99)})
    assert site.walk_maps(rules=WalkRules(max_pages=9)).pages == 9
    large = {map_url(f"news-2026-{month}.xml"): sitemap(*range(month * MAX_LINKS, (month + 1) * MAX_LINKS))
             for month in (9, 10)}  # fmt: skip
    site = Site(large | {INDEX: index("news-2026-9.xml", "news-2026-10.xml")})
    assert (site.walk_maps().ended, site.asked_names()[-1]) == ("limit", "news-2026-10.xml")


def test_a_feed_among_the_sitemaps_is_read_as_one() -> None:
    """qdnd.vn lists one."""
    site = Site({"https://www.qdnd.vn/sitemaps/pid/feed-0.xml": RSS.format(200001)})
    assert site.walk_maps("https://www.qdnd.vn/sitemaps/pid/feed-0.xml", QDND).announced == 1


def test_the_time_when_a_map_was_made_is_no_hint() -> None:
    """A lastmod that most entries share is dropped; a few articles of one minute keep theirs."""
    at = datetime.fromisoformat("2026-11-20T00:00+07:00")
    stamped = tuple(Link(f"u{n}", at) for n in range(30))
    assert {link.hint_at for link in drop_stamps(stamped)} == {None}
    assert drop_stamps(stamped[:9]) == stamped[:9]
