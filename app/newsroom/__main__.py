"""`python -m tinsach.app.newsroom`: serves a newsroom until interrupted, to try crawls by hand."""

import argparse
import sys
from datetime import UTC, datetime

from tinsach.app.newsroom import Newsroom, NewsroomServer, serve
from tinsach.app.newsroom.server import port_number, serve_by_hand
from tinsach.app.newsroom.sites import DEMO_SITES, SITES


def main() -> int:
    """Prints the origin, then serves; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tinsach.app.newsroom", description=__doc__)
    parser.add_argument("--port", type=port_number, default=0, help="0: any free port")
    parser.add_argument("--articles", type=int, default=200, help="articles a site")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--edition", type=int, default=0)
    names = ", ".join(SITES)
    parser.add_argument("--sites", nargs="+", choices=SITES, default=DEMO_SITES, metavar="SITE", help=f"of: {names}")
    options = parser.parse_args()
    newsroom = Newsroom(
        options.seed, options.articles, tuple(options.sites), now=datetime.now(UTC), edition=options.edition
    )
    return serve_by_hand(lambda: serve(newsroom, options.port), _tell)


def _tell(server: NewsroomServer) -> None:
    print(server.origin, flush=True)
    for name in server.newsroom.sites:
        print(f"  curl -H 'Host: {SITES[name].host}' {server.origin}/", flush=True)


if __name__ == "__main__":
    sys.exit(main())
