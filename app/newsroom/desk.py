"""The state of the newsroom and what follows from it: which articles are out, when, how often edited, and their truth.

Pure: no clock, no disk, no socket. The state is (seed, articles per site, now, edition) and nothing else; each article
is built when it is asked for.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from random import Random

from tinsach.app.newsroom import story as stories
from tinsach.app.newsroom.dantri import write_dantri_page
from tinsach.app.newsroom.gold import GoldRecord, NewsArticle, read_body, read_captions
from tinsach.app.newsroom.markup import LOCAL_ZONE, Shelf
from tinsach.app.newsroom.mcms import write_mcms_page
from tinsach.app.newsroom.page import Page, open_page
from tinsach.app.newsroom.qdnd import write_qdnd_page
from tinsach.app.newsroom.sites import DEMO_SITES, SITES, Site, edition_time, spread_time
from tinsach.app.newsroom.vccorp import write_vccorp_page
from tinsach.app.newsroom.vnexpress import write_vnexpress_page

PUBLISHED_PER_EDITION = 4
EDITABLE_BACK = 60  # edits fall on one of that many newest articles
_LAST_NUMBER = re.compile(r"\d{1,20}$")
DRAFT_CACHE_SIZE = 8192  # about 2 kB each


@dataclass(frozen=True, slots=True)
class Edition:
    """What one edition brought, as URLs."""

    published: tuple[str, ...]
    edited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteState:
    """When the articles after the first came out, (edits, time of the last) of the edited ones, what was taken down."""

    late: tuple[datetime, ...] = ()
    edits: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    gone: frozenset[int] = frozenset()


class Desk:
    """All articles of some papers. `now` is aware and names the time of edition 0; numbers rise with time."""

    def __init__(
        self,
        seed: int,
        articles_per_site: int,
        sites: tuple[str, ...] = DEMO_SITES,
        *,
        now: datetime,
        edition: int = 0,
    ) -> None:
        """The newsroom after `edition` calls of `next_edition`; LookupError for a site it does not imitate."""
        if articles_per_site < 1 or now.tzinfo is None:
            raise ValueError("the newsroom needs at least one article a site and an aware `now`")
        self.seed = seed
        self.articles_per_site = articles_per_site
        self.sites = sites
        self.now = now.astimezone(UTC)
        self.edition = 0
        self._steps = 0
        self._states = {SITES[name].name: SiteState() for name in sites}
        self._find_draft = lru_cache(maxsize=DRAFT_CACHE_SIZE)(self._build_draft)
        for _ in range(edition):
            self.next_edition()

    def articles(self, site: str) -> tuple[NewsArticle, ...]:
        """All articles of a site, oldest first (built on each call: some 0.1 ms an article)."""
        return tuple(self.article(site, number) for number in self.numbers(site))

    def urls(self, site: str) -> tuple[str, ...]:
        """The URLs of `articles`, in the same order."""
        return tuple(article.url for article in self.articles(site))

    def count(self, site: str) -> int:
        """How many articles of a site came out, those that were taken down again among them."""
        return self.articles_per_site + len(self._states[site].late)

    def numbers(self, site: str) -> list[int]:
        """The numbers of a site's articles that can be read, oldest first."""
        gone = self._states[site].gone
        return [number for number in range(self.count(site)) if number not in gone]

    def take_down(self, url: str) -> None:
        """The article is no longer to be had, and no list has it; LookupError for a URL that is no article's."""
        site, number = self._locate(url)
        state = self._states[site.name]
        self._states[site.name] = replace(state, gone=state.gone | {number})

    def is_gone(self, site: str, number: int) -> bool:
        """Whether the article was taken down."""
        return number in self._states[site].gone

    def gold(self, url: str) -> GoldRecord:
        """The truth about the page at a URL; LookupError for a URL that is no article's."""
        site, number = self._locate(url)
        page = self.open_article(site.name, number)
        write_article(page)
        return self._read_gold(page)

    def publish_more(self, n_per_site: int) -> tuple[str, ...]:
        """Publishes so many articles in each paper; their URLs."""
        self._steps += 1
        published: list[str] = []
        for name, state in self._states.items():
            first = self.count(name)
            times = tuple(edition_time(self._steps, order, self.now) for order in range(n_per_site))
            self._states[name] = replace(state, late=state.late + times)
            published += [self.article(name, first + order).url for order in range(n_per_site)]
        return tuple(published)

    def edit_one(self, site: str) -> str:
        """Adds a paragraph to one of a paper's newest articles (no wire story, no picture page); its URL."""
        self._steps += 1
        state, count = self._states[site], self.count(site)
        rng = Random(f"{self.seed}/{site}/edit/{self._steps}")
        numbers = list(range(max(0, count - EDITABLE_BACK), count))
        untouchable = stories.WIRE_FORMS | stories.TEXTLESS_FORMS
        numbers = [number for number in numbers if self._find_draft(site, number).form not in untouchable] or numbers
        number = rng.choice(numbers)
        edited_at = edition_time(self._steps, 10, self.now)
        self._states[site] = replace(
            state, edits={**state.edits, number: (state.edits.get(number, (0, edited_at))[0] + 1, edited_at)}
        )
        return self.article(site, number).url

    def next_edition(self) -> Edition:
        """Publishes a few articles and edits one in each paper."""
        published = self.publish_more(PUBLISHED_PER_EDITION)
        edited = tuple(self.edit_one(site) for site in self.sites)
        self.edition += 1
        return Edition(published, edited)

    def article(self, site: str, number: int) -> NewsArticle:
        """The article with that number, as lists show it."""
        draft = self._find_draft(site, number)
        published_at = self.publication_time(site, number)
        revision, modified_at = self._states[site].edits.get(number, (0, published_at))
        return NewsArticle(
            site=site,
            number=number,
            article_id=draft.article_id,
            url=SITES[site].origin + draft.path,
            title=draft.title,
            lead=draft.lead,
            section=draft.section.path,
            published_at=published_at,
            modified_at=modified_at,
            revision=revision,
        )

    def publication_time(self, site: str, number: int) -> datetime:
        """When the article with that number came out, aware UTC."""
        if number >= self.articles_per_site:
            return self._states[site].late[number - self.articles_per_site]
        return spread_time(number, site=SITES[site], newest_number=self.articles_per_site - 1, now=self.now)

    def open_article(self, site: str, number: int) -> Page:
        """An article's page, not yet written."""
        article, draft = self.article(site, number), self._find_draft(site, number)
        story = stories.build_story(self.seed, SITES[site], draft, revision=article.revision)
        is_old = number < self.articles_per_site // 2
        return open_page(SITES[site], article, story, self._fill_shelf(site, number), is_old=is_old)

    def find_article(self, site: str, article_id: int) -> int | None:
        """The number of the article with that id, None when there is none."""
        number = SITES[site].find_number(article_id)
        return number if number is not None and number < self.count(site) else None

    def _build_draft(self, site: str, number: int) -> stories.Draft:
        return stories.build_draft(self.seed, SITES[site], number)

    def _locate(self, url: str) -> tuple[Site, int]:
        for name in self.sites:
            site = SITES[name]
            if url.startswith(site.origin + "/"):
                digits = _LAST_NUMBER.search(url.removesuffix(f".{site.extension}").rstrip("/"))
                number = self.find_article(name, int(digits[0])) if digits else None
                if number is not None and site.origin + self._find_draft(name, number).path == url:
                    return site, number
        raise LookupError(f"{url}: not an article of this newsroom")

    def _fill_shelf(self, site: str, number: int) -> Shelf:
        """Articles of edition 0 only, so that a page stays the same until it is edited itself."""
        total = self.articles_per_site
        around = (place % total for place in range(min(number, total) - 1, min(number, total) - total, -1))
        near = [place for place in (next(around, None) for _ in range(60)) if place is not None and place != number]
        near = [place for place in near if self._find_draft(site, place).lead]
        others = tuple(self.article(site, place) for place in near[:36])
        return Shelf(inside=others[:2], related=others[2:5], recommended=others[5:27], most_read=others[27:36])

    def _read_gold(self, page: Page) -> GoldRecord:
        article, story, draft = page.article, page.story, page.story.draft
        is_qdnd = page.site.family == "qdnd"
        published_at = article.published_at
        if is_qdnd:  # the page shows the day only
            local = published_at.astimezone(LOCAL_ZONE)
            published_at = local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
        is_copy = draft.form in stories.WIRE_FORMS and page.site.name != stories.WIRE_HOME
        has_home = stories.WIRE_HOME in self.sites
        return GoldRecord(
            url=article.url,
            site=article.site,
            article_id=article.article_id,
            title=article.title,
            lead=draft.lead,
            body=read_body(story),
            captions=read_captions(story),
            authors=story.sign.authors if story.rejected is None else (),
            agency=story.sign.agency if story.rejected is None else None,
            published_at=published_at,
            modified_at=None if is_qdnd else article.modified_at,
            precision="day" if is_qdnd else "second",
            section=draft.section.name,
            tags=story.tags,
            planted=tuple(page.plants.lines),
            rejected=story.rejected,
            photo_story=draft.form == "photo",
            copy=("near" if draft.form == "near-wire" else "exact") if is_copy else None,
            copy_of=self.article(stories.WIRE_HOME, article.number).url if is_copy and has_home else None,
        )


def write_article(page: Page) -> str:
    """The HTML of an article; `page.plants` holds its clutter afterwards."""
    return _TEMPLATES[page.site.family](page)


_TEMPLATES: dict[str, Callable[[Page], str]] = {
    "mcms": write_mcms_page,
    "qdnd": write_qdnd_page,
    "vccorp": write_vccorp_page,
    "vnexpress": write_vnexpress_page,
    "dantri": write_dantri_page,
}
