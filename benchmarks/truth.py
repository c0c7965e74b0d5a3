"""A large newsroom crawled, built and released twice over, against its known truth.

    benchmarks/truth.py [--articles 6667] [--seed 1] [--folder DIR]

Articles are those of each of the three papers of `tinsach demo`; the second edition brings new and edited ones. Every
field of every released article, what of wire copies stays, what was rejected and why, and planted clutter are compared;
exits with 1 when anything differs. --folder keeps the data.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tinsach.app.demo import STATE_FILE, read_state, run_demo
from tinsach.app.newsroom import Newsroom
from tinsach.app.newsroom.truth import FIELDS, Outcome, read_outcome
from tinsach.app.output import make_output
from tinsach.datasets.layout import DataDir

MOST_SHOWN = 3


def compare(outcome: Outcome) -> Iterator[tuple[str, list[str]]]:
    """(what was compared, each difference)."""
    for field in FIELDS:
        yield field, list(outcome.differences(field))
    yield "released once", list(outcome.misplaced())
    yield "rejects", list(outcome.misjudged())
    yield "clutter left", list(outcome.leaks())


def run_edition(base: DataDir, options: argparse.Namespace) -> bool:
    """One run of the demo and its comparison; whether nothing differs."""
    demo, started = DataDir(base.root / "demo"), time.perf_counter()
    is_first = not (demo.root / STATE_FILE).exists()
    articles, seed = (options.articles, options.seed) if is_first else (None, None)
    code = run_demo(make_output(as_json=False), base, articles=articles, seed=seed)
    seconds, state = time.perf_counter() - started, read_state(demo.root / STATE_FILE)
    newsroom = Newsroom(state.seed, state.articles, now=state.opened_at, edition=state.edition)
    outcome = read_outcome(newsroom, demo, demo.releases / f"demo-{state.edition + 1}")
    print(f"\nedition {state.edition}: {len(outcome.gold):,} articles, {len(outcome.rows):,} released, exit {code}")
    print(f"crawl, build and release took {seconds:.0f} s")
    differing = 0
    for name, found in compare(outcome):
        differing += len(found)
        print(f"  {name:14} {len(found):6} differ", *found[:MOST_SHOWN], sep="\n    " if found else "")
    return not differing and code == 0


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=6667)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        base = DataDir(options.folder or Path(scratch))
        equal = [run_edition(base, options) for _ in range(2)]
    sys.exit(0 if all(equal) else 1)


if __name__ == "__main__":
    main()
