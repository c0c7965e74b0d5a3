"""Phrases that papers set around an article: labels, buttons, comment boxes, mastheads, calls to read on.

Rule: a phrase is the whole line, save for signs around it; words that a sentence of an article could begin with are
here only together with what follows them in clutter. Patterns are anchored, so a line costs its first word. Pure.
"""

import re

OA = "(?:óa|oá)"  # two ways to set the tone mark
_LABEL_END = r"\s*[:.…»>]*\s*$"
_RELATED_LABELS = (
    r"(?:các\s+)?(?:tin|bài)(?:,?\s*(?:bài|tin))?(?:\s+viết)?\s+(?:liên\s+quan|khác|cùng\s+(?:chuyên\s+mục|chủ\s+đề))",
    r"(?:các\s+)?(?:bài\s+viết|video|chủ\s+đề|sự\s+kiện|ảnh)\s+liên\s+quan",
    r"(?:bài\s+viết|video|tin)\s+(?:nổi\s+bật|đang\s+được\s+xem\s+nhiều|tài\s+trợ|xem\s+nhiều)(?:\s+nhất)?",
    r"cùng\s+(?:chuyên\s+mục|chủ\s+đề|tác\s+giả)",
    r"(?:xem|đọc|tham\s+khảo)\s+(?:thêm|tiếp)(?:\s+về\s+trang\s+chủ\s+đề|\s+(?:các\s+)?bài\s+viết(?:\s+liên\s+quan)?)?",
    r"(?:xem\s+thêm\s+)?video\s+(?:đang\s+)?được\s+(?:quan\s+tâm|xem\s+nhiều)(?:\s+nhất)?",
    r"mời\s+(?:quý\s+)?(?:độc\s+giả|bạn\s+đọc|bạn)\s+(?:xem|đọc)\s+thêm(?:\s+video)?",
    r"(?:có\s+thể\s+bạn|bạn\s+có\s+thể|có\s+thể\s+bạn\s+sẽ)\s+quan\s+tâm",
    r"(?:tin|bài)?\s*(?:đọc|xem|quan\s+tâm)\s+nhiều(?:\s+nhất)?(?:\s+trong\s+\S.{0,30})?",
    r"tin\s+(?:mới(?:\s+nhất)?|nóng|hot|hay)",
    r"(?:dành|gợi\s+ý)\s+cho\s+bạn",
    r"theo\s+dòng\s+sự\s+kiện",
    r"thông\s+tin\s+doanh\s+nghiệp(?:\s*-\s*sản\s+phẩm)?",
    r"(?:related|more)\s+(?:news|articles?|stories|posts)|(?:you\s+may|might)\s+also\s+like|most\s+(?:read|viewed)",
)
_BUTTON = (
    r"(?:facebook|twitter|zalo|linkedin|messenger|telegram|pinterest|youtube|tiktok|google\+?|e?-?mail|copy\s+link|link|x|"
    r"sao\s+chép\s+liên\s+kết|lưu\s+(?:bài(?:\s+viết)?|tin)|bản\s+in|in\s+bài(?:\s+viết)?|chia\s+sẻ|bình\s+luận|thích|"
    r"theo\s+dõi(?:\s+(?:vietnamplus|báo\s+\S{2,12}(?:\s\S{2,12})?))?|nghe|trở\s+về)"
)
_WIDGETS = (
    rf"{_BUTTON}(?:[\s/|,·•-]+{_BUTTON})+",
    r"theo\s+dõi\s+(?:vietnamplus|vnexpress|vietnamnet|dân\s+trí|tuổi\s+trẻ|thanh\s+niên|chúng\s+tôi|báo\s+.{2,30})",
    r"xem\s+(?:các|thêm)\s+bài\s+viết\s+của\s+.{2,30}|prefer\s+.{2,30}\s+on\s+google|đọc\s+bài\s+gốc(?:\s+tại\s+đây)?",
    r"(?:chia\s+sẻ|thích|like|share|tweet|bình\s+luận|ý\s+kiến\s+(?:của\s+bạn|bạn\s+đọc)|gửi\s+ý\s+kiến|"
    r"lưu\s+(?:bài(?:\s+viết)?|tin)|in\s+bài(?:\s+viết)?|bản\s+in|facebook|twitter|zalo|messenger|email|e-mail|quảng\s+cáo|"
    r"advertisement|đăng\s+nhập|đăng\s+ký|về\s+trang\s+chủ|lên\s+đầu\s+trang|copy\s+link|sao\s+chép\s+liên\s+kết|"
    r"play(?:\s+video)?|loading|đang\s+tải|theo\s+dõi|quan\s+tâm|thu\s+nhỏ|phóng\s+to|cỡ\s+chữ)(?:\s*[(:]?\s*\d*\s*\)?)?",
    r"(?:bấm|nhấn|click)\s+(?:để\s+)?xem(?:\s+(?:thêm|tiếp|ngay|chi\s+tiết))?",
    r"\d+\s+(?:lượt\s+xem|chia\s+sẻ|comments?|views?)",
    r"copy\s+link\s+thành\s+công.*|(?:link\s+bài\s+gốc|lấy\s+link)\b.*",
    r"(?:giọng\s+đọc\s*:?\s*)?(?:nữ|nam)\s+miền\s+(?:bắc|trung|nam)|0?0:00\s*/\s*\d{1,2}:\d{2}",
    r"mục\s+lục(?:\s+bài\s+viết)?(?:\s*\W?\s*(?:ẩn|hiện)\W?)?|nội\s+dung(?:\s+bài\s+viết\s*:|\s*::)",
    r"nghe\s+(?:đọc\s+)?(?:bài(?:\s+viết)?|audio|podcast|nội\s+dung)|nghe\s+tin",
    r"xem\s+theo\s+ngày(?:\s+xem)?|về\s+trang\s+chủ\s+đề",
    r"trở\s+lại\s+(?:thời\s+sự|thế\s+giới|kinh\s+doanh|giải\s+trí|thể\s+thao|pháp\s+luật|giáo\s+dục|sức\s+kh(?:ỏe|oẻ)"
    r"|đời\s+sống|du\s+lịch|khoa\s+học|công\s+nghệ|bất\s+động\s+sản|góc\s+nhìn|ý\s+kiến|tâm\s+sự)",
    r"(?:chia\s+sẻ|share)\s+(?:bài\s+viết|tin)(?:\s+này)?(?:\s+(?:lên|qua|trên)\s+.{2,20})?",
    rf"(?:chia\s+sẻ|share)\s+(?:lên|qua|trên|on)\s+(?:{_BUTTON}|mạng\s+xã\s+hội)",
    rf"theo\s+dõi\s+.{{2,40}}\s+trên(?:\s+(?:google\s+news|{_BUTTON}))?",
    r"đăng\s+ký\s+(?:nhận\s+(?:bản\s+)?tin|kênh|theo\s+dõi)\b.{0,60}",
    r"(?:tôi\s+)?đồng\s+ý\s*(?:tôi\s+)?(?:không\s+đồng\s+ý|phản\s+đối)(?:\s*ý\s+kiến\s+khác)?",
    r"(?:quan\s+tâm|mới|cũ|hay)\s+nhất(?:\s*(?:quan\s+tâm|mới|cũ|hay)\s+nhất)*|(?:xem\s+)?(?:video|clip|ảnh)",
    r"xem\s+thêm\s+trên\s+.{2,40}",
    r"(?:biểu\s+quyết|bình\s+chọn|xem\s+kết\s+quả)(?:\s*(?:biểu\s+quyết|kết\s+quả))?",
    r"your\s+browser\s+does\s+not\s+support.*|trình\s+duyệt\s+của\s+bạn\s+không\s+hỗ\s+trợ.*|bật\s+javascript.*",
)
_COMMENTS = (
    r"(?:xem|tất\s+cả|đọc)\s+(?:tất\s+cả\s+)?(?:các\s+)?bình\s+luận.{0,20}|gửi\s+bình\s+luận",
    r"bình\s+luận\s*(?:\(\s*\d+\s*\)|\d+)|(?:viết\s+)?bình\s+luận\s+(?:bài\s+viết|về\s+bài).{0,20}|\d+\s+bình\s+luận",
    r"hiện\s+chưa\s+có\s+bình\s+luận.*",
)
_MASTHEADS = (
    r"(?:giấy\s+phép|GP)\b.{0,60}\d+\s*/\s*GP\s*-\s*(?:BC|CBC|BTTTT|BVHTTDL|TTĐT|PTTH).*",
    r"(?:giấy\s+phép|GP)\s+(?:xuất\s+bản|hoạt\s+động\s+báo|báo\s+chí)\b.*\d.*",
    r"(?:phó\s+)?tổng\s+biên\s+tập(?:\s+phụ\s+trách)?\s*:.*",
    r"(?:chịu|phụ)\s+trách(?:\s+nhiệm)?\s+(?:nội\s+dung|xuất\s+bản)\s*:.*",
    r"(?:tòa\s+soạn|toà\s+soạn|trụ\s+sở\s+(?:tòa|toà)\s+soạn|cơ\s+quan\s+chủ\s+quản|liên\s+hệ\s+quảng\s+cáo)\s*:.*",
    r"ấn\s+phẩm\s+(?:thuộc|của)\s+báo\b.{2,90}|(?:chuyên\s+trang|trang\s+thông\s+tin(?:\s+điện\s+tử)?)\s+(?:thuộc|của)\s+"
    r"(?:báo|tạp\s+chí)\b[^,.]{2,40}",
)
_COPYRIGHTS = (
    r"(?:©|\(c\)\s*(?:copyright|\d{4})|copyright\s*(?:©|\(c\)|\d{4}|by\b)|powered\s+by\b|all\s+rights\s+reserved).*",
    r"bản\s+quyền\s+(?:thuộc|của)(?:\s+về)?\s+(?:báo|tạp\s+chí|tòa\s+soạn|cơ\s+quan)\b.{2,60}",
    r"[^.]{2,60}\bgiữ\s+bản\s+quyền\s+(?:nội\s+dung\s+)?(?:trên|của)\s+(?:website|trang|báo)\b.*",
    r"ghi\s+rõ\s+nguồn\b.{0,40}\bkhi\s+(?:phát\s+hành|trích\s+dẫn|sử\s+dụng|đăng).*",
    r"chỉ\s+được\s+phát\s+hành\s+lại\s+thông\s+tin.*",
)
# To whom a call to write must be addressed: a fund, a school or a contest's jury is part of what the article tells.
_PAPER = (
    r"\bt(?:òa|oà)\s+soạn\b|\bban\s+biên\s+tập\b|\b(?:về|cho|tới|đến|với|hệ)[\s:]+(?:báo(?!\s+cáo)|tạp\s+chí|chúng\s+tôi)\b|"
    r"\b(?:toasoan|bandoc|banbientap|bbt|docgia|ctv|congtacvien|online|bao)[\w.-]{0,30}@|@[\w.-]{0,40}(?:\bbao|online|news|press)"
)
_READ_MORE = (
    r"^\W{0,3}(?:(?:xin|kính|trân\s+trọng|thân)\s+)*mời\s+(?:(?:quý|các|toàn\s+thể)\s+)*"
    r"(?:(?:bạn\s+đọc|vị|độc\s+giả|khán\s+giả|thính\s+giả)\b.{0,220}\b(?:xem|đọc|theo\s+dõi|đón|gửi|truy\s+cập|bấm|click"
    r"|tham\s+khảo\s+thêm)\b"
    r"|(?:các\s+)?(?:bạn\s+)?(?:cùng\s+)?(?:xem|đọc|theo\s+dõi|đón|tham\s+khảo|truy\s+cập|bấm|click)\b)",
    r"^\*\s*(?:chuyên\s+mục|mục)\b.{0,160}(?:gửi\s+tới|giới\s+thiệu\s+(?:tới|với)|phục\s+vụ)\s+(?:quý\s+)?(?:bạn|độc\s+giả)",
    r"^(?:quý\s+(?:vị|độc\s+giả|khán\s+giả)|độc\s+giả|bạn\s+đọc|khán\s+giả)\b.{0,40}\bcó\s+thể\s+"
    r"(?:theo\s+dõi|xem|đọc|gửi|tham\s+khảo)\b.{0,120}(?:dưới\s+đây|tại\s+đây|sau\s+đây)\W*$",
    r"^(?!.*tài\s+khoản)"
    r"(?:mọi\s+(?:ý\s+kiến|thông\s+tin|đóng\s+góp|thắc\s+mắc)|(?:ý\s+kiến|bài\s+viết|tin\s+bài|câu\s+hỏi)\b).{0,120}"
    rf"(?:xin|vui\s+lòng|hãy)\s+(?:được\s+)?(?:gửi|liên(?=\s+hệ))\b.{{0,60}}(?:{_PAPER})",
    r"^\W{0,3}(?:độc\s+giả|bạn\s+đọc)\b.{0,60}\b(?:gửi|đặt)\s+(?:câu\s+hỏi|thắc\s+mắc|bài\s+viết)\b.{0,80}\btại\s+đây\b.{0,60}$",
    r"^\W{0,3}(?:gửi|chia\s+sẻ)\s+(?:bài\s+viết|câu\s+hỏi|ý\s+kiến)\b.{0,80}\btại\s+đây\b.{0,60}$",
    r"^\W{0,3}bài\s+viết\s+không\s+(?:nhất\s+thiết\s+)?(?:trùng|phản\s+ánh|thể\s+hiện)\b.{0,30}\bquan\s+điểm\b.{0,80}$",
    r"^\W{0,3}bạn\s+đang\s+(?:đọc|xem)\s+(?:bài(?:\s+viết)?|tin)\b.{0,200}\b(?:tại|trong|thuộc)\s+chuyên\s+(?:mục|trang)\b",
    r"^\W{0,3}link\s+(?:xem|tường\s+thuật|trực\s+tiếp|bài)\b.*https?://",
    r"^\W{0,3}(?:xem|đọc|bấm|click|nhấn|tải|truy\s+cập)\b.{0,80}\b(?:tại\s+đây|vào\s+đây)\W{0,3}$",
    r"^\W{0,3}(?:mời\s+)?đón\s+(?:đọc|xem)\s+(?:kỳ|bài|phần|số|tập)\b",
    r"^(?:xem|theo\s+dõi)\s+(?:video|clip)\b.{0,60}(?:dưới\s+đây|sau\s+đây|tại\s+đây|:)\s*[:.]?$",
)


def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("(?i)^\\W{0,3}(?:" + "|".join(patterns) + ")" + _LABEL_END)


_WRITE_TO_US = re.compile(
    r"(?i)"
    r"(?:(?:hãy|vui\s+lòng|xin)\s+(?:chia\s+sẻ|gửi)|có\s+thể\s+gửi)\s+(?:\S+\s+){0,6}(?:ý\s+kiến|bình\s+luận|quan\s+điểm|bài\s+viết)\b"
    r".{0,140}(?:cho\s+chúng\s+tôi|cho\s+tòa\s+soạn|về\s+(?:địa\s+chỉ|tòa\s+soạn|email|cho)|bên\s+dưới|dưới\s+bài|phía\s+dưới)"
)
# The first words of the patterns above, lower case: a line that begins with none of them needs none of them.
FIRST_WORDS = frozenset(
    """advertisement all biểu bài bình bạn bản bấm bật c chia chuyên chỉ chịu chủ click clip copy copyright các câu
    có cùng cũ cơ cỡ dành e email facebook fax ghi giấy giọng google gp gợi gửi hashtag hashtags hay hiện hot hotline
    hình in khán không kính like link linkedin liên loading lên lưu lấy mail messenger might more most mọi mới
    mời mục nam nghe nhấn nóng nổi nội nữ phó phóng phụ pinterest play powered prefer quan quý quảng related sao share
    sự tag tags tel telegram tham theo thu thân thích thông thẻ tiktok tin toà trang truy trân trình trở trụ tweet
    twitter tìm tòa tôi tải tất tổng từ video viết vui về x xem xin you your youtube zalo ý đang điện đt đón
    đăng đường đọc đồng độc ảnh ấn""".split()
)


RELATED_LABEL = _any_of(_RELATED_LABELS)
WIDGET = _any_of(_WIDGETS)
MASTHEAD = _any_of(_MASTHEADS)
COPYRIGHT = _any_of(_COPYRIGHTS)
COMMENTS = _any_of(_COMMENTS)
_CALL = re.compile("|".join(_READ_MORE), re.IGNORECASE)


# Of the buttons those that may head a part of an article, without a count behind them.
BUTTON_WORD = re.compile(
    r"(?i)(?:chia\s+sẻ|bình\s+luận|theo\s+dõi|quan\s+tâm|thích|đăng\s+(?:ký|nhập)|video|clip|ảnh)\s*:?$"
)


def is_call(text: str) -> bool:
    """True for a line that begins with a call to read or watch elsewhere, or to write to the paper.

    >>> is_call("* Mời bạn đọc vào chuyên mục Thể thao xem các tin, bài liên quan.")
    True
    """
    return _CALL.match(text) is not None


def has_call_inside(text: str) -> bool:
    """True for a line that asks for the reader's opinion or letters, wherever in it.

    >>> has_call_inside("Còn bạn nghĩ sao? Hãy gửi ý kiến cho chúng tôi qua hộp thư.")
    True
    """
    return _WRITE_TO_US.search(text) is not None
