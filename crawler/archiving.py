"""What a crawl of one site keeps: lock, ledger and archive behind one door. No Scrapy, no network, no clock of its own.

The order that makes a crash harmless: a response is written, the archive is synced, then the ledger is committed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from tinsach.cleaning.profile import Profile
from tinsach.crawler.discover import Link
from tinsach.crawler.versions import find_archived_hash, hash_version
from tinsach.datasets.archive import ArchivePosition, ArchiveWriter, FetchedResponse, payload_digest, salvage
from tinsach.datasets.layout import SiteDir
from tinsach.datasets.ledger import (
    FOREVER,
    Announced,
    Announcement,
    Ledger,
    Outcome,
    Validators,
    Visit,
    find_key_rule,
    next_visit,
)
from tinsach.datasets.locks import site_lock
from tinsach.datasets.rebuild import reconcile

__all__ = ["SiteStore", "Validators", "back_off"]

COMMIT_RESPONSES = 50
MAX_PUT_LAST = 10_000  # visits in memory
TRUST_LISTING = timedelta(days=1)
COMMIT_AFTER = timedelta(seconds=2)
# A first failure is asked again by the very next run, then ever more rarely.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (0, 15, 60, 6 * 60, 24 * 60, 7 * 24 * 60))


class SiteStore:
    """One site's ledger and archive, open for one run.

    `counts` tells found, fetched, unchanged, gone, failed, archived. Every method may raise a BrokenWorld (full disk,
    no permission); then only `abandon` may follow.
    """

    def __init__(
        self, profile: Profile, site: SiteDir, ledger: Ledger, archive: ArchiveWriter, stack: ExitStack
    ) -> None:
        self.profile = profile
        self.counts: Counter[str] = Counter()
        self._ledger = ledger
        self._archive = archive
        self._folder: Path = site.archive
        self._stack = stack
        self._uncommitted = 0
        self._committed_at: datetime | None = None

    @classmethod
    def open(cls, site: SiteDir, profile: Profile, *, run: str, software: Mapping[str, str]) -> "SiteStore":
        """Take the site's lock, mend what a crash left, open ledger and archive; raises SiteBusy or a BrokenWorld."""
        with ExitStack() as stack:
            stack.enter_context(site_lock(site))
            salvage(site)
            ledger = stack.enter_context(Ledger.open(site.ledger, find_key_rule(profile.site)))
            reconcile(site, ledger, revisit_after=profile.crawl.revisit_after)
            archive = stack.enter_context(ArchiveWriter(site, run, software=software))
            return cls(profile, site, ledger, archive, stack.pop_all())

    def announce(self, source: str, links: tuple[Link, ...], now: datetime) -> Announced:
        """Take in the links of one page; commits nothing, so that a killed discovery leaves no half-walked source."""
        announced = self._ledger.announce(
            Announcement(
                url=link.url,
                source=source,
                first_seen_at=now,
                hint_at=link.hint_at,
                published_at=link.published_at,
            )
            for link in links
        )
        self.counts["found"] += announced.new
        return announced

    def find_validators(
        self, listing_url: str, now: datetime, *, changed_at: datetime | None = None
    ) -> Validators | None:
        """What to ask a page of announcements with; None when it was not read to its end within a day.

        So a server that says "not modified" for ever hides nothing for longer than that. With `changed_at` also None
        when it was not read since; a day is added to that, for it may be all that is told of the change.
        """
        read_since = now - TRUST_LISTING
        if changed_at:
            read_since = max(read_since, min(changed_at, now) + TRUST_LISTING)
        return self._ledger.find_validators(listing_url, read_since=read_since)

    def keep_validators(self, listing_url: str, validators: Validators, now: datetime) -> None:
        """A page of announcements was read to its end."""
        self._ledger.keep_validators(listing_url, validators, now)

    def keep_heard(self, run: str) -> None:
        """Discovery is over: what this run heard from each source is remembered until the next one's is."""
        self._ledger.keep_heard(run)

    def count_announced(self) -> Mapping[str, tuple[int, int]]:
        """Of each source: how many URLs this run heard from it, and how many of them from no other."""
        return self._ledger.count_announced()

    def count_outcomes(self) -> Mapping[str, Mapping[str, int]]:
        """Of each source: the states of the URLs that this run heard from it."""
        return self._ledger.count_outcomes()

    def due(
        self, now: datetime, *, limit: int | None = None, since: datetime | None = None, revisit_now: bool = False
    ) -> list[Visit]:
        """The URLs to ask, newest first; `revisit_now` adds those whose next visit is still to come."""
        return list(self.plan(now, limit=limit, since=since, revisit_now=revisit_now))

    def plan(
        self,
        now: datetime,
        *,
        limit: int | None = None,
        since: datetime | None = None,
        revisit_now: bool = False,
        only_announced: bool = False,
    ) -> Iterator[Visit]:
        """`due`, a batch at a time; `only_announced` leaves out what this run did not hear of.

        What failed before comes last: a host that is given up because of it has been asked for everything else.
        """
        until = FOREVER if revisit_now else now
        return put_failed_last(self._ledger.iterate_due(until, limit=limit, since=since, only_announced=only_announced))

    def keep(self, visit: Visit, response: FetchedResponse, validators: Validators) -> ArchivePosition | None:
        """Archive a body and say where, unless the version we have has the same bytes or cleaned text (None)."""
        self.counts["fetched"] += 1
        final_key = self._ledger.key_of(response.url)
        known = visit if final_key == visit.key else self._ledger.find(final_key) or visit
        digest, text_hash = payload_digest(response.body), None
        if digest != known.digest and known.digest:
            text_hash = _hash_response(response)
        is_known = known.digest and (digest == known.digest or text_hash == find_archived_hash(self._folder, known))
        if is_known and known.state != "gone":  # that it is back must be in the archive too
            self._keep_none(visit, known, response, validators, text_hash)
            return None
        outcome = Outcome(
            status=response.status,
            position=self._archive.write(response),
            fetched_at=response.fetched_at,
            validators=validators,
            text_hash=text_hash,
            next_visit_at=self._next_visit(visit, response.fetched_at),
        )
        self._ledger.mark_done(visit.key, outcome)
        if final_key != visit.key:  # the article under its new address is the same page: not to be fetched for itself
            here = Announcement(url=response.url, source=visit.source, first_seen_at=visit.first_seen_at)
            self._ledger.announce([here])
            self._ledger.mark_done(final_key, outcome)
        self._count("archived", response.fetched_at)
        return outcome.position

    def mark_unchanged(
        self, visit: Visit, now: datetime, validators: Validators | None = None, *, text_hash: str | None = None
    ) -> None:
        """The archived version is still what the site has; its validators may be others."""
        self._ledger.mark_unchanged(
            visit.key, now, self._next_visit(visit, now), validators=validators, text_hash=text_hash
        )
        self._count("unchanged", now)

    def mark_gone(self, visit: Visit, answer: FetchedResponse) -> None:
        """The site took the article down; of one that was known the archive keeps the answer, for a lost ledger."""
        if visit.visited_at and visit.state != "gone":
            self._archive.write(answer)
        self._ledger.mark_gone(visit.key, answer.status, answer.fetched_at)
        self._count("gone", answer.fetched_at)

    def mark_failed(self, visit: Visit, cause: str, now: datetime) -> None:
        """The article could not be had; a later run asks again, the more failures the later."""
        self._ledger.mark_failed(visit.key, cause, now, now + back_off(visit.attempts))
        self._count("failed", now)

    def commit(self, now: datetime) -> None:
        """Make everything so far survive a crash."""
        self._archive.sync()
        self._ledger.commit()
        self._uncommitted, self._committed_at = 0, now

    def close(self, now: datetime) -> None:
        """Commit, give the archive file its final name, free the lock (also when one of these fails)."""
        with self._stack:
            self.commit(now)
            self._archive.close()
            self._ledger.add_archives(self._archive.files)
            self._ledger.commit()

    def abandon(self) -> None:
        """Free everything, keep nothing since the last commit but whole responses; the next run makes up the ledger."""
        if not self._committed_at:  # what was announced is forgotten, and so it was not found
            self.counts["found"] = 0
        self._stack.close()

    def _keep_none(
        self, visit: Visit, known: Visit, response: FetchedResponse, validators: Validators, text_hash: str | None
    ) -> None:
        """The archive has this version; an address that leads to a known article gets its place.

        Of the same bytes a revisit record says that they came again; other bytes with the same text leave no trace.
        """
        if known.warc_file is not None and known.warc_offset is not None and known.digest is not None:
            position = ArchivePosition(known.warc_file, known.warc_offset, known.digest)
            if text_hash is None:
                self._archive.write_unchanged(response, position)
            if known.key != visit.key:
                outcome = Outcome(status=response.status, position=position, fetched_at=response.fetched_at)
                self._ledger.mark_done(visit.key, outcome)
        self.mark_unchanged(visit, response.fetched_at, validators, text_hash=text_hash)

    def _count(self, name: str, now: datetime) -> None:
        self.counts[name] += 1
        self._uncommitted += 1
        if self._committed_at is None:
            self._committed_at = now
        if self._uncommitted >= COMMIT_RESPONSES or now - self._committed_at >= COMMIT_AFTER:
            self.commit(now)

    def _next_visit(self, visit: Visit, now: datetime) -> datetime | None:
        """By the article's age, not by ours: an old one found today is not young."""
        return next_visit(visit.born_at, now, self.profile.crawl.revisit_after)


def put_failed_last(visits: Iterator[Visit]) -> Iterator[Visit]:
    """The visits in their order, those that failed before at the end (as far as it is worth to remember them)."""
    failed: list[Visit] = []
    for visit in visits:
        if visit.state == "failed" and len(failed) < MAX_PUT_LAST:
            failed.append(visit)
        else:
            yield visit
    yield from failed


def back_off(attempts: int) -> timedelta:
    """How long to leave a URL alone that failed `attempts` times before this failure.

    >>> [str(back_off(n)) for n in (0, 1, 99)]
    ['0:00:00', '0:15:00', '7 days, 0:00:00']
    """
    return BACK_OFF[min(attempts, len(BACK_OFF) - 1)]


def _hash_response(response: FetchedResponse) -> str:
    return hash_version(response.body, url=response.url, charset=response.charset)
