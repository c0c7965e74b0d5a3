"""The newsroom's truth: its gold stands in its pages, its clutter too, and its state is seed and edition."""

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import urlsplit

import lxml.html
import pytest

from tinsach.app.newsroom import GoldRecord, Newsroom
from tinsach.app.newsroom.desk import PUBLISHED_PER_EDITION
from tinsach.cleaning.article import KEPT_KINDS, REASONS

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
SITES = ("ngaynay.vn", "vietnamplus.vn", "qdnd.vn")
MCMS_KINDS = {
    *("ad", "alt", "byline", "caption", "comment", "date", "footer", "most-read", "recommendation", "related-after"),
    *("related-inside", "related-video", "share", "source", "tag", "video"),
}
KINDS = {
    "ngaynay.vn": MCMS_KINDS | {"prefix", "related-list", "story-card", "story-summary", "tag-label"},
    "vietnamplus.vn": MCMS_KINDS | {"lead-echo", "region"},
    "qdnd.vn": {
        *("byline", "caption", "caption-heading", "comment", "date", "footer", "most-read", "prefix", "read-more"),
        *("recommendation", "related-after", "related-inside", "share", "source", "tag", "tag-label", "tool-bar"),
        *("translate-popup", "video"),
    },
}


def _fetch(newsroom: Newsroom, url: str) -> str:
    parts = urlsplit(url)
    reply = newsroom.respond(parts.netloc, parts.path, {})
    assert reply.status == 200, url
    return reply.body.decode()


def _flatten(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


@pytest.fixture(scope="module")
def newsroom() -> Newsroom:
    """A newsroom large enough for every form and every kind of clutter."""
    return Newsroom(3, 120, now=NOW)


@pytest.fixture(scope="module")
def pages(newsroom: Newsroom) -> dict[str, tuple[GoldRecord, str]]:
    """Gold and HTML of all its articles by URL."""
    return {url: (newsroom.gold(url), _fetch(newsroom, url)) for site in SITES for url in newsroom.urls(site)}


def _golds(pages: dict[str, tuple[GoldRecord, str]], site: str) -> Iterator[GoldRecord]:
    return (gold for gold, _ in pages.values() if gold.site == site)


@pytest.mark.parametrize("site", SITES)
def test_gold_stands_in_the_page(site: str, pages: dict[str, tuple[GoldRecord, str]]) -> None:
    """Headline, lead, blocks in their order, captions, tags and section are read in the page's own elements."""
    body_class = "itemprop='articleBody'"
    for gold, html in pages.values():
        if gold.site != site:
            continue
        tree = lxml.html.document_fromstring(html)
        body = _flatten(" ".join(tree.xpath(f"//div[@{body_class}]//text()")))
        squeezed = body.replace(" ", "")
        assert _flatten(tree.xpath("string(//h1)")) == gold.title
        assert _flatten(tree.xpath("string(//*[contains(@class,'cms-desc') or @class='post-summary'])")).endswith(
            gold.lead or ""
        )
        at = 0
        for kind, text in gold.body:
            assert kind in KEPT_KINDS
            at = squeezed.index(text.replace(" | ", "").replace(" ", ""), at)
        for caption, credit in gold.captions:
            assert caption in _flatten(html_text(tree)), caption
            assert credit is None or credit in _flatten(html_text(tree))
        crumbs = tree.xpath("//h2[@class='main']/a|//a[@rel='v:url'][@property='v:title']")
        assert _flatten(crumbs[0].text_content()) == gold.section
        tags = tree.xpath("//*[@class='article__tag']/a[@class='active']|//a[@itemprop='keywords']")
        assert tuple(tag.text_content().lstrip("#") for tag in tags) == gold.tags


def html_text(tree: lxml.html.HtmlElement) -> str:
    """All text of a page."""
    return str(tree.text_content())


def test_clutter_stands_in_the_page_and_not_in_the_gold(pages: dict[str, tuple[GoldRecord, str]]) -> None:
    """Each planted line is in the page, as text or in an attribute, and no line of lead or text."""
    for gold, html in pages.values():
        tree = lxml.html.document_fromstring(html)
        haystack = _flatten(html_text(tree) + unescape(html)).replace(" ", "")
        kept = {gold.lead, *gold.text.split("\n")}
        for kind, line in gold.planted:
            assert _flatten(line).replace(" ", "") in haystack, (gold.url, kind, line)
        assert kept.isdisjoint(gold.clutter), gold.url


@pytest.mark.parametrize("site", SITES)
def test_every_kind_of_clutter_appears(site: str, pages: dict[str, tuple[GoldRecord, str]]) -> None:
    """Each kind that the real site is known for is planted on some page, and no other."""
    assert {kind for gold in _golds(pages, site) for kind, _ in gold.planted} == KINDS[site]


@pytest.mark.parametrize(
    ("site", "needle"),
    [
        ("ngaynay.vn", '<div class="story__summary"> (Ngày Nay) -'),
        ("ngaynay.vn", ' - ảnh 1"'),
        ("ngaynay.vn", '<div class="notebox align-center cms-note">'),
        ("ngaynay.vn", '<p class="article__source">Theo TTXVN</p>'),
        ("ngaynay.vn", '<p class="article__author cms-author">'),
        ("ngaynay.vn", '<div class="layout-image-2">'),
        ("ngaynay.vn", '<meta http-equiv="refresh" content="1800" />'),
        ("vietnamplus.vn", '<span class="name">(TTXVN/Vietnam+)</span>'),
        ("vietnamplus.vn", " (Vietnam+)</span>"),
        ("vietnamplus.vn", "./.</p>"),
        ("vietnamplus.vn", '<video controls="true"'),
        ("vietnamplus.vn", "<blockquote>"),
        ("vietnamplus.vn", "<strong>PV:</strong>"),
        ("vietnamplus.vn", "(Nguồn: "),
        ("qdnd.vn", "<strong><em>Tin, ảnh:</em></strong>"),
        ("qdnd.vn", "<p>* Chuyên mục <strong>"),
        ("qdnd.vn", "<p>&nbsp;</p>"),
        ("qdnd.vn", "<a>left</a><a>center</a><a>right</a><a>del</a>"),
        ("qdnd.vn", '<div id="gtx-trans"'),
    ],
)
def test_real_markup_appears(site: str, needle: str, pages: dict[str, tuple[GoldRecord, str]]) -> None:
    """Markup that saved pages, texts or crawlers of the site show is found on some page."""
    assert any(needle in html for gold, html in pages.values() if gold.site == site)


@pytest.mark.parametrize(
    ("site", "start"),
    [
        ("vietnamplus.vn", "Theo phóng viên TTXVN tại "),
        ("ngaynay.vn", "Theo "),
        ("vietnamplus.vn", "PV: "),
        ("qdnd.vn", "* "),
        ("qdnd.vn", "*Chiều cùng ngày"),
        ("ngaynay.vn", "Người dân có thể xem thêm "),
    ],
)
def test_body_lines_that_look_like_clutter_are_kept(
    site: str, start: str, pages: dict[str, tuple[GoldRecord, str]]
) -> None:
    """The gold has body lines that a careless rule would take away."""
    assert any(text.startswith(start) for gold in _golds(pages, site) for _, text in gold.body)


def test_kinds_of_articles(pages: dict[str, tuple[GoldRecord, str]]) -> None:
    """Every paper has pages to reject, photo stories, all block kinds, and bodies that repeat their lead."""
    for site in SITES:
        golds = list(_golds(pages, site))
        assert {gold.rejected for gold in golds} == {None, "video-only", "no-text"} <= {None, *REASONS}
        assert all(gold.lead is None and not gold.body for gold in golds if gold.rejected)
        assert any(gold.photo_story and len(gold.body) == len(gold.captions) for gold in golds)
        assert {kind for gold in golds for kind, _ in gold.body} == set(KEPT_KINDS)
        assert any(gold.lead in {text for _, text in gold.body} for gold in golds if gold.lead)
        assert any(gold.authors and not gold.agency for gold in golds)
        assert {gold.agency for gold in golds} == {None, "TTXVN"} | ({"Zing"} if site == "ngaynay.vn" else set())
        assert any(credit for gold in golds for _, credit in gold.captions)
    assert any(len(gold.authors) == 2 for gold in _golds(pages, "qdnd.vn"))
    assert any(gold.lead is None and not gold.rejected for gold in _golds(pages, "qdnd.vn"))


def test_wire_copy(pages: dict[str, tuple[GoldRecord, str]]) -> None:
    """An exact copy has the text of the wire story; a near one lacks two of its paragraphs."""
    copies = [gold for gold, _ in pages.values() if gold.copy_of]
    assert {gold.copy for gold in copies} == {"exact", "near"}
    for gold in copies:
        home = pages[str(gold.copy_of)][0]
        assert (home.title, home.lead, home.agency) == (gold.title, gold.lead, gold.agency)
        missing = [block for block in home.body if block not in gold.body]
        assert len(missing) == (2 if gold.copy == "near" else 0)
        assert [block for block in home.body if block in gold.body] == list(gold.body)


@pytest.mark.parametrize("site", SITES)
def test_times(site: str, newsroom: Newsroom, pages: dict[str, tuple[GoldRecord, str]]) -> None:
    """Articles come out one after the other before `now`; qdnd.vn shows the day only and no change."""
    times = [article.published_at for article in newsroom.articles(site)]
    assert times == sorted(set(times))
    assert times[-1] <= NOW - timedelta(hours=6)
    for gold in _golds(pages, site):
        local = gold.published_at + timedelta(hours=7)
        if site == "qdnd.vn":
            assert (gold.precision, gold.modified_at, local.hour, local.minute) == ("day", None, 0, 0)
        else:
            assert (gold.precision, gold.modified_at) == ("second", gold.published_at)
            assert f'content="{local:%Y-%m-%dT%H:%M:%S}+07:00"' in pages[gold.url][1]


def test_equal_seeds_give_equal_pages(pages: dict[str, tuple[GoldRecord, str]]) -> None:
    """Seed and edition decide everything, whatever was asked before; another seed gives other pages."""
    again, other = Newsroom(3, 120, now=NOW), Newsroom(4, 120, now=NOW)
    for site in SITES:
        urls = again.urls(site)
        for url in (urls[0], urls[63], urls[-1]):
            assert (again.gold(url), _fetch(again, url)) == pages[url]
        assert set(urls).isdisjoint(other.urls(site))


def test_later_editions() -> None:
    """An edition publishes a few articles and edits one a site; all other pages stay byte for byte."""
    before, room = Newsroom(5, 60, now=NOW), Newsroom(5, 60, now=NOW)
    edition = room.next_edition()
    assert room.edition == 1
    assert len(edition.published) == PUBLISHED_PER_EDITION * len(SITES)
    assert len(edition.edited) == len(SITES)
    for site in SITES:
        old, new = before.urls(site), room.urls(site)
        assert new[: len(old)] == old
        assert set(new[len(old) :]) == {url for url in edition.published if url in new}
        assert {url for url in old if _fetch(before, url) != _fetch(room, url)} == set(edition.edited) & set(old)
        times = [article.published_at for article in room.articles(site)]
        assert times == sorted(set(times))
        assert times[-1] < NOW


def test_an_edit_adds_a_paragraph() -> None:
    """The edited article keeps its URL, headline and time and has one more paragraph and a later change."""
    room = Newsroom(5, 60, now=NOW)
    before = {url: room.gold(url) for url in room.urls("ngaynay.vn")}
    url = room.edit_one("ngaynay.vn")
    after = room.gold(url)
    assert after.title == before[url].title
    assert len(after.body) == len(before[url].body) + 1
    assert after.published_at == before[url].published_at
    assert after.modified_at is not None
    assert before[url].published_at < after.modified_at < NOW


def test_a_newsroom_is_rebuilt_from_its_edition() -> None:
    """Starting at edition 3 equals three editions one after the other."""
    room = Newsroom(9, 50, now=NOW)
    for _ in range(3):
        room.next_edition()
    rebuilt = Newsroom(9, 50, now=NOW, edition=3)
    assert [rebuilt.articles(site) for site in SITES] == [room.articles(site) for site in SITES]
    assert rebuilt.edition == 3


def test_a_page_of_a_large_newsroom_builds_only_its_neighbours() -> None:
    """One page out of 20,000 articles is made without the others."""
    room = Newsroom(1, 20_000, now=NOW)
    url = room.article("qdnd.vn", 12_345).url
    assert room.gold(url).body
    assert room._find_draft.cache_info().currsize < 100


def test_what_is_not_there() -> None:
    """Gold of a URL that is no article's is a LookupError; a newsroom without articles or zone is a ValueError."""
    room = Newsroom(1, 2, now=NOW)
    for url in ("https://ngaynay.vn/", "https://ngaynay.vn/x-post167304.html", "https://example.org/a-post1.html"):
        with pytest.raises(LookupError, match="not an article"):
            room.gold(url)
    with pytest.raises(ValueError, match="at least one"):
        Newsroom(1, 0, now=NOW)
    with pytest.raises(ValueError, match="aware"):
        Newsroom(1, 1, now=datetime(2026, 11, 22))
