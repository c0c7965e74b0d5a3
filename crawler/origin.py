"""Where requests may go: the site's own hosts, and with an origin one server only, whatever the URL says.

The origin works below all of Scrapy's middlewares: robots.txt, redirects, cookies and delays see the real host, and
`response.url` stays what was asked for. With an origin no other server can be reached, not even through a proxy.
"""

from collections.abc import Iterable
from http.cookiejar import Cookie
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.cookies import CookieJar

from tinsach.cleaning.profile import load_profile
from tinsach.crawler.patience import PatienceMiddleware

HEADERS_KEY = "tinsach_headers"  # in request.meta: the header lines before any middleware took some away
MAX_URL_BYTES = 4_000  # the archive writes an address up to three times into a header of 32 KiB at most
MAX_COOKIE_CHARS = 4096  # of one site; servers take 8 kB for all header lines together
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class SiteHostsMiddleware:
    """Refuses every request, redirected ones too, whose host isn't one of the site's, or whose address has no end."""

    def __init__(self, hosts: frozenset[str]) -> None:
        self.hosts = hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "SiteHostsMiddleware":
        return cls(frozenset(load_profile(crawler.spidercls.name).hosts))

    def process_request(self, request: Request) -> None:
        """Raises IgnoreRequest for another host, another scheme, an odd port or an endless address."""
        if len(request.url) > MAX_URL_BYTES:
            raise IgnoreRequest(f"leads to an address of {len(request.url):,} bytes")
        parts = urlsplit(request.url)
        host = parts.netloc.lower().removesuffix(_DEFAULT_PORTS.get(parts.scheme, ""))
        if parts.scheme not in _DEFAULT_PORTS or host not in self.hosts:
            raise IgnoreRequest(f"leads to another server: {parts.scheme}://{parts.netloc}")


class SiteCookiesMiddleware(CookiesMiddleware):
    """Scrapy's cookies without its look into the public suffix list, which it downloads past all our rules.

    The list keeps a cookie for ".vn" from other papers; here no request ever goes to another paper. Of a site that sets
    ever more cookies the newest stay: a server that gets too many of its own back refuses every request.
    """

    def _process_cookies(self, cookies: Iterable[Cookie], *, jar: CookieJar, request: Request) -> None:
        for cookie in cookies:
            jar.set_cookie_if_ok(cookie, request)
        kept = list(jar.jar)
        while kept and sum(len(cookie.name) + len(cookie.value or "") for cookie in kept) > MAX_COOKIE_CHARS:
            oldest = kept.pop(0)
            jar.jar.clear(oldest.domain, oldest.path, oldest.name)


class OriginDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's own handler, with the request's address (not its Host header) replaced when there is an origin.

    A request for a host that rests waits here, in its place at that host, so that nothing queues past it.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._crawler = crawler
        self._origin = str(crawler.settings.get("TINSACH_ORIGIN") or "").rstrip("/")

    async def download_request(self, request: Request) -> Response:
        patience = self._crawler.get_downloader_middleware(PatienceMiddleware)
        if patience is not None:
            await patience.hold_back(request)
        sent = send_to(self._origin, request) if self._origin else request
        response = await super().download_request(sent)
        request.meta.update(sent.meta)  # download_latency, which AutoThrottle reads
        request.meta[HEADERS_KEY] = tuple(
            (name, value) for name, values in response.headers.items() for value in values
        )
        return response.replace(url=request.url) if self._origin else response


def send_to(origin: str, request: Request) -> Request:
    """The request as the origin gets it: its address, our path and query, the real host as Host, no proxy."""
    parts = urlsplit(request.url)
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    sent = request.replace(url=f"{origin}{path}{query}", meta={k: v for k, v in request.meta.items() if k != "proxy"})
    sent.headers["Host"] = parts.netloc
    return sent
