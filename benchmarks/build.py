"""What `tinsach build` does in a second, with one process and with two, and where the time goes.

    benchmarks/build.py [--pages 2000] [--shards 1000] [--many 100000]

The pages are those of the newsroom. Four figures: pages per second with 1 and 2 processes, measured in turns (with what
the machine's cores give two processes that share nothing, the most there is to reach), the share of time outside
`clean_html` once everything is loaded, the time of a build that has nothing to do over many up-to-date shards, and peak
memory of a build of many pages beside one of a tenth of them.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlsplit

from tinsach.app.newsroom import Newsroom
from tinsach.cleaning import Article
from tinsach.datasets.archive import ArchivedResponse, ArchiveWriter, FetchedResponse
from tinsach.datasets.build import build_site
from tinsach.datasets.layout import DataDir
from tinsach.datasets.pages import clean_response

SITE = "ngaynay.vn"
NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
ROUNDS = 3
SPINS = 20_000_000
NEWSROOM_ARTICLES = 300  # taken over and over, each time fetched later


def read_pages() -> Iterator[FetchedResponse]:
    """Endless pages of the newsroom."""
    room = Newsroom(1, NEWSROOM_ARTICLES, (SITE,), now=NOW)
    pages = [(url, room.respond(SITE, urlsplit(url).path, {}).body) for url in room.urls(SITE)]
    for number, (url, body) in enumerate(cycle(pages)):
        header = (b"Content-Type", b"text/html; charset=utf-8")
        yield FetchedResponse(url, 200, "OK", (header,), body, NOW + timedelta(seconds=number))


def write_archive(data: DataDir, *, files: int, pages: int) -> None:
    """`files` WARC files that hold `pages` pages together."""
    source = read_pages()
    for number in range(files):
        with ArchiveWriter(data.site(SITE), f"run{number:05d}", software={}) as writer:
            for response in islice(source, pages // files):
                writer.write(response)


def clear_shards(data: DataDir) -> None:
    """Forget what was built."""
    for folder in (data.site(SITE).records, data.site(SITE).rejects):
        for path in folder.glob("*.parquet"):
            path.unlink()


def measure_build(data: DataDir, jobs: int) -> float:
    """Seconds of a whole build."""
    clear_shards(data)
    start = time.perf_counter()
    report = build_site(data, SITE, jobs=jobs)
    if report.errors or not report.built:
        raise SystemExit("\n".join(report.errors) or "nothing was built")
    return time.perf_counter() - start


def measure_share(data: DataDir) -> float:
    """The share of CPU time that a build in one process spends outside `clean_html`."""
    spent = 0.0

    def clean(response: ArchivedResponse) -> Article:
        nonlocal spent
        start = time.thread_time()
        try:
            return clean_response(response)
        finally:
            # The C library puts the memory of the page's tree in order at the next larger request, a quarter of a
            # millisecond; it is the page's, not whoever's comes next.
            bytes(4096)
            spent += time.thread_time() - start

    for _ in range(2):  # the first time loads libraries
        clear_shards(data)
        spent, start = 0.0, time.process_time()
        build_site(data, SITE, jobs=0, clean=clean)
    return 1 - spent / (time.process_time() - start)


def spin() -> None:
    """A second or so of work that needs nothing but a core."""
    sum(number * number for number in range(SPINS))


def measure_cores() -> float:
    """How many times as much two processes get done as one, on this machine, now."""
    with ProcessPoolExecutor(2) as pool:
        seconds = []
        for processes in (2, 1, 2):  # the first starts the workers
            start = time.perf_counter()
            wait([pool.submit(spin) for _ in range(processes)])
            seconds.append(time.perf_counter() - start)
    return 2 * seconds[1] / seconds[2]


def measure_peak(folder: Path, pages: int) -> float:
    """Peak memory in MB of a process that builds one file of `pages` pages."""
    data = DataDir(folder)
    write_archive(data, files=1, pages=pages)
    ended = subprocess.run([sys.executable, __file__, "--child", folder], check=True, capture_output=True, text=True)
    return float(ended.stdout)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--shards", type=int, default=1000)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        build_site(DataDir(options.child), SITE, jobs=0)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    with tempfile.TemporaryDirectory() as scratch:
        data = DataDir(Path(scratch, "speed"))
        write_archive(data, files=8, pages=options.pages)
        cores = measure_cores()
        rounds = [{jobs: measure_build(data, jobs) for jobs in (1, 2)} for _ in range(ROUNDS)]
        seconds = {jobs: min(each[jobs] for each in rounds) for jobs in (1, 2)}
        for jobs, taken in seconds.items():
            print(f"{options.pages} pages, {jobs} process(es): {options.pages / taken:7.1f} pages/s")
        print(f"2 processes: {seconds[1] / seconds[2]:.2f} times as fast as 1; the cores give {cores:.2f}")
        print(f"outside clean_html: {measure_share(data):.1%} of CPU time")
        data = DataDir(Path(scratch, "noop"))
        write_archive(data, files=options.shards, pages=options.shards)
        build_site(data, SITE, jobs=1)
        start = time.perf_counter()
        build_site(data, SITE, jobs=1)
        print(f"nothing to do over {options.shards} shards: {time.perf_counter() - start:.2f} s")
        few, many = (measure_peak(Path(scratch, str(pages)), pages) for pages in (options.many // 10, options.many))
        print(
            f"peak memory, {options.many // 10} pages: {few:.0f} MB, {options.many}: {many:.0f} MB, {many / few:.2f} x"
        )


if __name__ == "__main__":
    main()
