"""A newsroom whose articles are blank without JavaScript: the page is a shell, a script fetches what stands in it.

It also asks for what a paper's page asks of others (a tracker, an advertisement, a picture, a style sheet), and for
what robots.txt forbids; `paths` tells what really came here.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from tinsach.app.newsroom.web import Newsroom, Reply

SCRIPT_PATH = "/static/app.js"
CONTENT_PATH = "/static/content"
FORBIDDEN_PATH = "/api/forbidden"
SCRIPT_SECONDS = 2.0  # long enough for the next page to ask for it too
ROBOTS = f"User-agent: *\nDisallow: {FORBIDDEN_PATH}\n"
_SHELL = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>…</title>
<link rel="stylesheet" href="/static/style.css">
<script src="https://tracker.example/t.js"></script>
<script src="{SCRIPT_PATH}"></script></head>
<body><div id="app"></div><img src="/static/logo.png"><iframe src="https://ads.example/"></iframe></body></html>
"""
_SCRIPT = f"""
addEventListener("DOMContentLoaded", async () => {{
  fetch("{FORBIDDEN_PATH}").catch(() => 0);
  fetch("http://127.0.0.1/inside").catch(() => 0);
  try {{ new WebSocket("wss://socket.example/"); }} catch (e) {{}}
  const page = await (await fetch("{CONTENT_PATH}?of=" + location.pathname)).text();
  const whole = new DOMParser().parseFromString(page, "text/html");
  document.head.innerHTML = whole.head.innerHTML;
  document.body.innerHTML = whole.body.innerHTML;
}});
"""


@dataclass(slots=True)
class ScriptedRoom:
    """A newsroom of one site behind its script."""

    room: Newsroom
    host: str
    articles: frozenset[str]  # paths
    paths: list[tuple[str, str]] = field(default_factory=list)  # (host, path) of every request

    def respond(self, host: str, path: str, headers: Mapping[str, str]) -> Reply:
        """The shell for an article, its content where the script asks for it, all else as the newsroom has it."""
        self.paths.append((host, path))
        if path == "/robots.txt":
            return _reply("text/plain", ROBOTS)
        if path == SCRIPT_PATH:
            time.sleep(SCRIPT_SECONDS)
            return _reply("text/javascript", _SCRIPT)
        if path.startswith(f"{CONTENT_PATH}?of="):
            page = self.room.respond(host, path.partition("=")[2], {})
            return _reply("text/plain", page.body.decode())
        reply = self.room.respond(host, path, headers)
        if path in self.articles and reply.status == 200:
            return Reply(200, reply.headers, _SHELL.encode())
        return reply


def _reply(content_type: str, text: str) -> Reply:
    return Reply(200, (("Content-Type", f"{content_type}; charset=utf-8"),), text.encode())
