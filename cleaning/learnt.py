"""What repeats across a site, as its reviewer accepted it: lines of the house, and what leads to its other articles.

Pure: the rules are a value that is handed in. A rule fits a whole line, whatever sign stands before its first word, and
a line of the house only where the site has it, at the edge of the body. An article that would lose half its text to
such rules is a digest or nothing but them, and loses nothing.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tinsach.cleaning.article import RemovalKind
from tinsach.cleaning.segment import normalise

Where = Literal["start", "end", "anywhere"]

MAX_BESIDE = 2  # kept lines that may stand between a line of the house and the edge of the body
MAX_LOST_SHARE = 0.5
_LEADING_MARKS = re.compile(r"^[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntRule:
    """One line to take out. `title` is the headline of the article that it leads to, which keeps its own words."""

    name: str
    kind: RemovalKind
    where: Where
    text: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Learnt:
    """The accepted rules of one site, by the key of their text."""

    rules: Mapping[str, LearntRule] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """What the rules add to the name of the cleaning rules: "+" and 8 hex digits, "" when there are none."""
        if not self.rules:
            return ""
        digest = hashlib.blake2b(digest_size=4)
        for key, rule in sorted(self.rules.items()):
            digest.update("\0".join((key, rule.name, rule.kind, rule.where, rule.title or "")).encode() + b"\n")
        return f"+{digest.hexdigest()}"


NOTHING_LEARNT = Learnt()


def collect_rules(rules: Iterable[LearntRule]) -> Learnt:
    """The rules as cleaning takes them; of two for the same text the first counts."""
    found: dict[str, LearntRule] = {}
    for rule in rules:
        found.setdefault(line_key(rule.text), rule)
    return Learnt(found)


def line_key(text: str) -> str:
    """Equal for lines that differ in case, white space or the marks before the first word only.

    >>> line_key("* Mời  bạn đọc") == line_key("mời bạn đọc")
    True
    """
    return _LEADING_MARKS.sub("", normalise(text)).casefold()


def find_learnt(texts: Sequence[str], title: str | None, learnt: Learnt) -> dict[int, LearntRule]:
    """Which of an article's kept lines the rules take out, by number; `title` is the article's own.

    >>> rule = LearntRule(name="line-1", kind="read_more", where="end", text="Mời bạn đọc gửi bài.")
    >>> find_learnt(["Mưa lớn đã ngớt.", "Nước rút.", "Mời bạn đọc gửi bài."], None, collect_rules([rule])).keys()
    dict_keys([2])
    """
    if not learnt.rules:
        return {}
    own = line_key(title) if title else ""
    hits = {number: rule for number, text in enumerate(texts) if (rule := learnt.rules.get(line_key(text)))}
    hits = {number: rule for number, rule in hits.items() if not rule.title or line_key(rule.title) != own}
    found = {number: rule for number, rule in hits.items() if rule.where == "anywhere"}
    for where, numbers in (("start", range(len(texts))), ("end", range(len(texts) - 1, -1, -1))):
        beside = 0
        for number in numbers:
            if number in hits and hits[number].where == where:
                found[number] = hits[number]
            elif number not in found:
                beside += 1
            if beside > MAX_BESIDE:
                break
    lost = sum(len(texts[number]) for number in found)
    return found if lost <= MAX_LOST_SHARE * sum(map(len, texts)) else {}
