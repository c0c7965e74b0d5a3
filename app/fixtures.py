"""`tinsach fixture`: saved pages with their expected record, made, checked and renewed by the keeper of a site.

The folder is --folder, else `fixtures` of tinsach.toml, else what pyproject.toml names for pytest, else ./fixtures.
"""

import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from tinsach.app.config import Config
from tinsach.app.exits import DONE, FAILURES
from tinsach.app.output import Cell, Output
from tinsach.app.session import Session
from tinsach.cleaning import Rejected, load_profile
from tinsach.datasets.fixture_check import FixtureCheck, check_fixture, describe_update, renew_record
from tinsach.datasets.fixtures import (
    Fixture,
    FixtureError,
    SavedPage,
    add_fixture,
    list_fixtures,
    read_fixture,
    write_expected,
)
from tinsach.datasets.layout import DataDir

DEFAULT_FOLDER = Path("fixtures")
PYPROJECT = Path("pyproject.toml")
INI_OPTION = "tinsach_fixtures"

Folder = Annotated[Path | None, typer.Option(metavar="DIR", help="Where the fixtures lie; see the README's settings.")]
Chosen = Annotated[list[str] | None, typer.Argument(metavar="[SITE|SITE/NAME]...", help="All when left out.")]

fixture_app = typer.Typer(no_args_is_help=True, help="Saved pages with their expected record.")


def add_fixture_commands(app: typer.Typer) -> None:
    """Make `fixture` a command of `app`, with the functions of this module below it."""
    for name, command in (("add", add), ("check", check), ("update", update), ("list", list_)):
        fixture_app.command(name)(command)
    app.add_typer(fixture_app, name="fixture")


def add(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="URL|FILE|ID", help="A page of the archive, or a saved page.")],
    site: Annotated[str | None, typer.Option(help="The paper of a file that names no address.")] = None,
    url: Annotated[str | None, typer.Option(help="The address of a file that names none.")] = None,
    name: Annotated[str | None, typer.Option(help="What it is called; made from the address by default.")] = None,
    note: Annotated[str, typer.Option(help="What is special about the page.")] = "",
    folder: Folder = None,
) -> None:
    """Save a page and what cleaning makes of it now; then read that record, and correct what is wrong."""
    session: Session = ctx.obj
    page = _read_file(Path(source), url=url, site=site) if _is_file(source) else _read_archived(session.data, source)
    fixture = add_fixture(choose_folders(folder, session.config)[0], page, name=name, note=note)
    session.output.event("fixture", name=fixture.name, path=fixture.path, url=fixture.url)
    session.output.line(f"{fixture.path}: saved")
    session.output.note("Read its expected.json: it holds what cleaning makes of the page now, right or wrong.")


def check(ctx: typer.Context, chosen: Chosen = None, folder: Folder = None) -> None:
    """Clean every saved page and compare it with its record; code 1 when one differs."""
    session: Session = ctx.obj
    output, started = session.output, perf_counter()
    checks, broken = _check_all(output, choose_fixtures(session, chosen, folder))
    for each in checks:
        output.event(
            "fixture", name=each.fixture.name, fields=len(each.fields), failures=each.failures, mended=each.mended
        )
        _show_failures(output, each)
    output.table("Fixtures", ("site", "pages", "fields", "differ", "known to differ"), _count_by_site(checks))
    bad = [each for each in checks if not each.is_good]
    seconds = perf_counter() - started
    output.line(f"{len(checks)} pages in {seconds:.1f} s: {len(bad)} differ from their record, {broken} unreadable")
    raise typer.Exit(FAILURES if bad or broken else DONE)


def update(
    ctx: typer.Context,
    chosen: Chosen = None,
    folder: Folder = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
) -> None:
    """Show how the records differ from what cleaning makes of the pages now, ask, and write that."""
    session: Session = ctx.obj
    output = session.output
    checks, broken = _check_all(output, choose_fixtures(session, chosen, folder))
    left = written = 0
    for each in checks:
        if not each.failures:
            continue
        output.line(each.fixture.name, style="bold")
        for line in describe_update(each):
            output.line(f"  {line}", style="red" if line.startswith("-") else "green")
        if yes or _ask():
            write_expected(each.fixture, renew_record(each))
            output.event("updated", name=each.fixture.name)
            written += 1
        else:
            left += 1
    output.line(f"{written} records written, {left} left as they are")
    raise typer.Exit(FAILURES if left or broken else DONE)


def list_(ctx: typer.Context, chosen: Chosen = None, folder: Folder = None) -> None:
    """Which pages there are, and what is special about each."""
    session: Session = ctx.obj
    rows: list[tuple[Cell, ...]] = []
    for fixture in _read_all(session.output, choose_fixtures(session, chosen, folder)):
        session.output.event("fixture", name=fixture.name, url=fixture.url, note=fixture.note)
        day = f"{fixture.fetched_at:%Y-%m-%d}" if fixture.fetched_at else None
        rows.append((fixture.name, day, fixture.template or None, fixture.note or None))
    session.output.table("Fixtures", ("name", "fetched", "template", "note"), rows)


def choose_folders(flag: Path | None, config: Config) -> tuple[Path, ...]:
    """The folders of fixtures, the one to add to first."""
    if flag is not None or config.fixtures is not None:
        return (flag or config.fixtures or DEFAULT_FOLDER,)
    return _read_pyproject() or (DEFAULT_FOLDER,)


def choose_fixtures(session: Session, chosen: Sequence[str] | None, flag: Path | None) -> tuple[Path, ...]:
    """The fixtures a command is about; raises FixtureError when there is none, or none of a name that was given."""
    folders = choose_folders(flag, session.config)
    paths = tuple(path for folder in folders for path in list_fixtures(folder))
    if not paths:
        where = ", ".join(map(str, folders))
        raise FixtureError(f"{where}: no fixture here; `tinsach fixture add` makes one, --folder names another place")
    names = {path.parent.name for path in paths} | {f"{path.parent.name}/{path.name}" for path in paths}
    for name in chosen or ():
        if name not in names:
            sites = ", ".join(sorted({path.parent.name for path in paths}))
            raise FixtureError(f"{name}: no fixture of that site or name; there are some of {sites}")
    return tuple(path for folder in folders for path in list_fixtures(folder, chosen or ()))


def _check_all(output: Output, paths: Sequence[Path]) -> tuple[list[FixtureCheck], int]:
    """The checks of all fixtures that can be read, and how many can't; those are told."""
    checks: list[FixtureCheck] = []
    for fixture in _read_all(output, paths):
        try:
            checks.append(check_fixture(fixture))
        except FixtureError as error:
            output.error(str(error))
    return checks, len(paths) - len(checks)


def _read_all(output: Output, paths: Sequence[Path]) -> Iterator[Fixture]:
    for path in paths:
        try:
            yield read_fixture(path)
        except FixtureError as error:
            output.error(str(error))


def _show_failures(output: Output, check: FixtureCheck) -> None:
    if check.is_good:
        return
    output.line(check.fixture.name, style="bold red")
    for name, lines in check.failures.items():
        output.line(f"  {name}: expected (-), found (+)")
        for line in lines:
            output.line(f"    {line}", style="red" if line.startswith("-") else "green")
    for name in check.mended:
        output.line(f"  {name}: right now, though page.toml says it fails; take it out of [known_failures]")
    output.line()


def _count_by_site(checks: Sequence[FixtureCheck]) -> list[tuple[Cell, ...]]:
    sites = dict.fromkeys(each.fixture.site for each in checks)
    by_site = {site: [each for each in checks if each.fixture.site == site] for site in sites}
    return [
        (
            site,
            len(own),
            sum(len(each.fields) for each in own),
            sum(len(each.failures) + len(each.mended) for each in own),
            sum(len(each.known) for each in own),
        )
        for site, own in by_site.items()
    ]


def _ask() -> bool:
    if not sys.stdin.isatty():
        raise FixtureError("fixture update asks before it writes, and there is nobody to ask; add --yes")
    return typer.confirm("  Is this what the page says? Write it", default=False)


def _is_file(source: str) -> bool:
    return "://" not in source and Path(source).exists()


def _read_archived(data: DataDir, name: str) -> SavedPage:
    from tinsach.datasets.lookup import find_page, to_saved_page  # noqa: PLC0415  # loads Arrow

    return to_saved_page(find_page(data, name))


def _read_file(path: Path, *, url: str | None, site: str | None) -> SavedPage:
    """The first page of a file; its own address counts before --url, and --site's front page stands for none."""
    from tinsach.app.inputs import Document, read_documents  # noqa: PLC0415  # loads Arrow
    from tinsach.app.rows import find_page_url, stand_in_url  # noqa: PLC0415  # as above

    if site is not None:
        load_profile(site)
    document = next(iter(read_documents(path)), None)
    if not isinstance(document, Document) or document.html is None:
        raise FixtureError(f"{path}: no page to save; a fixture is made of HTML")
    try:
        own = document.url or find_page_url(document.html) or url
    except Rejected:  # it is a fixture of a page that is to be rejected
        own = url
    if own is None and site is None:
        raise FixtureError(f"{path}: the page names no address of its own; give it with --url")
    html = document.html.encode() if isinstance(document.html, str) else document.html
    return SavedPage(
        url=own or stand_in_url(document, site),
        html=html,
        fetched_at=document.fetched_at,
        charset="utf-8" if isinstance(document.html, str) else document.charset,
    )


def _read_pyproject() -> tuple[Path, ...]:
    """The folders that pytest is told of in the current folder's pyproject.toml; none when it says nothing."""
    try:
        settings = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):  # whose file it is says what is wrong with it
        return ()
    named = settings.get("tool", {}).get("pytest", {}).get("ini_options", {}).get(INI_OPTION, ())
    return tuple(Path(folder) for folder in ([named] if isinstance(named, str) else named))
