"""Keeps pandas and fsspec out of a process that is all ours.

Where they are installed pyarrow loads pandas, to ask of the first list whether it is a series, and warcio fsspec, to
open addresses: half a second and a tenth that no command and no worker needs. Only for such processes: in them
`to_pandas` says that there is none.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

_HEAVY = ("pandas", "fsspec")


class _Without(MetaPathFinder):
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:  # noqa: ARG002
        if name in _HEAVY:
            raise ModuleNotFoundError(f"{name} is not for this process", name=name)


def stay_lean() -> None:
    """From now on an import of either finds none, unless it is loaded."""
    sys.meta_path.insert(0, _Without())
