"""A second article below the first, as papers append it for a reader who scrolls on; pure.

Rule: it must open with a headline of its own, and markup must say that it is an article, or a date line that it came
out before; comments are articles to HTML too, a long article may be cut into several, and dates may head its parts.
"""

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from tinsach.cleaning.cues import is_date_line
from tinsach.cleaning.dates import Timestamp, parse_time
from tinsach.cleaning.segment import Drop
from tinsach.cleaning.survey import Leaf, Survey
from tinsach.cleaning.titles import heading_tag

MIN_ARTICLE_CHARS = 300  # of running text, in the first article and in the second
OPENING_LEAVES = 8  # among these an article shows its headline
OWN_DATE_LEAVES, DATE_LEAVES = 4, 2  # below a headline, where its date stands
MIN_HEADLINE_WORDS = 4
MIN_PARAGRAPHS = 2

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


def find_dated(survey: Survey, headline: int | None) -> Iterator[tuple[range, Drop]]:
    """The leaves from a headline on that has a date as the page's own has, and an earlier one.

    Several of a rank are a chronicle, one below others of its rank is a part of the article.
    """
    own = _find_date(survey.leaves, headline, OWN_DATE_LEAVES) if headline is not None else None
    if own is None or headline is None:
        return
    leaves = survey.leaves
    headings = [
        (n, heading_tag(leaves[n].owner)) for n in range(headline + 1, len(leaves)) if leaves[n].kind == "heading"
    ]
    dated = {n: at for n, _ in headings if (at := _find_date(leaves, n, DATE_LEAVES)) is not None}
    ranks = Counter(tag for n, tag in headings if n in dated)
    prose = survey.sum_up(lambda _, leaf: leaf.prose)
    seen = set()
    for number, tag in headings:
        is_first, at = tag not in seen, dated.get(number)
        seen.add(tag)
        if at is None or not is_first or ranks[tag] > 1 or prose[number] - prose[headline] < MIN_ARTICLE_CHARS:
            continue
        is_exact = tag == "h1" or at.precision != "day"
        end = _find_end(survey, headline, number)
        num_paragraphs = sum(leaf.prose > 0 for leaf in leaves[number:end])
        if is_exact and at.at <= own.at and num_paragraphs >= MIN_PARAGRAPHS:
            yield range(number, end), _APPENDED
            return


def _find_date(leaves: list[Leaf], number: int, most: int) -> Timestamp | None:
    """The date that stands right below a headline of some words; None without one."""
    if leaves[number].text.count(" ") < MIN_HEADLINE_WORDS - 1:
        return None
    for leaf in leaves[number + 1 : number + 1 + most]:
        if leaf.kind == "text" and is_date_line(leaf.text):
            return parse_time(leaf.text)
    return None


def _find_end(survey: Survey, headline: int, number: int) -> int:
    """Where the element around a heading ends; right there for a link that stands in the article's own text."""
    around = survey.leaves[number].owner.getparent()
    start, end = (number, number) if around is None else survey.spans.get(around, (number, number))
    return number if start <= headline and survey.leaves[number].linked else end


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
