"""Which heading of an unknown page shows its title; pure.

A page has up to three titles: the window's, the one it gives to other sites, the one in its JSON-LD. A heading shows a
title when it says it whole, begins it, or shares most of its words.
"""

from lxml import etree

from tinsach.cleaning.letters import fold
from tinsach.cleaning.markup import HEADINGS
from tinsach.cleaning.metadata import Head
from tinsach.cleaning.prefixes import split_lead_prefix
from tinsach.cleaning.survey import Survey

MIN_HEADLINE_LETTERS = 4
MIN_PART_LETTERS = 12  # a headline may be a part of the title, or hold it, from this length on
MIN_TITLE_SHARE = 0.6
MAX_TITLE_CHARS = 500
MIN_TITLE_WORDS = 4
MIN_DESCRIPTION_LETTERS = 15

_DESCRIPTIONS = ("og:description", "description", "twitter:description")


def find_headline(survey: Survey, head: Head) -> int | None:
    """The leaf that shows the title: the first h1 that says it, else the first heading, else the first h1."""
    titles = fold_titles(head)
    like_title: int | None = None
    first: int | None = None
    for number, leaf in enumerate(survey.leaves):
        if leaf.kind != "heading" or len(fold(leaf.text)) < MIN_HEADLINE_LETTERS:
            continue
        is_top = heading_tag(leaf.owner) == "h1"
        if _shows_title(leaf.text, titles, head):
            if is_top:
                return number
            if like_title is None and not leaf.linked:
                like_title = number
        if is_top and first is None and not leaf.linked:
            first = number
    return first if like_title is None else like_title


def fold_titles(head: Head) -> list[str]:
    """The letters of the page's titles."""
    titles = (head.news.headline, head.find_meta("og:title", "twitter:title"), head.title)
    return [letters for title in titles if title and (letters := fold(title[:MAX_TITLE_CHARS]))]


def fold_descriptions(head: Head) -> set[str]:
    """The letters of the page's descriptions, which often repeat the lead, each without a house prefix."""
    texts = [value for name in _DESCRIPTIONS for value in head.meta.get(name, ())] + [head.news.description or ""]
    return {letters for text in texts if len(letters := fold(split_lead_prefix(text)[1])) >= MIN_DESCRIPTION_LETTERS}


def _shows_title(text: str, titles: list[str], head: Head) -> bool:
    letters = fold(text)
    is_part = len(letters) > MIN_PART_LETTERS and any(title.startswith(letters) for title in titles)
    is_whole = any(title in letters and len(title) >= MIN_TITLE_SHARE * len(letters) for title in titles)
    return is_part or is_whole or shares_words(text, head)


def shares_words(text: str, head: Head) -> bool:
    """Whether heading and title share most of their words: a kicker before one, the paper's name behind the other."""
    words = set(text[:MAX_TITLE_CHARS].casefold().split())
    return len(words) >= MIN_TITLE_WORDS and any(
        len(words & (others := set(title.casefold().split()))) >= MIN_TITLE_SHARE * max(len(words), len(others))
        for title in (head.news.headline, head.find_meta("og:title"), head.title)
        if title and len(title) <= MAX_TITLE_CHARS
    )


def heading_tag(element: etree._Element | None) -> str:
    """The heading element's tag around a leaf's owner, "" for none."""
    while element is not None and element.tag not in HEADINGS:
        element = element.getparent()
    return "" if element is None else str(element.tag)
