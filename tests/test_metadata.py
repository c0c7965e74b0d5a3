"""metadata: what a page says about its article, and who is believed."""

import pytest

from tinsach.cleaning.decode import parse_page
from tinsach.cleaning.metadata import (
    Head,
    choose_title,
    find_own_url,
    read_authors,
    read_head,
    read_section,
    read_tags,
    read_times,
)
from tinsach.cleaning.selectors import Page, SelectorGroup, compile_selector


def parse(html: str) -> tuple[Head, Page]:
    root = parse_page(html.encode())
    return read_head(root), Page(root, SelectorGroup([]))


def select(*css: str) -> tuple[object, ...]:
    return tuple(compile_selector(text) for text in css)


TITLES = {
    "as shown": ("<title>Khác - Báo X</title>", "Trên trang", "Trên trang"),
    "JSON-LD": (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Từ máy"}</script>',
        None,
        "Từ máy",
    ),
    "og:title without the paper": ('<meta property="og:title" content="Lũ về | Báo X">', None, "Lũ về"),
    "<title> without the paper": ("<title>Lũ về - Tạp chí Ngày Nay</title>", None, "Lũ về"),
    "nothing": ("<p>x</p>", None, None),
}


@pytest.mark.parametrize(("html", "shown", "want"), TITLES.values(), ids=TITLES)
def test_title(html: str, shown: str | None, want: str | None) -> None:
    """What the reader sees is the title; the head is a witness."""
    assert choose_title(shown, parse(html)[0]) == want


def test_times_come_from_the_head_first() -> None:
    """A `<meta>` with seconds decides; a day there gives way to the minute that the page shows."""
    exact = '<meta property="article:published_time" content="2026-03-07T08:01:53+07:00"><time>08/03/2026 09:00</time>'
    day = '<meta property="article:published_time" content="2026-03-07"><time>07/03/2026 09:00</time>'
    found = [read_times(*((page := parse(html))[0], select("time"), page[1])).published for html in (exact, day)]
    assert [(at.at.isoformat(), at.precision) for at in found if at] == [
        ("2026-03-07T01:01:53+00:00", "second"),
        ("2026-03-07T02:00:00+00:00", "minute"),
    ]


UNREADABLE = {
    "attribute": '<time datetime="2026-02-31T15:33:00+07:00">20/11/2026 08:15</time>',
    "attribute of another element": '<time datetime="soon">hôm nay</time><p class="date">20/11/2026 08:15</p>',
    "meta": '<meta property="article:published_time" content="2026-02-31"><p class="date">20/11/2026 08:15</p>',
    "text of the first selector": '<time>2 giờ trước</time><p class="date">20/11/2026 08:15</p>',
}


@pytest.mark.parametrize("html", UNREADABLE.values(), ids=UNREADABLE)
def test_a_time_that_cannot_be_hides_no_other(html: str) -> None:
    """Where an attribute gives no time, the element's text is asked, then the next selector."""
    head, page = parse(html)
    found = read_times(head, select("time@datetime", "time", ".date"), page, ["21/11/2026 09:00"]).published
    assert found is not None and found.at.isoformat() == "2026-11-20T01:15:00+00:00"


def test_a_time_from_around_the_text_comes_last() -> None:
    """The default is read where the selectors match nothing that is a time."""
    head, page = parse('<time datetime="soon">hôm nay</time>')
    found = read_times(head, select("time@datetime"), page, ["21/11/2026 09:00"]).published
    assert found is not None and found.at.isoformat() == "2026-11-21T02:00:00+00:00"


SECTIONS = {
    "first crumb that is not home": (
        "<p class=c><a>Trang chủ</a></p><p class=c><a>Xã hội</a></p><p class=c><a>Y tế</a></p>",
        "Xã hội",
    ),
    "first of the meta's list": ('<meta property="article:section" content="Video,Y tế">', "Video"),
    "none": ("<p>x</p>", None),
}


@pytest.mark.parametrize(("html", "want"), SECTIONS.values(), ids=SECTIONS)
def test_section(html: str, want: str | None) -> None:
    """The top section, by breadcrumb before meta."""
    head, page = parse(html)
    assert read_section(head, select(".c a"), page) == want


TAGS = {
    "shown": ("<a class=t>#lũ lụt</a><a class=t>đê điều, </a><a class=t>lũ lụt</a>", (".t",), ("lũ lụt", "đê điều")),
    "article:tag": ('<meta property="article:tag" content="lũ lụt,đê điều">', (".t",), ("lũ lụt", "đê điều")),
    "lower-case meta takes the keywords' spelling": (
        '<meta name="its_tag" content="tp hcm, đê"><meta name="keywords" content="TP HCM, đê, Tin nóng">',
        ("meta[name=its_tag]@content",),
        ("TP HCM", "đê"),
    ),
}


@pytest.mark.parametrize(("html", "css", "want"), TAGS.values(), ids=TAGS)
def test_tags(html: str, css: tuple[str, ...], want: tuple[str, ...]) -> None:
    """Tags as shown, without # and comma, each once."""
    head, page = parse(html)
    assert read_tags(head, select(*css), page) == want


def test_authors_come_from_the_byline_first() -> None:
    """The body's own byline, else the author element, else JSON-LD; an agency is no author."""
    head, page = parse(
        '<span class="author">Lê Hà</span><script type="application/ld+json">'
        '{"@type":"NewsArticle","author":{"@type":"Person","name":"Trần Vũ"}}</script>'
    )
    author = select(".author")
    assert read_authors(["Tin, ảnh: VĂN TOẢN"], head, author, page) == (("VĂN TOẢN",), None)
    assert read_authors(["(TTXVN/Vietnam+)"], head, author, page) == (("Lê Hà",), "TTXVN")
    assert read_authors([], head, (), page) == (("Trần Vũ",), None)


def test_a_paper_is_the_agency_where_none_is_named() -> None:
    """The source named ("Theo Zing") stands in the agency's place; an agency wins, wherever it is named."""
    head, page = parse('<span class="author">Lê Hà</span>')
    author = select(".author")
    assert read_authors(["Theo Zing"], head, (), page) == ((), "Zing")
    assert read_authors(["Theo Zing"], head, author, page) == (("Lê Hà",), "Zing")
    assert read_authors(["Theo Zing", "(TTXVN)"], head, author, page) == (("Lê Hà",), "TTXVN")
    assert read_authors(["Theo Zing", "(Vietnam+)"], head, (), page) == ((), "Zing")
    assert read_authors(["(Vietnam+)"], head, (), page) == ((), "Vietnam+")


def test_a_page_says_its_own_address() -> None:
    """The canonical link, else og:url."""
    for html in (
        '<link rel="canonical" href="https://a.vn/x.html">',
        '<meta property="og:url" content="https://a.vn/x.html">',
    ):
        head, page = parse(html)
        assert find_own_url(head, page.root) == "https://a.vn/x.html"
