"""The newsroom as web sites: a request's host, path and headers in, a reply out.

Pure: no socket. Every reply that can be asked for again carries an ETag; an article's changes only when it is edited.
"""

import gzip
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from zlib import crc32

from tinsach.app.newsroom import listings
from tinsach.app.newsroom.desk import Desk, write_article
from tinsach.app.newsroom.gold import NewsArticle
from tinsach.app.newsroom.markup import LOCAL_ZONE, as_http_date
from tinsach.app.newsroom.own_lists import LIST_PATHS, PAGE_SIZE, find_list, write_list
from tinsach.app.newsroom.sites import SITES, Section, Site

TEMPLATE_VERSION = 1  # part of every ETag
SESSION_COOKIE = "ASP.NET_SessionId"
HOME_SIZE = 40
HOME_BLOCK_SIZE = 8
NEWEST_MAP_SIZE = 300
GOOGLE_NEWS_AGE = timedelta(days=2)
FAVICON = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")
_API_PATH = re.compile(r"/api/morenews-zone-(\d+)-(\d+)\.html")
_ARTICLE_PATHS = {
    "mcms": re.compile(r"/[^/]+-post(\d+)\.\w+"),
    "qdnd": re.compile(r"/(?:[a-z0-9-]+/){1,3}[a-z0-9-]+-(\d{5,7})"),
    "vccorp": re.compile(r"/[a-z0-9-]+-(\d{12,20})\.htm"),
    "vnexpress": re.compile(r"/[a-z0-9-]+-(\d{7})\.html"),
    "dantri": re.compile(r"/[a-z-]+/[a-z0-9-]+-(\d{10,17})\.htm"),
}
_SECTION_PATH = re.compile(r"/([a-z0-9-]+)(?:/([a-z0-9-]+))??(?:/p/(\d+))?/?")
_FEED_PATH = re.compile(r"/rss/(?:cate/)?([a-z-]+?)(?:-(\d+))?\.rss")
_DAY_PATH = re.compile(r"/xem-theo-ngay/(\d{1,2})-(\d{1,2})-(\d{4})\.htm")
_MONTH_PATH = re.compile(r"/sitemaps/news-(\d{4})-(\d{1,2})\.xml")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; header names are as sent, the body is not compressed."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Newsroom(Desk):
    """The newsroom with its web sites."""

    def respond(self, host: str, path: str, headers: Mapping[str, str]) -> Reply:
        """The reply to a GET. `path` may hold a query; header names in any case; the host's port does not matter."""
        lowered = {name.lower(): value for name, value in headers.items()}
        name = host.rpartition(":")[0] if re.search(r":\d+$", host) else host
        path = urlsplit(path).path
        for site_name in self.sites:
            site = SITES[site_name]
            if name.lower() == f"api.{site_name}":
                return self._respond_api(site, path, lowered)
            if name.lower() == site.host:
                return self._respond_site(site, path, lowered)
            if name.lower() in site.hosts:
                return _redirect(f"{site.origin}{path}")
        known = ", ".join(SITES[site_name].host for site_name in self.sites)
        return _plain(421, f"this newsroom has no host {name!r}; send Host: one of {known}\n")

    def _respond_site(self, site: Site, path: str, headers: Mapping[str, str]) -> Reply:
        if site.family == "qdnd" and path.startswith("/rss") and SESSION_COOKIE not in headers.get("cookie", ""):
            cookie = f"{SESSION_COOKIE}={crc32(path.encode()):08x}; path=/; HttpOnly"
            return Reply(302, (("Location", f"{site.origin}{path}"), ("Set-Cookie", cookie)), b"")
        article = _ARTICLE_PATHS[site.family].fullmatch(path)
        if article:
            return self._respond_article(site, path, int(article[1]), headers)
        for pattern, write in self._routes(site):
            match = pattern.fullmatch(path)
            listing = write(site, match) if match else None
            if listing:
                return _send_listing(listing, headers)
        return _html(404, listings.write_not_found(site))

    def _routes(self, site: Site) -> tuple[tuple[re.Pattern[str], "_Route"], ...]:
        return (
            (re.compile(r"/"), self._write_home),
            (re.compile(r"/robots\.txt"), _write_robots),
            (re.compile(r"/favicon\.ico"), lambda _site, _match: ("image/gif", FAVICON)),
            (_FEED_PATH, self._write_feed),
            (re.compile(r"/sitemap\.xml"), self._write_sitemap_index),
            (_MONTH_PATH, self._write_month_map),
            (re.compile(r"/sitemaps/(google-news|0/top300article|pid/feed-0)\.xml"), self._write_newest_map),
            *(((_DAY_PATH, self._write_day),) if site.family == "vccorp" else ()),
            *((pattern, self._write_list) for pattern in LIST_PATHS.get(site.family, ())),
            *(() if site.family in LIST_PATHS else ((_SECTION_PATH, self._write_section),)),
        )

    def _respond_article(self, site: Site, path: str, article_id: int, headers: Mapping[str, str]) -> Reply:
        number = self.find_article(site.name, article_id)
        if number is None:
            return _html(404, listings.write_not_found(site))
        if self.is_gone(site.name, number):
            return _html(410, listings.write_not_found(site))
        article = self.article(site.name, number)
        if article.url != site.origin + path:
            return _redirect(article.url)
        tag = f'"{article_id:x}-{self.seed:x}-{article.revision}-{TEMPLATE_VERSION}"'
        validators = (("ETag", tag), ("Last-Modified", as_http_date(article.modified_at)))
        if _is_unchanged(headers, tag, article.modified_at):
            return Reply(304, validators, b"")
        reply = _html(200, write_article(self.open_article(site.name, number)))
        return Reply(200, reply.headers + validators, reply.body)

    def _respond_api(self, site: Site, path: str, headers: Mapping[str, str]) -> Reply:
        match = _API_PATH.fullmatch(path)
        section = next((one for one in site.sections if match and one.zone == int(match[1])), None)
        if match is None or section is None or site.family != "mcms":
            return _plain(404, '{"error_code": 404, "error_message": "Not Found"}', "application/json")
        page = max(1, int(match[2]))
        articles = self._page(site, section, None, page, listings.MCMS_PAGE_SIZE)
        load_more = page * listings.MCMS_PAGE_SIZE < len(self._numbers(site, section, None))
        text = listings.write_api_page(articles, {section.path: section.name}, load_more=load_more)
        return _send_listing(("application/json; charset=utf-8", text.encode()), headers)

    def _write_home(self, site: Site, _: "re.Match[str]") -> "_Listing":
        blocks = tuple((section, self._page(site, section, None, 1, HOME_BLOCK_SIZE)) for section in site.sections)
        return _HTML, listings.write_home(site, self._newest(site, HOME_SIZE), blocks).encode()

    def _write_section(self, site: Site, match: "re.Match[str]") -> "_Listing | None":
        section, sub = site.find_section(match[1]), match[2]
        if section is None or (sub and sub not in dict(section.subs)) or (match[3] and site.family == "mcms"):
            return None
        if site.family == "mcms":
            articles = self._page(site, section, sub, 1, listings.MCMS_PAGE_SIZE)
            return _HTML, listings.write_mcms_section(site, section, articles).encode()
        page = int(match[3] or 1)
        articles = self._page(site, section, sub, page, listings.QDND_PAGE_SIZE)
        page_count = -(-len(self._numbers(site, section, sub)) // listings.QDND_PAGE_SIZE)
        text = listings.write_qdnd_section(site, section, articles, page=page, page_count=page_count)
        return _HTML, text.encode()

    def _write_day(self, site: Site, match: "re.Match[str]") -> "_Listing":
        """The list of a day, latest first; an empty one for a day without articles."""
        wanted = tuple(int(part) for part in match.groups())
        articles = (self.article(site.name, number) for number in range(self.count(site.name) - 1, -1, -1))
        local = ((article, article.published_at.astimezone(LOCAL_ZONE)) for article in articles)
        found = tuple(article for article, at in local if (at.day, at.month, at.year) == wanted)
        return _HTML, write_list(site, site.sections[0], found, page=1).encode()

    def _write_list(self, site: Site, match: "re.Match[str]") -> "_Listing | None":
        found = find_list(site, match)
        if found is None:
            return None
        section, sub, page = found
        articles = self._page(site, section, sub, page, PAGE_SIZE)
        return _HTML, write_list(site, section, articles, page=page).encode()

    def _write_feed(self, site: Site, match: "re.Match[str]") -> "_Listing | None":
        if match[0] == site.home_feed_path:
            return _RSS, listings.write_feed(site, "Trang chủ", self._newest(site, listings.FEED_SIZE)).encode()
        section = site.find_section(match[1])
        if section is None or (match[2] and int(match[2]) != section.zone):
            return None
        articles = self._page(site, section, None, 1, listings.FEED_SIZE)
        return _RSS, listings.write_feed(site, section.name, articles).encode()

    def _write_sitemap_index(self, site: Site, _: "re.Match[str]") -> "_Listing":
        months = sorted({self._month(site, number) for number in self.numbers(site.name)}, reverse=True)
        newest = self.publication_time(site.name, self.count(site.name) - 1)
        urls = tuple((f"{site.origin}/sitemaps/news-{year}-{month}.xml", newest) for year, month in months)
        urls += ((f"{site.origin}/sitemaps/google-news.xml", newest),)
        return _XML, listings.write_sitemap_index(urls).encode()

    def _write_month_map(self, site: Site, match: "re.Match[str]") -> "_Listing | None":
        wanted = (int(match[1]), int(match[2]))
        numbers = [number for number in self.numbers(site.name) if self._month(site, number) == wanted]
        articles = tuple(self.article(site.name, number) for number in reversed(numbers))
        if not articles:
            return None
        text = listings.write_sitemap(site, articles, is_news=False).encode()
        is_over = wanted < self._month(site, self.count(site.name) - 1)
        return ("application/x-gzip", gzip.compress(text, mtime=0)) if is_over else (_XML, text)  # as sggp.org.vn does

    def _write_newest_map(self, site: Site, match: "re.Match[str]") -> "_Listing | None":
        is_google = match[1] == "google-news"
        if is_google != (site.family == "mcms"):
            return None
        articles = self._newest(site, NEWEST_MAP_SIZE)
        if is_google:
            articles = tuple(one for one in articles if one.published_at > articles[0].published_at - GOOGLE_NEWS_AGE)
        return _XML, listings.write_sitemap(site, articles, is_news=is_google).encode()

    def _month(self, site: Site, number: int) -> tuple[int, int]:
        moment = self.publication_time(site.name, number)
        return moment.year, moment.month

    def _newest(self, site: Site, count: int) -> tuple[NewsArticle, ...]:
        newest = self.numbers(site.name)[: -count - 1 : -1]
        return tuple(self.article(site.name, number) for number in newest)

    def _numbers(self, site: Site, section: Section, sub: str | None) -> list[int]:
        numbers = [n for n in reversed(self.numbers(site.name)) if site.pick_section(n) is section]
        if sub is None:
            return numbers
        return [n for n in numbers if section.subs[n % len(section.subs)][0] == sub]

    def _page(self, site: Site, section: Section, sub: str | None, page: int, size: int) -> tuple[NewsArticle, ...]:
        numbers = self._numbers(site, section, sub)[(page - 1) * size : page * size]
        return tuple(self.article(site.name, number) for number in numbers)


_Listing = tuple[str, bytes]  # content type, body
_Route = Callable[[Site, "re.Match[str]"], _Listing | None]
_HTML, _RSS, _XML = (f"{kind}; charset=utf-8" for kind in ("text/html", "application/rss+xml", "text/xml"))


def _write_robots(site: Site, _: "re.Match[str]") -> _Listing:
    sitemap = "/sitemap.xml" if site.family == "mcms" else "/sitemaps/0/top300article.xml"
    return "text/plain; charset=utf-8", listings.ROBOTS.format(origin=site.origin, sitemap=sitemap).encode()


def _send_listing(listing: _Listing, headers: Mapping[str, str]) -> Reply:
    content_type, body = listing
    tag = f'"{crc32(body):08x}-{len(body):x}"'
    if _is_unchanged(headers, tag, None):
        return Reply(304, (("ETag", tag),), b"")
    return Reply(200, (("Content-Type", content_type), ("ETag", tag)), body)


def _is_unchanged(headers: Mapping[str, str], tag: str, modified_at: datetime | None) -> bool:
    """Whether the client's copy is good, by RFC 9110: If-None-Match first, else If-Modified-Since."""
    if "if-none-match" in headers:
        known = {part.strip().removeprefix("W/") for part in headers["if-none-match"].split(",")}
        return tag in known or "*" in known
    if modified_at is None or "if-modified-since" not in headers:
        return False
    try:
        since = parsedate_to_datetime(headers["if-modified-since"])
    except ValueError:  # a date that no one can read counts as none
        return False
    return since.tzinfo is not None and modified_at <= since


def _redirect(url: str) -> Reply:
    return Reply(301, (("Location", url),), b"")


def _html(status: int, text: str) -> Reply:
    return Reply(status, (("Content-Type", "text/html; charset=utf-8"),), text.encode())


def _plain(status: int, text: str, content_type: str = "text/plain") -> Reply:
    return Reply(status, (("Content-Type", f"{content_type}; charset=utf-8"),), text.encode())
