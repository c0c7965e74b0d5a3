"""The account of each source after a whole run: what became of every URL that it announced."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tinsach.app.main import main
from tinsach.app.newsroom import Newsroom, Reply, serve
from tinsach.crawler.options import CrawlOptions
from tinsach.crawler.report import read_report
from tinsach.crawler.run import run_crawl
from tinsach.datasets.layout import DataDir

pytestmark = pytest.mark.usefixtures("warm_crawls")

SITE, ARTICLES, LIMIT = "qdnd.vn", 24, 22


@dataclass(slots=True)
class Broken:
    """A newsroom that can't show its newest article."""

    room: Newsroom

    def respond(self, host: str, path: str, headers: Mapping[str, str]) -> Reply:
        if self.room.urls(SITE)[-1].endswith(path):
            return Reply(503, (), b"")
        return self.room.respond(host, path, headers)


def test_the_report_says_what_became_of_each_url(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Records, rejects by reason and what was not fetched by cause make up all that a source announced."""
    data = DataDir(tmp_path)
    with serve(Broken(Newsroom(1, ARTICLES, (SITE,), now=datetime.now(UTC)))) as server:  # type: ignore[arg-type]
        arguments = ("--sources", "--limit", str(LIMIT), "--origin", server.origin)
        with pytest.raises(SystemExit) as end:
            main(["--data", str(tmp_path), "--log", "json", "run", SITE, *arguments])
        [path] = data.list_runs()
        crawled = run_crawl(SITE, CrawlOptions(data=data, origin=server.origin, limit=1))
    assert end.value.code == 1
    assert {(part.records, part.unbuilt) for part in crawled.by_source.values()} == {(None, None)}
    report = read_report(path)
    told = {line["source"]: line for line in map(json.loads, capsys.readouterr().out.splitlines()) if "source" in line}
    assert told.keys() == report.by_source.keys()
    for url, part in report.by_source.items():
        assert part.records is not None and part.unbuilt == 0
        assert part.records + sum(part.rejected.values()) + sum(part.not_fetched.values()) == part.announced
        assert (told[url]["records"], told[url]["not_fetched"]) == (part.records, part.not_fetched)
    largest = max(report.by_source.values(), key=lambda part: part.announced)
    assert largest.announced == ARTICLES
    assert largest.rejected
    assert largest.not_fetched == {"HTTP status 503": 1, "not asked": ARTICLES - LIMIT}
