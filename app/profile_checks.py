"""What `tinsach profile check` does: a profile runs over a site's newest archived pages and its fixtures."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tinsach.app.drafts import PASS_SHARE, trial_profile
from tinsach.app.output import Cell, Output, count
from tinsach.cleaning import Article, Profile, Rejected, clean_html, load_profile
from tinsach.datasets.fixture_check import check_fixture
from tinsach.datasets.fixtures import list_fixtures, read_fixture
from tinsach.datasets.layout import BrokenWorld, DataDir
from tinsach.datasets.samples import NoPages, read_host_pages, read_samples

CRUCIAL = ("title", "published_at")
FIELDS = ("title", "lead", "authors", "agency", "published_at", "section", "tags", "images")
MOST_PAGES = 200
RENAMED = {"extraction_name"}  # of a page whose template has become a version; its record is the same


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileCheck:
    """What a profile does: on archived pages, by template and reason of rejection, and on fixtures."""

    site: str
    pages: int
    templates: Mapping[str, int]
    rejected: Mapping[str, int]
    filled: Mapping[str, float]
    fits: float
    fixtures: int
    differing: tuple[str, ...]

    @property
    def faults(self) -> tuple[str, ...]:
        """Why it does not pass, one line each."""
        articles = sum(self.templates.values())
        found = [f"fits {self.fits:.0%} of {count(articles, 'article')}"] if articles and self.fits < PASS_SHARE else []
        found += [f"no article among {count(self.pages, 'page')}"] if self.pages and not articles else []
        low = [name for name in CRUCIAL if articles and self.filled[name] < PASS_SHARE]
        found += [f"finds {name} on {self.filled[name]:.0%} of the articles" for name in low]
        return (*found, *(f"fixture {name} differs" for name in self.differing))


def check_profile(data: DataDir, profile: Profile, folders: Sequence[Path]) -> ProfileCheck:
    """Clean the site's newest archived pages, and its fixtures in those folders, with the profile in use."""
    templates: Counter[str] = Counter()
    rejected: Counter[str] = Counter()
    articles: list[Article] = []
    pages = 0
    for html, url, charset in _read_pages(data, profile):
        pages += 1
        try:
            article = clean_html(html, url=url, charset=charset)
        except Rejected as error:
            rejected[error.reason] += 1
        else:
            articles.append(article)
            templates[f"{article.extraction} {article.extraction_name}"] += 1
    total = max(1, len(articles))
    saved = [read_fixture(path) for folder in folders for path in list_fixtures(folder, [profile.site])]
    return ProfileCheck(
        site=profile.site,
        pages=pages,
        templates=dict(templates.most_common()),
        rejected=dict(rejected.most_common()),
        filled={name: sum(bool(getattr(article, name)) for article in articles) / total for name in FIELDS},
        fits=sum(article.extraction == "profile" for article in articles) / total,
        fixtures=len(saved),
        differing=tuple(each.name for each in saved if check_fixture(each).failures.keys() - RENAMED),
    )


def _read_pages(data: DataDir, profile: Profile) -> Iterator[tuple[bytes, str, str | None]]:
    try:
        samples = read_samples(data.site(profile.site), most=MOST_PAGES) if profile.home else []
        responses = [sample.response for sample in samples]
    except NoPages:
        try:
            responses = read_host_pages(data, profile.site, most=MOST_PAGES)
        except NoPages:
            return
    for response in responses:
        yield response.body, response.url, response.charset


@contextmanager
def use_profile(target: str) -> Iterator[Profile]:
    """The profile of a site, or that of a file, which then is the site's while the block lasts."""
    path = Path(target)
    if path.suffix != ".toml":
        yield load_profile(target)
        return
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenWorld(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from error
    with trial_profile(path.stem, text, file=str(path)) as profile:
        yield profile


def show_checks(output: Output, checks: Sequence[ProfileCheck]) -> None:
    for each in checks:
        output.event("profile", **asdict(each), faults=each.faults)
    rows: list[tuple[Cell, ...]] = [
        (each.site, each.pages, f"{each.fits:.0%}" if each.pages else None, *_fill_cells(each), each.fixtures)
        for each in checks
    ]
    less = ("agency", "tags", "images", "section", "fixtures", "authors", "lead")
    output.table("Profiles on archived pages", ("site", "pages", "fits", *FIELDS, "fixtures"), rows, less=less)
    for each in checks:
        for name, number in each.templates.items():
            output.line(f"{each.site}: {count(number, 'page')} by {name}")
        for reason, number in each.rejected.items():
            output.line(f"{each.site}: {count(number, 'page')} rejected: {reason}")
        for fault in each.faults:
            output.error(f"{each.site}: {fault}", site=each.site)


def _fill_cells(check: ProfileCheck) -> list[Cell]:
    return [f"{check.filled[name]:.0%}" if check.templates else None for name in FIELDS]
