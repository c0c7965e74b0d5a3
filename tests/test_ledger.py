"""The ledger knows what to fetch next, and can be lost at any moment without anything being lost with it."""

import random
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tinsach.datasets import ledger_sql
from tinsach.datasets.archive import (
    ArchivedResponse,
    ArchivePosition,
    ArchiveWriter,
    FetchedResponse,
    list_archive,
    read_archive,
    salvage,
)
from tinsach.datasets.layout import DataDir, SiteDir, WriteError
from tinsach.datasets.ledger import (
    FOREVER,
    Announced,
    Announcement,
    Ledger,
    LedgerError,
    Outcome,
    Validators,
    next_visit,
)
from tinsach.datasets.own_headers import ASKED_HEADER, IMPORT_HEADER
from tinsach.datasets.rebuild import reconcile

NOW = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
POSITION = ArchivePosition("run-00000.warc.gz", 300, "sha1:ABC")


@pytest.fixture
def site(tmp_path: Path) -> SiteDir:
    return DataDir(tmp_path).site("ngaynay.vn")


def announce(
    name: str, *, hint_at: datetime | None = None, seen_at: datetime = NOW, source: str = "feed"
) -> Announcement:
    url = f"https://ngaynay.vn/{name}"
    return Announcement(url=url, source=source, first_seen_at=seen_at, hint_at=hint_at)


def done(at: datetime = NOW, *, next_visit_at: datetime | None = None) -> Outcome:
    return Outcome(
        status=200, position=POSITION, fetched_at=at, validators=Validators('"1"'), next_visit_at=next_visit_at
    )


def due_names(ledger: Ledger, now: datetime = NOW, *, limit: int | None = None, since: datetime | None = None) -> str:
    return " ".join(visit.key.removeprefix("ngaynay.vn/") for visit in ledger.due(now, limit=limit, since=since))


def test_announcing_counts_what_is_new(site: SiteDir) -> None:
    """A URL is new once; its source and first sight stay, the latest hint counts."""
    with Ledger.open(site.ledger) as ledger:
        assert ledger.announce([announce("a"), announce("b"), announce("a")]) == Announced(2, 3)
        assert ledger.announce([announce("a", hint_at=NOW + HOUR, seen_at=NOW + HOUR), announce("c")]) == Announced(
            1, 2
        )
        assert ledger.announce([announce("a", hint_at=NOW, source="map")]) == Announced(0, 1)
        visit = ledger.find("https://www.ngaynay.vn/a?utm_source=x")
    assert visit is not None
    assert (visit.hint_at, visit.first_seen_at, visit.state) == (NOW + HOUR, NOW, "found")
    assert visit.sources == ("feed", "map")


def test_due_is_newest_first_and_obeys_limit_and_since(site: SiteDir) -> None:
    """Order is by the announced time, else by first sight; `since` cuts by the same time."""
    with Ledger.open(site.ledger) as ledger:
        ledger.announce([announce("old", hint_at=NOW - 5 * HOUR), announce("new", hint_at=NOW - HOUR), announce("now")])
        assert due_names(ledger) == "now new old"
        assert due_names(ledger, limit=2) == "now new"
        assert due_names(ledger, since=NOW - 2 * HOUR) == "now new"


def test_a_visit_is_due_again_when_planned_or_announced_as_changed(site: SiteDir) -> None:
    """Done URLs rest until their next visit, or until the paper names a time after the last visit."""
    with Ledger.open(site.ledger) as ledger:
        ledger.announce([announce("planned"), announce("rests"), announce("gone"), announce("failed")])
        ledger.mark_done("ngaynay.vn/planned", done(next_visit_at=NOW + HOUR))
        ledger.mark_done("ngaynay.vn/rests", done())
        ledger.mark_gone("ngaynay.vn/gone", 404, NOW)
        ledger.mark_failed("ngaynay.vn/failed", "timeout", NOW, NOW + HOUR)
        assert due_names(ledger) == ""
        assert due_names(ledger, NOW + HOUR) == due_names(ledger, FOREVER) == "failed planned"
        ledger.announce([announce("rests", hint_at=NOW + HOUR), announce("gone", hint_at=NOW - HOUR)])
        assert due_names(ledger) == "rests"
        ledger.mark_unchanged("ngaynay.vn/rests", NOW + 2 * HOUR, None)
        assert due_names(ledger, NOW + 3 * HOUR) == "failed planned"
        assert ledger.count_by_state() == {"found": 0, "done": 2, "gone": 1, "failed": 1}


def test_a_clock_that_runs_ahead_is_believed_once(site: SiteDir) -> None:
    """A hint in the future doesn't make the URL due at every crawl; a new hint does."""
    with Ledger.open(site.ledger) as ledger:
        ledger.announce([announce("a", hint_at=NOW + 7 * HOUR)])
        ledger.mark_done("ngaynay.vn/a", done())
        ledger.announce([announce("a", hint_at=NOW + 7 * HOUR)])
        assert due_names(ledger) == ""
        ledger.announce([announce("a", hint_at=NOW + 8 * HOUR)])
        assert due_names(ledger) == "a"


def test_failures_are_counted_and_keep_what_was_known(site: SiteDir) -> None:
    """Attempts rise with each failure and fall to 0 with success; validators of the archived version stay."""
    with Ledger.open(site.ledger) as ledger:
        ledger.announce([announce("a")])
        ledger.mark_done("ngaynay.vn/a", done())
        for attempt in (1, 2):
            ledger.mark_failed("ngaynay.vn/a", "timeout", NOW, None)
            visit = ledger.find("ngaynay.vn/a")
            assert visit is not None
            assert (visit.state, visit.attempts, visit.etag, visit.digest) == ("failed", attempt, '"1"', "sha1:ABC")
        ledger.mark_done("ngaynay.vn/a", done())
        visit = ledger.find("ngaynay.vn/a")
        assert visit is not None
        assert (visit.state, visit.attempts) == ("done", 0)


def test_forgetting_makes_a_url_due_without_validators(site: SiteDir) -> None:
    """A forgotten URL is fetched in full at the next crawl; an unknown one is told so."""
    with Ledger.open(site.ledger) as ledger:
        ledger.announce([announce("a")])
        ledger.mark_done("ngaynay.vn/a", done())
        assert ledger.forget("https://ngaynay.vn/a")
        assert not ledger.forget("https://ngaynay.vn/b")
        [visit] = ledger.due(NOW)
        assert (visit.state, visit.etag, visit.digest) == ("found", None, None)


def test_only_commit_keeps(site: SiteDir) -> None:
    """What was not committed is gone when the ledger closes, with or without an error."""
    with Ledger.open(site.ledger) as ledger:
        ledger.announce([announce("kept")])
        ledger.commit()
        ledger.announce([announce("lost")])
    with Ledger.open(site.ledger) as ledger:
        assert due_names(ledger) == "kept"


def test_next_visit_is_the_first_age_not_yet_reached() -> None:
    """Ages count from first sight; after the last one there is no visit."""
    ages = (6 * HOUR, HOUR, 24 * HOUR)
    assert next_visit(NOW, NOW, ages) == NOW + HOUR
    assert next_visit(NOW, NOW + 2 * HOUR, ages) == NOW + 6 * HOUR
    assert next_visit(NOW, NOW + 24 * HOUR, ages) is None
    assert next_visit(NOW, NOW, ()) is None


def test_due_goes_batch_by_batch(site: SiteDir, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches join without a gap or a repeat, at equal times too, while what was asked is marked."""
    monkeypatch.setattr("tinsach.datasets.ledger.DUE_BATCH", 3)
    with Ledger.open(site.ledger) as ledger:
        ledger.announce(announce(f"{n:02}", hint_at=NOW - n // 4 * HOUR) for n in range(14))
        asked = []
        for visit in ledger.iterate_due(NOW, limit=11):
            asked.append(visit.key[-2:])
            ledger.mark_done(visit.key, done(next_visit_at=NOW))
        assert asked == [f"{n:02}" for n in range(11)]


def test_due_is_answered_by_its_index(site: SiteDir) -> None:
    """However many URLs are known, a run reads only those that a visit is planned for."""
    with Ledger.open(site.ledger) as ledger:
        values = {"now": "", "since": "", "before": "~", "after_key": "", "only_announced": False, "limit": 5}
        plan = [row["detail"] for row in ledger._connection.execute(f"EXPLAIN QUERY PLAN {ledger_sql.DUE}", values)]
        assert "USING INDEX urls_to_ask" in plan[0]
        assert not [line for line in plan if "TEMP B-TREE" in line]


def test_only_what_this_run_heard_of(site: SiteDir) -> None:
    """A backfill asks what its sources announced, and nothing else that is due."""
    with Ledger.open(site.ledger) as ledger:
        ledger.announce([announce("waits"), announce("wanted")])
        ledger.commit()
    with Ledger.open(site.ledger) as ledger:
        ledger.announce([announce("wanted"), announce("new")])
        assert {visit.key for visit in ledger.iterate_due(NOW, only_announced=True)} == {
            "ngaynay.vn/wanted",
            "ngaynay.vn/new",
        }


def test_sources_are_told_apart(site: SiteDir) -> None:
    """Of each source: what it announced in this run, what only it did, and what became of that."""
    with Ledger.open(site.ledger) as ledger:
        ledger.announce([announce("a"), announce("b")])
        ledger.announce([announce("b", source="map"), announce("c", source="map"), announce("b", source="map")])
        ledger.mark_done("ngaynay.vn/b", done())
        assert ledger.count_announced() == {"feed": (2, 1), "map": (2, 1)}
        assert ledger.count_outcomes() == {"feed": {"found": 1, "done": 1}, "map": {"done": 1, "found": 1}}
        assert ledger.count_fates([("run-00000.warc.gz", 300, "record")]) == {
            (("feed",), "found"): 1,
            (("feed", "map"), "record"): 1,
            (("map",), "found"): 1,
        }
    with Ledger.open(site.ledger) as ledger:
        assert ledger.count_announced() == {}


VERSION_1 = """
CREATE TABLE urls (
    key TEXT PRIMARY KEY, url TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    article_id TEXT, source TEXT NOT NULL, hint_at TEXT, first_seen_at TEXT NOT NULL,
    visited_at TEXT, visited_hint_at TEXT, next_visit_at TEXT,
    status INTEGER, etag TEXT, last_modified TEXT, digest TEXT, warc_file TEXT, warc_offset INTEGER, error TEXT
) WITHOUT ROWID;
CREATE INDEX urls_by_time ON urls (coalesce(hint_at, first_seen_at) DESC);
CREATE TABLE archives (name TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO archives VALUES ('run-00000.warc.gz');
INSERT INTO urls (key, url, state, source, first_seen_at, visited_at, digest, warc_file, warc_offset, etag) VALUES
    ('ngaynay.vn/cu-post7.html', 'https://ngaynay.vn/cu-post7.html', 'done', 'feed', '2026-11-01T00:00:00.000000Z',
     '2026-11-02T00:00:00.000000Z', 'sha1:OLD', 'run-00000.warc.gz', 10, '"old"'),
    ('ngaynay.vn/moi-post7.html', 'https://ngaynay.vn/moi-post7.html', 'done', 'map', '2026-11-03T00:00:00.000000Z',
     '2026-11-04T00:00:00.000000Z', 'sha1:NEW', 'run-00000.warc.gz', 90, '"new"'),
    ('ngaynay.vn/ba-post8.html', 'https://ngaynay.vn/ba-post8.html', 'found', 'map', '2026-11-03T00:00:00.000000Z',
     NULL, NULL, NULL, NULL, NULL);
PRAGMA user_version = 1;
"""


def test_a_ledger_of_version_1_is_brought_up_to_date(site: SiteDir) -> None:
    """Rows get their new keys; two addresses of one article become one row with what the last visit said."""
    site.root.mkdir(parents=True)
    with sqlite3.connect(site.ledger) as connection:
        connection.executescript(VERSION_1)
    connection.close()
    for _ in range(2):
        with Ledger.open(site.ledger) as ledger:
            assert ledger.count_by_state() == {"found": 1, "done": 1, "gone": 0, "failed": 0}
            visit = ledger.find("id:7")
            assert visit is not None
            assert (visit.digest, visit.etag, visit.first_seen_at.day) == ("sha1:NEW", '"new"', 1)
            assert ledger.known_archives() == {"run-00000.warc.gz"}
            assert [visit.key for visit in ledger.due(NOW)] == ["id:8"]


def test_a_ledger_of_version_2_learns_the_variants(tmp_path: Path) -> None:
    """A mobile page becomes its article, done if any of its rows was; what is known of articles stays."""
    site, xa_hoi = DataDir(tmp_path).site("qdnd.vn"), "qdnd.vn/xa-hoi"
    urls = {
        "id:100001": "https://www.qdnd.vn/xa-hoi/bai-100001",
        f"{xa_hoi}/bai-100001": "https://m.qdnd.vn/xa-hoi/bai-100001",
        f"{xa_hoi}/bai-100002": "https://m.qdnd.vn/xa-hoi/bai-100002",
        f"{xa_hoi}/bai-100002.amp": "https://www.qdnd.vn/xa-hoi/bai-100002.amp",
        f"{xa_hoi}/": "https://www.qdnd.vn/xa-hoi/",
    }
    with Ledger.open(site.ledger, {url: key for key, url in urls.items()}.__getitem__) as ledger:
        ledger.announce(Announcement(url=url, source="feed", first_seen_at=NOW) for url in urls.values())
        for key in ("id:100001", f"{xa_hoi}/bai-100002.amp"):
            position = ArchivePosition("run-00000.warc.gz", 7, "sha1:A")
            ledger.mark_done(key, Outcome(status=200, position=position, fetched_at=NOW))
        ledger._connection.executescript("DROP TABLE heard; PRAGMA user_version = 2")
    for _ in range(2):
        with Ledger.open(site.ledger) as ledger:
            rows = {row["key"]: row["state"] for row in ledger._connection.execute("SELECT key, state FROM urls")}
            assert rows == {"id:100001": "done", "id:100002": "done", f"{xa_hoi}/": "found"}
            assert ledger.list_heard_archives("run") == frozenset()


def test_what_is_no_ledger_is_one_clear_error(site: SiteDir) -> None:
    """A damaged file and one of another version are named with the remedy, and left as they are."""
    site.root.mkdir(parents=True)
    site.ledger.write_bytes(b"no database" * 100)
    with pytest.raises(LedgerError, match=r"ledger\.sqlite: file is not a database; .*delete it") as caught:
        Ledger.open(site.ledger)
    assert "\n" not in str(caught.value)
    site.ledger.unlink()
    connection = sqlite3.connect(site.ledger)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(LedgerError, match="version 99"):
        Ledger.open(site.ledger)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file where the site's folder should be: one error, naming it."""
    (tmp_path / "sites").write_text("in the way")
    with pytest.raises(WriteError, match=r"ledger\.sqlite: cannot be written"):
        Ledger.open(DataDir(tmp_path).site("ngaynay.vn").ledger)


def test_a_full_disk_is_one_clear_error(site: SiteDir) -> None:
    """SQLite's own limit of pages stands for the disk: the error says that it is full; what was committed stays."""
    with Ledger.open(site.ledger) as ledger:
        ledger.announce([announce("kept")])
        ledger.commit()
        ledger._connection.execute("PRAGMA max_page_count = 5")  # a small disk
        with pytest.raises(LedgerError, match="full; free space"):
            ledger.announce(announce(f"bai-{number}") for number in range(5000))
    with Ledger.open(site.ledger) as ledger:
        assert due_names(ledger) == "kept"


def archive_pages(site: SiteDir, statuses: dict[str, int]) -> tuple[str, ...]:
    with ArchiveWriter(site, f"run{len(list_archive(site))}", software={}) as archive:
        for name, status in statuses.items():
            headers = ((b"ETag", b'"7"'), (b"Last-Modified", b"Sun, 22 Nov 2026 02:00:00 GMT"))
            archive.write(FetchedResponse(f"https://ngaynay.vn/{name}", status, "", headers, b"body", NOW))
    return archive.files


def test_a_lost_ledger_is_rebuilt_from_the_archive(site: SiteDir) -> None:
    """Every archived page is done again, with validators, position and next visit; missing pages are gone."""
    archive_pages(site, {"a-post1.html": 200, "b-post2.html": 404, "c-post3.html": 500})
    with Ledger.open(site.ledger) as ledger:
        added = reconcile(site, ledger, revisit_after=(HOUR,))
        assert added == 2
        visit = ledger.find("id:1")
        assert visit is not None
        assert (visit.state, visit.article_id, visit.etag, visit.next_visit_at) == ("done", "1", '"7"', NOW + HOUR)
        assert visit.last_modified == "Sun, 22 Nov 2026 02:00:00 GMT"
        assert ledger.count_by_state() == {"found": 0, "done": 1, "gone": 1, "failed": 0}
    with Ledger.open(site.ledger) as ledger:
        assert reconcile(site, ledger) == 0
        assert ledger.known_archives() == frozenset(path.name for path in list_archive(site))


def test_an_imported_text_leaves_its_page_to_be_fetched(site: SiteDir) -> None:
    """A page that was imported is done, as if it had been fetched; of a text the page is still unknown."""
    with ArchiveWriter(site, "import", software={}) as archive:
        for number, kind in ((1, b"text"), (2, b"html")):
            headers = ((IMPORT_HEADER.encode(), kind + b" x.jsonl"),)
            archive.write(FetchedResponse(f"https://ngaynay.vn/a-post{number}.html", 200, "", headers, b"body", NOW))
    with Ledger.open(site.ledger) as ledger:
        assert reconcile(site, ledger) == 1
        assert ledger.find("id:1") is None


def test_a_redirect_is_rebuilt_for_both_addresses(site: SiteDir) -> None:
    """After a crash the address that was asked is done as well as the one that answered."""
    with ArchiveWriter(site, "run", software={}) as archive:
        headers = ((ASKED_HEADER.encode(), b"https://ngaynay.vn/a-post1.html"),)
        archive.write(FetchedResponse("https://ngaynay.vn/b-post2.html", 200, "", headers, b"body", NOW))
    with Ledger.open(site.ledger) as ledger:
        ledger.announce([announce("a-post1.html")])
        assert reconcile(site, ledger) == 1
        assert ledger.count_by_state()["done"] == 2
        assert ledger.due(NOW) == []


def test_reconcile_reads_only_what_the_ledger_does_not_know(site: SiteDir) -> None:
    """Files told to the ledger aren't read again, newer visits aren't overwritten, a damaged file stops nothing."""
    first = archive_pages(site, {"a": 200})
    with Ledger.open(site.ledger) as ledger:
        ledger.add_archives(first)
        assert reconcile(site, ledger) == 0
        archive_pages(site, {"b": 200, "c": 200})
        (site.archive / "damaged.warc.gz").write_bytes(b"no archive")
        ledger.announce([announce("c")])
        ledger.mark_done("ngaynay.vn/c", done(NOW + HOUR))
        assert reconcile(site, ledger) == 1
        assert ledger.forget("ngaynay.vn/b")
        assert reconcile(site, ledger) == 0
        assert due_names(ledger) == "b"


_CRAWLER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from tinsach.datasets.archive import ArchiveWriter, FetchedResponse, new_run_id, salvage
from tinsach.datasets.layout import DataDir
from tinsach.datasets.ledger import Announcement, Ledger, Outcome
from tinsach.datasets.locks import site_lock
from tinsach.datasets.rebuild import reconcile

def tell():
    print(".", flush=True)

site, now = DataDir(Path(sys.argv[1])).site("ngaynay.vn"), datetime.now(UTC)
with site_lock(site):
    salvage(site)
    with Ledger.open(site.ledger) as ledger:
        tell()
        reconcile(site, ledger)
        tell()
        urls = [f"https://ngaynay.vn/bai-{number}" for number in range(40)]
        ledger.announce(Announcement(url=url, source="feed", first_seen_at=now) for url in urls)
        with ArchiveWriter(site, new_run_id(now), software={}, max_bytes=30_000) as archive:
            for number, visit in enumerate(ledger.due(now)):
                body = visit.url.encode() * 200 + number.to_bytes(2, "big") * 500
                tell()
                position = archive.write(FetchedResponse(visit.url, 200, "OK", (), body, now))
                tell()
                ledger.mark_done(visit.key, Outcome(status=200, position=position, fetched_at=now))
                if number % 5 == 4:
                    archive.sync()
                    tell()
                    ledger.commit()
        tell()
        ledger.add_archives(archive.files)
        ledger.commit()
"""


def test_killing_a_crawl_at_any_moment_fetches_nothing_twice(site: SiteDir, tmp_path: Path) -> None:
    """After six SIGKILLs at random moments and a last quiet run every page is archived exactly once, and done."""
    command = [sys.executable, "-c", _CRAWLER, str(tmp_path)]
    for stop_after in random.Random(2).sample(range(1, 40), 6):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as crawl:
            assert crawl.stdout is not None
            for _ in range(stop_after):
                crawl.stdout.readline()
            crawl.kill()
    subprocess.run(command, check=True, capture_output=True)
    assert salvage(site) == []
    items = [item for path in list_archive(site) for item in read_archive(path)]
    urls = [item.url for item in items if isinstance(item, ArchivedResponse)]
    assert len(items) == len(urls) == len(set(urls)) == 40
    with Ledger.open(site.ledger) as ledger:
        assert ledger.count_by_state()["done"] == 40
