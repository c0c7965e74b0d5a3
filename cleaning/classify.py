"""Decides for each piece of a body whether it is the article, by its words, its place and its links; pure.

Each step takes pieces and returns pieces; a piece that has its reason keeps it. What markup could say was said before.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tinsach.cleaning.article import RemovalKind
from tinsach.cleaning.bylines import is_byline, parse_byline
from tinsach.cleaning.learnt import NOTHING_LEARNT, Learnt, find_learnt
from tinsach.cleaning.letters import fold
from tinsach.cleaning.lines import LineCue, Place, classify_line, split_lead_prefix
from tinsach.cleaning.names import is_person_name
from tinsach.cleaning.profile import Lines
from tinsach.cleaning.segment import Piece
from tinsach.cleaning.textlines import ends_sentence

MAX_BYLINE_CHARS = 90
MAX_HEADING_CHARS = 160
MIN_LINKED_SHARE = 0.95
MIN_CUE_LINK_SHARE = 0.5  # of a line with an arrow or "Xem thêm:", which may stand outside the link
MAX_CAPTION_CHARS = 300
ECHO_PROBE_CHARS = 20
ECHO_DEPTH = 3  # an echo of title or lead stands among the first pieces
TAIL_DEPTH = 3  # bylines and sources stand among the last
MAX_NAME_LINES = 2  # more names line by line are a list


@dataclass(frozen=True, slots=True)
class Facts:
    """What the steps know of the article besides its pieces."""

    title: str | None
    lead: str | None
    lines: Lines
    is_article_url: Callable[[str], bool]
    learnt: Learnt = NOTHING_LEARNT
    authors: tuple[str, ...] = ()  # as the page declares them beside its body


def classify(pieces: list[Piece], facts: Facts) -> list[Piece]:
    """The pieces with a reason on each that is not the article, and headings recognised."""
    for step in STEPS:
        pieces = step(pieces, facts)
    return pieces


def split_prefix(text: str, lines: Lines) -> tuple[str | None, str]:
    """(house prefix of a lead or None, the rest): the profile's own patterns first, then those known of any paper."""
    for pattern in lines.lead_prefix:
        match = pattern.match(text)
        if match and match.end():
            return match[0].strip(), text[match.end() :].strip()
    return split_lead_prefix(text)


def drop_house_lines(pieces: list[Piece], facts: Facts) -> list[Piece]:
    """Lines that the profile names."""
    if not facts.lines.drop:
        return pieces
    return [_drop_house_line(piece, facts.lines) if _is_open(piece) else piece for piece in pieces]


def _drop_house_line(piece: Piece, lines: Lines) -> Piece:
    for kind, patterns in lines.drop.items():
        for pattern in patterns:
            if pattern.search(piece.text):
                return drop(piece, kind, f"house:{kind}")
    return piece


def drop_cue_lines(pieces: list[Piece], facts: Facts) -> list[Piece]:
    """Lines whose words show that they are no part of an article, where they stand or anywhere."""
    result: list[Piece] = []
    for index, piece in enumerate(pieces):
        cue = _find_cue(pieces, index, result[-1] if result else Piece("")) if _is_open(piece) else None
        result.append(drop(piece, cue.kind, f"line:{cue.rule}") if cue is not None else piece)
    return result


def _find_cue(pieces: list[Piece], index: int, above: Piece) -> LineCue | None:
    cue = classify_line(pieces[index].text) if not pieces[index].boxed else None
    if cue is None or (cue.where and not any(_is_at(place, pieces, index, above) for place in cue.where)):
        return None
    return cue


def _is_at(place: Place, pieces: list[Piece], index: int, above: Piece) -> bool:
    piece = pieces[index]
    match place:
        case "button":
            return piece.kind != "heading" or not _has_paragraph_below(pieces, index)
        case "picture":
            return above.image is not None
        case "link":
            return piece.link_share >= MIN_CUE_LINK_SHARE
        case "unlisted":  # of a list that stays the entry above stayed
            return above.drop is not None or (not above.text.startswith(">>") and not above.text.endswith(":"))
        case "edge":
            return False  # known once the other lines are gone


def _has_paragraph_below(pieces: list[Piece], index: int) -> bool:
    below = next((pieces[number] for number in range(index + 1, len(pieces)) if _is_open(pieces[number])), None)
    return below is not None and below.kind == "paragraph" and ends_sentence(below.text)


def drop_edge_lines(pieces: list[Piece], facts: Facts) -> list[Piece]:
    """Lines that are clutter at the body's edges only: down to the first that is none, and up to the last."""
    result = list(pieces)
    for index in range(len(result)):
        if _is_open(result[index]) and not _drop_at_edge(result, index):
            break
    for index in range(len(result) - 1, -1, -1):
        piece = result[index]
        if _is_open(piece) and not _drop_at_edge(result, index) and _tail_kind(piece, facts, is_last=True) is None:
            break
    return result


def _drop_at_edge(pieces: list[Piece], index: int) -> bool:
    piece = pieces[index]
    cue = classify_line(piece.text) if piece.kind in ("paragraph", "heading") and not piece.boxed else None
    if cue is None or "edge" not in cue.where:
        return False
    pieces[index] = drop(piece, cue.kind, f"line:{cue.rule}")
    return True


def drop_echoes(pieces: list[Piece], facts: Facts) -> list[Piece]:
    """The headline and the lead where they are repeated at the head of the body; later repetitions stay."""
    title, lead = fold(facts.title or ""), fold(facts.lead or "")
    result, seen = list(pieces), 0
    for index, piece in enumerate(pieces):
        if not _is_open(piece):
            continue
        if title and _folds_to(piece.text, title):
            result[index] = drop(piece, "title_echo", "echo:title")
        elif lead and (_folds_to(piece.text, lead) or _folds_to(split_prefix(piece.text, facts.lines)[1], lead)):
            result[index] = drop(piece, "lead_echo", "echo:lead")
        else:
            seen += 1
        if seen >= ECHO_DEPTH:
            break
    return result


def _folds_to(text: str, folded: str) -> bool:
    """Whether `fold(text) == folded`; the beginning of a text mostly shows that it is not."""
    return folded.startswith(fold(text[:ECHO_PROBE_CHARS])) and fold(text) == folded


def drop_linked_lines(pieces: list[Piece], facts: Facts) -> list[Piece]:
    """Paragraphs and list items that are nothing but a link to another article."""
    return [
        drop(piece, "teaser", "links:whole line")
        if _is_open(piece) and piece.link_share >= MIN_LINKED_SHARE and any(map(facts.is_article_url, piece.hrefs))
        else piece
        for piece in pieces
    ]


def drop_learnt_lines(pieces: list[Piece], facts: Facts) -> list[Piece]:
    """What the site's reviewer accepted as repeating across its articles."""
    if not facts.learnt.rules:
        return pieces
    numbers = [number for number, piece in enumerate(pieces) if _is_open(piece) and piece.text]
    found = find_learnt([pieces[number].text for number in numbers], facts.title, facts.learnt)
    result = list(pieces)
    for place, rule in found.items():
        result[numbers[place]] = drop(pieces[numbers[place]], rule.kind, f"learnt:{rule.name}")
    return result


def drop_captions_below(pieces: list[Piece], facts: Facts) -> list[Piece]:
    """An italic line right below a picture that stands in no figure."""
    return [
        drop(piece, "caption", "place:below picture")
        if _is_open(piece)
        and piece.italic
        and above.image
        and not above.figure
        and len(piece.text) <= MAX_CAPTION_CHARS
        else piece
        for above, piece in zip([Piece(""), *pieces], pieces, strict=False)
    ]


def drop_after_end(pieces: list[Piece], facts: Facts) -> list[Piece]:
    """Everything after the byline or source once a line there begins with the house's prefix: summaries of others."""
    prefixed = [n for n, piece in enumerate(pieces) if _is_open(piece) and _has_prefix(piece.text, facts.lines)]
    signed = (n for n, piece in enumerate(pieces) if piece.drop is not None and piece.drop[0] in ("byline", "agency"))
    end = next(signed, None)
    if end is None or not prefixed or prefixed[-1] < end or not any(map(_is_open, pieces[:end])):
        return pieces
    return pieces[:end] + [drop(p, "teaser", "place:after end") if _is_open(p) else p for p in pieces[end:]]


def _has_prefix(text: str, lines: Lines) -> bool:
    return any(pattern.match(text) for pattern in lines.lead_prefix)


def drop_signature(pieces: list[Piece], facts: Facts) -> list[Piece]:
    """The author's and the agency's line at the end of the body; a list of names that closes an article stays."""
    signed: dict[int, RemovalKind] = {}
    names: list[int] = []
    above = ""
    for number in range(len(pieces) - 1, -1, -1):
        piece = pieces[number]
        if not _is_open(piece):
            continue
        kind = _tail_kind(piece, facts, is_last=not signed)
        if kind is None or len(signed) > TAIL_DEPTH + MAX_NAME_LINES:
            above = piece.text
            break
        signed[number] = kind
        names += [number] if kind == "byline" and not piece.right else []
    is_announced = bool(names) and above.endswith(":") and not is_byline(f"{above} {pieces[names[-1]].text}")
    if is_announced or len(names) > MAX_NAME_LINES:
        signed = {number: kind for number, kind in signed.items() if number not in names}
    result = list(pieces)
    for number, kind in list(signed.items())[:TAIL_DEPTH]:
        result[number] = drop(pieces[number], kind, "tail:right" if pieces[number].right else "tail:name")
    return result


def _tail_kind(piece: Piece, facts: Facts, *, is_last: bool) -> RemovalKind | None:
    if len(piece.text) > MAX_BYLINE_CHARS or piece.kind in ("table_row", "list_item") or piece.boxed:
        return None
    byline = parse_byline(piece.text)
    is_set_apart = piece.right or piece.bold
    if byline.authors and (is_set_apart or is_person_name(piece.text)):
        return "byline"
    if byline.agency and not byline.authors and is_set_apart:
        return "agency"
    if is_last and is_byline(piece.text, facts.authors):
        return "agency" if (byline.agency or byline.source) and not byline.authors else "byline"
    return None


def mark_headings(pieces: list[Piece], facts: Facts) -> list[Piece]:
    """A short bold paragraph is a heading when text follows it."""
    result = list(pieces)
    follower = False
    for index in range(len(result) - 1, -1, -1):
        piece = result[index]
        if not _is_open(piece):
            continue
        if piece.kind == "paragraph" and piece.bold and follower and _is_heading(piece.text):
            result[index] = piece._replace(kind="heading")
        follower = True
    return result


def _is_heading(text: str) -> bool:
    return len(text) <= MAX_HEADING_CHARS and not text.endswith((".", ";", ",", ":", "!", "…", "”", '"'))


def drop(piece: Piece, kind: RemovalKind, rule: str) -> Piece:
    """The piece with its reason."""
    return piece.with_drop((kind, rule))


def _is_open(piece: Piece) -> bool:
    return piece.drop is None and piece.image is None


STEPS: tuple[Callable[[list[Piece], Facts], list[Piece]], ...] = (
    drop_house_lines,
    drop_cue_lines,
    drop_echoes,
    drop_linked_lines,
    drop_captions_below,
    drop_learnt_lines,  # names and sources above them are the article's end
    drop_edge_lines,
    drop_signature,
    drop_after_end,
    drop_learnt_lines,  # and they may stand above names and sources
    mark_headings,
)
