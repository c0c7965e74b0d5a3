"""CSS selectors by which an element could be called on other pages of its site too, with what each costs; pure.

Cheap is what a person would write: one class or `itemprop`. Names that a tool made (digits, hashes, pixels) are not
used: they change with the next deployment, or with the next page.
"""

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

MOST_OUTER = 4  # ancestors by which an element without a name of its own is called
MOST_NAMES = 4  # of one element
DATA_CHARS = 24
_NAME = re.compile(r"[a-z][a-z_-]{2,40}", re.IGNORECASE)
_HASH = re.compile(r"[bcdfghjklmnpqrstvwxz]{5}|[a-z][A-Z][a-z]?[A-Z]|^(?:css|sc|jsx|svelte|styled)-", re.ASCII)
_STATE = re.compile(r"^(?:active|clearfix|container|row|wrapper|hidden|show|left|right|col|odd|even|first|last|inner)$")
_ATTRIBUTES = ("itemprop", "data-role", "data-type", "data-field", "role")
_PLAIN_TAGS = frozenset("h1 time article main".split())  # that say by themselves what they are

Named = tuple[str, int]  # a selector and its cost


def name_element(element: etree._Element) -> list[Named]:
    """The selectors of an element, cheapest first: its own names, then those below a named ancestor.

    >>> page = etree.HTML('<div class="bai"><p class="sapo css-1x2y">Lead</p></div>')
    >>> name_element(page.find(".//p"))[:3]
    [('.sapo', 1), ('p.sapo', 2), ('.bai .sapo', 4)]
    """
    own = list(_own_names(element))
    tag = str(element.tag)
    last = own or [(tag, 1)]
    found = own + [(f"{tag}{css}", cost + 1) for css, cost in own if css[0] in ".["]
    for distance, ancestor in enumerate(islice(element.iterancestors(), MOST_OUTER)):
        for outer, outer_cost in islice(_own_names(ancestor), MOST_NAMES):
            for css, cost in last[:2]:
                gap = " > " if distance == 0 and not own else " "
                found.append((f"{outer}{gap}{css}", outer_cost + cost + 2 + distance))
    return sorted(dict.fromkeys(found), key=lambda each: each[1])


def is_stable(name: str) -> bool:
    """Whether a class or id looks as if a person had chosen it.

    >>> [is_stable(name) for name in ("bai-noi-dung", "css-1ab2c3", "post123", "sc-bdVaJa")]
    [True, False, False, False]
    """
    return bool(_NAME.fullmatch(name)) and not _HASH.search(name)


def _own_names(element: etree._Element) -> Iterator[Named]:
    tokens = [token for token in dict.fromkeys((element.get("class") or "").split()) if is_stable(token)]
    telling = [token for token in tokens if not _STATE.match(token)]
    for token in telling[:MOST_NAMES]:
        yield f".{token}", 1
    identity = element.get("id") or ""
    if is_stable(identity):
        yield f"#{identity}", 1
    for attribute in _ATTRIBUTES:
        value = element.get(attribute) or ""
        if value and len(value) <= DATA_CHARS and is_stable(value.replace(" ", "")) and " " not in value:
            yield f"[{attribute}={value}]", 1
    if element.tag in _PLAIN_TAGS:
        yield str(element.tag), 2
    if len(telling) > 1:
        yield f".{telling[0]}.{telling[1]}", 2
