"""What Scrapy brings as the archive and the ledger take it."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus

from scrapy.http import Response

from tinsach.crawler.discovery import find_header
from tinsach.crawler.origin import HEADERS_KEY
from tinsach.crawler.rendering import RENDERED_KEY
from tinsach.datasets.archive import FetchedResponse
from tinsach.datasets.own_headers import ASKED_HEADER, GONE_HEADER, OUR_HEADERS
from tinsach.datasets.visits import Validators


def to_fetched(response: Response, asked_url: str, now: datetime) -> FetchedResponse:
    """The answer to `asked_url`, which the record names where a redirect led elsewhere."""
    asked = () if response.url == asked_url else ((ASKED_HEADER.encode(), asked_url.encode()),)
    return FetchedResponse(
        url=response.url,
        status=response.status,
        reason=HTTPStatus(response.status).phrase,
        headers=tuple(_without_ours(response.meta[HEADERS_KEY])) + asked,
        body=response.body,
        fetched_at=now,
        ip=str(response.ip_address) if response.ip_address else None,
        rendered_by=response.meta.get(RENDERED_KEY),
    )


def to_gone(url: str, status: int, led_to: str) -> FetchedResponse:
    """The redirect of an article to a page that is none."""
    headers = ((GONE_HEADER.encode(), f"led to {led_to}".encode()),)
    return FetchedResponse(url, status, HTTPStatus(status).phrase, headers, b"", datetime.now(UTC))


def _without_ours(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """The server's headers but for those whose names mean something of ours in the archive."""
    return (pair for pair in headers if not pair[0].lower().startswith(OUR_HEADERS.encode()))


def read_validators(response: Response) -> Validators:
    """What to ask with next time."""
    return Validators(etag=find_header(response, "ETag"), last_modified=find_header(response, "Last-Modified"))
