"""`report.html`: the figures of a release as one page that needs nothing else, no network, no script. Pure.

Plots are SVG inside the page, drawn with the page's own colours, so that they follow a dark screen and paper.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tinsach.datasets.stats import LENGTH_STEP_WORDS, LONGEST_WORDS

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 720, 220, 56, 10, 30
_TICK = 5  # long
_MOST_LABELS, _MOST_STEPS = 7, 5  # below a plot, and beside it
_MOST_BARS = 120  # beyond that neighbouring days share a bar
_SERIES = 6  # colours there are; further sites share the last


def render_report(manifest: Mapping[str, Any], stats: Mapping[str, Any]) -> str:
    """The page as HTML; everything that comes from the data is escaped."""
    environment = Environment(
        loader=PackageLoader("tinsach.datasets"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    sites = [site["site"] for site in stats["sites"]]
    kinds = _sum_kinds(stats["removed"])
    return environment.get_template("report.html.j2").render(
        manifest=manifest,
        stats=stats,
        sites=sites,
        days=draw_columns(*_stack_days(stats["days"], sites), sites),
        lengths=draw_columns(*_fill_lengths(stats["lengths"]), ["articles"]),
        languages=draw_bars((each["language"], each["articles"]) for each in stats["languages"]),
        made_at=datetime.fromisoformat(manifest["created_at"]).strftime("%Y-%m-%d %H:%M UTC"),
        always=[name for name, share in stats["fill"].items() if share == 1],
        fill=draw_bars(((name, share) for name, share in stats["fill"].items() if share < 1), most=1.0, unit="%"),
        removed=draw_bars(kinds),
        kinds=[kind for kind, _ in kinds],
        removed_rows=_table_removed(stats["removed"], sites, [kind for kind, _ in kinds]),
    )


def draw_columns(labels: Sequence[str], values: Sequence[Sequence[int]], series: Sequence[str]) -> Markup:
    """Stacked columns from left to right; each says its label and values to whoever points at it."""
    highest = max((sum(stack) for stack in values), default=0) or 1
    step = (WIDTH - LEFT) / max(len(values), 1)
    parts = [_draw_scale(highest)]
    for number, (label, stack) in enumerate(zip(labels, values, strict=True)):
        below = 0.0
        for index, value in enumerate(stack):
            height = value / highest * (HEIGHT - BOTTOM - TOP)
            below += height
            parts.append(
                Markup('<rect class="s{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}">').format(
                    min(index, _SERIES - 1), LEFT + number * step, HEIGHT - BOTTOM - below, max(step - 1, 0.5), height
                )
                + Markup("<title>{} {}: {}</title></rect>").format(label, series[index], value)
            )
    parts += [
        _draw_tick(LEFT + (number + 0.5) * step, labels[number].partition(" to ")[0])
        for number in range(0, len(labels), -(-len(labels) // _MOST_LABELS) or 1)
    ]
    return _svg(HEIGHT, parts)


def draw_bars(rows: Iterable[tuple[str, float]], *, most: float | None = None, unit: str = "") -> Markup:
    """A bar a row, with its name before and its value behind; with "%" values are shares."""
    items = list(rows)
    highest = most or max((value for _, value in items), default=0) or 1
    parts = []
    for number, (name, value) in enumerate(items):
        y, length = number * 20, value / highest * (WIDTH - 280)
        shown = f"{value:.1%}" if unit == "%" else f"{value:,}"
        parts.append(
            Markup('<text x="180" y="{}" text-anchor="end">{}</text>').format(y + 14, name)
            + Markup('<rect class="s0" x="190" y="{}" width="{:.1f}" height="14"/>').format(y + 3, length)
            + Markup('<text x="{:.1f}" y="{}">{}</text>').format(196 + length, y + 14, shown)
        )
    return _svg(max(len(items), 1) * 20 + 4, parts)


def _draw_scale(highest: int) -> Markup:
    """The line below the columns, and thin ones at round numbers with their values."""
    parts = []
    for value in range(0, highest + 1, _choose_step(highest)):
        y = HEIGHT - BOTTOM - value / highest * (HEIGHT - BOTTOM - TOP)
        parts.append(
            Markup('<text x="{}" y="{:.1f}" text-anchor="end">{}</text>').format(LEFT - 6, y + 4, f"{value:,}")
            + Markup('<line x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(LEFT, WIDTH, y, y)
        )
    return Markup("").join(parts)


def _draw_tick(x: float, label: str) -> Markup:
    """A label below the columns, with a short line to its place; the first and last ones stay within the page."""
    foot = HEIGHT - BOTTOM
    middle = min(max(x, 4.0 * len(label)), WIDTH - 4.0 * len(label))
    return Markup('<line x1="{:.1f}" x2="{:.1f}" y1="{}" y2="{}"/>').format(x, x, foot, foot + _TICK) + Markup(
        '<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>'
    ).format(middle, HEIGHT - 8, label)


def _choose_step(highest: int) -> int:
    """The round number that the scale counts by: 1, 2 or 5 with noughts.

    >>> [_choose_step(highest) for highest in (1, 7, 43, 171, 30_000)]
    [1, 2, 10, 50, 10000]
    """
    power = 1
    while highest > 5 * power * _MOST_STEPS:
        power *= 10
    return next(digit * power for digit in (1, 2, 5) if highest <= digit * power * _MOST_STEPS)


def _svg(height: int, parts: Iterable[Markup]) -> Markup:
    return Markup('<svg viewBox="0 0 {} {}" role="img">{}</svg>').format(WIDTH, height, Markup("").join(parts))


def _stack_days(rows: Sequence[Mapping[str, Any]], sites: Sequence[str]) -> tuple[list[str], list[list[int]]]:
    """Days that have articles, in order, each with a count a site; many days are drawn together."""
    counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        counts[row["day"]][row["site"]] = row["articles"]
    days = sorted(counts)
    size = -(-len(days) // _MOST_BARS) or 1
    groups = [days[start : start + size] for start in range(0, len(days), size)]
    labels = [group[0] if len(group) == 1 else f"{group[0]} to {group[-1]}" for group in groups]
    return labels, [[sum(counts[day].get(site, 0) for day in group) for site in sites] for group in groups]


def _fill_lengths(rows: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[list[int]]]:
    """The classes of length from the shortest on, those without an article too, each by the words it is of."""
    counts = {row["words"]: row["articles"] for row in rows}
    classes = range(0, max(counts, default=-1) + 1, LENGTH_STEP_WORDS)
    labels = [
        f"{least}+" if least == LONGEST_WORDS else f"{least}–{least + LENGTH_STEP_WORDS - 1}" for least in classes
    ]
    return labels, [[counts.get(least, 0)] for least in classes]


def _sum_kinds(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, float]]:
    total: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        total[row["kind"]] += row["blocks"]
    return sorted(total.items(), key=lambda item: (-item[1], item[0]))


def _table_removed(
    rows: Iterable[Mapping[str, Any]], sites: Sequence[str], kinds: Sequence[str]
) -> list[tuple[str, list[int]]]:
    """Blocks removed, a row a site, a count a kind: there may be many sites, and paper doesn't scroll."""
    blocks = {(row["site"], row["kind"]): row["blocks"] for row in rows}
    return [(site, [blocks.get((site, kind), 0) for kind in kinds]) for site in sites]
