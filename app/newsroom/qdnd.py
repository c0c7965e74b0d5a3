"""Article pages of qdnd.vn.

Pure. The body follows saved bodies of 2025 and, on older articles, of 2020 and 2023 (the tool bar's four labels above a
picture); what stands around it follows the selectors of public crawlers.
"""

from collections.abc import Iterator

from tinsach.app.newsroom import cards, frame
from tinsach.app.newsroom.markup import LOCAL_ZONE, as_attribute
from tinsach.app.newsroom.page import Page, tag_url
from tinsach.app.newsroom.qdnd_body import write_body
from tinsach.app.newsroom.words import WEEKDAYS

SHARE_LABELS = ("Chia sẻ Facebook", "Chia sẻ Zalo", "Gửi email", "In bài viết")


def write_qdnd_page(page: Page) -> str:
    """The whole page; its clutter is in `page.plants` afterwards."""
    site = page.site
    column = "\n".join(_write_main_column(page))
    side = _write_side_column(page)
    for line in frame.FOOTER_LINES[site.name]:
        page.plants.plant("footer", line)
    return (
        f'<!DOCTYPE html>\n<html lang="vi">\n<head>\n{_write_head(page)}</head>\n<body class="detail-page">\n'
        f'{frame.page_top(site)}<div class="container detail">\n{column}\n{side}\n</div>\n{frame.page_bottom(site)}'
    )


def _write_head(page: Page) -> str:
    title, article = as_attribute(page.article.title), page.article
    description = as_attribute(page.prefix + (page.story.draft.lead or ""))
    keywords = as_attribute(", ".join(page.story.tags))
    return (
        f'<meta charset="utf-8">\n<title>{title}</title>\n<meta name="description" content="{description}">\n'
        f'<meta name="keywords" content="{keywords}">\n<link rel="canonical" href="{article.url}">\n'
        f'<meta property="og:type" content="article">\n<meta property="og:title" content="{title}">\n'
        f'<meta property="og:description" content="{description}">\n<meta property="og:url" content="{article.url}">\n'
        f'<meta property="og:image" content="{cards.picture_url(article, 0)}">\n{frame.head_assets(page.site)}'
    )


def _write_main_column(page: Page) -> Iterator[str]:
    draft, local = page.story.draft, page.article.published_at.astimezone(LOCAL_ZONE)
    url = page.site.section_url(draft.section)
    yield '<div class="main-col">'
    yield (
        f'<div class="breadcrumb"><a rel="v:url" property="v:title" href="{url}">{draft.section.name}</a> / '
        f'<a rel="v:url" property="v:title" href="{url}/{draft.sub[0]}">{draft.sub[1]}</a></div>'
    )
    weekday = f"{WEEKDAYS[local.weekday()]}, {local:%d/%m/%Y}"
    yield f'<div class="post-date">{page.plants.plant("date", weekday)}</div>'
    yield f'<h1 class="post-title">{as_attribute(page.article.title)}</h1>'
    yield f'<span class="post-subinfo">{page.plants.plant("date", f"{local:%d/%m/%Y}")}</span>'
    yield _write_share_bar(page)
    yield f'<div class="post-summary"><p class="logo-online">{_write_lead(page)}</p></div>'
    yield f'<div class="post-content">{write_body(page)}</div>'
    yield _write_tags(page)
    yield _write_related(page)
    comment = page.plants.plant("comment", "Gửi bình luận của bạn")
    yield f'<div class="post-comment"><h3>{comment}</h3></div>'
    yield "</div>"


def _write_lead(page: Page) -> str:
    if page.prefix:
        page.plants.plant("prefix", page.prefix.strip())
    return as_attribute(page.prefix + (page.story.draft.lead or ""))


def _write_share_bar(page: Page) -> str:
    links = " ".join(f'<a href="#" class="share">{page.plants.plant("share", label)}</a>' for label in SHARE_LABELS)
    return f'<div class="social-share">{links}</div>'


def _write_tags(page: Page) -> str:
    label = page.plants.plant("tag-label", "Từ khóa:")
    links = " ".join(
        f'<a itemprop="keywords" href="{tag_url(page.site, tag)}">{page.plants.plant("tag", tag)}</a>'
        for tag in page.story.tags
    )
    return f'<div class="post-tag"><span>{label}</span> {links}</div>'


def _write_related(page: Page) -> str:
    label = page.plants.plant("related-after", "Tin, bài liên quan")
    items = "\n".join(
        f'<article><a href="{article.url}"><img alt="" loading="lazy" src="{cards.picture_url(article, 0)}"></a>'
        f'<h3><a href="{article.url}">{page.plants.plant("related-after", article.title)}</a></h3></article>'
        for article in page.shelf.related
    )
    return f'<div class="related-post"><h3>{label}</h3>\n{items}</div>'


def _write_side_column(page: Page) -> str:
    label = page.plants.plant("most-read", "Đọc nhiều")
    most_read = "\n".join(
        f'<li><a href="{article.url}">{page.plants.plant("most-read", article.title)}</a></li>'
        for article in page.shelf.most_read
    )
    latest_label = page.plants.plant("recommendation", "Tin mới nhất")
    latest = "\n".join(
        f'<article class="item"><a href="{article.url}" title="{as_attribute(article.title)}">'
        f'<img alt="" loading="lazy" src="{cards.picture_url(article, 0)}?dpi=150&amp;quality=100&amp;w=320"></a>'
        f'<h4><a href="{article.url}">{page.plants.plant("recommendation", article.title)}</a></h4>'
        f'<p class="hidden-xs">{article.published_at.astimezone(LOCAL_ZONE):%d/%m/%Y}</p></article>'
        for article in page.shelf.recommended
    )
    return (
        f'<div class="side-col"><h3>{label}</h3><ul class="most-read">{most_read}</ul>\n'
        f'<h3>{latest_label}</h3><div class="latest">{latest}</div></div>'
    )
