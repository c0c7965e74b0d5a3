"""Which element of an unknown page holds the article, and where in it the running text stands; pure.

Every leaf has a weight, running text a positive one, links and labels a negative one. The element whose leaves weigh
most together is the body: what lies around it costs more than it brings. (The idea of a maximal subsequence of
content tokens is from Finn, Kushmerick and Smyth, 2001; here the subsequences are elements.)
"""

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from tinsach.cleaning.segment import Drop
from tinsach.cleaning.survey import Leaf, Survey

TEXT_SHARE = 0.7  # of the running text that one element must hold as its own paragraphs to be the text container
CORE_SHARE = 0.7  # of the body's weight that an element must hold for the rest to be beside the article
MAX_TEASER_CHARS = 300
MAX_BESIDE_SHARE = 0.25
MAX_STRAY_CHARS = 60

_PARAGRAPH_TAGS = frozenset("p li h2 h3 h4 blockquote".split())
_GROUPS = frozenset("ul ol blockquote".split())
_BESIDE: Drop = ("teaser", "generic:below the article")
_AFTER: Drop = ("junk", "generic:after the text")
_BEFORE: Drop = ("junk", "generic:before the text")

Drops = list[Drop | None]


def weigh(leaf: Leaf, drop: Drop | None) -> float:
    """How much a leaf speaks for the element around it, in characters of running text."""
    if drop is not None:
        return -0.3 * min(leaf.size, 60)
    if leaf.prose:
        return leaf.prose
    if leaf.linked * 2 > leaf.size:
        return -20 - 0.3 * min(leaf.linked, 100)
    if leaf.kind == "heading":
        return 0
    if leaf.kind in ("item", "cell", "code"):
        return 0.2 * leaf.size - 3
    return -8


def find_body(survey: Survey, drops: Drops) -> etree._Element:
    """The element of the greatest weight, the innermost of equals; the root of a page without any block."""
    weights = survey.sum_up(lambda n, leaf: weigh(leaf, drops[n]))
    best, most = survey.root, float("-inf")
    for element, (start, end) in survey.spans.items():
        weight = weights[end] - weights[start]
        if start < end and weight >= most:
            best, most = element, weight
    return best


def drop_beside(survey: Survey, drops: Drops, body: etree._Element) -> Iterator[tuple[range, Drop]]:
    """Headlines with summaries below the element that holds most of the body."""
    start, end = survey.spans.get(body, (0, 0))
    weights = survey.sum_up(lambda n, leaf: weigh(leaf, drops[n]))
    prose = survey.sum_up(lambda n, leaf: leaf.prose if drops[n] is None else 0)
    summaries = survey.sum_up(lambda n, leaf: leaf.prose > 0 and drops[n] is None)
    headlines = survey.sum_up(lambda n, leaf: leaf.kind == "heading" and drops[n] is None)
    longest = _find_longest_below(survey, drops, start, end)
    total = weights[end] - weights[start]
    for element, (first, last) in survey.spans.items():
        is_core = start <= first and last < end and weights[last] - weights[first] >= CORE_SHARE * total
        if not is_core or element is body:
            continue
        num_summaries = summaries[end] - summaries[last]
        is_short = longest[last - start] <= MAX_TEASER_CHARS and prose[end] - prose[last] < MAX_BESIDE_SHARE * total
        if is_short and 0 < num_summaries <= headlines[end] - headlines[last]:
            yield range(last, end), _BESIDE
            return


def _find_longest_below(survey: Survey, drops: Drops, start: int, end: int) -> list[int]:
    """For each leaf of the slice, and one past its last: the size of the longest running text from there on."""
    longest = [0] * (end - start + 1)
    for number in range(end - 1, start - 1, -1):
        leaf = survey.leaves[number]
        own = leaf.size if leaf.prose and drops[number] is None else 0
        longest[number - start] = max(own, longest[number - start + 1])
    return longest


def drop_around(survey: Survey, drops: Drops, body: etree._Element) -> Iterator[tuple[range, Drop]]:
    """What follows the element that holds the paragraphs as its own, and short lines before it."""
    start, end = survey.spans.get(body, (0, 0))
    found = find_text_container(survey, drops, range(start, end))
    if found is None or found not in survey.spans:
        return
    first, last = survey.spans[found]
    yield range(min(last, end), end), _AFTER
    for number in range(start, min(first, end)):
        leaf = survey.leaves[number]
        if leaf.size < MAX_STRAY_CHARS and leaf.kind == "text":
            yield range(number, number + 1), _BEFORE


def find_text_container(survey: Survey, drops: Drops, numbers: range) -> etree._Element | None:
    """The parent of most of the paragraphs, None where no element has most of them."""
    shares: Counter[etree._Element] = Counter()
    for number in numbers:
        leaf = survey.leaves[number]
        if leaf.prose and drops[number] is None:
            shares[_parent_of_text(leaf.owner)] += leaf.prose
    if not shares:
        return None
    container, most = shares.most_common(1)[0]
    return container if most >= TEXT_SHARE * shares.total() else None


def _parent_of_text(owner: etree._Element) -> etree._Element:
    element = owner.getparent() if owner.tag in _PARAGRAPH_TAGS else owner
    while element is not None and element.tag in _GROUPS:
        element = element.getparent()
    return owner if element is None else element
