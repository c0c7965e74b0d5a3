"""queries: DuckDB neither takes the whole machine nor leaves anything where somebody happens to stand."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tinsach.datasets.queries import open_duckdb


def test_what_does_not_fit_goes_to_a_folder_that_goes_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sort larger than the memory works on disk, and the folder that it was called in stays empty."""
    monkeypatch.chdir(tmp_path)
    with open_duckdb() as connection:
        connection.execute("SET memory_limit = '60MB'")
        (folder,) = connection.execute("SELECT current_setting('temp_directory')").fetchone() or ("",)
        query = "SELECT count(*) FROM (SELECT DISTINCT hash(i) || repeat('x', 40) FROM range(1_000_000) t(i))"
        assert connection.execute(query).fetchone() == (1_000_000,)
        assert Path(folder).is_absolute()
    assert not Path(folder).exists()
    assert not any(tmp_path.iterdir())


def test_times_are_utc_and_memory_is_bounded(tmp_path: Path) -> None:
    """A folder that is given is used and stays; times come back as they are stored."""
    with open_duckdb(tmp_path, threads=1) as connection:
        answer = connection.execute(
            "SELECT current_setting('memory_limit'), current_setting('threads'), current_setting('temp_directory'),"
            " TIMESTAMPTZ '2026-11-22 00:00:00+07'"
        ).fetchone()
    assert answer == ("1.8 GiB", 1, str(tmp_path), datetime(2026, 11, 21, 17, tzinfo=UTC))
    assert tmp_path.exists()
