"""Spidermon's monitors of a crawl: each promise that a run did not keep fails its own monitor, and only that."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from spidermon.runners import TextMonitorRunner

from tinsach.app.newsroom import Newsroom, serve
from tinsach.crawler.monitors import CloseMonitors
from tinsach.crawler.report import RunReport, SourceReport

NOW = datetime(2026, 11, 20, tzinfo=UTC)
BROKEN: dict[str, dict[str, Any]] = {
    "came to its end": {"finish_reason": "shutdown"},
    "every source answered": {
        "by_source": {"https://a.vn/rss": SourceReport(kind="feed", pages=0, announced=0, new=0, ended="failed: 500")}
    },
    "no host was given up": {"given_up": {"a.vn": "ten failures in a row"}},
    "few articles failed": {"asked": 50, "failed": 6},
    "no bug was met": {"errors": 1},
}


def failed_monitors(**values: Any) -> list[str]:
    report = RunReport(**{"site": "a.vn", "run": "r", "started_at": NOW, "finish_reason": "finished", **values})
    result = TextMonitorRunner(verbosity=0).run(CloseMonitors(), spider=SimpleNamespace(final_report=report))
    return [each.item.name.partition("/")[2] for each in result.monitors_failed_results]


def test_a_good_run_keeps_all(capsys: pytest.CaptureFixture[str]) -> None:
    """Two dead links of few are no failure."""
    assert failed_monitors(asked=5, failed=2) == []


@pytest.mark.parametrize("promise", BROKEN)
def test_what_was_not_kept_is_named(promise: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By the monitor's name."""
    assert failed_monitors(**BROKEN[promise]) == [promise]


def test_a_crawl_runs_them_when_asked(tmp_path: Path) -> None:
    """Scrapy loads Spidermon with -s SPIDERMON_ENABLED=1, and the monitors see the finished report."""
    room = Newsroom(1, 3, ("qdnd.vn",), now=NOW)
    with serve(room) as server:
        settings = {"SPIDERMON_ENABLED": "1", "TINSACH_DATA": str(tmp_path), "DOWNLOAD_DELAY": "0"}
        settings["TINSACH_ORIGIN"] = server.origin
        command = [sys.executable, "-m", "scrapy", "crawl", "qdnd.vn"]
        for name, value in settings.items():
            command += ["-s", f"{name}={value}"]
        root = Path(__file__).parent.parent
        ended = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert "Crawl/every source answered... OK" in ended.stderr, ended.stderr[-2000:]
