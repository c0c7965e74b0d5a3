"""Where an article ends, and the clutter below: sign-offs, related headlines, story cards.

Rule: position decides. A sign-off ends an article only when what follows does not read like one; a second item under
its own headline, with its own sign-off or two paragraphs running, is text again. Pure; one pass from each end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tinsach.cleaning.bylines import is_byline
from tinsach.cleaning.letters import has_vietnamese_letter
from tinsach.cleaning.lines import LineCue
from tinsach.cleaning.signoffs import is_name_line, is_source
from tinsach.cleaning.textlines import Drops, Line, ends_sentence, find_glue, kept_numbers, sentence_end

MIN_CARD_HEADLINE_CHARS = 38
MIN_CARD_HEADLINE_MEAN_CHARS = 45
MIN_SUMMARY_CHARS, MAX_SUMMARY_CHARS = 60, 270
MIN_CARDS = 2
MIN_PARAGRAPHS_ABOVE_CARDS = 2  # a lead and one of the text: cards never take all that stands below a lead
MIN_RELATED_CHARS = 25
MAX_LABELLED_LINES = 15
MAX_SECOND_SOURCE_CHARS = 40
MIN_PAGE_PARAGRAPHS = 3  # lead and body, above the comments or the masthead at a page's foot
MIN_CLOSING_LINES = 2
MIN_REPEATED_CHARS = 30

_HARD_ENDS = frozenset({"comments", "masthead"})
_SIGN_OFF_KINDS = frozenset({"agency", "byline"})
_OWN_KINDS = frozenset({"agency", "byline", "tags", "widget", "read_more", "date", "junk"})
_AFTER_END = LineCue("teaser", "after_end")
_CARD = LineCue("teaser", "story_card")
_AGAIN = LineCue("teaser", "headline_again")
_CLOSING = LineCue("teaser", "closing_headlines")
_GLUED = LineCue("teaser", "glued_card")
_TAG = LineCue("tags", "tag")
_LISTED = LineCue("teaser", "related_list")
_NAME = LineCue("byline", "name_at_end")
_SOURCE = LineCue("agency", "source_at_end")


@dataclass(frozen=True, slots=True)
class _Outlook:
    """For each line number, and one past the last: what still comes from there on."""

    has_run: tuple[bool, ...]  # two paragraphs running
    has_paragraph: tuple[bool, ...]
    has_signed_item: tuple[bool, ...]  # a paragraph, and below it a sign-off
    is_signed: bool  # the last line is a sign-off

    def is_clutter(self, lines: Sequence[Line], number: int) -> bool:
        """True when the lines from `number` on do not read like an article."""
        if self.has_run[number] or self.has_signed_item[number]:
            return False
        return number == len(lines) or not lines[number].is_paragraph


def drop_below_end(lines: Sequence[Line], drops: Drops) -> dict[int, LineCue]:
    """What stands below the article's end, and its sign-off; inside the article, lists under a label."""
    result = dict(drops)
    outlook = _look_ahead(lines)
    num_paragraphs = 0
    for number, line in enumerate(lines):
        num_paragraphs += line.is_prose and number not in drops
        if num_paragraphs == 0 or number == 0 or line.is_prose:
            continue
        is_hard_end = line.cue is not None and line.cue.rule in _HARD_ENDS and num_paragraphs >= MIN_PAGE_PARAGRAPHS
        reason = line.cue if is_hard_end else _end_reason(lines, number, outlook, drops)
        if reason is not None and (reason != _CARD or num_paragraphs >= MIN_PARAGRAPHS_ABOVE_CARDS):
            result[number] = reason
            result |= {below: _reason_below(lines[below]) for below in range(number + 1, len(lines))}
            return result | _second_source(lines, number)
        result |= _drop_list(lines, number)
        if outlook.is_signed and _closes_item(lines, number, drops):
            result[number] = _NAME
    return result


def _reason_below(line: Line) -> LineCue:
    """Below the end a line keeps its own kind; what leads to an article, a caption too, is a teaser."""
    if line.cue is not None and line.cue.kind in _OWN_KINDS:
        return line.cue
    return _SOURCE if is_source(line.text) else _AFTER_END


def _look_ahead(lines: Sequence[Line]) -> _Outlook:
    size = len(lines)
    run, paragraph, signed = [False] * (size + 1), [False] * (size + 1), [False] * (size + 1)
    has_sign_off = False
    for number in range(size - 1, -1, -1):
        is_paragraph = lines[number].is_paragraph
        run[number] = run[number + 1] or (is_paragraph and number + 1 < size and lines[number + 1].is_paragraph)
        paragraph[number] = paragraph[number + 1] or is_paragraph
        signed[number] = signed[number + 1] or (is_paragraph and has_sign_off)
        has_sign_off = has_sign_off or _is_marked_sign_off(lines[number])
    is_signed = size > 0 and (_is_marked_sign_off(lines[-1]) or is_name_line(lines[-1].text))
    return _Outlook(tuple(run), tuple(paragraph), tuple(signed), is_signed)


def _is_marked_sign_off(line: Line) -> bool:
    return line.cue is not None and line.cue.kind in _SIGN_OFF_KINDS


def _end_reason(lines: Sequence[Line], number: int, outlook: _Outlook, drops: Drops) -> LineCue | None:
    """Why the article ends with this line, which is none of its text; None when it goes on."""
    line = lines[number]
    if not outlook.is_clutter(lines, number + 1):
        return None
    if line.cue is not None:
        if line.cue.kind in _SIGN_OFF_KINDS:
            return line.cue
        return line.cue if _ends_page(lines, number, line.cue, outlook) else None
    if _closes(lines, number, drops):
        return _SOURCE if is_source(line.text) else _NAME
    return _CARD if _opens_cards(lines, number) else None


def _ends_page(lines: Sequence[Line], number: int, cue: LineCue, outlook: _Outlook) -> bool:
    """True for tags, comments and footers, which stand below an article; for lists and buttons with no text below."""
    if cue.kind == "tags" or cue.rule in ("masthead", "copyright"):
        return True
    if cue.rule == "related_label":
        return not outlook.has_paragraph[number + 1]
    return cue.kind == "widget" and not any(
        line.is_prose or ends_sentence(line.text) for line in lines[number + 1 :][:MAX_LABELLED_LINES]
    )


def _closes(lines: Sequence[Line], number: int, drops: Drops) -> bool:
    """True for an unmarked name or source under the text's end, with nothing but clutter's own shapes right below."""
    if not _is_unmarked_sign_off(lines, number, drops):
        return False
    below = lines[number + 1 : number + 3]
    if not below:
        return True
    if any(line.is_prose and not line.has_prefix for line in lines[number + 1 : number + 1 + MAX_LABELLED_LINES]):
        return False
    first = below[0]
    is_second_source = len(below) > 1 and below[1].cue is not None and len(first.text) <= MAX_SECOND_SOURCE_CHARS
    is_related = (
        first.is_headline and len(first.text) >= MIN_RELATED_CHARS and has_vietnamese_letter(first.text)
    )  # titles in other languages write each word like a name
    return first.cue is not None or is_related or is_source(first.text) or is_second_source


def _closes_item(lines: Sequence[Line], number: int, drops: Drops) -> bool:
    """True for a name that signs one of several items: the next begins right below with its headline."""
    below = lines[number + 1 : number + 3]
    if len(below) < 2 or not (below[0].is_headline and below[1].is_prose):
        return False
    return len(below[0].text) >= MIN_RELATED_CHARS and _is_unmarked_sign_off(lines, number, drops)


def _is_unmarked_sign_off(lines: Sequence[Line], number: int, drops: Drops) -> bool:
    text = lines[number].text
    is_signature = is_name_line(text) or is_source(text) or (number == len(lines) - 1 and is_byline(text))
    if number in drops or not is_signature:
        return False
    return number - 1 in drops or ends_sentence(lines[number - 1].text)


def _opens_cards(lines: Sequence[Line], number: int) -> bool:
    """True for the first line of a story card whose summary begins with a paper's name."""
    if lines[number].has_prefix or lines[number].is_prose:
        return False
    for offset, line in enumerate(lines[number : number + 4]):
        if line.has_prefix:
            return offset > 0 and lines[number + offset - 1].is_headline
        if line.is_prose:
            return False
    return False


def _second_source(lines: Sequence[Line], number: int) -> dict[int, LineCue]:
    """A source set on two lines, "Theo M.T" and "An ninh thủ đô"."""
    below = number + 1
    if lines[number].cue is None or below >= len(lines) or lines[below].cue is not None:
        return {}
    is_last = below + 1 == len(lines) or lines[below + 1].cue is not None
    is_short = len(lines[below].text) <= MAX_SECOND_SOURCE_CHARS
    is_source_above = lines[number].cue == LineCue("agency", "agency")
    return {below: _SOURCE} if is_last and is_short and is_source_above else {}


def _drop_list(lines: Sequence[Line], number: int) -> dict[int, LineCue]:
    """The headlines or tags below a label that stands inside the text."""
    cue = lines[number].cue
    if cue is None or not (cue.rule == "related_label" or cue.kind == "tags"):
        return {}
    result = {}
    for below in range(number + 1, min(number + 1 + MAX_LABELLED_LINES, len(lines))):
        line = lines[below]
        if line.is_prose or not (line.is_headline or cue.kind == "tags" or line.cue is not None):
            break
        if line.cue is None:
            result[below] = _TAG if cue.kind == "tags" else _LISTED
    return result


def drop_story_cards(lines: Sequence[Line], drops: Drops) -> dict[int, LineCue]:
    """Cards of headline and summary that close a text without any mark: two or more, or glued into one line each."""
    result = dict(drops)
    kept = kept_numbers(lines, drops)
    while len(kept) > 2 and _is_glued(lines[kept[-1]]):
        result[kept.pop()] = _GLUED
    cards = _count_cards(lines, kept)
    start = len(kept) - 2 * cards
    num_paragraphs = sum(lines[number].is_prose for number in kept[:start])
    if cards >= MIN_CARDS and num_paragraphs >= max(3, cards):
        result |= dict.fromkeys(kept[start:], _CARD)
    return result


def _count_cards(lines: Sequence[Line], kept: list[int]) -> int:
    """How many pairs of headline and summary close the text; 0 for questions and their answers."""
    cards, chars, questions = 0, 0, 0
    while 2 * cards + 2 <= len(kept):
        headline, summary = (lines[number] for number in kept[len(kept) - 2 * cards - 2 : len(kept) - 2 * cards])
        is_summary = MIN_SUMMARY_CHARS <= len(summary.text) <= MAX_SUMMARY_CHARS and ends_sentence(summary.text)
        if not (is_summary and summary.text[0] not in "-+*•" and _is_card_headline(headline)):
            break
        cards += 1
        chars += len(headline.text)
        questions += headline.text.endswith("?")
    return cards if chars >= MIN_CARD_HEADLINE_MEAN_CHARS * cards and 2 * questions <= cards else 0


def _is_card_headline(line: Line) -> bool:
    return line.is_headline and len(line.text) >= MIN_CARD_HEADLINE_CHARS and not line.text[0].isdigit()


def _is_glued(line: Line) -> bool:
    glue = find_glue(line.text) if has_vietnamese_letter(line.text) else None
    return (
        glue is not None
        and len(line.text) >= 100
        and sentence_end(line.text[:glue]) == ""
        and ". " not in line.text[:glue]
    )


def drop_repeated_headlines(lines: Sequence[Line], drops: Drops) -> dict[int, LineCue]:
    """Headlines inside the text that stand again among its teasers."""
    teasers = {lines[number].text for number, cue in drops.items() if cue.kind == "teaser"}
    return dict(drops) | {
        number: _AGAIN
        for number, line in enumerate(lines)
        if number not in drops and line.is_headline and len(line.text) >= MIN_REPEATED_CHARS and line.text in teasers
    }


def drop_closing_headlines(lines: Sequence[Line], drops: Drops) -> dict[int, LineCue]:
    """Two or more bare headlines that close a text of some length, right under a full stop."""
    kept = kept_numbers(lines, drops)
    start = len(kept)
    while start > 0 and _is_bare_headline(lines[kept[start - 1]]):
        start -= 1
    num_paragraphs = sum(lines[number].is_paragraph for number in kept[:start])
    is_under_text = start > 0 and ends_sentence(lines[kept[start - 1]].text)
    if len(kept) - start < MIN_CLOSING_LINES or num_paragraphs < MIN_PAGE_PARAGRAPHS or not is_under_text:
        return dict(drops)
    return dict(drops) | dict.fromkeys(kept[start:], _CLOSING)


def _is_bare_headline(line: Line) -> bool:
    """A list's items have colons near their start or many commas, a result's line its score."""
    text = line.text
    is_item = ":" in text[:20] or text.count(",") > 2 or "|" in text or ";" in text
    return _is_card_headline(line) and text.count(" ") >= 7 and not is_item and text.rstrip("”\"’')")[-1].isalnum()
