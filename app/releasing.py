"""The commands around data sets, each a few lines: what it takes, and which function of `datasets` answers.

`ctx.obj` is the Session of `tinsach.app.main`, which all commands share; mistakes are raised and told there.
"""

from datetime import UTC, datetime
from typing import Annotated, Protocol

import typer

from tinsach.app.output import Output
from tinsach.datasets.layout import BrokenWorld, DataDir


class Session(Protocol):
    """What the commands here need of the session."""

    @property
    def output(self) -> Output:
        """Where words go."""

    @property
    def data(self) -> DataDir:
        """The data folder."""


class BadDate(BrokenWorld):
    """A day that is none; names option and value."""


def add_release_commands(app: typer.Typer) -> None:
    """Make the functions of this module commands of `app`."""
    for command in (release,):
        app.command()(command)


def release(  # noqa: PLR0913, PLR0917  # one parameter an option: typer reads them from the signature
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the data set is called; a new name each time.")],
    site: Annotated[list[str] | None, typer.Option(metavar="SITE", help="Only this site; may be given again.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Only this language (vi, en); may be given again.")] = None,
    min_words: Annotated[int | None, typer.Option(min=0, help="Only articles of so many words or more.")] = None,
    max_words: Annotated[int | None, typer.Option(min=0, help="Only articles of so many words or fewer.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="Published on this day or later: 2026-11-20.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Published before this day.")] = None,
    all_revisions: Annotated[bool, typer.Option("--all-revisions", help="Every version that differs.")] = False,
    keep_duplicates: Annotated[bool, typer.Option("--keep-duplicates", help="Mark equal texts, drop none.")] = False,
) -> None:
    """Deduplicate, check and publish all records as one data set that never changes."""
    from tinsach.app import pipeline  # noqa: PLC0415  # loads Scrapy, which takes long
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
    )
    code, report = pipeline.publish(session.output, session.data, name, options)
    pipeline.show_release(session.output, report)
    raise typer.Exit(code)


def parse_day(option: str, text: str | None) -> datetime | None:
    """The beginning of a day in UTC; raises BadDate.

    >>> parse_day("--since", "2026-11-20")
    datetime.datetime(2026, 11, 20, 0, 0, tzinfo=datetime.timezone.utc)
    """
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise BadDate(f"{option} {text}: not a day; write it as 2026-11-20") from error
