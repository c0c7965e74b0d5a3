"""At home in Scrapy: `scrapy crawl -O`, `parse` and `shell` give the records that the build makes."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scrapy.http import Request
from scrapy.settings import Settings

from tinsach.app.newsroom import Newsroom, serve
from tinsach.cleaning import Rejected
from tinsach.crawler.feeds import ParquetItemExporter, WholeFileStorage
from tinsach.crawler.items import ItemMaker
from tinsach.crawler.loader import ProfileSpiderLoader, UnknownSpider
from tinsach.crawler.options import BadOption, check_feeds, wants_items
from tinsach.datasets.archive import ArchivePosition, FetchedResponse
from tinsach.datasets.build import build_site
from tinsach.datasets.layout import DataDir
from tinsach.datasets.schema import LOOSE_SCHEMA, RECORD_SCHEMA

SITE = "qdnd.vn"
AT = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
PLACE = ArchivePosition("run-00000.warc.gz", 17, "sha1:A")


def newsroom(articles: int = 40) -> Newsroom:
    return Newsroom(seed=3, articles_per_site=articles, now=datetime(2026, 11, 22, tzinfo=UTC))


def run_scrapy(folder: Path, origin: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    own = {"SCRAPY_SETTINGS_MODULE": "tinsach.crawler.settings", "TINSACH_DATA": str(folder), "TINSACH_ORIGIN": origin}
    command = [sys.executable, "-m", "scrapy", *arguments]
    return subprocess.run(
        command, cwd=folder.parent, env={**os.environ, **own}, capture_output=True, text=True, check=True
    )


def respond(room: Newsroom, number: int = 1) -> FetchedResponse:
    url = room.articles(SITE)[number].url
    reply = room.respond("www.qdnd.vn", url.removeprefix("https://www.qdnd.vn"), {})
    headers = tuple((name.encode(), value.encode()) for name, value in reply.headers)
    return FetchedResponse(url, 200, "OK", headers, reply.body, AT)


def make_item(page: FetchedResponse, position: ArchivePosition | None = None) -> Mapping[str, object]:
    return ItemMaker(DataDir(Path("nowhere")).site(SITE)).make_item(page, position)


def read_rows(folder: Path) -> list[dict[str, Any]]:
    files = sorted((folder / "sites" / SITE / "records").glob("*.parquet"))
    rows = [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]
    return sorted(rows, key=lambda row: str(row["id"]))


def as_text(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its times as a feed writes them."""
    times = {name: value for name, value in row.items() if isinstance(value, datetime)}
    return {**row, **{name: value.isoformat().replace("+00:00", "Z") for name, value in times.items()}}


def has_schema(table: pa.Table, schema: pa.Schema) -> bool:
    return bool(table.schema.equals(schema)) and table.schema.metadata == schema.metadata


def test_feeds_hold_what_the_build_makes(tmp_path: Path) -> None:
    """-O as Parquet and as JSON Lines: the build's records, with its schema; rejected pages are only counted."""
    feeds = [tmp_path / "out" / name for name in ("new.parquet", "new.jsonl")]
    with serve(newsroom()) as server:
        flags = ("-s", "LOG_LEVEL=INFO", *(f"-O{feed}" for feed in feeds))
        log = run_scrapy(tmp_path / "data", server.origin, "crawl", SITE, *flags).stderr
    report = build_site(DataDir(tmp_path / "data"), SITE, jobs=0)
    built = read_rows(tmp_path / "data")
    table = pq.ParquetFile(feeds[0]).read()
    assert has_schema(table, RECORD_SCHEMA)
    assert sorted(table.to_pylist(), key=lambda row: str(row["id"])) == built
    lines = [json.loads(line) for line in feeds[1].read_text(encoding="utf-8").splitlines()]
    assert sorted(lines, key=lambda row: str(row["id"])) == [as_text(row) for row in built]
    assert report.rejected
    assert {reason: f"'tinsach/rejected/{reason}': {count}" in log for reason, count in report.rejected.items()} == (
        dict.fromkeys(report.rejected, True)
    )
    assert sorted(path.name for path in feeds[0].parent.iterdir()) == ["new.jsonl", "new.parquet"]


def test_shell_and_parse_keep_nothing(tmp_path: Path) -> None:
    """`scrapy shell` has the site's spider and its record, `parse` prints it; nothing on disk comes of it."""
    room = newsroom()
    article = room.articles(SITE)[1]
    with serve(room) as server:
        code = "(spider.name, [item['title'] for item in spider.parse(response)])"
        shell = run_scrapy(tmp_path / "data", server.origin, "shell", article.url, "-c", code)
        parse = run_scrapy(tmp_path / "data", server.origin, "parse", article.url, "--nocolour")
    title = make_item(respond(room))["title"]
    assert str((SITE, [title])) in shell.stdout
    assert f"'id': '{SITE}:" in parse.stdout
    assert "'warc_file': None" in parse.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_host_without_profile_is_refused() -> None:
    """Scrapy's commands say in one line that no site has the host, and ask nothing."""
    with pytest.raises(UnknownSpider, match=r"https://nowhere\.example/: no site profile has this host"):
        ProfileSpiderLoader().find_by_request(Request("https://nowhere.example/"))


def test_no_article_is_no_item() -> None:
    """A page without text is rejected with its reason."""
    page = FetchedResponse("https://www.qdnd.vn/a/b/c-823999", 200, "OK", (), b"<html><body></body></html>", AT)
    with pytest.raises(Rejected):
        make_item(page)


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({}, False),
        ({"FEEDS": {"out.csv": {"format": "csv"}}}, True),
        ({"ITEM_PIPELINES": {"some.Pipeline": 1}}, True),
        ({"TINSACH_ITEMS": "1"}, True),
        ({"TINSACH_ITEMS": "0", "FEEDS": {"out.csv": {"format": "csv"}}}, False),
    ],
)
def test_items_are_made_where_they_are_wanted(settings: dict[str, Any], wanted: bool) -> None:
    """A crawl without feed and pipeline cleans nothing."""
    assert wants_items(Settings(settings)) is wanted


def export(*items: object, **options: Any) -> Any:
    file = BytesIO()
    exporter = ParquetItemExporter(file, **options)
    exporter.start_exporting()
    for item in items:
        exporter.export_item(item)
    exporter.finish_exporting()
    return pq.read_table(BytesIO(file.getvalue()))


def test_parquet_has_the_record_schema() -> None:
    """Also without any record; pages that were never archived may lack their place; chosen fields keep their order."""
    room = newsroom()
    kept, loose = (make_item(respond(room), position) for position in (PLACE, None))
    assert has_schema(export(), RECORD_SCHEMA)
    assert has_schema(export(kept), RECORD_SCHEMA)
    assert has_schema(export(loose), LOOSE_SCHEMA)
    assert export(kept)["fetched_at"].to_pylist() == [AT]
    assert export(kept, fields_to_export=["title", "id"]).column_names == ["title", "id"]


@dataclass
class FakeSpider:
    """All that a feed storage asks of a spider."""

    is_refused: bool


@pytest.mark.parametrize(("refused", "left"), [(False, "new"), (True, "old")])
def test_a_feed_file_is_written_whole(tmp_path: Path, refused: bool, left: str) -> None:
    """Until the end the old file stands; a refused crawl leaves it; what a killed crawl left behind goes."""
    path = tmp_path / "out.jsonl"
    path.write_text("old")
    (tmp_path / ".out.jsonl.0123abcd.tmp").write_text("killed")
    storage = WholeFileStorage(str(path), feed_options={"overwrite": True})
    file = storage.open(FakeSpider(refused))  # type: ignore[arg-type]
    file.write(b"new")
    assert path.read_text() == "old"
    storage.store(file)
    assert path.read_text() == left
    assert [each.name for each in tmp_path.iterdir()] == ["out.jsonl"]


def test_parquet_is_never_appended_to(tmp_path: Path) -> None:
    """-o with an existing Parquet file is refused before the crawl; a new one, -O and other formats are not."""
    path = tmp_path / "out.parquet"
    check_feeds({str(path): {"format": "parquet"}})
    path.touch()
    check_feeds({str(path): {"format": "parquet", "overwrite": True}, str(path.with_suffix(".csv")): {"format": "csv"}})
    with pytest.raises(BadOption, match=r"can't be appended to; -O .*out\.parquet"):
        check_feeds({str(path): {"format": "parquet"}})
