"""A paper that changes its template is noticed after the next build, with selectors and pages; quiet days are quiet."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tinsach.app.main import main
from tinsach.app.newsroom import NewsArticle, Newsroom
from tinsach.app.newsroom.days import articles_by_day, crawl_day, published_on
from tinsach.app.newsroom.relaunch import Relaunch
from tinsach.cleaning import Article, Block, Rejected
from tinsach.datasets.alarms import AlarmError, Alarms, accept_alarm, read_alarms, write_alarms
from tinsach.datasets.archive import ArchivedResponse, ArchiveWriter
from tinsach.datasets.build import build_site
from tinsach.datasets.changes import HISTORY, RECENT
from tinsach.datasets.drift import DriftReport, check_drift, check_pages
from tinsach.datasets.facts import FactsError, PageFacts, read_facts
from tinsach.datasets.layout import DataDir, SiteDir
from tinsach.datasets.records import Source, article_row, reject_row
from tinsach.datasets.schema import RECORD_SCHEMA, REJECT_SCHEMA
from tinsach.datasets.shards import Account, RowWriter, read_account

SITE, BUSY_SITE = "ngaynay.vn", "qdnd.vn"
QUIET_DAYS, DAYS = 30, 32
END = datetime(2026, 12, 4, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Month:
    """A data folder with thirty quiet days of one paper, and what the paper has for the days after."""

    data: DataDir
    newsroom: Relaunch
    later: dict[date, list[NewsArticle]]


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    data = DataDir(tmp_path_factory.mktemp("month"))
    newsroom = Relaunch(1, 15 * (DAYS + 1), (SITE,), now=END)
    days = sorted(articles_by_day(newsroom, SITE).items())[-DAYS:]
    for day, articles in days[:QUIET_DAYS]:
        archive_day(data, newsroom, day, articles)
    build_site(data, SITE, jobs=0)
    later = {day: [one for one in newsroom.articles(SITE) if published_on(one) == day] for day, _ in days[QUIET_DAYS:]}
    return Month(data, newsroom, later)


@pytest.fixture(scope="module")
def changed(month: Month) -> Iterator[DriftReport]:
    """What the first build after the relaunch finds."""
    month.newsroom.relaunch(SITE)
    day, articles = next(iter(month.later.items()))
    archive_day(month.data, month.newsroom, day, articles)
    build_site(month.data, SITE, jobs=0)
    yield check_drift(month.data.site(SITE))


@pytest.fixture
def busy_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SiteDir:
    """Thirty quiet days of a paper of another make with 25 articles a weekday and 8 a weekend day."""
    monkeypatch.setattr("tinsach.app.newsroom.sites.GAP_SECONDS", 50 * 60)
    data = DataDir(tmp_path)
    newsroom = Newsroom(1, 60 * (QUIET_DAYS + 1), (BUSY_SITE,), now=END)  # the older half is in an older template
    days = sorted(articles_by_day(newsroom, BUSY_SITE, per_weekday=25, per_weekend_day=8).items())[-QUIET_DAYS:]
    for day, articles in days:
        archive_day(data, newsroom, day, articles, site=BUSY_SITE)
    build_site(data, BUSY_SITE, jobs=0)
    return data.site(BUSY_SITE)


def archive_day(data: DataDir, newsroom: Newsroom, day: date, articles: list[NewsArticle], *, site: str = SITE) -> None:
    with ArchiveWriter(data.site(site), f"{day:%Y%m%d}T160000Z-0000", software={}) as writer:
        for response in crawl_day(newsroom, day, articles):
            writer.write(response)


def read_all(month: Month, monkeypatch: pytest.MonkeyPatch) -> list[PageFacts]:
    return read_month(month.data.site(SITE), monkeypatch)


def read_month(site: SiteDir, monkeypatch: pytest.MonkeyPatch) -> list[PageFacts]:
    monkeypatch.setattr("tinsach.datasets.facts.HISTORY", timedelta(days=60))
    return read_facts(site)


def check_each_day(site: SiteDir, pages: list[PageFacts]) -> list[str]:
    """The alarms of a check after each day, as they are told."""
    told, alarms = [], Alarms()
    for end in sorted({page.fetched_at.date() for page in pages}):
        seen = [page for page in pages if end - HISTORY - RECENT <= page.fetched_at.date() <= end]
        report, alarms = check_pages(site, seen, alarms)
        told += [alarm.describe() for alarm in report.new]
    return told


def test_thirty_quiet_days_alarm_nobody(month: Month, monkeypatch: pytest.MonkeyPatch) -> None:
    """After each of thirty days, weekends with few pages of other sections among them, a check finds nothing."""
    pages = read_all(month, monkeypatch)
    assert len({page.fetched_at.date() for page in pages}) == QUIET_DAYS
    assert check_each_day(month.data.site(SITE), pages) == []


def test_thirty_quiet_days_of_a_busy_paper_alarm_nobody(busy_site: SiteDir, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor do five times as many pages of another template, by which smaller changes would show."""
    pages = read_month(busy_site, monkeypatch)
    assert len(pages) > 20 * 25
    assert check_each_day(busy_site, pages) == []


@pytest.mark.parametrize("field", ["modified_at", "related_urls", "language"])
def test_a_field_that_is_lost_is_noticed(month: Month, monkeypatch: pytest.MonkeyPatch, field: str) -> None:
    """Every field of a record is watched, also those that no page has to have: two days without are an alarm."""
    pages = [page for page in read_all(month, monkeypatch) if page.id]
    assert sum(page.holds[field] for page in pages) > 0.9 * len(pages)
    lost_at = END - timedelta(days=5)
    lost = [replace(p, holds={**p.holds, field: False}) if p.fetched_at > lost_at else p for p in pages]
    [told] = check_each_day(month.data.site(SITE), lost)
    assert told.startswith(f"{SITE}:{field}: pages ")


def test_pages_are_known_by_their_sections(month: Month, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page's facts bear its section, so that a day's mix of sections can explain them."""
    sections = {page.section for page in read_all(month, monkeypatch) if page.id}
    assert sections >= {"Thời sự", "Thế giới", "Văn hóa"}
    assert all(isinstance(section, str) for section in sections)


def test_a_new_template_is_noticed_after_the_next_build(month: Month, changed: DriftReport) -> None:
    """Alarms name site, field, since when, the selectors that stopped, and a page before and after."""
    alarms = {alarm.field: alarm for alarm in changed.new}
    assert {"extraction", "title", "lead", "section", "tags"} <= set(alarms)
    body = alarms["extraction"]
    first = next(iter(month.later))
    assert (body.before, body.after, body.since.date()) == (1.0, 0.0, first)
    assert "body .article__body.cms-body" in body.selectors
    assert alarms["lead"].selectors == ("lead .article__sapo", "lead .cms-desc")
    assert body.page_before is not None and body.page_before.fetched_at.date() < first
    assert body.page_after is not None and body.page_after.fetched_at.date() == first
    assert body.page_after.url in {article.url for article in month.later[first]}


def test_an_alarm_that_goes_on_is_not_new(month: Month, changed: DriftReport) -> None:
    """A second check finds the same alarms open and none new; the file holds them as they were opened."""
    again = check_drift(month.data.site(SITE))
    assert again.new == () and again.closed == ()
    assert again.ongoing == changed.new == read_alarms(month.data.site(SITE)).open


def test_an_alarm_stays_when_the_new_ways_fill_the_history(
    month: Month, changed: DriftReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three weeks later all pages of the last 14 days are of the new kind; that does not make it the old one."""
    later = [
        PageFacts(page.id, page.url, page.section, page.fetched_at + timedelta(days=21), "", 0, page.holds)
        for page in read_all(month, monkeypatch)
        if page.fetched_at >= changed.new[0].since
    ] * 2
    report, _ = check_pages(month.data.site(SITE), later, read_alarms(month.data.site(SITE)))
    assert "extraction" in {alarm.field for alarm in report.ongoing}


def test_build_tells_and_ends_with_code_1(
    month: Month, changed: DriftReport, capsys: pytest.CaptureFixture[str]
) -> None:
    """`tinsach build` tells open alarms in one line and ends with code 1; `tinsach drift` shows all of them."""
    ended = {}
    for command in (["build", SITE], ["drift"], ["drift", "--log", "json"]):
        with pytest.raises(SystemExit) as end:
            main([*command, "--data", str(month.data.root)])
        ended[" ".join(command)] = (end.value.code, *capsys.readouterr())
    code, _, told = ended[f"build {SITE}"]
    assert (code, told.count("\n")) == (1, 1) and f"drift: {SITE}: still open since" in told
    code, shown, _ = ended["drift"]
    assert code == 1
    assert "no longer matches: body .article__body.cms-body" in shown and "https://ngaynay.vn/" in shown
    events = [json.loads(line) for line in ended["drift --log json"][1].splitlines()]
    assert {event["field"] for event in events if event["event"] == "alarm"} == {alarm.field for alarm in changed.new}
    assert (events[-1]["event"], events[-1]["alarms"]) == ("drifted", len(changed.new))


def test_a_change_that_is_meant_to_be_is_accepted(month: Month, changed: DriftReport) -> None:
    """An accepted change is the new usual: no alarm about it any more, the others stay; a wrong name is told."""
    site = month.data.site(SITE)
    kept = read_alarms(site)
    assert kept.open == changed.new
    try:
        accept_alarm(site, "tags")
        assert "tags" not in {alarm.field for alarm in check_drift(site).ongoing}
        assert check_drift(site).new == ()
        with pytest.raises(AlarmError, match="no open alarm about 'tags'; open: extraction"):
            accept_alarm(site, "tags")
    finally:
        write_alarms(site, kept)


def test_a_broken_file_of_alarms_is_told(tmp_path: Path) -> None:
    """A file that is none of ours is named with the remedy; a site without alarms has no file."""
    site = DataDir(tmp_path).site(SITE)
    assert read_alarms(site) == Alarms()
    site.root.mkdir(parents=True)
    (site.root / "alarms.json").write_text('{"open": 3}')
    with pytest.raises(AlarmError, match=r"alarms\.json: not a file of alarms .* remove it"):
        read_alarms(site)


def test_the_rejects_of_a_backfill_are_no_drift(tmp_path: Path) -> None:
    """A first crawl goes from today back over years: what it rejects of old pages is as old as the pages beside."""
    site = DataDir(tmp_path).site(SITE)
    at = datetime(2026, 11, 29, 2, tzinfo=UTC)
    source = Source(SITE, "first-00000.warc.gz", "0" * 16)
    site.records.mkdir(parents=True)
    site.rejects.mkdir()
    with (
        RowWriter(site.records / "first-00000.parquet", RECORD_SCHEMA) as records,
        RowWriter(site.rejects / "first-00000.parquet", REJECT_SCHEMA) as rejects,
    ):
        for number in range(400):
            fetched_at = at + timedelta(seconds=number)
            response = ArchivedResponse(f"https://{SITE}/{number}", 200, (), b"", None, fetched_at, number, "")
            if number % 20 == 19:
                rejects.write(reject_row(Rejected("no-text"), response, source))
                continue
            article = Article(
                url=response.url,
                site=SITE,
                title="Tin",
                blocks=(Block("paragraph", f"Đoạn số {number}."),),
                published_at=fetched_at - timedelta(hours=number),
                extraction="profile",
                extraction_name=SITE,
            )
            records.write(article_row(article, response, source, str(number)))
        for writer in (records, rejects):
            writer.finish(Account(rules_version="0" * 16, warc_bytes=1, warc_mtime_ns=1))
    pages = read_facts(site)
    assert (sum(page.id is not None for page in pages), sum(page.id is None for page in pages)) == (161, 8)
    assert check_drift(site).new == ()


def test_shards_of_runs_long_ago_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a check reads does not grow with the years; a file not named after a run is read, whatever its age."""
    site = DataDir(tmp_path).site(SITE)
    for name, day in (("20261129T020000Z-0000", 29), ("20261111T020000Z-0000", 11), ("import-0000", 1)):
        write_shard(site, f"{name}-00000", datetime(2026, 11, day, 2, tzinfo=UTC))
    write_shard(site, "20261109T020000Z-0000-00000", datetime(2026, 11, 9, 2, tzinfo=UTC))
    opened = set()

    def note(path: Path) -> Account:
        opened.add(path.name.removesuffix("-00000.parquet"))
        return read_account(path)

    monkeypatch.setattr("tinsach.datasets.facts.read_account", note)
    assert [page.fetched_at.day for page in read_facts(site)] == [29]
    assert opened == {"20261129T020000Z-0000", "20261111T020000Z-0000", "import-0000"}


def test_a_damaged_shard_is_set_aside(tmp_path: Path) -> None:
    """The check says which one, and the next build finds it missing."""
    site = DataDir(tmp_path).site(SITE)
    write_shard(site, "20261129T020000Z-0000-00000", END - timedelta(days=5))
    [shard] = site.records.iterdir()
    content = shard.read_bytes()
    end = len(content) - 8 - int.from_bytes(content[-8:-4], "little")  # where the footer begins
    shard.write_bytes(content[:4] + bytes(end - 4) + content[end:])
    with pytest.raises(FactsError, match=rf"{shard.name}: damaged .*; `tinsach build {SITE}` makes it anew"):
        read_facts(site)
    assert [path.name for path in site.records.iterdir()] == [f"{shard.name}.damaged"]


def write_shard(site: SiteDir, name: str, fetched_at: datetime) -> None:
    """A shard of one record, and one without rejects."""
    response = ArchivedResponse(f"https://{SITE}/{name}", 200, (), b"", None, fetched_at, 0, "")
    blocks = (Block("paragraph", "Một đoạn."),)
    article = Article(
        url=response.url, site=SITE, title="Tin", blocks=blocks, extraction="profile", extraction_name=SITE
    )
    row = article_row(article, response, Source(SITE, f"{name}.warc.gz", "0" * 16), name)
    for folder, schema, rows in ((site.records, RECORD_SCHEMA, [row]), (site.rejects, REJECT_SCHEMA, [])):
        folder.mkdir(parents=True, exist_ok=True)
        with RowWriter(folder / f"{name}.parquet", schema) as writer:
            for one in rows:
                writer.write(one)
            writer.finish(Account(rules_version="0" * 16, warc_bytes=1, warc_mtime_ns=1))
