"""The commands around data sets: what they say, what they write, and what they refuse, in this process."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tinsach.app.main import main
from tinsach.datasets.archive import ArchiveWriter, FetchedResponse
from tinsach.datasets.layout import DataDir

NOW = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code and what it wrote."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def tinsach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `tinsach ARGUMENTS…` in this process, in the test's own folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Ended:
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ended(int(end.value.code or 0), captured.out, captured.err)

    return run


def archive_pages(folder: Path, numbers: range, run: str = "run") -> None:
    """Archive an article of ngaynay.vn for each number."""
    with ArchiveWriter(DataDir(folder / "data").site("ngaynay.vn"), run, software={}) as writer:
        for number in numbers:
            body = " ".join(f"Cây cầu thứ {number * 50 + step} nối hai bờ sông." for step in range(12))
            page = f"""<html><head><title>Cầu {number}</title></head><body>
                <h1 class="article__title cms-title">Khánh thành cầu số {number}</h1>
                <div class="article__body cms-body" itemprop="articleBody"><p>{body}</p></div></body></html>"""
            url = f"https://ngaynay.vn/cau-post{number}.html"
            header = (b"Content-Type", b"text/html; charset=utf-8")
            writer.write(FetchedResponse(url, 200, "OK", (header,), page.encode(), NOW))


def test_explain_says_why_and_makes_nothing(tinsach: Run, tmp_path: Path) -> None:
    """`build --explain` names each stale shard with its reason, in both forms, and leaves the folder as it is."""
    archive_pages(tmp_path, range(2))
    shard = Path("data/sites/ngaynay.vn/records/run-00000.parquet")
    told = tinsach("build", "--explain")
    assert (told.code, told.out) == (0, f"{shard}: missing\nngaynay.vn: 1 of 1 shards would be made\n")
    assert not shard.exists()
    assert tinsach("build", "--jobs", "1").code == 0
    events = [json.loads(line) for line in tinsach("--log", "json", "build", "--explain").out.splitlines()]
    assert [(event["event"], event.get("up_to_date")) for event in events] == [("explained", 1)]


def test_release_takes_filters_and_refuses_bad_days(tinsach: Run, tmp_path: Path) -> None:
    """Options reach the release; a day that is none is one line and code 2."""
    archive_pages(tmp_path, range(3))
    tinsach("build", "--jobs", "1")
    told = tinsach("release", "r1", "--min-words", 10, "--site", "ngaynay.vn", "--language", "vi")
    assert told.code == 0, told.err
    assert told.out.startswith("Release r1: 3 articles in 1 files")
    told = tinsach("release", "r2", "--since", "yesterday")
    assert (told.code, told.err) == (2, "error: --since yesterday: not a day; write it as 2026-11-20\n")
    assert tinsach("release", "r2", "--min-words", 1000).code == 2
