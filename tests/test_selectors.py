"""selectors: CSS answers the same whether it searches the whole page or starts from an index."""

import pytest
from lxml import etree

from tinsach.cleaning.selectors import Page, SelectorGroup, compile_selector

PAGE = etree.HTML(
    """<html><body class="wide"><div class="box main " data-role="content" id="b1"><p class="lead">a</p>
    <div class="box inner"><p>b</p><a rel="v:url" property="v:title" href="/x">c</a></div></div>
    <div class="mainly"><p class="lead-not">d</p></div>
    <table class="x"><tr><td class="box">e</td></tr></table></body></html>"""
)

# selector -> text of what it matches, in document order
CASES = {
    ".box": ["a", "b", "e"],
    "div.box": ["a", "b"],
    ".main": ["a"],
    "div.box.inner": ["b"],
    ".box p": ["a", "b"],
    ".main > p": ["a"],
    ".box .box p": ["b"],
    ".lead": ["a"],
    "p": ["a", "b", "d"],
    "#b1": ["a"],
    "div#b1 a": ["c"],
    "[data-role=content]": ["a"],
    "div[data-role=content] .inner": ["b"],
    'a[rel="v:url"][property="v:title"]': ["c"],
    ".inner a:not(.x)": ["c"],
    "p.lead, td.box": ["a", "e"],
    ".lead + div p": ["b"],
    ".none": [],
    "section.box": [],
}


GROUP = SelectorGroup(map(compile_selector, CASES))


def _first_text(element: etree._Element) -> str:
    return next(text.strip() for text in element.itertext() if text.strip())


@pytest.mark.parametrize("css", CASES)
def test_index_and_search_agree(css: str) -> None:
    """`Page.find_all` gives what searching the whole tree gives."""
    selector = compile_selector(css)
    assert [_first_text(element) for element in selector.find_all(PAGE)] == CASES[css]
    assert [_first_text(element) for element in Page(PAGE, GROUP).find_all(selector)] == CASES[css]
    alone = Page(PAGE, SelectorGroup([]))
    assert [_first_text(element) for element in alone.find_all(selector)] == CASES[css]


def test_an_attribute_may_be_named() -> None:
    """`css@attribute` says what to read."""
    assert compile_selector("a@href").attribute == "href"
    assert compile_selector("a").attribute is None


@pytest.mark.parametrize("css", ["p[", "", "..x", ">"])
def test_a_malformed_selector_is_an_error_that_shows_it(css: str) -> None:
    """ValueError with the selector's text."""
    with pytest.raises(ValueError, match="bad CSS selector"):
        compile_selector(css)
