"""The walk over a site's sitemaps: each map once, newest first, until nothing new can come.

As in `walk`: no Scrapy, failures are in `ended`. What one map fails at keeps no other from being read.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from heapq import heapify, heappop, heappush
from itertools import count, islice

from tinsach.cleaning.dates import VIETNAM
from tinsach.cleaning.profile import Profile
from tinsach.crawler.discover import Link, Unreadable, is_feed, read_feed
from tinsach.crawler.report import SourceReport
from tinsach.crawler.sitemaps import MAX_UNPACKED_BYTES, MapRef, Span, find_span, month_url, read_map
from tinsach.crawler.walk import Desk, FetchFailed, NotModified, Page, Tally, WalkRules
from tinsach.datasets.visits import GONE_STATUSES

MAX_LINKS = 10_000  # of all maps: a first run without dates goes no further back; --from and --to do
MAX_MONTHS_BACK = 24  # of maps that no index lists
_BATCH_LINKS = 1_000
_STAMPED_LINKS = 20  # so many entries with one and the same lastmod were stamped when the map was made


@dataclass(slots=True)
class MapWalker:
    """Walks the maps of one site. `read` are those asked in this run, `listed` all that any index names.

    `taken` counts the links that all of them announced.
    """

    profile: Profile
    desk: Desk
    rules: WalkRules
    roots: tuple[str, ...]
    read: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    taken: int = 0

    async def walk(self, root: str) -> SourceReport:
        """Announce what a sitemap, or the maps of an index, list."""
        walk = _Walk(self, Tally(root, "sitemap", self.desk, self.rules))
        walk.push([MapRef(root)])
        return await walk.run()

    async def walk_months(self, template: str, now: datetime) -> SourceReport | None:
        """The maps of months under their known names, as far as no index lists them; None when there is none to ask."""
        months = [month_url(template, at) for at in _months_back(now, self.rules.only)]
        if self.rules.only is None and any(find_span(url) for url in self.listed):
            months = months[:1]  # an index that lists a month only when it is over
        missing = [url for url in months if url not in self.listed | self.read]
        if not missing:
            return None
        walk = _Walk(self, Tally(template, "sitemap", self.desk, self.rules), is_built=True)
        walk.push(MapRef(url) for url in missing)
        return await walk.run()


@dataclass(slots=True)
class _Walk:
    """One source's maps that wait, newest first, why some of them need not be read, and what went wrong so far."""

    walker: MapWalker
    tally: Tally
    is_built: bool = False  # names made by us: such a map need not exist
    waiting: list[tuple[float, int, MapRef]] = field(default_factory=list)
    order: Iterator[int] = field(default_factory=count)
    failures: list[str] = field(default_factory=list)
    stopped: str | None = None
    misses: int = 0

    def push(self, refs: Iterable[MapRef]) -> None:
        for ref in refs:
            age = -ref.newest_at.timestamp() if ref.newest_at else float("-inf")
            heappush(self.waiting, (age, next(self.order), ref))

    async def run(self) -> SourceReport:
        ended = None
        while self.waiting and not ended:
            ref = heappop(self.waiting)[2]
            is_elsewhere = ref.url in self.walker.roots and ref.url != self.tally.source
            if ref.url in self.walker.read or is_elsewhere or not self._is_asked_for(ref):
                continue
            ended = self._find_end(ref)
            if not ended:
                self._stop(ref, self._find_known(ref) or await self._take_map(ref))
        if self.failures:
            return self.tally.report(self.failures[0])
        return self.tally.report(ended or self.stopped or "whole")

    def _stop(self, ref: MapRef, why: str | None) -> None:
        """With a reason: leave the maps out that are older than this one, as it is told of them: by days, or by change.

        Maps of days end where one has nothing new. Those of categories go on: each has news of its own.
        """
        if why:
            self.stopped = self.stopped or why
            self.waiting = [entry for entry in self.waiting if bool(entry[2].span) != bool(ref.span)]
            heapify(self.waiting)

    def _is_asked_for(self, ref: MapRef) -> bool:
        """Whether a backfill can find its days in the map."""
        only = self.tally.rules.only
        if only is None:
            return True
        if ref.span:
            return ref.span.meets(only)
        return ref.changed_at is None or ref.changed_at >= only.start

    def _find_end(self, ref: MapRef) -> str | None:
        """Why nothing from this map on is read: they all are older."""
        rules = self.tally.rules
        if rules.since and ref.newest_at and ref.newest_at < rules.since:
            return "since"
        if rules.only is None and self.walker.taken >= MAX_LINKS and ref.url != self.tally.source:
            return "limit"
        return "limit" if self.tally.pages >= max(rules.max_pages, 12 * 100 if rules.only else 0) else None

    def _find_known(self, ref: MapRef) -> str | None:
        """Whether a map that tells no days, and so all that changed before it, was read since its last change."""
        if ref.span or not ref.changed_at or not self.tally.rules.stops_at_known(self.tally.source):
            return None
        return "known" if self.walker.desk.has_read(ref.url, changed_at=ref.changed_at) else None

    async def _take_map(self, ref: MapRef) -> str | None:
        """Read one map; why those behind it are left out, or None to go on."""
        walker, tally = self.walker, self.tally
        walker.read.add(ref.url)
        stops = tally.rules.stops_at_known(tally.source) and ref.span is not None
        try:
            # What is remembered was read to its end, also in a walk that failed elsewhere.
            is_asked_if_changed = tally.rules.only is None
            page = await walker.desk.fetch(ref.url, if_changed=is_asked_if_changed, max_bytes=MAX_UNPACKED_BYTES)
            unfetched = await self._read(ref, page)
        except NotModified:
            return "unchanged" if stops or ref.url == tally.source else None
        except (FetchFailed, Unreadable) as error:
            return self._take_failure(ref, error)
        return "known" if stops and unfetched == 0 else None

    def _take_failure(self, ref: MapRef, error: FetchFailed | Unreadable) -> str | None:
        is_gone = isinstance(error, FetchFailed) and error.status in GONE_STATUSES
        if self.is_built and is_gone:
            self.misses += 1
            return "whole" if self.misses > 1 and not self.tally.rules.only else None
        said = self.tally.rules.say_failed(error, "sitemaps")
        self.failures.append(said if ref.url == self.tally.source else f"{said} ({ref.url})")
        return None

    async def _read(self, ref: MapRef, page: Page) -> int | None:
        """Announce a map's links batch by batch; how many are not fetched yet, None when it has no link to an article.

        A map of maps is never remembered: a month's map changes while the index that names it stays.
        """
        tally, refs = self.tally, list[MapRef]()
        tally.pages += 1
        unfetched = links = 0
        for batch in _batches(_entries(page, self.walker.profile, refs)):
            unfetched += tally.take(batch, ref.span)
            links += len(batch)
            self.walker.taken += len(batch)
            await asyncio.sleep(0)  # a large map holds up no other source
        self.walker.listed.update(child.url for child in refs)
        self.push(refs)
        if not refs:
            self.walker.desk.remember(ref.url, page)
        return unfetched if links else None


def _entries(page: Page, profile: Profile, refs: list[MapRef]) -> Iterator[Link]:
    """The links of a map, or of a feed that stands for one; further maps go to `refs`."""
    if is_feed(page.body):
        yield from read_feed(page.body, url=page.url, profile=profile, content_type=page.content_type).links
        return
    for entry in read_map(page.body, url=page.url, profile=profile):
        if isinstance(entry, MapRef):
            refs.append(entry)
        else:
            yield entry


def _batches(links: Iterator[Link]) -> Iterator[tuple[Link, ...]]:
    while batch := tuple(islice(links, _BATCH_LINKS)):
        yield drop_stamps(batch)


def drop_stamps(links: tuple[Link, ...]) -> tuple[Link, ...]:
    """The links without a time that most of them share: when the map was made says nothing of an article."""
    hints = Counter(link.hint_at for link in links if link.hint_at)
    ((stamp, times),) = hints.most_common(1) or ((None, 0),)
    if times < _STAMPED_LINKS or 2 * times < len(links):
        return links
    return tuple(replace(link, hint_at=link.published_at) if link.hint_at == stamp else link for link in links)


def _months_back(now: datetime, only: Span | None) -> Iterator[datetime]:
    """Moments in the months to ask for, latest first."""
    first = (only.start if only else now).astimezone(VIETNAM)
    last = (min(only.end, now) if only else now).astimezone(VIETNAM)
    months = 12 * (last.year - first.year) + last.month - first.month + 1 if only else MAX_MONTHS_BACK
    for back in range(months):
        year, month = divmod(12 * last.year + last.month - 1 - back, 12)
        moment = datetime(year, month + 1, 1, tzinfo=VIETNAM)
        if only is None or moment.astimezone(UTC) < only.end:
            yield moment
