"""Scrapy's settings, each with its reason; the ones a user sets for a crawl (TINSACH_…) are read in options.py.

What differs from site to site (delay, concurrency, user agent with the contact) is set by NewsSpider.update_settings.
Everything can be overridden with `-s NAME=VALUE`.
"""

import os

from scrapy.settings import default_settings

BOT_NAME = "tinsach"
SPIDER_LOADER_CLASS = "tinsach.crawler.loader.ProfileSpiderLoader"  # every site profile is a spider
SPIDER_MODULES: list[str] = []

# What the user chooses. Empty is "not given".
TINSACH_DATA = ""  # the data folder; empty: the variable TINSACH_DATA, else ./data
TINSACH_CONTACT = os.environ.get("TINSACH_CONTACT", "")
TINSACH_ORIGIN = os.environ.get("TINSACH_ORIGIN", "")
TINSACH_SINCE = ""
TINSACH_FROM = ""  # with TINSACH_TO: a backfill of these days
TINSACH_TO = ""
TINSACH_LIMIT = ""
TINSACH_REVISIT_NOW = False
TINSACH_MAX_PAGES = 50  # of one section: a pagination without end must end
TINSACH_RUN = ""
TINSACH_DISCOVER_ONLY = False
TINSACH_TAPE = ""  # see tape.py
TINSACH_BROWSER = os.environ.get("TINSACH_BROWSER", "")  # the path of Chromium; empty: it is looked for on PATH
TINSACH_ITEMS = ""  # whether pages are cleaned into items; empty: when there is a feed or a pipeline for them

# Politeness
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "tinsach"  # robots.txt names the product, not its version and contact
AUTOTHROTTLE_ENABLED = True  # slower when the server is slower; never faster than the profile's delay
AUTOTHROTTLE_START_DELAY = 0.0  # the profile's delay is the floor, and where it starts
AUTOTHROTTLE_MAX_DELAY = 60.0
RETRY_TIMES = 2
RETRY_EXCEPTIONS = [  # Scrapy's without the timeout: who was waited for in vain is asked again by the next run
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.ResponseDataLossError",
]
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the ledger and the report keep every failure
DOWNLOAD_TIMEOUT = 60  # seconds; a page that takes longer is asked again by the next run
DOWNLOAD_MAXSIZE = 20 * 1024 * 1024  # bytes, also after decompression; the largest article page seen has 1.5 MB
DOWNLOAD_WARNSIZE = 0  # the limit above is what counts
DNS_TIMEOUT = 20

# Where requests may go
DOWNLOADER_MIDDLEWARES = {
    "tinsach.crawler.rendering.RenderMiddleware": 40,  # for profiles that say render = true; gets the final response
    "tinsach.crawler.origin.SiteHostsMiddleware": 50,
    # Scrapy's own takes a robots.txt that fails (5xx, no answer) for "all allowed"; RFC 9309 says all forbidden.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "tinsach.crawler.robots.CarefulRobotsMiddleware": 100,
    # Next to the network, below the retries (550): it sees every try, and holds each back while the host rests.
    "tinsach.crawler.patience.PatienceMiddleware": 620,
    # Lets every dont_filter request and every subdomain pass; the one above lets nothing pass but the site's hosts.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    # Fetches the public suffix list from the net at the first cookie, past robots, delay and origin.
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "tinsach.crawler.origin.SiteCookiesMiddleware": 700,
}
DOWNLOAD_HANDLERS = {
    "http": "tinsach.crawler.origin.OriginDownloadHandler",
    "https": "tinsach.crawler.origin.OriginDownloadHandler",
    "file": None,  # a redirect never reads a file of this machine
    "data": None,
    "ftp": None,
    "s3": None,
}
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False  # MCMS pages reload themselves every half hour
COOKIES_ENABLED = True  # the feeds of qdnd.vn redirect to themselves until the session cookie comes back
REFERER_ENABLED = True

# What is on disk is ours to write
HTTPCACHE_ENABLED = False  # the archive is the cache, the ledger knows the validators
JOBDIR = None  # the ledger is the queue

# No doors into the crawler: Scrapy 2.19 opens a port that runs Python code by default.
_doors = (  # in lower case: Scrapy takes what is in capitals for a setting
    "scrapy.extensions.remote_control.RemoteControl",
    "scrapy.extensions.telnet.TelnetConsole",
)
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
EXTENSIONS = {
    "scrapy.extensions.throttle.AutoThrottle": None,  # the next one, with the floor that robots.txt sets
    "tinsach.crawler.robots.FloorThrottle": 0,
}
# Not even loaded, which starts a crawl a quarter of a second sooner; what stands in EXTENSIONS is, with None too.
EXTENSIONS_BASE = {path: order for path, order in default_settings.EXTENSIONS_BASE.items() if path not in _doors}

# Spidermon, a quarter of a second at the start of each crawl, only for those who ask for it; see monitors.py.
SPIDERMON_ENABLED = os.environ.get("TINSACH_SPIDERMON", "") == "1"
SPIDERMON_SPIDER_CLOSE_MONITORS = ("tinsach.crawler.monitors.CloseMonitors",)

# Costs that buy nothing here: a response gives at most one item (Scrapy starts this many tasks for each), the types are
# checked, and the spider follows no links of its own.
CONCURRENT_ITEMS = 1
WARN_ON_GENERATOR_RETURN_VALUE = False
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}

FEED_EXPORTERS = {"parquet": "tinsach.crawler.feeds.ParquetItemExporter"}
FEED_STORAGES = {"": "tinsach.crawler.feeds.WholeFileStorage", "file": "tinsach.crawler.feeds.WholeFileStorage"}
FEED_EXPORT_ENCODING = "utf-8"  # `scrapy crawl SITE -O out.jsonl`: Vietnamese text stays readable
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "vi,en;q=0.5",
}
LOG_LEVEL = "INFO"
