"""Facts of tinsach.cleaning.text: what clean_text makes of whole texts, and what no text makes it do."""

import json
import os
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinsach.cleaning.article import Article, Image, Rejected, Removal
from tinsach.cleaning.text import clean_text
from tinsach.cleaning.textlines import find_glue, is_evenly_spaced, split_lines

SHARED = Path(os.environ.get("TINSACH_SHARED", Path(__file__).parents[2] / "shared"))
needs_shared = pytest.mark.skipif(not (SHARED / "texts").is_dir(), reason="the labelled texts are not on this machine")

TITLE = "Đồng muối Bạch Long vào vụ mới sau ba năm bỏ hoang"
LEAD = "Sau ba năm bỏ hoang, đồng muối Bạch Long lại trắng xóa; diêm dân kỳ vọng giá muối giữ được đến cuối vụ này."
BODY = (
    "Từ tờ mờ sáng, hơn hai trăm diêm dân đã có mặt trên những ô nề, người cào muối, người gánh nước chạt, tiếng nói "
    "cười vang cả một vùng bãi bồi ven biển vốn im ắng suốt ba năm qua.",
    "Theo TTXVN, giá muối tại ruộng hiện ở mức 2.200 đồng một ki-lô-gam, cao gần gấp đôi vụ trước, và thương lái đã "
    "đặt cọc mua hết sản lượng của hợp tác xã đến hết tháng Sáu.",
    "Ông Phạm Văn Thao, chủ nhiệm hợp tác xã, cho biết tỉnh đã hỗ trợ trải bạt cho 40 héc-ta ô kết tinh, nhờ vậy mỗi "
    "mẻ muối ra sớm hơn một ngày và sạch hơn hẳn cách làm cũ.",
    "Dù vậy, điều bà con lo nhất vẫn là những cơn mưa trái mùa, bởi chỉ một trận mưa rào buổi chiều cũng đủ xóa sạch "
    "công sức của cả tuần phơi nắng trên đồng.",
)
CARDS = (
    "Cầu treo mới nối hai bản vùng cao sau mười năm chờ đợi",
    "Cầu treo mới nối hai bản vùng cao sau mười năm chờ đợi",
    "(Ngày Nay) - Cây cầu dài 120 mét giúp học sinh hai bản không còn phải lội suối đến trường trong mùa lũ năm nay.",
    "Ảnh minh hoạ.",
    "Làng gốm bên sông giữ lửa bằng những mẻ nung đêm",
    "(Ngày Nay) - Nửa đêm, lò gốm cuối làng vẫn đỏ lửa, ba thế hệ một nhà thay nhau canh từng thanh củi.",
    "Học sinh thành phố trải nghiệm một ngày làm nông dân",
    "(Ngày Nay) -Lần đầu xuống ruộng, các em nhỏ vừa cấy lúa vừa nghe kể chuyện hạt gạo làng quê.",
)


def lines_of(*parts: str | tuple[str, ...]) -> str:
    """The parts as a text of one line each."""
    return "\n".join(line for part in parts for line in ((part,) if isinstance(part, str) else part))


def kept(article: Article) -> tuple[str, ...]:
    """The texts of the blocks."""
    return tuple(block.text for block in article.blocks)


def removed(article: Article) -> list[tuple[str, str]]:
    """Kind and text of the removals."""
    return [(removal.kind, removal.text) for removal in article.removed]


def test_article_with_image_tokens_and_cards() -> None:
    """Title, lead, paragraphs, captions with credit, source; tokens and the cards below the source go."""
    text = lines_of(
        TITLE,
        "",
        f"\u00a0{LEAD}",
        f"{TITLE} ảnh 1",
        "Diêm dân cào muối trên ô nề. (Ảnh: Mai Lan/TTXVN)",
        BODY[:2],
        LEAD,
        f"{TITLE} - ảnh 2",
        "Muối được gánh về kho. (Ảnh: Mai Lan/TTXVN)",
        BODY[2:],
        "Theo TTXVN",
        CARDS,
    )
    article = clean_text(text, url="https://ngaynay.vn/x-post1.html", site="ngaynay.vn")
    assert (article.title, article.lead) == (TITLE, LEAD)
    assert kept(article) == (*BODY[:2], LEAD, *BODY[2:])
    assert article.images == (
        Image(None, "Diêm dân cào muối trên ô nề.", "Mai Lan/TTXVN"),
        Image(None, "Muối được gánh về kho.", "Mai Lan/TTXVN"),
    )
    assert article.agency == "TTXVN"
    assert [kind for kind, _text in removed(article)][-9:] == ["agency"] + ["teaser"] * 8
    assert (article.extraction, article.extraction_name) == ("text", "ngaynay.vn")
    assert (article.language, article.url, article.site) == ("vi", "https://ngaynay.vn/x-post1.html", "ngaynay.vn")


def test_report_with_toolbar_labels() -> None:
    """The line after the labels of an image tool bar is its caption; name in capitals and read-more line go."""
    text = lines_of(
        "* " + BODY[0],
        "leftcenterrightdel",
        "Đoàn công tác thăm hợp tác xã muối Bạch Long",
        BODY[1],
        "leftcenterrightdel",
        "Diêm dân gánh muối về kho.",
        "* " + BODY[2],
        "HẢI NAM",
        "* Mời bạn đọc vào chuyên mục Kinh tế xem các tin, bài liên quan.",
    )
    article = clean_text(text)
    assert article.title is None
    assert article.lead is None
    assert kept(article) == ("* " + BODY[0], BODY[1], "* " + BODY[2])
    assert [image.caption for image in article.images] == [
        "Đoàn công tác thăm hợp tác xã muối Bạch Long",
        "Diêm dân gánh muối về kho.",
    ]
    assert article.authors == ("HẢI NAM",)
    assert Counter(kind for kind, _text in removed(article)) == {"junk": 2, "caption": 2, "byline": 1, "read_more": 1}
    assert article.extraction_name == "generic"


def test_prefix_goes_and_the_lead_stays() -> None:
    """A house prefix is cut from the lead and stands among the removals."""
    article = clean_text(lines_of(TITLE, f"(Ngày Nay) - {LEAD}", BODY))
    assert article.lead == LEAD
    assert article.removed == (Removal("prefix", "line:house_prefix", "(Ngày Nay) -"),)
    assert clean_text(lines_of(f"TPO - {LEAD}", BODY)).lead == LEAD


def test_first_paragraph_without_signs_of_a_lead_stays() -> None:
    """Under a headline of other words, as a related link has, the first paragraph is text and no lead."""
    article = clean_text(lines_of("Ngư dân đảo Cô Tô trúng đậm luồng mực khơi", BODY))
    assert article.lead is None
    assert kept(article) == BODY


def test_first_subheading_is_no_title() -> None:
    """A short line above a long opening, in a text with such lines below, heads a part."""
    opening = f"{BODY[0]} {BODY[2]}"
    article = clean_text(lines_of("Sáng sớm trên ô nề", opening, BODY[1], "Nỗi lo mưa trái mùa", BODY[3]))
    assert article.title is None
    assert [block.kind for block in article.blocks] == ["heading", "paragraph", "paragraph", "heading", "paragraph"]


@dataclass(frozen=True, slots=True)
class Kept:
    """Lines that look like clutter and belong to the text, where they stand."""

    fact: str
    lines: tuple[str, ...]


KEPT = [
    Kept("a sub-heading in capitals", (BODY[0], "KẾT QUẢ BƯỚC ĐẦU", BODY[1], BODY[2])),
    Kept("an interview", (BODY[0], "PV: Thưa ông, giá muối năm nay ra sao?", BODY[1], "PV: Xin cảm ơn ông!")),
    Kept("questions and answers", (BODY[0], "* Ông lo nhất điều gì?", "- Lo mưa trái mùa thôi.", BODY[1])),
    Kept(
        "a poem",
        (
            BODY[0],
            "Trong bài hát ru của mẹ có câu:",
            "Đi qua những cánh đồng chiều",
            "Nghe mùi muối mặn nhớ nhiều quê xa",
            "Đi qua những cánh đồng chiều",
            "Thương cha vai gánh xương gà oằn vai",
            BODY[1],
        ),
    ),
    Kept(
        "results and line-ups at the end",
        (
            *BODY[:3],
            "Kết quả vòng 5:",
            "Hà Nội FC - Nam Định 2-1",
            "Hải Phòng - Thanh Hóa 0-0",
            "Đội hình Hà Nội: Văn Hoàng, Thành Chung, Duy Mạnh, Văn Quyết, Hùng Dũng",
        ),
    ),
    Kept("table cells that repeat", (*BODY[:2], "Loại A", "2.200", "Loại B", "2.200", BODY[2])),
    Kept("a name that heads a part", (*BODY[:2], "Phạm Văn Thao", BODY[2], "Trần Thị Lụa", BODY[3])),
    Kept("a list of names at the end", (*BODY[:2], "Danh sách khen thưởng:", "Phạm Văn Thao", "Trần Thị Lụa")),
    Kept("a reader's letter", (BODY[0], "Lê Hà (Lâm Đồng)", "Trả lời", BODY[1], BODY[2])),
    Kept("short sentences between paragraphs", (BODY[0], "Trời hửng nắng.", BODY[1], "Bà con lại ra đồng.", BODY[2])),
    Kept("a source opening a sentence at the end", (*BODY[:3], "Theo TTXVN, vụ muối sẽ kéo dài đến tháng Tám.")),
    Kept("to be continued", (*BODY[:3], "(Còn tiếp)")),
    Kept(
        "questions with one answer each at the end",
        (
            *BODY,
            "Vì sao muối phơi trên bạt lại sạch hơn muối phơi cát?",
            "Vì hạt muối không lẫn đất và nước chạt được lọc trước khi lên ô kết tinh.",
            "Mỗi héc-ta làm muối trải bạt cần bao nhiêu vốn ban đầu?",
            "Khoảng 120 triệu đồng, trong đó tỉnh hỗ trợ một nửa tiền bạt.",
        ),
    ),
    Kept("a paragraph like the lead of another paper", (*BODY[:2], f"{BODY[2]} (Nguồn: Tổng cục Thống kê)", BODY[3])),
    Kept(
        "matches with their time",
        (
            BODY[0],
            "19:30 ngày 12/12/2026",
            "Việt Nam - Thái Lan, 12/12/2026",
            BODY[1],
            "20:00 ngày 19/12/2026",
            "Lý Hoàng Nam - Trịnh Linh Giang, 20:00 ngày 19/12/2026",
            "Sân Mỹ Đình",
        ),
    ),
    Kept(
        "figures with their source",
        (
            BODY[0],
            "Đến 18h ngày 5/9, cả nước ghi nhận 120.000 ca mắc sốt xuất huyết. Nguồn: Bộ Y tế",
            BODY[1],
            "GDP quý III tăng 8,2% so với cùng kỳ (Nguồn: Tổng cục Thống kê).",
            BODY[2],
            "Loại A | 2.200 | 40",
            "Nguồn: Tổng cục Thống kê",
            BODY[3],
        ),
    ),
    Kept(
        "who made a work",
        (BODY[0], "Thiết kế: Zaha Hadid", "Bài: Tiến Quân Ca", "Trình bày: Hồng Nhung", "Năm: 2012", BODY[1]),
    ),
    Kept("a film's title", (*BODY[:2], "Video: Bước ngoặt của truyền hình", BODY[2], BODY[3])),
    Kept(
        "a list set with arrows", (BODY[0], "Thời tiết hôm nay:", "» Miền Bắc nắng nhẹ", "» Miền Trung mưa to", BODY[1])
    ),
    Kept("entries with a colon", (BODY[0], "► Hà Nội: 25 độ", "► Bước 1: Mở ứng dụng VNeID", BODY[1])),
    Kept("a list set with two arrows", (BODY[0], "Gồm có:", ">> Muối hạt", ">> Muối tinh", BODY[1])),
    Kept("words of buttons that head parts", (*BODY[:2], "Theo dõi", BODY[2], "Chia sẻ", BODY[3])),
    Kept("who was born when", (BODY[0], "Nguyễn Du - 3/1/1766", BODY[1], BODY[2])),
    Kept("a timetable", (BODY[0], "Chủ nhật, 04/01/2026", BODY[1], "Thứ hai, 05/01/2026", BODY[2])),
]


@pytest.mark.parametrize("case", KEPT, ids=lambda case: case.fact)
def test_body_that_looks_like_clutter_stays(case: Kept) -> None:
    """Not one line of these texts goes, and each stands in its order."""
    article = clean_text(lines_of(case.lines))
    assert article.removed == ()
    assert (article.title, article.lead) == (None, None)
    assert kept(article) == case.lines


@dataclass(frozen=True, slots=True)
class Tail:
    """What may stand below an article."""

    fact: str
    lines: tuple[str, ...]
    kinds: tuple[str, ...]


HEADLINES = (
    "Cầu treo mới nối hai bản vùng cao sau mười năm chờ đợi",
    "Làng gốm bên sông giữ lửa bằng những mẻ nung trong đêm",
)
SUMMARIES = (
    "Cây cầu dài 120 mét giúp học sinh hai bản không phải lội suối đến trường trong mùa lũ.",
    "Nửa đêm, lò gốm cuối làng vẫn đỏ lửa, ba thế hệ một nhà thay nhau canh từng thanh củi.",
)
PAIRS = (HEADLINES[0], SUMMARIES[0], HEADLINES[1], SUMMARIES[1])
TAILS = [
    Tail("name", ("Mai Lan",), ("byline",)),
    Tail("name and source", ("Mai Lan", "Theo Reuters"), ("byline", "agency")),
    Tail("who laid it out", ("Mai Lan", "Trình bày: Hồng Nhung"), ("byline", "byline")),
    Tail("name and compilation", ("Mai Lan", "Tổng hợp"), ("byline", "agency")),
    Tail("nobody by name", ("Nhóm phóng viên",), ("byline",)),
    Tail("name and paper", ("Lê Hà/Báo Tin tức",), ("byline",)),
    Tail("label, name and mail", ("Tin, ảnh: Lê Hà (lehant@example.org)",), ("byline",)),
    Tail("text and pictures", ("Bài: Lê Hà - Ảnh: Minh Tâm",), ("byline",)),
    Tail("source on two lines", ("Theo M.T", "Nhịp sống mới"), ("agency", "agency")),
    Tail("name and links", ("Mai Lan", *(f">> {line}" for line in HEADLINES)), ("byline", "teaser", "teaser")),
    Tail("source and cards", ("Theo Reuters", *PAIRS), ("agency", *["teaser"] * 4)),
    Tail("cards alone", PAIRS, ("teaser",) * 4),
    Tail("glued card", (HEADLINES[0] + SUMMARIES[0],), ("teaser",)),
    Tail("bare headlines", HEADLINES, ("teaser",) * 2),
    Tail("label and headlines", ("Tin liên quan", *HEADLINES), ("teaser",) * 3),
    Tail("tags on lines", ("Từ khóa:", "muối", "diêm dân", "Đọc nhiều", HEADLINES[0]), ("tags", *["teaser"] * 4)),
    Tail("comments and masthead", ("Bình luận (0)", "Tổng biên tập: Lê Văn An"), ("widget", "widget")),
    Tail("house-prefixed cards without source", (HEADLINES[0], f"(Ngày Nay) - {SUMMARIES[0]}"), ("teaser",) * 2),
]


@pytest.mark.parametrize("tail", TAILS, ids=lambda tail: tail.fact)
def test_tail_goes(tail: Tail) -> None:
    """All of a tail goes, nothing of the text above it does."""
    article = clean_text(lines_of(BODY, tail.lines))
    assert kept(article) == BODY
    assert tuple(kind for kind, _text in removed(article)) == tail.kinds


@pytest.mark.parametrize(
    "opening", [(LEAD,), (TITLE, LEAD), (TITLE, f"(Ngày Nay) - {LEAD}"), (f"(Ngày Nay) - {LEAD}",)]
)
def test_cards_never_take_all_below_the_lead(opening: tuple[str, ...]) -> None:
    """Below a lead alone what looks like a story card may be the text; below a paragraph it goes."""
    card = (HEADLINES[0], f"(Ngày Nay) - {SUMMARIES[0]}")
    assert kept(clean_text(lines_of(opening, card)))[-1] == card[1]
    assert kept(clean_text(lines_of(opening, BODY[0], card)))[-1] == BODY[0]


def test_glued_card_below_lead_and_text() -> None:
    """What goes below lead and text together goes at once, not when the cleaned text is cleaned again."""
    first = clean_text(lines_of(f"(Ngày Nay) - {LEAD}", BODY[0], HEADLINES[0] + SUMMARIES[0]))
    assert (first.lead, kept(first)) == (LEAD, BODY[:1])
    assert clean_text(first.full_text).full_text == first.full_text


def test_second_item_below_a_sign_off_stays() -> None:
    """A page of two items, each signed: both are text, both names are authors."""
    second = "Ghe chở lúa chìm trên kênh, ba người thoát nạn"
    article = clean_text(lines_of(TITLE, LEAD, BODY[:2], "Mai Lan", second, BODY[2:], "Văn Hải"))
    assert kept(article) == (*BODY[:2], second, *BODY[2:])
    assert article.authors == ("Mai Lan", "Văn Hải")


@pytest.mark.parametrize(
    ("line", "authors", "agency"),
    [
        ("Bích Hà/Paris (Vietnam+)", ("Bích Hà",), None),
        ("Lê Hà (TTXVN)", ("Lê Hà",), "TTXVN"),
        ("Bài: Lê Hà - Ảnh: Minh Tâm", ("Lê Hà",), None),
        ("Theo Zing", (), "Zing"),
        ("Nhóm phóng viên", (), None),
    ],
)
def test_what_a_sign_off_says(line: str, authors: tuple[str, ...], agency: str | None) -> None:
    """Authors of lines that name an agency too; a paper stands for the agency where none is named; no picture."""
    article = clean_text(lines_of(BODY, line))
    assert (kept(article), article.authors, article.agency, article.images) == (BODY, authors, agency, ())


def test_text_resumes_after_an_agency_line() -> None:
    """A source line with paragraphs below does not end the article; only the line goes."""
    article = clean_text(lines_of(BODY[:2], "Theo Reuters", BODY[2:]))
    assert kept(article) == BODY


def test_list_under_a_label_inside_the_text() -> None:
    """Headlines under "Tin liên quan" go, the paragraph after them stays."""
    article = clean_text(lines_of(BODY[:2], "Tin liên quan", HEADLINES, BODY[2:]))
    assert kept(article) == BODY


def test_whole_page() -> None:
    """Menus, date and byline around the title, share bar, comments and masthead of a page's text go."""
    text = lines_of(
        ("Thời sự", "Kinh tế", "Đời sống", "Thể thao", "Tin nóng"),
        HEADLINES,
        ("Kinh tế", TITLE, "Mai Lan", "Thứ bảy, 07/03/2026 - 08:07", "Chia sẻ"),
        LEAD,
        BODY,
        ("Chia sẻ", "Bình luận (0)", "Gửi bình luận", *HEADLINES, TITLE),
        ("Tổng biên tập: Lê Văn An", "Giấy phép số 15/GP-BVHTTDL cấp ngày 14-4-2025", "© 2026 Quê Hương"),
    )
    article = clean_text(text)
    assert (article.title, article.lead) == (TITLE, LEAD)
    assert kept(article) == BODY
    assert article.authors == ("Mai Lan",)


def test_photo_report() -> None:
    """In a report signed "Tin, ảnh" short single sentences are captions; the text's own short ones stay."""
    own = "Nhân dịp này, tỉnh đã tặng quà cho hai mươi hộ khó khăn của xã."
    long = f"{BODY[0]} {BODY[1]}"
    report = (long, "Quang cảnh lễ ra quân.", f"{BODY[2]} {BODY[3]}", "Lãnh đạo tỉnh tặng quà diêm dân.", own)
    article = clean_text(lines_of(report, "Tin, ảnh: HẢI NAM"))
    assert kept(article) == (report[0], report[2], own)
    assert [image.caption for image in article.images] == [report[1], report[3]]


@pytest.mark.parametrize(
    ("above", "line", "kind"),
    [
        ("leftcenterrightdel", "Nguồn: Tổng cục Thống kê", "credit"),
        ("Diêm dân cào muối. (Ảnh minh hoạ)", "Nguồn: Tổng cục Thống kê", "credit"),
        ("leftcenterrightdel", "Diêm dân cào muối ở Bạch Long. Nguồn: Sở Nông nghiệp", "caption"),
        (BODY[2], "Diêm dân cào muối ở Bạch Long. (Nguồn: AFP)", "caption"),
        ("leftcenterrightdel", "Trình bày: Hồng Nhung", "byline"),
    ],
)
def test_sources_of_pictures(above: str, line: str, kind: str) -> None:
    """ "Nguồn" marks what stands below the trace of a picture, or is credited to an agency."""
    article = clean_text(lines_of(BODY[:2], above, line, BODY[3]))
    assert (kind, line) in removed(article)


@pytest.mark.parametrize(
    "lines",
    [
        (f"► {HEADLINES[0]}",),
        ("Xem thêm: Phụ lục 2 của Thông tư 80",),
        ("Tin liên quan:", f"► {HEADLINES[0]}", f"► {HEADLINES[1]}"),
        ("Bà con nói với nhau:", f">> {HEADLINES[0]}"),
    ],
)
def test_links_inside_the_text(lines: tuple[str, ...]) -> None:
    """A headline behind an arrow leads elsewhere, and so do those below a label; one line is no list."""
    article = clean_text(lines_of(BODY[:2], lines, BODY[2:]))
    assert [(kind, text) for kind, text in removed(article)][-1] == ("teaser", lines[-1])


@pytest.mark.parametrize(
    "lines",
    [
        (BODY[0], "Chia sẻ", *BODY[1:]),
        (*BODY[:2], "Theo dõi", "Bình luận", *BODY[2:]),
        (*BODY[:2], "Chia sẻ", BODY[2], "Chia sẻ", BODY[3]),
        (*BODY[:2], "Bình luận", *BODY[2:], "Quảng cáo"),
        (*BODY[:2], "Video", *BODY[2:]),
        (*BODY[:2], "Quảng cáo", *BODY[2:]),
        (*BODY, "Bình luận"),
    ],
)
def test_buttons_inside_the_text(lines: tuple[str, ...]) -> None:
    """Below the first paragraph, beside each other or again, and where a player or an advertisement stood."""
    assert kept(clean_text(lines_of(lines))) == BODY


def test_one_caption_under_the_lead() -> None:
    """A short line between lead and text is the picture's, when the text has no sub-headings."""
    article = clean_text(lines_of(TITLE, LEAD, "Diêm dân trên đồng muối Bạch Long", BODY))
    assert article.images == (Image(None, "Diêm dân trên đồng muối Bạch Long", None),)
    headed = clean_text(lines_of(TITLE, LEAD, "Được mùa, được giá", BODY[:2], "Nỗi lo mưa trái mùa", BODY[2:]))
    assert headed.images == ()


def test_photo_story() -> None:
    """Below a headline that promises pictures and an opening, short lines alone are captions."""
    captions = ("Ô nề lúc bình minh.", "Gánh muối qua bờ đê.", "Kho muối cuối ngày.")
    lead = "Nhiếp ảnh gia theo diêm dân Bạch Long suốt một vụ muối, chụp lại những khoảnh khắc trên đồng trắng xóa."
    article = clean_text(lines_of("Những bức ảnh về một vụ muối ở Bạch Long", lead, captions, "Mai Lan"))
    assert tuple(image.caption for image in article.images) == captions
    assert kept(article) == (lead,)


def test_indented_headlines_under_the_lead() -> None:
    """Headlines set in from the margin are links to other articles."""
    article = clean_text(lines_of(f"TTO - {LEAD}", tuple(f"    {line}" for line in HEADLINES), BODY))
    assert article.lead == LEAD
    assert kept(article) == BODY


def test_two_links_on_one_line() -> None:
    """Two headlines joined by a slash above the text lead elsewhere."""
    article = clean_text(lines_of(" / ".join(HEADLINES), BODY))
    assert removed(article) == [("teaser", " / ".join(HEADLINES))]
    assert kept(article) == BODY


def test_poll() -> None:
    """A poll's question goes with its answers."""
    poll = ("Bạn có đồng ý hỗ trợ thêm tiền bạt cho diêm dân", "Đồng ý Không đồng ý")
    article = clean_text(lines_of(BODY[:2], poll, BODY[2:]))
    assert removed(article) == [("widget", poll[0]), ("widget", poll[1])]


def test_decomposed_accents_are_composed() -> None:
    """NFD input gives the article that NFC input gives."""
    text = lines_of(TITLE, LEAD, BODY, "Theo TTXVN", CARDS)
    assert clean_text(unicodedata.normalize("NFD", text)) == clean_text(text)


def test_other_languages() -> None:
    """An English text keeps its headings, which write each word like a name."""
    lines = (
        "The salt fields have come back to life after three years, and the farmers hope that prices will hold.",
        "Frequently Asked Questions",
        "How long does the season last?",
        "It lasts from March to August, when the rains begin.",
    )
    article = clean_text(lines_of(lines))
    assert kept(article) == lines
    assert article.language == "en"


@pytest.mark.parametrize("text", ["", " ", "\n\n\t\u00a0\r\n", "\x00\x01", "\u200b\n\ufeff"])
def test_empty_text_is_rejected(text: str) -> None:
    """White space and what takes no room only is "empty"."""
    with pytest.raises(Rejected, match=r"^empty"):
        clean_text(text)


@pytest.mark.parametrize("text", ["---", "123\n456", "…\n***"])
def test_text_without_words_is_rejected(text: str) -> None:
    """Signs and numbers only are "no-words"."""
    with pytest.raises(Rejected, match=r"^no-words"):
        clean_text(text)


def test_characters_that_take_no_room() -> None:
    """Control characters go, half ones become U+FFFD; zero-width ones stay, but hide no cue and make no line."""
    assert kept(clean_text("Muối \ud800trắng\x00 đồng\x1b")) == ("Muối \ufffdtrắng đồng",)
    assert kept(clean_text("Muối \u200btrắng\n\u200b\nđồng")) == ("Muối \u200btrắng", "đồng")
    assert clean_text(f"{BODY[0]}\nTheo TTXVN\u200b").agency == "TTXVN"


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://ngaynay.vn/a-post1.html", "ngaynay.vn"),
        ("https://www.example.org/a", "example.org"),
        ("http://[", None),
        ("", None),
        (None, None),
    ],
)
def test_site_is_that_of_the_url(url: str | None, site: str | None) -> None:
    """Without a given site the URL tells it; a URL that cannot be read tells none."""
    article = clean_text(BODY[0], url=url)
    assert (article.site, article.extraction_name) == (site, site or "generic")
    assert clean_text(BODY[0], url=url, site="qdnd.vn").site == "qdnd.vn"


def test_helpers_of_layout() -> None:
    """Even spacing is one blank line between all lines; a brand's inner capital is no glue."""
    assert is_evenly_spaced("a\n\nb\n\nc\n") and not is_evenly_spaced("a\n\nb\nc")
    assert find_glue("Người dùng iPhone và VietNamNet được hưởng nhiều tiện ích mới trong năm nay.") is None
    assert [line.indent for line in split_lines("a\n    b")] == [0, 4]


LINES = (
    *BODY,
    *CARDS,
    *HEADLINES,
    *SUMMARIES,
    TITLE,
    LEAD,
    f"(Ngày Nay) - {LEAD}",
    f"TPO - {BODY[0]}",
    f"{TITLE} ảnh 1",
    "leftcenterrightdel",
    "Diêm dân cào muối. (Ảnh: Mai Lan/TTXVN)",
    "(Ảnh: Mai Lan)",
    "Quang cảnh lễ ra quân.",
    "Đối tượng Hùng tại cơ quan công an",
    "Một số hình ảnh về vụ muối:",
    "Theo TTXVN",
    "HẢI NAM",
    "Mai Lan",
    "Tin, ảnh: HẢI NAM",
    "Tổng hợp",
    "Tin liên quan",
    "Từ khóa:",
    "Bình luận (0)",
    "Tổng biên tập: Lê Văn An",
    "Thứ bảy, 07/03/2026 - 08:07",
    "Mai Lan - 07/03/2026 08:47",
    "Trình bày: Hồng Nhung",
    "Nguồn: Tổng cục Thống kê",
    "Chia sẻ",
    "Gồm có:",
    "► Hà Nội: 25 độ",
    f"» {HEADLINES[0]}",
    f">> {HEADLINES[1]}",
    "Đồng ý Không đồng ý",
    "* Mời bạn đọc vào chuyên mục Kinh tế xem các tin, bài liên quan.",
    "KẾT LUẬN",
    "Nỗi lo mưa trái mùa",
    "2.200",
    "Trời hửng nắng.",
    HEADLINES[0] + SUMMARIES[0],
    "    " + HEADLINES[1],
    "",
)
SUBJECTS = (  # a short line between two paragraphs, whether it is a caption
    ("Đối tượng Hùng tại cơ quan công an", True),
    ("Xe của đối tượng Hùng", True),
    ("Đoạn sông Ninh Cơ, nơi chiếc thuyền muối bị lật", True),
    ("Trường THCS Bạch Long ở xã Bạch Long (Giao Thủy, Nam Định).", True),
    ("Phạm Văn Hùng được đưa về trụ sở Công an xã Bạch Long", True),
    ("Diễn biến giá muối từ đầu năm đến nay", True),
    ("Đối tượng được vay vốn", False),
    ("Cán bộ, chiến sĩ là trung tâm", False),
    ("Trường THCS Bạch Long tại xã Giao Thủy đã đóng cửa.", False),
    ("Nỗi lo mưa trái mùa", False),
)


@pytest.mark.parametrize(("line", "is_caption"), SUBJECTS)
def test_captions_that_name_who_or_what_is_seen(line: str, is_caption: bool) -> None:
    """Between two paragraphs, a short line that names who or what is seen is a caption; a sub-heading stays."""
    article = clean_text("\n".join((*BODY[:2], line, *BODY[2:])))
    assert (("caption", line) in [(removal.kind, removal.text) for removal in article.removed]) == is_caption
    assert (line in article.text) != is_caption


def test_the_headline_stands_right_above_the_byline() -> None:
    """A section's name printed twice above the headline is not the title; what stands right above a byline is."""
    lines = (
        "Đầu tư nông nghiệp",
        "Tin mới nhận được",
        "Đầu tư nông nghiệp",
        TITLE,
        "Mai Lan - 07/03/2026 08:47",
        LEAD,
        *BODY,
    )
    assert clean_text("\n".join(lines)).title == TITLE


texts = st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=120)), min_size=1, max_size=40).map("\n".join)


def spread(article: Article) -> Counter[str]:
    """The article's lines as they stood: a prefix goes back before its lead."""
    prefix = "".join(removal.text for removal in article.removed if removal.kind == "prefix")
    found = Counter(kept(article))
    found.update(removal.text for removal in article.removed if removal.kind != "prefix")
    if article.title is not None:
        found[article.title] += 1
    if article.lead is not None:
        found[re.sub(r"\s", "", prefix + article.lead)] += 1
    return found


@given(texts)
@settings(deadline=None, max_examples=300)
def test_every_line_ends_exactly_once(text: str) -> None:
    """Kept plus removed is the input: each line is title, lead, block or removal, once."""
    try:
        article = clean_text(text)
    except Rejected:
        return
    lines = Counter(line.text for line in split_lines(text))
    if article.lead is not None:
        lead = next(line for line in lines if line.endswith(article.lead) and spread(article)[re.sub(r"\s", "", line)])
        lines[lead] -= 1
        lines[re.sub(r"\s", "", lead)] += 1
    assert +lines == +spread(article)
    order = [line.text for line in split_lines(text)]
    position = iter(order)
    assert all(block in position for block in kept(article))


@given(texts)
@settings(deadline=None, max_examples=300)
def test_cleaning_the_cleaned_changes_nothing(text: str) -> None:
    """The text of an article, cleaned again, keeps every block, and so does lead and text together."""
    try:
        article = clean_text(text)
    except Rejected:
        return
    for again in {article.text, article.full_text} - {""}:
        try:
            assert clean_text(again).full_text == again
        except Rejected as rejected:
            assert rejected.reason == "no-words"


def test_title_lead_and_text_cleaned_again() -> None:
    """Title, lead and text, each on its line, give the same article again."""
    first = clean_text(lines_of(TITLE, f"(Ngày Nay) - {LEAD}", BODY, "Theo TTXVN", CARDS))
    second = clean_text(f"{first.title}\n{first.lead}\n{first.text}")
    assert (second.title, second.lead, second.text) == (first.title, first.lead, first.text)


@needs_shared
@pytest.mark.parametrize(("name", "floors"), [("labelled", (0.003, 0.97)), ("derived", (0.003, 0.97))])
def test_floors_on_labelled_texts(name: str, floors: tuple[float, float]) -> None:
    """Of real texts labelled by line at most 0.3 % of the body is lost and 97 % of marked clutter is taken out."""
    counts: Counter[str] = Counter()
    for row in map(json.loads, (SHARED / "texts" / f"{name}.jsonl").read_text("utf-8").splitlines()):
        article = clean_text("\n".join(line["t"] for line in row["lines"]), url=row["url"], site=row["site"])
        left = Counter(kept(article))
        for line in row["lines"]:
            text, label = unicodedata.normalize("NFC", " ".join(line["t"].split())), line["y"]
            if label in ("body", "heading"):
                counts["body"] += 1
                counts["lost"] += not left[text]
                left[text] -= left[text] > 0
            elif label in ("byline", "agency", "teaser", "cta", "widget", "junk", "date"):
                counts["clutter"] += 1
                counts["taken"] += left[text] <= 0
    assert counts["lost"] <= floors[0] * counts["body"]
    assert counts["taken"] >= floors[1] * counts["clutter"]


@needs_shared
def test_the_two_real_texts() -> None:
    """The two texts that the project began with come out exactly."""
    first, second = (clean_text(path.read_text("utf-8")) for path in sorted((SHARED / "seeds").glob("*.txt")))
    assert first.title is not None and first.title.startswith("Hợp tác quốc phòng")
    assert first.lead is not None and first.lead.startswith("Trong thời gian tới")
    assert len(first.blocks) == 17 and first.lead in kept(first)
    assert [image.credit for image in first.images] == ["Hồng Hà/TXVN", "Hồng Hà/TXTVN"]
    assert first.agency == "TTXVN"
    assert Counter(kind for kind, _text in removed(first)) == {"junk": 2, "caption": 2, "agency": 1, "teaser": 21}
    assert (second.title, len(second.blocks), second.authors) == (None, 4, ("NAM HÙNG",))
    assert Counter(kind for kind, _text in removed(second)) == {"junk": 2, "caption": 2, "byline": 1, "read_more": 1}
    assert (first.language, second.language) == ("vi", "vi")
