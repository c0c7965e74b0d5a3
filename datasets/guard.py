"""Bounds what one page may cost a worker: its time, its memory, and, when it kills the worker, that page only.

The worker notes which page it is on, in a few bytes that outlive it; whoever waits for the worker reads them and has
the file cleaned again without that page. Nothing here slows a page down: a note and a timer are a few system calls.
"""

import mmap
import signal
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

try:
    import resource
except ImportError:  # Windows: memory is not bounded there
    resource = None  # type: ignore[assignment]  # asked before use

PAGE_SECONDS = 60.0  # of the processor's time; five hundred times the slowest page seen
WALL_FACTOR = 20  # a page that waits, or gets a twentieth of a core on a starved machine, has so much more by the clock
_NEARLY = 0.9  # the kernel counts processor time in ticks
PAGE_BYTES = 2 << 30  # 2 GiB beyond what the worker has when a file begins
_NOTE = struct.Struct(
    "<qd"
)  # byte offset of the page in its file, time of its start (monotonic); offset -1: on no page
_NO_PAGE = -1
_STATM = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class Loss:
    """Why a page could not be cleaned at all; a reject of the build, as Rejected is one of cleaning.

    `reason` is "crash" (the process died: a segmentation fault, or the system was out of memory), "time" or "memory".
    """

    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """The bounds of one file's pages. `note` is the file in which the worker leaves where it is."""

    note: Path
    page_seconds: float = PAGE_SECONDS
    page_bytes: int = PAGE_BYTES

    @contextmanager
    def watch(self, mapped_bytes: int) -> Iterator["Watch"]:
        """Bound this process while it cleans one file, of which `mapped_bytes` may be mapped into memory."""
        self.note.write_bytes(_NOTE.pack(_NO_PAGE, 0))
        with (
            self.note.open("r+b") as file,
            mmap.mmap(file.fileno(), 0) as note,
            _bound_memory(self.page_bytes + mapped_bytes),
        ):
            yield Watch(note, self.page_seconds)

    def find_loss(self) -> tuple[int, Loss] | None:
        """After the worker died: byte offset of the page it was on and what became of it; None when it was on none."""
        try:
            offset, started = _NOTE.unpack(self.note.read_bytes())
        except (OSError, struct.error):
            return None
        if offset == _NO_PAGE:
            return None
        if time.monotonic() - started >= _NEARLY * self.page_seconds:
            return offset, Loss("time", f"cleaning it took longer than {self.page_seconds:g} s")
        return offset, Loss("crash", "the process that cleaned it died")


class Watch:
    """What a worker tells about the page it is on; outside `page` it is on none."""

    def __init__(self, note: mmap.mmap, page_seconds: float) -> None:
        self._note = note
        self._page_seconds = page_seconds

    @contextmanager
    def page(self, offset: int) -> Iterator[None]:
        """Be on the page at `offset`; when it takes too long a timer ends the process, also in a library's loop.

        What counts is the processor's time, so that a good page is not lost on a busy machine; the clock only ends
        what waits for ever.
        """
        self._note[:] = _NOTE.pack(offset, time.monotonic())
        _set_timers(self._page_seconds)
        try:
            yield
        finally:
            _set_timers(0)
            self._note[:] = _NOTE.pack(_NO_PAGE, 0)


def _set_timers(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        for timer, number, factor in (
            (signal.ITIMER_PROF, signal.SIGPROF, 1),
            (signal.ITIMER_REAL, signal.SIGALRM, WALL_FACTOR),
        ):
            signal.signal(number, signal.SIG_DFL)
            signal.setitimer(timer, seconds * factor)


@contextmanager
def _bound_memory(more_bytes: int) -> Iterator[None]:
    """Let this process have `more_bytes` beyond what it has now; beyond them Python raises MemoryError."""
    if resource is None or not _STATM.exists():
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    has_bytes = int(_STATM.read_text().split()[0]) * resource.getpagesize()
    bound = has_bytes + more_bytes
    if before[1] != resource.RLIM_INFINITY:
        bound = min(bound, before[1])
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (bound, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
