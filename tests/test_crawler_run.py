"""Crawls as processes: killed, interrupted, refused, stopped by a full disk; against the newsroom on loopback."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock

import pytest
from filelock import FileLock

from tinsach.app.newsroom import Newsroom, Reply, serve
from tinsach.cleaning.profile import UnknownSite, load_profile
from tinsach.crawler.loader import ProfileSpiderLoader, UnknownSpider
from tinsach.crawler.options import CrawlOptions
from tinsach.crawler.report import RunReport
from tinsach.crawler.run import CrawlStopped, Watcher, run_crawl, run_crawls
from tinsach.datasets.archive import ArchivedResponse, list_archive, read_archive
from tinsach.datasets.layout import DataDir
from tinsach.datasets.ledger import Ledger
from tinsach.datasets.locks import site_lock

# The crawls of this process; those of the processes that `start` makes begin as everybody's do.
pytestmark = pytest.mark.usefixtures("warm_crawls")

SITE, CONCURRENCY, GATE_AT = "qdnd.vn", 3, 10
# A crawl in a process of its own: what a shell or a timer would start.
SCRIPT = """
import json, resource, sys
from pathlib import Path
from tinsach.crawler.options import CrawlOptions
from tinsach.crawler.report import report_to_json
from tinsach.crawler.run import CrawlStopped, run_crawls
from tinsach.datasets.layout import DataDir
folder, origin, site, concurrency, max_file_bytes = sys.argv[1:]
if int(max_file_bytes):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(max_file_bytes), int(max_file_bytes)))
options = CrawlOptions(data=DataDir(Path(folder)), origin=origin, delay_seconds=0, concurrency=int(concurrency))
(result,) = run_crawls((site,), options)
if isinstance(result, CrawlStopped):
    print(json.dumps({"stopped": str(result), "exit_code": result.exit_code, "report": bool(result.report)}))
else:
    print(json.dumps(report_to_json(result)))
"""


@dataclass(slots=True)
class Gate:
    """A newsroom's front door: counts what is asked of articles, and can hold the crowd at the tenth."""

    room: Newsroom
    is_open: Event = field(default_factory=Event)
    reached: Event = field(default_factory=Event)
    asked: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    def respond(self, host: str, path: str, headers: Mapping[str, str]) -> Reply:
        url = f"https://{host}{path}"
        if load_profile(SITE).is_article_url(url):
            with self.lock:
                self.asked[url] += 1
                is_held = self.asked.total() >= GATE_AT
            if is_held:
                self.reached.set()
                self.is_open.wait(60)
        return self.room.respond(host, path, headers)


@dataclass(slots=True)
class Heard(Watcher):
    """Keeps what it hears."""

    reports: list[RunReport] = field(default_factory=list)

    def progressed(self, report: RunReport) -> None:
        self.reports.append(report)


def newsroom(articles: int = 30) -> Newsroom:
    return Newsroom(seed=3, articles_per_site=articles, now=datetime(2026, 11, 22, tzinfo=UTC))


def options(folder: Path, origin: str) -> CrawlOptions:
    return CrawlOptions(data=DataDir(folder), origin=origin, delay_seconds=0, concurrency=CONCURRENCY)


def start(folder: Path, origin: str, *, max_file_bytes: int = 0, stderr: int | None = None) -> subprocess.Popen[str]:
    arguments = [str(folder), origin, SITE, str(CONCURRENCY), str(max_file_bytes)]
    command = [sys.executable, "-c", SCRIPT, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, encoding="utf-8", start_new_session=True)


def archived_urls(folder: Path, site: str = SITE) -> list[str]:
    pages = [page for path in list_archive(DataDir(folder).site(site)) for page in read_archive(path)]
    return sorted(page.url for page in pages if isinstance(page, ArchivedResponse) and page.status)


def count_states(folder: Path) -> dict[str, int]:
    with Ledger.open(DataDir(folder).site(SITE).ledger) as ledger:
        return {state: count for state, count in ledger.count_by_state().items() if count}


def test_a_killed_crawl_goes_on_where_it_was(tmp_path: Path) -> None:
    """After SIGKILL the next run is not refused, ends with every article once, and repeats only what was in flight."""
    gate = Gate(newsroom())
    with serve(gate) as server:  # type: ignore[arg-type]  # all it needs is respond
        with start(tmp_path, server.origin) as parent:
            assert gate.reached.wait(60)
            parent.kill()  # the child is left to its lifeline
            parent.wait()
        with FileLock(DataDir(tmp_path).site(SITE).lock, timeout=30):
            pass  # nobody is left who could write
        assert gate.asked.total() < GATE_AT + CONCURRENCY
        gate.is_open.set()
        report = run_crawl(SITE, options(tmp_path, server.origin))
    assert report.finish_reason == "finished"
    assert not report.has_failures
    assert archived_urls(tmp_path) == sorted(gate.room.urls(SITE))
    repeated = [url for url, times in gate.asked.items() if times > 1]
    assert len(repeated) <= CONCURRENCY
    assert count_states(tmp_path) == {"done": 30}


def test_ctrl_c_finishes_what_is_in_flight(tmp_path: Path) -> None:
    """SIGINT to the whole group, as a terminal sends it, ends the crawl in order: all that was asked is archived."""
    gate = Gate(newsroom())
    with (
        serve(gate) as server,  # type: ignore[arg-type]  # all it needs is respond
        start(tmp_path, server.origin) as parent,
    ):
        assert gate.reached.wait(60)
        os.killpg(parent.pid, signal.SIGINT)
        gate.is_open.set()
        assert parent.stdout is not None
        report = json.loads(parent.stdout.read())
    assert report["finish_reason"] == "shutdown"
    assert GATE_AT <= report["archived"] == gate.asked.total() < 30
    assert len(archived_urls(tmp_path)) == report["archived"]
    assert not list(tmp_path.rglob("*.part"))
    assert count_states(tmp_path) == {"found": 30 - report["archived"], "done": report["archived"]}


def test_a_full_disk_stops_the_crawl_in_one_line(tmp_path: Path) -> None:
    """When a file can't grow, the crawl names it and ends; what was archived before can be read."""
    gate = Gate(newsroom(), is_open=Event())
    gate.is_open.set()
    with serve(gate) as server:  # type: ignore[arg-type]  # all it needs is respond
        with start(tmp_path, server.origin, max_file_bytes=120_000) as parent:
            assert parent.stdout is not None
            result = json.loads(parent.stdout.read())
        assert str(tmp_path) in result["stopped"]
        assert "\n" not in result["stopped"]
        assert (result["exit_code"], result["report"]) == (1, True)
        run_crawl(SITE, options(tmp_path, server.origin))
    assert archived_urls(tmp_path) == sorted(gate.room.urls(SITE))


def test_a_busy_site_is_refused_and_the_others_are_done(tmp_path: Path) -> None:
    """While one process crawls a site, another is refused with the lock's name; its other sites are crawled."""
    room = newsroom(5)
    seen = Heard()
    with serve(room) as server, site_lock(DataDir(tmp_path).site(SITE)):
        sites = (SITE, "ngaynay.vn")
        busy, done = run_crawls(sites, options(tmp_path, server.origin), watcher=seen)
    assert isinstance(busy, CrawlStopped)
    assert (busy.exit_code, busy.report) == (2, None)
    assert str(DataDir(tmp_path).site(SITE).lock) in str(busy)
    assert isinstance(done, RunReport)
    assert archived_urls(tmp_path, "ngaynay.vn") == sorted(room.urls("ngaynay.vn"))
    assert seen.reports[-1] == done


def test_the_outside_world_needs_a_contact(tmp_path: Path) -> None:
    """Without a contact nothing is crawled and nothing is written."""
    with pytest.raises(CrawlStopped, match="no contact") as caught:
        run_crawl(SITE, CrawlOptions(data=DataDir(tmp_path)))
    assert caught.value.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_site_is_said_with_the_known_ones(tmp_path: Path) -> None:
    """A site without profile is refused before anything starts, here and in Scrapy."""
    with pytest.raises(UnknownSite, match=r"'báo lạ'; known: .*qdnd\.vn"):
        run_crawl("báo lạ", CrawlOptions(data=DataDir(tmp_path)))
    with pytest.raises(UnknownSpider, match=r"known: .*qdnd\.vn"):
        ProfileSpiderLoader().load("báo lạ")


def test_scrapy_knows_every_profile_from_anywhere(tmp_path: Path) -> None:
    """`scrapy list` finds the profiles with nothing but the name of the settings module."""
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": "tinsach.crawler.settings"}
    command = [sys.executable, "-W", "error::DeprecationWarning:tinsach", "-m", "scrapy", "list"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert {"ngaynay.vn", "qdnd.vn", "vietnamplus.vn"} <= set(done.stdout.split())
