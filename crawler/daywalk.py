"""The walk over a paper's archive pages, one list a day: only a backfill asks them, latest day first.

As in `walk`: no Scrapy, failures are in `ended`. A day without a page keeps no other from being read.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

from tinsach.cleaning.dates import VIETNAM
from tinsach.cleaning.profile import Profile
from tinsach.crawler.discover import read_section
from tinsach.crawler.report import SourceReport
from tinsach.crawler.sitemaps import Span, fill_date
from tinsach.crawler.walk import Desk, FetchFailed, Tally, WalkRules
from tinsach.datasets.visits import GONE_STATUSES

MAX_DAY_PAGES = 50
DAY = timedelta(days=1)


async def walk_days(
    template: str, profile: Profile, *, desk: Desk, rules: WalkRules, now: datetime
) -> SourceReport | None:
    """Announce what the lists of the backfill's days name, all pages of each; None without a backfill."""
    if rules.only is None:
        return None
    tally = Tally(template, "archive", desk, rules)
    failures: list[FetchFailed] = []
    for day in _days(rules.only, now):
        try:
            await _walk_day(day_url(template, day), profile, tally)
        except FetchFailed as error:
            failures.append(error)
    broken = [error for error in failures if error.status not in GONE_STATUSES]
    if broken or (failures and not tally.pages):
        return tally.report(rules.say_failed((broken or failures)[0], "archives"))
    return tally.report("whole")


def day_url(template: str, day: datetime) -> str:
    """The template with the day's date, and with {from} and {to}, its first and last second as Unix times.

    >>> day_url("https://nld.com.vn/xem-theo-ngay-{day2}-{month2}-{year}.htm", datetime(2026, 7, 3, tzinfo=VIETNAM))
    'https://nld.com.vn/xem-theo-ngay-03-07-2026.htm'
    """
    seconds = int(day.timestamp())
    filled = fill_date(template, day.astimezone(VIETNAM))
    return filled.replace("{from}", str(seconds)).replace("{to}", str(seconds + int(DAY.total_seconds()) - 1))


async def _walk_day(template: str, profile: Profile, tally: Tally) -> None:
    """All pages of a day's list, until one has nothing that the day's others had not."""
    seen: set[str] = set()
    for number in count(1):
        url = template.replace("{n}", str(number))
        try:
            page = await tally.desk.fetch(url)
        except FetchFailed as error:
            if number > 1 and error.status in GONE_STATUSES:
                return
            raise
        links = read_section(page.body, url=page.url, profile=profile).links
        tally.pages += 1
        if {link.url for link in links} <= seen:
            return
        seen |= {link.url for link in links}
        tally.take(links)
        if "{n}" not in template or number == MAX_DAY_PAGES:
            return


def _days(only: Span, now: datetime) -> Iterator[datetime]:
    """The beginnings of the days, in Vietnam, latest first."""
    last = min(only.end, now).astimezone(VIETNAM) - timedelta(microseconds=1)
    day = last.replace(hour=0, minute=0, second=0, microsecond=0)
    while day + DAY > only.start:
        yield day
        day -= DAY
