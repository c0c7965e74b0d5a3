"""Days of a newsroom's paper, as a crawl each afternoon finds them; pure."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from tinsach.app.newsroom.gold import NewsArticle
from tinsach.app.newsroom.sites import LOCAL_OFFSET
from tinsach.app.newsroom.web import Newsroom
from tinsach.datasets.archive import FetchedResponse

SATURDAY = 5
PER_WEEKDAY, PER_WEEKEND_DAY = 5, 2


def articles_by_day(
    newsroom: Newsroom, site: str, *, per_weekday: int = PER_WEEKDAY, per_weekend_day: int = PER_WEEKEND_DAY
) -> dict[date, list[NewsArticle]]:
    """A paper's articles by their day: fewer on weekends, and of two sections only."""
    days: dict[date, list[NewsArticle]] = {}
    for article in newsroom.articles(site):
        days.setdefault(published_on(article), []).append(article)
    sections = sorted({article.section for article in newsroom.articles(site)})[:2]
    return {
        day: [one for one in articles if one.section in sections][:per_weekend_day]
        if day.weekday() >= SATURDAY
        else articles[:per_weekday]
        for day, articles in days.items()
    }


def published_on(article: NewsArticle) -> date:
    """The day of the article where the paper is."""
    return (article.published_at + LOCAL_OFFSET).date()


def crawl_day(newsroom: Newsroom, day: date, articles: Iterable[NewsArticle]) -> tuple[FetchedResponse, ...]:
    """The pages of a day's articles, fetched from 16:00 UTC on, three seconds apart."""
    at = datetime.combine(day, time(16), tzinfo=UTC)
    return tuple(fetch(newsroom, one.url, at + timedelta(seconds=3 * number)) for number, one in enumerate(articles))


def fetch(newsroom: Newsroom, url: str, at: datetime) -> FetchedResponse:
    """A page as the newsroom's server sends it."""
    address = urlsplit(url)
    reply = newsroom.respond(address.netloc, address.path, {})
    headers = tuple((name.encode(), value.encode()) for name, value in reply.headers)
    return FetchedResponse(url, reply.status, "OK", headers, reply.body, at)
