"""What a user sets once: tinsach.toml in the current folder, then the environment, then flags, in rising order.

The file is optional and checked on start: an unknown key is an error that names it.
"""

import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

from tinsach.datasets.layout import BrokenWorld
from tinsach.datasets.moments import parse_kept_age

CONFIG_FILE = Path("tinsach.toml")
_STRICT: dict[str, Any] = {"extra": "forbid"}  # to pydantic, which is loaded when there is a file


class BadConfig(BrokenWorld):
    """tinsach.toml can't be used; names file, key, value and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """What `tinsach prune` removes when it is older: an age in days, as 90d; None keeps it for ever."""

    __pydantic_config__: ClassVar = _STRICT

    archive: str | None = None
    runs: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The keys of tinsach.toml. None is "not set"."""

    __pydantic_config__: ClassVar = _STRICT

    data: Path | None = None
    contact: str | None = None
    jobs: int | None = None
    log: Literal["text", "json"] | None = None
    profiles: Path | None = None
    fixtures: Path | None = None
    sites: tuple[str, ...] = ()  # what a timer runs; empty: the sites of the data folder
    metrics: Path | None = None  # a text file for Prometheus, written after each run
    retention: Retention = Retention()
    notify: tuple[str, ...] = ()  # apprise URLs, told of runs with failures


def load_config(path: Path = CONFIG_FILE) -> Config:
    """The settings of the file, all unset when there is none; raises BadConfig."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from error
    return parse_config(text, file=path)


def parse_config(text: str, *, file: Path = CONFIG_FILE) -> Config:
    """The settings in a file's text; raises BadConfig."""
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415  # takes longer than most commands without it

    from tinsach.cleaning.mistakes import describe_fault  # noqa: PLC0415  # as above

    try:
        config = TypeAdapter(Config).validate_python(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadConfig(f"{file}: not valid TOML: {error}") from error
    except ValidationError as error:
        raise BadConfig(f"{file}: {describe_fault(error, Config)}") from error
    if config.jobs is not None and config.jobs < 1:
        raise BadConfig(f"{file}: jobs = {config.jobs}: must be 1 or more")
    for key, age in asdict(config.retention).items():
        try:
            if age is not None:
                parse_kept_age(age)
        except ValueError as error:
            raise BadConfig(f"{file}: retention.{key} = {age!r}: {error}") from error
    return config
