"""The timer: whose turn it is, no two runs of a site at once, none lost, a clean stop."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from tinsach.app.main import app, hoist_globals
from tinsach.app.schedule import RunEnded, Schedule
from tinsach.app.timetable import Turn, choose_timed_sites, read_timetable
from tinsach.crawler.report import RunReport, write_report
from tinsach.datasets.archive import ArchiveWriter, FetchedResponse
from tinsach.datasets.build import has_unbuilt
from tinsach.datasets.layout import BrokenWorld, DataDir
from tinsach.datasets.locks import schedule_lock

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
# Takes its site's place, and fails when another run holds it.
RUN = """
import os, pathlib, sys
place = pathlib.Path(sys.argv[1])
os.close(os.open(place, os.O_CREAT | os.O_EXCL))
place.unlink()
"""


def save_run(
    data: DataDir, site: str, started_at: datetime, *, backfill: str | None = None, reason: str = "finished"
) -> None:
    run = f"{started_at:%Y%m%dT%H%M%SZ}-{site}"
    report = RunReport(site=site, run=run, started_at=started_at, finish_reason=reason, backfill=backfill)
    write_report(data, report)


@pytest.fixture(scope="module")
def week() -> ModuleType:
    path = Path(__file__).parent.parent / "benchmarks" / "week.py"
    spec = importlib.util.spec_from_file_location("week", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["week"] = module  # its dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_a_site_is_due_an_interval_after_the_start_of_its_last_run(tmp_path: Path) -> None:
    """By the newest report that is no backfill; a site never run is due now; what waits longest comes first."""
    data = DataDir(tmp_path)
    save_run(data, "qdnd.vn", NOW - 5 * HOUR)
    save_run(data, "qdnd.vn", NOW - HOUR / 2)
    save_run(data, "ngaynay.vn", NOW - 30 * HOUR)
    save_run(data, "ngaynay.vn", NOW - HOUR / 2, backfill="2026-01-01 – 2026-01-31")
    (data.runs / "other.json").write_text("{}", encoding="utf-8")
    turns = read_timetable(data, ("qdnd.vn", "vnexpress.net", "ngaynay.vn"), NOW)
    assert [turn.site for turn in turns] == ["ngaynay.vn", "vnexpress.net", "qdnd.vn"]
    assert [turn.is_due(NOW) for turn in turns] == [True, True, False]
    assert turns[2].next_at == NOW + HOUR / 2
    assert turns[2].is_due(NOW + HOUR / 2 - timedelta(minutes=1))


def test_an_interrupted_run_is_no_turn(tmp_path: Path) -> None:
    """The site is due at once, and waits longest."""
    data = DataDir(tmp_path)
    save_run(data, "qdnd.vn", NOW - HOUR / 4)
    save_run(data, "ngaynay.vn", NOW - HOUR / 6, reason="shutdown")
    turns = read_timetable(data, ("qdnd.vn", "ngaynay.vn"), NOW)
    assert [(turn.site, turn.is_due(NOW)) for turn in turns] == [("ngaynay.vn", True), ("qdnd.vn", False)]


def test_run_due_builds_what_an_interrupted_run_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A site that was crawled to the end before the others were interrupted is built though its turn is to come."""
    monkeypatch.chdir(tmp_path)
    data = DataDir(Path("data"))
    save_run(data, "qdnd.vn", datetime.now(UTC))
    site = data.site("qdnd.vn")
    with ArchiveWriter(site, "20261101T000000Z-ab12", software={}) as writer:
        header = ((b"Content-Type", b"text/html; charset=utf-8"),)
        writer.write(FetchedResponse("https://www.qdnd.vn/a/bai-100001", 200, "OK", header, b"<p>Tin", NOW))
    assert has_unbuilt(site)
    for said in ("not built yet; built now: qdnd.vn", "nothing is due"):
        with pytest.raises(SystemExit) as ended:
            app(hoist_globals(("run", "--due", "qdnd.vn", "--contact", "a@b.vn")), prog_name="tinsach")
        assert ended.value.code == 0
        assert said in capsys.readouterr().err
        assert not has_unbuilt(site)


def test_a_run_from_the_future_puts_nothing_off(tmp_path: Path) -> None:
    """When the clock was wrong, the next run is an interval from now at the latest."""
    data = DataDir(tmp_path)
    save_run(data, "qdnd.vn", NOW + 1000 * HOUR)
    assert read_timetable(data, ("qdnd.vn",), NOW)[0].next_at == NOW + HOUR


def test_a_timer_runs_what_was_named_or_is_there(tmp_path: Path) -> None:
    """Without sites named, those of the data folder that have a profile; without any, an error says what to do."""
    data = DataDir(tmp_path)
    with pytest.raises(BrokenWorld, match=r"sites = \[\.\.\.\] in tinsach.toml"):
        choose_timed_sites(data, ())
    for name in ("qdnd.vn", "imported"):
        data.site(name).archive.mkdir(parents=True)
    assert choose_timed_sites(data, ()) == ("qdnd.vn",)
    assert choose_timed_sites(data, ("vnexpress.net", "vnexpress.net")) == ("vnexpress.net",)


def test_a_week_of_runs(week: ModuleType, tmp_path: Path) -> None:
    """In simulated time, with real processes and a clock that runs on during them: none overlaps, none is lost."""
    happened = week.Week(3, week.START + timedelta(days=7))

    def command(site: str, _: datetime) -> list[str]:
        return [sys.executable, "-S", "-E", "-c", RUN, str(tmp_path / site)]

    week.live(happened, timedelta(hours=12), command, jobs=2, on_step=lambda _: None)
    assert happened.find_lost() == []
    assert {run.status for run in happened.over} == {0}
    assert len(happened.over) == len(happened.begun) <= len(happened.dues) == 43
    assert happened.samples[-1][1] <= happened.samples[0][1]


def test_a_run_that_cannot_start_is_told(week: ModuleType) -> None:
    """A missing program is a run with a cause, and the schedule goes on to the next."""
    happened = week.Week(3, week.START + timedelta(hours=13))
    week.live(happened, timedelta(hours=12), lambda *_: ["no-such-program"], jobs=1, on_step=lambda _: None)
    assert len(happened.over) == 6
    assert all(run.status is None and "No such file" in (run.cause or "") for run in happened.over)


def start_schedule(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tinsach.app", "--log", "json", "schedule", *arguments]
    environment = {**os.environ, "TINSACH_CONTACT": "a@b.vn"}
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_schedule_stops_when_it_is_told(tmp_path: Path) -> None:
    """It says when the first site is due, refuses a second schedule on the folder, and ends with 0 on SIGTERM."""
    data = DataDir(tmp_path / "data")
    save_run(data, "qdnd.vn", datetime.now(UTC))
    with start_schedule(tmp_path, "qdnd.vn") as first:
        assert first.stdout
        assert json.loads(first.stdout.readline())["event"] == "schedule"
        with start_schedule(tmp_path, "qdnd.vn") as second:
            _, said = second.communicate(timeout=60)
        assert (second.returncode, "another schedule" in said) == (2, True)
        first.send_signal(signal.SIGTERM)
        assert first.wait(timeout=60) == 0


def test_a_run_that_a_stop_cuts_short_is_interrupted(tmp_path: Path) -> None:
    """It is told so; what had ended before was done."""
    now, over = datetime.now(UTC), list[RunEnded]()
    turns = [Turn(site, HOUR, None, now, None) for site in ("qdnd.vn", "vov.vn")]
    meeting = tmp_path / "meeting"  # both have begun
    os.mkfifo(meeting)
    scripts = {
        "qdnd.vn": f"import signal; open({str(meeting)!r}, 'w'); signal.pause()",
        "vov.vn": f"open({str(meeting)!r})",
    }

    def end(run: RunEnded) -> None:
        over.append(run)
        schedule.stop()

    schedule = Schedule(turns, lambda site: [sys.executable, "-S", "-E", "-c", scripts[site]], jobs=2, on_end=end)
    schedule.serve()
    told = [(run.site, run.status, run.is_interrupted) for run in over]
    assert told == [("vov.vn", 0, False), ("qdnd.vn", -signal.SIGTERM, True)]


def test_two_timers_never_start_the_same_sites(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """While a schedule or another `run --due` goes on, a second says so and ends with 0: it starts nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tinsach.app.crawling.run_crawls", lambda sites, *_, **__: () if not sites else pytest.fail())
    data = DataDir(Path("data"))
    with schedule_lock(data.root), pytest.raises(SystemExit) as ended:
        app(hoist_globals(("run", "--due", "qdnd.vn", "--contact", "a@b.vn")), prog_name="tinsach")
    assert ended.value.code == 0
    assert "what is due is left to it" in capsys.readouterr().err
