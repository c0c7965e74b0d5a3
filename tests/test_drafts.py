"""A profile drafted for an unknown paper cleans its pages without an edit; a CMS that is known makes it a few lines."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tinsach.app.drafts import NoDraft, draft_profile, trial_profile
from tinsach.app.main import main
from tinsach.app.newsroom import GoldRecord, Newsroom
from tinsach.app.newsroom.stranger import SIBLING, STRANGER, stranger_url, write_sibling_page, write_stranger_page
from tinsach.cleaning import clean_html
from tinsach.datasets.archive import ArchiveWriter, FetchedResponse
from tinsach.datasets.layout import DataDir
from tinsach.datasets.samples import NoPages

NOW = datetime(2026, 11, 20, tzinfo=UTC)
ARTICLES, LEARNT = 60, 30
MIN_F1 = 0.97
HEADERS = ((b"Content-Type", b"text/html; charset=utf-8"),)


@dataclass(frozen=True, slots=True)
class Papers:
    """Two papers without profile: of each some archived pages, and more that the draft has never seen."""

    data: DataDir
    pages: Mapping[str, Mapping[str, str]]  # by host, by URL
    gold: Mapping[str, GoldRecord]  # by URL


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    data = DataDir(tmp_path_factory.mktemp("papers"))
    newsroom = Newsroom(1, ARTICLES, ("ngaynay.vn", "vietnamplus.vn"), now=NOW)
    pages: dict[str, dict[str, str]] = {STRANGER: {}, SIBLING: {}}
    gold: dict[str, GoldRecord] = {}
    articles = newsroom.articles("ngaynay.vn")
    for number, article in enumerate(articles):
        others = [articles[(number * 7 + step * 3 + 1) % ARTICLES] for step in range(12)]
        truth = newsroom.gold(article.url)
        if truth.rejected is None:
            gold[stranger_url(article)] = truth
            pages[STRANGER][stranger_url(article)] = write_stranger_page(truth, others)
    for number, article in enumerate(newsroom.articles("vietnamplus.vn")):
        truth = newsroom.gold(article.url)
        if truth.rejected is None:
            url, page = write_sibling_page(newsroom, "vietnamplus.vn", number)
            gold[url], pages[SIBLING][url] = truth, page
    with ArchiveWriter(data.site("imported"), "20261120T000000Z-0000", software={}) as writer:
        for host in pages:
            for url, page in list(pages[host].items())[:LEARNT]:
                writer.write(FetchedResponse(url, 200, "OK", HEADERS, page.encode(), NOW))
    return Papers(data, pages, gold)


def word_f1(found: str, truth: str) -> float:
    one, other = Counter(found.split()), Counter(truth.split())
    return 2 * (one & other).total() / max(1, one.total() + other.total())


@pytest.mark.parametrize("host", [STRANGER, SIBLING])
def test_a_draft_cleans_its_paper(papers: Papers, host: str) -> None:
    """On every page, seen or not, the text has a word F1 of 0.97 or more; title, lead, time and section are right."""
    draft = draft_profile(papers.data, host)
    with trial_profile(host, draft.text):
        cleaned = {url: clean_html(page, url=url) for url, page in papers.pages[host].items()}
    assert len(cleaned) > LEARNT
    assert {article.extraction_name for article in cleaned.values()} == {host}
    scores = {}
    for url, article in cleaned.items():
        truth = papers.gold[url]
        scores[url] = word_f1(article.full_text, "\n\n".join([truth.lead or "", truth.text]))
        assert (article.title, article.lead, article.section) == (truth.title, truth.lead, truth.section)
        assert (article.published_at, article.tags) == (truth.published_at, truth.tags)
    assert min(scores.values()) >= MIN_F1, min(scores, key=lambda url: scores[url])


def test_an_unknown_template_is_named_by_what_a_person_chose(papers: Papers) -> None:
    """Selectors of every field, drops and figures; no hash, no number of an article; addresses with their id."""
    profile = tomllib.loads(draft_profile(papers.data, STRANGER).text)
    assert profile["extract"] == {
        "title": [".tua-bai"],
        "lead": [".tom-tat"],
        "body": [".than-bai"],
        "figure": [".khung-anh"],
        "author": [".ky-ten"],
        "time": [".ngay-gio"],
        "section": [".loi-di > a"],
        "tags": [".tu-khoa"],
        "drop": profile["extract"]["drop"],
    }
    assert set(profile["extract"]["drop"]["teaser"]) == {".xem-them", ".moi-doc"}
    assert profile["name"] == "Tin Mới"
    assert profile["discover"]["feeds"] == [f"https://{STRANGER}/rss/moi-nhat.rss"]
    assert profile["discover"]["article_url"].endswith(r"-(\d{4,})\.htm$")


def test_a_family_is_recognised(papers: Papers) -> None:
    """A paper on MCMS extends that family and repeats nothing that the family knows."""
    profile = tomllib.loads(draft_profile(papers.data, SIBLING).text)
    assert profile["extends"] == "mcms"
    assert not {"title", "lead", "body", "drop"} & set(profile.get("extract", {}))


def test_a_draft_passes_profile_check(
    papers: Papers, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`profile new --out` writes what `profile check` accepts, before anything is installed."""
    monkeypatch.chdir(tmp_path)
    codes = []
    draft = ["new", STRANGER, "--out", f"{STRANGER}.toml"]
    for command in (draft, ["check", f"{STRANGER}.toml"], draft):
        with pytest.raises(SystemExit) as end:
            main(["profile", *command, "--data", str(papers.data.root)])
        codes.append(end.value.code or 0)
    assert codes == [0, 0, 2]  # what may have been edited is not written over
    shown = capsys.readouterr()
    assert f"{LEARNT} pages by profile {STRANGER}" in shown.out
    assert "the draft fits 30 of 30" in shown.err


def test_too_little_to_learn_from_is_told(papers: Papers, tmp_path: Path) -> None:
    """A host without archived pages, or with a handful, is no draft but a line that says what helps."""
    with pytest.raises(NoPages, match=r"no archived page of nobody\.example; `tinsach import`"):
        draft_profile(papers.data, "nobody.example")
    data = DataDir(tmp_path)
    with ArchiveWriter(data.site("imported"), "20261120T000000Z-0000", software={}) as writer:
        url, page = next(iter(papers.pages[STRANGER].items()))
        writer.write(FetchedResponse(url, 200, "OK", HEADERS, page.encode(), NOW))
    with pytest.raises(NoDraft, match="only 1 archived pages are articles"):
        draft_profile(data, STRANGER)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('name = "X"\n[extract]\nbody = ["p["]\n', "mau.example.toml: extract.body.0 = 'p['"),
        (None, "mau.example.toml: cannot be read"),
    ],
)
def test_check_names_the_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None, says: str
) -> None:
    """A file that is no profile is one line that names it, and code 2."""
    path = tmp_path / "mau.example.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        main(["profile", "check", str(path), "--data", str(tmp_path / "data")])
    assert end.value.code == 2
    assert says in capsys.readouterr().err
