"""Articles that are blank without JavaScript: `render = true` archives the DOM; the browser reaches nothing else."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from scrapy.settings import Settings

from tinsach.app.newsroom import Newsroom, serve
from tinsach.app.newsroom.scripted import CONTENT_PATH, FORBIDDEN_PATH, SCRIPT_PATH, ScriptedRoom
from tinsach.cleaning import clean_html
from tinsach.crawler import rendering
from tinsach.crawler.options import BadOption
from tinsach.crawler.rendering import BROWSERS, set_up_browser
from tinsach.datasets.archive import ArchivedResponse, list_archive, read_archive
from tinsach.datasets.layout import DataDir

SITE, HOST = "qdnd.vn", "www.qdnd.vn"
ARTICLES = 2
needs_browser = pytest.mark.skipif(
    not (find_spec("scrapy_playwright") and any(map(shutil.which, BROWSERS))),
    reason="needs the extra `render` and Chromium",
)


def scripted_room() -> ScriptedRoom:
    room = Newsroom(3, ARTICLES, (SITE,), now=datetime(2026, 11, 22, tzinfo=UTC))
    return ScriptedRoom(room, HOST, frozenset(urlsplit(url).path for url in room.urls(SITE)))


def write_profile(folder: Path) -> None:
    """The site's own profile, with a browser."""
    text = (files("tinsach.cleaning") / "profiles" / f"{SITE}.toml").read_text(encoding="utf-8")
    assert "[crawl]" not in text
    folder.mkdir(parents=True)
    (folder / f"{SITE}.toml").write_text(f"{text}\n[crawl]\nrender = true\n", encoding="utf-8")


def crawl(data: Path, origin: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tinsach.app", "--data", str(data), "crawl", SITE, "--origin", origin]
    return subprocess.run(command, env=dict(os.environ), capture_output=True, text=True, check=False, timeout=120)


def read_pages(data: Path) -> dict[str, ArchivedResponse]:
    pages = [page for path in list_archive(DataDir(data).site(SITE)) for page in read_archive(path)]
    return {page.url: page for page in pages if isinstance(page, ArchivedResponse) and page.status}


@needs_browser
def test_the_dom_is_archived_and_nothing_else_is_reached(tmp_path: Path) -> None:
    """The rendered page cleans to the article; scripts and data come through the crawler, all else does not come."""
    scripted = scripted_room()
    write_profile(tmp_path / "profiles")
    with serve(scripted) as server:  # type: ignore[arg-type]  # all it needs is respond
        done = crawl(tmp_path, server.origin)
        assert (done.returncode, done.stderr) == (0, "")
        first = Counter(scripted.paths)
        again = crawl(tmp_path, server.origin)
    pages = read_pages(tmp_path)
    assert sorted(pages) == sorted(scripted.room.urls(SITE))
    for url, page in pages.items():
        original = scripted.room.respond(HOST, urlsplit(url).path, {})
        assert clean_html(page.body, url=url, charset=page.charset).text == clean_html(original.body, url=url).text
    asked = Counter(path.partition("?")[0] for _, path in first.elements())
    assert asked[SCRIPT_PATH] == 1
    assert asked[CONTENT_PATH] == ARTICLES
    assert {host for host, _ in first} <= {HOST, SITE, f"{HOST}:80"}
    assert not {FORBIDDEN_PATH, "/inside", "/static/logo.png", "/static/style.css"} & asked.keys()
    warc = list_archive(DataDir(tmp_path).site(SITE))[0]
    heads = subprocess.run(["zcat", warc], capture_output=True, check=True).stdout
    assert heads.count(b"WARC-Rendered-By: Chromium/") == ARTICLES
    assert again.returncode == 0
    assert Counter(scripted.paths)[(HOST, SCRIPT_PATH)] == 1  # nothing was due, so nothing was rendered


def test_without_a_browser_the_crawl_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing is named, with the command that brings it."""
    with pytest.raises(BadOption, match=r"qdnd\.vn: .* needs .*no/such/browser is none.*apt-get install chromium"):
        set_up_browser(Settings({"TINSACH_BROWSER": "/no/such/browser"}), SITE)
    monkeypatch.setattr(rendering, "find_spec", lambda name: None)
    with pytest.raises(BadOption, match=r"pip install 'tinsach\[render\]'"):
        set_up_browser(Settings(), SITE)
