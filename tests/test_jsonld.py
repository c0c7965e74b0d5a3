"""jsonld: what the scripts of a page say about its article, whatever state they are in."""

import json
import time
from collections.abc import Mapping
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinsach.cleaning.jsonld import ARTICLE_TYPES, FOLLOWED_KEYS, ORGANISATION_TYPES, NewsData, read_jsonld
from tinsach.cleaning.loosejson import MAX_CHARS, MAX_REPAIR_CHARS

ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "mainEntityOfPage": {"@type": "WebPage", "@id": "https://bao.example/lua-chin-post1.html"},
    "headline": "Lúa chín sớm trên cánh đồng Mường",
    "description": "Nông dân xuống đồng từ tờ mờ sáng.",
    "articleBody": "Đoạn một.\n\nĐoạn hai.",
    "articleSection": ["Kinh tế", "Nông nghiệp"],
    "keywords": "lúa chín, nông dân,  vụ mùa, lúa chín",
    "image": {"@type": "ImageObject", "url": "https://anh.example/lua.jpg", "caption": "Lúa chín. Ảnh: Lan Chi"},
    "datePublished": "2026-03-07T08:52:11.000 +07:00",
    "dateModified": "2026-03-07T09:00:00+07:00",
    "author": [{"@type": "Person", "name": "Lan Chi"}, {"@type": "Person", "name": "Bảo Nam"}],
    "publisher": {"@type": "Organization", "name": "Báo Ví Dụ"},
}


def read(*values: object) -> NewsData:
    """The reading of scripts that hold these values."""
    return read_jsonld(json.dumps(value, ensure_ascii=False) for value in values)


def article(**changes: object) -> dict[str, object]:
    """A small article with some fields changed."""
    return {"@type": "NewsArticle", "headline": "Tin", **changes}


def test_every_field_of_an_article_is_read() -> None:
    """A full NewsArticle fills every field but the breadcrumb and the organisations."""
    assert read(ARTICLE) == NewsData(
        headline="Lúa chín sớm trên cánh đồng Mường",
        description="Nông dân xuống đồng từ tờ mờ sáng.",
        published="2026-03-07T08:52:11.000 +07:00",
        modified="2026-03-07T09:00:00+07:00",
        authors=("Lan Chi", "Bảo Nam"),
        section="Kinh tế",
        keywords=("lúa chín", "nông dân", "vụ mùa"),
        article_body="Đoạn một.\nĐoạn hai.",
        images=(("https://anh.example/lua.jpg", "Lúa chín. Ảnh: Lan Chi"),),
        types=frozenset({"NewsArticle", "WebPage"}),
        url="https://bao.example/lua-chin-post1.html",
        publisher="Báo Ví Dụ",
    )


PLAIN = json.dumps(ARTICLE, ensure_ascii=False)
REPAIRED = {
    "raw line break in a string": PLAIN.replace("Đoạn một.\\n\\n", "Đoạn một.\n\n"),
    "raw tab in a string": PLAIN.replace("Lúa chín sớm", "Lúa chín\tsớm"),
    "trailing comma in a node": PLAIN[:-1] + ", }",
    "trailing comma in a list": PLAIN.replace('"Nông nghiệp"]', '"Nông nghiệp", \n]'),
    "doubled comma": PLAIN.replace(', "headline"', ', , "headline"'),
    "HTML comment": f"<!-- {PLAIN} -->",
    "CDATA": f"<![CDATA[{PLAIN}]]>",
    "CDATA behind a script comment": f"\n//<![CDATA[\n{PLAIN}\n//]]>\n",
    "CDATA behind a block comment": f"/*<![CDATA[*/{PLAIN}/*]]>*/",
    "byte order mark": f"\ufeff{PLAIN}",
    "closing semicolon": f"{PLAIN};",
    "text behind it": f"{PLAIN} // hết",
    "entities for quotes": PLAIN.replace('"', "&quot;"),
    "escape unknown to JSON": PLAIN.replace("Nông dân xuống", "Nông d\\ân xuống"),
    "quotation in plain quotes": PLAIN.replace("tờ mờ sáng.", 'tờ mờ sáng. "Được mùa" là điều ai cũng mong.'),
    "another object behind it": PLAIN + '{"@type": "Organization", "name": "Báo Ví Dụ"}',
    "another object before it": '{"@type": "Organization", "name": "Báo Ví Dụ"},\n' + PLAIN,
    "in a list": f"[{PLAIN}]",
    "in lists within lists": f"[[[{PLAIN}]]]",
    "in a graph": f'{{"@context": "https://schema.org", "@graph": [{PLAIN}]}}',
    "as the main entity of a page": f'{{"@type": "WebPage", "mainEntity": {PLAIN}}}',
}


@pytest.mark.parametrize("script", REPAIRED.values(), ids=REPAIRED.keys())
def test_wrapped_or_broken_scripts_are_read(script: str) -> None:
    """Each state of a script that has been met gives the article it holds."""
    found = read_jsonld([script])
    assert found.headline == "Lúa chín sớm trên cánh đồng Mường"
    assert found.published == "2026-03-07T08:52:11.000 +07:00"
    assert found.authors == ("Lan Chi", "Bảo Nam")
    assert (found.description or "").startswith("Nông dân xuống đồng từ tờ mờ sáng.")


IGNORED = {
    "empty": "",
    "no JSON": "window.dataLayer = [];",
    "cut in the middle": PLAIN[: len(PLAIN) // 2],
    "a string": '"NewsArticle"',
    "a number": "7",
    "null": "null",
    "an empty list": "[]",
    "numbers in a list": "[1, 2, [3]]",
    "a number of 5,000 digits": '{"@type": "NewsArticle", "position": ' + "9" * 5_000 + "}",
    "10,000 levels of lists": "[" * 10_000 + "]" * 10_000,
    "10,000 levels of nodes": '{"@graph":' * 10_000 + "{}" + "}" * 10_000,
    "longer than the budget": '{"@type": "NewsArticle", "headline": "' + "x" * MAX_CHARS + '"}',
}


@pytest.mark.parametrize("script", IGNORED.values(), ids=IGNORED.keys())
def test_scripts_beyond_repair_are_ignored(script: str) -> None:
    """A script that is not JSON says nothing, and the next one is read all the same."""
    assert read_jsonld([script]) == NewsData()
    assert read_jsonld([script, PLAIN]).headline == ARTICLE["headline"]


def test_values_before_a_break_are_kept() -> None:
    """Of two objects of which the second is cut, the first counts."""
    assert read_jsonld([PLAIN + '{"@type": "Organ']).headline == ARTICLE["headline"]


AUTHORS: dict[str, tuple[object, tuple[str, ...], tuple[str, ...]]] = {
    "a string": ("Lan Chi", ("Lan Chi",), ()),
    "a node": ({"@type": "Person", "name": "Lan Chi"}, ("Lan Chi",), ()),
    "a node without type": ({"name": " Lan  Chi "}, ("Lan Chi",), ()),
    "strings": (["Lan Chi", "Bảo Nam", "Lan Chi"], ("Lan Chi", "Bảo Nam"), ()),
    "an empty name": ({"@type": "Person", "name": ""}, (), ()),
    "no name": ({"@type": "Person", "url": "https://bao.example/tac-gia/1"}, (), ()),
    "an address as a name": ("https://facebook.example/bao", (), ()),
    "names in one node": ({"@type": "Person", "name": ["Lan Chi"]}, ("Lan Chi",), ()),
    "the paper": ({"@type": "Organization", "name": "Báo Ví Dụ"}, (), ("Báo Ví Dụ",)),
    "the paper as a person": ({"@type": "Person", "name": "Báo Ví Dụ"}, (), ("Báo Ví Dụ",)),
    "an agency": ([{"@type": ["Organization"], "name": "AFP"}, "Lan Chi"], ("Lan Chi",), ("AFP",)),
    "both types": ({"@type": ["Person", "Organization"], "name": "Lan Chi"}, ("Lan Chi",), ()),
    "a number": (7, ("7",), ()),
    "null": (None, (), ()),
    "a paragraph": ("x" * 500, (), ()),
}


@pytest.mark.parametrize(("value", "authors", "organisations"), AUTHORS.values(), ids=AUTHORS.keys())
def test_authors_in_every_shape(value: object, authors: tuple[str, ...], organisations: tuple[str, ...]) -> None:
    """Persons are authors, in order, once; organisations and the publisher stand apart."""
    found = read(article(author=value, publisher={"name": "Báo Ví Dụ"}))
    assert (found.authors, found.author_organisations) == (authors, organisations)


def test_references_by_id_are_followed() -> None:
    """Author, publisher and image that are only named by `@id` are found among the page's nodes (WordPress)."""
    found = read(
        {
            "@graph": [
                article(author={"@id": "#p1"}, publisher={"@id": "#o1"}, image={"@id": "#i1"}),
                {"@type": "Person", "@id": "#p1", "name": "Lan Chi"},
                {"@type": "Organization", "@id": "#o1", "name": "Báo Ví Dụ"},
                {"@type": "ImageObject", "@id": "#i1", "contentUrl": "https://anh.example/1.jpg"},
            ]
        }
    )
    assert (found.authors, found.publisher) == (("Lan Chi",), "Báo Ví Dụ")
    assert found.images == (("https://anh.example/1.jpg", None),)


def test_node_that_refers_to_itself() -> None:
    """A circle of references ends."""
    assert read(article(**{"@id": "#a", "author": {"@id": "#a"}})).authors == ()


@pytest.mark.parametrize("name", sorted(ARTICLE_TYPES))
def test_every_article_type_is_an_article(name: str) -> None:
    """Each article type is read, in any case and with any prefix."""
    for written in (name, name.upper(), f"https://schema.org/{name}", f"schema:{name}", ["Thing", name]):
        found = read({"@type": written, "headline": "Tin"})
        assert (found.headline, found.is_article) == ("Tin", True)


@pytest.mark.parametrize("name", sorted(ORGANISATION_TYPES))
def test_every_organisation_type_is_no_person(name: str) -> None:
    """Each organisation type keeps its name out of the authors."""
    assert read(article(author={"@type": name, "name": "Ban Mai"})).author_organisations == ("Ban Mai",)


@pytest.mark.parametrize("key", FOLLOWED_KEYS)
def test_every_followed_key_leads_to_the_article(key: str) -> None:
    """An article under each of the followed keys is found."""
    assert read({"@type": "WebPage", key: article()}).headline == "Tin"


def test_list_page_is_no_article() -> None:
    """Articles within an ItemList are teasers: the types say so, and no field is filled from them."""
    found = read(
        {"@type": "CollectionPage", "name": "Thời sự"},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": article()}, article()]},
    )
    assert found == NewsData(types=frozenset({"CollectionPage", "ItemList"}))
    assert not found.is_article


def test_fullest_of_several_articles_counts() -> None:
    """The article with the most fields wins, the first of equals."""
    fuller = article(headline="Đầy", description="Có mô tả", datePublished="2026-03-07")
    assert read(article(), fuller, article()).headline == "Đầy"
    assert read(article(headline="Một"), article(headline="Hai")).headline == "Một"


BREADCRUMBS: dict[str, tuple[list[object], tuple[str, ...]]] = {
    "names in the items": (
        [{"position": 1, "item": {"@id": "/", "name": "Trang chủ"}}, {"position": 2, "item": {"name": "Kinh tế"}}],
        ("Trang chủ", "Kinh tế"),
    ),
    "names beside the items, each in its own list (dantri.com.vn)": (
        [[{"position": 1, "name": "Trang chủ", "item": "/"}], [{"position": 2, "name": "Kinh tế", "item": "/kt"}]],
        ("Trang chủ", "Kinh tế"),
    ),
    "out of order": ([{"position": "2", "name": "Kinh tế"}, {"position": "1", "name": "Nhà"}], ("Nhà", "Kinh tế")),
    "without position": ([{"name": "Nhà"}, {"name": "Kinh tế"}], ("Nhà", "Kinh tế")),
    "without names": ([{"position": 1, "item": "https://bao.example"}], ()),
}


@pytest.mark.parametrize(("items", "names"), BREADCRUMBS.values(), ids=BREADCRUMBS.keys())
def test_breadcrumb_in_every_shape(items: list[object], names: tuple[str, ...]) -> None:
    """The crumbs' names come in the order of their positions."""
    assert read({"@type": "BreadcrumbList", "itemListElement": items}).breadcrumb == names


def test_single_crumb_without_list() -> None:
    """One ListItem may stand without its list."""
    assert read({"@type": "BreadcrumbList", "itemListElement": {"name": "Video"}}).breadcrumb == ("Video",)


TEXTS = {
    "entities": ("L&uacute;a ch&#237;n", "Lúa chín"),
    "entities escaped twice (tuoitre.vn)": ("Ch&amp;#237;n s&amp;#7899;m", "Chín sớm"),
    "decomposed": ("Lu\u0301a", "Lúa"),
    "line breaks and blanks": (" Lúa\n  chín\xa0sớm ", "Lúa chín sớm"),
    "tags": ("<p>Lúa <b>chín</b></p>", "Lúa chín"),
    "less-than is no tag": ("Lạm phát < 4 % & tăng", "Lạm phát < 4 % & tăng"),
    "control and half characters": ("Lúa\x00 ch\ud83dín", "Lúa chín"),
    "first of a list": (["", "Lúa"], "Lúa"),
    "with a language": ({"@value": "Lúa", "@language": "vi"}, "Lúa"),
    "blank": (" \n", None),
    "a boolean": (True, None),
}


@pytest.mark.parametrize(("value", "text"), TEXTS.values(), ids=TEXTS.keys())
def test_texts_are_clean(value: object, text: str | None) -> None:
    """Texts are NFC, on one line, without entities, tags or characters that no file can store."""
    assert read_jsonld([json.dumps(article(description=value))]).description == text


def test_body_keeps_its_paragraphs() -> None:
    """Block tags and line breaks of articleBody part its paragraphs."""
    assert read(article(articleBody="<p>Một.</p><p>Hai<br/>ba.</p>\r\nBốn.")).article_body == "Một.\nHai\nba.\nBốn."


@pytest.mark.parametrize(
    ("value", "keywords"),
    [
        ("một, hai;ba", ("một", "hai", "ba")),
        (["một", "hai, ba"], ("một", "hai, ba")),
        (["một, hai"], ("một", "hai")),
        ([{"@type": "DefinedTerm", "name": "một"}], ("một",)),
        ("", ()),
    ],
)
def test_keywords_in_every_shape(value: object, keywords: tuple[str, ...]) -> None:
    """One string is a comma list, several strings are keywords."""
    assert read(article(keywords=value)).keywords == keywords


@pytest.mark.parametrize(
    ("fields_of_node", "url"),
    [
        ({"url": "https://a.example/1"}, "https://a.example/1"),
        ({"url": "/1", "mainEntityOfPage": "https://a.example/1"}, "https://a.example/1"),
        ({"mainEntityOfPage": {"@id": "https://a.example/1"}}, "https://a.example/1"),
        ({"@id": "https://a.example/1"}, "https://a.example/1"),
        ({"@id": "#article"}, None),
    ],
)
def test_url_in_every_place(fields_of_node: Mapping[str, object], url: str | None) -> None:
    """The first absolute address among url, mainEntityOfPage and @id."""
    assert read(article(**fields_of_node)).url == url


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                "@type @id @graph @value name author image itemListElement item position keywords headline articleBody "
                "datePublished publisher mainEntityOfPage url".split()
            ),
            inner | st.sampled_from(["NewsArticle", "BreadcrumbList", "Organization", "#a"]),
            max_size=6,
        )
    ),
    max_leaves=25,
)


def assert_clean(found: NewsData) -> None:
    """Absent is None or (), never "", and every text can be stored."""
    for field in fields(found):
        value = getattr(found, field.name)
        texts = [value] if isinstance(value, str) else [] if value is None else list(value)
        for text in texts:
            for part in text if isinstance(text, tuple) else (text,):
                assert part is None or part.strip()
                str(part).encode()


@given(st.lists(VALUES, max_size=4))
def test_any_json_is_read(values: list[object]) -> None:
    """No JSON raises, and what comes back is clean."""
    assert_clean(read_jsonld(json.dumps(value) for value in values))


@given(st.lists(st.text(max_size=60) | st.text(alphabet='{}[]",:@type \\<!-/&quot;\n', max_size=80), max_size=3))
def test_any_text_is_read(scripts: list[str]) -> None:
    """No text raises."""
    assert_clean(read_jsonld(scripts))


@given(st.integers(0, len(PLAIN)), st.text(max_size=3))
def test_any_damage_is_survived(at: int, inserted: str) -> None:
    """A full article damaged at any place is read or ignored."""
    assert_clean(read_jsonld([PLAIN[:at] + inserted + PLAIN[at + len(inserted) :]]))


@pytest.mark.parametrize("unit", ['"', '\\"', ",", ", ", "<", "&amp;", "[", '{"a":', "<!--", "\\", "//<![CDATA["])
def test_broken_scripts_cost_linear_time(unit: str) -> None:
    """What starts a search, as often as a script of the greatest length to be repaired can hold it: under 0.5 s."""
    script = '{"@type": "NewsArticle", "headline": "' + unit * ((MAX_REPAIR_CHARS - 50) // len(unit))
    assert MAX_REPAIR_CHARS - 100 < len(script) <= MAX_REPAIR_CHARS
    start = time.process_time()
    read_jsonld([script])
    assert time.process_time() - start < 0.5
