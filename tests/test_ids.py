"""Names that stay the same when only the way to the page differs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinsach.cleaning.profile import load_profile
from tinsach.datasets.ids import list_plain_forms, page_key, record_id, url_key


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://ngaynay.vn/mot-bai-post167238.html", "ngaynay.vn/mot-bai-post167238.html"),
        ("http://www.ngaynay.vn:80/mot-bai-post167238.html", "ngaynay.vn/mot-bai-post167238.html"),
        ("HTTPS://WWW.QDND.VN/chinh-tri/bai-521717#binh-luan", "qdnd.vn/chinh-tri/bai-521717"),
        ("https://qdnd.vn/x-1?utm_source=zalo&fbclid=1&gclid=2", "qdnd.vn/x-1"),
        ("https://baomoi.vn/xem?id=7&b=2&a=1", "baomoi.vn/xem?a=1&b=2&id=7"),
        ("https://ngaynay.vn", "ngaynay.vn/"),
        (" https://ngaynay.vn/ ", "ngaynay.vn/"),
        ("https://ngaynay.vn/tin-tức", "ngaynay.vn/tin-t%E1%BB%A9c"),
        ("https://ngaynay.vn/tin-t%e1%bb%a9c", "ngaynay.vn/tin-t%E1%BB%A9c"),
        ("http://127.0.0.1:8000/a", "127.0.0.1:8000/a"),
    ],
)
def test_key_keeps_what_changes_the_page(url: str, key: str) -> None:
    """Scheme, www, default port, fragment, trackers and query order fall away; path and other parameters stay."""
    assert url_key(url) == key


@pytest.mark.parametrize("url", ["", "/chi-duong-dan.html", "mailto:a@b.vn", "javascript:void(0)", "https:///x"])
def test_what_is_no_page_has_no_key(url: str) -> None:
    """ValueError for relative addresses and other schemes."""
    with pytest.raises(ValueError, match="not an absolute"):
        url_key(url)


QDND = load_profile("qdnd.vn").find_article_id


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.qdnd.vn/quoc-te/tin-tuc/bai-viet-521717", "id:521717"),
        ("http://qdnd.vn/chinh-tri/ten-moi-521717?utm_source=zalo#cmt", "id:521717"),
        ("https://www.qdnd.vn/quoc-te/", "qdnd.vn/quoc-te/"),
        ("https://m.baomoi.vn/bai", "baomoi.vn/bai"),
        ("https://mobile.baomoi.vn/bai", "baomoi.vn/bai"),
        ("https://amp.baomoi.vn/bai?fbclid=1", "baomoi.vn/bai"),
        ("https://baomoi.vn/amp/bai", "baomoi.vn/bai"),
        ("https://baomoi.vn/bai/amp", "baomoi.vn/bai"),
        ("https://baomoi.vn/bai/amp/", "baomoi.vn/bai"),
        ("https://baomoi.vn/bai.amp.html", "baomoi.vn/bai.html"),
        ("https://baomoi.vn/bai?amp=1&id=7", "baomoi.vn/bai?id=7"),
        ("https://baomoi.vn/bai?outputType=amp", "baomoi.vn/bai"),
        ("https://baomoi.vn/print/bai", "baomoi.vn/bai"),
        ("https://baomoi.vn/bai/print", "baomoi.vn/bai"),
        ("https://baomoi.vn/bai?view=print", "baomoi.vn/bai"),
        ("https://baomoi.vn/bai?view=7", "baomoi.vn/bai?view=7"),
        ("https://m.vn/bai", "m.vn/bai"),
        ("https://baomoi.vn/bai-ve-amp-ke", "baomoi.vn/bai-ve-amp-ke"),
    ],
)
def test_page_key_is_the_sites_number_else_the_address_without_its_dress(url: str, key: str) -> None:
    """Slug, section and host may change under a numbered article; AMP, mobile and print pages are the same page."""
    assert page_key(url, QDND) == key


@pytest.mark.parametrize(
    "path", ["x-post1125344.vnp", "moi-post1125344.vnp?a=1", "x-post1125344.amp", "print-1125344.html", "x/1125344.vnp"]
)
def test_a_profile_knows_the_dresses_of_its_articles(path: str) -> None:
    """AMP and print pages of another extension have the article's number too, as the profile says."""
    vietnamplus = load_profile("vietnamplus.vn")
    assert page_key(f"https://www.vietnamplus.vn/{path}", vietnamplus.find_page_id) == "id:1125344"


@given(path=st.text(max_size=40), query=st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3))
def test_key_of_a_key_is_itself(path: str, query: dict[str, str]) -> None:
    """The key is a fixed point: nothing more falls away when it is asked again."""
    tail = "".join(f"&{name}={value}" for name, value in query.items())
    try:
        key = url_key(f"https://a.vn/{path}?{tail}")
    except ValueError:
        return  # characters that no URL can have
    assert url_key(f"https://{key}") == key


DRESSES = ("amp", "print", "m", "mobile", "print-7", "bai", "bai.amp", "x.amp.html", "", "AMP")
QUERIES = ("", "amp", "amp=1&id=7", "view=print&&b=%20", "m=7")


@given(
    labels=st.lists(st.sampled_from(("m", "www", "amp", "a"))),
    folders=st.lists(st.sampled_from(DRESSES)),
    query=st.sampled_from(QUERIES),
)
def test_folding_twice_is_folding_once(labels: list[str], folders: list[str], query: str) -> None:
    """However often an address is dressed, its plain form is plain, and has the same key."""
    url = f"https://{'.'.join([*labels, 'a', 'vn'])}/{'/'.join(folders)}?{query}"
    plain = next(list_plain_forms(url))
    assert next(list_plain_forms(plain)) == plain
    assert page_key(plain) == page_key(url)


def test_record_id_prefers_the_number_of_the_site() -> None:
    """Two addresses of one article have one id when the site numbers its articles."""
    old, new = "https://www.qdnd.vn/a/ten-cu-521717", "https://www.qdnd.vn/b/ten-moi-521717"
    assert record_id("qdnd.vn", old, "521717") == record_id("qdnd.vn", new, "521717") == "qdnd.vn:521717"
    assert record_id("qdnd.vn", old, None) == "qdnd.vn/a/ten-cu-521717"
