"""Where requests may go, and how they look to the server that stands in for a paper."""

import pytest
from scrapy import Request
from scrapy.downloadermiddlewares import cookies
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from tinsach.cleaning.profile import load_profile
from tinsach.crawler.origin import MAX_COOKIE_CHARS, MAX_URL_BYTES, SiteCookiesMiddleware, SiteHostsMiddleware, send_to

HOSTS = SiteHostsMiddleware(frozenset(load_profile("qdnd.vn").hosts))


@pytest.mark.parametrize(
    "url",
    [
        "https://www.qdnd.vn/rss",
        "http://qdnd.vn/",
        "https://WWW.QDND.VN/",
        "https://www.qdnd.vn:443/",
        "http://qdnd.vn:80/",
    ],
)
def test_the_sites_own_hosts_are_asked(url: str) -> None:
    """Each host of the profile may be asked, by http and https at their own ports."""
    HOSTS.process_request(Request(url))


@pytest.mark.parametrize(
    "url",
    [
        "https://ngaynay.vn/",
        "https://evil.www.qdnd.vn/",
        "https://www.qdnd.vn.evil.example/",
        "https://www.qdnd.vn:8443/",
        "http://www.qdnd.vn:443/",
        "https://www.qdnd.vn@127.0.0.1/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "file:///etc/passwd",
        "data:text/plain,x",
    ],
)
def test_nobody_else_is_asked(url: str) -> None:
    """No other host, port or scheme is asked, even by a request that skips Scrapy's own filters."""
    with pytest.raises(IgnoreRequest, match="another server"):
        HOSTS.process_request(Request(url, dont_filter=True, meta={"allow_offsite": True}))


def test_no_address_without_end_is_asked() -> None:
    """Letters that take nine bytes in an address count as such; no reader would take the archive's record of it."""
    HOSTS.process_request(Request("https://www.qdnd.vn/" + "x" * (MAX_URL_BYTES - len("https://www.qdnd.vn/"))))
    for path in ("x" * MAX_URL_BYTES, "ạ" * (MAX_URL_BYTES // 9 + 1)):
        with pytest.raises(IgnoreRequest, match=r"an address of 4,0\d\d bytes"):
            HOSTS.process_request(Request(f"https://www.qdnd.vn/{path}"))


@pytest.mark.parametrize(
    ("url", "sent", "host"),
    [
        ("https://www.qdnd.vn/a/b?c=d&e", "http://127.0.0.1:9/a/b?c=d&e", b"www.qdnd.vn"),
        ("https://qdnd.vn", "http://127.0.0.1:9/", b"qdnd.vn"),
        ("https://api.ngaynay.vn/x.html?phrase=&n=2", "http://127.0.0.1:9/x.html?phrase=&n=2", b"api.ngaynay.vn"),
    ],
)
def test_the_origin_gets_the_real_host(url: str, sent: str, host: bytes) -> None:
    """Path, query and headers stay, the address changes, and a proxy of the environment has no part in it."""
    asked = Request(url, headers={"If-None-Match": '"1"'}, meta={"proxy": "http://proxy.example", "x": 1})
    request = send_to("http://127.0.0.1:9", asked)
    assert (request.url, request.headers["Host"], request.headers["If-None-Match"]) == (sent, host, b'"1"')
    assert request.meta == {"x": 1}
    assert asked.url == url


def test_cookies_ask_no_other_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session cookie comes back at the next request, and the public suffix list is never looked at."""

    def look_up(domain: str) -> bool:
        raise AssertionError(f"the public suffix list was asked about {domain}")

    monkeypatch.setattr(cookies, "_is_public_domain", look_up)
    middleware = SiteCookiesMiddleware()
    first, second = Request("https://www.qdnd.vn/rss"), Request("https://www.qdnd.vn/rss")
    middleware.process_request(first)
    middleware.process_response(first, Response(first.url, headers={"Set-Cookie": "phien=1; Path=/"}))
    middleware.process_request(second)
    assert second.headers["Cookie"] == b"phien=1"


def test_ever_more_cookies_are_not_sent_back() -> None:
    """Of a site that sets a new cookie with each answer the newest go back, in a header that servers take."""
    middleware = SiteCookiesMiddleware()
    for number in range(40):
        asked = Request("https://www.qdnd.vn/")
        middleware.process_response(asked, Response(asked.url, headers={"Set-Cookie": f"c{number}={'x' * 500}"}))
    request = Request("https://www.qdnd.vn/")
    middleware.process_request(request)
    sent = request.headers["Cookie"] or b""
    assert len(sent) < MAX_COOKIE_CHARS + 100
    assert b"c39=" in sent and b"c0=" not in sent
