"""The `tinsach` command: what each subcommand takes. How mistakes end stands in `tinsach.app.endings`.

Commands load what they need when they run: lxml and pyarrow take long, and `--help` and mistakes do without them.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from tinsach.app.config import Config, load_config
from tinsach.app.endings import Commands, Misuse, make_told_output, tell_misuse
from tinsach.app.exits import UNUSABLE
from tinsach.app.fixtures import add_fixture_commands
from tinsach.app.keeping import add_keeping_commands
from tinsach.app.learning import add_learn_command
from tinsach.app.ledger import add_ledger_commands
from tinsach.app.output import make_output
from tinsach.app.profiles import add_profile_commands
from tinsach.app.releasing import add_release_commands
from tinsach.app.session import AnySites, Force, RowFormat, Session
from tinsach.app.timer import add_timer_commands, hold_turns
from tinsach.cleaning.sources import VARIABLE, use_profiles
from tinsach.datasets.layout import BrokenWorld, resolve_data_dir

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Clean, deduplicated Vietnamese news data sets: crawl, archive, clean, publish.",
    epilog="Exit codes: 0 done, 1 done with failures that the summary names, 2 wrong use or broken input.",
)
SomeSites = Annotated[
    list[str] | None, typer.Argument(metavar="SITE", help="Sites by name; `tinsach sites` lists them.")
]
AllSites = Annotated[bool, typer.Option("--all", help="Every site whose sources are more than a guess.")]
Since = Annotated[str | None, typer.Option(metavar="AGE", help="Only what is newer: 2d, 6h, 30m or 2026-11-20.")]
Limit = Annotated[int | None, typer.Option(min=1, help="At most so many articles a site.")]
Origin = Annotated[
    str | None, typer.Option(metavar="URL", envvar="TINSACH_ORIGIN", help="Ask this server instead, Host kept.")
]
Contact = Annotated[
    str | None, typer.Option(metavar="MAIL|URL", envvar="TINSACH_CONTACT", help="Whom a site can reach about you.")
]
Jobs = Annotated[int | None, typer.Option(min=1, help="WARC files cleaned at once; the machine's cores by default.")]


GLOBAL_OPTIONS = ("--data", "--profiles", "--log")


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version  # noqa: PLC0415  # loads the email package

        typer.echo(f"tinsach {version('tinsach')}")
        raise typer.Exit


@app.callback()
def set_up(
    ctx: typer.Context,
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", envvar="TINSACH_DATA", help="The data folder; ./data by default.")
    ] = None,
    profiles: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", envvar=VARIABLE, help="Site profiles of your own; `profiles` in the data folder by default."
        ),
    ] = None,
    log: Annotated[Literal["text", "json"] | None, typer.Option(help="Tables, or one JSON line per event.")] = None,
    show_version: Annotated[  # noqa: ARG001  # its callback does the work
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options of every command; they stand before its name."""
    ctx.obj = Session(make_output(as_json=log == "json"), resolve_data_dir(data), Config())
    config = load_config()
    output = make_output(as_json=(log or config.log) == "json")
    folder = resolve_data_dir(data or config.data)
    own = profiles or config.profiles or (folder.profiles if folder.profiles.is_dir() else None)
    use_profiles(own)
    ctx.obj = Session(output, folder, config, own)


@app.command()
def demo(
    ctx: typer.Context,
    articles: Annotated[int | None, typer.Option(min=1, help="Articles a site at the first run; 200.")] = None,
    seed: Annotated[int | None, typer.Option(help="What the newsroom invents its articles from; 1.")] = None,
) -> None:
    """The whole way offline: newsroom, crawl, build, release.

    Run again, it fetches only what is new or changed.
    """
    from tinsach.app.demo import run_demo  # noqa: PLC0415  # loads the profiles and what finds links

    session: Session = ctx.obj
    raise typer.Exit(run_demo(session.output, session.data, articles=articles, seed=seed))


@app.command()
def crawl(  # noqa: PLR0913, PLR0917  # one parameter an option: typer reads them from the signature
    ctx: typer.Context,
    sites: SomeSites = None,
    every: AllSites = False,
    since: Since = None,
    limit: Limit = None,
    origin: Origin = None,
    contact: Contact = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Sites crawled at once; 8 by default.")] = None,
    first_day: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="Backfill what was published from this day on.")
    ] = None,
    last_day: Annotated[str | None, typer.Option("--to", metavar="DAY", help="The backfill's last day.")] = None,
) -> None:
    """Find, fetch and archive articles; the sites side by side.

    Its summary counts articles: found (not known before), asked, fetched (came with a body), archived (new or changed),
    unchanged, gone (no longer there), failed (a later run asks again).
    """
    from tinsach.app import crawling  # noqa: PLC0415  # loads the profiles and what finds links

    session: Session = ctx.obj
    options = crawling.make_options(
        session.data, since=since, limit=limit, origin=origin, contact=contact or session.config.contact
    )
    options = crawling.add_days(options, first_day, last_day)
    chosen = crawling.choose_sites(session.output, sites or [], every=every)
    crawls = crawling.crawl_sites(session.output, chosen, options, jobs=jobs)
    crawling.show_crawls(session.output, crawls.reports)
    raise typer.Exit(crawls.exit_code)


@app.command()
def build(
    ctx: typer.Context,
    sites: AnySites = None,
    jobs: Jobs = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say which shards would be made and why; make none.")] = (
        False
    ),
) -> None:
    """Clean what the archive holds and the records lack."""
    from tinsach.app import building  # noqa: PLC0415  # loads pyarrow and trafilatura, which take long

    session: Session = ctx.obj
    chosen = sites or [site for site in session.data.sites() if session.data.site(site).archive.is_dir()]
    if not chosen:
        raise BrokenWorld(
            f"{session.data.root}: no site's archive here; crawl first, or name another folder with --data"
        )
    if explain:
        from tinsach.app.explain import explain_builds  # noqa: PLC0415  # as above

        explain_builds(session.output, session.data, chosen)
        raise typer.Exit
    code, reports = building.build_sites(session.output, session.data, chosen, jobs=_count_jobs(session, jobs))
    building.show_builds(session.output, reports)
    raise typer.Exit(code)


@app.command()
def run(  # noqa: PLR0913, PLR0917  # one parameter an option: typer reads them from the signature
    ctx: typer.Context,
    sites: SomeSites = None,
    every: AllSites = False,
    since: Since = None,
    limit: Limit = None,
    origin: Origin = None,
    contact: Contact = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Sites crawled, then WARC files cleaned, at once.")] = None,
    due: Annotated[bool, typer.Option("--due", help="Only sites whose turn it is, by their profile's interval.")] = (
        False
    ),
    with_sources: Annotated[
        bool, typer.Option("--sources", help="Tell of each source what became of what it announced.")
    ] = False,
) -> None:
    """Crawl, then build: what a timer calls.

    Its summary counts articles: found (not known before), asked, fetched (came with a body), archived (new or changed),
    unchanged, gone (no longer there), failed (a later run asks again).
    """
    from tinsach.app import crawling, running, watch  # noqa: PLC0415  # loads the profiles and what finds links

    session: Session = ctx.obj
    options = crawling.make_options(
        session.data, since=since, limit=limit, origin=origin, contact=contact or session.config.contact
    )
    with ExitStack() as stack:
        chosen: Sequence[str]
        unbuilt: Sequence[str] = ()
        if due:
            turns = stack.enter_context(hold_turns(session, sites or [], every=every))
            chosen, unbuilt = turns.sites, turns.unbuilt
        else:
            chosen = crawling.choose_sites(session.output, sites or [], every=every)
        code = running.run_sites(
            session.output,
            chosen,
            options,
            jobs=jobs,
            build_jobs=_count_jobs(session, jobs),
            unbuilt=unbuilt,
            with_sources=with_sources,
        )
        if chosen or unbuilt:
            watch.report_run(session, [*chosen, *unbuilt])
    raise typer.Exit(code)


@app.command()
def clean(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="HTML, WARC, text, JSONL or Parquet.")],
    url: Annotated[str | None, typer.Option(help="The address of a page that does not name its own.")] = None,
    site: Annotated[str | None, typer.Option(help="The site whose rules apply to texts without address.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE|DIR", help="FILE.jsonl, FILE.parquet, or a folder: a file each.")
    ] = None,
    row_format: Annotated[RowFormat | None, typer.Option("--format", help="text, jsonl or parquet.")] = None,
    force: Force = False,
) -> None:
    """Clean files you already have: records out, no crawl."""
    from tinsach.app.clean import CleanOptions, clean_files  # noqa: PLC0415  # loads pyarrow

    session: Session = ctx.obj
    options = CleanOptions(url=url, site=site, out=out, row_format=row_format, force=force)
    raise typer.Exit(clean_files(session.output, files, options))


@app.command()
def sites(ctx: typer.Context, sites: AnySites = None) -> None:
    """What is known of each site, and how it does.

    With SITE every fact by its evidence, and what each source gave.
    """
    from tinsach.app.sites import show_sites  # noqa: PLC0415  # loads pyarrow

    session: Session = ctx.obj
    show_sites(session.output, session.data, sites or [])


@app.command()
def drift(
    ctx: typer.Context,
    sites: AnySites = None,
    check: Annotated[bool, typer.Option("--check", help="Look at the records again first; a build does so too.")] = (
        False
    ),
    accept: Annotated[
        list[str] | None, typer.Option(metavar="SITE:FIELD", help="Take this change for the new usual.")
    ] = None,
) -> None:
    """What changed on a site's pages against its last 14 days.

    The exit code is 1 while an alarm is open.
    """
    from tinsach.app.drifting import show_drift  # noqa: PLC0415  # loads DuckDB

    raise typer.Exit(show_drift(ctx.obj, sites or [], check=check, accept=accept or []))


add_timer_commands(app)
add_keeping_commands(app)
add_release_commands(app)
add_fixture_commands(app)
add_ledger_commands(app)
add_learn_command(app)
add_profile_commands(app)


def _count_jobs(session: Session, jobs: int | None) -> int:
    return jobs or session.config.jobs or os.cpu_count() or 1


def hoist_globals(arguments: Sequence[str]) -> list[str]:
    """The arguments with --data, --profiles and --log in front, wherever they were given.

    >>> hoist_globals(["crawl", "ngaynay.vn", "--data", "news", "--limit", "5", "--log=json"])
    ['--data', 'news', '--log=json', 'crawl', 'ngaynay.vn', '--limit', '5']
    """
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
        elif argument in GLOBAL_OPTIONS:
            front += [argument, *islice(waiting, 1)]
        elif argument.startswith(tuple(f"{option}=" for option in GLOBAL_OPTIONS)):
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Entry point of the `tinsach` script: runs a command and exits with its code."""
    given = hoist_globals(sys.argv[1:] if arguments is None else arguments)
    try:
        sys.exit(app(given, prog_name="tinsach", standalone_mode=False))
    except Misuse as error:  # of the options before the command
        tell_misuse(make_told_output(None), error, "tinsach")
        sys.exit(UNUSABLE)
