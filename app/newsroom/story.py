"""An article before it has any markup: what a perfect reader would take out of its page.

Pure: a draft follows from (seed, site, number), a story from its draft and its revision. A wire story is drawn from
(seed, number) alone and therefore stands in all papers, word for word or two paragraphs shorter.
"""

from dataclasses import dataclass
from random import Random

from tinsach.app.newsroom import skeletons, topics
from tinsach.app.newsroom.bodies import Form, build_body, draw_figure, place_figures
from tinsach.app.newsroom.parts import Element, Figure, Text
from tinsach.app.newsroom.signs import AGENCY, Sign, draw_sign
from tinsach.app.newsroom.sites import Section, Site
from tinsach.app.newsroom.text import Cast, Writer, draw_cast, to_slug

# Every form comes round once in len(FORM_CYCLE) articles; wire stories have the same number in every paper.
FORM_CYCLE: tuple[Form, ...] = (
    *("news", "feature", "news", "interview", "news", "list", "wire", "news", "table", "news"),
    *("note", "news", "photo", "news", "feature", "news", "short", "news", "list", "video"),
    *("news", "table", "news", "feature", "near-wire", "news", "note", "news", "interview", "news"),
    *("feature", "photo", "news", "list", "news", "short", "news", "table", "empty", "news"),
)
WIRE_FORMS: frozenset[Form] = frozenset({"wire", "near-wire"})
TEXTLESS_FORMS: frozenset[Form] = frozenset({"photo", "video", "empty"})  # no paragraphs
REJECTED_FORMS: dict[Form, str] = {"video": "video-only", "empty": "no-text"}
TITLE_PREFIXES: dict[Form, str] = {"photo": "[Ảnh] ", "video": "[Video] "}
WIRE_TOPICS = (topics.ECONOMY, topics.DIPLOMACY, topics.HEALTH, topics.TRANSPORT)
WIRE_HOME = "vietnamplus.vn"  # prints wire stories in full
NEAR_WIRE_LEFT_OUT = (2, 4)  # the paragraphs that the other papers cut
CAPTION_ECHO_SHARE = 0.05  # of qdnd.vn's articles have their first paragraph again as a caption; both stay
AVATAR_SHARE = 0.3  # of mcms news have a figure above the body


@dataclass(frozen=True, slots=True)
class Draft:
    """What other pages print of an article; `lead` is None for bare video and picture pages and some short items."""

    number: int
    form: Form
    section: Section
    sub: tuple[str, str]
    cast: Cast
    title: str
    lead: str | None
    article_id: int
    path: str


@dataclass(frozen=True, slots=True)
class Story:
    """The article in full; `rejected` is the reason why cleaning has to refuse its page."""

    draft: Draft
    elements: tuple[Element, ...]
    sign: Sign
    tags: tuple[str, ...]
    avatar: Figure | None
    rejected: str | None


def build_draft(seed: int, site: Site, number: int) -> Draft:
    """The draft of a site's article."""
    form = FORM_CYCLE[(number + seed) % len(FORM_CYCLE)]
    rng = _open_rng(seed, site, number, form, "draft")
    section = site.pick_section(number)
    cast = draw_cast(rng, rng.choice(WIRE_TOPICS if form in WIRE_FORMS else section.topics))
    writer = Writer(rng, cast)
    title = TITLE_PREFIXES.get(form, "") + writer.say_one(skeletons.TITLES)
    is_leadless = form in REJECTED_FORMS or (form == "short" and site.family == "qdnd")
    lead = None if is_leadless else writer.say_one(skeletons.LEADS)
    sub = section.subs[number % len(section.subs)]
    article_id = site.article_id(number)
    path = site.article_path(section, sub[0], to_slug(title), article_id)
    return Draft(number, form, section, sub, cast, title, lead, article_id, path)


def build_story(seed: int, site: Site, draft: Draft, *, revision: int) -> Story:
    """The article in full after `revision` edits, each of which added one paragraph before the last."""
    number, form = draft.number, draft.form
    rng = _open_rng(seed, site, number, form, "story")
    elements = build_body(form, Writer(rng, draft.cast), draft.lead)
    if form == "near-wire" and site.name != WIRE_HOME:
        elements = [element for place, element in enumerate(elements) if place not in NEAR_WIRE_LEFT_OUT]
    for edit in range(1, revision + 1):
        writer = Writer(Random(f"{seed}/{site.name}/{number}/edit/{edit}"), draft.cast)
        elements.insert(-1, Text("paragraph", writer.say_one(skeletons.UPDATES)))
    own_rng = Random(f"{seed}/{site.name}/{number}/house")
    own_writer = Writer(own_rng, draft.cast)
    sign = draw_sign(own_rng, site.name, is_wire=form in WIRE_FORMS, is_interview=form == "interview")
    if sign.agency == AGENCY and form not in TEXTLESS_FORMS:
        elements = _sign_off(elements)
    if form not in WIRE_FORMS | TEXTLESS_FORMS:
        elements = place_figures(own_writer, elements, site.family)
        if site.family == "qdnd" and own_rng.random() < CAPTION_ECHO_SHARE:
            elements = _caption_first_paragraph(elements)
    has_avatar = site.family == "mcms" and form in {"news", "feature"} and own_rng.random() < AVATAR_SHARE
    avatar = draw_figure(own_writer, site.family) if has_avatar else None
    tags = tuple(tag.format(country=draft.cast.country) for tag in own_rng.sample(draft.cast.topic.tags, 3))
    return Story(draft, tuple(elements), sign, tags, avatar, REJECTED_FORMS.get(form))


def _open_rng(seed: int, site: Site, number: int, form: Form, purpose: str) -> Random:
    owner = "wire" if form in WIRE_FORMS else site.name
    return Random(f"{seed}/{owner}/{number}/{purpose}")


def _sign_off(elements: list[Element]) -> list[Element]:
    """The elements, the last paragraph closed in the agency's way, "./."."""
    last = elements[-1]
    if isinstance(last, Text) and last.text.endswith("."):
        return [*elements[:-1], Text(last.kind, last.text[:-1] + "./.", last.role)]
    return elements


def _caption_first_paragraph(elements: list[Element]) -> list[Element]:
    first = elements[0]
    return [first, Figure(first.text, None), *elements[1:]] if isinstance(first, Text) else elements
