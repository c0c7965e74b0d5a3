"""Fixtures checked for a command: saved pages here, recorded sites each by a crawl of its own, and how it is shown.

A fixture that can't be read is told in one line and counted; the others are checked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tinsach.app.output import Cell, Output
from tinsach.cleaning.mistakes import suggest
from tinsach.datasets.fixture_check import FixtureCheck, check_fixture, describe_update, renew_record
from tinsach.datasets.fixtures import (
    ABOUT_FILE,
    CRAWL_FILE,
    Fixture,
    FixtureError,
    list_fixtures,
    read_fixture,
    write_expected,
)
from tinsach.datasets.layout import BrokenWorld

if TYPE_CHECKING:
    from tinsach.crawler.crawl_fixtures import CrawlCheck, CrawlFixture

CRAWLS_AT_ONCE = 2  # each is a process of some 150 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What was checked; `broken` fixtures could not be."""

    pages: tuple[FixtureCheck, ...]
    crawls: "tuple[CrawlCheck, ...]"
    broken: int

    @property
    def differing(self) -> int:
        return sum(not page.is_good for page in self.pages) + sum(bool(crawl.failures) for crawl in self.crawls)

    @property
    def is_good(self) -> bool:
        return not (self.differing or self.broken)


def choose_fixtures(folders: Sequence[Path], chosen: Sequence[str]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """The saved pages and the recorded sites in these folders that a command is about, all when none is chosen.

    Raises FixtureError when there is none, or none of a name that was given.
    """

    def find(about: str, names: Sequence[str] = ()) -> tuple[Path, ...]:
        return tuple(path for folder in folders for path in list_fixtures(folder, names, about=about))

    there = find(ABOUT_FILE) + find(CRAWL_FILE)
    if not there:
        where = ", ".join(map(str, folders))
        raise FixtureError(f"{where}: no fixture here; `tinsach fixture add` makes one, --folder names another place")
    sites = {path.parent.name for path in there}
    known = sites | {f"{path.parent.name}/{path.name}" for path in there}
    for name in chosen:
        if name not in known:
            near = suggest(name, sorted(known)) or f"; there are some of {', '.join(sorted(sites))}"
            raise FixtureError(f"{name}: no fixture of that site or name{near}")
    return find(ABOUT_FILE, chosen), find(CRAWL_FILE, chosen)


def check_all(output: Output, pages: Sequence[Path], crawls: Sequence[Path]) -> Checks:
    """Check the saved pages and the recorded sites in these folders."""
    checked = list(_check_pages(output, pages))
    replayed = _check_crawls(output, crawls) if crawls else []
    broken = len(pages) + len(crawls) - len(checked) - len(replayed)
    return Checks(pages=tuple(checked), crawls=tuple(replayed), broken=broken)


def read_pages(output: Output, paths: Sequence[Path]) -> Iterator[Fixture]:
    """The saved pages that can be read; the others are told."""
    for path in paths:
        try:
            yield read_fixture(path)
        except FixtureError as error:
            output.error(str(error))


def read_crawls(output: Output, paths: Sequence[Path]) -> "Iterator[CrawlFixture]":
    """The recorded sites that can be read; the others are told."""
    for path in paths:
        from tinsach.crawler.crawl_fixtures import read_crawl_fixture  # noqa: PLC0415  # loads Scrapy

        try:
            yield read_crawl_fixture(path)
        except FixtureError as error:
            output.error(str(error))


def show_checks(output: Output, checks: Checks) -> None:
    """What differs, below the fixture's name, and a table by site."""
    for page in checks.pages:
        output.event(
            "fixture", name=page.fixture.name, fields=len(page.fields), failures=page.failures, mended=page.mended
        )
        _show_failures(output, page.fixture.name, page.failures, page.mended)
    for crawl in checks.crawls:
        output.event("crawl_fixture", name=crawl.fixture.name, urls=len(crawl.found["urls"]), failures=crawl.failures)
        _show_failures(output, crawl.fixture.name, crawl.failures)
    columns = ("site", "pages", "fields", "crawls", "differ", "known to differ")
    output.table("Fixtures", columns, _count_by_site(checks))


def list_renewals(checks: Checks, *, complete: bool) -> Iterator[tuple[str, tuple[str, ...], Callable[[], None]]]:
    """Of each fixture that differs, or is to be completed: its name, the lines that change, and what writes them."""
    for page in checks.pages:
        if page.failures or (complete and page.lacks_fields):
            record = renew_record(page, complete=complete)
            lines = describe_update(page, complete=complete)
            yield page.fixture.name, lines, partial(write_expected, page.fixture, record)
    if checks.crawls:
        from tinsach.crawler.crawl_fixtures import write_discovered  # noqa: PLC0415  # loads Scrapy

        for crawl in checks.crawls:
            if crawl.failures:
                lines = tuple(line for part in crawl.failures.values() for line in part)
                yield crawl.fixture.name, lines, partial(write_discovered, crawl.fixture, crawl.found)


def _check_pages(output: Output, paths: Sequence[Path]) -> Iterator[FixtureCheck]:
    for fixture in read_pages(output, paths):
        try:
            yield check_fixture(fixture)
        except FixtureError as error:
            output.error(str(error))


def _check_crawls(output: Output, paths: Sequence[Path]) -> "list[CrawlCheck]":
    from tinsach.crawler.crawl_fixtures import check_crawl  # noqa: PLC0415  # loads Scrapy

    def check(fixture: "CrawlFixture") -> "CrawlCheck | None":
        try:
            return check_crawl(fixture)
        except (BrokenWorld, LookupError) as error:  # LookupError: UnknownSite
            output.error(str(error.args[0]))
            return None

    with ThreadPoolExecutor(CRAWLS_AT_ONCE) as pool:
        return [done for done in pool.map(check, read_crawls(output, paths)) if done is not None]


def _show_failures(
    output: Output, name: str, failures: Mapping[str, Sequence[str]], mended: Sequence[str] = ()
) -> None:
    if not (failures or mended):
        return
    output.line(name, style="bold red")
    for field, lines in failures.items():
        output.line(f"  {field}: expected (-), found (+)")
        for line in lines:
            output.line(f"    {line}", style="red" if line.startswith("-") else "green")
    for field in mended:
        output.line(f"  {field}: right now, though page.toml says it fails; take it out of [known_failures]")
    output.line()


def _count_by_site(checks: Checks) -> list[tuple[Cell, ...]]:
    sites = sorted({page.fixture.site for page in checks.pages} | {crawl.fixture.site for crawl in checks.crawls})
    rows: list[tuple[Cell, ...]] = []
    for site in sites:
        pages = [page for page in checks.pages if page.fixture.site == site]
        crawls = [crawl for crawl in checks.crawls if crawl.fixture.site == site]
        differ = sum(len(page.failures) + len(page.mended) for page in pages)
        differ += sum(len(crawl.failures) for crawl in crawls)
        fields = sum(len(page.fields) for page in pages)
        rows.append((site, len(pages), fields, len(crawls), differ, sum(len(page.known) for page in pages)))
    return rows
