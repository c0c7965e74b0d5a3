"""Pages of unknown make: trafilatura finds the article, its answer is laid over the page's own blocks; pure.

trafilatura returns text without places. Each block of the page is looked up in that text; the smallest element that
holds all blocks found becomes the body container, and blocks inside it that were not found are dropped by name.
"""

import trafilatura
from lxml import etree, html

from tinsach.cleaning.article import Rejected
from tinsach.cleaning.classify import fold
from tinsach.cleaning.profile import Extract, Lines
from tinsach.cleaning.segment import BLOCK, Drop
from tinsach.cleaning.template import Template

GENERIC = Extract()


def find_generic_template(root: etree._Element) -> Template:
    """A template made for this page alone; raises Rejected when trafilatura finds no text on it."""
    document = trafilatura.bare_extraction(
        html.document_fromstring(etree.tostring(root, encoding="unicode")),
        include_comments=False,
        with_metadata=False,
        include_tables=True,
        deduplicate=False,
    )
    text = document.text if document is not None else None
    if not text:
        raise Rejected("no-text", "trafilatura finds no text")
    wanted = {fold(line.strip("-| ")) for line in text.split("\n")}
    whole = fold(text)
    found = [
        e for e in root.iter("p", "h2", "h3", "h4", "li", "blockquote", "div", "td") if _is_wanted(e, wanted, whole)
    ]
    if not found:
        raise Rejected("no-text", "trafilatura's text stands nowhere on the page")
    body = _common_ancestor(found)
    drops = {e: _UNWANTED for e in body.iterdescendants() if _is_unwanted(e, wanted, whole)}
    return Template("generic", "trafilatura", GENERIC, Lines(), body, None, drops)


_UNWANTED: Drop = ("junk", "generic:trafilatura")


def _own_text(element: etree._Element) -> str:
    return fold("".join(element.itertext()))


def _is_wanted(element: etree._Element, wanted: set[str], whole: str) -> bool:
    if any(child.tag in BLOCK for child in element):
        return False
    own = _own_text(element)
    return len(own) > 20 and (own in wanted or own in whole)


def _is_unwanted(element: etree._Element, wanted: set[str], whole: str) -> bool:
    if element.tag not in BLOCK or any(child.tag in BLOCK for child in element.iterdescendants()):
        return False
    own = _own_text(element)
    return bool(own) and own not in wanted and own not in whole


def _common_ancestor(elements: list[etree._Element]) -> etree._Element:
    first, last = elements[0], elements[-1]
    above = {id(e): e for e in first.iterancestors()}
    above[id(first)] = first
    for ancestor in (last, *last.iterancestors()):
        if id(ancestor) in above:
            return ancestor
    return first.getroottree().getroot()
