"""The papers that the newsroom imitates: hosts, sections, zones, feeds and how their URLs are built.

Constants and pure arithmetic: an article's id, section and time follow from its number alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zlib import crc32

from tinsach.app.newsroom import topics
from tinsach.app.newsroom.topics import Topic

LOCAL_OFFSET = timedelta(hours=7)
NEWEST_AGE = timedelta(hours=6)  # edition 0 ends that long before `now`, so that later editions are not in the future
EDITION_STEP = timedelta(minutes=5)
GAP_SECONDS = 97 * 60  # between two articles of a site on average
ID_STRIDE = 7  # ids have holes, as real ones do


@dataclass(frozen=True, slots=True, eq=False)  # one object each: identity is the fast hash that caches need
class Section:
    """A section: its path without slashes, its name, its zone (category) id and its sub-sections (path, name)."""

    path: str
    name: str
    zone: int
    topics: tuple[Topic, ...]
    subs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class UrlForms:
    """The paths of a paper, as templates: an article, a section's first page, its feed, the feed of all sections."""

    article: str
    section: str
    feed: str
    home_feed: str


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A paper. `origin` has no slash at its end; `first_id` is the id of article 0."""

    name: str
    family: Literal["mcms", "vccorp", "vnexpress", "dantri", "qdnd"]
    title: str
    origin: str
    hosts: tuple[str, ...]
    extension: str
    first_id: int
    forms: UrlForms
    sections: tuple[Section, ...]

    @property
    def host(self) -> str:
        """The host of the canonical URLs."""
        return self.origin.removeprefix("https://")

    def pick_section(self, number: int) -> Section:
        """The section of the article with that number."""
        return self.sections[crc32(f"{self.name}/{number}".encode()) % len(self.sections)]

    def find_section(self, path: str) -> Section | None:
        """The section with that path (without slashes)."""
        return next((section for section in self.sections if section.path == path), None)

    def article_id(self, number: int) -> int:
        """The id of the article with that number."""
        return self.first_id + number * ID_STRIDE + crc32(f"{self.name}#{number}".encode()) % ID_STRIDE

    def find_number(self, article_id: int) -> int | None:
        """The number of the article with that id; None when no article can have it."""
        number = (article_id - self.first_id) // ID_STRIDE
        return number if number >= 0 and self.article_id(number) == article_id else None

    def article_path(self, section: Section, sub: str, slug: str, article_id: int) -> str:
        """The path of an article's URL."""
        return self.forms.article.format(section=section.path, sub=sub, slug=slug, id=article_id)

    def section_url(self, section: Section) -> str:
        """The URL of a section's first page."""
        return self.origin + self.forms.section.format(section=section.path)

    def sub_url(self, section: Section, sub: str) -> str:
        """The URL of a sub-section, below its section's."""
        url = self.section_url(section)
        if url.endswith(".htm"):
            return f"{url.removesuffix('.htm')}/{sub}.htm"
        return f"{url}{sub}/" if url.endswith("/") else f"{url}/{sub}"

    def feed_path(self, section: Section) -> str:
        """The path of a section's feed."""
        return self.forms.feed.format(section=section.path, zone=section.zone)

    @property
    def home_feed_path(self) -> str:
        """The path of the feed with the newest articles of all sections."""
        return self.forms.home_feed


def spread_time(number: int, *, site: Site, newest_number: int, now: datetime) -> datetime:
    """When the article of edition 0 with that number came out, to the second; numbers rise with time."""
    jitter_seconds = crc32(f"{site.name}@{number}".encode()) % (GAP_SECONDS - 60)
    age = NEWEST_AGE + timedelta(seconds=(newest_number - number) * GAP_SECONDS + jitter_seconds)
    return (now - age).replace(microsecond=0)


def edition_time(edition: int, order: int, now: datetime) -> datetime:
    """When the article published `order`-th in a later edition came out."""
    end = now - NEWEST_AGE + EDITION_STEP * edition
    return (end - EDITION_STEP + timedelta(seconds=7 + order * 11)).replace(microsecond=0)


NGAYNAY = Site(
    name="ngaynay.vn",
    family="mcms",
    title="Tạp chí Ngày Nay",
    origin="https://ngaynay.vn",
    hosts=("ngaynay.vn", "www.ngaynay.vn"),
    extension="html",
    first_id=167300,
    forms=UrlForms("/{slug}-post{id}.html", "/{section}/", "/rss/{section}-{zone}.rss", "/rss/home.rss"),
    sections=(
        Section(
            "thoi-su",
            "Thời sự",
            2,
            (topics.TRANSPORT, topics.COMMUNITY, topics.ECONOMY),
            (("chinh-sach", "Chính sách"), ("do-thi", "Đô thị")),
        ),
        Section("the-gioi", "Thế giới", 5, (topics.DIPLOMACY, topics.TECHNOLOGY), (("ho-so", "Hồ sơ"),)),
        Section("giao-duc", "Giáo dục", 11, (topics.EDUCATION,), (("tuyen-sinh", "Tuyển sinh"), ("du-hoc", "Du học"))),
        Section("van-hoa", "Văn hóa", 14, (topics.CULTURE, topics.SPORT), (("di-san", "Di sản"),)),
        Section(
            "xa-hoi",
            "Xã hội",
            19,
            (topics.HEALTH, topics.ENVIRONMENT, topics.FARMING),
            (("y-te", "Y tế"), ("moi-truong", "Môi trường")),
        ),
    ),
)
VIETNAMPLUS = Site(
    name="vietnamplus.vn",
    family="mcms",
    title="Vietnam+ (VietnamPlus)",
    origin="https://www.vietnamplus.vn",
    hosts=("www.vietnamplus.vn", "vietnamplus.vn"),
    extension="vnp",
    first_id=1125400,
    forms=UrlForms("/{slug}-post{id}.vnp", "/{section}/", "/rss/{section}-{zone}.rss", "/rss/home.rss"),
    sections=(
        Section("chinhtri", "Chính trị", 299, (topics.DIPLOMACY, topics.COMMUNITY), (("doingoai", "Đối ngoại"),)),
        Section("thegioi", "Thế giới", 300, (topics.DIPLOMACY, topics.TECHNOLOGY), (("asean", "ASEAN"),)),
        Section(
            "kinhte",
            "Kinh tế",
            311,
            (topics.ECONOMY, topics.FARMING, topics.TRANSPORT),
            (("taichinh", "Tài chính"), ("thitruong", "Thị trường")),
        ),
        Section("xahoi", "Xã hội", 314, (topics.HEALTH, topics.EDUCATION), (("yte", "Y tế"), ("giaoduc", "Giáo dục"))),
        Section("vanhoa", "Văn hóa", 320, (topics.CULTURE, topics.SPORT), (("disan", "Di sản"),)),
    ),
)
QDND = Site(
    name="qdnd.vn",
    family="qdnd",
    title="Báo Quân đội nhân dân",
    origin="https://www.qdnd.vn",
    hosts=("www.qdnd.vn", "qdnd.vn"),
    extension="",
    first_id=810000,
    forms=UrlForms(
        "/{section}/{sub}/{slug}-{id}",
        "/{section}",
        "/rss/cate/{section}-{zone}.rss",
        "/rss/cate/tin-tuc-moi-nhat.rss",
    ),
    sections=(
        Section("chinh-tri", "Chính trị", 3429, (topics.DIPLOMACY, topics.COMMUNITY), (("tin-tuc", "Tin tức"),)),
        Section(
            "quoc-phong-an-ninh",
            "Quốc phòng an ninh",
            3424,
            (topics.DEFENCE,),
            (("tin-tuc", "Tin tức"), ("xay-dung-quan-doi", "Xây dựng Quân đội")),
        ),
        Section("quoc-te", "Quốc tế", 3447, (topics.DIPLOMACY, topics.TECHNOLOGY), (("tin-tuc", "Tin tức"),)),
        Section("kinh-te", "Kinh tế", 3432, (topics.ECONOMY, topics.FARMING), (("cac-van-de", "Các vấn đề"),)),
        Section(
            "xa-hoi",
            "Xã hội",
            3439,
            (topics.COMMUNITY, topics.HEALTH, topics.ENVIRONMENT),
            (("tin-tuc", "Tin tức"), ("cac-van-de", "Các vấn đề")),
        ),
    ),
)
TUOITRE = Site(
    name="tuoitre.vn",
    family="vccorp",
    title="Báo Tuổi Trẻ",
    origin="https://tuoitre.vn",
    hosts=("tuoitre.vn", "www.tuoitre.vn"),
    extension="htm",
    first_id=20260300000000000,
    forms=UrlForms("/{slug}-{id}.htm", "/{section}.htm", "/rss/{section}.rss", "/rss/tin-moi-nhat.rss"),
    sections=(
        Section("thoi-su", "Thời sự", 3, (topics.TRANSPORT, topics.COMMUNITY), (("xa-hoi", "Xã hội"),)),
        Section("the-gioi", "Thế giới", 2, (topics.DIPLOMACY, topics.TECHNOLOGY), (("binh-luan", "Bình luận"),)),
        Section("kinh-doanh", "Kinh doanh", 11, (topics.ECONOMY, topics.FARMING), (("tai-chinh", "Tài chính"),)),
        Section("phap-luat", "Pháp luật", 6, (topics.COMMUNITY, topics.ENVIRONMENT), (("tu-van", "Tư vấn"),)),
        Section("giao-duc", "Giáo dục", 13, (topics.EDUCATION, topics.HEALTH), (("tuyen-sinh", "Tuyển sinh"),)),
    ),
)
VNEXPRESS = Site(
    name="vnexpress.net",
    family="vnexpress",
    title="VnExpress",
    origin="https://vnexpress.net",
    hosts=("vnexpress.net", "www.vnexpress.net"),
    extension="html",
    first_id=4700000,
    forms=UrlForms("/{slug}-{id}.html", "/{section}", "/rss/{section}.rss", "/rss/tin-moi-nhat.rss"),
    sections=(
        Section("thoi-su", "Thời sự", 1001005, (topics.TRANSPORT, topics.COMMUNITY), (("dan-sinh", "Dân sinh"),)),
        Section("the-gioi", "Thế giới", 1001002, (topics.DIPLOMACY, topics.TECHNOLOGY), (("tu-lieu", "Tư liệu"),)),
        Section("kinh-doanh", "Kinh doanh", 1003159, (topics.ECONOMY, topics.FARMING), (("vi-mo", "Vĩ mô"),)),
        Section("suc-khoe", "Sức khỏe", 1003750, (topics.HEALTH, topics.ENVIRONMENT), (("tin-tuc", "Tin tức"),)),
        Section("giao-duc", "Giáo dục", 1003497, (topics.EDUCATION,), (("tuyen-sinh", "Tuyển sinh"),)),
    ),
)
DANTRI = Site(
    name="dantri.com.vn",
    family="dantri",
    title="Báo Dân trí",
    origin="https://dantri.com.vn",
    hosts=("dantri.com.vn", "www.dantri.com.vn"),
    extension="htm",
    first_id=20260300000000000,
    forms=UrlForms("/{section}/{slug}-{id}.htm", "/{section}.htm", "/rss/{section}.rss", "/rss/home.rss"),
    sections=(
        Section("thoi-su", "Thời sự", 1, (topics.TRANSPORT, topics.COMMUNITY), (("chinh-tri", "Chính trị"),)),
        Section("the-gioi", "Thế giới", 2, (topics.DIPLOMACY, topics.TECHNOLOGY), (("quan-su", "Quân sự"),)),
        Section("kinh-doanh", "Kinh doanh", 3, (topics.ECONOMY, topics.FARMING), (("tai-chinh", "Tài chính"),)),
        Section("giao-duc", "Giáo dục", 4, (topics.EDUCATION, topics.CULTURE), (("tuyen-sinh", "Tuyển sinh"),)),
    ),
)
SITES = {site.name: site for site in (NGAYNAY, VIETNAMPLUS, QDND, TUOITRE, VNEXPRESS, DANTRI)}
DEMO_SITES = (NGAYNAY.name, VIETNAMPLUS.name, QDND.name)  # what opens when nobody asks for more
