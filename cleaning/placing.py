"""Text mode: the cues that count at some places only, and whether a line stands there.

Rule: what stands among the kept lines once others are gone is asked again, so that a second cleaning finds nothing new.
Pure; one pass over the lines.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tinsach.cleaning.captions import names_agency
from tinsach.cleaning.lines import LineCue, is_entry
from tinsach.cleaning.signoffs import is_name_line, is_source
from tinsach.cleaning.textlines import Drops, Line, kept_numbers

_PLAYER = re.compile(r"(?i)(?:video|clip|ảnh)\b")  # what is left of one


def place_cues(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines; one whose pending cue counts where it stands has it as its cue."""
    found = _find_placed(lines)
    return tuple(
        replace(line, cue=found[number], has_prefix=False, is_prose=False, is_headline=False)
        if number in found
        else line
        for number, line in enumerate(lines)
    )


def drop_placed(lines: Sequence[Line], drops: Drops) -> dict[int, LineCue]:
    """Lines whose pending cue counts once the others are gone."""
    kept = kept_numbers(lines, drops)
    return dict(drops) | {kept[place]: cue for place, cue in _find_placed([lines[number] for number in kept]).items()}


def _find_placed(lines: Sequence[Line]) -> dict[int, LineCue]:
    pending = {number: line.pending for number, line in enumerate(lines) if line.pending is not None}
    if not pending:
        return {}
    entries, headings = _find_entries(lines), _find_headings(lines)
    found = {
        number: cue
        for number, cue in pending.items()
        if ("picture" in cue.where and _is_caption(lines, number))
        or ("button" in cue.where and number not in headings)
        or ("link" in cue.where and number not in entries and not is_entry(lines[number].text))
    }
    edges = _find_edges(lines, found)
    return found | {number: cue for number, cue in pending.items() if "edge" in cue.where and number in edges}


def _is_caption(lines: Sequence[Line], number: int) -> bool:
    """Below what is left of a picture; no trace is left of those that agencies and papers are credited with."""
    above = lines[number - 1].cue if number > 0 else None
    is_below = above is not None and (above.kind in ("caption", "credit") or above.rule == "image_token")
    return is_below or names_agency(lines[number].text)


def _find_headings(lines: Sequence[Line]) -> frozenset[int]:
    """Words of buttons, each once and between two paragraphs, in a text without any other widget."""
    buttons = [number for number, line in enumerate(lines) if _is_button(line)]
    texts = {lines[number].text.casefold() for number in buttons}
    is_each_once = len(texts) == len(buttons)
    return frozenset(buttons if is_each_once and all(_heads_paragraph(lines, number) for number in buttons) else ())


def _is_button(line: Line) -> bool:
    cue = line.cue or line.pending
    return cue is not None and cue.kind == "widget"


def _heads_paragraph(lines: Sequence[Line], number: int) -> bool:
    """Whether a word stands between two paragraphs; below the first one it is a button."""
    if lines[number].pending is None or _PLAYER.match(lines[number].text) or not 1 < number < len(lines) - 1:
        return False
    return lines[number - 1].is_paragraph and lines[number + 1].is_paragraph


def _find_entries(lines: Sequence[Line]) -> frozenset[int]:
    """Two or more lines that may be links, running, below a line of the text that ends in a colon: a list."""
    entries: list[int] = []
    start = 0
    for number, line in enumerate([*lines, None]):
        if line is not None and line.pending is not None and "link" in line.pending.where:
            continue
        is_list = number - start > 1 and start > 0 and lines[start - 1].text.endswith(":")
        if is_list and lines[start - 1].cue is None:
            entries += range(start, number)
        start = number + 1
    return frozenset(entries)


def _find_edges(lines: Sequence[Line], found: Mapping[int, LineCue]) -> frozenset[int]:
    """Above the first sentence; and at the end, as far up as nothing but clutter, names and sources stands there."""
    first = next((number for number, line in enumerate(lines) if line.is_prose and line.pending is None), 0)
    last = len(lines)
    while last > first and (last - 1 in found or _is_edge(lines[last - 1])):
        last -= 1
    return frozenset((*range(first), *range(last, len(lines))))


def _is_edge(line: Line) -> bool:
    if line.cue is not None or (line.pending is not None and "edge" in line.pending.where):
        return True
    return is_name_line(line.text) or is_source(line.text)
