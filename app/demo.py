"""`tinsach demo`: newsroom, crawl, build, release on this machine, offline; again, and only news is fetched.

The demo has a data folder of its own, DIR/demo, so that invented articles never stand among real ones.
"""

import json
import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import pyarrow.dataset as ds

from tinsach.app import building, crawling
from tinsach.app.exits import worst_of
from tinsach.app.newsroom import Newsroom, serve
from tinsach.app.output import Output, count
from tinsach.app.showing import show_record
from tinsach.crawler.options import MAX_PAGES, CrawlOptions
from tinsach.crawler.report import RunReport
from tinsach.datasets.build import BuildReport
from tinsach.datasets.layout import BrokenWorld, DataDir, write_whole
from tinsach.datasets.release import ReleaseReport

STATE_FILE = "newsroom.json"
DEFAULT_ARTICLES = 200
DEFAULT_SEED = 1
SHOWN_PARAGRAPHS = 3
COLUMNS = ("site", "found", "fetched", "unchanged", "archived", "records", "rejected", "blocks removed")
QUERY = (
    "SELECT site, count(*) AS articles, sum(num_words) AS words, max(published_at) AS newest "
    "FROM '{files}' GROUP BY site ORDER BY site"
)


@dataclass(frozen=True, slots=True)
class DemoState:
    """What makes the newsroom the same again: kept in DIR/demo/newsroom.json. `opened_at` is the time of edition 0."""

    seed: int
    articles: int
    opened_at: datetime
    edition: int


def run_demo(output: Output, base: DataDir, *, articles: int | None, seed: int | None) -> int:
    """The whole way once; returns the exit code. Raises BrokenWorld when the folder holds another newsroom."""
    started = monotonic()
    data = DataDir(base.root / "demo")
    state = _next_state(data, articles=articles, seed=seed)
    newsroom = Newsroom(state.seed, state.articles, now=state.opened_at, edition=state.edition)
    _greet(output, newsroom, state)
    sites = list(newsroom.sites)
    with serve(newsroom) as server:
        options = CrawlOptions(
            data=data,
            origin=server.origin,
            revisit_now=state.edition > 0,
            max_pages=max(MAX_PAGES, state.articles),  # nothing is left out, however large it is
        )
        crawls = crawling.crawl_sites(output, sites, options)
    if crawls.is_interrupted or set(crawls.ended) != set(sites):
        return crawls.exit_code
    build_code, builds = building.build_sites(output, data, sites, jobs=os.cpu_count() or 1)
    release_code, release = building.publish(output, data, _free_name(data))
    _show_sites(output, crawls.reports, builds)
    building.show_counts(output, "Blocks removed, by kind", {site: report.removed for site, report in builds.items()})
    _show_example(output, release)
    _show_places(output, data, release, seconds=monotonic() - started)
    return worst_of([crawls.exit_code, build_code, release_code])


def read_state(path: Path) -> DemoState:
    """The state that a demo left; raises BrokenWorld when the file is none."""
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return DemoState(**{**values, "opened_at": datetime.fromisoformat(values["opened_at"])})
    except (ValueError, TypeError, KeyError) as error:
        raise BrokenWorld(f"{path}: not the state of a demo ({error}); remove {path.parent} to start anew") from error


def query_command(release: ReleaseReport) -> str:
    """A line to paste into a shell: asks the release through this environment's DuckDB."""
    files = _from_here(release.path) / "data" / "**" / "*.parquet"
    code = f"import duckdb; duckdb.sql('''{QUERY.format(files=files)}''').show()"
    quoted = shlex.quote(code) if set(code) & set('"$`\\!') else f'"{code}"'  # double quotes read better
    return f"{shlex.quote(str(_from_here(Path(sys.executable))))} -c {quoted}"


def _next_state(data: DataDir, *, articles: int | None, seed: int | None) -> DemoState:
    """The state of this run, already written: edition 0 in a new folder, else the edition after the last."""
    path = data.root / STATE_FILE
    if path.exists():
        last = read_state(path)
        if articles not in (None, last.articles) or seed not in (None, last.seed):
            raise BrokenWorld(
                f"{path}: this demo has {count(last.articles, 'article')} a site from seed {last.seed}; "
                f"leave --articles and --seed out, or remove {data.root} to start anew"
            )
        state = DemoState(last.seed, last.articles, last.opened_at, last.edition + 1)
    else:
        opened_at = datetime.now(UTC).replace(microsecond=0)
        state = DemoState(DEFAULT_SEED if seed is None else seed, articles or DEFAULT_ARTICLES, opened_at, 0)
    with write_whole(path) as temp:
        temp.write_text(json.dumps(asdict(state), default=datetime.isoformat) + "\n", encoding="utf-8")
    return state


def _greet(output: Output, newsroom: Newsroom, state: DemoState) -> None:
    counts = {site: len(newsroom.articles(site)) for site in newsroom.sites}
    output.event("newsroom", edition=state.edition, seed=state.seed, articles=counts)
    if state.edition == 0:
        output.line(
            f"A newsroom on this machine opens, with {count(state.articles, 'article')} on each of {', '.join(counts)}."
        )
    else:
        output.line(f"Edition {state.edition}: the newsroom has published a few more and edited one on each site.")


def _free_name(data: DataDir) -> str:
    number = 1
    while (data.releases / f"demo-{number}").exists():
        number += 1
    return f"demo-{number}"


def _show_sites(output: Output, crawls: Mapping[str, RunReport], builds: Mapping[str, BuildReport]) -> None:
    rows = []
    for site, crawl in crawls.items():
        build = builds.get(site)
        counts = (build.records, sum(build.rejected.values()), sum(build.removed.values())) if build else (0, 0, 0)
        rows.append((site, crawl.found, crawl.fetched, crawl.unchanged, crawl.archived, *counts))
    output.table("Sites", COLUMNS, rows, less=("unchanged", "found"))


def _show_example(output: Output, release: ReleaseReport) -> None:
    """The newest record that shows most: with a lead, a picture and the most kinds of removed lines."""
    rows = ds.dataset(release.path / "data", format="parquet").to_table().to_pylist()
    rows = [row for row in rows if row["lead"] and row["images"]]
    if rows and not output.as_json:
        best = max(rows, key=lambda row: (len({line["kind"] for line in row["removed"]}), row["id"]))
        output.line("One record", style="bold")
        show_record(output, best, paragraphs=SHOWN_PARAGRAPHS)


def _show_places(output: Output, data: DataDir, release: ReleaseReport, *, seconds: float) -> None:
    output.line()
    building.show_release(output, release)
    output.line(
        f"Archive, ledger and records: {_from_here(data.root)}/sites   reports of runs: {_from_here(data.runs)}"
    )
    output.line("Ask it:")
    output.line(f"  {query_command(release)}")
    output.line(f"Done in {seconds:.0f} s. Run it again: only what is new or changed is fetched.")


def _from_here(path: Path) -> Path:
    """The path as seen from the current folder, when it lies inside."""
    absolute = path.absolute()
    return absolute.relative_to(Path.cwd()) if absolute.is_relative_to(Path.cwd()) else absolute
