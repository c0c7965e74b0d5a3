"""`tinsach schedule` and `tinsach status`, and what `run --due` runs: the sites at their turn, and how they do."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinsach.app.exits import DONE, FAILURES
from tinsach.app.output import Output, count
from tinsach.app.session import AnySites, Session
from tinsach.datasets.layout import BrokenWorld

if TYPE_CHECKING:
    from tinsach.app.timetable import Turn

MOST_RUNS_AT_ONCE = 4  # each is a crawl and a build


def add_timer_commands(app: typer.Typer) -> None:
    """Make `schedule` and `status` commands of `app`."""
    app.command()(schedule)
    app.command()(status)


def schedule(
    ctx: typer.Context,
    sites: AnySites = None,
    jobs: Annotated[int, typer.Option(min=1, help="Sites run at once.")] = MOST_RUNS_AT_ONCE,
    since: Annotated[str | None, typer.Option(metavar="AGE", help="As for `run`.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="As for `run`.")] = None,
    origin: Annotated[str | None, typer.Option(metavar="URL", envvar="TINSACH_ORIGIN", help="As for `run`.")] = None,
) -> None:
    """Stay, and run each site at its turn.

    At Ctrl-C and SIGTERM what is in flight comes in, and the rest waits: those sites are due at once at the next start.
    """
    from tinsach.app.schedule import RunEnded, Schedule  # noqa: PLC0415  # APScheduler, for this command only
    from tinsach.app.timetable import choose_timed_sites, read_timetable  # noqa: PLC0415  # loads pyarrow
    from tinsach.datasets.locks import schedule_lock  # noqa: PLC0415  # as above

    session: Session = ctx.obj
    output, data = session.output, session.data
    options = {"--since": since, "--limit": limit, "--origin": origin}
    given = [part for name, value in options.items() if value is not None for part in (name, str(value))]

    def make_command(site: str) -> list[str]:
        places = ["--data", str(data.root)] + (["--profiles", str(session.profiles)] if session.profiles else [])
        log = ["--log", "json"] if output.as_json else []
        return [sys.executable, "-m", "tinsach.app", *places, *log, "run", site, *given]

    def tell(run: RunEnded) -> None:
        seconds = (run.ended_at - run.started_at).total_seconds()
        how = {"status": run.status, "interrupted": run.is_interrupted}
        output.event("run", site=run.site, started_at=run.started_at, seconds=seconds, **how)
        if run.cause:
            output.error(run.cause, site=run.site)
        else:
            ended = "interrupted" if run.is_interrupted else _describe(run.status)
            output.line(f"{run.started_at:%Y-%m-%d %H:%M} {run.site}: {ended} after {seconds:.0f} s")

    with schedule_lock(data.root):
        turns = read_timetable(data, choose_timed_sites(data, sites or session.config.sites), datetime.now(UTC))
        _greet(output, turns)
        Schedule(turns, make_command, jobs=jobs, on_end=tell).serve()
    output.note("stopped; what was fetched is kept, and a site that was interrupted is due at once")


def status(
    ctx: typer.Context,
    sites: AnySites = None,
    check: Annotated[bool, typer.Option("--check", help="Exit with 1 when something is wrong.")] = False,
    metrics: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the figures for Prometheus too.")] = None,
) -> None:
    """How each site's last run went, its next, and what is wrong."""
    from tinsach.app.timetable import choose_timed_sites, read_timetable  # noqa: PLC0415  # loads pyarrow
    from tinsach.app.watch import show_status, write_metrics  # noqa: PLC0415  # as above, prometheus_client

    session: Session = ctx.obj
    now = datetime.now(UTC)
    turns = read_timetable(session.data, choose_timed_sites(session.data, sites or session.config.sites), now)
    good = show_status(session.output, turns, now)
    if metrics:
        write_metrics(metrics, turns, now)
    raise typer.Exit(FAILURES if check and not good else DONE)


@dataclass(frozen=True, slots=True)
class Due:
    """The sites to run now, the longest waiting first, and others that an interrupted run left to be built."""

    sites: tuple[str, ...] = ()
    unbuilt: tuple[str, ...] = ()


@contextmanager
def hold_turns(session: Session, sites: Sequence[str], *, every: bool = False) -> Iterator[Due]:
    """Be the only timer of the data folder, with what is due now; nothing, and a note, while another one goes on.

    A site is due until its run has begun: two timers at once would both start those that wait. `sites` empty: those of
    tinsach.toml, else of the data folder. Raises BrokenWorld for --all.
    """
    from tinsach.datasets.locks import SiteBusy, schedule_lock  # noqa: PLC0415  # loads filelock

    if every:
        raise BrokenWorld("--due and --all: give one; list the sites of --due in tinsach.toml as sites = [...]")
    with ExitStack() as stack:
        try:
            stack.enter_context(schedule_lock(session.data.root))
        except SiteBusy:
            session.output.note("a schedule, or a run --due, goes on in this data folder: what is due is left to it")
            yield Due()
            return
        yield _choose_due(session, sites)


def _choose_due(session: Session, sites: Sequence[str]) -> Due:
    """What is due and held by no other run; says when no site is."""
    from tinsach.app.timetable import choose_timed_sites, read_timetable  # noqa: PLC0415  # loads pyarrow
    from tinsach.datasets.build import has_unbuilt  # noqa: PLC0415  # as above
    from tinsach.datasets.locks import is_held  # noqa: PLC0415  # as above

    output, now = session.output, datetime.now(UTC)
    turns = read_timetable(session.data, choose_timed_sites(session.data, sites or session.config.sites), now)
    due = [turn.site for turn in turns if turn.is_due(now)]
    busy = [site for site in due if is_held(session.data.site(site))]
    chosen = tuple(site for site in due if site not in busy)
    folders = [session.data.site(turn.site) for turn in turns if turn.site not in due]
    unbuilt = tuple(folder.name for folder in folders if has_unbuilt(folder) and not is_held(folder))
    output.event("due", sites=chosen, busy=busy, unbuilt=unbuilt, next_due=turns[0].next_at)
    if busy:
        output.note(f"being run already: {', '.join(busy)}")
    if not due:
        output.note(f"nothing is due; next: {turns[0].site} at {turns[0].next_at:%Y-%m-%d %H:%M} UTC")
    if unbuilt:
        output.note(f"archived earlier and not built yet; built now: {', '.join(unbuilt)}")
    return Due(chosen, unbuilt)


def _greet(output: Output, turns: "Sequence[Turn]") -> None:
    output.event("schedule", sites={turn.site: turn.next_at for turn in turns})
    output.line(
        f"{count(len(turns), 'site')}; first: {turns[0].site} at {turns[0].next_at:%Y-%m-%d %H:%M} UTC. Ctrl-C stops."
    )


def _describe(status: int | None) -> str:
    named = {0: "done", 1: "done with failures", 2: "could not be run"}
    return named.get(status or 0, f"killed by signal {-(status or 0)}")
