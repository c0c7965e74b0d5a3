"""`tinsach clean`: files that someone already has, cleaned without any crawl.

A file that can't be used, or a broken record inside one, is named in one line; all the others are still done.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tinsach.app.exits import DONE, FAILURES, UNUSABLE
from tinsach.app.inputs import Document, PassedOver, read_documents
from tinsach.app.output import RULE, Output, count, list_counts
from tinsach.app.rows import FileFormat, WriteRow, clean_document, open_rows, row_to_json
from tinsach.app.session import RowFormat
from tinsach.app.showing import show_record
from tinsach.cleaning import Rejected, load_profile
from tinsach.datasets.ids import is_web_address
from tinsach.datasets.layout import BrokenWorld, check_target

FILE_FORMATS: dict[str, FileFormat] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}


class BadOutput(BrokenWorld):
    """--out, --format or --url ask for something that can't be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanOptions:
    """`url` and `site` stand in where a document names none; `out` None is the terminal."""

    url: str | None = None
    site: str | None = None
    out: Path | None = None
    row_format: RowFormat | None = None
    force: bool = False  # replace the files of `out`


@dataclass(slots=True)
class _Tally:
    """What became of the documents so far."""

    records: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    faults: int = 0  # values of rows that were left out
    passed_over: Counter[str] = field(default_factory=Counter)  # records of WARC files that are no pages

    @property
    def exit_code(self) -> int:
        if not (self.failed or self.faults):
            return DONE
        return FAILURES if self.records or self.rejected else UNUSABLE


def clean_files(output: Output, files: Sequence[Path], options: CleanOptions) -> int:
    """Clean every file and return the exit code; raises BadOutput or UnknownSite before anything is read."""
    if options.site is not None:
        load_profile(options.site)
    if options.url is not None and not is_web_address(options.url):
        raise BadOutput(f"--url {options.url}: no absolute http(s) address; write it with https:// and a host")
    tally = _Tally()
    out, file_format = options.out, _choose_format(options)
    if out is None or file_format is None:
        for file in files:
            _clean_file(output, file, options, tally, _print_rows(output, as_rows=options.row_format == "jsonl"))
    elif _is_folder(out):
        targets = list(_name_outputs(files, out, file_format))
        _check_targets([out] if not out.is_dir() else targets, files, force=options.force)
        for file, target in zip(files, targets, strict=True):
            with open_rows(target, file_format) as write:
                _clean_file(output, file, options, tally, write)
    else:
        _check_targets([out], files, force=options.force)
        with open_rows(out, file_format) as write:
            for file in files:
                _clean_file(output, file, options, tally, write)
    _summarise(output, len(files), tally, out)
    return tally.exit_code


def _clean_file(output: Output, file: Path, options: CleanOptions, tally: _Tally, write: WriteRow) -> None:
    for document in _read(output, file, tally):
        try:
            _, row = clean_document(document, url=options.url, site=options.site)
        except Rejected as rejected:
            tally.rejected[rejected.reason] += 1
            output.event("rejected", place=document.place, reason=rejected.reason, detail=rejected.detail)
            output.note(f"rejected: {document.place}: {rejected}")
            continue
        tally.records += 1
        write(row)


def _read(output: Output, file: Path, tally: _Tally) -> Iterator[Document]:
    """The file's documents; what can't be read is told and counted here, and never an error of the writing side."""
    try:
        for item in read_documents(file):
            if isinstance(item, Document):
                tally.faults += len(item.faults)
                for fault in item.faults:
                    output.error(fault)
                yield item
            elif isinstance(item, PassedOver):
                tally.passed_over[item.what] += 1
            else:
                tally.failed += 1
                output.error(f"{item.place}: {item.cause}; skipped")
    except BrokenWorld as error:
        tally.failed += 1
        output.error(str(error))


def _choose_format(options: CleanOptions) -> FileFormat | None:
    """How rows are written to --out, None for the terminal; raises BadOutput when name and --format disagree."""
    out, asked = options.out, options.row_format
    if out is None:
        if asked == "parquet":
            raise BadOutput("--format parquet: needs a file to write to; add --out FILE.parquet")
        return None
    if asked == "text":
        raise BadOutput(f"--out {out} with --format text: files hold rows; choose jsonl or parquet")
    if _is_folder(out):
        return asked or "jsonl"
    named = FILE_FORMATS.get(out.suffix.lower())
    if named is None or asked not in (None, named):
        raise BadOutput(f"--out {out}: name a .jsonl or .parquet file, or a folder, in the format asked for")
    return named


def _is_folder(out: Path) -> bool:
    return out.is_dir() or not out.suffix


def _name_outputs(files: Iterable[Path], folder: Path, file_format: FileFormat) -> Iterator[Path]:
    """One output a file, by its name up to the first known ending; the second of two equal names gets a number."""
    taken: Counter[str] = Counter()
    for file in files:
        stem = file.name
        for ending in (".gz", ".html", ".htm", ".txt", ".warc", ".jsonl", ".ndjson", ".parquet"):
            stem = stem.removesuffix(ending)
        taken[stem] += 1
        number = f"-{taken[stem]}" if taken[stem] > 1 else ""
        yield folder / f"{stem}{number}.{file_format}"


def _check_targets(targets: Iterable[Path], files: Sequence[Path], *, force: bool) -> None:
    """Raises BrokenWorld for the first that can't, or must not, be written to."""
    for target in targets:
        if any(file.exists() and target.exists() and target.samefile(file) for file in files):
            raise BadOutput(f"--out {target}: is one of the files to read; choose another name")
        check_target(target, force=force)


def _print_rows(output: Output, *, as_rows: bool) -> WriteRow:
    """Records on the terminal: to be read, or (`as_rows`, --log json) one JSON line each."""
    if output.as_json:
        return lambda row: output.event("record", **row)
    if as_rows:
        return lambda row: print(row_to_json(row), file=output.stdout.file)

    def show(row: dict[str, object]) -> None:
        output.line("─" * min(output.stdout.width, RULE), style="dim")
        show_record(output, row)

    return show


def _summarise(output: Output, files: int, tally: _Tally, out: Path | None) -> None:
    output.event("clean", files=files, **asdict(tally), out=out)
    parts = [f"{count(files, 'file')}: {count(tally.records, 'record')}"]
    if tally.rejected:
        reasons = ", ".join(f"{reason} {number}" for reason, number in tally.rejected.most_common())
        parts.append(f"{tally.rejected.total()} rejected ({reasons})")
    if tally.passed_over:
        parts.append(f"passed over {list_counts(tally.passed_over)}")
    if tally.faults:
        parts.append(f"{count(tally.faults, 'value')} left out")
    if tally.failed:
        parts.append(f"{tally.failed} failed")
    output.note(", ".join(parts) + (f"; written to {out}" if out and tally.records else ""))
