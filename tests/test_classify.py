"""classify: place, words and links decide what is the article."""

import time
from dataclasses import replace

import pytest

from tinsach.cleaning.classify import Facts, classify
from tinsach.cleaning.letters import fold
from tinsach.cleaning.profile import Lines, load_profile
from tinsach.cleaning.segment import Piece

BODY = "Nước lên từ nửa đêm, đến sáng thì tràn qua mặt đê, cả xóm phải dời lên trường học."
FACTS = Facts("Nước tràn mặt đê", "Cả xóm dời đi trong đêm.", Lines(), lambda href: href.endswith(".html"))

# pieces -> kind of the last-but-nothing piece under test (None: kept)
CASES: dict[str, tuple[list[Piece], int, str | None]] = {
    "headline repeated at the head": ([Piece("NƯỚC TRÀN MẶT ĐÊ"), Piece(BODY)], 0, "title_echo"),
    "headline words later in the body": ([Piece(BODY)] * 4 + [Piece("Nước tràn mặt đê"), Piece(BODY)], 4, None),
    "lead repeated at the head": ([Piece("Cả xóm dời đi trong đêm."), Piece(BODY)], 0, "lead_echo"),
    "author, flush right, at the end": ([Piece(BODY), Piece("Minh Lý", right=True)], 1, "byline"),
    "author in capitals at the end": ([Piece(BODY), Piece("NGUYỄN THỊ MINH LÝ")], 1, "byline"),
    "agency, bold, at the end": ([Piece(BODY), Piece("TTXVN", bold=True)], 1, "agency"),
    "a line that is one link to an article": (
        [Piece(BODY), Piece("Đê vỡ ở xã bên, ba nhà trôi", link_share=1.0, hrefs=("/a.html",)), Piece(BODY)],
        1,
        "teaser",
    ),
    "a line that is one link to a form": (
        [Piece(BODY), Piece("Tải mẫu đơn tại đây để nộp", link_share=1.0, hrefs=("/mau.pdf",)), Piece(BODY)],
        1,
        None,
    ),
    "a sentence with a link in it": ([Piece(BODY, link_share=0.4, hrefs=("/a.html",)), Piece(BODY)], 0, None),
    "a sentence that begins with Theo TTXVN": (
        [Piece("Theo TTXVN, nước đã rút khỏi ba xã ven sông."), Piece(BODY)],
        0,
        None,
    ),
    "a short answer at the end": ([Piece(BODY), Piece("“Còn người là còn tất cả”, ông nói.")], 1, None),
    "a cue line inside a content box": ([Piece("Xem thêm:", boxed=True), Piece(BODY)], 0, None),
    "an italic line below a picture": (
        [Piece("", image="/a.jpg"), Piece("Nước ngập sân đình.", italic=True)],
        1,
        "caption",
    ),
    "an italic line below text": ([Piece(BODY), Piece("Chuyện kể bên bến nước.", italic=True), Piece(BODY)], 1, None),
    "an hour that heads a part": ([Piece(BODY), Piece("19:30 ngày 12/12/2026", bold=True), Piece(BODY)], 1, None),
    "the hour above the text": ([Piece("Thứ Bảy, 07/03/2026 - 08:52"), Piece(BODY)], 0, "date"),
    "the hour below the text": ([Piece(BODY), Piece("07/03/2026 08:52")], 1, "date"),
    "an hour in a list": ([Piece(BODY), Piece("19:30 ngày 12/12/2026", kind="list_item")], 1, None),
    "a match and its day": ([Piece(BODY), Piece("Việt Nam - Thái Lan, 12/12/2026")], 1, None),
    "a person and a day": ([Piece(BODY), Piece("Nguyễn Du - 3/1/1766"), Piece(BODY)], 1, None),
    "the author and the day": ([Piece(BODY), Piece("Mai Lan - 07/03/2026")], 1, "byline"),
    "figures with their source": (
        [Piece(BODY), Piece("GDP quý III tăng 8,2% so với cùng kỳ (Nguồn: Tổng cục Thống kê)."), Piece(BODY)],
        1,
        None,
    ),
    "a table's source": (
        [Piece("Quý III | 8,2", kind="table_row"), Piece("Nguồn: Tổng cục Thống kê"), Piece(BODY)],
        1,
        None,
    ),
    "a source below a picture": ([Piece("", image="/a.jpg"), Piece("Nguồn: Tổng cục Thống kê")], 1, "credit"),
    "a film's title": ([Piece(BODY), Piece("Video: Bước ngoặt của truyền hình"), Piece(BODY)], 1, None),
    "who designed a building": ([Piece(BODY), Piece("Thiết kế: Zaha Hadid"), Piece(BODY)], 1, None),
    "who laid the article out": ([Piece(BODY), Piece("Trình bày: Hồng Nhung")], 1, "byline"),
    "who wrote and took the pictures": ([Piece(BODY), Piece("Bài, ảnh: Hồng Nhung"), Piece(BODY)], 1, "byline"),
    "an entry of a list set with arrows": (
        [Piece(BODY), Piece("► Hà Nội: 25 độ", kind="list_item"), Piece(BODY)],
        1,
        None,
    ),
    "an arrow before a link": (
        [Piece(BODY), Piece("► Chợ nổi dời bến", link_share=0.9, hrefs=("/cho-noi",)), Piece(BODY)],
        1,
        "teaser",
    ),
    "two arrows": ([Piece(BODY), Piece(">> Chợ nổi dời bến"), Piece(BODY)], 1, "teaser"),
    "two arrows below a colon": ([Piece("Gồm có:"), Piece(">> Muối hạt"), Piece(">> Muối tinh")], 2, None),
    "a law's annex": ([Piece(BODY), Piece("Xem thêm: Phụ lục 2 của Thông tư 80"), Piece(BODY)], 1, None),
    "more to read": (
        [Piece(BODY), Piece("Xem thêm: Chợ nổi dời bến", link_share=0.6, hrefs=("/cho-noi",)), Piece(BODY)],
        1,
        "teaser",
    ),
    "a heading of one word": ([Piece(BODY), Piece("Chia sẻ", kind="heading"), Piece(BODY)], 1, None),
    "a heading over no text": ([Piece(BODY), Piece("Bình luận", kind="heading"), Piece("Gửi")], 1, "widget"),
    "a button": ([Piece(BODY), Piece("Chia sẻ"), Piece(BODY)], 1, "widget"),
    "a cue line": ([Piece(BODY), Piece("Tin liên quan"), Piece(BODY)], 1, "teaser"),
}


@pytest.mark.parametrize(("pieces", "index", "kind"), CASES.values(), ids=CASES)
def test_what_is_removed_and_what_stays(pieces: list[Piece], index: int, kind: str | None) -> None:
    """Each line by its words, its place and its links."""
    drop = classify(pieces, FACTS)[index].drop
    assert (drop[0] if drop else None) == kind


def test_edges_of_a_body_with_other_clutter() -> None:
    """The hour stands at the edge below a repeated headline too, and above or below the author's name."""
    head = [Piece("NƯỚC TRÀN MẶT ĐÊ"), Piece("Thứ Bảy, 07/03/2026 - 08:52"), Piece(BODY)]
    tail = [Piece("07/03/2026 08:52"), Piece("Mai Lan", right=True), Piece("07/03/2026 08:52")]
    kinds = [piece.drop and piece.drop[0] for piece in classify(head + tail, FACTS)]
    assert kinds == ["title_echo", "date", None, "date", "byline", "date"]


def test_every_other_piece_of_those_cases_stays() -> None:
    """A rule that removes one line leaves its neighbours alone."""
    for pieces, index, _ in CASES.values():
        others = [piece for place, piece in enumerate(classify(pieces, FACTS)) if place != index]
        assert all(piece.drop is None for piece in others)


def test_a_bold_line_before_text_is_a_heading() -> None:
    """Bold and short and followed by text: a heading; bold at the end or a whole sentence: not."""
    pieces = [Piece("Nước rút", bold=True), Piece(BODY), Piece("Ai cũng phải đi.", bold=True), Piece(BODY)]
    assert [piece.kind for piece in classify(pieces, FACTS)] == ["heading", "paragraph", "paragraph", "paragraph"]


def test_lines_of_the_house_come_from_the_profile() -> None:
    """qdnd.vn's read-more line goes, its starred paragraphs stay."""
    facts = Facts(None, None, load_profile("qdnd.vn").lines, lambda href: False)
    pieces = [
        Piece("* Trước đó, đoàn đã đến dâng hương tại đền thờ liệt sĩ của huyện."),
        Piece("*Mời bạn đọc vào chuyên mục Đời sống xem các tin, bài liên quan.", link_share=0.1),
    ]
    assert [piece.drop and piece.drop[0] for piece in classify(pieces, facts)] == [None, "read_more"]


def test_summaries_of_other_articles_after_the_source_go_by_the_house_prefix() -> None:
    """After the source line, a line with the house's prefix shows that other articles' summaries have begun."""
    facts = Facts(None, None, load_profile("ngaynay.vn").lines, lambda href: False)
    tail = [Piece("Theo TTXVN"), Piece("Phố sách dời chỗ"), Piece("(Ngày Nay) - Phố sách dời về bờ hồ từ tháng sau.")]
    kinds = [piece.drop and piece.drop[0] for piece in classify([Piece(BODY), *tail], facts)]
    assert kinds == [None, "agency", "teaser", "teaser"]
    opening = [Piece("(Ngày Nay) - Câu mở đầu của chính bài này vẫn ở lại."), Piece(BODY), Piece("Theo TTXVN")]
    assert [piece.drop and piece.drop[0] for piece in classify(opening, facts)] == [None, None, "agency"]


def test_folding_forgets_case_space_and_punctuation() -> None:
    """Two texts that a reader takes for the same fold alike; accents count."""
    assert fold("Nước tràn, mặt đê!") == fold("NƯỚC TRÀN MẶT ĐÊ")
    assert fold("nước") != fold("nuoc")


BYLINES = [
    "Thùy Dương - Quang Minh/TTXVN",
    "Thùy Dương/TTXVN",
    "Nguyễn Hà - Trần Nam",
    "CTV Lê Hà/VOV-Tây Bắc",
    "Nhóm PV",
    "Nhóm phóng viên",
    "Lê Hà/Báo Tin tức",
    "Tin, ảnh: Lê Hà (lehant@example.org)",
    "Bài: Lê Hà - Ảnh: Minh Tâm",
]


@pytest.mark.parametrize("line", BYLINES)
def test_a_byline_that_closes_a_body_goes(line: str) -> None:
    """The very last line is no text when it is nothing but a byline; further up, and in a list, it may be one."""
    drop = classify([Piece(BODY), Piece(line)], FACTS)[-1].drop
    assert drop is not None and drop[0] == "byline"
    assert classify([Piece(BODY), Piece("Đội vô địch là:"), Piece("Nguyễn Hà - Trần Nam")], FACTS)[-1].drop is None
    assert classify([Piece(BODY), Piece(line, kind="table_row", boxed=True)], FACTS)[-1].drop is None


def test_the_names_that_the_page_declares_close_its_body() -> None:
    """A last line of names that no table knows is a byline where they are the page's authors."""
    pieces = [Piece(BODY), Piece("John Smith và Bông Mai")]
    assert classify(pieces, FACTS)[-1].drop is None
    drop = classify(pieces, replace(FACTS, authors=("John Smith", "Bông Mai")))[-1].drop
    assert drop is not None and drop[0] == "byline"


NAMES = ["Nguyễn Văn An", "Trần Thị Bình", "Lê Hoàng Long", "Phạm Minh Châu", "Đỗ Thu Hà"]


def test_a_list_of_names_that_closes_a_body_stays() -> None:
    """Three names or more line by line, and names below a colon, are those that the text tells of; labels sign."""
    for lines in (NAMES, NAMES[:3], ["Người được khen thưởng là:", *NAMES[:1]], ["Được thưởng:", *NAMES[:2]]):
        assert [piece.drop for piece in classify([Piece(BODY), *map(Piece, lines)], FACTS)] == [None] * (1 + len(lines))
    signed = [Piece(BODY), *map(Piece, NAMES), Piece("Lê Hà", right=True), Piece("TTXVN", bold=True)]
    assert [piece.text for piece in classify(signed, FACTS) if piece.drop] == ["Lê Hà", "TTXVN"]
    two = classify([Piece(BODY), *map(Piece, NAMES[:2])], FACTS)
    labelled = classify([Piece(BODY), Piece("Thực hiện:"), Piece("Lê Hà")], FACTS)
    assert [piece.text for piece in (*two, *labelled) if piece.drop] == [*NAMES[:2], "Lê Hà"]


@pytest.mark.parametrize(
    "text", ["", "“A – b”: (c), d_e… ½ 2.", "İI ß", "Hà Nội, 4/1/2026", "今日、雨。", "a\u0301\u200b!"]
)
def test_folding_leaves_letters_and_digits(text: str) -> None:
    """Common marks go first for speed; what stays are the characters that are letters or digits."""
    assert fold(text) == "".join(filter(str.isalnum, text)).casefold()


def test_a_body_of_bylines_costs_as_much_as_any() -> None:
    """Lines that are all signed are not looked through again for each of them."""
    pieces = [Piece("Tin, ảnh: Mai Lan")] * 20_000 + [Piece(BODY)]
    start = time.process_time()
    classify(pieces, FACTS)
    assert time.process_time() - start < 4
