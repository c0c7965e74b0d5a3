"""A week of `tinsach schedule` in simulated time, with real runs of a newsroom: crashes, a full disk, a dead site.

    benchmarks/week.py [--days 7] [--every-hours 4] [--articles 60] [--seed 1]

The clock of the schedule is moved on when its runs are over, and sometimes while they still go on, so that runs come
due while others run. One run in ten is killed; in the third quarter of each day one site's server is gone; on the
fourth day the disk is full for a while (a file system of its own in memory, which only root can make). Checked: no two
runs of a site at once, each due moment followed by a run, memory and open files of the schedule do not grow, and after
the week the release is the newsroom's truth. Exits with 1 when one of these does not hold, or when an accident never
came in four days or more: the week shows nothing of it then.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

import time_machine
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_SUBMITTED, JobEvent
from apscheduler.schedulers.background import BackgroundScheduler

from tinsach.app.newsroom import Newsroom, serve
from tinsach.app.newsroom.truth import FIELDS, read_outcome
from tinsach.app.schedule import RunEnded, Schedule
from tinsach.app.timetable import Turn
from tinsach.crawler.report import read_report
from tinsach.datasets.build import build_site
from tinsach.datasets.layout import DataDir
from tinsach.datasets.release import make_release

SITES = ("ngaynay.vn", "vietnamplus.vn", "qdnd.vn")
START = datetime(2026, 11, 2, tzinfo=UTC)
KILLED, HURRIED = 0.1, 0.2  # shares of runs that are killed, and of steps that do not wait for the runs before
DISK_BYTES = 96 << 20
DISK_DAY = 4  # the day on which the disk is full
Command = Callable[[str, datetime], Sequence[str]]


@dataclass(slots=True)
class Week:
    """What happened: runs begun and over, in simulated time; `samples` are (bytes in memory, open files) by the day."""

    seed: int
    end: datetime
    begun: list[tuple[str, datetime]] = field(default_factory=list)
    over: list[RunEnded] = field(default_factory=list)
    dues: list[tuple[str, datetime]] = field(default_factory=list)
    samples: list[tuple[int, int]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def find_lost(self) -> list[str]:
        """Due moments that no run began at or after."""
        last: dict[str, datetime] = {}
        for site, at in self.begun:
            last[site] = max(at, last.get(site, at))
        return [f"{site} {at:%d %H:%M}" for site, at in self.dues if last.get(site, START - timedelta(days=1)) < at]


def live(week: Week, every: timedelta, command: Command, *, jobs: int, on_step: Callable[[datetime], None]) -> None:
    """Serve a schedule of the three sites until the week's end; `on_step` is told each moment before it begins."""
    chance = random.Random(week.seed)
    turns = [Turn(site, every, None, START + timedelta(minutes=number), None) for number, site in enumerate(SITES)]
    for turn in turns:
        at = turn.next_at
        while at <= week.end:
            week.dues.append((turn.site, at))
            at += every

    def make_command(site: str) -> Sequence[str]:
        now = datetime.now(UTC)
        with week.lock:
            week.begun.append((site, now))
        return command(site, now)

    with time_machine.travel(START - timedelta(minutes=1), tick=False) as clock:

        class Stepped(BackgroundScheduler):  # type: ignore[misc]  # apscheduler has no types
            """Does not wait for what comes next but moves the clock there."""

            def __init__(self, *arguments: object, **options: object) -> None:
                super().__init__(*arguments, **options)
                self.submitted = self.ended = 0

            def count(self, event: JobEvent) -> None:
                if event.code == EVENT_JOB_SUBMITTED:
                    self.submitted += 1
                else:
                    self.ended += 1

            def settle(self) -> None:
                while self.ended < self.submitted:
                    time.sleep(0.005)

            def _main_loop(self) -> None:
                day = 0
                while True:
                    before = self.submitted
                    wait = self._process_jobs()
                    if chance.random() >= HURRIED:
                        self.settle()
                    now = datetime.now(UTC) + timedelta(seconds=wait or 0)
                    if now > week.end:
                        self.settle()
                        if self.submitted == before:  # and no run is owed
                            schedule.stop()
                            return
                        continue
                    if (now - START).days > day:
                        day = (now - START).days
                        week.samples.append(measure_process())
                    on_step(now)
                    clock.move_to(now)

        schedule = Schedule(turns, make_command, jobs=jobs, on_end=week.over.append, make_scheduler=Stepped)
        schedule.scheduler.add_listener(
            schedule.scheduler.count, EVENT_JOB_SUBMITTED | EVENT_JOB_EXECUTED | EVENT_JOB_ERROR
        )
        schedule.serve()


def measure_process() -> tuple[int, int]:
    """Resident bytes and open files of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE"), len(list(Path("/proc/self/fd").iterdir()))


class World:
    """The newsroom, the disk and the accidents of a week."""

    def __init__(self, data: DataDir, origin: str, *, seed: int, has_disk: bool) -> None:
        self._data, self._origin, self._has_disk = data, origin, has_disk
        self._chance = random.Random(seed)
        self.log = data.root.parent / "errors.log"
        self.killed = self.dead = self.full = 0

    def command(self, site: str, now: datetime) -> Sequence[str]:
        """A run of `tinsach`, at a time with a dead server or one that is killed on the way."""
        is_dead = site == SITES[now.day % 3] and 12 <= now.hour < 18
        self.dead += is_dead
        origin = "http://127.0.0.1:9" if is_dead else self._origin
        run = [sys.executable, "-m", "tinsach.app", "--data", str(self._data.root), "--log", "json", "run", site]
        run += ["--origin", origin]
        if self._chance.random() < KILLED:
            self.killed += 1
            seconds = self._chance.uniform(0.3, 3)
            run = ["timeout", "--signal=KILL", f"{seconds:.2f}", *run]
        return ["sh", "-c", 'exec "$@" >/dev/null 2>>"$0"', str(self.log), *run]

    def find_missing(self) -> list[str]:
        """The accidents that did not come."""
        came = {"a killed run": self.killed, "a dead server": self.dead, "a full disk (needs root)": self.full}
        return [name for name, times in came.items() if not times]

    def step(self, now: datetime) -> None:
        """Fill the disk on the morning of the fourth day, empty it in the evening."""
        ballast = self._data.root.parent / "ballast"
        is_full = self._has_disk and (now - START).days == DISK_DAY - 1 and 6 <= now.hour < 18
        if is_full and not ballast.exists():
            self.full += 1
            with ballast.open("wb") as file:
                try:
                    while True:
                        file.write(bytes(1 << 16))
                        file.flush()
                except OSError:  # full: as it should be
                    pass
        elif not is_full:
            ballast.unlink(missing_ok=True)


@contextmanager
def disk(folder: Path) -> Iterator[bool]:
    """A small file system of its own at `folder`, where this user may make one; whether there is one."""
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", folder], check=False, capture_output=True
    )
    try:
        yield made.returncode == 0
    finally:
        if made.returncode == 0:
            subprocess.run(["umount", folder], check=True)


def find_overlaps(data: DataDir) -> list[str]:
    """Runs of a site that began before the one before had ended, by their own reports."""
    reports = sorted((read_report(path) for path in data.runs.glob("*.json")), key=lambda report: report.started_at)
    last: dict[str, datetime] = {}
    found = []
    for report in reports:
        if report.site in last and report.started_at < last[report.site]:
            found.append(f"{report.site} {report.run}")
        if report.finished_at:
            last[report.site] = report.finished_at
    return found


def compare_truth(data: DataDir, newsroom: Newsroom) -> list[str]:
    """Build and release what the week left, and say what differs from the newsroom's truth."""
    errors = [error for site in SITES for error in build_site(data, site, jobs=1).errors]
    release = make_release(data, "week")
    outcome = read_outcome(newsroom, data, release.path)
    differing = [each for name in FIELDS for each in outcome.differences(name)]
    return [*errors, *release.errors, *differing, *outcome.misplaced(), *outcome.misjudged(), *outcome.leaks()]


def main() -> None:
    """Print what happened."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--every-hours", type=int, default=4)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ.pop("TINSACH_DATA", None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    newsroom = Newsroom(1, options.articles, SITES, now=datetime.now(UTC).replace(microsecond=0))
    with tempfile.TemporaryDirectory() as scratch, disk(Path(scratch)) as has_disk, serve(newsroom) as server:
        data = DataDir(Path(scratch, "data"))
        world = World(data, server.origin, seed=options.seed, has_disk=has_disk)
        week = Week(options.seed, START + timedelta(days=options.days))
        every = timedelta(hours=options.every_hours)
        live(week, every, world.command, jobs=2, on_step=world.step)
        world.step(week.end)
        subprocess.run([*world_run(data, server.origin)], check=True, capture_output=True)
        problems = {
            "due, and no run after": week.find_lost(),
            "two runs of a site at once": find_overlaps(data),
            "not the truth after the week": compare_truth(data, newsroom),
        }
        if options.days >= DISK_DAY:
            problems["accidents that never came"] = world.find_missing()
    show(week, world, problems)


def world_run(data: DataDir, origin: str) -> list[str]:
    """One last run of all sites, without accidents."""
    return [sys.executable, "-m", "tinsach.app", "--data", str(data.root), "run", *SITES, "--origin", origin]


def show(week: Week, world: World, problems: dict[str, list[str]]) -> None:
    """Print the figures; exits with 1 when there is a problem."""
    statuses = sorted({run.status for run in week.over}, key=str)
    counts = ", ".join(f"{sum(run.status == status for run in week.over)} with {status}" for status in statuses)
    print(f"{len(week.dues)} due moments, {len(week.begun)} runs ({counts})")
    print(f"{world.killed} to be killed, {world.dead} met a dead server, the disk was full {world.full} times")
    for (before, files), (after, files_after) in zip(week.samples[:1], week.samples[-1:], strict=True):
        print(f"memory {before >> 20} → {after >> 20} MB, open files {files} → {files_after}, first to last day")
        if after - before > 8 << 20 or files_after > files + 4:
            problems["growth"] = [f"{after - before} bytes, {files_after - files} files"]
    for name, found in problems.items():
        print(f"{name}: {len(found)}", *found[:5], sep="\n  " if found else "")
    sys.exit(1 if any(problems.values()) else 0)


if __name__ == "__main__":
    main()
