"""Names that stay: the key of a URL and the id of an article. Pure functions of their arguments."""

import re
from urllib.parse import urlsplit

from courlan import normalize_url

_LOWER_ESCAPE = re.compile(r"%[0-9a-f]{2}|%[0-9a-f][0-9A-F]|%[0-9A-F][0-9a-f]")


def url_key(url: str) -> str:
    """The URL without what does not change the page: scheme, "www.", default port, fragment, trackers, query order.

    Raises ValueError for what is no absolute http(s) URL.

    >>> url_key("https://www.qdnd.vn/chinh-tri/bai-viet-1?utm_source=x&b=2&a=1#cmt")
    'qdnd.vn/chinh-tri/bai-viet-1?a=1&b=2'
    """
    parts = urlsplit(url.strip())
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or parts.port == 0:  # a bad port raises
        raise ValueError(f"not an absolute http(s) URL: {url!r}")
    normal = normalize_url(parts._replace(fragment=""), strict=False)
    _, _, rest = normal.partition("://")
    rest = _LOWER_ESCAPE.sub(lambda match: match[0].upper(), rest)
    host, slash, path = rest.removeprefix("www.").partition("/")
    return f"{host}{slash or '/'}{path}"


def record_id(site: str, url: str, article_id: str | None) -> str:
    """The stable id of an article: its site and the site's own number, else the key of its URL.

    >>> record_id("ngaynay.vn", "https://ngaynay.vn/mot-bai-post167238.html", "167238")
    'ngaynay.vn:167238'
    >>> record_id("ngaynay.vn", "https://ngaynay.vn/mot-bai.html?utm_medium=rss", None)
    'ngaynay.vn/mot-bai.html'
    """
    return f"{site}:{article_id}" if article_id else url_key(url)
