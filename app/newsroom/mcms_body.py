"""The body container of an MCMS article: paragraphs, figures and fact boxes, with the clutter that editors put inside.

Pure; writes into the page's plants.
"""

from collections.abc import Iterator

from tinsach.app.newsroom import cards
from tinsach.app.newsroom.markup import as_attribute
from tinsach.app.newsroom.page import Page
from tinsach.app.newsroom.parts import Element, Figure, Group, Text

LEAD_ECHO_SHARE = 0.35  # of vietnamplus.vn's bodies open with the lead, word for word
INSIDE_BOX_SHARE = 0.5
RELATED_LIST_SHARE = 0.3  # ngaynay.vn
TRAILING_CARDS_SHARE = 0.35  # ngaynay.vn: story cards as last children of the body
PLAIN_SOURCE_SHARE = 0.3  # ngaynay.vn: the source line as an ordinary paragraph


def write_body(page: Page) -> str:
    """`div.article__body` with everything in it."""
    pieces = list(_write_elements(page))
    text_form = page.story.draft.form not in {"video", "empty", "photo"}
    if text_form:
        pieces = _with_clutter(page, pieces)
    if page.site.name == "vietnamplus.vn" and page.story.draft.lead and page.rng.random() < LEAD_ECHO_SHARE:
        pieces.insert(0, f"<p>{page.dresser.dress(page.plants.plant_raw('lead-echo', page.story.draft.lead))}</p>")
    if page.story.rejected is None:
        pieces.append(_write_sign(page))
    if page.is_ngaynay and text_form and page.rng.random() < TRAILING_CARDS_SHARE:
        pieces += [cards.summary_card(article, page.plants) for article in page.shelf.inside]
    pieces.append(write_ad(page, "Web_SdaArticleAfterBody"))
    body = "\n".join(pieces)
    return f'<div class="article__body zce-content-body cms-body" itemprop="articleBody"> {body} </div>'


def write_figure(page: Page, figure: Figure, place: int, *, is_avatar: bool = False) -> str:
    """A figure with its picture or pictures; the alt is the caption, or headline and number where there is none."""
    line = figure.line
    pictures = []
    for offset in range(figure.pictures):
        alt = line
        if not line or (page.is_ngaynay and page.is_old):
            alt = page.plants.plant_raw("alt", f"{page.article.title} - ảnh {place + offset}")
        pictures.append(cards.lazy_picture(page.article, place + offset, alt))
    caption = ""
    if line:
        if page.story.draft.form != "photo":
            page.plants.plant("caption", line)
        caption = f"<figcaption>{page.dresser.dress(line)}</figcaption>"
    if len(pictures) > 1:
        inner = " ".join(f"<figure>{picture}</figure>" for picture in pictures)
        return f'<div class="layout-image-2"> {inner} {caption} </div>'
    class_name = ' class="article__avatar "' if is_avatar else ' class="image align-center"'
    return f"<figure{class_name}> {pictures[0]} {caption} </figure>"


def write_ad(page: Page, position: str, kind: str = "") -> str:
    """An empty advertising slot, as the server sends it."""
    page.plants.plant("ad", position)
    return (
        f'<div id="sda{position}" class="rennab {kind}" data-platform="1" data-position="{position}" '
        'style="display:none"> </div>'
    )


def _write_elements(page: Page) -> Iterator[str]:
    place = 1
    for element in page.story.elements:
        yield _write_element(page, element, place)
        if isinstance(element, Figure):
            place += element.pictures


def _write_element(page: Page, element: Element, place: int) -> str:
    if isinstance(element, Figure):
        return write_figure(page, element, place)
    if isinstance(element, Group):
        return _write_group(page, element)
    return _write_text(page, element)


def _write_text(page: Page, text: Text) -> str:
    dressed = page.dresser.dress(text.text)
    if text.kind == "heading":
        tags = {"plain": "<h2>{}</h2>", "capitals": "<h3>{}</h3>", "bold": "<p><strong>{}</strong></p>"}
        return tags[text.role].format(dressed)
    if text.kind == "quote":
        return f"<blockquote><p>{dressed}</p></blockquote>"
    if text.role == "turn":
        speaker, _, rest = dressed.partition(": ")
        return f"<p><strong>{speaker}:</strong> {rest}</p>"
    style = ' style="text-align: justify;"' if page.is_ngaynay and page.is_old else ""
    return f"<p{style}>{dressed}</p>"


def _write_group(page: Page, group: Group) -> str:
    if group.shape == "list":
        items = "".join(f"<li>{page.dresser.dress(text.text)}</li>" for text in group.texts)
        return f"<ul>{items}</ul>"
    if group.shape == "note":
        heading, *lines = (page.dresser.dress(text.text) for text in group.texts)
        inner = "".join(f"<p>{line}</p>" for line in lines)
        return f'<div class="notebox align-center cms-note"> <p><b>{heading}</b></p> {inner}\n</div>'
    rows = [text.text.split(" | ") for text in group.texts]
    head = "".join(f"<td><strong>{as_attribute(cell)}</strong></td>" for cell in rows[0])
    inner = "".join("<tr>" + "".join(f"<td>{as_attribute(cell)}</td>" for cell in row) + "</tr>\n" for row in rows[1:])
    return f'<table border="1" cellpadding="4"><tbody><tr>{head}</tr>\n{inner}</tbody></table>'


def _with_clutter(page: Page, pieces: list[str]) -> list[str]:
    """The pieces with ads after the second and each further fifth one, and the editor's boxes between them."""
    boxes = [(place, _write_middle_ad(page, number)) for number, place in enumerate(range(2, len(pieces), 5))]
    rng, shelf, last = page.rng, page.shelf, len(pieces) - 1
    if rng.random() < INSIDE_BOX_SHARE:
        side = rng.choice(("left", "right"))
        boxes.append((min(3, last), cards.inside_box(shelf.inside[:1], page.plants, side)))
    if page.is_ngaynay and rng.random() < RELATED_LIST_SHARE:
        boxes.append((min(5, last), cards.related_list(shelf.related, page.plants)))
    mixed: list[str] = []
    for place, piece in enumerate(pieces):
        mixed += [box for at, box in boxes if at == place]
        mixed.append(piece)
    return mixed


def _write_middle_ad(page: Page, number: int) -> str:
    position = f"Web_SdaArticleMiddle{number or ''}"
    slot = write_ad(page, position, "fyi")
    if page.is_ngaynay:  # some slots carry their call with them
        call = page.plants.plant_raw("ad", f"ME.run(function(){{ME.show('{position}')}});")
        slot += f"<script>{call}</script>"
    return f'<div class="sda_middle"> {slot}\n</div>'


def _write_sign(page: Page) -> str:
    sign = page.story.sign
    kind = "byline" if sign.place == "byline" else "source"
    line = page.plants.plant(kind, sign.line)
    if not page.is_ngaynay:
        return f'<div class="article__source"> <div class="source"> <span class="name">{line}</span> </div> </div>'
    if kind == "source":
        if page.rng.random() < PLAIN_SOURCE_SHARE:
            return f'<p style="text-align: right;"><strong>{line}</strong></p>'
        return f'<p class="article__source">{line}</p>'
    if page.rng.random() < 0.5:
        return f'<p class="article__author cms-author">{line}</p>'
    return f'<div class="article__author"> <p class="name">{line}</p> </div>'
