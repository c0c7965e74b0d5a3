"""What stands around every page of a paper: styles, scripts, menus, footer.

Pure and the same for all pages of a site, therefore built once; it gives the pages their real weight (60 to 150 kB).
"""

from functools import cache

from tinsach.app.newsroom import words
from tinsach.app.newsroom.sites import Site
from tinsach.app.newsroom.text import to_slug

ICON_COUNT = 260
BOX_COUNT = 120
FOOTER_LINES = {
    "ngaynay.vn": (
        "Cơ quan chủ quản: Liên hiệp các Hội UNESCO Việt Nam",
        "Giấy phép hoạt động báo điện tử của tòa soạn mô phỏng, số 0/GP-DEMO",
        "© Bản quyền thuộc về Tạp chí Ngày Nay. Ghi rõ nguồn khi phát hành lại thông tin từ website này.",
    ),
    "vietnamplus.vn": (
        "Cơ quan chủ quản: THÔNG TẤN XÃ VIỆT NAM",
        "Tòa soạn mô phỏng, dùng để chạy thử trên máy của bạn",
        "© Bản quyền thuộc về VietnamPlus, TTXVN. Cấm sao chép dưới mọi hình thức nếu không được chấp thuận.",
    ),
    "qdnd.vn": (
        "Cơ quan chủ quản: Quân ủy Trung ương, Bộ Quốc phòng",
        "Tòa soạn mô phỏng, dùng để chạy thử trên máy của bạn",
        "© Bản quyền thuộc Báo Quân đội nhân dân. Chỉ được phát hành lại khi có sự đồng ý của tòa soạn.",
    ),
    "tuoitre.vn": (
        "Cơ quan chủ quản: Thành Đoàn TP.HCM",
        "Tòa soạn mô phỏng, dùng để chạy thử trên máy của bạn",
        "© Copyright Tuổi Trẻ Online. All rights reserved.",
    ),
    "vnexpress.net": (
        "Báo điện tử thuộc Bộ Khoa học và Công nghệ",
        "Tòa soạn mô phỏng, dùng để chạy thử trên máy của bạn",
        "© 1997-2026. Toàn bộ bản quyền thuộc VnExpress",
    ),
    "dantri.com.vn": (
        "Cơ quan của Bộ Nội vụ",
        "Tòa soạn mô phỏng, dùng để chạy thử trên máy của bạn",
        "© 2005-2026 Bản quyền thuộc về Báo điện tử Dân trí.",
    ),
}


@cache
def head_assets(site: Site) -> str:
    """The inline style sheet and scripts of the page head."""
    icons = "".join(f'.ic-{n:03}:before{{content:"\\e{n:03x}";font-size:{12 + n % 9}px}}' for n in range(ICON_COUNT))
    boxes = "".join(
        f".box-{n} .story{{display:flex;margin:0 0 {n % 24}px;padding:{n % 12}px;border:1px solid #e{n % 10}e0e0}}"
        f".box-{n} .story__heading{{font:700 {14 + n % 8}px/1.4 Arial,sans-serif;color:#2{n % 10}2222}}"
        for n in range(BOX_COUNT)
    )
    return (
        f"<style>{icons}{boxes}.hidden{{display:none}}</style>\n"
        f'<link rel="shortcut icon" href="{site.origin}/favicon.ico">\n'
        "<script>window.ME=window.ME||{q:[],run:function(f){this.q.push(f)}};"
        "document.documentElement.className+=' js';</script>\n"
    )


@cache
def page_top(site: Site) -> str:
    """Logo, search box, main menu and the menu for small screens."""
    main = "".join(_menu_item(site, index) for index in range(len(site.sections)))
    regions = "".join(
        f'<li><a href="{site.origin}/region/{to_slug(name)}/{100 + n}{_page_suffix(site)}">{name}</a></li>'
        for n, name in enumerate(words.PROVINCES)
    )
    return (
        '<div id="sdaWeb_SdaBackground" class="rennab" data-platform="1" style="display:none"></div>\n'
        f'<header class="site-header"><a class="logo" href="{site.origin}/" title="{site.title}">{site.title}</a>\n'
        '<form class="search" action="/tim-kiem/"><input name="q" placeholder="Tìm kiếm"><button>Tìm</button></form>\n'
        f'<nav class="main-menu"><ul><li><a href="{site.origin}/">Trang chủ</a></li>{main}</ul></nav>\n'
        f'<nav class="mobile-menu hidden"><ul>{main}</ul><ul class="regions">{regions}</ul></nav></header>\n'
    )


def _menu_item(site: Site, index: int) -> str:
    section = site.sections[index]
    subs = "".join(
        f'<li><a href="{site.sub_url(section, path)}" title="{name}">{name}</a></li>' for path, name in section.subs
    )
    url = site.section_url(section)
    return f'<li data-id="{section.zone}"><a href="{url}" title="{section.name}">{section.name}</a><ul>{subs}</ul></li>'


def _page_suffix(site: Site) -> str:
    return f".{site.extension}" if site.extension else ""


@cache
def page_bottom(site: Site) -> str:
    """Footer in plain paragraphs, and the scripts before the end of the body."""
    lines = "".join(f"<p>{line}</p>\n" for line in FOOTER_LINES[site.name])
    feeds = "".join(
        f'<a href="{site.origin}{site.feed_path(section)}">RSS {section.name}</a> ' for section in site.sections
    )
    calls = "".join(
        f"ME.run(function(){{var e=document.querySelector('.box-{n}');if(e&&e.dataset.zone){{e.setAttribute("
        f"'data-seen',{n});ME.q.length>{n}&&e.classList.toggle('is-late')}}}});\n"
        for n in range(BOX_COUNT)
    )
    return (
        f'<footer class="site-footer"><div class="container">{lines}<p class="rss">{feeds}</p></div></footer>\n'
        f"<script>\n{calls}</script>\n</body>\n</html>\n"
    )
