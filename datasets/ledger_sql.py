"""The ledger's tables and statements: SQL text and nothing else. A change of a table is a new VERSION."""

VERSION = 1

CREATE = f"""
CREATE TABLE urls (
    key TEXT PRIMARY KEY, url TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    article_id TEXT, source TEXT NOT NULL, hint_at TEXT, first_seen_at TEXT NOT NULL,
    visited_at TEXT, visited_hint_at TEXT, next_visit_at TEXT,
    status INTEGER, etag TEXT, last_modified TEXT, digest TEXT, warc_file TEXT, warc_offset INTEGER, error TEXT
) WITHOUT ROWID;
CREATE INDEX urls_by_time ON urls (coalesce(hint_at, first_seen_at) DESC);
CREATE TABLE archives (name TEXT PRIMARY KEY) WITHOUT ROWID;
PRAGMA user_version = {VERSION};
"""

INSERT = """
INSERT INTO urls (key, url, state, article_id, source, hint_at, first_seen_at)
VALUES (:key, :url, 'found', :article_id, :source, :hint_at, :first_seen_at)
ON CONFLICT (key) DO NOTHING
"""

HINT = "UPDATE urls SET hint_at = :hint_at WHERE key = :key AND coalesce(hint_at, '') < :hint_at"

# A hint newer than the one of the last visit is news, and counts once: a paper whose clock runs ahead is not asked at
# every crawl, and one that announces an edit late is. A URL that was visited before any hint waits for one since then.
DUE = """
SELECT * FROM urls
WHERE (state = 'found' OR (state IN ('done', 'failed') AND next_visit_at <= :now)
       OR hint_at > coalesce(visited_hint_at, visited_at))
  AND coalesce(hint_at, first_seen_at) >= :since
ORDER BY coalesce(hint_at, first_seen_at) DESC, key
LIMIT :limit
"""

DONE = """
UPDATE urls SET state = 'done', attempts = 0, status = :status, etag = :etag, last_modified = :last_modified,
    digest = :digest, warc_file = :warc_file, warc_offset = :warc_offset, visited_at = :visited_at,
    visited_hint_at = hint_at, next_visit_at = :next_visit_at, error = NULL
WHERE key = :key
"""

UNCHANGED = """
UPDATE urls SET state = 'done', attempts = 0, visited_at = :visited_at, visited_hint_at = hint_at,
    next_visit_at = :next_visit_at, error = NULL
WHERE key = :key
"""

GONE = """
UPDATE urls SET state = 'gone', attempts = 0, status = :status, visited_at = :visited_at, visited_hint_at = hint_at,
    next_visit_at = NULL, error = NULL
WHERE key = :key
"""

FAILED = """
UPDATE urls SET state = 'failed', attempts = attempts + 1, error = :error, visited_at = :visited_at,
    visited_hint_at = hint_at, next_visit_at = :next_visit_at
WHERE key = :key
"""

# visited_at stays: otherwise the archived version would be taken for one that the ledger lost.
FORGET = """
UPDATE urls SET state = 'found', attempts = 0, status = NULL, etag = NULL, last_modified = NULL, digest = NULL,
    warc_file = NULL, warc_offset = NULL, visited_hint_at = NULL, next_visit_at = NULL, error = NULL
WHERE key = :key
"""
