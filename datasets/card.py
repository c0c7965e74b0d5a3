"""The dataset card of a release: Hugging Face's YAML, then what a reader needs to know. Pure: text out of counts."""

from collections.abc import Mapping

from tinsach.datasets.schema import RELEASE_SCHEMA, SCHEMA_VERSION

COLUMNS: Mapping[str, str] = {
    "id": "stable name of the article: site and the site's own number, else its URL",
    "url": "address of the page",
    "site": "the newspaper, by host",
    "title": "headline",
    "lead": "summary under the headline (sapo), without the house's prefix",
    "text": "body: paragraphs joined by a blank line, without lead, captions, bylines and teasers",
    "blocks": "the body in pieces, each with its kind",
    "authors": "names in the byline",
    "agency": "news agency the text comes from",
    "published_at": "time of publication, UTC",
    "modified_at": "time of the last change the page tells of, UTC",
    "published_precision": "how exact published_at is: second, minute or day",
    "section": "section of the paper",
    "tags": "the paper's own key words",
    "images": "pictures: address, caption without credit, credit",
    "related_urls": "articles the page leads to",
    "language": "ISO 639 code, detected",
    "language_score": "how sure the detection is, 0 to 1",
    "removed": "every piece of text of the body that was taken out: its kind, the rule that did it, the text",
    "extraction": "how the page was read: profile, family, generic or text",
    "extraction_name": "name of the profile, family or generic path",
    "fetched_at": "when the page was fetched, UTC",
    "warc_file": "archive file the page lies in",
    "warc_offset": "byte offset of the page in that file",
    "rules_version": "hash of the cleaning rules used, and after + of what was learnt of the site",
    "text_hash": "hash of the text without case and white space; equal for exact duplicates",
    "minhash": "signature for near-duplicates: 128 places; the share of equal ones is how much two texts share",
    "num_words": "white-space separated words (syllables, in Vietnamese) of the text",
    "num_chars": "characters of the text",
    "cluster": "id of the first of the same or nearly the same articles, by time; null when there is only one",
    "cluster_size": "how many articles the cluster has, in this data set or left out of it",
    "cluster_sites": "the papers that printed it, empty when there is only one article",
    "duplicate_of": "in data sets that keep duplicates: id of the article it equals or nearly equals",
}
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_HUGE = "1M<n<10M"
_LEAST_SHARE = 0.01  # of rows in a language that the card names: of fewer some are wrongly detected

_CARD = """---
language:
{languages}
pretty_name: "{name}"
license: other
license_name: newspapers-own-rights
task_categories:
- text-generation
- summarization
size_categories:
- {size}
tags:
- news
configs:
- config_name: default
  data_files:
  - split: train
    path: data/**/*.parquet
---

# {name}

{rows:,} newspaper articles from {sites}, cleaned by tinsach: the body without
bylines, captions, teasers and other clutter, and beside it every line that was taken out with the rule that did it.
The texts belong to the newspapers; who uses them has to have the right to.

| site | articles |
|---|---:|
{site_rows}

```sql
SELECT site, count(*) FROM read_parquet('data/**/*.parquet') GROUP BY site;  -- DuckDB
```

```python
pandas.read_parquet("data")
datasets.load_dataset("path/to/this/folder", split="train")
```

One row is the latest version of one article, and articles with the same or nearly the same text stand here once,
unless `options` in `manifest.json` say otherwise; `duplicates.parquet` has those left out. Files lie by site and
year (UTC; `year=0` has the articles without a time) and are sorted by `published_at`. `manifest.json` lists them with
rows, bytes and SHA-256. Schema version {schema_version}:

| column | type | meaning |
|---|---|---|
{column_rows}
"""


def render_card(name: str, rows_by_site: Mapping[str, int], rows_by_language: Mapping[str, int]) -> str:
    """The README.md of a release: front matter that `load_dataset` understands, counts, columns."""
    rows = sum(rows_by_site.values())
    return _CARD.format(
        name=name,
        languages="\n".join(f"- {language}" for language in _name_languages(rows_by_language, rows)),
        size=next((size for limit, size in _SIZES if rows < limit), _HUGE),
        rows=rows,
        sites="1 site" if len(rows_by_site) == 1 else f"{len(rows_by_site)} sites",
        site_rows="\n".join(f"| {site} | {count:,} |" for site, count in sorted(rows_by_site.items())),
        column_rows="\n".join(
            f"| `{field.name}` | `{field.type}` | {COLUMNS[field.name]} |" for field in RELEASE_SCHEMA
        ),
        schema_version=SCHEMA_VERSION,
    )


def _name_languages(rows_by_language: Mapping[str, int], rows: int) -> list[str]:
    """ISO codes, the most frequent first; "und", undetermined, when none is known.

    >>> _name_languages({"en": 20, "vi": 980, "so": 1}, 1001), _name_languages({"unknown": 2}, 2)
    (['vi', 'en'], ['und'])
    """
    common = [name for name, count in rows_by_language.items() if name != "unknown" and count >= _LEAST_SHARE * rows]
    return sorted(common, key=lambda name: (-rows_by_language[name], name)) or ["und"]
