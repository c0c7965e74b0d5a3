"""Runs tasks in lanes, each lane one worker process, so that a task that kills its process takes no other with it.

A process pool that loses a worker loses all its tasks; a lane that loses its worker loses one and gets a new worker.
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from tinsach.cleaning import own_profiles, use_profiles
from tinsach.datasets.lean import stay_lean

K = TypeVar("K")
T = TypeVar("T")

_PRELOADED = ["tinsach.datasets.build"]  # imported once, then every worker is a fork of that process


def run_tasks(
    function: Callable[..., T],
    tasks: Mapping[K, tuple[Any, ...]],
    *,
    jobs: int,
    retry: Callable[[K], tuple[Any, ...] | None] = lambda _: None,
) -> Iterator[tuple[K, "Future[T]"]]:
    """Call `function` with the arguments of each task, `jobs` at a time; yields key and finished future as tasks end.

    When the process of a task died, `retry(key)` may give arguments to call it with once more; when it gives None, the
    task's future holds BrokenProcessPool. `jobs=0` runs everything in this process. Leaving
    early (Ctrl-C, a closed generator) ends the running tasks, which see SystemExit and can clean up.
    """
    lanes = [_Lane(in_process=jobs == 0) for _ in range(min(max(jobs, 1), len(tasks)))]
    todo, idle = iter(tasks.items()), list(lanes)
    running: dict[Future[T], tuple[K, _Lane]] = {}
    try:
        while True:
            for key, arguments in _take(todo, len(idle)):
                lane = idle.pop()
                running[lane.submit(function, arguments)] = (key, lane)
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                key, lane = running.pop(future)
                if isinstance(future.exception(), BrokenProcessPool):
                    lane.drop_worker()
                    arguments_again = retry(key)
                    if arguments_again is not None:
                        running[lane.submit(function, arguments_again)] = (key, lane)
                        continue
                idle.append(lane)
                yield key, future
    finally:
        for lane in lanes:
            lane.stop(is_busy=any(lane is other for _, other in running.values()))


def _take(items: Iterator[T], number: int) -> Iterator[T]:
    for _, item in zip(range(number), items, strict=False):
        yield item


class _Lane:
    """One worker, started at the first task."""

    def __init__(self, *, in_process: bool) -> None:
        self._in_process = in_process
        self._executor: Executor | None = None
        self._pid: int | None = None

    def submit(self, function: Callable[..., T], arguments: tuple[Any, ...]) -> "Future[T]":
        if self._executor is None:
            self._executor = ThreadPoolExecutor(1) if self._in_process else self._start_process()
        return self._executor.submit(function, *arguments)

    def _start_process(self) -> Executor:
        method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
        context = multiprocessing.get_context(method)
        context.set_forkserver_preload(_PRELOADED)
        executor = ProcessPoolExecutor(1, mp_context=context, initializer=_follow_parent, initargs=(own_profiles(),))
        self._pid = executor.submit(os.getpid).result()
        return executor

    def drop_worker(self) -> None:
        if self._executor:
            self._executor.shutdown(wait=True)
        self._executor, self._pid = None, None

    def stop(self, *, is_busy: bool) -> None:
        if is_busy and self._pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGTERM)
        if self._executor:
            self._executor.shutdown(wait=True, cancel_futures=True)


def _follow_parent(profiles: Path | None) -> None:
    """The parent decides when a worker stops: ignore Ctrl-C, clean up when told, end when the parent is gone.

    A fork server has the environment of the time it was started; the parent's folder of profiles comes along.
    """
    stay_lean()
    if profiles != own_profiles():
        use_profiles(profiles)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
