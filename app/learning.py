"""`tinsach learn`: what repeats across a site, for its reviewer, and what the reviewer decides."""

import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from tinsach.app.exits import DONE, FAILURES
from tinsach.app.output import Output, count
from tinsach.app.session import Session

MOST_SHOWN = 20  # of each group; the file has all
_SHOWN_CHARS = 70


def add_learn_command(app: typer.Typer) -> None:
    """Make `learn` a command of `app`."""
    app.command()(learn)


def learn(
    ctx: typer.Context,
    site: Annotated[str, typer.Argument(metavar="SITE", help="The site whose records are read.")],
    accept: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Accept a rule; `line`, `teaser` or `all`: those proposed.")
    ] = None,
    refuse: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Refuse a rule, in the same way.")] = None,
    min_articles: Annotated[int, typer.Option(min=2, help="A house line stands in so many articles.")] = 10,
    min_days: Annotated[int, typer.Option(min=1, help="And on so many days.")] = 5,
) -> None:
    """Propose rules for what repeats across a site's articles.

    `build` applies those that are accepted.
    """
    from tinsach.datasets.learn import learn_site  # noqa: PLC0415  # loads DuckDB
    from tinsach.datasets.repeats import Bounds  # noqa: PLC0415  # as above

    session: Session = ctx.obj
    bounds = Bounds(articles=min_articles, days=min_days)
    lesson = learn_site(session.data, site, bounds, accept=accept or (), refuse=refuse or ())
    output = session.output
    findings = [asdict(each) for each in lesson.findings]
    output.event(
        "learn",
        site=site,
        articles=lesson.articles,
        chars=lesson.chars,
        proposed_chars=lesson.proposed_chars,
        accepted_chars=lesson.accepted_chars,
        taken_chars=lesson.taken_chars,
        findings=findings,
    )
    for error in lesson.errors:
        output.error(error, site=site)
    for group, title in (("line", "Lines of the house"), ("teaser", "Blocks that lead to other articles")):
        rows = [each for each in findings if each["rule"]["name"].startswith(group)]
        _show_group(output, title, rows)
    states = Counter(each.state for each in lesson.findings)
    rules = f"{count(states['proposed'], 'rule')} proposed, {states['accepted']} accepted, {states['refused']} refused"
    parts = [f"{lesson.proposed_chars:,} of {count(lesson.chars, 'character')} would go with those proposed"]
    parts += [f"{lesson.accepted_chars:,} go with the next build"] if lesson.accepted_chars else []
    parts += [f"{lesson.taken_chars:,} more are taken out already"] if lesson.taken_chars else []
    output.line(f"{site}: {rules}; in {count(lesson.articles, 'article')} {', '.join(parts)}")
    output.line(f"  {lesson.path}")
    raise typer.Exit(FAILURES if lesson.errors else DONE)


def _show_group(output: Output, title: str, findings: Sequence[dict[str, Any]]) -> None:
    if not findings:
        return
    output.table(
        f"{title}, {len(findings)}" + (f", the first {MOST_SHOWN}" if len(findings) > MOST_SHOWN else ""),
        ("rule", "state", "kind", "articles", "days", "chars", "text"),
        [
            (
                each["rule"]["name"],
                each["state"],
                each["rule"]["kind"],
                each["articles"],
                each["days"],
                each["chars"],
                textwrap.shorten(each["rule"]["text"], _SHOWN_CHARS, placeholder=" …"),
            )
            for each in findings[:MOST_SHOWN]
        ],
        less=("kind", "days"),
    )
