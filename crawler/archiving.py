"""What a crawl of one site keeps: lock, ledger and archive behind one door. No Scrapy, no network, no clock of its own.

The order that makes a crash harmless: a response is written, the archive is synced, then the ledger is committed.
"""

from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from tinsach.cleaning.profile import Profile
from tinsach.crawler.discover import Link
from tinsach.crawler.walk import Announced
from tinsach.datasets.archive import ArchivePosition, ArchiveWriter, FetchedResponse, payload_digest, salvage
from tinsach.datasets.ids import url_key
from tinsach.datasets.layout import SiteDir
from tinsach.datasets.ledger import FOREVER, Announcement, Ledger, Outcome, Visit, next_visit, reconcile
from tinsach.datasets.locks import site_lock

COMMIT_RESPONSES = 50
COMMIT_AFTER = timedelta(seconds=2)
# A first failure is asked again by the very next run, then ever more rarely.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (0, 15, 60, 6 * 60, 24 * 60, 7 * 24 * 60))


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gives to ask "has it changed?" with: ETag and Last-Modified, as sent."""

    etag: str | None = None
    last_modified: str | None = None


class SiteStore:
    """One site's ledger and archive, open for one run.

    `counts` tells found, fetched, unchanged, gone, failed, archived. Every method may raise a BrokenWorld (full disk,
    no permission); then only `abandon` may follow.
    """

    def __init__(self, profile: Profile, ledger: Ledger, archive: ArchiveWriter, stack: ExitStack) -> None:
        self.profile = profile
        self.counts: Counter[str] = Counter()
        self._ledger = ledger
        self._archive = archive
        self._stack = stack
        self._uncommitted = 0
        self._committed_at: datetime | None = None

    @classmethod
    def open(cls, site: SiteDir, profile: Profile, *, run: str, software: Mapping[str, str]) -> "SiteStore":
        """Take the site's lock, mend what a crash left, open ledger and archive; raises SiteBusy or a BrokenWorld."""
        with ExitStack() as stack:
            stack.enter_context(site_lock(site))
            salvage(site)
            ledger = stack.enter_context(Ledger.open(site.ledger))
            ages = profile.crawl.revisit_after
            reconcile(site, ledger, revisit_after=ages, find_article_id=profile.find_article_id)
            archive = stack.enter_context(ArchiveWriter(site, run, software=software))
            return cls(profile, ledger, archive, stack.pop_all())

    def announce(self, source: str, links: tuple[Link, ...], now: datetime) -> Announced:
        """Take in the links of one page; commits nothing, so that a killed discovery leaves no half-walked source."""
        keyed = {url_key(link.url): link for link in links}
        visits = [self._ledger.find(key) for key in keyed]
        self._ledger.announce(
            Announcement(
                url=link.url,
                key=key,
                source=source,
                first_seen_at=now,
                article_id=self.profile.find_article_id(link.url),
                hint_at=link.hint_at,
            )
            for key, link in keyed.items()
        )
        new = visits.count(None)
        self.counts["found"] += new
        return Announced(new=new, unfetched=new + sum(visit is not None and visit.state == "found" for visit in visits))

    def due(
        self, now: datetime, *, limit: int | None = None, since: datetime | None = None, revisit_now: bool = False
    ) -> list[Visit]:
        """The URLs to ask, newest first; `revisit_now` adds those whose next visit is still to come."""
        return self._ledger.due(FOREVER if revisit_now else now, limit=limit, since=since)

    def keep(self, visit: Visit, response: FetchedResponse, validators: Validators) -> None:
        """Archive a body; of one that is byte for byte what we have, only that it came again (a revisit record)."""
        self.counts["fetched"] += 1
        if payload_digest(response.body) == visit.digest:
            if visit.warc_file is not None and visit.warc_offset is not None:
                position = ArchivePosition(visit.warc_file, visit.warc_offset, visit.digest)
                self._archive.write_unchanged(response, position)
            self.mark_unchanged(visit, response.fetched_at)
            return
        position = self._archive.write(response)
        outcome = Outcome(
            status=response.status,
            position=position,
            fetched_at=response.fetched_at,
            etag=validators.etag,
            last_modified=validators.last_modified,
            next_visit_at=self._next_visit(visit, response.fetched_at),
        )
        self._ledger.mark_done(visit.key, outcome)
        self._count("archived", response.fetched_at)

    def mark_unchanged(self, visit: Visit, now: datetime) -> None:
        """The archived version is still what the site has."""
        self._ledger.mark_unchanged(visit.key, now, self._next_visit(visit, now))
        self._count("unchanged", now)

    def mark_gone(self, visit: Visit, status: int, now: datetime) -> None:
        """The site took the article down."""
        self._ledger.mark_gone(visit.key, status, now)
        self._count("gone", now)

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

    def _count(self, name: str, now: datetime) -> None:
        self.counts[name] += 1
        self._uncommitted += 1
        if self._committed_at is None:
            self._committed_at = now
        if self._uncommitted >= COMMIT_RESPONSES or now - self._committed_at >= COMMIT_AFTER:
            self.commit(now)

    def _next_visit(self, visit: Visit, now: datetime) -> datetime | None:
        """By the article's age, not by ours: an old one found today is not young."""
        born_at = min(visit.hint_at or visit.first_seen_at, visit.first_seen_at)
        return next_visit(born_at, now, self.profile.crawl.revisit_after)


def back_off(attempts: int) -> timedelta:
    """How long to leave a URL alone that failed `attempts` times before this failure.

    >>> [str(back_off(n)) for n in (0, 1, 99)]
    ['0:00:00', '0:15:00', '7 days, 0:00:00']
    """
    return BACK_OFF[min(attempts, len(BACK_OFF) - 1)]
