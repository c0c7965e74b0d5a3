"""One page in, one Article out: decode, parse once, find the rules that fit, cut, classify, assemble; pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from tinsach.cleaning.article import Article, Block, Image, Rejected, Removal
from tinsach.cleaning.classify import Facts, classify, drop_learnt_lines, split_prefix
from tinsach.cleaning.decode import decode_page, parse_page
from tinsach.cleaning.generic import find_generic_template
from tinsach.cleaning.language import detect_language
from tinsach.cleaning.learnt import NOTHING_LEARNT, Learnt
from tinsach.cleaning.metadata import (
    Head,
    choose_title,
    read_authors,
    read_head,
    read_section,
    read_tags,
    read_times,
    read_values,
)
from tinsach.cleaning.pictures import absolute_url, mark_captions, read_images
from tinsach.cleaning.profile import Profile, find_profile
from tinsach.cleaning.refusal import has_sentence, reject_fragments
from tinsach.cleaning.segment import Drop, Piece, segment, visible_text
from tinsach.cleaning.selectors import Page
from tinsach.cleaning.template import Template, find_drops, find_figures, find_template, is_known

MAX_PIECES = 50_000  # lines and pictures; a body with more is a dump
PHOTO_STORY_WORDS = 30  # with fewer words of body, and more in the captions, the captions are the story
_PLACEHOLDERS = frozenset({"no summary found", "none", "null", "undefined", "n/a"})  # what templates print for no lead
_PLAYERS = etree.XPath(
    "//video | //iframe[contains(@src, 'video') or contains(@src, 'embed')] | //*[@type='VideoStream']"
    " | //*[contains(concat(' ', @class, ' '), ' cms-video ')]"
)
MEDIA_LEVELS = 3  # a lead picture stands in the body container's parent, or one or two levels above
_STORY_PATH = re.compile(r"\d{4,}|-[a-z0-9-]{15,}|\.html?$")


@dataclass(frozen=True, slots=True)
class _Lead:
    """The summary under the headline, what was cut from it, and the elements it was read from."""

    text: str | None = None
    removed: tuple[Removal, ...] = ()
    elements: tuple[etree._Element, ...] = ()


def clean_html(html: bytes | str, *, url: str, charset: str | None = None, learnt: Learnt = NOTHING_LEARNT) -> Article:
    """The article of a saved page. `charset` is the one the HTTP header named; `url` decides profile and identity.

    `learnt` are the accepted rules for what repeats across the site.
    Raises Rejected when the page is no article; nothing else for its content.
    """
    root = parse_page(decode_page(html, charset=charset))
    head = read_head(root)
    profile = find_profile(url)
    template = find_template(root, profile)
    if template is None:
        reject_unless_article(head, url, profile)
        template = find_generic_template(root, head, url)
    page = template.page or Page(root, template.extract.on_page)
    shown = read_values(template.extract.title, page) if template.title is None else [visible_text(template.title)]
    title = choose_title(shown[0] if shown else None, head)
    lead = _read_lead(page, template)
    pieces = mark_captions(_read_media(page, template) + _cut(template.body, template, lead.elements))
    authors, _ = read_authors((), head, template.extract.author, page, template.imprint.authors)
    facts = Facts(title, lead.text, template.lines, _story_test(template, profile, url), learnt, authors)
    pieces = classify(pieces, facts)
    images = read_images(pieces, url)
    pieces = drop_learnt_lines(_keep_photo_story(pieces, root, head), facts)
    if template.extraction == "generic":
        kept = [piece for piece in pieces if piece.drop is None and piece.text]
        if not has_sentence(kept, head):
            reject_fragments([piece.text for piece in kept], is_known=profile is not None or is_known(root))
    return _assemble(pieces, template, page, head, title=title, lead=lead, images=images, url=url)


def reject_unless_article(head: Head, url: str, profile: Profile | None) -> None:
    """Raises Rejected for the front page of a site with profile, and for its pages that only list articles."""
    if profile is None:
        return
    path = urlsplit(url).path.strip("/")
    if not path or path in ("index.html", "index.htm", "index.php", "home"):
        raise Rejected("home", f"path {path!r}")
    says_article = head.news.is_article or head.find_meta("og:type") == "article"
    if not profile.is_article_url(url) and not says_article:
        raise Rejected("listing", "no article URL and no body container")


def _read_lead(page: Page, template: Template) -> _Lead:
    if template.lead is not None:
        prefix, rest = split_prefix(visible_text(template.lead), template.lines)
        return _Lead(rest or None, (Removal("prefix", "house:lead", prefix),) if prefix else (), (template.lead,))
    for selector in template.extract.lead:
        found = page.find_all(selector)
        if not found:
            continue
        drops = find_drops(Page(found[0], template.extract.in_body), template.extract) if len(found[0]) else {}
        pieces = segment(found[0], drops=drops)
        text = " ".join(piece.text for piece in pieces if piece.drop is None and piece.text)
        removed = [Removal(*piece.drop, piece.text) for piece in pieces if piece.drop is not None and piece.text]
        if text.casefold() in _PLACEHOLDERS:
            removed.append(Removal("junk", "lead:placeholder", text))
            text = ""
        prefix, rest = split_prefix(text, template.lines)
        if prefix:
            removed.insert(0, Removal("prefix", "house:lead", prefix))
        if rest or removed:
            said = visible_text(found[0])
            echoes = (element for element in found[1:] if visible_text(element) == said)
            return _Lead(rest or None, tuple(removed), (found[0], *echoes))
    return _Lead()


def _read_media(page: Page, template: Template) -> list[Piece]:
    """The pieces of the lead pictures, which stand beside the body container; figures are numbered from -1 down."""
    body = template.body
    near = list(body.iterancestors())[:MEDIA_LEVELS]
    for selector in template.extract.media:
        found = [e for e in page.find_all(selector) if _is_inside(e, near) and not _is_inside(e, [body])]
        if found:
            return [
                piece._replace(figure=-number)
                for number, element in enumerate(found, start=1)
                for piece in segment(element, figures=frozenset([element]))
            ]
    return []


def _is_inside(element: etree._Element, outer: list[etree._Element]) -> bool:
    return any(ancestor in outer for ancestor in element.iterancestors())


def _cut(body: etree._Element, template: Template, lead: Iterable[etree._Element]) -> list[Piece]:
    """The body container's pieces with what its markup says of each."""
    echo: Drop = ("lead_echo", "markup:lead")
    drops = dict.fromkeys(lead, echo)
    part = Page(body, template.extract.in_body)
    drops.update(find_drops(part, template.extract))
    drops.update(template.drops)
    boxes = frozenset(element for selector in template.extract.keep for element in part.find_all(selector))
    pieces = segment(body, drops=drops, boxes=boxes, figures=find_figures(part, template.extract))
    if len(pieces) > MAX_PIECES:
        raise Rejected("too-large", f"{len(pieces):,} lines and pictures; the limit is {MAX_PIECES:,}")
    if not template.texts:
        return pieces
    return [p if p.drop is not None else p._replace(drop=template.texts.get(p.text)) for p in pieces]


def _story_test(template: Template, profile: Profile | None, url: str) -> Callable[[str], bool]:
    """Whether a link of the page leads to an article: by the profile, else by the shape of its path."""
    if template.extraction == "generic":  # it has judged the page's links by where they lead
        return lambda _: False
    if profile is not None and profile.discover.article_url:
        return lambda href: profile.is_article_url(absolute_url(href, url) or "")
    return lambda href: _STORY_PATH.search(urlsplit(absolute_url(href, url) or "").path) is not None


def _keep_photo_story(pieces: list[Piece], root: etree._Element, head: Head) -> list[Piece]:
    """Turns captions into body when they are all the text there is; raises Rejected when there is none at all."""
    kept = [piece for piece in pieces if piece.drop is None and piece.text]
    captions = [piece for piece in pieces if piece.drop is not None and piece.drop[0] == "caption" and piece.text]
    kept_words = sum(piece.text.count(" ") + 1 for piece in kept)
    if kept_words < PHOTO_STORY_WORDS < sum(piece.text.count(" ") + 1 for piece in captions):
        return [
            p._replace(drop=None, kind="paragraph") if p.drop is not None and p.drop[0] == "caption" else p
            for p in pieces
        ]
    if not kept:
        has_video = "VideoObject" in head.news.types or bool(_PLAYERS(root))
        raise Rejected("video-only" if has_video else "no-text", f"0 words of body in {len(pieces)} blocks")
    if not any(character.isalpha() for piece in kept for character in piece.text):
        raise Rejected("no-words", f"the body is {kept[0].text[:40]!r}")
    return pieces


def _assemble(
    pieces: list[Piece],
    template: Template,
    page: Page,
    head: Head,
    *,
    title: str | None,
    lead: _Lead,
    images: tuple[Image, ...],
    url: str,
) -> Article:
    extract = template.extract
    texts = [piece for piece in pieces if piece.text]
    blocks = tuple(Block(piece.kind, piece.text) for piece in texts if piece.drop is None)
    removed = list(lead.removed)
    removed += [Removal(*piece.drop, piece.text) for piece in texts if piece.drop is not None]
    bylines = [removal.text for removal in removed if removal.kind in ("byline", "agency")]
    authors, agency = read_authors(bylines, head, extract.author, page, template.imprint.authors)
    times = read_times(head, extract.time, page, template.imprint.times)
    language, score = detect_language("\n".join([lead.text or "", *(block.text for block in blocks)]))
    return Article(
        url=url,
        site=template.site or site_of(url),
        title=title,
        lead=lead.text,
        blocks=blocks,
        removed=tuple(removed),
        images=images,
        authors=authors,
        agency=agency,
        published_at=times.published.at if times.published else None,
        modified_at=times.modified.at if times.modified else None,
        published_precision=times.published.precision if times.published else None,
        section=read_section(head, extract.section, page, template.imprint.crumbs),
        tags=read_tags(head, extract.tags, page, template.imprint.tags),
        related_urls=_read_related(page, template, pieces, url),
        language=language,
        language_score=score,
        extraction=template.extraction,
        extraction_name=template.name,
    )


def _read_related(page: Page, template: Template, pieces: list[Piece], url: str) -> tuple[str, ...]:
    """Where the removed teasers of the body and the profile's related boxes lead, absolute, each once."""
    hrefs = [href for piece in pieces if piece.drop is not None and piece.drop[0] == "teaser" for href in piece.hrefs]
    for selector in template.extract.related:
        hrefs += [element.get("href") or "" for element in page.find_all(selector)]
    urls = (absolute_url(href, url) for href in hrefs if href)
    return tuple(dict.fromkeys(found for found in urls if found and found != url))


def site_of(url: str) -> str | None:
    """The newspaper an URL belongs to: its profile's name, else its host without www.

    >>> site_of("https://www.vietnamplus.vn/x-post1.vnp"), site_of("https://www.example.org/a")
    ('vietnamplus.vn', 'example.org')
    """
    profile = find_profile(url)
    if profile is not None:
        return profile.site
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None
