"""The commands around data sets: what they say, what they write, and what they refuse, in this process."""

import csv
import gzip
import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from tinsach.datasets.archive import ArchiveWriter, FetchedResponse
from tinsach.datasets.layout import DataDir

NOW = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)


Run = Callable[..., Any]  # conftest's tinsach


def archive_pages(folder: Path, numbers: range, run: str = "run", *, ending: str = "") -> None:
    """Archive an article of ngaynay.vn for each number, with a last paragraph where one is given."""
    with ArchiveWriter(DataDir(folder / "data").site("ngaynay.vn"), run, software={}) as writer:
        for number in numbers:
            body = " ".join(f"Cây cầu thứ {number * 50 + step} nối hai bờ sông." for step in range(12))
            last = f"<p>{ending}</p>" if ending else ""
            page = f"""<html><head><title>Cầu {number}</title></head><body>
                <h1 class="article__title cms-title">Khánh thành cầu số {number}</h1>
                <div class="article__body cms-body" itemprop="articleBody"><p>{body}</p>{last}</div></body></html>"""
            url = f"https://ngaynay.vn/cau-post{number}.html"
            header = (b"Content-Type", b"text/html; charset=utf-8")
            writer.write(FetchedResponse(url, 200, "OK", (header,), page.encode(), NOW))


def test_explain_says_why_and_makes_nothing(tinsach: Run, tmp_path: Path) -> None:
    """`build --explain` names each stale shard with its reason, in both forms, and leaves the folder as it is."""
    archive_pages(tmp_path, range(2))
    shard = Path("data/sites/ngaynay.vn/records/run-00000.parquet")
    told = tinsach("build", "--explain")
    assert (told.code, told.out) == (0, f"{shard}: missing\nngaynay.vn: 1 of 1 shards would be made\n")
    assert not shard.exists()
    assert tinsach("build", "--jobs", "1").code == 0
    events = [json.loads(line) for line in tinsach("--log", "json", "build", "--explain").out.splitlines()]
    assert [(event["event"], event.get("up_to_date")) for event in events] == [("explained", 1)]


def test_a_site_that_archived_nothing_fails_no_build_of_all(tinsach: Run, tmp_path: Path) -> None:
    """A first crawl or import that failed leaves a folder; whoever names it is told."""
    archive_pages(tmp_path, range(1))
    (tmp_path / "data" / "sites" / "qdnd.vn").mkdir()
    assert tinsach("build", "--jobs", "1").code == 0
    assert "no archive of qdnd.vn; crawl it first" in tinsach("build", "qdnd.vn").err


def test_release_takes_filters_and_refuses_bad_days(tinsach: Run, tmp_path: Path) -> None:
    """Options reach the release; a day that is none is one line and code 2."""
    archive_pages(tmp_path, range(3))
    tinsach("build", "--jobs", "1")
    told = tinsach("release", "r1", "--min-words", 10, "--site", "ngaynay.vn", "--language", "vi")
    assert told.code == 0, told.err
    assert told.out.startswith("Release r1: 3 articles in 1 file, ")
    told = tinsach("release", "r2", "--since", "yesterday")
    words = "error: --since 'yesterday': not a time; write an age (2d, 6h, 30m) or a date (2026-11-20)\n"
    assert (told.code, told.err) == (2, words)
    assert tinsach("release", "r2", "--min-words", 1000).code == 2


def test_release_tells_all_that_it_left_out(tinsach: Run, tmp_path: Path) -> None:
    """What was taken down and filtered too, in words and as JSON; a takedown without an article is a note."""
    archive_pages(tmp_path, range(3))
    tinsach("build", "--jobs", "1")
    assert tinsach("release", "r0", "--language", "en").code == 2
    (tmp_path / "data" / "takedown.txt").write_text("ngaynay.vn:0\nngaynay.vn:77\nhttps://bao.example/1\n")
    with gzip.open("short.txt.gz", "wt", encoding="utf-8") as file:
        file.write("Một chuyện ngắn.")
    tinsach("import", "short.txt.gz")
    tinsach("build", "--jobs", "1")
    told = tinsach("release", "r1", "--min-words", 10)
    words = "; left out: 0 older versions, 1 taken down, 1 filtered, 0 duplicates, 0 near-duplicates"
    assert told.out.splitlines()[0].endswith(words)
    assert told.err == "takedown.txt: 2 lines without an article here; kept for later\n"
    [event] = map(json.loads, tinsach("--log", "json", "release", "r2", "--min-words", 10).out.splitlines())
    left_out = event["left_out"]
    assert (left_out["taken_down"], left_out["takedowns_unmatched"], left_out["filtered"]) == (1, 2, 1)


def test_a_release_tells_what_is_not_built(tinsach: Run, released: Path, tmp_path: Path) -> None:
    """A note for archive files without records; a shard that was set aside stops it until it is built anew."""
    archive_pages(tmp_path, range(7, 8), "run2")
    told = tinsach("release", "r2", "--keep-duplicates")
    assert told.out.splitlines()[0].endswith("0 taken down, 0 filtered; marked: 0 duplicates, 0 near-duplicates")
    assert told.err == (
        "ngaynay.vn: its archive holds more than its records; `tinsach build ngaynay.vn`, then release anew\n"
    )
    manifest = json.loads((tmp_path / "data/releases/r2/manifest.json").read_text())
    assert (manifest["unbuilt"], manifest["rows"]) == (["ngaynay.vn"], 3)
    tinsach("build", "--jobs", "1")
    shard = tmp_path / "data/sites/ngaynay.vn/records/run2-00000.parquet"
    shard.rename(f"{shard}.damaged")
    told = tinsach("release", "r3")
    assert told.code == 2
    assert "run2-00000.parquet: left out, damaged and set aside; `tinsach build ngaynay.vn`" in told.err
    tinsach("build", "--jobs", "1")
    told = tinsach("release", "r3")
    assert (told.code, told.err) == (0, "")


def test_show_tells_of_shards_that_it_cannot_read(tinsach: Run, released: Path, tmp_path: Path) -> None:
    """A version may be in them: named where there is none else, and beside those there are, with code 1."""
    archive_pages(tmp_path, range(1), "run2", ending="Cầu mở cửa đón khách từ sáng thứ bảy tuần này.")
    tinsach("build", "--jobs", "1")
    first, second = sorted((tmp_path / "data/sites/ngaynay.vn/records").glob("*.parquet"))
    second.write_bytes(second.read_bytes()[:-9])
    told = tinsach("show", "ngaynay.vn:0")
    assert (told.code, told.out.count("run-00000.warc.gz at")) == (1, 1)
    assert f"{second.relative_to(tmp_path)}: left out" in told.err
    content = bytearray(first.read_bytes())
    content[4:24] = bytes(20)
    first.write_bytes(content)
    told = tinsach("show", "ngaynay.vn:1")
    assert told.code == 2
    assert f"set aside as {first.name}.damaged; `tinsach build ngaynay.vn` makes it anew" in told.err
    tinsach("build", "--jobs", "1")
    assert tinsach("show", "ngaynay.vn:0").out.count("warc.gz at") == 2


def test_a_damaged_shard_is_built_again_before_a_release(tinsach: Run, released: Path, tmp_path: Path) -> None:
    """The release stops and sets it aside, `doctor` shows it, `build` makes it anew, and the release has all rows."""
    archive_pages(tmp_path, range(3, 4), run="run2")
    tinsach("build", "--jobs", "1")
    shard = tmp_path / "data/sites/ngaynay.vn/records/run-00000.parquet"
    shard.write_bytes(shard.read_bytes()[:4] + bytes(5000) + shard.read_bytes()[5004:])
    assert tinsach("build", "--explain").out == "ngaynay.vn: 0 of 2 shards would be made\n"
    told = tinsach("release", "r2")
    assert told.code == 2
    assert told.err.startswith(
        "error: data/releases/r2: not published, articles would be missing: data/sites/ngaynay.vn"
    )
    assert (
        "set aside as run-00000.parquet.damaged; `tinsach build ngaynay.vn` makes it anew; or use --force" in told.err
    )
    assert "run-00000.parquet.damaged: damaged, and set aside; look at the disk" in tinsach("doctor").out
    assert tinsach("build", "--jobs", "1").code == 0
    assert tinsach("release", "r2").out.startswith("Release r2: 4 articles")


@pytest.fixture
def released(tinsach: Run, tmp_path: Path) -> Path:
    """The folder of release r1, of three articles."""
    archive_pages(tmp_path, range(3))
    assert tinsach("build", "--jobs", "1").code == 0
    assert tinsach("release", "r1").code == 0
    return tmp_path / "data" / "releases" / "r1"


def test_verify_sees_every_fault(tinsach: Run, released: Path) -> None:
    """A fresh release has none; a changed byte, a missing file and a stranger are a line each, and code 1."""
    told = tinsach("verify", "r1")
    assert (told.code, told.out) == (0, "r1: 5 files, 3 rows, 0 faults\n")
    [part] = released.glob("data/**/*.parquet")
    content = bytearray(part.read_bytes())
    content[100] ^= 1
    part.write_bytes(content)
    (released / "duplicates.parquet").unlink()
    (part.parent / "part-00001.parquet").write_bytes(b"PAR1")
    told = tinsach("verify", released.as_posix())
    assert told.code == 1
    causes = sorted(line.split(": ")[2] for line in told.err.splitlines())
    assert causes == [
        "No such file or directory",
        "its bytes changed (SHA-256 differs from the manifest)",
        "not in the manifest",
    ]
    for number in range(30):
        (released / "data" / f"extra-{number}.txt").touch()
    (released / ".hidden").touch()
    told = tinsach("verify", "r1")
    lines = told.err.splitlines()
    assert len(lines) == 2 + 20 + 1
    assert lines[-1] == "  and 12 more like it"
    assert told.out == "r1: 5 files, 3 rows, 34 faults\n"
    [event] = map(json.loads, tinsach("--log", "json", "verify", "r1").out.splitlines())
    assert len(event["faults"]) == 34
    assert event["faults"][2] == "data/releases/r1/.hidden: not in the manifest"
    assert tinsach("verify", "r2").err == "error: data/releases: no release r2; there is r1\n"
    entry = {"path": "x", "rows": 1, "bytes": 1, "sha256": "0"}
    bad: list[object] = [{}, [], {"files": [entry]}, {"rows": 1, "files": [3]}]
    for manifest in [*bad, {"rows": 1, "files": [entry | {"path": 3}]}]:
        (released / "manifest.json").write_text(json.dumps(manifest))
        told = tinsach("verify", "r1")
        assert (told.code, told.err.partition(": ")[2][:46]) == (2, "data/releases/r1/manifest.json: not a manifest")
    assert "no release (it has no manifest.json)" in tinsach("verify", "data/releases/r1/manifest.json").err


def test_diff_tells_rows_and_characters(tinsach: Run, released: Path, tmp_path: Path) -> None:
    """Added, changed and gone rows are counted a site; a release does not differ from itself."""
    assert "no row differs" in tinsach("diff", "r1", "r1").out
    archive_pages(tmp_path, range(3, 5), run="run2")
    tinsach("build", "--jobs", "1")
    (tmp_path / "data" / "takedown.txt").write_text("ngaynay.vn:0\n")
    tinsach("release", "r2")
    [event] = [json.loads(line) for line in tinsach("--log", "json", "diff", "r1", "r2").out.splitlines()]
    [site] = event["sites"]
    assert (site["added"], site["changed"], site["gone"], site["same"]) == (2, 0, 1, 2)
    assert site["chars_gained"] > site["chars_lost"] > 0
    assert {example["fate"] for example in event["examples"]} == {"added", "gone"}
    assert "ngaynay.vn:4" in tinsach("diff", "r1", "r2").out


def test_diff_sees_what_a_rule_took(tinsach: Run, released: Path, tmp_path: Path) -> None:
    """A row of which only a tag changed is changed; of a rule that takes more there is an example."""
    [part] = released.rglob("part-00000.parquet")
    rows = pq.read_table(part, partitioning=None).to_pylist()
    rows[0]["tags"] = ["cầu"]
    rows[1]["removed"] = [{"kind": "junk", "rule": "learnt:line-1", "text": "Mời bạn đọc."}]
    other = Path(shutil.copytree(released, released.parent / "r2"))
    schema = pq.read_schema(part)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), other / part.relative_to(released))
    [event] = [json.loads(line) for line in tinsach("--log", "json", "diff", "r1", "r2").out.splitlines()]
    assert (event["sites"][0]["changed"], event["sites"][0]["same"]) == (1, 2)
    assert event["rules"] == [
        {
            "site": "ngaynay.vn",
            "rule": "learnt:line-1",
            "before": 0,
            "after": 12,
            "example": "ngaynay.vn:1: Mời bạn đọc.",
        }
    ]


def test_a_damaged_release_is_told_by_whoever_reads_it(tinsach: Run, released: Path) -> None:
    """diff and export name the folder or file in one line, and leave nothing behind."""
    [part] = released.rglob("part-00000.parquet")
    part.write_bytes(b"PAR1 cut off")
    for command in (["diff", "r1", "r1"], ["export", "r1"]):
        told = tinsach(*command)
        assert told.code == 2
        assert len(told.err.splitlines()) == 1
        assert "data/releases/r1" in told.err
    assert not Path("r1.jsonl").exists()


def test_show_leads_to_the_bytes(tinsach: Run, released: Path, tmp_path: Path) -> None:
    """By id or URL: the record, its versions, the archive file and offset; an unknown one is one line."""
    told = tinsach("show", "ngaynay.vn:1")
    assert told.out.startswith("Khánh thành cầu số 1\n")
    assert "run-00000.warc.gz at " in " ".join(told.out.split())
    assert tinsach("show", "https://ngaynay.vn/cau-post1.html").out == told.out
    assert tinsach("show", "ngaynay.vn:77").err.startswith("error: data: no record of ngaynay.vn:77; give an id")


def test_export_writes_three_forms(tinsach: Run, released: Path) -> None:
    """The same rows as JSON Lines, CSV and text; a file is whole or not there."""
    assert tinsach("export", "r1").out == "3 articles written to r1.jsonl\n"
    rows = [json.loads(line) for line in Path("r1.jsonl").read_text(encoding="utf-8").splitlines()]
    tinsach("export", "r1", "--format", "csv", "--out", "rows.csv")
    with Path("rows.csv").open(encoding="utf-8", newline="") as file:
        cells = list(csv.DictReader(file))
    assert (
        [row["id"] for row in rows] == [row["id"] for row in cells] == [f"ngaynay.vn:{number}" for number in range(3)]
    )
    assert [row["text"] for row in rows] == [row["text"] for row in cells]
    assert json.loads(cells[0]["blocks"]) == rows[0]["blocks"]
    tinsach("export", "r1", "--format", "txt")
    assert Path("r1.txt").read_text(encoding="utf-8").count("\n====\n") == 2
    assert tinsach("export", "r1", "--out", "r1.jsonl/x").code == 2


def test_a_file_that_is_there_is_replaced_only_by_force(tinsach: Run, released: Path) -> None:
    """`clean` and `export` alike: one line, the file as it was; nor is a folder made above it."""
    Path("x.txt").write_text("Một chuyện về cây cầu bắc qua sông lớn.", encoding="utf-8")
    Path("rows.jsonl").write_text("mine")
    for command in (["clean", "x.txt", "--out", "rows.jsonl"], ["export", "r1", "--out", "rows.jsonl"]):
        told = tinsach(*command)
        assert (told.code, Path("rows.jsonl").read_text()) == (2, "mine")
        assert told.err == "error: rows.jsonl: there already; choose another name, or replace it with --force\n"
        assert tinsach(*command, "--force").code == 0
        assert Path("rows.jsonl").read_text(encoding="utf-8").startswith("{")
        Path("rows.jsonl").write_text("mine")
        told = tinsach(*command[:-1], "no/such/rows.jsonl")
        assert told.err.startswith(
            "error: no/such/rows.jsonl: there is no folder no/such; make it, or correct the name"
        )
    assert tinsach("clean", "x.txt", "--out", "each").code == 0
    assert tinsach("clean", "x.txt", "--out", "each").code == 2
    assert tinsach("clean", "x.txt", "--out", "no/such").code == 2
    assert not Path("no").exists()


def test_import_of_pages_texts_and_archives_ends_in_one_release(tinsach: Run, tmp_path: Path) -> None:
    """A folder of HTML, a JSONL of texts, a Parquet of pages and a WARC: each item becomes a record of a release."""
    page = """<html><head><title>Cầu {0}</title><link rel="canonical" href="https://{1}/cau-post{0}.html"></head><body>
        <h1 class="article__title">Cầu số {0}</h1>
        <div class="article__body cms-body" itemprop="articleBody"><p>{2}</p><p>Hết rồi, {2}</p></div></body></html>"""
    words = " ".join(f"Câu chuyện thứ {number} kể về cây cầu bắc qua sông lớn." for number in range(12))
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "one.html").write_text(page.format(1, "bao.example", f"Một. {words}"), encoding="utf-8")
    (folder / ".hidden").write_text("no page")
    text = json.dumps({"text": words.replace("cầu", "đò")})
    (tmp_path / "texts.jsonl").write_text(text + "\n{broken\n", encoding="utf-8")
    other = page.format(2, "ngaynay.vn", words.replace("sông", "suối"))
    pq.write_table(pa.table({"html": [other, None], "url": [None, "x"]}), tmp_path / "pages.parquet")
    archive_pages(tmp_path / "elsewhere", range(7, 8))
    [warc] = (tmp_path / "elsewhere").rglob("*.warc.gz")
    told = tinsach("import", folder, "texts.jsonl", "pages.parquet", warc, "no.html")
    assert told.code == 1
    json_error, *errors = [line for line in told.err.splitlines() if line.startswith("error")]
    assert json_error.startswith("error: texts.jsonl: line 2: not valid JSON (")
    assert errors == [
        "error: pages.parquet: row 2: column 'html' holds null, not text; a row needs a string in 'text' or 'html'; "
        "skipped",
        "error: no.html: no such file; check the name",
    ]
    assert tinsach("build", "--jobs", "1").code == 0
    assert tinsach("release", "all").code == 0
    rows = ds.dataset(tmp_path / "data" / "releases" / "all" / "data").to_table(["id", "site", "text"]).to_pylist()
    assert sorted(row["id"] for row in rows if row["site"] == "ngaynay.vn") == ["ngaynay.vn:2", "ngaynay.vn:7"]
    assert len(rows) == 4
    assert any("đò" in row["text"] for row in rows)


def test_import_refuses_what_it_cannot_use(tinsach: Run, tmp_path: Path) -> None:
    """Nothing usable is code 2; a bad name for the archive and a missing column are one line each."""
    (tmp_path / "x.jsonl").write_text('{"body": 3}\n')
    told = tinsach("import", "x.jsonl")
    assert (told.code, told.err.splitlines()[0]) == (2, "error: x.jsonl: no column 'text' or 'html'; it has: body")
    assert "not a name for a folder" in tinsach("import", "x.jsonl", "--site", "../x").err
    assert not (tmp_path / "data" / "sites" / "imported" / "archive").exists()


def test_of_a_folder_only_what_can_hold_articles_is_imported(tinsach: Run, tmp_path: Path) -> None:
    """A page as browsers save it, with its scripts beside; pages and archives under any name; the rest is counted."""
    page = f"<!DOCTYPE html><html><head><title>Cầu</title></head><body><h1>Cầu</h1><p>{WORDS}</p></body></html>"
    folder = tmp_path / "saved"
    (folder / "bai_files").mkdir(parents=True)
    for name in ("bai.html", "bai_files/saved_resource.html", "bai.php"):
        (folder / name).write_text(page.replace("Cầu", name), encoding="utf-8")
    for name in ("app.js", "tool.js", "style.css", "config.json"):
        (folder / "bai_files" / name).write_text('{"text": "no article"}')
    (folder / "README").write_text("Pages saved in 2026.")
    (folder / "logo.svg").write_text('<?xml version="1.0"?><svg></svg>')
    (folder / "picture.png").write_bytes(b"\x89PNG\0")
    (folder / "page").write_bytes(gzip.compress(b"<!-- saved --> \n<HTML>" + page.replace("Cầu", "Đò").encode()))
    told = tinsach("import", "saved")
    assert (told.code, told.err) == (
        0,
        "passed over: 2 .js, 1 without ending, 1 .json, 1 .html, 1 .css, 1 .svg, 1 .png\n"
        "3 items archived, 0 failed; `tinsach build` cleans them\n",
    )
    [event] = map(json.loads, tinsach("--log", "json", "import", "saved").out.splitlines())
    assert event["passed_over"][".js"] == 2
    told = tinsach("import", "saved/README", "saved/bai_files/config.json")
    assert told.err.startswith("2 items archived")  # what is named is read


def test_an_import_of_nothing_is_told(tinsach: Run, tmp_path: Path) -> None:
    """A folder without any file to read, and a table without rows, are a mistake: one line and code 2."""
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "app.js").write_text("let x;")
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / "none.parquet")
    told = tinsach("import", "saved", "none.parquet")
    assert (told.code, told.err.splitlines()[:2]) == (
        2,
        [
            "error: saved, none.parquet: nothing to import; it takes pages, texts, WARC, JSONL and Parquet",
            "passed over: 1 .js",
        ],
    )


def test_what_is_no_page_in_a_warc_is_counted(tinsach: Run, tmp_path: Path) -> None:
    """Redirects, errors and pictures by what they are; a page kept without HTTP, as a resource, is a page."""
    page = f"<html><head><title>Cầu</title></head><body><article><h1>Cầu</h1><p>{WORDS}</p></article></body></html>"
    http = "application/http; msgtype=response"
    records = [
        ("response", http, b"HTTP/1.1 301 Moved\r\nContent-Type: text/html\r\n\r\n"),
        ("response", http, b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>gone</p>"),
        ("response", http, b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG"),
        ("resource", "text/html; charset=utf-16le", page.encode("utf-16le")),
        ("resource", "text/dns", b"a.example 10.0.0.1"),
        ("metadata", "application/warc-fields", b"via: x"),
    ]
    with gzip.open("other.warc.gz", "wb") as file:
        for number, (kind, media, block) in enumerate(records):
            head = (
                f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: 2026-11-20T01:02:03Z\r\nContent-Type: {media}\r\n"
                f"WARC-Target-URI: https://a.example/{number}\r\nContent-Length: {len(block)}\r\n\r\n"
            )
            file.write(head.encode() + block + b"\r\n\r\n")
    told = tinsach("import", "other.warc.gz")
    assert (told.code, told.err.splitlines()) == (
        0,
        [
            "passed over: 1 HTTP 301, 1 HTTP 404, 1 image/png, 1 text/dns",
            "1 item archived, 0 failed; `tinsach build` cleans them",
        ],
    )
    tinsach("build", "--jobs", 1)
    assert "Cầu" in tinsach("show", "https://a.example/3").out
    told = tinsach("clean", "other.warc.gz")
    assert told.err == "1 file: 1 record, passed over 1 HTTP 301, 1 HTTP 404, 1 image/png, 1 text/dns\n"


def test_an_item_is_imported_once(tinsach: Run, tmp_path: Path) -> None:
    """The same bytes of the same address are told and passed over, in one import and in the next; new ones are not."""
    texts = [json.dumps({"text": f"Câu chuyện thứ {number} kể về cây cầu bắc qua sông lớn."}) for number in range(3)]
    (tmp_path / "x.jsonl").write_text("\n".join([*texts[:2], texts[0]]), encoding="utf-8")
    told = tinsach("import", "x.jsonl")
    assert (told.code, told.err) == (
        0,
        "2 items archived, 1 equal another of this import, 0 failed; `tinsach build` cleans them\n",
    )
    (tmp_path / "x.jsonl").write_text("\n".join(texts), encoding="utf-8")
    assert tinsach("import", "x.jsonl").err.startswith("1 item archived, 2 imported before, 0 failed")
    told = tinsach("--log", "json", "import", "x.jsonl")
    [event] = map(json.loads, told.out.splitlines())
    assert (told.code, event["archived"], event["known"], event["repeated"]) == (0, {}, {"imported": 3}, {})
    assert tinsach("import", "x.jsonl").err == "0 items archived, 3 imported before, 0 failed\n"
    assert len(list((tmp_path / "data/sites/imported/archive").iterdir())) == 2  # no file for nothing
    tinsach("build", "--jobs", "1")
    assert tinsach("release", "all").out.startswith("Release all: 3 articles")


def test_a_bad_address_is_refused_by_clean_and_import_alike(tinsach: Run, tmp_path: Path) -> None:
    """One line names place and value; the other rows go on."""
    rows = [{"text": "Một chuyện.", "url": "bao.example/1"}, {"text": "Hai chuyện.", "url": 7}, {"text": "Ba chuyện."}]
    (tmp_path / "x.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    lines = [
        "error: x.jsonl: line 1: url 'bao.example/1' is no absolute http(s) address; skipped",
        "error: x.jsonl: line 2: column 'url' holds a number, not text; skipped",
    ]
    for command in (["clean", "x.jsonl", "--out", "y.jsonl"], ["import", "x.jsonl"]):
        told = tinsach(*command)
        assert told.code == 1
        assert [line for line in told.err.splitlines() if line.startswith("error")] == lines


def test_an_address_that_no_archive_can_hold_is_refused(tinsach: Run, tmp_path: Path) -> None:
    """A row's of 40 kB is told, cut; a page's own one is none; the longest that are taken can be read again."""
    long = "https://bao.example/" + "x" * 40_000
    most = "https://bao.example/" + "y" * (8_000 - 20)
    page = f'<html><head><link rel="canonical" href="{long}"></head><body><h1>Cầu</h1><p>{WORDS}</p></body></html>'
    rows = [{"text": WORDS, "url": long}, {"html": page}, {"text": WORDS.replace("cầu", "phà"), "url": most, **GIVEN}]
    (tmp_path / "x.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tmp_path / "x.warc").write_bytes(
        gzip.decompress(write_response(most.replace("yy", "đ"), page.replace("cầu", "đò"), "Content-Type: text/html"))
    )
    told = tinsach("import", "x.jsonl", "x.warc")
    [line] = [line for line in told.err.splitlines() if line.startswith("error")]
    assert line == (
        f"error: x.jsonl: line 1: url '{long[:60]}…' is of 40,020 bytes; an address has 8,000 at most; skipped"
    )
    assert (told.code, len(read_release(tinsach, tmp_path, "r1"))) == (1, 3)


WORDS = " ".join(f"Câu chuyện thứ {number} kể về cây cầu bắc qua sông lớn." for number in range(12))
GIVEN = {
    "title": "Thông xe cầu mới",
    "lead": "Sáng nay,  cầu mới thông xe.",
    "authors": ["Hà An", "Minh Tâm"],
    "agency": "TTXVN",
    "published_at": "2026-11-20T10:30:00+07:00",
    "modified_at": "2026-11-20T11:00:00+07:00",
    "section": "Giao thông",
    "tags": ["cầu", "sông"],
    "fetched_at": "2026-11-21T00:00:00Z",
}


def read_release(tinsach: Run, tmp_path: Path, name: str) -> list[dict[str, object]]:
    """The rows of what is built and released now."""
    assert tinsach("build", "--jobs", "1").code == 0
    assert tinsach("release", name).code == 0
    rows: list[dict[str, object]] = ds.dataset(tmp_path / "data/releases" / name / "data").to_table().to_pylist()
    return rows


def test_known_columns_of_a_row_are_carried_into_the_release(tinsach: Run, tmp_path: Path) -> None:
    """Through the archive alone, from JSONL and Parquet alike, and as `clean` has them; built again they are equal."""
    at = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)
    (tmp_path / "x.jsonl").write_text(json.dumps({"text": WORDS, "url": "https://bao.example/1", **GIVEN}))
    table = {name: [value] for name, value in GIVEN.items()} | {"text": [WORDS.replace("cầu", "đò")]}
    table |= {"published_at": pa.array([at], pa.timestamp("ns", "UTC")), "section": pa.array([None], pa.null())}
    pq.write_table(pa.table(table), tmp_path / "y.parquet")
    assert tinsach("import", "x.jsonl", "y.parquet").code == 0
    rows = read_release(tinsach, tmp_path, "r1")
    for row in rows:
        assert (row["title"], row["lead"]) == ("Thông xe cầu mới", "Sáng nay, cầu mới thông xe.")
        assert (row["authors"], row["agency"], row["tags"]) == (GIVEN["authors"], "TTXVN", GIVEN["tags"])
        assert (row["published_at"], row["published_precision"]) == (at, "second")
        assert (row["modified_at"], row["fetched_at"]) == (
            at.replace(hour=4, minute=0),
            datetime(2026, 11, 21, tzinfo=UTC),
        )
    assert {(row["site"], row["section"]) for row in rows} == {("bao.example", "Giao thông"), ("imported", None)}
    tinsach("clean", "x.jsonl", "--out", "clean.parquet")
    [cleaned] = pq.read_table("clean.parquet").to_pylist()
    [imported] = [row for row in rows if row["site"] == "bao.example"]
    provenance = ("warc_file", "warc_offset", "rules_version")
    assert {name for name in cleaned if cleaned[name] != imported[name]} <= {*provenance}
    shutil.rmtree(tmp_path / "data/sites/imported/records")
    assert read_release(tinsach, tmp_path, "r2") == rows


def test_a_value_that_cannot_be_used_is_left_out_and_told(tinsach: Run, tmp_path: Path) -> None:
    """By `clean` and `import` alike: file, row, column and value; the text stays. So does what no header holds."""
    row = {"text": WORDS, "published_at": "31/02/2026", "language": "Việt", "section": "Đời sống"}
    other = " ".join(f"Mùa lúa {number} năm nay được giá {number * 3} đồng một cân." for number in range(90))
    rows = [row, {"text": other, "title": "Cầu", "tags": ["x" * 20_000], "authors": ["An"] * 3000}]
    (tmp_path / "x.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tmp_path / "y.jsonl").write_text(json.dumps(row), encoding="utf-8")
    time = "column 'published_at' holds '31/02/2026': not a time from 1990 to 2100; write it as "
    for command in (["clean", "y.jsonl", "--out", "z.jsonl"], ["import", "x.jsonl"]):
        told = tinsach(*command)
        assert told.code == 1
        first, second, *others, summary = told.err.splitlines()
        assert first.startswith(f"error: {command[1]}: line 1: {time}")
        assert first.endswith("; the value is left out")
        assert "column 'language' holds 'Việt': no ISO 639 code" in second
        assert f", {2 + len(others)} values left out" in summary
    assert others == [
        f"error: x.jsonl: line 2: column {column} bytes, and all beside the text may hold 16,000; the value is left out"
        for column in ("'tags' holds 20,004", "'authors' holds 18,000")
    ]
    [cleaned] = [json.loads(line) for line in Path("z.jsonl").read_text(encoding="utf-8").splitlines()]
    released, bare = sorted(read_release(tinsach, tmp_path, "r1"), key=lambda record: len(str(record["text"])))
    assert (bare["title"], bare["tags"], bare["authors"]) == ("Cầu", [], [])
    for record in (cleaned, released):
        assert (record["text"], record["section"], record["published_at"]) == (WORDS, "Đời sống", None)


def test_values_that_python_cannot_hold_cost_no_import(tinsach: Run, tmp_path: Path) -> None:
    """Times of the year 40,000 and in a zone of nobody are left out and told; bytes that are no UTF-8 become U+FFFD."""
    size = len(WORDS.encode())
    text = pa.py_buffer(WORDS.encode() + b"\xff")
    broken = pa.StringArray.from_buffers(1, pa.array([0, size + 1], pa.int32()).buffers()[1], text)
    far = {
        "us": pa.array([2**60], pa.timestamp("us")),
        "ms": pa.array([2**61], pa.timestamp("ms")),
        "day": pa.array([2**30], pa.date32()),
        "zone": pa.array([1_700_000_000], pa.timestamp("s", "Nowhere/Zone")),
    }
    for name, times in far.items():
        pq.write_table(pa.table({"text": [f"{WORDS} {name}."], "published_at": times}), f"{name}.parquet")
        told = tinsach("import", f"{name}.parquet")
        assert (told.code, "row 1: column 'published_at' holds '" in told.err) == (1, True)
        assert told.err.endswith("1 item archived, 1 value left out, 0 failed; `tinsach build` cleans them\n")
    tags = pa.ListArray.from_arrays([0, 1], broken)
    pq.write_table(pa.table({"text": broken, "site": broken.dictionary_encode(), "tags": tags}), "utf8.parquet")
    assert tinsach("import", "utf8.parquet").code == 0
    pq.write_table(pa.Table.from_arrays([pa.array([WORDS])] * 2, names=["text", "text"]), "twice.parquet")
    assert tinsach("import", "twice.parquet").err.startswith("error: twice.parquet: has several columns 'text'; leave")
    deep = '{"text": ' + "[" * 100_000 + "]" * 100_000 + "}"
    Path("x.jsonl").write_text("\n".join([json.dumps({"text": f"{WORDS} x."}), f'{{"n": {"9" * 5000}}}', deep]))
    told = tinsach("import", "x.jsonl")
    assert (told.code, told.err.count(": not valid JSON (")) == (1, 2)
    assert "1 item archived, 2 failed" in told.err


def test_an_address_cannot_write_a_header(tinsach: Run, tmp_path: Path) -> None:
    """A row whose address has a line end inside is broken; before and behind it white space is none."""
    endings = ("\r\nWARC-Type: metadata", "\r\n\r\nHTTP/1.1 200 OK", "\0", "\tx")
    urls = [*(f"https://a.example/1{ending}" for ending in endings), " https://a.example/2\n"]
    (tmp_path / "x.jsonl").write_text("\n".join(json.dumps({"text": WORDS, "url": url}) for url in urls))
    told = tinsach("import", "x.jsonl")
    assert (told.code, told.err.splitlines()[:4]) == (
        1,
        [
            f"error: x.jsonl: line {number}: url {url!r} is no absolute http(s) address; skipped"
            for number, url in enumerate(urls[:4], start=1)
        ],
    )
    [released] = read_release(tinsach, tmp_path, "r1")
    assert released["url"] == "https://a.example/2"


def test_a_time_of_fetching_that_is_to_come_is_left_out(tinsach: Run, tmp_path: Path) -> None:
    """The row stays, as fetched when its file was written: what is fetched later still goes before it."""
    (tmp_path / "x.jsonl").write_text(json.dumps({"text": WORDS, "fetched_at": "2098-01-01"}))
    told = tinsach("import", "x.jsonl")
    assert (told.code, told.err.splitlines()[0]) == (
        1,
        "error: x.jsonl: line 1: fetched at 2097-12-31 17:00Z, which is to come; the value is left out",
    )
    [released] = read_release(tinsach, tmp_path, "r1")
    assert str(released["fetched_at"]) < str(datetime.now(UTC))


def test_a_text_of_an_article_that_is_there_as_a_page_does_not_replace_it(tinsach: Run, tmp_path: Path) -> None:
    """Imported later, of the same address: the release and `show` still have the page's record."""
    archive_pages(tmp_path, range(7, 8))
    row = {"text": WORDS, "url": "https://ngaynay.vn/cau-post7.html", "title": "Poorer", "fetched_at": "2026-11-23"}
    (tmp_path / "x.jsonl").write_text(json.dumps(row))
    assert tinsach("import", "x.jsonl").code == 0
    [released] = read_release(tinsach, tmp_path, "r1")
    assert (released["title"], released["extraction"]) == ("Khánh thành cầu số 7", "profile")
    assert tinsach("show", "ngaynay.vn:7").out.startswith("Khánh thành cầu số 7\n")


def test_what_has_no_address_is_of_the_site_that_its_row_names(tinsach: Run, tmp_path: Path) -> None:
    """A paper's texts and pages go to its archive, those of a site without profile keep its name."""
    page = f"<html><head><title>Cầu</title></head><body><article><h1>Cầu</h1><p>{WORDS}</p></article></body></html>"
    rows = [
        {"text": WORDS.replace("cầu", "đò"), "site": "ngaynay.vn"},
        {"text": WORDS.replace("cầu", "phà"), "site": "Kho báo"},
        {"html": page, "site": "Kho báo"},
    ]
    (tmp_path / "x.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert tinsach("import", "x.jsonl").code == 0
    assert sorted(DataDir(tmp_path / "data").sites()) == ["imported", "ngaynay.vn"]
    sites = sorted(str(row["site"]) for row in read_release(tinsach, tmp_path, "r1"))
    assert sites == ["Kho báo", "Kho báo", "ngaynay.vn"]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"text": [1, 2]}, "column 'text' is of type int64, not text; cast it to a string"),
        ({"text": ["a"], "url": [["b"]]}, "column 'url' is of type list<element: string>, not text"),
        ({"html": pa.array([None, None], pa.null())}, "column 'html' is of type null, not text"),
        ({"text": ["a"], "authors": ["b"]}, "column 'authors' is of type string, not a list of texts; make it one"),
        ({"text": ["a"], "published_at": [7]}, "column 'published_at' is of type int64, not a time; cast it to a time"),
    ],
)
def test_a_column_of_the_wrong_type_is_told_once(
    tinsach: Run, tmp_path: Path, table: dict[str, object], message: str
) -> None:
    """Not once a row; and nothing is archived."""
    pq.write_table(pa.table(table), tmp_path / "x.parquet")
    told = tinsach("import", "x.parquet")
    assert told.code == 2
    assert message in told.err.splitlines()[0]
    assert len(told.err.splitlines()) == 2
    assert not (tmp_path / "data/sites/imported/archive").exists()


def test_texts_in_other_forms_of_string_are_taken(tinsach: Run, tmp_path: Path) -> None:
    """Dictionaries, large strings, views and bytes hold text too."""
    words = "Câu chuyện kể về cây cầu bắc qua sông lớn."
    for number, kind in enumerate(
        (pa.large_string(), pa.string_view(), pa.large_binary(), pa.dictionary(pa.int32(), pa.string()))
    ):
        column = pa.array([f"{words} Số {number}."]).cast(kind)
        pq.write_table(pa.table({"text": column}), tmp_path / f"{number}.parquet")
    assert tinsach("import", *(f"{number}.parquet" for number in range(4))).err.startswith("4 items archived, 0 failed")


def write_member(kind: str, block: bytes, url: str | None = None) -> bytes:
    """One WARC record as CC-NEWS has it: a gzip member of its own."""
    lines = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        "WARC-Date: 2026-11-20T01:02:03Z",
        f"WARC-Record-ID: <urn:uuid:{hashlib.md5(block, usedforsecurity=False).hexdigest()}>",
        *([f"WARC-Target-URI: {url}"] if url else []),
        f"Content-Type: application/{'http; msgtype=' + kind if url else 'warc-fields'}",
        f"Content-Length: {len(block)}",
    ]
    return gzip.compress("\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n")


def write_response(url: str, html: str, *headers: str, charset: str = "utf-8", chunked: bool = False) -> bytes:
    body = html.encode(charset)
    if chunked:
        body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:100], body[100:], b""))
        headers = (*headers, "Transfer-Encoding: chunked")
    head = "\r\n".join(["HTTP/1.1 200 OK", *headers])
    return write_member("response", f"{head}\r\n\r\n".encode() + body, url)


def test_a_warc_of_many_hosts_is_imported_host_by_host(tinsach: Run, tmp_path: Path) -> None:
    """As CC-NEWS: other records between, chunked bodies, the charset in the header, headers that lie, other hosts."""
    page = """<html><head><title>{0}</title></head><body><h1 class="article__title">{0}</h1>
        <div class="article__body cms-body" itemprop="articleBody"><p>{1}</p></div></body></html>"""
    words = " ".join(f"Câu chuyện thứ {number} kể về cây cầu bắc qua sông lớn." for number in range(12))
    ferry = words.replace("cây cầu bắc", "chuyến đò đi")
    russian = " ".join(f"История номер {number} рассказывает о мосте через большую реку." for number in range(12))
    known, other = "https://ngaynay.vn/cau-post7.html", "https://novosti.example/most-7.html"
    text = "Content-Type: Text/HTML"
    members = [
        write_member("warcinfo", b"software: crawler\r\n"),
        write_member("request", b"GET / HTTP/1.1\r\n\r\n", known),
        write_response(known, page.format(7, words), f"{text}; charset=utf-8", chunked=True),
        write_response(other, page.format(8, russian), f"{text}; charset=koi8-r", charset="koi8-r"),
        write_response("https://ngaynay.vn/anh.jpg", "no page", "Content-Type: image/jpeg"),
        write_response("https://ngaynay.vn/song-post8.html", page.format(8, ferry), text, "Content-Encoding: br"),
        write_response("ftp://bao.example/x", page.format(9, words), text),
    ]
    (tmp_path / "news.warc.gz").write_bytes(b"".join(members))
    told = tinsach("import", "news.warc.gz")
    assert told.code == 1
    [error] = [line for line in told.err.splitlines() if line.startswith("error")]
    assert error.endswith("url 'ftp://bao.example/x' is no absolute http(s) address; skipped")
    tinsach("build", "--jobs", "1")
    assert tinsach("release", "all").code == 0
    rows = ds.dataset(tmp_path / "data" / "releases" / "all" / "data").to_table().to_pylist()
    assert {(row["id"], row["site"], row["extraction_name"], row["text"]) for row in rows} == {
        ("ngaynay.vn:7", "ngaynay.vn", "ngaynay.vn", words),
        ("ngaynay.vn:8", "ngaynay.vn", "ngaynay.vn", ferry),
        ("novosti.example/most-7.html", "novosti.example", rows[-1]["extraction_name"], russian),
    }
    assert {row["fetched_at"] for row in rows} == {datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC)}


def test_learn_proposes_and_takes_decisions(tinsach: Run, tmp_path: Path) -> None:
    """A table and a file; --accept by name, then a build takes the line out; mistakes are one line and code 2."""
    line = "Tòa soạn chúc bà con một ngày an lành và nhiều niềm vui"
    archive_pages(tmp_path, range(12), ending=line)
    assert tinsach("learn", "ngaynay.vn").err.endswith("no records of ngaynay.vn; build it first\n")
    tinsach("build", "--jobs", "1")
    assert tinsach("learn", "ngaynay.vn").out.startswith("ngaynay.vn: 0 rules proposed")  # all on one day
    told = tinsach("learn", "ngaynay.vn", "--min-days", 1)
    assert told.code == 0
    assert "ngaynay.vn: 1 rule proposed, 0 accepted, 0 refused; in 12 articles 660 of " in told.out
    told = tinsach("--log", "json", "learn", "ngaynay.vn", "--min-days", 1)
    [finding] = json.loads(told.out)["findings"]
    name = finding["rule"]["name"]
    assert (finding["rule"]["text"], finding["articles"]) == (line, 12)
    assert tinsach("learn", "ngaynay.vn", "--accept", "line-0").code == 2
    told = tinsach("learn", "ngaynay.vn", "--min-days", 1, "--accept", name)
    assert "0 rules proposed, 1 accepted, 0 refused; in 12 articles 0 of " in told.out
    assert " would go with those proposed, 660 go with the next build\n" in told.out
    tinsach("build", "--jobs", "1")
    archive_pages(tmp_path, range(12, 14), run="run2", ending=line)
    tinsach("build", "--jobs", "1")
    told = tinsach("learn", "ngaynay.vn")
    assert " 0 rules proposed, 1 accepted, 0 refused; in 14 articles 0 of " in told.out
    assert " would go with those proposed, 770 more are taken out already\n" in told.out
    [finding] = json.loads(tinsach("--log", "json", "learn", "ngaynay.vn").out)["findings"]
    assert (finding["articles"], finding["days"], finding["chars"], finding["share"]) == (14, 1, 770, 1)
    tinsach("release", "r1")
    rows = ds.dataset(tmp_path / "data" / "releases" / "r1" / "data").to_table(["text", "removed"]).to_pylist()
    assert not [row for row in rows if line in row["text"]]
    assert {removal["rule"] for row in rows for removal in row["removed"]} == {f"learnt:{name}"}
    assert tinsach("learn", "nowhere").code == 2
