"""Bodies of papers whose markup is plain: paragraphs, headings, lists, tables and boxes, in the paper's own dress.

Pure; writes into the page's plants.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tinsach.app.newsroom import cards
from tinsach.app.newsroom.markup import as_attribute
from tinsach.app.newsroom.page import Page
from tinsach.app.newsroom.parts import Element, Figure, Group, Text

Box = tuple[int, str]  # before which element, its HTML


@dataclass(frozen=True, slots=True)
class Dress:
    """How a paper writes the parts of a body; `note` is None where a fact box has no element of its own."""

    figure: Callable[[Page, Figure, int], str]
    paragraph: str = "<p>{}</p>"
    headings: Mapping[str, str] = field(
        default_factory=lambda: {
            "plain": "<h2>{}</h2>",
            "capitals": "<h2>{}</h2>",
            "bold": "<p><strong>{}</strong></p>",
        }
    )
    note: str | None = None


def write_elements(page: Page, dress: Dress, boxes: Sequence[Box] = ()) -> list[str]:
    """The story's elements in order, with the boxes between them."""
    pieces: list[str] = []
    pictures = 1
    for place, element in enumerate(page.story.elements):
        pieces += [html for at, html in boxes if at == place]
        pieces += _write_element(page, dress, element, pictures)
        pictures += element.pictures if isinstance(element, Figure) else 0
    return pieces


def plant_caption(page: Page, figure: Figure) -> str:
    """The caption line as inline HTML, noted as clutter where it isn't the story itself; "" without caption."""
    if not figure.line:
        return ""
    if page.story.draft.form != "photo":
        page.plants.plant("caption", figure.line)
    return page.dresser.dress(figure.line)


def picture_alt(page: Page, place: int, form: str = "{title} - Ảnh {place}.") -> str:
    """The alt that the machine makes of headline and number, noted as clutter."""
    return as_attribute(page.plants.plant_raw("alt", form.format(title=page.article.title, place=place)))


def picture_source(page: Page, place: int) -> str:
    """The address of the page's picture with that number."""
    return as_attribute(cards.picture_url(page.article, place))


def _write_element(page: Page, dress: Dress, element: Element, pictures: int) -> list[str]:
    if isinstance(element, Figure):
        return [dress.figure(page, element, pictures)]
    if isinstance(element, Group):
        return _write_group(page, dress, element)
    return [_write_text(page, dress, element)]


def _write_text(page: Page, dress: Dress, text: Text) -> str:
    dressed = page.dresser.dress(text.text)
    if text.kind == "heading":
        return dress.headings[text.role].format(dressed)
    if text.kind == "quote":
        return f"<blockquote>{dress.paragraph.format(dressed)}</blockquote>"
    if text.role == "turn":
        speaker, _, rest = dressed.partition(": ")
        return dress.paragraph.format(f"<strong>{speaker}:</strong> {rest}")
    return dress.paragraph.format(dressed)


def _write_group(page: Page, dress: Dress, group: Group) -> list[str]:
    if group.shape == "list":
        items = "".join(f"<li>{page.dresser.dress(text.text)}</li>" for text in group.texts)
        return [f"<ul>{items}</ul>"]
    if group.shape == "note":
        lines = [_write_text(page, dress, text) for text in group.texts]
        return [dress.note.format("".join(lines))] if dress.note else lines
    rows = "".join(
        "<tr>" + "".join(f"<td>{as_attribute(cell)}</td>" for cell in text.text.split(" | ")) + "</tr>"
        for text in group.texts
    )
    return [f"<table><tbody>{rows}</tbody></table>"]
