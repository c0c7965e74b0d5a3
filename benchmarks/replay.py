"""Whether pywb replays our archive: a response and a revisit record, asked from a running `wayback` by date.

`make replay` installs pywb into an environment of its own and calls this with its bin folder; everything is loopback.
"""

import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import URLError

from tinsach.datasets.archive import ArchiveWriter, FetchedResponse
from tinsach.datasets.layout import DataDir

SITE, COLLECTION = "ngaynay.vn", "tinsach"
FIRST_AT = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
PATIENCE_SECONDS = 30


def main(pywb_bin: Path) -> int:
    """Print a line for each capture; 1 when one is not what was archived."""
    with tempfile.TemporaryDirectory() as folder:
        pages, warcs = _write_archive(Path(folder))
        _manage(pywb_bin, folder, "init", COLLECTION)
        _manage(pywb_bin, folder, "add", COLLECTION, *map(str, warcs))
        with _wayback(pywb_bin, folder) as address:
            wrong = [page.url for page in pages if not _is_replayed(address, page)]
    print(f"{len(pages) - len(wrong)} of {len(pages)} captures replayed by pywb")
    return bool(wrong)


def _write_archive(folder: Path) -> tuple[list[FetchedResponse], list[Path]]:
    site = DataDir(folder / "data").site(SITE)
    pages = [_page(number, FIRST_AT) for number in range(3)]
    with ArchiveWriter(site, "run", software={"software": "tinsach"}) as archive:
        positions = [archive.write(page) for page in pages]
        again = [_page(number, FIRST_AT + timedelta(days=1)) for number in range(3)]
        assert all(archive.write_unchanged(*pair) for pair in zip(again, positions, strict=True))
    return pages + again, [site.archive / name for name in archive.files]


def _page(number: int, at: datetime) -> FetchedResponse:
    headers = ((b"Content-Type", b"text/html; charset=utf-8"), (b"Content-Encoding", b"gzip"))
    body = f"<html><body><p>Bài số {number}</p></body></html>".encode()
    return FetchedResponse(f"https://{SITE}/bai-post{number}.html", 200, "OK", headers, body, at)


def _manage(pywb_bin: Path, folder: str, *arguments: str) -> None:
    subprocess.run([pywb_bin / "wb-manager", *arguments], cwd=folder, check=True, capture_output=True)


@contextmanager
def _wayback(pywb_bin: Path, folder: str) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [pywb_bin / "wayback", "--bind", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            yield f"http://127.0.0.1:{port}/{COLLECTION}"
        finally:
            server.terminate()


def _is_replayed(address: str, page: FetchedResponse) -> bool:
    """Asked for the page as archived (`id_`) at its second, pywb gives the body under that very date."""
    url = f"{address}/{page.fetched_at:%Y%m%d%H%M%S}id_/{page.url}"
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url) as answer:
                is_right = answer.read() == page.body and answer.url == url
        except URLError as error:
            if time.monotonic() > ends_at:
                print(f"{url}: {error}")
                return False
            time.sleep(0.2)  # it is still starting
            continue
        print(f"{url}: {'as archived' if is_right else 'another body or date'}")
        return is_right


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute()))
