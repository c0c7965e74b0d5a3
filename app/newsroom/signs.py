"""How an article is signed in each paper: the line as printed, and the authors and agency that a reader takes from it.

Pure: all that is drawn comes from the Random handed in.
"""

from dataclasses import dataclass
from random import Random
from typing import Literal

from tinsach.app.newsroom import words
from tinsach.app.newsroom.text import pick_by_share

AGENCY = "TTXVN"  # Thông tấn xã Việt Nam, the state news agency
NGAYNAY_SIGNS = ((0.35, "Theo TTXVN"), (0.05, "Theo Zing"), (0.6, "name"))
VIETNAMPLUS_SIGNS = ((0.55, "agency"), (0.2, "abroad"), (0.25, "name"))
TWO_AUTHORS_SHARE = 0.3  # tuoitre.vn
COLLECTED_SHARE = 0.25  # vnexpress.net
ARMY_SIGNS = (
    (0.32, "one"),
    (0.26, "two"),
    (0.08, "tổng hợp"),
    (0.08, "rank"),
    (0.1, "agency"),
    (0.16, "bare"),
)


@dataclass(frozen=True, slots=True)
class Sign:
    """A signature: the line as printed. `agency` is the agency or the other paper that it names.

    `place` is "byline" (an author's), "source" (a house's), "both" (author above, house below) or "above" (all names
    above the text, none below).
    """

    line: str
    authors: tuple[str, ...]
    agency: str | None
    place: Literal["byline", "source", "both", "above"]


def draw_sign(rng: Random, site: str, *, is_wire: bool, is_interview: bool) -> Sign:
    """A signature in the manner of the paper; wire copy is always the agency's."""
    if site == "qdnd.vn":
        return _draw_army_sign(rng, is_wire=is_wire, is_interview=is_interview)
    if site == "tuoitre.vn":
        return _draw_tuoitre_sign(rng, is_wire=is_wire)
    name = rng.choice(words.PEN_NAMES)
    if site in {"vnexpress.net", "dantri.com.vn"}:
        return _draw_name_or_agency(rng, site, name, is_wire=is_wire)
    if site == "vietnamplus.vn":
        return _draw_vietnamplus_sign(rng, name, is_wire=is_wire)
    style = "Theo TTXVN" if is_wire else pick_by_share(rng, NGAYNAY_SIGNS)
    if style == "name":
        return Sign(name, (name,), None, "byline")
    return Sign(style, (), style.removeprefix("Theo "), "source")


def _draw_tuoitre_sign(rng: Random, *, is_wire: bool) -> Sign:
    if is_wire:
        return Sign(AGENCY, (), AGENCY, "above")
    names = tuple(rng.sample(words.ARMY_PEN_NAMES, 2 if rng.random() < TWO_AUTHORS_SHARE else 1))
    return Sign(" - ".join(names), names, None, "above")


def _draw_name_or_agency(rng: Random, site: str, name: str, *, is_wire: bool) -> Sign:
    if is_wire:
        return Sign(f"Theo {AGENCY}", (), AGENCY, "source")
    if site == "dantri.com.vn":
        return Sign(name, (name,), None, "above")
    is_collected = rng.random() < COLLECTED_SHARE
    return Sign(f"{name} (tổng hợp)" if is_collected else name, (name,), None, "byline")


def _draw_vietnamplus_sign(rng: Random, name: str, *, is_wire: bool) -> Sign:
    style = "agency" if is_wire else pick_by_share(rng, VIETNAMPLUS_SIGNS)
    if style == "agency":
        return Sign("(TTXVN/Vietnam+)", (), AGENCY, "source")
    if style == "abroad":
        return Sign(f"{name}/{rng.choice(words.CITIES_ABROAD)} (Vietnam+)", (name,), None, "source")
    return Sign("(Vietnam+)", (name,), None, "both")


def _draw_army_sign(rng: Random, *, is_wire: bool, is_interview: bool) -> Sign:
    first, second = rng.sample(words.ARMY_PEN_NAMES, 2)
    style = "agency" if is_wire else "thực hiện" if is_interview else pick_by_share(rng, ARMY_SIGNS)
    if style == "agency":
        return Sign(AGENCY, (), AGENCY, "source")
    authors = (first, second) if style == "two" else (first,)
    lines = {
        "one": f"{rng.choice(('Tin, ảnh', 'Bài, ảnh', 'Bài và ảnh'))}: {first}",
        "two": f"Tin, ảnh: {first}{rng.choice(('-', ' - ', ' – ', ', '))}{second}",
        "rank": f"{rng.choice(words.ARMY_RANKS)} {first}, Viện trưởng Viện Thiết kế, Tổng cục Hậu cần",
        "bare": first,
    }
    return Sign(lines.get(style, f"{first} ({style})"), authors, None, "byline")
