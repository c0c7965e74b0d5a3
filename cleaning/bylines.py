"""Who wrote it, as the line under an article says: authors, agency, source, photographers.

Pure; nothing here raises on any input. A line is cut into labelled parts ("Tin, ảnh:"), asides in brackets, and names;
what is no name of a person, an agency or a paper (ranks, offices, places, dates) falls away.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from unicodedata import normalize

from tinsach.cleaning.names import AGENCY_OF, INITIALS, NO_ONE, OWN_MARK, PAPERS, PLACES, is_person_name, list_words

Role = Literal["text", "photo", "source", "aside"]
Found = tuple[Literal["author", "agency", "source", "photo", "rest"], str]

MAX_LINE_CHARS = 300  # a longer text is a paragraph, not a byline
MAX_BYLINE_CHARS = 120  # of a line that is asked whether it is one
MAX_NAME_WORDS = 6
MAX_SOURCE_WORDS = 8


@dataclass(frozen=True, slots=True)
class Byline:
    """What a byline says, each name as the page writes it, in the page's order; absent is None or an empty tuple.

    `photo_credits` holds only what a label such as "Ảnh:" gives to pictures alone: the author of "Tin, ảnh: X" is an
    author.
    """

    authors: tuple[str, ...] = ()
    agency: str | None = None
    source: str | None = None
    photo_credits: tuple[str, ...] = ()


_TEXT_ROLES = (
    "bài viết|tin bài|tin|bài|tác giả|thực hiện|nội dung|người viết|lời|phóng sự|biên dịch|lược dịch|dịch|tổng hợp"
    "|phóng viên|pv|text|words|author|by"
)
_PHOTO_ROLES = (
    "ảnh minh họa|ảnh minh hoạ|ảnh|hình ảnh|hình|clip|video|đồ họa|đồ hoạ|infographics?|thiết kế|trình bày|kỹ thuật"
    "|quay phim|dựng phim|minh họa|minh hoạ|photos?|nguồn ảnh|graphics?"
)
_SOURCE_ROLES = "nguồn tin|nguồn tham khảo|tham khảo|nguồn|theo|source"
_ROLE = f"(?:{_PHOTO_ROLES}|{_TEXT_ROLES}|{_SOURCE_ROLES})"
_LABEL = re.compile(
    rf"(?<![^\s,;.|(–-])(?:({_ROLE}(?:\s*(?:,|&|\+|/|-|\bvà\b|\band\b)\s*{_ROLE})+)(?!\w)\s*:?|({_ROLE})\s*:"
    r"|((?-i:theo|nguồn)|(?:^|(?<=[,;.|(–-])|(?<=[,;.|(–-]\s))(?:theo|nguồn))\b)\s*",
    re.IGNORECASE,
)
_PHOTO_ONLY = re.compile(rf"(?:{_PHOTO_ROLES}|\W|và|and)+", re.IGNORECASE)
_SOURCE_ONLY = re.compile(_SOURCE_ROLES, re.IGNORECASE)
_SOURCE_LABEL = re.compile(rf"\b(?:{_SOURCE_ROLES})\b", re.IGNORECASE)
_ASIDE = re.compile(r"\(([^()]*)\)?|\[([^\[\]]*)\]?")
_FROM_PLACE = re.compile(r"(?:gửi\s+|viết\s+)?từ\s+[^\W\d_]")  # "(từ Paris)"
_NOISE = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,255}(?:\.[\w-]{1,63})*|(?:https?://|www\.)\S+|copy link|link bài gốc|lấy link!?|/\.(?=\s|$)"
    r"|\b\d{1,2}\s?[:hg]\s?\d{2}(?::\d{2})?\b|\b\d{1,2}[-/.]\d{1,2}(?:[-/.]\d{4})?\b",
    re.IGNORECASE,
)
_BETWEEN_NAMES = re.compile(r"\s*(?:[,;|•]|\+(?=\s)|[–—]|\s-|-\s|\s&\s|\s(?:và|and|und|et|cùng)\s)\s*", re.IGNORECASE)
_BEFORE_NAME = re.compile(
    r"(?:nhóm\s+)?(?:phóng viên|pv|ctv|cộng tác viên|btv|biên tập viên|nhà báo|nhà văn|nhà thơ|nhà nghiên cứu|tác giả"
    r"|độc giả|bạn đọc|luật sư|ls|bác s[ĩỹ]|bs|bscki{1,2}|dược s[ĩỹ]|tiến s[ĩỹ]|thạc s[ĩỹ]|ths|phó giáo sư|giáo sư|pgs"
    r"|gs|ts|kiến trúc sư|kts|kỹ sư|nghệ s[ĩỹ]|nsnd|nsưt|đồng chí|ông|bà|qncn|(?:đại|thượng|trung|thiếu) (?:tướng|tá)"
    r"|(?:đại|thượng|trung|thiếu|chuẩn) (?:[úu]y|uý)|(?:chuẩn )?đô đốc|by|von|par|por)(?![\w+])[\s.:,-]*",
    re.IGNORECASE,
)
_NEEDS_TWO_WORDS = re.compile(r"(?:ông|bà|ts|bs|ls|par|por|von)\b", re.IGNORECASE)  # "TS" alone is someone's initials
_AFTER_NAME = re.compile(
    r"(?:^|\s+)(?:tổng hợp|thực hiện|ghi chép|lược ghi|ghi|lược dịch|biên dịch|dịch|biên soạn|giới thiệu|t/h|tại\b.*)$",
    re.IGNORECASE,
)
_PAPER_WORDS = list_words("báo tạp đài kênh trang")
_OFFICE_WORDS = list_words("ban bộ cục học hội phòng sở tòa toà tổng trường trung_tâm ủy viện")
_HOUSE_WORDS = _OFFICE_WORDS | _PAPER_WORDS
_NO_PERSONS = PLACES | PAPERS
_PARTICLES = list_words(
    "al ap ben bin bint da dal de del della den der di dos du e el i ibn la le les of o ten ter the van von y"
)
_EDGE = " \t.,;:-–—*\"'“”‘’|/&•"


def parse_byline(text: str) -> Byline:
    """The names in a line that is known to be a byline (a byline element, or `is_byline` says so).

    A text of more than MAX_LINE_CHARS, or without any name, gives an empty Byline. "Theo" before a person's name makes
    an author, before anything else a source or agency. Of several agencies the first counts.

    >>> parse_byline("Bích Hà/Paris (TTXVN)")
    Byline(authors=('Bích Hà',), agency='TTXVN', source=None, photo_credits=())
    """
    return _parse_line(text) if len(text) <= MAX_LINE_CHARS else Byline()


@lru_cache(maxsize=16)  # a page asks of its byline several times
def _parse_line(text: str) -> Byline:
    found = list(dict.fromkeys(_find_names(text)))
    agencies = [name for kind, name in found if kind == "agency"]
    others = [name for name in agencies if name != OWN_MARK]
    authors = tuple(name for kind, name in found if kind == "author")
    own = OWN_MARK if agencies and not authors else None
    return Byline(
        authors=authors,
        agency=others[0] if others else own,
        source=next((name for kind, name in found if kind == "source"), None),
        photo_credits=tuple(name for kind, name in found if kind == "photo"),
    )


def read_bylines(lines: Iterable[str]) -> tuple[tuple[str, ...], str | None]:
    """(authors, agency) of all byline lines of an article: the first agency, else the first paper named as source.

    What stands behind a name in brackets may be a place or a desk; it counts when it is called a source, or is a paper.

    >>> read_bylines(["Lê Hạnh", "Theo Zing"]), read_bylines(["Lê Hạnh (Grove)"])
    ((('Lê Hạnh',), 'Zing'), (('Lê Hạnh',), None))
    """
    found = [(line, parse_byline(line)) for line in lines]
    authors = tuple(dict.fromkeys(name for _, byline in found for name in byline.authors))
    agencies = [byline.agency for _, byline in found if byline.agency]
    sources = [
        byline.source
        for line, byline in found
        if byline.source
        and (not byline.authors or byline.source.lower() in PAPERS or _SOURCE_LABEL.search(line) is not None)
    ]
    others = [*(agency for agency in agencies if agency != OWN_MARK), *sources]
    own = OWN_MARK if agencies and not authors else None
    return authors, others[0] if others else own


def is_byline(text: str, known: Collection[str] = ()) -> bool:
    """True when a whole line is nothing but a byline: names, agencies, sources with their labels, ranks and asides.

    For a short last paragraph of which it is not known what it is: names without a label count when `is_person_name`
    says so or they are `known`, a photo credit alone ("Ảnh: X") does not. Only a name in capitals may be followed by
    offices.

    >>> is_byline("Tin, ảnh: XUÂN DŨNG"), is_byline("Xuân Dũng phát biểu"), is_byline("Theo TTXVN")
    (True, False, True)
    """
    line = " ".join(normalize("NFC", text[: MAX_BYLINE_CHARS + 1]).split())
    if not line or len(line) > MAX_BYLINE_CHARS or line[-1] in "?!:…,":
        return False
    if _names_no_one(line.strip(_EDGE + "()").lower()):
        return True
    found = list(_find_names(line))
    is_labelled = bool(_LABEL.match(line.lstrip("([ ")))
    authors = [name for kind, name in found if kind == "author"]
    if not all(is_labelled or name in known or is_person_name(name) for name in authors):
        return False
    if ("rest", "") in found and not (authors and authors[0].isupper() and found[0] == ("author", authors[0])):
        return False
    return bool(authors) or any(kind == "agency" or (kind == "source" and is_labelled) for kind, _ in found)


def _names_no_one(line: str) -> bool:
    """A desk or a collective, alone or with the paper it is of: "PV/VOV.VN"."""
    desk, _, paper = line.partition("/")
    return line in NO_ONE or (desk.strip() in NO_ONE and re.split(r"[.\s-]", paper.strip(), maxsplit=1)[0] in PAPERS)


def _find_names(text: str) -> Iterator[Found]:
    if len(text) > MAX_LINE_CHARS:
        return
    line = _NOISE.sub(", ", " ".join(normalize("NFC", text).split()))
    asides: list[str] = []

    def set_aside(match: re.Match[str]) -> str:
        aside = match[1] or match[2] or ""
        if not _FROM_PLACE.match(aside):
            asides.append(aside)
        return ", "

    for role, part in _split_labels(_ASIDE.sub(set_aside, line), "text"):
        yield from _read_part(role, part)
    for aside in asides:
        for role, part in _split_labels(aside, "aside"):
            yield from _read_part(role, part)


def _split_labels(line: str, role: Role) -> Iterator[tuple[Role, str]]:
    """The parts of a line with what their label makes of them; `role` is that of the part before the first label."""
    start = 0
    for label in _LABEL.finditer(line):
        yield role, line[start : label.start()]
        name = label[1] or label[2] or label[3]
        role = "photo" if _PHOTO_ONLY.fullmatch(name) else "source" if _SOURCE_ONLY.fullmatch(name) else "text"
        start = label.end()
    yield role, line[start:]


def _read_part(role: Role, part: str) -> Iterator[Found]:
    for chunk_number, chunk in enumerate(_split_names(part)):
        if role == "photo":
            yield "photo", chunk
            continue
        for piece_number, piece in enumerate(chunk.split("/")):
            name = _strip_role(piece)
            if not name or name.lower() in NO_ONE or (chunk_number + piece_number and name.lower() in PLACES):
                continue
            if agency := AGENCY_OF.get(name.lower()):
                yield "agency", agency
            elif not piece_number:
                yield _read_name(role, name)
            elif role == "text" and " " in name and is_person_name(name):
                yield "author", name


def _read_name(role: Role, name: str) -> Found:
    """What a name without agency says where its part gives it `role`; ("rest", "") for an office or a phrase."""
    if role == "text":
        return ("author", name) if _is_author(name) else ("rest", "")
    if role == "source" and is_person_name(name) and (" " in name or "." in name):
        return "author", name
    is_paper = name.lower() in PAPERS or name.split(maxsplit=1)[0].lower() in _PAPER_WORDS
    if is_paper or (_is_author(name) if role == "aside" else _is_source(name)):
        return "source", name
    return "rest", ""


def _split_names(part: str) -> Iterator[str]:
    """The entries of a list of names; a hyphen without spaces parts two names of two words or initials each."""
    for chunk in _BETWEEN_NAMES.split(part):
        halves = [half.strip() for half in chunk.split("-")]
        are_names = all(" " in half for half in halves) or all("." in half for half in halves)
        for entry in halves if are_names else [chunk.strip()]:
            if name := entry if INITIALS.fullmatch(entry) else entry.strip(_EDGE):
                yield name


def _strip_role(piece: str) -> str:
    """A name without rank, degree or office before it, and without "(tổng hợp)" or a place after it."""
    name = piece.strip()
    while match := _BEFORE_NAME.match(name):
        rest = name[match.end() :]
        if _NEEDS_TWO_WORDS.match(name) and " " not in rest.strip():
            break
        name = rest
    name = _AFTER_NAME.sub("", name).strip(" \t,;:-–—*\"'“”‘’|")
    words = name.split()
    num_upper = next((n for n, word in enumerate(reversed(words)) if not word.isupper()), 0)
    return " ".join(words[-num_upper:]) if 2 <= num_upper <= 5 else name  # after a rank or an office unknown to us


def _is_author(name: str) -> bool:
    """True for what can be a person's name in a line that is known to be a byline: no word begins with a small letter.

    Scripts without capitals count as such; "de", "van", "d'" and the like may be small.
    """
    words = [word.strip("\"'“”‘’.") for word in name.split()]
    if not all(words) or len(words) > MAX_NAME_WORDS or any(map(str.isdigit, name)) or ":" in name:
        return False
    if name.lower() in _NO_PERSONS:
        return False
    is_short_name = len(words) <= 3 and is_person_name(name)  # as "Trường Giang", which is no school
    if words[0].lower() in _HOUSE_WORDS and not is_short_name:
        return False
    are_names = (word[0].isalpha() and not word[0].islower() for word in words)
    return words[0][0].isalpha() and all(
        is_name or word.lower() in _PARTICLES or word[1:2] in ("'", "’")
        for is_name, word in zip(are_names, words, strict=True)
    )


def _is_source(name: str) -> bool:
    return name[0].isupper() and len(name.split()) <= MAX_SOURCE_WORDS and name.lower() not in PLACES
