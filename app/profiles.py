"""`tinsach profile`: check a profile on archived pages, suggest what a relaunch asks for, draft one for a new paper."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from tinsach.app.exits import DONE, FAILURES, UNUSABLE, worst_of
from tinsach.app.fixtures import Folder, choose_folders
from tinsach.app.output import Output, count
from tinsach.app.releasing import parse_day
from tinsach.app.session import Force, Session
from tinsach.cleaning.sources import ProfileError, UnknownSite
from tinsach.datasets.layout import BrokenWorld, check_target, write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tinsach.app.drafts import Draft
    from tinsach.app.profile_checks import ProfileCheck
    from tinsach.cleaning.proposing import Proposal

profile_app = typer.Typer(no_args_is_help=True, help="Site profiles: check, suggest, draft.")
Out = Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there; to the screen by default.")]


def add_profile_commands(app: typer.Typer) -> None:
    """Make `profile` a command of `app`, with the functions of this module below it."""
    for name, command in (("check", check), ("suggest", suggest), ("new", new)):
        profile_app.command(name)(command)
    app.add_typer(profile_app, name="profile")


def check(
    ctx: typer.Context,
    targets: Annotated[
        list[str] | None, typer.Argument(metavar="FILE|SITE", help="All sites with data when left out.")
    ] = None,
    folder: Folder = None,
) -> None:
    """Validate profiles, and show what they find on archived pages.

    The newest pages of the archive, and the fixtures.
    """
    from tinsach.app.profile_checks import check_profile, show_checks, use_profile  # noqa: PLC0415  # loads Arrow
    from tinsach.cleaning import list_sites, load_profile  # noqa: PLC0415  # as above

    session: Session = ctx.obj
    codes: list[int] = []
    checks: list[ProfileCheck] = []
    chosen = targets or [site for site in session.data.sites() if site in list_sites()]
    if not targets:
        for site in list_sites():
            load_profile(site)
    for target in chosen:
        try:
            with use_profile(target) as profile:
                found = check_profile(session.data, profile, choose_folders(folder, session.config))
        except (BrokenWorld, ProfileError, UnknownSite) as error:
            session.output.error(str(error.args[0]))
            codes.append(UNUSABLE)
        else:
            checks.append(found)
            codes.append(FAILURES if found.faults else DONE)
    show_checks(session.output, checks)
    if not targets:
        session.output.line(f"{len(list_sites())} profiles are valid")
    raise typer.Exit(worst_of(codes))


def suggest(
    ctx: typer.Context,
    site: Annotated[str, typer.Argument(metavar="SITE")],
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="When the paper changed: 2026-11-20; by its alarms if left out.")
    ] = None,
    out: Out = None,
    force: Force = False,
) -> None:
    """New selectors for what no longer matches.

    Found by aligning today's pages with the last good records; the exit code is 1 when the draft does not do.
    """
    from tinsach.app.drafts import suggest_edit  # noqa: PLC0415  # loads Arrow
    from tinsach.cleaning import load_profile  # noqa: PLC0415  # as above
    from tinsach.datasets.alarms import read_alarms  # noqa: PLC0415  # as above

    session: Session = ctx.obj
    load_profile(site)
    if out is not None:
        check_target(out, force=force)
    start = parse_day("--since", since)
    if start is None:
        start = min((alarm.since for alarm in read_alarms(session.data.site(site)).open), default=None)
    if start is None:
        raise BrokenWorld(f"{site}: no open alarm; say with --since DAY when the paper changed")
    draft = suggest_edit(session.data, site, start)
    place = session.data.profiles / f"{site}.toml"
    head = f"# A draft of {datetime.now(UTC):%Y-%m-%d}: read it, then it goes to {place}.\n"
    _deliver(session.output, draft.text, head, out)
    _show_draft(session.output, draft)
    if draft.rules.fields.get("body"):
        session.output.note("The old template is kept as a [[version]].")
    _end(session.output, draft)


def new(
    ctx: typer.Context,
    host: Annotated[str, typer.Argument(metavar="HOST", help="The paper, as its addresses name it.")],
    out: Out = None,
    force: Force = False,
) -> None:
    """A whole profile for a paper that has none.

    From its archived pages; `tinsach import` takes a folder of them.
    """
    from tinsach.app.drafts import draft_profile  # noqa: PLC0415  # loads Arrow

    session: Session = ctx.obj
    if out is not None:
        check_target(out, force=force)
    draft = draft_profile(session.data, host)
    pages = count(draft.today.pages, "page")
    head = f"# A draft of {datetime.now(UTC):%Y-%m-%d} from {pages}: read it before you use it.\n"
    _deliver(session.output, draft.text, head, out)
    _show_draft(session.output, draft)
    _end(session.output, draft)


def _end(output: Output, draft: "Draft") -> NoReturn:
    """Say what the draft lacks; the exit code is 1 then."""
    for fault in draft.faults:
        output.error(f"{draft.site}: {fault}", site=draft.site)
    raise typer.Exit(FAILURES if draft.faults else DONE)


def _deliver(output: Output, text: str, head: str, out: Path | None) -> None:
    if out is None:
        output.event("draft", text=head + text)
        output.line(head + text)
        return
    with write_whole(out) as temp:
        temp.write_text(head + text, encoding="utf-8")
    output.event("draft", file=out)
    output.note(f"{out}: written; `tinsach profile check {out}` tries it")


def _show_draft(output: Output, draft: "Draft") -> None:
    """How often each selector was right, on how many pages, and what the draft does on those of today and of before."""
    fields = {name: found for name, found in draft.rules.fields.items() if name != "figure"}
    rest = {name: found for name, found in draft.rules.fields.items() if name == "figure"}
    rest |= {f"drop.{kind}": found for kind, found in draft.rules.drops.items()}
    _show_selectors(output, fields, draft.counted_on, draft.today.total)
    _show_selectors(output, rest, draft.made_from, draft.today.total)
    for word, trial in (("today", draft.today), ("before", draft.before)):
        if trial is not None and trial.pages:
            output.event("trial", pages_of=word, **asdict(trial))
            same = f", {trial.same:,} of {trial.known:,} with the same title, lead and text" if trial.known else ""
            pages = f"{_name_part(trial.pages, trial.total)} of {word}, {trial.pages - trial.articles:,} rejected"
            output.note(f"{pages}: the draft fits {trial.fits:,} of {count(trial.articles, 'article')}{same}")


def _show_selectors(output: Output, found: "Mapping[str, Sequence[Proposal]]", pages: int, total: int) -> None:
    """How often each was right; pages that don't tell what its field is don't count."""
    if found:
        output.note(f"counted on those of {_name_part(pages, total)} that tell:")
    for name, proposals in found.items():
        for each in proposals:
            output.event("selector", field=name, of_pages=pages, **asdict(each))
            told = f"{each.right:,} right, {each.wrong:,} wrong, {each.missed:,} without a match"
            output.note(f"  {name:12} {each.css:40} {told}")


def _name_part(pages: int, total: int) -> str:
    return f"{pages:,} of {total:,} pages" if pages < total else f"all {count(total, 'page')}"
