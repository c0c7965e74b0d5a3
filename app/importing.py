"""`tinsach import`: other people's pages and texts into the archive, where all that is built and released comes from.

A page of a paper we know goes to that paper's archive, everything else to one archive named by the user. Items are
taken one by one, so a file may be larger than memory; each keeps in its headers where it came from.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from tinsach.app.exits import DONE, FAILURES, UNUSABLE
from tinsach.app.inputs import Document, InputError, read_documents
from tinsach.app.output import Cell, Output, count
from tinsach.app.rows import find_page_url
from tinsach.cleaning import Rejected, find_profile, list_sites
from tinsach.cleaning.given import write_given
from tinsach.datasets.archive import ArchiveWriter, FetchedResponse, new_run_id, salvage
from tinsach.datasets.imports import IMPORT_RUN, Imports, Known, open_imports
from tinsach.datasets.layout import BrokenWorld, DataDir
from tinsach.datasets.locks import site_lock
from tinsach.datasets.pages import GIVEN_HEADER, IMPORT_HEADER, NO_URL

MAX_GIVEN_BYTES = 16_000  # readers of WARC files take no header of more than 32 KiB
MAX_PLACE_CHARS = 8_000  # of where an item came from, which only people read


def import_files(output: Output, data: DataDir, paths: Sequence[Path], *, site: str = "imported") -> int:
    """Archive every item of the files, and of the files in folders; returns the exit code.

    A file that can't be used, or a broken item inside one, is named in one line and the rest goes on. Raises
    BrokenWorld when `site` is no name for a folder or an archive can't be written.
    """
    try:
        data.site(site)
    except ValueError as error:
        raise InputError(f"--site {site}: not a name for a folder; use letters, digits, '.', '_' and '-'") from error
    counts: dict[Known, Counter[str]] = {"new": Counter(), "before": Counter(), "again": Counter()}
    failed = 0
    with ExitStack() as stack:
        archives = _Archives(data, f"{IMPORT_RUN}{new_run_id(datetime.now(UTC))}", stack)  # no age: `prune` leaves it
        for item in _read_all(paths):
            if not isinstance(item, Document):
                failed += 1
                output.error(item)
                continue
            try:
                response = _make_response(item)
            except InputError as error:
                failed += 1
                output.error(str(error))
                continue
            name = _choose_site(item, response.url) or site
            counts[archives.add(name, response)][name] += 1
    archived, known, repeated = counts.values()
    output.event("import", archived=archived, known=known, repeated=repeated, failed=failed, run=archives.run)
    names = sorted(archived.keys() | known.keys() | repeated.keys())
    rows: list[list[Cell]] = [[name, archived[name], known[name], repeated[name]] for name in names]
    output.table("Imported", ("site", "archived", "there before", "repeated"), rows)
    output.note(_tell(archived.total(), known.total(), repeated.total(), failed))
    if failed:
        return FAILURES if names else UNUSABLE
    return DONE


def _tell(archived: int, known: int, repeated: int, failed: int) -> str:
    """The last line.

    >>> _tell(0, 2, 1, 0)
    '0 items archived, 2 imported before, 1 equal another of this import, 0 failed'
    """
    before = f"{known:,} imported before, " if known else ""
    again = f"{repeated:,} equal another of this import, " if repeated else ""
    hint = "; `tinsach build` cleans them" if archived else ""
    return f"{count(archived, 'item')} archived, {before}{again}{failed} failed{hint}"


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


def _read_all(paths: Sequence[Path]) -> Iterator[Document | str]:
    """Every item, and a line for each that can't be read."""
    for path in _list_files(paths):
        try:
            at = datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.exists() else None
            for item in read_documents(path):
                if isinstance(item, Document):
                    yield item if item.fetched_at else _dated(item, at)
                else:
                    yield f"{item.place}: {item.cause}; skipped"
        except BrokenWorld as error:
            yield str(error)


def _list_files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and those in the folders named, in order of their names; hidden ones are passed over."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(file for file in path.rglob("*") if file.is_file())
        yield from (file for file in inside if not any(part.startswith(".") for part in file.relative_to(path).parts))


def _choose_site(document: Document, url: str) -> str | None:
    """The paper whose archive an item belongs to: that of its address, else the one its row names; None for another."""
    profile = find_profile(url)
    if profile is None and url.startswith(NO_URL) and document.given.site in list_sites():
        return document.given.site
    return profile.site if profile else None


def _dated(document: Document, at: datetime | None) -> Document:
    return replace(document, fetched_at=at)


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
        *_given_header(document),
    )
    url = _find_url(document, body)
    return FetchedResponse(url, 200, "OK", headers, body, document.fetched_at or datetime.now(UTC))


def _given_header(document: Document) -> Iterator[tuple[bytes, bytes]]:
    """What the row says of the article, if anything; raises InputError for more than a header can hold."""
    given = write_given(document.given)
    line = json.dumps(given).encode()  # in ASCII, and its texts hold single spaces only: no reader changes it
    if len(line) > MAX_GIVEN_BYTES:
        longest = max(given, key=lambda column: len(json.dumps(given[column])))
        size = (
            f"column {longest!r} and the others hold {len(line):,} bytes beside the text, {MAX_GIVEN_BYTES:,} at most"
        )
        raise InputError(f"{document.place}: {size}; shorten it or leave it out; skipped")
    if given:
        yield GIVEN_HEADER.encode(), line


def _find_url(document: Document, body: bytes) -> str:
    """The item's own address, or one that stands for its bytes when neither it nor its page names one."""
    url = document.url
    if not url and document.html is not None:
        try:
            url = find_page_url(document.html, charset=document.charset)
        except Rejected:  # the build says why it is no page
            url = None
    return url or NO_URL + hashlib.blake2b(body, digest_size=12).hexdigest()
