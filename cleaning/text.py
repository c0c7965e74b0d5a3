"""clean_text: newspaper text that has no markup in, Article out.

Rule: a line ends exactly once, as title, lead, kept block or removal with its reason. Steps only add reasons, cleaning
what is already clean removes nothing, and what no rule is sure of stays. Pure; linear in the text.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tinsach.cleaning.article import Article, Block, BlockKind, Image, Rejected, Removal
from tinsach.cleaning.bylines import read_bylines
from tinsach.cleaning.headlines import Opening, find_opening, is_subheading
from tinsach.cleaning.html import site_of
from tinsach.cleaning.language import detect_language
from tinsach.cleaning.learnt import NOTHING_LEARNT, Learnt, find_learnt
from tinsach.cleaning.letters import fold
from tinsach.cleaning.lines import LineCue, split_caption, split_lead_prefix
from tinsach.cleaning.placing import drop_placed, place_cues
from tinsach.cleaning.segment import normalise
from tinsach.cleaning.tails import drop_below_end, drop_closing_headlines, drop_repeated_headlines, drop_story_cards
from tinsach.cleaning.textlines import Drops, Line, is_evenly_spaced, kept_numbers, split_lines, without_prefix
from tinsach.cleaning.undercaptions import (
    drop_after_tokens,
    drop_announced_pictures,
    drop_photo_story,
    drop_report_captions,
    drop_scenes,
    drop_under_lead,
)

MAX_ROUNDS = 8  # each round sees what the one before left; real texts need one or two
MIN_INDENT_CHARS = 3
MAX_INDENTED_LINES = 6
MIN_INDENTED_CHARS = 25
LANGUAGE_SAMPLE_CHARS = 20_000

_ECHO = LineCue("title_echo", "title_again")
_LEAD_ECHO = LineCue("lead_echo", "lead_again")
_INDENTED = LineCue("teaser", "indented_headlines")
_POLL = LineCue("widget", "poll_question")
_LEARNT = "learnt:"
_POLL_QUESTION = re.compile(r"(?:Bạn|Theo bạn|Quý độc giả|Độc giả)\b")
_POLL_ANSWERS = re.compile(r"(?i)^(?:tôi )?đồng ý\b|^(?:biểu quyết|bình chọn)")
_BULLET = re.compile(r"(?:[•▪◦●○✓✔➢❖+]|[-–]\s|\d{1,2}[.)]\s)")
_DIALOGUE = re.compile(r"[-–]\s")


@dataclass(frozen=True, slots=True)
class _Decision:
    """What becomes of each line: title, lead, or why it goes; all others are kept."""

    head: Opening
    drops: Drops


def clean_text(
    text: str, *, url: str | None = None, site: str | None = None, learnt: Learnt = NOTHING_LEARNT
) -> Article:
    """The article in a text of one block a line; `extraction` is "text", its name the site or "generic".

    Without `site` the site is that of the URL, None for a URL that cannot be read.
    Title and lead are None where the text shows none. A text whose paragraphs all stand a blank line apart and that
    holds no clutter counts as cleaned already: every line stays a block. Times are not read from text. `learnt` are
    the accepted rules for what repeats across the site. Raises
    Rejected: "empty" where nothing is visible, "no-words" for text without a letter.

    >>> article = clean_text("Mưa lớn ở miền Trung kéo dài.\\nTheo TTXVN")
    >>> article.text, article.agency
    ('Mưa lớn ở miền Trung kéo dài.', 'TTXVN')
    """
    lines = place_cues(split_lines(text))
    if not lines:
        raise Rejected("empty", "nothing visible")
    if not any(character.isalpha() for line in lines for character in line.text):
        raise Rejected("no-words", f"{len(lines)} lines without a letter")
    if site is None and url is not None:
        site = site_of(url)
    decision = _decide(lines, learnt, is_even=is_evenly_spaced(text))
    return _build(lines, decision, url=url, site=site)


def _decide(lines: Sequence[Line], learnt: Learnt, *, is_even: bool) -> _Decision:
    cues = {number: line.cue for number, line in enumerate(lines) if line.cue is not None}
    cues |= _find_learnt(lines, cues, Opening(), learnt)
    if is_even and not _settle(lines, cues, Opening()):
        return _Decision(Opening(), {})
    head = find_opening(lines, cues)
    decision = _Decision(head, _settle_learnt(lines, _settle(lines, cues | head.drops, head), head, learnt))
    if len(decision.drops) + _head_size(head) < len(lines) or head.lead is None:
        return decision
    return _Decision(Opening(head.title), decision.drops)  # a lead with nothing below it is the text


def _settle_learnt(lines: Sequence[Line], drops: Drops, head: Opening, learnt: Learnt) -> Drops:
    """What the learnt rules still find at the edges that other rules left, and what then follows from that."""
    for _ in range(MAX_ROUNDS):
        found = _find_learnt(lines, drops, head, learnt)
        if not found:
            break
        drops = _settle(lines, dict(drops) | found, head)
    return drops


def _find_learnt(lines: Sequence[Line], drops: Drops, head: Opening, learnt: Learnt) -> dict[int, LineCue]:
    if not learnt.rules:
        return {}
    kept = [number for number in kept_numbers(lines, drops) if number not in (head.title, head.lead)]
    title = lines[head.title].text if head.title is not None else None
    found = find_learnt([lines[number].text for number in kept], title, learnt)
    return {kept[place]: LineCue(rule.kind, f"{_LEARNT}{rule.name}") for place, rule in found.items()}


def _head_size(head: Opening) -> int:
    return (head.title is not None) + (head.lead is not None)


def _settle(lines: Sequence[Line], drops: Drops, head: Opening) -> Drops:
    """All reasons: those that the whole text shows, then those that the lines left show, until none is new."""
    drops = _drop_echoes(lines, drops, head)
    drops = _drop_polls(lines, _drop_indented(lines, drops, head))
    drops = drop_after_tokens(lines, drops)
    drops = drop_under_lead(lines, drops, head.lead)
    drops = drop_photo_story(lines, drops, head.title)
    drops = drop_scenes(lines, drop_report_captions(lines, drops))
    drops = drop_repeated_headlines(lines, drop_below_end(lines, drops))
    drops = _without_head(drop_announced_pictures(lines, drops), head)
    for _ in range(MAX_ROUNDS):
        kept = [number for number in kept_numbers(lines, drops) if number not in (head.title, head.lead)]
        found = _settle_again([lines[number] for number in kept], lines[head.lead] if head.lead is not None else None)
        if not found:
            break
        drops = dict(drops) | {kept[number]: cue for number, cue in found.items()}
    return drops


def _settle_again(kept: Sequence[Line], lead: Line | None) -> Drops:
    """What a second cleaning would drop of the kept lines alone, else of lead and kept lines together."""
    found = _settle_kept(kept)
    if found or lead is None:
        return found
    return {number - 1: cue for number, cue in _settle_kept([without_prefix(lead), *kept]).items() if number > 0}


def _settle_kept(lines: Sequence[Line]) -> Drops:
    """What a second cleaning would drop of the lines a first one kept."""
    drops: Drops = {}
    for step in _STEPS_ON_KEPT:
        drops = step(lines, drops)
    return drops


_STEPS_ON_KEPT: tuple[Callable[[Sequence[Line], Drops], Drops], ...] = (
    drop_placed,
    drop_below_end,
    drop_story_cards,
    drop_closing_headlines,
    drop_scenes,
    drop_announced_pictures,
)


def _without_head(drops: Drops, head: Opening) -> Drops:
    return {number: cue for number, cue in drops.items() if number not in (head.title, head.lead)}


def _drop_echoes(lines: Sequence[Line], drops: Drops, head: Opening) -> Drops:
    """The headline where it is printed again, and the lead right below itself."""
    result = dict(drops)
    if head.title is not None:
        folded, length = fold(lines[head.title].text), len(lines[head.title].text)
        for number, line in enumerate(lines):
            is_close = abs(len(line.text) - length) <= 3
            if is_close and number != head.title and number not in result and fold(line.text) == folded:
                result[number] = _ECHO
    below = kept_numbers(lines, result, head.lead + 1)[:1] if head.lead is not None else []
    if below and head.lead is not None and lines[below[0]].text == lines[head.lead].text:
        result[below[0]] = _LEAD_ECHO
    return result


def _drop_indented(lines: Sequence[Line], drops: Drops, head: Opening) -> Drops:
    """Headlines set in from the margin below the lead, or the title: related articles."""
    above = head.lead if head.lead is not None else head.title
    if above is None or lines[above].indent >= MIN_INDENT_CHARS:
        return drops
    found = []
    for number in range(above + 1, min(above + 1 + MAX_INDENTED_LINES, len(lines))):
        line = lines[number]
        if line.indent < MIN_INDENT_CHARS or not line.is_headline or len(line.text) < MIN_INDENTED_CHARS:
            break
        found.append(number)
    return dict(drops) | dict.fromkeys(found, _INDENTED)


def _drop_polls(lines: Sequence[Line], drops: Drops) -> Drops:
    """The question above a poll's answers."""
    result = dict(drops)
    for number, line in enumerate(lines[1:], 1):
        if line.cue is not None and line.cue.kind == "widget" and _POLL_ANSWERS.match(line.text):
            above = lines[number - 1]
            if not above.is_prose and _POLL_QUESTION.match(above.text):
                result[number - 1] = _POLL
    return result


def _build(lines: Sequence[Line], decision: _Decision, *, url: str | None, site: str | None) -> Article:
    head = decision.head
    title = lines[head.title].text if head.title is not None else None
    prefix, lead = split_lead_prefix(lines[head.lead].text) if head.lead is not None else (None, None)
    blocks = _read_blocks([line for number, line in enumerate(lines) if _is_block(number, decision)])
    removed = _read_removed(lines, decision, prefix)
    bylines = dict.fromkeys(normalise(r.text) for r in removed if r.kind in ("byline", "agency"))
    authors, agency = read_bylines(bylines)
    sample = "\n".join([lead or "", *(block.text for block in blocks[:200])])[:LANGUAGE_SAMPLE_CHARS]
    language, score = detect_language(sample.strip() or title or "")
    return Article(
        url=url,
        site=site,
        title=title,
        lead=lead,
        blocks=blocks,
        removed=removed,
        images=_read_images(removed),
        authors=authors,
        agency=agency,
        language=language,
        language_score=score,
        extraction="text",
        extraction_name=site or "generic",
    )


def _is_block(number: int, decision: _Decision) -> bool:
    return number not in decision.drops and number not in (decision.head.title, decision.head.lead)


def _read_removed(lines: Sequence[Line], decision: _Decision, prefix: str | None) -> tuple[Removal, ...]:
    removed = []
    for number, line in enumerate(lines):
        if number == decision.head.lead and prefix is not None:
            removed.append(Removal("prefix", "line:house_prefix", prefix))
        elif number in decision.drops:
            cue = decision.drops[number]
            removed.append(Removal(cue.kind, _name_rule(cue, line), line.text))
    return tuple(removed)


def _name_rule(cue: LineCue, line: Line) -> str:
    if cue.rule.startswith(_LEARNT):
        return cue.rule
    return f"line:{cue.rule}" if cue in (line.cue, line.pending) else f"text:{cue.rule}"


def _read_blocks(lines: Sequence[Line]) -> tuple[Block, ...]:
    return tuple(Block(_read_kind(lines, number), line.text) for number, line in enumerate(lines))


def _read_kind(lines: Sequence[Line], number: int) -> BlockKind:
    """By shape only: what is not plainly a heading, an item or a row is a paragraph."""
    text = lines[number].text
    if " | " in text and text.count("|") > 1:
        return "table_row"
    if _BULLET.match(text) and not (_DIALOGUE.match(text) and len(text) > 200):
        return "list_item"
    has_text_below = number + 1 < len(lines) and lines[number + 1].is_prose
    has_text_above = number == 0 or lines[number - 1].is_prose
    return "heading" if has_text_below and has_text_above and is_subheading(lines[number]) else "paragraph"


def _read_images(removed: Sequence[Removal]) -> tuple[Image, ...]:
    """A picture for each caption; a credit on a line of its own goes to the caption above it."""
    images: list[Image] = []
    for number, removal in enumerate(removed):
        if removal.kind not in ("caption", "credit"):
            continue
        caption, credit = split_caption(removal.text)
        is_below_caption = number > 0 and removed[number - 1].kind == "caption" and images[-1].credit is None
        if removal.kind == "credit" and is_below_caption:
            images[-1] = Image(None, images[-1].caption, credit)
        else:
            images.append(Image(None, caption, credit))
    return tuple(images)
