"""What became of what each source announced: the ledger, joined with records and rejects by the place of the bytes."""

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tinsach.datasets.layout import SiteDir
from tinsach.datasets.ledger import Ledger
from tinsach.datasets.visits import Heard

RECORD, UNBUILT = "record", "unbuilt"
_CAUSES = {"found": "not asked", "gone": "gone", "failed": "failed"}  # of what nothing more is known


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


@dataclass(slots=True)
class RunCoverage:
    """What became of what one source announced in one run: records, and why the others are none.

    `rejected` by reason what was archived, `not_fetched` by cause what was not; `unbuilt` is archived, not cleaned.
    """

    records: int = 0
    unbuilt: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    not_fetched: Counter[str] = field(default_factory=Counter)

    def add(self, heard: Heard) -> None:
        """Count these URLs where they belong."""
        if heard.outcome == RECORD:
            self.records += heard.count
        elif heard.outcome:
            self.rejected[heard.outcome] += heard.count
        elif heard.state == "done":
            self.unbuilt += heard.count
        else:
            self.not_fetched[heard.cause or _CAUSES[heard.state]] += heard.count


def count_run(site: SiteDir, run: str) -> dict[str, RunCoverage]:
    """What became of what each source announced in the site's last run; nothing of a run that is not the last one."""
    found: dict[str, RunCoverage] = {}
    with Ledger.open(site.ledger) as ledger:
        stems = {name.removesuffix(".warc.gz") for name in ledger.list_heard_archives(run)}
        for heard in ledger.count_heard(run, _read_outcomes(site, stems)):
            found.setdefault(heard.source, RunCoverage()).add(heard)
    return found


def _read_outcomes(site: SiteDir, stems: Container[str] | None = None) -> Iterator[tuple[str, int, str]]:
    """(WARC file, offset, outcome) of every page that was cleaned, or of those in the shards of these names."""
    for folder, reason in ((site.records, None), (site.rejects, "reason")):
        for shard in sorted(folder.glob("*.parquet")):
            if stems is None or shard.stem in stems:
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
