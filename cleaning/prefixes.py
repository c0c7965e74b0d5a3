"""House prefixes: the paper's name that opens a lead, "(Ngày Nay) - " or "TPO - ".

Rule: a prefix says whose text it is, never what it is. It opens ten times more leads than teasers, so nothing here
decides that a line goes. A place dateline ("Hà Nội - ", "TP HCM - ") is part of the sentence and no prefix. Pure.
"""

import re

# Papers that open with bare letters. A general "capitals and a dash" would take "NATO - liên minh …" apart.
HOUSES: tuple[str, ...] = (
    "ANTĐ",
    "ANTD",
    "BNEWS",
    "CAND",
    "CAO",
    "CATP",
    "CLO",
    "DNVN",
    "DV",
    "ĐCSVN",
    "ĐSPL",
    "ĐTCK",
    "Dân trí",
    "Dân Việt",
    "GD&TĐ",
    "GDVN",
    "HNM",
    "HNMO",
    "ICTnews",
    "Infonet",
    "KTĐT",
    "LĐO",
    "NĐT",
    "NLĐ",
    "NLĐO",
    "NDO",
    "NDĐT",
    "Ngày Nay",
    "PLO",
    "PLVN",
    "PNO",
    "QĐND",
    "QĐND Online",
    "SGGP",
    "SGGPO",
    "SKĐS",
    "TBKTSG",
    "TCCT",
    "TNO",
    "TPO",
    "TTO",
    "VietNamNet",
    "VietTimes",
    "VnExpress",
    "VOV",
    "VTC News",
    "VTV",
    "Xây dựng",
    "Zing",
)
# "(Kỳ 2) - ", "(Phần 1) - ": a serial, not a house.
_NOT_HOUSES = r"(?!(?:Phần|Kỳ|Bài|Tập|Trang|Ảnh|Hình|Ngày\s+\d|Tiếp|Số|Điều|Khoản)\b)"
_DASH = r"\.?\s*[-–—]+\s*"
_PREFIX = re.compile(
    rf"""(?:
      \(\s*{_NOT_HOUSES}[^\W\d_][^()]{{1,30}}\){_DASH}
    | \((?:ĐTCK|CAND|CAO|CATP|NLĐO|PLO|Ngày\ Nay|Dân\ trí|Chinhphu\.vn)\)\s*
    | (?:{"|".join(map(re.escape, HOUSES))}){_DASH}
    | [A-Za-zĐđ][\w-]{{1,24}}(?:\.(?:com|net|org|gov|edu))?\.(?:vn|VN|com|COM|net|NET|org){_DASH}
    )(?=\S)""",
    re.VERBOSE,
)


def split_lead_prefix(text: str) -> tuple[str | None, str]:
    """The house prefix without the space around it, and the sentence after it; (None, text) where there is none.

    >>> split_lead_prefix("(Ngày Nay) - Sáng nay, trời nắng.")
    ('(Ngày Nay) -', 'Sáng nay, trời nắng.')
    >>> split_lead_prefix("Hà Nội - thành phố của hồ.")
    (None, 'Hà Nội - thành phố của hồ.')
    """
    found = _PREFIX.match(text)
    if found is None:
        return None, text
    return found.group().strip(), text[found.end() :]
