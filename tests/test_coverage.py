"""What became of what each source announced, by the ledger and by the shards of a build."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tinsach.datasets.archive import ArchivePosition
from tinsach.datasets.coverage import RunCoverage, SourceCoverage, count_coverage, count_run
from tinsach.datasets.layout import DataDir
from tinsach.datasets.ledger import Announcement, Ledger, Outcome

NOW = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
WARC = "run-00000.warc.gz"


def test_records_rejects_and_the_rest(tmp_path: Path) -> None:
    """Each URL counts once for each source that announced it, as what it is now; a broken shard is passed over."""
    site = DataDir(tmp_path).site("ngaynay.vn")
    with Ledger.open(site.ledger) as ledger:
        for source, numbers in (("feed", (1, 2)), ("map", (1, 2, 3, 4, 5, 6))):
            urls = [f"https://ngaynay.vn/a-post{number}.html" for number in numbers]
            ledger.announce(Announcement(url=url, source=source, first_seen_at=NOW) for url in urls)
        for number in (1, 2, 3, 4):
            position = ArchivePosition(WARC, number, "sha1:A")
            ledger.mark_done(f"id:{number}", Outcome(status=200, position=position, fetched_at=NOW))
        ledger.mark_gone("id:4", 410, NOW)
        ledger.mark_failed("id:5", "HTTP status 500", NOW, None)
        ledger.commit()
    for folder in (site.records, site.rejects):
        folder.mkdir()
        (folder / "broken.parquet").write_bytes(b"x")
    pq.write_table(pa.table({"warc_file": [WARC, WARC], "warc_offset": [1, 4]}), site.records / "run-00000.parquet")
    rejects = {"warc_file": [WARC], "warc_offset": [2], "reason": ["no-text"]}
    pq.write_table(pa.table(rejects), site.rejects / "run-00000.parquet")
    all_of_it = Counter({"record": 2, "no-text": 1, "unbuilt": 1, "failed": 1, "found": 1})
    assert count_coverage(site) == (
        SourceCoverage("map", announced=6, only_here=4, outcomes=all_of_it),
        SourceCoverage("feed", announced=2, only_here=0, outcomes=Counter({"record": 1, "no-text": 1})),
    )
    assert count_coverage(DataDir(tmp_path).site("qdnd.vn")) == ()


def test_a_run_is_accounted_by_what_it_heard(tmp_path: Path) -> None:
    """Only the last run is, and only shards of the files that its articles lie in are read."""
    site = DataDir(tmp_path).site("ngaynay.vn")
    for run, numbers in (("first", (1, 2)), ("second", (2, 3, 4, 5, 6))):
        with Ledger.open(site.ledger) as ledger:
            urls = [f"https://ngaynay.vn/a-post{number}.html" for number in numbers]
            ledger.announce(Announcement(url=url, source="feed", first_seen_at=NOW) for url in urls)
            ledger.keep_heard(run)
            ledger.commit()
    with Ledger.open(site.ledger) as ledger:
        for number in (1, 2, 3, 6):
            position = ArchivePosition("old-00000.warc.gz" if number == 1 else WARC, number, "sha1:A")
            ledger.mark_done(f"id:{number}", Outcome(status=200, position=position, fetched_at=NOW))
        ledger.mark_gone("id:4", 410, NOW)
        ledger.mark_failed("id:5", "HTTP status 500", NOW, None)
        ledger.commit()
        assert ledger.list_heard_archives("second") == {WARC}
    for folder in (site.records, site.rejects):
        folder.mkdir()
    pq.write_table(pa.table({"warc_file": [WARC], "warc_offset": [2]}), site.records / "run-00000.parquet")
    rejects = {"warc_file": [WARC], "warc_offset": [3], "reason": ["no-text"]}
    pq.write_table(pa.table(rejects), site.rejects / "run-00000.parquet")
    not_fetched = Counter({"gone": 1, "HTTP status 500": 1})
    assert count_run(site, "second") == {
        "feed": RunCoverage(records=1, unbuilt=1, rejected=Counter({"no-text": 1}), not_fetched=not_fetched)
    }
    assert count_run(site, "first") == {}
