"""segment: visible text as pieces; every visible character in exactly one of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tinsach.cleaning.decode import parse_page
from tinsach.cleaning.markup import INVISIBLE
from tinsach.cleaning.segment import Piece, normalise, segment

# html -> [(kind, text)]
CASES: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "inline elements join": ("<p>Một <b>hai</b><i> ba</i>.</p>", [("paragraph", "Một hai ba.")]),
    "blocks part": ("<div>Một<p>hai</p>ba</div>", [("paragraph", "Một"), ("paragraph", "hai"), ("paragraph", "ba")]),
    "a line break parts": ("<p>Câu một<br>Câu hai</p>", [("paragraph", "Câu một"), ("paragraph", "Câu hai")]),
    "headings": ("<h2>Đề mục</h2><p>Chữ.</p>", [("heading", "Đề mục"), ("paragraph", "Chữ.")]),
    "list items": ("<ul><li>Một</li><li><p>Hai</p></li></ul>", [("list_item", "Một"), ("list_item", "Hai")]),
    "quotes": ("<blockquote><p>Lời.</p></blockquote>", [("quote", "Lời.")]),
    "rows of a data table": (
        "<table><tr><th>Đội</th><th>Điểm</th></tr><tr><td>Huế</td><td><p>3</p></td></tr></table>",
        [("table_row", "Đội | Điểm"), ("table_row", "Huế | 3")],
    ),
    "a one-column table is layout": (
        "<table><tr><td><p>Một.</p><p>Hai.</p></td></tr></table>",
        [("paragraph", "Một."), ("paragraph", "Hai.")],
    ),
    "preformatted lines": ("<pre>thơ một\nthơ hai</pre>", [("paragraph", "thơ một"), ("paragraph", "thơ hai")]),
    "scripts are not text": ("<p>A<script>var x=1</script>B<style>p{}</style></p>", [("paragraph", "AB")]),
    "text after an invisible element stays": ("<p><noscript>x</noscript>Sau</p>", [("paragraph", "Sau")]),
    "nbsp, soft hyphen, zero width": ("<p>Hà\u00a0\u00a0Nội\u200b mu\u00ada</p>", [("paragraph", "Hà Nội mua")]),
    "decomposed accents": ("<p>Ha\u0300 No\u0323\u0302i</p>", [("paragraph", "Hà Nội")]),
}


@pytest.mark.parametrize(("html", "want"), CASES.values(), ids=CASES)
def test_pieces(html: str, want: list[tuple[str, str]]) -> None:
    """Block elements and line breaks part the text; the element says what kind of block it is."""
    assert [(piece.kind, piece.text) for piece in segment(parse_page(html.encode()))] == want


def test_markup_is_noted_on_the_piece() -> None:
    """Bold, links, right alignment and pictures are facts of a piece that line rules need."""
    page = parse_page(
        '<div><p><b>Đậm</b></p><p>Một <a href="/a-post1.html">hai ba</a></p><p style="text-align: right">A</p>'
        '<p><img src="data:image/gif;base64,R0" data-src="/x.jpg"></p></div>'.encode()
    )
    bold, linked, right, picture = segment(page)
    assert bold.bold and not linked.bold
    assert linked.hrefs == ("/a-post1.html",) and 0.4 < linked.link_share < 0.7
    assert right.right and not linked.right
    assert (picture.image, picture.text) == ("/x.jpg", "")


def test_hidden_text_and_form_controls_are_widgets() -> None:
    """What a reader does not see, or only presses, is removed with the markup that says so."""
    page = parse_page(b"<p style='display:none'>a</p><p hidden>b</p><button>c</button><p>d</p>")
    assert [(piece.text, piece.drop) for piece in segment(page)] == [
        ("a", ("widget", "markup:hidden")),
        ("b", ("widget", "markup:hidden")),
        ("c", ("widget", "tag:button")),
        ("d", None),
    ]


def test_the_answers_of_a_poll_are_widgets() -> None:
    """A label of a field, inside or named, is no prose; without a field it is."""
    page = parse_page(b"<p><label><input type=radio>a</label><label for=x>b</label></p><p><label>c</label> d</p>")
    assert [(piece.text, piece.drop) for piece in segment(page)] == [
        ("a", ("widget", "tag:label")),
        ("b", ("widget", "tag:label")),
        ("c d", None),
    ]


def test_an_inner_drop_wins_and_text_around_it_stays() -> None:
    """A dropped element takes only its own text with it; an element inside it may have a reason of its own."""
    page = parse_page(b"<div>a<div id=x>b<i>c</i></div>d</div>")
    outer, inner = page.xpath("//div[@id='x']")[0], page.xpath("//i")[0]
    pieces = segment(page, drops={outer: ("teaser", "x"), inner: ("junk", "i")})
    assert [(piece.text, piece.drop and piece.drop[0]) for piece in pieces] == [
        ("a", None),
        ("b", "teaser"),
        ("c", "junk"),
        ("d", None),
    ]


def test_thousands_of_levels_and_siblings() -> None:
    """Depth and breadth cost no recursion."""
    deep = parse_page(b"<div>" * 2000 + b"<p>sau</p>")
    assert segment(deep)[-1].text == "sau"
    assert len(segment(parse_page(b"<p>x</p>" * 100_000))) == 100_000


TAGS = st.sampled_from("p div span b i a h2 ul li table tr td blockquote figure br script pre form section".split())


@st.composite
def trees(draw: st.DrawFn) -> etree._Element:
    """Any tree of elements that papers use, with text and tails."""
    root = etree.Element("body")
    nodes = [root]
    for _ in range(draw(st.integers(0, 25))):
        parent = draw(st.sampled_from(nodes))
        child = etree.SubElement(parent, draw(TAGS))
        child.text = draw(st.text("aă \n1", max_size=6))
        child.tail = draw(st.text("bđ \t2", max_size=6))
        nodes.append(child)
    return root


def _letters(text: str) -> str:
    return "".join(normalise(text).replace("|", "").split())


@given(trees(), st.data())
@settings(max_examples=150, deadline=None)
def test_every_visible_character_is_in_exactly_one_piece(root: etree._Element, choice: st.DataObject) -> None:
    """Kept + removed = input: pieces joined are the element's visible text, in order, whatever is dropped."""
    elements = [element for element in root.iter() if element is not root]
    dropped = choice.draw(st.lists(st.sampled_from(elements), max_size=3)) if elements else []
    pieces = segment(root, drops=dict.fromkeys(dropped, ("junk", "test")))
    visible: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        is_seen = all(e.tag not in INVISIBLE for e in (element, *element.iterancestors()))
        if event == "start" and is_seen:
            visible.append(element.text or "")
        elif event == "end" and all(e.tag not in INVISIBLE for e in element.iterancestors()):
            visible.append(element.tail or "")
    assert _letters("".join(piece.text for piece in pieces)) == _letters("".join(visible))


def test_a_reason_changes_nothing_else() -> None:
    """`with_drop` is `_replace(drop=…)`, whatever fields a piece has."""
    piece = Piece("a", "quote", None, True, True, 0.5, ("/x",), True, True, 3, "/a.jpg")
    assert piece.with_drop(("caption", "x")) == piece._replace(drop=("caption", "x"))


@pytest.mark.parametrize("text", ["", " ", "a  b", "\na\tb\x1c", "a\u3000b", "Ha\u0300 Nội", "a\u200bb", "\u00a0a b "])
def test_every_white_space_is_one_blank(text: str) -> None:
    """The short way for clean lines gives what the long one gives."""
    assert normalise(text) == normalise(f"  {text}\n  ")
