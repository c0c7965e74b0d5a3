"""Teasers by their shape: cards of a linked headline and a summary, and lines that are one link; pure.

Rule: only links to the same site are teasers; a list of links to elsewhere is a list of sources.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from lxml import etree

from tinsach.cleaning.segment import Drop
from tinsach.cleaning.survey import Leaf, Survey, ends_sentence

MAX_CARD_LEAVES = 9
MAX_LONE_CARDS, MAX_LONE_LEAVES = 2, 3  # headline, summary, a label
MAX_CARD_CHARS = 700
MAX_SUMMARY_CHARS = 350
MAX_LIST_LEVELS = 4  # a box, its list, its rows
MIN_HEADLINE_CHARS = 20
MIN_CARD_LINK_SHARE = 0.12
MIN_LINE_LINK_SHARE = 0.8
MIN_SENTENCE_CHARS = 120  # a linked sentence of this length is text

_HOST = re.compile(r"(?:https?:)?//([^/?#:]{1,253})", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,20}:", re.IGNORECASE)
_NO_CARD_TAGS = frozenset("p table tbody thead tr".split())
_CARD: Drop = ("teaser", "generic:card")
_LINKED: Drop = ("teaser", "generic:linked line")


class Card(NamedTuple):
    """An element that advertises another page, as a slice of the survey's leaves."""

    element: etree._Element
    start: int
    end: int


def find_site(url: str) -> str:
    """The registered name of an address as far as its shape shows it, "" for a relative one.

    >>> find_site("https://www.bbc.co.uk/news"), find_site("/news/1.html")
    ('bbc.co.uk', '')
    """
    found = _HOST.match(url)
    labels = found[1].lower().split(".") if found else []
    if len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) == 2:
        return ".".join(labels[-3:])
    return ".".join(labels[-2:])


def leads_on(leaf: Leaf, site: str) -> bool:
    """Whether one of the links leads to another page of `site`."""
    return any(_is_own(href, site) for href in leaf.hrefs)


def _is_own(href: str, site: str) -> bool:
    if not href or href.startswith("#"):
        return False
    host = find_site(href)
    return host == site if host else not _OTHER_SCHEME.match(href)


def is_teaser(leaf: Leaf, site: str) -> bool:
    """Whether the line is a headline that leads to another page of `site`."""
    return leaf.linked >= MIN_HEADLINE_CHARS and leaf.linked >= 0.7 * leaf.size and leads_on(leaf, site)


def find_cards(survey: Survey, dropped: list[Drop | None], site: str) -> list[Card]:
    """The outermost elements that are cards: each has a headline, others of its kind, or a picture's link.

    A short list of cards has a card's size; it gives way to the cards inside it.
    """
    leaves = survey.leaves
    teasers = [is_teaser(leaf, site) for leaf in leaves]
    counts = survey.sum_up(lambda n, _: teasers[n])
    fitting = list(_find_fitting(survey, dropped, teasers))
    lists: set[etree._Element] = set()
    for _ in range(MAX_LIST_LEVELS):
        found = _pick_outermost(fitting, lists)
        sure = _pick_sure(found, leaves, teasers, site)
        unsure = {card.element for card in found if counts[card.end] - counts[card.start] > 1}
        unsure.difference_update(card.element for card in sure)
        if not unsure:
            break
        lists |= unsure
    return sure


def _find_fitting(survey: Survey, dropped: list[Drop | None], teasers: list[bool]) -> Iterator[Card]:
    """Every element that has the size and the texts of a card, in document order."""
    leaves = survey.leaves
    is_free = [not dropped[n] and leaf.size > 60 and leaf.linked < leaf.size / 2 for n, leaf in enumerate(leaves)]
    counts = survey.sum_up(lambda n, _: teasers[n])
    linked = survey.sum_up(lambda _, leaf: leaf.linked)
    sizes = survey.sum_up(lambda _, leaf: leaf.size)
    for element, (start, end) in survey.spans.items():
        if not 2 <= end - start <= MAX_CARD_LEAVES or counts[end] == counts[start]:
            continue
        size = sizes[end] - sizes[start]
        share_fits = MIN_CARD_LINK_SHARE * size <= linked[end] - linked[start]
        if element.tag in _NO_CARD_TAGS or size > MAX_CARD_CHARS or not share_fits:
            continue
        if _has_summaries(leaves[start:end], is_free[start:end], teasers[start:end]):
            yield Card(element, start, end)


def _pick_outermost(cards: Iterable[Card], lists: Collection[etree._Element]) -> list[Card]:
    """The cards that lie in no other one, save for `lists`, which are none."""
    found: list[Card] = []
    for card in cards:
        if card.element not in lists and (not found or card.start >= found[-1].end):
            found.append(card)
    return found


def _pick_sure(found: list[Card], leaves: list[Leaf], teasers: list[bool], site: str) -> list[Card]:
    kinds = Counter((card.element.tag, card.element.get("class")) for card in found)
    is_sure = [
        kinds[card.element.tag, card.element.get("class")] > 1
        or any(teasers[n] and leaves[n].kind == "heading" for n in range(card.start, card.end))
        for card in found
    ]
    lone = [card for card in found if _has_picture_link(card, leaves, site)]
    is_alone = len(lone) <= MAX_LONE_CARDS  # more are a list of things that the article is about
    return [card for card, sure in zip(found, is_sure, strict=True) if sure or (is_alone and card in lone)]


def _has_picture_link(card: Card, leaves: list[Leaf], site: str) -> bool:
    """Whether a picture of the card leads where its headline leads."""
    if card.end - card.start > MAX_LONE_LEAVES:
        return False
    hrefs = {href for leaf in leaves[card.start : card.end] if is_teaser(leaf, site) for href in leaf.hrefs}
    pictures = (link for link in card.element.iter("a") if next(link.iterdescendants("img"), None) is not None)
    return any(link.get("href") in hrefs for link in pictures)


def _has_summaries(leaves: list[Leaf], is_free: list[bool], teasers: list[bool]) -> bool:
    """At most two short texts a teaser, none before the first."""
    summaries = [leaf for leaf, free in zip(leaves, is_free, strict=True) if free]
    if len(summaries) > 2 * sum(teasers) or any(leaf.size > MAX_SUMMARY_CHARS for leaf in summaries):
        return False
    return not any(is_free[: teasers.index(True)])


def drop_cards(cards: list[Card]) -> Iterator[tuple[range, Drop]]:
    """The leaves of cards."""
    for card in cards:
        yield range(card.start, card.end), _CARD


def drop_linked_lines(leaves: list[Leaf], numbers: range, site: str) -> Iterator[tuple[range, Drop]]:
    """Lines that are nothing but a link within the page or the site; a linked sentence and a heading's anchor stay."""
    for number in numbers:
        leaf = leaves[number]
        if leaf.linked <= MIN_LINE_LINK_SHARE * leaf.size:
            continue
        is_own = leads_on(leaf, site)
        is_anchor = leaf.kind != "heading" and all(href.startswith("#") for href in leaf.hrefs)
        is_text = leaf.kind == "text" and leaf.size > MIN_SENTENCE_CHARS and ends_sentence(leaf.text)
        if (is_own or is_anchor) and not is_text:
            yield range(number, number + 1), _LINKED
