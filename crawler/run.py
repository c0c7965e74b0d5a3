"""Crawls from Python: each site in a child process of its own, so that several run at once and Twisted starts anew."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from queue import Empty, SimpleQueue
from threading import Thread

from tinsach.cleaning.profile import load_profile
from tinsach.crawler.child import FAILED, Event, parse_event
from tinsach.crawler.options import CrawlOptions, to_settings
from tinsach.crawler.report import RunReport
from tinsach.datasets.layout import BrokenWorld

OnProgress = Callable[[RunReport], None]
POLL_SECONDS = 1.0
# Until the child listens (imports take a while), Ctrl-C ends it without a traceback: nothing has begun.
_BOOT = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); "
    "from tinsach.crawler.child import main; sys.exit(main(sys.argv[1:]))"
)


class CrawlStopped(BrokenWorld):
    """A crawl that did not come to its end; `report` is what it had done, None when it never began."""

    def __init__(self, message: str, *, site: str, exit_code: int, report: RunReport | None = None) -> None:
        super().__init__(message)
        self.site = site
        self.exit_code = exit_code
        self.report = report


def run_crawl(site: str, options: CrawlOptions, *, on_progress: OnProgress | None = None) -> RunReport:
    """Crawl one site; raises CrawlStopped, and UnknownSite or ProfileError before anything starts."""
    (result,) = run_crawls((site,), options, on_progress=on_progress)
    if isinstance(result, CrawlStopped):
        raise result
    return result


def run_crawls(
    sites: Sequence[str], options: CrawlOptions, *, jobs: int = 2, on_progress: OnProgress | None = None
) -> tuple[RunReport | CrawlStopped, ...]:
    """Crawl several sites, at most `jobs` at once; the results in the order of `sites`, each site once.

    Raises UnknownSite or ProfileError before anything starts. The first Ctrl-C lets the running crawls finish what is
    in flight and keeps the others from starting, the second ends them at once; neither comes out of here.
    """
    names = list(dict.fromkeys(sites))
    for site in names:
        load_profile(site)
    crew = _Crew(names, options, jobs=max(1, jobs), on_progress=on_progress)
    try:
        while not crew.is_done:
            try:
                crew.go_on()
            except KeyboardInterrupt:
                crew.interrupt()
    finally:
        crew.cut_off()  # nobody is left behind when a progress callback raises
    return tuple(crew.results[site] for site in names)


class _Crew:
    """The children at work, and what came of those that ended."""

    def __init__(
        self, waiting: Sequence[str], options: CrawlOptions, *, jobs: int, on_progress: OnProgress | None
    ) -> None:
        self.results: dict[str, RunReport | CrawlStopped] = {}
        self._waiting = list(waiting)
        self._running: dict[str, tuple[subprocess.Popen[str], Thread]] = {}
        self._settings = to_settings(options)
        self._jobs = jobs
        self._on_progress = on_progress
        self._events: SimpleQueue[tuple[str, Event | None]] = SimpleQueue()  # None: the child's output is over
        self._last: dict[str, Event] = {}
        self._interrupts = 0

    @property
    def is_done(self) -> bool:
        return not (self._waiting or self._running)

    def go_on(self) -> None:
        """Start what may start, then take in one event."""
        while self._waiting and len(self._running) < self._jobs:
            self._start(self._waiting.pop(0))
        try:
            site, event = self._events.get(timeout=POLL_SECONDS)
        except Empty:
            for site in [site for site, (child, reader) in self._running.items() if _is_lost(child, reader)]:
                self._end(site)
            return
        if event is None:
            self._end(site)
            return
        self._last[site] = event
        if event.report and self._on_progress:
            self._on_progress(event.report)

    def interrupt(self) -> None:
        """First time: ask the children to stop and start no more; second time: end them."""
        self._interrupts += 1
        for site in self._waiting:
            self.results[site] = CrawlStopped(f"{site}: not crawled: interrupted", site=site, exit_code=FAILED)
        self._waiting.clear()
        for child, _ in self._running.values():
            _tell(child, b"s" if self._interrupts == 1 else None)

    def cut_off(self) -> None:
        """End the children that are left."""
        for child, _ in self._running.values():
            _tell(child, None)
            child.wait()

    def _start(self, site: str) -> None:
        child = _start_child(site, self._settings)
        reader = Thread(target=_read_events, args=(site, child, self._events), daemon=True)
        self._running[site] = (child, reader)
        reader.start()

    def _end(self, site: str) -> None:
        child, _ = self._running.pop(site)
        status = child.wait()
        _tell(child, None)
        self.results[site] = self._result(site, self._last.get(site, Event("progress")), status)

    def _result(self, site: str, last: Event, status: int) -> RunReport | CrawlStopped:
        if last.kind == "stopped":
            return CrawlStopped(last.message, site=site, exit_code=last.exit_code, report=last.report)
        if status == 0 and last.report and last.report.finish_reason:
            return last.report
        cause = "was interrupted" if self._interrupts else f"ended unexpectedly (exit status {status})"
        message = f"{site}: the crawl {cause}; run it again, what it archived is safe"
        return CrawlStopped(message, site=site, exit_code=FAILED, report=last.report)


def _start_child(site: str, settings: Mapping[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _BOOT, site, json.dumps(dict(settings))]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")


def _is_lost(child: subprocess.Popen[str], reader: Thread) -> bool:
    """Whether a child ended unheard, because Ctrl-C came just between its start and its reader's."""
    return child.poll() is not None and not reader.is_alive()


def _tell(child: subprocess.Popen[str], byte: bytes | None) -> None:
    """Send a byte down the child's lifeline, or cut it."""
    assert child.stdin is not None
    try:
        if byte is None:
            child.stdin.close()
        else:
            os.write(child.stdin.fileno(), byte)
    except (BrokenPipeError, ValueError):  # it has ended, or was cut off before
        return


def _read_events(site: str, child: subprocess.Popen[str], events: SimpleQueue[tuple[str, Event | None]]) -> None:
    assert child.stdout is not None
    with child.stdout as lines:
        for line in lines:
            event = parse_event(line)
            if event:
                events.put((site, event))
    events.put((site, None))
