"""Brings a ledger up to its archive: after a crash, and when the ledger was lost."""

from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus

from tinsach.datasets.archive import ArchivedResponse, ArchiveError, ArchivePosition, list_archive, read_archive
from tinsach.datasets.layout import SiteDir
from tinsach.datasets.ledger import Announcement, Ledger, Outcome, Validators, Visit, next_visit
from tinsach.datasets.own_headers import ASKED_HEADER, GONE_HEADER
from tinsach.datasets.visits import GONE_STATUSES

_SOURCE = "archive"


def reconcile(site: SiteDir, ledger: Ledger, *, revisit_after: Sequence[timedelta] = ()) -> int:
    """Bring the ledger up to the archive: archived responses it lacks become done (or gone), and commit.

    Returns how many those were. A lost ledger is rebuilt by this. Only files not read before are read; one that can't
    be read at all is left for `build` to report. Hold the site's lock, after `salvage`.
    """
    added, known = 0, ledger.known_archives()
    for path in list_archive(site):
        if path.name in known:
            continue
        try:
            for item in read_archive(path):
                if isinstance(item, ArchivedResponse) and _is_visit(item):
                    added += _add_archived(ledger, path.name, item, revisit_after)
        except ArchiveError:
            continue
        ledger.add_archives([path.name])
        ledger.commit()
    return added


def _is_visit(response: ArchivedResponse) -> bool:
    """Whether its page need not be fetched; a text that was imported is no page."""
    return _is_gone(response) or (response.status == HTTPStatus.OK and not response.is_imported_text)


def _is_gone(response: ArchivedResponse) -> bool:
    return response.status in GONE_STATUSES or response.header(GONE_HEADER) is not None


def _add_archived(
    ledger: Ledger, warc_file: str, response: ArchivedResponse, revisit_after: Sequence[timedelta]
) -> bool:
    """Take in one response, for the address that was asked and for the one that answered; whether it was news."""
    asked = {response.url: True, response.header(ASKED_HEADER) or response.url: True}
    keys: dict[str, str] = {}
    for url in asked:
        try:
            keys.setdefault(ledger.key_of(url), url)
        except ValueError:
            continue  # archived by another tool, and nothing that a crawl would ask for
    lacking = {key: ledger.find(key) for key in keys}
    lacking = {key: visit for key, visit in lacking.items() if _is_older(visit, response)}
    for key, visit in lacking.items():
        if visit is None:
            found = Announcement(url=keys[key], source=_SOURCE, first_seen_at=response.fetched_at)
            ledger.announce([found])
        _mark(ledger, key, visit, ArchivePosition(warc_file, response.offset, response.digest), response, revisit_after)
    return bool(lacking)


def _is_older(visit: Visit | None, response: ArchivedResponse) -> bool:
    return visit is None or visit.visited_at is None or visit.visited_at < response.fetched_at


def _mark(
    ledger: Ledger,
    key: str,
    visit: Visit | None,
    position: ArchivePosition,
    response: ArchivedResponse,
    revisit_after: Sequence[timedelta],
) -> None:
    fetched_at = response.fetched_at
    if _is_gone(response):
        ledger.mark_gone(key, response.status, fetched_at)
        return
    outcome = Outcome(
        status=response.status,
        position=position,
        fetched_at=fetched_at,
        validators=Validators(response.header("ETag"), response.header("Last-Modified")),
        next_visit_at=next_visit(visit.born_at if visit else fetched_at, fetched_at, revisit_after),
    )
    ledger.mark_done(key, outcome)
