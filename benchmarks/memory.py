"""Memory of one process that cleans many different pages: growth after the first thousand.

usage: python benchmarks/memory.py [--pages 20000] [--generic]

Pages come from the newsroom, each different; with --generic their class names are changed, so that no profile and no
family fits. Goal: less than 60 MB of growth after the first 1,000 pages.
"""

import argparse
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from tinsach.app.newsroom import Newsroom
from tinsach.cleaning import Rejected, clean_html

WARM_UP_PAGES = 1000


def read_resident_megabytes() -> float:
    """What the process holds now, from /proc (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def make_pages(count: int, *, generic: bool) -> Iterator[tuple[str, bytes]]:
    """(URL, page) of `count` different pages."""
    room = Newsroom(1, -(-count // 3), now=datetime(2026, 11, 22, tzinfo=UTC))
    urls = (url for group in zip(*(room.urls(site) for site in room.sites), strict=True) for url in group)
    for url in islice(urls, count):
        parts = urlsplit(url)
        page = room.respond(parts.hostname or "", parts.path, {}).body
        if generic:
            page = page.replace(b"article__", b"story-").replace(b"cms-", b"my-").replace(b"articleBody", b"text")
            yield f"https://paper-{len(page) % 997}.example/{parts.path.rsplit('/', 1)[-1]}", page
        else:
            yield url, page


def main() -> None:
    """Prints resident memory every tenth of the way and the growth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--generic", action="store_true", help="pages that no profile and no family fits")
    args = parser.parse_args()
    base = 0.0
    for number, (url, page) in enumerate(make_pages(args.pages, generic=args.generic), start=1):
        with suppress(Rejected):
            clean_html(page, url=url)
        if number == min(WARM_UP_PAGES, args.pages):
            base = read_resident_megabytes()
        if number % max(1, args.pages // 10) == 0:
            print(f"{number:7,} pages  {read_resident_megabytes():7.1f} MB", flush=True)
    print(f"growth after the first {WARM_UP_PAGES:,}: {read_resident_megabytes() - base:.1f} MB")


if __name__ == "__main__":
    main()
