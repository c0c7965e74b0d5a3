"""How a mistake in a name, or in a file of ours, is told: what is wrong, and what to write instead. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

if TYPE_CHECKING:
    from pydantic import ValidationError

_MUST_BE = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "dict_type": "a table",
    "float_parsing": "a number",
    "float_type": "a number",
    "greater_than_equal": "{ge:g} or more",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "less_than_equal": "{le:g} or less",
    "list_type": "a list, in [ ]",
    "literal_error": "{expected}",
    "model_type": "a table",
    "path_type": 'text, in " "',
    "string_type": 'text, in " "',
    "tuple_type": "a list, in [ ]",
}  # by pydantic's name of the fault
_MUST_BE |= {"dataclass_type": _MUST_BE["model_type"], "dataclass_exact_type": _MUST_BE["model_type"]}

_LIKE = 0.7  # of difflib's ratio: qdnd is meant to be qdnd.vn, nosuch.vn is none of ours


def suggest(name: str, known: Iterable[str]) -> str:
    """The question that a mistyped name deserves, to be hung on a message; empty when nothing is near.

    >>> suggest("qdnd.nv", ["ngaynay.vn", "qdnd.vn"])
    '; did you mean qdnd.vn?'
    """
    near = get_close_matches(name, tuple(known), n=1, cutoff=_LIKE)
    return f"; did you mean {near[0]}?" if near else ""


def describe_fault(error: "ValidationError", model: type) -> str:
    """The first fault of a file that is checked against `model`: `key = value: what it must be`."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        return f"{key}: is missing"
    told = _tell(first, model)
    return f"{key} = {_show(first.get('input'))}: {told}" if key else told


def describe_value(error: "ValidationError") -> str:
    """What is wrong with one value that has no place in a file."""
    return _tell(error.errors()[0], object)


def _tell(fault: Any, model: type) -> str:
    if fault["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        known = _list_keys(model, fault["loc"][:-1])
        near = suggest(str(fault["loc"][-1]), known)
        return f"unknown key{near}{' ' if near else '; '}known: {', '.join(known)}"
    if fault["type"] in _MUST_BE:
        return "must be " + _MUST_BE[fault["type"]].format(**fault.get("ctx", {}))
    return str(fault["msg"]).removeprefix("Value error, ")


def _show(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _list_keys(model: type, place: Sequence[str | int]) -> list[str]:
    """The keys that may stand at this place of a file."""
    for part in place:
        if isinstance(part, str):
            model = next(_find_models(get_type_hints(model).get(part)), model)
    return [name for name in get_type_hints(model) if not name.startswith(("model_", "_"))]


def _find_models(hint: object) -> Iterator[type]:
    """The models that a type hint speaks of."""
    if isinstance(hint, type) and hint.__module__.startswith("tinsach."):
        yield hint
    for inner in get_args(hint):
        yield from _find_models(inner)
