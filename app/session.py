"""What all subcommands share: where words go, where things lie, what was set; and options that many of them take."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from tinsach.app.config import Config
from tinsach.app.output import Output
from tinsach.datasets.layout import DataDir


@dataclass(frozen=True, slots=True)
class Session:
    """`typer.Context.obj` of every command; `profiles` is the folder of the user's own profiles, None without one."""

    output: Output
    data: DataDir
    config: Config
    profiles: Path | None = None


RowFormat = Literal["text", "jsonl", "parquet"]
Force = Annotated[bool, typer.Option("--force", help="Replace what is there already.")]
AnySites = Annotated[list[str] | None, typer.Argument(metavar="SITE", help="Sites by name; all when left out.")]
