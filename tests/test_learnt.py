"""Accepted rules take out whole lines, at the edge where the site has them, and never half an article."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinsach.cleaning import Learnt, LearntRule, Rejected, clean_html, clean_text, collect_rules
from tinsach.cleaning.learnt import find_learnt

HOUSE = LearntRule(name="line-1", kind="read_more", where="end", text="Mọi góp ý xin gửi về tòa soạn của chúng tôi")
OPENING = LearntRule(name="line-2", kind="junk", where="start", text="Bài viết dưới đây nằm trong số báo cuối tuần")
TEASER = LearntRule(
    name="teaser-1", kind="teaser", where="anywhere", text="Cầu mới qua sông Đáy thông xe", title="Cầu thông xe"
)
LEARNT = collect_rules([HOUSE, OPENING, TEASER])
BODY = [f"Đoạn thứ {number} kể về cây cầu mới, người dân hai bên bờ vui mừng đón xe qua lại." for number in range(8)]


def find(*texts: str, title: str | None = None) -> dict[int, str]:
    return {number: rule.name for number, rule in find_learnt(texts, title, LEARNT).items()}


def test_a_rule_fits_whole_lines_only() -> None:
    """Case and the marks before the first word don't count; words beside it do."""
    assert find(*BODY, "* MỌI góp ý xin gửi về tòa soạn của chúng tôi") == {8: "line-1"}
    assert find(*BODY, f"{HOUSE.text}, bà nói") == {}


def test_house_lines_go_at_their_edge_only() -> None:
    """Two kept lines may stand beside it; a line of the start is none at the end, and the middle keeps its words."""
    assert find(*BODY[:4], HOUSE.text, *BODY[4:6]) == {4: "line-1"}
    assert find(*BODY[:4], HOUSE.text, *BODY[4:7]) == {}
    assert find(OPENING.text, *BODY, HOUSE.text) == {0: "line-2", 9: "line-1"}
    assert find(*BODY, OPENING.text) == {}


def test_a_teaser_goes_anywhere_but_from_its_own_article() -> None:
    """The article that a teaser leads to keeps its own words."""
    assert find(*BODY[:4], TEASER.text, *BODY[4:]) == {4: "teaser-1"}
    assert find(*BODY[:4], TEASER.text, *BODY[4:], title="Cầu thông xe") == {}


def test_half_an_article_never_goes() -> None:
    """A digest, or a page of nothing but such lines, stays as it is."""
    assert find(TEASER.text, BODY[0][:20]) == {}
    assert find(HOUSE.text) == {}


def test_the_version_follows_the_rules() -> None:
    """No rules, nothing added: shards that were made before stay up to date; other rules, another name."""
    assert Learnt().version == ""
    assert LEARNT.version != collect_rules([HOUSE]).version
    assert LEARNT.version == collect_rules([TEASER, HOUSE, OPENING]).version


def test_html_and_text_name_the_rule() -> None:
    """Both paths take the line out under the rule's name, above the author's name too."""
    paragraphs = "".join(f"<p>{text}</p>" for text in [*BODY, HOUSE.text])
    page = f"""<html><body><h1 class="article__title cms-title">Cầu</h1>
        <div class="article__body zce-content-body cms-body">{paragraphs}<p><strong>Nguyễn Văn An</strong></p></div>
        </body></html>"""
    article = clean_html(page, url="https://ngaynay.vn/cau-post1.html", learnt=LEARNT)
    assert ("read_more", "learnt:line-1") in [(each.kind, each.rule) for each in article.removed]
    assert article.authors == ("Nguyễn Văn An",)
    assert HOUSE.text not in article.text
    article = clean_text("\n".join([*BODY, HOUSE.text]), learnt=LEARNT)
    assert [(each.rule, each.text) for each in article.removed] == [("learnt:line-1", HOUSE.text)]


@pytest.mark.parametrize("joint", ["\n", "\n\n"])
def test_evenly_spaced_text_is_cleaned_too(joint: str) -> None:
    """A text that counts as cleaned already still loses what was learnt."""
    assert HOUSE.text not in clean_text(joint.join([*BODY, HOUSE.text]), learnt=LEARNT).full_text


LINES = st.lists(
    st.sampled_from([*BODY, HOUSE.text, OPENING.text, TEASER.text, "Theo TTXVN", "Nguyễn Văn An", "Kết quả"]),
    min_size=1,
    max_size=14,
)


@given(LINES)
def test_cleaned_once_is_cleaned(lines: list[str]) -> None:
    """Cleaning what was cleaned takes nothing more out, and every line ends once."""
    try:
        article = clean_text("\n".join(lines), learnt=LEARNT)
    except Rejected:
        return
    head = [part for part in (article.title, article.lead) if part]
    assert len(head) + len(article.blocks) + len(article.removed) == len(lines)
    again = clean_text(article.text, learnt=LEARNT) if article.text else None
    assert again is None or not [each for each in again.removed if each.rule.startswith("learnt:")]
