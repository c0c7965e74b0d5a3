"""robots.txt that can't be had forbids everything (RFC 9309, 2.3.1.4); Scrapy's own middleware allows all."""

from http import HTTPStatus

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from tinsach.crawler.failures import describe_failure
from tinsach.datasets.layout import BrokenWorld

FORBID_ALL = b"User-agent: *\nDisallow: /\n"


class RobotsUnavailable(BrokenWorld):
    """A site's robots.txt could not be had, so nothing may be asked; names the site, the cause and the remedy."""


class CarefulRobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's robots.txt, but a server error or no answer forbids the host and is left in the spider's `no_robots`."""

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._tell(netloc, f"HTTP status {response.status}")
            response = response.replace(body=FORBID_ALL)
        elif response.status >= HTTPStatus.BAD_REQUEST:  # there are no rules, whatever the error page says
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if not isinstance(exc, IgnoreRequest):
            self._tell(netloc, describe_failure(exc))
        super()._robots_error(exc, netloc)

    def process_request_2(self, rp: object, request: Request) -> None:
        """Raises IgnoreRequest for what is forbidden, or when the rules could not be had."""
        if rp is None and getattr(self.crawler.spider, "no_robots", None):
            raise IgnoreRequest("robots.txt could not be had")
        super().process_request_2(rp, request)  # type: ignore[arg-type]  # a RobotParser or None

    def _tell(self, netloc: str, cause: str) -> None:
        spider = self.crawler.spider
        site = spider.name if spider else netloc
        error = RobotsUnavailable(
            f"{site}: https://{netloc}/robots.txt could not be had ({cause}), so nothing may be asked; try again later"
        )
        spider.no_robots = error  # type: ignore[union-attr]  # our spider
