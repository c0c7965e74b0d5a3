"""Captions: the words under a picture, and who took it.

Rule: a line is a caption for what it says itself (a credit, "Ảnh minh họa"); what only its neighbours say is for
`tinsach.cleaning.text`. "(Trong ảnh: …)" belongs to the caption, "(Ảnh minh họa)" names nobody. Pure.
"""

import re

from tinsach.cleaning.names import AGENCY_OF, PAPERS

MAX_CAPTION_CHARS = 320  # longer than this, a credit at the end is a paragraph's, glued by an extractor
_MAX_CREDIT_CHARS = 80
_MAX_CREDIT_WORDS = 12

_ILLUSTRATION = r"minh\s+h(?:ọa|oạ)|mang\s+tính(?:\s+chất)?\s+minh\s+h(?:ọa|oạ)"
_NOBODY = rf"(?:{_ILLUSTRATION}|tư\s+liệu|chụp(?:\s+lại)?(?:\s+từ)?\s+màn\s+hình|cắt\s+từ\s+(?:clip|video|màn\s+hình))"
_PICTURE = r"(?:nguồn\s+(?:ảnh|clip|video)|ảnh|hình(?:\s+ảnh)?|clip|video|đồ\s+h(?:ọa|oạ)|photo|tranh|infographic)"
_MARK = rf"(?:{_PICTURE}(?:\s+{_NOBODY})?|nguồn)"

_IN_BRACKETS = re.compile(
    rf"[(\[]\s*(?P<mark>{_MARK})\s*(?P<colon>[:：;])?\s*[-–]?\s*(?P<credit>[^()\[\]]{{0,80}}?(?:\([^()]{{1,30}}\))?)"
    rf"\s*[)\]]\s*[.,]?$",
    re.IGNORECASE,
)
_AFTER_COLON = re.compile(
    rf"(?:^|(?<=[.!?…”\"’')\]])|[-–—|/]\s*|(?<=\s))(?P<mark>(?-i:(?=[A-ZĐẢ])){_MARK})\s*[:：]\s*(?P<credit>[^:：]{{1,80}})$",
    re.IGNORECASE,
)
_NO_COLON = re.compile(
    rf"(?:^|[-–—]\s*|[.!?…”\"]\s+)(?P<mark>(?-i:Ảnh|ẢNH|Hình)(?:\s+{_NOBODY}|(?=\s+(?-i:NVCC|CACC|CTV|BTC|TTXVN|TL)\b)"
    rf"|(?=\s+do\s+[^.]{{1,60}}\s+cung\s+cấp)))\s*(?P<credit>[^.:]{{0,80}}?)\.?$",
    re.IGNORECASE,
)
_IN_PICTURE = re.compile(r"(?:^|\()(?:Trong|Trên)\s+(?:ảnh|hình)\s*:", re.IGNORECASE)
_CREDIT_FIRST = re.compile(r"^(?:Ảnh|ẢNH|Clip|CLIP|Video|VIDEO|Đồ họa|Đồ hoạ|Hình)\s*[:：]\s*(?=[^\W\d])")
_WORK_TITLE = re.compile(r"(?i)(?:clip|video|đồ\s+h(?:ọa|oạ)|hình)\s*[:：]\s*(?P<title>[^\W\d].*)")
_MAX_MARK_CHARS = 130
_MAX_SOURCED_CHARS = 160
_PICTURE_WORD = re.compile(r"Ảnh|ẢNH|Hình")

# The words an editor's tool or an image's alt text leaves where the picture stood.
_TOOLBAR = re.compile(r"(?i)^\W*left\W*center\W*right\W*del\W*$")
_NUMBERED_ALT = re.compile(r"(?i)(?:(?:^|[\s\-–])(?:(?:hình\s*)?ảnh|hinh\s+anh)|(?:^|[-–]\s*)hình)\s+\d{1,3}\s*\.?$")


def is_image_token(text: str) -> bool:
    """True for a line that only marks where a picture stood: "leftcenterrightdel", "<headline> ảnh 2".

    >>> is_image_token("Mùa vàng trên cao nguyên - ảnh 3"), is_image_token("Ông xem lại từng tấm ảnh.")
    (True, False)
    """
    if len(text) > MAX_CAPTION_CHARS:
        return False
    if not text.rstrip(" .")[-1:].isdigit():
        return is_image_toolbar(text)
    found = _NUMBERED_ALT.search(text[-24:])
    if found is None:
        return False
    return not text.endswith(".") or found.group().lstrip().startswith(("-", "–")) or "- " in text[-14:]


def is_image_toolbar(text: str) -> bool:
    """True for the four labels of the image tool bar of qdnd.vn's editor, in one word or apart."""
    return len(text) < 60 and _TOOLBAR.match(text) is not None


def split_caption(text: str) -> tuple[str | None, str | None]:
    """Caption and credit of a caption line, either None where the line has none; the whole text where no mark is.

    >>> split_caption("Quang cảnh buổi lễ. (Ảnh: Hồng Vân/TTXVN)")
    ('Quang cảnh buổi lễ.', 'Hồng Vân/TTXVN')
    >>> split_caption("Cầu mới nhìn từ trên cao (Ảnh minh hoạ)")
    ('Cầu mới nhìn từ trên cao (Ảnh minh hoạ)', None)
    """
    found = _find_mark(text)
    if found is None:
        return (text.strip() or None), None
    credit = _clean_credit(found.group("credit"))
    if credit is None:
        return text.strip(), None
    if _INITIALS.search(credit) and text.rstrip(" )]").endswith("."):
        credit += "."
    caption = text[: found.start()].rstrip(" \t-–—|/") or None
    return caption, credit


def has_credit_mark(text: str) -> bool:
    """True for a whole line that is a caption or a credit by its own words.

    >>> has_credit_mark("Thu hoạch lúa - Ảnh: V.B."), has_credit_mark("Ông Ba (ảnh) kể lại chuyện cũ.")
    (True, False)
    """
    if len(text) > MAX_CAPTION_CHARS:
        return False
    found = _find_mark(text)
    if _CREDIT_FIRST.match(text) is not None or (found is not None and _is_picture_line(found)):
        return True
    return ("rong " in text or "rên " in text) and _IN_PICTURE.search(text) is not None


def is_sourced(text: str) -> bool:
    """True for a line whose only mark is "Nguồn: …", which a paragraph with figures may end in too.

    >>> is_sourced("Núi lửa phun trào. (Nguồn: AFP)"), is_sourced("Núi lửa phun trào. (Nguồn ảnh: AFP)")
    (True, False)
    """
    found = _find_mark(text)
    return found is not None and found["mark"].casefold() == "nguồn"


def find_work_title(text: str) -> str | None:
    """What stands behind "Video:" and its like at a line's start: who made it or what it is called.

    >>> find_work_title("Video: Bước ngoặt của truyền hình"), find_work_title("Ảnh: Mai Lan")
    ('Bước ngoặt của truyền hình', None)
    """
    found = _WORK_TITLE.match(text)
    return found["title"] if found is not None else None


def names_agency(text: str) -> bool:
    """True for a caption line credited to agencies or papers alone, which sell pictures and film.

    >>> names_agency("Núi lửa phun trào. Nguồn: CNA"), names_agency("Giá tăng 8%. Nguồn: Tổng cục Thống kê")
    (True, False)
    """
    credit = split_caption(text)[1]
    names = [name.strip().lower() for name in re.split(r"[/,]|\s-\s", credit)] if credit is not None else []
    return bool(names) and all(name in AGENCY_OF or name in PAPERS for name in names)


def _find_mark(text: str) -> re.Match[str] | None:
    start = max(0, len(text) - _MAX_MARK_CHARS)
    tests = (
        (text.rstrip(" .,")[-1:] in (")", "]"), _IN_BRACKETS, _marks_brackets),
        (":" in text[start:] or "：" in text[start:], _AFTER_COLON, _marks_colon),
        (_PICTURE_WORD.search(text, start) is not None, _NO_COLON, _marks_words),
    )
    for is_possible, pattern, is_mark in tests:
        found = pattern.search(text, start) if is_possible else None
        if found is not None and is_mark(found):
            return found
    return None


def _marks_brackets(found: re.Match[str]) -> bool:
    """True for "(ảnh CACC)" and "(Nguồn: AFP)"; "(ảnh)", "(ảnh dưới)" and "(nguồn lực)" belong to a sentence."""
    if found["colon"]:
        return True
    mark, credit = found["mark"].casefold(), found["credit"]
    if " " in mark.strip() and not mark.startswith(("nguồn", "hình ảnh")):
        return True
    return bool(credit) and credit[0].isupper() and not mark.startswith(("nguồn", "tranh"))


def _marks_colon(found: re.Match[str]) -> bool:
    credit = found["credit"].strip()
    if credit[:1].isdigit():
        return False
    return bool(credit) and len(credit.split()) <= _MAX_CREDIT_WORDS and not _is_sentence(credit)


def _is_picture_line(found: re.Match[str]) -> bool:
    """False for "Nguồn: …" under a long line: figures have sources too."""
    return found["mark"].casefold() != "nguồn" or len(found.string) <= _MAX_SOURCED_CHARS


def _marks_words(found: re.Match[str]) -> bool:
    return len(found["credit"].split()) <= _MAX_CREDIT_WORDS


def _is_sentence(credit: str) -> bool:
    """True when lower-case words after the colon outnumber those of a credit ("bạn đọc cung cấp")."""
    words = credit.split()
    return not credit[0].isupper() and not credit[0].isdigit() and len(words) > 5


_INITIALS = re.compile(r"(?:^|[\s/.])[^\W\d_](?:\.[^\W\d_])+$")


def _clean_credit(credit: str) -> str | None:
    credit = re.sub(r"\s+", " ", credit).strip(" .;,-–—")
    if re.match(rf"(?i){_NOBODY}$", credit):
        return None
    return credit or None
