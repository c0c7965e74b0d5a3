"""Story cards and boxes of the MCMS family, as they stand around and inside its articles.

Pure; the card of an article is the same wherever it stands.
"""

from functools import lru_cache

from tinsach.app.newsroom.gold import NewsArticle
from tinsach.app.newsroom.markup import BLANK_GIF, Plants, as_attribute, as_local_iso, as_local_text, image_name
from tinsach.app.newsroom.sites import SITES

IMAGE_ROOTS = {
    "ngaynay.vn": "https://image.ngaynay.vn/w890/Uploaded",
    "vietnamplus.vn": "https://media.vietnamplus.vn/images",
    "qdnd.vn": "https://file3.qdnd.vn/data/images/0",
    "tuoitre.vn": "https://cdn2.tuoitre.vn/thumb_w/730/471584752817336320",
    "vnexpress.net": "https://i1-vnexpress.vnecdn.net",
    "dantri.com.vn": "https://cdnphoto.dantri.com.vn/zoom",
}
HOUSE_PREFIXES = ("(Ngày Nay) - ", "(Ngày Nay) - ", "(Ngày Nay) -")


def picture_url(article: NewsArticle, place: int) -> str:
    """The URL of an article's picture."""
    ending = ".jpg.avif" if article.site == "vietnamplus.vn" else ".jpg"
    return f"{IMAGE_ROOTS[article.site]}/{image_name(article, place)}{ending}"


def lazy_picture(article: NewsArticle, place: int, alt: str) -> str:
    """A picture as lazy loading leaves it in the page: a 1-pixel GIF, the address beside it, a copy in noscript."""
    url, alt = picture_url(article, place), as_attribute(alt)
    return (
        f'<img class="lazyload cms-photo" src="{BLANK_GIF}" data-src="{url}" data-large-src="{url}" '
        f'data-srcset="{url} 1x, {url}?r=2 2x" alt="{alt}">'
        f'<noscript><img src="{url}" alt="{alt}" class="image-fallback"></noscript>'
    )


@lru_cache(maxsize=4096)
def story_card(article: NewsArticle, *, with_thumb: bool = True, with_time: bool = False) -> str:
    """`article.story` with thumb, headline and time."""
    url, title = article.url, as_attribute(article.title)
    thumb = (
        f'<figure class="story__thumb"> <a class="cms-link" href="{url}" title="{title}"> '
        f"{lazy_picture(article, 0, article.title)} </a> </figure> "
        if with_thumb
        else ""
    )
    iso = as_local_iso(article.published_at)
    time = (
        f'<time class="time" datetime="{iso}" data-time="{int(article.published_at.timestamp())}"> '
        f"{as_local_text(article.published_at)} </time> "
        if with_time
        else ""
    )
    return (
        f'<article class="story"> {thumb}<h2 class="story__heading" data-tracking="{article.article_id}"> '
        f'<a class=" cms-link" href="{url}" title="{title}"> {title} </a> </h2> {time}</article>'
    )


def summary_card(article: NewsArticle, plants: Plants) -> str:
    """A card that prints the other article's lead with the house prefix, as Ngày Nay does; its lines are planted."""
    title = plants.plant("story-card", article.title)
    prefix = HOUSE_PREFIXES[article.number % len(HOUSE_PREFIXES)]
    summary = plants.plant("story-summary", f"{prefix}{article.lead}")
    return (
        '<article class="story story--horizontal story--border"> <figure class="story__thumb"> '
        f'<a class="cms-link" href="{article.url}" title="{as_attribute(article.title)}"> '
        f'{lazy_picture(article, 0, article.title)} </a> </figure> <div class="story__header"> '
        f'<h2 class="story__title story__heading" data-tracking="{article.article_id}"><a class="cms-link" '
        f'href="{article.url}">{title}</a></h2> <div class="story__summary"> {summary} </div> </div> </article>'
    )


def card_box(articles: tuple[NewsArticle, ...], kind: str, plants: Plants, *, with_time: bool = False) -> str:
    """The cards of a box, their headlines planted as clutter of that kind."""
    for article in articles:
        plants.plant(kind, article.title)
    return "\n".join(story_card(article, with_time=with_time) for article in articles)


def inside_box(articles: tuple[NewsArticle, ...], plants: Plants, side: str) -> str:
    """The box of related articles that an editor puts between two paragraphs."""
    cards = card_box(articles, "related-inside", plants)
    return f'<div class="article-relate outset-{side}" data-source="related-news"> {cards} </div>'


def related_list(articles: tuple[NewsArticle, ...], plants: Plants) -> str:
    """The plain list of related articles between two paragraphs, with its label."""
    label = plants.plant("related-list", "Tin bài liên quan")
    items = "".join(
        f'<li><a href="{article.url}">{plants.plant("related-list", article.title)}</a></li>' for article in articles
    )
    return f'<ul class="article__related-listing"> <li class="label">{label}</li> {items} </ul>'


def zone_script(site_name: str, *, object_id: int, page_type: int, zone: int) -> str:
    """The `cmsConfig` that names the API and the zone of the page."""
    origin = SITES[site_name].origin
    return (
        f"<script> var cmsConfig = {{ domainDesktop: '{origin}', domainMobile: '{origin}', "
        f"domainApi: 'https://api.{site_name}', domainStatic: 'https://media.{site_name}', "
        f"domainLog: 'https://log.{site_name}', googleAnalytics: 'G\\-0000000000', siteId: 0, "
        f"pageType: {page_type}, objectId: {object_id}, adsZone: {zone}, allowAds: true, adsLazy: true, "
        "antiAdblock: true, }; </script>\n"
    )
