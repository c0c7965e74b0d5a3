"""Pages of unknown make that hold no article: front pages, listings, players, error pages, cookie walls; pure.

Rule: a page is refused for what it lacks, running text of its own, and named by what it holds instead; a short article
that says so in its JSON-LD or `og:type` is one.
"""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from tinsach.cleaning.article import Rejected
from tinsach.cleaning.cards import Card, is_teaser
from tinsach.cleaning.letters import fold
from tinsach.cleaning.metadata import Head
from tinsach.cleaning.segment import Piece
from tinsach.cleaning.survey import is_sentence, measure
from tinsach.cleaning.titles import fold_descriptions
from tinsach.cleaning.trimming import Draft

MAX_SHORT_CHARS = 600  # of running text; an error page or a wall has no more
MAX_VIDEO_CHARS = 200
MIN_CARDS = 5
MIN_TEASERS = 8
HOME_TEASERS = 15
MAX_HOME_CHARS = 1500
MIN_WORDS = 10  # of a page all whose lines are fragments
MIN_LINE_WORDS, MIN_LINE_CHARS = 4, 24  # of a line that is none; scripts without spaces go by their size

_HOME_PATHS = frozenset(("", "index.html", "index.htm", "index.php", "home"))
_ERROR = re.compile(
    r"""(?ix)\b(?:(?:error|fehler|erreur|errore?)\s*:?\s*(?:4\d\d|5\d\d)|(?:4(?:03|04|10)|50[0234])\s*(?:[-–:|]|error|not\s+found
      |forbidden|page\b|seite\b|gone\b)|page\s+(?:not\s+found|cannot\s+be\s+found|can.t\s+be\s+found|doesn.t\s+exist|does\s+not\s+exist)
      |not\s+found|access\s+denied|(?:internal\s+)?server\s+error|service\s+unavailable|bad\s+gateway
      |seite\s+(?:wurde\s+)?nicht\s+gefunden|page\s+(?:introuvable|non\s+trouvée)|página\s+no\s+encontrada|pagina\s+non\s+trovata
      |pagina\s+niet\s+gevonden|página\s+não\s+encontrada|nie\s+znaleziono|siden\s+(?:blev\s+)?(?:ikke\s+fun[dn]et)|страница\s+не\s+найдена
      |không\s+tìm\s+thấy\s+trang|trang\s+(?:không\s+tồn\s+tại|bạn\s+tìm\s+kiếm\s+không)|ページが見つかりません)""",
)
_WALL = re.compile(
    r"""(?ix)\bcookies?\b|enable\s+javascript|javascript\s+(?:is\s+)?(?:disabled|required)|verify(?:ing)?\s+(?:that\s+)?you\s+are\s+(?:a\s+)?human
      |are\s+you\s+a\s+robot|checking\s+your\s+browser|unusual\s+traffic|captcha|einwilligung|datenschutz|consentement|consenso|consentimiento
      |gdpr|privacy\s+(?:policy|settings)"""
)


def reject_unless_article(draft: Draft, url: str, cards: list[Card]) -> None:
    """Raises Rejected with the reason; returns for a page with an article."""
    kept = draft.find_kept()
    prose = sum(leaf.prose for _, leaf in kept)
    says_article = draft.head.news.is_article or draft.head.find_meta("og:type") == "article"
    _reject_error_page(draft, prose)
    if prose < MAX_SHORT_CHARS:
        _reject_wall(draft)
    if not says_article:
        _reject_listing(draft, url, cards, prose)
    size = sum(leaf.size for _, leaf in kept)
    if size < MAX_VIDEO_CHARS and _has_player(draft):
        raise Rejected("video-only", f"a player and {size} characters of text")
    if not kept:
        raise Rejected("no-text", f"none of {len(draft.survey.leaves)} lines is text of an article")


def has_sentence(pieces: Iterable[Piece], head: Head) -> bool:
    """Whether one piece of a body reads like running text and is not the summary that the page's head repeats."""
    described = fold_descriptions(head)
    for piece in pieces:
        plain = int(measure(piece.text) * (1 - piece.link_share))
        if piece.kind != "heading" and is_sentence(piece.text, plain):
            letters = fold(piece.text)
            if not any(text in letters or letters in text for text in described):
                return True
    return False


def reject_fragments(texts: Sequence[str], *, is_known: bool) -> None:
    """Raises Rejected for a body without a sentence: on a page `is_known` by its site or markup, or of a few words."""
    if is_known:
        raise Rejected("no-text", f"no body container of the site's template, and no sentence in {len(texts)} lines")
    num_words = sum(len(text.split()) for text in texts)
    if num_words < MIN_WORDS and all(map(_is_fragment, texts)):
        raise Rejected("no-text", f"{num_words} words in {len(texts)} lines")


def _is_fragment(text: str) -> bool:
    return text.count(" ") < MIN_LINE_WORDS - 1 and measure(text) < MIN_LINE_CHARS


def _reject_error_page(draft: Draft, prose: float) -> None:
    if prose >= MAX_SHORT_CHARS:
        return
    headline = draft.survey.leaves[draft.headline].text if draft.headline is not None else ""
    for text in (draft.head.title or "", headline):
        if len(text) < 200 and (found := _ERROR.search(text)):
            raise Rejected("error-page", found[0])


def _reject_wall(draft: Draft) -> None:
    texts = [leaf for leaf in draft.survey.leaves if leaf.prose]
    walls = sum(leaf.prose for leaf in texts if _WALL.search(leaf.text[:2000]))
    if walls > sum(leaf.prose for leaf in texts) / 2:
        raise Rejected("cookie-wall", next(leaf.text[:60] for leaf in texts if _WALL.search(leaf.text[:2000])))


def _reject_listing(draft: Draft, url: str, cards: list[Card], prose: float) -> None:
    leaves = draft.survey.leaves
    is_home = _path(url) in _HOME_PATHS
    in_cards = sum(leaves[n].prose for card in cards for n in range(card.start, card.end))
    is_all_cards = len(cards) >= MIN_CARDS and in_cards > sum(leaf.prose for leaf in leaves) / 2
    if is_all_cards or prose < (MAX_HOME_CHARS if is_home else MAX_SHORT_CHARS):
        num_teasers = sum(is_teaser(leaf, draft.site) for leaf in leaves)
        if is_all_cards or num_teasers >= (HOME_TEASERS if is_home else MIN_TEASERS):
            raise Rejected(
                "home" if is_home else "listing", f"{num_teasers} headlines lead on, {prose:.0f} characters of text"
            )


def _path(url: str) -> str:
    try:
        return urlsplit(url).path.strip("/").lower()
    except ValueError:
        return "?"


def _has_player(draft: Draft) -> bool:
    return "VideoObject" in draft.head.news.types or next(draft.survey.root.iter("video"), None) is not None
