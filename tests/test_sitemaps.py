"""Sitemaps: bytes in, links and further maps out; whatever a server sends, the reader ends and says what was wrong."""

import gzip
from datetime import UTC, datetime

import pytest

from tinsach.cleaning.profile import load_profile
from tinsach.crawler.discover import Link, Unreadable
from tinsach.crawler.sitemaps import MAX_UNPACKED_BYTES, MapRef, find_span, month_url, read_map

NGAYNAY = load_profile("ngaynay.vn")
URL = "https://ngaynay.vn/sitemap.xml"
HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n"
SITEMAPS, NEWS = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.google.com/schemas/sitemap-news/0.9"


def article(number: int) -> str:
    return f"https://ngaynay.vn/bai-post{number}.html"


def urlset(*entries: str, end: str = "</urlset>") -> bytes:
    urls = "".join(f"<url>{entry}</url>\n" for entry in entries)
    return f'{HEAD}<urlset xmlns="{SITEMAPS}" xmlns:n="{NEWS}" xmlns:i="image">\n{urls}{end}\n'.encode()


def loc(number: int) -> str:
    return f"<loc>{article(number)}</loc>"


def read(body: bytes) -> tuple[list[Link | MapRef], str]:
    """What the map gave, and what was wrong with it."""
    found: list[Link | MapRef] = []
    try:
        for entry in read_map(body, url=URL, profile=NGAYNAY):
            found.append(entry)  # noqa: PERF402  # what came before an error counts
    except Unreadable as error:
        return found, str(error)
    return found, ""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def test_entries_with_their_times() -> None:
    """The later of lastmod and publication is the hint; a time without zone is Vietnam's; pictures are no articles."""
    day, moment = "2026-11-20", "2026-11-19T08:00:00Z"
    news = f"<n:news><n:publication_date>{moment}</n:publication_date><n:title>x</n:title></n:news>"
    picture = "<i:image><i:loc>https://ngaynay.vn/anh-post9.html</i:loc></i:image>"
    body = urlset(
        f"{picture}\n  {loc(1)}<lastmod>{day}</lastmod>{news}",
        f"{loc(2)}<lastmod>hôm qua</lastmod>",
        "<loc>https://ngaynay.vn/thoi-su/</loc>",
        "<loc> </loc>",
        "",
    )
    assert read(body) == (
        [Link(article(1), at("2026-11-20T00:00+07:00"), at("2026-11-19T08:00+00:00")), Link(article(2))],
        "",
    )


def test_an_index_lists_maps() -> None:
    """With the time of each one's last change; a relative address is the index's."""
    refs = "<sitemap><loc>/maps/a.xml</loc><lastmod>2026-11-20T00:00:00+07:00</lastmod></sitemap><sitemap/>"
    body = f'<sitemapindex xmlns="{SITEMAPS}">{refs}</sitemapindex>'.encode()
    assert read(body) == ([MapRef("https://ngaynay.vn/maps/a.xml", at("2026-11-20T00:00+07:00"))], "")


def test_an_address_that_is_none_is_passed_over() -> None:
    """Half an address, one without a host, one of 10 kB: the maps beside them are listed."""
    bad = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in ("http://[oops", "file:///x", "/" + "a" * 9_999))
    good = "<sitemap><loc>/good.xml</loc></sitemap>"
    assert read(f'<sitemapindex xmlns="{SITEMAPS}">{bad}{good}</sitemapindex>'.encode()) == (
        [MapRef("https://ngaynay.vn/good.xml")],
        "",
    )


def test_gzip_is_unpacked() -> None:
    """Whatever the file is called."""
    assert read(gzip.compress(urlset(loc(1)))) == ([Link(article(1))], "")


@pytest.mark.parametrize(
    ("body", "links", "said"),
    [
        pytest.param(b"", 0, "not a sitemap: no XML", id="empty"),
        pytest.param(b"kh\xc3\xb4ng", 0, "not a sitemap: no XML", id="text"),
        pytest.param(b"<!DOCTYPE html><html><body><p>404<br></body></html>", 0, "not a sitemap but <html>", id="HTML"),
        pytest.param(urlset(loc(1), loc(2), end=""), 2, "breaks off after 2 entries", id="cut off"),
        pytest.param(gzip.compress(urlset(*map(loc, range(999))))[:-999], None, "breaks off", id="gzip cut off"),
        pytest.param(b"\x1f\x8b\x08" + b"x" * 99, 0, "broken gzip", id="broken gzip"),
        pytest.param(urlset(f"<loc>{article(1)}?a=1&b=2</loc>", loc(2)), 2, "", id="bare ampersand"),
        pytest.param(urlset(loc(1), "<loc>\x01</loc>", loc(2)), 2, "", id="control character"),
        pytest.param(urlset(f"<lastmod>{'9' * 5000}</lastmod>{loc(1)}"), 1, "", id="endless time"),
        pytest.param(HEAD.encode() + b"<urlset/>", 0, "", id="no entries"),
        pytest.param(b"<urlset>" + b"<url>" * 300, 0, "breaks off", id="deep"),
    ],
)
def test_what_is_no_whole_map_says_so(body: bytes, links: int | None, said: str) -> None:
    """Entries before the damage count; what is wrong is told in a few words; an unescaped & costs nothing."""
    found, error = read(body)
    assert links is None or len(found) == links
    assert error.startswith(said) if said else not error


def test_a_gzip_bomb_is_cut_short() -> None:
    """100 kB that unpack to more than the bound give what came before it."""
    bomb = gzip.compress(urlset(loc(1), end=" " * (MAX_UNPACKED_BYTES + 1)))
    assert len(bomb) < 200_000
    assert read(bomb) == ([Link(article(1))], "larger than 64 MiB when unpacked")


def test_entities_are_not_resolved() -> None:
    """Neither a billion laughs nor a file of this machine."""
    laughs = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    body = urlset(loc(1), "<loc>https://ngaynay.vn/&b;-&f;-post2.html</loc>").replace(
        b"<urlset", laughs.encode() + b"<urlset"
    )
    found, _ = read(body)
    assert [link.url for link in found] == [article(1)]


def test_a_large_map_is_streamed() -> None:
    """The first of 100,000 entries comes before the map is read, and each is read once."""
    body = urlset(*map(loc, range(100_000)))
    entries = read_map(body, url=URL, profile=NGAYNAY)
    first = next(entries)
    assert (first.url, len({entry.url for entry in entries})) == (article(0), 99_999)


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("news-2026-7.xml", "2026-07-01/2026-08-01"),
        ("news-2026-12.xml.gz", "2026-12-01/2027-01-01"),
        ("2026/7/article.xml", "2026-07-01/2026-08-01"),
        ("sitemaps-2026-11-16-20.xml", "2026-11-16/2026-11-21"),
        ("sitemap-2026-11-30.xml", "2026-11-30/2026-12-01"),
        ("sitemap_202611.xml", "2026-11-01/2026-12-01"),
        ("sitemap-20261105.xml", "2026-11-05/2026-11-06"),
        ("posts-2015.xml", "2015-01-01/2016-01-01"),
        ("google-news.xml", None),
        ("sitemap-12.xml", None),
        ("news-2026-13.xml", None),
        ("news-2026-02-31.xml", None),
        ("post-120261.xml", None),
    ],
)
def test_days_that_a_maps_name_tells(name: str, days: str | None) -> None:
    """A year, a month, a day, or some days of a month; what is no date is none."""
    span = find_span(f"https://ngaynay.vn/maps/{name}")
    assert (f"{span.start:%Y-%m-%d}/{span.end:%Y-%m-%d}" if span else None) == days


def test_the_map_of_a_month_by_its_known_name() -> None:
    """With or without a leading zero."""
    moment = datetime(2026, 7, 31, 20, tzinfo=UTC)  # August in Vietnam
    assert month_url("/news-{year}-{month}.xml", moment) == "/news-2026-8.xml"
    assert month_url("/{year}/{month2}.xml", moment) == "/2026/08.xml"
