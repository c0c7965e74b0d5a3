"""Title and lead of a text without markup, by position and by what the text says again.

Rule: rather no title than a sub-heading, rather no lead than the first paragraph: both stay in the text when in doubt.
The thresholds were set on 67 labelled newspaper texts. Pure; looks at a bounded part of the text only.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tinsach.cleaning.letters import fold
from tinsach.cleaning.lines import LineCue, is_day
from tinsach.cleaning.signoffs import is_name_line
from tinsach.cleaning.textlines import Drops, Line, find_glue

MAX_HEAD_LINES = 600  # a whole page's menus; the first sentence stands above this line, or the text has no head
MAX_PLAIN_HEAD_LINES = 40  # more only above a date or byline
MAX_DATE_DISTANCE = 4
MAX_TITLE_DISTANCE = 8  # from the date or byline to the first sentence
MAX_LINES_ABOVE_TITLE = 1  # a kicker; more only on a whole page's text, known by its date, byline and buttons
MAX_ABOVE_TITLE_CHARS = 60  # sections, kickers
MAX_BELOW_TITLE_CHARS = 30
MAX_LEAD_CHARS = 500
MAX_PREFIXED_LEAD_CHARS = 900
MAX_PLAIN_OPENING_CHARS = 330  # with sub-headings below, a line above a longer opening is a sub-heading itself
MIN_STRANGER_TEXT_CHARS = 600
STRANGER_COVERAGE = 0.25  # a headline whose words the text never says leads elsewhere
MIN_LEAD_SCORE = 0.45
SAMPLE_CHARS = 20_000
_MIN_RELATED_CHARS = 25

_WORDS = re.compile(r"\w+")
_ABOVE = LineCue("widget", "above_title")
_BELOW = LineCue("widget", "below_title")
_BYLINE = LineCue("byline", "below_title")
_DATE = LineCue("date", "below_title")
_ECHO = LineCue("title_echo", "title_again")
_RELATED = LineCue("teaser", "related_head")


@dataclass(frozen=True, slots=True)
class Opening:
    """The numbers of title and lead, None where the text has none, and what goes around them."""

    title: int | None = None
    lead: int | None = None
    drops: dict[int, LineCue] = field(default_factory=dict)


def find_opening(lines: Sequence[Line], drops: Drops) -> Opening:
    """Title and lead at the head of a text; without a title, a lead only where a house prefix opens it."""
    first = _find_first_prose(lines, drops)
    if first is None:
        return Opening()
    above = [number for number in range(first) if number not in drops]
    related = {number: _RELATED for number in above if _joins_headlines(lines[number].text)}
    title = _find_title(lines, [number for number in above if number not in related], first)
    if title is not None and _is_stranger(lines, title, first):
        related[title] = LineCue("teaser", "unrelated_head")
        title = None
    if _is_lead(lines, title, first):
        around = related | _drop_around(lines, above, title, has_lead=True)
        if all(number in around or number == title for number in above):
            return Opening(title, first, around)  # nothing of the text stands above its lead
    return Opening(title, None, related | _drop_around(lines, above, title, has_lead=False))


def count_subheadings(lines: Sequence[Line], drops: Drops, start: int) -> int:
    """How many short lines without a full stop head a paragraph from line `start` on."""
    kept = [lines[number] for number in range(start, len(lines)) if number not in drops]
    return sum(below.is_prose and is_subheading(line) for line, below in pairwise(kept))


def is_subheading(line: Line) -> bool:
    """True for a line that could head a paragraph: short, no full stop."""
    return line.cue is None and not line.is_prose and len(line.text) <= 90 and line.text[-1].isalnum()


def _find_first_prose(lines: Sequence[Line], drops: Drops) -> int | None:
    """The first sentence; on a whole page, the one below headline and date when all above it is scattered."""
    first = None
    date = None
    for number, line in enumerate(lines[:MAX_HEAD_LINES]):
        if _is_dated(line):
            date = number
        if number in drops or not (line.is_prose or line.has_prefix or _is_star(line.text)):
            continue
        if first is None:
            first = number
        is_below_date = date is not None and number - date <= MAX_DATE_DISTANCE
        if number > MAX_PLAIN_HEAD_LINES and is_below_date and not _is_star(line.text):
            return number
        if number > 0 and line.is_paragraph and lines[number - 1].is_paragraph:
            break
    return first if first is not None and not _is_star(lines[first].text) else None


def _is_star(text: str) -> bool:
    return text.startswith(("*", "- ", "+ ", "•"))


def _joins_headlines(text: str) -> bool:
    """True for "<headline> / <headline>", two links set on one line."""
    parts = text.split(" / ")
    return len(parts) > 1 and all(len(part) >= _MIN_RELATED_CHARS and part[0].isupper() for part in parts)


def _find_title(lines: Sequence[Line], above: list[int], first: int) -> int | None:
    candidates = [number for number in above if lines[number].is_headline]
    candidates = [number for number in candidates if first - number <= MAX_TITLE_DISTANCE] or candidates
    if not candidates:
        return None
    title = _choose_title(lines, candidates, first)
    if not _is_head(lines, above, title, first):
        return None
    opening = lines[first]
    is_plain = not opening.has_prefix and len(opening.text) > MAX_PLAIN_OPENING_CHARS
    if is_plain and count_subheadings(lines[: first + 200], {}, first):
        return None
    return title


def _is_head(lines: Sequence[Line], above: list[int], title: int, first: int) -> bool:
    """True when what stands above the title may go: next to nothing, or the menus of a page."""
    before = [lines[number] for number in above if number < title]
    is_short = len(before) <= MAX_LINES_ABOVE_TITLE and all(len(line.text) <= MAX_ABOVE_TITLE_CHARS for line in before)
    is_dated = any(map(_is_dated, lines[max(0, first - MAX_TITLE_DISTANCE) : first]))
    if first > MAX_PLAIN_HEAD_LINES:
        return is_dated and first - title <= MAX_TITLE_DISTANCE
    return is_short or is_dated or any(line.cue is not None and line.cue.kind == "widget" for line in lines[:first])


def _is_dated(line: Line) -> bool:
    """True for the line of date or author that stands between title and lead."""
    return line.cue.kind in ("date", "byline") if line.cue is not None else is_day(line.text)


def _choose_title(lines: Sequence[Line], candidates: list[int], first: int) -> int:
    """The headline right above a date or byline, else the one printed twice, else the longest of the last two."""
    folded = [fold(lines[number].text) for number in candidates]
    for distance in (1, 2):
        for number in candidates:
            if number + distance < first and _is_dated(lines[number + distance]):
                return number
    for number, text in zip(candidates, folded, strict=True):
        if folded.count(text) > 1:
            return number
    return max(candidates[-2:], key=lambda number: len(lines[number].text))


def _is_stranger(lines: Sequence[Line], title: int, first: int) -> bool:
    rest = _sample(lines, first)
    words = set(_words(lines[title].text))
    if len(rest) < MIN_STRANGER_TEXT_CHARS or not words:
        return False
    return len(words & set(_words(rest))) < STRANGER_COVERAGE * len(words)


def _is_lead(lines: Sequence[Line], title: int | None, first: int) -> bool:
    line = lines[first]
    if line.has_prefix:
        return len(line.text) <= MAX_PREFIXED_LEAD_CHARS
    if title is None or len(line.text) > MAX_LEAD_CHARS or line.text.startswith("Theo ") or find_glue(line.text):
        return False
    return _lead_score(lines[title].text, line.text, _sample(lines, first + 1)) >= MIN_LEAD_SCORE


def _lead_score(title: str, lead: str, rest: str) -> float:
    """Share of the title's word pairs that the line has, plus share of its own that the text says again; 0 to 2."""
    pairs, title_pairs = _pairs(lead), _pairs(title)
    score = len(title_pairs & pairs) / max(1, len(title_pairs))
    return score + len(pairs & _pairs(rest)) / max(1, len(pairs))


def _drop_around(lines: Sequence[Line], above: list[int], title: int | None, *, has_lead: bool) -> dict[int, LineCue]:
    drops: dict[int, LineCue] = {}
    if title is None:
        return drops
    folded = fold(lines[title].text)
    for number in above:
        line = lines[number]
        if number == title:
            continue
        if fold(line.text) == folded:
            drops[number] = _ECHO
        elif number < title:
            drops[number] = _ABOVE
        elif is_name_line(line.text):
            drops[number] = _BYLINE
        elif is_day(line.text):
            drops[number] = _DATE
        elif has_lead and len(line.text) <= MAX_BELOW_TITLE_CHARS and line.text[-1].isalnum():
            drops[number] = _BELOW
    return drops


def _sample(lines: Sequence[Line], start: int) -> str:
    pieces, chars = [], 0
    for line in lines[start : start + 200]:
        if line.cue is None:
            pieces.append(line.text[:SAMPLE_CHARS])
            chars += len(line.text)
        if chars > SAMPLE_CHARS:
            break
    return " ".join(pieces)


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.casefold())


def _pairs(text: str) -> set[tuple[str, str]]:
    words = _words(text)
    return set(pairwise(words))
