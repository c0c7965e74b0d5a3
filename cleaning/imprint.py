"""What stands around an unknown article and belongs to its record: name, time, section, tags; pure.

Only what the page's head does not say is taken from here. A place counts, and a shape: a name or a date right beside
the headline, a name right below the text, links that lead to tags, the crumbs that close with the headline.
"""

import re
from collections.abc import Iterator
from typing import cast

from lxml import etree

from tinsach.cleaning.cues import is_date_line
from tinsach.cleaning.dates import parse_time
from tinsach.cleaning.names import is_person_name
from tinsach.cleaning.segment import normalise
from tinsach.cleaning.survey import Leaf
from tinsach.cleaning.template import Imprint
from tinsach.cleaning.trimming import Draft

NEAR_LEAVES = 12  # between headline and text
ABOVE_LEAVES = 4  # above the headline
BELOW_LEAVES = 3  # below the text: a signature
TAIL_LEAVES = 40  # below the text: tags
MAX_DATE_CHARS = 80
MAX_TAG_CHARS = 60
MIN_TAG_SHARE = 0.7  # of a line of tags that stands in links
MAX_TAGS = 30
MAX_CRUMBS = 8
MAX_CRUMB_ELEMENTS = 5

_CRUMBS = etree.XPath(  # from attribute to element: quicker than three tests of every element
    "/descendant::*/@class[contains(., 'readcrumb') or contains(., 'bread-crumb')]/.."
    " | /descendant::*/@aria-label[contains(., 'readcrumb')]/.."
    " | /descendant::*/@itemtype[contains(., 'BreadcrumbList')]/.."
)
MAX_STAMP_LEAVES = 3  # below the element of one of them

_CLOCK = re.compile(r"\d\s*[:hg]\s*\d\d")
_STAMP = re.compile(  # as blogs and Drupal have it
    r"(?:posted|published|submitted|written|created)(?:\s+on\s+(?P<before>\S.{5,40}?))?\s+by\s+(?P<name>\S.{1,50}?)"
    r"(?:\s+on\s+(?P<after>\S.{5,40}))?",
    re.IGNORECASE,
)
_TAG_PATH = re.compile(r"/(?:tags?|tu-khoa|chu-de|hashtag|topics?|label)/|-tag\d|[?&]tag=|/tag-", re.IGNORECASE)
_TAG_LABEL = re.compile(
    r"^\W{0,3}(?:từ\s+kh[oó][aá]|tags?|chủ\s+đề|thẻ|hashtags?|xem\s+thêm\s+về)\s*:?\s*", re.IGNORECASE
)


def read_imprint(draft: Draft) -> Imprint:
    """The names, the dates, the tags and the crumbs that stand around the body; each empty where there is none."""
    tags = tuple(dict.fromkeys(_find_tags(draft)))[:MAX_TAGS]
    return Imprint(tuple(_find_names(draft)), tuple(_find_dates(draft)), tags, tuple(_find_crumbs(draft)))


def _find_names(draft: Draft) -> Iterator[str]:
    """A name beside the headline, else one right below the text."""
    for stamp in _find_stamps(draft):
        yield stamp["name"]
        return
    for numbers in (_beside_headline(draft), range(draft.end, draft.end + BELOW_LEAVES)):
        for number, leaf in _pick(draft, numbers):
            is_text = draft.start <= number < draft.end and draft.drops[number] is None
            if not is_text and is_person_name(leaf.text):
                yield leaf.text
                return


def _find_dates(draft: Draft) -> Iterator[str]:
    """The date beside the headline that has a time of day, else the first."""
    texts = [leaf.text for _, leaf in _pick(draft, _beside_headline(draft)) if leaf.size <= MAX_DATE_CHARS]
    dates = [*_find_time_elements(draft), *filter(is_date_line, texts)]
    dates += [text for stamp in _find_stamps(draft) for text in stamp.group("before", "after") if text]
    yield from sorted(dates, key=lambda text: _CLOCK.search(text) is None)[:1]


def _find_stamps(draft: Draft) -> Iterator[re.Match[str]]:
    """Lines beside the headline that say who set the page up, and when."""
    for _, leaf in _pick(draft, _beside_headline(draft)):
        stamp = _STAMP.fullmatch(leaf.text) if leaf.size <= MAX_DATE_CHARS else None
        if stamp is not None:
            yield stamp


def _find_time_elements(draft: Draft) -> Iterator[str]:
    """What the <time> elements beside the headline give to machines."""
    for _, leaf in _pick(draft, _beside_headline(draft)):
        start, end = draft.survey.spans.get(leaf.owner, (0, 0))
        if 0 < end - start <= MAX_STAMP_LEAVES:
            times = (element.get("datetime") or "" for element in leaf.owner.iter("time"))
            yield from (text for text in times if parse_time(text) is not None)


def _beside_headline(draft: Draft) -> range:
    if draft.headline is None:
        return range(draft.start, draft.start + ABOVE_LEAVES)
    return range(draft.headline - ABOVE_LEAVES, draft.headline + NEAR_LEAVES)


def _find_tags(draft: Draft) -> Iterator[str]:
    """The links of lines that lead to tags, or stand behind the word for them, in or below the text."""
    first = max((number for number, leaf in draft.find_kept() if leaf.prose), default=draft.end)
    is_labelled = False
    for _, leaf in _pick(draft, range(first, draft.end + TAIL_LEAVES)):
        label = _TAG_LABEL.match(leaf.text)
        if leaf.linked < MIN_TAG_SHARE * (leaf.size - (label.end() if label else 0)) or not leaf.linked:
            is_labelled = label is not None and label.end() >= len(leaf.text) - 1
            continue
        if label or is_labelled or any(map(_TAG_PATH.search, leaf.hrefs)):
            yield from _link_texts(leaf, is_any=bool(label or is_labelled))


def _link_texts(leaf: Leaf, *, is_any: bool) -> Iterator[str]:
    links: list[etree._Element] = list(leaf.owner.iter("a"))
    if not links:  # the block stands inside the link
        links = list(leaf.owner.iterancestors("a"))[:1]
    for link in links:
        text = normalise("".join(link.itertext()))
        if 1 < len(text) <= MAX_TAG_CHARS and (is_any or _TAG_PATH.search(link.get("href") or "")):
            yield text


def _pick(draft: Draft, numbers: range) -> Iterator[tuple[int, Leaf]]:
    leaves = draft.survey.leaves
    for number in range(max(0, numbers.start), min(len(leaves), numbers.stop)):
        yield number, leaves[number]


def _find_crumbs(draft: Draft) -> Iterator[str]:
    """The links of the first element that calls itself a breadcrumb."""
    for element in cast(list[etree._Element], _CRUMBS(draft.survey.root))[:MAX_CRUMB_ELEMENTS]:
        crumbs = [normalise("".join(link.itertext())) for link in element.iter("a")]
        if 0 < len(crumbs) <= MAX_CRUMBS:
            yield from (crumb for crumb in crumbs if 1 < len(crumb) <= MAX_TAG_CHARS)
            return
