"""`python -m tinsach.app.newsroom`: serves a newsroom until interrupted, to try crawls by hand."""

import argparse
import sys
from datetime import UTC, datetime

from tinsach.app.newsroom import NewsroomServer, serve
from tinsach.app.newsroom.relaunch import Relaunch, can_relaunch
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
    parser.add_argument(
        "--relaunch",
        type=_parse_relaunch,
        metavar="SITE[:AFTER]",
        help="the site moves to a new template, after so many articles were asked (0)",
    )
    options = parser.parse_args()
    newsroom = Relaunch(
        options.seed, options.articles, tuple(options.sites), now=datetime.now(UTC), edition=options.edition
    )
    if options.relaunch:
        site, after = options.relaunch
        if site not in options.sites:
            parser.error(f"argument --relaunch: {site} is none of the --sites")
        newsroom.relaunch(site, after)
    return serve_by_hand(lambda: serve(newsroom, options.port), _tell)


def _parse_relaunch(text: str) -> tuple[str, int]:
    """The paper that moves to a new template, and after how many articles."""
    site, _, after = text.partition(":")
    if not can_relaunch(site):
        there = ", ".join(filter(can_relaunch, SITES))
        raise argparse.ArgumentTypeError(f"{site!r}: there is a new template of {there}")
    if after and not after.isdecimal():
        raise argparse.ArgumentTypeError(f"{after!r}: not a number of articles; write {site}:45")
    return site, int(after or 0)


def _tell(server: NewsroomServer) -> None:
    print(server.origin, flush=True)
    for name in server.newsroom.sites:
        print(f"  curl -H 'Host: {SITES[name].host}' {server.origin}/", flush=True)


if __name__ == "__main__":
    sys.exit(main())
