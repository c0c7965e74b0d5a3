"""`tinsach import`: other people's pages and texts into the archive, where all that is built and released comes from.

A page of a paper we know goes to that paper's archive, everything else to one archive named by the user. Items are
taken one by one, so a file may be larger than memory; each keeps in its headers where it came from.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from tinsach.app.exits import DONE, FAILURES, UNUSABLE
from tinsach.app.inputs import Document, InputError, PassedOver, is_known, read_documents
from tinsach.app.output import Cell, Output, count, list_counts
from tinsach.app.rows import find_page_url
from tinsach.cleaning import Rejected, find_profile, list_sites
from tinsach.cleaning.given import NOTHING_GIVEN, Given, write_given
from tinsach.datasets.archive import ArchiveWriter, FetchedResponse, new_run_id, salvage
from tinsach.datasets.imports import IMPORT_RUN, Imports, Known, open_imports
from tinsach.datasets.layout import BrokenWorld, DataDir
from tinsach.datasets.locks import site_lock
from tinsach.datasets.own_headers import GIVEN_HEADER, IMPORT_HEADER
from tinsach.datasets.pages import NO_URL

MAX_GIVEN_BYTES = 16_000  # readers of WARC files take no header of more than 32 KiB
_CLOCKS_DIFFER = timedelta(days=1)
MAX_PLACE_CHARS = 8_000  # of where an item came from, which only people read


def import_files(output: Output, data: DataDir, paths: Sequence[Path], *, site: str = "imported") -> int:
    """Archive every item of the files, and of the files in folders; returns the exit code.

    A file that can't be used, or a broken item inside one, is named in one line and the rest goes on; what lies in a
    folder and looks like none of these, and records of WARC files that are no pages, are passed over and counted.
    Raises BrokenWorld when `site` is no name for a folder or an archive can't be written.
    """
    try:
        data.site(site)
    except ValueError as error:
        raise InputError(f"--site {site}: not a name for a folder; use letters, digits, '.', '_' and '-'") from error
    tally = _Tally()
    with ExitStack() as stack:
        archives = _Archives(data, f"{IMPORT_RUN}{new_run_id(datetime.now(UTC))}", stack)  # no age: `prune` leaves it
        for item in _read_all(output, _list_files(paths, tally.passed_over), tally):
            response = _make_response(item)
            name = _choose_site(item, response.url) or site
            tally.items[archives.add(name, response)][name] += 1
    if tally.is_empty:
        output.error(f"{', '.join(map(str, paths))}: nothing to import; it takes pages, texts, WARC, JSONL and Parquet")
    _summarise(output, tally, archives.run)
    return tally.exit_code


@dataclass(slots=True)
class _Tally:
    """What became of the items so far, by site; `faults` are values left out, `passed_over` files, by ending, and
    records of WARC files, by what they are.
    """

    items: dict[Known, Counter[str]] = field(
        default_factory=lambda: {"new": Counter(), "before": Counter(), "again": Counter()}
    )
    failed: int = 0
    faults: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was there, not even what failed."""
        return not (self.failed or any(self.items.values()))

    @property
    def exit_code(self) -> int:
        if not any(self.items.values()):
            return UNUSABLE
        return FAILURES if self.failed or self.faults else DONE


def _summarise(output: Output, tally: _Tally, run: str) -> None:
    archived, known, repeated = tally.items.values()
    output.event(
        "import",
        archived=archived,
        known=known,
        repeated=repeated,
        failed=tally.failed,
        faults=tally.faults,
        passed_over=tally.passed_over,
        run=run,
    )
    names = sorted(archived.keys() | known.keys() | repeated.keys())
    rows: list[list[Cell]] = [[name, archived[name], known[name], repeated[name]] for name in names]
    output.table("Imported", ("site", "archived", "there before", "repeated"), rows)
    if tally.passed_over:
        output.note(f"passed over: {list_counts(tally.passed_over)}")
    told = [f"{count(archived.total(), 'item')} archived"]
    told += [f"{known.total():,} imported before"] if known else []
    told += [f"{repeated.total():,} equal another of this import"] if repeated else []
    told += [f"{count(tally.faults, 'value')} left out"] if tally.faults else []
    hint = "; `tinsach build` cleans them" if archived else ""
    output.note(", ".join([*told, f"{tally.failed} failed"]) + hint)


class _Archives:
    """The archives that items go to, each opened, and its site locked, at the first item; each item once."""

    def __init__(self, data: DataDir, run: str, stack: ExitStack) -> None:
        self.run = run
        self._data = data
        self._stack = stack
        self._open: dict[str, tuple[Imports, ArchiveWriter]] = {}

    def add(self, name: str, response: FetchedResponse) -> Known:
        """Archive an item unless its like was imported before, or again by this import."""
        if name not in self._open:
            folder = self._data.site(name)
            self._stack.enter_context(site_lock(folder))
            salvage(folder)
            software = {"software": f"tinsach/{version('tinsach')} import"}
            imports = self._stack.enter_context(open_imports(folder))  # left after the writer, whose files it notes
            writer = self._stack.enter_context(ArchiveWriter(folder, self.run, software=software))
            self._open[name] = imports, writer
        imports, writer = self._open[name]
        given = dict(response.headers).get(GIVEN_HEADER.encode(), b"").decode()
        known = imports.add(response.url, response.body, given)
        if known == "new":
            writer.write(response)
        return known


def _read_all(output: Output, files: Iterable[Path], tally: _Tally) -> Iterator[Document]:
    """Every item; what can't be read is told and counted here."""
    for path in files:
        try:
            at = datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.exists() else None
            for item in read_documents(path):
                if isinstance(item, Document):
                    document = _without_future(_fit_given(item))
                    tally.faults += len(document.faults)
                    for fault in document.faults:
                        output.error(fault)
                    yield document if document.fetched_at else replace(document, fetched_at=at)
                elif isinstance(item, PassedOver):
                    tally.passed_over[item.what] += 1
                else:
                    tally.failed += 1
                    output.error(f"{item.place}: {item.cause}; skipped")
        except BrokenWorld as error:
            tally.failed += 1
            output.error(str(error))


def _list_files(paths: Sequence[Path], passed_over: Counter[str]) -> Iterator[Path]:
    """The files named, and of those in the folders named the ones to read, in order of their names.

    The others are counted by ending, also what a browser saved beside a page; hidden ones are not even that.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(file for file in path.rglob("*") if file.is_file())
        saved_with = {
            page.with_name(f"{page.stem}_files") for page in inside if page.suffix.lower() in (".html", ".htm")
        }
        for file in inside:
            if any(part.startswith(".") for part in file.relative_to(path).parts):
                continue
            if saved_with.isdisjoint(file.parents) and is_known(file):
                yield file
            else:
                passed_over[file.suffix.lower() or "without ending"] += 1


def _choose_site(document: Document, url: str) -> str | None:
    """The paper whose archive an item belongs to: that of its address, else the one its row names; None for another."""
    profile = find_profile(url)
    if profile is None and url.startswith(NO_URL) and document.given.site in list_sites():
        return document.given.site
    return profile.site if profile else None


def _make_response(document: Document) -> FetchedResponse:
    """The item as the archive holds it: a page as it came, a text as plain text in UTF-8."""
    source = document.html if document.html is not None else document.text or ""
    body = source.encode() if isinstance(source, str) else source
    kind = "text" if document.html is None else "html"
    charset = "utf-8" if isinstance(source, str) else document.charset
    content_type = f"text/{'plain' if kind == 'text' else 'html'}" + (f"; charset={charset}" if charset else "")
    headers = (
        (b"Content-Type", content_type.encode()),
        (IMPORT_HEADER.encode(), f"{kind} {quote(document.place)[:MAX_PLACE_CHARS]}".encode()),
        *([(GIVEN_HEADER.encode(), _write_line(document.given))] if document.given != NOTHING_GIVEN else []),
    )
    url = _find_url(document, body)
    return FetchedResponse(url, 200, "OK", headers, body, document.fetched_at or datetime.now(UTC))


def _without_future(document: Document) -> Document:
    """The document without a time of fetching that is to come: it would go before all that is fetched until then."""
    if document.fetched_at is None or document.fetched_at <= datetime.now(UTC) + _CLOCKS_DIFFER:
        return document
    fault = f"{document.place}: fetched at {document.fetched_at:%Y-%m-%d %H:%MZ}, which is to come"
    return replace(document, fetched_at=None, faults=(*document.faults, f"{fault}; the value is left out"))


def _fit_given(document: Document) -> Document:
    """The document, without the longest columns beside its text when a header can't hold all; each is a fault then."""
    given, faults = document.given, list(document.faults)
    while len(_write_line(given)) > MAX_GIVEN_BYTES:
        sizes = {column: len(json.dumps(value)) for column, value in write_given(given).items()}
        longest = max(sizes, key=sizes.__getitem__)
        given = replace(given, **{longest: getattr(NOTHING_GIVEN, longest)})
        faults.append(
            f"{document.place}: column {longest!r} holds {sizes[longest]:,} bytes, and all beside the text may hold "
            f"{MAX_GIVEN_BYTES:,}; the value is left out"
        )
    return replace(document, given=given, faults=tuple(faults))


def _write_line(given: Given) -> bytes:
    """What the row says of the article: in ASCII, and its texts hold single spaces only, so no reader changes it."""
    return json.dumps(write_given(given)).encode()


def _find_url(document: Document, body: bytes) -> str:
    """The item's own address, or one that stands for its bytes when neither it nor its page names one."""
    url = document.url
    if not url and document.html is not None:
        try:
            url = find_page_url(document.html, charset=document.charset)
        except Rejected:  # the build says why it is no page
            url = None
    return url or NO_URL + hashlib.blake2b(body, digest_size=12).hexdigest()
