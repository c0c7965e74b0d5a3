"""selectors: CSS answers the same whether it searches the whole page or starts from an index."""

import pytest
from cssselect import HTMLTranslator
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
    "P.lead": ["a"],
    "td": ["e"],
    "[data-role]": ["a"],
    "[class*=lead]": ["a", "d"],
    "p:first-child": ["a", "b", "d"],
    "p.lead:last-of-type": ["a"],
    ".box ~ .box": [],
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


@pytest.mark.parametrize("css", CASES)
def test_an_answer_is_cssselects_own(css: str) -> None:
    """Neither the index nor our quicker XPath changes which elements match."""
    plain = etree.XPath(HTMLTranslator().css_to_xpath(css))
    assert Page(PAGE, GROUP).find_all(compile_selector(css)) == plain(PAGE)


def test_anchors_within_anchors_are_searched_a_few_times_only() -> None:
    """1,500 boxes inside each other around 5,000 links: each link once, not 7.5 million matches."""
    page = etree.HTML("<div class=box>" * 1500 + "<a href=/x>x</a>" * 5000, etree.HTMLParser(huge_tree=True))
    selector = compile_selector(".box a")
    assert len(Page(page, SelectorGroup([selector])).find_all(selector)) == 5000
