"""A site's announcement pages on tape: kept while a crawl asks for them, and played to a later crawl without a network.

A tape is a WARC file; the setting TINSACH_TAPE names it (while recording, the folder it is kept in). An answer is
played by its URL: the first time the first one recorded, then the next, and the last one ever after.
"""

from collections import defaultdict, deque
from datetime import UTC, datetime
from http.client import responses as reasons
from pathlib import Path

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from tinsach.crawler.origin import HEADERS_KEY, OriginDownloadHandler
from tinsach.datasets.archive import ArchivedResponse, ArchiveWriter, FetchedResponse, read_archive
from tinsach.datasets.layout import SiteDir

SETTING = "TINSACH_TAPE"
NOT_ON_TAPE = 404
_KEPT = frozenset({"content-type", "content-encoding", "location", "set-cookie"})  # what a crawl goes by
_WIRE = "X-Crawler-"  # the archive's name for a header that tells of the bytes on the wire: here they still are


class RecordingDownloadHandler(OriginDownloadHandler):
    """Asks the site, and keeps every answer; one file a scheme, for `join_tapes` to make one of."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._tape = ArchiveWriter(SiteDir(Path(crawler.settings[SETTING])), "tape", software={})

    async def download_request(self, request: Request) -> Response:
        response = await super().download_request(request)
        self._tape.write(to_fetched(response, datetime.now(UTC)))
        return response

    async def close(self) -> None:
        self._tape.close()
        await super().close()


class ReplayDownloadHandler(BaseDownloadHandler):
    """Answers from the tape, and 404 for what is not on it; it knows no socket."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._answers = read_tape(Path(crawler.settings[SETTING]))

    async def download_request(self, request: Request) -> Response:
        waiting = self._answers.get(request.url)
        if not waiting:
            request.meta[HEADERS_KEY] = ()
            return Response(request.url, status=NOT_ON_TAPE)
        answer = waiting.popleft() if len(waiting) > 1 else waiting[0]
        headers = Headers(read_headers(answer))
        request.meta[HEADERS_KEY] = tuple((name, value) for name, values in headers.items() for value in values or ())
        kind = responsetypes.from_args(headers=headers, url=request.url, body=answer.body)
        return kind(url=request.url, status=answer.status, headers=headers, body=answer.body)


def to_fetched(response: Response, now: datetime) -> FetchedResponse:
    """An answer as the tape keeps it: its bytes as they came, and the headers that a crawl goes by."""
    headers = tuple(
        (name, value)
        for name, values in response.headers.items()
        for value in values or ()
        if name.decode("latin-1").lower() in _KEPT
    )
    reason = reasons.get(response.status, "")
    return FetchedResponse(response.url, response.status, reason, headers, response.body, now)


def read_tape(path: Path) -> dict[str, deque[ArchivedResponse]]:
    """The answers by URL, in the order they were given; raises ArchiveError."""
    answers: dict[str, deque[ArchivedResponse]] = defaultdict(deque)
    for item in read_archive(path):
        if isinstance(item, ArchivedResponse):
            answers[item.url].append(item)
    return dict(answers)


def read_headers(answer: ArchivedResponse) -> dict[str, list[str]]:
    """The headers of an answer as the server sent them."""
    headers: dict[str, list[str]] = defaultdict(list)
    for name, value in answer.headers:
        sent = name.removeprefix(_WIRE)
        if sent.lower() in _KEPT:
            headers[sent].append(value)
    return dict(headers)


def join_tapes(folder: Path, target: Path) -> None:
    """Make one tape of those that were recorded in a folder, and move it to `target`, on the same disk."""
    kept = (item for path in sorted((folder / "archive").glob("*.warc.gz")) for item in read_archive(path))
    with ArchiveWriter(SiteDir(folder / "joined"), "tape", software={}) as tape:
        for item in kept:
            if isinstance(item, ArchivedResponse):
                pairs = ((name, value) for name, values in read_headers(item).items() for value in values)
                headers = tuple((name.encode(), value.encode()) for name, value in pairs)
                reason = reasons.get(item.status, "")
                tape.write(FetchedResponse(item.url, item.status, reason, headers, item.body, item.fetched_at))
    (folder / "joined" / "archive" / "tape-00000.warc.gz").replace(target)
