"""What is known of each site: one TOML file a site, validated on load; reads nothing but the profiles' files.

A profile `extends` its CMS family. Its own lists come first, the family's after them, so that a site says only what
differs. `[[version]]` holds older templates of the same site; what a version does not say holds as for the present
template. A page's markup tells its template, not its date: an old article may be served in the new one. `until` is for
people. So where a present body selector of the site's own does not match, the versions are asked before the family.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Any, Literal
from urllib.parse import urljoin, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from tinsach.cleaning.article import RemovalKind
from tinsach.cleaning.dates import parse_age
from tinsach.cleaning.mistakes import describe_fault, suggest
from tinsach.cleaning.selectors import Selector, SelectorGroup, compile_selector
from tinsach.cleaning.sources import ProfileError, UnknownSite, cache_profiles, name_file, profile_files

Evidence = Literal["page", "code", "guess"]


def _parse_selector(value: object) -> Selector:
    return compile_selector(str(value))


def _parse_pattern(value: object) -> re.Pattern[str]:
    try:
        return re.compile(str(value))
    except re.error as error:
        raise ValueError(f"bad regular expression: {error}") from error


CssSelector = Annotated[Selector, BeforeValidator(_parse_selector)]
Regex = Annotated[re.Pattern[str], BeforeValidator(_parse_pattern)]
Age = Annotated[timedelta, BeforeValidator(parse_age)]
Selectors = tuple[CssSelector, ...]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Pages(_Table):
    """How a section goes on: URL template with {section} or {zone}, and {n}; `first` is the number of page two."""

    url: str
    first: int = 2
    format: Literal["html", "json"] = "html"
    zone: Regex | None = None


class Discover(_Table):
    """Where article URLs are announced; URLs are absolute once loaded.

    `months` are the URLs of monthly sitemaps with {year} and {month} ({month2}: of two digits), `archives` those of
    lists of one day, with {day} ({day2}) too, or {from} and {to} as Unix times, and {n} for its pages. `variant_url`
    are other addresses of an article (AMP, print), its number as the group: never fetched, but known as the same page.
    """

    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    archives: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    article_url: Regex | None = None
    variant_url: Regex | None = None
    pages: Pages | None = None


class Extract(_Table):
    """Selectors, tried in order; `drop` names by kind what lies inside the body but is not the article."""

    title: Selectors = ()
    lead: Selectors = ()
    body: Selectors = ()
    media: Selectors = ()
    figure: Selectors = ()
    author: Selectors = ()
    time: Selectors = ()
    section: Selectors = ()
    tags: Selectors = ()
    related: Selectors = ()
    keep: Selectors = ()
    drop: Mapping[RemovalKind, Selectors] = Field(default_factory=dict)

    @cached_property
    def on_page(self) -> SelectorGroup:
        """The selectors that are asked of the whole page."""
        asked = (self.title, self.lead, self.body, self.media, self.author, self.time, self.section, self.tags)
        return SelectorGroup(selector for selectors in (*asked, self.related) for selector in selectors)

    @cached_property
    def in_body(self) -> SelectorGroup:
        """The selectors that are asked of the body container."""
        return SelectorGroup(s for selectors in (self.figure, self.keep, *self.drop.values()) for s in selectors)


class Lines(_Table):
    """Text cues of the house: `lead_prefix` is cut from the lead, `drop` lines leave the body."""

    lead_prefix: tuple[Regex, ...] = ()
    drop: Mapping[RemovalKind, tuple[Regex, ...]] = Field(default_factory=dict)


class Crawl(_Table):
    """How often and how politely the site is crawled, and when a young article is asked again."""

    every: Age = timedelta(hours=1)
    delay_seconds: float = Field(default=1.0, ge=0)
    concurrency: int = Field(default=2, ge=1)
    revisit_after: tuple[Age, ...] = tuple(timedelta(hours=h) for h in (1, 6, 24, 72, 168))
    render: bool = False  # whether its articles are blank without JavaScript


class Version(_Table):
    """An older template of the site: its name, the last day it was seen, and its own selectors and lines."""

    name: str
    until: date
    extract: Extract = Extract()
    lines: Lines = Lines()


class Profile(_Table):
    """One site (or, without `home`, one CMS family)."""

    site: str
    name: str
    family: str | None = None
    home: str = ""
    hosts: tuple[str, ...] = ()
    match: Selectors = ()
    discover: Discover = Discover()
    extract: Extract = Extract()
    lines: Lines = Lines()
    crawl: Crawl = Crawl()
    version: tuple[Version, ...] = ()
    num_own_body: int = 0
    evidence: Mapping[str, Evidence] = Field(default_factory=dict)

    def find_article_id(self, url: str) -> str | None:
        """The site's own number of the article, None when the URL is no article's; query and fragment don't count."""
        address = url.partition("#")[0].partition("?")[0]
        return _find_group(self.discover.article_url, address)

    def find_page_id(self, url: str) -> str | None:
        """`find_article_id`, also of the article's AMP or print page."""
        return self.find_article_id(url) or _find_group(self.discover.variant_url, url.partition("#")[0])

    def is_article_url(self, url: str) -> bool:
        """Whether the URL has the shape of this site's articles."""
        return self.find_article_id(url) is not None


def _find_group(pattern: re.Pattern[str] | None, text: str) -> str | None:
    match = pattern.search(text) if pattern else None
    return next((group for group in match.groups() if group), None) if match else None


_FACTS = frozenset(
    f"{table}.{key}"
    for table, model in (("discover", Discover), ("extract", Extract), ("lines", Lines))
    for key in model.model_fields
)


def list_sites() -> tuple[str, ...]:
    """The names of all site profiles, sorted; families are not among them."""
    return tuple(sorted(name for name in profile_files() if "." in name))


def list_families() -> tuple[str, ...]:
    """The names of all CMS families, sorted."""
    return tuple(sorted(name for name in profile_files() if "." not in name))


@cache_profiles
def load_profile(site: str) -> Profile:
    """The profile of a site or family; raises UnknownSite or ProfileError."""
    source = profile_files().get(site)
    if source is None:
        near = suggest(site, list_sites())
        where = f"{near} `tinsach sites` lists all" if near else f"; known: {', '.join(list_sites())}"
        raise UnknownSite(f"no profile for {site!r}{where}")
    return parse_profile(source.read_text(encoding="utf-8"), file=name_file(source), site=site)


def find_profile(url: str) -> Profile | None:
    """The profile whose hosts include the URL's host, or None."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return None
    site = _hosts().get(host) or _hosts().get(host.removeprefix("www."))
    return load_profile(site) if site else None


def parse_profile(text: str, *, file: str, site: str) -> Profile:
    """Reads one profile's TOML, merges its family's below it, and checks every key; raises ProfileError."""
    own = _parse_toml(text, file)
    for key in ("site", "family", "num_own_body"):
        if key in own:
            raise ProfileError(
                f"{file}: {key} = {own[key]!r}: not set here; the file's name is the site, extends the family"
            )
    num_own_body = _count_body(own)
    family = own.pop("extends", None)
    if family is not None and family not in profile_files():
        near = suggest(str(family), list_families())
        raise ProfileError(
            f"{file}: extends = {family!r}: no such family{near or '; known: ' + ', '.join(list_families())}"
        )
    merged = own
    if family is not None:
        parent = _parse_toml(profile_files()[family].read_text(encoding="utf-8"), name_file(profile_files()[family]))
        merged = _merge(own, {key: value for key, value in parent.items() if key not in ("name", "match", "evidence")})
    merged = _merge_versions(merged)
    try:
        profile = Profile.model_validate(
            {"site": site, "family": family, "num_own_body": num_own_body, **_expand_host(merged, site)}
        )
    except ValidationError as error:
        raise ProfileError(f"{file}: {describe_fault(error, Profile)}") from error
    if profile.home:
        _check_site(profile, file)
    return _resolve_urls(profile)


def _count_body(own: Mapping[str, Any]) -> int:
    """How many body selectors a file names itself; what is no list is left to the check of all keys."""
    extract = own.get("extract")
    body = extract.get("body") if isinstance(extract, dict) else None
    return len(body) if isinstance(body, list) else 0


def _check_site(profile: Profile, file: str) -> None:
    """What a site needs beyond well-formed keys; raises ProfileError."""
    found, pages = profile.discover.article_url, profile.discover.pages
    unknown = profile.evidence.keys() - _FACTS - {f"version.{version.name}" for version in profile.version}
    wrong = [
        (not profile.extract.body, "extract.body = []: a site needs the selector of its article body"),
        (found is None or not found.groups, "discover.article_url: needs a (group) around the article's number"),
        (
            any("{year}" not in url or "{month" not in url for url in profile.discover.months),
            "discover.months: needs {year} and {month}, as in /sitemaps/news-{year}-{month}.xml",
        ),
        (
            any("{day" not in url and "{from}" not in url for url in profile.discover.archives),
            "discover.archives: needs {day}, as in /xem-theo-ngay/{day}-{month}-{year}.htm, or {from} and {to}",
        ),
        (pages is not None and "{n}" not in pages.url, "discover.pages.url: needs {n}, the number of the page"),
        (bool(unknown), f"evidence: {', '.join(sorted(unknown))}: no such fact; one is extract.body or version.2017"),
    ]
    for is_wrong, message in wrong:
        if is_wrong:
            raise ProfileError(f"{file}: {message}")


def _parse_toml(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{file}: not valid TOML: {error}") from error


def _merge(own: Mapping[str, Any], family: Mapping[str, Any]) -> dict[str, Any]:
    """The site's values over the family's; lists are joined, the site's first."""
    merged = dict(family)
    for key, value in own.items():
        below = merged.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            merged[key] = _merge(value, below)
        elif isinstance(value, list) and isinstance(below, list) and key != "revisit_after":
            merged[key] = value + [item for item in below if item not in value]
        else:
            merged[key] = value
    return merged


def _merge_versions(merged: dict[str, Any]) -> dict[str, Any]:
    """An older template's own selectors stand before the site's present ones, which still hold for the rest."""
    versions = merged.get("version", [])
    if not isinstance(versions, list):
        return merged
    below: dict[str, Any] = {key: merged[key] for key in ("extract", "lines") if key in merged}
    return {**merged, "version": [_merge(each, below) if isinstance(each, dict) else each for each in versions]}


def _expand_host(merged: dict[str, Any], site: str) -> dict[str, Any]:
    """A family writes {host} where a site's host name stands in its URLs."""
    discover = merged.get("discover")
    if not isinstance(discover, dict) or "." not in site:
        return merged
    patterns = ("article_url", "variant_url")
    expanded = {key: _replace_host(value, site) for key, value in discover.items() if key not in patterns}
    for key in patterns:
        if key in discover:
            expanded[key] = str(discover[key]).replace("{host}", re.escape(site))
    return {**merged, "discover": expanded}


def _replace_host(value: Any, site: str) -> Any:
    if isinstance(value, dict):
        return {key: _replace_host(item, site) for key, item in value.items()}
    if isinstance(value, list):
        return [_replace_host(item, site) for item in value]
    return value.replace("{host}", site) if isinstance(value, str) else value


def _resolve_urls(profile: Profile) -> Profile:
    """Absolute URLs for discovery, and the site's own host names."""
    if not profile.home:
        return profile
    found = profile.discover
    absolute = {
        key: tuple(urljoin(profile.home, url) for url in getattr(found, key))
        for key in ("feeds", "sitemaps", "months", "archives", "sections")
    }
    hosts = profile.hosts or tuple(dict.fromkeys((urlsplit(profile.home).hostname or "", profile.site)))
    return profile.model_copy(update={"discover": found.model_copy(update=absolute), "hosts": hosts})


@cache_profiles
def _hosts() -> Mapping[str, str]:
    return {host: site for site in list_sites() for host in load_profile(site).hosts}
