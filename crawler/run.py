"""Crawls from Python: each site in a child process of its own, so that several run at once and Twisted starts anew.

Everything that happens comes down one queue, signals too, and is taken in one after the other by the calling thread.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from queue import SimpleQueue
from threading import Thread
from typing import Literal

from tinsach.cleaning.profile import load_profile
from tinsach.crawler.events import FAILED, Event, LogLine, parse_event, parse_log_line
from tinsach.crawler.interrupts import signals_go_to
from tinsach.crawler.options import CrawlOptions, to_settings
from tinsach.crawler.report import RunReport
from tinsach.datasets.layout import BrokenWorld

LAST_WORDS_SECONDS = 5.0  # a browser that outlives its crawl may hold the crawl's stderr open
INTERRUPTED = "interrupted"
# Until the child listens (imports take a while), Ctrl-C ends it without a traceback: nothing has begun.
_BOOT = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); "
    "from tinsach.datasets.lean import stay_lean; stay_lean(); "
    "from tinsach.crawler.child import main; sys.exit(main(sys.argv[1:]))"
)
_Message = tuple[str, Event | LogLine | Literal["over"]]  # (site, what it says); over: its output is at its end
_Queue = SimpleQueue[_Message | Literal["interrupt"]]


class CrawlStopped(BrokenWorld):
    """A crawl that did not come to its end; `report` is what it had done, None when it never began.

    `is_waiting` when it was left out because the whole was interrupted before its turn.
    """

    def __init__(
        self, message: str, *, site: str, exit_code: int, report: RunReport | None = None, is_waiting: bool = False
    ) -> None:
        super().__init__(message)
        self.site = site
        self.exit_code = exit_code
        self.report = report
        self.is_waiting = is_waiting


class Watcher:
    """Hears how the crawls go; a subclass overrides what it wants to hear. All in the thread that called."""

    def started(self, site: str) -> None:
        """A site's process was started."""

    def progressed(self, report: RunReport) -> None:
        """What a site's crawl has done so far; some four times a second at most."""

    def logged(self, site: str, line: LogLine) -> None:  # noqa: ARG002  # for those who override it
        """A line of a site's log; printed to stderr where nobody listens."""
        print(f"{line.level}: {line.message}{line.trace or ''}", file=sys.stderr)

    def interrupted(self, times: int) -> None:
        """Ctrl-C or SIGTERM came, for the first or second time."""

    def ended(self, site: str, result: "RunReport | CrawlStopped") -> None:
        """A site's crawl is over."""


def run_crawl(site: str, options: CrawlOptions, *, watcher: Watcher | None = None) -> RunReport:
    """Crawl one site; raises CrawlStopped, and UnknownSite or ProfileError before anything starts."""
    (result,) = run_crawls((site,), options, watcher=watcher)
    if isinstance(result, CrawlStopped):
        raise result
    return result


def run_crawls(
    sites: Sequence[str], options: CrawlOptions, *, jobs: int = 2, watcher: Watcher | None = None
) -> tuple[RunReport | CrawlStopped, ...]:
    """Crawl several sites, at most `jobs` at once; the results in the order of `sites`, each site once.

    Raises UnknownSite or ProfileError before anything starts. The first Ctrl-C or SIGTERM lets the running crawls
    finish what is in flight and keeps the others from starting, the second ends them at once; neither comes out of
    here when this is the main thread.
    """
    names = list(dict.fromkeys(sites))
    for site in names:
        load_profile(site)
    crew = _Crew(names, options, jobs=max(1, jobs), watcher=watcher or Watcher())
    with signals_go_to(crew.messages, "interrupt"):
        try:
            while not crew.is_done:
                crew.go_on()
        finally:
            crew.cut_off()  # nobody is left behind when the watcher raises
    return tuple(crew.results[site] for site in names)


class _Crew:
    """The children at work, and what came of those that ended."""

    def __init__(self, waiting: Sequence[str], options: CrawlOptions, *, jobs: int, watcher: Watcher) -> None:
        self.results: dict[str, RunReport | CrawlStopped] = {}
        self.messages: _Queue = SimpleQueue()
        self._waiting = list(waiting)
        self._running: dict[str, subprocess.Popen[str]] = {}
        self._settings = to_settings(options)
        self._jobs = jobs
        self._watcher = watcher
        self._last: dict[str, Event] = {}
        self._interrupts = 0

    @property
    def is_done(self) -> bool:
        return not (self._waiting or self._running)

    def go_on(self) -> None:
        """Start what may start, then take in one message."""
        while self._waiting and len(self._running) < self._jobs:
            self._start(self._waiting.pop(0))
        message = self.messages.get()
        if message == "interrupt":
            self._interrupt()
            return
        site, said = message
        if said == "over":
            self._end(site)
        elif isinstance(said, LogLine):
            self._watcher.logged(site, said)
        elif isinstance(said, Event):
            self._last[site] = said
            if said.report:
                self._watcher.progressed(said.report)

    def cut_off(self) -> None:
        """End the children that are left."""
        for child in self._running.values():
            child.kill()
            child.wait()

    def _interrupt(self) -> None:
        """First time: ask the children to stop and start no more; second time: end them, what they archived is safe."""
        self._interrupts += 1
        self._watcher.interrupted(self._interrupts)
        for site in self._waiting:
            message = f"{site}: not crawled: {INTERRUPTED}"
            self._settle(site, CrawlStopped(message, site=site, exit_code=FAILED, is_waiting=True))
        self._waiting.clear()
        for child in self._running.values():
            if self._interrupts == 1:
                _ask_to_stop(child)
            else:
                child.kill()

    def _start(self, site: str) -> None:
        self._running[site] = child = _start_child(site, self._settings)
        Thread(target=_listen, args=(site, child, self.messages), daemon=True).start()
        self._watcher.started(site)

    def _end(self, site: str) -> None:
        child = self._running.pop(site)
        status = child.wait()
        if child.stdin:
            child.stdin.close()
        self._settle(site, self._result(site, self._last.get(site, Event("progress")), status))

    def _settle(self, site: str, result: RunReport | CrawlStopped) -> None:
        self.results[site] = result
        self._watcher.ended(site, result)

    def _result(self, site: str, last: Event, status: int) -> RunReport | CrawlStopped:
        if last.kind == "stopped":
            return CrawlStopped(last.message, site=site, exit_code=last.exit_code, report=last.report)
        if (status == 0 or self._interrupts) and last.report and last.report.finish_reason:
            return last.report  # also when a signal met it after its last word
        cause = f"was {INTERRUPTED}" if self._interrupts else f"ended unexpectedly (exit status {status})"
        message = f"{site}: the crawl {cause}; run it again, what it archived is safe"
        return CrawlStopped(message, site=site, exit_code=FAILED, report=last.report)


def _start_child(site: str, settings: Mapping[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _BOOT, site, json.dumps(dict(settings))]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8", errors="replace")


def _ask_to_stop(child: subprocess.Popen[str]) -> None:
    """Send a byte down the child's lifeline."""
    assert child.stdin is not None
    try:
        os.write(child.stdin.fileno(), b"s")
    except BrokenPipeError:  # it has ended
        return


def _listen(site: str, child: subprocess.Popen[str], messages: _Queue) -> None:
    """Pass on all that a child says, on both of its outputs, then that this is over."""
    log_reader = Thread(target=_read_log, args=(site, child, messages), daemon=True)
    log_reader.start()
    assert child.stdout is not None
    try:
        with child.stdout as lines:
            for line in lines:
                event = parse_event(line)
                if event:
                    messages.put((site, event))
        log_reader.join(LAST_WORDS_SECONDS)
    finally:  # who waits for it must not wait for ever
        messages.put((site, "over"))


def _read_log(site: str, child: subprocess.Popen[str], messages: _Queue) -> None:
    assert child.stderr is not None
    with child.stderr as lines:
        for line in lines:
            if line.strip():
                messages.put((site, parse_log_line(line)))
