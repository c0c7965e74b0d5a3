"""How a command speaks: tables and progress for people, or one JSON line per event for machines.

Results go to stdout, errors and notes to stderr; nothing is wrapped or cut, so that one message is one line.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.box import SIMPLE_HEAD
from rich.console import Console, JustifyMethod
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

Cell = str | int | None
PLAIN_COLUMNS = 120  # the width of tables that go to a file or a pipe


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

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """A table for people; numbers are set flush right, None is a dash; without rows there is none."""
        if self.as_json or not rows:
            return
        table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=(0, 1))
        for index, column in enumerate(columns):
            numeric = all(isinstance(row[index], int | None) for row in rows)
            justify: JustifyMethod = "right" if numeric else "left"
            table.add_column(column, justify=justify, overflow="fold", no_wrap=index == 0)
        for row in rows:
            table.add_row(*("–" if cell is None else escape(str(cell)) for cell in row))
        self.stdout.print(table)

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
    width = None if sys.stdout.isatty() else PLAIN_COLUMNS
    return Output(as_json, Console(file=sys.stdout, width=width), Console(file=sys.stderr))


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
