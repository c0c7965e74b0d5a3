"""The commands as a user meets them: what goes in, what comes out, and every kind of bad input.

Each bad input is one clear line that names the file and the cause, an exit code, and never a traceback.
"""

import gzip
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tinsach.datasets.schema import RECORD_SCHEMA

pytestmark = pytest.mark.usefixtures("warm_crawls")

PAGE = """<html><head><title>Cầu mới</title>
<link rel="canonical" href="https://www.qdnd.vn/xa-hoi/tin-tuc/cau-moi-812345">
</head><body><h1 class="post-title">Cầu mới ở bản Na</h1>
<div class="post-summary"><p class="logo-online">QĐND - Bản Na có
cầu sau ba mùa lũ phải đi vòng.</p></div><div class="post-content"><div itemprop="articleBody">
<p>Cầu dài 64 m, rộng 1,8 m, chịu được hai xe máy tránh nhau trong mùa mưa.</p>
<p>Tiền làm cầu do một nhóm kỹ sư góp, dân bản góp bảy trăm ngày công suốt mùa khô.</p>
<p>* Mời bạn đọc vào chuyên mục Xã hội xem các tin, bài liên quan.</p></div></div></body></html>"""
TEXT = """Bản Na có cầu mới

Cầu dài 64 m, rộng 1,8 m, chịu được hai xe máy tránh nhau trong mùa mưa năm nay.

Tiền làm cầu do một nhóm kỹ sư góp, dân bản góp bảy trăm ngày công suốt mùa khô.

leftcenterrightdel
"""
BODY = [
    "Cầu dài 64 m, rộng 1,8 m, chịu được hai xe máy tránh nhau trong mùa mưa.",
    "Tiền làm cầu do một nhóm kỹ sư góp, dân bản góp bảy trăm ngày công suốt mùa khô.",
]
URL = "https://www.qdnd.vn/xa-hoi/tin-tuc/cau-moi-812345"


Run = Callable[..., Any]  # conftest's tinsach


def write_warc(path: Path, pages: int = 3) -> list[int]:
    """A WARC file of some pages, one gzip member a record; returns where each record starts."""
    offsets = []
    with path.open("wb") as file:
        for number in range(pages):
            offsets.append(file.tell())
            file.write(gzip.compress(make_record(f"81234{number}")))
    return offsets


def make_record(article_id: str) -> bytes:
    """A WARC response record of the page under another article's number (WARC 1.1, sections 5 and 6.3)."""
    page = PAGE.replace("812345", article_id).encode()
    payload = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
    head = (
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:0b7d9f2c-0000-4000-8000-0000000{id}>\r\n"
        "WARC-Target-URI: {url}\r\nWARC-Date: 2026-11-20T03:04:05Z\r\n"
        "Content-Type: application/http;msgtype=response\r\nContent-Length: {length}\r\n\r\n"
    ).format(id=article_id, url=URL.replace("812345", article_id), length=len(payload))
    return head.encode() + payload + b"\r\n\r\n"


def damage(path: Path, start: int, end: int) -> None:
    content = bytearray(path.read_bytes())
    content[start:end] = b"\xff" * (end - start)
    path.write_bytes(bytes(content))


def make_missing(path: Path) -> None:
    """Leaves nothing under the name."""


def make_locked_gzip(path: Path) -> None:
    path.write_bytes(gzip.compress(PAGE.encode() * 50)[:-20])


def make_cut_warc(path: Path) -> None:
    write_warc(path)
    path.write_bytes(path.read_bytes()[:-40])


def make_broken_warc(path: Path) -> None:
    offsets = write_warc(path)
    damage(path, offsets[1] + 20, offsets[2] - 20)


def make_jsonl(*lines: str) -> Callable[[Path], None]:
    return lambda path: path.write_text("\n".join(lines) + "\n", encoding="utf-8") and None


def make_wrong_parquet(path: Path) -> None:
    pq.write_table(pa.table({"body": ["x"], "headline": ["y"]}), path)


def make_broken_parquet(path: Path) -> None:
    pq.write_table(pa.table({"text": [TEXT]}), path)
    path.write_bytes(path.read_bytes()[:-9])


def make_database(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE t (x)")
    database.close()


@dataclass(frozen=True, slots=True)
class BadFile:
    """A file `tinsach clean` can't use, or not wholly: what makes it, what the line says, the exit code when alone."""

    name: str
    make: Callable[[Path], object]
    says: str
    alone: int = 2


BAD_FILES = (
    BadFile("missing.html", make_missing, "no such file"),
    BadFile("empty.html", lambda path: path.touch(), "empty (0 bytes)"),
    BadFile("empty.warc.gz", lambda path: path.touch(), "empty (0 bytes)"),
    BadFile("folder.html", lambda path: path.mkdir(), "a folder"),
    BadFile("paper.pdf", lambda path: path.write_bytes(b"%PDF-1.7\nxx"), "a PDF"),
    BadFile("image.html", lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n"), "a PNG picture"),
    BadFile("noise.html", lambda path: path.write_bytes(b"ab\0\1\2\3" * 90), "a binary file"),
    BadFile("base.sqlite", make_database, "an SQLite database"),
    BadFile("latin.txt", lambda path: path.write_bytes("Cà phê".encode("latin-1")), "not UTF-8 text"),
    BadFile("cut.html.gz", make_locked_gzip, "damaged gzip"),
    BadFile("cut.warc.gz", make_cut_warc, "record at byte", alone=1),
    BadFile("broken.warc.gz", make_broken_warc, "record at byte", alone=1),
    BadFile("none.warc", lambda path: path.write_text("not a WARC"), "not a WARC"),
    BadFile("wrong.jsonl", make_jsonl('{"body": "x", "headline": "y"}'), "no column 'text' or 'html'; it has: body, "),
    BadFile("broken.jsonl", make_jsonl(json.dumps({"text": TEXT}), "{oops", "[1]"), "line 2: not valid JSON", alone=1),
    BadFile(
        "typed.jsonl",
        make_jsonl(json.dumps({"text": 5}), json.dumps({"text": TEXT})),
        "holds a number, not text",
        alone=1,
    ),
    BadFile("wrong.parquet", make_wrong_parquet, "no column 'text' or 'html'; it has: body, headline"),
    BadFile("broken.parquet", make_broken_parquet, "not a readable Parquet file"),
)
each_bad_file = pytest.mark.parametrize("bad", BAD_FILES, ids=lambda bad: bad.name)


def check_told(ended: Any, name: str, says: str) -> None:
    """One line of the errors names the file and the cause, and there is no traceback."""
    assert "Traceback" not in ended.err + ended.out
    assert [line for line in ended.err.splitlines() if name in line and says in line], ended.err


@each_bad_file
def test_bad_file_alone_is_told_in_one_line(tinsach: Run, tmp_path: Path, bad: BadFile) -> None:
    """A file that can't be used ends with code 2; one that is broken in part with 1; both are named with the cause."""
    bad.make(tmp_path / bad.name)
    ended = tinsach("clean", bad.name, "--format", "jsonl")
    check_told(ended, bad.name, bad.says)
    assert ended.code == bad.alone
    assert bool(ended.out) == (bad.alone == 1)


@each_bad_file
def test_bad_file_does_not_stop_the_others(tinsach: Run, tmp_path: Path, bad: BadFile) -> None:
    """The files before and after a bad one are done, and the exit code is 1."""
    bad.make(tmp_path / bad.name)
    (tmp_path / "first.html").write_text(PAGE)
    (tmp_path / "last.txt").write_text(TEXT)
    ended = tinsach("clean", "first.html", bad.name, "last.txt", "--out", "out.jsonl")
    check_told(ended, bad.name, bad.says)
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert rows[0]["url"] == URL
    assert rows[-1]["title"] == "Bản Na có cầu mới" or rows[-1]["blocks"][0]["text"] == "Bản Na có cầu mới"
    assert ended.code == 1


def test_broken_record_in_the_middle_costs_only_itself(tinsach: Run, tmp_path: Path) -> None:
    """Of three records of which the middle one is damaged, the first and the last come out."""
    make_broken_warc(tmp_path / "x.warc.gz")
    ended = tinsach("clean", "x.warc.gz", "--format", "jsonl")
    assert [json.loads(line)["url"][-6:] for line in ended.out.splitlines()] == ["812340", "812342"]


def test_file_without_permission_is_named(tinsach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that this user may not read is one line; the system's word for it is the cause."""
    (tmp_path / "secret.html").write_text(PAGE)
    real_open = Path.open

    def refuse(self: Path, *arguments: object, **options: object) -> object:
        if self.name == "secret.html":
            raise PermissionError(13, "Permission denied", str(self))
        return real_open(self, *arguments, **options)  # type: ignore[call-overload]  # handed on as it came

    monkeypatch.setattr(Path, "open", refuse)
    ended = tinsach("clean", "secret.html")
    check_told(ended, "secret.html", "Permission denied")
    assert ended.code == 2


@dataclass(frozen=True, slots=True)
class BadUse:
    """A command line that can't be: its arguments, and what the message must hold."""

    arguments: tuple[str, ...]
    says: str


BAD_USES = (
    BadUse(("crawl", "nosuch.vn"), "no profile for 'nosuch.vn'; known:"),
    BadUse(("run", "nosuch.vn"), "no profile for 'nosuch.vn'; known:"),
    BadUse(("sites", "nosuch.vn"), "no profile for 'nosuch.vn'; known:"),
    BadUse(("clean", "page.html", "--site", "nosuch.vn"), "no profile for 'nosuch.vn'; known:"),
    BadUse(("crawl", "qdnd.vn"), "TINSACH_CONTACT"),
    BadUse(("crawl", "qdnd.vn", "--contact", "me"), "--contact 'me': neither a mail address nor a URL"),
    BadUse(("crawl", "qdnd.vn", "--origin", "nowhere"), "--origin nowhere: not a server's address"),
    BadUse(("crawl", "qdnd.vn", "--since", "yesterday"), "--since 'yesterday': not a time"),
    BadUse(("crawl",), "name the sites"),
    BadUse(("crawl", "qdnd.vn", "--limit", "0"), "--limit"),
    BadUse(("build",), "no site's archive here"),
    BadUse(("build", "qdnd.vn"), "no archive of qdnd.vn"),
    BadUse(("build", "../qdnd.vn"), "no archive of ../qdnd.vn"),
    BadUse(("release", "one"), "no records to release"),
    BadUse(("release", "a/b"), "'a/b': not a name for a release"),
    BadUse(("clean", "page.html", "--out", "x.csv"), "--out x.csv: name a .jsonl or .parquet file"),
    BadUse(("clean", "page.html", "--out", "x.jsonl", "--format", "parquet"), "--out x.jsonl: name a"),
    BadUse(("clean", "page.html", "--format", "parquet"), "--format parquet: needs a file"),
    BadUse(("clean", "rows.jsonl", "--out", "rows.jsonl"), "--out rows.jsonl: is one of the files to read"),
    BadUse(("clean",), "FILE"),
    BadUse(("--log", "xml", "sites"), "--log"),
    BadUse(("nonsense",), "error: no such command 'nonsense'; see `tinsach --help`"),
    BadUse(("crwl", "qdnd.vn"), "no such command 'crwl'; did you mean 'crawl'? see `tinsach --help`"),
    BadUse(("crawl", "--sinse", "2d"), "no such option: --sinse; did you mean --since? see `tinsach crawl --help`"),
    BadUse(("crawl", "qdnd.nv"), "no profile for 'qdnd.nv'; did you mean qdnd.vn?"),
    BadUse(("crawl", "--limit"), "option '--limit' requires an argument; see `tinsach crawl --help`"),
    BadUse(("crawl", "--limit", "many"), "must be a whole number; see `tinsach crawl --help`"),
    BadUse(("fixture", "ad"), "no such command 'ad'; did you mean 'add'? see `tinsach fixture --help`"),
)


@pytest.mark.parametrize("bad", BAD_USES, ids=lambda bad: " ".join(bad.arguments))
def test_wrong_use_ends_with_code_2(tinsach: Run, tmp_path: Path, bad: BadUse) -> None:
    """A command line that can't be is told with what to write instead, and nothing is made or changed."""
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "rows.jsonl").write_text(json.dumps({"text": TEXT}) + "\n")
    ended = tinsach(*bad.arguments)
    assert ended.code == 2
    assert bad.says in " ".join(ended.err.replace("│", " ").split())
    assert "Traceback" not in ended.err
    made = {path.name for path in tmp_path.rglob("*") if path.is_file() and path.name != ".lock"}
    assert made == {"page.html", "rows.jsonl"}


@pytest.mark.parametrize("bad", BAD_USES[10:], ids=lambda bad: " ".join(bad.arguments))
def test_wrong_use_is_one_line_in_both_forms(tinsach: Run, tmp_path: Path, bad: BadUse) -> None:
    """A mistake in the command line is one line, and one JSON event with --log json."""
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "rows.jsonl").write_text(json.dumps({"text": TEXT}) + "\n")
    [line] = tinsach(*bad.arguments).err.splitlines()
    assert line.startswith("error: ")
    if "--log" not in bad.arguments:
        [event] = map(json.loads, tinsach(*bad.arguments, "--log", "json").err.splitlines())
        assert (event["event"], event["message"]) == ("error", line.removeprefix("error: "))


BAD_NAMES = (
    BadUse(("build", "qdnd.nv"), "no archive of qdnd.nv; did you mean qdnd.vn?"),
    BadUse(("drift", "qdnd.nv"), "no archive of qdnd.nv; did you mean qdnd.vn?"),
    BadUse(("learn", "qdnd.nv"), "no archive of qdnd.nv; did you mean qdnd.vn?"),
    BadUse(("verify", "dail-1"), "no release dail-1; did you mean daily-1?"),
    BadUse(("diff", "daily-1", "x"), "no release x; there is daily-1"),
    BadUse(("fixture", "check", "a.vn/on"), "no fixture of that site or name; did you mean a.vn/one?"),
    BadUse(("fixture", "add", "nosuch.html"), "nosuch.html: no such file; give a saved page, a URL, or an id"),
)


@pytest.mark.parametrize("bad", BAD_NAMES, ids=lambda bad: " ".join(bad.arguments))
def test_mistyped_name_is_asked_back(tinsach: Run, tmp_path: Path, bad: BadUse) -> None:
    """A site, release or fixture that is not there: the nearest that is, or where to look."""
    (tmp_path / "data" / "sites" / "qdnd.vn").mkdir(parents=True)
    (tmp_path / "data" / "releases" / "daily-1").mkdir(parents=True)
    (tmp_path / "fixtures" / "a.vn" / "one").mkdir(parents=True)
    (tmp_path / "fixtures" / "a.vn" / "one" / "page.toml").touch()
    ended = tinsach(*bad.arguments)
    assert (ended.code, bad.says in ended.err) == (2, True), ended.err


def test_nothing_to_tell_is_told(tinsach: Run, tmp_path: Path) -> None:
    """`drift` without an alarm and `backup` of an empty folder say so; with --log json they are events."""
    (tmp_path / "data" / "sites" / "qdnd.vn").mkdir(parents=True)
    assert tinsach("drift").out == "no open alarm; 1 site in data\n"
    assert json.loads(tinsach("drift", "--log", "json").out)["alarms"] == 0
    assert tinsach("backup").err == "data: nothing here that has to be kept elsewhere\n"
    (tmp_path / "data" / "takedown.txt").touch()
    assert tinsach("backup").out == "takedown.txt\n"
    event = json.loads(tinsach("backup", "--log", "json").out)
    assert (event["event"], event["path"]) == ("keep", "takedown.txt")


def test_doctor_folds_what_is_alike(tinsach: Run, tmp_path: Path) -> None:
    """Many findings of one cause are three lines and a count; --log json has all; a missing contact names both ways."""
    folder = tmp_path / "data" / "releases"
    folder.mkdir(parents=True)
    for number in range(9):
        (folder / f".r{number}.tmp").mkdir()
    ended = tinsach("doctor")
    told = [line for line in ended.out.splitlines() if "left by a release" in line]
    assert (ended.code, len(told), "  and 6 more like it" in ended.out.splitlines()) == (0, 3, True)
    assert "set TINSACH_CONTACT, or contact in tinsach.toml" in ended.out
    assert ended.out.endswith("0 faults, 10 notes in data\n")
    assert tinsach("doctor", "--log", "json").out.count('"event": "finding"') == 10


@pytest.mark.parametrize("arguments", [("crwl",), ("--nosuch",), ("crawl", "--nosuch"), ("--log", "xml", "sites")])
def test_settings_ask_for_json_of_mistakes_too(tinsach: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """With log = "json" in tinsach.toml a mistake in the command line is an event, wherever it is."""
    (tmp_path / "tinsach.toml").write_text('log = "json"')
    assert json.loads(tinsach(*arguments).err)["event"] == "error"


def test_commands_without_arguments_show_what_there_is(tinsach: Run) -> None:
    """`tinsach` alone is its help; what a list of commands says of each is not cut."""
    for command in ((), ("fixture",), ("ledger",), ("profile",)):
        alone = tinsach(*command)
        assert (alone.code, alone.err) == (2, tinsach(*command, "--help").out)
        assert "..." not in alone.err[alone.err.index("Commands:") :]


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("crawl", "--help"), ("crawl", "--sinse")])
def test_what_needs_no_data_loads_no_library_for_it(arguments: tuple[str, ...]) -> None:
    """Help, version and mistakes come at once: what takes long to load waits until a command works with it."""
    heavy = ("pyarrow", "duckdb", "pandas", "lxml", "trafilatura", "scrapy", "twisted", "courlan", "warcio")
    assert find_loaded(arguments, heavy) == "loaded []"


@pytest.mark.parametrize(
    "arguments", [("build",), ("release", "first"), ("status",), ("doctor",), ("crawl", "nosuch.vn")]
)
def test_what_does_not_fetch_loads_no_crawler(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Scrapy and Twisted take most of a second to load: only the child that fetches does, not who starts it."""
    (tmp_path / "data/qdnd.vn/archive").mkdir(parents=True)
    given = ("--data", str(tmp_path / "data"), *arguments)
    assert find_loaded(given, ("scrapy", "twisted", "trafilatura", "pandas")) == "loaded []"


def find_loaded(arguments: Sequence[str], libraries: Sequence[str]) -> str:
    """The last line of a process that ran this command: which of the libraries it loaded."""
    code = (
        "import sys\nfrom tinsach.app.main import main\ntry:\n    main(sys.argv[1:])\nexcept SystemExit:\n"
        f"    print('loaded', [name for name in {libraries} if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return ended.stdout.splitlines()[-1]


def test_page_comes_out_to_be_read(tinsach: Run, tmp_path: Path) -> None:
    """By default a record is shown: headline, lead, body, and each removed line with kind and rule."""
    (tmp_path / "page.html").write_text(PAGE)
    ended = tinsach("clean", "page.html")
    lines = ended.out.splitlines()
    assert ended.code == 0
    assert "Cầu mới ở bản Na" in lines
    assert "Bản Na có cầu sau ba mùa lũ phải đi vòng." in lines
    assert [line for line in lines if line in BODY] == BODY
    assert any(line.split()[0] == "read_more" and "Mời bạn đọc" in line for line in lines if line.startswith("  "))
    assert ended.err == "1 file: 1 record\n"


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_rows_have_the_columns_of_a_data_set(tinsach: Run, tmp_path: Path, ending: str) -> None:
    """--out writes rows with the record schema's columns; what a loose file does not say is null."""
    (tmp_path / "page.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (tmp_path / "story.txt").write_text(TEXT)
    assert tinsach("clean", "page.html.gz", "story.txt", "--out", f"out.{ending}").code == 0
    if ending == "jsonl":
        page, story = (json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines())
    else:
        page, story = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert list(page) == list(story) == RECORD_SCHEMA.names
    assert (page["id"], page["url"], page["site"]) == ("qdnd.vn:812345", URL, "qdnd.vn")
    assert [block["text"] for block in page["blocks"]] == BODY
    assert (story["url"], story["site"], story["warc_file"], story["fetched_at"]) == (None, None, None, None)
    assert story["id"].startswith("text:")


def test_warc_rows_say_where_they_came_from(tinsach: Run, tmp_path: Path) -> None:
    """A row cleaned from a WARC file names file, offset and time; times are ISO 8601 in UTC."""
    offsets = write_warc(tmp_path / "x.warc.gz")
    ended = tinsach("clean", "x.warc.gz", "--format", "jsonl")
    rows = [json.loads(line) for line in ended.out.splitlines()]
    assert [(row["warc_file"], row["warc_offset"]) for row in rows] == [("x.warc.gz", offset) for offset in offsets]
    assert all(row["fetched_at"].endswith("Z") for row in rows)


@pytest.mark.parametrize("make", [make_jsonl(json.dumps({"html": PAGE})), "parquet"], ids=["jsonl", "parquet"])
def test_html_column_is_cleaned_as_a_page(tinsach: Run, tmp_path: Path, make: object) -> None:
    """A table with an `html` column is cleaned by the page's own address, or by its `url` column."""
    name = "in.parquet" if make == "parquet" else "in.jsonl"
    if callable(make):
        make(tmp_path / name)
    else:
        pq.write_table(pa.table({"html": [PAGE], "extra": [1]}), tmp_path / name)
    ended = tinsach("clean", name, "--format", "jsonl")
    assert json.loads(ended.out)["id"] == "qdnd.vn:812345"


def test_url_option_names_a_page_that_does_not(tinsach: Run, tmp_path: Path) -> None:
    """--url stands in for the address that a page does not give; without both there is none in the row."""
    (tmp_path / "bare.html").write_text(PAGE.replace('<link rel="canonical"', "<link"))
    assert json.loads(tinsach("clean", "bare.html", "--format", "jsonl").out)["url"] is None
    assert json.loads(tinsach("clean", "bare.html", "--format", "jsonl", "--url", URL).out)["url"] == URL
    by_site = json.loads(tinsach("clean", "bare.html", "--format", "jsonl", "--site", "qdnd.vn").out)
    assert (by_site["url"], by_site["site"], by_site["extraction"]) == (None, "qdnd.vn", "profile")


def test_folder_as_output_gets_a_file_each(tinsach: Run, tmp_path: Path) -> None:
    """--out DIR writes one file per input, numbered when names are equal, and none for an input without records."""
    for name in ("a/page.html", "b/page.html"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(PAGE)
    (tmp_path / "void.html").touch()
    ended = tinsach("clean", "a/page.html", "b/page.html", "void.html", "--out", "out")
    assert ended.code == 1
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["page-2.jsonl", "page.jsonl"]


def test_rejected_page_is_counted_and_no_failure(tinsach: Run, tmp_path: Path) -> None:
    """A page that is read correctly and not wanted is named with its reason; the exit code stays 0."""
    (tmp_path / "void.html").write_text("<html><head><title>x</title></head><body></body></html>")
    ended = tinsach("clean", "void.html", "--url", "https://example.org/bai-viet-so-mot-123456.html")
    assert ended.code == 0
    assert "void.html" in ended.err
    assert "1 rejected" in ended.err


def test_json_log_is_one_event_a_line(tinsach: Run, tmp_path: Path) -> None:
    """With --log json, stdout and stderr hold nothing but JSON objects with `event` and `at`."""
    (tmp_path / "page.html").write_text(PAGE)
    ended = tinsach("clean", "page.html", "missing.html", "--log", "json")
    events = [json.loads(line) for line in (ended.out + ended.err).splitlines()]
    assert [event["event"] for event in events] == ["record", "clean", "error"]
    assert all(event["at"].endswith("Z") for event in events)
    assert ended.code == 1


def test_output_is_whole_or_not_there(tinsach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full in the middle of writing, nothing stands under the final name, and the line says so."""
    (tmp_path / "page.html").write_text(PAGE)

    def fail(*arguments: object, **options: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tinsach.app.rows.row_to_json", fail)
    ended = tinsach("clean", "page.html", "--out", "out.jsonl")
    assert ended.code == 2
    check_told(ended, "out.jsonl", "No space left on device")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_sites_tells_evidence(tinsach: Run) -> None:
    """`sites` has a row for each profile; with a name it lists each fact under how it is known."""
    assert all(site in tinsach("sites").out for site in ("ngaynay.vn", "qdnd.vn", "vietnamplus.vn"))
    ended = tinsach("sites", "qdnd.vn")
    assert "qdnd.vn: seen on a page: discover.article_url" in ended.out
    assert ended.code == 0


def test_global_options_stand_anywhere(tinsach: Run, tmp_path: Path) -> None:
    """--data means the same before and after the command's name."""
    before, after = tinsach("--data", "news", "build"), tinsach("build", "--data", "news")
    assert before == after
    assert "news: no site's archive here" in before.err


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("dta = 'x'", "tinsach.toml: dta = 'x': unknown key; did you mean data? known: data, contact, jobs, log"),
        ("jobs = 0", "tinsach.toml: jobs = 0: must be 1 or more"),
        ("jobs = 'two'", "tinsach.toml: jobs = 'two': must be a whole number"),
        ("log = 'xml'", "tinsach.toml: log = 'xml': must be 'text' or 'json'"),
        ("sites = 'qdnd.vn'", "tinsach.toml: sites = 'qdnd.vn': must be a list, in [ ]"),
        ("[retention]\nruns = 90", 'tinsach.toml: retention.runs = 90: must be text, in " "'),
        ("[retention]\nrun = '90d'", "tinsach.toml: retention.run = '90d': unknown key; did you mean runs?"),
        ("data = ", "tinsach.toml: not valid TOML"),
    ],
)
def test_bad_settings_file_is_told(tinsach: Run, tmp_path: Path, text: str, says: str) -> None:
    """tinsach.toml is checked on start: file, key and value are named."""
    (tmp_path / "tinsach.toml").write_text(text)
    ended = tinsach("sites")
    assert ended.code == 2
    assert says in ended.err


def test_settings_rise_from_file_to_environment_to_flag(
    tinsach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The data folder of tinsach.toml gives way to TINSACH_DATA, and that to --data."""
    (tmp_path / "tinsach.toml").write_text("data = 'from-file'")
    assert "from-file: no site" in tinsach("build").err
    monkeypatch.setenv("TINSACH_DATA", "from-environment")
    assert "from-environment: no site" in tinsach("build").err
    assert "from-flag: no site" in tinsach("build", "--data", "from-flag").err


def test_interrupt_is_one_line(tinsach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends a command with code 1 and a line that says how to go on."""
    (tmp_path / "page.html").write_text(PAGE)

    def interrupt(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tinsach.app.clean.clean_document", interrupt)
    ended = tinsach("clean", "page.html", "--out", "out.jsonl")
    assert (ended.code, ended.err) == (
        1,
        "error: interrupted; what was finished is kept, run the command again to go on\n",
    )
    assert not (tmp_path / "out.jsonl").exists()


def test_package_runs_as_a_module() -> None:
    """`python -m tinsach.app` is the same command as `tinsach`."""
    command = [sys.executable, "-m", "tinsach.app", "--version"]
    assert (
        subprocess.run(command, check=True, capture_output=True, text=True).stdout == f"tinsach {version('tinsach')}\n"
    )


def test_an_address_that_is_none_costs_its_row_only(tinsach: Run) -> None:
    """A relative or broken URL in a row is named with its place; half characters are no reason to stop."""
    rows = [
        {"text": "Bản Na có cầu mới từ sáng nay.", "url": "https://ngaynay.vn/cau-moi-post171.html"},
        {"text": "Bản Na có cầu mới từ sáng nay.", "url": "/cau-moi.html"},
        {"text": "Bản Na có cầu mới từ sáng nay.", "url": "http://["},
        {"text": "Bản Na có cầu mới \ud800 từ sáng nay."},
    ]
    Path("rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    ended = tinsach("clean", "rows.jsonl", "--out", "out.jsonl")
    written = [json.loads(line) for line in Path("out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (ended.code, len(written)) == (1, 2)
    assert (written[0]["id"], written[0]["site"]) == ("ngaynay.vn:171", "ngaynay.vn")
    assert "line 2" in ended.err and "'/cau-moi.html'" in ended.err and "line 3" in ended.err
    assert tinsach("clean", "rows.jsonl", "--url", "banana").code == 2
