"""The report of a release: its figures are those of the rows, and the page stands alone and escapes what it shows."""

import re
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
        {"site": "a.vn", "articles": 2, "words": 900, "first": "2026-01-01 06:00:00+00", "last": None},
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
    assert re.search(r"<tr><td>byline</td><td class=\"n\">0</td><td class=\"n\">7</td></tr>", page)
    assert "by force" not in page
    assert "published by force" in render_report(MANIFEST | {"forced": True}, STATS)


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


def test_a_cut_sample_says_so(tmp_path: Path) -> None:
    """What is longer than a sample ends after a whole word with "…"; what is not stays as it is."""
    row = dict.fromkeys(RELEASE_SCHEMA.names)
    rows = [
        row | {"id": "a.vn:1", "site": "a.vn", "title": "Cầu mới", "text": "cầu mới " * 99, "removed": []},
        row | {"id": "a.vn:2", "site": "a.vn", "title": "tin " * 99, "text": "Ngắn.", "removed": []},
    ]
    (tmp_path / "data").mkdir()
    schema = pa.schema([field.with_nullable(True) for field in RELEASE_SCHEMA])
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), tmp_path / "data" / "one.parquet")
    samples = {sample["id"]: sample for sample in count_release(tmp_path)["samples"]}
    assert samples["a.vn:1"]["title"] == "Cầu mới" and samples["a.vn:2"]["text"] == "Ngắn."
    assert re.fullmatch(r"(cầu mới )+(cầu )?…", samples["a.vn:1"]["text"])
    assert re.fullmatch(r"(tin )+…", samples["a.vn:2"]["title"])
