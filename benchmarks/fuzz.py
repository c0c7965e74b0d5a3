"""Coverage-guided fuzzing of cleaning: whatever the bytes, an Article or a Rejected comes out, and a partition of text.

usage: python benchmarks/fuzz.py [-max_total_time=600] [libFuzzer options] [CORPUS_DIR]     needs: pip install atheris

Starts from the project's saved pages. An input that breaks it is left in the working folder as crash-*; it belongs
among the cases of tests/test_hostile.py.
"""

import gzip
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["tinsach"]):
    from tinsach.cleaning import Article, Rejected, clean_html, clean_text

FIXTURES = Path(__file__).resolve().parents[1] / "tests"
URLS = (
    "https://ngaynay.vn/a-post1.html",
    "https://www.vietnamplus.vn/a-post1.vnp",
    "https://www.qdnd.vn/a/b/c-860001",
    "https://vnexpress.net/a-4954454.html",
    "https://tuoitre.vn/a-20260307075519174.htm",
    "https://example.org/a/b-1.html",
    "https://ngaynay.vn/",
    "no address at all [",
)


def check(article: Article) -> None:
    """What holds for every article."""
    assert all(block.text and block.text == " ".join(block.text.split()) for block in article.blocks)
    assert all(removal.rule and removal.text for removal in article.removed)
    assert article.title != "" and article.lead != ""


def fuzz_one(data: bytes) -> None:
    """The first byte chooses the address and the way in, the rest is the page."""
    if not data:
        return
    choice, page = data[0], data[1:]
    try:
        if choice % 4 == 3:
            check(clean_text(page.decode("utf-8", "replace")))
        else:
            charset = ("utf-8", "windows-1258", "x-none", None)[choice >> 6]
            check(clean_html(page, url=URLS[(choice >> 2) % len(URLS)], charset=charset))
    except Rejected:
        pass


def write_corpus(folder: Path) -> None:
    """The project's saved and modelled pages, one for each address."""
    pages = [gzip.decompress(path.read_bytes()) for path in sorted(FIXTURES.glob("fixtures/*/*/page.html.gz"))]
    pages += [path.read_bytes() for path in sorted(FIXTURES.glob("sites/*.html"))]
    for number, page in enumerate(pages):
        (folder / f"page-{number}").write_bytes(bytes([number * 4 % 256]) + page[:60_000])


def main() -> None:
    """Runs until libFuzzer's limits end it."""
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Path(folder))
        atheris.Setup([sys.argv[0], *(sys.argv[1:] or ["-max_total_time=600"]), folder], fuzz_one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
