"""An archived article as a Scrapy item: its record as the build makes it, in JSON's own types (times as ISO 8601, UTC).

Loaded only by crawls that make items: cleaning takes long to load, and costs a crawl more than fetching does.
"""

from datetime import UTC, datetime

from tinsach.cleaning import find_profile, rules_version
from tinsach.datasets.archive import ArchivedResponse, ArchivePosition, FetchedResponse, payload_digest
from tinsach.datasets.layout import SiteDir
from tinsach.datasets.learnt import load_learnt
from tinsach.datasets.pages import clean_response
from tinsach.datasets.records import Row, Source, article_row
from tinsach.datasets.schema import RECORD_SCHEMA


class ItemMaker:
    """Cleans the pages of one site by the rules that its build has now. Raises BadLearntFile."""

    def __init__(self, folder: SiteDir) -> None:
        self._site = folder.name
        self._learnt = load_learnt(folder)
        self._rules = rules_version(folder.name) + self._learnt.version

    def make_item(self, response: FetchedResponse, position: ArchivePosition | None) -> Row:
        """All columns of the record schema, in its order; without a position those that name the WARC file are None.

        Raises Rejected.
        """
        page = _as_archived(response, position)
        source = Source(self._site, position.warc_file if position else "", self._rules)
        article = clean_response(page, self._learnt)
        url = article.url or response.url
        profile = find_profile(url)
        row = article_row(article, page, source, profile.find_article_id(url) if profile else None)
        if position is None:
            row |= {"warc_file": None, "warc_offset": None}
        return {name: _to_json_type(row[name]) for name in RECORD_SCHEMA.names}


def _as_archived(response: FetchedResponse, position: ArchivePosition | None) -> ArchivedResponse:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers)
    return ArchivedResponse(
        url=response.url,
        status=response.status,
        headers=headers,
        body=response.body,
        charset=response.charset,
        fetched_at=response.fetched_at,
        offset=position.offset if position else -1,
        digest=position.digest if position else payload_digest(response.body),
    )


def _to_json_type(value: object) -> object:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
