"""Article pages of dantri.com.vn.

Pure. Follows a saved page of March 2026: classes are utilities without meaning, `data-slot` and `data-content-name` are
the only hooks; related cards stand inside the article's own container.
"""

from collections.abc import Iterator

from tinsach.app.newsroom import cards, frame, news_head
from tinsach.app.newsroom.gold import NewsArticle
from tinsach.app.newsroom.markup import LOCAL_ZONE, as_attribute
from tinsach.app.newsroom.page import Page, tag_url
from tinsach.app.newsroom.parts import Figure
from tinsach.app.newsroom.plain_body import Box, Dress, picture_source, plant_caption, write_elements
from tinsach.app.newsroom.text import to_slug
from tinsach.app.newsroom.words import WEEKDAYS

INSIDE_CARD_SHARE = 0.4  # of the bodies have another story between two paragraphs
WIDGET_SHARE = 0.2
FLEX = "dt-flex dt-flex-col dt-gap-6"


def write_dantri_page(page: Page) -> str:
    """The whole page; its clutter is in `page.plants` afterwards."""
    site = page.site
    main = "\n".join(_write_main(page))
    side = _write_side(page)
    for line in frame.FOOTER_LINES[site.name]:
        page.plants.plant("footer", line)
    head = f"{news_head.open_graph(page)}\n{news_head.linked_data(page, nest=True)}\n{frame.head_assets(site)}"
    return (
        f'<!DOCTYPE html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">\n{head}</head>\n<body>\n'
        f'{frame.page_top(site)}<main class="body container"><div class="dt-grid">\n{main}\n{side}\n</div></main>\n'
        f"{frame.page_bottom(site)}"
    )


def _write_main(page: Page) -> Iterator[str]:
    local = page.article.published_at.astimezone(LOCAL_ZONE)
    crumbs = " ".join(
        f'<a class="dt-text-black" title="{name}" href="{url}" data-content-name="article-breadcrumb">{name}</a>'
        for url, name in news_head.breadcrumb(page)
    )
    date = page.plants.plant("date", f"{WEEKDAYS[local.weekday()]}, {local:%d/%m/%Y - %H:%M}")
    yield f'<div class="{FLEX}"><div>{crumbs}</div><article class="{FLEX}" data-slot="container">'
    yield f'<h1 data-slot="title" class="dt-font-inter dt-text-4xl">{as_attribute(page.article.title)}</h1>'
    yield f'<div class="dt-flex">{_write_author(page)}<time datetime="{local:%Y-%m-%d %H:%M}"> {date} </time></div>'
    yield f'<h2 data-slot="sapo" class="dt-font-arial dt-text-lg">{_write_lead(page)}</h2>'
    yield (
        '<div data-slot="content" id="desktop-in-article" class="dt-font-arial dt-text-black-mine">'
        f"{_write_body(page)}</div>"
    )
    related = "\n".join(_write_card(page, other, "related-after") for other in page.shelf.related)
    yield f'<div class="{FLEX}">{related}</div>'
    yield f"{_write_tags(page)}</article>"
    yield f"<div><h3>{page.plants.plant('comment', 'Bình luận')}</h3></div></div>"


def _write_author(page: Page) -> str:
    if page.story.rejected is not None or not page.story.sign.authors:
        return ""
    name = page.story.sign.authors[0]
    url = f"{page.site.origin}/tac-gia/{to_slug(name)}-3617.htm"
    shown = page.plants.plant("byline", name)
    return (
        f'<a class="dt-size-6" href="{url}"><img alt="{name}" src="{cards.picture_url(page.article, 9)}"></a>'
        f'<a class="hover:dt-text-black" href="{url}">{shown}</a>'
    )


def _write_lead(page: Page) -> str:
    if page.prefix:
        page.plants.plant("prefix", page.prefix.strip())
    return as_attribute(page.prefix + (page.story.draft.lead or ""))


def _write_body(page: Page) -> str:
    pieces = write_elements(page, DRESS, list(_write_boxes(page)))
    if page.story.draft.form == "video":
        source = page.plants.plant_raw("video", f"https://cdn-video.dantri.com.vn/{page.article.article_id}.mp4")
        pieces.append(f'<figure class="video"><video src="{source}"></video></figure>')
    sign = page.story.sign
    if page.story.rejected is None and sign.place == "source":
        pieces.append(f'<p style="text-align: right;"><strong>{page.plants.plant("source", sign.line)}</strong></p>')
    return "\n".join(pieces)


def _write_boxes(page: Page) -> Iterator[Box]:
    if page.story.draft.form in {"video", "empty", "photo"}:
        return
    last = len(page.story.elements) - 1
    if page.rng.random() < INSIDE_CARD_SHARE:
        card = _write_card(page, page.shelf.inside[0], "related-inside")
        yield min(3, last), f'<aside data-module="related-article-in-content" data-index="0">{card}</aside>'
    if page.rng.random() < WIDGET_SHARE:
        label = page.plants.plant("widget", "Giá vàng hôm nay")
        yield min(2, last), f'<div class="dantri-widget dantri-widget--gold-price"><p>{label}</p></div>'


def _write_card(page: Page, other: NewsArticle, kind: str) -> str:
    title = page.plants.plant(kind, other.title)
    lead = page.plants.plant(kind, f"(Dân trí) - {other.lead}")
    return (
        f'<article data-layout="default" class="dt-flex dt-gap-5" data-content-name="article-related">'
        f'<a class="dt-block" href="{other.url}"><img src="{cards.picture_url(other, 0)}" alt="{title}"></a>'
        f'<h3 class="dt-text-common"><a href="{other.url}">{title}</a></h3>'
        f'<div class="dt-text-sm">{lead}</div></article>'
    )


def _write_tags(page: Page) -> str:
    label = page.plants.plant("tag-label", "Từ khoá:")
    links = "".join(
        f'<li><a title="{tag}" href="{tag_url(page.site, tag)}" data-content-name="article-tags">'
        f"{page.plants.plant('tag', tag)}</a></li>"
        for tag in page.story.tags
    )
    return f'<ul class="dt-flex"><li>{label}</li>{links}</ul>'


def _write_figure(page: Page, figure: Figure, place: int) -> str:
    source = picture_source(page, place)
    caption = plant_caption(page, figure)
    inner = f"<figcaption><p>{caption}</p></figcaption>" if caption else ""
    alt = as_attribute(figure.line)
    return (
        f'<figure class="image align-center" contenteditable="false"><img data-original="{source}" '
        f'src="{source}" alt="{alt}" title="{alt}">{inner}</figure>'
    )


def _write_side(page: Page) -> str:
    label = page.plants.plant("most-read", "Đọc nhiều")
    items = "".join(
        f'<li><a href="{other.url}">{page.plants.plant("most-read", other.title)}</a></li>'
        for other in page.shelf.most_read
    )
    more = page.plants.plant("recommendation", "Tin mới nhất")
    others = "".join(
        f'<article><h3><a href="{other.url}">{page.plants.plant("recommendation", other.title)}</a></h3></article>'
        for other in page.shelf.recommended
    )
    return f'<aside class="dt-flex"><h2>{label}</h2><ol>{items}</ol><h2>{more}</h2>{others}</aside>'


DRESS = Dress(
    figure=_write_figure,
    headings={
        "plain": "<h2>{}</h2>",
        "capitals": "<p><strong>{}</strong></p>",
        "bold": "<p><strong>{}</strong></p>",
    },
)
