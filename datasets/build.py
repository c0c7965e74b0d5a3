"""Cleans what the archive holds and the records lack: one WARC file in, one shard of records and one of rejects out.

A shard is a function of its WARC file and the rules, made whole or not at all, so that files can be spread over
processes and a killed build is simply run again. Pages are cleaned in the order of the file. A page that kills its
process, or takes too much time or memory, is rejected for that, and its file is cleaned again without it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from tinsach.cleaning import rules_version
from tinsach.datasets.archive import list_archive, salvage
from tinsach.datasets.guard import PAGE_BYTES, PAGE_SECONDS, Guard, Loss
from tinsach.datasets.layout import (
    LONGEST_WRITE_SECONDS,
    BrokenWorld,
    DataDir,
    SiteDir,
    remove_leftovers,
    write_error,
    write_whole,
)
from tinsach.datasets.learnt import load_learnt
from tinsach.datasets.locks import SiteBusy, records_lock, site_lock
from tinsach.datasets.pages import Clean, Cleaning, clean_pages, clean_response
from tinsach.datasets.records import Source
from tinsach.datasets.schema import RECORD_SCHEMA, REJECT_SCHEMA
from tinsach.datasets.shards import Account, Counts, NewerShard, RowWriter, read_account
from tinsach.datasets.workers import run_tasks

MOST_LOST_PAGES = 20  # of one file; each costs the time to clean the file up to it once more


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one page may cost, with `jobs` of 1 and more: processor time, and memory beyond what the process has."""

    page_seconds: float = PAGE_SECONDS
    page_bytes: int = PAGE_BYTES


@dataclass(frozen=True, slots=True)
class ShardPlan:
    """One WARC file and its two outputs; `stale` says why they have to be made, None when they are up to date.

    `refused` says why they must not be made, though they are not up to date. `account` has the counts of shards that
    are up to date.
    """

    warc: Path
    records: Path
    rejects: Path
    account: Account
    stale: str | None
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a site's archive holds and what became of it, over all shards; `errors` are one line each, of this build.

    `orphans` are the shards that this build removed because their WARC file is gone.
    """

    site: str
    responses: int
    records: int
    non_pages: int
    broken: int
    rejected: Mapping[str, int]
    removed: Mapping[str, int]
    built: int
    skipped: int
    orphans: int
    errors: tuple[str, ...]


def build_site(
    data: DataDir,
    site: str,
    *,
    jobs: int = 1,
    clean: Clean | None = None,
    bounds: Bounds = Bounds(),
    on_file: Callable[[int, int], None] | None = None,
) -> BuildReport:
    """Make the shards of a site that are missing or outdated, `jobs` WARC files at a time, each in its own process.

    Pages are cleaned by `clean_response` with what the site's reviewer accepted in `learnt.toml`, or by `clean`.
    `jobs=0` cleans in this process, without bounds; with processes, a script calls this under
    `if __name__ == "__main__":`, and `clean` has to be importable. `on_file(done, total)` is called after each file. A
    page that breaks `bounds` or kills its process is among the rejects ("time", "memory", "crash"). A file that can't
    be built is a line in `errors` and the others go on. Raises BrokenWorld when the site has no archive or is being
    built elsewhere.
    """
    folder = _find_archive(data, site)
    with records_lock(folder):
        _salvage(folder)
        learnt = load_learnt(folder)
        clean = clean or partial(clean_response, learnt=learnt)
        plans = plan_build(folder, rules=rules_version(site) + learnt.version)
        orphans = _tidy(folder, plans)
        for shared in (data.root, data.runs):
            remove_leftovers(shared, min_age_seconds=LONGEST_WRITE_SECONDS)
        stale = [plan for plan in plans if plan.stale]
        failed, errors = 0, [f"{plan.records}: {plan.refused}" for plan in plans if plan.refused]
        for done, (warc, future) in enumerate(_build_stale(stale, site, clean, bounds, jobs), start=1):
            error = future.exception()
            failed += error is not None
            errors += [_explain(warc, error)] if error else future.result()
            if on_file:
                on_file(done, len(stale))
        return _report(folder, plans, built=len(stale) - failed, orphans=orphans, errors=errors)


def _build_stale(
    plans: Sequence[ShardPlan], site: str, clean: Clean, bounds: Bounds, jobs: int
) -> Iterator[tuple[Path, Future[list[str]]]]:
    """Each WARC file with its finished build_shard; one whose worker died on a page is built again without the page."""
    lost: dict[Path, dict[int, Loss]] = {plan.warc: {} for plan in plans}
    with TemporaryDirectory(prefix="tinsach-build-", ignore_cleanup_errors=True) as notes:
        guards = {
            plan.warc: Guard(
                note=Path(notes, f"{number}"), page_seconds=bounds.page_seconds, page_bytes=bounds.page_bytes
            )
            for number, plan in enumerate(plans)
        }
        tasks = {plan.warc: (plan, site, clean, guards[plan.warc] if jobs else None) for plan in plans}

        def retry(warc: Path) -> tuple[object, ...] | None:
            found = guards[warc].find_loss()
            if found is None or found[0] in lost[warc] or len(lost[warc]) >= MOST_LOST_PAGES:
                return None
            lost[warc][found[0]] = found[1]
            for output in (tasks[warc][0].records, tasks[warc][0].rejects):
                remove_leftovers(output.parent, output.name)
            return (*tasks[warc], dict(lost[warc]))

        yield from run_tasks(build_shard, tasks, jobs=jobs, retry=retry)


def _find_archive(data: DataDir, site: str) -> SiteDir:
    folder = data.site(site)
    if not folder.archive.is_dir():
        raise BrokenWorld(f"{folder.archive}: no archive of {site}; crawl it first, or name another folder with --data")
    return folder


def plan_build(folder: SiteDir, *, rules: str) -> tuple[ShardPlan, ...]:
    """For each finished WARC file of the site, oldest first, where its shards belong and whether they are stale."""
    return tuple(_plan_shard(folder, warc, rules) for warc in list_archive(folder))


def has_unbuilt(folder: SiteDir) -> bool:
    """Whether a finished WARC file of the site has no records yet, by the names of the files alone."""
    built = {path.name for path in folder.records.glob("*.parquet")}
    return any(_name_shard(warc) not in built for warc in list_archive(folder))


def explain_site(data: DataDir, site: str) -> tuple[ShardPlan, ...]:
    """What `build_site` would find: each WARC file with the reason why its shards have to be made, or None.

    Changes nothing. Raises BrokenWorld when the site has no archive.
    """
    folder = _find_archive(data, site)
    return plan_build(folder, rules=rules_version(site) + load_learnt(folder).version)


def build_shard(
    plan: ShardPlan,
    site: str,
    clean: Clean,
    guard: Guard | None = None,
    lost: Mapping[int, Loss] = MappingProxyType({}),
) -> list[str]:
    """Make one shard of records and one of rejects; returns a line for each stretch of the WARC file that is broken.

    The pages at the byte offsets in `lost` are rejected unseen. An exception of `clean` other than Rejected and
    MemoryError is a bug: it ends this file with the page named in its notes.
    """
    source = Source(site, plan.warc.name, plan.account.rules_version)
    # Left in reverse order: the rejects get their final name first, so whole records mean that both are there.
    with (
        write_whole(plan.records) as records_path,
        write_whole(plan.rejects) as rejects_path,
        RowWriter(records_path, RECORD_SCHEMA) as records,
        RowWriter(rejects_path, REJECT_SCHEMA) as rejects,
        guard.watch(max(plan.account.warc_bytes, 0)) if guard else nullcontext() as watch,
    ):
        tally = clean_pages(Cleaning(plan.warc, source, clean, watch, lost), records, rejects)
        account = replace(plan.account, counts=tally.count())
        rejects.finish(account)
        records.finish(account)
        if records.rows + rejects.rows + tally.non_pages != tally.responses:
            raise RuntimeError(f"{tally.responses} responses became {records.rows} records, {rejects.rows} rejects")
    return tally.broken


def _plan_shard(folder: SiteDir, warc: Path, rules: str) -> ShardPlan:
    name = _name_shard(warc)
    records, rejects = folder.records / name, folder.rejects / name
    try:
        stat = warc.stat()
        account = Account(rules_version=rules, warc_bytes=stat.st_size, warc_mtime_ns=stat.st_mtime_ns)
    except OSError:  # building it says what is wrong
        account = Account(rules_version=rules, warc_bytes=-1, warc_mtime_ns=-1)
    try:
        made = _read_made(records, rejects)
        stale = made if isinstance(made, str) else _compare_accounts(made, account)
        return ShardPlan(warc, records, rejects, account if isinstance(made, str) or stale else made, stale)
    except NewerShard as error:
        refused = f"{error}; upgrade tinsach, or remove the shard to have it built by this one"
        return ShardPlan(warc, records, rejects, account, None, refused)


def _name_shard(warc: Path) -> str:
    return f"{warc.name.removesuffix('.warc.gz')}.parquet"


def _read_made(records: Path, rejects: Path) -> Account | str:
    """The account of the shards as they are, or why there is none; raises NewerShard."""
    if not (records.is_file() and rejects.is_file()):
        return "missing"
    try:
        return read_account(records)
    except NewerShard:
        raise
    except (OSError, ValueError) as error:
        return f"cannot be read: {error}"


def _compare_accounts(made: Account, account: Account) -> str | None:
    """Why shards made from the one have to be made again from the other; None when they need not."""
    if made.rules_version != account.rules_version:
        is_learnt = made.rules_version.partition("+")[0] == account.rules_version.partition("+")[0]
        what = "what is learnt of the site" if is_learnt else "the cleaning rules"
        return f"{what} changed ({made.rules_version} → {account.rules_version})"
    if replace(made, counts=Counts()) != account:
        return "the archive file changed"
    return None


def _salvage(folder: SiteDir) -> None:
    if any(folder.archive.glob("*.part")):
        with suppress(SiteBusy), site_lock(folder):  # a crawl that runs now will finish its own files
            salvage(folder)


def _tidy(folder: SiteDir, plans: Sequence[ShardPlan]) -> int:
    """Remove what killed commands left and the shards of WARC files that are gone; returns of how many such files."""
    kept = {plan.records.name for plan in plans}
    orphans = set()
    for place in (folder.root, folder.archive, folder.records, folder.rejects):
        remove_leftovers(place)  # who writes such files there holds the lock of the records
    for output in (folder.records, folder.rejects):
        for shard in output.glob("*.parquet"):
            if shard.name in kept:
                continue
            try:
                shard.unlink()
            except OSError as error:
                raise write_error(shard, error) from error
            orphans.add(shard.name)
    return len(orphans)


def _explain(warc: Path, error: BaseException) -> str:
    if isinstance(error, BrokenWorld):
        return str(error)
    if isinstance(error, BrokenProcessPool):
        cause = "the process that cleaned it died (crash, or out of memory), on no page or on too many"
        return f"{warc}: {cause}; no shard was made of this file"
    if not isinstance(error, Exception):
        raise error  # Ctrl-C
    notes = "; ".join([str(error), *getattr(error, "__notes__", ())])
    return f"{warc}: {type(error).__name__}: {notes}; a bug in cleaning, no shard was made of this file"


def _report(
    folder: SiteDir, plans: Sequence[ShardPlan], *, built: int, orphans: int, errors: Sequence[str]
) -> BuildReport:
    counts = list(_read_counts(plans))
    rejected: Counter[str] = Counter()
    removed: Counter[str] = Counter()
    for count in counts:
        rejected.update(count.rejected)
        removed.update(count.removed)
    return BuildReport(
        site=folder.name,
        responses=sum(count.responses for count in counts),
        records=sum(count.records for count in counts),
        non_pages=sum(count.non_pages for count in counts),
        broken=sum(count.broken for count in counts),
        rejected=dict(rejected.most_common()),
        removed=dict(removed.most_common()),
        built=built,
        skipped=sum(plan.stale is None and plan.refused is None for plan in plans),
        orphans=orphans,
        errors=tuple(errors),
    )


def _read_counts(plans: Sequence[ShardPlan]) -> Iterator[Counts]:
    for plan in plans:
        if plan.stale is None and plan.refused is None:
            yield plan.account.counts
            continue
        with suppress(OSError, ValueError):  # not made: its error is in the report
            yield read_account(plan.records).counts
