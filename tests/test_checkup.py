"""`tinsach doctor`: each kind of damage to a data folder is found, named and told apart from what mends itself."""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tinsach.datasets.archive import ArchiveWriter, FetchedResponse
from tinsach.datasets.build import build_site
from tinsach.datasets.checkup import check_data
from tinsach.datasets.layout import DataDir
from tinsach.datasets.ledger import Ledger
from tinsach.datasets.locks import find_holder, site_lock
from tinsach.datasets.rebuild import reconcile
from tinsach.datasets.release import make_release

URL = "https://www.qdnd.vn/xa-hoi/cac-van-de/mot-bai-{}"
PAGE = """<h1 class="post-title">Bài {0}</h1><div class="post-content"><div itemprop="articleBody">
<p>Đây là đoạn đầu của bài số {0}, dài vừa đủ để là một bài báo có thật ở đây.</p></div></div>"""


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    """One site with an archive of two pages, its ledger, records and a release: all as it should be."""
    data = DataDir(tmp_path / "data")
    site = data.site("qdnd.vn")
    with ArchiveWriter(site, "20261101T000000Z-ab12", software={}) as writer:
        for number in (100001, 100002):
            header = ((b"Content-Type", b"text/html; charset=utf-8"),)
            at = datetime(2026, 11, 1, tzinfo=UTC)
            body = PAGE.format(number).encode()
            writer.write(FetchedResponse(URL.format(number), 200, "OK", header, body, at))
    with Ledger.open(site.ledger) as ledger:
        assert reconcile(site, ledger) == 2
    assert build_site(data, "qdnd.vn", jobs=0).records == 2
    make_release(data, "r1")
    return data


def one(folder: Path, pattern: str) -> Path:
    (found,) = folder.rglob(pattern)
    return found


def touch(path: Path) -> None:
    path.write_bytes(b"x")


DAMAGE: dict[str, tuple[Callable[[DataDir], object], str, bool]] = {
    "archive gone": (lambda data: one(data.root, "*.warc.gz").unlink(), "calls 2 articles done", True),
    "archive cut": (lambda data: one(data.root, "*.warc.gz").write_bytes(b"\x1f\x8b"), "missing or shorter", True),
    "ledger damaged": (lambda data: data.site("qdnd.vn").ledger.write_bytes(b"no SQLite" * 99), "can't be read", True),
    "ledger gone": (lambda data: data.site("qdnd.vn").ledger.unlink(), "rebuilds it", False),
    "records gone": (lambda data: shutil.rmtree(data.site("qdnd.vn").records), "tinsach build qdnd.vn", False),
    "temporary file": (lambda data: touch(data.site("qdnd.vn").records / ".a.parquet.0011aabb.tmp"), "killed", False),
    "half an archive": (
        lambda data: touch(data.site("qdnd.vn").archive / "b-00000.warc.gz.part"),
        "takes it in",
        False,
    ),
    "release cut": (lambda data: one(data.releases / "r1" / "data", "*.parquet").write_bytes(b""), "verify r1", True),
    "no manifest": (lambda data: (data.releases / "r1" / "manifest.json").unlink(), "no manifest.json", True),
}


def test_a_folder_that_is_well_has_no_findings(data: DataDir) -> None:
    """Neither faults nor notes."""
    assert list(check_data(data)) == []


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_found(data: DataDir, name: str) -> None:
    """Named with place and remedy; a fault only when no command mends it by itself."""
    do_damage, words, is_fault = DAMAGE[name]
    do_damage(data)
    findings = list(check_data(data))
    told = [f for f in findings if words in f"{f.place} {f.what} {f.remedy}"]
    assert told, findings
    assert any(finding.is_fault for finding in findings) == is_fault


def test_what_is_only_imported_needs_no_ledger(data: DataDir) -> None:
    """A site that was never crawled has none, and no crawl will make one."""
    site = data.site("imported")
    with ArchiveWriter(site, "import-20261101T000000Z-ab12", software={}) as writer:
        header = ((b"Content-Type", b"text/html; charset=utf-8"),)
        body = PAGE.format(100003).encode()
        at = datetime(2026, 11, 1, tzinfo=UTC)
        writer.write(FetchedResponse("https://a.example/1", 200, "OK", header, body, at))
    build_site(data, "imported", jobs=0)
    assert list(check_data(data)) == []


def test_a_running_crawl_is_no_damage(data: DataDir) -> None:
    """What a crawl is writing now is not called a leftover; who holds the site is told."""
    site = data.site("qdnd.vn")
    touch(site.archive / "b-00000.warc.gz.part")
    touch(data.root / ".told.json.0011aabb.tmp")
    with site_lock(site):
        (finding,) = check_data(data)
        holder = find_holder(site.lock)
    assert (finding.place, finding.is_fault) == (str(site.lock), False)
    assert finding.what == f"held{f' by process {holder}' if holder else ''}: the site is being crawled"
    assert holder in (None, os.getpid())


def test_a_build_removes_what_doctor_says(data: DataDir) -> None:
    """Temporary files of killed commands, wherever doctor names them, and no others."""
    site = data.site("qdnd.vn")
    places = (data.root, data.runs, site.root, site.archive, site.records, site.rejects)
    for folder in places:
        folder.mkdir(exist_ok=True)
        for name in (".learnt.toml.0011aabb.tmp", ".mine.tmp"):
            touch(folder / name)
            os.utime(folder / name, (0, 0))
    findings = list(check_data(data))
    assert sorted(finding.place for finding in findings) == sorted(str(p / ".learnt.toml.0011aabb.tmp") for p in places)
    assert {finding.remedy for finding in findings} == {"the next build removes it"}
    build_site(data, "qdnd.vn", jobs=0)
    assert list(check_data(data)) == []
    assert len(list(data.root.rglob(".mine.tmp"))) == len(places)
