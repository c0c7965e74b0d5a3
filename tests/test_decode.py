"""decode: the charset is decided once; what is no HTML page is rejected with what it is."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinsach.cleaning import Rejected
from tinsach.cleaning.decode import MAX_PAGE_BYTES, decode_page, parse_page
from tinsach.cleaning.segment import visible_text

LINE = "<p>Mưa lớn ở Hà Tĩnh, nhiều tuyến đường ngập sâu.</p>"
LATE_META = b"<html><head>" + b"<meta name=x>" * 2000 + b"<meta charset=windows-1258></head>"

PAGES: dict[str, tuple[bytes, str | None]] = {
    "valid UTF-8 without declaration": (LINE.encode(), None),
    "UTF-8 although the header says otherwise": (LINE.encode(), "iso-8859-1"),
    "UTF-8 although the meta says otherwise": (LATE_META + LINE.encode(), None),
    "UTF-8 with BOM": (b"\xef\xbb\xbf" + LINE.encode(), None),
    "UTF-16 with BOM": (LINE.encode("utf-16"), None),
    "UTF-8 with a few broken bytes": (LINE.encode() + b"\xff\xfe", "windows-1252"),
    "an unknown charset in the header": (LINE.encode() + b"\xff", "x-no-such-charset"),
}


@pytest.mark.parametrize(("page", "charset"), PAGES.values(), ids=PAGES)
def test_accents_survive(page: bytes, charset: str | None) -> None:
    """Whatever a page says of its charset, its Vietnamese letters come out as they were written."""
    assert "Mưa lớn ở Hà Tĩnh, nhiều tuyến đường ngập sâu." in decode_page(page, charset=charset).decode()


@pytest.mark.parametrize(
    ("page", "charset"),
    [("<p>Café à Đà".encode("cp1258"), "windows-1258"), (LATE_META + "<p>Café à Đà".encode("cp1258"), None)],
)
def test_other_charsets_are_believed_when_utf8_fails(page: bytes, charset: str | None) -> None:
    """Bytes that are no UTF-8 are read by the header's charset, else by a meta however late it comes."""
    text = visible_text(parse_page(decode_page(page, charset=charset)))
    assert text.startswith("Café à Đà")


FOREIGN = {
    b"": "empty",
    b" \n\t ": "empty",
    b"\x00\x00": "empty",
    b"\x00\x01\x02": "not-html",
    b"%PDF-1.7 ...": "not-html",
    b"\x89PNG\r\n\x1a\n": "not-html",
    b"\xff\xd8\xff\xe0": "not-html",
    b"GIF89a": "not-html",
    b"PK\x03\x04": "not-html",
    b"\x1f\x8b\x08\x00": "not-html",
    b"WARC/1.1\r\n": "not-html",
    b'{"error_code": 0}': "not-html",
    b"plain words only": "not-html",
    b"<?xml version='1.0'?><rss><channel/></rss>": "not-html",
    b"<urlset xmlns='x'><url/></urlset>": "not-html",
    b"<!-- a --><!DOCTYPE svg><svg><path/></svg>": "not-html",
    b"<!-- a -> b --><!DOCTYPE svg [ <!ENTITY a 'b'> ]><svg><path/></svg>": "not-html",
    b"<" + bytes(range(256)) * 40: "not-html",
    b"<div>" * 5000: "too-deep",
    b"<" + b" " * MAX_PAGE_BYTES: "too-large",
}


@pytest.mark.parametrize("page", FOREIGN, ids=lambda page: repr(page[:12]))
def test_what_is_no_page_is_rejected(page: bytes) -> None:
    """Files sent as HTML are rejected with their reason, never parsed."""
    with pytest.raises(Rejected) as caught:
        parse_page(decode_page(page))
    assert caught.value.reason == FOREIGN[page]


def test_a_page_with_a_drawing_at_its_head_is_no_drawing() -> None:
    """A fragment of a page may begin with an icon."""
    assert decode_page("<p><svg></svg>Mưa lớn.</p>") == "<p><svg></svg>Mưa lớn.</p>".encode()


def test_null_bytes_do_not_cut_the_page() -> None:
    """Control characters, which end a C string, are taken out before parsing."""
    page = b"<p>Tr\x00\xc6\xb0\xe1\xbb\x9bc.</p>\x00<p>Sau.</p>"
    assert visible_text(parse_page(decode_page(page))) == "Trước. Sau."


LEFT = {
    "JSON, whatever it holds": b'<script type="application/LD+JSON">{"a": "<style>x</style><script>"}</script>',
    "a tag that ends itself": b"<svg/><p>Trong</p></svg>",
    "an attribute that is never closed": b'<script src="a.js><p>Trong</p></script>',
    "an attribute that could be the tag's end": b"<style media='a>b'>p{}</style>",
    "a tag in a tag": b"<script <p>Trong</p></script>",
    "code without an end": b"<script>a<p>Trong</p>",
    "code with another opening": b"<script><!-- '<script>' --></script><svg><svg><g/></svg></svg>",
    "a comment in a drawing": b"<svg><!-- </svg> --><path/></svg>",
    "another element": b"<svgx>a</svgx><scripts>b</scripts>",
    "an opening in a comment": b"<!-- <style> --><p>Trong</p></style>",
}


def test_code_is_left_out() -> None:
    """What no reader sees is not parsed; its elements stay where they stand."""
    page = b"<style id=a>p{}</style><p>Xin<script>var a = '<p>';</script> Anh</p><SVG a=1><path d=M0/></svg>"
    assert decode_page(page) == b"<style id=a></style><p>Xin<script></script> Anh</p><SVG a=1></svg>"


@pytest.mark.parametrize("page", LEFT.values(), ids=LEFT)
def test_what_is_not_plainly_code_stays(page: bytes) -> None:
    """JSON is read, and a page that is broken there is left to the parser."""
    assert decode_page(b"<p>" + page) == b"<p>" + page


TOKENS = (
    *"<script> </script> <style> </style> <STYLE> </STYLE> <svgx> <svg/> <p> </p> <!-- --> ' > { a b".split(),
    "<script src=a>",
)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=14).map("".join))
def test_without_code_the_tree_is_the_same(html: str) -> None:
    """However a page is broken, all elements and every text but that of code come out as they would have."""
    page = f"<html><body>{html}</body></html>".encode()
    whole, lean = parse_page(page), parse_page(decode_page(page))
    assert [element.tag for element in lean.iter()] == [element.tag for element in whole.iter()]
    assert visible_text(lean) == visible_text(whole)


def test_openings_without_end_take_no_longer_than_their_bytes() -> None:
    """Many tags that are never closed, or closed once: each byte is looked at a few times, not once a tag."""
    for end in (b"", b"</svg>"):
        page = b"<p>" + b"<svg>" * 400_000 + end
        assert len(decode_page(page)) == len(page)


def test_code_of_nothing_but_openings_is_left_out_fast() -> None:
    """What could be a tag at every byte is passed over a run at a time, not one by one."""
    started = time.process_time()
    assert decode_page(b"<p><script>" + b"<" * 8_000_000 + b"</script>") == b"<p><script></script>"
    assert time.process_time() - started < 2
