"""Pieces of HTML that all templates share: escaping, links inside sentences, cards, and the list of planted clutter.

Pure: strings in, strings out.
"""

import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime, timezone
from html import escape
from random import Random

from tinsach.app.newsroom.gold import NewsArticle
from tinsach.app.newsroom.sites import LOCAL_OFFSET

LOCAL_ZONE = timezone(LOCAL_OFFSET)
BLANK_GIF = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
LINK_SHARE = 0.3  # of the paragraphs that hold a word worth a link
ODD_SPACE_SHARE = 0.06  # of the paragraphs have a no-break space among their blanks


@dataclass(slots=True)
class Plants:
    """The clutter of one page, noted while the template writes it."""

    lines: list[tuple[str, str]] = field(default_factory=list)

    def plant(self, kind: str, line: str) -> str:
        """Notes the line and returns it escaped for HTML."""
        self.lines.append((kind, line))
        return escape(line, quote=False)

    def plant_raw(self, kind: str, line: str) -> str:
        """Notes the line and returns it as it is, for a place that escapes for itself."""
        self.lines.append((kind, line))
        return line


@dataclass(frozen=True, slots=True)
class Dresser:
    """Writes sentences as an editor leaves them: a linked word, a stray no-break space, decomposed accents."""

    rng: Random
    words_to_link: tuple[tuple[str, str], ...]  # (phrase, href)
    link_class: str
    is_decomposed: bool

    def dress(self, text: str) -> str:
        """The sentence as inline HTML; its text is the same but for white space and Unicode form."""
        inline = escape(text, quote=False)
        if self.rng.random() < LINK_SHARE:
            inline = self._link_word(inline)
        if self.rng.random() < ODD_SPACE_SHARE:
            head, _, tail = inline.partition(", ")
            inline = f"{head},&nbsp;{tail}" if tail else inline
        return unicodedata.normalize("NFD", inline) if self.is_decomposed else inline

    def _link_word(self, inline: str) -> str:
        for phrase, href in self.words_to_link:
            head, found, tail = inline.partition(phrase)
            if found:
                link = f'<a href="{href}"{self.link_class}>{phrase}</a>'
                return f"{head}{link}{tail}"
        return inline


def as_attribute(text: str) -> str:
    """The text escaped for a double-quoted attribute."""
    return escape(text, quote=True)


def as_local_iso(moment: datetime) -> str:
    """The moment as the papers' meta tags write it: `2026-07-21T07:17:56+07:00`."""
    return moment.astimezone(LOCAL_ZONE).isoformat(timespec="seconds")


def as_local_text(moment: datetime) -> str:
    """The moment as readers see it: `21/07/2026 07:17`."""
    return moment.astimezone(LOCAL_ZONE).strftime("%d/%m/%Y %H:%M")


def as_http_date(moment: datetime) -> str:
    """The moment in the form of RFC 9110, `Tue, 21 Jul 2026 00:17:56 GMT` (independent of the locale)."""
    utc = moment.astimezone(UTC)
    days, months = "Mon Tue Wed Thu Fri Sat Sun".split(), "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    return f"{days[utc.weekday()]}, {utc.day:02} {months[utc.month - 1]} {utc.year} {utc:%H:%M:%S} GMT"


def image_name(article: NewsArticle, place: int) -> str:
    """A file name in the manner of a picture desk, the same at each rendering."""
    return f"{article.published_at:%Y_%m_%d}/{article.article_id % 997:03}{place}-{article.article_id}"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The other articles that a page shows, each list newest first."""

    inside: tuple[NewsArticle, ...]
    related: tuple[NewsArticle, ...]
    recommended: tuple[NewsArticle, ...]
    most_read: tuple[NewsArticle, ...]
