"""What lies inside the bodies of a site's pages and is not the article: selectors for `drop` and `figure`; pure.

A selector is proposed only when what it matches holds no paragraph of the article, on (nearly) any page.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from tinsach.cleaning.aligning import MIN_LETTERS, Leafed
from tinsach.cleaning.article import RemovalKind
from tinsach.cleaning.bylines import is_byline, parse_byline
from tinsach.cleaning.letters import fold
from tinsach.cleaning.naming import name_element
from tinsach.cleaning.profile import Extract
from tinsach.cleaning.proposing import MIN_PAGES, Proposal

MOST_CHOSEN = 8  # of one kind
MIN_GAIN = 2  # pages on which a further selector must find something that those before it do not
MAX_CAPTION_CHARS, MAX_CAPTION_LINES = 400, 2  # a caption and a credit
LINKED_SHARE = 0.5
MAX_HELD_SHARE = 0.05  # what is known of a page may be wrong itself
REPEATED_SHARE = 0.15  # of the pages that have a line: it is the house's, not the article's
MAX_COST = 3  # a drop is called by a name of its own

_KINDS: Mapping[str, RemovalKind] = {
    kind: kind for kind in ("teaser", "caption", "credit", "byline", "agency", "date", "tags", "read_more")
}

IsStory = Callable[[str], bool]
_NOTHING_KNOWN = Extract()


@dataclass(slots=True)
class _Tally:
    """What a selector matched inside the bodies: elements by page, and their kinds."""

    cost: int
    pages: defaultdict[int, list[etree._Element]] = field(default_factory=lambda: defaultdict(list))
    kinds: Counter[RemovalKind] = field(default_factory=Counter)
    held: set[int] = field(default_factory=set)  # the pages on which it held a paragraph of the article

    def is_clutter(self) -> bool:
        """Whether it is found often enough, and holds the article on no more pages than may be read wrongly."""
        return len(self.pages) >= MIN_PAGES and len(self.held) <= MAX_HELD_SHARE * len(self.pages)


def find_article_letters(pages: Sequence[Leafed]) -> list[frozenset[str]]:
    """The folded paragraphs of each page's article: not those that many pages have, nor headlines of other pages."""
    seen = Counter(letters for page in pages for letters in {fold(text) for text in page.known.paragraphs})
    most = max(2, REPEATED_SHARE * len(pages))
    titles = {fold(page.known.title) for page in pages if page.known.title}
    return [
        frozenset(
            letters
            for text in page.known.paragraphs
            if len(letters := fold(text)) >= 1 and seen[letters] <= most and letters not in titles
        )
        for page in pages
    ]


def propose_drops(
    pages: Sequence[Leafed],
    bodies: Sequence[etree._Element | None],
    is_story: IsStory,
    known: Extract = _NOTHING_KNOWN,
) -> tuple[dict[RemovalKind, tuple[Proposal, ...]], tuple[Proposal, ...]]:
    """Selectors of what to drop, by kind, and of figures; each with the pages on which it finds something.

    What the `known` rules drop or take for figures needs no selector any more.
    """
    articles = find_article_letters(pages)
    drops: dict[str, _Tally] = {}
    figures: dict[str, _Tally] = {}
    for number, (page, body) in enumerate(zip(pages, bodies, strict=True)):
        if body is None:
            continue
        holding = _find_holding(page, body, articles[number])
        for element in body.iterdescendants("*"):
            if not _is_in_figure(element, body):
                has_picture = next(element.iterdescendants("img"), None) is not None
                is_figure = has_picture and not _is_linked(element, is_story)
                holds = element in holding
                kind = _find_kind(page, element, is_story)
                is_captioned = is_figure and _is_captioned(page, element)
                _count(drops, number, element, None if is_figure or holds else kind, holds=holds)
                _count(figures, number, element, kind if is_captioned else None, holds=holds and not is_captioned)
    covered = {element for page in pages for element in _find_known(page, known)}
    return _choose_by_kind(drops, len(pages), covered), _choose(figures, len(pages), covered)


def _count(
    tallies: dict[str, _Tally], number: int, element: etree._Element, kind: RemovalKind | None, *, holds: bool
) -> None:
    """Count an element for each of its names: as clutter of a kind, as holding the article, or as neither."""
    for css, cost in name_element(element):
        if cost > MAX_COST:
            return
        tally = tallies.setdefault(css, _Tally(cost))
        if holds:
            tally.held.add(number)
        if kind is not None:
            tally.pages[number].append(element)
            tally.kinds[kind] += 1


def _find_holding(page: Leafed, body: etree._Element, article: frozenset[str]) -> set[etree._Element]:
    """The elements inside the body that hold a paragraph of the article, or are one, or are part of one."""
    holding: set[etree._Element] = set()
    for element in body.iterdescendants("*"):
        if page.letters.get(element) in article and len(page.letters[element]) >= MIN_LETTERS // 5:
            holding.update(element.iterancestors())
            holding.update(element.iter("*"))
    return holding


def _is_in_figure(element: etree._Element, body: etree._Element) -> bool:
    """Inside a <figure>, which cleaning knows by itself; the element itself may be one."""
    for ancestor in (element, *element.iterancestors()):
        if ancestor is body:
            return False
        if ancestor.tag in ("figure", "figcaption"):
            return True
    return False


def _is_captioned(page: Leafed, element: etree._Element) -> bool:
    """Whether an element around a picture holds one line beside it: a caption, even where it reads like a paragraph."""
    text = page.texts.get(element, "")
    lines = [e for e in element.iterdescendants("*") if page.texts.get(e) and not len(e)]
    return len(text) <= MAX_CAPTION_CHARS and len(lines) <= MAX_CAPTION_LINES


def _is_linked(element: etree._Element, is_story: IsStory) -> bool:
    return any(is_story(link.get("href") or "") for link in element.iter("a"))


def _find_kind(page: Leafed, element: etree._Element, is_story: IsStory) -> RemovalKind | None:
    """What a piece of clutter is; None for one without text."""
    text = page.texts.get(element)
    if not text:
        return None
    linked = sum(len("".join(link.itertext()).strip()) for link in element.iter("a"))
    if linked >= LINKED_SHARE * len(text):
        return "teaser" if _is_linked(element, is_story) else "tags"
    if is_byline(text):
        return "byline" if parse_byline(text).authors else "agency"
    letters = fold(text)
    kinds = Counter(kind for kind, removed in page.known.removed if fold(removed) and fold(removed) in letters)
    known = [kind for kind, _ in kinds.most_common() if kind in _KINDS]
    if known:
        return _KINDS[known[0]]
    return "teaser" if _is_linked(element, is_story) else "widget"


def _find_known(page: Leafed, known: Extract) -> list[etree._Element]:
    selectors = [*known.figure, *(selector for kind in known.drop.values() for selector in kind)]
    return [element for selector in selectors for element in selector.find_all(page.root)]


def _choose_by_kind(
    tallies: Mapping[str, _Tally], num_pages: int, covered: set[etree._Element]
) -> dict[RemovalKind, tuple[Proposal, ...]]:
    chosen = _choose(tallies, num_pages, covered)
    by_kind: dict[RemovalKind, list[Proposal]] = {}
    for proposal in chosen:
        kind = tallies[proposal.css].kinds.most_common(1)[0][0]
        by_kind.setdefault(kind, []).append(proposal)
    return {kind: tuple(proposals[:MOST_CHOSEN]) for kind, proposals in by_kind.items()}


def _choose(tallies: Mapping[str, _Tally], num_pages: int, known: set[etree._Element]) -> tuple[Proposal, ...]:
    """The selectors that cover most clutter first; one whose matches all lie in those before it is left out."""
    good = {css: t for css, t in tallies.items() if t.is_clutter()}
    covered = set(known)
    chosen: list[Proposal] = []
    for css in sorted(good, key=lambda css: (-_size(good[css]), good[css].cost, css)):
        new = [
            number
            for number, elements in good[css].pages.items()
            if any(not _is_covered(element, covered) for element in elements)
        ]
        if len(new) < MIN_GAIN:
            continue
        covered.update(element for elements in good[css].pages.values() for element in elements)
        chosen.append(Proposal(css, len(good[css].pages), 0, num_pages - len(good[css].pages)))
    return tuple(chosen)


def _size(tally: _Tally) -> int:
    return sum(len("".join(e.itertext())) for elements in tally.pages.values() for e in elements)


def _is_covered(element: etree._Element, covered: set[etree._Element]) -> bool:
    return element in covered or any(ancestor in covered for ancestor in element.iterancestors())
