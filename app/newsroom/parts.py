"""What an article's body is made of, before it has any markup.

Frozen values; texts are NFC, one line, as a reader sees them.
"""

from dataclasses import dataclass
from typing import Literal

from tinsach.cleaning.article import BlockKind


@dataclass(frozen=True, slots=True)
class Text:
    """A block of the body. `role` tells the template how to dress it: plain, bold, capitals, turn or star."""

    kind: BlockKind
    text: str
    role: str = "plain"


@dataclass(frozen=True, slots=True)
class Figure:
    """One or two pictures with one caption, or none; `style` is how the credit is printed."""

    caption: str | None
    credit: str | None
    style: Literal["brackets", "source", "plain", "dash"] = "brackets"
    pictures: int = 1

    @property
    def line(self) -> str:
        """Caption and credit as printed, "" without caption."""
        if self.caption is None or self.credit is None:
            return self.caption or ""
        if self.style == "plain":
            return f"{self.caption} Ảnh: {self.credit}"
        if self.style == "dash":
            return f"{self.caption} - Ảnh: {self.credit}"
        return f"{self.caption} ({'Ảnh' if self.style == 'brackets' else 'Nguồn'}: {self.credit})"


@dataclass(frozen=True, slots=True)
class Group:
    """Texts under one element: a list, a table (one text a row, cells joined by " | ") or a fact box."""

    shape: Literal["list", "table", "note"]
    texts: tuple[Text, ...]


Element = Text | Figure | Group
