"""What a user chooses for one crawl, and its form as Scrapy settings; checked before anything is fetched.

Without Scrapy, which takes half a second to load: who starts a crawl needs this, and only the crawl's child needs that.
"""

import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tinsach.crawler.sitemaps import Span
from tinsach.datasets.layout import BrokenWorld, DataDir, resolve_data_dir
from tinsach.datasets.moments import parse_since

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

MAX_PAGES = 50
_CONTACT = re.compile(r"https?://[^\s()<>]+|[^\s()<>@]+@[^\s()<>@]+")


class BadOption(BrokenWorld):
    """A crawl was asked for in a way that can't be; names the option, its value and what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlOptions:
    """One crawl's options. None is "not given": the setting, the environment or the site's profile decides.

    `since` is aware; `only` are the days of a backfill; `now` is what a replay takes for the start of its run, which
    asks for the maps of the month that is on tape; `delay_seconds` 0 also turns AutoThrottle off, as for a server
    on this machine. `record` is a folder for a tape of all answers, `replay` a tape to answer from, without any network
    (see `tape`).
    """

    data: DataDir
    origin: str | None = None
    contact: str | None = None
    since: datetime | None = None
    only: Span | None = None
    limit: int | None = None
    revisit_now: bool = False
    delay_seconds: float | None = None
    concurrency: int | None = None
    timeout_seconds: float | None = None
    max_pages: int = MAX_PAGES
    log_level: str = "WARNING"
    run: str | None = None
    discover_only: bool = False
    record: Path | None = None
    replay: Path | None = None
    now: datetime | None = None


def to_settings(options: CrawlOptions) -> dict[str, str]:
    """The options as `-s NAME=VALUE` pairs; what is None is left out."""
    given = {
        "TINSACH_DATA": str(options.data.root.absolute()),
        "TINSACH_ORIGIN": options.origin,
        "TINSACH_CONTACT": options.contact,
        "TINSACH_SINCE": options.since.isoformat() if options.since else None,
        "TINSACH_FROM": options.only.start.isoformat() if options.only else None,
        "TINSACH_TO": options.only.end.isoformat() if options.only else None,
        "TINSACH_LIMIT": options.limit,
        "TINSACH_REVISIT_NOW": int(options.revisit_now),
        "TINSACH_MAX_PAGES": options.max_pages,
        "TINSACH_RUN": options.run,
        "DOWNLOAD_DELAY": options.delay_seconds,
        "CONCURRENT_REQUESTS_PER_DOMAIN": options.concurrency,
        "AUTOTHROTTLE_ENABLED": 0 if options.delay_seconds == 0 else None,
        "DOWNLOAD_TIMEOUT": options.timeout_seconds,
        "LOG_LEVEL": options.log_level,
        "TINSACH_DISCOVER_ONLY": 1 if options.discover_only else None,
        "TINSACH_TAPE": options.record or options.replay,
        "TINSACH_NOW": options.now.isoformat() if options.now else None,
        "DOWNLOAD_HANDLERS": _choose_handlers(options),
    }
    return {name: str(value) for name, value in given.items() if value is not None}


def _choose_handlers(options: CrawlOptions) -> str | None:
    """Who answers requests instead of the site's server, as JSON; None: nobody."""
    if not (options.record or options.replay):
        return None
    from tinsach.crawler.settings import DOWNLOAD_HANDLERS  # noqa: PLC0415  # loads Scrapy

    name = f"tinsach.crawler.tape.{'Replay' if options.replay else 'Recording'}DownloadHandler"
    return json.dumps({**DOWNLOAD_HANDLERS, "http": name, "https": name})


def read_options(settings: "BaseSettings", now: datetime) -> CrawlOptions:
    """The options that Scrapy settings hold, checked; raises BadOption."""
    folder = settings.get("TINSACH_DATA")
    options = CrawlOptions(
        data=resolve_data_dir(Path(folder) if folder else None),
        origin=settings.get("TINSACH_ORIGIN") or None,
        contact=settings.get("TINSACH_CONTACT") or None,
        since=read_since(settings.get("TINSACH_SINCE"), now),
        only=parse_days(settings.get("TINSACH_FROM"), settings.get("TINSACH_TO"), now),
        limit=_read_count(settings, "TINSACH_LIMIT"),
        revisit_now=settings.getbool("TINSACH_REVISIT_NOW"),
        max_pages=_read_count(settings, "TINSACH_MAX_PAGES") or MAX_PAGES,
        run=settings.get("TINSACH_RUN") or None,
        discover_only=settings.getbool("TINSACH_DISCOVER_ONLY"),
        now=datetime.fromisoformat(settings["TINSACH_NOW"]) if settings.get("TINSACH_NOW") else None,
    )
    return check_options(options)


def check_options(options: CrawlOptions) -> CrawlOptions:
    """The same options, the origin without its last slash; raises BadOption for what no crawl can obey."""
    origin = options.origin
    if origin is not None:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
            raise BadOption(f"--origin {origin}: not a server's address; write it like http://127.0.0.1:8000")
        origin = origin.rstrip("/")
    if options.contact is not None and not _CONTACT.fullmatch(options.contact):
        raise BadOption(
            f"--contact {options.contact!r}: neither a mail address nor a URL; sites must be able to reach you"
        )
    if options.contact is None and not is_loopback(origin):
        raise BadOption(
            "no contact: sites must be able to reach whoever crawls them; "
            "set TINSACH_CONTACT (or --contact) to a mail address or URL of yours"
        )
    if options.since and options.only:
        raise BadOption("--since and --from: a backfill has its own days; leave --since out")
    if options.limit is not None and options.limit < 1:
        raise BadOption(f"--limit {options.limit}: must be 1 or more")
    return replace(options, origin=origin)


def wants_items(settings: "BaseSettings") -> bool:
    """Whether a crawl has somewhere to send items: a feed, a pipeline, or TINSACH_ITEMS says so."""
    asked = settings.get("TINSACH_ITEMS")
    if asked not in (None, ""):
        return settings.getbool("TINSACH_ITEMS")
    return any(settings.get(name) for name in ("FEEDS", "FEED_URI", "ITEM_PIPELINES"))


def check_feeds(feeds: Mapping[Any, Any]) -> None:
    """Raises BadOption for a Parquet file that would have to be appended to."""
    for uri, options in feeds.items():
        path = Path(str(uri).removeprefix("file://"))
        if options.get("format") == "parquet" and not options.get("overwrite") and path.exists():
            raise BadOption(f"-o {path}: Parquet can't be appended to; -O {path} replaces it")


def user_agent(options: CrawlOptions) -> str:
    """Product, version and whom to reach, as robots.txt authors and site keepers expect it."""
    return f"tinsach/{version('tinsach')} (+{options.contact or 'loopback'})"


def describe_crawl(settings: "BaseSettings") -> dict[str, str]:
    """What an archive says of how it was crawled: software, manners and bounds, as fields of its warcinfo."""
    return {
        "software": f"tinsach/{version('tinsach')} Scrapy/{version('scrapy')}",
        "operator": settings.get("TINSACH_CONTACT") or "not named (loopback)",
        "http-header-user-agent": settings["USER_AGENT"],
        "robots": "obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
        "delay-seconds": f"{settings.getfloat('DOWNLOAD_DELAY'):g} (at least; a larger Crawl-delay is obeyed)",
        "concurrency": settings["CONCURRENT_REQUESTS_PER_DOMAIN"],
        "max-body-bytes": settings["DOWNLOAD_MAXSIZE"],
    }


def is_loopback(origin: str | None) -> bool:
    """Whether the origin is this very machine, by its literal address (a name could lead anywhere).

    >>> is_loopback("http://127.0.0.1:8000"), is_loopback("http://mirror.example"), is_loopback(None)
    (True, False, False)
    """
    host = (urlsplit(origin).hostname or "") if origin else ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def parse_days(start: str | None, end: str | None, now: datetime) -> Span | None:
    """The days of a backfill: from `start` to the end of the day `end` (or to that moment), else to now.

    None without `start`; raises BadOption.
    """
    if not start:
        if end:
            raise BadOption(f"--to {end}: needs --from, the first day")
        return None
    try:
        first, last = parse_since(start, now), parse_since(end, now) if end else now
    except ValueError as error:
        raise BadOption(f"--from, --to: {error}") from error
    if end and re.fullmatch(r"\d{4}-?\d\d-?\d\d", end):
        last += timedelta(days=1)
    if first >= last:
        raise BadOption(f"--from {start} --to {end or 'now'}: ends before it begins")
    return Span(first, last)


def read_since(text: str | None, now: datetime) -> datetime | None:
    """What `--since` means, None when it is not given; raises BadOption."""
    if not text:
        return None
    try:
        return parse_since(text, now)
    except ValueError as error:
        raise BadOption(f"--since {error}") from error


def _read_count(settings: "BaseSettings", name: str) -> int | None:
    value = settings.get(name)
    if value in (None, ""):
        return None
    try:
        return int(value)
    except ValueError:
        raise BadOption(f"{name}={value}: not a whole number") from None
