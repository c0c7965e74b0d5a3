"""What the rules of a site lack, found from pages whose articles are known; pure."""

import re
from collections.abc import Sequence
from urllib.parse import urljoin

from lxml import etree

from tinsach.cleaning.aligning import JUDGES, Leafed
from tinsach.cleaning.clutter import IsStory, propose_drops
from tinsach.cleaning.drafting import Rules
from tinsach.cleaning.profile import Extract
from tinsach.cleaning.proposing import Proposal, name_judge, propose, tells
from tinsach.cleaning.selectors import Selector, compile_selector

FIELDS = ("title", "lead", "body", "author", "section", "tags", "related")
TIMES = ("time@datetime", "time@content", "time")  # an attribute is more exact than what a reader sees
GOOD_SHARE = 0.8  # of the pages that tell; a field that is read rightly on so many needs nothing
USEFUL_SHARE = 0.3  # of the pages that tell; below, a selector is an accident
CRUCIAL = ("title", "body")


def infer_rules(pages: Sequence[Leafed], known: Extract, is_story: IsStory) -> Rules:
    """Selectors for each field that the `known` rules do not read rightly on most pages, and for what they leave in."""
    fields: dict[str, tuple[Proposal, ...]] = {}
    for name in FIELDS:
        if rate_selectors(pages, name, getattr(known, name)) < GOOD_SHARE:
            fields[name] = _useful(propose(pages, name), name)
    if rate_selectors(pages, "time", known.time) < GOOD_SHARE:
        fields["time"] = next((found for time in TIMES if (found := _useful(propose(pages, time), "time"))), ())
    body = (*(compile_selector(proposal.css) for proposal in fields.get("body", ())), *known.body)
    bodies = [_find_body(page, body) for page in pages]
    drops, figures = propose_drops(pages, bodies, is_story, known)
    if figures:
        fields["figure"] = figures[:3]
    named: dict[str, tuple[Proposal, ...]] = {kind: found for kind, found in drops.items() if found}
    return Rules(fields={name: found for name, found in fields.items() if found}, drops=named)


def rate_selectors(pages: Sequence[Leafed], name: str, selectors: Sequence[Selector]) -> float:
    """On what share of the pages that tell of a field the selectors read it rightly; 1 when no page tells."""
    telling = [page for page in pages if tells(page, name)]
    if not telling:
        return 1.0
    return sum(_reads_rightly(page, name, selectors) for page in telling) / len(telling)


def story_test(url: str, pattern: str) -> IsStory:
    """Whether a link leads to an article of the site at `url`, by the pattern of its addresses."""
    known = re.compile(pattern)

    def is_story(href: str) -> bool:
        try:
            return bool(href) and known.search(urljoin(url, href).partition("?")[0]) is not None
        except ValueError:  # no address at all
            return False

    return is_story


def _reads_rightly(page: Leafed, name: str, selectors: Sequence[Selector]) -> bool:
    for selector in selectors:
        found = selector.find_all(page.root)
        if found:
            judge = JUDGES[name_judge(name, selector)]
            return judge(page, found) is True
    return False


def _useful(proposals: tuple[Proposal, ...], name: str) -> tuple[Proposal, ...]:
    """None of them when all together find the value on few pages only."""
    hits = sum(proposal.right for proposal in proposals)
    pages = max((p.right + p.wrong + p.missed for p in proposals), default=0)
    return proposals if hits >= USEFUL_SHARE * pages or (name in CRUCIAL and hits) else ()


def _find_body(page: Leafed, selectors: Sequence[Selector]) -> etree._Element | None:
    return next((found[0] for selector in selectors if (found := selector.find_all(page.root))), None)
