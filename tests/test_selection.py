"""What a release is made of: latest versions, within filters, each text once, with the rest on record."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from tinsach.cleaning import Article, Block
from tinsach.datasets import duplicates
from tinsach.datasets.archive import ArchivedResponse
from tinsach.datasets.layout import DataDir
from tinsach.datasets.minhash import fold_text, sign_text
from tinsach.datasets.records import Source, article_row
from tinsach.datasets.release import ReleaseOptions, make_release, read_takedown
from tinsach.datasets.schema import DUPLICATE_SCHEMA, RECORD_SCHEMA
from tinsach.datasets.selection import Filters, ReleaseError
from tinsach.datasets.shards import Account, RowWriter

NOW = datetime(2026, 1, 1, 6, tzinfo=UTC)
STORY = " ".join(f"Câu thứ {number} kể chuyện cây cầu số {number * 7}." for number in range(40))
OTHER = " ".join(f"Mùa lúa {number} năm nay được giá {number * 3} đồng một cân." for number in range(40))


def make_row(site: str, number: int, text: str, *, hours: float = 0, fetched: int = 0, **values: Any) -> dict[str, Any]:
    """A record of article `number`, published `hours` and fetched `fetched` hours after NOW."""
    article = Article(
        url=f"https://{site}/bai-{number}",
        site=site,
        title=f"Bài {number}",
        blocks=(Block("paragraph", text),),
        published_at=NOW + timedelta(hours=hours),
        published_precision="minute",
        language="vi",
        extraction="profile",
        extraction_name=site,
    )
    at = NOW + timedelta(hours=fetched)
    response = ArchivedResponse(f"https://{site}/bai-{number}", 200, (), b"", None, at, number, "")
    return {**article_row(article, response, Source(site, "run", "0" * 16), str(number)), **values}


def write_shards(root: Path, *rows: dict[str, Any]) -> DataDir:
    """Each row in a shard of its own, of the folder of its site."""
    data = DataDir(root)
    for number, row in enumerate(rows):
        path = data.site(row["site"]).records / f"run{number}-00000.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        with RowWriter(path, RECORD_SCHEMA) as writer:
            writer.write({**row, "warc_file": f"run{number}"})
            writer.finish(Account(rules_version="0" * 16, warc_bytes=1, warc_mtime_ns=1))
    return data


def read_rows(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ds.dataset(path / "data").to_table().to_pylist()
    return sorted(rows, key=lambda row: (row["id"], row["fetched_at"]))


@pytest.mark.parametrize("few_rows", [0, 5000], ids=["band by band", "all bands at once"])
def test_wire_copy_across_papers_leaves_the_first_and_names_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few_rows: int
) -> None:
    """A shortened copy in another paper is left out; the one that stays tells the papers; the rest is on file."""
    monkeypatch.setattr(duplicates, "_FEW_ROWS", few_rows)
    data = write_shards(
        tmp_path,
        make_row("a.vn", 1, STORY, hours=2),
        make_row("b.vn", 1, STORY + " Nước sông lên nhanh trong đêm qua và rút hẳn vào sáng nay.", hours=1),
        make_row("c.vn", 1, STORY, hours=3),
        make_row("a.vn", 2, OTHER),
    )
    report = make_release(data, "r1")
    assert (report.left_out.duplicates, report.left_out.near_duplicates, report.left_out.clusters) == (0, 2, 1)
    alone, first = read_rows(report.path)
    assert (first["id"], first["cluster"], first["cluster_size"]) == ("b.vn:1", "b.vn:1", 3)
    assert first["cluster_sites"] == ["a.vn", "b.vn", "c.vn"]
    assert (alone["cluster"], alone["cluster_size"], alone["cluster_sites"]) == (None, 1, [])
    gone = pq.read_table(report.path / "duplicates.parquet")
    assert gone.schema.equals(DUPLICATE_SCHEMA)
    assert [(row["id"], row["duplicate_of"], row["kind"]) for row in gone.to_pylist()] == [
        ("a.vn:1", "b.vn:1", "near"),
        ("c.vn:1", "b.vn:1", "near"),
    ]
    assert 0.9 < gone["similarity"][0].as_py() < 1


def test_a_time_known_to_the_day_is_not_the_earliest(tmp_path: Path) -> None:
    """A paper that shows only the date counts as the end of that day: midnight is no scoop."""
    day = make_row("a.vn", 1, STORY, hours=-6, published_precision="day")
    report = make_release(write_shards(tmp_path, day, make_row("b.vn", 1, STORY, hours=1)), "r1")
    assert [row["id"] for row in read_rows(report.path)] == ["b.vn:1"]


def test_a_page_goes_before_a_text_of_the_same_article(tmp_path: Path) -> None:
    """However much later the text came; of two articles of one text and time, the one that has a page stays."""
    text = {"extraction": "text"}
    data = write_shards(
        tmp_path,
        make_row("b.vn", 1, STORY),
        make_row("b.vn", 1, STORY.lower(), fetched=9, title="Poorer", **text),
        make_row("a.vn", 1, STORY, **text),
        make_row("a.vn", 2, OTHER, **text),
        make_row("a.vn", 2, OTHER, fetched=1, title="Later", **text),
    )
    rows = read_rows(make_release(data, "r1").path)
    assert [(row["id"], row["title"]) for row in rows] == [("a.vn:2", "Later"), ("b.vn:1", "Bài 1")]
    every = make_release(data, "r2", ReleaseOptions(all_revisions=True)).path
    assert [(row["id"], row["extraction"]) for row in read_rows(every)] == [("a.vn:2", "text"), ("b.vn:1", "profile")]


def test_kept_duplicates_are_marked(tmp_path: Path) -> None:
    """With keep_duplicates every row is there and names the row it equals."""
    dated = make_row("b.vn", 3, STORY, hours=-2, published_precision="day")
    rows = dated, make_row("b.vn", 1, STORY, title="Cầu mới"), make_row("b.vn", 2, OTHER)
    report = make_release(write_shards(tmp_path, *rows), "r1", ReleaseOptions(keep_duplicates=True))
    found = [(row["id"], row["duplicate_of"], row["cluster"]) for row in read_rows(report.path)]
    assert found == [("b.vn:1", None, "b.vn:1"), ("b.vn:2", None, None), ("b.vn:3", "b.vn:1", "b.vn:1")]
    [cluster] = json.loads((report.path / "stats.json").read_text(encoding="utf-8"))["clusters"]
    assert (cluster["id"], cluster["title"]) == ("b.vn:1", "Cầu mới")  # of the first article, as the report says


def test_all_revisions_are_rows_once_each(tmp_path: Path) -> None:
    """Every version that differs is a row, by the time it was first fetched; without it, only the latest."""
    rows = [make_row("a.vn", 1, text, fetched=hour) for hour, text in enumerate([STORY, STORY, OTHER])]
    data = write_shards(tmp_path, *rows)
    report = make_release(data, "r1", ReleaseOptions(all_revisions=True))
    assert [(row["text"], row["fetched_at"].hour) for row in read_rows(report.path)] == [(STORY, 6), (OTHER, 8)]
    assert [row["text"] for row in read_rows(make_release(data, "r2").path)] == [OTHER]


def test_an_old_revision_may_be_the_text_of_another_article(tmp_path: Path) -> None:
    """A paper prints an agency's text, then rewrites it: that is no duplicate, and no breach of the contract."""
    versions = [make_row("b.vn", 1, text, hours=1, fetched=hour) for hour, text in enumerate([STORY, OTHER])]
    data = write_shards(tmp_path, make_row("a.vn", 1, STORY), *versions)
    report = make_release(data, "r1", ReleaseOptions(all_revisions=True))
    found = [(row["id"], row["text"], row["duplicate_of"]) for row in read_rows(report.path)]
    assert found == [("a.vn:1", STORY, None), ("b.vn:1", STORY, None), ("b.vn:1", OTHER, None)]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(languages=("vi",)), [1, 2, 3]),
        (Filters(min_words=200), [1, 4]),
        (Filters(max_words=20), [2, 3]),
        (Filters(since=NOW + timedelta(hours=1)), [2, 3]),
        (Filters(until=NOW + timedelta(hours=1)), [1, 4]),
        (Filters(languages=("vi", "en"), max_words=20, since=NOW + timedelta(hours=2)), [3]),
    ],
)
def test_filters_choose_and_are_recorded(tmp_path: Path, filters: Filters, expected: list[int]) -> None:
    """Each filter lets through what it says; the manifest has the filters and how many articles they left out."""
    data = write_shards(
        tmp_path,
        make_row("a.vn", 1, STORY),
        make_row("a.vn", 2, "Một bài rất ngắn về cây cầu.", hours=1),
        make_row("a.vn", 3, "Một bài nữa về đường và xe.", hours=2),
        make_row("a.vn", 4, OTHER, language="en"),
    )
    report = make_release(data, "r1", ReleaseOptions(filters=filters))
    assert [int(row["id"].split(":")[1]) for row in read_rows(report.path)] == expected
    manifest = json.loads((report.path / "manifest.json").read_text())
    assert manifest["filtered"] == 4 - len(expected)
    asked = {name: value for name, value in manifest["options"]["filters"].items() if value}
    assert len(asked) == len([value for value in filters.conditions()[1].values() if value])


def test_the_latest_version_is_filtered_not_an_older_one(tmp_path: Path) -> None:
    """An article whose latest version fails a filter is out; its older version does not step in."""
    data = write_shards(tmp_path, make_row("a.vn", 1, STORY), make_row("a.vn", 1, "Bài đã gỡ.", fetched=1))
    with pytest.raises(ReleaseError, match="no record passes the filters; widen them"):
        make_release(data, "r1", ReleaseOptions(filters=Filters(min_words=50)))
    assert not (data.releases / "r1").exists()


def test_filters_that_nothing_passes_are_told_what_there_is(tmp_path: Path) -> None:
    """Languages, days and lengths, so that one sees which filter was wrong."""
    data = write_shards(tmp_path, make_row("a.vn", 1, STORY), make_row("a.vn", 2, OTHER, language="en"))
    with pytest.raises(
        ReleaseError, match=r"there are 2: language en, vi, published 20\d\d-\d\d-\d\d to .*, \d+ to \d+ words"
    ):
        make_release(data, "r1", ReleaseOptions(filters=Filters(languages=("VI",))))


def test_takedowns_hold_for_every_release(tmp_path: Path) -> None:
    """Ids and URLs in takedown.txt are in no release, with all their versions; comments are none."""
    rows = [make_row("a.vn", number, f"{STORY} {number}" if number else OTHER) for number in (0, 1)]
    data = write_shards(tmp_path, *rows, make_row("b.vn", 2, "Bài ngắn."), make_row("b.vn", 2, "Bài mới.", fetched=1))
    lines = "\ufeffa.vn:0  # by mail\n# asked for on 2026-11-20\r\nhttps://b.vn/bai-2\n"
    (tmp_path / "takedown.txt").write_text(lines, encoding="utf-8")
    report = make_release(data, "r1")
    assert [row["id"] for row in read_rows(report.path)] == ["a.vn:1"]
    assert (report.left_out.taken_down, report.left_out.takedowns_unmatched) == (3, 0)
    (tmp_path / "takedown.txt").write_text("https://ngaynay.vn/x-post2.html?utm_source=mail\nhttps://m.a.vn/bai-0\n")
    left_out = make_release(data, "r2").left_out
    assert (left_out.taken_down, left_out.takedowns_unmatched) == (0, 2)
    (tmp_path / "takedown.txt").write_text("http://www.ngaynay.vn/old-address-post7.html?utm_source=mail\n")
    assert read_takedown(data)[0][1:] == ("ngaynay.vn:7",)  # the article, whatever its address


@pytest.mark.parametrize(
    "line", ["zzz not an id", "ngaynay.vn", "167238", "ngaynay.vn: 7", "ftp://a.vn/1", "https:/a.vn"]
)
def test_a_takedown_that_names_no_article_is_an_error(tmp_path: Path, line: str) -> None:
    """File, line and value are told: what was asked for would be published otherwise."""
    path = tmp_path / "takedown.txt"
    path.write_text(f"# asked for on 2026-11-20\nimport.invalid/0f\na.vn:0\n127.0.0.1:8000/bai-7\n{line}  # by mail\n")
    with pytest.raises(ReleaseError) as caught:
        read_takedown(DataDir(tmp_path))
    assert str(caught.value).startswith(f"{path}: line 5: {line!r} is neither an id nor a URL; write it as ngaynay.vn:")


def test_signatures_tell_how_much_two_texts_share() -> None:
    """Equal up to case and composition: all places; one word changed: nearly all; another text: next to none."""

    def share(one: str, other: str) -> float:
        return sum(a == b for a, b in zip(sign_text(fold_text(one)), sign_text(fold_text(other)), strict=True)) / 128

    assert share(STORY, STORY.upper().replace("Ầ", "A\u0302\u0300")) == 1
    assert 0.9 < share(STORY, STORY.replace("số 70.", "số bảy.")) < 1
    assert share(STORY, OTHER) < 0.05
    assert sign_text("một từ") != sign_text("hai từ")


def test_the_algorithm_of_the_signatures_is_pinned() -> None:
    """Other numbers here mean that shards of different times can't be compared: raise SCHEMA_VERSION."""
    assert sign_text("tin sạch là tin đã được làm sạch")[:3] == [3557129599, 3261832556, 3442929168]
