"""`tinsach clean` on real saved pages, which name no address: each must give the body a person read out of it."""

import json
import os
from pathlib import Path

import pytest

from tinsach.app.main import main

SHARED = Path(os.environ.get("TINSACH_SHARED", Path(__file__).resolve().parents[2] / "shared"))
PAGES = sorted(path for site in ("qdnd.vn", "vietnamplus.vn") for path in SHARED.glob(f"pages/{site}/*.html"))


@pytest.mark.skipif(not PAGES, reason="the saved pages are not at hand")
def test_clean_gives_the_gold_body_of_every_saved_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command as a user types it, without --url and --site: the body of every page, block by block."""
    out = tmp_path / "out.jsonl"
    monkeypatch.setattr("sys.argv", ["tinsach", "clean", *map(str, PAGES), "--out", str(out)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code in (0, None)
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    gold = [json.loads(page.with_suffix(".gold.json").read_text(encoding="utf-8"))["body"] for page in PAGES]
    assert [[block["text"] for block in row["blocks"]] for row in rows] == gold
