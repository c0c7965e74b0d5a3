"""Profiles: every file loads and is whole, article URLs are told from others, mistakes are named with their place."""

import re
from datetime import timedelta

import pytest

from tinsach.cleaning import Profile, ProfileError, UnknownSite, find_profile, list_sites, load_profile
from tinsach.cleaning.profile import list_families, parse_profile

SITES = (
    "24h.com.vn baochinhphu.vn baodautu.vn baotintuc.vn cafef.vn cand.vn dantri.com.vn giaoducthoidai.vn kenh14.vn "
    "ngaynay.vn nhandan.vn nld.com.vn plo.vn qdnd.vn sggp.org.vn soha.vn suckhoedoisong.vn thanhnien.vn tienphong.vn "
    "tuoitre.vn vietnamnet.vn vietnamplus.vn vnexpress.net vov.vn vtv.vn znews.vn"
).split()
# Facts that a profile says where each was seen, when it has them.
DISCOVERED = "article_url feeds sitemaps months archives sections pages".split()
EXTRACTED = "title lead body author time section tags figure drop".split()
LINES = ("lead_prefix", "drop")
each_site = pytest.mark.parametrize("site", SITES)

# Real shapes of article addresses, and the number that stands for the article.
ARTICLE_URLS = {
    "24h.com.vn": [("https://www.24h.com.vn/tin-tuc-trong-ngay/cau-phao-tam-c46a1654321.html", "1654321")],
    "baochinhphu.vn": [("https://baochinhphu.vn/ho-chua-nuoc-102260228093004191.htm", "102260228093004191")],
    "baodautu.vn": [("https://baodautu.vn/khu-cong-nghiep-doi-nuoc-d512345.html", "512345")],
    "baotintuc.vn": [("https://baotintuc.vn/kinh-te/cam-sanh-20260412094512345.htm", "20260412094512345")],
    "cafef.vn": [
        ("https://cafef.vn/gia-thep-188260307071033787.chn", "188260307071033787"),
        ("https://m.cafef.vn/gia-thep-188260307071033787.chn", "188260307071033787"),
    ],
    "cand.vn": [
        ("https://cand.vn/to-tuan-tra-post780220.html", "780220"),
        ("https://cand.com.vn/Xa-hoi/mua-sach-cu-i623110/", "623110"),
        ("http://cand.com.vn/Van-hoa/cho-que-457389/", "457389"),
    ],
    "dantri.com.vn": [
        ("https://dantri.com.vn/kinh-doanh/gia-gao-20260307080054340.htm", "20260307080054340"),
        ("https://dantri.com.vn/xa-hoi/cau-moi-1414567890.htm", "1414567890"),
    ],
    "giaoducthoidai.vn": [("https://giaoducthoidai.vn/tiet-hoc-o-vuon-post760331.html", "760331")],
    "kenh14.vn": [("https://kenh14.vn/ve-tranh-215260414111000333.chn", "215260414111000333")],
    "ngaynay.vn": [
        ("https://ngaynay.vn/ngay-nay-so-454-post167238.html", "167238"),
        ("https://ngaynay.vn/van-hoa/lop-hoc-tren-bien-40213.html", "40213"),
    ],
    "nhandan.vn": [
        ("https://nhandan.vn/tay-ban-nha-vo-dich-post976641.html", "976641"),
        ("https://nhandan.com.vn/nhip-song/thu-vien-667120/", "667120"),
    ],
    "nld.com.vn": [("https://nld.com.vn/chu-tro-196260307071308923.htm", "196260307071308923")],
    "plo.vn": [
        ("https://plo.vn/phien-toa-luu-dong-post850771.html", "850771"),
        ("https://plo.vn/do-thi/con-hem-703311.html", "703311"),
    ],
    "qdnd.vn": [
        ("https://www.qdnd.vn/quoc-phong-an-ninh/xay-dung-quan-doi/bep-an-743632", "743632"),
        ("https://qdnd.vn/chinh-tri/hoi-nghi-521717", "521717"),
    ],
    "sggp.org.vn": [("https://www.sggp.org.vn/xe-buyt-dien-post820115.html", "820115")],
    "soha.vn": [("https://soha.vn/cay-da-198260415081500444.htm", "198260415081500444")],
    "suckhoedoisong.vn": [("https://suckhoedoisong.vn/ngu-trua-169260416073000555.htm", "169260416073000555")],
    "thanhnien.vn": [
        ("https://thanhnien.vn/giai-chay-185260412094512345.htm", "185260412094512345"),
        ("https://thanhnien.vn/quan-ca-phe-post1399210.html", "1399210"),
        ("https://thanhnien.vn/doi-song/quan-ca-phe-1099210.html", "1099210"),
    ],
    "tienphong.vn": [
        ("https://tienphong.vn/giu-den-bien-post1810044.tpo", "1810044"),
        ("https://www.tienphong.vn/xa-hoi/giu-den-bien-901234.tpo", "901234"),
    ],
    "tuoitre.vn": [("https://tuoitre.vn/gia-hoa-20260307075519174.htm", "20260307075519174")],
    "vietnamnet.vn": [("https://vietnamnet.vn/co-phieu-tro-lai-2495349.html", "2495349")],
    "vietnamplus.vn": [
        ("https://www.vietnamplus.vn/benh-vien-post1125344.vnp", "1125344"),
        ("https://www.vietnamplus.vn/cau-treo-ban-na/691533.vnp", "691533"),
    ],
    "vnexpress.net": [
        ("https://vnexpress.net/cong-nhan-lo-tet-4420519.html", "4420519"),
        ("https://vnexpress.net/anh-cong-nhan-lo-tet-4420519-p2.html", "4420519"),
    ],
    "vov.vn": [
        ("https://vov.vn/xa-hoi/ga-nho-post1160042.vov", "1160042"),
        ("https://vov.vn/tin/ga-583312.vov", "583312"),
    ],
    "vtv.vn": [("https://vtv.vn/dap-dat-100260413101500222.htm", "100260413101500222")],
    "znews.vn": [
        ("https://znews.vn/sua-dong-ho-post1009876.html", "1009876"),
        ("https://lifestyle.znews.vn/sua-dong-ho-post1009876.html", "1009876"),
        ("https://zingnews.vn/sua-dong-ho-post1009876.html", "1009876"),
        ("https://news.zing.vn/sua-dong-ho-post1009876.html", "1009876"),
    ],
}
OTHER_URLS = {
    "24h.com.vn": ["https://www.24h.com.vn/bong-da-c48.html"],
    "baochinhphu.vn": [
        "https://baochinhphu.vn/kinh-te.htm",
        "https://xaydungchinhsach.chinhphu.vn/a-119260228093004191.htm",
    ],
    "baodautu.vn": ["https://baodautu.vn/dau-tu-d2/"],
    "baotintuc.vn": ["https://baotintuc.vn/thoi-su-472ct0.htm"],
    "cafef.vn": ["https://cafef.vn/doanh-nghiep.chn", "https://cafef.vn/timelinelist/18831/2.chn"],
    "cand.vn": ["https://cand.vn/thoi-su/", "https://cand.com.vn/Xa-hoi/"],
    "dantri.com.vn": [
        "https://dantri.com.vn/kinh-doanh/trang-2.htm",
        "https://dantri.com.vn/chu-de/ty-gia-ngoai-te-4276.htm",
        "https://dantri.com.vn/tac-gia/tri-tuc-3617.htm",
    ],
    "giaoducthoidai.vn": ["https://giaoducthoidai.vn/giao-duc/"],
    "kenh14.vn": ["https://kenh14.vn/star.chn"],
    "ngaynay.vn": [
        "https://ngaynay.vn/dai-su-tag160907.html",
        "https://ngaynay.vn/epaper/454-455-456/",
        "https://ngaynay.vn/the-gioi/",
        "https://nhandan.vn/a-post1.html",
    ],
    "nhandan.vn": ["https://nhandan.vn/tu-khoa/WorldCup-tag17202.html", "https://nhandan.vn/world-cup-2026/"],
    "nld.com.vn": ["https://nld.com.vn/thoi-su.htm", "https://nld.com.vn/ho-kinh-doanh.html"],
    "plo.vn": ["https://plo.vn/phap-luat/", "https://plo.vn/phien-toa-tag77.html"],
    "qdnd.vn": [
        "https://www.qdnd.vn/tag/quan-khu-5-321.html",
        "https://www.qdnd.vn/quoc-te/p/2",
        "https://www.qdnd.vn/quoc-phong-an-ninh",
    ],
    "sggp.org.vn": ["https://www.sggp.org.vn/xa-hoi/"],
    "soha.vn": ["https://soha.vn/quoc-te.htm"],
    "suckhoedoisong.vn": ["https://suckhoedoisong.vn/y-te.htm"],
    "thanhnien.vn": ["https://thanhnien.vn/thoi-su.htm", "https://thanhnien.vn/nguoi-diec-tag1399210.html"],
    "tienphong.vn": ["https://tienphong.vn/xa-hoi/", "https://tienphong.vn/hai-dang-tag10123.tpo"],
    "tuoitre.vn": ["https://tuoitre.vn/tac-gia/nhat-xuan-20148.htm", "https://tuoitre.vn/timeline/11/trang-2.htm"],
    "vietnamnet.vn": [
        "https://vietnamnet.vn/co-phieu-flc-tag10255416778094936500.html",
        "https://vietnamnet.vn/kinh-doanh-page2",
        "https://vietnamnet.vn/tac-gia/duy-anh-0008IL.html",
    ],
    "vietnamplus.vn": [
        "https://www.vietnamplus.vn/region/ninh-binh/112.vnp",
        "https://www.vietnamplus.vn/tag/benh-vien-bach-mai-tag5687.vnp",
        "https://www.vietnamplus.vn/kinhte/",
    ],
    "vnexpress.net": ["https://vnexpress.net/thoi-su-p2", "https://vnexpress.net/suc-khoe/tin-tuc"],
    "vov.vn": ["https://vov.vn/xa-hoi", "https://vov.vn/tag/ga-tau"],
    "vtv.vn": ["https://vtv.vn/xa-hoi.htm"],
    "znews.vn": ["https://znews.vn/the-gioi.html", "https://znews.vn/series/dong-ho.html"],
}
HOUSE_PREFIXES = [
    ("ngaynay.vn", "(Ngày Nay) - "),
    ("ngaynay.vn", "(Ngày Nay) -\xa0"),
    ("ngaynay.vn", "(Ngày Nay) -"),
    ("tienphong.vn", "TPO - "),
    ("nld.com.vn", "(NLĐO)- "),
    ("dantri.com.vn", "(Dân trí) - "),
    ("baochinhphu.vn", "(Chinhphu.vn) - "),
    ("qdnd.vn", "QĐND - "),
    ("giaoducthoidai.vn", "GD&TĐ - "),
    ("vtv.vn", "VTV.vn - "),
    ("sggp.org.vn", "(SGGPO).- "),
    ("plo.vn", "(PLO)- "),
    ("suckhoedoisong.vn", "SKĐS - "),
    ("vov.vn", "VOV.VN - "),
    ("tuoitre.vn", "TTO - "),
]
ZONES = [
    ("vietnamplus.vn", "cmsConfig = { domainApi: 'https://api.vietnamplus.vn', adsZone: 438, allowAds: true }", "438"),
    ("ngaynay.vn", "var cmsConfig = {adsZone:'31'};", "31"),
    ("nhandan.vn", '<div class="box-content content-list" data-source="recommendation-704801">', "704801"),
    ("nld.com.vn", "<input type='hidden' name='hdZoneId' id='hdZoneId' value='1961014' />", "1961014"),
    ("tuoitre.vn", 'var zoneId = "11";', "11"),
    ("baochinhphu.vn", "url: '/timelinelist/1021119/' + page + '.htm'", "1021119"),
    ("tuoitre.vn", '<li zoneid="940"><a href="/ban-doc.htm">', None),  # the menu names every section's zone
]

GOOD = """
name = "Báo Mẫu"
home = "https://mau.example/"
[discover]
article_url = '-(\\d+)\\.html$'
[extract]
body = [".body"]
"""


def parse(text: str, site: str = "mau.example") -> Profile:
    return parse_profile(text, file=f"cleaning/profiles/{site}.toml", site=site)


def test_all_sites_have_profiles() -> None:
    """The sites that the project promises are those that it has, sorted; families are apart."""
    assert list_sites() == tuple(sorted(SITES))
    assert list_families() == ("mcms", "vccorp")


@each_site
def test_profile_is_whole(site: str) -> None:
    """A profile has what a crawl and a page need: a name, a home, hosts, a way to find articles, a body."""
    profile = load_profile(site)
    found = profile.discover
    assert profile.site == site
    assert profile.name
    assert site in profile.hosts
    assert profile.home.startswith("https://") and profile.home.endswith("/")
    assert found.article_url is not None and found.sections
    assert all((profile.extract.title, profile.extract.lead, profile.extract.body, profile.extract.drop))
    own = tuple(f"https://{host}/" for host in profile.hosts)
    assert all(url.startswith(own) for url in (*found.feeds, *found.sitemaps, *found.sections))
    assert found.pages is None or found.pages.url.startswith(("{section}", *own))
    assert found.pages is None or ("{zone}" in found.pages.url) == (found.pages.zone is not None)


@each_site
def test_evidence_is_complete(site: str) -> None:
    """Every fact of a site, its own and its family's, and every older template is marked page, code or guess."""
    profile = load_profile(site)
    facts = {f"discover.{key}" for key in DISCOVERED if getattr(profile.discover, key)}
    facts |= {f"extract.{key}" for key in EXTRACTED if getattr(profile.extract, key)}
    facts |= {f"lines.{key}" for key in LINES if getattr(profile.lines, key)}
    facts |= {f"version.{version.name}" for version in profile.version}
    assert set(profile.evidence) == facts


@each_site
def test_article_urls(site: str) -> None:
    """An article's address gives its number."""
    profile = load_profile(site)
    assert [(url, profile.find_article_id(url)) for url, _ in ARTICLE_URLS[site]] == ARTICLE_URLS[site]
    assert all(profile.is_article_url(url) for url, _ in ARTICLE_URLS[site])


@each_site
def test_other_urls(site: str) -> None:
    """Sections, tags, authors, further pages and other sites are no articles."""
    profile = load_profile(site)
    listed = (*profile.discover.sections, *profile.discover.feeds, *profile.discover.sitemaps, profile.home)
    assert [url for url in (*OTHER_URLS[site], *listed) if profile.is_article_url(url)] == []
    assert [url for url in OTHER_URLS[site] if profile.find_article_id(url)] == []


@each_site
def test_article_urls_find_their_profile(site: str) -> None:
    """The host of each address leads to the site's profile, older domains too."""
    assert {profile and profile.site for profile in (find_profile(url) for url, _ in ARTICLE_URLS[site])} == {site}


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a",
        "https://ngaynay.vn.example.org/",
        "https://video.vnexpress.net/a",
        "https://[",
        "",
        "ngaynay.vn",
    ],
)
def test_other_hosts_have_no_profile(url: str) -> None:
    """A host that no profile lists has none, whatever its name resembles; a broken address neither."""
    assert find_profile(url) is None


def test_host_is_found_with_www() -> None:
    """www. before a listed host is the same site."""
    profile = find_profile("https://www.dantri.com.vn/x")
    assert profile is not None and profile.site == "dantri.com.vn"


def test_no_host_belongs_to_two_sites() -> None:
    """Each host is named by one profile."""
    hosts = [host for site in SITES for host in load_profile(site).hosts]
    assert len(hosts) == len(set(hosts))


@pytest.mark.parametrize(("site", "prefix"), HOUSE_PREFIXES)
def test_lead_prefix(site: str, prefix: str) -> None:
    """The house prefix is matched to its end, so that the sentence after it begins with its first letter."""
    lead = f"{prefix}Sáng nay trời nắng - gió nhẹ."
    matches = (pattern.match(lead) for pattern in load_profile(site).lines.lead_prefix)
    assert {lead[match.end() :] for match in matches if match} == {"Sáng nay trời nắng - gió nhẹ."}


@pytest.mark.parametrize(("site", "html", "zone"), ZONES)
def test_zone(site: str, html: str, zone: str | None) -> None:
    """The id that continues a section is read from its page."""
    pages = load_profile(site).discover.pages
    assert pages is not None and pages.zone is not None
    match = pages.zone.search(html)
    assert (match and match[1]) == zone


@each_site
def test_versions_are_complete(site: str) -> None:
    """An older template names its own title, lead and body, and no two bear one name."""
    profile = load_profile(site)
    assert len({version.name for version in profile.version}) == len(profile.version)
    for version in profile.version:
        for key in ("title", "lead", "body"):
            assert getattr(version.extract, key) and getattr(version.extract, key) != getattr(profile.extract, key)


def test_family_lies_below_the_site() -> None:
    """Lists are joined, the site's first and nothing twice; tables are merged; {host} becomes the site's."""
    profile = parse(
        'name = "Báo Mẫu"\nextends = "mcms"\nhome = "https://mau.example/"\n'
        '[discover]\nfeeds = ["/rss/a.rss", "/rss/home.rss"]\n'
        '[extract]\nlead = [".tom-tat", ".cms-desc"]\n[extract.drop]\nteaser = [".hop"]\n[discover.pages]\nfirst = 3\n'
    )
    family = load_profile("mcms")
    assert profile.family == "mcms"
    assert profile.name == "Báo Mẫu" and profile.match == ()
    assert profile.discover.feeds == ("https://mau.example/rss/a.rss", "https://mau.example/rss/home.rss")
    assert [selector.css for selector in profile.extract.lead] == [".tom-tat", ".cms-desc", ".article__sapo"]
    assert profile.extract.body == family.extract.body
    assert [selector.css for selector in profile.extract.drop["teaser"]][:2] == [".hop", ".article-relate"]
    assert profile.extract.drop["widget"] == family.extract.drop["widget"]
    assert profile.discover.pages is not None and profile.discover.pages.first == 3
    assert profile.discover.pages.url.startswith("https://api.mau.example/api/morenews-zone-{zone}-{n}")
    assert profile.find_article_id("https://mau.example/a-post12.html") == "12"
    assert profile.find_article_id("https://mau-example/a-post12.html") is None
    assert not profile.evidence


def test_version_stands_on_its_site() -> None:
    """An older template's selectors come first, the site's present ones after them."""
    profile = parse(
        GOOD + 'title = ["h1"]\n[[version]]\nname = "cũ"\nuntil = 2020-01-01\n[version.extract]\nbody = [".cu"]\n'
    )
    version = profile.version[0].extract
    assert [selector.css for selector in version.body] == [".cu", ".body"]
    assert [selector.css for selector in version.title] == ["h1"]


def test_defaults() -> None:
    """Without [crawl] a site is crawled politely; hosts come from the home page and the name."""
    profile = parse(GOOD)
    assert profile.crawl.delay_seconds >= 1
    assert profile.crawl.revisit_after[0] == timedelta(hours=1)
    assert profile.hosts == ("mau.example",)
    assert parse(GOOD.replace("https://mau", "https://www.mau")).hosts == ("www.mau.example", "mau.example")


def test_ages_replace_the_default() -> None:
    """revisit_after is the site's own list, in minutes, hours and days."""
    ages = parse(GOOD + "[crawl]\nrevisit_after = ['30m', '6h', '2d']\n").crawl.revisit_after
    assert ages == (timedelta(minutes=30), timedelta(hours=6), timedelta(days=2))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (GOOD + "tilte = ['h1']", "extract.tilte = ['h1']: unknown key; did you mean title? known: "),
        (GOOD + "title = ['h1[']", "extract.title.0 = 'h1['"),
        (GOOD + "[extract.drop]\nadvert = ['.ad']", "extract.drop.advert"),
        (GOOD + "[lines]\nlead_prefix = ['(x']", "lines.lead_prefix.0 = '(x'"),
        (GOOD + "[crawl]\nrevisit_after = ['soon']", "crawl.revisit_after.0 = 'soon'"),
        (GOOD + "[crawl]\ndelay_seconds = -1", "crawl.delay_seconds = -1: must be 0 or more"),
        (
            GOOD + "[evidence]\n'extract.body' = 'maybe'",
            "evidence.extract.body = 'maybe': must be 'page', 'code' or 'guess'",
        ),
        (GOOD + "[[version]]\nname = 'cũ'", "version.0.until"),
        (GOOD.replace('body = [".body"]', 'body = ".body"'), "extract.body = '.body': must be a list, in [ ]"),
        (GOOD + "[crawl]\nrender = 'maybe'", "crawl.render = 'maybe': must be true or false"),
        (GOOD.replace('body = [".body"]', ""), "extract.body"),
        (GOOD.replace("article_url = '", "article_url = '("), "discover.article_url"),
        ('extends = "wordpress"', "extends = 'wordpress'"),
        ("name = ", "not valid TOML"),
        ("", "name: is missing"),
    ],
)
def test_mistakes_are_named(text: str, named: str) -> None:
    """A profile that cannot be used says in one line which file, key and value."""
    with pytest.raises(ProfileError) as caught:
        parse(text)
    message = str(caught.value)
    assert message.startswith("cleaning/profiles/mau.example.toml: ")
    assert named in message and "\n" not in message


def test_unknown_site_lists_the_known() -> None:
    """The name of a site without profile is an error that lists the sites there are."""
    with pytest.raises(UnknownSite, match=re.escape("'mau.example'; known: 24h.com.vn, baochinhphu.vn")):
        load_profile("mau.example")


def test_mistyped_site_is_asked_back() -> None:
    """A name that is nearly a site's asks whether that one is meant, instead of listing all."""
    with pytest.raises(UnknownSite, match=r"'ngaynai\.vn'; did you mean ngaynay\.vn\? `tinsach sites` lists all$"):
        load_profile("ngaynai.vn")


INCOMPLETE = {
    "an article URL without group": ("[discover]\narticle_url = 'x-[0-9]+'", "discover.article_url"),
    "pages without a number": (
        "[discover]\narticle_url = 'x-([0-9]+)'\npages.url = 'https://x.vn/p'",
        "discover.pages.url",
    ),
    "an evidence of nothing": (
        'evidence = {"extract.bodyy" = "page"}\n[discover]\narticle_url = \'(1)\'',
        "extract.bodyy",
    ),
    "a family by the wrong key": ("family = 'mcms'", "family"),
}


@pytest.mark.parametrize(("text", "named"), INCOMPLETE.values(), ids=INCOMPLETE)
def test_what_a_site_needs_is_asked_for(text: str, named: str) -> None:
    """A profile that would silently find nothing is an error that names file and key."""
    head = "name = 'X'\nhome = 'https://x.vn/'\n"
    with pytest.raises(ProfileError, match=f"x.vn.toml: .*{named}"):
        parse_profile(f"{head}{text}\n[extract]\nbody = ['p']\n", file="x.vn.toml", site="x.vn")
