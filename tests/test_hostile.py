"""Cleaning against broken and hostile input: an Article or a Rejected, never another exception.

`make hostile` prints time and memory of bigger ones, `make fuzz` searches for new ones.
"""

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinsach.cleaning import Article, Rejected, clean_html, clean_text
from tinsach.cleaning.article import REASONS

PAGES = [
    gzip.decompress(path.read_bytes()) for path in sorted((Path(__file__).parent / "fixtures").glob("*/*/page.html.gz"))
]
KNOWN = "https://ngaynay.vn/a-post1.html"
UNKNOWN = "https://example.org/a/b-1.html"
TEXT = "<p>Sáng nay, mưa lớn làm ngập nhiều tuyến đường ven sông, học sinh phải nghỉ học.</p>"
PAGE = "<html><head>{head}</head><body><h1>Mưa lớn</h1><div class='article__body cms-body'>{body}</div></body></html>"

HOSTILE: dict[str, bytes | str] = {
    "no address of a script": PAGE.format(head="<script type='application/ld+json'>{not json</script>", body=TEXT),
    "JSON-LD nested 100,000 deep": PAGE.format(
        head=f"<script type='application/ld+json'>{'[' * 100_000}</script>", body=TEXT
    ),
    "JSON-LD that is a number": PAGE.format(head="<script type='application/ld+json'>42</script>", body=TEXT),
    "a date that is none": PAGE.format(
        head="<meta property='article:published_time' content='2026-02-31T25:61:00+99:99'>", body=TEXT
    ),
    "lone surrogates": PAGE.format(head="", body=TEXT + "\ud800"),
    "decomposed text": PAGE.format(head="", body="<p>Ha\u0300 No\u0323\u0302i mu\u031ba to từ sáng sớm hôm nay.</p>"),
    "mojibake": PAGE.format(head="", body=TEXT).encode().decode("cp1252", "replace"),
    "null bytes": PAGE.format(head="", body=TEXT).encode().replace(b" ", b"\x00 "),
    "a megabyte in one attribute": PAGE.format(head="", body=f"<p title='{'x' * 1_000_000}'>a</p>{TEXT}"),
    "20,000 siblings": PAGE.format(head="", body="<p>a</p>" * 20_000),
    "2,000 levels": PAGE.format(head="", body="<div>" * 2000 + TEXT),
    "5,000 levels": PAGE.format(head="", body="<div>" * 5000 + TEXT),
    "unclosed tags": "<div><table><tr><td><p><b><i><a href=/x><ul><li>" * 50 + TEXT,
    "an entity bomb": '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><html><body>' + "<p>&b;&b;</p>" * 100,
    "a bad base and bad links": PAGE.format(
        head="<base href='http://[::1'><link rel=canonical href='http://[bad'>",
        body="<p><a href='http://[x'>y</a></p><img src='//['>" + TEXT,
    ),
    "an element of a foreign name": PAGE.format(head="", body=f"<a:b xmlns:a='x'>{TEXT}</a:b><p-></p->"),
    "frames and objects": "<html><frameset><frame src=x></frameset><noframes>" + TEXT,
    "half a tag": "<html><body><div class='article__body cms-body'><p>Mưa <a href='",
}


def _is_answered(page: bytes | str, url: str) -> Article | None:
    """The article, or None for a Rejected with a known reason; anything else fails the test by itself."""
    try:
        return clean_html(page, url=url)
    except Rejected as rejected:
        assert rejected.reason in REASONS
        return None


@pytest.mark.parametrize("url", [KNOWN, UNKNOWN, "", "no address [", "https://ngaynay.vn"])
@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE)
def test_every_page_is_answered(page: bytes | str, url: str) -> None:
    """Whatever stands in a page, whatever its address: an Article or a Rejected with its reason."""
    article = _is_answered(page, url)
    assert article is None or all(block.text for block in article.blocks)


def test_decomposed_text_is_composed() -> None:
    """NFD pages give NFC text."""
    article = _is_answered(HOSTILE["decomposed text"], KNOWN)
    assert article is not None and article.text == "Hà Nội mưa to từ sáng sớm hôm nay."


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_page_is_answered(data: st.DataObject) -> None:
    """Saved pages cut anywhere, with bytes lost and changed, under a wrong charset."""
    page = bytearray(data.draw(st.sampled_from(PAGES)))
    start = data.draw(st.integers(0, len(page) // 2))
    page = page[start : start + data.draw(st.integers(1, len(page)))]
    for _ in range(data.draw(st.integers(0, 20))):
        page[data.draw(st.integers(0, len(page) - 1))] = data.draw(st.integers(0, 255))
    charset = data.draw(st.sampled_from([None, "utf-8", "windows-1258", "utf-16", "hex", "x-none"]))
    try:
        clean_html(bytes(page), url=data.draw(st.sampled_from([KNOWN, UNKNOWN])), charset=charset)
    except Rejected as rejected:
        assert rejected.reason in REASONS


@given(st.one_of(st.binary(max_size=400), st.text(max_size=400)))
@settings(max_examples=200, deadline=None)
def test_any_bytes_and_any_text_are_answered(page: bytes | str) -> None:
    """Noise is no page, and says so."""
    _is_answered(page, UNKNOWN)
    try:
        clean_text(page if isinstance(page, str) else page.decode("latin-1"))
    except Rejected as rejected:
        assert rejected.reason in REASONS
