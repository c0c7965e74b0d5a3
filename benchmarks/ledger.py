"""What a ledger costs that years of crawls filled: beside a small one, in one run, the start and 10,000 look-ups.

  python benchmarks/ledger.py [--rows 5000000] [--small 50000] [--rounds 5] [--memory]

Each round takes both ledgers in turn, and the least time of each counts. `start` is what a run does before its first
request: open, reconcile, read the first batch of what is due. `look-ups` find 10,000 URLs spread over all rows;
`announced` takes in 10,000 known ones, as a sitemap does. The goal is a ratio of 1.5 at most.
--memory crawls a site whose ledger knows 2,000 and 200,000 URLs, in processes of their own, and prints their peak
memory; the goal is 1.2.
"""

import argparse
import json
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from rich.console import Console
from rich.table import Table

from tinsach.app.newsroom import Newsroom, serve
from tinsach.cleaning import load_profile
from tinsach.crawler.archiving import SiteStore
from tinsach.datasets.layout import DataDir, SiteDir
from tinsach.datasets.ledger import Announcement, Ledger

SITE = "ngaynay.vn"
LOOKUPS, STARTS = 10_000, 10
MOST_TIME, MOST_MEMORY = 1.5, 1.2  # ratios
YOUNG = 2_000  # URLs with a visit to come, however many are known: those of the last seven days
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
FILL = """
WITH RECURSIVE number (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < :rows),
row AS (SELECT n, strftime('%Y-%m-%dT%H:%M:%S.000000Z', :first + n * 60, 'unixepoch') AS at FROM number)
INSERT INTO urls (key, url, state, sources, hint_at, published_at, first_seen_at, visited_at, visited_hint_at,
    next_visit_at, status, etag, last_modified, digest, warc_file, warc_offset)
SELECT 'id:' || (10000000 + n),
    printf('https://ngaynay.vn/mot-tin-da-cu-cua-nam-truoc-%d-post%d.html', n % 9973, 10000000 + n),
    'done', '1', at, at, at, at, at,
    iif(n >= :old, strftime('%Y-%m-%dT%H:%M:%S.000000Z', :now + n % 600 * 60, 'unixepoch'), NULL),
    200, printf('"%x-5f3a"', n), 'Sun, 22 Nov 2026 02:00:00 GMT', printf('sha1:%032d', n),
    '20260101T000000Z-0000-00000.warc.gz', n * 9000
FROM row
"""
CRAWL = """
import resource, sys
from tinsach.crawler.child import main
code = main([sys.argv[1], sys.argv[2]])
print("PEAK", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, flush=True)
sys.exit(code)
"""


def article(number: int) -> str:
    """An address that no newsroom has: it is known, never announced again."""
    return f"https://ngaynay.vn/mot-tin-da-cu-cua-nam-truoc-{number % 9973}-post{10_000_000 + number}.html"


def fill(site: SiteDir, rows: int, *, now: datetime = NOW) -> None:
    """A ledger of so many fetched articles, a minute apart, the youngest with a visit to come."""
    Ledger.open(site.ledger).__exit__()
    with closing(sqlite3.connect(site.ledger)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("INSERT INTO sources (id, url) VALUES (1, 'map')")
        first = int(now.timestamp()) - rows * 60
        connection.execute(FILL, {"rows": rows, "first": first, "now": int(now.timestamp()), "old": rows - YOUNG})
        connection.commit()


def start(site: SiteDir, _: int) -> None:
    """What a run does before its first request, ten times."""
    for _time in range(STARTS):
        store = SiteStore.open(site, load_profile(SITE), run="20261122T030000Z-0000", software={})
        assert next(store.plan(NOW + timedelta(hours=1)), None) is not None
        store.abandon()


def look_up(site: SiteDir, rows: int) -> None:
    """10,000 URLs spread over all rows."""
    numbers = random.Random(rows).sample(range(rows), LOOKUPS)
    with Ledger.open(site.ledger) as ledger:
        assert all(ledger.find(article(number)) for number in numbers)


def announce(site: SiteDir, rows: int) -> None:
    """10,000 known URLs that follow each other, as a sitemap lists them."""
    first = random.Random(rows).randrange(rows - LOOKUPS)
    with Ledger.open(site.ledger) as ledger:
        items = (
            Announcement(url=article(number), source="map", first_seen_at=NOW)
            for number in range(first, first + LOOKUPS)
        )
        assert ledger.announce(items).new == 0


def measure(act: Callable[[], None]) -> float:
    """Seconds that it takes."""
    began = perf_counter()
    act()
    return perf_counter() - began


def compare(folder: Path, counts: tuple[int, int], rounds: int) -> tuple[Table, float]:
    """A row a deed: seconds with each ledger, and their ratio; and the largest of these."""
    sites = [DataDir(folder / str(rows)).site(SITE) for rows in counts]
    for site, rows in zip(sites, counts, strict=True):
        print(f"{rows:,} rows written in {measure(partial(fill, site, rows)):.0f} s")
    deeds: dict[str, Callable[[SiteDir, int], None]] = {
        f"{STARTS} starts": start,
        f"{LOOKUPS:,} look-ups": look_up,
        f"{LOOKUPS:,} announced": announce,
    }
    table = Table("", *(f"{rows:,} rows" for rows in counts), "ratio", title=f"best of {rounds} rounds")
    ratios = []
    for name, deed in deeds.items():
        acts = [partial(deed, site, rows) for site, rows in zip(sites, counts, strict=True)]
        times = [[measure(act) for act in acts] for _ in range(rounds)]
        small, large = (min(column) for column in zip(*times, strict=True))
        ratios.append(large / small)
        table.add_row(name, f"{small * 1000:.1f} ms", f"{large * 1000:.1f} ms", f"{ratios[-1]:.2f}")
    return table, max(ratios)


def peaks(folder: Path, counts: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """(known URLs, peak memory in kB of a crawl's process) for each ledger."""
    now = datetime.now(UTC)
    with serve(Newsroom(1, 100, (SITE,), now=now)) as server:
        for rows in counts:
            data = DataDir(folder / f"known-{rows}")
            fill(data.site(SITE), rows, now=now - timedelta(days=8))
            given = {"TINSACH_DATA": str(data.root), "TINSACH_ORIGIN": server.origin, "DOWNLOAD_DELAY": "0"}
            settings = json.dumps(given | {"LOG_LEVEL": "ERROR"})
            command, pipe = [sys.executable, "-c", CRAWL, SITE, settings], subprocess.PIPE
            with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as crawl:  # stdin is its lifeline
                assert crawl.stdout is not None
                last = list(crawl.stdout)[-1]
            yield rows, int(last.removeprefix("PEAK "))


def main() -> None:
    """Prints the table, or the memory; exits with 1 when a ratio is more than it may be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--small", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", action="store_true")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        if not options.memory:
            table, worst = compare(Path(folder), (options.small, options.rows), options.rounds)
            Console().print(table)
            sys.exit(worst > MOST_TIME)
        (few, small), (many, large) = peaks(Path(folder), (2_000, 200_000))
        print(
            f"peak memory of a crawl: {few:,} known URLs {small:,} kB, {many:,} {large:,} kB, ratio {large / small:.3f}"
        )
        sys.exit(large / small > MOST_MEMORY)


if __name__ == "__main__":
    main()
