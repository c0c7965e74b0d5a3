"""Section pages of tuoitre.vn, vnexpress.net and dantri.com.vn, each with its house's way to the next page.

Pure: articles in, HTML out, newest first as given.
"""

import re
from collections.abc import Callable

from tinsach.app.newsroom import cards, frame
from tinsach.app.newsroom.gold import NewsArticle
from tinsach.app.newsroom.markup import as_attribute, as_local_iso
from tinsach.app.newsroom.sites import Section, Site

PAGE_SIZE = 6  # real pages have some twenty; so a small newsroom has second pages too
# The paths of a section's pages: `section` or `zone` names it, `page` counts from 2, and is missing in the first.
LIST_PATHS = {
    "vccorp": (
        re.compile(r"/(?P<section>[a-z-]+)(?:/(?P<sub>[a-z-]+))?\.htm"),
        re.compile(r"/timeline/(?P<zone>\d+)/trang-(?P<page>\d+)\.htm"),
    ),
    "vnexpress": (re.compile(r"/(?P<section>[a-z-]+?)(?:/(?P<sub>[a-z-]+?))?(?:-p(?P<page>\d+))?"),),
    "dantri": (re.compile(r"/(?P<section>[a-z-]+)(?:/(?P<sub>[a-z-]+))?(?:\.htm|/trang-(?P<page>\d+)\.htm)"),),
}


def find_list(site: Site, match: "re.Match[str]") -> tuple[Section, str | None, int] | None:
    """The section and sub-section that a list's path names, and the number of the page; None where there is none."""
    found = match.groupdict()
    if found.get("zone"):
        section = next((one for one in site.sections if one.zone == int(found["zone"])), None)
    else:
        section = site.find_section(found["section"])
    sub = found.get("sub")
    if section is None or (sub and sub not in dict(section.subs)):
        return None
    return section, sub, int(found.get("page") or 1)


def write_list(site: Site, section: Section, articles: tuple[NewsArticle, ...], *, page: int) -> str:
    """A page of a section; an empty list past the last. The pages behind "load more" are fragments."""
    items = "\n".join(_ITEMS[site.family](article) for article in articles)
    if site.family == "vccorp" and page > 1:
        return items
    zone = f'<input type="hidden" id="hdZoneId" value="{section.zone}">' if site.family == "vccorp" else ""
    return (
        f'<!DOCTYPE html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">\n<title>{section.name}</title>\n'
        f'<link rel="canonical" href="{site.section_url(section)}">\n<meta property="og:type" content="website">\n'
        f"{frame.head_assets(site)}</head>\n<body>\n{frame.page_top(site)}<main>{zone}<h1>{section.name}</h1>\n"
        f'<div class="list">{items}</div></main>\n{frame.page_bottom(site)}'
    )


def _write_tuoitre_item(article: NewsArticle) -> str:
    title = as_attribute(article.title)
    return (
        f'<li class="box-category-item"><a href="{article.url}"><img src="{cards.picture_url(article, 0)}" alt=""></a>'
        f'<h3><a class="box-category-link-title" href="{article.url}" title="{title}">{title}</a></h3>'
        f'<span class="time" datetime="{as_local_iso(article.published_at)}"></span></li>'
    )


def _write_vnexpress_item(article: NewsArticle) -> str:
    title, lead = as_attribute(article.title), as_attribute(article.lead or "")
    return (
        f'<article class="item-news"><div class="thumb-art"><a href="{article.url}">'
        f'<img src="{cards.picture_url(article, 0)}" alt="{title}"></a></div>'
        f'<h3 class="title-news"><a href="{article.url}" title="{title}">{title}</a></h3>'
        f'<p class="description"><a href="{article.url}">{lead}</a></p>'
        f'<a class="count_cmt" href="{article.url}#box_comment_vne">7</a></article>'
    )


def _write_dantri_item(article: NewsArticle) -> str:
    path, title = "/" + article.url.split("/", 3)[3], as_attribute(article.title)
    return (
        f'<article class="article-item" data-id="{article.article_id}"><div class="article-thumb"><a href="{path}">'
        f'<img src="{cards.picture_url(article, 0)}" alt="{title}"></a></div><div class="article-content">'
        f'<h3 class="article-title"><a href="{path}">{title}</a></h3>'
        f'<div class="article-excerpt"><a href="{path}">(Dân trí) - {as_attribute(article.lead or "")}</a></div>'
        "</div></article>"
    )


_ITEMS: dict[str, Callable[[NewsArticle], str]] = {
    "vccorp": _write_tuoitre_item,
    "vnexpress": _write_vnexpress_item,
    "dantri": _write_dantri_item,
}
