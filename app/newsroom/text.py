"""Vietnamese sentences out of skeletons and word lists.

Rule: all that is drawn comes from the Random handed in, so equal seeds give equal text; every string is NFC, one line,
single-spaced.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tinsach.app.newsroom import skeletons, words
from tinsach.app.newsroom.topics import Topic

_TOPIC_LISTS = {
    "org": "orgs",
    "event": "events",
    "measure": "measures",
    "goal": "goals",
    "problem": "problems",
    "thing": "things",
    "people": "people",
    "spot": "spots",
    "index": "indexes",
}
_DIGITS = re.compile(r"\d+$")


@dataclass(frozen=True, slots=True)
class Cast:
    """Where an article plays and what about; its sentences stay there for the most part."""

    topic: Topic
    province: str
    commune: str
    country: str


def draw_cast(rng: Random, topic: Topic) -> Cast:
    """A place, a commune and a partner country for an article on `topic`."""
    return Cast(topic, rng.choice(words.PROVINCES), rng.choice(words.COMMUNES), rng.choice(words.COUNTRIES))


def to_slug(text: str) -> str:
    """The text as it stands in a URL: ASCII letters and digits in lower case, joined by hyphens.

    >>> to_slug("Đổi thay ở Nậm Khòa")
    'doi-thay-o-nam-khoa'
    """
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d")).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


class Writer:
    """Fills skeletons for one article; works through each word list before a word comes again."""

    __slots__ = ("_decks", "_pinned", "cast", "rng")

    def __init__(self, rng: Random, cast: Cast) -> None:
        self.rng = rng
        self.cast = cast
        self._decks: dict[str, list[str]] = {}
        self._pinned: dict[str, str] = {}

    def __getitem__(self, slot: str) -> str:
        """A word for a slot, as `str.format_map` asks for it."""
        if slot in self._pinned:
            return self._pinned[slot]
        name = _DIGITS.sub("", slot)
        if name in _TOPIC_LISTS:
            return self._draw_topic_word(name)
        return _SLOTS[name](self)

    def pin(self, **words_by_slot: str) -> None:
        """Fills these slots with the same words from here on."""
        self._pinned |= words_by_slot

    def say(self, skeleton: str) -> str:
        """The skeleton with its slots filled, opening with a capital."""
        text = skeleton.format_map(self)
        first = 1 if text[0] == "“" else 0
        return text[:first] + text[first].upper() + text[first + 1 :]

    def say_some(self, skeletons_from: tuple[str, ...], count: int) -> list[str]:
        """`count` sentences from different skeletons."""
        return [self.say(skeleton) for skeleton in self.rng.sample(skeletons_from, count)]

    def say_one(self, skeletons_from: tuple[str, ...]) -> str:
        """One sentence from any of the skeletons."""
        return self.say(self.draw(skeletons_from))

    def draw(self, choices: tuple[str, ...] | list[str]) -> str:
        """One of the choices (faster than Random.choice)."""
        return choices[int(self.rng.random() * len(choices))]

    def draw_number(self, low: int, high: int) -> int:
        """A whole number from low to high, both included (faster than Random.randint)."""
        return low + int(self.rng.random() * (high - low + 1))

    def _draw_topic_word(self, name: str) -> str:
        deck = self._decks.get(name)
        if not deck:
            phrases: tuple[str, ...] = getattr(self.cast.topic, _TOPIC_LISTS[name])
            deck = self._decks[name] = self.rng.sample(phrases, len(phrases))
        word = deck.pop()
        if "{" in word:
            word = word.replace("{country}", self.cast.country)
        return f"{word} {self.cast.province}" if name == "org" else word

    def name_person(self, *, is_woman: bool) -> str:
        """A full name."""
        middle = words.FEMALE_MIDDLE_NAMES if is_woman else words.MALE_MIDDLE_NAMES
        given = words.FEMALE_GIVEN_NAMES if is_woman else words.MALE_GIVEN_NAMES
        return f"{self.draw(words.FAMILY_NAMES)} {self.draw(middle)} {self.draw(given)}"

    def _name_with_title(self, man: str, woman: str) -> str:
        is_woman = self.rng.random() < 0.45
        return f"{woman if is_woman else man} {self.name_person(is_woman=is_woman)}"

    def _describe_villager(self) -> str:
        age, role = self.draw_number(24, 71), self.draw(words.VILLAGE_ROLES)
        return f"{self._name_with_title('anh', 'chị')}, {age} tuổi, {role} ở {self['near']}"

    def _describe_leader(self) -> str:
        return f"{self._name_with_title('ông', 'bà')}, {self.draw(words.LEADER_ROLES)} {self['org']}"

    def _name_commune(self) -> str:
        return self.cast.commune if self.rng.random() < 0.4 else self._name_other_commune()

    def _name_other_commune(self) -> str:
        deck = self._decks.get("commune")
        if not deck:
            others = [name for name in words.COMMUNES if name != self.cast.commune]
            deck = self._decks["commune"] = self.rng.sample(others, 12)
        return deck.pop()

    def _write_date(self) -> str:
        return f"ngày {self.draw_number(1, 28)}/{self.draw_number(1, 12)}"

    def _write_money(self) -> str:
        if self.rng.random() < 0.2:
            return f"{self.draw_number(115, 985)} triệu đồng"
        return f"{self.draw_number(1, 98)},{self.draw_number(11, 99)} tỷ đồng"

    def _write_paper(self) -> str:
        return f"{self.draw(words.PAPERS)} số {self.draw_number(11, 2990)}/{self.draw(words.PAPER_SIGNS)}"


def pick_by_share(rng: Random, shares: tuple[tuple[float, str], ...]) -> str:
    """One of the names, each drawn with its share; the last takes what is left."""
    chance = rng.random()
    for share, name in shares:
        chance -= share
        if chance < 0:
            return name
    return shares[-1][1]


def write_count(number: int) -> str:
    """The number as Vietnamese papers print it: a full stop between the thousands."""
    return f"{number:,}".replace(",", ".")


_SLOTS: dict[str, Callable[[Writer], str]] = {
    "province": lambda w: w.cast.province,
    "country": lambda w: w.cast.country,
    "commune": Writer._name_commune,
    "near": lambda w: f"xã {w._name_commune()}",
    "far": lambda w: f"xã {w._name_other_commune()}",
    "place": lambda w: f"xã {w._name_commune()}, tỉnh {w.cast.province}",
    "folk": Writer._describe_villager,
    "folkname": lambda w: w._name_with_title("anh", "chị"),
    "mr": lambda w: w._name_with_title("ông", "bà"),
    "leader": Writer._describe_leader,
    "n": lambda w: write_count(w.draw_number(12, 4990)),
    "big": lambda w: write_count(w.draw_number(5000, 98000)),
    "km": lambda w: str(w.draw_number(4, 95)),
    "few": lambda w: str(w.draw_number(2, 9)),
    "months": lambda w: str(w.draw_number(3, 36)),
    "pct": lambda w: f"{w.draw_number(1, 96)},{w.draw_number(1, 9)}%",
    "money": Writer._write_money,
    "date": Writer._write_date,
    "month": lambda w: f"tháng {w.draw_number(1, 12)}",
    "hour": lambda w: f"{w.draw_number(4, 10)} giờ {w.draw_number(5, 55)}",
    "paper": Writer._write_paper,
    "said": lambda w: w.draw(words.SAID),
    "claim": lambda w: w.say_one(skeletons.CLAIMS),
    "reported": lambda w: w.draw(skeletons.CLAIMS_REPORTED).format_map(w),
}
