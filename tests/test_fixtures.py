"""A saved page and its expected record: written whole, read back, one change one line, and each block's fate told.

The project's own saved pages are tests of their own, which `tinsach_fixtures` in pyproject.toml collects.
"""

import gzip
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import html

from tinsach.cleaning import list_sites, load_profile
from tinsach.cleaning.profile import list_families
from tinsach.cleaning.segment import normalise
from tinsach.datasets.fixture_check import check_fixture, describe_update, renew_record, tell_fate
from tinsach.datasets.fixtures import (
    FIELDS,
    Fixture,
    FixtureError,
    SavedPage,
    add_fixture,
    clean_fixture,
    format_about,
    format_record,
    list_fixtures,
    name_page,
    pack,
    read_expected,
    read_fixture,
    read_html,
    write_expected,
)
from tinsach.datasets.layout import WriteError

OWN = Path(__file__).parent / "fixtures"
PAGES_A_SITE = 3
URL = "https://ngaynay.vn/khanh-thanh-cay-cau-post168100.html"
BODY = "Cây cầu mới nối hai bờ sông, rút ngắn đường đến trường của hơn ba trăm học trò trong xã."
PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Khánh thành cây cầu</title></head><body>
<h1 class="article__title cms-title">Khánh thành cây cầu</h1>
<div class="article__sapo cms-desc">(Ngày Nay) - Sáng 12/11, cầu mở cho xe qua.</div>
<div class="article__body zce-content-body cms-body" itemprop="articleBody"><p>{BODY}</p>
<p>Bà con hai bên bờ đã chờ ngày này từ mười năm nay.</p><p>Theo TTXVN</p></div></body></html>"""
SAVED = SavedPage(url=URL, html=PAGE.encode(), fetched_at=datetime(2026, 11, 12, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ('"removed": null', "removed = null: not a list, each item an object of kind, text"),
        ('"title": 7', "title = 7: not text or null"),
        ('"extraction": null', "extraction = null: not text"),
        ('"tags": "chè"', 'tags = "chè": not a list, each item text'),
        ('"authors": ["An", null]', "authors, item 2 = null: not text"),
        ('"blocks": [{"text": "Chè"}]', 'blocks, item 1 = {"text": "Chè"}: not an object of kind, text'),
        ('"images": [{"url": null, "caption": 7, "credit": null}]', "not an object of url, caption, credit"),
    ],
)
def test_a_value_that_no_record_has_is_named(tmp_path: Path, field: str, words: str) -> None:
    """File, field and value in one line, with what to do; neither the check nor pytest ends in a traceback."""
    fixture = add_fixture(tmp_path, SAVED)
    (fixture.path / "expected.json").write_text(f"{{{field}}}", encoding="utf-8")
    with pytest.raises(FixtureError) as error:
        check_fixture(fixture)
    assert str(error.value).startswith(f"{fixture.path}/expected.json: ")
    assert str(error.value).endswith(f"{words}; correct it, or take the field out and it is not checked")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("note = 7", 'note = 7: not text; write it in quotes, "…"'),
        ("fetched_at = 2026-11-20", "not a time with its zone; write it without quotes, as 2026-11-20T03:30:00Z"),
        ("fetched_at = 2026-11-20T03:30:00", "not a time with its zone"),
        ('known_failures = "title"', "known_failures = 'title': not a table of fields; write [known_failures]"),
        ('known_failures = {titel = "x"}', "not a table of fields"),
        ("url = []", "url = []: not text"),
    ],
)
def test_a_value_that_page_toml_can_t_have_is_named(tmp_path: Path, line: str, words: str) -> None:
    """File, key and value, and what to write."""
    fixture = add_fixture(tmp_path, SAVED)
    url = "" if line.startswith("url") else 'url = "https://ngaynay.vn/x"\n'
    (fixture.path / "page.toml").write_text(f"{url}{line}\n", encoding="utf-8")
    with pytest.raises(FixtureError) as error:
        read_fixture(fixture.path)
    assert str(error.value).startswith(f"{fixture.path}/page.toml: ")
    assert words in str(error.value)


def test_a_fixture_is_read_back_as_it_was_added(tmp_path: Path) -> None:
    """Page, address, time, template, note and record stand in the folder of site and name."""
    added = add_fixture(tmp_path, SAVED, note='Dấu " và \\ trong ghi chú,\ndòng hai')
    assert added.name == "ngaynay.vn/khanh-thanh-cay-cau-post168100"
    assert list_fixtures(tmp_path) == (added.path,)
    assert read_fixture(added.path) == added
    assert added.template == "present"
    assert read_html(added) == SAVED.html
    assert list(read_expected(added)) == FIELDS
    assert check_fixture(added).is_good
    assert sorted(path.name for path in added.path.iterdir()) == ["expected.json", "page.html.gz", "page.toml"]


def test_a_fixture_is_never_replaced_nor_half_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second one of the same name is refused; a disk that fails leaves nothing."""
    add_fixture(tmp_path, SAVED)
    with pytest.raises(FixtureError, match="there already"):
        add_fixture(tmp_path, SAVED)
    monkeypatch.setattr("tinsach.datasets.layout.os.fsync", _no_space)
    with pytest.raises(WriteError, match="free some space"):
        add_fixture(tmp_path, SAVED, name="second")
    assert [path.name for path in (tmp_path / "ngaynay.vn").iterdir()] == ["khanh-thanh-cay-cau-post168100"]


def _no_space(_: int) -> None:
    raise OSError(28, "No space left on device")


def test_a_record_given_is_the_one_that_is_checked(tmp_path: Path) -> None:
    """`expected` may come from an older record: the page then fails until the rules give that again."""
    record = read_expected(add_fixture(tmp_path, SAVED, name="a"))
    added = add_fixture(tmp_path, SAVED, name="b", expected=record | {"authors": ["Lê Na"]})
    assert check_fixture(added).failures == {"authors": ('- "Lê Na"',)}


def test_the_fate_of_each_block_is_told(tmp_path: Path) -> None:
    """Kept, removed and by which rule, inside something else, or lost; and what a kept one should have been."""
    added = add_fixture(tmp_path, SAVED)
    expected = read_expected(added)
    first, second = expected["blocks"]
    expected["blocks"] = [first | {"kind": "quote"}, {"kind": "paragraph", "text": "Theo TTXVN"}]
    expected["removed"] = [{"kind": "teaser", "text": second["text"]}, {"kind": "junk", "text": "không có trên trang"}]
    write_expected(added, expected)
    failures = check_fixture(added).failures
    assert list(failures) == ["blocks", "removed"]
    assert f"- quote: {BODY}  [now kept as paragraph]" in failures["blocks"]
    assert f"+ paragraph: {second['text']}  [expected removed as teaser]" in failures["blocks"]
    (agency,) = [line for line in failures["blocks"] if "TTXVN" in line]
    assert re.fullmatch(r"- paragraph: Theo TTXVN  \[now removed as agency by \S+\]", agency)
    assert "- junk: không có trên trang  [now lost]" in failures["removed"]
    article = clean_fixture(added)
    assert not isinstance(article, Exception)
    assert tell_fate("Cây cầu mới nối hai bờ sông", article) == "inside the kept paragraph"
    assert tell_fate("Khánh thành", article) == "inside the title"


def test_the_order_of_removed_blocks_is_free_and_a_field_left_out_is_not_checked(tmp_path: Path) -> None:
    """Only what the record says is asked for, and where a removed line stood is no matter."""
    added = add_fixture(tmp_path, SAVED)
    expected = read_expected(added)
    write_expected(added, {"title": "Khánh thành cây cầu", "removed": expected["removed"][::-1]})
    check = check_fixture(added)
    assert (check.fields, check.is_good) == (("title", "removed"), True)
    assert list(renew_record(check)) == ["title", "removed"]


def test_one_change_is_one_changed_line(tmp_path: Path) -> None:
    """A block's text, a tag, a time: each is one line of expected.json, without the comma behind it."""
    added = add_fixture(tmp_path, SAVED)
    expected = read_expected(added)
    expected["blocks"][0]["text"] = "Khác"
    expected["language"] = "en"
    write_expected(added, expected)
    changes = describe_update(check_fixture(added))
    assert [line[0] for line in changes] == ["-", "+", "-", "+"]
    assert changes[:2] == (
        '-  {"kind": "paragraph", "text": "Khác"}',
        f'+  {{"kind": "paragraph", "text": "{BODY}"}}',
    )


def test_an_item_at_the_end_is_one_changed_line(tmp_path: Path) -> None:
    """The comma that the item before gets or loses is no change."""
    added = add_fixture(tmp_path, SAVED)
    expected = read_expected(added)
    expected["blocks"].append({"kind": "paragraph", "text": "Khác"})
    write_expected(added, expected)
    assert describe_update(check_fixture(added)) == ('-  {"kind": "paragraph", "text": "Khác"}',)


def test_a_field_left_out_is_added_when_the_record_is_to_be_complete(tmp_path: Path) -> None:
    """Only then; what is known to fail stays as a person wrote it."""
    added = replace(add_fixture(tmp_path, SAVED), known_failures={"title": "why"})
    write_expected(added, {"title": "Khác", "extraction": "profile"})
    check = check_fixture(added)
    assert check.lacks_fields and check.is_good
    complete = renew_record(check, complete=True)
    assert list(complete) == FIELDS and complete["title"] == "Khác"
    assert list(renew_record(check)) == ["title", "extraction"]
    assert describe_update(check, complete=True)[0].startswith("+")


def test_a_known_failure_is_no_failure_until_it_is_mended(tmp_path: Path) -> None:
    """page.toml may say of a field why it fails; renewing keeps its truth, and a mended one has to be taken out."""
    added = add_fixture(tmp_path, SAVED)
    known = replace(added, known_failures={"lead": "the prefix stays", "title": "cut"})
    (added.path / "page.toml").write_text(format_about(known), encoding="utf-8")
    write_expected(added, read_expected(added) | {"lead": "Sáng"})
    check = check_fixture(read_fixture(added.path))
    assert (list(check.failures), list(check.known), check.mended) == ([], ["lead"], ("title",))
    assert not check.is_good
    assert renew_record(check)["lead"] == "Sáng"


def test_a_page_may_be_expected_to_be_rejected(tmp_path: Path) -> None:
    """Its record is the reason, and an article in its place is a difference, as the other way round."""
    empty = SavedPage(url="https://ngaynay.vn/trong-post168101.html", html=b"<html><body></body></html>")
    added = add_fixture(tmp_path, empty)
    assert read_expected(added) == {"rejected": "no-text"}
    assert check_fixture(added).is_good
    article = add_fixture(tmp_path, SAVED, expected={"rejected": "video-only"})
    assert "cleaned to an article" in check_fixture(article).failures["rejected"][0]
    assert list(renew_record(check_fixture(article))) == FIELDS


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("page.toml", b"url = ", "not valid TOML"),
        ("page.toml", b'url = "https://a.vn/"\ncolour = "red"', "unknown key 'colour'"),
        ("page.toml", b'note = "x"', "needs its page's address"),
        ("expected.json", b"[1, 2]", "no record"),
        ("expected.json", b'{"titel": "x"}', "unknown field 'titel'"),
        ("expected.json", b'{"title": ', "not valid JSON"),
        ("expected.json", b'{"title": "\xff"}', "not UTF-8"),
        ("page.html.gz", b"\x1f\x8b\x08cut", "damaged gzip"),
        ("page.html.gz", b"<html>", "damaged gzip"),
    ],
)
def test_a_broken_fixture_names_its_file(tmp_path: Path, file: str, content: bytes, told: str) -> None:
    """Whatever is wrong is one line with file and cause."""
    added = add_fixture(tmp_path, SAVED)
    (added.path / file).write_bytes(content)
    with pytest.raises(FixtureError, match=told) as error:
        check_fixture(read_fixture(added.path))
    assert str(added.path / file) in str(error.value)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.vietnamplus.vn/cay-cau-treo/718402.vnp", "cay-cau-treo"),
        ("https://a.vn/đường-làng/", "duong-lang"),
        ("https://a.vn/x.html?id=7", "a.vn"),
        ("https://a.vn/" + "rat-dai-" * 20 + "post123456.html", None),
    ],
)
def test_names_are_made_from_addresses(url: str, name: str | None) -> None:
    """The last part that says something; a long one keeps its number."""
    made = name_page(url)
    assert made == name if name else len(made) <= 60 and made.endswith("-123456")


def test_list_takes_sites_and_names(tmp_path: Path) -> None:
    """By site, or by site and name; hidden folders are somebody's half-written ones."""
    for name in ("a", "b"):
        add_fixture(tmp_path, SAVED, name=name)
    (tmp_path / "ngaynay.vn" / ".c.tmp").mkdir()
    (tmp_path / "ngaynay.vn" / ".c.tmp" / "page.toml").touch()
    assert [path.name for path in list_fixtures(tmp_path, ["ngaynay.vn"])] == ["a", "b"]
    assert [path.name for path in list_fixtures(tmp_path, ["ngaynay.vn/b", "qdnd.vn"])] == ["b"]
    assert list_fixtures(tmp_path / "nowhere") == ()


OWN_FIXTURES = list_fixtures(OWN)
each_own = pytest.mark.parametrize("path", OWN_FIXTURES, ids=lambda path: f"{path.parent.name}/{path.name}")


def test_every_site_has_its_pages_and_every_version_and_family_one() -> None:
    """Each profile is held by saved pages, each older template and each family by one at least."""
    fixtures = [read_fixture(path) for path in OWN_FIXTURES]
    counts = {site: sum(fixture.site == site for fixture in fixtures) for site in list_sites()}
    assert {site: count for site, count in counts.items() if count < PAGES_A_SITE} == {}
    used = {read_expected(fixture).get("extraction_name") for fixture in fixtures}
    versions = {f"{site}/{version.name}" for site in list_sites() for version in load_profile(site).version}
    assert {*list_sites(), *versions, *list_families()} - used == set()


@each_own
def test_own_fixture_is_in_its_stored_form(path: Path) -> None:
    """Saving it again changes no byte: no time or name in the gzip header, fields in order, one item a line."""
    fixture = read_fixture(path)
    record = read_expected(fixture)
    assert (path / "page.html.gz").read_bytes()[3:8] == b"\0\0\0\0\0"
    assert (path / "page.toml").read_text(encoding="utf-8") == format_about(fixture)
    assert (path / "expected.json").read_text(encoding="utf-8") == format_record(record)
    assert list(record) in (FIELDS, ["rejected"])
    assert fixture.note, "what is special about the page?"


@each_own
def test_own_record_stands_on_its_page(path: Path) -> None:
    """The expected record says nothing that its page does not say: a slip of the pen would hide there."""
    fixture = read_fixture(path)
    record = read_expected(fixture)
    root = html.fromstring(read_html(fixture).decode())
    shown = _fold(" ".join(root.itertext()) + " ".join(root.xpath("//meta/@content")))
    lines = [record.get("title"), record.get("lead"), *record.get("tags", []), *record.get("authors", [])]
    blocks = [block["text"] for name in ("blocks", "removed") for block in record.get(name, [])]
    lines += [cell for text in blocks for cell in text.split(" | ")]
    lines += [image[part] for image in record.get("images", []) for part in ("caption", "credit")]
    assert [line for line in lines if line and _fold(line) not in shown] == []
    assert not {block["text"] for block in record.get("blocks", [])} & set(blocks[len(record.get("blocks", [])) :])


def _fold(text: str) -> str:
    return "".join(normalise(text).split()).casefold()


def test_packing_is_deterministic() -> None:
    """The same page is the same bytes, on any day."""
    assert pack(b"<html>") == pack(b"<html>")
    assert gzip.decompress(pack(b"<html>")) == b"<html>"


def test_fixture_type_knows_its_names() -> None:
    """Site and name come from where it lies."""
    assert Fixture(path=Path("x/qdnd.vn/cau-phao"), url=URL).name == "qdnd.vn/cau-phao"
