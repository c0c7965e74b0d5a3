"""Front pages, sections, feeds, the listing API, sitemaps and the page for what is not there.

Pure: articles in, text out, newest first as given.
"""

import json
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from tinsach.app.newsroom import cards, frame
from tinsach.app.newsroom.gold import NewsArticle
from tinsach.app.newsroom.markup import LOCAL_ZONE, as_attribute, as_local_iso
from tinsach.app.newsroom.sites import Section, Site

MCMS_PAGE_SIZE = 30
QDND_PAGE_SIZE = 20
FEED_SIZE = 50
ROBOTS = "User-agent: *\nDisallow: /tim-kiem/\nDisallow: /print-\nAllow: /\nSitemap: {origin}{sitemap}\n"

Articles = tuple[NewsArticle, ...]


def write_home(site: Site, newest: Articles, blocks: tuple[tuple[Section, Articles], ...]) -> str:
    """The front page: the newest articles, then a block for each section."""
    body = f'<div class="content-list" data-source="latest-0">{_cards(site, newest)}</div>\n'
    for section, articles in blocks:
        heading = f'<h2><a href="{site.section_url(section)}">{section.name}</a></h2>'
        body += f'<section class="zone box-{section.zone % 100}">{heading}{_cards(site, articles)}</section>\n'
    return _list_page(site, site.title, f"{site.origin}/", body, zone=0)


def write_mcms_section(site: Site, section: Section, articles: Articles) -> str:
    """The first page of an MCMS section; `cmsConfig.adsZone` names the zone under which the API goes on."""
    body = (
        f'<div class="breadcrumb"><h1 class="main"><a href="{site.section_url(section)}">{section.name}</a></h1></div>'
        f'<div class="list-media content-list" data-source="timeline-{section.zone}">{_cards(site, articles)}</div>'
        '<div class="loadmore"><button class="control__loadmore">Xem thêm</button></div>'
    )
    return _list_page(site, section.name, site.section_url(section), body, zone=section.zone)


def write_qdnd_section(site: Site, section: Section, articles: Articles, *, page: int, page_count: int) -> str:
    """A page of a qdnd.vn section with the links to its neighbours; an empty list past the last."""
    url = site.section_url(section)
    links = "".join(
        f'<a href="{url}/p/{number}"{" class=active" if number == page else ""}>{number}</a>'
        for number in range(max(1, page - 3), min(page_count, page + 3) + 1)
    )
    body = (
        f'<h1 class="cate-title"><a href="{url}">{section.name}</a></h1>'
        f'<div class="list-news-category">{_cards(site, articles)}</div><div class="ex_pager">{links}</div>'
    )
    return _list_page(site, section.name, url, body, zone=section.zone)


def write_api_page(articles: Articles, section_names: dict[str, str], *, load_more: bool) -> str:
    """A page of the listing API as JSON; times are epoch seconds, URLs are relative."""
    contents = [
        {
            "content_id": article.article_id,
            "title": article.title,
            "sub_title": "",
            "description": f"<p>{article.lead}</p>" if article.lead else "",
            "date": int(article.published_at.timestamp()),
            "update_time": int(article.modified_at.timestamp()),
            "url": "/" + article.url.split("/", 3)[3],
            "avatar_url": cards.picture_url(article, 0),
            "zone": {"name": section_names[article.section]},
        }
        for article in articles
    ]
    answer = {"error_code": 0, "error_message": "Success", "data": {"contents": contents, "load_more": load_more}}
    return json.dumps(answer, ensure_ascii=False)


def write_feed(site: Site, name: str, articles: Articles) -> str:
    """An RSS 2.0 feed; the description is HTML with a thumb, as the papers' feeds have it."""
    items = "".join(
        f"<item><title>{escape(article.title)}</title><link>{article.url}</link>"
        f"<guid>{article.url}</guid><pubDate>{format_datetime(article.published_at.astimezone(LOCAL_ZONE))}</pubDate>"
        f'<description><![CDATA[<a href="{article.url}"><img src="{cards.picture_url(article, 0)}"></a>'
        f"{as_attribute(article.lead or '')}]]></description></item>\n"
        for article in articles
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
        f"<title>{escape(f'{name} - {site.title}')}</title><link>{site.origin}/</link>"
        f"<description>{escape(site.title)} RSS</description><language>vi</language>\n{items}</channel></rss>\n"
    )


def write_sitemap_index(urls: tuple[tuple[str, datetime], ...]) -> str:
    """A sitemap index of (URL, last change)."""
    entries = "".join(f"<sitemap><loc>{url}</loc><lastmod>{as_local_iso(at)}</lastmod></sitemap>\n" for url, at in urls)
    return _xml(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</sitemapindex>')


def write_sitemap(site: Site, articles: Articles, *, is_news: bool) -> str:
    """A sitemap of articles, with Google's news tags if `is_news`."""
    entries = []
    for article in articles:
        news = (
            f"<news:news><news:publication><news:name>{escape(site.title)}</news:name><news:language>vi</news:language>"
            f"</news:publication><news:publication_date>{as_local_iso(article.published_at)}</news:publication_date>"
            f"<news:title>{escape(article.title)}</news:title></news:news>"
            if is_news
            else ""
        )
        entries.append(
            f"<url><loc>{article.url}</loc><lastmod>{as_local_iso(article.modified_at)}</lastmod>{news}</url>\n"
        )
    name_space = ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"' if is_news else ""
    return _xml(
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"{name_space}>\n{"".join(entries)}</urlset>'
    )


def write_not_found(site: Site) -> str:
    """The 404 page, with the paper's menus."""
    body = "<h1>404</h1><p>Trang bạn tìm không tồn tại hoặc đã bị gỡ.</p>"
    return _list_page(site, "Không tìm thấy trang", f"{site.origin}/404.html", body, zone=0)


def _xml(inner: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{inner}\n'


def _cards(site: Site, articles: Articles) -> str:
    if site.family == "mcms":
        return "\n".join(cards.story_card(article, with_time=True) for article in articles)
    return "\n".join(
        f'<article><a href="{article.url}" title="{as_attribute(article.title)}"><img alt="" loading="lazy" '
        f'src="{cards.picture_url(article, 0)}"></a><h3><a href="{article.url}">{as_attribute(article.title)}</a></h3>'
        f'<p class="hidden-xs">{article.published_at.astimezone(LOCAL_ZONE):%d/%m/%Y}</p>'
        f"<p>{as_attribute(article.lead or '')}</p></article>"
        for article in articles
    )


def _list_page(site: Site, title: str, url: str, body: str, *, zone: int) -> str:
    config = cards.zone_script(site.name, object_id=zone, page_type=2, zone=zone) if site.family == "mcms" else ""
    refresh = '<meta http-equiv="refresh" content="1800" />\n' if site.family == "mcms" else ""
    return (
        f'<!DOCTYPE html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">\n{refresh}'
        f'<title>{title}</title>\n{config}<link rel="canonical" href="{url}" />\n'
        f'<link rel="alternate" type="application/rss+xml" href="{site.origin}{site.home_feed_path}" />\n'
        f'<meta property="og:type" content="website"/>\n{frame.head_assets(site)}</head>\n'
        f'<body class="list-page">\n{frame.page_top(site)}<div class="container">\n{body}\n</div>\n'
        f"{frame.page_bottom(site)}"
    )
