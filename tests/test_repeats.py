"""What is proposed of a site's records, and above all what is not: each case is a shard written by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tinsach.cleaning import Article, Block
from tinsach.datasets.archive import ArchivedResponse
from tinsach.datasets.layout import BrokenWorld, DataDir
from tinsach.datasets.learn import learn_site
from tinsach.datasets.learnt import BadLearntFile, UnknownRule, read_findings
from tinsach.datasets.locks import records_lock
from tinsach.datasets.records import Source, article_row
from tinsach.datasets.repeats import Bounds
from tinsach.datasets.schema import RECORD_SCHEMA
from tinsach.datasets.shards import Account, RowWriter

START = datetime(2026, 5, 1, tzinfo=UTC)
LINE = "Mọi góp ý xin gửi về hòm thư của tòa soạn chúng tôi"
BOUNDS = Bounds(articles=10, days=5)


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path)


def body(number: int, *, length: int = 6) -> list[str]:
    return [
        f"Câu chuyện số {number} có đoạn thứ {place}, kể rằng mọi người đã về nhà bình an sau cơn bão."
        for place in range(length)
    ]


def article(
    number: int,
    texts: Sequence[str],
    *,
    site: str = "a.vn",
    title: str | None = None,
    lead: str | None = None,
    tags: tuple[str, ...] = (),
    related: tuple[str, ...] = (),
    headings: Sequence[str] = (),
    days: int | None = None,
) -> Article:
    return Article(
        url=f"https://{site}/{number}",
        site=site,
        title=title or f"Chuyện thứ {number} của những người ở lại sau cơn bão",
        lead=lead,
        blocks=tuple(Block("heading" if text in headings else "paragraph", text) for text in texts),
        published_at=START + timedelta(days=number if days is None else number % days),
        tags=tags,
        related_urls=related,
        extraction="profile",
        extraction_name=site,
    )


def write(data: DataDir, *articles: Article, site: str = "a.vn") -> None:
    path = data.site(site).records / "run-00000.parquet"
    path.parent.mkdir(parents=True)
    with RowWriter(path, RECORD_SCHEMA) as writer:
        for offset, each in enumerate(articles):
            response = ArchivedResponse(each.url or "", 200, (), b"", None, START, offset, "")
            writer.write(article_row(each, response, Source(site, "run", "0" * 16), None))
        writer.finish(Account(rules_version="0" * 16, warc_bytes=1, warc_mtime_ns=1))


def learn(data: DataDir) -> list[tuple[str, str, int]]:
    findings = learn_site(data, "a.vn", BOUNDS).findings
    return [(each.rule.name.partition("-")[0], each.rule.text, each.articles) for each in findings]


def test_a_line_at_the_end_of_many_articles_is_proposed(data: DataDir) -> None:
    """In twelve articles on twelve days, with the marks before it or without."""
    write(data, *(article(n, [*body(n), f"* {LINE}" if n % 2 else LINE] if n < 12 else body(n)) for n in range(20)))
    [(group, text, articles)] = learn(data)
    assert (group, text.removeprefix("* "), articles) == ("line", LINE, 12)


@pytest.mark.parametrize(
    ("line", "articles", "days"),
    [(LINE, 9, 9), (LINE, 20, 4), ("Kết quả", 20, 20), ("./.", 20, 20)],
    ids=["few articles", "few days", "short", "no word"],
)
def test_what_is_rare_or_short_is_not(data: DataDir, line: str, articles: int, days: int) -> None:
    """Nine articles, four days, two words: nothing is proposed."""
    write(data, *(article(n, [*body(n), line] if n < articles else body(n), days=days) for n in range(20)))
    assert learn(data) == []


@pytest.mark.parametrize(
    "line",
    [
        "Thông tư này có hiệu lực kể từ ngày ký ban hành",
        "Chánh Văn phòng, các bộ trưởng chịu trách nhiệm thi hành Nghị định này./.",
    ],
)
def test_formulas_of_law_are_not(data: DataDir, line: str) -> None:
    """They end what they are the end of."""
    write(data, *(article(n, [*body(n), line]) for n in range(20)))
    assert learn(data) == []


def test_what_stands_in_the_middle_or_heads_text_is_not(data: DataDir) -> None:
    """A sub-heading between paragraphs, at the start of the body, and one marked as heading at the end."""
    middle, first, last = (
        "Diễn biến chính của trận đấu tối qua",
        "Những điểm đáng chú ý của trận đấu",
        "Đội hình ra sân của hai đội bóng",
    )
    pages = []
    for n in range(20):
        texts = body(n)
        pages.append(article(n, [first, *texts[:3], middle, *texts[3:], last], headings=[last]))
    write(data, *pages)
    assert learn(data) == []


def test_what_one_series_says_is_not(data: DataDir) -> None:
    """A sentence that all articles of a topic end with, or all parts of a numbered series."""
    other = "Loạt bài này do nhóm phóng viên thực hiện trong ba tháng"
    pages = [
        article(n, [*body(n), "Vụ án sẽ được xét xử trong tháng tới tại thành phố"], tags=("vụ án",)) for n in range(12)
    ]
    pages += [
        article(n, [*body(n), other], title=f"Đường dài, kỳ {n}: những người ở lại phía sau") for n in range(20, 32)
    ]
    write(data, *pages, *(article(n, body(n)) for n in range(40, 60)))
    assert learn(data) == []


def test_what_other_papers_print_too_is_not(data: DataDir) -> None:
    """Wire copy ends alike in two papers."""
    write(data, *(article(n, [*body(n), LINE]) for n in range(20)))
    write(data, *(article(n, [*body(n + 100), LINE], site="b.vn") for n in range(2)), site="b.vn")
    assert learn(data) == []


TITLE = "Cây cầu mới qua sông Đáy thông xe sau hai năm thi công"
LEAD = "Sáng nay, hàng nghìn người dân hai bên bờ đã đổ ra xem chuyến xe đầu tiên lăn bánh qua cầu mới."


def test_teasers_are_proved_by_the_article_they_lead_to(data: DataDir) -> None:
    """Its title anywhere, its lead beside its title; the rule names the article."""
    texts = body(1)
    write(data, article(9, body(9), title=TITLE, lead=LEAD), article(1, [*texts[:3], TITLE, LEAD, *texts[3:]]))
    assert set(learn(data)) == {("teaser", TITLE, 1), ("teaser", LEAD, 1)}
    findings = read_findings(data.site("a.vn"))
    assert {(each.equals, each.leads_to, each.rule.title) for each in findings} == {
        ("title", "https://a.vn/9", TITLE),
        ("lead", "https://a.vn/9", TITLE),
    }


@pytest.mark.parametrize("related", [(), ("https://a.vn/9",)], ids=["bare", "linked"])
def test_a_lead_in_the_middle_needs_its_title_or_a_link(data: DataDir, related: tuple[str, ...]) -> None:
    """A paragraph that another article has as its lead may be the article's own words."""
    texts = body(1)
    write(
        data,
        article(9, body(9), title=TITLE, lead=LEAD),
        article(1, [*texts[:3], LEAD, *texts[3:]], related=related),
    )
    assert learn(data) == ([("teaser", LEAD, 1)] if related else [])


def test_an_update_is_no_teaser(data: DataDir) -> None:
    """An article that repeats lead and paragraphs of an earlier one tells the same story."""
    old, new = body(9), body(1)
    write(data, article(9, old, title=TITLE, lead=LEAD), article(1, [*new, old[0], LEAD]))
    assert learn(data) == []


def test_a_digest_is_left_alone(data: DataDir) -> None:
    """An article made of other articles' titles and leads."""
    targets = [article(n, body(n), title=f"{TITLE} lần thứ {n}", lead=f"{LEAD} Lần thứ {n}.") for n in range(4)]
    write(data, *targets, article(9, [text for each in targets for text in (each.title or "", each.lead or "")]))
    assert learn(data) == []


def test_a_title_that_two_articles_bear_is_no_teaser(data: DataDir) -> None:
    """It is the name of a column."""
    write(data, article(7, body(7), title=TITLE), article(9, body(9), title=TITLE), article(1, [*body(1), TITLE]))
    assert learn(data) == []


def test_a_file_edited_by_hand_is_checked(data: DataDir) -> None:
    """A wrong state names file, key and what may stand there; an unknown rule is named; what is right counts."""
    write(data, *(article(n, [*body(n), LINE]) for n in range(20)))
    lesson = learn_site(data, "a.vn", BOUNDS)
    text = lesson.path.read_text(encoding="utf-8")
    lesson.path.write_text(text.replace('"proposed"', '"yes"'), encoding="utf-8")
    with pytest.raises(BadLearntFile, match=r"learnt\.toml: rule\.0\.state = 'yes'.*accepted"):
        learn_site(data, "a.vn", BOUNDS)
    lesson.path.write_text(text.replace('"proposed"', '"refused"'), encoding="utf-8")
    assert [each.state for each in learn_site(data, "a.vn", BOUNDS).findings] == ["refused"]
    with pytest.raises(UnknownRule, match="no rule 'line-0'"):
        learn_site(data, "a.vn", BOUNDS, accept=["line-0"])


def test_nothing_to_learn_from_is_said(data: DataDir) -> None:
    """No such site, no records, a build that runs."""
    with pytest.raises(BrokenWorld, match=r"no archive of a\.vn"):
        learn_site(data, "a.vn")
    data.site("a.vn").records.mkdir(parents=True)
    with pytest.raises(BrokenWorld, match=r"no records of a\.vn; build it first"):
        learn_site(data, "a.vn")
    with records_lock(data.site("a.vn")), pytest.raises(BrokenWorld, match="another process"):
        learn_site(data, "a.vn")
