"""Learns what repeats across a site and keeps it in the site's file, where its reviewer decides."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tinsach.cleaning.learnt import line_key
from tinsach.datasets.layout import BrokenWorld, DataDir
from tinsach.datasets.learnt import Finding, State, decide, merge_findings, read_findings, write_findings
from tinsach.datasets.locks import records_lock
from tinsach.datasets.repeats import Bounds, Repeats, find_repeats
from tinsach.datasets.selection import without_damaged
from tinsach.datasets.shards import list_shards

_DEFAULT = Bounds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What was learnt of a site from so many articles, with what was decided; `errors` name shards passed over.

    Of `chars` in the articles `proposed_chars` would go with what is proposed, and `accepted_chars` go with the next
    build; `taken_chars` were taken out by accepted rules before.
    """

    path: Path
    articles: int
    chars: int
    proposed_chars: int
    accepted_chars: int
    taken_chars: int
    findings: tuple[Finding, ...]
    errors: tuple[str, ...]


def learn_site(
    data: DataDir, site: str, bounds: Bounds = _DEFAULT, *, accept: Sequence[str] = (), refuse: Sequence[str] = ()
) -> Lesson:
    """Find what repeats in the records of a site, and write it with its reviewer's decisions, old ones and these.

    Raises BrokenWorld when the site has no records, is being built, or its file can't be used, and for a decision on a
    rule that is not there.
    """
    folder = data.find_site(site)
    with records_lock(folder):
        reviewed = read_findings(folder)
        shards, errors = list_shards(folder)
        if not shards:
            raise BrokenWorld("; ".join([f"{folder.records}: no records of {site}", *errors[:1]]) + "; build it first")
        others = [shard for name in data.sites() if name != site for shard in list_shards(data.site(name))[0]]
        found, damaged = without_damaged([*shards, *others], partial(_find_in_good, set(shards), bounds))
        if found is None:
            raise BrokenWorld("; ".join([f"{folder.records}: no records of {site}", *damaged[:1]]))
        errors += damaged
        findings = merge_findings(found.findings, reviewed, found.taken, found.articles)
        findings = decide(decide(findings, accept, "accepted"), refuse, "refused")
        write_findings(folder, findings)
    states = {line_key(each.rule.text): each.state for each in findings}
    left: Counter[State] = Counter()
    for each in found.findings:
        left[states[line_key(each.rule.text)]] += each.chars
    return Lesson(
        path=folder.learnt,
        articles=found.articles,
        chars=found.chars,
        proposed_chars=left["proposed"],
        accepted_chars=left["accepted"],
        taken_chars=sum(each.chars for each in found.taken.values()),
        findings=tuple(sorted(findings, key=lambda each: -each.articles)),
        errors=tuple(errors),
    )


def _find_in_good(own: set[Path], bounds: Bounds, good: list[Path], _: list[str]) -> Repeats | None:
    """What repeats in those of the site's shards that can be read; None when none of them can."""
    shards = [shard for shard in good if shard in own]
    return find_repeats(shards, [shard for shard in good if shard not in own], bounds) if shards else None
