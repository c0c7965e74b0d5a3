"""clean_html: the façade, on small pages; what comes out is a partition of what went in."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinsach.cleaning import Article, Rejected, clean_html
from tinsach.cleaning.article import KEPT_KINDS, REMOVED_KINDS
from tinsach.cleaning.decode import parse_page
from tinsach.cleaning.html import MAX_PIECES
from tinsach.cleaning.segment import visible_text

URL = "https://ngaynay.vn/cho-noi-mo-lai-post171717.html"
LONG = "Từ sáng sớm, ghe thuyền đã về neo kín hai bên bờ, người mua kẻ bán gọi nhau í ới trong sương."


def page(body: str, *, head: str = "", lead: str = "(Ngày Nay) - Chợ nổi họp lại sau ba năm vắng bóng.") -> str:
    """A page on the current template of ngaynay.vn."""
    return f"""<html><head><meta property="og:type" content="article">
    <meta property="article:published_time" content="2026-05-04T06:30:00+07:00">{head}</head><body>
    <div class="main-col article"><h1 class="article__title cms-title">Chợ nổi mở lại</h1>
    <div class="article__sapo cms-desc"><p>{lead}</p></div>
    <div class='article__body zce-content-body cms-body' itemprop='articleBody'>{body}</div></div></body></html>"""


def removed(article: Article) -> list[tuple[str, str]]:
    return [(removal.kind, removal.text) for removal in article.removed]


def test_a_page_of_a_known_site_becomes_a_whole_article() -> None:
    """Title, lead without house prefix, paragraphs, caption with credit, author, time and source of the rules."""
    article = clean_html(
        page(
            f"<p>{LONG}</p><figure><img data-src='/a.jpg' src='data:x'><figcaption>Ghe hàng. (Ảnh: Minh Lý/TTXVN)"
            "</figcaption></figure><p><strong>Trở lại</strong></p><p>Bà Sáu bán chôm chôm ở đây bốn mươi năm.</p>"
            "<div class='article__author'><p class='name'>Minh Lý</p></div>"
        ),
        url=URL,
    )
    assert (article.title, article.lead) == ("Chợ nổi mở lại", "Chợ nổi họp lại sau ba năm vắng bóng.")
    assert [(block.kind, block.text) for block in article.blocks] == [
        ("paragraph", LONG),
        ("heading", "Trở lại"),
        ("paragraph", "Bà Sáu bán chôm chôm ở đây bốn mươi năm."),
    ]
    (image,) = article.images
    assert (image.url, image.caption, image.credit) == ("https://ngaynay.vn/a.jpg", "Ghe hàng.", "Minh Lý/TTXVN")
    assert article.authors == ("Minh Lý",)
    assert article.published_at is not None and article.published_at.isoformat() == "2026-05-03T23:30:00+00:00"
    assert (article.published_precision, article.language) == ("second", "vi")
    assert (article.site, article.extraction, article.extraction_name) == ("ngaynay.vn", "profile", "ngaynay.vn")
    assert removed(article)[0] == ("prefix", "(Ngày Nay) -")
    assert article.full_text == article.lead + "\n\n" + article.text


def test_a_picture_table_without_a_picture_is_text() -> None:
    """Editors put fact boxes into the table that else holds a picture and its caption."""
    box = "<b>Khuyến cáo</b><br>Người dân không đi qua ngầm tràn khi nước còn chảy xiết."
    article = clean_html(
        "<h1 class='title-detail'>Nước lên</h1><div class='sapo_detail'>Mưa lớn suốt đêm ở thượng nguồn.</div>"
        f"<div id='content_detail_news'><p>{LONG}</p><table class='MASTERCMS_TPL_TABLE'><tr><td><img src='/a.jpg'></td>"
        "</tr><tr><td>Ghe neo kín bờ.</td></tr></table>"
        f"<table class='MASTERCMS_TPL_TABLE'><tr><td>{box}</td></tr></table></div>",
        url="https://baodautu.vn/nuoc-len-d500123.html",
    )
    assert [block.text for block in article.blocks] == [
        LONG,
        "Khuyến cáo",
        "Người dân không đi qua ngầm tràn khi nước còn chảy xiết.",
    ]
    assert [(image.url, image.caption) for image in article.images] == [
        ("https://baodautu.vn/a.jpg", "Ghe neo kín bờ.")
    ]


@pytest.mark.parametrize(
    ("lead", "body"),
    [("data-field='sapo'", "data-field='body'"), ("class='afcbc-sapo'", "class='afcbc-body vceditor-content'")],
)
def test_the_older_markup_of_vccorp_is_its_family_too(lead: str, body: str) -> None:
    """The editor's boxes show the family where the container has another name: the summary inside one is a teaser."""
    article = clean_html(
        f"<h1>Nước lên</h1><h2 {lead}>(Đồng Quê) - Mưa lớn suốt đêm ở thượng nguồn.</h2><div {body}><p>{LONG}</p>"
        "<div class='VCSortableInPreviewMode' type='RelatedOneNews'><a href='/b-1.htm'>Mưa lớn ở thượng nguồn</a>"
        f"<p class='VCObjectBoxRelatedNewsItemSapo'>Nước đổ về từ sáng sớm nay.</p></div><p>{LONG} Chiều, nước rút.</p>"
        "</div><p data-field='author'>Minh Lý</p>",
        url="https://dongque.example/nuoc-len-20260102030405678.htm",
    )
    assert (article.extraction_name, article.lead) == ("vccorp", "Mưa lớn suốt đêm ở thượng nguồn.")
    assert [block.text for block in article.blocks] == [LONG, f"{LONG} Chiều, nước rút."]
    assert article.authors == ("Minh Lý",)


def test_the_summary_of_another_article_is_no_echo_of_the_lead() -> None:
    """What shares the lead's class inside the text is the lead again only where it says the same."""
    box = "<div class='box-tinlienquanv2'><p class='description'><a href='/b-4990002.html'>Giá cá tăng.</a></p></div>"
    lead = "<p class='description'>Chợ nổi họp lại sau ba năm.</p>"
    article = clean_html(
        f"<h1 class='title-detail'>Chợ nổi</h1>{lead}<article class='fck_detail'>{lead}<p>{LONG}</p>{box}</article>",
        url="https://vnexpress.net/cho-noi-4990001.html",
    )
    assert removed(article) == [("lead_echo", "Chợ nổi họp lại sau ba năm."), ("teaser", "Giá cá tăng.")]
    assert article.related_urls == ("https://vnexpress.net/b-4990002.html",)


def test_the_book_pages_call_for_reviews() -> None:
    """znews.vn asks for reviews below its articles on books."""
    call = "<h3>Đọc được sách hay, hãy gửi review cho Tri Thức - Znews</h3>"
    article = clean_html(
        f"<h1 class='the-article-title'>Chợ nổi</h1><div class='the-article-body'><p>{LONG}</p>{call}</div>",
        url="https://znews.vn/cho-noi-post1500123.html",
    )
    assert [block.text for block in article.blocks] == [LONG]


SHOWN_TIMES = {
    "https://baotintuc.vn/xa-hoi/cho-noi-20260504063000123.htm": (
        "<div class='date'><span class='txt'>Thứ Hai, 04/05/2026 06:30</span></div>",
        "contents",
    ),
    "https://vov.vn/xa-hoi/cho-noi-post1200123.vov": (
        "<div class='col-md-4 mb-2'>Thứ Hai, 06:30, 04/05/2026 |</div>",
        "text-long",
    ),
}


@pytest.mark.parametrize("url", SHOWN_TIMES)
def test_the_time_where_the_paper_shows_it(url: str) -> None:
    """The time stands in an element that the paper's crawlers read, where the page's head says none."""
    time, container = SHOWN_TIMES[url]
    article = clean_html(f"<h1>Chợ nổi</h1>{time}<div class='{container}'><p>{LONG}</p></div>", url=url)
    assert article.published_at is not None and article.published_at.isoformat() == "2026-05-03T23:30:00+00:00"


def test_what_24h_sets_into_its_text() -> None:
    """A game, an overlay with other articles and the line below the text are no part of it."""
    article = clean_html(
        f"<h1 id='article_title'>Chợ nổi</h1><article id='article_body'><p>{LONG}</p>"
        "<div class='data-embed-code-minigame'><p>Dự đoán tỷ số trận này để nhận quà.</p></div>"
        "<div class='img_tin_lien_quan_trong_bai'><p>Giá cá tăng nhẹ trong tuần này.</p></div>"
        "<p class='tuht_all'>04/05/2026</p></article>",
        url="https://www.24h.com.vn/tin-tuc/cho-noi-c46a1500123.html",
    )
    assert [block.text for block in article.blocks] == [LONG]


ECHOES = {
    "the lead repeated as first paragraph": ("<p>Chợ nổi họp lại sau ba năm vắng bóng.</p>", "lead_echo"),
    "the lead repeated with its prefix": ("<p>(Ngày Nay) - Chợ nổi họp lại sau ba năm vắng bóng.</p>", "lead_echo"),
    "the headline repeated": ("<p>CHỢ NỔI MỞ LẠI</p>", "title_echo"),
}


@pytest.mark.parametrize(("line", "kind"), ECHOES.values(), ids=ECHOES)
def test_echoes_at_the_head_of_the_body_are_removed(line: str, kind: str) -> None:
    """What a reader has just read above the body is not repeated in it."""
    article = clean_html(page(f"{line}<p>{LONG}</p>"), url=URL)
    assert article.text == LONG
    assert kind in [removal.kind for removal in article.removed]


def test_the_lead_said_again_later_stays() -> None:
    """A sentence quoted in the lead stands in its place in the body."""
    lead = "Chợ nổi họp lại sau ba năm vắng bóng."
    article = clean_html(page(f"<p>{LONG}</p><p>Hai.</p><p>Ba câu ngắn.</p><p>{lead}</p>"), url=URL)
    assert [block.text for block in article.blocks][-1] == lead


def test_a_card_inside_the_body_goes_with_all_its_text_and_its_link() -> None:
    """A related card is removed as a teaser; where it led is kept as a related URL."""
    card = (
        "<div class='article-relate'><article class='story'><h2 class='story__heading'>"
        "<a class='cms-link' href='/x-post1.html'>Bài khác</a></h2>"
        "<div class='story__summary'>(Ngày Nay) - Chuyện khác."
        "</div></article></div>"
    )
    article = clean_html(page(f"<p>{LONG}</p>{card}<p>Hết chuyện chợ nổi hôm nay.</p>"), url=URL)
    assert "khác" not in article.text
    assert [text for kind, text in removed(article) if kind == "teaser"] == ["Bài khác", "(Ngày Nay) - Chuyện khác."]
    assert article.related_urls == ("https://ngaynay.vn/x-post1.html",)


def test_a_photo_story_keeps_its_captions_as_text() -> None:
    """When captions are all the text there is, they are the story."""
    figures = "".join(
        f"<figure><img src='/{n}.jpg'><figcaption>Ảnh thứ {n}: {LONG}</figcaption></figure>" for n in range(3)
    )
    article = clean_html(page(figures), url=URL)
    assert len(article.blocks) == len(article.images) == 3
    assert not [kind for kind, _ in removed(article) if kind == "caption"]


REJECTED = {
    "an empty body": (page("<p> </p>"), URL, "no-text"),
    "a player and nothing else": (page("<video src=x></video>"), URL, "video-only"),
    "an embedded player": (page("<div class='cms-video'></div>"), URL, "video-only"),
    "symbols only": (page("<p>***</p><p>- 1 -</p>"), URL, "no-words"),
    "the front page": ("<html><body><p>x</p></body></html>", "https://ngaynay.vn/", "home"),
    "a section page": ("<html><body><p>x</p></body></html>", "https://ngaynay.vn/the-gioi/", "listing"),
}


_WHOLE = page(f"<p>{LONG}</p>", lead=LONG, head=f'<meta property="og:description" content="{LONG}">')
_OTHER = "https://example.org/cho-noi-1.html"
_CRUMBS = "<div class='breadcrumb'><a href='/doi-song/'>Đời sống</a></div><p>Lê Minh Tâm</p>"
_VERSE = "<p>Con sông chảy giữa đôi bờ</p><p>Mẹ ngồi giặt áo đợi chờ nắng lên</p><p>Đò ai neo bến chênh vênh</p>"
REJECTED |= {
    "the page of a known site, cut above its body": (_WHOLE.partition("<div class='article__body")[0], URL, "no-text"),
    "the same within its lead": (_WHOLE.partition(" trong sương.</p>")[0], URL, "no-text"),
    "the same within the crumbs": (f"<h1>Chợ nổi mở lại</h1>{_CRUMBS[:-20]}</", URL, "no-text"),
    "a page whose known markup lacks its body": (f"<h1 class='content-detail-title'>A</h1>{_VERSE}", _OTHER, "no-text"),
    "an unknown page of fragments": (f"<h1>Chợ nổi mở lại</h1>{_CRUMBS}<p>Đời sống</", _OTHER, "no-text"),
}


@pytest.mark.parametrize(("html", "url", "reason"), REJECTED.values(), ids=REJECTED)
def test_what_is_no_article_is_rejected(html: str, url: str, reason: str) -> None:
    """A page that was read correctly and is not wanted says why."""
    with pytest.raises(Rejected) as caught:
        clean_html(html, url=url)
    assert caught.value.reason == reason


@pytest.mark.parametrize("body", [_VERSE, "<p>橋が開通した。市民が歩いた。</p>", f"<p>{LONG}</p>"])
def test_short_texts_of_unknown_pages_are_articles(body: str) -> None:
    """Verse, a note in a script without spaces and one paragraph are texts where no template is known."""
    assert clean_html(f"<h1>Chợ nổi mở lại</h1><div>{body}</div>", url=_OTHER).blocks


def test_cleaning_is_a_pure_function() -> None:
    """The same page gives the same article, whatever was cleaned between."""
    one, other = page(f"<p>{LONG}</p>"), page(f"<p>Hai. {LONG}</p>")
    first = clean_html(one, url=URL)
    clean_html(other, url=URL)
    assert clean_html(one, url=URL) == first


BITS = st.sampled_from(
    [
        f"<p>{LONG}</p>",
        "<p><b>Đề mục</b></p>",
        "<figure><img src=/a.jpg><figcaption>Chú thích. (Ảnh: TTXVN)</figcaption></figure>",
        "<div class='article-relate'><article class=story><a href=/b-post2.html>Bài kia</a></article></div>",
        "<table class=picture><tr><td><img src=/c.jpg></td></tr><tr><td class=caption>Cảnh chợ.</td></tr></table>",
        "<table><tr><td>Huế</td><td>3</td></tr><tr><td>Vinh</td><td>1</td></tr></table>",
        "<p>Theo TTXVN</p>",
        "<p style='text-align:right'><strong>MINH LÝ</strong></p>",
        "<p>&gt;&gt; Xem thêm: <a href=/d-post3.html>Bài nữa</a></p>",
        "<ul><li>Một mục</li><li>Hai mục</li></ul>",
        "<div class='sda_middle'>Quảng cáo</div>",
        "trần trụi<br>không thẻ",
        "<blockquote>Lời người xưa.</blockquote>",
    ]
)


LEADS = st.sampled_from(
    [
        "(Ngày Nay) - Chợ nổi họp lại.",
        "Chợ nổi họp lại.</p><div class='article-relate'><a href=/e-post4.html>Bài bên</a></div><p>",
        "<span class='rennab'>Quảng cáo</span>",
        "No Summary Found",
        "",
    ]
)
AVATAR = "<figure class='article__avatar'><img src=/h.jpg><figcaption>Bến sông. (Ảnh: TTXVN)</figcaption></figure>"


@given(st.lists(BITS, max_size=8), LEADS, st.booleans(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_kept_and_removed_are_the_input(bits: list[str], lead: str, has_avatar: bool, is_cut: bool) -> None:
    """Each text block of lead, lead picture and body is kept once or removed once, with a known kind and a rule."""
    html = page("".join(bits) + f"<p>{LONG}</p>", lead=lead)
    html = html.replace("<div class='article__body", AVATAR + "<div class='article__body") if has_avatar else html
    html = html[: len(html) * 3 // 4] if is_cut else html
    try:
        article = clean_html(html, url=URL)
    except Rejected:
        return
    root = parse_page(html.encode())
    parts = root.xpath("//div[contains(@class, 'article__sapo')] | //figure[@class='article__avatar']")
    body = root.xpath("//div[@itemprop='articleBody']")
    if not body:
        return
    words = [block.text for block in article.blocks] + [article.lead or ""]
    words += [removal.text for removal in article.removed]
    visible = [visible_text(part) for part in (*parts, *body)]
    assert sorted(" ".join(words).replace("|", "").split()) == sorted(" ".join(visible).replace("|", "").split())
    assert all(block.kind in KEPT_KINDS and block.text for block in article.blocks)
    assert all(removal.kind in REMOVED_KINDS and removal.rule for removal in article.removed)


def test_a_dump_is_no_article_with_profile_either() -> None:
    """A body of more lines than any article has is refused by the profile's path as by the generic one."""
    lines = "a<br>" * (MAX_PIECES + 1)
    page = f"<h1 class='article__title cms-title'>T</h1><div class='article__body cms-body'>{lines}</div>"
    with pytest.raises(Rejected, match="too-large: 50,001 lines"):
        clean_html(page, url="https://ngaynay.vn/a-post1.html")
