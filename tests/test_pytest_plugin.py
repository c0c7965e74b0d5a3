"""The pytest plugin collects the fixtures of the folders that a user's settings name, else nothing."""

import socket
import sys
from pathlib import Path

import pytest

from tinsach.cleaning import find_profile
from tinsach.datasets import fixture_check
from tinsach.datasets.fixtures import (
    FIELDS,
    Fixture,
    SavedPage,
    add_fixture,
    clean_fixture,
    format_about,
    read_expected,
    write_expected,
)

PAGE = SavedPage(
    url="https://www.example.vn/cay-cau-moi-12345.html",
    html="""<html lang="vi"><head><meta charset="utf-8"><title>Cây cầu mới</title></head>
    <body><article><h1>Cây cầu mới</h1>
    <p>Cây cầu mới nối hai bờ sông, rút ngắn đường đến trường của hơn ba trăm học trò trong xã, và bà con
    đã chờ ngày này từ mười năm nay, từ khi chiếc đò ngang chìm trong một đêm mưa lũ.</p>
    <p>Sáng hôm ấy, người đầu tiên bước lên cầu là một cụ bà chín mươi tuổi, tay cầm nón lá, đi rất chậm và đi
    hết cả chiều dài để sang thăm người chị ở bên kia sông mà cụ chưa gặp từ ba mùa nước.</p></article></body>
    </html>""".encode(),
)


@pytest.fixture
def repo(pytester: pytest.Pytester) -> pytest.Pytester:
    """A user's own repository with one fixture, named in its settings."""
    add_fixture(pytester.path / "saved", PAGE)
    pytester.makepyprojecttoml("[tool.pytest.ini_options]\ntinsach_fixtures = ['saved']\n")
    return pytester


def change(repo: pytest.Pytester, **fields: object) -> Fixture:
    """Edit the expected record of the repository's fixture."""
    path = repo.path / "saved" / "example.vn" / "cay-cau-moi-12345"
    fixture = Fixture(path=path, url=PAGE.url)
    write_expected(fixture, read_expected(fixture) | fields)
    return fixture


def test_every_field_is_a_test(repo: pytest.Pytester) -> None:
    """Also when the settings name other test folders, once each, and by name on the command line."""
    result = repo.runpytest_inprocess("-v")
    result.assert_outcomes(passed=len(FIELDS))
    result.stdout.fnmatch_lines(["saved/example.vn/cay-cau-moi-12345/page.toml::title PASSED*"])
    repo.makepyfile("def test_mine(): pass")
    repo.runpytest_inprocess().assert_outcomes(passed=len(FIELDS) + 1)
    repo.runpytest_inprocess("saved/example.vn", "-k", "title or lead").assert_outcomes(passed=2, deselected=15)
    repo.runpytest_inprocess("test_every_field_is_a_test.py").assert_outcomes(passed=1)


def test_a_failure_shows_the_difference_and_no_traceback(repo: pytest.Pytester) -> None:
    """The folder, the field, and what became of each block."""
    blocks = [{"kind": "paragraph", "text": "Đoạn này không có trên trang."}]
    change(repo, blocks=blocks, title="Cây cầu cũ")
    result = repo.runpytest_inprocess()
    result.assert_outcomes(passed=len(FIELDS) - 2, failed=2)
    result.stdout.fnmatch_lines(
        ['- "Cây cầu cũ"', '+ "Cây cầu mới"', "*[[]now lost]", "+ paragraph: Cây cầu*[[]expected nowhere]"],
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_known_failures_are_strict(repo: pytest.Pytester) -> None:
    """A field that page.toml says fails is expected to, and one that does not is a failure."""
    fixture = change(repo, title="Cây cầu cũ")
    about = Fixture(path=fixture.path, url=fixture.url, known_failures={"title": "later", "lead": "mended"})
    (fixture.path / "page.toml").write_text(format_about(about), encoding="utf-8")
    repo.runpytest_inprocess().assert_outcomes(passed=len(FIELDS) - 2, xfailed=1, failed=1)


def test_a_broken_fixture_is_an_error_that_names_its_file(repo: pytest.Pytester) -> None:
    """The others are still collected."""
    add_fixture(repo.path / "saved", PAGE, name="second")
    (repo.path / "saved" / "example.vn" / "second" / "expected.json").write_text("{")
    result = repo.runpytest_inprocess("--continue-on-collection-errors")
    result.assert_outcomes(passed=len(FIELDS), errors=1)
    result.stdout.fnmatch_lines(["*second/expected.json: not valid JSON*"])


def test_a_folder_that_is_not_there_is_told(repo: pytest.Pytester) -> None:
    """One line, no traceback."""
    repo.makepyprojecttoml("[tool.pytest.ini_options]\ntinsach_fixtures = ['gone']\n")
    result = repo.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: tinsach_fixtures = */gone: no such folder*"])


def test_profiles_of_the_user_s_own_count(repo: pytest.Pytester) -> None:
    """The folder is named beside that of the fixtures, and forgotten when pytest ends."""
    (repo.path / "profiles").mkdir()
    (repo.path / "profiles" / "example.vn.toml").write_text(
        "name = 'Báo của tôi'\nhome = 'https://example.vn/'\nhosts = ['www.example.vn']\n"
        "[discover]\narticle_url = '-(\\d{5})\\.html$'\n[extract]\nbody = ['article']\ntitle = ['h1']\n",
        encoding="utf-8",
    )
    change(repo, extraction="profile", extraction_name="example.vn")
    repo.runpytest_inprocess("-k", "extraction").assert_outcomes(failed=2, deselected=len(FIELDS) - 2)
    repo.makepyprojecttoml("[tool.pytest.ini_options]\ntinsach_fixtures = ['saved']\ntinsach_profiles = ['profiles']\n")
    repo.runpytest_inprocess("-k", "extraction").assert_outcomes(passed=2, deselected=len(FIELDS) - 2)
    assert find_profile(PAGE.url) is None


def test_two_folders_of_profiles_are_refused(repo: pytest.Pytester) -> None:
    """Rather than one of them passed over."""
    repo.makepyprojecttoml("[tool.pytest.ini_options]\ntinsach_fixtures = ['saved']\ntinsach_profiles = ['a', 'b']\n")
    result = repo.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: tinsach_profiles: more than one folder; put the profiles of your own into one"]
    )


def test_another_version_of_the_profile_is_no_difference(repo: pytest.Pytester) -> None:
    """The same profile under a version's name is green, another profile's name is not."""
    change(repo, extraction_name="structure/2019")
    repo.runpytest_inprocess("-k", "extraction_name").assert_outcomes(passed=1, deselected=len(FIELDS) - 1)
    change(repo, extraction_name="mcms")
    repo.runpytest_inprocess("-k", "extraction_name").assert_outcomes(failed=1, deselected=len(FIELDS) - 1)


@pytest.mark.parametrize("reach", ["connect", "resolve"])
def test_no_network(repo: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, reach: str) -> None:
    """Cleaning that opens a socket, also to this machine, or asks for an address fails; afterwards all is as before."""

    def call_home(fixture: Fixture) -> object:
        if reach == "resolve":
            socket.getaddrinfo("example.vn", 80)
        with socket.socket() as plug:
            plug.connect(("127.0.0.1", 9))
        return clean_fixture(fixture)

    monkeypatch.setattr(fixture_check, "clean_fixture", call_home)
    result = repo.runpytest_inprocess("-k", "title")
    result.assert_outcomes(failed=1, deselected=len(FIELDS) - 1)
    result.stdout.fnmatch_lines(["*NetworkRefused: a fixture reached for the network*"])
    assert socket.getaddrinfo.__module__ == "socket"


def test_a_user_s_repository_needs_nothing_but_the_setting(repo: pytest.Pytester) -> None:
    """A process of its own outside the clone: the installed entry point does it, and Scrapy is not imported."""
    repo.makepyfile("import sys\ndef test_lean(): assert not {'scrapy', 'twisted', 'pyarrow'} & sys.modules.keys()")
    result = repo.runpytest_subprocess("saved", ".")
    result.assert_outcomes(passed=len(FIELDS) + 1)


def test_costs_nothing_where_no_folder_is_named(pytester: pytest.Pytester) -> None:
    """Not one module of ours but the plugin is imported, and a stray page.toml is nobody's test."""
    (pytester.path / "page.toml").write_text("url = 1\n")
    pytester.makepyfile(
        "import sys\ndef test_lean():\n"
        "    ours = {name for name in sys.modules if name.startswith('tinsach')}\n"
        "    assert ours == {'tinsach', 'tinsach.app', 'tinsach.app.pytest_plugin'}"
    )
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1)


def test_this_process_is_what_the_tests_above_ran_in() -> None:
    """Running pytest inside pytest left the real modules in place."""
    assert sys.modules["tinsach.datasets.fixture_check"] is fixture_check
    assert Path(fixture_check.__file__).name == "fixture_check.py"
