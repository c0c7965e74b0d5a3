"""Which selectors find a field on a site's pages: tried on every page, chosen by how often they are right; pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tinsach.cleaning.aligning import JUDGES, Leafed, find_targets
from tinsach.cleaning.naming import name_element
from tinsach.cleaning.selectors import Selector, compile_selector

MOST_TRIED = 60  # selectors of one field, the most frequent first
MOST_CHOSEN = 3
MIN_PAGES = 2  # on which a selector must be right
MIN_NEW_SHARE = 0.05  # of the pages that a further selector must add
MAX_WRONG_SHARE = 0.1  # what is known of a page may be wrong itself
MAX_WRONG_BODIES = (
    0.25  # what is known of a text may be the generic path's guess: on a page of pictures a list below it
)
WRONG_COSTS = 3  # a page read wrongly is worse than three read not at all


@dataclass(frozen=True, slots=True)
class Proposal:
    """A selector, and on how many of the pages that tell it was right, wrong, and matched nothing."""

    css: str
    right: int
    wrong: int
    missed: int

    @property
    def hit_rate(self) -> float:
        """Right of all pages that tell."""
        return self.right / (self.right + self.wrong + self.missed)


def propose(pages: Sequence[Leafed], field: str) -> tuple[Proposal, ...]:
    """The selectors of a field, best first, each adding pages that those before it miss; none when none will do."""
    costs = _find_candidates(pages, field)
    verdicts = {css: _try(pages, field, css) for css in costs}
    told = {number for verdict in verdicts.values() for number in verdict}
    chosen: list[Proposal] = []
    open_pages = set(told)
    while open_pages and len(chosen) < MOST_CHOSEN:
        best = max(verdicts, key=lambda css: (_gain(verdicts[css], open_pages), -costs[css]), default=None)
        if best is None or _count(verdicts[best], open_pages, True) < max(MIN_PAGES, MIN_NEW_SHARE * len(told)):
            break
        verdict = verdicts.pop(best)
        right, wrong = _count(verdict, told, True), _count(verdict, told, False)
        if wrong > (MAX_WRONG_BODIES if field == "body" else MAX_WRONG_SHARE) * (right + wrong):
            continue
        chosen.append(Proposal(best, right, wrong, len(told) - right - wrong))
        open_pages -= {number for number, is_right in verdict.items() if is_right is not None}
    return tuple(chosen)


def recount(pages: Sequence[Leafed], field: str, proposals: Sequence[Proposal]) -> tuple[Proposal, ...]:
    """The same selectors with what they do on other pages as well."""
    verdicts = [_try(pages, name_judge(field, compile_selector(proposal.css)), proposal.css) for proposal in proposals]
    told = {number for verdict in verdicts for number in verdict}
    return tuple(_add_counts(proposal, verdict, told) for proposal, verdict in zip(proposals, verdicts, strict=True))


def _add_counts(proposal: Proposal, verdict: Mapping[int, bool | None], told: set[int]) -> Proposal:
    right, wrong = _count(verdict, told, True), _count(verdict, told, False)
    missed = len(told) - right - wrong
    return Proposal(proposal.css, proposal.right + right, proposal.wrong + wrong, proposal.missed + missed)


def name_judge(field: str, selector: Selector) -> str:
    """By which of JUDGES a selector of the field is judged: that of a time depends on the attribute it reads."""
    return f"{field}@{selector.attribute}" if field == "time" and selector.attribute else field


def _find_candidates(pages: Sequence[Leafed], field: str) -> dict[str, int]:
    """Selectors and their costs, from the names of the elements that hold the value."""
    seen: Counter[str] = Counter()
    costs: dict[str, int] = {}
    attribute = field.partition("@")[2]
    for page in pages:
        names = {named for element in find_targets(page, field) for named in name_element(element)}
        for css, cost in names:
            text = f"{css}@{attribute}" if attribute else css
            costs[text] = min(cost, costs.get(text, cost))
        seen.update({f"{css}@{attribute}" if attribute else css for css, _ in names})
    best = sorted(seen, key=lambda css: (-seen[css], costs[css], css))[:MOST_TRIED]
    return {css: costs[css] for css in best if seen[css] >= MIN_PAGES}


def _try(pages: Sequence[Leafed], field: str, css: str) -> dict[int, bool | None]:
    """By page that tells: right, wrong, or None for no match."""
    selector, judge = compile_selector(css), JUDGES[field]
    verdicts: dict[int, bool | None] = {}
    for number, page in enumerate(pages):
        found = selector.find_all(page.root)
        verdict = judge(page, found) if found else None
        if found and verdict is not None:
            verdicts[number] = verdict
        elif not found and tells(page, field):
            verdicts[number] = None
    return verdicts


def tells(page: Leafed, field: str) -> bool:
    """Whether the page tells of the field at all."""
    known = page.known
    values: Mapping[str, object] = {
        "title": known.title,
        "lead": known.lead,
        "body": page.body is not None,
        "author": known.authors,
        "section": known.section,
        "tags": known.tags,
        "related": page.related,
    }
    return bool(values.get(field, known.published_at))


def _gain(verdict: Mapping[int, bool | None], pages: set[int]) -> int:
    return _count(verdict, pages, True) - WRONG_COSTS * _count(verdict, pages, False)


def _count(verdict: Mapping[int, bool | None], pages: set[int], wanted: bool) -> int:
    return sum(verdict.get(number) is wanted for number in pages)
