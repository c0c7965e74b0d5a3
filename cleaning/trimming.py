"""What inside the body of an unknown page is not the article, told by place and neighbours; pure.

Each rule looks at the draft and names leaves with a reason; a leaf keeps the first reason it gets.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from tinsach.cleaning.cards import drop_linked_lines
from tinsach.cleaning.container import Drops, drop_around, drop_beside, find_text_container
from tinsach.cleaning.cues import CREDIT_LINE, find_cue, is_comments_label, is_date_line, is_related_label
from tinsach.cleaning.letters import fold
from tinsach.cleaning.metadata import Head
from tinsach.cleaning.segment import Drop
from tinsach.cleaning.survey import Leaf, Survey
from tinsach.cleaning.titles import MAX_TITLE_CHARS, fold_titles
from tinsach.cleaning.witness import compare_jsonld

MAX_ABOVE_SHARE = 0.15  # of the body's running text that may stand above its headline
ECHO_LEAVES = 40  # the headline is repeated among the first leaves, or it is no echo
OPENING_LEAVES = 25
MAX_LABEL_CHARS = 60
MAX_BOX_LEAVES = 3  # of text beside a picture
MAX_BOX_CHARS = 200
MAX_MARK_CHARS = 9
MAX_CAPTION_CHARS = 220
MIN_REPEATED_CHARS = 100
MIN_SHARE_ABOVE_COMMENTS = 0.3
MIN_CHARS_ABOVE_COMMENTS = 300
MAX_TAIL_SHARE = 0.3  # of the running text that may stand below a label "related"
MIN_PARAGRAPH_CHARS = 120
MIN_ENTRIES, MIN_ENTRY_CHARS = 3, 350  # of running text below the heading of each
MAX_RUNS = 20  # looked at, the longest first
MAX_SIGNED_CHARS = 700
SIGNED_LEAVES = 4
MIN_NAME_LETTERS, MAX_NAME_LETTERS = 6, 40

_BOXES = frozenset("div section figure".split())
_PICTURES = ("img", "picture", "amp-img", "video", "iframe")
_MARK = re.compile(r"[^\w\s★☆]+|\d{1,3}\s?/\s?\d{1,3}")  # a quotation mark, a bullet, an emoji; a gallery's counter
_MARKS: Drop = ("junk", "generic:marks")
_ECHO: Drop = ("title_echo", "generic:headline")
_ABOVE: Drop = ("junk", "generic:above the headline")
_TAIL: Drop = ("teaser", "generic:below the end")
_COMMENTS: Drop = ("widget", "generic:comments")
_REPEATED: Drop = ("junk", "generic:repeated")
_OPENING: Drop = ("byline", "generic:below the headline")
_DATE: Drop = ("date", "generic:below the headline")
_DATELINE: Drop = ("date", "generic:dateline")
_BESIDE_PICTURE: Drop = ("caption", "generic:beside a picture")
_CAPTION: Drop = ("caption", "generic:above a credit")
_AUTHOR: Drop = ("byline", "generic:author's box")

Reasons = Iterable[tuple[range, Drop]]


@dataclass(slots=True)
class Draft:
    """A page while its leaves are being judged; `drops` holds the reason of each leaf, None while it is kept."""

    survey: Survey
    head: Head
    site: str
    headline: int | None  # the number of its leaf
    drops: Drops
    body: etree._Element
    start: int = 0  # the body's slice of the leaves
    end: int = 0

    def add(self, reasons: Reasons) -> None:
        """Gives leaves their reason; one that has a reason keeps it."""
        for numbers, drop in reasons:
            for number in numbers:
                if self.drops[number] is None:
                    self.drops[number] = drop

    def set_body(self, body: etree._Element) -> None:
        """Settles which element is the article."""
        self.body = body
        self.start, self.end = self.survey.spans.get(body, (0, len(self.survey.leaves)))

    def find_kept(self) -> list[tuple[int, Leaf]]:
        """The body's leaves without a reason, with their numbers."""
        leaves = self.survey.leaves
        return [(n, leaves[n]) for n in range(self.start, self.end) if self.drops[n] is None]

    def sum_prose(self) -> list[float]:
        """Running sums of the running text without a reason."""
        return self.survey.sum_up(lambda n, leaf: 0 if self.drops[n] else leaf.prose)


def trim(draft: Draft) -> None:
    """Gives every leaf of the body that is not the article its reason."""
    for rule in RULES:
        draft.add(rule(draft))
    numbers = range(draft.start, draft.end)
    changes = compare_jsonld(draft.head.news.article_body, draft.survey.leaves, numbers, draft.drops)
    for number, drop in list(changes):
        draft.drops[number] = drop
    draft.add(drop_author_box(draft))


def drop_headline(draft: Draft) -> Reasons:
    """The headline, its echoes, and what stands above it."""
    headline = draft.headline
    if headline is None:
        return
    if draft.start <= headline < draft.end:
        prose = draft.sum_prose()
        above = prose[headline] - prose[draft.start]
        if above <= MAX_ABOVE_SHARE * (prose[draft.end] - prose[draft.start]):
            yield range(headline, headline + 1), _ECHO
            yield range(draft.start, headline), _ABOVE
    leaves = draft.survey.leaves
    title, titles = fold(leaves[headline].text), fold_titles(draft.head)
    is_opening = True
    for number in range(draft.start, min(draft.end, draft.start + ECHO_LEAVES)):
        leaf = leaves[number]
        letters = fold(leaf.text[:MAX_TITLE_CHARS])
        is_equal = len(leaf.text) <= 2 * len(leaves[headline].text) and letters == title
        if is_equal or (is_opening and leaf.kind == "heading" and letters in titles):
            yield range(number, number + 1), _ECHO
        is_opening = is_opening and (not leaf.prose or draft.drops[number] is not None)


def drop_links(draft: Draft) -> Reasons:
    """Lines that are one link, save for the headings of a list of things that each have a page of their own."""
    headings = _find_entry_headings(draft)
    for numbers, drop in drop_linked_lines(draft.survey.leaves, range(draft.start, draft.end), draft.site):
        if numbers.start not in headings:
            yield numbers, drop


def _find_entry_headings(draft: Draft) -> frozenset[int]:
    """Linked headings of one look, a quarter of them above more text than a teaser has: "the ten best"."""
    leaves, prose = draft.survey.leaves, draft.sum_prose()
    headings = [number for number, leaf in draft.find_kept() if leaf.kind == "heading"]
    looks: dict[tuple[object, ...], dict[int, bool]] = {}  # -> heading -> whether it has much text
    for number, following in pairwise([*headings, draft.end]):
        if leaves[number].linked:
            has_text = prose[following] - prose[number] > MIN_ENTRY_CHARS
            looks.setdefault(_shape(leaves[number].owner), {})[number] = has_text
    entries = (found for found in looks.values() if sum(found.values()) >= max(MIN_ENTRIES, len(found) / 4))
    return frozenset(number for found in entries for number in found)


def drop_lines(draft: Draft) -> Reasons:
    """Lines whose words alone show what they are."""
    for number, leaf in draft.find_kept():
        cue = find_cue(leaf)
        if cue is not None:
            yield range(number, number + 1), cue
        elif leaf.size <= MAX_MARK_CHARS and leaf.kind in ("text", "quote", "item") and _MARK.fullmatch(leaf.text):
            yield range(number, number + 1), _MARKS


def drop_captions(draft: Draft) -> Reasons:
    """A short text right above a credit, in the same place."""
    leaves, drops = draft.survey.leaves, draft.drops
    for number in range(draft.start, draft.end - 1):
        leaf, below = leaves[number], leaves[number + 1]
        drop = drops[number + 1]
        if leaf.kind != "text" or leaf.size > MAX_CAPTION_CHARS or below.size > MAX_LABEL_CHARS:
            continue
        parent = leaf.owner.getparent()
        if drop is None or drop[0] != "credit" or parent is None or parent is not below.owner.getparent():
            continue
        if drop != CREDIT_LINE or _is_picture_box(draft.survey, parent):
            yield range(number, number + 1), _CAPTION


def drop_beside_pictures(draft: Draft) -> Reasons:
    """Short texts that share a box with a picture, where the paragraphs stand outside of such boxes."""
    survey, container = draft.survey, find_text_container(draft.survey, draft.drops, range(draft.start, draft.end))
    if container is None:
        return
    for box in container.iterchildren(*_BOXES):
        if not _is_picture_box(survey, box):
            continue
        start, end = survey.spans[box]
        leaves = survey.leaves[start:end]
        is_short = sum(leaf.size for leaf in leaves) <= MAX_BOX_CHARS
        if is_short and all(leaf.kind in ("text", "caption") and not leaf.linked for leaf in leaves):
            yield range(start, end), _BESIDE_PICTURE


def _is_picture_box(survey: Survey, box: etree._Element) -> bool:
    start, end = survey.spans.get(box, (0, 0))
    return 0 < end - start <= MAX_BOX_LEAVES and next(box.iterdescendants(*_PICTURES), None) is not None


def drop_repeated(draft: Draft) -> Reasons:
    """Paragraphs that the page holds twice, for two widths of screen."""
    seen: set[str] = set()
    for number, leaf in draft.find_kept():
        if leaf.kind == "text" and leaf.size >= MIN_REPEATED_CHARS:
            if leaf.text in seen:
                yield range(number, number + 1), _REPEATED
            seen.add(leaf.text)


def drop_opening(draft: Draft) -> Reasons:
    """Labels and dates between headline and text."""
    headline = draft.headline
    start = headline + 1 if headline is not None and draft.start <= headline < draft.end else draft.start
    num_paragraphs = 0  # the first may be the lead; dates stand below it too
    for number in range(start, min(draft.end, start + OPENING_LEAVES)):
        leaf = draft.survey.leaves[number]
        if draft.drops[number] is not None:
            continue
        if leaf.prose:
            num_paragraphs += 1
            if num_paragraphs > 1:
                return
        if leaf.size < MAX_LABEL_CHARS and leaf.kind in ("text", "item"):
            if is_date_line(leaf.text):
                yield range(number, number + 1), _DATE
            elif not num_paragraphs and leaf.kind == "text" and leaf.text[-1] not in ".!?:…。":
                names_no_one = leaf.text[-1] in "-–—" or leaf.text[0].isdigit()  # a place, or the time of day
                yield range(number, number + 1), _DATELINE if names_no_one else _OPENING


def drop_below_label(draft: Draft) -> Reasons:
    """Everything below a label that heads the readers' comments or other articles."""
    prose = draft.sum_prose()
    total = prose[draft.end] - prose[draft.start]
    leaves = draft.survey.leaves
    runs = _find_runs(draft)
    for number in range(draft.start, draft.end):
        leaf = leaves[number]
        if leaf.size > MAX_LABEL_CHARS or leaf.kind not in ("heading", "text"):
            continue
        above = prose[number] - prose[draft.start]
        enough = above >= max(MIN_CHARS_ABOVE_COMMENTS, MIN_SHARE_ABOVE_COMMENTS * total)
        if enough and is_comments_label(leaf.text):
            yield range(number, draft.end), _COMMENTS
            return
        is_last = leaf.kind == "heading" and prose[draft.end] - prose[number] <= MAX_TAIL_SHARE * total
        if is_last and is_related_label(leaf.text) and not any(first < number < last for first, last in runs):
            yield range(number, draft.end), _TAIL
            return


def _find_runs(draft: Draft) -> list[tuple[int, int]]:
    """First and last of the long paragraphs that look alike: a label between them heads a part of the article."""
    runs: dict[tuple[object, ...], tuple[int, int]] = {}
    for number, leaf in draft.find_kept():
        if leaf.prose >= MIN_PARAGRAPH_CHARS:
            shape = _shape(leaf.owner)
            runs[shape] = (runs.get(shape, (number, number))[0], number)
    return sorted(runs.values(), key=lambda run: run[0] - run[1])[:MAX_RUNS]


def _shape(element: etree._Element) -> tuple[object, ...]:
    """What looks alike to a reader: tag and class of an element and of its parent."""
    parent = element.getparent()
    above = () if parent is None else (parent.tag, parent.get("class"))
    return (element.tag, element.get("class"), *above)


def drop_cards_below(draft: Draft) -> Reasons:
    """Headlines with summaries below the article."""
    return drop_beside(draft.survey, draft.drops, draft.body)


def drop_outside(draft: Draft) -> Reasons:
    """What stands around the element that holds the paragraphs."""
    return drop_around(draft.survey, draft.drops, draft.body)


def drop_author_box(draft: Draft) -> Iterator[tuple[range, Drop]]:
    """A last paragraph that begins with the author's name."""
    names = {fold(name) for name in (*draft.head.news.authors, *draft.head.meta.get("author", ()))}
    names = {name for name in names if MIN_NAME_LETTERS <= len(name) <= MAX_NAME_LETTERS}
    if not names:
        return
    for number, leaf in draft.find_kept()[-SIGNED_LEAVES:]:
        if leaf.size < MAX_SIGNED_CHARS and fold(leaf.text[:100]).startswith(tuple(names)):
            yield range(number, number + 1), _AUTHOR


RULES: tuple[Callable[[Draft], Reasons], ...] = (
    drop_headline,
    drop_links,
    drop_lines,
    drop_captions,
    drop_beside_pictures,
    drop_repeated,
    drop_opening,
    drop_below_label,
    drop_cards_below,
    drop_outside,
)
