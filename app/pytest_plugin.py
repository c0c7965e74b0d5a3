"""pytest collects the fixtures of the folders that `tinsach_fixtures` names in its settings: one test per field.

Installed with tinsach and loaded by every pytest beside it, so it imports nothing of ours until such a folder is named,
and Scrapy only when a recorded site is among them: two tests, its sources and its URLs. No test reaches a network; no
clock is stopped: cleaning asks none, and a recorded site is replayed at the time of its recording.
"""

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from tinsach.datasets.fixture_check import FixtureCheck
    from tinsach.datasets.fixtures import Fixture

INI_OPTION, PROFILES_OPTION = "tinsach_fixtures", "tinsach_profiles"
_PAGE_FILE, _CRAWL_FILE = "page.toml", "crawl.toml"
_FOLDERS = pytest.StashKey[tuple[Path, ...]]()
_CALLS = ("connect", "connect_ex", "sendto")


class NetworkRefused(AssertionError):
    """Something reached for the network while a fixture was checked."""


class Differs(AssertionError):
    """A field is not what its fixture expects; the message is the difference."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Make the settings known."""
    parser.addini(INI_OPTION, "Folders of tinsach fixtures, saved pages with their record.", type="paths", default=[])
    parser.addini(PROFILES_OPTION, "A folder of tinsach profiles of your own.", type="paths", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """The folders named are collected too when pytest was not told on the command line what to collect."""
    if len(config.getini(PROFILES_OPTION)) > 1:
        raise pytest.UsageError(f"{PROFILES_OPTION}: more than one folder; put the profiles of your own into one")
    folders = tuple(path.resolve() for path in config.getini(INI_OPTION))
    config.stash[_FOLDERS] = folders
    for folder in folders:
        if not folder.is_dir():
            raise pytest.UsageError(f"{INI_OPTION} = {folder}: no such folder; `tinsach fixture add` makes one")
        if config.args_source is not pytest.Config.ArgsSource.ARGS and not _is_below(folder, config):
            config.args.append(str(folder))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A saved page for each page.toml below the folders named, a recorded site for each crawl.toml."""
    kinds: dict[str, type[pytest.File]] = {_PAGE_FILE: FixtureFile, _CRAWL_FILE: CrawlFile}
    kind = kinds.get(file_path.name)
    if kind is None or not any(folder in file_path.parents for folder in parent.config.stash[_FOLDERS]):
        return None
    collector: pytest.Collector = kind.from_parent(parent, path=file_path)
    return collector


def use_own_profiles(config: pytest.Config) -> None:
    """From now on, and until pytest ends, clean by the profiles of the folder named, if one is."""
    named = config.getini(PROFILES_OPTION)
    if named:
        from tinsach.cleaning.sources import own_profiles, use_profiles  # noqa: PLC0415  # see above

        before = own_profiles()
        if before != named[0]:
            config.add_cleanup(lambda: use_profiles(before))
            use_profiles(named[0])


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
            use_own_profiles(self.config)
            with _no_network():
                self._check = check_fixture(fixture)
        return self._check


class DifferenceItem(pytest.Item):
    """A test that fails with a difference, and no traceback."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The difference alone; a traceback only for what is no difference."""
        if isinstance(excinfo.value, Differs):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands and what it is called in reports."""
        folder = self.path.parent
        return folder, 0, f"{folder.parent.name}/{folder.name}: {self.name}"

    def fail_with(self, lines: Sequence[str] | None) -> None:
        """Raises Differs when there are lines."""
        if lines:
            raise Differs("\n".join([f"{self.path.parent}", f"{self.name}: expected (-), found (+)", *lines]))


class FieldItem(DifferenceItem):
    """The field of a cleaned page equals the one a person read."""

    def __init__(self, *, fixture: "Fixture", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fixture = fixture

    def runtest(self) -> None:
        """Raises Differs with the difference: of each block what became of it."""
        assert isinstance(self.parent, FixtureFile)
        check = self.parent.check(self.fixture)
        self.fail_with({**check.known, **check.failures}.get(self.name))


class CrawlFile(pytest.File):
    """One recorded site: its sources and its URLs are the tests."""

    _failures: Mapping[str, Sequence[str]] | None = None

    def collect(self) -> Iterator[pytest.Item]:
        """Two tests; what can't be read fails them."""
        for name in ("sources", "urls"):
            yield CrawlItem.from_parent(self, name=name)

    def check(self) -> Mapping[str, Sequence[str]]:
        """The site replayed and compared, once for both."""
        from tinsach.crawler.crawl_fixtures import check_crawl, read_crawl_fixture  # noqa: PLC0415  # see above

        if self._failures is None:
            use_own_profiles(self.config)
            with _no_network():
                self._failures = check_crawl(read_crawl_fixture(self.path.parent)).failures
        return self._failures


class CrawlItem(DifferenceItem):
    """The spider finds on the tape what it has to find."""

    def runtest(self) -> None:
        """Raises Differs with the difference."""
        assert isinstance(self.parent, CrawlFile)
        self.fail_with(self.parent.check().get(self.name))


@contextmanager
def _no_network() -> Iterator[None]:
    """Every attempt to reach another machine, or to ask for its address, raises NetworkRefused."""

    def refuse(*arguments: object, **_: object) -> NoReturn:
        raise NetworkRefused(f"a fixture reached for the network: {arguments[-1]!r}")

    with pytest.MonkeyPatch.context() as patch:
        for name in _CALLS:
            patch.setattr(socket.socket, name, refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        yield
