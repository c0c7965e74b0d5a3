"""The gate before a release: each thing a contract asks for finds the rows that are not so."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tinsach.cleaning import Article, Block, Removal
from tinsach.datasets.archive import ArchivedResponse
from tinsach.datasets.contract import (
    BadContract,
    Contract,
    ContractBreached,
    Lengths,
    Texts,
    Times,
    find_breaches,
    load_contract,
)
from tinsach.datasets.layout import DataDir
from tinsach.datasets.records import Source, article_row
from tinsach.datasets.release import ReleaseOptions, make_release
from tinsach.datasets.schema import RECORD_SCHEMA, RELEASE_SCHEMA
from tinsach.datasets.shards import Account, RowWriter

NOW = datetime(2026, 1, 1, 6, tzinfo=UTC)
COMPANY = {"cluster": None, "cluster_size": 1, "cluster_sites": [], "duplicate_of": None}


def make_row(number: int, text: str, removed: str = "") -> dict[str, Any]:
    """A record of article `number`; `removed` is a line that was taken out."""
    url = f"https://a.vn/bai-{number}"
    article = Article(
        url=url,
        site="a.vn",
        title=f"Bài {number}",
        blocks=(Block("paragraph", text),),
        removed=(Removal("junk", "house:x", removed),) if removed else (),
        language="vi",
        extraction="profile",
        extraction_name="a.vn",
    )
    response = ArchivedResponse(url, 200, (), b"", None, NOW, number, "")
    return article_row(article, response, Source("a.vn", "run", "0" * 16), str(number))


def write_release(folder: Path, *rows: dict[str, Any]) -> Path:
    """The rows where a release has them."""
    (folder / "data").mkdir(parents=True)
    table = pa.Table.from_pylist([row | COMPANY for row in rows], schema=RELEASE_SCHEMA)
    pq.write_table(table, folder / "data" / "part-00000.parquet")
    return folder


GOOD = make_row(1, "Một bài rất bình thường về cây cầu mới ở bản Na.")


@pytest.mark.parametrize(
    ("contract", "bad", "key", "seen"),
    [
        (
            Contract(nulls={"title": 0.4}, page_nulls={}),
            make_row(9, "Không tên.") | {"title": None},
            "nulls.title",
            "null",
        ),
        (Contract(), GOOD | {"id": "a.vn:9", "text_hash": "9", "text": "tu\u0323c"}, "texts.nfc", "Bài 1"),
        (Contract(), make_row(9, "Một bài.") | {"title": None}, "page_nulls.title", "null"),
        (Contract(), make_row(9, "") | {"text_hash": "9"}, "nulls.text", "null"),
        (Contract(), make_row(9, "Ảnh leftcenterrightdel"), "texts.clutter 'leftcenterrightdel'", "leftcenterrightdel"),
        (Contract(), make_row(9, "từ " * 50_001), "lengths.max_words", "50001"),
        (Contract(), make_row(9, "Viá»‡t Nam"), "texts.mojibake", "á»"),
        (Contract(), make_row(9, "Chữ \ufffd hỏng"), "texts.mojibake", "\ufffd"),
        (Contract(texts=Texts(clutter=("Mời bạn",))), make_row(9, "Mời bạn đọc"), "texts.clutter 'Mời bạn'", "Mời bạn"),
        (Contract(lengths=Lengths(min_words=5)), make_row(9, "Ngắn quá"), "lengths.min_words", "2"),
        (Contract(lengths=Lengths(max_words=20)), make_row(9, "dài " * 30), "lengths.max_words", "30"),
        (Contract(languages={"vi": 0.9}), make_row(9, "In English") | {"language": "en"}, "languages.vi", "en"),
    ],
)
def test_a_breach_names_key_and_row(
    tmp_path: Path, contract: Contract, bad: dict[str, Any], key: str, seen: str
) -> None:
    """The good row alone breaks nothing; with the bad one there is one breach that shows it."""
    assert find_breaches(write_release(tmp_path / "good", GOOD), contract) == ()
    [breach] = find_breaches(write_release(tmp_path / "bad", GOOD, bad), contract)
    assert (breach.key, breach.found) == (key, 0.5)
    assert [(row[0], row[2]) for row in breach.rows] == [("a.vn:9", seen)]


@pytest.mark.parametrize("extraction", ["text", "generic"])
def test_what_is_imported_needs_no_title(tmp_path: Path, extraction: str) -> None:
    """A corpus of texts, or of pages of unknown make, keeps the default contract without titles."""
    bare = make_row(9, "Một bài không tên.") | {"title": None, "extraction": extraction}
    assert find_breaches(write_release(tmp_path, bare), Contract()) == ()


def test_equal_texts_left_are_a_breach_unless_marked(tmp_path: Path) -> None:
    """Two articles of one text break the contract; a marked one does not."""
    twin = GOOD | {"id": "a.vn:2"}
    [breach] = find_breaches(write_release(tmp_path / "left", GOOD, twin), Contract())
    assert (breach.key, [row[0] for row in breach.rows]) == ("duplicates", ["a.vn:1", "a.vn:2"])


def test_a_rule_that_suddenly_removes_more_is_a_breach(tmp_path: Path) -> None:
    """Against the last release: the share of text that a rule removes on a site may change by so much, not more."""
    rows = [make_row(number, f"Bài {number} về cây cầu mới") for number in range(3, 22)]
    before = write_release(tmp_path / "r1", *rows, make_row(2, "Bài hai " * 20, "ít"))
    after = write_release(tmp_path / "r2", *rows, make_row(2, "Bài hai", "Bài hai " * 60))
    assert find_breaches(before, Contract(), before) == ()
    assert find_breaches(after, Contract(removed_change=0.6), before) == ()
    for one, other in ((before, after), (after, before)):
        [breach] = find_breaches(other, Contract(), one)
        assert (breach.key, [row[0] for row in breach.rows]) == ("removed_change a.vn house:x", ["a.vn:2"])


def test_few_articles_say_nothing_about_a_rule(tmp_path: Path) -> None:
    """A site of one article, now or then, may lose any share of its text."""
    few = write_release(tmp_path / "r1", make_row(1, "Ảnh đẹp.", "Chú thích " * 60))
    many = write_release(tmp_path / "r2", *(make_row(number, f"Bài {number} về cây cầu") for number in range(30)))
    assert find_breaches(many, Contract(), few) == find_breaches(few, Contract(), many) == ()


def test_a_last_release_that_cannot_be_read_is_a_breach(tmp_path: Path) -> None:
    """Nothing was compared, which the one who publishes has to know."""
    last = write_release(tmp_path / "r1", GOOD)
    [part] = last.rglob("*.parquet")
    part.write_bytes(b"PAR1 cut off")
    [breach] = find_breaches(write_release(tmp_path / "r2", GOOD), Contract(), last)
    assert (breach.key, breach.rows[0][:2]) == ("removed_change", ("r1", str(last)))


def test_the_documented_contract_is_the_default() -> None:
    """docs/contract.toml has every key, those without a default in a comment, and says what is asked without it."""
    path = Path(__file__).parents[1] / "docs" / "contract.toml"
    assert load_contract(path) == Contract()
    text = path.read_text(encoding="utf-8")
    for part in (Contract, Lengths, Texts, Times):
        for key in part.model_fields:
            assert re.search(rf"^{key} = |^\[{key}\]$|\({key} = ", text, re.MULTILINE), key


def test_a_file_changes_what_it_says(tmp_path: Path) -> None:
    """All else is asked as without it."""
    path = tmp_path / "contract.toml"
    path.write_text('[nulls]\nlead = 0.5\n[page_nulls]\ntitle = 1\n[texts]\nclutter = ["x"]\n')
    contract = load_contract(path)
    assert (contract.nulls, contract.page_nulls) == ({"text": 0, "lead": 0.5}, {"title": 1})
    assert contract.texts == Texts(clutter=("x",))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nulls = 3", "nulls = 3: must be a table"),
        ("[nulls]\ntitel = 0.1", "nulls.titel: no such column"),
        ("[page_nulls]\ntitel = 0.1", "page_nulls.titel: no such column"),
        ("[nulls]\ntitle = 2", "nulls.title = 2: must be 1 or less"),
        ("nonsense = 1", "nonsense = 1: unknown key; known: nulls, page_nulls, languages"),
        ("[", "not valid TOML"),
    ],
)
def test_a_bad_contract_is_told(tmp_path: Path, text: str, says: str) -> None:
    """One line: file, key, value, what is wrong."""
    path = tmp_path / "contract.toml"
    path.write_text(text)
    with pytest.raises(BadContract) as caught:
        load_contract(path)
    assert str(caught.value).startswith(f"{path}: {says}")


def test_a_breach_stops_the_release_and_force_is_recorded(tmp_path: Path) -> None:
    """No release stands, the report has the rows; with force it is published and its manifest tells of it."""
    data = DataDir(tmp_path)
    path = data.site("a.vn").records / "run-00000.parquet"
    path.parent.mkdir(parents=True)
    with RowWriter(path, RECORD_SCHEMA) as writer:
        writer.write(GOOD)
        writer.finish(Account(rules_version="0" * 16, warc_bytes=1, warc_mtime_ns=1))
    (tmp_path / "contract.toml").write_text("[lengths]\nmin_words = 100\n")
    with pytest.raises(ContractBreached, match=r"r1 breaks the contract \(lengths.min_words: 1, asked 0\)"):
        make_release(data, "r1")
    assert not (data.releases / "r1").exists()
    [breach] = json.loads((data.releases / "r1.breaches.json").read_text())
    assert breach["rows"] == [["a.vn:1", "https://a.vn/bai-1", "12"]]
    report = make_release(data, "r1", ReleaseOptions(force=True))
    manifest = json.loads((report.path / "manifest.json").read_text())
    assert (manifest["forced"], manifest["breaches"]) == (True, [breach])
    assert "published by force" in (report.path / "report.html").read_text()
    stats = json.loads((report.path / "stats.json").read_text())
    assert [(site["site"], site["articles"]) for site in stats["sites"]] == [("a.vn", 1)]
    assert (stats["fill"]["title"], stats["fill"]["agency"], stats["fill"]["tags"]) == (1, 0, 0)


def test_dates_to_come_are_a_breach(tmp_path: Path) -> None:
    """Published a day or more after it was fetched, or fetched after today: named with the date."""
    late = make_row(2, "Tin của ngày mai.") | {"published_at": NOW + timedelta(days=2)}
    soon = make_row(3, "Tin của chiều nay.") | {"published_at": NOW + timedelta(hours=9)}
    clock = make_row(4, "Tin của đồng hồ sai.") | {"fetched_at": datetime.now(UTC) + timedelta(days=400)}
    [breach] = find_breaches(write_release(tmp_path, GOOD, late, soon, clock), Contract())
    assert (breach.key, breach.found) == ("times.future", 0.5)
    assert breach.rows[0][2].startswith("2026-01-03")
    assert [row[0] for row in breach.rows] == ["a.vn:2", "a.vn:4"]


def test_the_report_of_a_breach_goes_with_the_breach(tmp_path: Path) -> None:
    """A forced release shows the rows in its own report; the file beside it is gone."""
    data = DataDir(tmp_path)
    path = data.site("a.vn").records / "run-00000.parquet"
    path.parent.mkdir(parents=True)
    with RowWriter(path, RECORD_SCHEMA) as writer:
        writer.write(make_row(1, "Má»™t bài hỏng."))
        writer.finish(Account(rules_version="0" * 16, warc_bytes=1, warc_mtime_ns=1))
    with pytest.raises(ContractBreached):
        make_release(data, "r1")
    assert (data.releases / "r1.breaches.json").exists()
    report = make_release(data, "r1", ReleaseOptions(force=True))
    assert report.breaches == ("texts.mojibake",)
    assert not (data.releases / "r1.breaches.json").exists()
    page = (report.path / "report.html").read_text(encoding="utf-8")
    assert "texts.mojibake" in page
    assert "a.vn:1: " in page
    assert json.loads((report.path / "manifest.json").read_text())["contract"]["texts"]["mojibake"] == 0.001


def test_an_empty_list_is_no_value(tmp_path: Path) -> None:
    """A row without authors has an empty list, which counts as a null does; other lists count for themselves."""
    signed = make_row(2, "Bài có tên tác giả.") | {"authors": ["An"]}
    [breach] = find_breaches(write_release(tmp_path, GOOD, signed), Contract(nulls={"authors": 0.4, "blocks": 0.4}))
    assert (breach.key, breach.found, breach.rows[0][0]) == ("nulls.authors", 0.5, "a.vn:1")
