"""Keeps pandas out of a process that is all ours.

Where it is installed pyarrow loads it, to ask of the first list whether it is a series: half a second that no command
and no worker needs. Only for such processes: in them `to_pandas` says that there is none.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType


class _NoPandas(MetaPathFinder):
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:  # noqa: ARG002
        if name == "pandas":
            raise ModuleNotFoundError("pandas is not for this process", name=name)


def keep_pandas_out() -> None:
    """From now on `import pandas` finds none, unless it is loaded."""
    sys.meta_path.insert(0, _NoPandas())
