"""An edit changes what has to change in a profile's file and leaves the rest, comments too, as it is."""

import tomllib
from datetime import date

import pytest

from tinsach.cleaning.drafting import Rules, edit_profile, find_url_pattern, quote
from tinsach.cleaning.profile import parse_profile
from tinsach.cleaning.proposing import Proposal

HEAD = (
    'name = "Báo Mẫu"\nhome = "https://mau.example/"\n\n'
    "[discover]\n# Of years ago.\narticle_url = '-(\\d+)\\.html$'\n\n"
)
UNTIL = date(2026, 11, 24)


def rules(drops: dict[str, str] | None = None, **fields: str) -> Rules:
    return Rules(
        fields={name: (Proposal(css, 9, 0, 0),) for name, css in fields.items()},
        drops={kind: (Proposal(css, 9, 0, 0),) for kind, css in (drops or {}).items()},
    )


def edit(text: str, found: Rules, **old: str) -> dict[str, object]:
    edited = edit_profile(text, found, {name: [css] for name, css in old.items()}, UNTIL)
    assert all(line in edited for line in text.splitlines() if line.startswith("#"))
    parse_profile(edited, file="mau.example.toml", site="mau.example")
    return tomllib.loads(edited)


def test_a_new_body_makes_the_old_template_a_version() -> None:
    """The old selectors of all changed fields leave the present template and stand in a version, newest first."""
    text = HEAD + (
        '[extract]\ntitle = ["h1"]  # the headline\nbody = [\n  ".cu",  # with ] in a comment\n  ".cu[x=\']\']"\n]\n'
        '\n# The oldest.\n[[version]]\nname = "2017"\nuntil = 2018-01-01\n'
    )
    found = edit(text, rules(title=".tua", body=".bai"), title="h1", body=".cu")
    assert found["extract"] == {"title": [".tua"], "body": [".bai"]}
    assert found["version"] == [
        {"name": "2026-11", "until": UNTIL, "extract": {"title": ["h1"], "body": [".cu"]}},
        {"name": "2017", "until": date(2018, 1, 1)},
    ]


def test_another_field_is_put_before_what_stands_there() -> None:
    """Where the body is as before there is no telling two templates apart: the old selectors stay behind the new."""
    text = HEAD + '[extract]\nlead = [".sapo"]\nbody = [".bai"]\n\n[lines]\nlead_prefix = []\n'
    found = edit(text, rules(lead=".mo-dau", time="time@datetime"), lead=".sapo")
    assert found["extract"] == {"lead": [".mo-dau", ".sapo"], "body": [".bai"], "time": ["time@datetime"]}
    assert "version" not in found


def test_tables_that_are_missing_are_made_where_they_belong() -> None:
    """A site that says nothing of its own gets [extract] and [extract.drop] before lines, evidence and versions."""
    text = 'extends = "mcms"\n' + HEAD + '[lines]\nlead_prefix = [\'x\']\n\n[evidence]\n"extract.body" = "guess"\n'
    found = edit(text, rules({"teaser": ".hop"}, body=".bai"), body=".cms-body")
    assert found["extract"] == {"body": [".bai"], "drop": {"teaser": [".hop"]}}
    assert found["lines"] == {"lead_prefix": ["x"]} and found["evidence"] == {"extract.body": "guess"}
    assert found["version"] == [{"name": "2026-11", "until": UNTIL, "extract": {"body": [".cms-body"]}}]


def test_drops_join_those_there_are() -> None:
    """New drops stand before the old ones of their kind."""
    text = HEAD + '[extract]\nbody = [".bai"]\n\n[extract.drop]\nteaser = [".a", ".b"]\n'
    assert edit(text, rules({"teaser": ".c", "widget": ".w"}))["extract"] == {
        "body": [".bai"],
        "drop": {"teaser": [".c", ".a", ".b"], "widget": [".w"]},
    }


@pytest.mark.parametrize(
    ("urls", "article_id"),
    [
        (["https://a.vn/x/cau-moi-812345.html", "https://a.vn/le-hoi-2026-812399.html"], "812345"),
        (["https://www.a.vn/cau-moi-post8123.vnp", "https://a.vn/le-hoi-post812399.vnp"], "8123"),
        (
            ["https://a.vn/x/cau-moi-o-ban-na-thong-xe/", "https://a.vn/x/le-hoi-mua-xuan-o-ban/"],
            "cau-moi-o-ban-na-thong-xe",
        ),
        (["https://a.vn/2026/cau-moi-o-ban-na-8123", "https://a.vn/2026/le-hoi-mua-xuan-9999"], "8123"),
        (["https://a.vn/tin/812345", "https://a.vn/tin/812346"], "812345"),
    ],
)
def test_addresses_give_a_pattern_with_the_number(urls: list[str], article_id: str) -> None:
    """The pattern fits all addresses, not the front page or a section, and its group is the article's own number."""
    text = HEAD.replace("'-(\\d+)\\.html$'", quote(find_url_pattern(urls, "a.vn"))) + '[extract]\nbody = ["p"]\n'
    profile = parse_profile(text, file="a.vn.toml", site="a.vn")
    assert profile.find_article_id(urls[0]) == article_id
    assert all(profile.is_article_url(url) for url in urls)
    assert not any(
        profile.is_article_url(url) for url in ("https://a.vn/", "https://a.vn/the-gioi/", "https://b.vn/x-8123")
    )
