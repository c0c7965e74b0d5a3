"""`tinsach import`: other people's pages and texts into the archive, where all that is built and released comes from.

A page of a paper we know goes to that paper's archive, everything else to one archive named by the user. Items are
taken one by one, so a file may be larger than memory; each keeps in its headers where it came from.
"""

import hashlib
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
from tinsach.app.output import Output
from tinsach.app.rows import find_page_url
from tinsach.cleaning import Rejected, find_profile
from tinsach.datasets.archive import ArchiveWriter, FetchedResponse, new_run_id
from tinsach.datasets.ids import url_key
from tinsach.datasets.layout import BrokenWorld, DataDir
from tinsach.datasets.locks import site_lock
from tinsach.datasets.pages import IMPORT_HEADER

NO_URL = "https://import.invalid/"  # .invalid never resolves (RFC 2606); the item's digest follows


def import_files(output: Output, data: DataDir, paths: Sequence[Path], *, site: str = "imported") -> int:
    """Archive every item of the files, and of the files in folders; returns the exit code.

    A file that can't be used, or a broken item inside one, is named in one line and the rest goes on. Raises
    BrokenWorld when `site` is no name for a folder or an archive can't be written.
    """
    try:
        data.site(site)
    except ValueError as error:
        raise InputError(f"--site {site}: not a name for a folder; use letters, digits, '.', '_' and '-'") from error
    archived: Counter[str] = Counter()
    failed = 0
    with ExitStack() as stack:
        writers: dict[str, ArchiveWriter] = {}
        run = new_run_id(datetime.now(UTC))
        for item in _read_all(paths):
            if not isinstance(item, Document):
                failed += 1
                output.error(item)
                continue
            response = _make_response(item)
            profile = find_profile(response.url)
            name = profile.site if profile else site
            if name not in writers:
                stack.enter_context(site_lock(data.site(name)))
                software = {"software": f"tinsach/{version('tinsach')} import"}
                writers[name] = stack.enter_context(ArchiveWriter(data.site(name), run, software=software))
            writers[name].write(response)
            archived[name] += 1
    output.event("import", archived=archived, failed=failed, run=run)
    output.table("Imported", ("site", "archived"), sorted(archived.items()))
    output.note(f"{archived.total()} items archived, {failed} failed; `tinsach build` cleans them")
    if failed:
        return FAILURES if archived else UNUSABLE
    return DONE


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
        (IMPORT_HEADER.encode(), f"{kind} {quote(document.place)}".encode()),
    )
    url = _find_url(document, body)
    return FetchedResponse(url, 200, "OK", headers, body, document.fetched_at or datetime.now(UTC))


def _find_url(document: Document, body: bytes) -> str:
    """The item's own address when it has a proper one, else one that stands for its bytes."""
    url = document.url
    if not url and document.html is not None:
        try:
            url = find_page_url(document.html, charset=document.charset)
        except Rejected:  # the build says why it is no page
            url = None
    try:
        url_key(url or "")
    except ValueError:
        return NO_URL + hashlib.blake2b(body, digest_size=12).hexdigest()
    return url or ""
