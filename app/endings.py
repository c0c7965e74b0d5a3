"""How a command that can't be done ends: one line that names file, cause and remedy, and exit code 0, 1 or 2.

A mistake is the user's or the world's; a bug is not caught.
"""

import errno
import os
import sys
from contextlib import suppress
from typing import Any, cast

import typer
from typer.core import TyperGroup

from tinsach.app.config import BadConfig, load_config
from tinsach.app.exits import FAILURES, UNUSABLE, say_interrupted
from tinsach.app.output import Output, make_output
from tinsach.app.session import Session
from tinsach.cleaning.sources import ProfileError, UnknownSite
from tinsach.datasets.layout import BrokenWorld

# Typer gives no name to "any usage error", of which a bad parameter is one.
Misuse = cast("type[typer.BadParameter]", typer.BadParameter.__base__)


class Commands(TyperGroup):
    """Turns mistakes of the world into one line and an exit code; bugs go through."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (BrokenWorld, ProfileError, UnknownSite) as error:
            _find_output(ctx).error(str(error.args[0] if isinstance(error, UnknownSite) else error))
            raise typer.Exit(getattr(error, "exit_code", UNUSABLE)) from error
        except Misuse as error:
            tell_misuse(_find_output(ctx), error, f"{ctx.command_path} {ctx.invoked_subcommand}")
            raise typer.Exit(UNUSABLE) from error
        except OSError as error:
            if error.errno in (None, errno.EPIPE):
                raise
            _find_output(ctx).error(f"{error.filename or 'the system'}: {os.strerror(error.errno or 0)}")
            raise typer.Exit(UNUSABLE) from error
        except (KeyboardInterrupt, typer.Abort) as error:
            said = say_interrupted(sys.argv[1:])
            _find_output(ctx).error(f"{said}; what was finished is kept, run the command again to go on")
            raise typer.Exit(FAILURES) from error


def _find_output(ctx: Any) -> Output:
    """The session's, or before there is one what flag and settings ask for."""
    return ctx.obj.output if isinstance(ctx.obj, Session) else make_told_output(ctx.params.get("log"))


def make_told_output(log: str | None) -> Output:
    """Where to speak before the session is set up: as the flag says, else as tinsach.toml does."""
    with suppress(BadConfig):  # every command tells what is wrong with it
        log = log or load_config().log
    return make_output(as_json=log == "json")


def tell_misuse(output: Output, error: typer.BadParameter, command: str) -> None:
    """Tell what is wrong with a command line; where nothing was asked, the help, as people expect."""
    if _is_bare(error) and not output.as_json:
        typer.echo(error.format_message(), err=True)
    else:
        output.error(_describe_misuse(error, command))


def _is_bare(error: typer.BadParameter) -> bool:
    """Whether nothing is wrong but that no command was named: the error's text is the help."""
    return error.ctx is not None and error.format_message() == error.ctx.get_help()


def _describe_misuse(error: typer.BadParameter, command: str) -> str:
    """One line without a capital and a full stop; `command` is what was typed where the error does not know."""
    command = error.ctx.command_path if error.ctx else command
    if _is_bare(error):
        told = "missing command"
    elif near := getattr(error, "possibilities", None):
        told = f"{error.message}; did you mean {min(near)}?"
    else:
        told = _in_our_words(error).removesuffix(".").replace(". Did you mean", "; did you mean")
    return f"{told[0].lower()}{told[1:]}{' ' if told.endswith('?') else '; '}see `{command} --help`"


def _in_our_words(error: typer.BadParameter) -> str:
    text, cause = error.format_message(), error.__cause__
    if cause is None:
        return text
    from pydantic import ValidationError  # noqa: PLC0415  # takes long; here typer has loaded it

    from tinsach.cleaning.mistakes import describe_value  # noqa: PLC0415  # as above

    return text.replace(error.message, describe_value(cause)) if isinstance(cause, ValidationError) else text
