"""The file of what repeats across a site: what was found, with counts and examples, and what its reviewer said to it.

A person edits it and may keep it under version control, so the same findings are the same bytes; only accepted rules
clean anything. Every key has a meaning here or is an error.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tinsach.cleaning import Learnt, LearntRule, collect_rules
from tinsach.cleaning.article import RemovalKind
from tinsach.cleaning.learnt import Where, line_key
from tinsach.cleaning.mistakes import describe_fault
from tinsach.datasets.layout import BrokenWorld, SiteDir, write_whole

FORMAT_VERSION = 1
State = Literal["proposed", "accepted", "refused"]

_HEAD = """\
# What repeats across the articles of this site, found by `tinsach learn`.
# Set each state to "accepted" or "refused", here or with --accept and --refuse; `tinsach build` applies what is
# accepted. learn keeps what is decided, and replaces what is only proposed.
"""


class BadLearntFile(BrokenWorld):
    """A file that can't be used; names file, key, value and what is wrong."""


class UnknownRule(BrokenWorld):
    """A decision on a rule that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line that repeats: in how many articles, on how many days, how many characters would go with it.

    `share` is of the site's articles. `leads_to` is the article whose title or lead the line is (`equals`).
    """

    rule: LearntRule
    state: State = "proposed"
    articles: int
    days: int
    share: float
    chars: int
    equals: Literal["title", "lead"] | None = None
    leads_to: str | None = None
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What a rule took out of the records: in so many articles, on so many days, so many characters."""

    articles: int
    days: int
    chars: int


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9-]+$")
    state: State
    kind: RemovalKind
    where: Where
    text: str = Field(min_length=1)
    title: str | None = None
    equals: Literal["title", "lead"] | None = None
    leads_to: str | None = None
    articles: int = Field(0, ge=0)
    days: int = Field(0, ge=0)
    share: float = Field(0, ge=0, le=1)
    chars: int = Field(0, ge=0)
    examples: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_words(self) -> "_Entry":
        if not line_key(self.text):
            raise ValueError(f"text {self.text!r} has no letter or digit")
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1]
    site: str
    rule: tuple[_Entry, ...] = ()

    @model_validator(mode="after")
    def _is_unique(self) -> "_File":
        names = [entry.name for entry in self.rule]
        twice = next((name for name in names if names.count(name) > 1), None) if len(names) > len(set(names)) else None
        if twice:
            raise ValueError(f"two rules are named {twice}")
        return self


def read_findings(folder: SiteDir) -> tuple[Finding, ...]:
    """What the site's file holds, empty when there is none; raises BadLearntFile."""
    path = folder.learnt
    try:
        content = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return ()
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadLearntFile(f"{path}: not valid TOML ({error}); mend it, or remove it and learn again") from error
    except ValidationError as error:
        raise BadLearntFile(f"{path}: {describe_fault(error, _File)}") from error
    if content.site != folder.name:
        raise BadLearntFile(f"{path}: site = {content.site!r}: it lies in the folder of {folder.name}")
    return tuple(map(_read_entry, content.rule))


def load_learnt(folder: SiteDir) -> Learnt:
    """What the site's reviewer accepted, as cleaning takes it; raises BadLearntFile."""
    return collect_rules(each.rule for each in read_findings(folder) if each.state == "accepted")


def write_findings(folder: SiteDir, findings: Sequence[Finding]) -> None:
    """Replace the site's file: lines of the house first, each kind by how often it stands there."""
    ordered = sorted(findings, key=lambda each: (each.equals is not None, -each.articles, each.rule.name))
    parts = [f"{_HEAD}\nversion = {FORMAT_VERSION}\nsite = {_quote(folder.name)}\n", *map(_render, ordered)]
    with write_whole(folder.learnt) as temp:
        temp.write_text("\n".join(parts), encoding="utf-8")


def merge_findings(
    found: Iterable[Finding], reviewed: Iterable[Finding], taken: Mapping[str, Taken], articles: int
) -> tuple[Finding, ...]:
    """What is found now with the decisions made before; a decided rule stays, also when its line is found no more.

    A rule that took its line out counts that too, among so many articles; `taken` is by the rule's name.
    """
    decided = {line_key(each.rule.text): each for each in reviewed if each.state != "proposed"}
    fresh = {line_key(each.rule.text): each for each in found}
    kept = [_renew(each, fresh.get(key), taken.get(each.rule.name), articles) for key, each in decided.items()]
    return (*kept, *(each for key, each in fresh.items() if key not in decided))


def decide(findings: Sequence[Finding], asked: Sequence[str], state: State) -> tuple[Finding, ...]:
    """The findings with the state of those that `asked` names: by name, by the name's first part, or "all" proposed.

    Raises UnknownRule.
    """
    result = list(findings)
    for name in asked:
        hits = [n for n, each in enumerate(result) if _is_named(each, name)]
        if not hits:
            known = ", ".join(each.rule.name for each in findings[:5]) or "none"
            raise UnknownRule(f"no rule {name!r} to be {state}; there is {known}{' …' if len(findings) > 5 else ''}")
        for number in hits:
            result[number] = replace(result[number], state=state)
    return tuple(result)


def _is_named(finding: Finding, name: str) -> bool:
    group = finding.rule.name.partition("-")[0]
    return name == finding.rule.name or (finding.state == "proposed" and name in ("all", group))


def _renew(decided: Finding, fresh: Finding | None, taken: Taken | None, total: int) -> Finding:
    """The decision with the counts of today; the old ones where its line is neither found nor taken out."""
    now = replace(fresh, rule=decided.rule, state=decided.state) if fresh else decided
    if taken is None:
        return now
    left = fresh or Taken(0, 0, 0)
    articles = left.articles + taken.articles
    days = max(left.days, taken.days)
    return replace(now, articles=articles, days=days, chars=left.chars + taken.chars, share=articles / total)


def _read_entry(entry: _Entry) -> Finding:
    rule = LearntRule(name=entry.name, kind=entry.kind, where=entry.where, text=entry.text, title=entry.title)
    return Finding(
        rule=rule,
        state=entry.state,
        articles=entry.articles,
        days=entry.days,
        share=entry.share,
        chars=entry.chars,
        equals=entry.equals,
        leads_to=entry.leads_to,
        examples=entry.examples,
    )


def _render(finding: Finding) -> str:
    rule = finding.rule
    values: dict[str, object] = {
        "name": rule.name,
        "state": finding.state,
        "kind": rule.kind,
        "where": rule.where,
        "text": rule.text,
        "title": rule.title,
        "equals": finding.equals,
        "leads_to": finding.leads_to,
        "articles": finding.articles,
        "days": finding.days,
        "share": round(finding.share, 4),
        "chars": finding.chars,
        "examples": list(finding.examples),
    }
    lines = [f"{key} = {_quote(value)}" for key, value in values.items() if value is not None]
    return "\n".join(["[[rule]]", *lines]) + "\n"


def _quote(value: object) -> str:
    """JSON is TOML for strings, numbers and lists, but for one control character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
