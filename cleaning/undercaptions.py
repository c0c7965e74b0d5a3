"""Captions that carry no mark, told by what stands around them.

Rule: the body never pays for a caption: a line goes only where a picture is known to stand (an editor's token, the
place under the lead, a report signed "Tin, ảnh: …"), and where no paragraph of that text looks like it. Pure.
"""

import re
from collections.abc import Sequence

from tinsach.cleaning.headlines import count_subheadings
from tinsach.cleaning.letters import UPPER, fold
from tinsach.cleaning.lines import LineCue, is_image_toolbar
from tinsach.cleaning.signoffs import is_name_line
from tinsach.cleaning.textlines import Drops, Line, ends_sentence, kept_numbers, sentence_end

MAX_AFTER_TOOLBAR_CHARS = 300  # what is longer is the paragraph after a picture without caption
MAX_AFTER_ALT_CHARS = 160
MAX_UNDER_LEAD_CHARS = 90
MAX_SCENE_CHARS = 100
MAX_PHOTO_REPORT_CHARS = 240
MAX_VERBLESS_CHARS = 110
MIN_REPORT_PARAGRAPH_CHARS = 200  # a photo report's paragraphs are long; the median of its prose
MIN_ECHO_CHARS = 60
MIN_STORY_LINES = 3
MAX_ANNOUNCED_CHARS = 200

_AFTER_TOKEN = LineCue("caption", "after_image_token")
_UNDER_LEAD = LineCue("caption", "under_lead")
_SCENE = LineCue("caption", "scene")
_STORY = LineCue("caption", "photo_story")
_ANNOUNCED = LineCue("caption", "announced_pictures")
_REPORT = LineCue("caption", "photo_report")
_SCENE_OPENING = re.compile(
    r"(?:Hiện\s+trường|Quang\s+cảnh|Toàn\s+cảnh|Một\s+góc|Khung\s+cảnh|Ảnh\s+minh\s+h|Hình\s+minh\s+h|Các\s+đại\s+biểu\s+"
    r"(?:tham\s+dự|dự|chụp|tại)|Cảnh\s+tượng|Khoảnh\s+khắc)\b"
)
_SAFE_WITHOUT_STOP = re.compile(r"(?:Hiện\s+trường\s+vụ|Quang\s+cảnh|Ảnh\s+minh\s+h|Hình\s+minh\s+h)")
# Who or what a picture shows, named as only captions do: short, without the words that sentences of the text have.
_SUBJECT_OPENING = re.compile(
    rf"(?:(?:Đối\s+tượng|Nghi\s+phạm|Bị\s+cáo|Bị\s+can)\s+[{UPPER}]|Xe\s+của\b|Đoạn\s+(?:sông|đường|kênh)\b"
    r"|(?:Các\s+)?[Cc]án\s+bộ,\s+chiến\s+sĩ\b(?=.{30})|Trường\s+(?:THCS|THPT|Tiểu\s+học|Mầm\s+non|Đại\s+học)\b[^,]{2,40}\b(?:ở|tại)\s"
    rf"|(?:Diễn\s+biến|Biểu\s+đồ)\s+(?:giá|cổ\s+phiếu|chỉ\s+số)\b|(?:[{UPPER}][\w]*\s+){{2,4}}(?:được|bị|tại)\s"
    r"[^.]{0,30}(?:cơ\s+quan|trụ\s+sở|phiên\s+t(?:òa|oà)|hiện\s+trường|bệnh\s+viện)\b)"
)
_STORY_TITLE = re.compile(
    r"(?i)\b(?:\d+|những|loạt|chùm|bộ)\s+(?:bức\s+|tấm\s+|hình\s+)?ảnh\b|^\W*(?:photo|ảnh)\s*[\]:]"
)
_ANNOUNCEMENT = re.compile(r"(?i)\b(?:một\s+số|những|chùm|loạt)\s+(?:hình\s+)?ảnh\b[^.]*:$")
_PHOTO_BYLINE = re.compile(r"(?i)^\W{0,2}(?:tin|bài)\b[^:]{0,20}\bảnh\b[^:]{0,12}:")
# How a sentence of the text opens, and a caption does not: time, place, manner, or a link to what was said.
_TEXT_OPENING = re.compile(
    r"(?:Nhân|Tại|Với|Trong|Ngoài|Bên|Sau|Trước|Theo|Năm|Ngày|Sáng|Trưa|Chiều|Tối|Đêm|Hiện|Hôm|Từ|Để|Khi|Nếu|Tuy|Nhưng|"
    r"Đây|Đó|Qua|Vì|Do|Bởi|Cùng|Đồng\s+thời|Đặc\s+biệt|Thừa|Phát\s+biểu|Dự|Cũng|Riêng|Về|Đối|Trên|Dưới|Đến|Tính|Dịp|"
    r"Thời|Tiếp|Cụ\s+thể|Được|Không|Đã|Mặc|Như|Thông\s+qua|Thay|Kết|Căn\s+cứ|Song|Thực|Nội\s+dung|Tham\s+(?:gia|dự)|Có)\b"
)
_TEXT_WORDS = re.compile(
    r"(?i)\b(?:đã|sẽ|rằng|cho\s+biết|nhấn\s+mạnh|khẳng\s+định|nêu\s+rõ|cũng|tuy\s+nhiên|do\s+đó|vì\s+vậy|nếu|nhưng|"
    r"cần\s+phải|bao\s+gồm|khoảng|hơn)\b|[:;?]|[”\"]\s*[,.]"
)
_CAPTION_VERBS = re.compile(
    r"(?i)\b(?:chụp\s+ảnh|tặng|trao|kiểm\s+tra|thăm|ký|dâng|tham\s+quan|phát\s+biểu|chúc\s+mừng|đón|chủ\s+trì|động\s+viên|"
    r"trình\s+bày|đọc|trồng\s+cây|tham\s+gia|tham\s+dự|hội\s+kiến|hội\s+đàm|tiếp|chứng\s+kiến|giới\s+thiệu|biểu\s+diễn|"
    r"huấn\s+luyện|thực\s+hành|báo\s+cáo|khám)\b"
)


def drop_after_tokens(lines: Sequence[Line], drops: Drops) -> dict[int, LineCue]:
    """The line after an image token: the caption of the picture that stood there."""
    result = dict(drops)
    for number in range(len(lines) - 1):
        cue, below = lines[number].cue, lines[number + 1]
        if cue is None or cue.rule != "image_token" or number + 1 in drops or below.cue is not None:
            continue
        is_tool = is_image_toolbar(lines[number].text)
        if len(below.text) <= (MAX_AFTER_TOOLBAR_CHARS if is_tool else MAX_AFTER_ALT_CHARS):
            result[number + 1] = _AFTER_TOKEN
    return result


def drop_under_lead(lines: Sequence[Line], drops: Drops, lead: int | None) -> dict[int, LineCue]:
    """One short line between lead and first paragraph, where no sub-heading is to be expected."""
    if lead is None:
        return dict(drops)
    kept = kept_numbers(lines, drops, lead + 1)
    if len(kept) < 2:
        return dict(drops)
    line, follower = lines[kept[0]], lines[kept[1]]
    is_short = not line.is_prose and len(line.text) <= MAX_UNDER_LEAD_CHARS and " " in line.text
    if not (is_short and follower.is_prose) or line.text[0] in "*-+•":
        return dict(drops)
    has_stop = sentence_end(line.text) == "."
    if has_stop or (line.text[-1].isalnum() and not count_subheadings(lines, drops, kept[1])):
        return dict(drops) | {kept[0]: _UNDER_LEAD}
    return dict(drops)


def drop_photo_story(lines: Sequence[Line], drops: Drops, title: int | None) -> dict[int, LineCue]:
    """Below the opening of a story told in pictures, as its headline says: short lines and no paragraph."""
    if title is None or not _STORY_TITLE.search(lines[title].text):
        return dict(drops)
    below = kept_numbers(lines, drops, title + 1)[1:]
    if len(below) < MIN_STORY_LINES or any(lines[number].is_prose for number in below):
        return dict(drops)
    return dict(drops) | {number: _STORY for number in below if not is_name_line(lines[number].text)}


def drop_announced_pictures(lines: Sequence[Line], drops: Drops) -> dict[int, LineCue]:
    """Single sentences from "Một số hình ảnh …:" to the end, when nothing else stands there."""
    kept = kept_numbers(lines, drops)
    opening = next((place for place, number in enumerate(kept) if _ANNOUNCEMENT.search(lines[number].text)), None)
    below = kept[opening + 1 :] if opening is not None else []
    if len(below) < MIN_STORY_LINES or any(_is_long(lines[number].text) for number in below):
        return dict(drops)
    return dict(drops) | dict.fromkeys(below, _ANNOUNCED)


def _is_long(text: str) -> bool:
    return len(text) > MAX_ANNOUNCED_CHARS or ". " in text


def drop_scenes(lines: Sequence[Line], drops: Drops) -> dict[int, LineCue]:
    """Short lines that name a scene, "Quang cảnh hội nghị.", under a paragraph or another caption."""
    result = dict(drops)
    for number in range(1, len(lines)):
        line, above = lines[number], lines[number - 1]
        if number in drops or line.is_prose or len(line.text) > MAX_SCENE_CHARS:
            continue
        is_under_text = ends_sentence(above.text) or number - 1 in result
        if is_under_text and _names_subject(line.text) and _goes_on(lines, number):
            result[number] = _SCENE
        if not _SCENE_OPENING.match(line.text):
            continue
        has_stop = sentence_end(line.text) == "."
        if is_under_text and (has_stop or (_SAFE_WITHOUT_STOP.match(line.text) and line.text[-1].isalnum())):
            result[number] = _SCENE
    return result


def _names_subject(text: str) -> bool:
    is_open = text[-1].isalnum() or text.endswith((")", ")."))
    return is_open and _SUBJECT_OPENING.match(text) is not None and _TEXT_WORDS.search(text) is None


def _goes_on(lines: Sequence[Line], number: int) -> bool:
    """Whether a sentence that opens like the text's follows: below a sub-heading stands what the heading names."""
    return number + 1 < len(lines) and lines[number + 1].is_prose


def drop_report_captions(lines: Sequence[Line], drops: Drops) -> dict[int, LineCue]:
    """In a report whose author took the pictures: single short sentences between its long paragraphs."""
    if not any(_shows_pictures(line) for line in lines):
        return dict(drops)
    kept = kept_numbers(lines, drops)
    lengths = sorted(len(lines[number].text) for number in kept if len(lines[number].text) > MAX_PHOTO_REPORT_CHARS)
    if not lengths or lengths[len(lengths) // 2] < MIN_REPORT_PARAGRAPH_CHARS:
        return dict(drops)
    result, seen = dict(drops), set()
    for number in kept:
        text = lines[number].text
        if _looks_like_caption(text) or (len(text) >= MIN_ECHO_CHARS and fold(text) in seen):
            result[number] = _REPORT
        seen.add(fold(text) if len(text) <= MAX_PHOTO_REPORT_CHARS else "")
    return result


def _shows_pictures(line: Line) -> bool:
    if line.cue is None:
        return False
    if line.cue.rule == "image_token":
        return is_image_toolbar(line.text)
    return line.cue.rule == "byline" and _PHOTO_BYLINE.match(line.text) is not None


def _looks_like_caption(text: str) -> bool:
    if len(text) > MAX_PHOTO_REPORT_CHARS or sentence_end(text) != "." or text[0] in "*-+•“\"'":
        return False
    if ". " in text or text.endswith("...") or not text[0].isupper():
        return False
    if _TEXT_OPENING.match(text) or _TEXT_WORDS.search(text):
        return False
    return len(text) <= MAX_VERBLESS_CHARS or _CAPTION_VERBS.search(text) is not None
