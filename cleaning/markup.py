"""What an element's own tag and attributes say of it; pure."""

import re

from lxml import etree

from tinsach.cleaning.article import BlockKind

INVISIBLE = frozenset(
    "script style template noscript head title meta link iframe object embed canvas svg math area map datalist".split()
)
BLOCK = frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup p pre section summary table "
    "tbody tfoot thead tr td th caption ul video audio select option button textarea iframe amp-img".split()
)
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
BOLD = frozenset("b strong".split())
ITALIC = frozenset("i em".split())
WIDGET_TAGS = frozenset("form button select textarea nav audio video dialog menu".split())
LONG_CELL_CHARS = 600
SMALLEST_PICTURE_PIXELS = 50
_IMAGE_ATTRIBUTES = ("data-src", "data-original", "data-large-src", "data-photo-original-src", "src")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_RIGHT_STYLE = re.compile(r"text-align\s*:\s*(right|end)", re.IGNORECASE)


def is_hidden(element: etree._Element, attributes: list[str]) -> bool:
    """Whether the element's attributes (their names are given) hide it from a reader."""
    return "hidden" in attributes or (
        "style" in attributes and _HIDDEN_STYLE.search(element.get("style", "")) is not None
    )


def is_data_table(table: etree._Element) -> bool:
    """Whether a table shows data: no picture, no table inside, mostly rows of several short cells."""
    if next(table.iterdescendants("img", "table", "figure", "video", "iframe"), None) is not None:
        return False
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    wide = [row for row in rows if len(row) >= 2]
    if not wide or len(wide) * 2 < len(rows):
        return False
    long_cells = sum(1 for row in wide for cell in row if len(" ".join(cell.itertext())) > LONG_CELL_CHARS)
    return long_cells * 2 < len(wide)


def is_set_right(element: etree._Element, attributes: list[str]) -> bool:
    """Whether the element's attributes (their names are given) set its text flush right."""
    return ("align" in attributes and element.get("align") == "right") or (
        "style" in attributes and _RIGHT_STYLE.search(element.get("style", "")) is not None
    )


def find_image_url(element: etree._Element) -> str | None:
    """The picture's address as written; None for a placeholder, a pixel or an icon."""
    size = (element.get("width") or "").removesuffix("px")
    if size.isdigit() and int(size) < SMALLEST_PICTURE_PIXELS:
        return None
    for name in _IMAGE_ATTRIBUTES:
        url = (element.get(name) or "").strip()
        if url and not url.startswith("data:"):
            return url
    return None


def block_kind(tag: str, outer: BlockKind) -> BlockKind:
    """The kind of block that an element makes inside a block of kind `outer`."""
    if tag in HEADINGS:
        return "heading"
    if tag in ("li", "dd", "dt"):
        return "list_item"
    if tag == "blockquote":
        return "quote"
    return outer if outer in ("list_item", "quote") else "paragraph"
