"""Files come into being whole or not at all, and errors of the disk are one line that says what to do."""

import errno
import os
from pathlib import Path

import pytest

from tinsach.datasets.layout import DataDir, WriteError, remove_leftovers, resolve_data_dir, write_whole


def test_flag_beats_environment_beats_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """The data folder is the flag, else TINSACH_DATA, else ./data."""
    monkeypatch.setenv("TINSACH_DATA", "/from/environment")
    assert resolve_data_dir(Path("/flag")).root == Path("/flag")
    assert resolve_data_dir().root == Path("/from/environment")
    monkeypatch.delenv("TINSACH_DATA")
    assert resolve_data_dir().root == Path("data")


def test_sites_are_the_folders_that_exist(tmp_path: Path) -> None:
    """Asking for a site makes nothing; existing sites come sorted, hidden folders and files aren't sites."""
    data = DataDir(tmp_path)
    assert data.sites() == ()
    for name in ("qdnd.vn", "ngaynay.vn", ".hidden"):
        (tmp_path / "sites" / name).mkdir(parents=True)
    (tmp_path / "sites" / "note.txt").touch()
    assert data.site("vov.vn").archive == tmp_path / "sites" / "vov.vn" / "archive"
    assert data.sites() == ("ngaynay.vn", "qdnd.vn")


@pytest.mark.parametrize("name", ["", "..", "a/b", ".hidden", "-x"])
def test_a_site_name_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    """A name that is no plain folder name is refused."""
    with pytest.raises(ValueError, match="not a site name"):
        DataDir(tmp_path).site(name)


def test_whole_file_replaces_the_old_one(tmp_path: Path) -> None:
    """A clean exit puts the new content under the name and leaves nothing beside it."""
    path = tmp_path / "made" / "x.json"
    for content in ("old", "new"):
        with write_whole(path) as temp:
            assert temp.parent == path.parent
            temp.write_text(content)
    assert path.read_text() == "new"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_error_keeps_the_old_file(tmp_path: Path, error: type[BaseException]) -> None:
    """An exception while writing, Ctrl-C included, leaves the old content and no temporary file."""
    path = tmp_path / "x.json"
    path.write_text("old")
    with pytest.raises(error), write_whole(path) as temp:
        temp.write_text("half")
        raise error
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_full_disk_is_one_line_with_a_remedy(tmp_path: Path) -> None:
    """ENOSPC becomes a WriteError that names file, cause and what to do; no file stands under the name."""
    path = tmp_path / "x.json"
    with pytest.raises(WriteError) as caught, write_whole(path) as temp:
        temp.write_text("half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    message = str(caught.value)
    assert str(path) in message
    assert "No space left on device" in message
    assert "free some space" in message
    assert "\n" not in message
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_of_a_folder_is_named(tmp_path: Path) -> None:
    """Where a folder can't be made the error is a WriteError, not a traceback from the clean-up."""
    (tmp_path / "records").write_text("a file")
    with pytest.raises(WriteError, match=r"x\.parquet: cannot be written"), write_whole(tmp_path / "records/x.parquet"):
        pytest.fail("the body must not run")


def test_leftovers_of_killed_writers_are_removed(tmp_path: Path) -> None:
    """Only names that write_whole makes are removed."""
    for name in (".x.parquet.0a1b2c3d.tmp", ".mine.tmp", "x.parquet"):
        (tmp_path / name).touch()
    assert remove_leftovers(tmp_path) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == [".mine.tmp", "x.parquet"]
