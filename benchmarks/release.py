"""Near-duplicates of a release against a planted truth, its time and its peak memory.

    benchmarks/release.py [--records 1000000] [--half]

Records are random syllables, 200 a text. One in ten is a changed copy of an earlier one: sentences are cut or replaced,
so that it shares from 0.5 to 0.98 of its runs of five syllables. Recall: how many of those that share 0.8 or more were
found. Precision: how many of those found share 0.7 or more with the record they are said to copy. --half releases half
as many first, in a process of its own, and prints the ratio of the times.
"""

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq

from tinsach.cleaning import Article, Block
from tinsach.datasets.archive import ArchivedResponse
from tinsach.datasets.layout import DataDir
from tinsach.datasets.records import Row, Source, article_row
from tinsach.datasets.release import make_release
from tinsach.datasets.schema import RECORD_SCHEMA
from tinsach.datasets.shards import Account, RowWriter

SITES = ("a.vn", "b.vn", "c.vn")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SYLLABLES = 200
COPIES = 10  # one record in so many is a copy
SHARD_RECORDS = 10_000
VOCABULARY = [
    f"{head}{tail}"
    for head in "b c d đ g h k l m n ph qu r s t th tr v x".split()
    for tail in "a an ang anh ao ây e em ên i iêm o ôn ông ơi u ung ương ưa y".split()
]


def make_texts(count: int) -> Iterator[tuple[list[str], int | None]]:
    """Texts as syllables, and for a copy the number of the text it was made from."""
    chance = random.Random(1)
    recent: list[tuple[int, list[str]]] = []
    for number in range(count):
        if recent and number % COPIES == 0:
            source, text = chance.choice(recent)
            text = list(text)
            for _ in range(chance.randint(1, 12)):
                text[chance.randrange(SYLLABLES)] = f"{number}"
            yield text, source
            continue
        text = chance.choices(VOCABULARY, k=SYLLABLES)
        recent = [*recent[-99:], (number, text)]
        yield text, None


def share_of(one: list[str], other: list[str]) -> float:
    """Jaccard similarity of two texts' runs of five syllables."""
    first, second = ({tuple(text[i : i + 5]) for i in range(len(text) - 4)} for text in (one, other))
    return len(first & second) / len(first | second)


def make_row(number: int, text: list[str]) -> Row:
    """The record of a text; ids are numbers, published in their order."""
    site = SITES[number % len(SITES)]
    url = f"https://{site}/bai-{number}"
    article = Article(
        url=url,
        site=site,
        title=f"Bài {number}",
        blocks=(Block("paragraph", " ".join(text)),),
        published_at=NOW + timedelta(seconds=number),
        extraction="profile",
        extraction_name=site,
    )
    response = ArchivedResponse(url, 200, (), b"", None, NOW, number, "")
    return article_row(article, response, Source(site, "run", "0" * 16), str(number))


def write_records(data: DataDir, count: int) -> dict[int, float]:
    """Shards of `count` records; returns what each copy shares with its source."""
    shares: dict[int, float] = {}
    texts: dict[int, list[str]] = {}
    writers: dict[tuple[str, int], RowWriter] = {}
    for number, (text, source) in enumerate(make_texts(count)):
        row = make_row(number, text)
        key = (str(row["site"]), number // SHARD_RECORDS)
        if key not in writers:
            path = data.site(key[0]).records / f"run{key[1]:05d}-00000.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            writers[key] = RowWriter(path, RECORD_SCHEMA)
        writers[key].write(row)
        texts[number] = text
        texts.pop(number - 1000, None)
        if source is not None:
            shares[number] = share_of(text, texts[source])
    for writer in writers.values():
        writer.finish(Account(rules_version="0" * 16, warc_bytes=1, warc_mtime_ns=1))
        writer.__exit__()
    return shares


def measure(count: int) -> float:
    """Release `count` records, print the figures, and return the seconds."""
    with tempfile.TemporaryDirectory() as scratch:
        data = DataDir(Path(scratch))
        shares = write_records(data, count)
        child = [sys.executable, __file__, "--child", scratch]
        start = time.perf_counter()
        ended = subprocess.run(child, check=True, capture_output=True, text=True)
        seconds = time.perf_counter() - start
        rows = pq.read_table(data.releases / "r1" / "duplicates.parquet", columns=["id"])["id"].to_pylist()
        found = {int(identity.split(":")[1]) for identity in rows}
        true = {number for number, share in shares.items() if share >= 0.8}
        right = [number for number in found if shares.get(number, 0) >= 0.7]
        print(f"{count:,} records: {seconds:.1f} s, peak {float(ended.stdout):.0f} MB, {len(found):,} near-duplicates")
        print(f"  recall at 0.8: {len(true & found) / len(true):.4f}, precision: {len(right) / len(found):.4f}")
        return seconds


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--half", action="store_true")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        make_release(DataDir(options.child), "r1")
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    half = measure(options.records // 2) if options.half else None
    whole = measure(options.records)
    if half:
        print(f"twice the records: {whole / half:.2f} times the time")


if __name__ == "__main__":
    main()
