"""Pictures with their captions and credits, read off the order in which they stand; pure."""

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from tinsach.cleaning.article import Image
from tinsach.cleaning.lines import classify_line, split_caption
from tinsach.cleaning.segment import Piece

_PLAIN_PATH = re.compile(r"(?:/[\w%-]+)+(?:\.\w+)?", re.ASCII)  # nothing in it that urljoin would have to resolve
MAX_CAPTION_CHARS = 1500  # what is longer is no caption, but text set in a layout table


def mark_captions(pieces: list[Piece]) -> list[Piece]:
    """Gives every text inside a figure its reason: a caption, or what its own line shows (an editor's labels).

    A figure whose text is longer than any caption is a layout box: its text stays as it is.
    """
    chars: dict[int, int] = {}
    for piece in pieces:
        if piece.figure and piece.drop is None:
            chars[piece.figure] = chars.get(piece.figure, 0) + len(piece.text)
    return [
        _mark(piece) if piece.figure and piece.drop is None and chars[piece.figure] <= MAX_CAPTION_CHARS else piece
        for piece in pieces
    ]


def _mark(piece: Piece) -> Piece:
    if piece.image is not None:
        return piece.with_drop(("caption", "markup:figure"))
    cue = classify_line(piece.text)
    if cue is not None and cue.kind in ("junk", "credit", "widget"):
        return piece.with_drop((cue.kind, cue.rule))
    return piece.with_drop(("caption", "markup:figure"))


def read_images(pieces: list[Piece], base_url: str) -> tuple[Image, ...]:
    """The article's pictures in order. A caption belongs to the picture before it, else to the next of its figure.

    Several caption lines after one picture are one caption; a caption without any picture keeps url None.
    """
    drafts: list[_Draft] = []
    for piece in pieces:
        if piece.image is not None:
            if piece.drop is None or piece.drop[0] == "caption":
                _add_image(drafts, piece, base_url)
        elif piece.drop is not None and piece.drop[0] in ("caption", "credit"):
            _add_text(drafts, piece)
        elif drafts and piece.drop is None:
            drafts[-1].is_open = False
    return tuple(dict.fromkeys(draft.finish() for draft in drafts))


class _Draft:
    """A picture while its caption lines are being collected."""

    def __init__(self, url: str | None, figure: int) -> None:
        self.url = url
        self.figure = figure
        self.lines: list[str] = []
        self.credits: list[str] = []
        self.is_open = True

    def finish(self) -> Image:
        caption, credit = split_caption(" ".join(self.lines)) if self.lines else (None, None)
        return Image(self.url, caption, credit or " ".join(self.credits) or None)


def _add_image(drafts: list[_Draft], piece: Piece, base_url: str) -> None:
    url = absolute_url(piece.image or "", base_url)
    last = drafts[-1] if drafts else None
    if last and last.url is None and last.figure == piece.figure and piece.figure:
        last.url = url
    elif not (last and last.url == url):
        drafts.append(_Draft(url, piece.figure))


def _add_text(drafts: list[_Draft], piece: Piece) -> None:
    last = drafts[-1] if drafts else None
    if last is None or (last.figure != piece.figure and not (last.is_open and not last.lines)):
        last = _Draft(None, piece.figure)
        drafts.append(last)
    if piece.drop is not None and piece.drop[0] == "credit":
        last.credits.append(split_caption(piece.text)[1] or piece.text)
    else:
        last.lines.append(piece.text)


def absolute_url(url: str, base_url: str) -> str | None:
    """The URL against the page's own; None when it is not one of http or https.

    >>> absolute_url("/a.jpg", "https://ngaynay.vn/x.html")
    'https://ngaynay.vn/a.jpg'
    """
    url = url.strip()
    if url.startswith(("http://", "https://")) and "[" not in url:
        return url
    if _PLAIN_PATH.fullmatch(url) and (origin := _read_origin(base_url)):
        return origin + url
    try:
        joined = urljoin(base_url, url)
        urlsplit(joined)  # urljoin lets a bad host pass when there is no base
    except ValueError:
        return None
    return joined if joined.startswith(("http://", "https://")) else None


@lru_cache(maxsize=16)  # asked for every link of a page
def _read_origin(base_url: str) -> str | None:
    """Scheme and host of an http or https URL, None of any other."""
    try:
        parts = urlsplit(base_url)
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else None
