"""Entry point of `tinsach` and `python -m tinsach.app`: Ctrl-C is one line also while the libraries still load."""

import signal
import sys
from types import FrameType
from typing import NoReturn

from tinsach.app.exits import FAILURES, say_interrupted
from tinsach.datasets.lean import stay_lean


def start() -> NoReturn:
    """Run the command line in sys.argv and exit with its code. SIGTERM ends it as Ctrl-C does."""
    signal.signal(signal.SIGTERM, _interrupt)
    stay_lean()
    try:
        from tinsach.app.main import main  # noqa: PLC0415  # what takes long to load

        main()
    except KeyboardInterrupt:
        print(f"error: {say_interrupted(sys.argv[1:])}", file=sys.stderr)
        sys.exit(FAILURES)


def _interrupt(signal_number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # what signal hands over
    raise KeyboardInterrupt


if __name__ == "__main__":
    start()
