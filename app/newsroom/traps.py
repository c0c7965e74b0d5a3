"""What a hostile or broken server does to a crawler that asks for an article: one function a trick.

A trick writes to the connection itself, because most of these answers are none that a server library would send.
"""

import gzip
import os
import socket
import struct
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import count

import brotli  # type: ignore[import-untyped]  # ships no types

from tinsach.app.newsroom.markup import as_http_date

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MEGABYTE = 1 << 20
HUGE_BYTES = 100 * MEGABYTE
DRIP_SECONDS = 0.1
SECTION = "bay"  # "trap"; the first part of every path here
PAGE = (
    '<html lang="vi"><head><meta charset="utf-8"><title>Bẫy</title></head><body><h1 class="post-title">Bài sau bẫy</h1>'
    '<div class="post-content"><div itemprop="articleBody">'
    + "<p>Sáng nay, cây cầu mới được đưa vào sử dụng sau hai năm thi công, người dân hai bờ sông đều vui mừng.</p>" * 3
    + "</div></div></body></html>"
).encode()
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": partial(gzip.compress, compresslevel=1),
    "br": partial(brotli.compress, quality=1),
    "deflate": partial(zlib.compress, level=1),
    "zstd": zstd.compress,
}
BOMBS = ("gzip", "br", "deflate", "zstd", "gzip, gzip")
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a trap: the connection, the path asked (with its query), the server's own origin."""

    connection: socket.socket
    path: str
    origin: str
    now: Callable[[], float] = time.time


Trick = Callable[[Asked], None]


def send(asked: Asked, status: str, *headers: str, body: bytes = b"", length: str | None = None) -> None:
    """An answer whose length is told as it is, or as `length`; "" leaves it out. The connection closes after it."""
    lines = [f"HTTP/1.1 {status}", *headers]
    if length != "":
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    asked.connection.sendall("\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + body)


def redirect(asked: Asked, *, to: str, cookie: str = "") -> None:
    """302 to a fixed address; `{n}` in it or in the cookie is a number that never comes again."""
    number = next(_numbers)
    cookies = [f"Set-Cookie: {cookie.format(n=number)}; Path=/"] if cookie else []
    send(asked, "302 Found", f"Location: {to.format(n=number, origin=asked.origin, path=asked.path)}", *cookies)


def send_page(asked: Asked, *headers: str, body: bytes = PAGE, length: str | None = None) -> None:
    """200 with a page of HTML."""
    send(asked, "200 OK", *headers, body=body, length=length)


def send_huge(asked: Asked, *, is_chunked: bool) -> None:
    """100 MB, announced by their length or in chunks."""
    framing = "Transfer-Encoding: chunked" if is_chunked else f"Content-Length: {HUGE_BYTES}"
    send(asked, "200 OK", "Content-Type: text/html", framing, length="")
    block = b"<p>" + b"a" * (MEGABYTE - 3)
    chunk = b"%x\r\n%s\r\n" % (len(block), block) if is_chunked else block
    for _ in range(HUGE_BYTES // MEGABYTE):
        asked.connection.sendall(chunk)


def send_bomb(asked: Asked, *, encoding: str) -> None:
    """Some kilobytes that unpack to 100 MB."""
    send_page(asked, "Content-Type: text/html", f"Content-Encoding: {encoding}", body=pack_bomb(encoding))


@cache
def pack_bomb(encoding: str) -> bytes:
    """100 MB of zeros in that encoding; several are applied from left to right."""
    body = bytes(HUGE_BYTES)
    for name in encoding.split(", "):
        body = bytes(PACKERS[name](body))
    return body


def drip(asked: Asked) -> None:
    """A page that comes byte by byte and never ends."""
    send(asked, "200 OK", "Content-Type: text/html", length="1000000")
    while True:
        asked.connection.sendall(b"a")
        time.sleep(DRIP_SECONDS)


def reset(asked: Asked, *, after: bytes) -> None:
    """Some bytes, then the connection is torn down, not closed."""
    asked.connection.sendall(after)
    asked.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(asked.connection.detach())  # the server would shut it down in order first


def break_off(asked: Asked, *, after: bytes) -> None:
    """Some bytes, then the server's half of the connection closes."""
    asked.connection.sendall(after)
    asked.connection.shutdown(socket.SHUT_WR)


def lie_about_time(asked: Asked) -> None:
    """A page of a server whose clock is an hour ahead: Date and Last-Modified lie in the future."""
    ahead = as_http_date(datetime.fromtimestamp(asked.now(), UTC) + timedelta(hours=1))
    send_page(asked, f"Date: {ahead}", f"Last-Modified: {ahead}")


HALF_PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 900\r\n\r\n<p>nua bai"
HALF_CHUNK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n300\r\n<p>nua bai"
TRICKS: dict[str, Trick] = {
    "redirect-to-itself": partial(redirect, to="{path}"),
    "redirect-without-end": partial(redirect, to="/" + SECTION + "/redirect-without-end-989000?n={n}"),
    "redirect-off-site": partial(redirect, to="http://quangcao.example/"),
    "redirect-to-loopback": partial(redirect, to="{origin}/chinh-tri"),
    "redirect-to-link-local": partial(redirect, to="http://169.254.169.254/latest/meta-data/"),
    "redirect-to-ipv6": partial(redirect, to="http://[::1]:8080/"),
    "redirect-to-private": partial(redirect, to="//10.0.0.1/"),
    "redirect-to-file": partial(redirect, to="file:///etc/passwd"),
    "redirect-to-port": partial(redirect, to="https://www.qdnd.vn:22/"),
    "redirect-to-nonsense": partial(redirect, to="http://[oops/"),
    "redirect-up-and-out": partial(redirect, to="/../../../../etc/passwd-989001"),
    "redirect-10-kb": partial(redirect, to="/" + SECTION + "/" + "dai-" * 2500 + "989002"),
    "cookie-loop": partial(redirect, to="{path}", cookie="vong{n}=" + "x" * 3000),
    "huge-announced": partial(send_huge, is_chunked=False),
    "huge-chunked": partial(send_huge, is_chunked=True),
    "gzip-bomb": partial(send_bomb, encoding="gzip"),
    "brotli-bomb": partial(send_bomb, encoding="br"),
    "deflate-bomb": partial(send_bomb, encoding="deflate"),
    "zstd-bomb": partial(send_bomb, encoding="zstd"),
    "bomb-in-a-bomb": partial(send_bomb, encoding="gzip, gzip"),
    "not-gzip": lambda asked: send_page(asked, "Content-Encoding: gzip"),
    "not-brotli": lambda asked: send_page(asked, "Content-Encoding: br"),
    "not-deflate": lambda asked: send_page(asked, "Content-Encoding: deflate"),
    "not-zstd": lambda asked: send_page(asked, "Content-Encoding: zstd"),
    "drip": drip,
    "closed-at-once": partial(break_off, after=b""),
    "closed-in-header": partial(break_off, after=b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "closed-in-body": partial(break_off, after=HALF_PAGE),
    "closed-in-chunk": partial(break_off, after=HALF_CHUNK),
    "reset-in-body": partial(reset, after=HALF_PAGE),
    "length-none": partial(send_page, length=""),
    "length-too-long": partial(send_page, length=str(len(PAGE) + 500)),
    "length-too-short": partial(send_page, length=str(len(PAGE) - 60)),
    "length-no-number": partial(send_page, length="nhiều"),
    "length-negative": partial(send_page, length="-1"),
    "chunk-size-no-number": lambda asked: send_page(
        asked, "Transfer-Encoding: chunked", body=b"zz\r\n" + PAGE, length=""
    ),
    "no-http": partial(break_off, after=b"\x16\x03\x01\x00 this is no HTTP\r\n\r\n"),
    "header-1-mb": lambda asked: send_page(asked, "X-Lon: " + "a" * MEGABYTE),
    "header-controls": lambda asked: send_page(asked, "X-La: a\x01\x7f\x1bb", "ETag: \x02\x03"),
    "charset-utf-16": lambda asked: send_page(asked, "Content-Type: text/html; charset=utf-16"),
    "charset-unknown": lambda asked: send_page(asked, "Content-Type: text/html; charset=khong-co"),
    "no-html": lambda asked: send_page(asked, "Content-Type: application/pdf", body=b"%PDF-1.7\n\x00\xff\xfe"),
    "empty": lambda asked: send_page(asked, "Content-Type: text/html", body=b""),
    "status-999": lambda asked: send(asked, "999 Khong", body=PAGE),
    "status-204": lambda asked: send(asked, "204 No Content"),
    "429-for-ever": lambda asked: send(asked, "429 Too Many Requests"),
    "clock-ahead": lie_about_time,
    "refresh-to-itself": lambda asked: send_page(
        asked, body=PAGE.replace(b"<title>", b'<meta http-equiv="refresh" content="0"><title>')
    ),
    **{f"storm-{number}": lambda asked: send(asked, "500 Bao", body=b"loi") for number in range(6)},
}
FIRST_ID = 990_000


def trap_path(name: str) -> str:
    """The path of a trap, an article's by its form.

    >>> trap_path("redirect-to-itself")
    '/bay/redirect-to-itself-990000'
    """
    return f"/{SECTION}/{name}-{FIRST_ID + list(TRICKS).index(name)}"
