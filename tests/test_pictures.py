"""pictures: captions and credits go to the picture they stand by."""

from urllib.parse import urljoin

import pytest

from tinsach.cleaning.decode import parse_page
from tinsach.cleaning.pictures import absolute_url, mark_captions, read_images
from tinsach.cleaning.profile import Extract
from tinsach.cleaning.segment import segment
from tinsach.cleaning.selectors import Page, SelectorGroup
from tinsach.cleaning.template import find_figures

BASE = "https://qdnd.vn/x-860001"
IMG = '<img src="/{}.jpg">'

# html -> [(file, caption, credit)]
CASES: dict[str, tuple[str, list[tuple[str | None, str | None, str | None]]]] = {
    "figure with caption": (
        f"<figure>{IMG.format('a')}<figcaption>Cầu mới. Ảnh: Thế Anh</figcaption></figure>",
        [("a", "Cầu mới.", "Thế Anh")],
    ),
    "two figures in a group": (
        f"<div class='g'><figure>{IMG.format('a')}<figcaption>Một.</figcaption></figure>"
        f"<figure>{IMG.format('b')}<figcaption>Hai.</figcaption></figure></div>",
        [("a", "Một.", None), ("b", "Hai.", None)],
    ),
    "a caption under two pictures goes to the second": (
        f"<figure>{IMG.format('a')}{IMG.format('b')}<figcaption>Cả hai.</figcaption></figure>",
        [("a", None, None), ("b", "Cả hai.", None)],
    ),
    "table with tool bar row": (
        "<table class='imgEditor'><tr><td><a>left</a><a>center</a><a>right</a><a>del</a></td></tr>"
        f"<tr><td>{IMG.format('a')}</td></tr><tr><td><h2>Lễ chào cờ.</h2></td></tr></table>",
        [("a", "Lễ chào cờ.", None)],
    ),
    "a grid, captions row by row": (
        f"<table><tr><td>{IMG.format('a')}</td></tr><tr><td>Một.</td></tr><tr><td>{IMG.format('b')}</td></tr>"
        "<tr><td>Hai.</td></tr></table>",
        [("a", "Một.", None), ("b", "Hai.", None)],
    ),
    "caption in two paragraphs": (
        f"<figure>{IMG.format('a')}<figcaption><p>Cầu mới.</p><p>Ảnh: TTXVN</p></figcaption></figure>",
        [("a", "Cầu mới.", "TTXVN")],
    ),
    "caption above the picture": (
        f"<figure><figcaption>Cầu mới.</figcaption>{IMG.format('a')}</figure>",
        [("a", "Cầu mới.", None)],
    ),
    "no caption": (f"<p>Chữ</p>{IMG.format('a')}<p>Chữ</p>", [("a", None, None)]),
    "pixels and placeholders are no pictures": ('<img src="/p.gif" width="1"><img src="data:image/gif;base64,R0">', []),
    "the same picture twice is one": (f"<figure>{IMG.format('a')}{IMG.format('a')}</figure>", [("a", None, None)]),
}


@pytest.mark.parametrize(("html", "want"), CASES.values(), ids=CASES)
def test_captions_go_to_their_picture(html: str, want: list[tuple[str | None, str | None, str | None]]) -> None:
    """Order decides: a caption belongs to the picture before it, else to the next one of its figure."""
    body = parse_page(f"<div>{html}</div>".encode())
    pieces = mark_captions(segment(body, figures=find_figures(Page(body, SelectorGroup([])), Extract())))
    found = [
        (image.url and image.url.rsplit("/")[-1][:-4], image.caption, image.credit)
        for image in read_images(pieces, BASE)
    ]
    assert found == want


def test_the_editors_tool_bar_is_junk_not_caption() -> None:
    """The four labels left, center, right, del of an image table are removed as junk."""
    body = parse_page(
        "<table><tr><td><a>left</a><a>center</a><a>right</a><a>del</a></td></tr><tr><td><img src=/a.jpg></td></tr>"
        "<tr><td>Cảnh.</td></tr></table>".encode()
    )
    pieces = mark_captions(segment(body, figures=find_figures(Page(body, SelectorGroup([])), Extract())))
    assert [(p.drop and p.drop[0], p.text) for p in pieces if p.text] == [
        ("junk", "leftcenterrightdel"),
        ("caption", "Cảnh."),
    ]


def test_a_long_text_in_a_layout_table_is_no_caption() -> None:
    """An article set in a table with a picture stays an article."""
    body = parse_page(f"<table><tr><td><img src=/a.jpg><p>{'Câu dài. ' * 200}</p></td></tr></table>".encode())
    pieces = mark_captions(segment(body, figures=find_figures(Page(body, SelectorGroup([])), Extract())))
    assert [piece.drop for piece in pieces if piece.text] == [None]


@pytest.mark.parametrize(
    ("url", "want"),
    [
        ("/a.jpg", "https://qdnd.vn/a.jpg"),
        ("//cdn.vn/a.jpg", "https://cdn.vn/a.jpg"),
        ("javascript:void(0)", None),
        ("http://[bad", None),
        ("mailto:a@b.vn", None),
    ],
)
def test_only_web_addresses_are_kept(url: str, want: str | None) -> None:
    """Relative addresses become absolute; what is no http(s) address is None."""
    assert absolute_url(url, BASE) == want


@pytest.mark.parametrize(
    "url", ["/a.jpg", "/a/b-c_1/d.htm", "/a/%20/b", "/a//b", "/a/../b", "/a.b.c", "/é.jpg", "/", "/a?b#c"]
)
@pytest.mark.parametrize(
    "base", ["https://ngaynay.vn/x.html", "HTTP://A.example:80/y/", "ftp://a.example/", "//a.example/", ""]
)
def test_plain_paths_are_joined_as_any_other(url: str, base: str) -> None:
    """The short way for paths without dots and queries gives urljoin's answer."""
    joined = urljoin(base, url)
    assert absolute_url(url, base) == (joined if joined.startswith(("http://", "https://")) else None)
