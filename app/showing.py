"""A record as a person reads it: headline, lead, body, pictures, and every line that was taken out, with its reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from tinsach.app.output import Output, count, to_json_value

_MARKS = {"heading": "## ", "list_item": "• ", "quote": "> ", "table_row": "| "}
_FACTS = ("authors", "agency", "published_at", "modified_at", "section", "tags", "language", "extraction_name", "url")


def show_record(output: Output, row: Mapping[str, Any], *, paragraphs: int | None = None) -> None:
    """Print one record; at most `paragraphs` of its body."""
    output.line(row["title"] or "(no title)", style="bold")
    for name in _FACTS:
        text = _fact(row[name])
        if text:
            output.line(f"  {name}: {text}", style="dim")
    output.line()
    if row["lead"]:
        output.line(row["lead"], style="italic")
        output.line()
    blocks = row["blocks"][:paragraphs]
    for block in blocks:
        output.line(_MARKS.get(block["kind"], "") + block["text"])
        output.line()
    if len(blocks) < len(row["blocks"]):
        output.line(f"… {count(len(row['blocks']) - len(blocks), 'more block')}", style="dim")
    _show_images(output, row["images"])
    _show_removed(output, row["removed"])


def _fact(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value))
    return "" if value is None else str(to_json_value(value))


def _show_images(output: Output, images: Sequence[Mapping[str, str | None]]) -> None:
    for image in images:
        credit = f"  [{image['credit']}]" if image["credit"] else ""
        output.line(f"picture: {image['caption'] or image['url'] or '(no caption)'}{credit}", style="cyan")


def _show_removed(output: Output, removed: Sequence[Mapping[str, str]]) -> None:
    if not removed:
        return
    output.line(f"removed, {count(len(removed), 'line')}:", style="yellow")
    width = max(len(removal["kind"]) for removal in removed)
    for removal in removed:
        output.line(f"  {removal['kind']:<{width}}  {removal['text']}  ({removal['rule']})", style="yellow")
