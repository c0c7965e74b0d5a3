"""What the newsroom's reviewer accepts goes from every page by name; what papers print alike is not proposed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tinsach.app.newsroom import Newsroom
from tinsach.app.newsroom.desk import write_article
from tinsach.datasets.archive import ArchiveWriter, FetchedResponse
from tinsach.datasets.build import build_site, explain_site
from tinsach.datasets.layout import DataDir
from tinsach.datasets.learn import learn_site
from tinsach.datasets.learnt import Finding

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SITE, OTHER = "ngaynay.vn", "vietnamplus.vn"
ARTICLES = 72
HOUSE = "Tòa soạn chúc bà con một ngày an lành và nhiều niềm vui bên gia đình."
WIRE = "Các nhà phân tích cho rằng thị trường sẽ còn nhiều biến động trong những tháng tới."
HEADING = "Toàn cảnh diễn biến chính trong ngày"
LEGAL = "Quyết định này có hiệu lực thi hành kể từ ngày ký ban hành./."


def plant(html: str, *lines: str) -> str:
    """The page with paragraphs at the end of its body."""
    end = html.rindex(" </div>", 0, html.index('<div class="article__tag"'))
    return html[:end] + "".join(f"<p>{line}</p>" for line in lines) + html[end:]


def write_pages(newsroom: Newsroom, site: str) -> Iterator[FetchedResponse]:
    articles = newsroom.articles(site)
    for number, article in enumerate(articles):
        page = newsroom.open_article(site, number)
        html = write_article(page)
        if '<div class="article__tag"' in html and page.story.rejected is None:
            lines = []
            if number % 3 == 0:
                lines += [HEADING, f"Đến cuối ngày {number}, mọi việc đã trở lại bình thường, người dân yên tâm."]
            if number % 4 == 1 and (led := articles[(number + 36) % ARTICLES]).lead:
                lines += [led.title, led.lead or ""]
            lines += [WIRE] * (number % 5 == 2) + [LEGAL] * (number % 5 == 3)
            lines += [HOUSE] * (site == SITE and number % 2 == 0)
            html = plant(html, *lines)
        header = (b"Content-Type", b"text/html; charset=utf-8")
        yield FetchedResponse(article.url, 200, "", (header,), html.encode(), article.published_at)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    """Two papers, archived and built."""
    data = DataDir(tmp_path_factory.mktemp("learn"))
    newsroom = Newsroom(1, ARTICLES, now=NOW)
    for site in (SITE, OTHER):
        with ArchiveWriter(data.site(site), "run", software={}) as writer:
            for response in write_pages(newsroom, site):
                writer.write(response)
        build_site(data, site, jobs=0)
    return data


def read_rows(data: DataDir, site: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(data.site(site).records / "run-00000.parquet").to_pylist()
    return rows


def group(findings: Sequence[Finding]) -> Mapping[str, set[str]]:
    found = defaultdict(set)
    for each in findings:
        found[each.rule.name.partition("-")[0]].add(each.rule.text)
    return found


def test_learnt_lines_go_by_name_once_accepted(data: DataDir) -> None:
    """The house's line and the planted teasers are proposed with counts, nothing else; accepted, they are gone."""
    before = read_rows(data, SITE)
    lesson = learn_site(data, SITE)
    found = group(lesson.findings)
    assert found["line"] == {HOUSE}
    planted = {row["title"] for row in before} | {row["lead"] for row in before}
    assert len(found["teaser"]) >= 10
    assert found["teaser"] <= planted
    [house] = [each for each in lesson.findings if each.rule.text == HOUSE]
    with_line = [row for row in before if HOUSE in row["text"]]
    assert (house.articles, house.chars) == (len(with_line), len(with_line) * len(HOUSE))
    assert set(house.examples) <= {row["url"] for row in with_line}
    assert build_site(data, SITE, jobs=0).built == 0  # a proposal changes nothing

    learn_site(data, SITE, accept=["all"])
    [plan] = explain_site(data, SITE)
    assert (plan.stale or "").startswith("what is learnt of the site changed")
    build_site(data, SITE, jobs=1)
    after = read_rows(data, SITE)
    assert [row["id"] for row in after] == [row["id"] for row in before]
    for was, now in zip(before, after, strict=True):
        gone = {each["text"]: each["rule"] for each in now["removed"] if each["rule"].startswith("learnt:")}
        kept = [block for block in now["blocks"] if block in was["blocks"]]  # without it a photo story shows as one
        assert [block for block in was["blocks"] if block["text"] not in gone] == kept
        assert HOUSE not in now["text"]
        assert gone.get(HOUSE, f"learnt:{house.rule.name}") == f"learnt:{house.rule.name}"
    assert any(WIRE in row["text"] for row in after)
    assert any(HEADING in row["text"] for row in after)
    assert any(LEGAL in row["text"] for row in after)
    assert build_site(data, SITE, jobs=0).built == 0

    again = learn_site(data, SITE)
    assert {each.state for each in again.findings} == {"accepted"}
    assert group(again.findings) == found


def test_refused_rules_stay_refused(data: DataDir, tmp_path: Path) -> None:
    """What the reviewer refused is neither proposed again nor applied."""
    lesson = learn_site(data, OTHER, refuse=["teaser"])
    assert lesson.findings
    assert {each.state for each in lesson.findings} == {"refused"}
    first = lesson.path.read_bytes()
    assert {each.state for each in learn_site(data, OTHER).findings} == {"refused"}
    assert lesson.path.read_bytes() == first
    assert build_site(data, OTHER, jobs=0).built == 0
