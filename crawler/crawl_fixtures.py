"""Crawl fixtures: a site's announcement pages on tape, and what the spider has to find in them.

`<folder>/<site>/<name>/` holds `site.warc.gz` (the tape), `crawl.toml` (when, and what is special) and
`discovered.json`: each source with what it announced and how its walk ended, then every URL, one a line, sorted.
"""

import difflib
import json
import shutil
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tinsach.crawler.options import MAX_PAGES, CrawlOptions
from tinsach.crawler.report import RunReport
from tinsach.crawler.run import run_crawl
from tinsach.crawler.tape import join_tapes, read_tape
from tinsach.datasets.fixtures import CRAWL_FILE, FixtureError, check_name, list_fixtures
from tinsach.datasets.layout import DataDir, write_whole, write_whole_folder
from tinsach.datasets.ledger import FOREVER, Ledger

TAPE_FILE, DISCOVERED_FILE = "site.warc.gz", "discovered.json"
_NOBODY = "https://tinsach.invalid/replay"  # a replay asks no site, so there is nobody to reach

Discovered = dict[str, list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlFixture:
    """One recorded site on disk; at most `max_pages` of each section are on its tape."""

    path: Path
    recorded_at: datetime | None = None
    max_pages: int = MAX_PAGES
    note: str = ""

    @property
    def site(self) -> str:
        return self.path.parent.name

    @property
    def name(self) -> str:
        """`site/name`, by which commands know it."""
        return f"{self.site}/{self.path.name}"


def list_crawl_fixtures(folder: Path, chosen: Iterable[str] = ()) -> tuple[Path, ...]:
    """The folders of the recorded sites, sorted; with `chosen` (a site, or site/name) only those."""
    return list_fixtures(folder, chosen, about=CRAWL_FILE)


def read_crawl_fixture(path: Path) -> CrawlFixture:
    """The fixture in a folder; raises FixtureError."""
    file = path / CRAWL_FILE
    try:
        about = tomllib.loads(file.read_text(encoding="utf-8"))
        fixture = CrawlFixture(path=path, **about)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError) as error:
        raise FixtureError(f"{file}: not the description of a recorded site: {error}") from error
    except OSError as error:
        raise FixtureError(f"{file}: cannot be read ({error.strerror})") from error
    at = fixture.recorded_at
    if at is not None and not (isinstance(at, datetime) and at.tzinfo):
        raise FixtureError(f"{file}: recorded_at = {at}: write a time with its zone, as 2026-11-29T02:10:45Z")
    return fixture


def read_discovered(fixture: CrawlFixture) -> Discovered:
    """What the spider has to find; raises FixtureError."""
    file = fixture.path / DISCOVERED_FILE
    try:
        discovered = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise FixtureError(f"{file}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise FixtureError(f"{file}: not valid JSON: {error}") from error
    if not isinstance(discovered, dict) or discovered.keys() != {"sources", "urls"}:
        raise FixtureError(f"{file}: needs the lists sources and urls; restore it or record the site anew")
    return discovered


def record_site(
    folder: Path, site: str, options: CrawlOptions, *, name: str | None = None, note: str = ""
) -> CrawlFixture:
    """Ask a site for its announcements, no article, and keep them with what they announce.

    Raises FixtureError when there is a fixture of that name or none of the sources could be read, CrawlStopped when the
    site can't be crawled; then nothing is left behind.
    """
    now = datetime.now(UTC)
    path = folder / site / check_name(name or f"crawl-{now:%Y-%m-%d}")
    fixture = CrawlFixture(path=path, recorded_at=now, max_pages=options.max_pages, note=note)
    if fixture.path.exists():
        raise FixtureError(f"{fixture.path}: there already; choose another --name")
    with tempfile.TemporaryDirectory(prefix="tinsach-") as scratch:
        report = _discover(site, replace(options, record=Path(scratch) / "tapes"), Path(scratch))
        if not report.by_source or all(source.is_failed for source in report.by_source.values()):
            raise FixtureError(f"{site}: none of its sources could be read, so there is nothing to keep")
        with write_whole_folder(fixture.path) as temp:
            join_tapes(Path(scratch) / "tapes", Path(scratch) / TAPE_FILE)
            shutil.copyfile(Path(scratch) / TAPE_FILE, temp / TAPE_FILE)
            (temp / CRAWL_FILE).write_text(_format_about(fixture), encoding="utf-8")
            found = replay_site(site, temp / TAPE_FILE, max_pages=options.max_pages, now=now)
            (temp / DISCOVERED_FILE).write_text(format_discovered(found), encoding="utf-8")
    return fixture


def replay_site(site: str, tape: Path, *, max_pages: int = MAX_PAGES, now: datetime | None = None) -> Discovered:
    """What the spider finds on a tape: a crawl in a process of its own, without a network or any article.

    It runs at the time `now`, by default today; which maps of months a crawl asks for depends on it.

    Raises ArchiveError for what is no tape, CrawlStopped when the crawl does not come to its end.
    """
    read_tape(tape)
    with tempfile.TemporaryDirectory(prefix="tinsach-") as scratch:
        data = DataDir(Path(scratch) / "data")
        options = CrawlOptions(data=data, contact=_NOBODY, delay_seconds=0, max_pages=max_pages, now=now)
        report = _discover(site, replace(options, replay=tape.absolute()), Path(scratch))
        with Ledger.open(data.site(site).ledger) as ledger:
            urls = sorted(visit.url for visit in ledger.due(FOREVER))
    sources = [
        {"url": url, "kind": source.kind, "announced": source.announced, "ended": source.ended}
        for url, source in sorted(report.by_source.items())
    ]
    return {"sources": sources, "urls": urls}


def compare_discovered(expected: Mapping[str, list[Any]], found: Mapping[str, list[Any]]) -> dict[str, tuple[str, ...]]:
    """The lines that differ, of `sources` and of `urls`; empty when nothing does."""
    differences: dict[str, tuple[str, ...]] = {}
    for part in ("sources", "urls"):
        before, after = (list(map(_json, each[part])) for each in (expected, found))
        lines = tuple(line for line in difflib.ndiff(before, after) if line[0] in "-+")
        if lines:
            differences[part] = lines
    return differences


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlCheck:
    """What a replay found, and the lines of `sources` and `urls` that differ from what it has to find."""

    fixture: CrawlFixture
    found: Discovered
    failures: Mapping[str, tuple[str, ...]]


def check_crawl(fixture: CrawlFixture) -> CrawlCheck:
    """Replay a recorded site; raises FixtureError for a fixture that can't be read, CrawlStopped for a broken tape."""
    expected = read_discovered(fixture)
    tape = fixture.path / TAPE_FILE
    found = replay_site(fixture.site, tape, max_pages=fixture.max_pages, now=fixture.recorded_at)
    return CrawlCheck(fixture=fixture, found=found, failures=compare_discovered(expected, found))


def write_discovered(fixture: CrawlFixture, discovered: Mapping[str, list[Any]]) -> None:
    """Replace what the spider has to find, whole; raises WriteError."""
    with write_whole(fixture.path / DISCOVERED_FILE) as temp:
        temp.write_text(format_discovered(discovered), encoding="utf-8")


def format_discovered(discovered: Mapping[str, list[Any]]) -> str:
    """JSON with one source and one URL a line."""
    lists = ((part, ",\n".join(f"  {_json(item)}" for item in discovered[part])) for part in ("sources", "urls"))
    return "{\n" + ",\n".join(f' "{part}": [\n{lines}\n ]' for part, lines in lists) + "\n}\n"


def _discover(site: str, options: CrawlOptions, scratch: Path) -> RunReport:
    return run_crawl(site, replace(options, data=DataDir(scratch / "data"), discover_only=True))


def _format_about(fixture: CrawlFixture) -> str:
    at = fixture.recorded_at.isoformat(timespec="seconds").replace("+00:00", "Z") if fixture.recorded_at else None
    lines = ([f"recorded_at = {at}"] if at else []) + [f"max_pages = {fixture.max_pages}"]
    lines += [f"note = {_json(fixture.note)}"] if fixture.note else []
    return "\n".join(lines) + "\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
