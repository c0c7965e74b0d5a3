"""The head of an MCMS article page: meta tags, `cmsConfig`, linked data.

Pure. Follows saved pages of vietnamplus.vn and nhandan.vn.
"""

import json

from tinsach.app.newsroom import cards, frame
from tinsach.app.newsroom.markup import as_attribute, as_local_iso
from tinsach.app.newsroom.page import Page

ROUGH_TIME_EVERY = 13  # one article in so many has its JSON-LD time cut to the minute; the meta tag is right


def write_head(page: Page) -> str:
    """The inside of `<head>`."""
    article, draft, site = page.article, page.story.draft, page.site
    title, tags = as_attribute(article.title), page.story.tags
    keywords = as_attribute(",".join((*tags, draft.cast.province)))
    description = as_attribute(page.prefix + (draft.lead or ""))
    lines = [
        f"<title>{title} | {site.title}</title>",
        f'<meta name="description" content="{description}"/>',
        f'<meta name="keywords" content="{keywords}"/>',
        f'<meta name="news_keywords" content="{keywords}"/>',
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />',
        '<meta http-equiv="refresh" content="1800" />',
        cards.zone_script(site.name, object_id=article.article_id, page_type=1, zone=draft.section.zone),
        f'<meta name="author" content="{site.title}" />',
        f'<meta name="copyright" content="Copyright © {article.published_at.year} by {site.title}" />',
        '<meta name="robots" content="index, follow, max-image-preview:large" />',
        f'<link rel="canonical" href="{article.url}" />',
        f'<link rel="amphtml" href="{article.url.rpartition(".")[0]}.amp" />',
        *(f'<meta property="{name}" content="{value}"/>' for name, value in _properties(page, title, description)),
        *(_script(value) for value in _linked_data(page)),
    ]
    return "\n".join(lines) + "\n" + frame.head_assets(site)


def _properties(page: Page, title: str, description: str) -> list[tuple[str, str]]:
    article, draft = page.article, page.story.draft
    return [
        ("og:site_name", page.site.title),
        ("og:type", "article"),
        ("og:url", article.url),
        ("og:title", title),
        ("og:description", description),
        ("og:image", cards.picture_url(article, 0)),
        ("article:publisher", "https://www.facebook.com/demo"),
        ("article:tag", as_attribute(",".join(page.story.tags))),
        ("article:section", f"{draft.sub[1]},{draft.section.name}"),
        ("article:published_time", as_local_iso(article.published_at)),
        ("article:modified_time", as_local_iso(article.modified_at)),
    ]


def _linked_data(page: Page) -> list[dict[str, object]]:
    article, draft, site = page.article, page.story.draft, page.site
    published = article.published_at
    if article.number % ROUGH_TIME_EVERY == 5:
        published = published.replace(second=0)
    section_url = site.section_url(draft.section)
    crumbs = [(section_url, draft.section.name), (f"{section_url}{draft.sub[0]}/", draft.sub[1])]
    items = [
        {"@type": "ListItem", "position": place, "item": {"@id": url, "name": name}}
        for place, (url, name) in enumerate(crumbs, start=1)
    ]
    news: dict[str, object] = {
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": article.url},
        "headline": article.title,
        "description": page.prefix + (draft.lead or ""),
        "image": {"@type": "ImageObject", "url": cards.picture_url(article, 0)},
        "datePublished": as_local_iso(published),
        "dateModified": as_local_iso(article.modified_at),
        "author": {"@type": "Person", "name": ", ".join(page.story.sign.authors)},
        "publisher": {"@type": "Organization", "name": site.title},
    }
    video: dict[str, object] = {"@type": "VideoObject", "name": article.title, "uploadDate": as_local_iso(published)}
    return [
        {"@type": "Organization", "name": site.title, "url": f"{site.origin}/"},
        {"@type": "WebSite", "name": site.title, "url": f"{site.origin}/"},
        {"@type": "BreadcrumbList", "itemListElement": items},
        news,
        *([video] if page.has_video else []),
    ]


def _script(value: dict[str, object]) -> str:
    text = json.dumps({"@context": "http://schema.org", **value}, ensure_ascii=False, indent=1).replace("</", "<\\/")
    return f'<script type="application/ld+json">\n{text}\n</script>'
