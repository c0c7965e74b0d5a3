"""pytest collects the fixtures of the folders that `tinsach_fixtures` names in its settings: one test per field.

Installed with tinsach and loaded by every pytest beside it, so it imports nothing of ours until such a folder is named,
and never Scrapy. These tests reach no network, and where time-machine is installed the clock stands at `fetched_at`.
"""

import importlib
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from tinsach.datasets.fixture_check import FixtureCheck
    from tinsach.datasets.fixtures import Fixture

INI_OPTION = "tinsach_fixtures"
_FIXTURE_FILE = "page.toml"
_FOLDERS = pytest.StashKey[tuple[Path, ...]]()
_CALLS = ("connect", "connect_ex", "sendto")


class NetworkRefused(AssertionError):
    """Something reached for the network while a saved page was cleaned."""


class Differs(AssertionError):
    """A field is not what its fixture expects; the message is the difference."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Make the setting known."""
    parser.addini(INI_OPTION, "Folders of tinsach fixtures, saved pages with their record.", type="paths", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """The folders named are collected too when pytest was not told on the command line what to collect."""
    folders = tuple(path.resolve() for path in config.getini(INI_OPTION))
    config.stash[_FOLDERS] = folders
    for folder in folders:
        if not folder.is_dir():
            raise pytest.UsageError(f"{INI_OPTION} = {folder}: no such folder; `tinsach fixture add` makes one")
        if config.args_source is not pytest.Config.ArgsSource.ARGS and not _is_below(folder, config):
            config.args.append(str(folder))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A fixture for each page.toml below the folders named."""
    if file_path.name != _FIXTURE_FILE:
        return None
    if not any(folder in file_path.parents for folder in parent.config.stash[_FOLDERS]):
        return None
    collector: pytest.Collector = FixtureFile.from_parent(parent, path=file_path)
    return collector


def _is_below(folder: Path, config: pytest.Config) -> bool:
    named = [(config.invocation_params.dir / argument.partition("::")[0]).resolve() for argument in config.args]
    return any(place == folder or place in folder.parents for place in named)


class FixtureFile(pytest.File):
    """One saved page: its fields are the tests."""

    _check: "FixtureCheck | None" = None

    def collect(self) -> Iterator[pytest.Item]:
        """A test for each field that the record asks for; a broken fixture is an error that names its file."""
        from tinsach.datasets.fixtures import FixtureError, read_expected, read_fixture  # noqa: PLC0415  # see above

        try:
            fixture = read_fixture(self.path.parent)
            fields = tuple(read_expected(fixture))
        except FixtureError as error:
            raise self.CollectError(str(error)) from error
        for name in fields:
            item = FieldItem.from_parent(self, name=name, fixture=fixture)
            if name in fixture.known_failures:
                item.add_marker(pytest.mark.xfail(reason=fixture.known_failures[name], raises=Differs, strict=True))
            yield item

    def check(self, fixture: "Fixture") -> "FixtureCheck":
        """The page cleaned and compared, once for all its fields."""
        from tinsach.datasets.fixture_check import check_fixture  # noqa: PLC0415  # see above

        if self._check is None:
            with _no_network(), _frozen_clock(fixture):
                self._check = check_fixture(fixture)
        return self._check


class FieldItem(pytest.Item):
    """The field of a cleaned page equals the one a person read."""

    def __init__(self, *, fixture: "Fixture", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fixture = fixture

    def runtest(self) -> None:
        """Raises Differs with the difference: of each block what became of it."""
        assert isinstance(self.parent, FixtureFile)
        check = self.parent.check(self.fixture)
        lines = {**check.known, **check.failures}.get(self.name)
        if lines:
            raise Differs("\n".join([f"{self.fixture.path}", f"{self.name}: expected (-), found (+)", *lines]))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The difference alone; a traceback only for what is no difference."""
        if isinstance(excinfo.value, Differs):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands and what it is called in reports."""
        return self.fixture.path, 0, f"{self.fixture.name}: {self.name}"


@contextmanager
def _no_network() -> Iterator[None]:
    """Every attempt to reach another machine, or to ask for its address, raises NetworkRefused."""

    def refuse(*arguments: object, **_: object) -> NoReturn:
        raise NetworkRefused(f"cleaning a saved page reached for the network: {arguments[-1]!r}")

    with pytest.MonkeyPatch.context() as patch:
        for name in _CALLS:
            patch.setattr(socket.socket, name, refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        yield


@contextmanager
def _frozen_clock(fixture: "Fixture") -> Iterator[None]:
    """The clock stands at the time the page was fetched, if time-machine is there to stop it."""
    with ExitStack() as stack:
        try:
            time_machine = importlib.import_module("time_machine")
        except ImportError:
            time_machine = None
        if time_machine is not None and fixture.fetched_at is not None:
            stack.enter_context(time_machine.travel(fixture.fetched_at, tick=False))
        yield
