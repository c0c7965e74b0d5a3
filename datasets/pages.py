"""The pages of one WARC file, one by one: each response becomes a record, a reject with its reason, or is no page.

Pure but for the two writers; a page that was lost before is rejected unseen.
"""

import json
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from types import TracebackType

from tinsach.cleaning import NOTHING_LEARNT, Article, Learnt, Rejected, clean_html, clean_text, find_profile
from tinsach.cleaning.given import read_given, with_given
from tinsach.datasets.archive import ArchivedResponse, BrokenRecord, read_archive
from tinsach.datasets.guard import Loss, Watch
from tinsach.datasets.own_headers import GIVEN_HEADER, IMPORT_HEADER
from tinsach.datasets.records import Row, Source, article_row, reject_row
from tinsach.datasets.shards import Counts, RowWriter
from tinsach.datasets.warc_reader import NoRecords

Clean = Callable[[ArchivedResponse], Article]

_MOST_AHEAD, _MOST_BYTES_AHEAD = 8, 2_000_000  # pages read before the first of them is cleaned, and their size

NO_URL = "https://import.invalid/"  # .invalid never resolves (RFC 2606); the digest of an item without address follows


def clean_response(response: ArchivedResponse, learnt: Learnt = NOTHING_LEARNT) -> Article:
    """Clean one archived page, or an imported text, with what was given beside it; raises Rejected.

    What has no address of its own is of the site that was given, or else of none.
    """
    given = read_given(json.loads(response.header(GIVEN_HEADER) or "{}"))
    has_url = not response.url.startswith(NO_URL)
    if response.is_imported_text:
        text = response.body.decode("utf-8", errors="replace")
        url, site = (response.url, None) if has_url else (None, given.site)
        return with_given(clean_text(text, url=url, site=site, learnt=learnt), given)
    article = with_given(clean_html(response.body, url=response.url, charset=response.charset, learnt=learnt), given)
    return article if has_url else replace(article, site=given.site)


def is_page(response: ArchivedResponse) -> bool:
    """Whether it can be an article: fetched well, and HTML or of no declared type; or a text that was imported."""
    if response.header(IMPORT_HEADER):
        return True
    return response.status == HTTPStatus.OK and "html" in (response.header("Content-Type") or "html").lower()


@dataclass(slots=True)
class Tally:
    """What became of the responses so far; `broken` is a line for each stretch that could not be read."""

    responses: int = 0
    non_pages: int = 0
    records: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def count(self) -> Counts:
        """The counts for the shard's account."""
        return Counts(
            responses=self.responses,
            records=self.records,
            non_pages=self.non_pages,
            broken=len(self.broken),
            rejected=dict(self.rejected),
            removed=dict(self.removed),
        )


@dataclass(frozen=True, slots=True)
class Cleaning:
    """How the pages of one file are cleaned."""

    warc: Path
    source: Source
    clean: Clean
    watch: Watch | None
    lost: Mapping[int, Loss]

    def clean_page(self, response: ArchivedResponse) -> tuple[Article, Row] | Rejected | Loss:
        """The article and its record, or why there is none."""
        if response.offset in self.lost:
            return self.lost[response.offset]
        try:
            with _NamedPage(response), self.watch.page(response.offset) if self.watch else nullcontext():
                article = self.clean(response)
                return article, article_row(
                    article, response, self.source, _find_article_id(article.url or response.url)
                )
        except Rejected as rejected:
            return rejected
        except MemoryError:
            if self.watch is None:  # nobody bounds this process: it is the machine that has none left
                raise
            return Loss("memory", "cleaning it needed more memory than a page may")


def clean_pages(cleaning: Cleaning, records: RowWriter, rejects: RowWriter) -> Tally:
    """Write a row for each page of the file, in its order."""
    tally = Tally()
    for item in _read(cleaning.warc, tally):
        tally.responses += 1
        if not is_page(item):
            tally.non_pages += 1
            continue
        cleaned = cleaning.clean_page(item)
        if isinstance(cleaned, Rejected | Loss):
            rejects.write(reject_row(cleaned, item, cleaning.source))
            tally.rejected[cleaned.reason] += 1
        else:
            article, row = cleaned
            records.write(row)
            tally.records += 1
            tally.removed.update(removal.kind for removal in article.removed)
    return tally


def _read(warc: Path, tally: Tally) -> Iterator[ArchivedResponse]:
    """The file's responses; what is broken is noted, also a whole file without a record, which no build would mend."""
    try:
        for item in _read_ahead(read_archive(warc)):
            if isinstance(item, ArchivedResponse):
                yield item
            else:
                place = f"{warc}: broken at byte {item.offset}"
                tally.broken.append(f"{place} ({item.cause}); the rest of the file was read")
    except NoRecords as error:
        tally.broken = [str(error)]


def _read_ahead(items: Iterator[ArchivedResponse | BrokenRecord]) -> Iterator[ArchivedResponse | BrokenRecord]:
    """The same items, a few read at a time: in the processor's caches that goes faster than one between two pages."""
    ahead: deque[ArchivedResponse | BrokenRecord] = deque()
    num_bytes = 0
    for item in items:
        ahead.append(item)
        num_bytes += len(item.body) if isinstance(item, ArchivedResponse) else 0
        if len(ahead) >= _MOST_AHEAD or num_bytes >= _MOST_BYTES_AHEAD:
            while ahead:
                yield ahead.popleft()
            num_bytes = 0
    yield from ahead


class _NamedPage:
    """Notes on an exception which page it was met on, and lets it go on."""

    def __init__(self, response: ArchivedResponse) -> None:
        self._response = response

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        if error is not None:
            error.add_note(f"on page {self._response.url}, record at byte {self._response.offset}")


def _find_article_id(url: str) -> str | None:
    profile = find_profile(url)
    return profile.find_article_id(url) if profile else None
