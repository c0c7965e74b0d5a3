"""CSS selectors compiled to XPath that libxml2 answers quickly; pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple, cast

from cssselect import HTMLTranslator, SelectorError, parse
from cssselect.parser import CombinedSelector
from cssselect.xpath import XPathExpr
from lxml import etree

MAX_KEPT_CLASSES = 5_000  # class attributes a group remembers, of this length at most
MAX_KEPT_CHARS = 100
FEW_ANCHORS = 3  # more cost more than one search of the tree
MAX_ANCHORS = 2_000  # of one selector that are looked below; a page has dozens
MAX_MATCHES = 20_000


class _Translator(HTMLTranslator):
    """cssselect's translator with a cheap substring test before the exact class test (7 times faster on a page)."""

    def xpath_attrib_includes(self, xpath: XPathExpr, name: str, value: str | None) -> XPathExpr:
        if value and not any(character.isspace() for character in value):
            literal = self.xpath_literal(value)
            spaced = self.xpath_literal(f" {value} ")
            exact = f"contains(concat(' ', normalize-space({name}), ' '), {spaced})"
            xpath.add_condition(f"contains({name}, {literal}) and {exact}")
        else:
            xpath.add_condition("0")
        return xpath

    # cssselect counts all siblings, which is quadratic on a page of many; the nearest one is enough.
    def xpath_first_child_pseudo(self, xpath: XPathExpr) -> XPathExpr:
        return xpath.add_condition("not(preceding-sibling::*[1])")

    def xpath_last_of_type_pseudo(self, xpath: XPathExpr) -> XPathExpr:
        return xpath.add_condition(f"not(following-sibling::{xpath.element}[1])")


class Anchor(NamedTuple):
    """What the first element of every match of a selector must have: a class token, or an attribute (with a value)."""

    kind: Literal["class", "attribute"]
    name: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Selector:
    """One CSS selector, optionally with `@attribute` at its end: what to read instead of the text.

    >>> page = etree.HTML('<p class="sapo big">Lead</p><time datetime="2026-01-02">2.1.</time>')
    >>> [element.text for element in compile_selector("p.sapo").find_all(page)]
    ['Lead']
    >>> compile_selector("time@datetime").attribute
    'datetime'
    """

    css: str
    attribute: str | None
    anchor: Anchor | None
    tag: str | None  # of the first element, where the selector names one
    is_simple: bool  # nothing but a tag, an anchor, or both
    is_compound: bool  # a match is its own first element: no blank, > + ~ or comma
    _below: etree.XPath
    _at: etree.XPath

    def find_all(self, tree: etree._Element) -> list[etree._Element]:
        """Every match below (and including) `tree`, in document order."""
        if self.is_simple and self.anchor is None:
            return list(tree.iter(self.tag))
        return cast(list[etree._Element], self._below(tree))  # css_to_xpath only ever selects elements

    def find_from(self, anchors: list[etree._Element], tree: etree._Element) -> list[etree._Element]:
        """Every match whose first element is one of `anchors`, which are all that `tree` holds."""
        if self.is_simple:
            return anchors if self.tag is None else [anchor for anchor in anchors if anchor.tag == self.tag]
        if self.is_compound and len(anchors) > FEW_ANCHORS:
            return self.find_all(tree)
        found: dict[etree._Element, None] = {}
        num_matches = 0
        for anchor in anchors[:MAX_ANCHORS]:
            matches = cast(list[etree._Element], self._at(anchor))
            found.update(dict.fromkeys(matches))
            num_matches += len(matches)
            if num_matches > MAX_MATCHES:  # anchors within anchors: the outer ones have found it all
                break
        return list(found)


class SelectorGroup:
    """Selectors asked of the same tree: one walk for all class names, one search for each attribute asked for."""

    def __init__(self, selectors: Iterable[Selector]) -> None:
        anchors = dict.fromkeys(selector.anchor for selector in selectors if selector.anchor is not None)
        self.numbers = {anchor: number for number, anchor in enumerate(anchors)}
        self._tokens = {anchor.name: number for anchor, number in self.numbers.items() if anchor.kind == "class"}
        self._classes: dict[str, tuple[int, ...]] = {}  # pages of a site repeat few class attributes many times
        self._attributes: dict[str, dict[str | None, int]] = {}
        for anchor, number in self.numbers.items():
            if anchor.kind == "attribute":
                self._attributes.setdefault(anchor.name, {})[anchor.value] = number
        self._searches = {name: _search_attribute(name, wanted) for name, wanted in self._attributes.items()}

    def find_classes(self, root: etree._Element) -> list[list[etree._Element]]:
        """By anchor number, for each class its elements below (and including) `root`, in document order."""
        found: list[list[etree._Element]] = [[] for _ in self.numbers]
        if self._tokens:
            classes = self._classes
            for element in root.iter():
                value = element.get(b"class")  # lxml looks bytes up faster
                if value:
                    numbers = classes.get(value)
                    for number in self._read_classes(value) if numbers is None else numbers:
                        found[number].append(element)
        return found

    def find_attribute(self, name: str, root: etree._Element, found: list[list[etree._Element]]) -> None:
        """Adds to `found` the elements of the anchors that are this attribute, in document order."""
        wanted = self._attributes[name]
        for element in cast(list[etree._Element], self._searches[name](root)):
            for value in (element.get(name), None):
                if value in wanted:
                    found[wanted[value]].append(element)

    def _read_classes(self, value: str) -> tuple[int, ...]:
        """The anchors among the tokens of a class attribute, remembered for the next one."""
        numbers = tuple(self._tokens[token] for token in dict.fromkeys(value.split()) if token in self._tokens)
        if len(value) <= MAX_KEPT_CHARS and len(self._classes) < MAX_KEPT_CLASSES:
            self._classes[value] = numbers
        return numbers


def _search_attribute(name: str, wanted: Mapping[str | None, int]) -> etree.XPath:
    """Elements with an attribute; libxml2 walks `*/@a/..` three times faster than `*[@a]` where few have it."""
    values = " or ".join(f". = {HTMLTranslator.xpath_literal(value)}" for value in wanted if value is not None)
    return etree.XPath(f"descendant-or-self::*/@{name}{'' if None in wanted else f'[{values}]'}/..")


class Page:
    """A tree, or a part of one, that answers the selectors of a group; others it searches for, one by one."""

    def __init__(self, root: etree._Element, group: SelectorGroup) -> None:
        self.root = root
        self._group = group
        self._anchored = group.find_classes(root) if group.numbers else []
        self._searched: set[str] = set()  # attributes; most pages answer with the first selectors of a field

    def find_all(self, selector: Selector) -> list[etree._Element]:
        """Every match on the page, in document order of its first element."""
        anchor = selector.anchor
        number = self._group.numbers.get(anchor) if anchor is not None else None
        if anchor is None or number is None:
            return selector.find_all(self.root)
        if anchor.kind == "attribute" and anchor.name not in self._searched:
            self._searched.add(anchor.name)
            self._group.find_attribute(anchor.name, self.root, self._anchored)
        anchors = self._anchored[number]
        return selector.find_from(anchors, self.root) if anchors else []


_TAG = re.compile(r"[a-zA-Z][\w-]*(?![\w-])")
_ANCHOR = re.compile(r"\.([\w-]+)|#([\w-]+)|\[\s*([\w-]+)\s*(?:=\s*[\"']?([\w -]+?)[\"']?\s*\]|(?=[\]~|^$*=]))")


@cache
def compile_selector(text: str) -> Selector:
    """Compiles `css` or `css@attribute`; a malformed one raises ValueError with its text."""
    css, _, attribute = text.strip().partition("@")
    translator = _Translator()
    try:
        parsed = parse(css)
        below = translator.css_to_xpath(css, prefix="descendant-or-self::")
        here = translator.css_to_xpath(css, prefix="self::")
    except SelectorError as error:
        raise ValueError(f"bad CSS selector {text!r}: {error}") from error
    anchor, tag, is_simple = _find_anchor(css)
    is_compound = len(parsed) == 1 and not isinstance(parsed[0].parsed_tree, CombinedSelector)
    read = attribute or None
    return Selector(text, read, anchor, tag, is_simple, is_compound, etree.XPath(below), etree.XPath(here))


def _find_anchor(css: str) -> tuple[Anchor | None, str | None, bool]:
    """Anchor and tag of a selector's first element, None for none, and whether there is no more to it."""
    if _TAG.fullmatch(css):
        return None, css.lower(), True
    tag = _TAG.match(css)
    found = _ANCHOR.match(css, tag.end() if tag else 0) if "," not in css else None
    if found is None:
        return None, None, False
    is_simple = css[found.end() :] in ("", "]")
    return _read_anchor(found), tag[0].lower() if tag else None, is_simple


def _read_anchor(found: re.Match[str]) -> Anchor:
    if found[1]:
        return Anchor("class", found[1])
    return Anchor("attribute", "id", found[2]) if found[2] else Anchor("attribute", found[3].lower(), found[4])
