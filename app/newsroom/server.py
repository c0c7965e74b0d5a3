"""Serves a newsroom on a loopback port: HTTP/1.1 with keep-alive, a thread a connection, no log.

Rule: the only module of the newsroom that opens a socket.
"""

import os
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Event, Thread
from typing import TypeVar

from tinsach.app.newsroom.web import Newsroom, Reply

IDLE_SECONDS = 30.0  # after that a connection without a request is closed
BACKLOG = 256
Server = TypeVar("Server", bound="NewsroomServer")


class NewsroomServer(ThreadingHTTPServer):
    """A running newsroom; `origin` is where it answers."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = BACKLOG

    def __init__(self, newsroom: Newsroom, port: int, *, handler: "type[RequestHandler] | None" = None) -> None:
        super().__init__(("127.0.0.1", port), handler or RequestHandler)
        self.newsroom = newsroom
        self._counter = count(1)
        self.requests = 0

    @property
    def origin(self) -> str:
        """The URL to send requests to, without a slash at its end."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def count_request(self) -> None:
        """Counts one answered request (`next` on a counter is atomic)."""
        self.requests = next(self._counter)


def serve(newsroom: Newsroom, port: int = 0) -> AbstractContextManager[NewsroomServer]:
    """Serves until the block ends; port 0 takes any free one. OSError when the port is taken."""
    return running(NewsroomServer(newsroom, port))


def serve_by_hand(open_server: Callable[[], AbstractContextManager[Server]], tell: Callable[[Server], object]) -> int:
    """Serve until Ctrl-C; the exit code: 2, and one line on stderr, when the port can't be had."""
    try:
        with open_server() as server:
            tell(server)
            with suppress(KeyboardInterrupt):
                Event().wait()
            print()
            return 0
    except OSError as error:
        cause = os.strerror(error.errno or 0)
        print(f"error: this port can't be had ({cause}); choose another --port, or 0 for any free one", file=sys.stderr)
        return 2


def port_number(text: str) -> int:
    """What argparse is to take for --port; 0 is any free one."""
    if not (text.isdecimal() and int(text) < 1 << 16):
        raise ArgumentTypeError(f"{text!r}: a port is a number from 0 to 65535")
    return int(text)


@contextmanager
def running(made: Server) -> Iterator[Server]:
    """The server, answering until the block ends."""
    with made as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class RequestHandler(BaseHTTPRequestHandler):
    """Answers with what the newsroom replies."""

    protocol_version = "HTTP/1.1"
    server_version = "newsroom"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = 1 << 17  # headers and body leave in one write
    server: NewsroomServer

    def do_GET(self) -> None:
        self._send(with_body=True)

    def do_HEAD(self) -> None:
        self._send(with_body=False)

    def _send(self, *, with_body: bool) -> None:
        reply = self.server.newsroom.respond(self.headers.get("Host", ""), self.path, dict(self.headers.items()))
        self.server.count_request()
        self._write(reply, with_body=with_body)

    def _write(self, reply: Reply, *, with_body: bool) -> None:
        self.send_response(reply.status, HTTPStatus(reply.status).phrase)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if with_body and reply.status != HTTPStatus.NOT_MODIFIED:
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: the caller's progress bar has the terminal."""
