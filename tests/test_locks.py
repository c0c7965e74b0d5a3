"""One writer a site, across processes; a dead one holds nothing."""

import os
import subprocess
import sys
from pathlib import Path
from threading import Timer

import pytest
from filelock import FileLock

from tinsach.datasets.layout import DataDir
from tinsach.datasets.locks import SiteBusy, find_holder, find_work, is_held, records_lock, site_lock

_HOLDER = """
import sys
from pathlib import Path
from tinsach.datasets.layout import DataDir
from tinsach.datasets.locks import site_lock
with site_lock(DataDir(Path(sys.argv[1])).site("ngaynay.vn")):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_second_writer_is_told_and_a_killed_one_frees_the_lock(tmp_path: Path) -> None:
    """While another process writes a site the lock is refused with one line; other sites and the records stay free."""
    data = DataDir(tmp_path)
    command = [sys.executable, "-c", _HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(SiteBusy) as caught, site_lock(data.site("ngaynay.vn")):
            pytest.fail("two writers of one site")
        message = str(caught.value)
        assert "ngaynay.vn" in message
        assert str(data.site("ngaynay.vn").lock) in message
        assert "wait until it ends" in message
        with site_lock(data.site("qdnd.vn")), records_lock(data.site("ngaynay.vn")):
            pass
        holder.kill()
    with site_lock(data.site("ngaynay.vn")):
        pass


def test_lock_is_freed_after_an_error(tmp_path: Path) -> None:
    """An exception inside the block doesn't keep the site busy."""
    site = DataDir(tmp_path).site("ngaynay.vn")
    with pytest.raises(RuntimeError), site_lock(site):
        raise RuntimeError
    with site_lock(site):
        pass


def test_the_holder_of_a_lock_is_looked_up(tmp_path: Path) -> None:
    """By file and device; who waits for it, who holds another file, and whom a container hides, is not the holder."""
    lock, table = tmp_path / ".lock", tmp_path / "locks"
    lock.touch()
    stat = lock.stat()
    place = f"{os.major(stat.st_dev):02x}:{os.minor(stat.st_dev):02x}:{stat.st_ino}"
    others = [
        f"1: POSIX  ADVISORY  WRITE 11 {place} 0 EOF",
        f"2: -> FLOCK  ADVISORY  WRITE 12 {place} 0 EOF",
        f"3: FLOCK  ADVISORY  WRITE 13 {place}9 0 EOF",
        f"4: FLOCK  ADVISORY  WRITE -1 {place} 0 EOF",
        "",
    ]
    table.write_text("\n".join(others), encoding="ascii")
    assert find_holder(lock, table=table) is None
    table.write_text("\n".join([*others, f"5: FLOCK  ADVISORY  WRITE 15 {place} 0 EOF"]), encoding="ascii")
    assert find_holder(lock, table=table) == 15
    assert find_holder(lock, table=tmp_path / "none") is None


def test_a_look_leaves_nothing_and_takes_nobodys_turn(tmp_path: Path) -> None:
    """Asking makes no folder and no file; a writer that comes while somebody looks gets the lock all the same."""
    site = DataDir(tmp_path).site("ngaynay.vn")
    assert not is_held(site)
    assert list(tmp_path.iterdir()) == []
    site.root.mkdir(parents=True)
    look = FileLock(site.lock, thread_local=False)
    look.acquire()
    Timer(0.02, look.release).start()
    with site_lock(site), records_lock(site):
        assert find_work(site) == ("crawled", "built")
    assert find_work(site) == ()
