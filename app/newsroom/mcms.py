"""Article pages of ngaynay.vn and vietnamplus.vn: the MCMS template.

Pure. vietnamplus.vn follows saved pages of 2026; no current page of ngaynay.vn is known, so its layout is the family's,
with the boxes, prefixes and bylines that older pages and texts of that paper show.
"""

from collections.abc import Iterator

from tinsach.app.newsroom import cards, frame, words
from tinsach.app.newsroom.markup import as_attribute, as_local_iso, as_local_text
from tinsach.app.newsroom.mcms_body import write_ad, write_body, write_figure
from tinsach.app.newsroom.mcms_head import write_head
from tinsach.app.newsroom.page import Page, tag_url
from tinsach.app.newsroom.text import to_slug

SHARE_LABELS = {
    "vietnamplus.vn": ("Facebook", "Twitter", "Lưu bài viết", "Bản in", "Copy link"),
    "ngaynay.vn": ("Chia sẻ", "Facebook", "Zalo", "Lưu bài viết", "Bình luận"),
}
FOLLOW_LABELS = {"vietnamplus.vn": "Theo dõi VietnamPlus", "ngaynay.vn": "Theo dõi Ngày Nay trên Google News"}


def write_mcms_page(page: Page) -> str:
    """The whole page; its clutter is in `page.plants` afterwards."""
    site = page.site
    name = "vn" if site.name == "vietnamplus.vn" else "ngaynay"
    top = f"{frame.page_top(site)}{write_ad(page, 'Web_SdaTop')}"
    column = "\n".join(_write_main_column(page))
    sides = "\n".join((_write_side_column(page), "</div>", _write_recommended(page)))
    for line in frame.FOOTER_LINES[site.name]:
        page.plants.plant("footer", line)
    return (
        f'<!DOCTYPE html>\n<html lang="vi" class="{name} ">\n<head>\n{write_head(page)}</head>\n'
        f'<body class="detail-normal">\n{top}\n<div class="col zone-{page.story.draft.section.zone}">\n'
        f"{column}\n{sides}\n{frame.page_bottom(site)}"
    )


def _write_main_column(page: Page) -> Iterator[str]:
    section, sub = page.story.draft.section, page.story.draft.sub
    url = page.site.section_url(section)
    yield '<div class="main-col article">'
    yield (
        f'<div class="breadcrumb breadcrumb-detail"> <h2 class="main"> <a href="{url}" title="{section.name}">'
        f'{section.name}</a> </h2> <h2 class="main"> <a href="{url}{sub[0]}/" class="active">{sub[1]}</a> </h2> </div>'
    )
    if page.has_video:
        yield _write_player(page)
    title = as_attribute(page.article.title)
    yield f'<h1 class="article__title cms-title "> {title} </h1>'
    yield f'<div class="article__sapo cms-desc">{_write_lead(page)}</div>'
    yield write_ad(page, "Web_SdaArticleAfterSapo")
    yield _write_meta(page)
    yield _write_share_bar(page)
    if page.story.avatar:
        yield write_figure(page, page.story.avatar, 0, is_avatar=True)
    yield write_body(page)
    yield _write_tags(page)
    yield write_ad(page, "Web_SdaArticleAfterTag")
    yield _write_after(page)
    yield "</div>"


def _write_player(page: Page) -> str:
    source = f"https://s3-streaming.{page.site.name}/rest/{page.article.article_id}/playlist.m3u8"
    return (
        '<div class="article__avatar"><video controls="true" preload="auto" class="video_player" width="800" '
        f'height="460" poster="{cards.picture_url(page.article, 0)}"> '
        f'<source src="{page.plants.plant_raw("video", source)}" type="application/x-mpegURL"></video></div>'
    )


def _write_lead(page: Page) -> str:
    lead = page.story.draft.lead
    if not lead:
        return ""
    if page.prefix:
        page.plants.plant("prefix", page.prefix.strip())
    return f" <p>{page.prefix.replace(chr(160), '&nbsp;')}{as_attribute(lead)}</p> "


def _write_meta(page: Page) -> str:
    moment, author = page.article.published_at, ""
    if page.story.sign.place == "both":
        name = page.plants.plant("byline", page.story.sign.authors[0])
        author = f' <div class="article__author"><span class="author cms-author">{name}</span></div>'
    return (
        f'<div class="article__meta"> <time class="time" datetime="{as_local_iso(moment)}" '
        f'data-time="{int(moment.timestamp())}" data-friendly="false">'
        f"{page.plants.plant('date', as_local_text(moment))}</time> "
        f'<meta class="cms-date" itemprop="datePublished" content="{as_local_iso(moment)}">{author} '
        "<div id='shortenlink-container'></div> </div>"
    )


def _write_share_bar(page: Page) -> str:
    links = " ".join(
        f'<a href="javascript:void(0);" class="item" data-href="{page.article.url}" title="{label}">'
        f"{page.plants.plant('share', label)}</a>"
        for label in SHARE_LABELS[page.site.name]
    )
    follow = page.plants.plant("share", FOLLOW_LABELS[page.site.name])
    return (
        f'<div class="wrap-social"> <div class="social-pin article__social"> {links} </div> '
        f'<a href="https://news.google.com/publications/demo" class="google-news" target="_blank">{follow} </a> </div>'
    )


def _write_tags(page: Page) -> str:
    mark = "" if page.is_ngaynay else "#"
    label = f"<strong>{page.plants.plant('tag-label', 'Từ khóa:')}</strong> " if page.is_ngaynay else ""
    links = " ".join(
        f'<a class="active" href="{tag_url(page.site, tag)}" title="{tag}">{page.plants.plant("tag", mark + tag)}</a>'
        for tag in page.story.tags
    )
    region = ""
    if not page.is_ngaynay:  # looks like a tag and is none
        province = page.story.draft.cast.province
        href = f"{page.site.origin}/region/{to_slug(province)}/{100 + words.PROVINCES.index(province)}.vnp"
        name = page.plants.plant("region", province)
        region = f' <a class="link" href="{href}" title="{province}"><i class="ic-location"></i> {name}</a>'
    return f'<div class="article__tag"> {label}{links}{region} </div>'


def _write_after(page: Page) -> str:
    plants, heading = page.plants, "Tin liên quan" if page.article.number % 2 else "Xem thêm"
    related = (
        f'<div class="article-footer"> <div class="related-news"> <h3 class="box-heading"> <span class="title">'
        f'{plants.plant("related-after", heading)} </span> </h3> <div class="box-content" data-source="related-news"> '
        f"{cards.card_box(page.shelf.related, 'related-after', plants)} </div> </div> </div>"
    )
    if page.is_ngaynay:  # the stream of stories after the article, each with its lead
        stream = "\n".join(cards.summary_card(article, plants) for article in page.shelf.recommended[:6])
        related += f'\n<section class="zone"> <div class="zone__content"> {stream} </div> </section>'
    number = page.article.article_id
    comment = plants.plant("comment", "Bình luận của bạn đọc")
    return (
        f'{related}\n<div class="wrap-comment" id="comment{number}" data-id="{number}" data-type="20">{comment}</div>'
    )


def _write_side_column(page: Page) -> str:
    plants = page.plants
    label = plants.plant("most-read", "Tin đọc nhiều")
    most_read = cards.card_box(page.shelf.most_read, "most-read", plants)
    video = cards.card_box(page.shelf.inside[:2], "related-video", plants)
    return (
        '<div class="sub-col sidebar-right"> <div class="trending fyi-position"> <h3 class="box-heading"> '
        f'<span class="title">{label}</span> </h3> <div class="box-content" data-source="mostread-news"> {most_read} '
        f'</div> </div> <div class="multi-video" data-source="related-news-video"> {video} </div> </div>'
    )


def _write_recommended(page: Page) -> str:
    label = page.plants.plant("recommendation", "Có thể bạn quan tâm" if page.article.number % 2 else "Cùng chuyên mục")
    zone = page.story.draft.section.zone
    inner = cards.card_box(page.shelf.recommended, "recommendation", page.plants, with_time=True)
    return (
        '<div class="wrapper-gray"> <div class="container"> '
        f'<h3 class="box-heading"> <span class="title">{label} </span> </h3> '
        f'<div class="list-media content-list" data-source="recommendation-{zone}"> {inner} </div> </div> </div>'
    )
