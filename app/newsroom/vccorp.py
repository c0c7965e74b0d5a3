"""Article pages of tuoitre.vn: the template of the VCCorp family.

Pure. Follows a saved page of March 2026: object boxes by `type`, machine-made alts, a late charset, and a headline in
linked data that is escaped twice.
"""

from collections.abc import Iterator
from html import escape

from tinsach.app.newsroom import cards, frame, news_head
from tinsach.app.newsroom.gold import NewsArticle
from tinsach.app.newsroom.markup import as_attribute, as_local_iso, as_local_text
from tinsach.app.newsroom.page import Page, tag_url
from tinsach.app.newsroom.parts import Figure
from tinsach.app.newsroom.plain_body import Box, Dress, picture_alt, picture_source, plant_caption, write_elements
from tinsach.app.newsroom.text import to_slug

ONE_NEWS_SHARE = 0.4  # of the bodies have a box with another story and its lead
NEWS_BOX_SHARE = 0.25  # and a list under "Tham khảo thêm" at their end
SHARE_LABELS = ("Chia sẻ", "Bình luận", "Lưu bài viết", "Copy link")


def write_vccorp_page(page: Page) -> str:
    """The whole page; its clutter is in `page.plants` afterwards."""
    site = page.site
    main = "\n".join(_write_main(page))
    side = _write_side(page)
    for line in frame.FOOTER_LINES[site.name]:
        page.plants.plant("footer", line)
    return (
        f'<!DOCTYPE html>\n<html lang="vi" id="mainHtml">\n<head>\n{frame.head_assets(site)}{_write_head(page)}'
        f'</head>\n<body><div class="wapper">{frame.page_top(site)}'
        '<div class="main" id="content"><div class="detail__section">\n'
        f"{main}\n{side}\n</div></div></div>\n{frame.page_bottom(site)}"
    )


def _write_head(page: Page) -> str:
    article = page.article
    published, modified = as_local_iso(article.published_at), as_local_iso(article.modified_at)
    return "\n".join(
        (
            '<meta charset="utf-8">',  # behind the styles, some kilobytes into the page
            news_head.open_graph(page),
            '<meta name="author" content="TUOI TRE ONLINE">',
            f'<meta property="article:section" content="{page.story.draft.section.name}">',
            f'<meta property="article:tag" content="{as_attribute(",".join(page.story.tags))}">',
            f'<meta property="article:published_time" content="{published}">',
            f'<meta property="article:modified_time" content="{modified}">',
            f'<meta name="pubdate" content="{published}">',
            news_head.linked_data(page, headline=escape(article.title.encode("ascii", "xmlcharrefreplace").decode())),
            "",
        )
    )


def _write_main(page: Page) -> Iterator[str]:
    plants, section = page.plants, page.story.draft.section
    yield '<div class="container"><div class="detail__flex"><div class="detail__main"><div id="main-detail">'
    yield f'<div class="detail-top"><div class="detail-cate"><a href="/{section.path}.htm">{section.name}</a></div>'
    date = plants.plant("date", f"{as_local_text(page.article.published_at)} GMT+7")
    yield f'<div class="detail-time"><div data-role="publishdate"> {date} </div></div></div>'
    yield f'<h1 class="detail-title article-title" data-role="title">{as_attribute(page.article.title)}</h1>'
    yield _write_authors(page)
    yield f'<h2 class="detail-sapo" data-role="sapo"> {_write_lead(page)} </h2>'
    yield f'<div class="detail-cmain clearfix">{_write_body(page)}</div>'
    yield _write_after(page)
    yield "</div></div>"


def _write_authors(page: Page) -> str:
    names = page.story.sign.line.split(" - ") if page.story.rejected is None else []
    links = " ".join(
        f'<a class="name" href="/tac-gia/{to_slug(name)}-20148.htm" title="{name}">'
        f"{page.plants.plant('byline', name)}</a>"
        for name in names
    )
    return f'<div class="detail-author"><div class="author-info">{links}</div></div>'


def _write_lead(page: Page) -> str:
    if page.prefix:
        page.plants.plant("prefix", page.prefix.strip())
    return as_attribute(page.prefix + (page.story.draft.lead or ""))


def _write_body(page: Page) -> str:
    form = page.story.draft.form
    pieces = write_elements(page, DRESS, list(_write_boxes(page)))
    if form == "video":
        pieces.append(_write_player(page))
    elif form not in {"empty", "photo"} and page.rng.random() < NEWS_BOX_SHARE:
        pieces.append(_write_news_box(page))
    pieces.append(_write_read_more(page))
    return (
        f'<div class="detail-content afcbc-body" data-role="content" itemprop="articleBody">{"".join(pieces)}</div>\n'
        '<div data-check-position="body_end"></div>'
    )


def _write_boxes(page: Page) -> Iterator[Box]:
    last = len(page.story.elements) - 1
    if page.story.draft.form in {"video", "empty", "photo"}:
        return
    if page.rng.random() < ONE_NEWS_SHARE:
        yield min(3, last), _write_one_news(page, page.shelf.inside[0])
    slot = page.plants.plant("ad", "zone-jnvk0c1v")
    call = page.plants.plant_raw("ad", 'arfAsync.push("jnvk0c1v");')
    yield min(5, last), f'<zone id="{slot}"></zone><script>{call}</script>'


def _write_one_news(page: Page, other: NewsArticle) -> str:
    title = page.plants.plant("related-inside", other.title)
    lead = page.plants.plant("related-inside", other.lead or "")
    return (
        f'<div type="RelatedOneNews" class="VCSortableInPreviewMode"><a href="{other.url}">'
        f'<img src="{cards.picture_url(other, 0)}" alt="{title} - Ảnh 2."></a>'
        f'<a class="OneNewsTitle" href="{other.url}">{title}</a>'
        f'<p class="VCObjectBoxRelatedNewsItemSapo">{lead}</p></div>'
    )


def _write_news_box(page: Page) -> str:
    label = page.plants.plant("related-inside", "Tham khảo thêm")
    items = "".join(
        f'<li class="kbwscwlrl"><a href="{other.url}">{page.plants.plant("related-inside", other.title)}</a></li>'
        for other in page.shelf.related
    )
    return (
        f'<div type="RelatedNewsBox" class="VCSortableInPreviewMode"><div class="kbwscwl-relatedbox"><p>{label}</p>'
        f"<ul>{items}</ul></div></div>"
    )


def _write_player(page: Page) -> str:
    source = page.plants.plant_raw("video", f"https://media.tuoitre.vn/{page.article.article_id}.mp4")
    return f'<div class="VCSortableInPreviewMode" type="VideoStream" data-vid="{source}"></div>'


def _write_read_more(page: Page) -> str:
    label = page.plants.plant("widget", "Đọc tiếp")
    topic = page.plants.plant("widget", "Về trang Chủ đề")
    return (
        f'<div class="readmore-body-box d-none"><a class="readmore-body-btn" href="#">{label}</a>'
        f'<a class="readmore-body-link" href="/chu-de.htm">{topic}</a></div>'
    )


def _write_figure(page: Page, figure: Figure, place: int) -> str:
    alt, source = picture_alt(page, place, "{title} - Ảnh {place}."), picture_source(page, place)
    caption = plant_caption(page, figure)
    inner = f'<figcaption class="PhotoCMS_Caption"><p data-placeholder="Nhập chú thích">{caption}</p></figcaption>'
    return (
        f'<figure class="VCSortableInPreviewMode{"" if caption else " noCaption"}" type="Photo"><div>'
        f'<img src="{source}" data-original="{source}" alt="{alt}" title="{alt}" rel="lightbox"></div>'
        f"{inner if caption else ''}</figure>"
    )


def _write_after(page: Page) -> str:
    plants = page.plants
    label = plants.plant("tag-label", "Chủ đề:")
    tags = " ".join(
        f'<a class="item" href="{tag_url(page.site, tag)}">{plants.plant("tag", tag)}</a>' for tag in page.story.tags
    )
    shares = "".join(f'<a href="#">{plants.plant("share", label)}</a>' for label in SHARE_LABELS)
    heading = plants.plant("related-after", "Tin liên quan")
    related = "".join(_write_item(page, other, "related-after") for other in page.shelf.related)
    return (
        f'<div class="detail-tab"><span class="txttag">{label}</span> {tags}</div>'
        f'<div class="detail-share">{shares}</div>'
        f'<div class="detail__related"><h3 class="title-category">{heading}</h3>{related}</div>'
        f'<div class="detail-comment"><h3>{plants.plant("comment", "Bình luận hay")}</h3></div>'
    )


def _write_side(page: Page) -> str:
    label = page.plants.plant("most-read", "Đọc nhiều")
    items = "".join(_write_item(page, other, "most-read") for other in page.shelf.most_read)
    more = page.plants.plant("recommendation", "Có thể bạn quan tâm")
    others = "".join(_write_item(page, other, "recommendation", with_lead=True) for other in page.shelf.recommended)
    return (
        f'<div class="detail__sub"><h3>{label}</h3>{items}</div></div></div>'
        f'<div class="container detail__bottom"><h3>{more}</h3>{others}</div>'
    )


def _write_item(page: Page, other: NewsArticle, kind: str, *, with_lead: bool = False) -> str:
    title = page.plants.plant(kind, other.title)
    lead = f'<p class="box-category-sapo">{page.plants.plant(kind, other.lead or "")}</p>' if with_lead else ""
    return (
        f'<div class="box-category-item"><a href="{other.url}">'
        f'<img src="{cards.picture_url(other, 0)}" alt="{title}"></a>'
        f'<h3 class="box-title-text"><a class="box-category-link-title" href="{other.url}">{title}</a></h3>{lead}</div>'
    )


DRESS = Dress(
    figure=_write_figure,
    note=(
        '<div class="VCSortableInPreviewMode alignCenter" type="content" style="background-color:#FFFBF2">'
        '<div placeholder="Nhập nội dung...">{}</div></div>'
    ),
)
