"""The body of an article of each form: news, feature, interview, list, table, fact box, photo story, wire copy.

Pure: a body follows from its writer (and so from its writer's Random) and the lead it may repeat.
"""

from collections.abc import Callable
from typing import Literal

from tinsach.app.newsroom import skeletons, words
from tinsach.app.newsroom.parts import Element, Figure, Group, Text
from tinsach.app.newsroom.text import Writer, pick_by_share, write_count

Form = Literal[
    "news", "feature", "interview", "list", "table", "note", "photo", "short", "wire", "near-wire", "video", "empty"
]
LEAD_AGAIN_SHARE = 0.15  # of the news bodies hold their lead's sentence a second time, in its place
MCMS_FIGURES = (
    (0.12, "bare"),
    (0.05, "illustration"),
    (0.12, "source"),
    (0.14, "agency"),
    (0.12, "plain"),
    (0.33, "photographer"),
    (0.12, "uncredited"),
)
QDND_FIGURES = ((0.1, "bare"), (0.06, "illustration"), (0.08, "in-picture"), (0.3, "pen-name"), (0.46, "uncredited"))


def build_body(form: Form, writer: Writer, lead: str | None) -> list[Element]:
    """The elements of a body in reading order; none for a bare video page."""
    if form in _WHOLE_BODIES:
        return _WHOLE_BODIES[form](writer)
    body = _build_news(writer, lead)
    if form in _ADDITIONS:
        _ADDITIONS[form](writer, body)
    return body


def place_figures(writer: Writer, elements: list[Element], family: str) -> list[Element]:
    """The elements with up to three figures among them, never first or last."""
    placed = list(elements)
    for _ in range(writer.draw_number(0, 3)):
        pictures = 2 if family == "mcms" and writer.rng.random() < 0.2 else 1
        placed.insert(writer.draw_number(1, len(elements) - 1), draw_figure(writer, family, pictures=pictures))
    return placed


def draw_figure(writer: Writer, family: str, *, pictures: int = 1) -> Figure:
    """A figure with a caption and a credit in the manner of the family; some without credit, some without both."""
    caption = writer.say_one(skeletons.CAPTIONS)
    style = pick_by_share(writer.rng, QDND_FIGURES if family == "qdnd" else MCMS_FIGURES)
    if style in {"bare", "illustration", "in-picture", "uncredited"}:
        captions = {
            "bare": None,
            "illustration": f"{caption[:-1]} (Ảnh minh hoạ)",
            "in-picture": f"{caption} (Trong ảnh: {writer['folkname']} đứng giữa).",
            "uncredited": caption[:-1] if len(caption) % 3 == 0 else caption,
        }
        return Figure(captions[style], None, pictures=pictures)
    credits_by_style = {
        "source": writer.draw(words.PHOTO_SOURCES),
        "agency": writer.draw(words.PHOTO_AGENCIES),
        "pen-name": writer.draw((*words.ARMY_PEN_NAMES, "TTXVN", "TTXVN")),
    }
    photographer = f"{writer.draw(words.PHOTOGRAPHERS)}/{writer.draw(('TTXVN', 'Vietnam+'))}"
    form: Literal["brackets", "source", "plain", "dash"] = "brackets"
    if family == "vccorp":
        form, caption = "dash", caption.removesuffix(".")
    elif style == "source":
        form = "source"
    elif style in {"plain", "pen-name"}:
        form = "plain"
    return Figure(caption, credits_by_style.get(style, photographer), form, pictures)


def _write_paragraph(writer: Writer) -> Text:
    chance = writer.rng.random()
    if chance < 0.25:
        return Text("paragraph", writer.say_one(skeletons.QUOTES))
    text = writer.say_one(skeletons.FACTS)
    if chance < 0.65:
        text += " " + writer.say_one(skeletons.LINKS)
    if chance < 0.35:
        text += " " + writer.say_one(skeletons.FACTS)
    return Text("paragraph", text)


def _write_paragraphs(writer: Writer, low: int, high: int) -> list[Element]:
    return [_write_paragraph(writer) for _ in range(writer.draw_number(low, high))]


def _build_news(writer: Writer, lead: str | None) -> list[Element]:
    body: list[Element] = [Text("paragraph", writer.say_one(skeletons.OPENERS)), *_write_paragraphs(writer, 5, 11)]
    if lead and writer.rng.random() < LEAD_AGAIN_SHARE:
        body.insert(5, Text("paragraph", lead))  # the lead quotes the body: it stays in both
    star = pick_by_share(writer.rng, ((0.14, "* "), (0.08, "*"), (0.78, "")))
    if star:
        body.append(Text("paragraph", star + writer.say_one(skeletons.STARS), "star"))
    return [*body, Text("paragraph", writer.say_one(skeletons.CLOSERS))]


def _add_headings(writer: Writer, body: list[Element]) -> None:
    role = writer.draw(("plain", "bold", "capitals"))
    for place in (6, 3):
        heading = writer.say_one(skeletons.HEADINGS)
        body.insert(place, Text("heading", heading.upper() if role == "capitals" else heading, role))
    body.insert(5, Text("quote", f"“{writer.say_one(skeletons.CLAIMS)}”"))


def _add_list(writer: Writer, body: list[Element]) -> None:
    items = tuple(Text("list_item", text + ";") for text in writer.say_some(skeletons.LIST_ITEMS, 4))
    body[3:3] = [Text("paragraph", writer.say_one(skeletons.LIST_INTROS)), Group("list", items)]


def _add_table(writer: Writer, body: list[Element]) -> None:
    rows = [("Đơn vị", f"Số {writer['thing']}", "So với năm trước")]
    rows += [
        (f"{place}. {_capitalise(writer['far'])}", write_count(writer.draw_number(20, 4000)), writer["pct"])
        for place in range(1, 6)
    ]
    group = Group("table", tuple(Text("table_row", " | ".join(row)) for row in rows))
    body[4:4] = [Text("paragraph", writer.say_one(skeletons.TABLE_INTROS)), group]


def _add_note(writer: Writer, body: list[Element]) -> None:
    heading = Text("heading", writer.say_one(skeletons.BOX_HEADINGS), "bold")
    lines = (Text("paragraph", text) for text in writer.say_some(skeletons.BOX_LINES, 3))
    body.insert(writer.draw_number(2, 5), Group("note", (heading, *lines)))


def _capitalise(text: str) -> str:
    return text[0].upper() + text[1:]


def _build_interview(writer: Writer) -> list[Element]:
    guest = writer["leader"]
    name = guest.partition(",")[0]
    writer.pin(leader=guest, mr=name)
    speaker = _capitalise(name)
    introduction = f"{writer.say_one(skeletons.OPENERS)} {writer.say_one(skeletons.GUESTS)}"
    body: list[Element] = [Text("paragraph", introduction)]
    for question in writer.say_some(skeletons.QUESTIONS, 4):
        body.append(Text("paragraph", f"PV: {question}", "turn"))
        body.append(Text("paragraph", f"{speaker}: {writer.say_one(skeletons.ANSWERS)}", "turn"))
    return [*body, Text("paragraph", writer.say_one(skeletons.CLOSERS))]


def _build_photo_story(writer: Writer) -> list[Element]:
    captions = writer.say_some(skeletons.PHOTO_CAPTIONS, 5)
    return [Figure(text, None, pictures=2 if place == 2 else 1) for place, text in enumerate(captions)]


def _build_short(writer: Writer) -> list[Element]:
    return [Text("paragraph", writer.say_one(skeletons.OPENERS)), _write_paragraph(writer)]


def _build_wire(writer: Writer) -> list[Element]:
    opener, closer = Text("paragraph", writer.say(skeletons.OPENERS[0])), writer.say_one(skeletons.CLOSERS)
    return [opener, *_write_paragraphs(writer, 7, 9), Text("paragraph", closer)]


_ADDITIONS: dict[Form, Callable[[Writer, list[Element]], None]] = {
    "feature": _add_headings,
    "list": _add_list,
    "table": _add_table,
    "note": _add_note,
}
_WHOLE_BODIES: dict[Form, Callable[[Writer], list[Element]]] = {
    "interview": _build_interview,
    "photo": _build_photo_story,
    "short": _build_short,
    "wire": _build_wire,
    "near-wire": _build_wire,
    "video": lambda _: [],
    "empty": lambda _: [Figure(None, None)],
}
