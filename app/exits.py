"""Exit codes: 0 done, 1 done with failures that the summary names, 2 wrong use or broken input."""

import re
from collections.abc import Iterable

DONE = 0
FAILURES = 1
UNUSABLE = 2
_SITE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")


def say_interrupted(arguments: Iterable[str]) -> str:
    """What a command line says that was interrupted: whose work it was stands first, where it names sites.

    >>> say_interrupted(["--data", "/srv/news", "run", "qdnd.vn", "vov.vn"]), say_interrupted(["build"])
    ('qdnd.vn, vov.vn: interrupted', 'interrupted')
    """
    sites = ", ".join(argument for argument in arguments if _SITE.fullmatch(argument))
    return f"{sites}: interrupted" if sites else "interrupted"


def worst_of(codes: Iterable[int]) -> int:
    """The code of a command made of several parts: 2 only when every part was unusable.

    >>> worst_of([0, 2]), worst_of([2, 2]), worst_of([0, 0]), worst_of([])
    (1, 2, 0, 0)
    """
    parts = list(codes)
    if not any(parts):
        return DONE
    return UNUSABLE if all(code == UNUSABLE for code in parts) else FAILURES
