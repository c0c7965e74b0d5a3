"""The report of a release: its figures are those of the rows, and the page stands alone and escapes what it shows."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tinsach.datasets.report import draw_bars, draw_columns, render_report
from tinsach.datasets.schema import RELEASE_SCHEMA
from tinsach.datasets.stats import count_release

STATS: dict[str, Any] = {
    "sites": [
        {"site": "a.vn", "articles": 2, "words": 900, "first": "2026-01-01", "last": None},
        {"site": "b.vn", "articles": 1, "words": 10, "first": None, "last": None},
    ],
    "days": [
        {"site": "a.vn", "day": "2026-01-01", "articles": 2},
        {"site": "b.vn", "day": "2026-01-03", "articles": 1},
    ],
    "lengths": [{"words": 0, "articles": 1}, {"words": 400, "articles": 2}],
    "languages": [{"language": "vi", "articles": 3}],
    "fill": {"title": 1.0, "agency": 0.25},
    "removed": [
        {"site": "a.vn", "kind": "junk", "blocks": 3, "chars": 9},
        {"site": "b.vn", "kind": "byline", "blocks": 7, "chars": 9},
    ],
    "clusters": [{"id": "a.vn:1", "title": "Cầu <b>mới</b>", "articles": 4, "sites": ["a.vn", "b.vn"]}],
    "samples": [
        {"id": "a.vn:1", "url": "u", "site": "a.vn", "title": "<script>x</script>", "text": None, "removed": 1}
    ],
}
MANIFEST = {
    "name": "r1",
    "rows": 3,
    "bytes": 1234567,
    "files": [{}],
    "created_at": "2026-01-02T00:00:00+00:00",
    "tinsach": "0.1.0",
    "schema_version": 2,
    "left_out": [],
    "breaches": [],
    "forced": False,
    "options": {"keep_duplicates": False},
    **dict.fromkeys(("older_versions", "filtered", "taken_down", "duplicates", "near_duplicates"), 0),
}


class _Tags(HTMLParser):
    """The tags of a page with their attributes, and those left open."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("meta", "line"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag != "line":
            assert self.open.pop() == tag


def test_the_page_stands_alone() -> None:
    """No script, no link, no picture, no address of another server; every tag that opens closes."""
    page = render_report(MANIFEST, STATS)
    tags = _Tags(page)
    assert tags.open == []
    assert not {tag for tag, _ in tags.found} & {"script", "link", "img", "iframe", "object"}
    assert not [attributes for _, attributes in tags.found if {"src", "href"} & attributes.keys()]
    assert "http" not in page
    assert "url(" not in page


def test_what_comes_from_the_data_is_escaped() -> None:
    """Titles are text, whatever they hold."""
    page = render_report(MANIFEST, STATS)
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "Cầu &lt;b&gt;mới&lt;/b&gt;" in page


def test_the_page_says_what_the_figures_are() -> None:
    """Counts, shares, kinds a site, papers of a cluster; a forced release says so, another does not."""
    page = render_report(MANIFEST, STATS)
    for shown in ("1,234,567 bytes", "25.0%", "a.vn, b.vn", "2026-01-01 a.vn: 2"):
        assert shown in page, shown
    assert '<tr><th>site</th><th class="n">byline</th><th class="n">junk</th></tr>' in page
    assert '<tr><td>b.vn</td><td class="n">7</td><td class="n">0</td></tr>' in page
    assert "by force" not in page
    forced = render_report(MANIFEST | {"forced": True, "left_out": ["run-00000.parquet: damaged"]}, STATS)
    assert "published by force." in forced
    assert "Articles are missing:</strong> run-00000.parquet: damaged<" in forced


def test_plots_have_scales() -> None:
    """Round numbers beside, some labels below; lengths without an article keep their place, the time is readable."""
    page = render_report(MANIFEST, STATS)
    assert "made 2026-01-02 00:00 UTC by" in page
    texts = re.findall(r"<text [^>]*>([^<]*)</text>", page)
    for shown in ("2026-01-01", "2026-01-03", "0–99", "300–399", "1", "2"):
        assert shown in texts, shown
    labels = re.findall(r">(\d{4})</text>", draw_columns([str(year) for year in range(1900, 2000)], [[3]] * 100, ["x"]))
    assert 5 <= len(labels) <= 7
    assert "Always: title." in page and "Always: title" not in render_report(MANIFEST, STATS | {"fill": {"title": 0.5}})


def test_columns_are_as_high_as_their_values() -> None:
    """The highest stack fills the plot, half of it is half as high; no values at all are an empty plot."""
    heights = [
        float(height) for height in re.findall(r'height="([\d.]+)">', draw_columns(["a", "b"], [[4], [2]], ["x"]))
    ]
    assert heights[0] == 2 * heights[1]
    assert "<rect" not in draw_columns([], [], [])


@pytest.mark.parametrize(("rows", "shown"), [([("vi", 1200)], "1,200"), ([], "<svg")])
def test_bars_show_their_values(rows: list[tuple[str, float]], shown: str) -> None:
    """A value stands behind its bar; no rows are an empty plot."""
    assert shown in draw_bars(rows)


def test_many_days_share_bars() -> None:
    """A long time fits the page: neighbouring days are drawn together, none is lost."""
    days = [{"site": "a.vn", "day": f"{2000 + day // 300}-{day:05d}", "articles": 1} for day in range(1000)]
    page = render_report(MANIFEST, STATS | {"days": days})
    counts = [int(count) for count in re.findall(r"a\.vn: (\d+)<", page)]
    assert sum(counts) == 1000
    assert len(counts) <= 120


def count_rows(folder: Path, *rows: dict[str, object]) -> dict[str, Any]:
    """The figures of a release of these rows, whose other columns are null."""
    (folder / "data").mkdir()
    table = [dict.fromkeys(RELEASE_SCHEMA.names) | {"site": "a.vn", "removed": []} | row for row in rows]
    schema = pa.schema([field.with_nullable(True) for field in RELEASE_SCHEMA])
    pq.write_table(pa.Table.from_pylist(table, schema=schema), folder / "data" / "one.parquet")
    return count_release(folder)


def test_days_are_those_of_vietnam(tmp_path: Path) -> None:
    """What is printed at half past midnight is of that day, also where the page tells the day alone."""
    times = [datetime(2026, 1, 1, 16, 59, tzinfo=UTC), datetime(2026, 1, 1, 17, tzinfo=UTC)]
    stats = count_rows(tmp_path, *({"id": str(time), "published_at": time} for time in times), {"id": "undated"})
    days = [("a.vn", "2026-01-01", 1), ("a.vn", "2026-01-02", 1)]
    assert [(each["site"], each["day"], each["articles"]) for each in stats["days"]] == days
    assert [(each["first"], each["last"]) for each in stats["sites"]] == [("2026-01-01", "2026-01-02")]


def test_a_cut_sample_says_so(tmp_path: Path) -> None:
    """What is longer than a sample ends after a whole word with "…"; what is not stays as it is."""
    stats = count_rows(
        tmp_path,
        {"id": "a.vn:1", "title": "Cầu mới", "text": "cầu mới " * 99},
        {"id": "a.vn:2", "title": "tin " * 99, "text": "Ngắn."},
    )
    samples = {sample["id"]: sample for sample in stats["samples"]}
    assert samples["a.vn:1"]["title"] == "Cầu mới" and samples["a.vn:2"]["text"] == "Ngắn."
    assert re.fullmatch(r"(cầu mới )+(cầu )?…", samples["a.vn:1"]["text"])
    assert re.fullmatch(r"(tin )+…", samples["a.vn:2"]["title"])
