"""Bytes to a parsed tree: the charset is decided once, the page parsed once; pure.

UTF-8 first: newspapers declare their charset late (byte 18,257 on tuoitre.vn) or wrongly, and bytes that are valid
UTF-8 by chance are no other charset's text.
"""

import codecs
import re

from lxml import etree

from tinsach.cleaning.article import Rejected

MAX_PAGE_BYTES = 16_000_000
_META_SCAN_BYTES = 100_000
_CHECKED_BYTES = 1 << 15
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_FOREIGN = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a RIFF file (WebP, AVI, WAV)"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "gzip data that was never unpacked"),
    (b"\x00\x00\x00", "a media file"),
    (b"OggS", "an Ogg file"),
    (b"ID3", "an MP3 file"),
    (b"WARC/", "a WARC file"),
)
_CODE = re.compile(
    rb"""<!-- | <(script|style|svg)(?=[\s>]) (?: [^<>"']++ | "[^"<>]*+" | '[^'<>]*+' )*+ (?<!/)>""",
    re.IGNORECASE | re.VERBOSE,
)
_INSIDE = {  # of code, by its tag: up to the end tag or some text; the group is an opening where the end is in doubt
    name: re.compile(
        rb"(?: <(?!/" + name + rb"[\s/>]) (" + other + rb")? [^<]{0,40}+ )*+",
        re.IGNORECASE | re.VERBOSE,
    )
    for name, other in (
        (b"script", rb"script(?=[\s/>])"),
        (b"style", rb"style(?=[\s/>])"),
        (b"svg", rb"svg(?=[\s/>]) | !--"),
    )
}
_XML_ROOT = re.compile(
    rb"(?:[\s\]>]|<!--.*?-->|<[?!][^>]*>)*+<(rss|feed|urlset|sitemapindex|svg|rdf:RDF)\b", re.IGNORECASE | re.DOTALL
)
_CONTROLS = bytes((*range(9), 11, 12, *range(14, 32), 127))


def decode_page(html: bytes | str, *, charset: str | None = None) -> bytes:
    """The page as UTF-8 without null bytes and code; raises Rejected for what is no HTML page.

    Order of charsets: BOM, valid UTF-8, the HTTP `charset`, a `<meta>` charset, UTF-8 with replacements.

    >>> decode_page("<p>Hà Nội</p>".encode("utf-16")).decode()
    '<p>Hà Nội</p>'
    """
    if len(html) > MAX_PAGE_BYTES:
        raise Rejected("too-large", f"{len(html):,} bytes; the limit is {MAX_PAGE_BYTES:,}")
    page = _to_utf8(html.encode("utf-8", "replace") if isinstance(html, str) else html, charset)
    if b"\0" in page:
        page = page.replace(b"\0", b"")  # the parser takes a null byte for the end
    if not page or page.isspace():
        raise Rejected("empty", "no bytes, or white space only")
    head = page[:2000].lstrip()
    if b"<" not in page or head[:1] in (b"{", b"["):
        raise Rejected("not-html", f"begins with {head[:30].decode('utf-8', 'replace')!r}")
    root = _XML_ROOT.match(head)
    if root:
        raise Rejected("not-html", f"an XML document with root <{root[1].decode()}>")
    return page


def parse_page(page: bytes) -> etree._Element:
    """The tree of UTF-8 bytes, comments and processing instructions left out; raises Rejected when there is none."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True)
    try:
        root = etree.fromstring(page, parser=parser)
    except etree.XMLSyntaxError as error:
        raise Rejected("not-html", str(error)) from error
    if root is None:
        raise Rejected("empty", "no element in the page")
    last_error = parser.error_log.last_error
    if last_error is not None and last_error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        raise Rejected("too-deep", "elements nested more than 2,048 deep")  # libxml2 stops reading there
    return root


def _to_utf8(html: bytes, charset: str | None) -> bytes:
    for bom, name in _BOMS:
        if html.startswith(bom):
            return html[len(bom) :].decode(name, "replace").encode("utf-8", "replace")
    for magic, what in _FOREIGN:
        if html.startswith(magic):
            raise Rejected("not-html", f"the page is {what}")
    html = _empty_code(html)
    return html if _is_utf8(html) else _decode_bytes(html, charset).encode("utf-8", "replace")


def _empty_code(page: bytes) -> bytes:
    """The page with empty scripts, style sheets and drawings: often most of its bytes, and no text for a reader.

    The elements stay, and JSON. What is not plainly one tag, its content and its end is left as it is.
    """
    kept, done = [], 0
    opening = _CODE.search(page)
    while opening:
        start, name = opening.end(), opening[1]
        if name is None:
            stop = page.find(b"-->", start - 2)  # <!--> is a whole comment
        else:
            stop, is_plain = _find_end(page, start, _INSIDE[name.lower()])
            if is_plain and stop > start and b"json" not in opening[0].lower():
                kept.append(page[done:start])
                done = stop
        if stop < 0:
            break
        opening = _CODE.search(page, stop)
    return b"".join([*kept, page[done:]]) if kept else page


def _find_end(page: bytes, start: int, inside: re.Pattern[bytes]) -> tuple[int, bool]:
    """Where the next end tag stands, -1 for nowhere, and whether nothing before it puts it in doubt."""
    is_plain = True
    at = page.find(b"<", start)  # much faster over code than the pattern, which is faster where one '<' follows another
    while at >= 0:
        run = inside.match(page, at)
        assert run is not None  # of no length at the end tag
        is_plain = is_plain and not run[1]
        at = page.find(b"<", run.end())
        if at == run.end():
            return at, is_plain
    return -1, False


def _is_utf8(html: bytes) -> bool:
    """Whether the bytes are valid UTF-8; by parts, since one emoji makes the whole page's text four bytes a letter."""
    page, start = memoryview(html), 0
    try:
        while start < len(page):
            part = page[start : start + _CHECKED_BYTES]
            start += codecs.utf_8_decode(part, "strict", start + len(part) == len(page))[1]
    except UnicodeDecodeError:
        return False
    return True


def _decode_bytes(html: bytes, charset: str | None) -> str:
    """What is no valid UTF-8, as text."""
    declared = _META_CHARSET.search(html, 0, _META_SCAN_BYTES)
    names = [charset or "", declared[1].decode("ascii") if declared else ""]
    if _is_mostly_utf8(html):
        names.insert(0, "utf-8")
    for name in names:
        text = _decode_as(html, name, strict=name != "utf-8")
        if text is not None:
            return text
    controls = len(html) - len(html.translate(None, _CONTROLS))
    if controls > len(html) // 20:
        raise Rejected("not-html", f"binary data: {controls:,} control characters")
    return html.decode("cp1252", "replace")


def _is_mostly_utf8(html: bytes) -> bool:
    """Whether a few broken bytes stand in a page that is UTF-8 otherwise: cut pages, a foreign advert."""
    text = html.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    accented = sum(1 for character in text if character > "\x7f") - broken
    return broken * 2 < accented


def _decode_as(html: bytes, name: str, *, strict: bool) -> str | None:
    try:
        return html.decode(name, "strict" if strict else "replace") if name else None
    except (LookupError, UnicodeDecodeError):  # no such charset, none for text, or not what it claims to be
        return None
