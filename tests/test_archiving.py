"""What a crawl keeps and when: commits, revisits, back-off; no network, no Scrapy."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from tinsach.cleaning.profile import load_profile
from tinsach.crawler.archiving import COMMIT_RESPONSES, SiteStore, Validators
from tinsach.crawler.discover import Link
from tinsach.crawler.walk import Announced
from tinsach.datasets.archive import ArchivedResponse, FetchedResponse, list_archive, read_archive
from tinsach.datasets.layout import DataDir
from tinsach.datasets.ledger import Ledger, Visit

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
SITE, PROFILE = "ngaynay.vn", load_profile("ngaynay.vn")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SiteStore]:
    opened = SiteStore.open(DataDir(tmp_path).site(SITE), PROFILE, run="20261122T030000Z-0000", software={})
    yield opened
    opened.abandon()


def links(*numbers: int, hint_at: datetime | None = None) -> tuple[Link, ...]:
    return tuple(Link(f"https://ngaynay.vn/bai-post{number}.html", hint_at) for number in numbers)


def response(visit: Visit, body: str, at: datetime = NOW) -> FetchedResponse:
    return FetchedResponse(visit.url, 200, "OK", ((b"Content-Type", b"text/html"),), body.encode(), at)


def committed(folder: Path) -> dict[str, int]:
    """What another process sees in the ledger."""
    with Ledger.open(DataDir(folder).site(SITE).ledger) as ledger:
        return ledger.count_by_state()


def test_announced_links_count_as_new_once(store: SiteStore) -> None:
    """The same article from two sources, or under two forms of its address, is one; unfetched ones count as such."""
    assert store.announce("rss", links(1, 2), NOW) == Announced(new=2, unfetched=2)
    again = (*links(2, 3), Link("https://www.ngaynay.vn/bai-post1.html?utm_source=x"))
    assert store.announce("section", again, NOW) == Announced(new=1, unfetched=3)
    store.keep(store.due(NOW)[0], response(store.due(NOW)[0], "a"), Validators())
    assert store.announce("section", links(1, 2, 3), NOW) == Announced(new=0, unfetched=2)
    assert store.counts["found"] == 3


def test_an_abandoned_discovery_leaves_nothing(store: SiteStore, tmp_path: Path) -> None:
    """What was announced and never committed is unknown to the next run."""
    store.announce("rss", links(1, 2), NOW)
    store.abandon()
    assert committed(tmp_path)["found"] == 0
    assert store.counts["found"] == 0


def test_nothing_is_done_before_it_is_committed(store: SiteStore, tmp_path: Path) -> None:
    """The ledger calls articles done in batches: after many responses, or after some seconds."""
    store.announce("rss", links(*range(COMMIT_RESPONSES + 2)), NOW)
    store.commit(NOW)
    visits = store.due(NOW)
    for visit in visits[: COMMIT_RESPONSES - 1]:
        store.keep(visit, response(visit, visit.url), Validators())
    assert committed(tmp_path)["done"] == 0
    store.keep(visits[-3], response(visits[-3], "x"), Validators())
    assert committed(tmp_path)["done"] == COMMIT_RESPONSES
    store.keep(visits[-2], response(visits[-2], "y", NOW + SECOND), Validators())
    assert committed(tmp_path)["done"] == COMMIT_RESPONSES
    store.keep(visits[-1], response(visits[-1], "z", NOW + 3 * SECOND), Validators())
    assert committed(tmp_path)["done"] == COMMIT_RESPONSES + 2


def test_the_same_bytes_are_archived_once(store: SiteStore, tmp_path: Path) -> None:
    """A server that knows no conditional request doesn't fill the archive with copies: a revisit record names each."""
    store.announce("rss", links(1), NOW)
    for body in ("a", "a", "b"):
        (visit,) = store.due(NOW, revisit_now=True)
        store.keep(visit, response(visit, body), Validators(etag='"1"'))
    assert dict(store.counts) == {"found": 1, "fetched": 3, "archived": 2, "unchanged": 1}
    store.close(NOW)
    [path] = list_archive(DataDir(tmp_path).site(SITE))
    with path.open("rb") as file:
        kinds = [record.record_type for record in ArchiveIterator(file, parse_http=False)]
    of = WarcRecordType
    assert kinds == [of.warcinfo, of.response, of.revisit, of.response]


@pytest.mark.parametrize(
    ("born_hours_ago", "next_hours"), [(0, 1), (0.5, 0.5), (2, 4), (30, 42), (24 * 30, None)], ids=str
)
def test_young_articles_are_asked_again_by_their_age(
    store: SiteStore, born_hours_ago: float, next_hours: float | None
) -> None:
    """The next visit follows the article's own time: an hour, six hours, a day after it; old ones are left alone."""
    store.announce("rss", links(1, hint_at=NOW - born_hours_ago * HOUR), NOW)
    (visit,) = store.due(NOW)
    store.keep(visit, response(visit, "a"), Validators())
    planned = store.due(NOW, revisit_now=True)
    assert [visit.next_visit_at for visit in planned] == ([NOW + next_hours * HOUR] if next_hours else [])


def test_failures_are_asked_again_ever_more_rarely(store: SiteStore) -> None:
    """The first failure is due at once, the next after a quarter of an hour, then an hour; a success ends it."""
    store.announce("rss", links(1), NOW)
    waited, now = [], NOW
    for _ in range(4):
        (visit,) = store.due(now, revisit_now=True)
        store.mark_failed(visit, "HTTP status 500", now)
        (failed,) = store.due(now, revisit_now=True)
        assert failed.next_visit_at is not None
        waited.append(failed.next_visit_at - now)
        now = failed.next_visit_at
    assert waited == [0 * HOUR, HOUR / 4, HOUR, 6 * HOUR]
    store.keep(failed, response(failed, "a", now), Validators())
    store.mark_failed(store.due(now, revisit_now=True)[0], "HTTP status 500", now)
    assert store.due(now)[0].next_visit_at == now


def test_gone_articles_are_left_alone(store: SiteStore) -> None:
    """A 404 is asked again only when the paper announces a change."""
    store.announce("rss", links(1), NOW)
    (visit,) = store.due(NOW)
    store.mark_gone(visit, gone(visit, NOW))
    assert store.due(NOW, revisit_now=True) == []
    store.announce("rss", links(1, hint_at=NOW + HOUR), NOW)
    assert len(store.due(NOW + HOUR)) == 1


def gone(visit: Visit, at: datetime) -> FetchedResponse:
    return replace(response(visit, "không có", at), status=404)


def test_only_what_was_known_leaves_a_record_when_it_goes(store: SiteStore, tmp_path: Path) -> None:
    """Of what never was there nothing is kept; an article that comes back, with the same bytes, is archived again."""
    store.announce("rss", links(1, 2), NOW)
    known, unknown = store.due(NOW)
    store.keep(known, response(known, "a"), Validators())
    for hours, key in ((1, known.key), (1, unknown.key), (2, known.key)):
        visit = store._ledger.find(key)
        assert visit is not None
        store.mark_gone(visit, gone(visit, NOW + hours * HOUR))
    back = store._ledger.find(known.key)
    assert back is not None
    assert store.keep(back, response(back, "a", NOW + 3 * HOUR), Validators()) is not None
    store.close(NOW)
    [path] = list_archive(DataDir(tmp_path).site(SITE))
    items = [item for item in read_archive(path) if isinstance(item, ArchivedResponse)]
    assert [(item.url, item.status) for item in items] == [(known.url, 200), (known.url, 404), (known.url, 200)]


BODY = "".join(f"<p>Đoạn {n}: bà con trồng lại rừng ngập mặn ven cửa sông sau mùa bão năm nay.</p>" for n in range(5))
PAGE = (
    "<html><head><title>x</title></head><body><h1 class='article__title cms-title'>Rừng</h1>"
    f"<div class='article__body cms-body'>{BODY}{{}}</div>{{}}</body></html>"
)


def test_a_version_is_kept_when_its_text_changed(store: SiteStore, tmp_path: Path) -> None:
    """Other bytes around the same text are no new version, but their validators are asked with; an edit is one."""
    store.announce("rss", links(1), NOW)
    bodies = (
        PAGE.format("", "a"),
        PAGE.format("", "b"),
        PAGE.format("", "c"),
        PAGE.format("<p>Thêm một đoạn.</p>", ""),
    )
    etags = []
    for number, body in enumerate(bodies):
        (visit,) = store.due(NOW, revisit_now=True)
        etags.append(visit.etag)
        store.keep(visit, response(visit, body), Validators(etag=f'"{number}"'))
    assert etags == [None, '"0"', '"1"', '"2"']
    assert (store.counts["archived"], store.counts["unchanged"]) == (2, 2)


def test_a_page_without_article_is_told_by_its_bytes(store: SiteStore) -> None:
    """What cleaning rejects today may be an article by tomorrow's rules, so every version of it is kept."""
    store.announce("rss", links(1), NOW)
    for body in ("<p>a", "<p>b", "<p>b"):
        (visit,) = store.due(NOW, revisit_now=True)
        store.keep(visit, response(visit, body), Validators())
    assert (store.counts["archived"], store.counts["unchanged"]) == (2, 1)


def test_an_unchanged_body_brings_new_validators(store: SiteStore) -> None:
    """A server that gives the same bytes under another ETag is asked with that one from then on."""
    store.announce("rss", links(1), NOW)
    for etag in ('"1"', '"2"', None):
        (visit,) = store.due(NOW, revisit_now=True)
        store.keep(visit, response(visit, "a"), Validators(etag=etag))
    (visit,) = store.due(NOW, revisit_now=True)
    assert visit.etag == '"2"'


@pytest.mark.parametrize(
    ("changed", "is_known"),
    [(timedelta(days=9), True), (timedelta(hours=30), True), (timedelta(hours=20), False), (-timedelta(days=9), False)],
)
def test_a_listing_is_known_a_day_after_its_change(store: SiteStore, changed: timedelta, is_known: bool) -> None:
    """All that is told of a change may be its day; and who told it may be wrong, but for a day only."""
    store.keep_validators("map", Validators(), NOW - timedelta(hours=2))
    assert (store.find_validators("map", NOW, changed_at=NOW - changed) is not None) == is_known
    assert store.find_validators("map", NOW + timedelta(hours=23), changed_at=NOW - changed) is None


def test_the_address_that_a_redirect_leads_to_is_done_too(store: SiteStore) -> None:
    """An article under a new number is one page: neither address is fetched for itself afterwards."""
    store.announce("rss", links(1), NOW)
    (visit,) = store.due(NOW)
    page = FetchedResponse("https://ngaynay.vn/bai-post2.html", 200, "OK", (), b"a", NOW)
    store.keep(visit, page, Validators())
    store.announce("rss", links(2, 3), NOW)
    assert [visit.key for visit in store.due(NOW)] == ["id:3"]
    again = store.due(NOW)[0]
    store.keep(again, page, Validators())
    assert (store.counts["archived"], store.counts["unchanged"]) == (1, 1)
    assert store.due(NOW) == []
