"""Pages of unknown make, in any language: which element is the article and what inside it is not; pure.

The page's own structure decides: what an element calls itself, where running text stands, where links lead, what a line
says. Names of single sites have no place here. Only where that finds hardly any text, trafilatura is asked.
"""

from lxml import etree

from tinsach.cleaning.appended import find_appended, find_dated
from tinsach.cleaning.article import Rejected
from tinsach.cleaning.cards import Card, drop_cards, find_cards, find_site
from tinsach.cleaning.chrome import find_chrome, find_sign_ups, is_hidden
from tinsach.cleaning.container import find_body
from tinsach.cleaning.imprint import read_imprint
from tinsach.cleaning.letters import fold
from tinsach.cleaning.markup import WIDGET_TAGS
from tinsach.cleaning.metadata import Head
from tinsach.cleaning.prefixes import split_lead_prefix
from tinsach.cleaning.profile import Extract, Lines
from tinsach.cleaning.refusal import reject_unless_article
from tinsach.cleaning.segment import Drop
from tinsach.cleaning.survey import LONG_CHARS, Leaf, Survey, survey_page
from tinsach.cleaning.template import Template
from tinsach.cleaning.titles import find_headline, fold_descriptions, fold_titles, shares_words
from tinsach.cleaning.trimming import Draft, trim
from tinsach.cleaning.witness import ask_trafilatura, build_body, find_said

MAX_LINES = 15_000  # a page with more is a dump; each costs up to 0.1 ms here, and no page may take two seconds
MIN_TEXT_CHARS = 250  # of running text; below, trafilatura is asked
MIN_GAIN = 1.5  # how much more text a witness must have to be believed
MAX_REWORDED_SHARE = 0.15  # by which the length of a shown title may differ from the declared one's
LEAD_LEAVES = 30
NEAR_LEAVES = 8
MIN_LEAD_CHARS = 30
LEAD_PROBE_LETTERS = 40
MAX_PROBE_LETTERS = 60

_GENERIC = Extract()
_NO_LINES = Lines()
_OTHER: Drop = ("junk", "trafilatura:not in its text")


def find_generic_template(root: etree._Element, head: Head, url: str) -> Template:
    """A template made for this page alone; raises Rejected when the page is no article."""
    found = root.find("body")
    survey = survey_page(root if found is None else found)
    if not survey.leaves:
        raise Rejected("no-text", "no visible text")
    if len(survey.leaves) > MAX_LINES:
        raise Rejected(
            "too-large", f"{len(survey.leaves):,} lines; the limit without a known template is {MAX_LINES:,}"
        )
    draft, cards = _draft(survey, head, url)
    trim(draft)
    witness = "structure"
    if sum(leaf.prose for _, leaf in draft.find_kept()) < MIN_TEXT_CHARS:
        witness = _ask_witnesses(draft)
    reject_unless_article(draft, url, cards)
    lead = find_lead(draft)
    elements, texts = _find_drops(draft)
    return Template(
        "generic",
        witness,
        _GENERIC,
        _NO_LINES,
        draft.body,
        drops=elements,
        texts=texts,
        title=_find_shown_title(draft),
        lead=None if lead is None else draft.survey.leaves[lead].owner,
        imprint=read_imprint(draft),
    )


def _draft(survey: Survey, head: Head, url: str) -> tuple[Draft, list[Card]]:
    """The page with its chrome and cards marked and its body chosen; cards that are most of a page stay unmarked."""
    headline = find_headline(survey, head)
    draft = Draft(survey, head, find_site(url), headline, [None] * len(survey.leaves), survey.root)
    draft.add(find_appended(survey, headline))
    draft.add(find_dated(survey, headline))
    draft.add(find_chrome(survey, headline))
    draft.add(find_sign_ups(survey, headline))
    cards = find_cards(survey, draft.drops, draft.site)
    prose = draft.sum_prose()
    if sum(prose[card.end] - prose[card.start] for card in cards) <= prose[-1] / 2:
        draft.add(drop_cards(cards))
    draft.set_body(find_body(survey, draft.drops))
    _leave_widget(draft)
    return draft, cards


def _leave_widget(draft: Draft) -> None:
    """Goes below a form or a hidden element around most of the text (ASP.NET, pages that scripts reveal).

    Inside a body such elements are never text; as the body's own surroundings they say nothing.
    """
    prose, spans = draft.sum_prose(), draft.survey.spans
    outer = draft.body
    for element, (start, end) in spans.items():
        if (
            start < draft.start
            or end > draft.end
            or prose[end] - prose[start] <= (prose[draft.end] - prose[draft.start]) / 2
        ):
            continue
        if outer.tag in WIDGET_TAGS or is_hidden(outer):
            draft.set_body(element)
        outer = element


def _find_shown_title(draft: Draft) -> etree._Element | None:
    """The heading of the headline where it says no more than the title does, be it in other words."""
    if draft.headline is None or not _is_alone(draft, draft.headline):
        return None
    leaf = draft.survey.leaves[draft.headline]
    letters, titles = fold(leaf.text), fold_titles(draft.head)
    says_no_more = not titles or any(title.startswith(letters) for title in titles)
    is_other_wording = shares_words(leaf.text, draft.head) and any(
        abs(len(letters) - len(title)) <= MAX_REWORDED_SHARE * len(title) for title in titles
    )
    return leaf.owner if says_no_more or is_other_wording else None


def find_lead(draft: Draft) -> int | None:
    """The leaf of the summary under the headline: what the page's description repeats, or prose right below it.

    Inside the body only a leaf that says exactly what the description says.
    """
    kept = draft.find_kept()
    opening = [number for number, _ in kept[:NEAR_LEAVES]]
    leaves, headline = draft.survey.leaves, draft.headline
    descriptions = fold_descriptions(draft.head)
    if opening and headline is not None and headline < draft.start:
        for number in range(headline + 1, min(draft.start, headline + LEAD_LEAVES)):
            letters = _fold_lead(leaves[number].text)
            if leaves[number].size >= MIN_LEAD_CHARS and _may_lead(draft, number, letters, descriptions):
                begins = any(_fold_lead(leaves[n].text).startswith(letters[:MAX_PROBE_LETTERS]) for n in opening)
                return number if not begins and _is_alone(draft, number) else None
    inside = [n for n in opening[:2] if _fold_lead(leaves[n].text) in descriptions and _is_alone(draft, n)]
    return inside[0] if inside and len(kept) > 2 else None


def _is_set_as_heading(leaf: Leaf) -> bool:
    """Whether a heading is a summary: as long as one, and closed like a sentence, which headlines are not."""
    return leaf.kind == "heading" and leaf.size >= LONG_CHARS and leaf.text.endswith((".", "!", "?", "…", "。"))


def _fold_lead(text: str) -> str:
    """The letters of a lead without the house prefix, which the page's description may leave out."""
    return fold(split_lead_prefix(text)[1])


def _is_alone(draft: Draft, number: int) -> bool:
    """Whether the leaf is all that its element holds."""
    start, end = draft.survey.spans.get(draft.survey.leaves[number].owner, (0, 0))
    return end - start == 1


def _may_lead(draft: Draft, number: int, letters: str, descriptions: set[str]) -> bool:
    leaf, near = draft.survey.leaves[number], (draft.headline or 0) + NEAR_LEAVES
    if leaf.link_share > 0.5:
        return False
    is_long = leaf.size >= LEAD_PROBE_LETTERS
    if letters in descriptions or (is_long and any(d.startswith(letters[:LEAD_PROBE_LETTERS]) for d in descriptions)):
        return True
    is_prose = leaf.prose > 0 if leaf.kind == "text" else _is_set_as_heading(leaf)
    return number <= near and is_prose and draft.drops[number] is None


def _ask_witnesses(draft: Draft) -> str:
    """Takes trafilatura's or the JSON-LD's word where it holds much more text; the name of the one believed."""
    survey = draft.survey
    found = sum(leaf.size for _, leaf in draft.find_kept())
    said = find_said(ask_trafilatura(survey.root.getroottree().getroot()), survey.leaves)
    said_chars = sum(survey.leaves[number].size for number in said)
    article_body = draft.head.news.article_body or ""
    if len(article_body) > MIN_GAIN * max(found, said_chars, MIN_TEXT_CHARS):
        body = build_body(article_body)
        draft.survey = survey_page(body)
        draft.drops = [None] * len(draft.survey.leaves)
        draft.headline = None
        draft.set_body(body)
        return "articleBody"
    if said_chars > MIN_GAIN * found:
        kept = set(said)
        draft.set_body(_find_around(survey, said[0], said[-1]))
        for number in range(draft.start, draft.end):
            draft.drops[number] = None if number in kept else draft.drops[number] or _OTHER
        return "trafilatura"
    return "structure"


def _find_around(survey: Survey, first: int, last: int) -> etree._Element:
    """The innermost element that holds both leaves."""
    return next(
        (element for element, (start, end) in reversed(survey.spans.items()) if start <= first and last < end),
        survey.root,
    )


def _find_drops(draft: Draft) -> tuple[dict[etree._Element, Drop], dict[str, Drop]]:
    """The elements of the body whose leaves all have a reason, and the lines with a reason beside others without."""
    survey, drops = draft.survey, draft.drops
    dropped = survey.sum_up(lambda n, _: drops[n] is not None)
    elements: dict[etree._Element, Drop] = {}
    texts: dict[str, Drop] = {}
    for number in range(draft.start, draft.end):
        drop, leaf = drops[number], survey.leaves[number]
        if drop is None:
            continue
        start, end = survey.spans.get(leaf.owner, (0, 0))
        if dropped[end] - dropped[start] < end - start or leaf.owner is draft.body:
            texts.setdefault(leaf.text, drop)
        else:
            elements.setdefault(leaf.owner, drop)
    for _, leaf in draft.find_kept():
        texts.pop(leaf.text, None)
    return elements, texts
