"""Ctrl-C and SIGTERM as messages like any other, for who takes messages from one queue."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import current_thread, main_thread
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def signals_go_to(messages: "SimpleQueue[Any]", message: str) -> Iterator[None]:
    """Within the block each SIGINT and SIGTERM is a `message` (`SimpleQueue.put` is safe in a handler).

    In another thread than the main one nothing changes: the main thread has them.
    """
    if current_thread() is not main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda *_: messages.put(message)) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
