"""What `tinsach fixture add` saves: the page of a file or of the archive, or the two pages of an open alarm."""

from itertools import islice
from pathlib import Path

from tinsach.app.exits import DONE
from tinsach.app.inputs import Document, PassedOver, read_documents
from tinsach.app.rows import find_page_url, stand_in_url
from tinsach.app.session import Session
from tinsach.cleaning import Article, Rejected, load_profile
from tinsach.datasets.alarms import Alarm, AlarmPage, Alarms, find_alarm, read_alarms
from tinsach.datasets.archive import read_response
from tinsach.datasets.drift import LOST_BODY
from tinsach.datasets.fixtures import (
    FIELDS,
    Fixture,
    FixtureError,
    Record,
    SavedPage,
    add_fixture,
    clean_page,
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
    items = (item for item in read_documents(path) if not isinstance(item, PassedOver))
    documents = list(islice(items, 2))
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

    The new page is expected to be what it was in its old template, or else as `_expect` says: it is red until the
    profile is mended.
    """
    site, _, field = name_of_alarm.partition(":")
    if not field or site not in session.data.sites():
        raise BrokenWorld(f"--alarm {name_of_alarm}: give SITE:FIELD, as `tinsach drift` shows it")
    folder_of_site = session.data.site(site)
    alarms = read_alarms(folder_of_site)
    alarm = find_alarm(alarms, folder_of_site, field)
    pages = {word: page for word, page in (("before", alarm.page_before), ("after", alarm.page_after)) if page}
    names = {word: _name(name, page, word) for word, page in pages.items()}
    saved = {word: _read_page(folder_of_site, page) for word, page in pages.items()}
    for word, page in saved.items():
        place_fixture(folder, page, name=names[word])  # both or none
    for word, page in saved.items():
        expected = _expect(page, saved.get("before"), alarms) if word == "after" else None
        fixture = add_fixture(folder, page, name=names[word], note=_note(alarm, word), expected=expected)
        _tell(session, fixture, expected)
    return DONE


def _expect(page: SavedPage, before: SavedPage | None, alarms: Alarms) -> Record:
    """The record of the article's old version; of another article only what is known without one.

    That is: by which profile it has to be cleaned, where it no longer is; else what no alarm is about. The text is left
    out too: what is no longer read as a title, say, may stand there now.
    """
    old = clean_page(before) if before is not None and before.url == page.url else None
    if isinstance(old, Article):
        return make_record(old)
    now, site = clean_page(page), alarms.open[0].site
    if isinstance(now, Rejected) or (now.extraction != "profile" and any(map(alarms.find, LOST_BODY))):
        return {"site": site, "extraction": "profile", "extraction_name": site}
    unknown = {"blocks", "removed"} | {alarm.field.removesuffix("_words") for alarm in alarms.open}
    return {name: value for name, value in make_record(now).items() if name not in unknown}


def _read_page(site: SiteDir, page: AlarmPage) -> SavedPage:
    return to_saved_page(read_response(site.archive / page.warc_file, page.warc_offset))


def _name(name: str | None, page: AlarmPage, word: str) -> str:
    return f"{name or name_page(page.url)}-{word}"


def _note(alarm: Alarm, word: str) -> str:
    return f"{word} the change of {alarm.field} on {alarm.since:%Y-%m-%d}"


def _tell(session: Session, fixture: Fixture, expected: Record | None) -> None:
    unknown = [name for name in FIELDS if name not in expected] if expected else []
    session.output.event("fixture", name=fixture.name, path=fixture.path, url=fixture.url, unknown=unknown)
    session.output.line(f"{fixture.path}: saved")
    if expected is None:
        session.output.note("Read its expected.json: it holds what cleaning makes of the page now, right or wrong.")
    elif unknown:
        session.output.note(
            f"No older version tells its {', '.join(unknown)}: write into expected.json what the page says, or mend "
            f"the profile first, let `tinsach fixture update --complete {fixture.name}` add it, and read that."
        )
    else:
        session.output.note(
            "It is expected to be as before: correct its expected.json where the article was edited since."
        )
