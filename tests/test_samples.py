"""Samples of a site are picked by small columns; only the rows picked are read whole."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tinsach.cleaning import Article, Block, Rejected
from tinsach.datasets import samples
from tinsach.datasets.archive import ArchiveWriter, FetchedResponse, list_archive, read_archive
from tinsach.datasets.layout import DataDir, SiteDir
from tinsach.datasets.records import Source, article_row, reject_row
from tinsach.datasets.samples import find_rejected, pick_pages, read_headings, read_records, read_samples
from tinsach.datasets.schema import RECORD_SCHEMA, REJECT_SCHEMA
from tinsach.datasets.shards import Account, RowWriter

SITE = "ngaynay.vn"
START = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> SiteDir:
    """Twelve days of ten pages each; the tenth is rejected, the first is the same article every day."""
    site = DataDir(tmp_path).site(SITE)
    for day in range(12):
        write_day(site, day)
    return site


def write_day(site: SiteDir, day: int) -> None:
    at = START + timedelta(days=day)
    run = f"{at:%Y%m%dT%H%M%SZ}-0000"
    with ArchiveWriter(site, run, software={}) as writer:
        for number in range(10):
            url = f"https://{SITE}/{day if number else 0}-{number}"
            writer.write(FetchedResponse(url, 200, "OK", (), b"<p>", at + timedelta(minutes=number)))
    (warc,) = (path for path in list_archive(site) if path.name.startswith(run))
    source = Source(SITE, warc.name, "0" * 16)
    name = warc.name.removesuffix(".warc.gz") + ".parquet"
    for folder in (site.records, site.rejects):
        folder.mkdir(exist_ok=True)
    with (
        RowWriter(site.records / name, RECORD_SCHEMA) as records,
        RowWriter(site.rejects / name, REJECT_SCHEMA) as rejects,
    ):
        for number, response in enumerate(read_archive(warc)):
            assert not isinstance(response, Exception)
            if number == 9:
                rejects.write(reject_row(Rejected("no-text"), response, source))
                continue
            article = Article(
                url=response.url,
                site=SITE,
                title=f"Tin {day}-{number}",
                blocks=(Block("paragraph", "Một đoạn."),),
                extraction="generic" if number == 8 else "profile",
                extraction_name=SITE,
            )
            records.write(article_row(article, response, source, response.url))
        for writer in (records, rejects):
            writer.finish(Account(rules_version="0" * 16, warc_bytes=1, warc_mtime_ns=1))


def test_samples_are_spread_over_the_time(site: SiteDir) -> None:
    """Each article once, at its last version, in order of fetching, within the bounds; a rejected page has no row."""
    start, end = START + timedelta(days=2), START + timedelta(days=4, minutes=2)
    found = read_samples(site, start=start, end=end, most=10)
    assert [sample.url.removeprefix(f"https://{SITE}/") for sample in found] == [
        "2-1", "2-3", "2-5", "2-7", "2-9", "3-2", "3-4", "3-6", "3-8", "0-0",
    ]  # fmt: skip
    assert [sample.row is None for sample in found] == [False] * 4 + [True] + [False] * 5
    assert found[-1].row is not None and found[-1].row["title"] == "Tin 4-0"
    assert len(read_samples(site)) == 60


def test_records_are_those_of_the_pages_asked_for(site: SiteDir) -> None:
    """The latest before the end; one that another path than the profile made is none."""
    urls = [f"https://{SITE}/{name}" for name in ("0-0", "3-1", "3-8", "3-9", "11-1")]
    found = read_records(site, urls, end=START + timedelta(days=5))
    assert {url.rpartition("/")[2]: row["title"] for url, row in found.items()} == {"0-0": "Tin 4-0", "3-1": "Tin 3-1"}
    assert find_rejected(site, urls, end=START + timedelta(days=5)) == {f"https://{SITE}/3-9"}
    headings = read_headings(site, start=START + timedelta(days=3), end=START + timedelta(days=4))
    assert headings == {f"Tin 3-{number}" for number in range(8)}


def test_only_what_is_picked_is_read_whole(site: SiteDir, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a site of years no more than the sample is in memory, and no file that is too old is opened."""
    whole, opened = 0, set()
    read_table = samples._read_table  # the one place that rows come from

    def note(path: Path, columns: list[str], *rest: Any) -> list[dict[str, Any]]:
        nonlocal whole
        rows = read_table(path, columns, *rest)
        whole += len(rows) if "text" in columns else 0
        opened.add(path.name[:8])
        return rows

    monkeypatch.setattr(samples, "_read_table", note)
    read_samples(site, start=START + timedelta(days=9), most=4)
    read_records(site, [f"https://{SITE}/11-1"], end=START + timedelta(days=20))
    assert (whole, "20261105" in opened) == (5, True)
    opened.clear()
    read_samples(site, start=START + timedelta(days=9), most=4)
    assert opened == {f"202611{day:02}" for day in range(8, 13)}


def test_many_pages_are_read_part_by_part(site: SiteDir) -> None:
    """Evenly picked of all there are, in order, each once; the parts together are what was picked."""
    picked = pick_pages(site, start=START, most=50)
    parts = list(picked.read(20))
    assert (picked.total, [len(part) for part in parts]) == (109, [20, 20, 10])
    assert {sample.url for part in parts for sample in part} == picked.urls
    days = [sample.response.fetched_at.day for part in parts for sample in part]
    assert days == sorted(days)
    assert set(days) == set(range(1, 13))
