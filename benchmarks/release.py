"""Near-duplicates of a release against a planted truth, its time and its peak memory.

    benchmarks/release.py [--records 1000000] [--half] [--datatrove PYTHON]

Records are random syllables, 200 a text. One in ten is a changed copy of an earlier one: sentences are cut or replaced,
so that it shares from 0.5 to 0.98 of its runs of five syllables. Recall: how many of those that share 0.8 or more were
found. Precision: how many of those found share 0.7 or more with the record they are said to copy. --half releases half
as many first, in a process of its own, and prints the ratio of the times. --datatrove runs datatrove's MinHash with
that Python on the same documents (`make datatrove` installs one); its time is beside that of our whole release with the
signatures, which our shards already hold.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tinsach.cleaning import Article, Block
from tinsach.datasets.archive import ArchivedResponse
from tinsach.datasets.layout import DataDir
from tinsach.datasets.minhash import fold_text, sign_text
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
    response = ArchivedResponse(url, 200, (), b"", None, NOW + timedelta(seconds=number), number, "")
    return article_row(article, response, Source(site, "run", "0" * 16), str(number))


@dataclass(slots=True)
class Planted:
    """What was written: for each copy the number of its source and what it shares with it; seconds spent on signing."""

    sources: dict[int, int] = field(default_factory=dict)
    shares: dict[int, float] = field(default_factory=dict)
    sign_seconds: float = 0.0


def write_records(data: DataDir, count: int) -> Planted:
    """Shards of `count` records, and the same texts as JSON Lines in `documents`."""
    planted = Planted()
    texts: dict[int, list[str]] = {}
    writers: dict[tuple[str, int], RowWriter] = {}
    (data.root / "documents").mkdir()
    with (data.root / "documents" / "all.jsonl").open("w", encoding="utf-8") as documents:
        for number, (text, source) in enumerate(make_texts(count)):
            row = make_row(number, text)
            started = time.perf_counter()
            sign_text(fold_text(str(row["text"])))
            planted.sign_seconds += time.perf_counter() - started
            documents.write(json.dumps({"id": str(number), "text": row["text"]}, ensure_ascii=False) + "\n")
            key = (str(row["site"]), number // SHARD_RECORDS)
            if key not in writers:
                writers[key] = open_shard(data, key)
            writers[key].write(row)
            texts[number] = text
            texts.pop(number - 1000, None)
            if source is not None:
                planted.sources[number], planted.shares[number] = source, share_of(text, texts[source])
    for writer in writers.values():
        writer.finish(Account(rules_version="0" * 16, warc_bytes=1, warc_mtime_ns=1))
        writer.__exit__()
    return planted


def open_shard(data: DataDir, key: tuple[str, int]) -> RowWriter:
    """The writer of one site's next shard."""
    path = data.site(key[0]).records / f"run{key[1]:05d}-00000.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    return RowWriter(path, RECORD_SCHEMA)


def show_quality(name: str, dropped: Set[int], planted: Planted) -> None:
    """Recall: pairs that share 0.8 of which one was dropped; precision: dropped ones that share 0.7 with another."""
    true = {number for number, share in planted.shares.items() if share >= 0.8}
    hit = {number for number in true if number in dropped or planted.sources[number] in dropped}
    like = {number: source for number, source in planted.sources.items() if planted.shares[number] >= 0.7}
    right = dropped & (like.keys() | set(like.values()))
    print(f"  {name}: recall at 0.8 {len(hit) / len(true):.4f}, precision {len(right) / max(len(dropped), 1):.4f}")


def run_child(command: list[str]) -> tuple[float, str]:
    """Seconds of a process, and the last line it prints."""
    start = time.perf_counter()
    ended = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return time.perf_counter() - start, ended.stdout.splitlines()[-1]


def measure(count: int, datatrove: Path | None) -> float:
    """Release `count` records, print the figures, and return the seconds."""
    with tempfile.TemporaryDirectory() as scratch:
        data = DataDir(Path(scratch))
        planted = write_records(data, count)
        seconds, peak = run_child([sys.executable, __file__, "--child", scratch])
        rows = pq.read_table(data.releases / "r1" / "duplicates.parquet", columns=["id"])["id"].to_pylist()
        found = {int(identity.split(":")[1]) for identity in rows}
        print(f"{count:,} records: {seconds:.1f} s, peak {float(peak):.0f} MB, {len(found):,} near-duplicates")
        show_quality("tinsach", found, planted)
        if datatrove:
            script = str(Path(__file__).with_name("datatrove_minhash.py"))
            _, line = run_child([str(datatrove), script, str(data.root / "documents"), str(data.root / "work")])
            show_datatrove(json.loads(line), seconds + planted.sign_seconds, planted)
        return seconds


def show_datatrove(theirs: Mapping[str, Any], our_seconds: float, planted: Planted) -> None:
    """datatrove's figures beside ours on the same documents."""
    print(
        f"datatrove: {theirs['seconds']:.1f} s, peak {theirs['peak_mb']:.0f} MB; tinsach with signing "
        f"{our_seconds:.1f} s: {theirs['seconds'] / our_seconds:.1f} times as fast"
    )
    show_quality("datatrove", set(theirs["dropped"]), planted)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--half", action="store_true")
    parser.add_argument("--datatrove", type=Path, metavar="PYTHON")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        make_release(DataDir(options.child), "r1")
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    half = measure(options.records // 2, None) if options.half else None
    whole = measure(options.records, options.datatrove)
    if half:
        print(f"twice the records: {whole / half:.2f} times the time")


if __name__ == "__main__":
    main()
