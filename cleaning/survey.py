"""A page's text as a flat list of leaves, and for every block element which of them lie inside; pure.

What lies inside an element is a slice of the list, so sums over any element cost nothing. Iterative and linear: a page
may be thousands of levels deep or hold 100,000 siblings.
"""

import re
from collections.abc import Callable
from itertools import accumulate, count
from typing import Literal, NamedTuple

from lxml import etree

from tinsach.cleaning.markup import BLOCK, HEADINGS, INVISIBLE
from tinsach.cleaning.segment import normalise

LeafKind = Literal["text", "heading", "item", "quote", "caption", "cell", "code"]

LONG_CHARS = 80  # an unlinked text of this length is prose by its length alone
SENTENCE_CHARS = 40  # from here on when it ends like a sentence

_KINDS: dict[str, LeafKind] = {
    **dict.fromkeys(HEADINGS, "heading"),
    **dict.fromkeys(("li", "dd", "dt"), "item"),
    **dict.fromkeys(("td", "th"), "cell"),
    **dict.fromkeys(("figcaption", "caption"), "caption"),
    "blockquote": "quote",
    "pre": "code",
}
# Scripts that say in one character what others say in three: a short line there is a long one here.
_DENSE = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SENTENCE_END = re.compile(r"[.!?…。！？:;»”\"’)]\W*$")


class Leaf(NamedTuple):
    """A run of text between two block borders. `owner` is the block element around it, sizes are in characters."""

    owner: etree._Element
    text: str
    kind: LeafKind
    size: int  # a character of a dense script counts three
    linked: int  # of these, how many stand in links
    prose: int  # `size` without the links where the text reads like running text, else 0
    hrefs: tuple[str, ...]

    @property
    def link_share(self) -> float:
        """0 to 1."""
        return min(1.0, self.linked / self.size)


class Survey(NamedTuple):
    """The leaves below `root` in reading order; `spans` maps each block element, in document order, to its slice."""

    root: etree._Element
    leaves: list[Leaf]
    spans: dict[etree._Element, tuple[int, int]]

    def sum_up(self, measure: Callable[[int, Leaf], float]) -> list[float]:
        """Running sums: the sum over an element is `sums[end] - sums[start]` of its span."""
        return list(accumulate(map(measure, count(), self.leaves), initial=0))


def survey_page(root: etree._Element) -> Survey:
    """Reads everything below `root` once; scripts, styles and templates are not there for a reader."""
    return _Surveyor(root).read()


class _Surveyor:
    """Walks the tree once and cuts leaves at block borders."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._leaves: list[Leaf] = []
        self._spans: dict[etree._Element, tuple[int, int]] = {}
        self._owner = root
        self._kind: LeafKind = "text"
        self._outer: list[tuple[etree._Element, etree._Element, LeafKind]] = []
        self._parts: list[str] = []
        self._linked = 0
        self._links = 0  # links open around the place
        self._href = ""
        self._hrefs: list[str] = []

    def read(self) -> Survey:
        walker = etree.iterwalk(self._root, events=("start", "end"))
        for event, element in walker:
            tag = element.tag
            if event == "end":
                if self._outer and self._outer[-1][0] is element:
                    self._close()
                elif tag == "a":
                    self._links -= 1
                if element is not self._root:
                    self._add(element.tail)
            elif not isinstance(tag, str) or tag in INVISIBLE:
                walker.skip_subtree()
            else:
                self._open(element, tag)
                self._add(element.text)
        self._flush()
        return Survey(self._root, self._leaves, self._spans)

    def _open(self, element: etree._Element, tag: str) -> None:
        if tag in BLOCK or "-" in tag:  # a custom element holds blocks as a div does
            self._flush()
            self._outer.append((element, self._owner, self._kind))
            self._owner = element
            self._kind = _KINDS.get(tag, self._kind)
            self._spans[element] = (len(self._leaves), 0)
        elif tag == "br":
            self._flush()
        elif tag == "a":
            self._links += 1
            self._href = element.get("href") or ""
            self._hrefs.append(self._href)

    def _close(self) -> None:
        self._flush()
        element, self._owner, self._kind = self._outer.pop()
        self._spans[element] = (self._spans[element][0], len(self._leaves))

    def _add(self, text: str | None) -> None:
        if text:
            self._parts.append(text)
            if self._links > 0:
                self._linked += len(text)

    def _flush(self) -> None:
        if not self._parts:
            return
        text = normalise("".join(self._parts))
        if text:
            linked = min(self._linked, len(text))
            hrefs = tuple(self._hrefs or [self._href]) if linked else ()
            self._leaves.append(_make_leaf(self._owner, text, self._kind, linked, hrefs))
        self._parts, self._linked, self._hrefs = [], 0, []


def _make_leaf(owner: etree._Element, text: str, kind: LeafKind, linked: int, hrefs: tuple[str, ...]) -> Leaf:
    size = measure(text)
    if linked:
        linked = linked * size // len(text)
    plain = size - linked
    is_prose = plain * 2 >= size and kind not in ("heading", "caption") and is_sentence(text, plain)
    return Leaf(owner, text, kind, size, linked, plain if is_prose else 0, hrefs)


def measure(text: str) -> int:
    """The size of a text in characters, of which one of a dense script counts three."""
    return len(text) if text.isascii() else len(text) + 2 * len(_DENSE.findall(text))


def is_sentence(text: str, plain: int) -> bool:
    """Whether a text reads like running text, `plain` of whose size stands outside of links."""
    return plain >= LONG_CHARS or (plain >= SENTENCE_CHARS and ends_sentence(text))


def ends_sentence(text: str) -> bool:
    """Whether the last mark of a text closes a sentence or a quotation."""
    return _SENTENCE_END.search(text, max(0, len(text) - 12)) is not None
