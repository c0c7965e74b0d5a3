"""Discovery over whole papers: each kind of source alone finds all that it lists, and nothing is asked twice."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response

from tinsach.app.newsroom import Newsroom, Reply, serve
from tinsach.cleaning.profile import Profile, load_profile
from tinsach.crawler.archiving import SiteStore
from tinsach.crawler.discovery import Discovery
from tinsach.crawler.options import CrawlOptions, parse_days
from tinsach.crawler.report import SourceReport
from tinsach.crawler.run import run_crawl
from tinsach.datasets.layout import DataDir
from tinsach.datasets.ledger import Ledger

pytestmark = pytest.mark.usefixtures("warm_crawls")

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
ARTICLES = 45  # a feed has room for 50
MONTHS = 400  # articles that spread over two months
KINDS = ("feeds", "sitemaps", "months", "archives", "sections")


def only(site: str, kind: str, *urls: str) -> Profile:
    """The site's profile with one kind of source."""
    profile = load_profile(site)
    rest: dict[str, tuple[str, ...]] = dict.fromkeys(KINDS, ())
    rest[kind] = urls or getattr(profile.discover, kind)
    assert rest[kind]
    return profile.model_copy(update={"discover": profile.discover.model_copy(update=rest)})


@dataclass(slots=True)
class Wire:
    """Between a discovery and a newsroom, without a network; keeps (path, status) of each answer."""

    room: Newsroom
    answers: list[tuple[str, int]] = field(default_factory=list)
    cookies: str = ""

    async def download(self, request: Request) -> Response:
        parts = urlsplit(request.url)
        headers = {name.decode(): values[0].decode() for name, values in request.headers.items()}
        path = f"{parts.path}?{parts.query}"
        reply = self.room.respond(parts.netloc, path, headers | {"Cookie": self.cookies})
        fields = dict(reply.headers)
        if reply.status == 302:  # the cookie wall of qdnd.vn
            self.cookies = fields["Set-Cookie"].partition(";")[0]
            return await self.download(request)
        self.answers.append((parts.path, reply.status))
        return HtmlResponse(request.url, reply.status, headers=fields, body=reply.body)


@dataclass(slots=True)
class Found:
    """What one discovery found: URLs in the ledger, the sources' accounts, the answers it got."""

    urls: set[str]
    sources: dict[str, SourceReport]
    answers: list[tuple[str, int]]


def discover(
    folder: Path,
    profile: Profile,
    room: Newsroom,
    *,
    days: tuple[str, str] | None = None,
    robots: tuple[str, ...] = (),
    now: datetime = NOW,
) -> Found:
    """One discovery as a crawl would do it, kept."""
    data, wire = DataDir(folder), Wire(room)
    store = SiteStore.open(data.site(profile.site), profile, run="20261122T030000Z-0000", software={})
    options = CrawlOptions(data=data, only=parse_days(*days, NOW) if days else None)
    discovery = Discovery(profile, store, wire.download, options=options, now=now)
    discovery.robots_sitemaps = list(robots)
    sources = asyncio.run(discovery.run())
    urls = {visit.url for visit in store.plan(now, only_announced=True)}
    store.close(now)
    return Found(urls, sources, wire.answers)


def newsroom(site: str, articles: int = ARTICLES) -> Newsroom:
    return Newsroom(5, articles, (site,), now=NOW)


@pytest.mark.parametrize(
    ("site", "kind", "articles"),
    [
        ("ngaynay.vn", "feeds", ARTICLES),
        ("ngaynay.vn", "sections", MONTHS),
        ("ngaynay.vn", "sitemaps", MONTHS),
        ("ngaynay.vn", "months", MONTHS),
        ("vietnamplus.vn", "sections", MONTHS),
        ("vietnamplus.vn", "sitemaps", MONTHS),
        ("qdnd.vn", "feeds", ARTICLES),
        ("qdnd.vn", "sections", MONTHS),
        ("qdnd.vn", "sitemaps", 300),  # its newest 300
        ("tuoitre.vn", "feeds", ARTICLES),
        ("tuoitre.vn", "sections", 100),
        ("vnexpress.net", "sections", 100),
        ("dantri.com.vn", "sections", 100),
    ],
)
def test_each_kind_of_source_alone_finds_all_that_it_lists(tmp_path: Path, site: str, kind: str, articles: int) -> None:
    """Feeds, pagination in HTML, JSON and timelines, sitemap indexes with packed months, months by name: 100 %."""
    room = newsroom(site, articles)
    found = discover(tmp_path, only(site, kind), room)
    assert found.urls == set(room.urls(site))
    assert not [source.ended for source in found.sources.values() if source.is_failed]


def test_sitemaps_that_robots_txt_names_count_where_the_profile_names_none(tmp_path: Path) -> None:
    """They are sources like others, under their own URL."""
    room, profile = newsroom("ngaynay.vn"), only("ngaynay.vn", "feeds")
    named = "https://ngaynay.vn/sitemap.xml"
    found = discover(tmp_path, profile, room, robots=(named, named))
    assert found.sources[named].announced == ARTICLES
    found = discover(tmp_path / "2", load_profile("qdnd.vn"), newsroom("qdnd.vn"), robots=(named,))
    assert named not in found.sources


def test_months_are_walked_once(tmp_path: Path) -> None:
    """Also where nobody names a sitemap: the account is that of the walk that found them."""
    found = discover(tmp_path, only("ngaynay.vn", "months"), newsroom("ngaynay.vn"))
    (source,) = found.sources.values()
    assert source.new == ARTICLES
    assert max(Counter(path for path, _ in found.answers).values()) == 1


def test_a_backfill_finds_its_days_and_asks_only_their_months(tmp_path: Path) -> None:
    """From each source that goes back so far; the maps of other months are never asked."""
    room = newsroom("vietnamplus.vn", MONTHS)
    wanted = {
        article.url
        for article in room.articles("vietnamplus.vn")
        if "2026-10-30T17:00" <= article.published_at.isoformat() < "2026-11-03T17:00"
    }
    assert len(wanted) > 40
    for kind in ("sitemaps", "sections", "months"):
        found = discover(tmp_path / kind, only("vietnamplus.vn", kind), room, days=("2026-10-31", "2026-11-03"))
        assert found.urls == wanted, kind
    maps = {path for path, _ in found.answers} - {"/robots.txt"}
    assert maps == {"/sitemaps/news-2026-10.xml", "/sitemaps/news-2026-11.xml"}


def test_a_backfill_reads_the_lists_of_its_days(tmp_path: Path) -> None:
    """Where a paper has one page a day; no other day is asked, and an ordinary crawl asks none."""
    room, profile = newsroom("tuoitre.vn", 100), only("tuoitre.vn", "archives")
    days = ("2026-11-18", "2026-11-19")
    found = discover(tmp_path, profile, room, days=days)
    assert found.urls == {
        article.url
        for article in room.articles("tuoitre.vn")
        if "2026-11-17T17:00" <= article.published_at.isoformat() < "2026-11-19T17:00"
    }
    assert [path for path, _ in found.answers if "ngay" in path] == [
        "/xem-theo-ngay/19-11-2026.htm",
        "/xem-theo-ngay/18-11-2026.htm",
    ]
    assert discover(tmp_path / "2", profile, room).sources == {}


@pytest.mark.parametrize("site", ["ngaynay.vn", "qdnd.vn", "tuoitre.vn"])
def test_a_second_discovery_brings_no_page_but_an_index(tmp_path: Path, site: str) -> None:
    """Every page of announcements is asked once, with its validators, and is answered with 304."""
    room = newsroom(site)
    discover(tmp_path, load_profile(site), room)
    second = discover(tmp_path, load_profile(site), room)
    profile = load_profile(site).discover
    assert len(second.answers) <= len(profile.feeds) + len(profile.sections) + len(profile.sitemaps) + 1
    assert {path for path, status in second.answers if status != 304} <= {"/sitemap.xml"}
    next_day = discover(tmp_path, load_profile(site), room, now=NOW + timedelta(hours=25))
    assert 304 not in {status for _, status in next_day.answers}  # a server that is wrong about itself is not believed
    room.publish_more(2)
    assert len(discover(tmp_path, load_profile(site), room).urls) == ARTICLES + 2


def test_the_account_of_each_source(tmp_path: Path) -> None:
    """How many it announced, and how many no other one did; a guessed source that is not there is missing."""
    room = newsroom("ngaynay.vn", 200)
    found = discover(tmp_path, only("ngaynay.vn", "feeds", "https://ngaynay.vn/rss/home.rss"), room)
    (feed,) = found.sources.values()
    assert (feed.announced, feed.only_here, feed.new, feed.ended) == (50, 50, 50, "whole")
    profile = load_profile("ngaynay.vn")
    extra = profile.discover.model_copy(update={"feeds": (*profile.discover.feeds, "https://ngaynay.vn/rss/x.rss")})
    found = discover(tmp_path / "2", profile.model_copy(update={"discover": extra}), room)
    assert found.sources["https://ngaynay.vn/rss/x.rss"].ended == "missing: HTTP status 404"
    assert sum(source.only_here for source in found.sources.values()) == 0
    assert found.sources["https://ngaynay.vn/sitemap.xml"].announced == 200


@dataclass(slots=True)
class Door:
    """A newsroom's door that counts what it gave: (whether an article, status)."""

    room: Newsroom
    given: Counter[tuple[bool, int]] = field(default_factory=Counter)

    def respond(self, host: str, path: str, headers: Mapping[str, str]) -> Reply:
        reply = self.room.respond(host, path, headers)
        is_article = load_profile("qdnd.vn").is_article_url(f"https://{host}{path}")
        self.given[is_article, reply.status] += 1
        return reply


def test_runs_one_after_the_other(tmp_path: Path) -> None:
    """A second run fetches no article and no list. Then what was edited, what is new and what is gone is told apart."""
    room = Newsroom(5, 20, ("qdnd.vn",), now=datetime.now(UTC))
    door = Door(room)
    with serve(door) as server:  # type: ignore[arg-type]  # all it needs is respond
        options = CrawlOptions(data=DataDir(tmp_path), origin=server.origin, delay_seconds=0)
        first = run_crawl("qdnd.vn", options)
        assert (first.archived, door.given[True, 200]) == (20, 20)
        door.given.clear()
        second = run_crawl("qdnd.vn", options)
        assert (second.asked, second.has_failures) == (0, False)
        assert door.given[False, 200] == 1  # robots.txt
        assert not [status for is_article, status in door.given if is_article]
        edited = room.edit_one("qdnd.vn")
        room.publish_more(1)
        room.take_down(next(url for url in room.urls("qdnd.vn") if url != edited))
        third = run_crawl("qdnd.vn", replace(options, revisit_now=True))
    assert (third.found, third.archived, third.gone, third.unchanged, third.failed) == (1, 2, 1, 18, 0)
    with Ledger.open(DataDir(tmp_path).site("qdnd.vn").ledger) as ledger:
        assert ledger.count_by_state() == {"found": 0, "done": 20, "gone": 1, "failed": 0}
