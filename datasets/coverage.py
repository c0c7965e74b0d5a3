"""What became of what each source announced: the ledger, joined with records and rejects by the place of the bytes."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tinsach.datasets.layout import SiteDir
from tinsach.datasets.ledger import Ledger

RECORD, UNBUILT = "record", "unbuilt"


@dataclass(slots=True)
class SourceCoverage:
    """One source over all runs: `only_here` no other source announced; `outcomes` says what all of them are now.

    record, the reason of a reject, unbuilt (archived, not cleaned yet), gone, failed, found (not asked yet). What was
    taken down after it was archived counts by its record.
    """

    source: str
    announced: int = 0
    only_here: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)


def count_coverage(site: SiteDir) -> tuple[SourceCoverage, ...]:
    """Every source that ever announced a URL of the site, the largest first; none without a ledger.

    Shards that can't be read are passed over: `tinsach build` names and replaces them.
    """
    if not site.ledger.is_file():
        return ()
    with Ledger.open(site.ledger) as ledger:
        counts = ledger.count_fates(_read_outcomes(site))
    found: dict[str, SourceCoverage] = {}
    for (sources, fate), count in counts.items():
        for source in sources:
            one = found.setdefault(source, SourceCoverage(source))
            one.announced += count
            one.only_here += count if len(sources) == 1 else 0
            one.outcomes[fate] += count
    return tuple(sorted(found.values(), key=lambda one: (-one.announced, one.source)))


def _read_outcomes(site: SiteDir) -> Iterator[tuple[str, int, str]]:
    """(WARC file, offset, outcome) of every page that was cleaned."""
    for folder, reason in ((site.records, None), (site.rejects, "reason")):
        for shard in sorted(folder.glob("*.parquet")):
            yield from _read_shard(shard, reason)


def _read_shard(shard: Path, reason: str | None) -> Iterator[tuple[str, int, str]]:
    try:
        with pq.ParquetFile(shard) as file:
            for batch in file.iter_batches(columns=["warc_file", "warc_offset", *([reason] if reason else [])]):
                files, offsets = batch.column("warc_file").to_pylist(), batch.column("warc_offset").to_pylist()
                reasons = batch.column(reason).to_pylist() if reason else [RECORD] * len(files)
                yield from zip(files, offsets, reasons, strict=True)
    except (OSError, pa.ArrowException):
        return
