"""Which selectors of a profile match on a page; pure."""

from collections.abc import Iterator

from tinsach.cleaning.decode import decode_page, parse_page
from tinsach.cleaning.profile import Extract, Profile
from tinsach.cleaning.selectors import Page, Selector, SelectorGroup

FIELDS = ("title", "lead", "body", "media", "figure", "author", "time", "section", "tags", "related", "keep")


def list_selectors(profile: Profile) -> dict[str, dict[str, Selector]]:
    """Each selector of the present template and of older ones by its fact ("lead", "drop.teaser"), and by its text."""
    found: dict[str, dict[str, Selector]] = {}
    for extract in (profile.extract, *(version.extract for version in profile.version)):
        for fact, selectors in _facts(extract):
            found.setdefault(fact, {}).update({selector.css: selector for selector in selectors})
    return found


def find_matches(html: bytes | str, profile: Profile, *, charset: str | None = None) -> dict[str, frozenset[str]]:
    """For each fact of the profile the selectors that match on the page; raises Rejected when it is no page."""
    known = list_selectors(profile)
    group = SelectorGroup(selector for selectors in known.values() for selector in selectors.values())
    page = Page(parse_page(decode_page(html, charset=charset)), group)
    return {
        fact: frozenset(css for css, selector in selectors.items() if _has_value(selector, page))
        for fact, selectors in known.items()
    }


def _facts(extract: Extract) -> Iterator[tuple[str, tuple[Selector, ...]]]:
    for name in FIELDS:
        yield name, getattr(extract, name)
    for kind, selectors in extract.drop.items():
        yield f"drop.{kind}", selectors


def _has_value(selector: Selector, page: Page) -> bool:
    found = page.find_all(selector)
    return any(element.get(selector.attribute) for element in found) if selector.attribute else bool(found)
