"""What a page may cost is measured by the processor, not by the clock of a busy machine."""

import signal
from pathlib import Path

from tinsach.datasets.guard import WALL_FACTOR, Guard


def test_the_clock_gives_a_page_much_more_than_the_processor(tmp_path: Path) -> None:
    """While a page is cleaned both timers run, the clock's far longer; between pages none does."""
    with Guard(note=tmp_path / "note", page_seconds=50).watch(0) as watch:
        with watch.page(7):
            assert 0 < signal.getitimer(signal.ITIMER_PROF)[0] <= 51
            assert signal.getitimer(signal.ITIMER_REAL)[0] > 50 * (WALL_FACTOR - 1)
        assert signal.getitimer(signal.ITIMER_PROF) == signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_who_died_on_no_page_lost_none(tmp_path: Path) -> None:
    """The note tells a page while one is cleaned; died within its time, it is a crash."""
    guard = Guard(note=tmp_path / "note", page_seconds=50)
    assert guard.find_loss() is None
    with guard.watch(0) as watch:
        assert guard.find_loss() is None
        with watch.page(7):
            found = guard.find_loss()
    assert found is not None
    assert (found[0], found[1].reason) == (7, "crash")
