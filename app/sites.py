"""`tinsach sites`: what each profile knows and how sure it is, and what the data folder says of the site."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tinsach.app.output import Cell, Output
from tinsach.cleaning import Profile, list_sites, load_profile
from tinsach.crawler.report import find_last_report
from tinsach.datasets.coverage import RECORD, UNBUILT, count_coverage
from tinsach.datasets.layout import DataDir
from tinsach.datasets.ledger import Ledger

COLUMNS = (
    "site", "name", "family", "feeds", "sections", "page", "code", "guess", "last run", "ended", "articles", "records"
)  # fmt: skip
LESS = ("feeds", "sections", "family", "name", "ended")
FATES = (RECORD, UNBUILT, "found", "gone", "failed")
SOURCE_COLUMNS = ("source", "announced", "alone", "records", "unbuilt", "waiting", "gone", "failed", "rejected")
LESS_OF_SOURCES = ("waiting", "unbuilt", "gone", "rejected")
EVIDENCE = {"page": "seen on a page", "code": "read in code", "guess": "guessed"}


def show_sites(output: Output, data: DataDir, chosen: Sequence[str]) -> None:
    """A row a site: profiles first, then sites that have data and no profile; facts by evidence for `chosen` ones.

    Raises UnknownSite.
    """
    profiles = [load_profile(site) for site in chosen]
    names = list(chosen) or [*list_sites(), *(site for site in data.sites() if site not in list_sites())]
    rows = [_describe(data, site) for site in names]
    for row in rows:
        output.event("site", **row)
    output.table("Sites", COLUMNS, [tuple(row[column] for column in COLUMNS) for row in rows], less=LESS)
    for profile in profiles:
        _show_evidence(output, profile)
        _show_sources(output, data, profile)
    if not chosen:
        output.note(
            "page, code, guess: how many facts were seen on a page, read in code, guessed; `tinsach sites SITE`"
        )


def _describe(data: DataDir, site: str) -> dict[str, str | int | None]:
    report = find_last_report(data, site)
    return {
        "site": site,
        **_describe_profile(load_profile(site) if site in list_sites() else None),
        "last run": f"{report.started_at:%Y-%m-%d %H:%M}" if report else None,
        "ended": (report.finish_reason or "killed") if report else None,
        "articles": _count_articles(data, site),
        "records": _count_records(data, site),
    }


def _describe_profile(profile: Profile | None) -> dict[str, str | int | None]:
    if profile is None:
        return dict.fromkeys(("name", "family", "feeds", "sections", *EVIDENCE))
    known = Counter(profile.evidence.values())
    return {
        "name": profile.name,
        "family": profile.family,
        "feeds": len(profile.discover.feeds),
        "sections": len(profile.discover.sections),
        **{kind: known[kind] for kind in ("page", "code", "guess")},
    }


def _show_evidence(output: Output, profile: Profile) -> None:
    for kind, words in EVIDENCE.items():
        facts = [fact for fact, source in profile.evidence.items() if source == kind]
        if facts:
            output.line(f"{profile.site}: {words}: {', '.join(facts)}")


def _show_sources(output: Output, data: DataDir, profile: Profile) -> None:
    """Of each source, over all runs: what it announced, and what became of that."""
    rows: list[list[Cell]] = []
    for one in count_coverage(data.site(profile.site)):
        told = {"announced": one.announced, "only_here": one.only_here, "outcomes": dict(one.outcomes)}
        output.event("source", site=profile.site, source=one.source, **told)
        reasons = Counter({fate: count for fate, count in one.outcomes.items() if fate not in FATES})
        rejected = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common()) or None
        source = one.source.removeprefix(profile.home.rstrip("/"))
        rows.append([source, one.announced, one.only_here, *(one.outcomes[fate] for fate in FATES), rejected])
    title = f"What the sources of {profile.site} announced, and what became of it"
    output.table(title, SOURCE_COLUMNS, rows, less=LESS_OF_SOURCES)


def _count_articles(data: DataDir, site: str) -> int | None:
    """Articles fetched so far, as the ledger has them; None without a ledger."""
    ledger_file = data.site(site).ledger
    if not ledger_file.is_file():
        return None
    with Ledger.open(ledger_file) as ledger:
        return ledger.count_by_state()["done"]


def _count_records(data: DataDir, site: str) -> int | None:
    """Rows in the site's shards; None when none was built yet. A shard that can't be read counts as none."""
    shards = sorted(data.site(site).records.glob("*.parquet"))
    return sum(_count_rows(shard) for shard in shards) if shards else None


def _count_rows(shard: Path) -> int:
    try:
        return int(pq.read_metadata(shard).num_rows)
    except (OSError, pa.ArrowException):
        return 0
