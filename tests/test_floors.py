"""Four floors, and arrows point down only: read from the imports of every module, also those inside functions."""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ("cleaning", "datasets", "crawler", "app")  # lowest first
FORBIDDEN = {
    "cleaning": (
        *("scrapy", "twisted", "pyarrow", "duckdb", "fastwarc", "warcio", "typer", "rich", "requests"),
        *("socket", "urllib.request", "http", "subprocess", "time", "random"),
    ),
    "datasets": ("scrapy", "twisted", "typer", "rich"),
    "crawler": ("typer", "rich"),
    "app": (),
}


def list_modules(floor: str) -> list[Path]:
    return sorted((ROOT / floor).rglob("*.py"))


@cache
def imported_names(module: Path) -> tuple[str, ...]:
    return tuple(read_imports(module))


def read_imports(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parent = "." * node.level + (node.module or "")
            yield parent
            yield from (f"{parent}.{alias.name}" for alias in node.names)


def is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def find_imports(floor: str, is_wrong: Callable[[str], bool]) -> list[tuple[str, str]]:
    """(module, name) for each import of a floor that is wrong."""
    modules = list_modules(floor)
    assert modules
    return [
        (str(module.relative_to(ROOT)), name) for module in modules for name in imported_names(module) if is_wrong(name)
    ]


each_floor = pytest.mark.parametrize("floor", FLOORS)


@each_floor
def test_arrows_point_down(floor: str) -> None:
    """A module imports from its own floor and those below, never from above."""
    above = FLOORS[FLOORS.index(floor) + 1 :]
    assert find_imports(floor, lambda name: any(is_within(name, f"tinsach.{other}") for other in above)) == []


@each_floor
def test_floor_keeps_to_its_libraries(floor: str) -> None:
    """Cleaning is pure, the disk's floor knows no Scrapy, and only the top floor talks to people."""
    assert find_imports(floor, lambda name: any(is_within(name, library) for library in FORBIDDEN[floor])) == []


@each_floor
def test_imports_are_absolute_and_under_one_name(floor: str) -> None:
    """`from tinsach.cleaning…`, never `from .` and never by the folder's bare name, so a module has one identity."""
    assert find_imports(floor, lambda name: name.startswith(".") or name.split(".")[0] in FLOORS) == []


def test_a_wrong_import_would_be_seen(tmp_path: Path) -> None:
    """The walk finds an import inside a function, with an alias, and a relative one."""
    module = tmp_path / "x.py"
    module.write_text(
        "def f():\n    import scrapy.http as s\n    from tinsach.app import main\n    from .y import z\n"
        "    from tinsach import app\n"
    )
    assert list(read_imports(module)) == [
        *("scrapy.http", "tinsach.app", "tinsach.app.main", ".y", ".y.z"),
        *("tinsach", "tinsach.app"),
    ]
