"""`make soak` can fail: its look at the ledger finds an article that the archive does not hold."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

SOAK = Path(__file__).parent.parent / "benchmarks" / "soak.py"


def load_soak() -> ModuleType:
    spec = spec_from_file_location("soak", SOAK)
    assert spec and spec.loader
    module = module_from_spec(spec)
    sys.modules["soak"] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


def test_the_soak_notices_a_ledger_that_claims_too_much(tmp_path: Path) -> None:
    """An article that the ledger calls done without its bytes in the archive is what the soak fails for."""
    soak = load_soak()
    with soak.open_room(3, 7) as (_, origin):
        data = soak.DataDir(tmp_path)
        soak.finish(data, "crawl", soak.SITE, "--origin", origin)
    site = data.site(soak.SITE)
    assert soak.check_ledger(site, {}) == 3
    (warc,) = site.archive.iterdir()
    warc.unlink()
    with pytest.raises(soak.Failed, match="done in the ledger, but not at byte"):
        soak.check_ledger(site, {})
