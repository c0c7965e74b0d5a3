"""What the process of a crawl tells its parent: a JSON line per event on stdout, one per log record on stderr.

Whatever else it prints (an interpreter that dies, a library that warns) is taken line by line for a warning.
"""

import json
import logging
import traceback
from dataclasses import asdict, dataclass
from typing import IO

from tinsach.crawler.report import RunReport, parse_report, report_to_json

FAILED, REFUSED = 1, 2  # exit codes of the process: stopped in the middle, never begun


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a child: `progress` (the last one holds the final report), or `stopped` with its one-line message."""

    kind: str
    report: RunReport | None = None
    message: str = ""
    exit_code: int = 0


@dataclass(frozen=True, slots=True)
class LogLine:
    """One record of a child's log; `trace` is the traceback of a bug, with its line breaks."""

    level: str
    logger: str
    message: str
    trace: str | None = None


class LogLineFormatter(logging.Formatter):
    """Writes a record as one JSON line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        trace = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else None
        line = LogLine(record.levelname, record.name, record.getMessage(), trace)
        return json.dumps({"log": asdict(line)}, ensure_ascii=False)


def write_event(out: IO[str], event: Event) -> None:
    """Write an event as one line, at once."""
    report = report_to_json(event.report) if event.report else None
    values = {"event": event.kind, "report": report, "message": event.message, "exit_code": event.exit_code}
    out.write(json.dumps(values) + "\n")
    out.flush()


def parse_event(line: str) -> Event | None:
    """The event of a line, None for something else that was printed, or a line that a kill cut short.

    >>> parse_event('{"event": "progress", "repo')
    """
    if not line.startswith('{"event"'):
        return None
    try:
        values = json.loads(line)
        report = parse_report(values["report"]) if values["report"] else None
        return Event(values["event"], report, values["message"], values["exit_code"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def parse_log_line(line: str) -> LogLine:
    """The log record of a line, or the line as a warning.

    >>> parse_log_line("Segmentation fault")
    LogLine(level='WARNING', logger='stderr', message='Segmentation fault', trace=None)
    """
    text = line.rstrip("\n")
    if text.startswith('{"log"'):
        try:
            return LogLine(**json.loads(text)["log"])
        except (ValueError, TypeError):  # cut short by a kill
            pass
    return LogLine("WARNING", "stderr", text)
