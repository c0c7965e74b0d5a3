"""The columns of records and rejects: explicit, versioned, never inferred. A change of either is a new SCHEMA_VERSION.

Absent is null (an empty list in list columns), never "" or a sentinel; times are UTC. `site` is dictionary-encoded in
Arrow, since a shard knows one and a release few. `minhash` is made by `tinsach.datasets.minhash`, whose parameters are
part of the version.
"""

import pyarrow as pa

SCHEMA_VERSION = 2

_TIME = pa.timestamp("us", tz="UTC")
_TEXT = pa.string()
_BLOCK = pa.struct([("kind", _TEXT), ("text", _TEXT)])
_IMAGE = pa.struct([("url", _TEXT), ("caption", _TEXT), ("credit", _TEXT)])
_REMOVAL = pa.struct([("kind", _TEXT), ("rule", _TEXT), ("text", _TEXT)])
_METADATA = {"schema_version": str(SCHEMA_VERSION)}


def _always(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=False)


RECORD_SCHEMA: pa.Schema = pa.schema(
    [
        _always("id", _TEXT),
        _always("url", _TEXT),
        _always("site", pa.dictionary(pa.int32(), _TEXT)),
        pa.field("title", _TEXT),
        pa.field("lead", _TEXT),
        pa.field("text", _TEXT),
        _always("blocks", pa.list_(_BLOCK)),
        _always("authors", pa.list_(_TEXT)),
        pa.field("agency", _TEXT),
        pa.field("published_at", _TIME),
        pa.field("modified_at", _TIME),
        pa.field("published_precision", _TEXT),
        pa.field("section", _TEXT),
        _always("tags", pa.list_(_TEXT)),
        _always("images", pa.list_(_IMAGE)),
        _always("related_urls", pa.list_(_TEXT)),
        pa.field("language", _TEXT),
        pa.field("language_score", pa.float64()),
        _always("removed", pa.list_(_REMOVAL)),
        _always("extraction", _TEXT),
        _always("extraction_name", _TEXT),
        _always("fetched_at", _TIME),
        _always("warc_file", _TEXT),
        _always("warc_offset", pa.int64()),
        _always("rules_version", _TEXT),
        pa.field("text_hash", _TEXT),
        pa.field("minhash", pa.list_(pa.uint32())),
        _always("num_words", pa.int32()),
        _always("num_chars", pa.int32()),
    ],
    metadata=_METADATA,
)

# The same columns for documents of which less is known: never crawled, or without an address.
LOOSE_SCHEMA: pa.Schema = pa.schema([field.with_nullable(True) for field in RECORD_SCHEMA], metadata=_METADATA)

# What a release says beyond the record: the company in which the article was found.
RELEASE_SCHEMA: pa.Schema = pa.schema(
    [
        *RECORD_SCHEMA,
        pa.field("cluster", _TEXT),
        _always("cluster_size", pa.int32()),
        _always("cluster_sites", pa.list_(_TEXT)),
        pa.field("duplicate_of", _TEXT),
    ],
    metadata=_METADATA,
)

# What a release leaves out for being the same, or nearly the same, as a row that is in it.
DUPLICATE_SCHEMA: pa.Schema = pa.schema(
    [
        _always("id", _TEXT),
        _always("url", _TEXT),
        _always("site", _TEXT),
        pa.field("published_at", _TIME),
        _always("duplicate_of", _TEXT),
        _always("kind", _TEXT),
        _always("similarity", pa.float64()),
    ],
    metadata=_METADATA,
)

REJECT_SCHEMA: pa.Schema = pa.schema(
    [
        _always("url", _TEXT),
        _always("site", pa.dictionary(pa.int32(), _TEXT)),
        _always("reason", _TEXT),
        pa.field("detail", _TEXT),
        _always("fetched_at", _TIME),
        _always("warc_file", _TEXT),
        _always("warc_offset", pa.int64()),
        _always("rules_version", _TEXT),
    ],
    metadata=_METADATA,
)
