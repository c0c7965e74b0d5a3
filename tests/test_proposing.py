"""Selectors are proposed for being right on the site's pages, named as a person would, and never cost text."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from tinsach.cleaning.aligning import Known, Leafed
from tinsach.cleaning.clutter import propose_drops
from tinsach.cleaning.inferring import story_test
from tinsach.cleaning.naming import name_element
from tinsach.cleaning.proposing import Proposal, propose, recount

TEXTS = [f"Đoạn thứ {n} của bài nói về cây cầu mới bắc qua con suối đầu bản." for n in range(4)]
AT = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)
IS_STORY = story_test("https://a.vn/", r"-\d{4,}\.html$")


def page(number: int, html: str, **known: object) -> Leafed:
    """A page of `html` in which {title} and {body} stand for its own."""
    title = f"Khánh thành cầu số {number}"
    paragraphs = tuple(f"{text} Bài {number}." for text in TEXTS)
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    told = html.format(title=title, body=body, number=number)
    values = {"title": title, "paragraphs": paragraphs, **known}
    return Leafed(etree.HTML(told), Known(url=f"https://a.vn/cau-{number}.html", **values))  # type: ignore[arg-type]


def pages(html: str, **known: object) -> list[Leafed]:
    return [page(number, html, **known) for number in range(10)]


TITLES = {
    "a class before a tag": ('<h2 class="tua">{title}</h2><h2>Tin khác</h2>{body}', ".tua"),
    "no hash and no number": ('<h1 class="css-1x2y t{number}" id="t-{number}">{title}</h1>{body}', "h1"),
    "the whole element before a part": ('<div class="dau-bai"><b>{title}</b></div><b>x</b>{body}', ".dau-bai"),
    "below a named element": ('<div class="dau-bai"><i>Hạ tầng</i><b>{title}</b></div><b>x</b>{body}', ".dau-bai > b"),
}


@pytest.mark.parametrize(("html", "css"), TITLES.values(), ids=TITLES)
def test_a_headline_is_found(html: str, css: str) -> None:
    """The cheapest selector that is right on all pages."""
    [best] = propose(pages(html), "title")
    assert (best.css, best.right, best.wrong, best.missed) == (css, 10, 0, 0)


def test_a_selector_that_is_often_wrong_is_not_proposed() -> None:
    """A class that holds the headline on half of the pages and something else on the others is no rule."""
    mixed = [page(n, '<b class="x">{title}</b>{body}' if n % 2 else '<b class="x">Khác</b>{body}') for n in range(10)]
    assert propose(mixed, "title") == ()


def test_two_layouts_make_two_selectors() -> None:
    """Each further selector finds the pages that those before it miss."""
    layouts = ('<h2 class="mot">{title}</h2>{body}', '<h3 class="hai">{title}</h3>{body}')
    found = propose([page(number, layouts[number % 3 == 0]) for number in range(12)], "title")
    assert [(each.css, each.right, each.missed) for each in found] == [(".mot", 8, 4), (".hai", 4, 8)]
    assert found[0].hit_rate == pytest.approx(2 / 3)


def test_a_selector_is_counted_on_more_pages_than_it_was_found_on() -> None:
    """Part by part, from nothing on; a time is judged by the attribute that its selector reads."""
    layouts = ('<h2 class="mot">{title}</h2>{body}', '<h3 class="hai">{title}</h3>{body}')
    found = [Proposal(".mot", 0, 0, 0), Proposal("h3", 0, 0, 0)]
    for part in range(3):
        some = [page(number, layouts[number % 3 == 0]) for number in range(part * 12, part * 12 + 12)]
        found = list(recount(some, "title", found))
    assert found == [Proposal(".mot", 24, 0, 12), Proposal("h3", 12, 0, 24)]
    time = [page(1, '<time datetime="2026-11-20T10:30:00+07:00">hôm qua</time>{body}', published_at=AT)]
    assert recount(time, "time", [Proposal("time@datetime", 0, 0, 0)]) == (Proposal("time@datetime", 1, 0, 0),)


def test_the_body_is_the_smallest_element_around_the_paragraphs() -> None:
    """Not the column around it, not one paragraph; what stands between does not count."""
    html = '<div class="cot"><p>Trên</p><div class="bai">{body}<div class="hop">Quảng cáo</div></div><p>Dưới</p></div>'
    assert [each.css for each in propose(pages(html), "body")] == [".bai"]


TEASER = (
    '<div class="tin"><h3><a href="/le-hoi-{n}12345.html">Lễ hội mùa xuân ở bản bên suối</a></h3><p>{text}</p></div>'
)


def test_a_list_of_teasers_is_no_body() -> None:
    """Where the generic path took the lines below other headlines for the text, the page says nothing of its body."""
    html = '<div class="bai">{body}</div>'
    box = "".join(TEASER.format(n=n, text=f"{text} Tin khác.") for n, text in enumerate(TEXTS))
    wrong = tuple(f"{text} Tin khác." for text in TEXTS)
    found = pages(html)[:6] + [page(n, f'{html}<div class="cot">{box}</div>', paragraphs=wrong) for n in range(6, 10)]
    assert [one.body is None for one in found] == [False] * 6 + [True] * 4
    assert propose(found, "body") == (Proposal(".bai", 6, 0, 0),)


def test_a_body_is_proposed_though_some_texts_are_guessed_wrongly() -> None:
    """One page in five; a selector that is wrong more often is none."""
    html, wrong = '<div class="bai">{body}</div>', tuple(f"{text} Tin khác." for text in TEXTS)
    box = "".join(f"<p>{text}</p>" for text in wrong)

    def guess(right: int) -> list[Leafed]:
        others = [page(n, f"{html}<div>{box}</div>", paragraphs=wrong) for n in range(right, 10)]
        return pages(html)[:right] + others

    assert propose(guess(8), "body") == (Proposal(".bai", 8, 2, 0),)
    assert ".bai" not in {each.css for each in propose(guess(7), "body")}


def test_clutter_is_dropped_by_kind_and_the_article_never() -> None:
    """Boxes of links, pictures with captions and lines that every page has; a box around a paragraph is not touched."""
    html = (
        '<div class="bai"><div class="hop"><a href="/le-hoi-{number}12345.html">Lễ hội mùa xuân</a></div>'
        '<div class="khung"><img src="a.jpg"><p>Cầu số {number} nhìn từ bờ suối.</p></div>'
        '<div class="nhan">{body}</div><div class="keu">Theo dõi chúng tôi</div></div>'
    )
    found = pages(html)
    bodies = [one.root.find(".//div[@class='bai']") for one in found]
    drops, figures = propose_drops(found, bodies, IS_STORY)
    assert {kind: [each.css for each in each_kind] for kind, each_kind in drops.items()} == {
        "teaser": [".hop"],
        "widget": [".keu"],
    }
    assert [each.css for each in figures] == [".khung"]


def test_names_of_an_element_are_those_that_last() -> None:
    """Classes with digits or hashes, ids with numbers and states are no names."""
    element = etree.HTML('<p class="css-9f3 active sapo p12" id="bai-12" data-role="sapo">x</p>').find(".//p")
    assert [css for css, cost in name_element(element) if cost == 1] == [".sapo", "[data-role=sapo]"]
