"""`tinsach ledger`: what is known of a site's URLs, and making it forget some, so that they are fetched anew."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tinsach.app.exits import DONE, UNUSABLE, worst_of
from tinsach.app.output import Cell, Output
from tinsach.app.session import Session
from tinsach.cleaning.mistakes import suggest
from tinsach.datasets.layout import BrokenWorld, DataDir, SiteDir

if TYPE_CHECKING:
    from tinsach.datasets.ledger import Ledger, Visit

LISTED = ("url", "visited_at", "next_visit_at", "attempts", "error")
Names = Annotated[list[str] | None, typer.Argument(metavar="URL|ID", help="Articles by address or number.")]

ledger_app = typer.Typer(no_args_is_help=True, help="What is known of a site's URLs.")


class NoLedger(BrokenWorld):
    """The site was never crawled here."""


def add_ledger_commands(app: typer.Typer) -> None:
    """Make `ledger` a command of `app`, with the functions of this module below it."""
    for command in (show, forget):
        ledger_app.command()(command)
    app.add_typer(ledger_app, name="ledger")


def show(
    ctx: typer.Context,
    site: Annotated[str, typer.Argument(metavar="SITE", help="The site's name.")],
    names: Names = None,
    state: Annotated[
        Literal["found", "done", "gone", "failed"] | None, typer.Option(help="List the URLs of this state.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many of them, the last seen first.")] = 20,
) -> None:
    """How many URLs are known, by state.

    With URL or ID all that is known of it.
    """
    from tinsach.datasets.ledger import Ledger  # noqa: PLC0415  # loads what cleaning needs

    session: Session = ctx.obj
    output = session.output
    with Ledger.open(_find_site(session.data, site).ledger) as ledger:
        if names:
            found = [_find(output, ledger, site, name) for name in names]
            for visit in (visit for visit in found if visit):
                _show_visit(output, site, visit)
            raise typer.Exit(_code(found))
        counts = ledger.count_by_state()
        output.event("ledger", site=site, **counts)
        output.table(f"Ledger of {site}", tuple(counts), [tuple(counts.values())])
        if state:
            _show_list(output, site, list(islice(ledger.list_state(state), limit)))


def forget(
    ctx: typer.Context,
    site: Annotated[str, typer.Argument(metavar="SITE", help="The site's name.")],
    names: Annotated[list[str], typer.Argument(metavar="URL|ID", help="Articles by address or number.")],
) -> None:
    """Have articles fetched anew by the next crawl.

    What is archived stays.
    """
    from tinsach.datasets.ledger import Ledger  # noqa: PLC0415  # loads what cleaning needs
    from tinsach.datasets.locks import site_lock  # noqa: PLC0415  # as above

    session: Session = ctx.obj
    folder = _find_site(session.data, site)
    with site_lock(folder), Ledger.open(folder.ledger) as ledger:
        found = [_find(session.output, ledger, site, name) for name in names]
        for visit in (visit for visit in found if visit):
            ledger.forget(visit.key)
            session.output.event("forgotten", site=site, url=visit.url)
            session.output.line(f"forgotten: {visit.url}")
        ledger.commit()
    raise typer.Exit(_code(found))


def _code(found: "Sequence[Visit | None]") -> int:
    return worst_of(UNUSABLE if visit is None else DONE for visit in found)


def _find_site(data: DataDir, site: str) -> SiteDir:
    known = [name for name in data.sites() if data.site(name).ledger.is_file()]
    if site not in known:
        near = suggest(site, known) or f"; there is {', '.join(known) or 'none'}"
        raise NoLedger(f"{data.root / 'sites'}: no ledger of {site}{near}")
    return data.site(site)


def _find(output: Output, ledger: "Ledger", site: str, name: str) -> "Visit | None":
    """The article that a URL, a number, or a record's id names; one that isn't known is told."""
    number = name.removeprefix(f"{site}:")
    try:
        visit = ledger.find(name) or (None if "://" in name else ledger.find(f"id:{number}"))
    except ValueError:
        visit = None
    if visit is None:
        output.error(f"{site}: {name} is not in the ledger; give an article's URL, or its number", site=site, name=name)
    return visit


def _show_visit(output: Output, site: str, visit: "Visit") -> None:
    output.event("visit", site=site, **asdict(visit))
    output.line(visit.url, style="bold")
    for name in (field.name for field in fields(visit) if field.name != "url"):
        output.line(f"  {name:<14} {'–' if (cell := _cell(getattr(visit, name))) is None else cell}")


def _show_list(output: Output, site: str, visits: "list[Visit]") -> None:
    for visit in visits:
        output.event("visit", site=site, **asdict(visit))
    rows = [tuple(_cell(getattr(visit, name)) for name in LISTED) for visit in visits]
    output.table("", LISTED, rows)


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}Z"
    return ", ".join(value) if isinstance(value, tuple) else str(value)
