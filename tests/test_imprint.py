"""imprint: what stands around an unknown article fills the record where the page's head says nothing."""

from datetime import UTC, datetime

from tinsach.cleaning import Article, clean_html

URL = "https://www.baomoilam.example/xa-hoi/cau-moi-thong-xe-123456.html"
TITLE = "Cây cầu mới đã thông xe sau bốn năm thi công"
P1 = "Sáng thứ hai, cây cầu mới đã được đưa vào sử dụng và hàng trăm người dân đã đi bộ qua cầu ngay giờ đầu tiên."
P2 = "Xe hơi không được qua cầu, thay vào đó cứ sáu phút lại có một chuyến tàu điện chạy đến quá nửa đêm mỗi ngày."
P3 = "Chiếc phà cũ sẽ thành bảo tàng, và người lái phà cuối cùng sẽ chỉ cho khách xem cách kéo dây qua dòng sông."
TEXT = f"<p>{P1}</p><p>{P2}</p><p>{P3}</p>"


def clean(top: str, text: str = TEXT, below: str = "") -> Article:
    body = f"<div class='a1'>{top}<div class='b2'>{text}</div>{below}</div>"
    return clean_html(f"<title>{TITLE}</title><body>{body}</body>", url=URL)


def test_a_page_without_any_metadata() -> None:
    """Crumbs, date and name beside the headline and the tags below the text are read, and are no text."""
    article = clean(
        "<ul class='main-breadcrumb'><li><a href='/'>Trang chủ</a></li><li><a href='/xa-hoi'>Xã hội</a></li></ul>"
        f"<h1>{TITLE}</h1><div class='q1'>Thứ hai, 12/03/2026 - 07:45</div><div class='q2'>Nguyễn Thu Hà</div>",
        below="<div class='q3'>Từ khóa: <a href='/x/cau-moi'>cầu mới</a> <a href='/x/tau-dien'>tàu điện</a></div>",
    )
    assert [block.text for block in article.blocks] == [P1, P2, P3]
    assert article.authors == ("Nguyễn Thu Hà",)
    assert article.published_at == datetime(2026, 3, 12, 0, 45, tzinfo=UTC)
    assert article.section == "Xã hội"
    assert article.tags == ("cầu mới", "tàu điện")


def test_a_name_below_the_text() -> None:
    """A name that signs the text is its author."""
    article = clean(f"<h1>{TITLE}</h1>", below="<div class='q'>Trần Minh Đức</div>")
    assert article.authors == ("Trần Minh Đức",)


def test_the_stamp_of_a_blog() -> None:
    """ "Posted on DAY by NAME" and "Submitted by NAME on DAY" name author and time, the <time> element most exactly."""
    stamp = "Posted on <time datetime='2026-03-12T07:45:00+07:00'>12 Tháng Ba, 2026</time> by <a href='/a'>Thu Hà</a>"
    article = clean(f"<h1>{TITLE}</h1><div class='q1'>{stamp}</div>")
    assert article.authors == ("Thu Hà",) and article.published_at == datetime(2026, 3, 12, 0, 45, tzinfo=UTC)
    article = clean(f"<h1>{TITLE}</h1><div class='q1'>Submitted by <b>John Hale</b> on Wed, 03/11/2026 - 07:45</div>")
    assert article.authors == ("John Hale",) and article.published_at == datetime(2026, 3, 11, 0, 45, tzinfo=UTC)


def test_a_dateline_is_no_author() -> None:
    """A place with a dash before the first paragraph names no one."""
    article = clean(f"<h1>{TITLE}</h1>", text=f"<strong>Jakarta</strong> - {TEXT}", below="<p>Trần Minh Đức</p>")
    assert article.authors == ("Trần Minh Đức",)
    assert [(removal.kind, removal.text) for removal in article.removed if "Jakarta" in removal.text] == [
        ("date", "Jakarta -")
    ]


def test_tags_by_where_their_links_lead() -> None:
    """A row of links to /tag/ or -tag1.html below the text is tags; links to articles are none, a label or not."""
    tags = "<p><a href='/tag/cau-moi'>cầu mới</a>, <a href='/tau-dien-tag77.html'>tàu điện</a></p>"
    others = "<ul><li><a href='/xa-hoi/pha-cu-223344.html'>Chiếc phà cũ sẽ đi về đâu sau bốn mươi năm</a></li></ul>"
    assert clean(f"<h1>{TITLE}</h1>", below=tags + others).tags == ("cầu mới", "tàu điện")
    assert clean(f"<h1>{TITLE}</h1>", below=others).tags == ()


def test_a_cell_of_the_text_is_no_author() -> None:
    """What stays in the text names no one, though it has the shape of initials and stands near the headline."""
    text = f"<p>{P1}</p><table><tr><td>Mã</td><td>Giá</td></tr><tr><td>VNM</td><td>70.000</td></tr></table><p>{P2}</p>"
    assert clean(f"<h1>{TITLE}</h1>", text=text).authors == ()


def test_sections_and_offices_are_no_authors() -> None:
    """A short line beside the headline that is no name names no one."""
    assert clean(f"<div>Kinh Doanh</div><h1>{TITLE}</h1><div>Xã hội</div>").authors == ()


def test_the_shown_title_in_other_words() -> None:
    """A headline in other words than the declared title is the title that readers see; one that says more is not."""
    html = f"<title>{TITLE}</title><body><h1>{{}}</h1><div>{TEXT}</div></body>"
    shown = "Cây cầu mới thông xe sau bốn năm thi công"
    assert clean_html(html.format(shown), url=URL).title == shown
    longer = f"{TITLE}, người dân đi bộ qua cầu ngay trong giờ đầu tiên của buổi sáng"
    assert clean_html(html.format(longer), url=URL).title == TITLE


def test_one_card_between_the_paragraphs() -> None:
    """A box of a picture, a headline and its summary that leads elsewhere is a teaser also when it is alone."""
    summary = (
        "Người lái phà cuối cùng kể lại bốn mươi năm trên dòng sông, từ ngày còn kéo dây bằng tay cho đến hôm nay."
    )
    card = (
        "<div class='w'><a href='/xa-hoi/pha-cu-223344.html'><img src='/a.jpg'></a>"
        "<a href='/xa-hoi/pha-cu-223344.html'>Chiếc phà cũ sẽ đi về đâu sau bốn mươi năm</a>"
        f"<p>{summary}</p></div>"
    )
    article = clean(f"<h1>{TITLE}</h1>", f"<p>{P1}</p>{card}<p>{P2}</p><p>{P3}</p>")
    assert [block.text for block in article.blocks] == [P1, P2, P3]
    assert ("teaser", summary) in [(removal.kind, removal.text) for removal in article.removed]
