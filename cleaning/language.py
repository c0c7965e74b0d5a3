"""Which language a text is written in: langdetect on a bounded sample, the same answer every time.

Pure: a fixed seed in a detector of our own, so neither other users of langdetect nor the order of calls change a
result. `langdetect-rs` (the extra `fast`) does the same sums in Rust and is taken when it is installed.
"""

import importlib
import re
from functools import cache
from importlib.util import find_spec
from types import ModuleType
from typing import Any
from unicodedata import normalize

MIN_LETTERS = 20  # below, n-grams say nothing
SAMPLE_CHARS = 900  # langdetect's cost grows with the text; the tests' languages are clear at this length
SAMPLE_PIECES = 3  # head, middle and tail: a foreign quotation at one end does not decide
SEED = 0
# The share of letters that only Vietnamese has (ơ ư đ, and ă â ê ô with a tone): 11.2 to 20 % in the samples of 130
# real articles. From the threshold on langdetect is not asked, 0.03 ms in place of 2.5 ms: it would say vi with 1.0
# (tests compare), but for 7 of 4,000 mixtures of half Vietnamese with half another language, where it says 0.7 to 0.9.
VIETNAMESE_SHARE = 0.11

_VIETNAMESE = "ơờớởỡợưừứửữựđầấẩẫậằắẳẵặềếểễệồốổỗộ"
_VIETNAMESE_LETTER = re.compile(f"[{_VIETNAMESE}{_VIETNAMESE.upper()}]")
_ENGINES = ("langdetect_rs", "langdetect")


def detect_language(text: str) -> tuple[str | None, float | None]:
    """The ISO 639-1 code of the main language and its probability, 0 to 1 with four digits.

    (None, None) when the text has fewer than MIN_LETTERS letters, or none that langdetect knows. NFC and NFD spelling
    give the same answer. A text full of Vietnamese letters is ("vi", 1.0), as langdetect would say.

    >>> detect_language("Sáng nay, mưa lớn gây ngập nhiều tuyến đường ở trung tâm thành phố.")
    ('vi', 1.0)
    """
    sample = sample_text(normalize("NFC", text))
    num_vietnamese = len(_VIETNAMESE_LETTER.findall(sample))
    max_letters = len(sample) - sample.count(" ")  # mostly enough, and quicker than counting them
    if MIN_LETTERS <= num_vietnamese >= VIETNAMESE_SHARE * max_letters:
        return "vi", 1.0
    num_letters = sum(map(str.isalpha, sample))
    if num_letters < MIN_LETTERS:
        return None, None
    if num_vietnamese >= VIETNAMESE_SHARE * num_letters:
        return "vi", 1.0
    return ask_langdetect(sample)


def sample_text(text: str) -> str:
    """At most SAMPLE_CHARS characters of a text: pieces from head, middle and tail, cut between words."""
    if len(text) <= SAMPLE_CHARS:
        return text
    size = SAMPLE_CHARS // SAMPLE_PIECES
    starts = [(len(text) - size) * number // (SAMPLE_PIECES - 1) for number in range(SAMPLE_PIECES)]
    return " ".join(_cut_piece(text, start, start + size) for start in starts)


def _cut_piece(text: str, start: int, end: int) -> str:
    """`text[start:end]` without the words that the cuts go through; whole when it has no space (Chinese, Thai)."""
    piece = text[start:end]
    if start and not text[start - 1].isspace():
        piece = piece.partition(" ")[2] or piece
    if end < len(text) and not text[end].isspace():
        piece = piece.rpartition(" ")[0] or piece
    return piece


def ask_langdetect(sample: str, *, engine: str | None = None) -> tuple[str | None, float | None]:
    """langdetect's first answer for a text; `engine` is the module asked, by default the fastest installed."""
    factory, error = _load_factory(engine or _find_engine())
    detector = factory.create()
    detector.append(sample)
    try:
        best = detector.get_probabilities()
    except error:  # "No features in text": symbols, or a script langdetect has no profile of
        return None, None
    return (best[0].lang[:2], round(best[0].prob, 4)) if best else (None, None)


@cache
def _find_engine() -> str:
    return next(name for name in _ENGINES if find_spec(name))


@cache
def _load_factory(engine: str) -> tuple[Any, type[Exception]]:  # both libraries come without types
    """A detector factory with the library's own profiles and our seed, and the error its detectors raise."""
    module: ModuleType = importlib.import_module(engine)
    factory = module.DetectorFactory()
    factory.load_profile(module.PROFILES_DIRECTORY)
    factory.seed = SEED  # on the instance: the class attribute is every user's
    return factory, module.LangDetectException
