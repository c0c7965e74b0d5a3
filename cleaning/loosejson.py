"""JSON as pages write it in scripts: wrapped, concatenated, with stray commas, quotes and line breaks; pure.

Bounded, and never raises: what cannot be read or repaired cheaply is left out.
"""

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape

MAX_CHARS = 2_000_000  # of all scripts of a page together
MAX_REPAIR_CHARS = 200_000  # a longer broken script is not repaired
_DECODER = json.JSONDecoder(strict=False)  # not strict: raw line breaks and tabs within strings are accepted
_BETWEEN_VALUES = re.compile(r"[\s,;\ufeff]*")
_WRAPPER = re.compile(r"[\s;\ufeff]*(?:(?://|/\*)?\s*<!\[CDATA\[\s*(?:\*/)?|<!--)?")
_STRING_OR_COMMA = re.compile(r'"(?:[^"\\]|\\.)*+"?|,(?=\s*[,}\]])', re.DOTALL)
_BAD_ESCAPE = re.compile(r'\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|)', re.DOTALL)
_INNER_QUOTE = re.compile(r'(?<![\[{,:\s\\])"(?!\s*[\]},:])|(?<=[^\[{,:\s\\]\s)"(?!\s*[\]},:])')


def parse_scripts(scripts: Iterable[str]) -> Iterator[object]:
    """The JSON values of all scripts; a script that would exceed MAX_CHARS is left out."""
    num_left = MAX_CHARS
    for script in scripts:
        if len(script) <= num_left:
            num_left -= len(script)
            yield from _parse_script(script)


def _parse_script(script: str) -> list[object]:
    """The JSON values of one script, repaired where it is broken in a known way; empty when it is not JSON."""
    wrapper = _WRAPPER.match(script)
    text = script[wrapper.end() :] if wrapper else script
    values, whole = _decode(text)
    if whole or len(text) > MAX_REPAIR_CHARS:
        return values
    if '"' not in text and "&quot;" in text:
        text = unescape(text)
    text = _drop_commas(text)
    for repaired in (text, _escape_inner_quotes(text)):
        repaired_values, whole = _decode(repaired)
        if whole:
            return repaired_values
    return values


def _decode(text: str) -> tuple[list[object], bool]:
    """The values that stand one after another at the start of `text`, and whether none of them is broken."""
    values: list[object] = []
    at = _skip(text, 0)
    while at < len(text) and text[at] in "[{":
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):  # not JSON, a number of 5,000 digits, lists nested 1,000 deep
            return values, False
        values.append(value)
        at = _skip(text, at)
    return values, bool(values)


def _skip(text: str, at: int) -> int:
    between = _BETWEEN_VALUES.match(text, at)
    return between.end() if between else at


def _drop_commas(text: str) -> str:
    """Without trailing and doubled commas; escapes that JSON does not know become plain characters."""

    def mend(match: re.Match[str]) -> str:
        token = match[0]
        if token == ",":
            return ""
        return _BAD_ESCAPE.sub(lambda escape: escape[0] if escape[1] else "", token) if "\\" in token else token

    return _STRING_OR_COMMA.sub(mend, text)


def _escape_inner_quotes(text: str) -> str:
    """With a backslash before quotes that cannot open or close a string, since no [ { , : ] } stands beside them."""
    return _INNER_QUOTE.sub(r'\\"', text)
