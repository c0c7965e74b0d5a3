"""What a user sets once: tinsach.toml in the current folder, then the environment, then flags, in rising order.

The file is optional and checked on start: an unknown key is an error that names it.
"""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tinsach.datasets.layout import BrokenWorld

CONFIG_FILE = Path("tinsach.toml")


class BadConfig(BrokenWorld):
    """tinsach.toml can't be used; names file, key, value and what is wrong."""


class Retention(BaseModel):
    """What `tinsach prune` removes when it is older: an age in days, as 90d; None keeps it for ever."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    archive: str | None = None
    runs: str | None = None


class Config(BaseModel):
    """The keys of tinsach.toml. None is "not set"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    data: Path | None = None
    contact: str | None = None
    jobs: int | None = Field(default=None, ge=1)
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
        raise BadConfig(f"{path}: cannot be read ({error})") from error
    try:
        return Config.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadConfig(f"{path}: not valid TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        known = ", ".join(Config.model_fields)
        remedy = f"unknown key; known: {known}" if first["type"] == "extra_forbidden" else first["msg"]
        raise BadConfig(f"{path}: {key} = {first.get('input')!r}: {remedy}") from error
