"""The newsroom as web sites: lists reach every article, feeds parse, copies are asked for once, sockets hold."""

import http.client
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import feedparser
import lxml.html
import pytest
from lxml import etree
from protego import Protego

from tinsach.app.newsroom import Newsroom, NewsroomServer, Reply, serve
from tinsach.app.newsroom.relaunch import Relaunch
from tinsach.app.newsroom.sites import SITES

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
MCMS = ("ngaynay.vn", "vietnamplus.vn")
COOKIE = {"Cookie": "ASP.NET_SessionId=1"}


@pytest.fixture(scope="module")
def newsroom() -> Newsroom:
    """A newsroom with several pages a section."""
    return Newsroom(2, 230, tuple(SITES), now=NOW)


def _get(newsroom: Newsroom, url: str, headers: dict[str, str] | None = None) -> Reply:
    parts = urlsplit(url)
    return newsroom.respond(parts.netloc, f"{parts.path}?{parts.query}", headers or {})


def _listed(html: bytes, selector: str) -> list[str]:
    tree = lxml.html.document_fromstring(html.decode())
    return list(dict.fromkeys(link.get("href", "") for link in tree.cssselect(selector)))


@pytest.mark.parametrize("module", ["newsroom", "newsroom.hostile"])
def test_a_port_in_use_is_one_line(module: str, newsroom: Newsroom) -> None:
    """The newsroom that is opened by hand says what to do, with exit code 2."""
    with serve(newsroom) as server:
        port = str(server.server_address[1])
        command = [sys.executable, "-m", f"tinsach.app.{module}", "--port", port, "--articles", "20"]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("error: this port can't be had (") and ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("relaunch", "says"),
    [
        ("qdnd.vn", "'qdnd.vn': there is a new template of ngaynay.vn, vietnamplus.vn"),
        ("ngaynay.vn:x", "'x': not a number of articles; write ngaynay.vn:45"),
        ("vietnamplus.vn:9", "vietnamplus.vn is none of the --sites"),
    ],
)
def test_a_relaunch_that_cannot_be_is_told(relaunch: str, says: str) -> None:
    """A paper without a new template, a number that is none, a paper that is not served: exit code 2."""
    command = [sys.executable, "-m", "tinsach.app.newsroom", "--sites", "ngaynay.vn", "--relaunch", relaunch]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "") and ended.stderr.endswith(f"--relaunch: {says}\n")


def test_a_paper_moves_to_its_new_template_after_so_many_articles() -> None:
    """Each address is answered in the template of its turn; lists, other papers and their validators go on as ever."""
    newsroom = Relaunch(2, 20, MCMS, now=NOW)
    newsroom.relaunch("ngaynay.vn", 2)
    first, second, third = newsroom.urls("ngaynay.vn")[:3]
    tag = dict(_get(newsroom, second).headers)["ETag"]
    asked = {url: _get(newsroom, url, {"If-None-Match": tag}) for url in (first, "https://ngaynay.vn/", third, second)}
    is_new = {url: b"bai-noi-dung" in reply.body for url, reply in asked.items()}
    assert is_new == {first: False, "https://ngaynay.vn/": False, third: True, second: True}
    assert b"article__body" in _get(newsroom, newsroom.urls("vietnamplus.vn")[0]).body
    assert _get(newsroom, "https://ngaynay.vn/khong-co-post1.html").status == 404


@pytest.mark.parametrize("site", MCMS)
def test_mcms_sections_reach_every_article(site: str, newsroom: Newsroom) -> None:
    """First pages and the listing API under the zone they name hold each article once, newest first."""
    found: list[str] = []
    for section in SITES[site].sections:
        first = _get(newsroom, SITES[site].section_url(section)).body
        zone = re.search(rb"adsZone: (\d+)", first)
        assert zone is not None
        urls = _listed(first, ".content-list a.cms-link")
        for page in range(2, 99):
            api = f"https://api.{site}/api/morenews-zone-{zone[1].decode()}-{page}.html?phrase=&page_size=30"
            answer = json.loads(_get(newsroom, api).body)
            urls += [SITES[site].origin + item["url"] for item in answer["data"]["contents"]]
            if not answer["data"]["load_more"]:
                break
        assert urls == sorted(urls, key=lambda url: -int(re.findall(r"post(\d+)", url)[0]))
        found += urls
    assert len(found) == len(set(found))
    assert set(found) == set(newsroom.urls(site))


def test_the_first_api_page_is_what_the_section_shows(newsroom: Newsroom) -> None:
    """Page 1 repeats the section's first page; its fields are those of the real API."""
    section = SITES["vietnamplus.vn"].sections[0]
    answer = json.loads(_get(newsroom, f"https://api.vietnamplus.vn/api/morenews-zone-{section.zone}-1.html").body)
    shown = _listed(_get(newsroom, SITES["vietnamplus.vn"].section_url(section)).body, ".content-list a.cms-link")
    assert (answer["error_code"], answer["error_message"]) == (0, "Success")
    assert ["https://www.vietnamplus.vn" + item["url"] for item in answer["data"]["contents"]] == shown
    assert set(answer["data"]["contents"][0]) >= {"content_id", "title", "description", "date", "update_time", "zone"}
    assert len(shown) == 30


def test_qdnd_sections_reach_every_article(newsroom: Newsroom) -> None:
    """`/p/2`, `/p/3`, … go on where the section's page ends; past the last the list is empty."""
    found: list[str] = []
    for section in SITES["qdnd.vn"].sections:
        url = SITES["qdnd.vn"].section_url(section)
        for page in range(1, 99):
            listed = _listed(_get(newsroom, url if page == 1 else f"{url}/p/{page}").body, ".list-news-category h3 a")
            if not listed:
                break
            found += listed
    assert len(found) == len(set(found))
    assert set(found) == set(newsroom.urls("qdnd.vn"))


@pytest.mark.parametrize("site", tuple(SITES))
def test_every_menu_link_answers(site: str, newsroom: Newsroom) -> None:
    """Sections and sub-sections of the main menu answer with a list of their articles."""
    links = _listed(_get(newsroom, f"{SITES[site].origin}/").body, ".main-menu a")
    assert len(links) > 8
    for link in links:
        reply = _get(newsroom, link)
        assert reply.status == 200, link
        assert _listed(reply.body, "article a, li.box-category-item a"), link


def test_what_is_taken_down_is_gone() -> None:
    """It answers 410, with or without validators, and stands in no list, feed or sitemap; the rest stays."""
    room = Newsroom(2, 60, ("qdnd.vn",), now=NOW)
    *kept, newest = room.urls("qdnd.vn")
    section = SITES["qdnd.vn"].pick_section(59)
    lists = [SITES["qdnd.vn"].section_url(section), "https://www.qdnd.vn/rss/cate/tin-tuc-moi-nhat.rss"]
    lists += ["https://www.qdnd.vn/", "https://www.qdnd.vn/sitemaps/0/top300article.xml"]
    assert all(newest.encode() in _get(room, url, COOKIE).body for url in lists)
    room.take_down(newest)
    assert room.urls("qdnd.vn") == tuple(kept)
    assert _get(room, newest).status == _get(room, newest, {"If-None-Match": "*"}).status == 410
    assert not any(newest.encode() in _get(room, url, COOKIE).body for url in lists)
    assert _get(room, kept[-1]).status == 200
    with pytest.raises(LookupError):
        room.take_down("https://www.qdnd.vn/khong/co-100000")


@pytest.mark.parametrize("site", tuple(SITES))
def test_feeds_parse(site: str, newsroom: Newsroom) -> None:
    """The home feed has the 50 newest articles, each section's feed its own; times are the articles'."""
    by_url = {article.url: article for article in newsroom.articles(site)}
    paths = [SITES[site].home_feed_path, *(SITES[site].feed_path(section) for section in SITES[site].sections)]
    for place, path in enumerate(paths):
        reply = _get(newsroom, SITES[site].origin + path, COOKIE)
        feed = feedparser.parse(reply.body, response_headers={k.lower(): v for k, v in reply.headers})
        assert not feed.bozo, path
        for entry in feed.entries:
            article = by_url[entry.link]
            assert entry.title == article.title
            assert parsedate_to_datetime(entry.published) == article.published_at
            assert place == 0 or article.section == SITES[site].sections[place - 1].path
        if place == 0:
            assert [entry.link for entry in feed.entries] == list(by_url)[:-51:-1]


def test_short_feed_names(newsroom: Newsroom) -> None:
    """`/rss/thegioi.rss` is `/rss/thegioi-300.rss`; another zone's number is not found."""
    short, full, wrong = (
        _get(newsroom, f"https://www.vietnamplus.vn/rss/{name}.rss") for name in ("thegioi", "thegioi-300", "thegioi-7")
    )
    assert (short.status, short.body) == (200, full.body)
    assert wrong.status == 404


def test_qdnd_feeds_want_a_session(newsroom: Newsroom) -> None:
    """Without the session cookie a feed redirects to itself and sets it; with it the feed comes."""
    url = "https://www.qdnd.vn/rss/cate/tin-tuc-moi-nhat.rss"
    first = _get(newsroom, url)
    headers = dict(first.headers)
    assert (first.status, headers["Location"]) == (302, url)
    assert _get(newsroom, url, {"cookie": headers["Set-Cookie"].split(";")[0]}).status == 200


@pytest.mark.parametrize(
    ("send", "status"),
    [
        ({}, 200),
        ({"If-None-Match": "ETAG"}, 304),
        ({"if-none-match": 'W/"other", ETAG'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"other"', "If-Modified-Since": "MODIFIED"}, 200),
        ({"If-Modified-Since": "MODIFIED"}, 304),
        ({"If-Modified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
    ],
)
@pytest.mark.parametrize("site", tuple(SITES))
def test_conditional_get(site: str, send: dict[str, str], status: int, newsroom: Newsroom) -> None:
    """An article is sent again only to a client without a good copy; If-None-Match goes before If-Modified-Since."""
    url = newsroom.article(site, 5).url
    validators = dict(_get(newsroom, url).headers)
    values = {"ETAG": validators["ETag"], "MODIFIED": validators["Last-Modified"]}
    headers = {name: re.sub("ETAG|MODIFIED", lambda m: values[m[0]], value) for name, value in send.items()}
    reply = _get(newsroom, url, headers)
    assert reply.status == status
    assert bool(reply.body) is (status == 200)


def test_an_edit_changes_the_validators() -> None:
    """After an edit the old ETag and the old date bring the new page; other articles stay unchanged."""
    room = Newsroom(2, 60, now=NOW)
    before = {url: dict(_get(room, url).headers) for url in room.urls("qdnd.vn")}
    edited = room.edit_one("qdnd.vn")
    for url, headers in before.items():
        expected = 200 if url == edited else 304
        assert _get(room, url, {"If-None-Match": headers["ETag"]}).status == expected
        assert _get(room, url, {"If-Modified-Since": headers["Last-Modified"]}).status == expected


@pytest.mark.parametrize("path", ["/", "/rss/home.rss", "/sitemap.xml", "/robots.txt"])
def test_lists_have_etags(path: str, newsroom: Newsroom) -> None:
    """Lists, feeds and maps answer 304 to their own ETag, and with a new body after the next edition."""
    url = f"https://www.vietnamplus.vn{path}"
    tag = dict(_get(newsroom, url).headers)["ETag"]
    assert _get(newsroom, url, {"If-None-Match": tag}).status == 304
    later = Newsroom(2, 230, tuple(SITES), now=NOW, edition=1)
    assert _get(later, url, {"If-None-Match": tag}).status == (304 if path == "/robots.txt" else 200)


@pytest.mark.parametrize(
    ("url", "status", "location"),
    [
        ("https://vietnamplus.vn/kinhte/", 301, "https://www.vietnamplus.vn/kinhte/"),
        ("https://www.ngaynay.vn/", 301, "https://ngaynay.vn/"),
        ("http://qdnd.vn:8000/quoc-te", 301, "https://www.qdnd.vn/quoc-te"),
        ("https://ngaynay.vn/khong-co/", 404, None),
        ("https://ngaynay.vn/bai-khac-post99999999.html", 404, None),
        ("https://www.qdnd.vn/quoc-te/khong-co", 404, None),
        ("https://api.ngaynay.vn/api/morenews-zone-9999-1.html", 404, None),
        ("https://api.qdnd.vn/", 404, None),
        ("https://example.org/", 421, None),
    ],
)
def test_other_answers(url: str, status: int, location: str | None, newsroom: Newsroom) -> None:
    """Bare hosts redirect to the canonical one, unknown paths are 404, unknown hosts 421."""
    reply = _get(newsroom, url)
    assert (reply.status, dict(reply.headers).get("Location")) == (status, location)


def test_another_slug_redirects_to_the_article(newsroom: Newsroom) -> None:
    """The id decides; a wrong slug is answered with the canonical URL."""
    article = newsroom.article("ngaynay.vn", 9)
    reply = _get(newsroom, f"https://ngaynay.vn/bai-cu-post{article.article_id}.html")
    assert (reply.status, dict(reply.headers)["Location"]) == (301, article.url)


@pytest.mark.parametrize("site", tuple(SITES))
def test_robots_allow_articles(site: str, newsroom: Newsroom) -> None:
    """robots.txt parses, allows articles, forbids search, and names a sitemap that answers."""
    robots = Protego.parse(_get(newsroom, f"{SITES[site].origin}/robots.txt").body.decode())
    assert robots.can_fetch(newsroom.article(site, 0).url, "tinsach")
    assert not robots.can_fetch(f"{SITES[site].origin}/tim-kiem/?q=x", "tinsach")
    assert [_get(newsroom, url).status for url in robots.sitemaps] == [200]


@pytest.mark.parametrize("site", MCMS)
def test_monthly_sitemaps_hold_every_article(site: str, newsroom: Newsroom) -> None:
    """The index names one map a month, months without leading zero; together they hold each article once."""
    origin = SITES[site].origin
    index = etree.fromstring(_get(newsroom, f"{origin}/sitemap.xml").body)
    maps = [url for url in index.xpath("//*[local-name()='loc']/text()") if "/news-" in url]
    found = [
        url
        for one in maps
        for url in etree.fromstring(_get(newsroom, one).body).xpath("//*[local-name()='loc']/text()")
    ]
    assert sorted(found) == sorted(newsroom.urls(site))
    assert all(re.fullmatch(r".*/news-\d{4}-[1-9]\d?\.xml", url) for url in maps)


@pytest.mark.parametrize("site", tuple(SITES))
def test_pages_have_real_weight(site: str, newsroom: Newsroom) -> None:
    """Article pages weigh 60 to 160 kB, as saved ones do."""
    for number in range(60):
        assert 60_000 < len(_get(newsroom, newsroom.article(site, number).url).body) < 160_000


@pytest.fixture(scope="module")
def server(newsroom: Newsroom) -> Iterator[NewsroomServer]:
    """The newsroom on a loopback port."""
    with serve(newsroom) as running:
        yield running


def test_one_connection_serves_many_requests(server: NewsroomServer, newsroom: Newsroom) -> None:
    """GET, HEAD and a 304 follow one another on a kept connection, with exact lengths."""
    article = newsroom.article("vietnamplus.vn", 3)
    path, host = urlsplit(article.url).path, {"Host": "www.vietnamplus.vn"}
    expected = _get(newsroom, article.url)
    connection = http.client.HTTPConnection(*server.server_address[:2], timeout=10)
    connection.request("GET", path, headers=host)
    sockets = [connection.sock]
    first = connection.getresponse()
    assert (first.status, first.read()) == (200, expected.body)
    connection.request("HEAD", path, headers=host)
    head = connection.getresponse()
    assert (head.status, head.read(), head.headers["Content-Length"]) == (200, b"", str(len(expected.body)))
    connection.request("GET", path, headers={**host, "If-None-Match": first.headers["ETag"]})
    unchanged = connection.getresponse()
    assert (unchanged.status, unchanged.read()) == (304, b"")
    connection.request("GET", "/rss/home.rss", headers=host)
    assert connection.getresponse().read().startswith(b"<?xml")
    assert [connection.sock] == sockets
    connection.close()


def test_the_server_counts_and_names_itself(server: NewsroomServer) -> None:
    """`origin` is where it listens, `requests` how many it has answered."""
    before = server.requests
    connection = http.client.HTTPConnection(urlsplit(server.origin).netloc, timeout=10)
    connection.request("GET", "/robots.txt", headers={"Host": "ngaynay.vn"})
    assert connection.getresponse().read()
    connection.close()
    assert server.requests == before + 1


def test_it_runs_as_a_module() -> None:
    """`python -m tinsach.app.newsroom` prints its origin first and serves there."""
    command = [sys.executable, "-m", "tinsach.app.newsroom", "--articles", "3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        origin = process.stdout.readline().strip()
        connection = http.client.HTTPConnection(urlsplit(origin).netloc, timeout=10)
        connection.request("GET", "/", headers={"Host": "ngaynay.vn"})
        status = connection.getresponse().status
        connection.close()
        process.terminate()
    assert status == 200
