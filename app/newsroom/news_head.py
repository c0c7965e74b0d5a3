"""Meta tags and linked data that papers of every house put into the head of an article. Pure."""

import json
from collections.abc import Sequence

from tinsach.app.newsroom import cards
from tinsach.app.newsroom.markup import as_attribute, as_local_iso
from tinsach.app.newsroom.page import Page


def open_graph(page: Page) -> str:
    """Title, canonical address, description and the `og:` properties."""
    article = page.article
    title, description = as_attribute(article.title), as_attribute(page.prefix + (page.story.draft.lead or ""))
    properties = (
        ("og:type", "article"),
        ("og:site_name", page.site.title),
        ("og:url", article.url),
        ("og:title", title),
        ("og:description", description),
        ("og:image", cards.picture_url(article, 0)),
    )
    lines = [f'<meta property="{name}" content="{value}">' for name, value in properties]
    return "\n".join(
        (
            f"<title>{title} - {page.site.title}</title>",
            f'<meta name="description" content="{description}">',
            f'<link rel="canonical" href="{article.url}">',
            *lines,
        )
    )


def breadcrumb(page: Page) -> list[tuple[str, str]]:
    """(URL, name) of section and sub-section."""
    section, sub = page.story.draft.section, page.story.draft.sub
    return [(page.site.section_url(section), section.name), (page.site.sub_url(section, sub[0]), sub[1])]


def linked_data(page: Page, *, headline: str | None = None, nest: bool = False) -> str:
    """The scripts with NewsArticle and BreadcrumbList; `nest` wraps each crumb in a list, as dantri.com.vn does."""
    article, site = page.article, page.site
    crumbs = [
        {"@type": "ListItem", "position": place, "item": {"@id": url, "name": name}}
        for place, (url, name) in enumerate(breadcrumb(page), start=1)
    ]
    news: dict[str, object] = {
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": article.url},
        "headline": headline or article.title,
        "description": page.prefix + (page.story.draft.lead or ""),
        "image": {"@type": "ImageObject", "url": cards.picture_url(article, 0)},
        "datePublished": as_local_iso(article.published_at),
        "dateModified": as_local_iso(article.modified_at),
        "author": [{"@type": "Person", "name": name} for name in page.story.sign.authors],
        "publisher": {"@type": "Organization", "name": site.title},
    }
    lists: dict[str, object] = {
        "@type": "BreadcrumbList",
        "itemListElement": [[crumb] for crumb in crumbs] if nest else crumbs,
    }
    organization: dict[str, object] = {"@type": "Organization", "name": site.title, "url": f"{site.origin}/"}
    return _scripts((organization, news, lists))


def _scripts(values: Sequence[dict[str, object]]) -> str:
    texts = (json.dumps({"@context": "https://schema.org", **value}, ensure_ascii=False) for value in values)
    return "\n".join(
        f'<script type="application/ld+json">{text.replace("</", "<" + chr(92) + "/")}</script>' for text in texts
    )
