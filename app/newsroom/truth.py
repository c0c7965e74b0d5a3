"""Compares a release with what the newsroom wrote: every field of every article, what was left out, what was rejected.

Reads the release's rows and the rejects of the build; the truth is made anew from the newsroom's state.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds

from tinsach.app.newsroom.gold import GoldRecord
from tinsach.app.newsroom.web import Newsroom
from tinsach.datasets.layout import DataDir
from tinsach.datasets.minhash import fold_text, list_runs

FIELDS = (
    "title lead body captions authors agency published_at modified_at precision section tags".split()
)  # of GoldRecord
ALIKE, UNLIKE = 0.8, 0.6  # what signatures may take for either lies between: see THRESHOLD of datasets/duplicates.py
_BLOCK_KINDS = ("paragraph", "heading", "list_item", "quote")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a newsroom was, and what the release made from it holds."""

    gold: Mapping[str, GoldRecord]  # by URL
    rows: Mapping[str, Mapping[str, Any]]  # the release by URL
    rejects: Mapping[str, str]  # reason by URL

    def differences(self, field: str, site: str | None = None) -> Iterator[str]:
        """Each released article whose field is not what the newsroom wrote, with both values; of one site or all."""
        for url, row in self.rows.items():
            gold = self.gold.get(url)
            if gold is None or site not in (None, gold.site):
                continue
            truth, found = getattr(gold, field), found_value(row, field)
            if truth != found:
                yield f"{url}\n{_describe(truth, found, row)}"

    def misplaced(self) -> Iterator[str]:
        """What is released and should not be, and the other way round.

        Of a story and its copies those are released once that share ALIKE and more of their runs of syllables; one that
        is left out shares at least UNLIKE with one that is released.
        """
        for group in self._groups().values():
            released = [url for url in group if url in self.rows]
            for url in group:
                shares = {other: self._share(url, other) for other in released if other != url}
                if url in self.rows:
                    yield from (f"twice: {url} {other}" for other, share in shares.items() if share >= ALIKE)
                elif max(shares.values(), default=0) < UNLIKE:
                    yield f"not released: {url}, and nothing like it: {shares}"
        for url in self.rows.keys() - self.gold.keys():
            yield f"released, but no article of the newsroom: {url}"

    def _share(self, url: str, other: str) -> float:
        """Jaccard similarity of two articles' runs of syllables."""
        one, two = (set(list_runs(fold_text(self.gold[each].text))) for each in (url, other))
        return len(one & two) / len(one | two)

    def misjudged(self) -> Iterator[str]:
        """Pages that should have been rejected for another reason, or not at all."""
        truth = {url: gold.rejected for url, gold in self.gold.items() if gold.rejected}
        for url in truth.keys() | self.rejects.keys():
            if truth.get(url) != self.rejects.get(url):
                yield f"{url}: rejected for {self.rejects.get(url)}, should be {truth.get(url)}"

    def leaks(self) -> Iterator[str]:
        """Each planted clutter line that stands as a line of a released text or lead."""
        for url, row in self.rows.items():
            lines = {line for part in (row["text"], row["lead"]) for line in (part or "").split("\n")}
            planted = self.gold[url].clutter if url in self.gold else ()
            yield from (f"{url}: {line}" for line in planted if line in lines)

    def _groups(self) -> Mapping[str, list[str]]:
        """The URLs of each story: those of equal text, and those that say they copy one another's."""
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for url, gold in self.gold.items():
            if not gold.rejected:
                origin = self.gold.get(gold.copy_of or url, gold)
                groups[origin.text if not origin.rejected else gold.text].append(url)
        return groups


def read_outcome(newsroom: Newsroom, data: DataDir, release: Path) -> Outcome:
    """What `newsroom` is, and what the release and the rejects in `data` hold."""
    urls = [url for site in newsroom.sites for url in newsroom.urls(site)]
    rows = ds.dataset(release / "data", format="parquet").to_table().to_pylist()
    rejects = [
        row
        for site in newsroom.sites
        for row in ds.dataset(data.site(site).rejects, format="parquet").to_table(["url", "reason"]).to_pylist()
    ]
    return Outcome(
        gold={url: newsroom.gold(url) for url in urls},
        rows={row["url"]: row for row in rows},
        rejects={row["url"]: row["reason"] for row in rejects},
    )


def found_value(row: Mapping[str, Any], field: str) -> object:
    """A field of a release row in the form in which the gold record gives it."""
    if field == "body":
        return tuple((block["kind"], block["text"]) for block in row["blocks"])
    if field == "captions":
        return tuple((i["caption"], i["credit"]) for i in row["images"] if i["caption"] or i["credit"])
    value = row[{"precision": "published_precision"}.get(field, field)]
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return tuple(value) if isinstance(value, list) else value


def _describe(truth: Any, found: Any, row: Mapping[str, Any]) -> str:
    """Both values; of two lists only what differs, and for a missing block the rule that removed it."""
    if not (isinstance(truth, tuple) and isinstance(found, tuple)):
        return f"    truth: {truth!r}\n    found: {found!r}"
    lost, extra = list(Counter(truth) - Counter(found)), list(Counter(found) - Counter(truth))
    lines = [f"    - {item!r}{_fate_of(item, row)}" for item in lost] + [f"    + {item!r}" for item in extra]
    return "\n".join(lines) or f"    other order: {found!r}"


def _fate_of(item: Any, row: Mapping[str, Any]) -> str:
    text = item[-1] if isinstance(item, tuple) and item[0] in _BLOCK_KINDS else None
    for removal in row["removed"]:
        if text is not None and text == removal["text"]:
            return f"   <- removed as {removal['kind']} by {removal['rule']}"
    return ""
