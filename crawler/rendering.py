"""Articles that need JavaScript: a page that came is opened in Chromium, and its DOM takes the page's place.

The browser itself reaches nothing, not even this machine: the page is handed to it, and what its scripts ask is fetched
by the crawler, past the same hosts, robots.txt, delay, cookies and origin as everything else. Pictures, media, fonts,
styles, frames, sockets, other pages and everything but GET are refused.
"""

import asyncio
import logging
import shutil
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.settings import BaseSettings

from tinsach.cleaning.profile import Profile, load_profile
from tinsach.cleaning.sources import UnknownSite
from tinsach.crawler.failures import FETCH_ERRORS
from tinsach.crawler.options import BadOption
from tinsach.crawler.origin import HEADERS_KEY

if TYPE_CHECKING:
    from playwright.async_api import Page, Route

RENDERED_KEY = "tinsach_rendered_by"  # in request.meta: the browser whose DOM the body is
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FETCHED_TYPES = frozenset({"script", "xhr", "fetch"})
MAX_REQUESTS = 40  # of one page
KEPT_SCRIPTS = 64  # the same ones stand on every page of a paper
LOAD_MS = 60_000.0  # the scripts come no faster than the site's delay lets them
PAGE_SECONDS = 120.0  # all in all; a script that never ends lets nothing else end either
CLOSE_SECONDS = 5.0
QUIET_MS = 10_000.0  # how long to wait for a page that never stops asking
_FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
    # A proxy where nobody listens, and no way around it: what is not handed to the browser does not exist.
    *("--proxy-server=127.0.0.1:9", "--proxy-bypass-list=<-loopback>", "--host-resolver-rules=MAP * ~NOTFOUND"),
)
_WIRE_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding", "set-cookie"})


class RenderFailed(IgnoreRequest):
    """The browser could not show the page; the ledger asks again."""


def set_up_browser(settings: BaseSettings, site: str) -> None:
    """The settings of scrapy-playwright for a site that is rendered; raises BadOption where something is missing."""
    why = f"{site}: its profile says render = true, which needs"
    if find_spec("scrapy_playwright") is None:
        raise BadOption(f"{why} scrapy-playwright: pip install 'tinsach[render]'")
    browser = settings.get("TINSACH_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None or shutil.which(browser) is None:
        given = f" ({browser} is none)" if browser else ""
        raise BadOption(f"{why} Chromium{given}: apt-get install chromium, or set TINSACH_BROWSER to its path")
    launch = {
        "executable_path": browser,
        "args": [*_FLAGS],
        # The crawl decides when it ends; what is in flight still needs the browser.
        **dict.fromkeys(("handle_sigint", "handle_sigterm", "handle_sighup"), False),
    }
    settings.set("PLAYWRIGHT_LAUNCH_OPTIONS", launch, priority="spider")
    settings.set("PLAYWRIGHT_PROCESS_REQUEST_HEADERS", None, priority="spider")


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a script asked for, as the browser gets it."""

    status: int
    headers: dict[str, str]
    body: bytes


class RenderMiddleware:
    """Replaces the body of a site's articles by the DOM that Chromium made of it."""

    def __init__(self, crawler: Crawler, profile: Profile) -> None:
        from scrapy_playwright.handler import (  # type: ignore[import-untyped]  # noqa: PLC0415  # an extra
            ScrapyPlaywrightDownloadHandler,
        )

        logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)  # a page that fails is in the ledger and report
        self._crawler = crawler
        self._profile = profile
        self._browser = ScrapyPlaywrightDownloadHandler.from_crawler(crawler)
        self._scripts: OrderedDict[str, asyncio.Task[_Answer | None]] = OrderedDict()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RenderMiddleware":
        """NotConfigured for a site that needs no browser."""
        try:
            profile = load_profile(crawler.spidercls.name)
        except UnknownSite as error:
            raise NotConfigured from error
        if not profile.crawl.render:
            raise NotConfigured
        middleware = cls(crawler, profile)
        crawler.signals.connect(middleware.close, signal=signals.spider_closed)
        return middleware

    async def close(self) -> None:
        """End the browser."""
        await self._browser.close()

    async def process_response(self, request: Request, response: Response) -> Response:
        """The rendered page for an article that came whole, everything else as it is; raises RenderFailed."""
        if response.status != HTTPStatus.OK or not self._profile.is_article_url(response.url):
            return response
        from playwright.async_api import Error  # noqa: PLC0415  # an extra

        visit = _PageVisit(self, response)
        try:
            rendered = await asyncio.wait_for(self._browser.download_request(visit.request()), PAGE_SECONDS)
        except (Error, TimeoutError) as error:
            await visit.close()
            cause = str(error).partition("\n")[0] or f"no end in {PAGE_SECONDS:.0f} s"
            raise RenderFailed(f"could not be rendered: {cause}") from error
        body = rendered.text.encode("utf-8")
        if len(body) > self._crawler.settings.getint("DOWNLOAD_MAXSIZE"):
            raise RenderFailed(f"could not be rendered: its scripts made {len(body)} bytes of it")
        html = "text/html; charset=utf-8"
        kept = [pair for pair in request.meta[HEADERS_KEY] if pair[0].lower() != b"content-type"]
        request.meta[HEADERS_KEY] = (*kept, (b"Content-Type", html.encode()))
        request.meta[RENDERED_KEY] = f"Chromium/{self._browser.browser.version} playwright/{version('playwright')}"
        headers = response.headers.copy()
        headers["Content-Type"] = html
        return response.replace(body=body, headers=headers, encoding="utf-8")

    async def fetch(self, url: str, referer: str, *, is_script: bool) -> _Answer | None:
        """What a page's script asks for, the crawler's way; None when it may not be had."""
        if not is_script:
            return await self._download(url, referer)
        asked = self._scripts.get(url)
        if asked is None:  # pages opened side by side wait for the one download
            asked = self._scripts[url] = asyncio.create_task(self._download(url, referer))
            if len(self._scripts) > KEPT_SCRIPTS:
                self._scripts.popitem(last=False)
        answer = await asyncio.shield(asked)
        if (answer is None or answer.status != HTTPStatus.OK) and self._scripts.get(url) is asked:
            del self._scripts[url]
        return answer

    async def _download(self, url: str, referer: str) -> _Answer | None:
        request = Request(url, headers={"Referer": referer}, callback=NO_CALLBACK, dont_filter=True)
        try:
            response = await self._crawler.engine.download_async(request)
        except FETCH_ERRORS:
            return None
        headers = {
            name.decode("latin-1"): b", ".join(values).decode("latin-1")
            for name, values in response.headers.items()
            if name.decode("latin-1").lower() not in _WIRE_HEADERS
        }
        return _Answer(response.status, headers, response.body)


class _PageVisit:
    """One page in the browser, and what it may ask."""

    def __init__(self, middleware: RenderMiddleware, response: Response) -> None:
        self._middleware = middleware
        self._response = response
        self._is_given = False
        self._asked = 0
        self._page: Page | None = None

    def request(self) -> Request:
        """The request that makes scrapy-playwright open the page."""
        from scrapy_playwright.page import PageMethod  # type: ignore[import-untyped]  # noqa: PLC0415  # an extra

        meta = {
            "playwright": True,
            "playwright_context_kwargs": {"service_workers": "block", "accept_downloads": False},
            "playwright_page_init_callback": self._prepare,
            "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded", "timeout": LOAD_MS},
            "playwright_page_methods": [PageMethod(_settle)],
        }
        return Request(self._response.url, meta=meta)

    async def close(self) -> None:
        """Close the page of a visit that failed, so that its place is free; a page that hangs is left."""
        if self._page is not None and not self._page.is_closed():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._page.close(), CLOSE_SECONDS)

    async def _prepare(self, page: "Page", request: Request) -> None:  # noqa: ARG002  # scrapy-playwright's interface
        self._page = page
        await page.route_web_socket("**", lambda socket: socket.close())
        await page.route("**", self._answer)  # asked before scrapy-playwright's own, which would use the network

    async def _answer(self, route: "Route") -> None:
        asked = route.request
        if asked.is_navigation_request():
            if self._is_given:
                await route.abort()
                return
            self._is_given = True
            await self._give_page(route)
            return
        self._asked += 1
        answer = None
        if asked.method == "GET" and asked.resource_type in FETCHED_TYPES and self._asked <= MAX_REQUESTS:
            is_script = asked.resource_type == "script"
            answer = await self._middleware.fetch(asked.url, self._response.url, is_script=is_script)
        from playwright.async_api import Error  # noqa: PLC0415  # an extra

        with suppress(Error):  # the page was closed meanwhile
            if answer is None:
                await route.abort()
            else:
                await route.fulfill(status=answer.status, headers=answer.headers, body=answer.body)

    async def _give_page(self, route: "Route") -> None:
        content_type = (self._response.headers.get("Content-Type") or b"text/html").decode("latin-1")
        await route.fulfill(status=200, headers={"Content-Type": content_type}, body=self._response.body)


async def _settle(page: Any) -> None:
    """Wait until the page has asked nothing for half a second, or long enough."""
    from playwright.async_api import TimeoutError as TookTooLong  # noqa: PLC0415  # an extra

    with suppress(TookTooLong):
        await page.wait_for_load_state("networkidle", timeout=QUIET_MS)
