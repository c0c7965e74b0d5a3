"""Entry point of `tinsach` and `python -m tinsach.app`: Ctrl-C is one line also while the libraries still load."""

import sys
from typing import NoReturn

from tinsach.app.exits import FAILURES


def start() -> NoReturn:
    """Run the command line in sys.argv and exit with its code."""
    try:
        from tinsach.app.main import main  # noqa: PLC0415  # what takes long to load

        main()
    except KeyboardInterrupt:
        print("error: interrupted", file=sys.stderr)
        sys.exit(FAILURES)


if __name__ == "__main__":
    start()
