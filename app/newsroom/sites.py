"""The three papers that the newsroom imitates: hosts, sections, zones, feeds and how article URLs are built.

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


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A paper. `origin` has no slash at its end; `first_id` is the id of article 0."""

    name: str
    family: Literal["mcms", "qdnd"]
    title: str
    origin: str
    hosts: tuple[str, ...]
    extension: str
    first_id: int
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
        if self.family == "qdnd":
            return f"/{section.path}/{sub}/{slug}-{article_id}"
        return f"/{slug}-post{article_id}.{self.extension}"

    def section_url(self, section: Section) -> str:
        """The URL of a section's first page."""
        return f"{self.origin}/{section.path}" + ("" if self.family == "qdnd" else "/")

    def feed_path(self, section: Section) -> str:
        """The path of a section's feed."""
        if self.family == "qdnd":
            return f"/rss/cate/{section.path}-{section.zone}.rss"
        return f"/rss/{section.path}-{section.zone}.rss"

    @property
    def home_feed_path(self) -> str:
        """The path of the feed with the newest articles of all sections."""
        return "/rss/cate/tin-tuc-moi-nhat.rss" if self.family == "qdnd" else "/rss/home.rss"


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
SITES = {site.name: site for site in (NGAYNAY, VIETNAMPLUS, QDND)}
