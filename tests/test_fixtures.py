"""Every saved page in tests/fixtures is cleaned to its expected record, one test per field.

A fixture is a folder: page.html.gz (the page), page.toml (url, fetched_at, template, note), expected.json (the truth,
written by hand). A failure shows what differs: block by block, what became of each one.
"""

import difflib
import gzip
import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tinsach.cleaning import Article, clean_html

ROOT = Path(__file__).parent / "fixtures"
SITES = ("ngaynay.vn", "qdnd.vn", "vietnamplus.vn")
PLAIN_FIELDS = (
    "site title lead authors agency published_at modified_at published_precision section tags related_urls language "
    "extraction extraction_name"
).split()


@dataclass(frozen=True, slots=True)
class SavedPage:
    """One fixture as it lies on disk."""

    name: str
    url: str
    html: bytes
    expected: dict[str, Any]


def saved_pages() -> list[Path]:
    return sorted(path.parent for path in ROOT.glob("*/*/page.toml"))


@cache
def read_page(folder: Path) -> SavedPage:
    page = tomllib.loads((folder / "page.toml").read_text(encoding="utf-8"))
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    html = gzip.decompress((folder / "page.html.gz").read_bytes())
    return SavedPage(f"{folder.parent.name}/{folder.name}", page["url"], html, expected)


@cache
def clean_page(folder: Path) -> Article:
    page = read_page(folder)
    return clean_html(page.html, url=page.url)


def plain(value: Any) -> Any:
    """A field as it stands in expected.json."""
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def fate_of(text: str, article: Article) -> str:
    """What became of one block of the page: kept, removed and by which rule, part of another one, or lost."""
    for block in article.blocks:
        if text == block.text:
            return f"kept as {block.kind}"
    for removal in article.removed:
        if text == removal.text:
            return f"removed as {removal.kind} by {removal.rule}"
    for place, whole in (("title", article.title), ("lead", article.lead), ("kept block", article.text)):
        if whole and text in whole:
            return f"inside the {place}"
    return "LOST"


def describe_difference(expected: Sequence[tuple[str, str]], found: Sequence[tuple[str, str]], article: Article) -> str:
    """The two lists as a diff, and the fate of each block that is missing from where it belongs."""
    lines = difflib.ndiff([f"{kind}: {text}" for kind, text in expected], [f"{kind}: {text}" for kind, text in found])
    missing = [text for kind, text in expected if (kind, text) not in found]
    fates = [f"  {fate_of(text, article)}: {text[:90]}" for text in missing]
    diff = [line for line in lines if line[0] in "-+"]
    return "\n".join(["expected (-) against found (+):", *diff, "where the missing ones are:", *fates])


each_page = pytest.mark.parametrize("folder", saved_pages(), ids=lambda path: f"{path.parent.name}/{path.name}")


def test_each_site_has_three_pages() -> None:
    """Every site profile is held by at least three saved pages."""
    counts = {site: len(list((ROOT / site).glob("*/page.toml"))) for site in SITES}
    assert all(count >= 3 for count in counts.values()), counts


@each_page
def test_page_is_stored_reproducibly(folder: Path) -> None:
    """The compressed page holds no time stamp or name, so that saving it again changes no byte."""
    stored = (folder / "page.html.gz").read_bytes()
    assert stored[4:8] == b"\0\0\0\0", "gzip header carries a time"
    assert not stored[3] & 0x08, "gzip header carries a file name"


@each_page
@pytest.mark.parametrize("field", PLAIN_FIELDS)
def test_field(folder: Path, field: str) -> None:
    """The field of the cleaned page equals the one a person read."""
    article = clean_page(folder)
    assert plain(getattr(article, field)) == read_page(folder).expected[field]


@each_page
def test_blocks(folder: Path) -> None:
    """Every paragraph of the article is kept, in order, with its kind, and nothing else is."""
    article = clean_page(folder)
    expected = [(block["kind"], block["text"]) for block in read_page(folder).expected["blocks"]]
    found = [(block.kind, block.text) for block in article.blocks]
    assert found == expected, describe_difference(expected, found, article)


@each_page
def test_removed(folder: Path) -> None:
    """Everything else inside the body container is removed under the right kind, and nothing is lost."""
    article = clean_page(folder)
    expected = sorted((block["kind"], block["text"]) for block in read_page(folder).expected["removed"])
    found = sorted((removal.kind, removal.text) for removal in article.removed)
    assert found == expected, describe_difference(expected, found, article)


@each_page
def test_images(folder: Path) -> None:
    """Pictures stand in order with their full-size address, caption and credit."""
    expected = [(image["url"], image["caption"], image["credit"]) for image in read_page(folder).expected["images"]]
    assert [(image.url, image.caption, image.credit) for image in clean_page(folder).images] == expected
