"""A command line that can't be: what is wrong with it, in one line that says where the right form stands."""

from typing import cast

import typer

# Typer gives no name to "any usage error", of which a bad parameter is one.
Misuse = cast("type[typer.BadParameter]", typer.BadParameter.__base__)


def is_bare(error: typer.BadParameter) -> bool:
    """Whether nothing is wrong but that no command was named: the error's text is the help."""
    return error.ctx is not None and error.format_message() == error.ctx.get_help()


def describe_misuse(error: typer.BadParameter, command: str) -> str:
    """One line without a capital and a full stop; `command` is what was typed where the error does not know."""
    command = error.ctx.command_path if error.ctx else command
    if is_bare(error):
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
