"""What every test may count on: no network but loopback, and nothing of the user's own settings."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tinsach.app.main import main
from tinsach.cleaning import use_profiles

# The same examples every time: a red test is a change of the code. `make fuzz` looks for new ones.
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")

# Loads the crawler once and is a crawl for each message: its arguments, with stdin, stdout, stderr and where to tell
# the process's number and its exit code.
_FORKER = """
import json, os, socket, sys
from tinsach.crawler.child import main
door = socket.socket(fileno=0)
while True:
    asked, (*streams, told), _, _ = socket.recv_fds(door, 1 << 16, 4)
    if os.fork() == 0:
        break
    for stream in (*streams, told):
        os.close(stream)
    while os.waitpid(-1, os.WNOHANG)[0]:
        pass
door.detach()
for number, stream in enumerate(streams):
    os.dup2(stream, number)
    os.close(stream)
os.write(told, b"%d\\n" % os.getpid())
code = main(json.loads(asked))
os.write(told, b"%d\\n" % code)
sys.exit(code)
"""

_LOOPBACK = ("127.", "::1", "localhost")


# A worker takes a file at a time, in this order: the last one should not be alone with the longest.
_LONGEST_FIRST = (
    *("test_readme", "test_app_data", "test_kill", "test_app_commands", "test_rendering", "test_spider"),
    *("test_release", "test_drift", "test_midrun", "test_crawler_run", "test_hostile_paper", "test_newsroom_release"),
    *("test_fleet", "test_build"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest come first."""
    ranks = {name: rank for rank, name in enumerate(_LONGEST_FIRST)}
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
    """What `tinsach.crawler.run` asks of a child process, here of a fork."""

    def __init__(self, door: socket.socket, arguments: list[str]) -> None:
        (stdin, to_child), *from_child = [os.pipe() for _ in range(4)]
        theirs = [stdin, *(end for _, end in from_child)]
        socket.send_fds(door, [json.dumps(arguments).encode()], theirs)
        for end in theirs:
            os.close(end)
        self.stdin = os.fdopen(to_child, "w", encoding="utf-8")
        self.stdout, self.stderr, self._told = (
            os.fdopen(end, encoding="utf-8", errors="replace") for end, _ in from_child
        )
        self._number = int(self._told.readline())

    def wait(self) -> int:
        """Its exit code, -9 when it could not tell one."""
        with self._told:
            return int(self._told.readline() or -signal.SIGKILL)

    def kill(self) -> None:
        os.kill(self._number, signal.SIGKILL)


@pytest.fixture(scope="session")
def _forker() -> Iterator[socket.socket]:
    ours, theirs = socket.socketpair()
    with ours, subprocess.Popen([sys.executable, "-c", _FORKER], stdin=theirs, stderr=subprocess.DEVNULL) as process:
        theirs.close()
        yield ours
        process.kill()


@pytest.fixture(scope="module")
def warm_crawls(_forker: socket.socket) -> Iterator[None]:
    """Crawls are forks of a process that has loaded Scrapy: for tests of what a crawl does, not of how it starts."""

    def fork(site: str, settings: Mapping[str, str]) -> _Forked:
        return _Forked(_forker, [site, json.dumps(dict(settings))])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tinsach.crawler.run._start_child", fork)
        yield


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code and what it wrote."""

    code: int
    out: str
    err: str


@pytest.fixture
def tinsach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ended]:
    """Runs `tinsach ARGUMENTS…` in this process, in the test's own folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Ended:
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ended(int(end.value.code or 0), captured.out, captured.err)

    return run
