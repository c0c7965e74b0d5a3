"""A release: one immutable data set made from all shards, whole or not at all.

What is in it is said by `tinsach.datasets.selection`; here the rows stream from the shards, sorted by DuckDB on disk
where need be, into a folder beside, which is checked and renamed.
"""

import json
import re
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pyarrow.parquet as pq

from tinsach.cleaning import find_profile, site_of
from tinsach.datasets.build import has_unbuilt
from tinsach.datasets.card import render_card
from tinsach.datasets.contract import Breach, Contract, ContractBreached, find_breaches, load_contract
from tinsach.datasets.ids import is_web_address, record_id
from tinsach.datasets.layout import DataDir, write_whole, write_whole_folder
from tinsach.datasets.locks import releases_lock
from tinsach.datasets.parts import ReleaseFile, describe_file, list_sites, write_duplicates, write_site
from tinsach.datasets.report import render_report
from tinsach.datasets.schema import RELEASE_SCHEMA, SCHEMA_VERSION
from tinsach.datasets.selection import (
    Filters,
    ReleaseError,
    Selected,
    describe_candidates,
    open_selection,
    select,
    without_damaged,
)
from tinsach.datasets.shards import list_shards, read_account
from tinsach.datasets.stats import count_release
from tinsach.datasets.verify import BadRelease, read_manifest

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_ID = re.compile(r"[^\s:/]+(?::(?!/)\S+|/\S*)")  # of `record_id`: site:number, or an address without scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseReport:
    """What a release holds and what was left out; `errors` name shards that could not be used.

    `breaches` are the keys of the contract that it breaks; it was published by force then. `unbuilt` are sites with
    archive files of which no shard was made yet. With `keep_duplicates` duplicates are rows, marked.
    """

    name: str
    path: Path
    rows: int
    bytes: int
    files: int
    left_out: Selected
    rows_by_site: dict[str, int]
    errors: tuple[str, ...]
    breaches: tuple[str, ...] = ()
    keep_duplicates: bool = False
    unbuilt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseOptions:
    """What a release is made of; it stands in the manifest. `sites` None means all that have a folder.

    With `keep_duplicates` equal texts stay and `duplicate_of` names the row they equal; with `all_revisions` every
    version of an article that differs in its text is a row. `force` publishes what breaks the contract, and without the
    shards that can't be used, and says so.
    """

    sites: tuple[str, ...] | None = None
    filters: Filters = field(default_factory=Filters)
    all_revisions: bool = False
    keep_duplicates: bool = False
    force: bool = False


_DEFAULT = ReleaseOptions()


def make_release(data: DataDir, name: str, options: ReleaseOptions = _DEFAULT) -> ReleaseReport:
    """Publish the records that `options` ask for as `releases/<name>`.

    Written beside, checked, renamed. Raises ReleaseError when the name is taken or no name for a folder, a site is
    unknown, or there is nothing to release, and ContractBreached when the rows are not what `contract.toml` in the data
    folder asks for. A shard that can't be used stops it too; with `force` it is left out, and named in `errors` and the
    manifest. One that turns out damaged is set aside.
    """
    if not _NAME.fullmatch(name):
        raise ReleaseError(f"{name!r}: not a name for a release; use letters, digits, '.', '_' and '-', 100 at most")
    with releases_lock(data.releases):
        _remove_leftovers(data.releases)
        if (data.releases / name).exists():
            raise ReleaseError(
                f"{data.releases / name}: this release exists and releases never change; choose another name"
            )
        draft = _Draft(data, name, options, load_contract(data.root / "contract.toml"), read_takedown(data))
        shards, errors = _list_shards(data, options.sites)
        report, damaged = without_damaged(shards, lambda good, found: _publish(draft, good, [*errors, *found]))
        if report is None:
            cause = "; ".join(["no records to release", *errors[:1], *damaged[:1]])
            raise ReleaseError(f"{data.root / 'sites'}: {cause}; build them first")
        _breaches_path(data, name).unlink(missing_ok=True)
    return report


@dataclass(frozen=True, slots=True)
class _Draft:
    """What a release is to be, before its rows are known."""

    data: DataDir
    name: str
    options: ReleaseOptions
    contract: Contract
    takedown: tuple[tuple[str, ...], ...]


def _publish(draft: _Draft, shards: list[Path], unusable: list[str]) -> ReleaseReport:
    """Write the release from these shards; raises DamagedShards when some of them can't be read after all."""
    data, options, final = draft.data, draft.options, draft.data.releases / draft.name
    if unusable and not options.force:
        raise ReleaseError(f"{final}: not published, articles would be missing: {'; '.join(unusable)}; or use --force")
    with write_whole_folder(final) as folder, open_selection(shards, folder / "spill") as selection:
        left_out = select(
            selection,
            shards,
            options.filters,
            takedown=draft.takedown,
            all_revisions=options.all_revisions,
            keep_duplicates=options.keep_duplicates,
        )
        parts = {site: tuple(write_site(selection, folder, site)) for site in list_sites(selection)}
        files = [file for site_files in parts.values() for file in site_files]
        if not files:
            there = describe_candidates(selection)
            raise ReleaseError(f"{data.root / 'sites'}: no record passes the filters; widen them (there {there})")
        if sum(file.rows for file in files) != len(selection.table("chosen")):
            raise ReleaseError(f"{final}: a build changed the records meanwhile; run this again when it has ended")
        report = ReleaseReport(
            name=draft.name,
            path=final,
            rows=sum(file.rows for file in files),
            bytes=sum(file.bytes for file in files),
            files=len(files),
            left_out=left_out,
            rows_by_site={site: sum(file.rows for file in site_files) for site, site_files in parts.items()},
            errors=tuple(unusable),
            keep_duplicates=options.keep_duplicates,
            unbuilt=tuple(site for site in options.sites or data.sites() if has_unbuilt(data.site(site))),
        )
        breaches = find_breaches(folder, draft.contract, _find_last(data))
        if breaches and not options.force:
            raise _refuse(data, draft.name, breaches)
        manifest = _describe(data, report, shards, options)
        manifest["contract"] = draft.contract.model_dump()
        manifest["forced"] = bool(breaches or unusable)
        manifest["breaches"] = [asdict(breach) for breach in breaches]
        manifest["files"] = [asdict(file) for file in files]
        _write_rest(folder, manifest, report, write_duplicates(selection, folder))
        _check(folder, files)
    return replace(report, breaches=tuple(breach.key for breach in breaches))


def _write_rest(folder: Path, manifest: dict[str, object], report: ReleaseReport, duplicates: ReleaseFile) -> None:
    """What comes with the rows: figures, report, card, and last the manifest that names all files."""
    stats = count_release(folder)
    (folder / "stats.json").write_text(to_json(stats), encoding="utf-8")
    (folder / "report.html").write_text(render_report(manifest, stats), encoding="utf-8")
    languages = {each["language"]: each["articles"] for each in stats["languages"]}
    card = render_card(report.name, report.rows_by_site, languages)
    (folder / "README.md").write_text(card, encoding="utf-8")
    others = [describe_file(folder, folder / each) for each in ("README.md", "report.html", "stats.json")]
    manifest["other_files"] = [asdict(each) for each in (duplicates, *others)]
    (folder / "manifest.json").write_text(to_json(manifest), encoding="utf-8")


def _breaches_path(data: DataDir, name: str) -> Path:
    return data.releases / f"{name}.breaches.json"


def _find_last(data: DataDir) -> Path | None:
    """The newest release there is, by the time in its manifest; those that can't be read are passed over."""
    made: dict[Path, str] = {}
    for path in data.releases.glob("*/manifest.json"):
        with suppress(BadRelease):
            made[path.parent] = str(read_manifest(path.parent).get("created_at", ""))
    return max(made, key=made.__getitem__, default=None)


def _refuse(data: DataDir, name: str, breaches: Sequence[Breach]) -> ContractBreached:
    """The error that stops a release; the rows stand in a report beside where it would have been."""
    path = _breaches_path(data, name)
    with write_whole(path) as temp:
        temp.write_text(to_json([asdict(breach) for breach in breaches]), encoding="utf-8")
    keys = "; ".join(f"{each.key}: {each.found:.4g}, asked {each.asked:.4g}" for each in breaches)
    return ContractBreached(f"{path}: release {name} breaks the contract ({keys}); mend that, or use --force")


def to_json(values: object) -> str:
    """Readable JSON; times are ISO 8601."""
    return json.dumps(values, ensure_ascii=False, indent=2, default=datetime.isoformat) + "\n"


def read_takedown(data: DataDir) -> tuple[tuple[str, ...], ...]:
    """What no release may hold: an id or URL a line of `takedown.txt` in the data folder, "#" begins a comment.

    Of each article its names: the id or URL itself, for a URL also the id that its article has whatever its address.
    Raises ReleaseError for a line that is neither.
    """
    path = data.root / "takedown.txt"
    try:
        text = path.read_text(encoding="utf-8-sig")  # editors on Windows put a mark before the first line
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError as error:
        raise ReleaseError(f"{path}: not UTF-8 text (byte {error.start}); save it so") from error
    articles = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if name := re.sub(r"(^|\s)#.*", "", line).strip():
            articles[name] = _name_article(name)
            if not articles[name]:
                raise ReleaseError(
                    f"{path}: line {number}: {name!r} is neither an id nor a URL; write it as ngaynay.vn:167238 or "
                    "https://…, or put # before it"
                )
    return tuple(articles.values())


def _name_article(name: str) -> tuple[str, ...]:
    """What a takedown of this id or URL is looked for by; nothing for what is neither."""
    if is_web_address(name):
        profile = find_profile(name)
        return name, record_id(site_of(name) or "", name, profile.find_article_id(name) if profile else None)
    return (name,) if _ID.fullmatch(name) else ()


def _list_shards(data: DataDir, sites: Sequence[str] | None) -> tuple[list[Path], list[str]]:
    known = data.sites()
    unknown = sorted(set(sites or ()) - set(known))
    if unknown:
        raise ReleaseError(
            f"{data.root / 'sites'}: no data of {', '.join(unknown)}; there is {', '.join(known) or '-'}"
        )
    listed = [list_shards(data.site(site)) for site in sorted(set(sites or known))]
    return [shard for shards, _ in listed for shard in shards], [error for _, errors in listed for error in errors]


def _remove_leftovers(releases: Path) -> None:
    """Remove what killed releases of any name left; call with the lock held."""
    for path in releases.glob(".*.tmp"):
        shutil.rmtree(path, ignore_errors=True)


def _describe(
    data: DataDir, report: ReleaseReport, shards: Sequence[Path], options: ReleaseOptions
) -> dict[str, object]:
    accounts = {shard: read_account(shard) for shard in shards}
    return {
        "name": report.name,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "tinsach": version("tinsach"),
        "schema_version": SCHEMA_VERSION,
        "rules_versions": sorted({account.rules_version for account in accounts.values()}),
        "sources": [
            {"shard": shard.relative_to(data.root).as_posix(), "records": account.counts.records}
            for shard, account in accounts.items()
        ],
        "left_out": [error.replace(f"{data.root}/", "") for error in report.errors],  # no path of this machine
        "unbuilt": list(report.unbuilt),
        "options": asdict(options),
        "rows": report.rows,
        "bytes": report.bytes,
        **asdict(report.left_out),
    }


def _check(folder: Path, files: Sequence[ReleaseFile]) -> None:
    """Read back what was written; RuntimeError when it is not what was meant, which is a bug or a failing disk."""
    for file in files:
        written = pq.read_schema(folder / file.path), pq.read_metadata(folder / file.path).num_rows
        if written != (RELEASE_SCHEMA, file.rows):
            raise RuntimeError(f"{folder / file.path}: reads back as {written[1]} rows of {written[0]}")
