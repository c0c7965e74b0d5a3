"""Announcement pages: feeds, section pages and JSON lists in, article links out."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tinsach.cleaning.profile import Pages, Profile, load_profile
from tinsach.crawler.discover import (
    MAX_URL_CHARS,
    Link,
    Unreadable,
    find_article_url,
    find_zone,
    page_url,
    read_feed,
    read_more_news,
    read_section,
)
from tinsach.datasets.ledger import find_key_rule

NGAYNAY, QDND, VIETNAMPLUS = (load_profile(site) for site in ("ngaynay.vn", "qdnd.vn", "vietnamplus.vn"))
HOME = "https://ngaynay.vn/"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class LinkCase:
    name: str
    href: str
    expected: str | None
    profile: Profile = NGAYNAY
    base: str = HOME


LINKS = (
    LinkCase("relative", "/bien-xanh-post17.html", "https://ngaynay.vn/bien-xanh-post17.html"),
    LinkCase("another host of the site", "https://www.ngaynay.vn/a-post1.html", "https://www.ngaynay.vn/a-post1.html"),
    LinkCase("fragment cut", "/a-post1.html#binh-luan", "https://ngaynay.vn/a-post1.html"),
    LinkCase("query cut", "/a-post1.html?utm_source=x", "https://ngaynay.vn/a-post1.html"),
    LinkCase("blanks around", "  /a-post1.html\n", "https://ngaynay.vn/a-post1.html"),
    LinkCase("tag page", "/bien-tag160907.html", None),
    LinkCase("section", "/the-gioi/", None),
    LinkCase("sister paper", "https://www.vietnamplus.vn/a-post1.vnp", None),
    LinkCase("host that ends alike", "https://xngaynay.vn/a-post1.html", None),
    LinkCase("host with another port", "https://ngaynay.vn:8443/a-post1.html", None),
    LinkCase("user in the address", "https://ngaynay.vn@evil.example/a-post1.html", None),
    LinkCase("script", "javascript:void(0)", None),
    LinkCase("no address at all", "http://[", None),
    LinkCase("mail", "mailto:toasoan@ngaynay.vn", None),
    LinkCase("control character", "/a\x01b-post1.html", None),
    LinkCase("half a character", "/a\ud800b-post1.html", None),
    LinkCase("endless", f"/{'a' * MAX_URL_CHARS}-post1.html", None),
    LinkCase("no extension", "/chinh-tri/tin-tuc/bai-viet-743632", "https://www.qdnd.vn/chinh-tri/tin-tuc/bai-viet-743632",
             QDND, "https://www.qdnd.vn/"),
    LinkCase("tag ends in .html", "/tag/hai-quan-7436.html", None, QDND, "https://www.qdnd.vn/"),
    LinkCase("two forms of address", "/bien-dong/293677.vnp", "https://www.vietnamplus.vn/bien-dong/293677.vnp",
             VIETNAMPLUS, "https://www.vietnamplus.vn/"),
)  # fmt: skip


@pytest.mark.parametrize("case", LINKS, ids=lambda case: case.name)
def test_link(case: LinkCase) -> None:
    """A link counts when it leads to an article on one of the site's own hosts, whatever hangs on its address."""
    assert find_article_url(case.href, base=case.base, profile=case.profile) == case.expected


@dataclass(frozen=True, slots=True)
class Variants:
    """An article's own address, other addresses that tell it, and some that tell its number only."""

    site: str
    own: str
    told: tuple[str, ...]
    numbered: tuple[str, ...] = ()


VARIANTS = (
    Variants(
        "qdnd.vn", "https://www.qdnd.vn/xa-hoi/mot-bai-751846",
        ("https://m.qdnd.vn/xa-hoi/mot-bai-751846", "https://www.qdnd.vn/xa-hoi/mot-bai-751846/amp",
         "https://www.qdnd.vn/print/xa-hoi/mot-bai-751846", "https://m.qdnd.vn/amp/xa-hoi/mot-bai-751846?amp=1",
         "https://www.qdnd.vn/xa-hoi/mot-bai-751846.amp", "https://www.m.qdnd.vn/amp/print/xa-hoi/mot-bai-751846/amp/"),
        ("https://www.qdnd.vn/xa-hoi/print-751846",),
    ),
    Variants(
        "ngaynay.vn", "https://ngaynay.vn/mot-bai-post167238.html",
        ("https://m.ngaynay.vn/mot-bai-post167238.html", "https://ngaynay.vn/mot-bai-post167238.amp",
         "https://ngaynay.vn/mot-bai-post167238.amp.html"),
        ("https://ngaynay.vn/print-167238.html",),
    ),
    Variants(
        "vietnamplus.vn", "https://www.vietnamplus.vn/mot-bai-post1125344.vnp",
        ("https://www.vietnamplus.vn/mot-bai-post1125344.amp", "https://m.vietnamplus.vn/mot-bai-post1125344.vnp"),
        ("https://www.vietnamplus.vn/print-1125344.html",),
    ),
    Variants(
        "vnexpress.net", "https://vnexpress.net/mot-bai-4955120.html",
        ("https://m.vnexpress.net/mot-bai-4955120.html", "https://amp.vnexpress.net/mot-bai-4955120.html"),
        ("https://vnexpress.net/print-4955120.html",),
    ),
    Variants(
        "dantri.com.vn", "https://dantri.com.vn/xa-hoi/mot-bai-20260508190000333.htm",
        ("https://m.dantri.com.vn/xa-hoi/mot-bai-20260508190000333.htm",
         "https://dantri.com.vn/xa-hoi/mot-bai-20260508190000333.htm?amp"),
        ("https://dantri.com.vn/xa-hoi/print-20260508190000333.htm",),
    ),
    Variants(
        "tuoitre.vn", "https://tuoitre.vn/mot-bai-20260508190000333.htm",
        ("https://m.tuoitre.vn/mot-bai-20260508190000333.htm", "https://amp.tuoitre.vn/mot-bai-20260508190000333.htm",
         "https://tuoitre.vn/mot-bai-20260508190000333.amp.htm",
         "https://tuoitre.vn/print/mot-bai-20260508190000333.htm"),
        ("https://tuoitre.vn/print-20260508190000333.htm",),
    ),
    Variants(
        "cafef.vn", "https://cafef.vn/mot-bai-188260508190000333.chn",
        ("https://m.cafef.vn/mot-bai-188260508190000333.chn",),
        ("https://cafef.vn/mot-bai-188260508190000333.amp",),  # .chn or .htm
    ),
)  # fmt: skip


@pytest.mark.parametrize("case", VARIANTS, ids=lambda case: case.site)
def test_amp_mobile_and_print_pages_are_their_article(case: Variants) -> None:
    """A link to one leads to the article if it tells its address, else to nothing; the ledger knows one page."""
    profile, key_of = load_profile(case.site), find_key_rule(case.site)
    for url in (case.own, *case.told):
        assert find_article_url(url, base=profile.home, profile=profile) == case.own
    assert [url for url in case.numbered if find_article_url(url, base=profile.home, profile=profile)] == []
    keys = {url: key_of(url) for url in (case.own, *case.told, *case.numbered)}
    assert set(keys.values()) == {f"id:{profile.find_article_id(case.own)}"}


@pytest.mark.parametrize(
    "url",
    ["https://www.qdnd.vn/xa-hoi/in-print-3d-751846", "https://qdnd.vn/xa-hoi/loa-amp-hay-751846"],
)
def test_an_article_on_print_and_amp_keeps_its_address(url: str) -> None:
    """What only looks like a variant stays as it is, host and all."""
    assert find_article_url(url, base=url, profile=QDND) == url


@pytest.mark.parametrize("url", ["https://m.evil.example/amp/x-751846", "https://m.qdnd.vn:0/amp", "mailto:a@b/amp"])
def test_a_variant_elsewhere_is_no_article(url: str) -> None:
    """Another host, a port that there is not, no address at all."""
    assert find_article_url(url, base="https://www.qdnd.vn/", profile=QDND) is None


RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Trang chủ</title>
<item><title>Một</title><link>https://ngaynay.vn/mot-post1.html</link>
  <pubDate>Fri, 20 Nov 2026 08:30:00 +0700</pubDate></item>
<item><title>Hai</title><link><![CDATA[ https://ngaynay.vn/hai-post2.html?utm_source=rss ]]></link></item>
<item><title>Quảng cáo</title><link>https://quangcao.example/x</link></item>
<item><title>Một lần nữa</title><link>https://ngaynay.vn/mot-post1.html</link>
  <pubDate>Fri, 20 Nov 2026 09:30:00 +0700</pubDate></item>
</channel></rss>""".encode()
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>
<entry><link href="/ba-post3.html"/><published>2026-11-20T01:00:00Z</published>
<updated>2026-11-20T05:00:00Z</updated></entry></feed>"""


def test_rss_gives_links_with_their_latest_time() -> None:
    """An RSS feed gives the site's articles in its order, each once, with the latest pubDate."""
    listing = read_feed(RSS, url=f"{HOME}rss/home.rss", profile=NGAYNAY)
    assert listing.links == (
        Link("https://ngaynay.vn/mot-post1.html", at("2026-11-20T09:30+07:00"), at("2026-11-20T08:30+07:00")),
        Link("https://ngaynay.vn/hai-post2.html"),
    )


def test_atom_update_is_the_hint() -> None:
    """An Atom entry's update is later news than its publication; its link may be relative."""
    listing = read_feed(ATOM, url=f"{HOME}rss/home.rss", profile=NGAYNAY)
    times = (at("2026-11-20T05:00+00:00"), at("2026-11-20T01:00+00:00"))
    assert listing.links == (Link("https://ngaynay.vn/ba-post3.html", *times),)


def test_feed_in_another_charset() -> None:
    """The charset of the HTTP header or of the XML declaration makes no difference to the links."""
    body = RSS.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    listing = read_feed(body, url=HOME, profile=NGAYNAY, content_type="application/rss+xml; charset=utf-16")
    assert len(listing.links) == 2


def test_broken_xml_gives_what_can_be_read() -> None:
    """A feed cut in the middle still gives the entries before the cut."""
    assert read_feed(RSS[:400], url=HOME, profile=NGAYNAY).links[0].url == "https://ngaynay.vn/mot-post1.html"


NO_CHARACTER = RSS.replace(b"<title>M", b"<title>&#99999999999;<br>M")


@pytest.mark.parametrize("body", [b"", b"<!doctype html><p>Xin ch\xc3\xa0o", b"\x00\xff\xfe", b"{}", NO_CHARACTER])
def test_what_is_no_feed_is_said(body: bytes) -> None:
    """Something else under a feed's address is a failure of that source, not an empty feed."""
    with pytest.raises(Unreadable, match="not a feed"):
        read_feed(body, url=HOME, profile=NGAYNAY)


def test_a_feed_that_names_a_file_opens_nothing(tmp_path: Path) -> None:
    """The body of a feed is never taken for the name of a file of this machine."""
    secret = tmp_path / "feed.xml"
    secret.write_bytes(RSS)
    with pytest.raises(Unreadable):
        read_feed(str(secret).encode(), url=HOME, profile=NGAYNAY)


SECTION = """<!doctype html><head><title>Thế giới</title></head><body>
<nav><a href="/the-gioi/">Thế giới</a></nav><script>var cmsConfig = {adsZone: '1203', objectId: 0};</script>
<article class="story"><figure><a href="/mot-post1.html"><img alt="ảnh 1"></a></figure>
  <h2><a href="/mot-post1.html">Một</a></h2><time class="time" datetime="2026-11-20T08:30:00+07:00">20/11</time>
</article>
<article class="story"><h2><a href="/hai-post2.html">Hai</a></h2>
  <div class="hidden-xs">19/11/2026</div></article>
<article><a href="/ba-post3.html">Vụ ngày 01/01/2020</a><a href="/bon-post4.html">Bốn</a>
  <time>18/11/2026</time></article>
<li><p><a href="/nam-post5.html">Sáng 02/02/2021</a></p></li></body>""".encode()


def test_section_page_gives_links_with_times_of_their_cards() -> None:
    """A time counts for the one article of its card; a date in a headline or a card of two articles counts for none."""
    assert read_section(SECTION, url=f"{HOME}the-gioi/", profile=NGAYNAY).links == (
        Link("https://ngaynay.vn/mot-post1.html", at("2026-11-20T08:30+07:00")),
        Link("https://ngaynay.vn/hai-post2.html", at("2026-11-19T00:00+07:00")),
        Link("https://ngaynay.vn/ba-post3.html"),
        Link("https://ngaynay.vn/bon-post4.html"),
        Link("https://ngaynay.vn/nam-post5.html"),
    )


def test_base_href_counts() -> None:
    """Relative links follow the page's <base>."""
    page = b"<base href='https://ngaynay.vn/cu/'><a href='a-post1.html'>x</a>"
    assert read_section(page, url=HOME, profile=NGAYNAY).links == (Link("https://ngaynay.vn/cu/a-post1.html"),)


def test_a_base_that_is_no_address_is_passed_over() -> None:
    """A page with such a <base> keeps its links: they are relative to the page."""
    page = b"<base href='http://['><a href='/a-post1.html'>x</a>"
    assert read_section(page, url=HOME, profile=NGAYNAY).links == (Link("https://ngaynay.vn/a-post1.html"),)


@pytest.mark.parametrize("body", [b"", b"   ", b"<!-- -->", b"\xff\xfe\x00", b"<a>", b"<a href>"])
def test_a_section_page_without_links_is_empty(body: bytes) -> None:
    """Whatever is no page gives no links."""
    assert read_section(body, url=HOME, profile=NGAYNAY).links == ()


def more_news(**data: object) -> bytes:
    return json.dumps({"error_code": 0, "error_message": "Success", "data": data}).encode()


def test_more_news_list() -> None:
    """The JSON list's relative URLs are the paper's, the later of its two times is the hint."""
    items = [
        {"content_id": 1, "url": "/mot-post1.html", "date": 1795138200, "update_time": 1795141800},
        {"content_id": 2, "url": "/hai-post2.html", "date": "1795138200", "update_time": 0},
        {"content_id": 3, "url": "/the-gioi/"},
        {"url": None},
        "rác",
    ]
    listing = read_more_news(more_news(contents=items, load_more=True), profile=NGAYNAY)
    date = datetime.fromtimestamp(1795138200, UTC)
    assert listing.links == (
        Link("https://ngaynay.vn/mot-post1.html", datetime.fromtimestamp(1795141800, UTC), date),
        Link("https://ngaynay.vn/hai-post2.html", date, date),
    )
    assert listing.more


def test_more_news_says_when_it_ends() -> None:
    """`load_more: false` marks the last page; the older form has `articles` and may not say."""
    assert not read_more_news(more_news(contents=[], load_more=False), profile=NGAYNAY).more
    older = read_more_news(more_news(articles=[{"url": "/a-post1.html"}]), profile=NGAYNAY)
    assert older.more and older.links == (Link("https://ngaynay.vn/a-post1.html"),)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"data": []}', b'{"data": {"contents"', b"[" * 200_000], ids=range(7)
)
def test_what_is_no_list_of_news_is_said(body: bytes) -> None:
    """Another answer than the expected list is a failure of the source."""
    with pytest.raises(Unreadable):
        read_more_news(body, profile=NGAYNAY)


def test_pages_of_a_section() -> None:
    """The zone comes from the section page, and page numbers go where the profile says."""
    pages = NGAYNAY.discover.pages
    assert pages is not None
    assert find_zone(SECTION, pages) == "1203"
    assert find_zone(b"<p>", pages) is None
    assert find_zone(SECTION, Pages(url="{section}/p/{n}")) is None
    assert page_url(pages, 2, section=f"{HOME}the-gioi/", zone="1203") == (
        "https://api.ngaynay.vn/api/morenews-zone-1203-2.html?phrase=&page_size=30"
    )
