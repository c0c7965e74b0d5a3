"""Names that stay: the key of a URL and the id of an article. Pure functions of their arguments."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from courlan import normalize_url

_LOWER_ESCAPE = re.compile(r"%[0-9a-f]{2}|%[0-9a-f][0-9A-F]|%[0-9A-F][0-9a-f]")
_CONTROL = re.compile(r"[\0-\x1f\x7f]")
MAX_URL_BYTES = 8_000  # what servers take; no reader of WARC files takes a header of more than 32 KiB
# The same article in another dress: for telephones, for Google's cache, for paper.
_VARIANT_HOSTS = ("www.", "m.", "mobile.", "wap.", "amp.")
_VARIANT_FOLDERS = frozenset({"amp", "print", "mobile"})
_VARIANT_SUFFIX = re.compile(r"[./-](?:amp|print)(?=\.\w{2,5}$|$)")
_VARIANT_PREFIX = re.compile(r"(?<=/)print-(?=\d+(?:\.\w{2,5})?$)")
_VARIANT = re.compile(r"//(?:[^/]*\.)?(?:m|mobile|wap|amp)\.|[/.-](?:amp|print)(?![^/.?&#-])", re.IGNORECASE)
_ENDINGS = (".html", ".htm", ".chn", ".vnp", ".tpo", ".vov")  # of articles whose AMP page ends in .amp instead
_VARIANT_PARAMETERS = frozenset({"amp", "outputtype", "print", "m", "mobile", "view"})
_VARIANT_VALUES = frozenset({"", "1", "true", "amp", "print", "mobile"})

KeyOf = Callable[[str], str]


def url_key(url: str) -> str:
    """The URL without what does not change the page: scheme, "www.", default port, fragment, trackers, query order.

    Raises ValueError for what is no absolute http(s) URL.

    >>> url_key("https://www.qdnd.vn/chinh-tri/bai-viet-1?utm_source=x&b=2&a=1#cmt")
    'qdnd.vn/chinh-tri/bai-viet-1?a=1&b=2'
    """
    parts = _split(url)
    normal = normalize_url(parts._replace(fragment=""), strict=False)
    _, _, rest = normal.partition("://")
    rest = _LOWER_ESCAPE.sub(lambda match: match[0].upper(), rest)
    host, slash, path = rest.removeprefix("www.").partition("/")
    return f"{host}{slash or '/'}{path}"


def page_key(url: str, find_article_id: Callable[[str], str | None] = lambda _: None) -> str:
    """What the ledger knows a page by: "id:" and the site's own number, else its key without AMP, mobile and print.

    Raises ValueError for what is no absolute http(s) URL.

    >>> page_key("https://ngaynay.vn/mot-bai-post167238.html?zalo=1", lambda url: "167238")
    'id:167238'
    >>> page_key("https://m.baomoi.vn/amp/mot-bai?id=7&outputType=amp")
    'baomoi.vn/mot-bai?id=7'
    """
    parts = _split(url)
    article_id = find_article_id(url.strip())
    if article_id:
        return f"id:{article_id}"
    plain = _fold(parts)
    article_id = next(filter(None, map(find_article_id, _plain_forms(parts, plain))), None)
    return f"id:{article_id}" if article_id else url_key(plain.geturl())


def is_variant(url: str) -> bool:
    """Whether the address may be that of an AMP, mobile or print page; most are plainly not."""
    return _VARIANT.search(url) is not None


def list_plain_forms(url: str) -> Iterator[str]:
    """What the address of an AMP, mobile or print page may be without that, and without "www.".

    Raises ValueError for what is no absolute http(s) URL.

    >>> list(list_plain_forms("https://m.qdnd.vn/print/xa-hoi/mot-bai-751846?amp=1"))
    ['https://qdnd.vn/xa-hoi/mot-bai-751846']
    >>> next(list_plain_forms("https://tuoitre.vn/mot-bai-20260508190000333.amp.htm"))
    'https://tuoitre.vn/mot-bai-20260508190000333.htm'
    """
    parts = _split(url)
    return _plain_forms(parts, _fold(parts))


def is_web_address(url: str) -> bool:
    """Whether a record can be named by this URL: absolute, http(s), of MAX_URL_BYTES at most, no control characters.

    A line end would write headers of its own into a WARC record.
    """
    try:
        url_key(url)
    except ValueError:
        return False
    return len(url.encode()) <= MAX_URL_BYTES and not _CONTROL.search(url)


def record_id(site: str, url: str, article_id: str | None) -> str:
    """The stable id of an article: its site and the site's own number, else the key of its URL.

    >>> record_id("ngaynay.vn", "https://ngaynay.vn/mot-bai-post167238.html", "167238")
    'ngaynay.vn:167238'
    >>> record_id("ngaynay.vn", "https://ngaynay.vn/mot-bai.html?utm_medium=rss", None)
    'ngaynay.vn/mot-bai.html'
    """
    return f"{site}:{article_id}" if article_id else url_key(url)


def _split(url: str) -> SplitResult:
    parts = urlsplit(url.strip())
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or parts.port == 0:  # a bad port raises
        raise ValueError(f"not an absolute http(s) URL: {url!r}")
    return parts


def _plain_forms(parts: SplitResult, plain: SplitResult) -> Iterator[str]:
    yield plain.geturl()
    if parts.path.lower().endswith(".amp"):
        yield from (plain._replace(path=plain.path + ending).geturl() for ending in _ENDINGS)


def _fold(parts: SplitResult) -> SplitResult:
    """Without AMP, mobile and print, however often that is said."""
    while (folded := _fold_once(parts)) != parts:
        parts = folded
    return parts


def _fold_once(parts: SplitResult) -> SplitResult:
    host = parts.netloc.lower()
    dress = next((label for label in _VARIANT_HOSTS if host.startswith(label) and "." in host[len(label) :]), "")
    folders = parts.path.split("/")
    if folders[-1].lower() in _VARIANT_FOLDERS or folders[-2:] in (["amp", ""], ["print", ""]):
        folders = folders[: -1 if folders[-1] else -2]  # …/bai/amp
    if len(folders) > 2 and folders[1].lower() in _VARIANT_FOLDERS:  # /amp/bai
        folders = folders[:1] + folders[2:]
    path = _VARIANT_PREFIX.sub("", _VARIANT_SUFFIX.sub("", "/".join(folders)))  # bai.amp.html, bai.amp, print-7.html
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not (name.lower() in _VARIANT_PARAMETERS and value.lower() in _VARIANT_VALUES)
    ]
    query_text = parts.query if len(query) == len(parse_qsl(parts.query, keep_blank_values=True)) else urlencode(query)
    return parts._replace(netloc=host[len(dress) :], path=path or "/", query=query_text)
