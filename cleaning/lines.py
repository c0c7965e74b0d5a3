"""Whole-line cues: what a line is by its own words, without its neighbours.

Rule: a cue must hold for any line of any paper; a sentence of an article that only looks like clutter ("Theo TTXVN, …",
"Xem thêm" inside a sentence, an interview's "PV:") has none. A cue that an article's own line can have says where it
counts; whether a line stands there is for `tinsach.cleaning.classify` and `tinsach.cleaning.placing`, as all else that
only position tells. Pure; a common paragraph costs microseconds.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from tinsach.cleaning.article import RemovalKind
from tinsach.cleaning.bylines import is_byline
from tinsach.cleaning.captions import (
    find_work_title,
    has_credit_mark,
    is_image_token,
    is_image_toolbar,
    is_sourced,
    split_caption,
)
from tinsach.cleaning.letters import UPPER
from tinsach.cleaning.names import is_person_name
from tinsach.cleaning.phrases import (
    BUTTON_WORD,
    COMMENTS,
    COPYRIGHT,
    FIRST_WORDS,
    MASTHEAD,
    OA,
    RELATED_LABEL,
    WIDGET,
    has_call_inside,
    is_call,
)
from tinsach.cleaning.prefixes import split_lead_prefix
from tinsach.cleaning.signoffs import are_names, has_author_aside

__all__ = [
    "LineCue",
    "Place",
    "classify_line",
    "has_credit_mark",
    "is_day",
    "is_entry",
    "is_image_token",
    "is_image_toolbar",
    "split_caption",
    "split_lead_prefix",
]


# "edge": nothing of the body stands above it, or nothing below; "picture": one stands right above it; "link": most of
# the line is a link; "unlisted": it is no entry of a list below a line that ends in a colon; "button": it heads no
# paragraph.
Place = Literal["edge", "picture", "link", "unlisted", "button"]


@dataclass(frozen=True, slots=True)
class LineCue:
    """Why a line is no part of the article: its kind, the name of the cue that says so, and where it does.

    The line goes at any one of the places `where`; without one, wherever it stands.
    """

    kind: RemovalKind
    rule: str
    where: tuple[Place, ...] = ()


_Test = tuple[tuple[str, ...], Callable[[str], object], LineCue]  # words to look for first, the test, what it shows
MAX_CUE_CHARS = 320  # no cue below fits a longer line
_SHORT_CHARS = 90  # labels, buttons, bylines and dates are shorter

_AGENCY_NAMES = (
    r"TTXVN|TXVN|TTX|Vietnam\s?\+|VietnamPlus|Vietnam\s?Plus|Vnews|BNEWS|AFP|AP|Reuters|Xinhua|Tân\s+Hoa\s+[Xx]ã|THX|"
    r"Bloomberg|BBC|CNN|Sputnik|TASS|RIA(?:\s+Novosti)?|RT|Kyodo|Yonhap|Guardian|VOV|VTV|VnExpress|VietNamNet|Dân\s+[Tt]rí|"
    r"Zing|Znews|Tuổi\s+[Tt]rẻ|Thanh\s+[Nn]iên|Tiền\s+[Pp]hong|Lao\s+[Đđ]ộng|Người\s+[Ll]ao\s+[Đđ]ộng|Tri\s+[Tt]hức|"
    r"Chinhphu\.vn|QĐND|SGGP|NLĐO?|TTO|TPO|PLO"
)
_CAPITALISED = rf"[{UPPER}][\w.+&'’-]*"
# The items of a list are matched one by one: in one pattern "-" and "." could be read as a name's or as a separator.
_SITE_NAME = r"(?:[\w-]{1,40}\.){1,3}(?:vn|com|net|org|cn|tv|info)"
_SOURCE_NAME = re.compile(
    rf"(?:{_AGENCY_NAMES})|{_SITE_NAME}|163|(?:báo\s+|Báo\s+)?{_CAPITALISED}(?:\s+(?:{_CAPITALISED}|và|&)){{0,5}}"
)
_BETWEEN_SOURCES = re.compile(r"\s*[/,–]\s*|\s+-\s*|-\s+")
_SOURCES = re.compile(r"\(\s*Theo\s+(?P<inside>[^()]+)\)|(?:Theo|Nguồn\s*:|Nguồn\s+tin\s*:)\s*(?P<plain>[^()]+)")
_AGENCY = re.compile(
    rf"""
      \(\s*(?:(?:Theo|Nguồn\s*:?)\s+)?(?:{_AGENCY_NAMES})(?:\s*[/,–-]\s*(?:{_AGENCY_NAMES}))*\s*\)
    | Theo\s+{_CAPITALISED}(?:\s+\w+){{1,7}}\s+Copy\s+link
    | (?:TTXVN|Vietnam\+|TTXVN\s*[/-]\s*(?:Vietnam\+|VNP|Báo\s+Tin\s+[Tt]ức)|TTXVN\s+phát)
    """,
    re.VERBOSE,
)
_SOURCE_LINK = re.compile(
    r"(?i)^\W{0,3}(?:nguồn(?:\s+tin)?|theo|link\s+(?:bài\s+)?gốc|link\s+nguồn)\s*:?\s*https?://\S+$"
)
_AGENCY_ASIDE = re.compile(
    rf"{_CAPITALISED}(?:\s+{_CAPITALISED}){{0,4}}\s*[/-]?[\w\s]{{0,20}}"
    r"\((?:TTXVN|Vietnam\+|TTXVN/Vietnam\+|Vnews/Vietnam\+|TTXVN/VNP)\)[\s./]*$"
)
_BYLINE = re.compile(
    r"^\W{0,2}(?P<label>(?:tin|bài(?:\s+viết)?|ảnh|clip|video|đồ\s+h(?:ọa|oạ)|thực\s+hiện|biên\s+dịch|trình\s+bày|thiết\s+kế|"
    r"nội\s+dung|kỹ\s+thuật|tổng\s+hợp|dịch|chùm\s+ảnh)(?:(?:\s*[,&/+-]\s*|\s+và\s+|\s*)"
    r"(?:tin|bài|ảnh|clip|video|thơ|đồ\s+h(?:ọa|oạ)|thực\s+hiện|trình\s+bày|thiết\s+kế))*)\s*:\s*(?P<names>\S.*)$",
    re.IGNORECASE,
)
_OWN_WORK = re.compile(r"(?i)\b(?:tin|ảnh|thực\s+hiện)\b")
_PICTURE_LABELS = frozenset({"ảnh", "clip", "video", "đồ họa", "đồ hoạ"})
_TAGS = re.compile(
    rf"(?i)^(?:(?:#\s?\w[^#]{{1,50}}){{2,}}$|#\w+$)|^\W{{0,2}}(?:(?:từ\s+kh{OA}|tags?|xem\s+thêm\s+về|hashtags?)\s*:.*|(?:từ\s+kh{OA}|tags|chủ\s+đề)\s*:?\s*$)"
)
_WEEKDAY = r"(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ\s+nhật)"
_DAY = r"(?:\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}|\d{1,2}\s+tháng\s+\d{1,2}(?:\s+năm|\s*,)?\s+\d{4})"
_CLOCK = r"\d{1,2}\s*:\s*\d{2}(?::\d{2})?'?\s*(?:[AaPp][Mm]|SA|CH)?"
_ZONE = r"\(?\s*GMT\s*[+-]\s*\d{1,2}(?::?\d{2})?\s*\)?"
# A day without its time of day is a heading; see `is_day`.
_DATE = re.compile(
    rf"""(?ix)^(?:(?:cập\s+nhật|đăng(?:\s+lúc)?|xuất\s+bản|published|updated)\s*:?\s*)?(?:
      (?:{_WEEKDAY}\s*,?\s*)?(?:ngày\s+)?{_DAY}\s*[-,|–]?\s*{_CLOCK}
    | {_CLOCK}\s*[-,|–]?\s*(?:{_WEEKDAY}\s*,?\s*)?(?:ngày\s+)?{_DAY}
    )[\s,]*(?:{_ZONE})?\s*(?:\|\s*.{{1,40}})?$"""
)
_ONLY_DAY = re.compile(rf"(?i)^(?:{_WEEKDAY}\s*,?\s*)?(?:ngày\s+)?{_DAY}[\s,]*$")
_DATED_NAME = re.compile(
    rf"(?P<names>\D{{3,60}}?)\s*[-,|–•]\s*(?:{_DAY}(?:\s*[-,|–]?\s*{_CLOCK})?|{_CLOCK}\s*[-,|–]?\s*{_DAY})$"
)
_BETWEEN_NAMES = re.compile(r"\s*[,;&/•–]\s*|\s+-\s+|\s+và\s+")
_NOBODY = frozenset({"pv", "ctv", "nhóm pv", "nhóm phóng viên"})
_FIRST_WORD = re.compile(r"\W{0,3}(\w*)")
_OPENINGS = FIRST_WORDS | frozenset(
    """nguồn ttxvn vietnam thứ chủ ngày cập đăng xuất published updated
    normal table mso window googletag document adsbygoogle""".split()
)
_DOUBLED = re.compile(r"^([^\W\d].{5,59})\1$")
# Only what word processors and advertisers leave: an article on programming may show code.
_SCRIPT = re.compile(
    r"^(?:Normal\s+0\s+(?:false|true|\d)|/\*\s*(?:Style|Font)\s+Definitions|table\.Mso|mso-|(?:window\.)?googletag\.|"
    r"\(adsbygoogle|window\._taboola|document\.write\(|\[/?(?:caption|embed|gallery)\b)"
)
_ARROW = re.compile(r"^(?:>{2,3}|(?:>|»|►|▶|☞)(?!.*[.:;,]$))\s*(?!(?i:bước)\s+\d)(?=[^\W_]|[\"“'‘(])")
_LINK_LABEL = re.compile(
    r"(?i)^\W{0,3}(?:(?P<more>(?:xem|đọc|tìm\s+hiểu|tham\s+khảo)\s+thêm|đọc\s+tiếp)"
    r"|(?:tin|bài|tin\s+bài|bài\s+viết)\s+liên\s+quan)\s*[:>»]+\s*\S"
)
_FIGURE = re.compile(r"[:\d]")


def classify_line(text: str) -> LineCue | None:
    """The cue of a whole line (NFC, stripped), or None: the line may be the article.

    >>> classify_line("Theo TTXVN")
    LineCue(kind='agency', rule='agency', where=())
    >>> classify_line("Theo TTXVN, mưa lớn còn kéo dài ở miền Trung.") is None
    True
    """
    if len(text) > MAX_CUE_CHARS:
        return None
    folded = text.casefold()
    for hints, is_cue, cue in _choose_tests(text, folded):
        for hint in hints:
            if hint in folded:
                if is_cue(text):
                    find_places = _PLACES.get(cue.rule)
                    return replace(cue, where=find_places(text)) if find_places is not None else cue
                break
    return None


def is_day(text: str) -> bool:
    """True for a date without time of day, alone on its line: the article's right below its title.

    >>> is_day("Chủ nhật, 04/01/2026"), is_day("Ngày 4 tháng 1")
    (True, False)
    """
    return _ONLY_DAY.match(text) is not None


def is_entry(text: str) -> bool:
    """True for one arrow before a line with a colon or a figure: where no links are to be seen, an entry of a list.

    >>> is_entry("► Ngày 1: Hà Nội - Sa Pa"), is_entry("► Giá lúa tăng nhẹ đầu tuần"), is_entry(">> Ngày 1: Hà Nội")
    (True, False, False)
    """
    arrow = _ARROW.match(text)
    return (
        arrow is not None
        and not text.startswith(">>")
        and _LINK_LABEL.match(text) is None
        and _FIGURE.search(text) is not None
    )


def _choose_tests(text: str, folded: str) -> tuple[_Test, ...]:
    start = _FIRST_WORD.match(folded)
    word = start[1] if start is not None else ""
    opens = word in _OPENINGS or word[:1].isdigit() or not text[:1].isalnum()
    return _TESTS[len(text) <= _SHORT_CHARS, opens]


def _is_agency(text: str) -> bool:
    line = text.lstrip("-–—* ").rstrip("./ ")
    if _AGENCY.fullmatch(line):
        return True
    found = _SOURCES.fullmatch(line)
    if found is None:
        return False
    sources = (found["inside"] or found["plain"]).strip()
    return all(_SOURCE_NAME.fullmatch(source) for source in _BETWEEN_SOURCES.split(sources))


def _is_byline(text: str) -> bool:
    found = _BYLINE.match(text)
    if found is None or found["label"].casefold() in _PICTURE_LABELS:
        return False
    return are_names(found["names"]) or is_byline(text)


def _is_dated_name(text: str) -> bool:
    """Persons and a date; teams, places and treaties have dates too."""
    found = _DATED_NAME.match(text) if text[-1].isdigit() else None
    return found is not None and all(map(_is_signer, _BETWEEN_NAMES.split(found["names"])))


def _is_signer(text: str) -> bool:
    return is_person_name(text) or text.casefold() in _NOBODY


def _find_byline_places(text: str) -> tuple[Place, ...]:
    """A name with a date may be born then or play then; who designed, translated or wrote a work is told in texts."""
    if _is_dated_name(text):
        return ("edge",)
    found = _BYLINE.match(text)
    is_own = found is None or ":" in found["names"] or _OWN_WORK.search(found["label"]) is not None
    return () if is_own else ("edge", "picture")


def _find_credit_places(text: str) -> tuple[Place, ...]:
    """Figures have sources, and films titles."""
    if is_sourced(text):
        return ("picture",)
    title = find_work_title(text)
    return () if title is None or are_names(title) else ("edge", "picture")


def _is_credit_alone(text: str) -> bool:
    return has_credit_mark(text) and split_caption(text)[0] is None and split_caption(text)[1] is not None


def _is_related_link(text: str) -> bool:
    return _ARROW.match(text) is not None or _LINK_LABEL.match(text) is not None


def _find_link_places(text: str) -> tuple[Place, ...]:
    """Arrows are a list's signs too, and "Xem thêm: …" may name a law's annex."""
    label = _LINK_LABEL.match(text)
    if label is not None:
        return ("link",) if label["more"] else ()
    return ("link", "unlisted") if text.startswith(">>") else ("link",)


def _is_doubled(text: str) -> bool:
    return text.find(text[:6], 6) > 0 and _DOUBLED.match(text) is not None


_ANY = ("",)
_PICTURE_WORDS = ("ảnh", "nguồn", "clip", "video", "hình", "photo", "đồ họa", "đồ hoạ", "infographic", "tranh")
# In this order; the first that fits wins. Place "opening": the test can only hold for a line that begins with one of
# _OPENINGS, a digit or a sign. Hints: one of them must stand in the folded line.
_CUES: tuple[tuple[str, tuple[str, ...], Callable[[str], object], LineCue], ...] = (
    ("anywhere", ("ảnh", "anh ", "hình ", "hinh ", "left"), is_image_token, LineCue("junk", "image_token")),
    ("opening", _ANY, _SCRIPT.match, LineCue("junk", "script")),
    ("opening", _ANY, _is_agency, LineCue("agency", "agency")),
    ("opening", ("://",), _SOURCE_LINK.match, LineCue("agency", "source_link")),
    ("anywhere", ("(ttxvn", "(v"), _AGENCY_ASIDE.match, LineCue("agency", "agency")),
    ("anywhere", (":",), _is_byline, LineCue("byline", "byline")),
    ("anywhere", (")",), has_author_aside, LineCue("byline", "byline")),
    ("anywhere", ("/", "-", ".", "tháng"), _DATE.match, LineCue("date", "date")),
    ("anywhere", ("/", "-", "."), _is_dated_name, LineCue("byline", "byline")),
    ("anywhere", _PICTURE_WORDS, _is_credit_alone, LineCue("credit", "credit")),
    ("anywhere", _PICTURE_WORDS, has_credit_mark, LineCue("caption", "credit_mark")),
    ("opening", _ANY, _TAGS.match, LineCue("tags", "tags")),
    ("opening", _ANY, RELATED_LABEL.match, LineCue("teaser", "related_label")),
    ("opening", _ANY, _is_related_link, LineCue("teaser", "related_link")),
    ("opening", _ANY, COMMENTS.match, LineCue("widget", "comments")),
    ("opening", _ANY, WIDGET.match, LineCue("widget", "widget")),
    ("opening", _ANY, MASTHEAD.match, LineCue("widget", "masthead")),
    ("opening", _ANY, COPYRIGHT.match, LineCue("widget", "copyright")),
    ("anywhere", ("bản quyền",), COPYRIGHT.match, LineCue("widget", "copyright")),
    ("anywhere", _ANY, _is_doubled, LineCue("widget", "doubled")),
    ("opening", _ANY, is_call, LineCue("read_more", "read_more")),
    ("anywhere", ("gửi", "hãy", "vui", "xin"), has_call_inside, LineCue("read_more", "read_more")),
)
_PLACES: dict[str, Callable[[str], tuple[Place, ...]]] = {  # rule -> where it counts for a line that has it
    "byline": _find_byline_places,
    "credit": _find_credit_places,
    "credit_mark": _find_credit_places,
    "date": lambda _text: ("edge",),
    "related_link": _find_link_places,
    "widget": lambda text: ("button",) if BUTTON_WORD.match(text) else (),
}
_LONG_RULES = frozenset(
    "image_token script source_link credit_mark tags related_link doubled read_more masthead copyright".split()
)
# (is short, has an opening) -> the tests that can hold
_TESTS: dict[tuple[bool, bool], tuple[_Test, ...]] = {
    (is_short, has_opening): tuple(
        (hints, is_cue, cue)
        for place, hints, is_cue, cue in _CUES
        if (is_short or cue.rule in _LONG_RULES) and (has_opening or place == "anywhere")
    )
    for is_short in (True, False)
    for has_opening in (True, False)
}
