"""Article pages of vnexpress.net.

Pure. Follows saved pages of 2022 to 2026: the main column is called sidebar, the class of the body ends in a blank, the
related list stands hidden inside the body, and what follows the article is loaded later.
"""

from collections.abc import Iterator

from tinsach.app.newsroom import cards, frame, news_head
from tinsach.app.newsroom.markup import LOCAL_ZONE, as_attribute, as_local_iso
from tinsach.app.newsroom.page import Page
from tinsach.app.newsroom.parts import Figure
from tinsach.app.newsroom.plain_body import Dress, picture_source, plant_caption, write_elements
from tinsach.app.newsroom.words import WEEKDAYS

STAMP_SHARE = 0.5  # of the leads open with the place of the report
RELATED_SHARE = 0.4  # of the bodies hold a hidden list of related articles


def write_vnexpress_page(page: Page) -> str:
    """The whole page; its clutter is in `page.plants` afterwards."""
    site = page.site
    main = "\n".join(_write_main(page))
    side = _write_side(page)
    for line in frame.FOOTER_LINES[site.name]:
        page.plants.plant("footer", line)
    return (
        f'<!DOCTYPE html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">\n{_write_head(page)}</head>\n'
        f'<body class="page-detail">\n{frame.page_top(site)}<section class="section page-detail top-detail">'
        f'<div class="container">\n{main}\n{side}\n</div></section>\n{frame.page_bottom(site)}'
    )


def _write_head(page: Page) -> str:
    article, draft = page.article, page.story.draft
    return "\n".join(
        (
            news_head.open_graph(page),
            f'<meta name="pubdate" itemprop="datePublished" content="{as_local_iso(article.published_at)}">',
            '<meta name="author" content="VnExpress">',
            f'<meta name="its_subsection" content="vnexpress, {draft.section.name}, {draft.sub[1]}">',
            f'<meta name="its_tag" content="{as_attribute(", ".join(page.story.tags))}">',
            f'<meta name="article_updatetime" content="{int(article.modified_at.timestamp())}">',
            news_head.linked_data(page),
            frame.head_assets(page.site),
        )
    )


def _write_main(page: Page) -> Iterator[str]:
    local = page.article.published_at.astimezone(LOCAL_ZONE)
    crumbs = "".join(f'<li><a href="{url}" title="{name}">{name}</a></li>' for url, name in news_head.breadcrumb(page))
    date = f"{WEEKDAYS[local.weekday()]}, {local.day}/{local.month}/{local.year}, {local:%H:%M} (GMT+7)"
    yield '<div class="sidebar-1">'
    yield f'<div class="header-content"><ul class="breadcrumb" data-campaign="Header">{crumbs}</ul>'
    yield f'<span class="date">{page.plants.plant("date", date)}</span></div>'
    yield f'<h1 class="title-detail">{as_attribute(page.article.title)}</h1>'
    yield f'<p class="description">{_write_lead(page)}</p>'
    yield f'<article class="fck_detail ">{_write_body(page)}</article>'
    yield '<span id="article-end"></span>'
    section = page.story.draft.section
    back = page.plants.plant("share", f"Trở lại {section.name}")
    shares = "".join(f'<a href="#">{page.plants.plant("share", label)}</a>' for label in ("Chia sẻ", "Lưu bài viết"))
    yield f'<div class="footer-content"><a class="back-folder" href="/{section.path}">{back}</a>{shares}</div>'
    yield '<div class="lazier" data-load="tags"></div><div class="lazier" data-load="same-section"></div></div>'


def _write_lead(page: Page) -> str:
    stamp = ""
    if page.story.draft.lead and page.rng.random() < STAMP_SHARE:
        place = page.plants.plant("prefix", page.story.draft.cast.province)
        stamp = f'<span class="location-stamp">{place}</span>'
    return stamp + as_attribute(page.story.draft.lead or "")


def _write_body(page: Page) -> str:
    pieces = write_elements(page, DRESS)
    form = page.story.draft.form
    if form == "video":
        source = page.plants.plant_raw("video", f"https://v.vnecdn.net/{page.article.article_id}/index.m3u8")
        pieces.append(f'<div class="box_embed_video_parent"><video src="{source}"></video></div>')
    if page.story.rejected is None:
        pieces.append(_write_sign(page))
    if form not in {"video", "empty", "photo"} and page.rng.random() < RELATED_SHARE:
        pieces.insert(len(pieces) - 1, '<div class="list_link" data-component="true" style="cursor:pointer"></div>')
        items = "".join(
            f'<li data-id="{other.article_id}"><a href="{other.url}">'
            f"{page.plants.plant('related-inside', other.title)}</a></li>"
            for other in page.shelf.inside
        )
        pieces.append(f'<ul class="list-news hidden" data-campaign="Box-Related">{items}</ul>')
    return "\n".join(pieces)


def _write_sign(page: Page) -> str:
    sign = page.story.sign
    line = page.plants.plant("byline" if sign.place == "byline" else "source", sign.line)
    name, bracket, rest = line.partition(" (")
    return f'<p class="Normal" style="text-align:right;"><strong>{name}</strong>{bracket}{rest}</p>'


def _write_figure(page: Page, figure: Figure, place: int) -> str:
    source = picture_source(page, place)
    caption = plant_caption(page, figure)
    inner = f'<figcaption itemprop="description"><p class="Image">{caption}</p></figcaption>' if caption else ""
    return (
        '<figure data-size="true" itemprop="associatedMedia image" itemscope class="tplCaption">'
        f'<meta itemprop="url" content="{source}"><div class="fig-picture"><picture>'
        f'<source data-srcset="{source} 1x, {source} 2x"><img itemprop="contentUrl" class="lazy" data-src="{source}" '
        f'alt="{as_attribute(figure.line)}"></picture></div>{inner}</figure>'
    )


def _write_side(page: Page) -> str:
    label = page.plants.plant("most-read", "Xem nhiều")
    items = "".join(
        f'<article class="item-news"><h3 class="title-news"><a href="{other.url}">'
        f"{page.plants.plant('most-read', other.title)}</a></h3>"
        f'<p class="description"><a href="{other.url}">{page.plants.plant("most-read", other.lead or "")}</a></p>'
        f'<img src="{cards.picture_url(other, 0)}" alt=""></article>'
        for other in page.shelf.most_read
    )
    return f'<div class="sidebar-2"><h2>{label}</h2>{items}</div>'


DRESS = Dress(
    figure=_write_figure,
    paragraph='<p class="Normal">{}</p>',
    headings={
        "plain": '<h2 class="Normal">{}</h2>',
        "capitals": '<h2 class="Normal">{}</h2>',
        "bold": '<p class="Normal"><strong>{}</strong></p>',
    },
)
