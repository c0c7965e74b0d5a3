"""A second article below the first, as papers append it for a reader who scrolls on; pure.

Rule: markup must say that it is an article of its own, and it must open with a headline of its own; comments are
articles to HTML too, and a long article may be cut into several.
"""

from collections.abc import Iterator

from lxml import etree

from tinsach.cleaning.segment import Drop
from tinsach.cleaning.survey import Leaf, Survey
from tinsach.cleaning.titles import heading_tag

MIN_ARTICLE_CHARS = 300  # of running text, in the first article and in the second
OPENING_LEAVES = 8  # among these an article shows its headline

_APPENDED: Drop = ("teaser", "generic:second article")


def find_appended(survey: Survey, headline: int | None) -> Iterator[tuple[range, Drop]]:
    """The leaves of every article below the one that the headline heads."""
    if headline is None:
        return
    prose = survey.sum_up(lambda _, leaf: leaf.prose)
    own_end = _find_own_end(survey, headline)
    end_of_last = 0
    for element, (start, end) in survey.spans.items():
        if start <= headline or start < end_of_last or not _is_article(element):
            continue
        above = prose[min(own_end, start)] - prose[headline]
        if min(above, prose[end] - prose[start]) < MIN_ARTICLE_CHARS:
            continue
        tag = _find_first_heading(survey.leaves[start : min(end, start + OPENING_LEAVES)])
        is_beside = own_end <= start and above >= (prose[end] - prose[start]) / 2
        if tag == "h1" or (is_beside and tag == "h2"):
            yield range(start, end), _APPENDED
            end_of_last = end


def _find_first_heading(leaves: list[Leaf]) -> str:
    """The tag of the heading that opens an article, "" when a paragraph does."""
    for leaf in leaves:
        if leaf.kind == "heading":
            return heading_tag(leaf.owner)
        if leaf.prose:
            return ""
    return ""


def _find_own_end(survey: Survey, headline: int) -> int:
    """Where the article element around the headline ends; past the last leaf where there is none."""
    owner = survey.leaves[headline].owner
    for element in (owner, *owner.iterancestors()):
        if _is_article(element) and element in survey.spans:
            return survey.spans[element][1]
    return len(survey.leaves)


def _is_article(element: etree._Element) -> bool:
    return element.tag == "article" or element.get("role") == "article"
