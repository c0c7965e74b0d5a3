"""`tinsach drift`, and what a build says of drift: a site's pages against its own last 14 days.

An open alarm makes a command end with code 1 until it closes itself or is accepted, so that a timer notices it; it is
told in full once, and afterwards in one line.
"""

from collections.abc import Sequence
from dataclasses import asdict

from tinsach.app.exits import DONE, FAILURES, worst_of
from tinsach.app.output import Output, count
from tinsach.app.session import Session
from tinsach.datasets.alarms import Alarm, AlarmPage, accept_alarm, read_alarms
from tinsach.datasets.drift import DriftReport, check_drift
from tinsach.datasets.layout import BrokenWorld, DataDir
from tinsach.datasets.locks import SiteBusy, records_lock

COLUMNS = ("field", "before", "after", "pages", "since")


def watch_site(output: Output, data: DataDir, site: str, *, is_changed: bool) -> int:
    """After a build: look for drift when a shard was made, and tell; code 1 while an alarm is open.

    A site that is built elsewhere is checked there.
    """
    folder = data.site(site)
    try:
        if not is_changed:
            return _tell(output, DriftReport(site=site, ongoing=read_alarms(folder).open))
        with records_lock(folder):
            return _tell(output, check_drift(folder))
    except SiteBusy:
        return DONE
    except BrokenWorld as error:  # the build itself is done: its code must not be that of a build that can't be
        output.error(str(error), site=site)
        return FAILURES


def show_drift(session: Session, sites: Sequence[str], *, check: bool, accept: Sequence[str]) -> int:
    """The open alarms of the sites, all when none is named; the exit code."""
    known = session.data.sites()
    for name in accept:
        _accept(session, name)
    folders = [session.data.find_site(site) for site in sites or known]
    codes, alarms = [], 0
    for folder in folders:
        if check:
            codes.append(watch_site(session.output, session.data, folder.name, is_changed=True))
        found = read_alarms(folder).open
        codes.append(_show(session.output, folder.name, found))
        alarms += len(found)
    session.output.event("drifted", sites=len(folders), alarms=alarms)
    if not alarms:
        session.output.line(f"no open alarm; {count(len(folders), 'site')} in {session.data.root}")
    return worst_of(codes)


def _accept(session: Session, name: str) -> None:
    site, _, field = name.partition(":")
    if not field or site not in session.data.sites():
        raise BrokenWorld(f"--accept {name}: give SITE:FIELD, as `tinsach drift` shows it")
    folder = session.data.site(site)
    with records_lock(folder):
        alarm = accept_alarm(folder, field)
    session.output.event("accepted", **asdict(alarm))
    session.output.line(f"{alarm.name}: accepted; what is usual begins at {alarm.since:%Y-%m-%d %H:%M}Z")


def _tell(output: Output, report: DriftReport) -> int:
    output.event("drift", **asdict(report))
    for alarm in report.new:
        output.error(f"drift: {alarm.describe()}", site=report.site)
    for alarm in report.closed:
        output.line(f"drift: {alarm.name} is as before {alarm.since:%Y-%m-%d %H:%M}Z again; alarm closed")
    if report.ongoing:
        fields = ", ".join(alarm.field for alarm in report.ongoing)
        since = min(alarm.since for alarm in report.ongoing)
        where = f"`tinsach drift {report.site}`"
        output.error(
            f"drift: {report.site}: still open since {since:%Y-%m-%d}: {fields}; see {where}", site=report.site
        )
    return FAILURES if report.new or report.ongoing else DONE


def _show(output: Output, site: str, alarms: Sequence[Alarm]) -> int:
    for alarm in alarms:
        output.event("alarm", **asdict(alarm))
    rows = [
        (
            alarm.field,
            f"{alarm.before:.0%}",
            f"{alarm.after:.0%}",
            f"{alarm.pages_before} → {alarm.pages_after}",
            f"{alarm.since:%Y-%m-%d %H:%M}Z",
        )
        for alarm in alarms
    ]
    output.table(f"{site}: open alarms", COLUMNS, rows)
    for alarm in alarms:
        output.line(f"{alarm.name}: {alarm.says}")
        for selector in alarm.selectors:
            output.line(f"  no longer matches: {selector}")
        for word, page in (("before", alarm.page_before), ("after", alarm.page_after)):
            if page:
                output.line(f"  {word}: {_place(page)}")
    return FAILURES if alarms else DONE


def _place(page: AlarmPage) -> str:
    return f"{page.id or '(rejected)'}  {page.url}  fetched {page.fetched_at:%Y-%m-%d %H:%M}Z"
