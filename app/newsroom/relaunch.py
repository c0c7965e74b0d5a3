"""A paper of the newsroom that moves to a new template: every class and id of its article pages gets another name.

Pure: the page is written in its old template and renamed, so that the truth about it stays the same. JSON-LD goes, as
in a relaunch that nobody looks at with a crawler's eyes; `<meta>` stays.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

from tinsach.app.newsroom.sites import SITES
from tinsach.app.newsroom.web import Newsroom, Reply

# The old template's names (MCMS) and the new ones; what is not named here loses its class.
NAMES = {
    "article__title": "bai-tieu-de",
    "article__sapo": "bai-mo-dau",
    "article__body": "bai-noi-dung",
    "article__avatar": "bai-anh-dau",
    "article__meta": "bai-thong-tin",
    "article__tag": "bai-the",
    "article__author": "bai-ky-ten",
    "article__source": "bai-dan-nguon",
    "article-relate": "hop-lien-quan",
    "article__related-listing": "hop-lien-quan",
    "related-news": "khoi-lien-quan",
    "breadcrumb": "duong-dan",
    "main": "muc-chinh",
    "notebox": "hop-ghi-nho",
    "name": "ten",
    "time": "gio-dang",
    "story": "tin-khac",
    "sda_middle": "quang-cao",
    "rennab": "quang-cao",
    "layout-image-2": "anh-doi",
    "wrap-social": "chia-se",
    "active": "the-bai",
    "link": "noi-chon",
    "image": "anh",
}
_CLASS = re.compile(r' class="([^"]*)"')
_OTHER = re.compile(r' (?:itemprop|data-source|data-type|data-platform|data-position|id|style)="[^"]*"')
_JSONLD = re.compile(r'<script type="application/ld\+json">.*?</script>', re.DOTALL)


def rename_markup(html: str, names: Mapping[str, str] = NAMES) -> str:
    """The page in its new template.

    >>> rename_markup('<p class="article__sapo cms-desc" id="x">Lead</p>')
    '<p class="bai-mo-dau">Lead</p>'
    """

    def rename(match: re.Match[str]) -> str:
        renamed = dict.fromkeys(names[name] for name in match[1].split() if name in names)
        return f' class="{" ".join(renamed)}"' if renamed else ""

    return _JSONLD.sub("", _OTHER.sub("", _CLASS.sub(rename, html)))


def can_relaunch(site: str) -> bool:
    """Whether there is a new template for the paper: for those on MCMS."""
    return site in SITES and SITES[site].family == "mcms"


class Relaunch(Newsroom):
    """A newsroom of which a paper can move to a new template; from then on all its articles are served in it."""

    def __init__(
        self,
        seed: int,
        articles_per_site: int,
        sites: tuple[str, ...] = tuple(SITES),
        *,
        now: datetime,
        edition: int = 0,
    ) -> None:
        super().__init__(seed, articles_per_site, sites, now=now, edition=edition)
        self._left: dict[str, int] = {}

    def relaunch(self, site: str, after: int = 0) -> None:
        """Move a paper to its new template, once it has answered for so many articles more in the old one."""
        if not can_relaunch(site):
            raise ValueError(f"{site}: no new template for this paper")
        self._left[site] = after

    def respond(self, host: str, path: str, headers: Mapping[str, str]) -> Reply:
        """As the newsroom; an article of a paper that moved is new to everybody who had it."""
        name = host.partition(":")[0].lower()
        site = next((site for site in self._left if name == SITES[site].host), None)
        if site is None or "-post" not in path:
            return super().respond(host, path, headers)
        if self._left[site] > 0:
            reply = super().respond(host, path, headers)
            self._left[site] -= reply.status in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED)
            return reply
        reply = super().respond(host, path, {k: v for k, v in headers.items() if not k.lower().startswith("if-")})
        if reply.status != HTTPStatus.OK:
            return reply
        tags = tuple((name, value[:-1] + '-2"' if name == "ETag" else value) for name, value in reply.headers)
        return Reply(HTTPStatus.OK, tags, rename_markup(reply.body.decode()).encode())
