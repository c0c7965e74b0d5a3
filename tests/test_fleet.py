"""Many sites from one command: which ones, how signals end them, and that machines can read every line."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock

import pytest

from tinsach.app.crawling import choose_sites
from tinsach.app.newsroom import Newsroom, Reply, serve
from tinsach.app.output import make_output
from tinsach.cleaning.profile import list_sites, load_profile
from tinsach.crawler.options import BadOption
from tinsach.datasets.archive import ArchivedResponse, list_archive, read_archive
from tinsach.datasets.layout import DataDir

SITE, LATER = "qdnd.vn", "ngaynay.vn"
HOLD_FROM = 6  # the article at which the newsroom stops answering


@dataclass(slots=True)
class Held:
    """A newsroom that counts what is asked of SITE's articles and holds answers back until it is let go."""

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
                is_held = self.asked.total() >= HOLD_FROM
            if is_held:
                self.reached.set()
                self.is_open.wait(60)
        return self.room.respond(host, path, headers)


@contextmanager
def crawling(folder: Path, held: Held) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`tinsach crawl` of two sites, one at a time, at the moment when answers are held back."""
    with serve(held) as server:  # type: ignore[arg-type]  # all it needs is respond
        command = [sys.executable, "-m", "tinsach.app", "--data", str(folder), "--log", "json"]
        command += ["crawl", SITE, LATER, "--jobs", "1", "--origin", server.origin]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as process:
            assert held.reached.wait(60)
            yield server.origin, process


def make_held(articles: int = 15) -> Held:
    return Held(Newsroom(seed=3, articles_per_site=articles, now=datetime(2026, 11, 22, tzinfo=UTC)))


def read_lines(text: str) -> list[dict[str, object]]:
    """Every line is JSON, or this fails."""
    return [json.loads(line) for line in text.splitlines()]


def archived_urls(folder: Path) -> list[str]:
    pages = [page for path in list_archive(DataDir(folder).site(SITE)) for page in read_archive(path)]
    return sorted(page.url for page in pages if isinstance(page, ArchivedResponse) and page.status)


def test_sigterm_finishes_what_is_in_flight(tmp_path: Path) -> None:
    """SIGTERM to the command alone: what was asked is archived, no other site begins, code 1, every line is JSON."""
    held = make_held()
    with crawling(tmp_path, held) as (_, process):
        process.send_signal(signal.SIGTERM)
        held.is_open.set()
        out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    told, errors = read_lines(out), read_lines(err)
    crawl = next(line for line in told if line["event"] == "crawl")
    assert crawl["finish_reason"] == "shutdown"
    assert next(line for line in told if line["event"] == "interrupted")["sites"] == [SITE]
    assert HOLD_FROM <= held.asked.total() < 15
    assert len(archived_urls(tmp_path)) == held.asked.total()
    assert [line["sites"] for line in errors if "sites" in line] == [[LATER]]
    assert not list(tmp_path.rglob("*.part"))


def test_a_second_ctrl_c_ends_at_once_without_loss(tmp_path: Path) -> None:
    """Two SIGINTs while no answer comes end the command; what was archived stays, what was in flight is repeated."""
    held = make_held()
    with crawling(tmp_path, held) as (origin, process):
        os.killpg(process.pid, signal.SIGINT)
        assert process.stdout is not None
        assert '"event": "interrupted"' in process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(60) == 1
        held.is_open.set()
        before = Counter(held.asked)
        command = [sys.executable, "-m", "tinsach.app", "--data", str(tmp_path), "crawl", SITE, "--origin", origin]
        subprocess.run(command, check=True, capture_output=True)
    assert archived_urls(tmp_path) == sorted(held.room.urls(SITE))
    repeated = [url for url, times in (held.asked - before).items() if url in before and times]
    assert len(repeated) <= before.total() - HOLD_FROM + load_profile(SITE).crawl.concurrency


def test_all_leaves_out_sites_whose_sources_are_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    """--all takes every site with a source or an article URL seen on a page or in code, and names the others."""
    chosen = choose_sites(make_output(as_json=True), [], every=True)
    left_out = json.loads(capsys.readouterr().out)["sites"]
    assert {SITE, LATER, "vietnamplus.vn"} <= set(chosen)
    assert left_out
    assert sorted([*chosen, *left_out]) == list(list_sites())
    evidence = [load_profile(site).evidence for site in left_out]
    assert all(facts["discover.article_url"] == "guess" for facts in evidence)


@pytest.mark.parametrize(("sites", "every"), [([], False), ([SITE], True)])
def test_sites_are_named_or_all(sites: list[str], every: bool) -> None:
    """Neither sites nor --all, and both, are wrong use."""
    with pytest.raises(BadOption, match="--all"):
        choose_sites(make_output(as_json=True), sites, every=every)
