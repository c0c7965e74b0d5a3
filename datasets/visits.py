"""What goes into a ledger and comes out of it: announcements, visits, outcomes. Values and nothing else; no disk."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from tinsach.datasets.archive import ArchivePosition

State = Literal["found", "done", "gone", "failed"]
STATES: tuple[State, ...] = ("found", "done", "gone", "failed")
GONE_STATUSES = (404, 410)  # HTTP: the page is no longer there, or never was


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A URL seen in a feed, sitemap or section, with what the paper says of it.

    `hint_at` is when it was last changed (or published, when no more is said), `published_at` when it was published.
    """

    url: str
    source: str
    first_seen_at: datetime
    hint_at: datetime | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Announced:
    """What the ledger made of some links: how many it had never seen, how many it has not fetched yet."""

    new: int
    unfetched: int


@dataclass(frozen=True, slots=True)
class Heard:
    """URLs that a source announced in a run: what a build made of them (None: nothing), state, why they failed."""

    source: str
    outcome: str | None
    state: State
    cause: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gives to ask "has it changed?" with: ETag and Last-Modified, as sent."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What is known of one URL; times are aware UTC, None when it never happened or isn't planned.

    `sources` are all that announced it, the first one first. `text_hash` stands for the cleaned text of the archived
    version, once that was needed.
    """

    key: str
    url: str
    state: State
    attempts: int
    sources: tuple[str, ...]
    hint_at: datetime | None
    published_at: datetime | None
    first_seen_at: datetime
    visited_at: datetime | None
    next_visit_at: datetime | None
    status: int | None
    etag: str | None
    last_modified: str | None
    digest: str | None
    text_hash: str | None
    warc_file: str | None
    warc_offset: int | None
    error: str | None

    @property
    def article_id(self) -> str | None:
        """The site's own number of the article."""
        return self.key.removeprefix("id:") if self.key.startswith("id:") else None

    @property
    def source(self) -> str:
        """Who announced it first."""
        return self.sources[0]

    @property
    def born_at(self) -> datetime:
        """The article's age counts from here: when it was published, as far as that was said, else first seen."""
        return min(self.published_at or self.hint_at or self.first_seen_at, self.first_seen_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A response that was archived, and when the URL should be asked again (None: not unless announced as changed)."""

    status: int
    position: ArchivePosition
    fetched_at: datetime
    validators: Validators = field(default_factory=Validators)
    text_hash: str | None = None
    next_visit_at: datetime | None = None


def next_visit(first_seen_at: datetime, visited_at: datetime, revisit_after: Sequence[timedelta]) -> datetime | None:
    """When a URL is asked again: the first of the ages, counted from first sight, that lies after the last visit."""
    planned = (first_seen_at + age for age in sorted(revisit_after))
    return next((at for at in planned if at > visited_at), None)
