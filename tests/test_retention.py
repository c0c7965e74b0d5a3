"""What may go and what must stay: a release keeps the archive it refers to, a site the reports it counts from."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tinsach.app.keeping import list_irreplaceable
from tinsach.app.main import app, hoist_globals
from tinsach.crawler.report import RunReport, write_report
from tinsach.datasets.archive import ArchiveWriter, FetchedResponse
from tinsach.datasets.build import build_site
from tinsach.datasets.checkup import check_data
from tinsach.datasets.layout import BrokenWorld, DataDir
from tinsach.datasets.ledger import Ledger
from tinsach.datasets.rebuild import reconcile
from tinsach.datasets.release import make_release
from tinsach.datasets.retention import find_old_archives, find_old_reports, remove

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PAGE = """<h1 class="post-title">Bài {0}</h1><div class="post-content"><div itemprop="articleBody">
<p>Đây là đoạn đầu của bài số {0}, dài vừa đủ để là một bài báo có thật ở đây.</p></div></div>"""


def write_run(data: DataDir, at: datetime, number: int) -> str:
    """A run that archived one page, built."""
    run = f"{at:%Y%m%dT%H%M%SZ}-ab12"
    with ArchiveWriter(data.site("qdnd.vn"), run, software={}) as writer:
        url = f"https://www.qdnd.vn/xa-hoi/mot-bai-{number}"
        header = ((b"Content-Type", b"text/html; charset=utf-8"),)
        writer.write(FetchedResponse(url, 200, "OK", header, PAGE.format(number).encode(), at))
    build_site(data, "qdnd.vn", jobs=0)
    return f"{run}-00000"


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path / "data")


def names(data: DataDir) -> list[str]:
    return sorted(path.name.partition(".")[0] for path in (data.root / "sites").rglob("*") if "00000." in path.name)


def test_an_old_archive_goes_with_its_records_unless_a_release_refers_to_it(data: DataDir) -> None:
    """Of two old runs the released one stays, and so does the young one; nobody misses the third afterwards."""
    released = write_run(data, NOW - timedelta(days=300), 100001)
    make_release(data, "r1")
    old = write_run(data, NOW - timedelta(days=200), 100002)
    young = write_run(data, NOW - timedelta(days=50), 100003)
    with Ledger.open(data.site("qdnd.vn").ledger) as ledger:
        reconcile(data.site("qdnd.vn"), ledger)
    removals, kept = find_old_archives(data, NOW - timedelta(days=100))
    assert [path.name.partition(".")[0] for removal in removals for path in removal.paths] == [old] * 3
    assert kept == 1
    assert list(remove(data, removals)) == removals
    assert names(data) == sorted([released] * 3 + [young] * 3)
    assert list(check_data(data)) == []


def test_what_a_new_release_refers_to_stays(data: DataDir) -> None:
    """Also when it was made after the removals were found."""
    old = write_run(data, NOW - timedelta(days=300), 100001)
    removals, _ = find_old_archives(data, NOW)
    make_release(data, "r1")
    assert list(remove(data, removals)) == []
    assert names(data) == [old] * 3


def test_nothing_goes_while_a_release_cannot_be_read(data: DataDir) -> None:
    """Nobody knows then what it refers to."""
    write_run(data, NOW - timedelta(days=300), 100001)
    release = make_release(data, "r1")
    next((release.path / "data").rglob("*.parquet")).write_bytes(b"PAR1")
    with pytest.raises(BrokenWorld, match="r1: this release can't be read"):
        find_old_archives(data, NOW)


def test_what_was_imported_has_no_age(data: DataDir) -> None:
    """A file that is not named after a run stays."""
    with ArchiveWriter(data.site("imported"), "corpus", software={}) as writer:
        writer.write(FetchedResponse("https://a.vn/1", 200, "OK", (), b"x", NOW - timedelta(days=900)))
    assert find_old_archives(data, NOW) == ([], 0)


def test_each_site_keeps_its_reports_back_to_its_last_finished_run(data: DataDir) -> None:
    """However old they are; a backfill is no such run."""
    kept = []
    for site, days, reason in (
        ("a.vn", 300, "finished"),
        ("a.vn", 200, "finished"),
        ("a.vn", 150, "shutdown"),
        ("b.vn", 250, "finished"),
        ("b.vn", 10, "finished"),
    ):
        at = NOW - timedelta(days=days)
        report = RunReport(site=site, run=f"{at:%Y%m%dT%H%M%SZ}-ab12", started_at=at, finish_reason=reason)
        kept.append(write_report(data, report))
    at = NOW - timedelta(days=120)
    report = RunReport(site="a.vn", run=f"{at:%Y%m%dT%H%M%SZ}-ab12", started_at=at, finish_reason="finished")
    backfill = write_report(data, replace(report, backfill="2026-01-01"))
    gone = [removal.paths[0] for removal in find_old_reports(data, NOW - timedelta(days=100))]
    assert sorted(gone) == sorted([kept[0], kept[3], backfill])


def test_a_backup_lists_what_cannot_be_made_anew(data: DataDir) -> None:
    """Archive, releases and the user's own files; no ledger, records, locks or half-written files."""
    name = write_run(data, NOW, 100001)
    make_release(data, "r1")
    with Ledger.open(data.site("qdnd.vn").ledger):
        pass
    (data.root / "takedown.txt").write_text("x\n", encoding="utf-8")
    (data.site("qdnd.vn").archive / "b-00000.warc.gz.part").write_bytes(b"x")
    for name_of_database in ("imports.sqlite", "imports.sqlite-journal"):
        (data.site("qdnd.vn").root / name_of_database).write_bytes(b"x")
    listed = [path.as_posix() for path in list_irreplaceable(data)]
    assert listed[0] == f"sites/qdnd.vn/archive/{name}.warc.gz"
    assert {"takedown.txt", "releases/r1/manifest.json"} < set(listed)
    assert not [path for path in listed if "records" in path or "sqlite" in path or path.endswith((".part", ".lock"))]


def run_command(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        app(hoist_globals(arguments), prog_name="tinsach")
    return int(ended.value.code or 0)


def test_prune_shows_before_it_removes(
    data: DataDir, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --yes nothing goes; the ages may stand in tinsach.toml; an age that is none is refused."""
    monkeypatch.chdir(data.root.parent)
    name = write_run(data, NOW - timedelta(days=300), 100001)
    assert run_command("prune") == 2
    assert run_command("prune", "--archive", "1y") == 2
    assert "--archive '1y': not an age of 1 to 36,500 days; write it as 90d" in capsys.readouterr().err
    for wrong in ("24m", "0d", "999999d"):  # minutes, by which everything would go; nothing; before the calendar
        assert run_command("prune", "--archive", wrong) == 2
    Path("tinsach.toml").write_text('[retention]\nruns = "1y"\n', encoding="utf-8")
    capsys.readouterr()
    assert run_command("sites") == 2
    told = "tinsach.toml: retention.runs = '1y': not an age of 1 to 36,500 days; write it as 90d"
    assert told in capsys.readouterr().err
    Path("tinsach.toml").write_text('[retention]\nrun = "9d"\n', encoding="utf-8")
    assert run_command("sites") == 2
    assert "unknown key; did you mean runs? known: archive, runs" in capsys.readouterr().err
    Path("tinsach.toml").write_text('[retention]\narchive = "100d"\n', encoding="utf-8")
    assert run_command("prune") == 0
    assert f"{name}.warc.gz" in capsys.readouterr().out
    assert names(data)
    assert run_command("prune", "--yes") == 0
    assert names(data) == []
