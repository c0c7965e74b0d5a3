"""The quality gate: scores clean_html and clean_text on labelled pages and fails when a floor is not held.

usage: quality.py [--shared DIR] [--floors FILE] [--raise]

DIR holds the scorers (score.py, score_text.py), `sets/`, `texts/` and `pages/` (saved pages with a record that a person
wrote down, lead and body apart: `sets/vietnam` leaves most leads of its qdnd.vn pages out, `pages/` names them); where
there is no DIR, nothing is checked. The floors only rise: --raise writes what was measured where it is better. Scores
are cut to four digits, not rounded.
"""

import argparse
import gzip
import importlib.util
import json
import math
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parent.parent
DIGITS = 4
TEXT_SCORE = re.compile(r"^(\S+): .*body lines lost (\d+) of (\d+) .*clutter taken out (\d+) of (\d+)", re.MULTILINE)
LabelledPage = tuple[bytes, str, str]  # HTML, URL, the text that a reader sees
Scores = dict[str, dict[str, float]]  # table -> measure -> value, all of them the higher the better


def load_scorer(shared: Path) -> ModuleType:
    """The scorer of pages as a module."""
    spec = importlib.util.spec_from_file_location("score", shared / "score.py")
    if spec is None or spec.loader is None:
        sys.exit(f"{shared / 'score.py'}: cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_set(folder: Path) -> Iterator[LabelledPage]:
    """The pages of a set with their text."""
    for settings in sorted(folder.glob("*.json")):
        truth = json.loads(settings.read_text(encoding="utf-8"))
        yield gzip.decompress(settings.with_suffix(".html.gz").read_bytes()), truth["url"], truth["text"]


def read_pages(folder: Path) -> Iterator[LabelledPage]:
    """Saved pages whose record a person wrote down: the text is the lead they name, and the body."""
    for settings in sorted(folder.glob("**/*.gold.json")):
        gold = json.loads(settings.read_text(encoding="utf-8"))
        html = settings.with_name(settings.name.replace(".gold.json", ".html")).read_bytes()
        yield html, gold["url"], "\n\n".join([gold["lead"] or "", *gold["body"]])


def score_pages(pages: Iterable[LabelledPage], scorer: ModuleType) -> dict[str, float]:
    """Means over pages: word precision, recall and F1, and F1 over shingles; and the worst page's word F1."""
    extract = scorer.ours()
    words, shingles = [], []
    for html, url, text in pages:
        found = extract(html, url)
        words.append(scorer.word_prf(found, text))
        shingles.append(scorer.shingle_pr(found, text))
    precision, recall = (statistics.mean(pair[i] for pair in shingles) for i in (0, 1))
    return {
        "word_precision": statistics.mean(word[0] for word in words),
        "word_recall": statistics.mean(word[1] for word in words),
        "word_f1": statistics.mean(word[2] for word in words),
        "worst_word_f1": min(word[2] for word in words),
        "shingle_f1": 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
    }


def score_texts(shared: Path) -> Scores:
    """Per file of labelled lines: the share of body lines kept and of marked clutter taken out."""
    command = [sys.executable, str(shared / "score_text.py")]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {
        f"texts.{name}": {
            "body_kept": 1 - int(lost) / max(1, int(lines)),
            "clutter_removed": int(removed) / max(1, int(marked)),
        }
        for name, lost, lines, removed, marked in TEXT_SCORE.findall(printed)
    }


def measure(shared: Path) -> Scores:
    scorer = load_scorer(shared)
    folders = sorted(folder for folder in (shared / "sets").iterdir() if folder.is_dir())
    scores = {f"sets.{folder.name}": score_pages(read_set(folder), scorer) for folder in folders}
    pages = list(read_pages(shared / "pages"))
    scores |= ({"pages": score_pages(pages, scorer)} if pages else {}) | score_texts(shared)
    return {
        table: {name: math.floor(value * 10**DIGITS) / 10**DIGITS for name, value in measures.items()}
        for table, measures in scores.items()
    }


def read_floors(path: Path) -> Scores:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def compare(scores: Scores, floors: Scores) -> list[str]:
    """One line for each floor that is not held; a set that is gone holds none of its floors."""
    return [
        f"{table}: {name} {scores.get(table, {}).get(name, 0.0):.{DIGITS}f} is below its floor {floor:.{DIGITS}f}"
        for table, measures in floors.items()
        for name, floor in measures.items()
        if scores.get(table, {}).get(name, 0.0) < floor
    ]


def write_floors(path: Path, scores: Scores, floors: Scores) -> None:
    """The better of measured and pinned, one table a set."""
    lines = ["# What cleaning must reach, measured by benchmarks/quality.py; these numbers only rise (--raise)."]
    for table in sorted({*scores, *floors}):
        lines += ["", f'["{table}"]']
        measured, pinned = scores.get(table, {}), floors.get(table, {})
        for name in dict.fromkeys([*measured, *pinned]):
            lines.append(f"{name} = {max(measured.get(name, 0.0), pinned.get(name, 0.0)):.{DIGITS}f}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", metavar="DIR")
    parser.add_argument("--floors", type=Path, default=ROOT / "tests" / "quality_floors.toml", metavar="FILE")
    parser.add_argument("--raise", dest="raise_floors", action="store_true", help="pin what is better than its floor")
    options = parser.parse_args()
    if not (options.shared / "score.py").exists():
        print(f"quality: no labelled pages in {options.shared}; nothing checked")
        return
    if not options.floors.exists() and not options.raise_floors:
        sys.exit(f"quality: {options.floors}: no such file; without floors nothing is held (--raise writes it)")
    scores, floors = measure(options.shared), read_floors(options.floors)
    for table, measures in scores.items():
        print(f"{table}: " + "  ".join(f"{name} {value:.{DIGITS}f}" for name, value in measures.items()))
    if options.raise_floors:
        write_floors(options.floors, scores, floors)
    failures = compare(scores, floors)
    print("\n".join(failures) if failures else f"quality: {sum(map(len, floors.values()))} floors held")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
