"""Profiles from proposals, as TOML: a whole one for an unknown paper, an edit for a paper that relaunched; pure.

What comes out is a draft: it loads, and a person reads it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from tinsach.cleaning.proposing import Proposal

FIELD_ORDER = ("title", "lead", "body", "figure", "author", "time", "section", "tags", "related")
_DIGITS = re.compile(r"^(?P<head>.*?)(?P<before>[a-z]*)(?P<id>\d{4,})(?P<tail>(?:\.[a-z]{2,5})?/?)$", re.IGNORECASE)
_SLUG_MIN = 15
MIN_URL_SHARE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What was found out about a paper's pages: proposals by field, and by kind of what to drop."""

    fields: Mapping[str, tuple[Proposal, ...]] = field(default_factory=dict)
    drops: Mapping[str, tuple[Proposal, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What stands in a profile beside its selectors; `family` is the CMS family whose rules fit."""

    name: str
    home: str
    hosts: tuple[str, ...]
    article_url: str | None
    feeds: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    family: str | None = None


def find_url_pattern(urls: Sequence[str], host: str) -> str:
    """A pattern that most of the addresses have, with the article's own number as its group, else with its slug.

    >>> find_url_pattern(["https://a.vn/x/cau-moi-812345.html", "https://a.vn/y/le-hoi-812399.html"], "a.vn")
    '^https?://(?:www\\\\.)?a\\\\.vn/[^?#]*-(\\\\d{4,})\\\\.html$'
    """
    start = rf"^https?://(?:www\.)?{re.escape(host.removeprefix('www.'))}/"
    forms: Counter[str] = Counter()
    for url in urls:
        match = _DIGITS.match(urlsplit(url).path)
        if match:
            mark = "-" if match["head"].endswith("-") else "/" if match["head"].endswith("/") else ""
            forms[rf"[^?#]*{mark}{match['before']}(\d{{4,}}){re.escape(match['tail'])}$"] += 1
    if forms:
        form, count = forms.most_common(1)[0]
        if count >= MIN_URL_SHARE * len(urls):
            return start + form
    tails = Counter(re.search(r"(?:\.[a-z]{2,5})?/?$", urlsplit(url).path).group() for url in urls)  # type: ignore[union-attr]
    tail = tails.most_common(1)[0][0] if tails else ""
    return rf"{start}(?:[^/?#]+/)*([^/?#.]{{{_SLUG_MIN},}}){re.escape(tail)}$"


def write_profile(paper: Paper, rules: Rules) -> str:
    """A whole profile."""
    lines = [f"name = {quote(paper.name)}"]
    if paper.family:
        lines.append(f"extends = {quote(paper.family)}")
    lines += [f"home = {quote(paper.home)}", f"hosts = {write_list(paper.hosts)}", "", "[discover]"]
    lines += [f"feeds = {write_list(paper.feeds)}"] if paper.feeds else []
    lines += [f"sections = {write_list(paper.sections)}"] if paper.sections else []
    if paper.article_url:
        lines.append(f"article_url = {quote(paper.article_url)}")
    names = {name: proposals for name, proposals in rules.fields.items() if proposals}
    if names:
        lines += ["", "[extract]", *(_write_field(name, names[name]) for name in FIELD_ORDER if name in names)]
    if rules.drops:
        lines += ["", "[extract.drop]", *(_write_field(kind, found) for kind, found in sorted(rules.drops.items()))]
    facts = [f"extract.{name}" for name in FIELD_ORDER if name in names]
    facts += ["extract.drop"] * bool(rules.drops) + ["discover.article_url"] * bool(paper.article_url)
    facts += ["discover.sections"] * bool(paper.sections)
    lines += ["", "[evidence]", *(f'"{fact}" = "page"' for fact in facts)]
    lines += ['"discover.feeds" = "page"'] if paper.feeds else []
    return "\n".join(lines) + "\n"


def edit_profile(text: str, rules: Rules, old: Mapping[str, Sequence[str]], until: date) -> str:
    """The profile with new selectors; when the body's changed, `old` ones of all changed fields become a version.

    Everything else in the file, comments too, stays as it is.
    """
    is_new_template = bool(rules.fields.get("body"))
    for name in reversed(FIELD_ORDER):  # each new key is set before those that stand there
        proposals = rules.fields.get(name)
        if proposals:
            kept = () if is_new_template else old.get(name, ())
            text = _set_key(text, "extract", name, [p.css for p in proposals], keep=not is_new_template and bool(kept))
    for kind, proposals in sorted(rules.drops.items()):
        text = _set_key(text, "extract.drop", kind, [p.css for p in proposals], keep=True)
    if not is_new_template:
        return text
    version = ["[[version]]", f"name = {quote(f'{until:%Y-%m}')}", f"until = {until.isoformat()}", "[version.extract]"]
    version += [f"{name} = {write_list(old[name])}" for name in FIELD_ORDER if rules.fields.get(name) and old.get(name)]
    return _insert_version(text, "\n".join(version) + "\n")


def quote(text: str) -> str:
    """The text as a TOML string: basic where that needs no escape, else literal.

    >>> print(quote("Báo Mẫu"), quote(r"\\.html$"))
    "Báo Mẫu" '\\.html$'
    """
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    if "'" not in text:
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def write_list(values: Iterable[str]) -> str:
    """A TOML array on one line."""
    return f"[{', '.join(quote(value) for value in values)}]"


def _write_field(name: str, proposals: Sequence[Proposal]) -> str:
    return f"{name} = {write_list(proposal.css for proposal in proposals)}"


def _set_key(text: str, table: str, key: str, values: Sequence[str], *, keep: bool) -> str:
    """The file with the key set in that table; `keep` puts the values before those that stand there."""
    start, end = _find_table(text, table)
    if start is None:
        return _insert_table(text, f"[{table}]\n{key} = {write_list(values)}\n")
    body = text[start:end]
    found = re.search(rf"^{re.escape(key)}\s*=\s*\[", body, re.MULTILINE)
    if found is None:
        return f"{text[:start]}{key} = {write_list(values)}\n{text[start:]}"
    close = _find_close(body, found.end())
    inner = body[found.end() : close]
    rest = f", {inner.strip()}" if keep and inner.strip() else ""
    return f"{text[: start + found.start()]}{key} = {write_list(values)[:-1]}{rest}]{text[start + close + 1 :]}"


def _find_table(text: str, table: str) -> tuple[int | None, int]:
    """Where the lines of a table begin and end; (None, 0) when the file has no such table."""
    header = re.search(rf"^\[{re.escape(table)}\][^\n]*\n", text, re.MULTILINE)
    if header is None:
        return None, 0
    following = re.compile(r"^\[", re.MULTILINE).search(text, header.end())
    return header.end(), following.start() if following else len(text)


def _find_close(text: str, start: int) -> int:
    """The bracket that ends an array, past strings and comments."""
    for match in re.compile(r"'[^'\n]*'|\"(?:\\.|[^\"\\\n])*\"|#[^\n]*|\]").finditer(text, start):
        if match[0] == "]":
            return match.start()
    return len(text) - 1


def _insert_table(text: str, table: str) -> str:
    """A new table before the sub-tables, lines, evidence and versions, wherever the first of those stands."""
    name = table.partition("]")[0].removeprefix("[")
    later = ["lines", "lines.drop", "crawl", "evidence"]
    if name == "extract":
        later.append("extract.drop")
    places = [m.start() for m in re.finditer(r"^\[\[?([\w.]+)\]\]?", text, re.MULTILINE) if m[1] in (*later, "version")]
    place = _before_comment(text, min(places)) if places else len(text)
    gap = "" if place and text[:place].endswith("\n\n") else "\n"
    return f"{text[:place]}{gap}{table}\n{text[place:]}" if places else f"{text[:place]}{gap}{table}"


def _insert_version(text: str, version: str) -> str:
    """The newest of the versions stands first."""
    found = re.search(r"^\[\[version\]\]", text, re.MULTILINE)
    if found is None:
        return f"{text.rstrip()}\n\n{version}"
    place = _before_comment(text, found.start())
    return f"{text[:place]}{version}\n{text[place:]}"


def _before_comment(text: str, place: int) -> int:
    """Where the comment right above a line begins."""
    comment = re.search(r"(?:^#[^\n]*\n)+\Z", text[:place], re.MULTILINE)
    return comment.start() if comment else place
