"""A build cleans what is archived and not yet recorded; whatever stops it, what stands is whole and a rerun ends it."""

import gzip
import json
import signal
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tinsach.cleaning import Article, Rejected
from tinsach.datasets import build
from tinsach.datasets.archive import ArchivedResponse, ArchiveWriter, FetchedResponse, list_archive
from tinsach.datasets.build import BuildReport, build_site, plan_build
from tinsach.datasets.layout import BrokenWorld, DataDir, SiteDir
from tinsach.datasets.locks import SiteBusy, records_lock, site_lock
from tinsach.datasets.pages import clean_response
from tinsach.datasets.release import ReleaseOptions, make_release

NOW = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
HTML = (b"Content-Type", b"text/html; charset=utf-8")


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path / "data")


def make_page(number: int) -> bytes:
    paragraph = f"<p>Sáng nay, cây cầu số {number} được đưa vào sử dụng sau hai năm thi công, người dân vui mừng.</p>"
    return f"""<html><head><title>Cầu số {number}</title></head><body>
        <h1 class="article__title cms-title">Khánh thành cầu số {number}</h1>
        <div class="article__sapo cms-desc">(Ngày Nay) - Cầu số {number} đã thông xe.</div>
        <div class="article__body zce-content-body cms-body" itemprop="articleBody">{paragraph * 3}</div>
        </body></html>""".encode()


def respond(
    number: int, body: bytes | None = None, *, status: int = 200, header: tuple[bytes, bytes] = HTML
) -> FetchedResponse:
    url = f"https://ngaynay.vn/cau-so-{number}-post{number}.html"
    return FetchedResponse(url, status, "", (header,), make_page(number) if body is None else body, NOW)


def archive(data: DataDir, run: str, *responses: FetchedResponse) -> None:
    with ArchiveWriter(data.site("ngaynay.vn"), run, software={}) as writer:
        for response in responses:
            writer.write(response)


def test_revisit_records_are_no_pages(data: DataDir) -> None:
    """A file in which a run only noted unchanged bodies gives an empty shard; the page is released once."""
    with ArchiveWriter(data.site("ngaynay.vn"), "20261122T030000Z-0000", software={}) as writer:
        position = writer.write(respond(1))
    with ArchiveWriter(data.site("ngaynay.vn"), "20261123T030000Z-0000", software={}) as writer:
        assert writer.write_unchanged(respond(1), position)
    report = build_site(data, "ngaynay.vn", jobs=0)
    assert (report.built, report.responses, report.records, report.broken) == (2, 1, 1, 0)
    assert build_site(data, "ngaynay.vn", jobs=0).skipped == 2
    assert make_release(data, "r1").rows == 1


def fake_clean(response: ArchivedResponse) -> Article:
    if response.body == b"rejected":
        raise Rejected("listing")
    if response.body == b"bug":
        raise KeyError("headline")
    return Article(url=response.url, extraction="generic", extraction_name="fake")


def build_here(data: DataDir) -> BuildReport:
    return build_site(data, "ngaynay.vn", jobs=0, clean=fake_clean)


def read_ids(site: SiteDir) -> list[str]:
    return [identity for path in sorted(site.records.iterdir()) for identity in pq.read_table(path)["id"].to_pylist()]


def test_pages_become_records_rejects_and_non_pages(data: DataDir) -> None:
    """With the real cleaning: records + rejects + non-pages = responses, each in its place, in file order."""
    responses = [
        respond(3),
        respond(1),
        respond(4, b""),
        respond(5, status=404),
        respond(6, header=(b"Content-Type", b"application/rss+xml")),
        respond(3),
    ]
    archive(data, "run", *responses)
    report = build_site(data, "ngaynay.vn", jobs=1)
    assert (report.responses, report.records, report.non_pages, report.rejected) == (6, 3, 2, {"empty": 1})
    assert (report.built, report.skipped, report.broken, report.errors) == (1, 0, 0, ())
    assert report.removed["prefix"] == 3
    site = data.site("ngaynay.vn")
    assert read_ids(site) == ["ngaynay.vn:3", "ngaynay.vn:1", "ngaynay.vn:3"]
    [first, *_] = pq.read_table(site.records / "run-00000.parquet").to_pylist()
    assert (first["title"], first["lead"]) == ("Khánh thành cầu số 3", "Cầu số 3 đã thông xe.")
    assert first["text"].count("Sáng nay, cây cầu số 3") == 3
    [reject] = pq.read_table(site.rejects / "run-00000.parquet").to_pylist()
    assert (reject["reason"], reject["url"]) == ("empty", responses[2].url)


def test_a_record_leads_back_to_its_bytes(data: DataDir) -> None:
    """warc_file and warc_offset of a record are the place of its page in the archive."""
    archive(data, "run", respond(1), respond(2))
    build_here(data)
    site = data.site("ngaynay.vn")
    row = pq.read_table(site.records / "run-00000.parquet").to_pylist()[1]
    with (site.archive / row["warc_file"]).open("rb") as file:
        file.seek(row["warc_offset"])
        assert make_page(2) in gzip.decompress(file.read())


def test_only_what_is_stale_is_built_again(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second build makes nothing; a new file, changed rules, a changed WARC or a missing shard are reasons to."""
    site = data.site("ngaynay.vn")
    archive(data, "run1", respond(1))
    assert (build_here(data).built, build_here(data).built) == (1, 0)
    archive(data, "run2", respond(2))
    report = build_here(data)
    assert (report.built, report.skipped, report.records) == (1, 1, 2)
    (site.rejects / "run1-00000.parquet").unlink()
    (site.records / "run2-00000.parquet").write_bytes(b"PAR1 cut off")
    plans = plan_build(site, rules=build.rules_version("ngaynay.vn"))
    assert plans[0].stale == "missing"
    assert (plans[1].stale or "").startswith("cannot be read")
    assert build_here(data).built == 2
    archive(data, "run3", respond(3))
    (site.archive / "run3-00000.warc.gz").replace(site.archive / "run2-00000.warc.gz")
    plans = plan_build(site, rules=build.rules_version("ngaynay.vn"))
    assert [plan.stale for plan in plans] == [None, "the archive file changed"]
    assert build_here(data).built == 1
    rules = build.rules_version("ngaynay.vn")
    monkeypatch.setattr(build, "rules_version", lambda _: "f" * 16)
    assert [plan.stale for plan in plan_build(site, rules="f" * 16)] == [
        f"the cleaning rules changed ({rules} → {'f' * 16})"
    ] * 2
    assert (build_here(data).built, build_here(data).built) == (2, 0)
    assert read_ids(site) == ["ngaynay.vn:1", "ngaynay.vn:3"]


def test_records_of_a_deleted_file_are_gone(data: DataDir) -> None:
    """A build removes the shards whose WARC file was deleted and counts them; a release no longer has their rows."""
    site = data.site("ngaynay.vn")
    archive(data, "run1", respond(1))
    archive(data, "run2", respond(2))
    assert build_here(data).orphans == 0
    (site.archive / "run1-00000.warc.gz").unlink()
    report = build_here(data)
    assert (report.orphans, report.skipped, report.records, report.errors) == (1, 1, 1, ())
    assert [path.name for path in site.rejects.iterdir()] == ["run2-00000.parquet"]
    assert read_ids(site) == ["ngaynay.vn:2"]
    assert make_release(data, "r1", ReleaseOptions(force=True)).rows == 1  # its text is null


def test_a_broken_file_costs_only_itself(data: DataDir) -> None:
    """Damage inside a WARC, an empty file and what is no WARC are a line each; all that can be read is recorded."""
    site = data.site("ngaynay.vn")
    for run in ("run1", "run2"):
        archive(data, run, respond(1), respond(2), respond(3))
    damaged = site.archive / "run1-00000.warc.gz"
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 0xFF
    damaged.write_bytes(content)
    (site.archive / "empty.warc.gz").touch()
    (site.archive / "page.warc.gz").write_bytes(b"<html></html>")
    report = build_here(data)
    assert (report.records, report.broken, report.built) == (5, 3, 4)
    assert len(report.errors) == 3
    by_file = {Path(line.split(":")[0]).name: line for line in report.errors}
    assert "broken at byte" in by_file["run1-00000.warc.gz"]
    assert "empty file" in by_file["empty.warc.gz"]
    assert "not a WARC file" in by_file["page.warc.gz"]
    assert not any("\n" in line for line in report.errors)
    assert not build.has_unbuilt(site)  # what is broken is tried again only when it is another file
    again = build_here(data)
    assert (again.records, again.broken, again.built, again.errors) == (5, 3, 0, ())


def test_a_bug_names_its_page_and_spares_the_other_files(data: DataDir) -> None:
    """An unexpected exception ends one file, with URL and byte offset in the error; the report has the rest."""
    archive(data, "run1", respond(1), respond(2, b"bug"))
    archive(data, "run2", respond(3))
    report = build_here(data)
    [line] = report.errors
    assert line.startswith(str(data.site("ngaynay.vn").archive / "run1-00000.warc.gz"))
    assert "KeyError: 'headline'; on page https://ngaynay.vn/cau-so-2-post2.html, record at byte" in line
    assert (report.built, report.records) == (1, 1)
    assert [path.name for path in data.site("ngaynay.vn").records.iterdir()] == ["run2-00000.parquet"]


def test_progress_is_told_file_by_file(data: DataDir) -> None:
    """on_file is called after each file with how many are done of how many."""
    for run in ("run1", "run2"):
        archive(data, run, respond(1))
    calls: list[tuple[int, int]] = []
    build_site(data, "ngaynay.vn", jobs=0, clean=fake_clean, on_file=lambda *call: calls.append(call))
    assert calls == [(1, 2), (2, 2)]


def test_a_site_without_archive_and_a_busy_one_are_told(data: DataDir) -> None:
    """One line each; a crawl that runs doesn't keep a build from working on the finished files."""
    with pytest.raises(BrokenWorld, match=r"ngaynay\.vn/archive: no archive of ngaynay\.vn; crawl it first"):
        build_here(data)
    archive(data, "run", respond(1))
    with records_lock(data.site("ngaynay.vn")), pytest.raises(SiteBusy, match="being built by another process"):
        build_here(data)
    (data.site("ngaynay.vn").archive / "now-00000.warc.gz.part").write_bytes(b"being written")
    with site_lock(data.site("ngaynay.vn")):
        assert build_here(data).records == 1


def test_what_a_killed_crawl_left_is_built(data: DataDir) -> None:
    """A .part file of a dead crawl is salvaged before building."""
    archive(data, "run", respond(1), respond(2))
    [path] = list_archive(data.site("ngaynay.vn"))
    whole = path.read_bytes()
    path.unlink()
    path.with_name(path.name + ".part").write_bytes(whole[:-10])
    assert build_here(data).records == 1


def test_full_disk_leaves_no_half_shard(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shard that can't be written is one line naming file and cause; the old shard stays, nothing lies beside it."""
    archive(data, "run", respond(1))
    build_here(data)
    site = data.site("ngaynay.vn")
    before = (site.records / "run-00000.parquet").read_bytes()
    monkeypatch.setattr(build, "rules_version", lambda _: "f" * 16)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tinsach.datasets.shards.RowWriter.finish", fail)
    report = build_here(data)
    [line] = report.errors
    assert "run-00000.parquet: cannot be written (No space left on device); free some space" in line
    assert report.built == 0
    assert (site.records / "run-00000.parquet").read_bytes() == before
    assert len(list(site.records.iterdir())) == len(list(site.rejects.iterdir())) == 1


def test_a_shard_of_a_newer_tinsach_is_not_replaced(data: DataDir) -> None:
    """What this version can't read it does not make again with less: one line, and the other files go on."""
    archive(data, "run1", respond(1))
    archive(data, "run2", respond(2))
    build_here(data)
    site = data.site("ngaynay.vn")
    shard = site.records / "run1-00000.parquet"
    table = pq.read_table(shard, partitioning=None)
    account = json.loads(pq.read_metadata(shard).metadata[b"tinsach"]) | {"schema_version": 99, "more": 1}
    pq.write_table(table.replace_schema_metadata({"tinsach": json.dumps(account)}), shard)
    (site.records / "run2-00000.parquet").unlink()
    before = shard.read_bytes()
    report = build_here(data)
    assert (report.built, report.skipped, report.records) == (1, 0, 1)
    [line] = report.errors
    assert line.startswith(f"{shard}: made by a newer tinsach (schema version 99, this one knows 2); upgrade tinsach")
    assert shard.read_bytes() == before


def test_a_shard_of_an_older_schema_is_built_again(data: DataDir) -> None:
    """`--explain` says why; the new shard has all columns."""
    archive(data, "run", respond(1))
    build_here(data)
    site = data.site("ngaynay.vn")
    shard = site.records / "run-00000.parquet"
    table = pq.read_table(shard, partitioning=None).drop_columns("minhash")
    account = json.loads(pq.read_metadata(shard).metadata[b"tinsach"]) | {"schema_version": 1}
    pq.write_table(table.replace_schema_metadata({"tinsach": json.dumps(account)}), shard)
    [plan] = plan_build(site, rules=build.rules_version("ngaynay.vn"))
    assert plan.stale == "cannot be read: schema version 1, not 2"
    assert build_here(data).built == 1
    assert "minhash" in pq.read_schema(shard).names


# A program that builds with a clean function of its own: pages tell it to crash, to fail or to wait.
_PROGRAM = """
import dataclasses, json, os, signal, sys
from pathlib import Path
from tinsach.cleaning import Article
from tinsach.datasets.build import Bounds, build_site
from tinsach.datasets.layout import DataDir

def clean(response):
    if response.body == b"crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if response.body == b"bug":
        raise KeyError("headline")
    if response.body == b"endless":
        while True:
            pass
    if response.body == b"greedy":
        bytearray(1 << 30)
    if response.body == b"wait":
        os.write(1, b"waiting\\n")  # at once: two processes share the pipe
        signal.pause()
    return Article(url=response.url, extraction="generic", extraction_name="fake")

if __name__ == "__main__":
    bounds = Bounds(page_seconds=float(sys.argv[2]), page_bytes=512 << 20)
    report = build_site(DataDir(Path(sys.argv[1])), "ngaynay.vn", jobs=2, clean=clean, bounds=bounds)
    print(json.dumps(dataclasses.asdict(report)))
"""


@pytest.fixture
def program(tmp_path: Path, data: DataDir) -> list[str]:
    (tmp_path / "program.py").write_text(_PROGRAM)
    return [sys.executable, str(tmp_path / "program.py"), str(data.root), "60"]


def test_a_page_that_kills_its_process_costs_only_itself(data: DataDir, program: list[str]) -> None:
    """Two segfaults, an endless loop and a page that wants too much memory are rejects; all other pages are records."""
    bodies = [None, b"crash", None, b"endless", b"greedy", None, b"crash", None]
    archive(data, "run1", *(respond(number, body) for number, body in enumerate(bodies)))
    archive(data, "run2", respond(8), respond(9, b"bug"))
    ended = subprocess.run([*program[:-1], "3"], check=True, capture_output=True, text=True, timeout=60)
    report = json.loads(ended.stdout)
    assert (report["built"], report["records"]) == (1, 4)
    assert report["rejected"] == {"crash": 2, "time": 1, "memory": 1}
    [bug] = report["errors"]
    assert "run2-00000.warc.gz: KeyError: 'headline'; on page https://ngaynay.vn/cau-so-9-post9.html" in bug
    rejects = pq.read_table(data.site("ngaynay.vn").rejects / "run1-00000.parquet").to_pylist()
    assert [(row["url"][-6], row["reason"]) for row in rejects] == [
        ("1", "crash"),
        ("3", "time"),
        ("4", "memory"),
        ("6", "crash"),
    ]
    assert rejects[1]["detail"] == "cleaning it took longer than 3 s"
    assert read_ids(data.site("ngaynay.vn")) == [f"ngaynay.vn:{number}" for number in (0, 2, 5, 7)]


def test_a_file_that_kills_too_many_processes_is_given_up(data: DataDir, program: list[str]) -> None:
    """Past the number of lost pages a file may have, it is an error, not an endless build."""
    archive(data, "run1", *(respond(number, b"crash") for number in range(3)))
    archive(data, "run2", respond(3))
    code = _PROGRAM.replace("def clean", "from tinsach.datasets import build; build.MOST_LOST_PAGES = 2\ndef clean", 1)
    Path(program[1]).write_text(code)
    ended = subprocess.run(program, check=True, capture_output=True, text=True, timeout=60)
    report = json.loads(ended.stdout)
    assert (report["built"], report["records"]) == (1, 1)
    [line] = report["errors"]
    assert "run1-00000.warc.gz: the process that cleaned it died" in line


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGKILL])
def test_a_stopped_build_leaves_no_half_file_and_no_worker(
    data: DataDir, program: list[str], signal_number: signal.Signals
) -> None:
    """Ctrl-C or SIGKILL while pages are cleaned: no shard of those files, no process left, and a rerun makes all."""
    site = data.site("ngaynay.vn")
    for number in (1, 2):
        archive(data, f"run{number}", respond(number), respond(number + 2, b"wait"))
    # A shell that starts tests in the background has them ignore SIGINT, and what they start would too.
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, preexec_fn=heed) as stopped:  # noqa: PLW1509
        assert stopped.stdout is not None
        waiting = [stopped.stdout.readline() for _ in range(2)]
        stopped.send_signal(signal_number)
        assert waiting == [b"waiting\n"] * 2
        assert stopped.stdout.read() == b""  # ends when the last worker, which shares the pipe, has ended
    assert list(site.records.glob("*.parquet")) == list(site.rejects.glob("*.parquet")) == []
    if signal_number == signal.SIGINT:
        assert list(site.records.iterdir()) == list(site.rejects.iterdir()) == []
    report = build_here(data)
    assert (report.records, report.built) == (4, 2)
    assert len(list(site.records.iterdir())) == len(list(site.rejects.iterdir())) == 2


def test_the_report_is_json(data: DataDir) -> None:
    """A report holds plain values only."""
    archive(data, "run", respond(1), respond(2, b"rejected"))
    assert json.loads(json.dumps(asdict(build_here(data))))["rejected"] == {"listing": 1}


def test_cleaning_gets_body_url_and_charset() -> None:
    """clean_response passes on what the archive knows, the charset of the HTTP header included."""
    body = make_page(1).decode().encode("utf-16")
    response = ArchivedResponse("https://ngaynay.vn/a-post1.html", 200, (), body, "utf-16", NOW, 0, "")
    assert clean_response(response).title == "Khánh thành cầu số 1"


@pytest.mark.skipif(find_spec("pandas") is None, reason="both come with the extra `readers`")
def test_our_processes_do_without_pandas_and_fsspec() -> None:
    """pyarrow makes arrays and warcio is there without loading them, though they are installed."""
    code = (
        "import sys\nfrom tinsach.datasets.lean import stay_lean\nstay_lean()\n"
        "import pyarrow, warcio.recordloader\n"
        "print(len(pyarrow.array(['tin'])), {'pandas', 'fsspec'} & sys.modules.keys(), end=' ')\n"
        "try:\n    import pandas\nexcept ModuleNotFoundError as error:\n    print(error)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "1 set() pandas is not for this process\n"
