"""Pages per second of clean_html beside plain trafilatura (metadata, langdetect): same pages, one run, one process.

usage: clean.py [--pages DIR] [--rounds N]

The work is interleaved (a page through every contender, then the next page), so that a busy machine slows all alike,
and only CPU time counts. Without --pages: the project's saved pages and a small newsroom's. DIR: any folder with
<name>.html or <name>.html.gz, each beside a <name>.json that holds its "url".
"""

import argparse
import gzip
import json
import sys
import time
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import langdetect
import trafilatura
from lxml import etree
from rich.console import Console
from rich.table import Table

from tinsach.app.newsroom import Newsroom
from tinsach.cleaning import Rejected, clean_html

FIXTURES = Path(__file__).parent.parent / "tests" / "fixtures"
NEWSROOM_ARTICLES = 30  # a site
WARM_UP_PAGES = 5
Page = tuple[str, bytes]  # URL, HTML
Contender = Callable[[Page], object]


def clean(page: Page) -> object:
    """tinsach: parse to finished Article."""
    url, html = page
    try:
        return clean_html(html, url=url)
    except Rejected:
        return None


def extract_plainly(page: Page) -> object:
    """What one would write without tinsach: trafilatura's text and metadata, then the language of the text."""
    url, html = page
    document = trafilatura.bare_extraction(html, url=url, include_comments=False, with_metadata=True)
    text = getattr(document, "text", None) or ""
    try:
        return langdetect.detect(text) if text.strip() else None
    except langdetect.LangDetectException:
        return None


def parse_only(page: Page) -> object:
    """The floor: libxml2's parse of the page and nothing else."""
    return etree.fromstring(page[1], etree.HTMLParser(encoding="utf-8"))


CONTENDERS: dict[str, Contender] = {
    "tinsach clean_html": clean,
    "trafilatura + metadata + langdetect": extract_plainly,
    "lxml parse alone": parse_only,
}


def load_own_pages() -> list[Page]:
    """The saved pages of tests/fixtures and those of a small newsroom."""
    pages = []
    for settings in sorted(FIXTURES.glob("*/*/page.toml")):
        url = tomllib.loads(settings.read_text(encoding="utf-8"))["url"]
        pages.append((url, gzip.decompress((settings.parent / "page.html.gz").read_bytes())))
    newsroom = Newsroom(1, NEWSROOM_ARTICLES, now=datetime(2026, 1, 1, tzinfo=UTC))
    for site in newsroom.sites:
        for url in newsroom.urls(site):
            host, _, path = url.removeprefix("https://").partition("/")
            pages.append((url, newsroom.respond(host, f"/{path}", {}).body))
    return pages


def load_pages(folder: Path) -> list[Page]:
    """The saved pages of a folder; a page without a .json beside it is left out."""
    pages = []
    for path in sorted([*folder.rglob("*.html"), *folder.rglob("*.html.gz")]):
        settings = path.with_name(path.name.removesuffix(".gz").removesuffix(".html") + ".json")
        if not settings.exists():
            settings = settings.with_name(settings.name.removesuffix(".json") + ".gold.json")
        if settings.exists():
            content = path.read_bytes()
            url = json.loads(settings.read_text(encoding="utf-8"))["url"]
            pages.append((url, gzip.decompress(content) if path.suffix == ".gz" else content))
    return pages


def measure(pages: list[Page], rounds: int) -> dict[str, float]:
    """CPU seconds of each contender over all pages and rounds."""
    for page in pages[:WARM_UP_PAGES]:
        for work in CONTENDERS.values():
            work(page)
    seconds = dict.fromkeys(CONTENDERS, 0.0)
    for _ in range(rounds):
        for page in pages:
            for name, work in CONTENDERS.items():
                started = time.process_time()
                work(page)
                seconds[name] += time.process_time() - started
    return seconds


def show(pages: list[Page], rounds: int, seconds: dict[str, float]) -> None:
    size = sum(len(html) for _, html in pages)
    title = (
        f"{len(pages)} pages, {size / len(pages) / 1000:.1f} kB on average, {rounds} rounds, CPU time of one process"
    )
    table = Table(title=title, title_justify="left")
    for column in ("", "pages/s", "ms a page", "times trafilatura"):
        table.add_column(column, justify="left" if not column else "right")
    work = len(pages) * rounds
    plain = seconds["trafilatura + metadata + langdetect"]
    for name, spent in seconds.items():
        table.add_row(name, f"{work / spent:.1f}", f"{1000 * spent / work:.2f}", f"{plain / spent:.1f}")
    Console(width=None if sys.stdout.isatty() else 100).print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, metavar="DIR", help="saved pages of your own")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    options = parser.parse_args()
    langdetect.DetectorFactory.seed = 0
    pages = load_pages(options.pages) if options.pages else load_own_pages()
    if not pages:
        sys.exit(f"{options.pages}: no <name>.html or <name>.html.gz with a <name>.json beside it")
    show(pages, options.rounds, measure(pages, options.rounds))


if __name__ == "__main__":
    main()
