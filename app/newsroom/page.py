"""An article page while its template writes it: the article, its surroundings, and the clutter planted so far.

Pure: all chance comes from the page's own Random, seeded with the article's URL.
"""

from dataclasses import dataclass
from random import Random

from tinsach.app.newsroom.gold import NewsArticle
from tinsach.app.newsroom.markup import Dresser, Plants, Shelf
from tinsach.app.newsroom.sites import Site
from tinsach.app.newsroom.story import Story
from tinsach.app.newsroom.text import to_slug

PREFIXES = {
    "ngaynay.vn": ("(Ngày Nay) - ", "(Ngày Nay) - ", "(Ngày Nay) -\xa0", "(Ngày Nay) -", ""),
    "vietnamplus.vn": ("",),
    "qdnd.vn": ("QĐND - ", "", ""),
    "tuoitre.vn": ("TTO - ", "", ""),
    "vnexpress.net": ("",),  # its place of report has an element of its own
    "dantri.com.vn": ("(Dân trí) - ", "(Dân trí) - ", ""),
}
LINK_CLASSES = {
    "mcms": ' target="_blank" class="cms-relate"',
    "vccorp": ' class="VCCTagItemInNews" target="_blank"',
    "vnexpress": ' rel="dofollow"',
    "dantri": ' data-content-name="article-content-autolink"',
    "qdnd": "",
}
TAG_FORMS = {
    "ngaynay.vn": "/{slug}-tag{id}.html",
    "vietnamplus.vn": "/tag/{slug}-tag{id}.vnp",
    "qdnd.vn": "/tag/{slug}-{id}.html",
    "tuoitre.vn": "/{slug}.html",
    "vnexpress.net": "/chu-de/{slug}-{id}",
    "dantri.com.vn": "/chu-de/{slug}-{id}.htm",
}
DECOMPOSED_EVERY = 29  # one article in so many has its accents as combining marks


@dataclass(frozen=True, slots=True)
class Page:
    """What a template needs to write one article page; `plants` fills up while it does."""

    site: Site
    article: NewsArticle
    story: Story
    shelf: Shelf
    rng: Random
    plants: Plants
    dresser: Dresser
    prefix: str  # of the house, before the lead; may end in a no-break space or none
    is_old: bool  # from before the newest template: images without captions in their alts, tool-bar rows

    @property
    def is_ngaynay(self) -> bool:
        """Whether the page is Ngày Nay's."""
        return self.site.name == "ngaynay.vn"

    @property
    def has_video(self) -> bool:
        """Whether a player stands above the headline."""
        form = self.story.draft.form
        if form == "video":
            return True
        is_candidate = self.site.name == "vietnamplus.vn" and form == "news" and self.article.number % 9 in (4, 7)
        return is_candidate and self.story.avatar is None  # one thing stands above the text, player or picture


def open_page(site: Site, article: NewsArticle, story: Story, shelf: Shelf, *, is_old: bool) -> Page:
    """A page of which nothing is written yet."""
    rng = Random(f"{article.url}#page")
    prefix = rng.choice(PREFIXES[site.name]) if story.draft.lead else ""
    cast = story.draft.cast
    phrases = (cast.province, cast.country, *story.tags)
    dresser = Dresser(
        rng,
        tuple((phrase, tag_url(site, phrase)) for phrase in phrases),
        LINK_CLASSES[site.family],
        article.number % DECOMPOSED_EVERY == 11,
    )
    return Page(site, article, story, shelf, rng, Plants(), dresser, prefix, is_old)


def tag_url(site: Site, phrase: str) -> str:
    """The URL of the page that lists a tag."""
    slug, tag_id = to_slug(phrase), 200 + sum(phrase.encode()) % 4000
    return site.origin + TAG_FORMS[site.name].format(slug=slug, id=tag_id)
