"""Signatures that tell near-duplicates: the share of equal places in two of them is how much the two texts share.

Pure. The parameters belong to the data: signatures made with others can't be compared, so a change of any of them, or
of rensa's algorithm, is a new SCHEMA_VERSION.
"""

import unicodedata

from rensa import RMinHash

PERMUTATIONS = 128
SEED = 42
SHINGLE_SYLLABLES = 5


def fold_text(text: str) -> str:
    """What counts where texts are compared: NFC, lower case, one blank for any white space.

    >>> fold_text("Tin  SẠCH")
    'tin sạch'
    """
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def sign_text(folded: str) -> list[int]:
    """128 numbers of 32 bits (MinHash, Broder 1997) over the runs of five syllables of a text that is folded.

    A text of fewer syllables is one run. The empty text has a signature too; it equals that of no other text.
    """
    signature = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    signature.update(list_runs(folded))
    places: list[int] = signature.digest()
    return places


def list_runs(folded: str) -> list[bytes]:
    """The runs of five syllables of a text that is folded, as UTF-8; the whole text when it has fewer.

    >>> list_runs("tin sạch là tin đã được làm sạch")[0].decode()
    'tin sạch là tin đã'
    """
    syllables = folded.encode("utf-8").split(b" ")  # rensa hashes UTF-8 anyway, and bytes are joined 3 times as fast
    shifted = [syllables[start:] for start in range(SHINGLE_SYLLABLES)]
    return list(map(b" ".join, zip(*shifted, strict=False))) or [b" ".join(syllables)]
