"""The quality gate itself: a score below its floor fails, and floors only rise."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

QUALITY = Path(__file__).parent.parent / "benchmarks" / "quality.py"


@pytest.fixture(scope="module")
def quality() -> ModuleType:
    spec = importlib.util.spec_from_file_location("quality", QUALITY)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_score_below_its_floor_is_named(quality: ModuleType) -> None:
    """A lower score, a missing measure and a missing set are failures; an equal or better score is none."""
    floors = {"sets.a": {"word_f1": 0.9, "word_recall": 0.8}, "sets.b": {"word_f1": 0.5}}
    scores = {"sets.a": {"word_f1": 0.8999, "word_recall": 0.8}}
    assert quality.compare(scores, floors) == [
        "sets.a: word_f1 0.8999 is below its floor 0.9000",
        "sets.b: word_f1 0.0000 is below its floor 0.5000",
    ]
    assert quality.compare({"sets.a": {"word_f1": 0.9, "word_recall": 1.0}, "sets.b": {"word_f1": 0.5}}, floors) == []


def test_floors_only_rise(quality: ModuleType, tmp_path: Path) -> None:
    """--raise keeps a floor that was better, takes over what rose, and adds what is new."""
    path = tmp_path / "floors.toml"
    floors = {"sets.a": {"word_f1": 0.9, "word_recall": 0.8}}
    quality.write_floors(path, {"sets.a": {"word_f1": 0.85, "word_recall": 0.95}, "sets.b": {"word_f1": 0.1}}, floors)
    assert quality.read_floors(path) == {"sets.a": {"word_f1": 0.9, "word_recall": 0.95}, "sets.b": {"word_f1": 0.1}}


def test_gate_is_silent_without_labelled_pages(
    quality: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the labelled pages are not at hand, the gate says so and passes."""
    monkeypatch.setattr("sys.argv", ["quality.py", "--shared", str(tmp_path)])
    quality.main()
    assert "nothing checked" in capsys.readouterr().out


def test_saved_pages_are_scored_on_lead_and_body(quality: ModuleType, tmp_path: Path) -> None:
    """The text of a page with a record is its lead and its body; captions and clutter are none of it."""
    site = tmp_path / "paper.example"
    site.mkdir()
    (site / "a.html").write_bytes(b"<p>html</p>")
    gold = {"url": "https://paper.example/a", "lead": "The lead.", "body": ["One.", "Two."], "captions": ["No."]}
    (site / "a.gold.json").write_text(json.dumps(gold), encoding="utf-8")
    assert list(quality.read_pages(tmp_path)) == [
        (b"<p>html</p>", "https://paper.example/a", "The lead.\n\nOne.\n\nTwo.")
    ]
