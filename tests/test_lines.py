"""Facts of tinsach.cleaning.lines and what it stands on: cues of whole lines, captions, house prefixes, names."""

import re
import time

import pytest

from tinsach.cleaning import captions, phrases, prefixes
from tinsach.cleaning.letters import LOWER, UPPER, has_vietnamese_letter
from tinsach.cleaning.lines import (
    Place,
    classify_line,
    has_credit_mark,
    is_day,
    is_image_token,
    split_caption,
    split_lead_prefix,
)
from tinsach.cleaning.names import is_person_name
from tinsach.cleaning.signoffs import are_names, has_author_aside, is_name_line, is_source

CUES = [
    # junk
    ("leftcenterrightdel", "junk", "image_token"),
    ("left center right del", "junk", "image_token"),
    ("Mùa gặt ở vùng cao ảnh 1", "junk", "image_token"),
    ("Mùa gặt ở vùng cao - Ảnh 12.", "junk", "image_token"),
    ("Mua gat o vung cao hinh anh 3", "junk", "image_token"),
    ("Normal 0 false false false EN-US X-NONE", "junk", "script"),
    ("googletag.cmd.push(function() { })", "junk", "script"),
    # sources
    ("Theo TTXVN", "agency", "agency"),
    ("Theo Vietnam+", "agency", "agency"),
    ("Theo TTXVN/Vietnam+", "agency", "agency"),
    ("Theo Bangkok Post", "agency", "agency"),
    ("(TTXVN/Vietnam+)", "agency", "agency"),
    ("(Theo Reuters)", "agency", "agency"),
    ("TTXVN", "agency", "agency"),
    ("Nguồn: Reuters", "agency", "agency"),
    ("Thu Trang/Paris (Vietnam+)", "agency", "agency"),
    ("Theo Nhịp cầu đầu tư Copy link", "agency", "agency"),
    # authors
    ("Tin, ảnh: MINH KHÔI", "byline", "byline"),
    ("Bài và ảnh: LÊ AN - VŨ HÒA", "byline", "byline"),
    ("Thực hiện: Mai Lan, Thu Hà", "byline", "byline"),
    ("Mai Lan (tổng hợp)", "byline", "byline"),
    ("HẢI NAM (lược dịch)", "byline", "byline"),
    ("Mai Lan - 07/03/2026 08:47", "byline", "byline"),
    # pictures
    ("Bà con thu hoạch lúa. (Ảnh: Mai Lan/TTXVN)", "caption", "credit_mark"),
    ("Bà con thu hoạch lúa - Ảnh: M.L.", "caption", "credit_mark"),
    ("Bà con thu hoạch lúa. Ảnh: Reuters", "caption", "credit_mark"),
    ("Kẻ gian tại cơ quan công an (ảnh CACC)", "caption", "credit_mark"),
    ("Khoảnh khắc núi lửa phun trào. Nguồn: CNA", "caption", "credit_mark"),
    ("Mái nhà bị gió cuốn bay (Ảnh chụp màn hình).", "caption", "credit_mark"),
    ("Đội cứu hộ làm việc suốt đêm. (Trong ảnh: Hai chiến sĩ đo mực nước).", "caption", "credit_mark"),
    ("Ảnh: Sở Xây dựng cung cấp Bản đồ tuyến đường mới qua ba huyện phía tây", "caption", "credit_mark"),
    ("Ảnh minh hoạ.", "caption", "credit_mark"),
    ("Ảnh: Mai Lan", "credit", "credit"),
    ("(Ảnh: Mai Lan/TTXVN)", "credit", "credit"),
    # dates
    ("Thứ bảy, 07/03/2026 - 08:07", "date", "date"),
    ("Thứ bảy, 7/3/2026, 00:05 (GMT+7)", "date", "date"),
    ("23:02 , 06/03/2026", "date", "date"),
    ("Thứ Bảy, 07/03/2026 - 08:52", "date", "date"),
    ("Thứ Sáu, 20/11/2026 08:15", "date", "date"),
    ("07-03-2026 - 00:01 AM | Thị trường", "date", "date"),
    # tags, lists, links
    ("Từ khóa: lúa gạo, xuất khẩu", "tags", "tags"),
    ("Từ khoá:", "tags", "tags"),
    ("#lúa gạo #xuất khẩu", "tags", "tags"),
    (">> Giá lúa tăng nhẹ đầu tuần", "teaser", "related_link"),
    ("Xem thêm: Giá lúa tăng nhẹ đầu tuần", "teaser", "related_link"),
    # calls
    ("* Mời bạn đọc vào chuyên mục Kinh tế xem các tin, bài liên quan.", "read_more", "read_more"),
    ("Mời quý vị theo dõi video chi tiết:", "read_more", "read_more"),
    ("Mời quý độc giả tham khảo thêm các bài viết cùng chủ đề tại đây.", "read_more", "read_more"),
    ("Độc giả cần hỏi về bệnh cây trồng gửi câu hỏi tại đây để kỹ sư trả lời.", "read_more", "read_more"),
    ("Chia sẻ bài viết của bạn cho trang Góc vườn tại đây hoặc qua hộp thư.", "read_more", "read_more"),
    ("Bài viết không nhất thiết trùng với quan điểm của báo.", "read_more", "read_more"),
    ('Bạn đang đọc bài viết "Giá lúa tăng nhẹ" tại chuyên mục Kinh tế của tạp chí Đồng Quê.', "read_more", "read_more"),
    ("Nguồn: Sina, 163", "agency", "agency"),
    ("Theo dongque.example.vn", "agency", "agency"),
    ("Nguồn: https://dongque.example.vn/gia-lua-tang-nhe-dau-tuan-123456.html", "agency", "source_link"),
    ("Link gốc: https://dongque.example.vn/gia-lua-tang-nhe-dau-tuan-123456.html", "agency", "source_link"),
    ("* Chuyên mục Nông nghiệp hôm nay gửi tới bạn đọc những tin nóng nhất.", "read_more", "read_more"),
    ("Quý vị có thể theo dõi toàn bộ phóng sự qua video dưới đây:", "read_more", "read_more"),
    ("Bạn nghĩ sao về đề xuất này? Hãy gửi ý kiến cho chúng tôi qua hộp thư.", "read_more", "read_more"),
    ("Mọi ý kiến đóng góp xin gửi về hộp thư của tòa soạn.", "read_more", "read_more"),
    ("Mọi thông tin xin liên hệ: Báo Quê Hương, điện thoại 0912 345 678.", "read_more", "read_more"),
    ("Bài viết, ý kiến xin gửi về bandoc@example.org.", "read_more", "read_more"),
    ("Link xem trực tiếp: https://example.org/truc-tiep", "read_more", "read_more"),
    ("Xem toàn bộ bảng điểm tại đây.", "read_more", "read_more"),
    ("Xem video dưới đây:", "read_more", "read_more"),
    ("Đón đọc kỳ tới: Người giữ rừng", "read_more", "read_more"),
]

BODY = [
    "Theo TTXVN, mưa lớn còn kéo dài ở miền Trung trong hai ngày tới.",
    "Theo chân đoàn cứu hộ",
    "Theo Luật Đất đai năm 2024",
    "Người dân có thể xem thêm hướng dẫn trên cổng thông tin của tỉnh.",
    "Xem thêm một mùa hoa nữa, bà mới chịu về phố.",
    "Bạn đọc gửi câu hỏi từ nhiều tỉnh, phần lớn về giá lúa.",
    "Nội dung:",
    "Nguồn nước về 163 hộ dân cuối kênh.",
    "PV: Thưa ông, vì sao giá lúa năm nay tăng?",
    "PV: Xin cảm ơn bà!",
    "* Đó là những khó khăn gì, thưa ông?",
    "- Khó nhất là giữ được nước ngọt cho đồng ruộng.",
    "KẾT QUẢ BƯỚC ĐẦU",
    "Kết quả: Hà Nội FC - Nam Định 2-1",
    "Ghi bàn: Văn Toàn (ghi bàn phút 13), Hoàng Đức (45')",
    "Văn Toàn (Thanh Hóa)",
    "Lê Hà (Lâm Đồng)",
    "(Còn tiếp)",
    "Nguyên liệu:",
    "1. Chuẩn bị đất trồng",
    "Đi qua những cánh đồng chiều",
    "Tôi là ai mà còn ghi dấu",
    "Hà Nội - thành phố của những hồ nước",
    "Chủ nhật, 04/01/2026",
    "Chủ Nhật, 04/01/2026",
    "Việt Nam - Thái Lan, 12/12/2026",
    "Việt Nam - Indonesia, 20:00 ngày 12/12/2026",
    "Điện Biên Phủ - 7/5/1954",
    "Hà Nội, 5/9/2026",
    "Thứ Hai, 4/1/2026",
    "Thứ Bảy ngày 12/4",
    "Giá vé: 120.000 đồng",
    "Mời bạn bè về quê ăn Tết là niềm vui của ông mỗi năm.",
    "Chia sẻ qua điện thoại, bà Lan nói nhà đã có điện.",
    "Chia sẻ với phóng viên, ông cho biết lúa đã chín.",
    "Theo dõi diễn biến bão trên biển Đông",
    "Đăng ký nhận hồ sơ xét tuyển",
    "Giấy phép số 12/GP-UBND được cấp năm 2010 cho mỏ đá này.",
    "Công ty hiện giữ bản quyền phát sóng giải đấu trong ba năm.",
    "Bản quyền của bộ phim thuộc về hãng nhỏ này.",
    "Trang thông tin của Bộ Y tế cho biết dịch đã lắng xuống.",
    "Điện thoại: 0912 345 678",
    "Địa chỉ: 12 phố Huế, Hà Nội",
    "Ông có thể chia sẻ quan điểm về việc này cho chúng tôi biết thêm không?",
    "Ghi rõ nguồn gốc trên bao bì là yêu cầu bắt buộc.",
    "Mọi đóng góp xin gửi về: chị Nguyễn Thị Hoa, thôn 3, xã Ea Tu; số tài khoản 1234567890.",
    "Mọi đóng góp xin gửi về báo Quê Hương, số tài khoản 1234567890 tại Vietcombank.",
    "Mọi thông tin giúp đỡ xin liên hệ Hội Chữ thập đỏ xã, điện thoại 0912 345 678.",
    "Bài viết dự thi xin gửi về Ban tổ chức trước ngày 30/11.",
    "Mọi thông tin về hai nghi phạm xin báo cho Công an huyện để báo cáo cấp trên.",
    "► Bước 1: Mở ứng dụng VNeID",
    ">> Bước 2: Chọn mục Ví giấy tờ",
    "Phát triển theo mô hình 3",
    "Ông Ba (ảnh) kể lại chuyện đi biển ngày xưa.",
    "Cả làng xem lại từng tấm ảnh.",
    "Video: 4K, 30 khung hình mỗi giây",
    "var total = 0;",
    "}",
    "→ Kết quả: đúng.",
    "Lúa chín đều, đạt 6 tấn một héc-ta, cao hơn năm ngoái, giá bán cũng khá, nhà nào cũng có của ăn của để, đường "
    "làng đổ bê tông sạch sẽ, trẻ con có trường mới. Nguồn: Tổng cục Thống kê",
]

PHRASES = {
    "_RELATED_LABELS": (
        "Xem thêm các bài viết liên quan:",
        "Xem thêm video được quan tâm:",
        "Tin liên quan",
        "Sự kiện liên quan:",
        "Tin nổi bật nhất",
        "CÙNG CHUYÊN MỤC",
        "Tham khảo thêm",
        "Mời bạn đọc xem thêm video",
        "Có thể bạn quan tâm",
        "Đọc nhiều trong Kinh tế",
        "TIN MỚI",
        "Dành cho bạn",
        "Theo dòng sự kiện",
        "Thông tin doanh nghiệp - sản phẩm",
        "Related articles",
    ),
    "_WIDGETS": (
        "Facebook Twitter Lưu bài viết Bản in",
        "Facebook Twitter Lưu bài viết Bản in Copy link Theo dõi VietnamPlus",
        "Nghe / Chia sẻ / Lưu tin / Bình luận / Trở về",
        "Trở lại Kinh doanh",
        "Về trang Chủ đề",
        "Theo dõi Báo Quê Hương",
        "Xem các bài viết của tác giả",
        "Chia sẻ",
        "Bấm xem >>",
        "125 lượt xem",
        "Copy link thành công",
        "Nghe đọc bài",
        "Giọng đọc: Nữ miền Nam",
        "Mục lục",
        "NỘI DUNG::",
        "00:00/03:21",
        "Xem theo ngày XEM",
        "Chia sẻ bài viết này lên mạng xã hội",
        "Chia sẻ qua Zalo",
        "Theo dõi Quê Hương trên Google News",
        "Đăng ký nhận bản tin sáng",
        "Đồng ý Không đồng ý",
        "Quan tâm nhất Mới nhất",
        "Xem thêm trên báo Quê Hương",
        "Biểu quyết Kết quả",
        "Your browser does not support the video tag.",
    ),
    "_COMMENTS": ("Xem tất cả bình luận", "Bình luận (12)", "Hiện chưa có bình luận nào"),
    "_MASTHEADS": (
        "Giấy phép số 15/GP-BVHTTDL cấp ngày 14-4-2025",
        "Giấy phép xuất bản số 20 năm 2024",
        "Tổng biên tập: Nguyễn Văn An",
        "Chịu trách nhiệm nội dung: Trần Thị Bình",
        "Tòa soạn: 12 phố Huế, Hà Nội",
        "Chuyên trang của báo Quê Hương",
    ),
    "_COPYRIGHTS": (
        "© 2026 Quê Hương. All rights reserved.",
        "Bản quyền thuộc về báo Quê Hương điện tử",
        "Báo Quê Hương giữ bản quyền nội dung trên website này.",
        "Ghi rõ nguồn báo Quê Hương khi phát hành lại",
        "Chỉ được phát hành lại thông tin khi được đồng ý",
    ),
}


@pytest.mark.parametrize(("text", "kind", "rule"), CUES)
def test_cue(text: str, kind: str, rule: str) -> None:
    """Each of these lines is clutter by its own words, of this kind and for this reason."""
    cue = classify_line(text)
    assert cue is not None
    assert (cue.kind, cue.rule) == (kind, rule)


PLACES = [
    ("Tin, ảnh: MINH KHÔI", ()),
    ("Mai Lan - 07/03/2026 08:47", ("edge",)),
    ("Nguyễn Du - 3/1/1766", ("edge",)),
    ("Nhóm PV - 07/03/2026 08:47", ("edge",)),
    ("19:30 ngày 12/12/2026", ("edge",)),
    ("Thứ bảy, 07/03/2026 - 08:07", ("edge",)),
    ("Bài: Mai Lan - Ảnh: Thu Hà", ()),
    ("Bài: Tiến Quân Ca", ("edge", "picture")),
    ("Trình bày: Hồng Nhung", ("edge", "picture")),
    ("Dịch: Trịnh Lữ", ("edge", "picture")),
    ("Thiết kế: Zaha Hadid", ("edge", "picture")),
    ("Video: Bước ngoặt của truyền hình", ("edge", "picture")),
    ("Video: Mai Lan", ()),
    ("Ảnh: Mai Lan", ()),
    ("Bà con thu hoạch lúa. Ảnh: Reuters", ()),
    ("Đến 18h ngày 5/9, cả nước ghi nhận 120.000 ca mắc sốt xuất huyết. Nguồn: Bộ Y tế", ("picture",)),
    ("GDP quý III tăng 8,2% so với cùng kỳ (Nguồn: Tổng cục Thống kê).", ("picture",)),
    ("Nguồn: Tổng cục Thống kê", ("picture",)),
    (">> Giá lúa tăng nhẹ đầu tuần", ("link", "unlisted")),
    ("► Hà Nội: 25 độ", ("link",)),
    ("» Giá lúa tăng nhẹ đầu tuần", ("link",)),
    ("Xem thêm: Phụ lục 2 của Thông tư 80", ("link",)),
    ("► Xem thêm: Giá lúa tăng nhẹ đầu tuần", ("link",)),
    ("Tin liên quan: Giá lúa tăng nhẹ đầu tuần", ()),
    ("Chia sẻ", ("button",)),
    ("Bình luận:", ("button",)),
    ("Video", ("button",)),
    ("Chia sẻ 12", ()),
    ("Quảng cáo", ()),
]


@pytest.mark.parametrize(("text", "where"), PLACES)
def test_where_a_cue_counts(text: str, where: tuple[Place, ...]) -> None:
    """A line that the article itself may have is clutter only at these places; none: wherever it stands."""
    cue = classify_line(text)
    assert cue is not None
    assert cue.where == where


@pytest.mark.parametrize("text", BODY)
def test_no_cue(text: str) -> None:
    """A line that only looks like clutter has no cue: sentences, headings, verses, items, results, code."""
    assert classify_line(text) is None


@pytest.mark.parametrize("table", PHRASES)
def test_every_phrase_pattern_has_its_line(table: str) -> None:
    """Every pattern of a table fits one of its example lines, and every example is found by classify_line."""
    patterns: tuple[str, ...] = getattr(phrases, table)
    for pattern in patterns:
        whole = re.compile(rf"(?i)^\W{{0,3}}(?:{pattern}){phrases._LABEL_END}")
        assert any(whole.match(line) for line in PHRASES[table]), pattern
    for line in PHRASES[table]:
        assert classify_line(line) is not None, line


def test_a_call_never_begins_with_a_word_the_shortcut_skips() -> None:
    """The lines of all cue tables are found through the shortcut that looks at a line's first word."""
    calls = [text for text, kind, _rule in CUES if kind == "read_more"]
    for pattern in phrases._READ_MORE:
        assert any(re.search(pattern, text, re.IGNORECASE) for text in calls), pattern


@pytest.mark.parametrize(
    "token",
    "B.-|B-|B.|AFP/|AFP - |AFP-|AFP |TTXVN/|Vietnam+|B & |B và |báo B |PV. |"
    "tin |tin, |tin và |tin|ảnh-|bài viết |Ảnh: |#a |1/|Copy link | |- |(".split("|"),
)
@pytest.mark.parametrize("opening", ["", "Theo ", "(Theo ", "Nguồn: ", "Nguồn tin: ", "Theo AFP/", "Tin, ảnh: ", "* "])
def test_repeated_words_of_a_cue_end_soon(opening: str, token: str) -> None:
    """No line makes a pattern try every way to read it; one that did would never end here."""
    for size in (90, 320):
        for ending in ("!", ":", "!)"):
            line = (opening + token * size)[: size - len(ending)] + ending
            cue = classify_line(line)
            assert cue is None or cue.kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Theo AFP, Reuters", "agency"),
        ("Theo AFP - Reuters", "agency"),
        ("Theo TTXVN-Vietnam+.", "agency"),
        ("(Theo báo Le Monde/AFP)", "agency"),
        ("Nguồn tin: Bộ Y tế", None),
        ("Theo AFP//Reuters", None),
        ("Theo AFP, mưa lớn", None),
        ("Tin ảnh: HẢI NAM", "byline"),
        ("Tin+ảnh: HẢI NAM", "byline"),
        ("Tin và ảnh/clip: HẢI NAM", "byline"),
    ],
)
def test_lists_of_sources_and_of_works(text: str, kind: str | None) -> None:
    """Sources and kinds of work may stand in a list, each a whole item of it."""
    cue = classify_line(text)
    assert (cue.kind if cue is not None else None) == kind


def test_longer_than_any_cue_is_no_clutter() -> None:
    """A paragraph is no cue, whatever it begins or ends with."""
    assert classify_line("Theo TTXVN, " + "mưa lớn kéo dài, " * 30 + "ảnh 1") is None


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("Quang cảnh buổi lễ. (Ảnh: Hồng Vân/TTXVN)", "Quang cảnh buổi lễ.", "Hồng Vân/TTXVN"),
        ("Quang cảnh buổi lễ Ảnh: Reuters", "Quang cảnh buổi lễ", "Reuters"),
        ("Quang cảnh buổi lễ. Ảnh: An Bình.", "Quang cảnh buổi lễ.", "An Bình"),
        ("Quang cảnh buổi lễ - Ảnh: T.LÊ", "Quang cảnh buổi lễ", "T.LÊ"),
        ("Quang cảnh buổi lễ (Ảnh: Trọng Nghĩa - TTXVN)", "Quang cảnh buổi lễ", "Trọng Nghĩa - TTXVN"),
        ("Núi lửa phun trào. (Nguồn: AFP)", "Núi lửa phun trào.", "AFP"),
        ("Núi lửa phun trào. Clip: Mai Lan", "Núi lửa phun trào.", "Mai Lan"),
        ("Cầu mới nhìn từ trên cao (Ảnh minh hoạ)", "Cầu mới nhìn từ trên cao (Ảnh minh hoạ)", None),
        ("Cầu mới nhìn từ trên cao (Ảnh minh họa: Mai Lan)", "Cầu mới nhìn từ trên cao", "Mai Lan"),
        ("Quang cảnh buổi lễ. Ảnh: V.B.", "Quang cảnh buổi lễ.", "V.B."),
        ("Hai đội thi đấu (ảnh BTC)", "Hai đội thi đấu", "BTC"),
        ("(Ảnh: Mai Lan)", None, "Mai Lan"),
        ("Ảnh minh họa", "Ảnh minh họa", None),
        ("Lũ rút. (Trong ảnh: Hai chiến sĩ đo nước).", "Lũ rút. (Trong ảnh: Hai chiến sĩ đo nước).", None),
        ("Ông Ba (ảnh) kể chuyện", "Ông Ba (ảnh) kể chuyện", None),
        ("", None, None),
        (
            f"Ông Hiếu trao quà cho {'các em nhỏ, ' * 15}sáng 4/10. (Nguồn: Vietnam+)",
            f"Ông Hiếu trao quà cho {'các em nhỏ, ' * 15}sáng 4/10.",
            "Vietnam+",
        ),
    ],
)
def test_split_caption(text: str, caption: str | None, credit: str | None) -> None:
    """The credit is cut from the caption; "(Ảnh minh hoạ)" names nobody and stays, as "(Trong ảnh: …)" does."""
    assert split_caption(text) == (caption, credit)


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("(Ngày Nay) - Sáng nay, trời nắng.", "(Ngày Nay) -"),
        ("(Ngày Nay) -Sáng nay, trời nắng.", "(Ngày Nay) -"),
        ("(Ngày Nay)\u00a0-\u00a0Sáng nay, trời nắng.", "(Ngày Nay)\u00a0-"),
        ("(Ngày Nay) – Sáng nay, trời nắng.", "(Ngày Nay) –"),
        ("TPO - Sáng nay, trời nắng.", "TPO -"),
        ("QĐND - Sáng nay, trời nắng.", "QĐND -"),
        ("GD&TĐ -Sáng nay, trời nắng.", "GD&TĐ -"),
        ("(NLĐO)- Sáng nay, trời nắng.", "(NLĐO)-"),
        ("(SGGPO).- Sáng nay, trời nắng.", "(SGGPO).-"),
        ("(Dân trí) - Sáng nay, trời nắng.", "(Dân trí) -"),
        ("(Chinhphu.vn) - Sáng nay, trời nắng.", "(Chinhphu.vn) -"),
        ("VTV.vn - Sáng nay, trời nắng.", "VTV.vn -"),
        ("(ĐTCK) Sáng nay, trời nắng.", "(ĐTCK)"),
        ("(CAND) Sáng nay, trời nắng.", "(CAND)"),
        ("Hà Nội - thành phố của hồ.", None),
        ("TP HCM - Sáng nay, trời nắng.", None),
        ("NATO - liên minh quân sự lâu đời.", None),
        ("(Kỳ 2) - Người giữ rừng", None),
        ("TPO - ", None),
        ("Sáng nay (16-1) - ngày thứ ba của hội nghị", None),
        ("", None),
    ],
)
def test_split_lead_prefix(text: str, prefix: str | None) -> None:
    """A paper's name before a dash is a prefix; a place, a serial's number and a word of the sentence are not."""
    found, rest = split_lead_prefix(text)
    assert found == prefix
    assert rest == (text if prefix is None else text[len(prefix) :].lstrip())


@pytest.mark.parametrize("house", prefixes.HOUSES)
def test_every_house_is_cut(house: str) -> None:
    """Each listed paper opens a lead with or without brackets."""
    assert split_lead_prefix(f"{house} - Trời nắng.") == (f"{house} -", "Trời nắng.")
    assert split_lead_prefix(f"({house}) - Trời nắng.") == (f"({house}) -", "Trời nắng.")


@pytest.mark.parametrize(
    "text",
    [
        "HẢI NAM",
        "Mai Lan",
        "Mai Lan - Thu Hà",
        "P.Hà",
        "CSTN",
        "Độc giả Mai Lan",
        "HT (HuffingtonPost)",
        "Đại tá HẢI NAM, Cục trưởng Cục Quân y",
    ],
)
def test_is_name(text: str) -> None:
    """Names alone, with a rank, a post or an aside, have the shape of a signature."""
    assert is_name_line(text)


@pytest.mark.parametrize(
    "text",
    [
        "Mai vàng nở sớm",
        "KẾT LUẬN",
        "Hỏi đáp",
        "Trả lời",
        "Tôi đi học.",
        "Bước 2",
        "Thứ Bảy",
        "CHỦ NHẬT",
        "",
        "x" * 200,
    ],
)
def test_is_no_name(text: str) -> None:
    """Headings in capitals that papers use, sentences and numbers are no signatures."""
    assert not is_name_line(text)


@pytest.mark.parametrize("day", ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"])
def test_a_day_of_the_week_is_nobody(day: str) -> None:
    """A weekday is written as a name is, and half of them of name syllables."""
    assert not are_names(day)
    assert not is_name_line(day)
    assert not is_person_name(day)


def test_sources_at_an_end() -> None:
    """ "Tổng hợp", "Nguồn X" and "Theo X" in any spelling are sources where an article ends."""
    assert all(map(is_source, ("Tổng hợp", "(Tổng hợp)", "Nguồn SKĐS", "Theo Đời sống và pháp luật")))
    assert not any(map(is_source, ("Theo chân đoàn cứu hộ", "Nguồn lực mới", "Theo TTXVN, trời sẽ mưa.")))


def test_author_aside_is_a_whole_word() -> None:
    """ "(ghi)" names work, "(ghi bàn)" and "(Thanh Hóa)" do not."""
    assert has_author_aside("Mai Lan (ghi)")
    assert not has_author_aside("Văn Toàn (ghi bàn)")
    assert not has_author_aside("Lê Hà (Thanh Hóa)")


def test_day_alone() -> None:
    """A date without its time of day is told apart: inside an article it may head a timetable."""
    assert is_day("Thứ Bảy, Ngày 07 tháng 03 năm 2026,")
    assert classify_line("Chủ nhật, 04/01/2026") is None


def test_tokens_and_marks_stop_at_a_captions_length() -> None:
    """What is longer than a caption has neither token nor credit."""
    long = "Bà con thu hoạch lúa. " * 20
    assert not is_image_token(long + "ảnh 1")
    assert not has_credit_mark(long + "Ảnh: Mai Lan")
    assert len(long) > captions.MAX_CAPTION_CHARS


def test_letter_classes_hold_one_case_each() -> None:
    """The classes for regexes hold every Vietnamese letter, each in its own case."""
    assert all(re.fullmatch(f"[{LOWER}]", letter) for letter in "aàảãáạăằẳẵắặâầẩẫấậđêềểễếệơờởỡớợưừửữứựỹ")
    assert all(re.fullmatch(f"[{UPPER}]", letter) for letter in "AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬĐÊỀỂỄẾỆƠỜỞỠỚỢƯỪỬỮỨỰỸ")
    assert not re.search(f"[{UPPER}]", "àảãáạđêơưỹ")
    assert has_vietnamese_letter("Trời") and not has_vietnamese_letter("Café")


def test_a_paragraph_costs_microseconds() -> None:
    """A paragraph as most are costs far less than what 100,000 lines in 2 s allow."""
    paragraph = (
        "Sáng nay, bà con ra đồng gặt lúa sớm vì trời sắp mưa; tiếng máy vang khắp cánh đồng phía tây làng. " * 2
    )
    start = time.process_time()
    for _ in range(2000):
        classify_line(paragraph)
    assert (time.process_time() - start) / 2000 < 200e-6
