"""Pages per second of clean_html beside plain trafilatura (metadata, langdetect): same pages, one run, one process.

usage: clean.py [--pages DIR …] [--rounds N]

Two tables: pages cleaned by a profile or family, and pages of unknown make. The work is interleaved: a page through
every contender, twice, since who comes after another finds other caches; then the next page, and all pages once more
in each round, in which the last comes first, since who is first meets a page that nobody has touched. Of each page and
contender the quickest counts, in CPU time: a busy machine disturbs little. Without --pages: a small newsroom's pages,
whose head and surroundings are of a real page's size, and for the second table the same under an unknown address with
their marks taken off. DIR: any folder with <name>.html or <name>.html.gz, each beside a <name>.json that holds its
"url". On pages of a few kilobytes, saved without their surroundings, the text's own work outweighs any parse: read the
last column on whole pages.
"""

import argparse
import gzip
import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import langdetect
import lxml.html
import trafilatura
from rich.console import Console
from rich.table import Table

from tinsach.app.newsroom import Newsroom
from tinsach.cleaning import Article, Rejected, clean_html, language

NEWSROOM_ARTICLES = 10  # a site
WARM_UP_PAGES = 5
Page = tuple[str, bytes]  # URL, HTML
Contender = Callable[[Page], object]

FAST = "tinsach, with the extra `fast`"
SLOW = "tinsach, without it"
PLAIN = "trafilatura + metadata + langdetect"
PARSE = "lxml.html.document_fromstring(page)"
# What the newsroom's pages are known by, and an unknown paper's words for it.
MARKS = ((b"cms-", b"my-"), (b"article__", b"story-"), (b"zce-content-body", b"text"), (b"post-content", b"text"))


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
    """The floor: libxml2's parse of the page as lxml's users call it, and nothing else."""
    return lxml.html.document_fromstring(page[1])


def prepare(name: str) -> Contender:
    """The work of a contender; tinsach's two differ in the langdetect they ask when letters alone do not tell."""
    if name in (FAST, SLOW):
        language._find_engine = lambda: "langdetect_rs" if name == FAST else "langdetect"  # type: ignore[assignment]
        return clean
    return extract_plainly if name == PLAIN else parse_only


def load_own_pages() -> Iterator[Page]:
    """The pages of a small newsroom, as they are and disguised."""
    newsroom = Newsroom(1, NEWSROOM_ARTICLES, now=datetime(2026, 1, 1, tzinfo=UTC))
    for site in newsroom.sites:
        for url in newsroom.urls(site):
            host, _, path = url.removeprefix("https://").partition("/")
            html = newsroom.respond(host, f"/{path}", {}).body
            yield url, html
            for mark, other in MARKS:
                html = html.replace(mark, other)
            yield f"https://example.org/{path}", html


def load_pages(folder: Path) -> Iterator[Page]:
    """The saved pages of a folder; a page without a .json beside it is left out."""
    for path in sorted([*folder.rglob("*.html"), *folder.rglob("*.html.gz")]):
        settings = path.with_name(path.name.removesuffix(".gz").removesuffix(".html") + ".json")
        if not settings.exists():
            settings = settings.with_name(settings.name.removesuffix(".json") + ".gold.json")
        if settings.exists():
            content = path.read_bytes()
            url = json.loads(settings.read_text(encoding="utf-8"))["url"]
            yield url, gzip.decompress(content) if path.suffix == ".gz" else content


def sort_pages(pages: list[Page]) -> dict[str, list[Page]]:
    """The pages by the way they are cleaned; a rejected one was judged by the generic path."""
    found: dict[str, list[Page]] = {"with profile or family": [], "generic path": []}
    for page in pages:
        article = clean(page)
        is_known = isinstance(article, Article) and article.extraction in ("profile", "family")
        found["with profile or family" if is_known else "generic path"].append(page)
    return found


def measure(pages: list[Page], rounds: int) -> dict[str, float]:
    """CPU seconds of each contender over all pages, the quickest round of each page."""
    contenders = [FAST, SLOW, PLAIN, PARSE] if find_spec("langdetect_rs") else [SLOW, PLAIN, PARSE]
    best = {name: [float("inf")] * len(pages) for name in contenders}
    for name in contenders:
        work = prepare(name)
        for page in pages[:WARM_UP_PAGES]:
            work(page)
    for number in range(rounds):
        for index, page in enumerate(pages):
            for name in contenders if number % 2 else reversed(contenders):
                work = prepare(name)
                best[name][index] = min(best[name][index], _time(work, page), _time(work, page))
    return {name: sum(seconds) for name, seconds in best.items()}


def _time(work: Contender, page: Page) -> float:
    started = time.process_time()
    work(page)
    return time.process_time() - started


def show(title: str, pages: list[Page], rounds: int) -> None:
    """Measures and prints one table."""
    seconds = measure(pages, rounds)
    size = sum(len(html) for _, html in pages) / len(pages) / 1000
    table = Table(
        title=f"{title}: {len(pages)} pages, {size:.0f} kB on average, best of {rounds} rounds", title_justify="left"
    )
    for column in ("", "pages/s", "ms a page", "times trafilatura", "times a bare parse"):
        table.add_column(column, justify="left" if not column else "right")
    for name, spent in seconds.items():
        row = (len(pages) / spent, 1000 * spent / len(pages), seconds[PLAIN] / spent, spent / seconds[PARSE])
        table.add_row(name, f"{row[0]:.0f}", f"{row[1]:.2f}", f"{row[2]:.1f}", f"{row[3]:.1f}")
    Console(width=None if sys.stdout.isatty() else 110).print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, metavar="DIR", nargs="+", help="saved pages of your own")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    options = parser.parse_args()
    langdetect.DetectorFactory.seed = 0
    folders: list[Path] = options.pages or []
    pages = [page for folder in folders for page in load_pages(folder)] if folders else list(load_own_pages())
    if not pages:
        sys.exit(f"{', '.join(map(str, folders))}: no <name>.html or <name>.html.gz with a <name>.json beside it")
    for title, found in sort_pages(pages).items():
        if found:
            show(title, found, options.rounds)


if __name__ == "__main__":
    main()
