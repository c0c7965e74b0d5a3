"""The timer that stays: each site's run at its turn, each run a process of its own, never two of one site at once.

What comes due while a site's run goes on is one run right after it; what was missed while the machine slept is one run.
Signals and ended runs come down one queue and are taken in by the calling thread.
"""

import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import SimpleQueue
from threading import Lock

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_MAX_INSTANCES, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.interval import IntervalTrigger

from tinsach.app.timetable import Turn
from tinsach.crawler.interrupts import signals_go_to

_Child = subprocess.Popen[bytes]
MakeCommand = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class RunEnded:
    """One run of one site; times are aware UTC. `status` is its exit code, negative a signal, None: never started.

    `is_interrupted` when it failed because the schedule was stopped.
    """

    site: str
    started_at: datetime
    ended_at: datetime
    status: int | None
    cause: str | None = None
    is_interrupted: bool = False


_Over = tuple[_Child | None, RunEnded]


class Schedule:
    """The runs of some sites. `on_end` is called in the thread that called `serve`, once for each run."""

    def __init__(
        self,
        turns: Sequence[Turn],
        make_command: MakeCommand,
        *,
        jobs: int,
        on_end: Callable[[RunEnded], None],
        make_scheduler: Callable[..., BaseScheduler] = BackgroundScheduler,
    ) -> None:
        self._make_command = make_command
        self._on_end = on_end
        self._messages: SimpleQueue[_Over | str] = SimpleQueue()
        self._children: set[_Child] = set()
        self._lock = Lock()  # a child is started, or the schedule stops: never both
        self._is_stopping = False
        self._owed: set[str] = set()
        self.scheduler = make_scheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(jobs)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for turn in turns:
            self.scheduler.add_job(
                self._run_site,
                IntervalTrigger(seconds=int(turn.every.total_seconds()), start_date=turn.next_at, timezone=UTC),
                args=[turn.site],
                id=turn.site,
                next_run_time=turn.next_at,
            )
        self.scheduler.add_listener(self._take_overrun, EVENT_JOB_MAX_INSTANCES)
        self.scheduler.add_listener(self._pay_owed, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)

    def serve(self) -> None:
        """Run until SIGINT or SIGTERM: the runs that go on are interrupted in order, a second signal ends them."""
        with signals_go_to(self._messages, "stop"):
            self.scheduler.start()
            stops = 0
            while not stops or self._children:
                message = self._messages.get()
                if isinstance(message, str):
                    stops += 1
                    self._stop(signal.SIGTERM if stops == 1 else signal.SIGKILL)
                    continue
                child, run = message
                self._children.discard(child)
                self._on_end(run)

    def stop(self) -> None:
        """Do as at a first SIGTERM; from any thread."""
        self._messages.put("stop")

    def _stop(self, number: int) -> None:
        with self._lock:
            is_first, self._is_stopping = not self._is_stopping, True
        if is_first:
            self.scheduler.shutdown(wait=False)
        for child in self._children:
            with suppress(ProcessLookupError):
                child.send_signal(number)

    def _run_site(self, site: str) -> None:
        """Start a run and wait for its end; in a thread of the scheduler's."""
        started_at, child, cause = datetime.now(UTC), None, None
        try:
            with self._lock:
                if self._is_stopping:
                    return
                # A session of its own: Ctrl-C in the terminal reaches it through us, and so only once.
                child = subprocess.Popen(self._make_command(site), stdin=subprocess.DEVNULL, start_new_session=True)
                self._children.add(child)
            child.wait()
        except OSError as error:  # no process, no memory, no file handle
            cause = f"{site}: its run could not be started ({error.strerror or error}); it is tried at its next turn"
        status = child.returncode if child else None
        is_interrupted = self._is_stopping and status != 0
        self._messages.put((child, RunEnded(site, started_at, datetime.now(UTC), status, cause, is_interrupted)))

    def _take_overrun(self, event: JobEvent) -> None:
        self._owed.add(event.job_id)

    def _pay_owed(self, event: JobEvent) -> None:
        """The run is over and its place free: what came due meanwhile is run now."""
        if event.job_id in self._owed and not self._is_stopping:
            self._owed.discard(event.job_id)
            self.scheduler.modify_job(event.job_id, next_run_time=datetime.now(UTC))
