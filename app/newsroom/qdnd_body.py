"""The body of a qdnd.vn article: paragraphs, image tables, byline and the read-more line.

Pure; writes into the page's plants.
"""

from collections.abc import Iterator
from random import Random
from uuid import UUID

from tinsach.app.newsroom import cards
from tinsach.app.newsroom.markup import as_attribute
from tinsach.app.newsroom.page import Page, tag_url
from tinsach.app.newsroom.parts import Figure, Group, Text

TOOL_BAR_LABELS = ("left", "center", "right", "del")
TOOL_BAR_TAGS = ("a", "span", "td")  # which of them the real row has is not known
RELATED_SHARE = 0.2
EMPTY_PARAGRAPH_SHARE = 0.12
TRANSLATE_POPUP_EVERY = 28  # one saved body in so many holds it
CAPTION_SHAPES = (
    "<td>{}</td>",
    "<td> <em>{}</em> </td>",
    "<td>\n<h2>{} </h2>\n</td>",
    '<td>\n<h2 style="text-align: justify;"><span style="font-size: 14px;"> {}</span></h2>\n</td>',
    '<td>\n<p style="text-align: justify;">{}</p>\n</td>',
    "<td><strong><em>{} </em></strong></td>",
)
_READ_MORE = "* Mời bạn đọc vào chuyên mục {name} xem các tin, bài liên quan."
_FROM_COLUMN = "* Chuyên mục {name} trên Báo Quân đội nhân dân Điện tử gửi tới bạn đọc những tin, bài mới nhất."
READ_MORE_SHAPES = (  # (the line as read, its markup)
    (
        _READ_MORE,
        '<p><em>* Mời bạn đọc vào chuyên mục <a href="{url}">{name}</a> xem các tin, bài liên quan. </em></p>',
    ),
    (
        _READ_MORE,
        '<p><em>* Mời bạn đọc vào chuyên mục </em><a href="{url}"><em><span style="text-decoration: underline;">{name}'
        "</span></em></a><em> xem các tin, bài liên quan.</em><em> </em></p>",
    ),
    (
        _READ_MORE.replace("* ", "*"),
        '<p>*Mời&nbsp; bạn đọc vào chuyên mục <a href="{url}"><em>{name}</em></a>&nbsp; '
        "xem các tin, bài liên quan.</p>",
    ),
    (
        _READ_MORE.replace("* ", "*"),
        '<p>*Mời bạn đọc vào chuyên mục <a href="{url}">{name}</a> xem các tin, bài liên quan.&nbsp;</p>',
    ),
    (_FROM_COLUMN, "<p>" + _FROM_COLUMN.replace("{name}", "<strong>{name}</strong>") + "</p>"),
)


def write_body(page: Page) -> str:
    """`div[itemprop=articleBody]` with everything in it."""
    return f'<div itemprop="articleBody">{"".join(_write_pieces(page))}</div>'


def _write_pieces(page: Page) -> Iterator[str]:
    form = page.story.draft.form
    if form == "video":
        source = page.plants.plant_raw("video", f"https://media.qdnd.vn/{page.article.article_id}.mp4")
        yield f'<div class="video-wrapper"><video controls src="{source}"></video></div>'
    related_at = 4 if page.rng.random() < RELATED_SHARE and form == "news" else -1
    for place, element in enumerate(page.story.elements):
        if place == related_at:
            yield _write_related_box(page)
        if isinstance(element, Figure):
            yield _write_image_table(page, element, place)
        elif isinstance(element, Group):
            yield from _write_group(page, element)
        else:
            yield _write_text(page, element)
        if page.rng.random() < EMPTY_PARAGRAPH_SHARE:
            yield page.rng.choice(("<p>&nbsp;</p>\n", '<p><span style="font-size: 14px;"><br/>\n</span></p>\n'))
    if page.story.rejected is None:
        yield _write_sign(page)
        yield _write_read_more(page)
    if page.article.number % TRANSLATE_POPUP_EVERY == 3:
        page.plants.plant("translate-popup", "gtx-trans")
        yield '<div id="gtx-trans" style="position: absolute; left: 104px;"><div class="gtx-trans-icon"></div></div>'


def _write_text(page: Page, text: Text) -> str:
    dressed = page.dresser.dress(text.text)
    if text.kind == "heading":
        return f"<p><strong>{dressed}</strong></p>\n"
    if text.kind == "quote":
        return f"<blockquote>\n<p>{dressed}</p>\n</blockquote>\n"
    if text.role == "turn":
        speaker, _, rest = dressed.partition(": ")
        return f"<p><strong>{speaker}:</strong> {rest}</p>\n"
    shape = page.rng.choice(
        (
            "<p>{}</p>\n",
            "<p>{}&nbsp;</p>\n",
            '<p style="text-align: justify;">{}</p>\n',
            '<p><span style="font-size: 14px;">{}</span></p>\n',
        )
    )
    return shape.format(dressed)


def _write_group(page: Page, group: Group) -> Iterator[str]:
    if group.shape == "list":
        items = "".join(f"<li>{page.dresser.dress(text.text)}</li>\n" for text in group.texts)
        yield f"<ul>\n{items}</ul>\n"
    elif group.shape == "note":
        for text in group.texts:
            yield _write_text(page, text)
    else:
        rows = "".join(
            "<tr>" + "".join(f"<td>{as_attribute(cell)}</td>" for cell in text.text.split(" | ")) + "</tr>\n"
            for text in group.texts
        )
        yield f'<table border="1" cellpadding="0" cellspacing="0">\n<tbody>\n{rows}</tbody>\n</table>\n'


def _write_image_table(page: Page, figure: Figure, place: int) -> str:
    guid = UUID(int=Random(f"{page.article.url}/{place}").getrandbits(128))
    rows = _write_tool_bar(page) if page.is_old else ""
    alt = as_attribute(page.article.title) if page.is_old else ""
    source = f"{cards.picture_url(page.article, place)}?dpi=150&amp;quality=100&amp;w=870"
    rows += f'<tr>\n<td><img alt="{alt}" class="imgtelerik" loading="lazy" src="{source}"/></td>\n</tr>\n'
    if figure.line:
        first = page.story.elements[0]
        is_body = page.story.draft.form == "photo" or (isinstance(first, Text) and first.text == figure.line)
        if not is_body:
            page.plants.plant("caption", figure.line)
        shape = page.rng.choice(CAPTION_SHAPES)
        if "h2" in shape and not is_body:
            page.plants.plant("caption-heading", figure.line)
        row_class = ' class="alt_imgEditor"' if page.is_old or page.rng.random() < 0.5 else ""
        rows += f"<tr{row_class}>\n{shape.format(page.dresser.dress(figure.line))}\n</tr>\n"
    return f'<table align="center" border="0" class="imgEditor" id="{guid}">\n<tbody>\n{rows}</tbody>\n</table>\n'


def _write_tool_bar(page: Page) -> str:
    page.plants.plant("tool-bar", "".join(TOOL_BAR_LABELS))
    tag = TOOL_BAR_TAGS[page.article.number % len(TOOL_BAR_TAGS)]
    labels = "".join(f"<{tag}>{label}</{tag}>" for label in TOOL_BAR_LABELS)
    cells = labels if tag == "td" else f"<td>{labels}</td>"
    return f'<tr style="text-align:center">{cells}</tr>\n'


def _write_related_box(page: Page) -> str:
    links = "".join(
        f'<li><a href="{article.url}">{page.plants.plant("related-inside", article.title)}</a></li>'
        for article in page.shelf.inside
    )
    return f'<div class="related-post"><ul>{links}</ul></div>\n'


def _write_sign(page: Page) -> str:
    sign = page.story.sign
    line = page.plants.plant("byline" if sign.place == "byline" else "source", sign.line)
    role, colon, names = line.partition(": ")
    if colon and page.rng.random() < 0.3:
        return (
            f'<p><span style="font-size: 14px;"><strong><em>{role}:</em></strong> <strong>{names}</strong></span></p>\n'
        )
    shape = page.rng.choice(
        (
            "<p><strong>{}</strong></p>\n",
            '<p style="text-align: right;"><strong>{}</strong></p>\n',
            '<p><strong><span style="text-align: right;">{}</span></strong></p>\n',
        )
    )
    return shape.format(line)


def _write_read_more(page: Page) -> str:
    section = page.story.draft.section
    line, shape = page.rng.choice(READ_MORE_SHAPES)
    page.plants.plant("read-more", line.format(name=section.name))
    return shape.format(url=tag_url(page.site, section.name), name=section.name)
