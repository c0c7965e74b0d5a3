"""What the markup of an element says about it: navigation, shares, teasers, bylines, captions are not the article.

Rule: a name counts as a whole. "newsletter-form" is a newsletter, "has-sidebar" and "post-tags-visible" are not what
they hold; names that single sites made up have no place here. No flag holds against most of a page's running text.
Pure.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from lxml import etree

from tinsach.cleaning.article import RemovalKind
from tinsach.cleaning.segment import Drop
from tinsach.cleaning.survey import Survey

MAX_NAME_CHARS = 300  # a longer class attribute is made by a tool and says nothing
MIN_REST_CHARS = 400  # of running text that a strong flag must leave
WEAK_SHARE = 0.3  # of the running text that a weak flag may take
MAX_FRAIL_CHARS = 200
MIN_BOX_TEXT_CHARS = 300  # of running text without any link: the box that explains a term, not one that leads away
MAX_BOX_CHARS = 500  # a newsletter's box says no more
MAX_BOX_LEVELS = 8  # from the field up to the box
MAX_DATES = 6  # a page with more of them is a list of dates


class Flag(NamedTuple):
    """Why an element is not the article; a strong one needs no second look."""

    kind: RemovalKind
    rule: str
    is_strong: bool


_Words = dict[RemovalKind, str]
_STRONG: _Words = {
    "widget": """nav navbar navigation subnav submenu menu megamenu breadcrumb breadcrumbs footer cookie cookies
        cookiebanner consent gdpr newsletter newsletters comment comments commentlist disqus outbrain taboola pagination
        adsense advertisement advertisements sharedaddy addtoany pullquote lightbox""",
    "teaser": """related relatedposts recommended recommendation recommendations recommends recirc recirculation
        mostread trending""",
}
_WEAK: _Words = {
    "widget": """sidebar sidenav share sharing sharebar shares social socials advert advertising ad ads adslot sponsor
        sponsored promo promos promotion promobox subscribe subscription signup modal popup popover alert toolbar pager
        rating ratings poll quiz search toc cta tooltip banner masthead paywall donate donation vote survey toast
        followus noprint feedback login register sharethis print embed tweet disclaimer disclosure""",
    "teaser": "readmore popular teaser teasers suggested suggestions similar upnext carousel",
    "byline": """author authors byline bylines bio authorbox authorbio contributor contributors meta postmeta metadata
        autor auteur""",
    "caption": "caption captions figcaption credit credits copyright attribution legend chuthich chuthichanh",
    "date": "date dates timestamp dateline pubdate published datetime datum fecha readtime",
    "tags": "tags taglist keywords hashtags tagcloud",
}
# These stand around text as often as around what they name.
_FRAIL = frozenset("ad ads advert banner masthead".split())
_PICTURES = "img image photo media picture pic"
_PAIRS: tuple[tuple[RemovalKind, str, str], ...] = (
    ("teaser", "read", "more next time"),
    ("teaser", "most", "read popular viewed shared"),
    ("teaser", "more", "stories news articles on from posts links"),
    ("teaser", "also", "read like"),
    ("teaser", "see", "also"),
    ("teaser", "up", "next"),
    ("teaser", "next", "article post story prev"),
    ("teaser", "prev", "next"),
    ("teaser", "latest", "news posts articles stories"),
    ("teaser", "editors", "picks"),
    ("widget", "post", "navigation nav info"),
    ("widget", "sign", "up in"),
    ("widget", "table", "contents of"),
    ("widget", "skip", "to link"),
    ("widget", "call", "to"),
    ("widget", "pull", "quote"),
    ("widget", "user", "comments"),
    ("widget", "sr", "only"),
    ("widget", "visually", "hidden"),
    ("widget", "screen", "reader"),
    ("widget", "twitter", "tweet"),
    ("widget", "instagram", "media"),
    ("widget", "tiktok", "embed"),
    ("widget", "fb", "post"),
    ("widget", "wp", "embedded"),
    ("widget", "video", "info item card player overlay time duration"),
    ("byline", "about", "author"),
    ("byline", "article", "info infos"),
    ("tags", "article", "tags"),
    ("date", "reading", "time"),
    ("caption", "chu", "thich"),
    *(("caption", word, "description desc text info caption credit copyright source") for word in _PICTURES.split()),
)
# What may follow a name without making it another thing.
_TRAILERS = frozenset(
    """box boxes block blocks list lists container wrapper wrap section sections item items area content contents widget
    widgets bar inner outer module modules link links group main desktop mobile top bottom left right form row col
    column panel component holder root region aside text info s button buttons icon icons tool tools grid ul card cards
    slider post posts article articles story stories news small large primary secondary global site page body layout
    slot placeholder template view unit zone w title heading headline header label name gallery profile biography
    details description""".split()
)
_NEGATORS = frozenset("no has with without is not hide show enable disable non".split())
_FOREIGN_PREFIXES = ("category-", "tag-", "type-", "format-", "status-", "term-")  # what a post is about (WordPress)
_NO_AUTHORS = ("authori", "authority")

_TAGS: dict[str, RemovalKind] = {
    **dict.fromkeys("nav footer aside button select textarea form dialog menu audio video label".split(), "widget"),
    "figcaption": "caption",
    "address": "byline",
}
_STRONG_TAGS = frozenset("nav footer select textarea button dialog audio video label figcaption".split())
_ROLES = frozenset(
    "navigation banner contentinfo complementary search dialog alertdialog alert menu menubar toolbar tablist".split()
)
# Blocks that hold text themselves: their names say what the text is, never what is listed beside it.
_TEXT_TAGS = frozenset("p h1 h2 h3 h4 h5 h6 li blockquote dd dt pre".split())
_TEXT_KINDS = frozenset(("byline", "caption", "date", "tags"))
_TEXT_WORDS = frozenset(("twitter-tweet", "instagram-media", "tweet", "ad", "ads"))
_NAMELESS_TAGS = frozenset("body html article main table tbody thead tfoot tr td th center".split())

_SIGN_UP: Drop = ("widget", "generic:around an e-mail field")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WORD = re.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_BUILD_HASH = re.compile(r"__?(?=[A-Za-z+-]*[0-9A-Z])[A-Za-z0-9+-]{5,6}$")  # "Newsletter_form__x7Yz2"
_DIGIT = re.compile(r"\d")


def _flags_of(words: _Words, *, is_strong: bool) -> dict[str, Flag]:
    return {word: Flag(kind, word, is_strong) for kind, names in words.items() for word in names.split()}


_SINGLE = _flags_of(_WEAK, is_strong=False) | _flags_of(_STRONG, is_strong=True)
_DOUBLE = {
    (first, second): Flag(kind, f"{first}-{second}", False) for kind, first, rest in _PAIRS for second in rest.split()
}


def find_chrome(survey: Survey, headline: int | None) -> Iterator[tuple[range, Drop]]:
    """The leaves that stand in flagged elements, strong flags first, outermost element first."""
    flagged = [
        (flag, *span) for element, span in survey.spans.items() if span[0] < span[1] and (flag := find_flag(element))
    ]
    has_dates = sum(flag.kind == "date" for flag, _, _ in flagged) > MAX_DATES
    prose = survey.sum_up(lambda _, leaf: leaf.prose)
    total = prose[-1]
    taken = bytearray(len(survey.leaves))
    end_of_last = 0
    for flag, start, end in flagged:
        if not flag.is_strong or start < end_of_last:
            continue
        inside = prose[end] - prose[start]
        holds_headline = headline is not None and start <= headline < end and inside > 0
        may_outweigh = flag.kind == "teaser" or "comment" in flag.rule
        if holds_headline or (inside > total / 2 and not (may_outweigh and total - inside >= MIN_REST_CHARS)):
            continue
        end_of_last = end
        taken[start:end] = b"\1" * (end - start)
        yield range(start, end), (flag.kind, flag.rule)
    free = survey.sum_up(lambda number, leaf: 0 if taken[number] else leaf.prose)
    linked = survey.sum_up(lambda _, leaf: leaf.linked)
    end_of_last = 0
    for flag, start, end in flagged:
        if flag.is_strong or start < end_of_last or (has_dates and flag.kind == "date"):
            continue
        if flag.rule == "tag:aside" and free[end] - free[start] >= MIN_BOX_TEXT_CHARS and linked[end] == linked[start]:
            continue
        most = MAX_FRAIL_CHARS if flag.rule.partition(":")[2] in _FRAIL else WEAK_SHARE * free[-1]
        if free[end] - free[start] <= most:
            end_of_last = end
            yield range(start, end), (flag.kind, flag.rule)


def find_sign_ups(survey: Survey, headline: int | None) -> Iterator[tuple[range, Drop]]:
    """What stands around a field for an e-mail address, as far as it is a box of its own."""
    sizes = survey.sum_up(lambda _, leaf: leaf.size)
    prose = survey.sum_up(lambda _, leaf: leaf.prose)
    for field in survey.root.iter("input"):
        if "mail" not in f"{field.get('type')} {field.get('name')}".lower():
            continue
        box = range(0)
        for element in islice(field.iterancestors(), MAX_BOX_LEVELS):
            start, end = survey.spans.get(element, (0, 0))
            is_too_much = (
                prose[end] - prose[start] > WEAK_SHARE * prose[-1] or sizes[end] - sizes[start] > MAX_BOX_CHARS
            )
            if is_too_much or (headline is not None and start <= headline < end):
                break
            box = range(start, end)
        yield box, _SIGN_UP


def find_flag(element: etree._Element) -> Flag | None:
    """What tag, role, visibility, class and id say of an element, in this order; None when they say nothing.

    >>> find_flag(etree.fromstring('<div class="newsletter-form__wrapper"/>'))
    Flag(kind='widget', rule='class:newsletter', is_strong=True)
    >>> find_flag(etree.fromstring('<div class="no-sidebar category-newsletter"/>')) is None
    True
    """
    tag = str(element.tag)
    kind = _TAGS.get(tag)
    if kind is not None:
        return Flag(kind, f"tag:{tag}", tag in _STRONG_TAGS)
    attributes = element.attrib
    if not attributes or tag in ("body", "html"):
        return None
    role = attributes.get("role")
    if role in _ROLES:
        return Flag("widget", f"role:{role}", False)
    if is_hidden(element):
        return Flag("widget", "markup:hidden", True)
    return None if tag in _NAMELESS_TAGS else _find_named(element, tag)


def is_hidden(element: etree._Element) -> bool:
    """Whether attribute or style hides the element; a hidden paragraph of `aria-hidden` is shown to those who see."""
    attributes = element.attrib
    if "hidden" in attributes or (attributes.get("aria-hidden") == "true" and element.tag not in _TEXT_TAGS):
        return True
    style = attributes.get("style")
    return style is not None and _HIDDEN_STYLE.search(style[:MAX_NAME_CHARS]) is not None


def _find_named(element: etree._Element, tag: str) -> Flag | None:
    flag, where = read_names(_short(element.get("class"))), "class"
    if tag in _TEXT_TAGS:
        if flag is not None and not (flag.is_strong or flag.kind in _TEXT_KINDS or flag.rule in _TEXT_WORDS):
            return None
    elif flag is None:
        name = _short(element.get("id"))
        flag, where = (None if _DIGIT.search(name) else read_names(name)), "id"
    return flag._replace(rule=f"{where}:{flag.rule}") if flag else None


def _short(value: str | None) -> str:
    return value if value and len(value) <= MAX_NAME_CHARS else ""


@lru_cache(maxsize=4096)
def read_names(names: str) -> Flag | None:
    """The first strong flag among names between spaces, else the first weak one."""
    flags = [flag for name in names.split() if (flag := _read_name(name))]
    return next((flag for flag in flags if flag.is_strong), flags[0] if flags else None)


def _read_name(name: str) -> Flag | None:
    if ":" in name or "[" in name or name.startswith(_FOREIGN_PREFIXES):  # a utility class, or what a post is about
        return None
    name = _BUILD_HASH.sub("", name.partition("--")[0])
    words = [word.lower() for word in _WORD.findall(name)]
    if not words or words[0] in _NEGATORS:
        return None
    for number, word in enumerate(words):
        flag, after = _SINGLE.get(word), number + 1
        if flag is None and word.startswith("author") and not word.startswith(_NO_AUTHORS):
            flag = _SINGLE["author"]
        if flag is None and after < len(words):
            flag, after = _DOUBLE.get((word, words[after])), number + 2
        if flag is not None and all(word in _TRAILERS or word in _SINGLE for word in words[after:]):
            return flag
    return None
