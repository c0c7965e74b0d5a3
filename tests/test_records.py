"""An article becomes a row with every column, nulls where something is absent, and the way back to its bytes."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from tinsach.cleaning import Article, Block, Image, Rejected, Removal
from tinsach.datasets.archive import ArchivedResponse
from tinsach.datasets.minhash import fold_text
from tinsach.datasets.records import Source, article_row, hash_text, reject_row
from tinsach.datasets.schema import RECORD_SCHEMA, REJECT_SCHEMA

AT = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
URL = "https://ngaynay.vn/mot-bai-post167238.html"
RESPONSE = ArchivedResponse(URL, 200, (), b"", None, AT, 300, "sha1:ABC")
SOURCE = Source("ngaynay.vn", "run-00000.warc.gz", "0" * 16)
ARTICLE = Article(
    url=URL,
    site="ngaynay.vn",
    title="Cầu mới",
    lead="Cầu thông xe.",
    blocks=(Block("paragraph", "Sáng nay cầu thông xe."), Block("heading", "Vui mừng")),
    removed=(Removal("caption", "profile:figure", "Cầu. Ảnh: An"),),
    images=(Image("https://image.ngaynay.vn/1.jpg", "Cầu.", None),),
    authors=("Hồng Hà",),
    published_at=AT,
    published_precision="minute",
    tags=("cầu",),
    language="vi",
    language_score=0.99,
    extraction="profile",
    extraction_name="ngaynay.vn",
)


def test_a_row_has_every_column_and_survives_arrow() -> None:
    """What Arrow gives back equals the article, and where it came from."""
    row = article_row(ARTICLE, RESPONSE, SOURCE, "167238")
    assert set(row) == set(RECORD_SCHEMA.names)
    [back] = pa.Table.from_pylist([row], schema=RECORD_SCHEMA).to_pylist()
    assert back == row
    assert back["id"] == "ngaynay.vn:167238"
    assert back["text"] == "Sáng nay cầu thông xe.\n\nVui mừng"
    assert back["blocks"][1] == {"kind": "heading", "text": "Vui mừng"}
    assert back["removed"] == [{"kind": "caption", "rule": "profile:figure", "text": "Cầu. Ảnh: An"}]
    assert back["images"] == [{"url": "https://image.ngaynay.vn/1.jpg", "caption": "Cầu.", "credit": None}]
    assert (back["num_words"], back["num_chars"], back["text_hash"]) == (7, 32, hash_text(fold_text(ARTICLE.text)))
    assert (back["warc_file"], back["warc_offset"], back["fetched_at"]) == ("run-00000.warc.gz", 300, AT)


def test_what_is_absent_is_null() -> None:
    """No text, no title, no hash: null, never an empty string; lists are empty."""
    row = article_row(Article(extraction="generic", extraction_name="generic"), RESPONSE, SOURCE, None)
    assert row["text"] is row["title"] is row["text_hash"] is row["published_at"] is row["agency"] is None
    assert (row["blocks"], row["tags"], row["num_words"], row["num_chars"]) == ([], [], 0, 0)
    assert (row["site"], row["url"], row["id"]) == ("ngaynay.vn", URL, "ngaynay.vn/mot-bai-post167238.html")
    assert "" not in row.values()


def test_a_reject_says_why_and_where() -> None:
    """Reason, detail and position; no detail is null."""
    row = reject_row(Rejected("no-text", "body holds 0 words"), RESPONSE, SOURCE)
    [back] = pa.Table.from_pylist([row], schema=REJECT_SCHEMA).to_pylist()
    assert (back["reason"], back["detail"], back["warc_offset"]) == ("no-text", "body holds 0 words", 300)
    assert reject_row(Rejected("home"), RESPONSE, SOURCE)["detail"] is None


@pytest.mark.parametrize("other", ["TIN  sạch", "tin\n\nsạch", "tin sa\u0323ch"])
def test_hash_sees_words_only(other: str) -> None:
    """Case, white space and Unicode composition don't change the hash; a letter does."""
    assert hash_text(fold_text(other)) == hash_text("tin sạch")
    assert hash_text("tin sách") != hash_text("tin sạch")
