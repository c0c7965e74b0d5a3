"""Every example in a docstring is true."""

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ("cleaning", "datasets", "crawler", "app")
MODULES = sorted(
    ".".join(("tinsach", *path.relative_to(ROOT).with_suffix("").parts))
    for floor in FLOORS
    for path in (ROOT / floor).rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    """The module's examples give what they show."""
    failed, tried = doctest.testmod(importlib.import_module(name))
    assert tried
    assert not failed
