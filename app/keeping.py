"""`tinsach doctor`, `prune` and `backup`: is everything as it should be, what may go, what must be kept elsewhere."""

import importlib.util
import os
import platform
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinsach.app.config import CONFIG_FILE
from tinsach.app.exits import DONE, FAILURES
from tinsach.app.output import Output, count
from tinsach.app.session import Session
from tinsach.datasets.layout import BrokenWorld, DataDir
from tinsach.datasets.moments import parse_kept_age

if TYPE_CHECKING:
    from tinsach.datasets.checkup import Finding

LIBRARIES = ("scrapy", "trafilatura", "lxml", "langdetect", "pyarrow", "duckdb", "fastwarc", "warcio", "rensa")
EXTRAS = {"fast": "langdetect_rs", "render": "scrapy_playwright", "notify": "apprise"}
MOST_ALIKE = 3  # findings of one kind that are told one by one; --log json has all
REBUILT = (
    "records",
    "rejects",
    "ledger.sqlite",
    "imports.sqlite",
)  # from the archive, by the next build, crawl, import
_PASSING = (".lock", ".tmp", ".part", "-wal", "-shm", "-journal")


def add_keeping_commands(app: typer.Typer) -> None:
    """Make `doctor`, `prune` and `backup` commands of `app`."""
    for command in (doctor, prune, backup):
        app.command()(command)


def doctor(ctx: typer.Context) -> None:
    """Say what is wrong with settings and data, and what to do."""
    from importlib.metadata import version  # noqa: PLC0415  # loads the email package

    from tinsach.datasets.checkup import Finding, check_data  # noqa: PLC0415  # loads DuckDB

    session: Session = ctx.obj
    output = session.output
    versions = {"python": platform.python_version(), **{name: version(name) for name in ("tinsach", *LIBRARIES)}}
    extras = {name: importlib.util.find_spec(module) is not None for name, module in EXTRAS.items()}
    output.event("versions", **versions, extras=extras)
    output.line("  ".join(f"{name} {number}" for name, number in versions.items()))
    output.line("extras: " + ", ".join(f"{name} {'installed' if is_in else '–'}" for name, is_in in extras.items()))
    findings = list(check_data(session.data))
    if not session.config.contact and not os.environ.get("TINSACH_CONTACT"):
        findings.insert(
            0,
            Finding(
                "settings",
                "no contact, so no paper can be crawled",
                f"set TINSACH_CONTACT, or contact in {CONFIG_FILE}",
                is_fault=False,
            ),
        )
    if session.config.notify and not extras["notify"]:
        findings.insert(0, Finding("tinsach.toml", "notify needs the extra", "pip install tinsach[notify]"))
    for finding in findings:
        output.event("finding", place=finding.place, what=finding.what, remedy=finding.remedy, fault=finding.is_fault)
    _show_findings(output, findings)
    faults = sum(finding.is_fault for finding in findings)
    output.line(f"{count(faults, 'fault')}, {count(len(findings) - faults, 'note')} in {session.data.root}")
    raise typer.Exit(FAILURES if faults else DONE)


def _show_findings(output: Output, findings: "Sequence[Finding]") -> None:
    """A line a finding; of many that differ in nothing but place and numbers, the first few."""
    alike: dict[tuple[str, ...], list[Finding]] = {}
    for each in findings:
        alike.setdefault((re.sub(r"\d+", "", each.what), each.remedy), []).append(each)
    for group in alike.values():
        shown = group if len(group) <= MOST_ALIKE + 1 else group[:MOST_ALIKE]
        for each in shown:
            word, style = ("fault", "red") if each.is_fault else ("note", None)
            output.line(f"{word}: {each.place}: {each.what}; {each.remedy}", style=style)
        if len(shown) < len(group):
            output.line(f"  and {len(group) - len(shown):,} more like it")


def prune(
    ctx: typer.Context,
    archive: Annotated[
        str | None, typer.Option(metavar="AGE", help="WARC files and records older than this: 730d.")
    ] = None,
    runs: Annotated[str | None, typer.Option(metavar="AGE", help="Reports of runs older than this: 90d.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Remove them; without it they are only shown.")] = False,
) -> None:
    """Remove old archive files and reports of runs, or show them.

    What a release refers to stays. Without options the ages of [retention] in tinsach.toml count.
    """
    from tinsach.datasets.retention import find_old_archives, find_old_reports, remove  # noqa: PLC0415  # loads DuckDB

    session: Session = ctx.obj
    output, data, rules = session.output, session.data, session.config.retention
    archive_age = _parse_age("--archive", archive or rules.archive)
    report_age = _parse_age("--runs", runs or rules.runs)
    if archive_age is None and report_age is None:
        raise BrokenWorld("nothing to prune by: give --archive or --runs, or [retention] in tinsach.toml")
    now = datetime.now(UTC)
    removals, kept = find_old_archives(data, now - archive_age) if archive_age else ([], 0)
    removals += find_old_reports(data, now - report_age) if report_age else []
    sizes = {removal: removal.bytes for removal in removals}
    if yes:
        removals = []
        for removal in remove(data, list(sizes)):
            removals.append(removal)
            output.event("removed", paths=[str(path) for path in removal.paths])
        kept += len(sizes) - len(removals)
    freed = sum(sizes[removal] for removal in removals)
    paths = [path for removal in removals for path in removal.paths]
    if not yes:
        for path in paths:
            output.line(str(path))
    output.event("prune", files=len(paths), bytes=freed, kept_for_releases=kept, removed=yes)
    done = "removed" if yes else "would go; --yes removes them"
    output.line(
        f"{count(len(paths), 'file')}, {count(freed, 'byte')} {done}; "
        f"{count(kept, 'old WARC file')} kept for the releases that use them"
    )


def backup(
    ctx: typer.Context,
    null: Annotated[bool, typer.Option("--null", "-0", help="End each name with a null byte, for rsync -0.")] = False,
) -> None:
    """List the files that no command can make anew.

    One a line, relative to the data folder:

        rsync -a --files-from=<(tinsach backup) data/ elsewhere:/news/
    """
    session: Session = ctx.obj
    end = "\0" if null else "\n"
    paths = [path.as_posix() for path in list_irreplaceable(session.data)]
    for path in paths:
        if session.output.as_json:
            session.output.event("keep", path=path)
        else:
            sys.stdout.write(f"{path}{end}")
    if not paths:
        session.output.note(f"{session.data.root}: nothing here that has to be kept elsewhere")


def list_irreplaceable(data: DataDir) -> Iterator[Path]:
    """The files that no command can make anew, relative to the data folder, archives first; nothing half written."""
    if not data.root.is_dir():
        raise BrokenWorld(f"{data.root}: no data folder; name it with --data")
    paths = [path.relative_to(data.root) for path in sorted(data.root.rglob("*")) if path.is_file()]
    kept = [path for path in paths if not _is_replaceable(path)]
    yield from sorted(kept, key=lambda path: "archive" not in path.parts)


def _is_replaceable(path: Path) -> bool:
    in_site = path.parts[0] == "sites" and len(path.parts) > 2  # sites/<site>/<file or folder>
    is_passing = path.name.endswith(_PASSING) or any(part.startswith(".") for part in path.parts)
    return is_passing or (in_site and path.parts[2] in REBUILT)


def _parse_age(option: str, value: str | None) -> timedelta | None:
    """None when it is not given; raises BrokenWorld."""
    try:
        return None if value is None else parse_kept_age(value)
    except ValueError as error:
        raise BrokenWorld(f"{option} {value!r}: {error}") from error
