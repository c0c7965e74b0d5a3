"""The one reader of JSON-LD: what a page's scripts say about the article on it.

Pure and bounded: text in, frozen values out; what cannot be read is ignored, nothing here raises on any input. Follows
https://www.w3.org/TR/json-ld11/ only as far as newspapers use it: `@graph`, lists, references by `@id`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from html import unescape
from itertools import chain, islice
from unicodedata import normalize

from tinsach.cleaning.loosejson import parse_scripts

Node = Mapping[str, object]

MAX_NODES = 500  # main nodes looked at in one page
MAX_ARTICLES = 20  # of these, articles that are compared
MAX_ITEMS = 200  # authors, keywords, images, crumbs taken from one list
MAX_DEPTH = 8  # of lists within lists, and of nodes that lead to other nodes
MAX_NAME_CHARS = 200  # a longer author or publisher is not a name

# https://schema.org/Article and the types below it, and what papers use in its place; lower case.
ARTICLE_TYPES = frozenset(
    {
        "advertisercontentarticle",
        "analysisnewsarticle",
        "article",
        "askpublicnewsarticle",
        "backgroundnewsarticle",
        "blogposting",
        "liveblogposting",
        "newsarticle",
        "opinionnewsarticle",
        "report",
        "reportagenewsarticle",
        "reviewnewsarticle",
        "satiricalarticle",
        "scholarlyarticle",
        "socialmediaposting",
        "techarticle",
    }
)
ORGANISATION_TYPES = frozenset({"corporation", "newsmediaorganization", "organization"})
# Keys under which a node holds other main nodes. Not `itemListElement`: there stand teasers, or crumbs.
FOLLOWED_KEYS = ("@graph", "mainEntity", "mainEntityOfPage", "breadcrumb")

_PREFIX = re.compile(r".*[/#:]", re.DOTALL)  # of a type: "https://schema.org/", "schema:"
_TAG = re.compile(r"</?(?:a|abbr|b|big|em|font|i|img|mark|small|span|strong|sub|sup|u)\b[^<>]*>", re.IGNORECASE)
_BLOCK_TAG = re.compile(r"</?(?:blockquote|br|div|figure|figcaption|h[1-6]|li|ol|p|tr|ul)\b[^<>]*>", re.IGNORECASE)
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]+")  # control characters, half characters


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsData:
    """What the JSON-LD of a page says; texts are NFC with entities resolved, absent is None or an empty tuple.

    `authors` are persons, and names without a type, in order; authors that are organisations or bear the publisher's
    name stand in `author_organisations`. `published` and `modified` are the page's own strings. `breadcrumb` holds the
    names in order, the home page among them where the page lists it. `images` are (url, caption). `section` is as
    written, which may be a comma list. `article_body` has one paragraph a line. `types` are the `@type`s of the page's
    main nodes, without prefix: those within an ItemList, and persons within an article, are not among them.
    """

    headline: str | None = None
    description: str | None = None
    published: str | None = None
    modified: str | None = None
    authors: tuple[str, ...] = ()
    author_organisations: tuple[str, ...] = ()
    section: str | None = None
    keywords: tuple[str, ...] = ()
    article_body: str | None = None
    breadcrumb: tuple[str, ...] = ()
    images: tuple[tuple[str, str | None], ...] = ()
    types: frozenset[str] = frozenset()
    url: str | None = None
    publisher: str | None = None

    @property
    def is_article(self) -> bool:
        """True when a main node of the page is an article."""
        return _name_article(self.types)


def read_jsonld(scripts: Iterable[str]) -> NewsData:
    """What the texts of a page's `application/ld+json` scripts say, taken together; never raises.

    Of several articles the one with the most fields counts, the first of equals. A page without an article (a section
    page's ItemList, an Organization) gives `types` and `breadcrumb` only.

    >>> read_jsonld(['{"@type": "NewsArticle", "headline": "Mưa l&#7899;n",}']).headline
    'Mưa lớn'
    """
    nodes = list(islice((node for value in parse_scripts(scripts) for node in _find_main_nodes(value)), MAX_NODES))
    by_id = {key: node for node in reversed(nodes) if len(node) > 1 and isinstance(key := node.get("@id"), str)}
    types = [_types(node) for node in nodes]
    news = islice((node for node, names in zip(nodes, types, strict=True) if _name_article(names)), MAX_ARTICLES)
    trails = (_read_breadcrumb(node) for node, names in zip(nodes, types, strict=True) if "BreadcrumbList" in names)
    return replace(
        max((_read_article(node, by_id) for node in news), key=_count_fields, default=NewsData()),
        types=frozenset(chain.from_iterable(types)),
        breadcrumb=next(filter(None, trails), ()),
    )


def _find_main_nodes(value: object) -> Iterator[Node]:
    """The page's main nodes in document order: top level, lists, `@graph` and what FOLLOWED_KEYS hold."""
    stack = [(value, 0)]
    while stack:
        value, depth = stack.pop()
        if isinstance(value, dict):
            yield value
            inner = [value[key] for key in FOLLOWED_KEYS if key in value]
        else:
            inner = value if isinstance(value, list) else []
        if depth < MAX_DEPTH:
            stack.extend((item, depth + 1) for item in reversed(inner[:MAX_NODES]) if isinstance(item, (dict, list)))


def _types(node: Node) -> list[str]:
    """`@type` of a node as names without "http://schema.org/" or "schema:"."""
    value = node.get("@type")
    names = [value] if isinstance(value, str) else [name for name in _items(value) if isinstance(name, str)]
    return [name for written in names if (name := _read_type(written))]


@lru_cache(maxsize=256)  # the same two dozen names on every page
def _read_type(written: str) -> str | None:
    return _clean(_PREFIX.sub("", written[-MAX_NAME_CHARS:]))


def _name_article(types: Iterable[str]) -> bool:
    return any(name.lower() in ARTICLE_TYPES for name in types)


def _count_fields(article: NewsData) -> int:
    return sum(bool(getattr(article, field.name)) for field in fields(article))


def _read_article(node: Node, by_id: Mapping[str, Node]) -> NewsData:
    publisher = next(iter(_names(node.get("publisher"), by_id)), (None, False))[0]
    authors = _names(node.get("author") or node.get("creator"), by_id)
    organisations = {name for name, is_organisation in authors if is_organisation or name == publisher}
    return NewsData(
        headline=_text(node.get("headline")) or _text(node.get("name")),
        description=_text(node.get("description")),
        published=_text(node.get("datePublished")),
        modified=_text(node.get("dateModified")),
        authors=tuple(dict.fromkeys(name for name, _ in authors if name not in organisations)),
        author_organisations=tuple(dict.fromkeys(name for name, _ in authors if name in organisations)),
        section=_text(node.get("articleSection")),
        keywords=_read_keywords(node.get("keywords")),
        article_body=_read_body(node.get("articleBody")),
        images=_read_images(node.get("image"), by_id),
        url=_read_url(node),
        publisher=publisher,
    )


def _names(value: object, by_id: Mapping[str, Node]) -> list[tuple[str, bool]]:
    """Persons or organisations as (name, is an organisation); an address is not a name."""
    names = []
    for item in _items(value):
        node = _resolve(item, by_id)
        name = _text(node)
        if name and len(name) <= MAX_NAME_CHARS and not name.startswith(("http://", "https://")):
            kinds = {kind.lower() for kind in _types(node)} if isinstance(node, dict) else set()
            names.append((name, bool(kinds & ORGANISATION_TYPES) and "person" not in kinds))
    return names


def _read_keywords(value: object) -> tuple[str, ...]:
    """Keywords in order without repeats; one string is split at its commas or semicolons."""
    words = _texts(value)
    if len(words) == 1:
        words = [word.strip() for word in re.split("[,;]", words[0])]
    return tuple(dict.fromkeys(filter(None, words)))


def _read_body(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    lines = _drop_tags(_BLOCK_TAG.sub("\n", _unescape(value))).splitlines()
    return "\n".join(filter(None, map(_tidy, lines))) or None


def _read_images(value: object, by_id: Mapping[str, Node]) -> tuple[tuple[str, str | None], ...]:
    images: dict[str, str | None] = {}
    for item in _items(value):
        node = _resolve(item, by_id)
        caption = _text(node.get("caption")) if isinstance(node, dict) else None
        url = (_text(node.get("url")) or _text(node.get("contentUrl"))) if isinstance(node, dict) else _text(node)
        if url:
            images[url] = images.get(url) or caption
    return tuple(images.items())


def _read_url(node: Node) -> str | None:
    page = node.get("mainEntityOfPage")
    inner = (page.get("@id"), page.get("url")) if isinstance(page, dict) else (page,)
    addresses = (_text(value) for value in (node.get("url"), *inner, node.get("@id")))
    return next((url for url in addresses if url and url.startswith(("http://", "https://"))), None)


def _read_breadcrumb(node: Node) -> tuple[str, ...]:
    """The names of a BreadcrumbList by position, in document order where positions are missing."""
    crumbs: list[tuple[float, str]] = []
    for item in _items(node.get("itemListElement")):
        if isinstance(item, dict):
            name = _text(item.get("name")) or _text(item.get("item") if isinstance(item.get("item"), dict) else None)
            position = _text(item.get("position")) or ""
            if name:
                crumbs.append((int(position) if re.fullmatch("[0-9]{1,4}", position) else len(crumbs) + 1, name))
    return tuple(name for _, name in sorted(crumbs, key=lambda crumb: crumb[0]))


def _resolve(value: object, by_id: Mapping[str, Node]) -> object:
    """The node that a bare `{"@id": …}` refers to, any other value as it is."""
    if isinstance(value, dict) and "name" not in value and "url" not in value:
        return by_id.get(str(value.get("@id")), value)
    return value


def _items(value: object) -> list[object]:
    """A value as a flat list of at most MAX_ITEMS: lists within lists opened, None left out."""
    if not isinstance(value, list):
        return [] if value is None else [value]
    items: list[object] = []
    stack: list[tuple[object, int]] = [(value, 0)]
    while stack and len(items) < MAX_ITEMS:
        value, depth = stack.pop()
        if isinstance(value, list):
            if depth < MAX_DEPTH:
                stack.extend((item, depth + 1) for item in reversed(value[:MAX_ITEMS]))
        elif value is not None:
            items.append(value)
    return items


def _texts(value: object) -> list[str]:
    return [text for item in _items(value) if (text := _text(item))]


def _text(value: object) -> str | None:
    """A string on one line; of a list its first, of a node its `@value` or name; None when empty."""
    if isinstance(value, str):
        plain = _unescape(value)
        return _clean(_BLOCK_TAG.sub(" ", plain) if "<" in plain else plain)
    if isinstance(value, dict):
        inner = value.get("@value") or value.get("name")
        return _clean(_unescape(inner)) if isinstance(inner, str) else _text(inner) if isinstance(inner, list) else None
    if isinstance(value, list):
        return next((text for item in _items(value) if (text := _text(item))), None)
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _unescape(text: str) -> str:
    """Entities resolved, also those that were escaped twice (tuoitre.vn) or thrice."""
    for _ in range(3):
        if "&" not in text:
            break
        text = unescape(text)
    return text


def _clean(text: str) -> str | None:
    return _tidy(_drop_tags(text)) or None


def _drop_tags(text: str) -> str:
    return _TAG.sub("", text) if "<" in text else text


def _tidy(text: str) -> str:
    """NFC, runs of blanks as one, and nothing that cannot be stored."""
    line = text.strip()
    if "  " not in line and line.isprintable():
        return line if line.isascii() else normalize("NFC", line)
    line = " ".join(normalize("NFC", text).split())
    return line if line.isprintable() else " ".join(_UNSTORABLE.sub("", line).split())
