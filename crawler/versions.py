"""Whether a page that came with other bytes still says the same: the cleaned text decides. No network, no clock."""

import hashlib
import unicodedata
from pathlib import Path

from tinsach import cleaning  # asks for its rooms by name: most crawls clean nothing, and they take long to load
from tinsach.datasets.archive import ArchivedResponse, find_response
from tinsach.datasets.ledger import Visit

_HASH_BYTES = 16


def hash_version(body: bytes, *, url: str, charset: str | None = None) -> str:
    """32 hex digits that stand for what a reader sees: title, lead, text.

    White space and Unicode composition don't count: papers change those without an edit. A page that is rejected is
    told by its bytes: tomorrow's rules may find a text in it.
    """
    try:
        article = cleaning.clean_html(body, url=url, charset=charset)
    except cleaning.Rejected:
        return hashlib.blake2b(body, digest_size=_HASH_BYTES).hexdigest()
    said = "\n\n".join(part or "" for part in (article.title, article.lead, article.text))
    normal = " ".join(unicodedata.normalize("NFC", said).split())
    return hashlib.blake2b(normal.encode("utf-8"), digest_size=_HASH_BYTES).hexdigest()


def find_archived_hash(archive: Path, visit: Visit) -> str | None:
    """The hash of the version in the archive: as the ledger has it, else by reading and cleaning that version.

    None when there is no such version, or it can't be read: then nothing is known to be the same.
    """
    if visit.text_hash or visit.warc_file is None or visit.warc_offset is None:
        return visit.text_hash
    response = find_response(archive / visit.warc_file, visit.warc_offset)
    return hash_archived(response) if response else None


def hash_archived(response: ArchivedResponse) -> str:
    """`hash_version` of an archived response."""
    return hash_version(response.body, url=response.url, charset=response.charset)
