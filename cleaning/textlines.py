"""A text without markup as lines, each with what its own words show.

Rule: one line of the input is one line here, in order, NFC, its white space folded to single spaces and without control
characters; blank lines only say how the text is laid out. Words stay as they are written, zero-width joiners of the
source included. Pure; linear in the text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from tinsach.cleaning.letters import LOWER, MARKED_LOWER, UPPER
from tinsach.cleaning.lines import LineCue, classify_line, split_lead_prefix
from tinsach.cleaning.segment import normalise

MIN_PROSE_CHARS = 80  # a shorter line may be a headline, a caption, a list item, a verse
MIN_PARAGRAPH_CHARS = 100
MIN_UNPUNCTUATED_PROSE_CHARS = 181  # no headline is longer
MIN_QUESTION_PROSE_CHARS = 120  # headlines ask and exclaim
MIN_HEADLINE_CHARS = 15
MIN_SENTENCE_CHARS = 40
_CLOSERS = "”\"’')]»\u200b\ufeff "
_SENTENCE_ENDS = ".!?…:;"
_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_HEADLINE_START = re.compile(r"[\"“‘'(\[]?[^\W_]")
# "ẩmDự báo": a headline and its summary set without a space. Brands ("iPhone", "VietNamNet") have no such left part.
_GLUE = re.compile(
    rf"(?<!\w)(?:[{LOWER}]{{2,}}|[{UPPER}][{LOWER}]*[{MARKED_LOWER}][{LOWER}]*)(?=[{UPPER}][{LOWER}]*\s)"
)

Drops = Mapping[int, LineCue]  # line number -> why it goes


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds text: `indent` counts the white space before it."""

    text: str
    indent: int
    cue: LineCue | None
    has_prefix: bool  # opens with a paper's name
    is_prose: bool  # a sentence, as bodies and leads have
    is_headline: bool  # could be one: four words or more, no full stop
    pending: LineCue | None = None  # a cue that counts at some places only; where it does, it is `cue` as well

    @property
    def is_paragraph(self) -> bool:
        """Prose long enough that no caption looks like it, and not the summary of a card."""
        return self.is_prose and not self.has_prefix and len(self.text) >= MIN_PARAGRAPH_CHARS


def split_lines(text: str) -> tuple[Line, ...]:
    """The lines that hold a visible character, in order; lone surrogates become U+FFFD."""
    lines = []
    for raw in _SURROGATES.sub("\ufffd", text).splitlines():
        folded = " ".join(normalize("NFC", _CONTROLS.sub("", raw)).split())
        if normalise(folded):
            lines.append(_read_line(folded, len(raw) - len(raw.lstrip())))
    return tuple(lines)


def without_prefix(line: Line) -> Line:
    """The line as it reads once its paper's name is cut off."""
    return _read_line(split_lead_prefix(line.text)[1], line.indent) if line.has_prefix else line


def is_evenly_spaced(text: str) -> bool:
    """True when every two lines stand a blank line apart, as the paragraphs of a cleaned text do."""
    rows = text.strip().splitlines()
    return len(rows) > 2 and not any(row.strip() for row in rows[1::2]) and all(row.strip() for row in rows[::2])


def _read_line(text: str, indent: int) -> Line:
    found = classify_line(text.rstrip("\u200b\ufeff "))
    cue, pending = (None, found) if found is not None and found.where else (found, None)
    is_prose = cue is None and ends_prose(text)
    has_prefix = split_lead_prefix(text)[0] is not None
    return Line(
        text,
        indent,
        cue,
        has_prefix and cue is None,
        is_prose,
        cue is None and not is_prose and not has_prefix and is_headline(text),
        pending,
    )


def ends_prose(text: str) -> bool:
    """True for a line that reads as a sentence or more, by its length and its last sign."""
    if len(text) >= MIN_UNPUNCTUATED_PROSE_CHARS:
        return True
    end = sentence_end(text)
    return len(text) >= (MIN_QUESTION_PROSE_CHARS if end in "!?" else MIN_PROSE_CHARS) and end != ""


def sentence_end(text: str) -> str:
    """The sign that ends a line's last sentence, "" where there is none."""
    last = text.rstrip(_CLOSERS)[-1:]
    return last if last and last in _SENTENCE_ENDS else ""


def ends_sentence(text: str) -> bool:
    """True for a line of some length that ends as a statement does; a list item ends in ";" or in nothing."""
    return len(text) >= MIN_SENTENCE_CHARS and sentence_end(text) in (".", "!", "?", "…")


def is_headline(text: str) -> bool:
    """True for what could be a headline: four words or more, 15 to 180 characters, no full stop, no bullet."""
    if not MIN_HEADLINE_CHARS <= len(text) < MIN_UNPUNCTUATED_PROSE_CHARS or text.count(" ") < 3:
        return False
    start = _HEADLINE_START.match(text)
    if start is None or start.group()[-1].islower() or text[-1] in ",":
        return False
    return sentence_end(text) in "!?" or text.endswith(("...", "…"))


def find_glue(text: str) -> int | None:
    """Where a headline runs into its summary without a space; None where no such place is.

    >>> find_glue("Miền Bắc sắp đón rét đậmTừ ngày mai, nhiệt độ giảm mạnh.")
    24
    """
    for found in _GLUE.finditer(text, 0, 240):
        if found.end() >= 20 and len(text) - found.end() >= 30:
            return found.end()
    return None


def kept_numbers(lines: Sequence[Line], drops: Drops, start: int = 0) -> list[int]:
    """The numbers of the lines from `start` that no rule has dropped."""
    return [number for number in range(start, len(lines)) if number not in drops]
