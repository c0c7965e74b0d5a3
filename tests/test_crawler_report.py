"""Run reports: written and read back, and what the next run learns from the last."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tinsach.crawler.report import (
    ReportError,
    RunReport,
    SourceReport,
    carry_cut_short,
    find_cut_short,
    find_last_report,
    find_open_reports,
    read_report,
    write_report,
)
from tinsach.datasets.layout import DataDir

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
WHOLE = SourceReport(kind="feed", pages=1, announced=50, new=4, ended="whole")


def report(run: str, site: str = "qdnd.vn", *, ended: str = "known") -> RunReport:
    section = SourceReport(kind="section", pages=2, announced=40, new=1, ended=ended)
    return RunReport(
        site=site,
        run=run,
        started_at=NOW,
        finished_at=NOW + timedelta(seconds=9),
        finish_reason="finished",
        found=5,
        by_source={"feed": WHOLE, "section": section},
    )


def test_a_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    """The file gives back the same values, also those of a run that was killed."""
    finished = report("20261122T030000Z-0001")
    killed = RunReport(site="qdnd.vn", run="20261122T030000Z-0002", started_at=NOW)
    for each in (finished, killed):
        assert read_report(write_report(DataDir(tmp_path), each)) == each
    assert not finished.has_failures
    assert killed.has_failures


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"site": 1}', "null"])
def test_what_is_no_report_is_named(tmp_path: Path, text: str) -> None:
    """A file that is no report is an error with its name; looking for the last report passes it over."""
    data = DataDir(tmp_path)
    write_report(data, report("20261122T030000Z-0001"))
    broken = data.runs / "20261122T040000Z-0001.json"
    broken.write_text(text)
    with pytest.raises(ReportError, match=broken.name):
        read_report(broken)
    assert find_last_report(data, "qdnd.vn") == report("20261122T030000Z-0001")


def test_the_last_report_is_the_sites_latest_whose_discovery_was_over(tmp_path: Path) -> None:
    """Reports of other sites and of runs interrupted in discovery don't count."""
    data = DataDir(tmp_path)
    assert find_last_report(data, "qdnd.vn") is None
    for each in (report("20261122T01"), report("20261122T02"), report("20261122T03", "ngaynay.vn")):
        write_report(data, each)
    write_report(data, RunReport(site="qdnd.vn", run="20261122T04", started_at=NOW))
    assert find_last_report(data, "qdnd.vn") == report("20261122T02")


def test_runs_of_other_sites_hide_no_report(tmp_path: Path) -> None:
    """A site that runs once a day beside many that run every hour still has its last run."""
    data = DataDir(tmp_path)
    write_report(data, report("20261121T010000Z-0001", ended="failed: HTTP status 503"))
    other = write_report(data, report("20261122T000000Z-0000", "ngaynay.vn")).read_text()
    for number in range(1, 600):
        (data.runs / f"20261122T000000Z-{number:04}.json").write_text(other)
    assert find_cut_short(find_open_reports(data, "qdnd.vn"), since=None) == {"section"}


@pytest.mark.parametrize(
    ("ended", "since", "expected"),
    [
        ("known", None, []),
        ("whole", None, []),
        ("limit", None, []),
        ("failed: HTTP status 503", None, ["section"]),
        ("failed: HTTP status 503", NOW, ["section"]),
        ("since", None, ["section"]),
        ("since", NOW, []),
    ],
)
def test_walks_that_were_cut_short(ended: str, since: datetime | None, expected: list[str]) -> None:
    """A walk that failed, or stopped at --since when there is none now, is walked beyond what is known."""
    assert sorted(find_cut_short((report("x", ended=ended),), since=since)) == expected
    assert find_cut_short((), since=since) == frozenset()


@pytest.mark.parametrize(
    ("ended", "expected"),
    [("known", ["section"]), ("unchanged", ["section"]), ("since", ["section"]), ("failed: x", ["section"]),
     ("whole", []), ("limit", []), ("empty", [])],
)  # fmt: skip
def test_a_source_stays_cut_short_until_it_was_walked_on(ended: str, expected: list[str], tmp_path: Path) -> None:
    """Known pages close nothing; a report says so for the runs to come, also of a source that it did not walk."""
    sources = report("x", ended=ended).by_source
    assert sorted(carry_cut_short(["section"], sources)) == expected
    data = DataDir(tmp_path)
    write_report(data, replace(report("20261122T01"), cut_short=("section", "map")))
    assert find_cut_short(find_open_reports(data, "qdnd.vn"), since=None) == {"section", "map"}
    assert find_cut_short(find_open_reports(data, "qdnd.vn"), since=NOW) == frozenset()
    assert carry_cut_short(["map"], sources)[0] == "map"


def test_a_killed_run_closes_nothing(tmp_path: Path) -> None:
    """What a finished run left open stays open until another one finishes, whatever a killed run in between says."""
    data = DataDir(tmp_path)
    write_report(data, report("20261122T01", ended="failed: older"))
    write_report(data, report("20261122T02", ended="failed: HTTP status 503"))
    write_report(data, replace(report("20261122T03", ended="empty"), finished_at=None, finish_reason=None))
    reports = find_open_reports(data, "qdnd.vn")
    assert [each.run for each in reports] == ["20261122T03", "20261122T02"]
    assert find_cut_short(reports, since=None) == {"section"}
    write_report(data, report("20261122T04", ended="empty"))
    assert find_cut_short(find_open_reports(data, "qdnd.vn"), since=None) == frozenset()
