"""Modelled pages: each site's real template, older ones too, around text of our own, cleaned to what stands beside it.

tests/sites/<site>[-<what>].html is the page, <same>.json what a person reads on it; its `xfail` names fields that are
known to fail, with the reason. `removed` names lines that must be among the removed ones, not all of them.
"""

import difflib
import json
from datetime import timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from tinsach.cleaning import Article, clean_html, list_sites, load_profile
from tinsach.cleaning.profile import list_families
from tinsach.cleaning.segment import normalise

FOLDER = Path(__file__).with_name("sites")
PAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.html")))
FIELDS = "extraction title lead body captions authors agency published section tags".split()
VIETNAM = timezone(timedelta(hours=7))


@cache
def read_expected(page: str) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads((FOLDER / f"{page}.json").read_text(encoding="utf-8"))
    return expected | {"extraction": [expected["extraction"], expected["extraction_name"]]}


@cache
def clean_page(page: str) -> Article:
    return clean_html((FOLDER / f"{page}.html").read_bytes(), url=read_expected(page)["url"])


def read_field(article: Article, field: str) -> Any:
    """A field of the article as the expected record writes it; a time that is only a day is written as one."""
    if field == "extraction":
        return [article.extraction, article.extraction_name]
    if field == "body":
        return [[block.kind, block.text] for block in article.blocks]
    if field == "captions":
        return [[image.caption, image.credit] for image in article.images if image.caption or image.credit]
    if field == "published":
        at = article.published_at.astimezone(VIETNAM).isoformat() if article.published_at else None
        return at[:10] if at and article.published_precision == "day" else at
    value = getattr(article, field)
    return list(value) if isinstance(value, tuple) else value


def describe_difference(wanted: Any, found: Any) -> str:
    """A diff, one line an item."""
    before, after = (
        [json.dumps(item, ensure_ascii=False) for item in value] if isinstance(value, list) else [str(value)]
        for value in (wanted, found)
    )
    return "\n".join(difflib.unified_diff(before, after, "expected", "found", lineterm="", n=1))


def each_page(*fields: str) -> pytest.MarkDecorator:
    """Parametrises with pages and fields; what a page's record expects to fail is a strict xfail."""
    params = []
    for page in PAGES:
        reasons = read_expected(page).get("xfail", {})
        for field in fields:
            fails = pytest.mark.xfail(
                field in reasons, reason=reasons.get(field, ""), raises=AssertionError, strict=True
            )
            params.append(pytest.param(page, field, id=f"{page}-{field}", marks=fails))
    return pytest.mark.parametrize(("page", "field"), params)


@each_page(*FIELDS)
def test_field(page: str, field: str) -> None:
    """The field is what a person reads on the page."""
    found, wanted = read_field(clean_page(page), field), read_expected(page)[field]
    assert found == wanted, f"{page} {field}\n{describe_difference(wanted, found)}"


@each_page("removed")
def test_removed(page: str, field: str) -> None:
    """Each line that the record names is removed, under its kind."""
    kinds = {removal.text: removal.kind for removal in clean_page(page).removed}
    missing = [(kind, text) for kind, text in read_expected(page)[field] if kinds.get(text) != kind]
    assert not missing, "\n".join(f"{kind}: {text} -> {kinds.get(text, 'not removed')}" for kind, text in missing)


@pytest.mark.parametrize("page", PAGES)
def test_no_removed_line_in_the_text(page: str) -> None:
    """No line that is removed stands in the text as well."""
    article = clean_page(page)
    assert not {removal.text for removal in article.removed} & {block.text for block in article.blocks}


@pytest.mark.parametrize("page", PAGES)
def test_record_stands_on_its_page(page: str) -> None:
    """The expected record says nothing that its page does not say: a slip of the pen would hide there."""
    expected = read_expected(page)
    root = html.fromstring((FOLDER / f"{page}.html").read_text(encoding="utf-8"))
    shown = fold(" ".join(root.itertext()) + " ".join(root.xpath("//meta/@content")))
    lines = [expected["title"], expected["lead"], *expected["tags"], *expected["authors"]]
    lines += [cell for _, text in expected["body"] + expected["removed"] for cell in text.split(" | ")]
    assert not [line for line in lines if fold(line) not in shown]


def fold(text: str) -> str:
    return "".join(normalise(text).split()).casefold()


def test_every_site_version_and_family_has_a_page() -> None:
    """Each profile, each older template of one, and each family is what cleans one of the pages at least."""
    used = {read_expected(page)["extraction_name"] for page in PAGES}
    versions = {f"{site}/{version.name}" for site in list_sites() for version in load_profile(site).version}
    assert {*list_sites(), *versions, *list_families()} - used == set()
