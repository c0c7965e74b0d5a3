"""What cleaning returns: frozen values, nothing that knows where it came from.

Every text block of the input stands in an Article exactly once: as its title or lead, among `blocks` (kept), or among
`removed` with its kind and the rule that removed it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

BlockKind = Literal["paragraph", "heading", "list_item", "quote", "table_row"]
RemovalKind = Literal[
    "title_echo",  # the headline again
    "lead_echo",  # the lead again
    "prefix",  # house prefix cut from a lead that stays, "(Ngày Nay) - "
    "caption",
    "credit",
    "byline",
    "agency",
    "date",
    "teaser",  # leads to another article
    "read_more",  # asks the reader to go on elsewhere
    "tags",
    "widget",  # share bars, polls, tables fed by scripts
    "junk",  # what an editor or a tool left behind
]
Precision = Literal["second", "minute", "day"]
Extraction = Literal["profile", "family", "generic", "text"]

KEPT_KINDS: tuple[BlockKind, ...] = ("paragraph", "heading", "list_item", "quote", "table_row")
REMOVED_KINDS: tuple[RemovalKind, ...] = (
    "title_echo",
    "lead_echo",
    "prefix",
    "caption",
    "credit",
    "byline",
    "agency",
    "date",
    "teaser",
    "read_more",
    "tags",
    "widget",
    "junk",
)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph-like piece of the article's body; `text` is NFC, one line, never empty."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True)
class Removal:
    """A piece of text that is not the article, with the rule that says so (`family:selector`, `line:name`, …)."""

    kind: RemovalKind
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the article: absolute URL (None in text mode), caption without its credit, credit."""

    url: str | None
    caption: str | None
    credit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One cleaned page or text. Absent is None or an empty tuple, never "" or a sentinel; times are aware UTC."""

    url: str | None = None
    site: str | None = None
    title: str | None = None
    lead: str | None = None
    blocks: tuple[Block, ...] = ()
    removed: tuple[Removal, ...] = ()
    images: tuple[Image, ...] = ()
    authors: tuple[str, ...] = ()
    agency: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    published_precision: Precision | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    related_urls: tuple[str, ...] = ()
    language: str | None = None
    language_score: float | None = None
    extraction: Extraction
    extraction_name: str

    @property
    def text(self) -> str:
        """The body: its blocks joined by a blank line."""
        return "\n\n".join(block.text for block in self.blocks)

    @property
    def full_text(self) -> str:
        """Lead and body as a reader sees them, joined by a blank line."""
        return "\n\n".join(([self.lead] if self.lead else []) + [block.text for block in self.blocks])


class Rejected(Exception):
    """Read correctly, not wanted. `reason` is one of REASONS, `detail` says what was seen.

    >>> str(Rejected("no-text", "body container holds 0 words"))
    'no-text: body container holds 0 words'
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        if reason not in REASONS:
            raise ValueError(f"unknown reason {reason!r}; one of {', '.join(REASONS)}")
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else self.reason


REASONS: tuple[str, ...] = (
    "empty",  # no bytes, or white space only
    "not-html",  # PDF, image, archive, JSON, plain XML …
    "too-large",  # over the size cleaning accepts
    "too-deep",  # nested deeper than the parser goes
    "listing",  # a section, tag or search page
    "home",  # a front page
    "error-page",  # 404 text, "page not found", a server's error
    "cookie-wall",  # only a consent or JavaScript challenge
    "video-only",  # a player and no text
    "no-text",  # an article page whose body is empty
    "no-words",  # symbols or numbers only
)
