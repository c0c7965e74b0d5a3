"""Sign-offs: the lines that close an article, a name, a post and a name, a source.

Rule: shapes only. A name in capitals may be a heading and a paper's name a sub-heading, so every shape here counts
only where the line stands at an article's end; what is a sign-off anywhere is in `tinsach.cleaning.lines`. Pure.
"""

import re

from tinsach.cleaning.letters import UPPER

MAX_SIGN_OFF_CHARS = 90
_MAX_NAME_WORDS = 9

_TITLES = (
    r"(?:(?:Đại|Thượng|Trung|Thiếu)\s+(?:tướng|tá|úy)|Chuẩn\s+đô\s+đốc|Đại\s+sứ|Luật\s+sư|LS|Bác\s+sĩ|BS|Tiến\s+sĩ|TS|"
    r"Thạc\s+sĩ|ThS|Giáo\s+sư|GS|PGS|Nhà\s+(?:báo|văn|thơ|nghiên\s+cứu)|NSND|NSƯT|KTS|CTV|PV|"
    r"Phóng\s+viên|Nhóm\s+(?:PV|phóng\s+viên)|Độc\s+giả|Bạn\s+đọc)"
)
_WORD = rf"(?:[{UPPER}][\w.'’]*)"
_JOINT = r"(?:\s*[-–—,/&]\s*|\s+và\s+|\s+)"
_NAMES = re.compile(rf"(?:{_TITLES}[.,:]?\s*)*{_WORD}(?:{_JOINT}{_WORD}){{0,{_MAX_NAME_WORDS}}}$")
_ASIDE = re.compile(r"\s*\((?P<aside>[^()]{2,60})\)\s*\.?$")
_CAPITAL_NAME_AND_POST = re.compile(
    rf"(?:{_TITLES}[.,]?\s*)*[{UPPER}]{{2,}}(?:\s+[{UPPER}]{{2,}}){{1,4}}\s*[,(–-]\s*(?P<post>.{{4,120}})$"
)
_SOURCE = re.compile(rf"(?:Theo|Nguồn)\s*:?\s+(?P<paper>[{UPPER}][^.!?…]{{1,45}})$")
_AUTHOR_WORK = re.compile(
    r"(?i)(?:(?:sưu\s+tầm\s+và\s+)?tổng\s+hợp|thực\s+hiện|(?:lược\s+|biên\s+)?dịch|(?:lược\s+)?ghi|t/?h|theo\s+\S.*)(?:\s+(?:từ|theo)\s+.*)?$"
)
_NO_NAME = frozenset(
    "hỏi đáp trả lời kết luận mở bài thân bài phụ lục ghi chú tham khảo phần chương điều mục bảng hình bước lưu ý kỳ "
    "nguyên liệu cách làm thực đơn đội hình kết quả xem thêm thứ hai ba tư năm sáu bảy chủ nhật".split()
)


def is_name_line(text: str) -> bool:
    """True for a line that is nothing but one or more names, with posts, ranks or an aside at most.

    >>> is_name_line("Mai Lan - Thu Hà"), is_name_line("HẢI NAM (tổng hợp)"), is_name_line("Mai vàng nở sớm")
    (True, True, False)
    """
    if not 2 <= len(text) <= MAX_SIGN_OFF_CHARS:
        return False
    aside = _ASIDE.search(text)
    if aside is not None:
        text = text[: aside.start()]
    if _NAMES.match(text) is None:
        return _CAPITAL_NAME_AND_POST.match(text) is not None
    return _names_someone(text)


def is_source(text: str) -> bool:
    """True for a source that only its place betrays: "Theo Đời sống và pháp luật", "Nguồn SKĐS", "Tổng hợp".

    >>> is_source("Theo An ninh thế giới"), is_source("Theo chân đoàn cứu hộ")
    (True, False)
    """
    if len(text) > MAX_SIGN_OFF_CHARS:
        return False
    found = _SOURCE.match(text)
    return text.casefold().strip(" ().") == "tổng hợp" or (found is not None and len(found["paper"].split()) <= 8)


def has_author_aside(text: str) -> bool:
    """True for "<names> (tổng hợp)" and its like, a byline wherever it stands.

    >>> has_author_aside("Lan Phương (lược dịch)"), has_author_aside("Lê Hà (Lâm Đồng)")
    (True, False)
    """
    aside = _ASIDE.search(text)
    if aside is None or len(text) > MAX_SIGN_OFF_CHARS or _NAMES.match(text[: aside.start()]) is None:
        return False
    return _AUTHOR_WORK.match(aside["aside"]) is not None


def are_names(text: str) -> bool:
    """True when the whole text is names, as after "Tin, ảnh:".

    >>> are_names("Mai Lan - Thu Hà"), are_names("Thứ Bảy")
    (True, False)
    """
    return len(text) <= MAX_SIGN_OFF_CHARS and _NAMES.match(text.strip(" .")) is not None and _names_someone(text)


def _names_someone(text: str) -> bool:
    """False for the words of headings and days of the week alone, and for what ends in a number."""
    words = re.findall(r"\w+", text.casefold())
    return bool(words) and not set(words) <= _NO_NAME and not words[-1].isdigit()
