"""Exit codes: 0 done, 1 done with failures that the summary names, 2 wrong use or broken input."""

from collections.abc import Iterable

DONE = 0
FAILURES = 1
UNUSABLE = 2


def worst_of(codes: Iterable[int]) -> int:
    """The code of a command made of several parts: 2 only when every part was unusable.

    >>> worst_of([0, 2]), worst_of([2, 2]), worst_of([0, 0]), worst_of([])
    (1, 2, 0, 0)
    """
    parts = list(codes)
    if not any(parts):
        return DONE
    return UNUSABLE if all(code == UNUSABLE for code in parts) else FAILURES
