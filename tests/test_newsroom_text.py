"""The newsroom's Vietnamese: filled slots, clean Unicode, no sentence twice."""

import re
import unicodedata
from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest

from tinsach.app.newsroom import Newsroom, skeletons, topics, words
from tinsach.app.newsroom.bodies import build_body
from tinsach.app.newsroom.sites import SITES
from tinsach.app.newsroom.story import FORM_CYCLE
from tinsach.app.newsroom.text import Writer, draw_cast, pick_by_share, to_slug, write_count
from tinsach.app.newsroom.topics import Topic

TOPICS = tuple(value for value in vars(topics).values() if isinstance(value, Topic))
SKELETON_LISTS = tuple((name, value) for name, value in vars(skeletons).items() if name.isupper())
NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_skeleton_takes_every_topic(topic: Topic) -> None:
    """A filled skeleton has no slot left, opens with a capital or a figure, and is single-spaced NFC."""
    rng = Random(topic.name)
    writer = Writer(rng, draw_cast(rng, topic))
    for name, sentences in SKELETON_LISTS:
        for skeleton in sentences:
            text = writer.say(skeleton)
            assert not re.search(r"[{}]|  |,,|\.\.|^\s|\s$", text), f"{name}: {text}"
            assert not text.lstrip("“")[0].islower(), f"{name}: {text}"
            assert unicodedata.is_normalized("NFC", text)


def test_word_lists_are_nfc_without_repeats() -> None:
    """Every word list is NFC and names nothing twice."""
    lists = {name: list(value) for name, value in vars(words).items() if name.isupper()}
    for topic in TOPICS:
        lists |= {f"{topic.name}.{key}": list(getattr(topic, key)) for key in ("orgs", "events", "measures", "tags")}
    for name, values in lists.items():
        assert len(values) == len(set(values)), name
        assert all(value and unicodedata.is_normalized("NFC", value) for value in values), name


def test_every_topic_is_written_about() -> None:
    """Each topic belongs to a section of some paper."""
    used = {topic.name for site in SITES.values() for section in site.sections for topic in section.topics}
    assert used == {topic.name for topic in TOPICS}


@pytest.mark.parametrize("form", sorted(set(FORM_CYCLE)))
def test_every_form_has_a_body(form: str) -> None:
    """Each form of the cycle builds a body; only a bare video page has an empty one."""
    rng = Random(form)
    body = build_body(form, Writer(rng, draw_cast(rng, topics.HEALTH)), "Câu tóm tắt.")  # type: ignore[arg-type] # a Form
    assert bool(body) is (form != "video")


def test_no_sentence_stands_in_two_bodies() -> None:
    """Bodies share no sentence, but for planted wire copy."""
    newsroom = Newsroom(7, 120, now=NOW)
    owners: Counter[str] = Counter()
    for site in newsroom.sites:
        for url in newsroom.urls(site):
            gold = newsroom.gold(url)
            if gold.copy is None:
                texts = (text for kind, text in gold.body if kind in {"paragraph", "quote"})
                owners.update({part for text in texts for part in re.split(r"(?<=[.?!])\s", text) if len(part) > 25})
    assert len(owners) > 3000
    assert [sentence for sentence, count in owners.items() if count > 1] == []


def test_small_shapes() -> None:
    """Slugs are ASCII, counts have full stops between thousands, the last share takes the rest."""
    assert to_slug("Đổi thay ở Nậm Khòa: 4.863 “hộ”") == "doi-thay-o-nam-khoa-4-863-ho"
    assert [write_count(number) for number in (7, 999, 4200, 98000)] == ["7", "999", "4.200", "98.000"]
    assert pick_by_share(Random(1), ((0.0, "never"), (0.0, "rest"))) == "rest"
