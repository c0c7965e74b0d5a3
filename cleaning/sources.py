"""Where the profiles' files lie: this package's own, and before them those of one folder of the user's.

The folder is named once, at the start of a process: by `use_profiles`, or by TINSACH_PROFILES in its environment. A
file of it stands in the place of the package's file of the same name.
"""

import os
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")

VARIABLE = "TINSACH_PROFILES"
_FORGET: list[Callable[[], None]] = []


class ProfileError(ValueError):
    """A profile file that cannot be used; the message names file, key, value and what is wrong."""


class UnknownSite(LookupError):
    """No profile has this name; the message lists those that exist."""


def cache_profiles(function: Callable[P, T]) -> Callable[P, T]:
    """`functools.cache` for what follows from the profiles: forgotten when another folder is named."""
    cached = cache(function)
    _FORGET.append(cached.cache_clear)
    return cast(Callable[P, T], cached)


def use_profiles(folder: Path | None) -> None:
    """Look for profiles in this folder first, in this process and those that it starts; None: the package's only."""
    if (folder.absolute() if folder else None) == own_profiles():
        return
    if folder is None:
        del os.environ[VARIABLE]
    else:
        os.environ[VARIABLE] = str(folder.absolute())
    for forget in _FORGET:
        forget()


def own_profiles() -> Path | None:
    """The user's folder of profiles, None when none was named."""
    folder = os.environ.get(VARIABLE)
    return Path(folder) if folder else None


@cache_profiles
def profile_files() -> Mapping[str, Traversable]:
    """Every profile's file by the name of its site or family; raises ProfileError when the user's folder is none."""
    found = _list_files(files("tinsach.cleaning") / "profiles")
    folder = own_profiles()
    if folder is None:
        return found
    if not folder.is_dir():
        raise ProfileError(f"{folder}: no such folder of profiles; make it, or name another one with {VARIABLE}")
    return {**found, **_list_files(folder)}


def name_file(source: Traversable) -> str:
    """A profile's file as messages name it."""
    return str(source) if source.name in _own_names() else f"cleaning/profiles/{source.name}"


@cache_profiles
def _own_names() -> frozenset[str]:
    folder = own_profiles()
    return frozenset(entry.name for entry in _list_files(folder).values()) if folder else frozenset()


def _list_files(folder: Traversable) -> dict[str, Traversable]:
    return {entry.name.removesuffix(".toml"): entry for entry in folder.iterdir() if entry.name.endswith(".toml")}
