"""Two witnesses of what the article is: the page's JSON-LD and trafilatura; pure.

Neither decides alone. JSON-LD often cuts the text; trafilatura costs more than all the rest, so it is asked only where
the page's own structure shows hardly any text.
"""

from collections.abc import Iterator

from lxml import etree, html

from tinsach.cleaning.container import Drops
from tinsach.cleaning.letters import fold
from tinsach.cleaning.segment import Drop
from tinsach.cleaning.survey import Leaf

MIN_BODY_CHARS = 300  # of an articleBody that says anything
MAX_BODY_CHARS = 200_000  # a longer one is no article, and looking every line up in it would take long
MAX_LEAVES = 5_000
MIN_AGREEMENT = 0.85  # of the kept running text that must stand in an articleBody that is complete
MIN_LINE_CHARS = 25
PROBE_CHARS = 200
MAX_PAGE_CHARS = 500_000  # of markup given to trafilatura

_NOT_IN_JSONLD: Drop = ("junk", "jsonld:not in articleBody")


def compare_jsonld(
    article_body: str | None, leaves: list[Leaf], numbers: range, drops: Drops
) -> Iterator[tuple[int, Drop | None]]:
    """What a complete articleBody changes: texts it lacks get a reason, running text it holds loses its (None)."""
    if not article_body or not MIN_BODY_CHARS <= len(article_body) <= MAX_BODY_CHARS or len(numbers) > MAX_LEAVES:
        return
    whole = fold(article_body)
    said = {n for n in numbers if leaves[n].size >= MIN_LINE_CHARS and fold(leaves[n].text)[:PROBE_CHARS] in whole}
    kept = [n for n in numbers if drops[n] is None]
    agreed = sum(leaves[n].prose for n in kept if n in said)
    if agreed < max(1, MIN_AGREEMENT * sum(leaves[n].prose for n in kept), len(article_body) / 2):
        return
    first = min(n for n in kept if n in said and leaves[n].prose)  # the lead above is seldom part of an articleBody
    for number in kept:
        if number > first and number not in said and leaves[number].kind == "text":
            yield number, _NOT_IN_JSONLD
    for number in said:
        drop = drops[number]
        if drop is not None and not _is_certain(drop) and leaves[number].prose:
            yield number, None


def _is_certain(drop: Drop) -> bool:
    """Headline echoes and calls stay out though an articleBody holds them: it is a dump of the whole page's text."""
    return drop[0] == "title_echo" or (drop[0] == "widget" and drop[1].startswith("cue:"))


def build_body(article_body: str) -> etree._Element:
    """An element with the paragraphs of an articleBody, for a page whose text its scripts would have written."""
    body = etree.Element("div")
    for line in article_body.split("\n"):
        etree.SubElement(body, "p").text = line
    return body


def ask_trafilatura(root: etree._Element) -> str:
    """trafilatura's text of the whole page, "" when it finds none or the page is too large for it.

    Its copy is parsed with libxml2's usual limits: trafilatura recurses, and a deep tree would exhaust the stack.
    """
    import trafilatura  # noqa: PLC0415  # a third of a second, for the few pages that need it

    page = etree.tostring(root, encoding="unicode", method="html")
    if len(page) > MAX_PAGE_CHARS:
        return ""
    tree = html.document_fromstring(page, parser=html.HTMLParser(huge_tree=False))
    document = trafilatura.bare_extraction(tree, include_comments=False, with_metadata=False, deduplicate=False)
    return (document.text or "") if isinstance(document, trafilatura.settings.Document) else ""


def find_said(text: str, leaves: list[Leaf]) -> list[int]:
    """The numbers of the leaves that stand in a text; short ones only as a line of it."""
    lines = {fold(line.strip("-| ")) for line in text.split("\n")}
    whole = fold(text) if len(leaves) <= MAX_LEAVES else ""
    found = []
    for number, leaf in enumerate(leaves):
        folded = fold(leaf.text)
        if folded and (folded in lines or (len(folded) >= MIN_LINE_CHARS and folded[:PROBE_CHARS] in whole)):
            found.append(number)
    return found
