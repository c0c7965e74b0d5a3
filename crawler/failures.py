"""What can go wrong between here and a site, and how it is said: in a few words, never with a traceback."""

import gzip
import logging
import sys
import zlib

import brotli  # type: ignore[import-untyped]  # ships no types
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.error import ConnectError, ConnectionClosed

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_CAUSE_CHARS = 200
_WORDS: dict[type[BaseException], str] = {
    CannotResolveHostError: "host name not found",
    DownloadConnectionRefusedError: "connection refused",
    DownloadTimeoutError: "no answer in time",
    DownloadFailedError: "connection broke off",
    DownloadCancelledError: "answer too large or given up",
    ResponseDataLossError: "answer cut short",
    ConnectError: "no connection",
    ConnectionClosed: "connection broke off",
    zlib.error: "body can't be unpacked",
    brotli.error: "body can't be unpacked",
    gzip.BadGzipFile: "body can't be unpacked",
    zstd.ZstdError: "body can't be unpacked",
    EOFError: "body can't be unpacked",
}
# What says that the host itself is in trouble, not one of its pages.
HOST_ERRORS: tuple[type[BaseException], ...] = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    DownloadFailedError,
    ResponseDataLossError,
    ConnectError,
    ConnectionClosed,
)
FETCH_ERRORS: tuple[type[BaseException], ...] = (
    *_WORDS,
    IgnoreRequest,  # robots.txt, another server, too many redirects, too large when unpacked
    NotSupported,
    UnsupportedURLSchemeError,
    TunnelError,
    OSError,
    ValueError,  # an address or a header that no request can have
)


def drop_errors(record: logging.LogRecord) -> bool:
    """A logging filter for a module whose errors reach the user another way, in one line."""
    return record.levelno < logging.ERROR


def describe_failure(error: BaseException | None) -> str:
    """The cause in one short line.

    >>> describe_failure(IgnoreRequest("Forbidden by robots.txt"))
    'Forbidden by robots.txt'
    """
    if isinstance(error, IgnoreRequest) and "during decompression" in str(error):
        return "answer too large when unpacked"
    if isinstance(error, HttpError):
        return f"HTTP status {error.response.status}"
    for kind, words in _WORDS.items():
        if isinstance(error, kind):
            return words
    text = " ".join(str(error).split())
    cause = text if isinstance(error, IgnoreRequest) and text else f"{type(error).__name__}: {text}"
    return cause[:MAX_CAUSE_CHARS]
