"""What is told of the sites' runs: a table for people, a text file for Prometheus, a message to whoever is on duty."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from tinsach.app.output import Cell, Output, count
from tinsach.app.session import Session
from tinsach.app.timetable import Turn, choose_timed_sites, read_timetable
from tinsach.datasets.layout import BrokenWorld, write_whole
from tinsach.datasets.locks import told_lock

COLUMNS = ("site", "last run", "ended", "found", "archived", "failed", "next due", "wrong")
COUNTS = ("found", "asked", "fetched", "unchanged", "archived", "gone", "failed")
PATIENCE = 2  # intervals: a site that was not crawled for so long is overdue


def find_wrong(turn: Turn, now: datetime) -> tuple[str, ...]:
    """What is not as it should be with a site, each in a few words; empty when all is well.

    That a run goes on is not wrong, but for so long that it is overdue.
    """
    wrong = []
    if turn.last is None:
        return () if turn.is_running else (turn.first or "never run",)
    if now - turn.last.started_at > PATIENCE * turn.every:
        wrong.append("overdue")
    ended = turn.ended
    if ended and ended.finish_reason is None and ended.finished_at is None:
        wrong.append("killed")
    elif ended and ended.is_interrupted:
        wrong.append("interrupted")
    elif ended and ended.has_failures:
        wrong.append("failures")
    if turn.alarms:
        wrong.append(f"alarms: {', '.join(turn.alarms)}")
    return tuple(wrong)


def show_status(output: Output, turns: Sequence[Turn], now: datetime) -> bool:
    """A row a site; returns whether all is well."""
    rows: list[list[Cell]] = []
    good = True
    for turn in turns:
        wrong, last = find_wrong(turn, now), turn.last
        good = good and not wrong
        output.event(
            "status",
            site=turn.site,
            last_run=last.started_at if last else None,
            ended=last.finish_reason if last else None,
            running=turn.is_running,
            next_due=turn.next_at,
            wrong=wrong,
            **{name: getattr(last, name) if last else None for name in COUNTS},
        )
        counts = [getattr(last, name) if last else None for name in ("found", "archived", "failed")]
        ended = "running" if turn.is_running else last.finish_reason if last else None
        began = f"{last.started_at:%Y-%m-%d %H:%M}" if last else None
        due = "now" if turn.is_due(now) else f"{turn.next_at:%Y-%m-%d %H:%M}"
        rows.append([turn.site, began, ended, *counts, due, ", ".join(wrong) or None])
    output.table("Sites; times are UTC", COLUMNS, rows, less=("found", "ended", "archived"))
    return good


def write_metrics(path: Path, turns: Sequence[Turn], now: datetime) -> None:
    """The state of the sites for node_exporter's textfile collector, written whole; raises WriteError."""
    registry = CollectorRegistry()

    def gauge(name: str, text: str, values: Mapping[str, float]) -> None:
        metric = Gauge(f"tinsach_{name}", text, ["site"], registry=registry)
        for site, value in values.items():
            metric.labels(site).set(value)

    ran = {turn.site: turn.ended for turn in turns if turn.ended}
    started = {turn.site: turn.last.started_at.timestamp() for turn in turns if turn.last}
    gauge("last_run_timestamp_seconds", "Start of the last run.", started)
    gauge(
        "last_run_ok",
        "1 when the last run that is over had no failures.",
        {s: not r.has_failures for s, r in ran.items()},
    )
    for name in COUNTS:
        gauge(
            f"last_run_{name}",
            f"Articles {name} in the last run that is over.",
            {s: getattr(r, name) for s, r in ran.items()},
        )
    gauge("next_run_timestamp_seconds", "When the site is due.", {t.site: t.next_at.timestamp() for t in turns})
    gauge("open_alarms", "Fields that changed on the site's pages.", {t.site: len(t.alarms) for t in turns})
    gauge("overdue", "1 when the site was not run for two intervals.", {t.site: _is_overdue(t, now) for t in turns})
    with write_whole(path) as temp:
        temp.write_bytes(generate_latest(registry))


def _is_overdue(turn: Turn, now: datetime) -> bool:
    wrong = find_wrong(turn, now)
    return bool(wrong) if turn.last is None else "overdue" in wrong


def send_message(urls: Sequence[str], *, title: str, body: str) -> None:
    """Tell whoever listens at these apprise URLs; raises BrokenWorld when the extra is missing or none took it."""
    try:
        apprise = import_module("apprise")
    except ImportError as error:
        raise BrokenWorld("notify in tinsach.toml needs the extra: pip install tinsach[notify]") from error
    sender = apprise.Apprise()
    bad = [url for url in urls if not sender.add(url)]
    if bad:
        raise BrokenWorld(f"tinsach.toml: notify = {bad[0]!r}: no address that apprise knows; see its list of services")
    if not sender.notify(title=title, body=body):
        raise BrokenWorld("a message could not be sent to at least one address of notify in tinsach.toml")


def report_run(session: Session, sites: Sequence[str]) -> None:
    """After a run: the metrics file, and a message when what is wrong with a site changed, as tinsach.toml asks.

    What can't be written or sent is told as an error and doesn't change how the run ended.
    """
    config, data, now = session.config, session.data, datetime.now(UTC)
    try:
        if config.metrics:
            write_metrics(config.metrics, read_timetable(data, choose_timed_sites(data, config.sites), now), now)
        if config.notify:
            wrong = {turn.site: list(find_wrong(turn, now)) for turn in read_timetable(data, sites, now)}
            with told_lock(data.root):  # of runs that end at the same time each adds to what the others told
                _tell_changes(data.root / "told.json", config.notify, wrong)
    except BrokenWorld as error:
        session.output.error(str(error))


def _tell_changes(path: Path, urls: Sequence[str], wrong: Mapping[str, list[str]]) -> None:
    """Send what is wrong now and was not told last time, or is well again; `path` remembers what was told."""
    try:
        told: dict[str, list[str]] = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):  # never told, or a damaged note: tell it all
        told = {}
    lines = [f"{s}: {', '.join(now) or 'well again'}" for s, now in wrong.items() if now != told.get(s, [])]
    if not lines:
        return
    send_message(urls, title=f"tinsach: {count(len(lines), 'site')} changed", body="\n".join(lines))
    with write_whole(path) as temp:
        temp.write_text(json.dumps({**told, **wrong}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
