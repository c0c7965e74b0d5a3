"""`tinsach ledger` and the account of sources, against a ledger that this file writes."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tinsach.app.crawlview import tell_crawl
from tinsach.app.main import main
from tinsach.app.output import make_output
from tinsach.crawler.report import RunReport, SourceReport
from tinsach.datasets.archive import ArchivePosition
from tinsach.datasets.layout import DataDir
from tinsach.datasets.ledger import Announcement, Ledger, Outcome

NOW = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
SITE = "ngaynay.vn"
Run = Callable[..., tuple[int, str, str]]


def article(number: int) -> str:
    return f"https://ngaynay.vn/a-post{number}.html"


@pytest.fixture
def tinsach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `tinsach ARGUMENTS…` in a folder whose ledger has one done, one failed and one waiting article."""
    monkeypatch.chdir(tmp_path)
    with Ledger.open(DataDir(tmp_path / "data").site(SITE).ledger) as ledger:
        ledger.announce(
            Announcement(url=article(n), source=f"https://{SITE}/x.rss", first_seen_at=NOW) for n in (1, 2, 3)
        )
        ledger.mark_done("id:1", Outcome(status=200, position=ArchivePosition("w", 1, "sha1:A"), fetched_at=NOW))
        ledger.mark_failed("id:2", "HTTP status 500", NOW, NOW)
        ledger.commit()

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(list(arguments))
        captured = capsys.readouterr()
        return int(end.value.code or 0), captured.out, captured.err

    return run


def test_show_counts_and_lists(tinsach: Run) -> None:
    """Without a name the states, and the URLs of one state with what went wrong."""
    code, out, _ = tinsach("ledger", "show", SITE, "--state", "failed")
    assert code == 0
    assert "HTTP status 500" in out and "a-post2" in out and "a-post1" not in out
    code, out, _ = tinsach("--log", "json", "ledger", "show", SITE)
    assert json.loads(out)["failed"] == 1


@pytest.mark.parametrize("name", [article(1), f"{article(1)}?utm_source=x#c", "1", "id:1", f"{SITE}:1"])
def test_an_article_is_found_by_any_of_its_names(tinsach: Run, name: str) -> None:
    """URL, number, key of the ledger, id of the record."""
    code, out, _ = tinsach("ledger", "show", SITE, name)
    assert code == 0
    assert "sha1:A" in out


def test_what_is_unknown_is_told(tinsach: Run) -> None:
    """An article that isn't known gives exit code 1, the others are shown; when none is known it is wrong use.

    So is a site without ledger.
    """
    code, out, err = tinsach("ledger", "show", SITE, "7", "1", "http://[")
    assert code == 1
    assert "sha1:A" in out and "7 is not in the ledger" in err and "http://[ is not" in err
    assert tinsach("ledger", "show", SITE, "7")[0] == 2
    code, _, err = tinsach("ledger", "show", "ngaynai.vn")
    assert (code, "no ledger of ngaynai.vn; did you mean ngaynay.vn?" in err) == (2, True)
    code, _, err = tinsach("ledger", "show", "qdnd.vn")
    assert code == 2
    assert "no ledger of qdnd.vn; there is ngaynay.vn" in err


def test_forgetting_makes_it_due(tinsach: Run, tmp_path: Path) -> None:
    """The next crawl fetches it in full."""
    code, out, _ = tinsach("ledger", "forget", SITE, "1")
    assert (code, out) == (0, f"forgotten: {article(1)}\n")
    with Ledger.open(DataDir(tmp_path / "data").site(SITE).ledger) as ledger:
        assert ledger.count_by_state()["found"] == 2
    assert tinsach("ledger", "forget", SITE, "9")[0] == 2


def test_sites_tells_what_each_source_gave(tinsach: Run) -> None:
    """In a table, and as an event a source."""
    _, out, _ = tinsach("sites", SITE)
    assert "/x.rss" in out and "unbuilt" in out
    _, out, _ = tinsach("--log", "json", "sites", SITE)
    event = json.loads(out.splitlines()[-1])
    assert (event["event"], event["announced"], event["outcomes"]) == (
        "source",
        3,
        {"unbuilt": 1, "failed": 1, "found": 1},
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--to", "2026-11-01"), "--to 2026-11-01: needs --from, the first day"),
        (("--from", "2026-11-02", "--to", "2026-11-01"), "ends before it begins"),
        (("--from", "Tet"), "'Tet': not a time"),
    ],
)
def test_days_that_cannot_be(tinsach: Run, arguments: tuple[str, ...], says: str) -> None:
    """A backfill without a beginning, or that ends before it, is told before anything starts."""
    code, _, err = tinsach("crawl", SITE, "--contact", "a@b.vn", *arguments)
    assert code == 2
    assert says in err


def test_a_site_that_announces_nothing_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    """Empty sources end with exit code 1 and say so; sources without anything new end with 0."""
    empty = SourceReport(kind="section", pages=1, announced=0, new=0, ended="empty")
    report = RunReport(site=SITE, run="r", started_at=NOW, finish_reason="finished", by_source={"s": empty})
    assert tell_crawl(make_output(as_json=False), report) == 1
    assert "no source announced an article (s empty)" in capsys.readouterr().err
    same = SourceReport(kind="section", pages=1, announced=0, new=0, ended="unchanged")
    assert tell_crawl(make_output(as_json=False), RunReport(
        site=SITE, run="r", started_at=NOW, finish_reason="finished", by_source={"s": empty, "t": same}
    )) == 0  # fmt: skip
