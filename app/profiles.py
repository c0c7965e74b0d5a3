"""`tinsach profile`: check a profile on archived pages, suggest what a relaunch asks for, draft one for a new paper."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tinsach.app.drafts import Draft, draft_profile, suggest_edit, trial_profile
from tinsach.app.exits import DONE, FAILURES, UNUSABLE, worst_of
from tinsach.app.fixtures import Folder, choose_folders
from tinsach.app.output import Cell, Output
from tinsach.app.releasing import parse_day
from tinsach.app.session import Session
from tinsach.cleaning import (
    Article,
    Profile,
    ProfileError,
    Rejected,
    UnknownSite,
    clean_html,
    list_sites,
    load_profile,
)
from tinsach.datasets.alarms import read_alarms
from tinsach.datasets.fixture_check import check_fixture
from tinsach.datasets.fixtures import list_fixtures, read_fixture
from tinsach.datasets.layout import BrokenWorld, DataDir, write_whole
from tinsach.datasets.samples import NoPages, read_host_pages, read_samples

PASS_SHARE = 0.95  # of the articles that the profile must fit, and that must have title and time
CRUCIAL = ("title", "published_at")
FIELDS = ("title", "lead", "authors", "agency", "published_at", "section", "tags", "images")
MOST_PAGES = 200
RENAMED = {"extraction_name"}  # of a page whose template has become a version; its record is the same

profile_app = typer.Typer(no_args_is_help=True, help="Site profiles: check, suggest, draft.")
Out = Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there; to the screen by default.")]


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
        found = [f"fits {self.fits:.0%} of {articles} articles"] if articles and self.fits < PASS_SHARE else []
        found += [f"no article among {self.pages} pages"] if self.pages and not articles else []
        low = [name for name in CRUCIAL if articles and self.filled[name] < PASS_SHARE]
        found += [f"finds {name} on {self.filled[name]:.0%} of the articles" for name in low]
        return (*found, *(f"fixture {name} differs" for name in self.differing))


def add_profile_commands(app: typer.Typer) -> None:
    """Make `profile` a command of `app`, with the functions of this module below it."""
    for name, command in (("check", check), ("suggest", suggest), ("new", new)):
        profile_app.command(name)(command)
    app.add_typer(profile_app, name="profile")


def check(
    ctx: typer.Context,
    targets: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE|SITE]...", help="All sites with data when left out.")
    ] = None,
    folder: Folder = None,
) -> None:
    """Validate profiles, run them over the archive's newest pages and the fixtures, and show what they find."""
    session: Session = ctx.obj
    codes: list[int] = []
    checks: list[ProfileCheck] = []
    chosen = targets or [site for site in session.data.sites() if site in list_sites()]
    if not targets:
        for site in list_sites():
            load_profile(site)
    for target in chosen:
        try:
            with _use(target) as profile:
                found = check_profile(session.data, profile, choose_folders(folder, session.config))
        except (BrokenWorld, ProfileError, UnknownSite) as error:
            session.output.error(str(error.args[0]))
            codes.append(UNUSABLE)
        else:
            checks.append(found)
            codes.append(FAILURES if found.faults else DONE)
    _show_checks(session.output, checks)
    if not targets:
        session.output.line(f"{len(list_sites())} profiles are valid")
    raise typer.Exit(worst_of(codes))


def suggest(
    ctx: typer.Context,
    site: Annotated[str, typer.Argument(metavar="SITE")],
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="When the paper changed: 2026-11-20; by its alarms if left out.")
    ] = None,
    out: Out = None,
) -> None:
    """New selectors for what no longer matches, found by aligning today's pages with the last good records."""
    session: Session = ctx.obj
    load_profile(site)
    start = parse_day("--since", since)
    if start is None:
        start = min((alarm.since for alarm in read_alarms(session.data.site(site)).open), default=None)
    if start is None:
        raise BrokenWorld(f"{site}: no open alarm; say with --since DAY when the paper changed")
    draft = suggest_edit(session.data, site, start)
    place = session.data.profiles / f"{site}.toml"
    head = f"# A draft of {datetime.now(UTC):%Y-%m-%d}: read it, then it goes to {place}.\n"
    _deliver(session.output, draft.text, head, out)
    _show_draft(session.output, draft)
    if draft.rules.fields.get("body"):
        renew = f"`tinsach fixture update {site}`"
        session.output.note(f"The old template is kept as a [[version]]; saved pages of it then bear its name: {renew}")


def new(
    ctx: typer.Context,
    host: Annotated[str, typer.Argument(metavar="HOST", help="The paper, as its addresses name it.")],
    out: Out = None,
) -> None:
    """A whole profile for a paper that has none, from its archived pages (`tinsach import` takes a folder of them)."""
    session: Session = ctx.obj
    draft = draft_profile(session.data, host)
    head = f"# A draft of {datetime.now(UTC):%Y-%m-%d} from {draft.today.pages} pages: read it before you use it.\n"
    _deliver(session.output, draft.text, head, out)
    _show_draft(session.output, draft)


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
def _use(target: str) -> Iterator[Profile]:
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


def _deliver(output: Output, text: str, head: str, out: Path | None) -> None:
    if out is None:
        output.event("draft", text=head + text)
        output.line(head + text)
        return
    with write_whole(out) as temp:
        temp.write_text(head + text, encoding="utf-8")
    output.event("draft", file=out)
    output.note(f"{out}: written; `tinsach profile check {out}` tries it")


def _show_draft(output: Output, draft: Draft) -> None:
    """How often each selector was right, and what the draft does on today's pages and on those of before."""
    for name, proposals in {**draft.rules.fields, **{f"drop.{k}": v for k, v in draft.rules.drops.items()}}.items():
        for each in proposals:
            output.event("selector", field=name, **asdict(each))
            told = f"{each.right} right, {each.wrong} wrong, {each.missed} without a match"
            output.note(f"{name:12} {each.css:40} {told}")
    for word, trial in (("today", draft.today), ("before", draft.before)):
        if trial is not None and trial.pages:
            output.event("trial", pages_of=word, **asdict(trial))
            same = f", {trial.same} of {trial.known} with the same title, lead and text" if trial.known else ""
            output.note(f"pages of {word}: the draft fits {trial.fits} of {trial.pages}{same}")


def _show_checks(output: Output, checks: Sequence[ProfileCheck]) -> None:
    for each in checks:
        output.event("profile", **asdict(each), faults=each.faults)
    rows: list[tuple[Cell, ...]] = [
        (each.site, each.pages, f"{each.fits:.0%}" if each.pages else None, *_fill_cells(each), each.fixtures)
        for each in checks
    ]
    output.table("Profiles on archived pages", ("site", "pages", "fits", *FIELDS, "fixtures"), rows)
    for each in checks:
        for name, count in each.templates.items():
            output.line(f"{each.site}: {count} pages by {name}")
        for reason, count in each.rejected.items():
            output.line(f"{each.site}: {count} pages rejected: {reason}")
        for fault in each.faults:
            output.error(f"{each.site}: {fault}", site=each.site)


def _fill_cells(check: ProfileCheck) -> list[Cell]:
    return [f"{check.filled[name]:.0%}" if check.templates else None for name in FIELDS]
