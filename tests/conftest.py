"""What every test may count on: no network but loopback, and nothing of the user's own settings."""

import json
import multiprocessing
import os
import socket
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import settings

from tinsach.cleaning import use_profiles

# The same examples every time: a red test is a change of the code. `make fuzz` looks for new ones.
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")

# A server that has loaded the crawler once and forks; what a fork does is `_CRAWL`, since it can't import this file.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tinsach.crawler.child"])
_CRAWL = """
import os, sys
for number, stream in enumerate(streams):
    os.dup2(stream.fileno(), number)
    stream.close()
sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")
from tinsach.crawler.child import main
sys.exit(main(arguments))
"""

_LOOPBACK = ("127.", "::1", "localhost")


# A worker takes a file at a time, in this order: the last one should not be alone with the longest.
_LONGEST_FIRST = ("test_readme", "test_spider", "test_kill", "test_hostile_paper", "test_rendering", "test_crawler_run")
_LONGEST_NEXT = (
    "test_newsroom_release",
    "test_app_data",
    "test_build",
    "test_midrun",
    "test_fleet",
    "test_crawl_fixtures",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest come first."""
    ranks = {name: rank for rank, name in enumerate((*_LONGEST_FIRST, *_LONGEST_NEXT))}
    items.sort(key=lambda item: ranks.get(item.path.stem, len(ranks)))


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A connection to anything but this machine fails the test that makes it."""
    connect = socket.socket.connect

    def connect_to_loopback(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOOPBACK):
            raise AssertionError(f"a test reached for the network: {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_to_loopback)
    for name in [name for name in os.environ if name.startswith("TINSACH_")]:
        monkeypatch.delenv(name)
    yield
    use_profiles(None)


class _Forked:
    """What `run` asks of a child process, here a fork of one that has loaded the crawler."""

    def __init__(self, site: str, settings: Mapping[str, str]) -> None:
        pipes = [_FORKS.Pipe(duplex=False) for _ in range(3)]
        (stdin, to_child), (from_child, stdout), (log, stderr) = pipes
        given = {"streams": (stdin, stdout, stderr), "arguments": [site, json.dumps(dict(settings))]}
        self._process = _FORKS.Process(target=exec, args=(_CRAWL, given))
        self._process.start()
        for end in (stdin, stdout, stderr):
            end.close()
        self.stdin = os.fdopen(os.dup(to_child.fileno()), "w", encoding="utf-8")
        self.stdout = os.fdopen(os.dup(from_child.fileno()), encoding="utf-8", errors="replace")
        self.stderr = os.fdopen(os.dup(log.fileno()), encoding="utf-8", errors="replace")
        for end in (to_child, from_child, log):
            end.close()
        self.kill = self._process.kill

    def wait(self) -> int | None:
        self._process.join()
        return self._process.exitcode


@pytest.fixture(scope="module")
def warm_crawls() -> Iterator[None]:
    """Crawls begin at once: their processes are forked, for tests that ask what a crawl does and not how it starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tinsach.crawler.run._start_child", _Forked)
        yield
