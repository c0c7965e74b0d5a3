"""Tables as they are read: whole in a pipe, fitted to a terminal between words, told in lines where it is narrow."""

import io

import pytest
from rich.console import Console

from tinsach.app.output import WIDE, Output

COLUMNS = ("site", "name", "articles", "last run")
ROWS = (
    ("giaoducthoidai.vn", "Báo Giáo dục và Thời đại, cơ quan của Bộ", 1200, "2026-11-29 06:21"),
    ("vov.vn", "VOV", None, "2026-11-28 01:00"),
)


def render(width: int, *, columns: tuple[str, ...] = COLUMNS, less: tuple[str, ...] = ()) -> tuple[list[str], str]:
    """The lines of the table on a terminal so wide, and what is noted."""
    out, err = io.StringIO(), io.StringIO()
    output = Output(as_json=False, stdout=Console(file=out, width=width), stderr=Console(file=err, width=width))
    output.table("Sites", columns, ROWS, less=less)
    return out.getvalue().splitlines(), err.getvalue()


def test_a_pipe_has_all_columns_in_a_line_a_row() -> None:
    """Nothing is wrapped, cut or padded at the end; numbers are flush right, None is a dash."""
    lines, noted = render(WIDE)
    assert lines[2] == "  site               name                                      articles  last run"
    assert lines[4] == "  giaoducthoidai.vn  Báo Giáo dục và Thời đại, cơ quan của Bộ      1200  2026-11-29 06:21"
    assert lines[5] == "  vov.vn             VOV                                              –  2026-11-28 01:00"
    assert noted == ""


@pytest.mark.parametrize("width", range(20, 120))
def test_no_word_is_broken_and_no_line_too_long(width: int) -> None:
    """On any terminal every word stands whole somewhere, in lines that fit but where one word is longer."""
    for less in ((), ("name",), ("name", "articles")):
        lines, noted = render(width, less=less)
        words = " ".join([*lines, noted]).split()
        kept = [word for row in ROWS for word in f"{row[0]} {row[3]}".split()]
        assert set(kept) <= set(words)
        assert all(len(line) <= max(width, len("  giaoducthoidai.vn")) for line in lines)


def test_what_is_less_needed_goes_first() -> None:
    """The columns of `less` go one by one, and a note names them."""
    lines, noted = render(70, less=("name", "articles"))
    assert lines[2].split() == ["site", "articles", "last", "run"]
    assert noted == "left out, the terminal is 70 columns wide: name\n"
    lines, noted = render(40, less=("name", "articles"))
    assert lines[2].split() == ["site", "last", "run"]
    assert noted.endswith(": name, articles\n")


def test_a_table_that_has_no_room_is_told_in_lines() -> None:
    """Each row: its first cell, and below it what is known, by name."""
    lines, _ = render(40)
    assert lines[1:5] == [
        "  giaoducthoidai.vn",
        "    name Báo Giáo dục và Thời đại, cơ",
        "    quan của Bộ · articles 1200 · last",
        "    run 2026-11-29 06:21",
    ]
    assert lines[5:7] == ["  vov.vn", "    name VOV · last run 2026-11-28 01:00"]
