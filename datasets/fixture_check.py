"""A fixture against what cleaning makes of its page today: field by field, and block by block what became of each."""

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tinsach.cleaning import Article, Rejected
from tinsach.datasets.fixtures import (
    Fixture,
    Record,
    clean_fixture,
    format_record,
    make_record,
    read_expected,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FixtureCheck:
    """What a check found: of each field that differs the difference, line by line.

    `known` are those that page.toml says are known to fail, `mended` those that it says so of and that are right.
    """

    fixture: Fixture
    expected: Record
    found: Record
    fields: tuple[str, ...]
    failures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mended: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        return not (self.failures or self.mended)

    @property
    def lacks_fields(self) -> bool:
        """Whether fields are left out of what is expected."""
        return bool(self.found.keys() - self.expected.keys())


def check_fixture(fixture: Fixture) -> FixtureCheck:
    """Clean the page and compare every field that is expected; raises FixtureError for a fixture that can't be read."""
    expected, cleaned = read_expected(fixture), clean_fixture(fixture)
    found = make_record(cleaned)
    fields = tuple(expected)
    differences = {name: compare_field(name, expected, cleaned) for name in fields}
    differing = {name: lines for name, lines in differences.items() if lines}
    return FixtureCheck(
        fixture=fixture,
        expected=expected,
        found=found,
        fields=fields,
        failures={name: lines for name, lines in differing.items() if name not in fixture.known_failures},
        known={name: lines for name, lines in differing.items() if name in fixture.known_failures},
        mended=tuple(name for name in fixture.known_failures if name in fields and name not in differing),
    )


def compare_field(name: str, expected: Record, cleaned: Article | Rejected) -> tuple[str, ...]:
    """The difference of one field, line by line; empty when there is none.

    The order of removed blocks is free, and so is the name of a profile's version: an edit that dates the old template
    gives its pages another one.
    """
    found = make_record(cleaned)
    wanted: Any = expected[name]
    if name not in found:
        return (f"expected {wanted!r}, and the page is {_tell_outcome(cleaned)}",)
    got: Any
    if name == "removed":
        wanted, got = sorted(wanted, key=_as_line), sorted(found[name], key=_as_line)
    elif name == "extraction_name":
        wanted, got = _name_profile(wanted), _name_profile(found[name])
    else:
        got = found[name]
    if wanted == got:
        return ()
    if not isinstance(wanted, list) or not isinstance(got, list):
        return (f"- {_as_line(wanted)}", f"+ {_as_line(got)}")
    return tuple(_describe_items(wanted, got, expected, cleaned))


def renew_record(check: FixtureCheck, *, complete: bool = False) -> Record:
    """The record to write: what cleaning makes of the page, but for the fields known to fail.

    Of the fields that are expected; when it is to be `complete`, of all.
    """
    if check.expected.keys() - check.found.keys():  # it became a rejected page, or was one
        return check.found
    fields = tuple(check.found) if complete else check.fields
    return {name: (check.expected if name in check.known else check.found)[name] for name in fields}


def describe_update(check: FixtureCheck, *, complete: bool = False) -> tuple[str, ...]:
    """What writing the renewed record would change in expected.json: the changed lines only, without their commas."""
    before, after = _read_lines(check.expected), _read_lines(renew_record(check, complete=complete))
    lines = difflib.unified_diff(before, after, lineterm="", n=0)
    return tuple(line for line in lines if not line.startswith(("---", "+++", "@@")))


def tell_fate(text: str, article: Article) -> str:
    """What became of a block of the page: kept, removed and by which rule, part of something else, or lost."""
    for block in article.blocks:
        if text == block.text:
            return f"kept as {block.kind}"
    for removal in article.removed:
        if text == removal.text:
            return f"removed as {removal.kind} by {removal.rule}"
    whole = {"title": article.title, "lead": article.lead}
    whole |= {f"kept {block.kind}": block.text for block in article.blocks if text in block.text}
    whole |= {f"{removal.kind} removed by {removal.rule}": removal.text for removal in article.removed}
    place = next((place for place, other in whole.items() if other and text in other), None)
    return f"inside the {place}" if place else "lost"


def _read_lines(record: Record) -> list[str]:
    """The record's lines without the comma that all items but the last one have."""
    return [line.removesuffix(",") for line in format_record(record).splitlines()]


def _describe_items(
    wanted: Sequence[Any], got: Sequence[Any], expected: Record, cleaned: Article | Rejected
) -> Iterator[str]:
    """The items that differ; of a block also what became of it, or what it was expected to be."""
    before, after = [_as_line(item) for item in wanted], [_as_line(item) for item in got]
    items = dict(zip([*before, *after], [*wanted, *got], strict=True))
    for line in difflib.ndiff(before, after):
        if line[0] not in "-+":
            continue
        text = _block_text(items[line[2:]])
        if text is None or not isinstance(cleaned, Article):
            yield line
        elif line[0] == "-":
            yield f"{line}  [now {tell_fate(text, cleaned)}]"
        else:
            yield f"{line}  [{_tell_expected(text, expected)}]"


def _name_profile(extraction_name: str) -> str:
    """The profile's name without its version's."""
    return extraction_name.partition("/")[0]


def _tell_expected(text: str, expected: Record) -> str:
    for name, verb in (("blocks", "kept as"), ("removed", "removed as")):
        kinds = [item["kind"] for item in expected.get(name, ()) if item["text"] == text]
        if kinds:
            return f"expected {verb} {kinds[0]}"
    return "expected nowhere"


def _block_text(item: Any) -> str | None:
    return item["text"] if isinstance(item, Mapping) and "text" in item else None


def _tell_outcome(cleaned: Article | Rejected) -> str:
    return f"rejected ({cleaned})" if isinstance(cleaned, Rejected) else "cleaned to an article"


def _as_line(value: Any) -> str:
    """A block as `kind: text`, everything else as JSON."""
    if isinstance(value, Mapping) and value.keys() == {"kind", "text"}:
        return f"{value['kind']}: {value['text']}"
    return json.dumps(value, ensure_ascii=False)
