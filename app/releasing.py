"""The commands around data sets, each a few lines: what it takes, and which function of `datasets` answers.

Mistakes are raised here and told in `tinsach.app.endings`.
"""

import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tinsach.app.exits import DONE, FAILURES
from tinsach.app.output import count
from tinsach.app.session import Force, Session
from tinsach.app.showing import show_record
from tinsach.cleaning.mistakes import suggest
from tinsach.datasets.layout import BrokenWorld, DataDir, check_target

if TYPE_CHECKING:
    from tinsach.datasets.verify import Fault

MOST_ALIKE = 20  # faults of one kind that are told one by one


class BadDate(BrokenWorld):
    """A day that is none; names option and value."""


def add_release_commands(app: typer.Typer) -> None:
    """Make the functions of this module commands of `app`."""
    for command in (release, verify, diff, show, export):
        app.command()(command)
    app.command("import")(import_)


def release(  # noqa: PLR0913, PLR0917  # one parameter an option: typer reads them from the signature
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the data set is called; a new name each time.")],
    site: Annotated[list[str] | None, typer.Option(metavar="SITE", help="Only this site; may be given again.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Only this language (vi, en); may be given again.")] = None,
    min_words: Annotated[int | None, typer.Option(min=0, help="Only articles of so many words or more.")] = None,
    max_words: Annotated[int | None, typer.Option(min=0, help="Only articles of so many words or fewer.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="Published on this day, Vietnam's, or later: 2026-11-20.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Published before this day.")] = None,
    all_revisions: Annotated[bool, typer.Option("--all-revisions", help="Every version that differs.")] = False,
    keep_duplicates: Annotated[bool, typer.Option("--keep-duplicates", help="Mark equal texts, drop none.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also what breaks the contract, or lacks a shard; recorded.")
    ] = False,
) -> None:
    """Publish all records as one data set that never changes."""
    from tinsach.app import building  # noqa: PLC0415  # loads pyarrow and duckdb, which take long
    from tinsach.datasets.release import ReleaseOptions  # noqa: PLC0415  # loads DuckDB
    from tinsach.datasets.selection import Filters  # noqa: PLC0415  # as above

    session: Session = ctx.obj
    filters = Filters(
        languages=tuple(language or ()),
        min_words=min_words,
        max_words=max_words,
        since=parse_day("--since", since),
        until=parse_day("--until", until),
    )
    options = ReleaseOptions(
        sites=tuple(site) if site else None,
        filters=filters,
        all_revisions=all_revisions,
        keep_duplicates=keep_duplicates,
        force=force,
    )
    code, report = building.publish(session.output, session.data, name, options)
    building.show_release(session.output, report)
    raise typer.Exit(code)


Release = Annotated[str, typer.Argument(metavar="RELEASE", help="A release by name, or its folder.")]


def verify(ctx: typer.Context, name: Release) -> None:
    """Check every file of a release against its manifest.

    The exit code is 1 when one differs, or is not in it.
    """
    from tinsach.datasets.verify import verify_release  # noqa: PLC0415  # loads Arrow

    session: Session = ctx.obj
    found = verify_release(find_release(session.data, name))
    session.output.event("verify", files=found.files, rows=found.rows, faults=found.faults)
    alike: dict[str, list[Fault]] = {}
    for fault in found.faults:
        alike.setdefault(re.sub(r"\d+", "", fault.what), []).append(fault)
    for faults in alike.values():
        for fault in faults[:MOST_ALIKE]:
            session.output.error(str(fault))
        if len(faults) > MOST_ALIKE:
            session.output.note(f"  and {len(faults) - MOST_ALIKE:,} more like it")
    session.output.line(
        f"{name}: {count(found.files, 'file')}, {count(found.rows, 'row')}, {count(len(found.faults), 'fault')}"
    )
    raise typer.Exit(FAILURES if found.faults else DONE)


def diff(ctx: typer.Context, before: Release, after: Release) -> None:
    """What changed from one release to another, with examples."""
    from tinsach.datasets.compare import compare_releases  # noqa: PLC0415  # loads DuckDB

    session: Session = ctx.obj
    output = session.output
    found = compare_releases(find_release(session.data, before), find_release(session.data, after))
    rules = [asdict(each) for each in found.rules]
    output.event(
        "diff",
        sites=[asdict(each) for each in found.sites],
        rules=rules,
        examples=[asdict(each) for each in found.examples],
    )
    columns = ("site", "added", "changed", "gone", "same", "chars gained", "chars lost")
    output.table(f"{before} → {after}", columns, [tuple(asdict(each).values()) for each in found.sites])
    output.table(
        "Characters removed, by rule",
        ("site", "rule", "before", "after", "example"),
        [tuple(rule.values()) for rule in rules],
        less=("example",),
    )
    output.table(
        "The largest differences",
        ("site", "id", "title", "fate", "chars"),
        [tuple(asdict(each).values()) for each in found.examples],
        less=("site",),
    )
    if not any(each.added or each.changed or each.gone for each in found.sites):
        output.line("no row differs")


def show(ctx: typer.Context, name: Annotated[str, typer.Argument(metavar="ID|URL")]) -> None:
    """An article: its record, what was removed, its versions.

    And where its bytes lie in the archive.
    """
    from tinsach.datasets.lookup import find_versions  # noqa: PLC0415  # loads Arrow

    session: Session = ctx.obj
    found = find_versions(session.data, name)
    versions = found.rows
    for row in versions:
        session.output.event("version", **{key: value for key, value in row.items() if key != "minhash"})
    show_record(session.output, versions[-1])
    session.output.line()
    session.output.table(
        "Versions",
        ("fetched", "characters", "text hash", "rules", "bytes"),
        [
            (
                f"{row['fetched_at']:%Y-%m-%d %H:%M:%S}Z",
                row["num_chars"],
                (row["text_hash"] or "-")[:8],
                row["rules_version"],
                f"{row['archive']} at {row['warc_offset']}",
            )
            for row in versions
        ],
    )
    for fault in found.faults:
        session.output.error(fault)
    raise typer.Exit(FAILURES if found.faults else DONE)


def export(
    ctx: typer.Context,
    name: Release,
    form: Annotated[Literal["jsonl", "csv", "txt"], typer.Option("--format", help="What to write.")] = "jsonl",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="RELEASE.FORMAT in this folder by default.")] = None,
    force: Force = False,
) -> None:
    """A release as JSON Lines, CSV or plain text."""
    from tinsach.datasets.export import export_release  # noqa: PLC0415  # loads Arrow

    session: Session = ctx.obj
    release_folder = find_release(session.data, name)
    target = out or Path(f"{release_folder.name}.{form}")
    check_target(target, force=force)
    rows = export_release(release_folder, target, form)
    session.output.event("export", release=name, rows=rows, file=target)
    session.output.line(f"{count(rows, 'article')} written to {target}")


def import_(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE|DIR", help="HTML, WARC, text, JSONL, Parquet.")],
    site: Annotated[str, typer.Option(help="The archive of what comes from no paper we know.")] = "imported",
) -> None:
    """Archive pages and texts you already have.

    `build` and `release` then do the rest.
    """
    from tinsach.app.importing import import_files  # noqa: PLC0415  # loads what cleaning needs

    session: Session = ctx.obj
    raise typer.Exit(import_files(session.output, session.data, files, site=site))


def find_release(data: DataDir, name: str) -> Path:
    """The folder of a release given by name or path; raises BrokenWorld for a name that is none's."""
    if "/" in name:
        return Path(name)
    known = [path.name for path in sorted(data.releases.glob("[!.]*/"))]
    if name not in known:
        near = suggest(name, known) or f"; there is {', '.join(known) or 'none'}"
        raise BrokenWorld(f"{data.releases}: no release {name}{near}")
    return data.releases / name


def parse_day(option: str, text: str | None) -> datetime | None:
    """The moment that the option's value means, as `crawl --since` takes it; raises BadDate.

    >>> parse_day("--since", "2026-11-20").isoformat()
    '2026-11-19T17:00:00+00:00'
    """
    from tinsach.datasets.moments import parse_since  # noqa: PLC0415  # loads what cleaning needs

    if text is None:
        return None
    try:
        return parse_since(text, datetime.now(UTC))
    except ValueError as error:
        raise BadDate(f"{option} {error}") from error
