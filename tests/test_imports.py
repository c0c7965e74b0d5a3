"""Which items were imported: a small database knows, made from the archive and never more than it says."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tinsach.datasets import imports
from tinsach.datasets.archive import ArchiveWriter, FetchedResponse, list_archive
from tinsach.datasets.imports import Known, open_imports
from tinsach.datasets.layout import BrokenWorld, DataDir, SiteDir
from tinsach.datasets.own_headers import GIVEN_HEADER, IMPORT_HEADER

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> SiteDir:
    return DataDir(tmp_path).site("imported")


def import_items(site: SiteDir, *bodies: str, given: str = "", run: str = "import-1") -> list[Known]:
    """Import texts, each under one address, as `tinsach import` does."""
    found = []
    headers = ((IMPORT_HEADER.encode(), b"text x"), (GIVEN_HEADER.encode(), given.encode()))
    with open_imports(site) as known, ArchiveWriter(site, run, software={}) as writer:
        for body in bodies:
            found.append(known.add("https://a.vn/1", body.encode(), given))
            if found[-1] == "new":
                writer.write(FetchedResponse("https://a.vn/1", 200, "OK", headers, body.encode(), NOW))
    return found


def test_items_are_told_apart_by_bytes_and_columns(site: SiteDir) -> None:
    """Archived before, met again in this import, or new: other bytes, or other columns beside the same."""
    assert import_items(site, "một", "hai", "một") == ["new", "new", "again"]
    assert import_items(site, "một", "ba", run="import-2") == ["before", "new"]
    assert import_items(site, "một", given='{"title": "Một"}', run="import-3") == ["new"]
    assert import_items(site, "một", given='{"title": "Một"}', run="import-4") == ["before"]
    assert len(list_archive(site)) == 3


def test_an_archive_file_is_read_once(site: SiteDir, monkeypatch: pytest.MonkeyPatch) -> None:
    """Later imports read nothing of the archive, whatever it holds, and what was crawled is never opened."""
    import_items(site, "một")
    with ArchiveWriter(site, "20261122T000000Z-0000", software={}) as writer:
        writer.write(FetchedResponse("https://a.vn/2", 200, "OK", (), b"", NOW))
    monkeypatch.setattr(imports, "read_archive", None)
    assert import_items(site, "một", "hai", run="import-2") == ["before", "new"]
    assert import_items(site, "một", "hai", run="import-3") == ["before", "before"]


def lose(site: SiteDir) -> None:
    site.imports.unlink()


def damage(site: SiteDir) -> None:
    site.imports.write_bytes(b"no database" * 1000)


@pytest.mark.parametrize("harm", [lose, damage])
def test_a_lost_or_damaged_database_is_made_anew(site: SiteDir, harm: Callable[[SiteDir], None]) -> None:
    """From the archive, which is the truth."""
    import_items(site, "một", "hai")
    harm(site)
    assert import_items(site, "hai", "ba", run="import-2") == ["before", "new"]


def test_what_left_the_archive_can_be_imported_again(site: SiteDir) -> None:
    """A file that is gone takes its items with it."""
    import_items(site, "một")
    import_items(site, "hai", run="import-2")
    (site.archive / "import-1-00000.warc.gz").unlink()
    assert import_items(site, "một", "hai", run="import-3") == ["new", "before"]


def test_an_import_that_ends_early_is_read_back(site: SiteDir) -> None:
    """What it archived is known to the next one, though it noted nothing; what it did not archive is not."""
    with (
        pytest.raises(KeyboardInterrupt),
        open_imports(site) as known,
        ArchiveWriter(site, "import-1", software={}) as writer,
    ):
        headers = ((IMPORT_HEADER.encode(), b"text x"),)
        for body in (b"a", b"b"):
            known.add("https://a.vn/1", body, None)
            if body == b"b":
                raise KeyboardInterrupt
            writer.write(FetchedResponse("https://a.vn/1", 200, "OK", headers, body, NOW))
    assert import_items(site, "a", "b", run="import-2") == ["before", "new"]


def test_a_place_that_cannot_be_written_is_named(site: SiteDir) -> None:
    """One error with the file."""
    site.imports.mkdir(parents=True)
    with pytest.raises(BrokenWorld, match=r"imports\.sqlite: .*; free space or mend the rights, and import again"):
        import_items(site, "một")
