"""Options of a crawl: what is accepted, what is refused with which words."""

import re
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.settings import Settings

from tinsach.crawler.options import (
    BadOption,
    CrawlOptions,
    check_options,
    is_loopback,
    read_options,
    to_settings,
    user_agent,
)
from tinsach.datasets.layout import DataDir

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
DATA = DataDir(Path("/tmp/tinsach-options"))  # a name only: nothing is written


@dataclass(frozen=True, slots=True)
class Refused:
    name: str
    options: CrawlOptions
    words: str


REFUSED = (
    Refused("nobody to reach", CrawlOptions(data=DATA), "no contact"),
    Refused("another machine is the outside world", CrawlOptions(data=DATA, origin="http://10.0.0.1"), "contact"),
    Refused("a name may lead anywhere", CrawlOptions(data=DATA, origin="http://mirror.example"), "no contact"),
    Refused("a word as contact", CrawlOptions(data=DATA, contact="me"), "neither a mail address nor a URL"),
    Refused("a header in the contact", CrawlOptions(data=DATA, contact="a@b.vn\r\nX: y"), "neither a mail address"),
    Refused("origin with a path", CrawlOptions(data=DATA, origin="http://127.0.0.1/x"), "--origin http://127.0.0.1/x"),
    Refused("origin without scheme", CrawlOptions(data=DATA, origin="127.0.0.1:80"), "not a server's address"),
    Refused("no article", CrawlOptions(data=DATA, contact="a@b.vn", limit=0), "--limit 0"),
)  # fmt: skip


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_refused(case: Refused) -> None:
    """Each impossible option is refused in one line that names it."""
    with pytest.raises(BadOption, match=case.words) as caught:
        check_options(case.options)
    assert "\n" not in str(caught.value).strip()


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:8000", "http://localhost/", "http://[::1]:80", "http://127.9.9.9"]
)
def test_loopback_needs_no_contact(origin: str) -> None:
    """A server on this machine may be crawled without naming anyone."""
    assert is_loopback(origin)
    assert check_options(CrawlOptions(data=DATA, origin=origin)).origin == origin.rstrip("/")


def test_the_user_agent_names_the_contact() -> None:
    """Sites see product, version and whom to reach."""
    assert user_agent(CrawlOptions(data=DATA, contact="bao@example.vn")).endswith(" (+bao@example.vn)")


def test_options_survive_as_settings() -> None:
    """What goes to a child process as settings comes back as the same options."""
    options = CrawlOptions(
        data=DATA, origin="http://127.0.0.1:8000", contact="https://example.vn/bot", since=NOW, limit=5,
        revisit_now=True, max_pages=9, run="20261122T030000Z-0000",
    )  # fmt: skip
    settings = Settings(to_settings(options))
    assert read_options(settings, NOW) == replace(options, log_level="WARNING")


def test_no_delay_means_no_throttle() -> None:
    """A delay of nothing turns AutoThrottle off; no delay given leaves both to the profile."""
    assert to_settings(CrawlOptions(data=DATA, delay_seconds=0))["AUTOTHROTTLE_ENABLED"] == "0"
    assert "AUTOTHROTTLE_ENABLED" not in to_settings(CrawlOptions(data=DATA, delay_seconds=0.5))
    assert "DOWNLOAD_DELAY" not in to_settings(CrawlOptions(data=DATA))


@pytest.mark.parametrize("name", ["TINSACH_SINCE", "TINSACH_LIMIT", "TINSACH_MAX_PAGES"])
def test_a_setting_that_cannot_be_read_is_named(name: str) -> None:
    """A setting with a value that is none is refused with the value."""
    with pytest.raises(BadOption, match="hôm qua"):
        read_options(Settings({"TINSACH_CONTACT": "a@b.vn", name: "hôm qua"}), NOW)


def test_scrapy_s_doors_stay_shut() -> None:
    """Neither of the extensions that run code for whoever connects is there, nor is what they would load."""
    code = (
        "import sys\nfrom scrapy.settings import Settings\nsettings = Settings()\n"
        "settings.setmodule('tinsach.crawler.settings')\n"
        "print(*settings.get_component_priority_dict_with_base('EXTENSIONS'), 'aiohttp' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "FloorThrottle" in said and "corestats" in said
    assert not {"RemoteControl", "TelnetConsole", "True"} & set(re.findall(r"\w+", said))
