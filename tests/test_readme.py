"""What the README says is true: its commands run, its Python runs, and the output it shows is what comes out.

Console blocks: a line with `$` is a command, the lines below are its output, "…" stands for anything. A `cat` shows an
input file. `make` is not run here (it runs this test), but its targets must exist. Crawls go to a small newsroom.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tinsach.app.config import parse_config
from tinsach.app.newsroom import Newsroom, serve

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGE = ROOT / "tests" / "fixtures" / "qdnd.vn" / "2023-doi-cau-phao" / "page.html.gz"


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a console block, and the lines shown below it."""

    command: str
    shown: tuple[str, ...]


def read_blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def read_steps() -> Iterator[Step]:
    for block in read_blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.rstrip("\n").split("\n")
            yield Step(command, tuple(shown))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the README's commands name."""
    folder = tmp_path_factory.mktemp("readme")
    for step in read_steps():
        if step.command.startswith("cat "):
            (folder / step.command.removeprefix("cat ")).write_text("\n".join(step.shown) + "\n", encoding="utf-8")
    shutil.copy(PAGE, folder / "page.html.gz")
    return folder


def run(command: str, folder: Path, environment: dict[str, str]) -> str:
    """The output of a shell command, stdout before stderr; it must end with code 0."""
    ended = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, f"{command}\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout + ended.stderr


def assert_shown(step: Step, output: str) -> None:
    """Every line shown stands in the output, in the order shown."""
    lines = iter(line.rstrip() for line in output.splitlines())
    for shown in step.shown:
        if shown != "…" and shown.strip():
            assert shown.rstrip() in lines, f"$ {step.command}\nREADME shows, and the command does not: {shown}"


def test_commands_do_what_the_readme_shows(folder: Path) -> None:
    """All console commands run one after the other in one folder, as a reader would run them."""
    scripts = f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": scripts, "COLUMNS": "120"}
    with serve(Newsroom(1, 8, now=datetime.now(UTC))) as server:
        environment["TINSACH_ORIGIN"] = server.origin
        for step in read_steps():
            if step.command.startswith("make "):
                continue
            if exported := re.fullmatch(r"export (\w+)=(.*)", step.command):
                environment[exported[1]] = exported[2]
                continue
            output = run(step.command, folder, environment)
            if not step.command.startswith("cat "):
                assert_shown(step, output)


def test_every_make_target_exists() -> None:
    """`make …` in the README names targets of the Makefile."""
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:`|\$ )make (\w+)", README))
    assert {"demo", "test"} <= named <= targets


def test_python_runs(folder: Path) -> None:
    """The Python of the README runs as it stands."""
    for block in read_blocks("python"):
        ended = subprocess.run([sys.executable, "-c", block], cwd=folder, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        assert ended.stdout.startswith("TTXVN 2\n")


def test_settings_are_those_that_are_read() -> None:
    """The tinsach.toml of the README is a valid one."""
    for block in read_blocks("toml"):
        parse_config(block)


def test_every_dependency_is_named() -> None:
    """Each library of pyproject stands in the README's table, with the reason."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[<>=!~\[; ]", requirement)[0] for requirement in project["dependencies"]}
    table = README[README.index("## What it stands on") :]
    assert {name for name in names if name not in table} == set()
