"""The ledger's tables and statements: SQL text and nothing else. A change of a table is a new VERSION.

Every statement that a crawl runs is answered by an index, whatever the number of rows: by the key, or by the small
index of what is to be asked.
"""

VERSION = 3

# Rows that any visit is planned for. The text stands in the index and in the query: SQLite compares them.
# A hint newer than the one of the last visit is news, and counts once: a paper whose clock runs ahead is not asked at
# every crawl, and one that announces an edit late is. A URL that was visited before any hint waits for one since then.
_NEWS = "hint_at > coalesce(visited_hint_at, visited_at)"
_PENDING = f"(state = 'found' OR next_visit_at IS NOT NULL OR {_NEWS})"
_TIME = "coalesce(hint_at, first_seen_at)"

# What the sources announced in the last discovery that came to its end, for the account of its run after the build.
CREATE_HEARD = """
CREATE TABLE heard (run TEXT, key TEXT, source INTEGER, PRIMARY KEY (run, key, source)) WITHOUT ROWID;
"""

CREATE = f"""
CREATE TABLE sources (id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE);
CREATE TABLE urls (
    key TEXT NOT NULL UNIQUE, url TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    sources TEXT NOT NULL, hint_at TEXT, published_at TEXT, first_seen_at TEXT NOT NULL,
    visited_at TEXT, visited_hint_at TEXT, next_visit_at TEXT, status INTEGER, etag TEXT, last_modified TEXT,
    digest TEXT, text_hash TEXT, warc_file TEXT, warc_offset INTEGER, error TEXT
);
CREATE INDEX urls_to_ask ON urls ({_TIME} DESC, key) WHERE {_PENDING};
CREATE TABLE archives (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE listings (
    url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, read_at TEXT NOT NULL
) WITHOUT ROWID;
{CREATE_HEARD}
PRAGMA user_version = {VERSION};
"""

# Version 2 knew AMP, mobile and print pages of some papers only. Of two rows of one article the one that is done stays.
MIGRATE_2 = f"""
{CREATE_HEARD}
CREATE TEMP TABLE moved AS
    SELECT urls.rowid AS number, key_of(url) AS key FROM urls WHERE key NOT LIKE 'id:%' AND key_of(url) <> key;
UPDATE OR IGNORE urls SET key = moved.key FROM moved WHERE moved.number = urls.rowid AND state = 'done';
UPDATE OR IGNORE urls SET key = moved.key FROM moved WHERE moved.number = urls.rowid AND state <> 'done';
DELETE FROM urls WHERE rowid IN (SELECT number FROM moved) AND key NOT IN (SELECT key FROM moved);
DROP TABLE moved;
PRAGMA user_version = {VERSION};
"""

# What this run's sources announced; it goes with the connection.
CREATE_ANNOUNCED = "CREATE TEMP TABLE announced (key TEXT, source INTEGER, PRIMARY KEY (key, source)) WITHOUT ROWID"
ANNOUNCED = "INSERT OR IGNORE INTO announced VALUES (?, ?)"
COUNT_ANNOUNCED = """
SELECT url AS source, count(*) AS announced, sum(times = 1) AS only_here
FROM announced JOIN (SELECT key, count(*) AS times FROM announced GROUP BY key) USING (key)
JOIN sources ON sources.id = announced.source GROUP BY announced.source
"""
COUNT_STATES = """
SELECT sources.url, urls.state, count(*) FROM announced JOIN urls USING (key)
JOIN sources ON sources.id = announced.source GROUP BY announced.source, urls.state
"""

FORGET_HEARD = "DELETE FROM heard"
KEEP_HEARD = "INSERT INTO heard SELECT ?, key, source FROM announced"

# Version 1 knew every URL by its address alone. `key_of` is ours; of several addresses of one article, what the last
# visit said counts.
MIGRATE_1 = f"""
ALTER TABLE urls RENAME TO urls_1;
DROP INDEX urls_by_time;
ALTER TABLE archives RENAME TO archives_1;
{CREATE}
INSERT INTO archives SELECT name FROM archives_1;
INSERT INTO sources (url) SELECT DISTINCT source FROM urls_1 ORDER BY source;
INSERT INTO urls (key, url, state, attempts, sources, hint_at, first_seen_at, visited_at, visited_hint_at,
    next_visit_at, status, etag, last_modified, digest, warc_file, warc_offset, error)
SELECT key_of(urls_1.url), urls_1.url, state, attempts, sources.id, hint_at, first_seen_at, visited_at, visited_hint_at,
    next_visit_at, status, etag, last_modified, digest, warc_file, warc_offset, error
FROM urls_1 JOIN sources ON sources.url = urls_1.source WHERE true ORDER BY coalesce(visited_at, '')
ON CONFLICT (key) DO UPDATE SET
    url = excluded.url, state = excluded.state, attempts = excluded.attempts,
    hint_at = nullif(max(coalesce(hint_at, ''), coalesce(excluded.hint_at, '')), ''),
    first_seen_at = min(first_seen_at, excluded.first_seen_at), visited_at = excluded.visited_at,
    visited_hint_at = nullif(max(coalesce(visited_hint_at, ''), coalesce(excluded.visited_hint_at, '')), ''),
    next_visit_at = excluded.next_visit_at, status = excluded.status, etag = excluded.etag,
    last_modified = excluded.last_modified, digest = excluded.digest, warc_file = excluded.warc_file,
    warc_offset = excluded.warc_offset, error = excluded.error;
DROP TABLE urls_1;
DROP TABLE archives_1;
"""

MIGRATE = {1: MIGRATE_1, 2: MIGRATE_2}  # by the version that a ledger has

KNOWN = "SELECT state, sources, hint_at, published_at FROM urls WHERE key = ?"

INSERT = """
INSERT INTO urls (key, url, state, sources, hint_at, published_at, first_seen_at)
VALUES (:key, :url, 'found', :source, :hint_at, :published_at, :first_seen_at)
"""

HINT = "UPDATE urls SET sources = :sources, hint_at = :hint_at, published_at = :published_at WHERE key = :key"

# Batch by batch, each from where the last one ended: a crawl never holds more than one batch, and asks a URL once.
DUE = f"""
SELECT *, {_TIME} AS sorted_at FROM urls INDEXED BY urls_to_ask
WHERE {_PENDING}
  AND (state = 'found' OR next_visit_at <= :now OR {_NEWS})
  AND {_TIME} >= :since AND {_TIME} <= :before AND ({_TIME} < :before OR key > :after_key)
  AND (NOT :only_announced OR EXISTS (SELECT 1 FROM announced WHERE announced.key = urls.key))
ORDER BY {_TIME} DESC, key
LIMIT :limit
"""

DONE = """
UPDATE urls SET state = 'done', attempts = 0, status = :status, etag = :etag, last_modified = :last_modified,
    digest = :digest, text_hash = :text_hash, warc_file = :warc_file, warc_offset = :warc_offset,
    visited_at = :visited_at, visited_hint_at = hint_at, next_visit_at = :next_visit_at, error = NULL
WHERE key = :key
"""

# A server may change its validators while the page stays: the next question carries the ones it gave last.
UNCHANGED = """
UPDATE urls SET state = 'done', attempts = 0, visited_at = :visited_at, visited_hint_at = hint_at,
    etag = coalesce(:etag, etag), last_modified = coalesce(:last_modified, last_modified),
    text_hash = coalesce(:text_hash, text_hash), next_visit_at = :next_visit_at, error = NULL
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
    text_hash = NULL, warc_file = NULL, warc_offset = NULL, visited_hint_at = NULL, next_visit_at = NULL, error = NULL
WHERE key = :key
"""

READ_LISTING = "SELECT etag, last_modified FROM listings WHERE url = ? AND read_at >= ?"
KEEP_LISTING = "INSERT OR REPLACE INTO listings VALUES (?, ?, ?, ?)"

# Latest first; the rows stand in the order in which they were first seen.
OF_STATE = "SELECT * FROM urls WHERE state = ? ORDER BY rowid DESC"

CREATE_BUILT = """
CREATE TEMP TABLE IF NOT EXISTS built (
    warc_file TEXT, warc_offset INTEGER, outcome TEXT, PRIMARY KEY (warc_file, warc_offset)
) WITHOUT ROWID
"""
BUILT = "INSERT OR IGNORE INTO built VALUES (?, ?, ?)"
HEARD_ARCHIVES = """
SELECT DISTINCT warc_file FROM heard JOIN urls USING (key) WHERE run = ? AND warc_file IS NOT NULL
"""
COUNT_HEARD = """
SELECT sources.url, outcome, state, CASE WHEN outcome IS NULL AND state = 'failed' THEN error END AS cause, count(*)
FROM heard JOIN urls USING (key) JOIN sources ON sources.id = heard.source
LEFT JOIN built USING (warc_file, warc_offset) WHERE run = ? GROUP BY heard.source, outcome, state, cause
"""
COUNT_FATES = """
SELECT sources, coalesce(outcome, CASE state WHEN 'done' THEN 'unbuilt' ELSE state END) AS fate, count(*)
FROM urls LEFT JOIN built USING (warc_file, warc_offset) GROUP BY sources, fate
"""
