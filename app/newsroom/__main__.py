"""`python -m tinsach.app.newsroom`: serves a newsroom until interrupted, to try crawls by hand."""

import argparse
from datetime import UTC, datetime
from threading import Event

from tinsach.app.newsroom import Newsroom, serve
from tinsach.app.newsroom.sites import DEMO_SITES, SITES


def main() -> None:
    """Prints the origin, then serves."""
    parser = argparse.ArgumentParser(prog="python -m tinsach.app.newsroom", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--articles", type=int, default=200, help="articles a site")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--edition", type=int, default=0)
    names = ", ".join(SITES)
    parser.add_argument("--sites", nargs="+", choices=SITES, default=DEMO_SITES, metavar="SITE", help=f"of: {names}")
    options = parser.parse_args()
    newsroom = Newsroom(
        options.seed, options.articles, tuple(options.sites), now=datetime.now(UTC), edition=options.edition
    )
    with serve(newsroom, options.port) as server:
        print(server.origin, flush=True)
        for name in newsroom.sites:
            print(f"  curl -H 'Host: {SITES[name].host}' {server.origin}/", flush=True)
        try:
            Event().wait()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
