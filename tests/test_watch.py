"""What is told of runs: the status table, the file for Prometheus, a message through apprise."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tinsach.app.config import Config
from tinsach.app.main import app, hoist_globals
from tinsach.app.output import make_output
from tinsach.app.session import Session
from tinsach.app.timetable import Turn
from tinsach.app.watch import find_wrong, report_run, write_metrics
from tinsach.crawler.report import RunReport, SourceReport, write_report
from tinsach.datasets.layout import DataDir
from tinsach.datasets.ledger import Ledger
from tinsach.datasets.locks import site_lock

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def make_report(site: str, started_at: datetime, **values: Any) -> RunReport:
    source = SourceReport(kind="feed", pages=1, announced=9, new=0, ended="known")
    ended = {"finish_reason": "finished", "finished_at": started_at, "by_source": {"https://a.vn/rss": source}}
    return RunReport(site=site, run=f"{started_at:%Y%m%dT%H%M%SZ}-{site}", started_at=started_at, **{**ended, **values})


def make_turn(ago: timedelta, **values: Any) -> Turn:
    report = make_report("qdnd.vn", NOW - ago, **values)
    return Turn("qdnd.vn", HOUR, report, NOW - ago + HOUR, report)


@pytest.mark.parametrize(
    ("turn", "wrong"),
    [
        (make_turn(HOUR), ()),
        (make_turn(2.5 * HOUR), ("overdue",)),
        (make_turn(HOUR, failed=3), ("failures",)),
        (make_turn(HOUR, finish_reason=None, finished_at=None), ("killed",)),
        (make_turn(HOUR, finish_reason="shutdown", failed=3), ("interrupted",)),
        (replace(make_turn(HOUR), ended=None), ()),
        (replace(make_turn(HOUR), ended=make_report("qdnd.vn", NOW - 2 * HOUR, failed=3)), ("failures",)),
        (Turn("qdnd.vn", HOUR, None, NOW, None), ("never run",)),
        (Turn("qdnd.vn", HOUR, None, NOW, None, first="interrupted"), ("interrupted",)),
        (Turn("qdnd.vn", HOUR, None, NOW, None, first="running"), ()),
        (replace(make_turn(HOUR), alarms=("lead", "tags")), ("alarms: lead, tags",)),
    ],
    ids=[
        "well",
        "overdue",
        "failures",
        "killed",
        "interrupted",
        "first run",
        "failed before",
        "never",
        "first interrupted",
        "first running",
        "alarms",
    ],
)
def test_what_is_wrong_is_named(turn: Turn, wrong: tuple[str, ...]) -> None:
    """By the last report and the interval; nothing when all is well."""
    assert find_wrong(turn, NOW) == wrong


def test_metrics_are_read_back_by_prometheus(tmp_path: Path) -> None:
    """One sample a site and figure, in the format of the text file collector."""
    path = tmp_path / "tinsach.prom"
    write_metrics(path, [make_turn(HOUR, archived=7), Turn("vov.vn", HOUR, None, NOW, None)], NOW)
    families = text_string_to_metric_families(path.read_text(encoding="utf-8"))
    samples = {(sample.name, sample.labels["site"]): sample.value for each in families for sample in each.samples}
    assert samples["tinsach_last_run_archived", "qdnd.vn"] == 7
    assert samples["tinsach_last_run_ok", "qdnd.vn"] == 1
    assert samples["tinsach_next_run_timestamp_seconds", "qdnd.vn"] == NOW.timestamp()
    assert samples["tinsach_overdue", "vov.vn"] == 1
    assert ("tinsach_last_run_ok", "vov.vn") not in samples


@pytest.fixture
def listener() -> Iterator[tuple[str, list[Any]]]:
    """An address that takes messages, and what came."""
    came: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"json://127.0.0.1:{server.server_port}/", came
        server.shutdown()
        thread.join()


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")  # apprise's own
def test_a_message_is_sent_when_something_changes(tmp_path: Path, listener: tuple[str, list[Any]]) -> None:
    """Of a site that fails once, not after each run, and once when it is well again."""
    url, came = listener
    data = DataDir(tmp_path)
    data.site("qdnd.vn").archive.mkdir(parents=True)
    session = Session(make_output(as_json=True), data, Config(notify=(url,), metrics=tmp_path / "m.prom"))
    now = datetime.now(UTC)
    for minutes, failed in ((9, 0), (8, 2), (7, 1), (6, 0), (5, 0)):
        write_report(data, make_report("qdnd.vn", now - timedelta(minutes=minutes), failed=failed))
        report_run(session, ["qdnd.vn"])
    assert [each["message"] for each in came] == ["qdnd.vn: failures", "qdnd.vn: well again"]
    assert "tinsach_last_run_failed" in (tmp_path / "m.prom").read_text(encoding="utf-8")


def test_runs_that_end_at_the_same_time_are_each_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that comes while another sends its message waits, and neither forgets what the other has told."""
    data, sent, late = DataDir(tmp_path), list[str](), list[Thread]()
    session = Session(make_output(as_json=True), data, Config(notify=("json://nowhere",)))

    def send(_: object, *, title: str, body: str) -> None:  # the interface
        if not late:
            late.append(Thread(target=report_run, args=(session, ["vov.vn"])))
            late[0].start()
            late[0].join(0.3)
        sent.append(body)

    monkeypatch.setattr("tinsach.app.watch.send_message", send)
    report_run(session, ["qdnd.vn"])
    late[0].join()
    assert sent == ["qdnd.vn: never run", "vov.vn: never run"]
    assert json.loads((tmp_path / "told.json").read_bytes()).keys() == {"qdnd.vn", "vov.vn"}


def test_an_address_that_is_none_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong notify line is one error that names it; the run's own end is not touched."""
    session = Session(make_output(as_json=False), DataDir(tmp_path), Config(notify=("nowhere",)))
    report_run(session, ["qdnd.vn"])
    assert "notify = 'nowhere'" in capsys.readouterr().err


def run_command(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        app(hoist_globals(arguments), prog_name="tinsach")
    return int(ended.value.code or 0)


def test_status_tells_and_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A row a site; --check makes it an exit code."""
    monkeypatch.chdir(tmp_path)
    data = DataDir(Path("data"))
    write_report(data, make_report("qdnd.vn", datetime.now(UTC) - HOUR / 2, archived=7))
    data.site("qdnd.vn").archive.mkdir(parents=True)
    assert run_command("status", "--check") == 0
    assert "qdnd.vn" in capsys.readouterr().out
    assert run_command("status", "--check", "qdnd.vn", "vov.vn") == 1
    assert "never run" in capsys.readouterr().out


def test_a_run_that_goes_on_is_not_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """While its site is held the run before tells how the site does; when nobody holds it any more, it was killed."""
    monkeypatch.chdir(tmp_path)
    data, now = DataDir(Path("data")), datetime.now(UTC)
    write_report(data, make_report("qdnd.vn", now - HOUR, archived=7))
    write_report(data, make_report("qdnd.vn", now, archived=1, finish_reason=None, finished_at=None))
    data.site("qdnd.vn").archive.mkdir(parents=True)
    with site_lock(data.site("qdnd.vn")):
        assert run_command("status", "--check", "--metrics", "m.prom") == 0
    assert "running" in capsys.readouterr().out
    metrics = Path("m.prom").read_text(encoding="utf-8")
    assert 'tinsach_last_run_ok{site="qdnd.vn"} 1.0' in metrics
    assert 'tinsach_last_run_archived{site="qdnd.vn"} 7.0' in metrics
    assert run_command("status", "--check") == 1
    assert "killed" in capsys.readouterr().out


def test_a_first_run_is_told_before_it_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """While it reads the sources it runs; when it was stopped there it was interrupted."""
    monkeypatch.chdir(tmp_path)
    site = DataDir(Path("data")).site("qdnd.vn")
    with site_lock(site):
        with Ledger.open(site.ledger):
            pass
        assert run_command("status", "--check") == 0
        assert "running" in capsys.readouterr().out
    assert run_command("status", "--check") == 1
    assert "interrupted" in capsys.readouterr().out


def test_run_due_with_nothing_due_asks_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says what comes next and when, and ends well."""
    monkeypatch.chdir(tmp_path)
    write_report(DataDir(Path("data")), make_report("qdnd.vn", datetime.now(UTC)))
    assert run_command("run", "--due", "qdnd.vn", "--contact", "a@b.vn") == 0
    assert "nothing is due; next: qdnd.vn at" in capsys.readouterr().err
    assert run_command("run", "--due", "--all", "--contact", "a@b.vn") == 2
