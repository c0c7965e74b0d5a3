"""Where on a page the known values of its article stand; pure.

What is known comes from a record of the same article in an older template, or from what the page says in its head and
what the generic path makes of it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice

from lxml import etree

from tinsach.cleaning.bylines import parse_byline
from tinsach.cleaning.dates import parse_time
from tinsach.cleaning.letters import fold
from tinsach.cleaning.markup import INVISIBLE
from tinsach.cleaning.pictures import absolute_url
from tinsach.cleaning.segment import normalise

MAX_CHARS = 4000  # a longer text is no single value
PREFIX_LETTERS = 30  # a house prefix before the lead
MIN_PARAGRAPHS = 3  # of fewer the container is unknown
MIN_LETTERS = 25  # a shorter paragraph may stand anywhere
HEADLINE_LETTERS = 15  # a link of fewer is a section or a button
HELD_SHARE = 0.9  # of the paragraphs' letters that lie in a container
MAX_LOOSE = 2.0  # times the paragraphs' letters that a container may hold with its clutter
FOUND_SHARE = 0.8  # of the paragraphs that the container must hold
_HOME_CRUMBS = frozenset({"trang chủ", "home", "trang nhất"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a page's article; None and empty are unknown."""

    url: str
    title: str | None = None
    lead: str | None = None
    paragraphs: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    removed: tuple[tuple[str, str], ...] = ()  # (kind, text)
    related_urls: tuple[str, ...] = ()


class Leafed:
    """A page with the visible text of each element that is short enough to be a value."""

    def __init__(self, root: etree._Element, known: Known) -> None:
        self.root = root
        self.known = known
        self.texts: dict[etree._Element, str] = {}
        self.letters: dict[etree._Element, str] = {}
        self._read()
        self.paragraphs = self._find_paragraphs()
        self.body = _common_ancestor(self.paragraphs)
        self.related = self._find_related()

    def address(self, element: etree._Element) -> str | None:
        """Where a link leads, absolute."""
        return absolute_url(element.get("href") or "", self.known.url)

    def _find_related(self) -> frozenset[str]:
        """The related articles that stand beside the body; those inside are found with its teasers."""
        inside = set() if self.body is None else {self.address(link) for link in self.body.iter("a")}
        return frozenset(url for url in self.known.related_urls if url not in inside)

    def _read(self) -> None:
        open_texts: dict[etree._Element, list[str] | None] = {}
        for event, element in etree.iterwalk(self.root, events=("start", "end")):
            if event == "start":
                open_texts[element] = [element.text or ""]
                continue
            parts = open_texts.pop(element)
            text = None if parts is None else normalise("".join(parts))
            is_shown = isinstance(element.tag, str) and element.tag not in INVISIBLE
            if text and is_shown:
                self.texts[element], self.letters[element] = text, fold(text)
            parent = element.getparent()
            outer = open_texts.get(parent) if parent is not None else None
            if outer is not None:
                outer += [(text or "") if is_shown else "", " ", element.tail or ""]
                if parent is not None and ((text is None and is_shown) or sum(map(len, outer)) > MAX_CHARS):
                    open_texts[parent] = None

    def _find_paragraphs(self) -> list[etree._Element]:
        """The elements of the known paragraphs; none when too few are found. Of equal elements the outermost."""
        wanted = {letters for text in self.known.paragraphs if len(letters := fold(text)) >= MIN_LETTERS}
        found = {letters: element for element, letters in self.letters.items() if letters in wanted}
        own = self._leave_out_teasers(list(found.values()))
        return own if len(own) >= MIN_PARAGRAPHS and len(found) >= FOUND_SHARE * len(wanted) else []

    def _leave_out_teasers(self, elements: Sequence[etree._Element]) -> list[etree._Element]:
        """Those that do not stand alone beside a headline that is a link."""
        shared = Counter(outer for element in elements for outer in element.iterancestors())
        return [
            element
            for element in elements
            if not any(
                self._links(outer, element) for outer in islice(element.iterancestors(), 3) if shared[outer] == 1
            )
        ]

    def _links(self, outer: etree._Element, inner: etree._Element) -> bool:
        """Whether the outer element holds a link as long as a headline that is not in the inner one."""
        own = set(inner.iter("a"))
        return any(len(self.letters.get(link, "")) >= HEADLINE_LETTERS for link in outer.iter("a") if link not in own)


def _common_ancestor(elements: Sequence[etree._Element]) -> etree._Element | None:
    """The innermost element that holds all of them; its own parent where one of them is that element."""
    shared: list[etree._Element] | None = None
    for element in elements:
        chain = list(element.iterancestors())[::-1]
        if shared is None:
            shared = chain
            continue
        size = next((n for n, (a, b) in enumerate(zip(shared, chain, strict=False)) if a is not b), None)
        shared = shared[: min(len(shared), len(chain)) if size is None else size]
    return shared[-1] if shared else None


Judge = Callable[[Leafed, Sequence[etree._Element]], bool | None]  # of a selector's matches; None: says nothing


def judge_title(page: Leafed, found: Sequence[etree._Element]) -> bool | None:
    """The first match is the headline."""
    return _first_letters(page, found) == fold(page.known.title) if page.known.title else None


def judge_lead(page: Leafed, found: Sequence[etree._Element]) -> bool | None:
    """The first match is the lead, perhaps after a house prefix."""
    if not page.known.lead:
        return None
    letters, lead = _first_letters(page, found) or "", fold(page.known.lead)
    return letters.endswith(lead) and len(letters) <= len(lead) + PREFIX_LETTERS


def judge_section(page: Leafed, found: Sequence[etree._Element]) -> bool | None:
    """The first match that is not the home page is the section."""
    if not page.known.section:
        return None
    crumbs = [text for e in found if (text := page.texts.get(e, "")) and text.casefold() not in _HOME_CRUMBS]
    return bool(crumbs) and fold(crumbs[0]) == fold(page.known.section)


def judge_tags(page: Leafed, found: Sequence[etree._Element]) -> bool | None:
    """The matches are the tags, all and no other."""
    return {page.letters.get(e) for e in found} == set(map(fold, page.known.tags)) if page.known.tags else None


def judge_author(page: Leafed, found: Sequence[etree._Element]) -> bool | None:
    """The matches name the authors."""
    if not page.known.authors:
        return None
    names = [name for element in found for name in parse_byline(page.texts.get(element, "")).authors]
    return set(names) == set(page.known.authors)


def judge_time(attribute: str, page: Leafed, found: Sequence[etree._Element]) -> bool | None:
    """The first match, or its attribute, gives the time of publication to the minute, or the day if that is all."""
    if page.known.published_at is None:
        return None
    text = (found[0].get(attribute) if attribute else page.texts.get(found[0])) or ""
    time = parse_time(text)
    if time is None:
        return False
    apart = abs((time.at - page.known.published_at).total_seconds())
    return apart < (86_400 if time.precision == "day" else 60)


def judge_body(page: Leafed, found: Sequence[etree._Element]) -> bool | None:
    """The first match with text holds nearly all paragraphs, and not much more than the smallest such element."""
    if page.body is None:
        return None
    first = next((e for e in found if any(not text.isspace() for text in e.itertext())), None)
    if first is None or first is page.body:
        return first is not None
    held = sum(len(page.letters[e]) for e in page.paragraphs if e is first or first in e.iterancestors())
    known = sum(len(page.letters[e]) for e in page.paragraphs)
    return held >= HELD_SHARE * known and len(fold("".join(first.itertext()))) <= MAX_LOOSE * known


def judge_related(page: Leafed, found: Sequence[etree._Element]) -> bool | None:
    """The matches lead to related articles and nowhere else."""
    return {page.address(e) for e in found} <= set(page.known.related_urls) if page.related else None


JUDGES: dict[str, Judge] = {
    "title": judge_title,
    "lead": judge_lead,
    "body": judge_body,
    "author": judge_author,
    "section": judge_section,
    "tags": judge_tags,
    "related": judge_related,
    **{f"time@{name}".rstrip("@"): partial(judge_time, name) for name in ("", "datetime", "content")},
}


def find_targets(page: Leafed, field: str) -> list[etree._Element]:
    """The elements from whose names selectors of a field are made."""
    known = page.known
    if field == "body":
        return [] if page.body is None else [page.body]
    if field.startswith("time@"):
        attribute = field.partition("@")[2]
        return [e for e in page.root.iter("*") if e.get(attribute) and judge_time(attribute, page, [e])]
    if field == "related":
        return [link for link in page.root.iter("a") if page.related and page.address(link) in page.related]
    if field == "tags":
        tags = set(map(fold, known.tags))
        return [e for e, letters in page.letters.items() if letters in tags and e.tag == "a"]
    return [e for e in page.texts if len(page.texts[e]) < MAX_CHARS and _may_be(page, field, e)]


def _may_be(page: Leafed, field: str, element: etree._Element) -> bool:
    if field in ("section",) and element.tag != "a":
        return False
    if field in ("author", "time") and len(page.texts[element]) > 120:
        return False
    return JUDGES[field](page, [element]) is True


def _first_letters(page: Leafed, found: Iterable[etree._Element]) -> str | None:
    return next((page.letters[element] for element in found if page.letters.get(element)), None)
