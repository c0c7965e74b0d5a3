"""A paper that nobody knows: the newsroom's articles on a made-up template, and on a known one under another name.

Pure. The made-up template is of no CMS that a profile knows: its own names, hashed ones between them, pictures that are
no <figure>, boxes with other stories inside the text, a signature as the last line.
"""

from collections.abc import Sequence
from html import escape
from zlib import crc32

from tinsach.app.newsroom.desk import write_article
from tinsach.app.newsroom.gold import GoldRecord, NewsArticle
from tinsach.app.newsroom.markup import as_local_iso, as_local_text
from tinsach.app.newsroom.sites import SITES
from tinsach.app.newsroom.text import to_slug
from tinsach.app.newsroom.web import Newsroom

STRANGER = "tinmoi.example"
SIBLING = "songhong.example"  # on MCMS
_TAGS = {"paragraph": "p", "heading": "h3", "list_item": "li", "quote": "blockquote", "table_row": "p"}


def stranger_url(article: NewsArticle) -> str:
    """Where the made-up paper has an article."""
    slug = article.url.rpartition("/")[2].rpartition("-post")[0]
    return f"https://{STRANGER}/{article.section}/{slug}-{article.article_id}.htm"


def write_stranger_page(gold: GoldRecord, others: Sequence[NewsArticle]) -> str:
    """The page of an article; `others` are the stories that it shows beside and inside the text."""
    number = gold.article_id
    hashed = f"css-{crc32(gold.url.encode()) % 9999:04x}x"
    lead = escape(gold.lead or "")
    links = "".join(_write_link(other) for other in others[3:])
    tags = "".join(
        f'<a href="/chu-de/{n}" class="tu-khoa {hashed}">{escape(tag)}</a>' for n, tag in enumerate(gold.tags)
    )
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">
<title>{escape(gold.title)} - Tin Mới</title>
<meta property="og:site_name" content="Tin Mới"><meta property="og:type" content="article">
<meta property="og:title" content="{escape(gold.title)}"><meta name="description" content="{lead}">
<meta property="article:section" content="{escape(gold.section)}">
<meta name="keywords" content="{escape(",".join(gold.tags))}">
<meta property="article:published_time" content="{as_local_iso(gold.published_at)}">
<link rel="alternate" type="application/rss+xml" href="https://{STRANGER}/rss/moi-nhat.rss"></head>
<body id="trang-{number}"><div class="dau-trang"><ul class="trinh-don"><li><a href="/">Trang chủ</a></li></ul></div>
<div class="cot-chinh {hashed}"><div class="loi-di"><a href="/">Trang chủ</a>
<a href="https://{STRANGER}/{to_slug(gold.section)}/">{escape(gold.section)}</a></div>
<h1 class="tua-bai {hashed}">{escape(gold.title)}</h1>
<div class="ngay-gio">{as_local_text(gold.published_at)}</div>
<h2 class="tom-tat">{lead}</h2>
<div class="than-bai {hashed}" id="than-{number}">{_write_body(gold, others)}
<p class="ky-ten"><strong>{escape(", ".join(gold.authors) or gold.agency or "Tin Mới")}</strong></p></div>
<div class="khoi-tu-khoa">{tags}</div></div>
<div class="cot-phu"><h4>Đọc nhiều</h4>{links}</div>
<div class="chan-trang"><p>© Tin Mới. Ghi rõ nguồn khi dùng lại.</p></div></body></html>"""


def write_sibling_page(newsroom: Newsroom, site: str, number: int) -> tuple[str, str]:
    """URL and page of an article on the CMS of `site`, in a paper of another name."""
    page = newsroom.open_article(site, number)
    host, old = SITES[site].host, SITES[site].title
    renamed = (
        write_article(page).replace(host, SIBLING).replace(f"api.{site}", f"api.{SIBLING}").replace(old, "Sông Hồng")
    )
    return page.article.url.replace(host, SIBLING), renamed


def _write_body(gold: GoldRecord, others: Sequence[NewsArticle]) -> str:
    pieces = [f"<{_TAGS[kind]}>{escape(text)}</{_TAGS[kind]}>" for kind, text in gold.body]
    captions = () if gold.photo_story else gold.captions  # a photo story's captions are its text
    for place, (caption, credit) in enumerate(captions):
        text = escape(caption + (f" Ảnh: {credit}" if credit else ""))
        picture = f'<img src="https://{STRANGER}/anh/{gold.article_id}-{place}.jpg" alt="">'
        pieces.insert(
            min(2 * place + 1, len(pieces)), f'<div class="khung-anh">{picture}<p class="ghi-chu">{text}</p></div>'
        )
    if gold.article_id % 2:
        inner = "".join(f"<li>{_write_link(other)}</li>" for other in others[:2])
        pieces.insert(len(pieces) // 2, f'<div class="xem-them"><b>Xem thêm</b><ul>{inner}</ul></div>')
    if gold.article_id % 3 == 0:
        pieces.insert(1, f'<div class="moi-doc">Mời bạn đọc theo dõi Tin Mới trên {_write_link(others[2])}</div>')
    return "\n".join(pieces)


def _write_link(article: NewsArticle) -> str:
    return f'<a href="{stranger_url(article)}" title="{escape(article.title)}">{escape(article.title)}</a>'
