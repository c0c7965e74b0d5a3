"""What `tinsach fixture add` saves: the page of a file or of the archive, or the two pages of an open alarm."""

from itertools import islice
from pathlib import Path

from tinsach.app.exits import DONE
from tinsach.app.inputs import Document, read_documents
from tinsach.app.rows import find_page_url, stand_in_url
from tinsach.app.session import Session
from tinsach.cleaning import Article, Rejected, load_profile
from tinsach.datasets.alarms import Alarm, AlarmPage, find_alarm, read_alarms
from tinsach.datasets.archive import read_response
from tinsach.datasets.fixtures import (
    Fixture,
    FixtureError,
    SavedPage,
    add_fixture,
    clean_fixture,
    make_record,
    name_page,
    place_fixture,
)
from tinsach.datasets.layout import BrokenWorld, DataDir, SiteDir
from tinsach.datasets.lookup import find_page, to_saved_page


def read_archived(data: DataDir, name: str) -> SavedPage:
    """The page of the archive with this address or record id."""
    return to_saved_page(find_page(data, name))


def read_file(path: Path, *, url: str | None, site: str | None) -> SavedPage:
    """The one page of a file; its own address counts before --url, and --site's front page stands for none."""
    if site is not None:
        load_profile(site)
    documents = list(islice(read_documents(path), 2))
    if len(documents) > 1:
        raise FixtureError(f"{path}: holds more than one page; `tinsach import` it, then give the URL of one")
    document = documents[0] if documents else None
    if not isinstance(document, Document) or document.html is None:
        raise FixtureError(f"{path}: no page to save; a fixture is made of HTML")
    try:
        own = document.url or find_page_url(document.html) or url
    except Rejected:  # it is a fixture of a page that is to be rejected
        own = url
    if own is None and site is None:
        raise FixtureError(f"{path}: the page names no address of its own; give it with --url")
    html = document.html.encode() if isinstance(document.html, str) else document.html
    return SavedPage(
        url=own or stand_in_url(document, site),
        html=html,
        fetched_at=document.fetched_at,
        charset="utf-8" if isinstance(document.html, str) else document.charset,
    )


def add_alarm_pages(session: Session, name_of_alarm: str, folder: Path, *, name: str | None) -> int:
    """Save the page before and the page after; returns the exit code.

    Where both are versions of one article, the record of the old one is what is expected of the new one: it is red
    until the profile is mended.
    """
    site, _, field = name_of_alarm.partition(":")
    if not field or site not in session.data.sites():
        raise BrokenWorld(f"--alarm {name_of_alarm}: give SITE:FIELD, as `tinsach drift` shows it")
    folder_of_site = session.data.site(site)
    alarm = find_alarm(read_alarms(folder_of_site), folder_of_site, field)
    pages = {word: page for word, page in (("before", alarm.page_before), ("after", alarm.page_after)) if page}
    names = {word: _name(name, page, word) for word, page in pages.items()}
    saved = {word: _read_page(folder_of_site, page) for word, page in pages.items()}
    for word, page in saved.items():
        place_fixture(folder, page, name=names[word])  # both or none
    expected = None
    for word, page in saved.items():
        fixture = add_fixture(folder, page, name=names[word], note=_note(alarm, word), expected=expected)
        _tell(session, fixture, is_copied=expected is not None)
        if word == "before" and "after" in pages and pages["after"].url == page.url:
            expected = _expect(fixture)
    return DONE


def _read_page(site: SiteDir, page: AlarmPage) -> SavedPage:
    return to_saved_page(read_response(site.archive / page.warc_file, page.warc_offset))


def _expect(fixture: Fixture) -> dict[str, object] | None:
    """The record of the article in its old template."""
    cleaned = clean_fixture(fixture)
    return make_record(cleaned) if isinstance(cleaned, Article) else None


def _name(name: str | None, page: AlarmPage, word: str) -> str:
    return f"{name or name_page(page.url)}-{word}"


def _note(alarm: Alarm, word: str) -> str:
    return f"{word} the change of {alarm.field} on {alarm.since:%Y-%m-%d}"


def _tell(session: Session, fixture: Fixture, *, is_copied: bool) -> None:
    session.output.event("fixture", name=fixture.name, path=fixture.path, url=fixture.url)
    session.output.line(f"{fixture.path}: saved")
    if is_copied:
        session.output.note(
            "It is expected to be as before: correct its expected.json where the article was edited since."
        )
    else:
        session.output.note("Read its expected.json: it holds what cleaning makes of the page now, right or wrong.")
