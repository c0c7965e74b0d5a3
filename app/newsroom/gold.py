"""The truth about each page: what a perfect cleaner returns for it, and every line that it must not keep.

Pure: made from the story and the lines that the template planted.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tinsach.app.newsroom.parts import Figure, Group, Text
from tinsach.app.newsroom.story import Story
from tinsach.cleaning.article import BlockKind


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsArticle:
    """An article as lists and feeds show it; times are aware UTC, `revision` counts its edits."""

    site: str
    number: int
    article_id: int
    url: str
    title: str
    lead: str | None
    section: str
    published_at: datetime
    modified_at: datetime
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldRecord:
    """What a reader takes from a page. Absent is None or an empty tuple; times are aware UTC.

    `planted` names each line that cleaning has to take away with its kind, as written; `copy_of` is the URL of the
    wire story that this page repeats, `copy` whether it does so in full; `modified_at` is None where the page does not
    show it.
    """

    url: str
    site: str
    article_id: int
    title: str
    lead: str | None
    body: tuple[tuple[BlockKind, str], ...]
    captions: tuple[tuple[str, str | None], ...]
    authors: tuple[str, ...]
    agency: str | None
    published_at: datetime
    modified_at: datetime | None
    precision: Literal["second", "day"]
    section: str
    tags: tuple[str, ...]
    planted: tuple[tuple[str, str], ...]
    rejected: str | None
    photo_story: bool
    copy: Literal["exact", "near"] | None
    copy_of: str | None

    @property
    def text(self) -> str:
        """The body: its blocks joined by a blank line."""
        return "\n\n".join(text for _, text in self.body)

    @property
    def clutter(self) -> tuple[str, ...]:
        """The planted lines that stand nowhere in lead or text; an echo of the lead is not among them.

        Compare whole lines, not substrings: a byline or a tag may stand in a sentence.
        """
        return tuple(line for kind, line in self.planted if kind != "lead-echo")


def read_body(story: Story) -> tuple[tuple[BlockKind, str], ...]:
    """The blocks of a story; a photo story's are its captions."""
    blocks: list[tuple[BlockKind, str]] = []
    for element in story.elements:
        if isinstance(element, Text):
            blocks.append((element.kind, element.text))
        elif isinstance(element, Group):
            blocks.extend((text.kind, text.text) for text in element.texts)
        elif story.draft.form == "photo" and element.caption:
            blocks.append(("paragraph", element.caption))
    return tuple(blocks)


def read_captions(story: Story) -> tuple[tuple[str, str | None], ...]:
    """Each caption with its credit, in page order; a caption under two pictures stands once."""
    figures = [story.avatar, *story.elements]
    return tuple(
        (figure.caption, figure.credit)
        for figure in figures
        if isinstance(figure, Figure) and figure.caption is not None
    )
