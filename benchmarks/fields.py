"""Field by field: `clean_html` against saved pages whose record a person wrote down.

usage: python benchmarks/fields.py DIR [--show] [--least PERCENT]
       DIR holds <site>/<slug>.html and <site>/<slug>.gold.json

Prints, for each field, on how many pages it equals the gold (of those whose gold has it), then body blocks lost and
clutter lines left in the text. With --show: what differs, page by page. With --least: exit 1 when a field is right on
fewer pages, when a body block is lost, or a clutter line is left.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tinsach.cleaning import Article, Rejected, clean_html
from tinsach.cleaning.segment import normalise


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one page that is not as the gold says."""

    page: str
    field: str
    want: object
    got: object


def read_pages(folder: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(name, html, gold) of every saved page below the folder, sorted."""
    for gold in sorted(folder.glob("**/*.gold.json")):
        page = gold.with_name(gold.name.replace(".gold.json", ".html"))
        yield f"{page.parent.name}/{page.stem}", page.read_text(encoding="utf-8"), json.loads(gold.read_text("utf-8"))


def _minute(value: str | datetime | None) -> str | None:
    if not value:
        return None
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(datetime.fromisoformat("2026-01-01T00:00+00:00").tzinfo).strftime("%Y-%m-%dT%H:%M")


def _captions(pairs: list[tuple[str | None, str | None]]) -> list[tuple[str, str]]:
    return [(normalise(text or ""), normalise(credit or "")) for text, credit in pairs]


FIELDS: dict[str, tuple[Callable[[dict[str, Any]], object], Callable[[Article], object]]] = {
    "title": (lambda gold: gold["title"], lambda article: article.title),
    "lead": (lambda gold: gold["lead"], lambda article: article.lead),
    "body": (lambda gold: [normalise(x) for x in gold["body"]], lambda article: [b.text for b in article.blocks]),
    "captions": (
        lambda gold: _captions([(c["text"], c["credit"]) for c in gold["captions"]]),
        lambda article: _captions([(i.caption, i.credit) for i in article.images if i.caption or i.credit]),
    ),
    "authors": (lambda gold: gold["authors"], lambda article: list(article.authors)),
    "agency": (lambda gold: gold["agency"], lambda article: article.agency),
    "published": (lambda gold: _minute(gold["published"]), lambda article: _minute(article.published_at)),
    "modified": (lambda gold: _minute(gold["modified"]), lambda article: _minute(article.modified_at)),
    "section": (lambda gold: gold["section"], lambda article: article.section),
    "tags": (lambda gold: gold["tags"], lambda article: list(article.tags)),
}


def compare(name: str, article: Article | None, gold: dict[str, Any]) -> tuple[list[Difference], set[str]]:
    """The fields that differ, and those that count: where the gold or the article has something."""
    differences, counted = [], set()
    for field, (want, got) in FIELDS.items():
        wanted, found = want(gold), got(article) if article else None
        if wanted or found:
            counted.add(field)
            if wanted != found:
                differences.append(Difference(name, field, wanted, found))
    return differences, counted


def count_lines(article: Article | None, gold: dict[str, Any]) -> tuple[list[str], list[str]]:
    """(gold body blocks that are not in the text, clutter lines of the gold that are)."""
    kept = {block.text for block in article.blocks} if article else set()
    body = {normalise(line) for line in gold["body"]}
    lost = [line for line in body if line not in kept]
    clutter = {normalise(line) for line in gold["other_clutter"] + gold["related"]} - body
    return lost, [line for line in clutter if line in kept]


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true", help="print what differs")
    parser.add_argument("--least", type=float, default=0.0, metavar="PERCENT", help="exit 1 below this share")
    args = parser.parse_args()
    right, total = dict.fromkeys(FIELDS, 0), dict.fromkeys(FIELDS, 0)
    lost_blocks: list[str] = []
    clutter_left: list[str] = []
    for name, html, gold in read_pages(args.folder):
        try:
            article = clean_html(html, url=gold["url"])
        except Rejected as reason:
            print(f"{name}: rejected, {reason}")
            article = None
        differences, counted = compare(name, article, gold)
        for field in counted:
            total[field] += 1
            right[field] += all(difference.field != field for difference in differences)
        lost, clutter = count_lines(article, gold)
        lost_blocks += [f"{name}: {line}" for line in lost]
        clutter_left += [f"{name}: {line}" for line in clutter]
        if args.show:
            for difference in differences:
                print(f"{difference.page}\n  {difference.field}\n    want {difference.want}\n    got  {difference.got}")
    for field in FIELDS:
        share = f"{100 * right[field] / total[field]:.1f} %" if total[field] else "-"
        print(f"{field:10} {right[field]:4} of {total[field]:4}  {share}")
    print(f"body blocks lost: {len(lost_blocks)}; clutter lines left in the text: {len(clutter_left)}")
    if args.show:
        print("\n".join([f"lost: {line}" for line in lost_blocks] + [f"left: {line}" for line in clutter_left]))
    shares = [100 * right[field] / total[field] for field in FIELDS if total[field]]
    if args.least and (lost_blocks or clutter_left or min(shares, default=0.0) < args.least):
        sys.exit(f"a field is right on less than {args.least:g} % of its pages, or a block is lost, or clutter is left")


if __name__ == "__main__":
    main()
