"""`tinsach fixture`: saved pages and recorded sites with what has to come out, made, checked and renewed.

The folder is --folder, else `fixtures` of tinsach.toml, else what pyproject.toml names for pytest, else ./fixtures.
"""

import sys
import tomllib
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from tinsach.app.config import Config
from tinsach.app.exits import DONE, FAILURES
from tinsach.app.output import Cell, count
from tinsach.app.session import Session
from tinsach.datasets.layout import BrokenWorld

DEFAULT_FOLDER = Path("fixtures")
PYPROJECT = Path("pyproject.toml")
INI_OPTION = "tinsach_fixtures"

Folder = Annotated[Path | None, typer.Option(metavar="DIR", help="Where the fixtures lie; see the README's settings.")]
Chosen = Annotated[list[str] | None, typer.Argument(metavar="SITE|SITE/NAME", help="All when left out.")]

fixture_app = typer.Typer(no_args_is_help=True, help="Saved pages and recorded sites, with what has to come out.")


def add_fixture_commands(app: typer.Typer) -> None:
    """Make `fixture` a command of `app`, with the functions of this module below it."""
    for name, command in (("add", add), ("record", record), ("check", check), ("update", update), ("list", list_)):
        fixture_app.command(name)(command)
    app.add_typer(fixture_app, name="fixture")


def add(
    ctx: typer.Context,
    source: Annotated[
        str | None, typer.Argument(metavar="URL|FILE|ID", help="A page of the archive, or a saved page.")
    ] = None,
    alarm: Annotated[
        str | None,
        typer.Option(metavar="SITE:FIELD", help="The two pages of an open alarm instead; see `tinsach drift`."),
    ] = None,
    site: Annotated[str | None, typer.Option(help="The paper of a file that names no address.")] = None,
    url: Annotated[str | None, typer.Option(help="The address of a file that names none.")] = None,
    name: Annotated[str | None, typer.Option(help="What it is called; made from the address by default.")] = None,
    note: Annotated[str, typer.Option(help="What is special about the page.")] = "",
    folder: Folder = None,
) -> None:
    """Save a page and what cleaning makes of it now.

    Then read that record, and correct what is wrong.
    """
    from tinsach.app.fixture_pages import add_alarm_pages, read_archived, read_file  # noqa: PLC0415  # loads Arrow
    from tinsach.datasets.fixtures import add_fixture  # noqa: PLC0415  # as above

    session: Session = ctx.obj
    if (source is None) is (alarm is None):
        raise BrokenWorld("give a URL, file or id, or the two pages of an alarm with --alarm SITE:FIELD")
    if source is None or alarm is not None:
        raise typer.Exit(add_alarm_pages(session, alarm or "", choose_folders(folder, session.config)[0], name=name))
    if ":" not in source and not _is_file(source):
        raise BrokenWorld(f"{source}: no such file; give a saved page, a URL, or an id as ngaynay.vn:167238")
    page = read_file(Path(source), url=url, site=site) if _is_file(source) else read_archived(session.data, source)
    fixture = add_fixture(choose_folders(folder, session.config)[0], page, name=name, note=note)
    session.output.event("fixture", name=fixture.name, path=fixture.path, url=fixture.url)
    session.output.line(f"{fixture.path}: saved")
    session.output.note("Read its expected.json: it holds what cleaning makes of the page now, right or wrong.")


def record(
    ctx: typer.Context,
    site: Annotated[str, typer.Argument(metavar="SITE")],
    origin: Annotated[
        str | None, typer.Option(metavar="URL", envvar="TINSACH_ORIGIN", help="Ask this server instead, Host kept.")
    ] = None,
    contact: Annotated[
        str | None, typer.Option(metavar="MAIL|URL", envvar="TINSACH_CONTACT", help="Whom a site can reach about you.")
    ] = None,
    max_pages: Annotated[int, typer.Option(min=1, help="At most so many pages of a section.")] = 3,
    name: Annotated[str | None, typer.Option(help="What it is called; crawl-DAY by default.")] = None,
    note: Annotated[str, typer.Option(help="What is special about it.")] = "",
    folder: Folder = None,
) -> None:
    """Save what a site announces, and what the spider finds.

    Feeds, section pages, sitemaps; the exit code is 1 when a source failed.
    """
    from tinsach.app.crawling import make_options  # noqa: PLC0415  # loads the profiles and what finds links
    from tinsach.crawler.crawl_fixtures import read_discovered, record_site  # noqa: PLC0415  # as above

    session: Session = ctx.obj
    options = make_options(
        session.data, since=None, limit=None, origin=origin, contact=contact or session.config.contact
    )
    options = replace(options, max_pages=max_pages)
    place = choose_folders(folder, session.config)[0]
    fixture = record_site(place, site, options, name=name, note=note)
    found = read_discovered(fixture)
    session.output.event("crawl_fixture", name=fixture.name, path=fixture.path, urls=len(found["urls"]))
    session.output.line(
        f"{fixture.path}: {count(len(found['urls']), 'article')} announced by {count(len(found['sources']), 'source')}"
    )
    for source in found["sources"]:
        session.output.line(f"  {source['kind']} {source['url']}: {source['announced']} ({source['ended']})")
    raise typer.Exit(FAILURES if any(source["ended"].startswith("failed") for source in found["sources"]) else DONE)


def check(ctx: typer.Context, chosen: Chosen = None, folder: Folder = None) -> None:
    """Compare what comes out now with what has to come out.

    Cleans every saved page, crawls every recorded site; the exit code is 1 when one differs.
    """
    from tinsach.app.fixture_checks import check_all, choose_fixtures, show_checks  # noqa: PLC0415  # loads what cleaning needs

    session: Session = ctx.obj
    started = perf_counter()
    checks = check_all(session.output, *choose_fixtures(choose_folders(folder, session.config), chosen or ()))
    show_checks(session.output, checks)
    counts = (
        f"{count(len(checks.pages), 'page')}, {count(len(checks.crawls), 'crawl')} in {perf_counter() - started:.1f} s"
    )
    session.output.line(f"{counts}: {checks.differing} differ, {checks.broken} unreadable")
    raise typer.Exit(DONE if checks.is_good else FAILURES)


def update(
    ctx: typer.Context,
    chosen: Chosen = None,
    folder: Folder = None,
    complete: Annotated[bool, typer.Option("--complete", help="Also add the fields that are left out.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
) -> None:
    """Show what would change in what is expected, ask, and write."""
    from tinsach.app.fixture_checks import check_all, choose_fixtures, list_renewals  # noqa: PLC0415  # loads what cleaning needs

    session: Session = ctx.obj
    output = session.output
    checks = check_all(output, *choose_fixtures(choose_folders(folder, session.config), chosen or ()))
    written = left = 0
    for name, lines, write in list_renewals(checks, complete=complete):
        output.line(name, style="bold")
        for line in lines:
            output.line(f"  {line}", style="red" if line.startswith("-") else "green")
        if yes or _ask():
            write()
            output.event("updated", name=name)
            written += 1
        else:
            left += 1
    output.line(f"{written} written, {left} left as they are")
    lacking = sum(page.lacks_fields for page in checks.pages)
    if lacking and not complete:
        output.note(f"{count(lacking, 'page')} with fields left out; --complete adds them")
    raise typer.Exit(FAILURES if left or checks.broken else DONE)


def list_(ctx: typer.Context, chosen: Chosen = None, folder: Folder = None) -> None:
    """Which there are, and what is special about each."""
    from tinsach.app.fixture_checks import choose_fixtures, read_crawls, read_pages  # noqa: PLC0415  # loads what cleaning needs

    session: Session = ctx.obj
    pages, crawls = choose_fixtures(choose_folders(folder, session.config), chosen or ())
    rows: list[tuple[Cell, ...]] = []
    for fixture in read_pages(session.output, pages):
        session.output.event("fixture", name=fixture.name, url=fixture.url, note=fixture.note)
        rows.append((fixture.name, _day(fixture.fetched_at), fixture.template or None, fixture.note or None))
    for crawl in read_crawls(session.output, crawls):
        session.output.event("crawl_fixture", name=crawl.name, note=crawl.note)
        rows.append((crawl.name, _day(crawl.recorded_at), "(crawl)", crawl.note or None))
    session.output.table("Fixtures", ("name", "fetched", "template", "note"), rows)


def choose_folders(flag: Path | None, config: Config) -> tuple[Path, ...]:
    """The folders of fixtures, the one to add to first."""
    if flag is not None or config.fixtures is not None:
        return (flag or config.fixtures or DEFAULT_FOLDER,)
    return _read_pyproject() or (DEFAULT_FOLDER,)


def _day(at: datetime | None) -> str | None:
    return f"{at:%Y-%m-%d}" if at else None


def _ask() -> bool:
    if not sys.stdin.isatty():
        raise BrokenWorld("fixture update asks before it writes, and there is nobody to ask; add --yes")
    return typer.confirm("  Is this what the page says? Write it", default=False)


def _is_file(source: str) -> bool:
    return "://" not in source and Path(source).exists()


def _read_pyproject() -> tuple[Path, ...]:
    """The folders that pytest is told of in the current folder's pyproject.toml; none when it says nothing."""
    try:
        settings = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):  # whose file it is says what is wrong with it
        return ()
    named = settings.get("tool", {}).get("pytest", {}).get("ini_options", {}).get(INI_OPTION, ())
    return tuple(Path(folder) for folder in ([named] if isinstance(named, str) else named))
