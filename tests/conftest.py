"""What every test may count on: no network but loopback, and nothing of the user's own settings."""

import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from tinsach.cleaning import use_profiles

# The same examples every time: a red test is a change of the code. `make fuzz` looks for new ones.
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")

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
