"""Drafts of profiles: what changed on a known paper's pages, and a whole profile for an unknown one, each tried out.

A draft is written for a person to read; what it does on the archive's pages is told with it.
"""

import shutil
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from tinsach.app.output import count
from tinsach.cleaning import Article, Profile, Rejected, clean_html, load_profile, own_profiles, use_profiles
from tinsach.cleaning.aligning import Known, Leafed
from tinsach.cleaning.drafting import FIELD_ORDER, Paper, Rules, edit_profile, find_url_pattern, write_profile
from tinsach.cleaning.inferring import GOOD_SHARE, infer_rules, rate_selectors, story_test
from tinsach.cleaning.letters import fold
from tinsach.cleaning.metadata import read_head
from tinsach.cleaning.profile import Extract, list_families, parse_profile
from tinsach.cleaning.proposing import Proposal, recount
from tinsach.cleaning.sources import profile_files
from tinsach.cleaning.template import find_template
from tinsach.cleaning.witnesses import know_from_page, know_from_record, read_page, refine
from tinsach.datasets.alarms import read_alarms
from tinsach.datasets.changes import HISTORY
from tinsach.datasets.drift import LOST_BODY
from tinsach.datasets.layout import BrokenWorld, DataDir, SiteDir
from tinsach.datasets.samples import (
    MOST_PAGES,
    NoPages,
    Picked,
    Sample,
    find_rejected,
    pick_pages,
    read_headings,
    read_host_pages,
    read_records,
    read_samples,
)

MOST_COUNTED = 1000  # pages on which a suggestion is tried; it is made from fewer
MOST_SECTIONS = 6
FAMILY_SHARE = 0.8  # of the pages that must show a family's markup
MIN_DRAFT_PAGES = 5
PASS_SHARE = 0.95  # of the articles that a profile must fit
# What a draft must find, by the field of the alarm about it.
_SOUGHT = {
    **dict.fromkeys(LOST_BODY, "body"),
    "title": "title",
    "title_words": "title",
    "lead": "lead",
    "published_at": "time",
    "section": "section",
    "tags": "tags",
}


class NoDraft(BrokenWorld):
    """No profile can be drafted from these pages; says why and what would help."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a draft does on pages: how many are articles, how many of these it fits, and of the `known` ones how many
    come out with the same title, lead and text.

    `total` is how many pages there are of that time.
    """

    total: int
    pages: int = 0
    articles: int = 0
    fits: int = 0
    known: int = 0
    same: int = 0

    def __add__(self, other: "Trial") -> "Trial":
        """Both together, of the same pages there are."""
        return Trial(
            self.total,
            self.pages + other.pages,
            self.articles + other.articles,
            self.fits + other.fits,
            self.known + other.known,
            self.same + other.same,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A profile's file, what was found out for it, and how it does: on pages of today, and on those of before.

    It was made from so many pages of today, and the selectors of its fields `counted_on` so many. `lacking` are fields
    that an alarm is about and no selector finds.
    """

    site: str
    text: str
    rules: Rules
    made_from: int
    counted_on: int
    today: Trial
    before: Trial | None = None
    lacking: tuple[str, ...] = ()

    @property
    def faults(self) -> tuple[str, ...]:
        """Why it can't be used as it stands, one line each."""
        today = self.today
        found = [f"no selector is right for {name}, which an alarm is about; find it by hand" for name in self.lacking]
        if today.fits < PASS_SHARE * today.articles or not today.articles:
            found.append(
                f"the draft fits {today.fits:,} of {count(today.articles, 'article')} of today; find what it lacks"
            )
        return tuple(found)


def suggest_edit(data: DataDir, site: str, since: datetime) -> Draft:
    """New selectors for what the site's profile no longer finds on its pages since then; raises NoDraft or NoPages."""
    profile, folder = load_profile(site), data.site(site)
    today = read_samples(folder, start=since)
    every = pick_pages(folder, start=since, most=MOST_COUNTED)
    urls = every.urls | {sample.url for sample in today}
    records, rejected = read_records(folder, urls, end=since), find_rejected(folder, urls, end=since)
    headings = read_headings(folder, start=since - HISTORY, end=since)
    pages = _align([sample for sample in today if sample.url not in rejected], records, headings)
    if len(pages) < MIN_DRAFT_PAGES:
        raise NoDraft(f"{site}: only {len(pages)} readable pages since {since:%Y-%m-%d %H:%M}Z; crawl more, then again")
    rules = infer_rules(pages, profile.extract, story_test(profile.home, _pattern(profile)))
    if not rules.fields and not rules.drops:
        raise NoDraft(f"{site}: the profile reads {count(len(pages), 'page')} since {since:%Y-%m-%d %H:%M}Z rightly")
    lacking = _find_lacking(pages, profile, rules, [alarm.field for alarm in read_alarms(folder).open])
    old = {name: [selector.css for selector in getattr(profile.extract, name)] for name in FIELD_ORDER}
    before, total = _read_before(folder, since)
    until = max((sample.response.fetched_at for sample in before), default=since).date()
    text = edit_profile(profile_files()[site].read_text(encoding="utf-8"), rules, old, until)
    with trial_profile(site, text):
        rules, tried = _count_hits(every, rules, records, headings, rejected)
        old_rows = {sample.url: sample.row for sample in before if sample.row is not None}
        tried_before = _try(before, old_rows, total)
    return Draft(
        site=site,
        text=text,
        rules=rules,
        made_from=len(pages),
        counted_on=tried.pages,
        today=tried,
        before=tried_before,
        lacking=lacking,
    )


def _read_before(folder: SiteDir, since: datetime) -> tuple[list[Sample], int]:
    """Pages from before the change, and how many there are."""
    try:
        picked = pick_pages(folder, start=since - HISTORY, end=since, most=MOST_PAGES)
    except NoPages:
        return [], 0
    return next(picked.read()), picked.total


def _find_lacking(pages: Sequence[Leafed], profile: Profile, rules: Rules, alarmed: Sequence[str]) -> tuple[str, ...]:
    """The fields of the alarms that neither the profile nor these rules read rightly."""
    sought = dict.fromkeys(_SOUGHT[field] for field in alarmed if field in _SOUGHT)
    return tuple(
        name
        for name in sought
        if name not in rules.fields and rate_selectors(pages, name, getattr(profile.extract, name)) < GOOD_SHARE
    )


def _count_hits(
    every: Picked,
    rules: Rules,
    records: Mapping[str, dict[str, Any]],
    headings: Collection[str],
    rejected: Collection[str],
) -> tuple[Rules, Trial]:
    """The rules with what their selectors do on all these pages, read part by part, and what the draft does there."""
    counted = {
        name: tuple(Proposal(each.css, 0, 0, 0) for each in found)
        for name, found in rules.fields.items()
        if name != "figure"  # found by what is left in, as drops are: no page tells of it
    }
    tried = Trial(every.total)
    for samples in every.read():
        pages = _align([sample for sample in samples if sample.url not in rejected], records, headings)
        counted = {name: recount(pages, name, found) for name, found in counted.items()}
        tried += _try(samples, records, every.total)
    return replace(rules, fields={**rules.fields, **counted}), tried


def draft_profile(data: DataDir, host: str) -> Draft:
    """A whole profile for a paper, from its archived pages; raises NoDraft or NoPages."""
    samples = [Sample(response, None) for response in read_host_pages(data, host)]
    pages = _align(samples, {}, ())
    if len(pages) < MIN_DRAFT_PAGES:
        raise NoDraft(
            f"{host}: only {len(pages)} archived pages are articles; import or crawl at least {MIN_DRAFT_PAGES}"
        )
    site = host.removeprefix("www.")
    family = _find_family(pages)
    known = load_profile(family).extract if family else Extract()
    pattern = find_url_pattern([page.known.url for page in pages], site)
    rules = infer_rules(pages, known, story_test(pages[0].known.url, pattern))
    if not family and "body" not in rules.fields:
        raise NoDraft(
            f"{site}: no element holds the text of its {count(len(pages), 'page')}; write this profile by hand"
        )
    paper = _describe_paper(pages, site, family, pattern)
    text = write_profile(paper, rules)
    with trial_profile(site, text):
        today = _try(samples, {}, len(samples))
    return Draft(site=site, text=text, rules=rules, made_from=len(pages), counted_on=len(pages), today=today)


@contextmanager
def trial_profile(site: str, text: str, *, file: str | None = None) -> Iterator[Profile]:
    """Use this text for the site's profile, beside the user's own ones, while the block lasts; raises ProfileError."""
    profile = parse_profile(text, file=file or f"{site}.toml", site=site)
    own = own_profiles()
    with TemporaryDirectory(prefix="tinsach-profiles-") as name:
        folder = Path(name)
        for other in own.glob("*.toml") if own else ():
            shutil.copy(other, folder / other.name)
        (folder / f"{site}.toml").write_text(text, encoding="utf-8")
        use_profiles(folder)
        try:
            yield profile
        finally:
            use_profiles(own)


def _align(samples: Sequence[Sample], records: Mapping[str, dict[str, Any]], headings: Collection[str]) -> list[Leafed]:
    """The pages with what their records from before say; those without one with what they say themselves.

    `headings` are titles and leads of other articles, which are none of a page's own.
    """
    recorded: list[Leafed] = []
    said: list[tuple[etree._Element, Known]] = []
    for sample in samples:
        response = sample.response
        try:
            root = read_page(response.body, charset=response.charset)
        except Rejected:
            continue
        if sample.url in records:
            recorded.append(Leafed(root, know_from_record(records[sample.url], sample.url)))
        elif (known := know_from_page(response.body, root, response.url, charset=response.charset)) is not None:
            said.append((root, known))
    refined = refine([known for _, known in said], headings)
    if len(recorded) >= MIN_DRAFT_PAGES:  # what a page says of these is often another paper's idea of them
        refined = [replace(known, section=None, tags=(), authors=()) for known in refined]
    return recorded + [Leafed(root, known) for (root, _), known in zip(said, refined, strict=True)]


def _try(samples: Sequence[Sample], records: Mapping[str, Any], total: int) -> Trial:
    """Clean the pages with the profiles in use, and compare with records where there are some."""
    articles = fits = known = same = 0
    for sample in samples:
        response = sample.response
        try:
            article = clean_html(response.body, url=response.url, charset=response.charset)
        except Rejected:
            continue
        articles += 1
        fits += article.extraction == "profile"
        if sample.url in records:
            known += 1
            same += _is_same(article, records[sample.url])
    return Trial(total, len(samples), articles, fits, known, same)


def _is_same(article: Article, row: dict[str, Any]) -> bool:
    return (article.title, article.lead, fold(article.text)) == (row["title"], row["lead"], fold(row["text"] or ""))


def _pattern(profile: Profile) -> str:
    return profile.discover.article_url.pattern if profile.discover.article_url else "$^"


def _find_family(pages: Sequence[Leafed]) -> str | None:
    shown = Counter(template.name for page in pages if (template := find_template(page.root, None)) is not None)
    name, count = shown.most_common(1)[0] if shown else ("", 0)
    return name if name in list_families() and count >= FAMILY_SHARE * len(pages) else None


def _describe_paper(pages: Sequence[Leafed], site: str, family: str | None, pattern: str) -> Paper:
    urls = [page.known.url for page in pages]
    home = "{0.scheme}://{0.netloc}/".format(urlsplit(Counter(urls).most_common(1)[0][0]))
    names = Counter(name for page in pages if (name := read_head(page.root).find_meta("og:site_name")))
    hosts = dict.fromkeys([*(urlsplit(url).netloc for url in urls), site, f"www.{site}"])
    feeds = Counter(feed for page in pages for feed in _find_feeds(page.root))
    sections = Counter(path for page in pages if (path := _find_section(page, home)))
    own = None if family and _fits_family(family, site, home, urls) else pattern
    return Paper(
        name=names.most_common(1)[0][0] if names else site,
        home=home,
        hosts=tuple(hosts),
        article_url=own,
        feeds=tuple(feed for feed, _ in feeds.most_common(MOST_SECTIONS)),
        sections=tuple(path for path, _ in sections.most_common(MOST_SECTIONS)),
        family=family,
    )


def _fits_family(family: str, site: str, home: str, urls: Sequence[str]) -> bool:
    text = write_profile(Paper(name=site, home=home, hosts=(site,), article_url=None, family=family), Rules())
    profile = parse_profile(text, file=f"{site}.toml", site=site)
    return all(profile.is_article_url(url) for url in urls)


def _find_feeds(root: etree._Element) -> Iterator[str]:
    for link in root.iter("link"):
        if (link.get("rel") or "").lower() == "alternate" and "rss" in (link.get("type") or "") and link.get("href"):
            yield link.get("href") or ""


def _find_section(page: Leafed, home: str) -> str | None:
    """The path of the link that names the article's section."""
    wanted = fold(page.known.section or "")
    for element, letters in page.letters.items():
        path = (element.get("href") or "").removeprefix(home.rstrip("/")) if element.tag == "a" else ""
        if wanted and letters == wanted and path.startswith("/") and len(path) > 1:
            return path
    return None
