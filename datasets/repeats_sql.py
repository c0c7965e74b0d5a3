"""The questions that `tinsach.datasets.repeats` asks, in order; each fills a table that the next ones read.

`articles` are a site's, numbered by `place`; `pieces` their kept blocks, named by a hash of their words; a `repeated`
piece stands in many articles; a `hit` is a piece that equals another article's title or lead.
"""

from tinsach.datasets.moments import day_of

# The words of a line without the marks before them, as cleaning.learnt.line_key reads them.
_KEY = r"hash(lower(regexp_replace({0}, '^[^\p{{L}}\p{{N}}]+', '')))"
_SHARDS = "read_parquet($shards, filename = true, hive_partitioning = false)"

ARTICLES = f"""
CREATE TEMP TABLE articles AS
SELECT *, row_number() OVER (ORDER BY id) AS place FROM (
  SELECT id, url, site::VARCHAR AS site, title, lead, tags, related_urls, num_chars, text_hash,
    {day_of("coalesce(published_at, fetched_at)")} AS day, filename AS shard, warc_offset
  FROM {_SHARDS} WHERE text IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY id ORDER BY fetched_at DESC, warc_file DESC, warc_offset DESC) = 1)
QUALIFY row_number() OVER (PARTITION BY text_hash ORDER BY id) = 1
"""
PIECES = f"""
CREATE TEMP TABLE pieces AS
SELECT place, day, number, last, block.kind AS kind, length(block.text) AS chars, {_KEY.format("block.text")} AS key
FROM (
  SELECT place, day, unnest(blocks) AS block, generate_subscripts(blocks, 1) AS number, len(blocks) AS last
  FROM {_SHARDS} AS rows JOIN articles ON rows.filename = shard AND rows.warc_offset = articles.warc_offset)
"""
TOTALS = "SELECT count(*), coalesce(sum(num_chars), 0)::BIGINT FROM articles"
# What accepted rules took out of them, by the rule's name.
TAKEN = f"""
SELECT substr(piece.rule, len('learnt:') + 1), count(DISTINCT place), count(DISTINCT day),
  sum(length(piece.text))::BIGINT
FROM (
  SELECT place, day, unnest(removed) AS piece
  FROM {_SHARDS} AS rows JOIN articles ON rows.filename = shard AND rows.warc_offset = articles.warc_offset)
WHERE piece.rule LIKE 'learnt:%' GROUP BY piece.rule
"""
REPEATED = """
CREATE TEMP TABLE repeated AS SELECT key FROM pieces GROUP BY key HAVING count(DISTINCT place) >= $articles
"""
# What only one article has as its title or lead. Short titles are the names of columns.
TARGETS = f"""
CREATE TEMP TABLE targets AS
SELECT key, any_value(place) AS target, any_value(equals) AS equals FROM (
  SELECT {_KEY.format("title")} AS key, place, 'title' AS equals FROM articles
  WHERE length(title) >= 25 AND len(string_split(title, ' ')) >= 6
  UNION ALL
  SELECT {_KEY.format("lead")}, place, 'lead' FROM articles WHERE length(lead) >= 60)
GROUP BY key HAVING count(*) = 1
"""
HITS = f"""
CREATE TEMP TABLE hits AS
SELECT pieces.*, target, equals,
  list_contains(own.related_urls, (SELECT url FROM articles WHERE place = target)) AS linked
FROM pieces JOIN targets USING (key) JOIN articles AS own ON own.place = pieces.place
WHERE pieces.place != target AND {_KEY.format("coalesce(own.title, '')")} != key
  AND {_KEY.format("coalesce(own.lead, '')")} != key
"""
# Where an article's own words begin and end.
RUNS = """
CREATE TEMP TABLE runs AS
SELECT place, min(number) AS first, max(number) AS last FROM pieces
ANTI JOIN repeated USING (key) ANTI JOIN hits USING (place, number) GROUP BY place
"""
# Without articles that are the same story as their target (an update repeats the lead), and without digests.
TEASERS = """
CREATE TEMP TABLE teasers AS
WITH same AS (
    SELECT DISTINCT hits.place, hits.target FROM hits
    JOIN pieces AS one ON one.place = hits.place JOIN pieces AS other ON other.place = target AND other.key = one.key
    WHERE one.chars >= 60 AND one.key NOT IN (FROM repeated) AND one.key NOT IN (SELECT key FROM targets)),
  digests AS (
    SELECT place FROM (SELECT place, sum(chars) AS chars FROM hits GROUP BY place) AS led JOIN articles USING (place)
    WHERE led.chars > articles.num_chars / 2),
  placed AS (
    SELECT hits.*, number > runs.last AS at_end,
      EXISTS (FROM hits AS beside WHERE beside.place = hits.place AND beside.target = hits.target
              AND abs(beside.number - hits.number) = 1) AS paired
    FROM hits JOIN runs USING (place)
    ANTI JOIN same ON same.place = hits.place AND same.target = hits.target
    ANTI JOIN digests ON digests.place = hits.place)
SELECT * FROM placed
WHERE linked OR paired OR at_end OR (equals = 'title' AND kind != 'heading')
"""
LINES = """
CREATE TEMP TABLE lines AS
SELECT key, CASE WHEN ends >= starts THEN 'end' ELSE 'start' END AS edge, articles, days, chars FROM (
  SELECT key, count(DISTINCT pieces.place) AS articles, count(DISTINCT day) AS days, sum(chars)::BIGINT AS chars,
    count(DISTINCT pieces.place) FILTER (number > runs.last) AS ends,
    count(DISTINCT pieces.place) FILTER (number < runs.first) AS starts,
    avg((kind = 'heading')::INT) AS headings, any_value(chars) AS length
  FROM pieces JOIN runs USING (place) WHERE key IN (FROM repeated) AND key NOT IN (SELECT key FROM teasers)
  GROUP BY key)
WHERE articles >= $articles AND days >= $days AND greatest(ends, starts) >= $edge * articles
  AND headings <= $headings AND length >= $chars
"""
# What other papers print too is wire copy or the trade's formula.
SHARED = f"""
DELETE FROM lines WHERE key IN (
  SELECT key FROM (
    SELECT id, {_KEY.format("block.text")} AS key
    FROM (SELECT id, unnest(blocks) AS block FROM {_SHARDS} WHERE site::VARCHAR NOT IN (SELECT site FROM articles)))
  WHERE key IN (SELECT key FROM lines) GROUP BY key HAVING count(DISTINCT id) > 1)
"""
SERIES = r"""
WITH uses AS (SELECT DISTINCT key, place FROM pieces WHERE key IN (SELECT key FROM lines)),
  sizes AS (SELECT key, count(*) AS size FROM uses GROUP BY key),
  tagged AS (SELECT place, unnest(tags) AS tag FROM articles),
  topics AS (SELECT tag FROM tagged GROUP BY tag HAVING count(*) < $spread * (SELECT count(*) FROM articles))
SELECT key FROM uses JOIN tagged USING (place) JOIN sizes USING (key) WHERE tag IN (FROM topics)
GROUP BY key, tag, size HAVING count(*) >= $series * size
UNION
SELECT key FROM uses JOIN articles USING (place) JOIN sizes USING (key) GROUP BY key, size
HAVING count(*) FILTER (regexp_matches(title, '(?i)(^|\W)(kỳ|bài|phần|tập)\s+\d')) >= $series * size
"""
EXAMPLES = f"""
WITH wanted AS (
  SELECT key, place, number FROM (
    SELECT key, place, number FROM pieces WHERE key IN (SELECT key FROM lines)
    UNION ALL SELECT key, place, number FROM teasers)
  QUALIFY row_number() OVER (PARTITION BY key ORDER BY place, number) <= 3)
SELECT key, rows.blocks[number].text, articles.url
FROM {_SHARDS} AS rows JOIN articles ON rows.filename = shard AND rows.warc_offset = articles.warc_offset
JOIN wanted USING (place) ORDER BY key, place
"""
READ_LINES = "SELECT key, edge, articles, days, chars FROM lines ORDER BY articles DESC, key"
READ_TEASERS = """
SELECT key, any_value(equals), any_value(led.url), any_value(led.title), count(DISTINCT teasers.place),
  count(DISTINCT teasers.day), sum(chars)::BIGINT
FROM teasers JOIN articles AS led ON led.place = target GROUP BY key ORDER BY count(DISTINCT teasers.place) DESC, key
"""
