"""How a command speaks: tables and progress for people, or one JSON line per event for machines.

Results go to stdout, errors and notes to stderr; no message is wrapped or cut, so that one is one line. A table in a
file or a pipe has all its columns and a line a row; a narrow terminal gets what can be read there.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from textwrap import wrap

from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Cell = str | int | None
WIDE = 100_000  # characters: nothing is too wide for a file or a pipe
PROSE = 24  # characters: what is longer may be wrapped, between words
RULE = 120  # characters: the longest line below a table's head
_GAP = 2  # characters before each column of a table


@dataclass(frozen=True, slots=True)
class Output:
    """Where one command's words go; `as_json` is --log json."""

    as_json: bool
    stdout: Console
    stderr: Console

    def event(self, name: str, /, **values: object) -> None:
        """One JSON line on stdout; nothing for people, who get a table or a line instead."""
        if self.as_json:
            print_json_line(self.stdout, name, values)

    def line(self, text: str = "", *, style: str | None = None) -> None:
        """A line for people on stdout."""
        if not self.as_json:
            self.stdout.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    def note(self, text: str) -> None:
        """A line for people that is no result: it goes to stderr."""
        if not self.as_json:
            self.stderr.print(text, style="dim", markup=False, highlight=False, soft_wrap=True)

    def error(self, text: str, **values: object) -> None:
        """A mistake of the user's or of the world's, one line on stderr in both forms."""
        if self.as_json:
            print_json_line(self.stderr, "error", {"message": text, **values})
        else:
            self.stderr.print(f"error: {text}", style="red", markup=False, highlight=False, soft_wrap=True)

    def log(self, text: str, *, level: str, trace: str | None = None, **values: object) -> None:
        """A line of a library's log, on stderr in both forms; the traceback of a bug in full."""
        if self.as_json:
            fields = {"level": level, "message": text, **values} | ({"trace": trace} if trace else {})
            print_json_line(self.stderr, "log", fields)
        else:
            lines = f"{level}: {values.get('site', '')}: {text}" + (f"\n{trace.rstrip()}" if trace else "")
            self.stderr.print(lines, style="yellow", markup=False, highlight=False, soft_wrap=True)

    def table(
        self, title: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]], *, less: Sequence[str] = ()
    ) -> None:
        """A table for people; numbers are set flush right, None is a dash; without rows there is none.

        Where the terminal is too narrow the columns `less` go, the first of them first; where that is not enough, each
        row is told in lines below its first cell.
        """
        if self.as_json or not rows:
            return
        if title:
            self.line(title, style="bold")
        cells = [["–" if cell is None else str(cell) for cell in row] for row in rows]
        widths = _choose_widths(columns, cells, less, self.stdout.width)
        if widths is None:
            self._tell_rows(columns, rows)
            return
        numeric = [all(isinstance(row[place], int | None) for row in rows) for place in range(len(columns))]
        head, *lines = (_lay_out(row, widths, numeric) for row in (columns, *cells))
        self.line()
        for line in head:
            self.line(line, style="bold")
        self.line(f" {'─' * min(sum(widths.values()) + _GAP * len(widths) - 1, RULE)}")
        for row in lines:
            for line in row:
                self.line(line)
        self.line()
        left_out = [column for place, column in enumerate(columns) if place not in widths]
        if left_out:
            self.note(f"left out, the terminal is {self.stdout.width} columns wide: {', '.join(left_out)}")

    def _tell_rows(self, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        for first, *others in rows:
            told = [
                f"{name} {cell}".lstrip() for name, cell in zip(columns[1:], others, strict=True) if cell is not None
            ]
            self.line(f"  {first}", style="bold")
            for line in wrap(" · ".join(told), self.stdout.width - 4, break_long_words=False, break_on_hyphens=False):
                self.line(f"    {line}")
        self.line()

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Progress bars on stderr; they show on a terminal only and leave no trace."""
        bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.stderr,
            transient=True,
            disable=self.as_json or not self.stderr.is_terminal,
        )
        with bars:
            yield bars


def make_output(*, as_json: bool) -> Output:
    """An Output on this process's stdout and stderr."""
    width = None if sys.stdout.isatty() else WIDE
    return Output(as_json, Console(file=sys.stdout, width=width), Console(file=sys.stderr))


def count(number: int, noun: str) -> str:
    """A number with its noun.

    >>> count(1, "article"), count(1_200, "article"), count(0, "near-duplicate")
    ('1 article', '1,200 articles', '0 near-duplicates')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def list_counts(counts: Counter[str]) -> str:
    """Names with their numbers, the most frequent first.

    >>> list_counts(Counter({".js": 1, ".css": 1_200}))
    '1,200 .css, 1 .js'
    """
    return ", ".join(f"{number:,} {name}" for name, number in counts.most_common())


def _choose_widths(
    columns: Sequence[str], cells: Sequence[Sequence[str]], less: Sequence[str], room: int
) -> dict[int, int] | None:
    """The width of each column that is shown, by its place; None where not even the essential ones have room.

    A word is never broken; prose gets what the other columns leave.
    """
    texts = [[column, *(row[place] for row in cells)] for place, column in enumerate(columns)]
    full = [max(map(cell_len, column)) for column in texts]
    word = [max(cell_len(word) for text in column for word in text.split() or [""]) for column in texts]
    least = [max(longest, min(width, PROSE)) for longest, width in zip(word, full, strict=True)]
    shown = list(range(len(columns)))
    for name in (None, *less):
        if name is not None:
            shown.remove(columns.index(name))
        spare = room - _GAP * len(shown) - sum(least[place] for place in shown)
        if spare >= 0:
            break
    else:
        return None
    widths = {place: least[place] for place in shown}
    for place in sorted(shown, key=lambda place: full[place] - least[place]):
        widths[place] += (given := min(full[place] - least[place], spare))
        spare -= given
    return widths


def _lay_out(row: Sequence[str], widths: Mapping[int, int], numeric: Sequence[bool]) -> list[str]:
    """The lines of a table's row: one, or more where prose is wrapped."""
    parts = {place: wrap(row[place], width, break_on_hyphens=False) or [""] for place, width in widths.items()}
    lines = []
    for number in range(max(map(len, parts.values()))):
        line = ""
        for place, width in widths.items():
            text = parts[place][number] if number < len(parts[place]) else ""
            space = " " * (width - cell_len(text))
            line += " " * _GAP + (space + text if numeric[place] else text + space)
        lines.append(line.rstrip())
    return lines


def print_json_line(console: Console, event: str, values: Mapping[str, object]) -> None:
    """`{"event": …, "at": …, …}` on one line; times are ISO 8601, UTC."""
    fields = {"event": event, "at": datetime.now(UTC), **values}
    text = json.dumps(fields, ensure_ascii=False, default=to_json_value)
    console.file.write(text + "\n")
    console.file.flush()


def to_json_value(value: object) -> object:
    """What JSON has no form for: times as ISO 8601 (Z for UTC), everything else by its text."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)
