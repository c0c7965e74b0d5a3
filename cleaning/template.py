"""Which rules fit a page: its site's profile, an older version of it, a family by markup, or none; pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import NamedTuple

from lxml import etree

from tinsach.cleaning.article import Extraction
from tinsach.cleaning.profile import Extract, Lines, Profile, Selectors, list_families, list_sites, load_profile
from tinsach.cleaning.segment import Drop
from tinsach.cleaning.selectors import Page, Selector, SelectorGroup
from tinsach.cleaning.sources import cache_profiles

_PICTURES = ("img", "video", "iframe")
MAX_PICTURE_CELLS = 24  # a table around pictures has few cells; one with more shows data beside icons


class Imprint(NamedTuple):
    """What a page of unknown make shows around its article, as written."""

    authors: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    crumbs: tuple[str, ...] = ()  # of the way from the front page


_NO_IMPRINT = Imprint()


@dataclass(frozen=True, slots=True)
class Template:
    """The rules that fit a page and the body container they found on it."""

    extraction: Extraction
    name: str
    extract: Extract
    lines: Lines
    body: etree._Element
    site: str | None = None
    drops: Mapping[etree._Element, Drop] = field(default_factory=dict)  # found on this very page, by no selector
    page: Page | None = None  # the page as indexed for these rules
    title: etree._Element | None = None  # the headline and the lead, where no selector found them
    lead: etree._Element | None = None
    texts: Mapping[str, Drop] = field(default_factory=dict)  # whole lines that no element holds alone
    imprint: Imprint = _NO_IMPRINT  # asked where no selector finds anything


def find_template(root: etree._Element, profile: Profile | None) -> Template | None:
    """The first of profile, its older versions and what the markup shows whose body container stands on the page.

    Markup shows a family, or the template of a site of its own make under another address: a mirror, a loose file.
    None when nothing fits.
    """
    for candidate in chain((profile,) if profile is not None else (), _find_shown(root)):
        for name, extract, lines, selectors in _templates(candidate):
            page = Page(root, extract.on_page)
            body = find_body(page, selectors)
            if body is not None:
                extraction: Extraction = "profile" if candidate.home else "family"
                site = candidate.site if candidate is profile else None
                return Template(extraction, name, extract, lines, body, site, page=page)
    return None


def is_known(root: etree._Element) -> bool:
    """Whether the markup shows a family or a site, be it without its body container."""
    return any(True for _ in _find_shown(root))


def _find_shown(root: etree._Element) -> Iterator[Profile]:
    """The families and sites whose fingerprint the markup bears."""
    profiles, group = _fingerprints()
    page = Page(root, group)
    yield from (profile for profile in profiles if any(map(page.find_all, profile.match)))


@cache_profiles
def _fingerprints() -> tuple[tuple[Profile, ...], SelectorGroup]:
    profiles = map(load_profile, (*list_families(), *list_sites()))
    shown = tuple(profile for profile in profiles if profile.match)
    return shown, SelectorGroup(selector for profile in shown for selector in profile.match)


def _templates(profile: Profile) -> Iterable[tuple[str, Extract, Lines, Selectors]]:
    """Name, rules, and the body selectors that have to match; of a site that knows older templates, its own first."""
    present, body = profile.extract, profile.extract.body
    own = (profile.num_own_body if profile.version else 0) or len(body)
    yield profile.site, present, profile.lines, body[:own]
    for version in profile.version:
        yield f"{profile.site}/{version.name}", version.extract, version.lines, version.extract.body
    if own < len(body):
        yield profile.site, present, profile.lines, body


def find_body(page: Page, selectors: Iterable[Selector]) -> etree._Element | None:
    """The first element with text that one of the selectors matches, or an empty one when there is no other."""
    empty: etree._Element | None = None
    for selector in selectors:
        for element in page.find_all(selector):
            if next((True for text in element.itertext() if not text.isspace()), False):
                return element
            empty = element if empty is None else empty
    return empty


def find_drops(part: Page, extract: Extract) -> dict[etree._Element, Drop]:
    """Every element inside a part of the page that the rules name as not the article, with kind and selector."""
    drops: dict[etree._Element, Drop] = {}
    for kind, selectors in extract.drop.items():
        for selector in selectors:
            reason: Drop = (kind, selector.css)
            for element in part.find_all(selector):
                if element is not part.root:
                    drops.setdefault(element, reason)
    return drops


def find_figures(part: Page, extract: Extract) -> frozenset[etree._Element]:
    """Figures of the rules, every <figure>, and tables around pictures, inside a part of the page.

    A table that the rules name but that holds no picture is a box of text in the same dress.
    """
    body = part.root
    named = (element for selector in extract.figure for element in part.find_all(selector))
    found = {element for element in named if element.tag != "table" or _holds_picture(element)}
    found.update(
        figure
        for figure in body.iterdescendants("figure")
        if next(figure.iterdescendants("table", "blockquote"), None) is None
    )
    found.update(
        table
        for table in body.iterdescendants("table")
        if _holds_picture(table)
        and sum(1 for _ in islice(table.iterdescendants("td"), MAX_PICTURE_CELLS + 1)) <= MAX_PICTURE_CELLS
    )
    found.discard(body)
    return frozenset(found)


def _holds_picture(element: etree._Element) -> bool:
    return next(element.iterdescendants(*_PICTURES), None) is not None
