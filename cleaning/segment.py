"""An element's visible text as an ordered list of pieces, each with what its markup tells; pure.

Every visible character below the element stands in exactly one piece. Scripts, styles and templates are not visible.
Iterative: a page may be thousands of levels deep.
"""

import re
import unicodedata
from collections.abc import Mapping
from itertools import islice
from typing import NamedTuple, cast

from lxml import etree

from tinsach.cleaning.article import BlockKind, RemovalKind
from tinsach.cleaning.markup import (
    BLOCK,
    BOLD,
    INVISIBLE,
    ITALIC,
    WIDGET_TAGS,
    block_kind,
    find_image_url,
    is_data_table,
    is_hidden,
    is_set_right,
)

_SPECIAL = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)  # takes no room
_LETTER = re.compile(r"\w")
_CELL = "\x1f"
_LABEL_TAGS = 8  # of a label, itself included, that are looked at for its field

Drop = tuple[RemovalKind, str]


class Piece(NamedTuple):
    """One block of text: `drop` is why markup alone removes it, the rest is what line rules look at.

    A picture stands among the pieces too, at its place: `image` is its URL as written, its text is empty.
    """

    text: str
    kind: BlockKind = "paragraph"
    drop: Drop | None = None
    bold: bool = False  # every letter is bold
    italic: bool = False  # every letter is italic
    link_share: float = 0.0  # share of characters inside links, 0..1
    hrefs: tuple[str, ...] = ()
    right: bool = False  # set flush right
    boxed: bool = False  # inside a content box of the profile (`keep`)
    figure: int = 0  # number of the figure around it, 0 for none
    image: str | None = None

    def with_drop(self, drop: Drop) -> "Piece":
        """The piece with its reason; four times quicker than `_replace`, and asked for every line that goes."""
        return Piece(self[0], self[1], drop, *self[3:])


class _Context(NamedTuple):
    """What an element hands down to what lies inside it."""

    kind: BlockKind = "paragraph"
    drop: Drop | None = None
    bold: bool = False
    italic: bool = False
    link: bool = False
    right: bool = False
    boxed: bool = False
    figure: int = 0
    row: bool = False  # inside a row of a data table: its cells make one line
    pre: bool = False


_NO_CONTEXT = _Context()


def normalise(text: str) -> str:
    """NFC, one space for any run of white space, no invisible characters.

    >>> normalise(" Hà\\u00a0 Nô\\u0323i\\u200b ")
    'Hà Nội'
    """
    line = text.strip()
    if "  " in line or not line.isprintable():  # of white space only the blank is printable
        line = " ".join(line.split())
        if not line.isprintable():
            line = " ".join(_SPECIAL.sub("", line).split())
    return line if line.isascii() else unicodedata.normalize("NFC", line)


def visible_text(element: etree._Element) -> str:
    """All visible text below an element as one line."""
    if not len(element):
        return normalise(element.text or "")
    return " ".join(piece.text for piece in segment(element) if piece.text)


def segment(
    root: etree._Element,
    *,
    drops: Mapping[etree._Element, Drop] | None = None,
    boxes: frozenset[etree._Element] = frozenset(),
    figures: frozenset[etree._Element] = frozenset(),
) -> list[Piece]:
    """The pieces of `root` in reading order.

    `drops` says what is known not to be the article, `boxes` what is, `figures` what holds pictures and captions. An
    inner drop wins over an outer one.
    """
    reader = _Reader(drops or {}, boxes, figures)
    reader.read(root)
    return reader.pieces


class _Reader:
    """Walks the tree once, opening and closing elements, and cuts lines at block borders."""

    def __init__(
        self,
        drops: Mapping[etree._Element, Drop],
        boxes: frozenset[etree._Element],
        figures: frozenset[etree._Element],
    ) -> None:
        self.pieces: list[Piece] = []
        self._drops = drops
        self._boxes = boxes
        self._figures = figures
        self._figure_count = 0
        self._data_rows: set[etree._Element] = set()
        self._parts: list[str] = []
        self._hrefs: list[str] = []
        self._linked = 0
        self._has_plain = False  # a letter of the line is not bold
        self._has_upright = False  # a letter of the line is not italic

    def read(self, root: etree._Element) -> None:
        context = self._open(root, cast(str, root.tag), _NO_CONTEXT)
        self._add(root.text, context)
        stack = [(root, iter(root), context, _NO_CONTEXT)]
        while stack:
            element, children, inner, outer = stack[-1]
            for child in children:
                tag = cast(str, child.tag)  # the parser leaves comments and instructions out
                if tag not in INVISIBLE:
                    context = self._open(child, tag, inner)
                    self._add(child.text, context)
                    if len(child):
                        stack.append((child, iter(child), context, inner))
                        break
                    self._close(tag, context, inner)
                self._add(child.tail, inner)
            else:
                stack.pop()
                self._close(cast(str, element.tag), inner, outer)
                if stack:
                    self._add(element.tail, outer)
        self._flush(_NO_CONTEXT)

    def _open(self, element: etree._Element, tag: str, outer: _Context) -> _Context:
        """Cuts the line where a block begins and says what holds inside the element."""
        attributes = element.keys()
        drop = self._drops.get(element, outer.drop)
        if drop is None and (attributes or tag in WIDGET_TAGS or tag == "label"):
            drop = _find_markup_drop(element, tag, attributes)
        if drop is not outer.drop:
            self._flush(outer)
            outer = outer._replace(drop=drop)
        if tag == "a":
            href = element.get("href")
            if href:
                self._hrefs.append(href)
            return outer._replace(link=True)
        if tag == "br":
            self._break(outer)
            return outer
        if tag == "img":
            self._mark_image(element, outer)
            return outer
        if tag not in BLOCK:
            return outer._replace(bold=True) if tag in BOLD else outer._replace(italic=True) if tag in ITALIC else outer
        if outer.row:
            if tag in ("td", "th"):
                self._parts.append(_CELL)
            return outer
        self._flush(outer)
        return self._open_block(element, tag, attributes, outer)

    def _open_block(self, element: etree._Element, tag: str, attributes: list[str], outer: _Context) -> _Context:
        if tag == "table" and is_data_table(element):
            self._data_rows.update(element.iter("tr"))
        figure = outer.figure
        if not figure and element in self._figures:
            self._figure_count += 1
            figure = self._figure_count
        row = element in self._data_rows
        kind: BlockKind = "table_row" if row else block_kind(tag, outer.kind)
        right = outer.right or (bool(attributes) and is_set_right(element, attributes))
        boxed = outer.boxed or element in self._boxes
        if row or (kind, right, boxed, figure) != (outer.kind, outer.right, outer.boxed, outer.figure) or tag == "pre":
            pre = outer.pre or tag == "pre"
            # Not by _replace, which takes five times as long, once a figure.
            return _Context(kind, outer.drop, outer.bold, outer.italic, outer.link, right, boxed, figure, row, pre)
        return outer

    def _close(self, tag: str, inner: _Context, outer: _Context) -> None:
        if (self._parts or self._hrefs) and ((tag in BLOCK and not outer.row) or inner.drop is not outer.drop):
            self._flush(inner)

    def _mark_image(self, element: etree._Element, context: _Context) -> None:
        if context.drop is None or context.figure:
            self._flush(context)
            url = find_image_url(element)
            if url:
                self.pieces.append(Piece("", drop=context.drop, figure=context.figure, image=url))

    def _add(self, text: str | None, context: _Context) -> None:
        if not text or (not self._parts and text.isspace()):
            return
        if context.pre and "\n" in text:
            for part in text.split("\n"):
                self._add(part, context)
                self._flush(context)
            return
        self._parts.append(text)
        if context.link:
            self._linked += len(text)
        if not (context.bold or self._has_plain) and _LETTER.search(text):
            self._has_plain = True
        if not (context.italic or self._has_upright) and _LETTER.search(text):
            self._has_upright = True

    def _break(self, context: _Context) -> None:
        """A <br> ends a line: verse, results and addresses stand line by line; cells stay together."""
        if context.row:
            self._parts.append(" ")
        else:
            self._flush(context)

    def _flush(self, context: _Context) -> None:
        if not self._parts:
            if not context.link:
                self._hrefs.clear()
            return
        raw = "".join(self._parts)
        text = _join_cells(raw) if _CELL in raw else normalise(raw)
        if text:
            self.pieces.append(
                Piece(
                    text,
                    context.kind,
                    context.drop,
                    bold=not self._has_plain and _LETTER.search(text) is not None,
                    italic=not self._has_upright and _LETTER.search(text) is not None,
                    link_share=min(1.0, self._linked / len(raw.strip())) if self._linked else 0.0,
                    hrefs=tuple(self._hrefs),
                    right=context.right,
                    boxed=context.boxed,
                    figure=context.figure,
                )
            )
        self._parts, self._hrefs, self._linked = [], [], 0
        self._has_plain = self._has_upright = False


def _find_markup_drop(element: etree._Element, tag: str, attributes: list[str]) -> Drop | None:
    if tag in WIDGET_TAGS:
        return ("widget", f"tag:{tag}")
    if tag == "label" and ("for" in attributes or any(e.tag == "input" for e in islice(element.iter(), _LABEL_TAGS))):
        return ("widget", "tag:label")  # an answer in a poll
    return ("widget", "markup:hidden") if is_hidden(element, attributes) else None


def _join_cells(raw: str) -> str:
    cells = [normalise(cell) for cell in raw.split(_CELL)]
    return " | ".join(cell for cell in cells if cell)
