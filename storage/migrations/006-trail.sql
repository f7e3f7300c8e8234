-- The trail: who touched whose data (the read model, derived with the rows of events and expiring with them), the inner
-- nodes of each site's tree, and what is left of rows that expired: their leaf hashes, and who signed that they go.

CREATE TABLE IF NOT EXISTS acts (
  site LowCardinality(String),
  leaf UInt64 CODEC(Delta, ZSTD(1)),
  received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  timestamp DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  provenance LowCardinality(String),
  tier LowCardinality(String),
  partition UInt16,
  position UInt64 CODEC(Delta, ZSTD(1)),
  actor LowCardinality(String),
  role LowCardinality(String),
  session String CODEC(ZSTD(1)),
  address String CODEC(ZSTD(1)),
  key LowCardinality(String),
  plugin LowCardinality(String),
  category LowCardinality(String),
  action LowCardinality(String),
  outcome LowCardinality(String),
  how LowCardinality(String),
  target_kind LowCardinality(String),
  target String CODEC(ZSTD(1)),
  destination LowCardinality(String),
  region LowCardinality(String),
  classes Array(LowCardinality(String)),
  fields Array(LowCardinality(String)),
  records UInt64,
  subjects UInt32,
  batch String CODEC(ZSTD(1)),
  INDEX timestamp_range timestamp TYPE minmax GRANULARITY 1,
  INDEX position_range position TYPE minmax GRANULARITY 1,
  INDEX session_bloom session TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX address_bloom address TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX key_bloom key TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY (tier, toYYYYMM(received_at))
ORDER BY (site, actor, timestamp, leaf)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1,
  min_bytes_for_wide_part = 1073741824;

-- A person has few rows among many: small granules, so that an answer reads little beside them.
CREATE TABLE IF NOT EXISTS accesses (
  site LowCardinality(String),
  subject String CODEC(ZSTD(1)),
  subject_kind LowCardinality(String),
  jurisdiction LowCardinality(String),
  leaf UInt64 CODEC(Delta, ZSTD(1)),
  received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  timestamp DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  provenance LowCardinality(String),
  tier LowCardinality(String),
  partition UInt16,
  position UInt64 CODEC(Delta, ZSTD(1)),
  actor LowCardinality(String),
  role LowCardinality(String),
  session String CODEC(ZSTD(1)),
  address String CODEC(ZSTD(1)),
  key LowCardinality(String),
  plugin LowCardinality(String),
  action LowCardinality(String),
  outcome LowCardinality(String),
  how LowCardinality(String),
  destination LowCardinality(String),
  classes Array(LowCardinality(String)),
  fields Array(LowCardinality(String)),
  INDEX timestamp_range timestamp TYPE minmax GRANULARITY 1,
  INDEX position_range position TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY (tier, toYYYYMM(received_at))
ORDER BY (site, subject, timestamp, leaf)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1,
  min_bytes_for_wide_part = 1073741824, index_granularity = 1024;

CREATE TABLE IF NOT EXISTS nodes (
  site LowCardinality(String),
  tile UInt64 CODEC(Delta, ZSTD(1)),
  hash String CODEC(ZSTD(1)),
  roots String CODEC(ZSTD(1)),
  received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  partition UInt16,
  position UInt64 CODEC(Delta, ZSTD(1)),
  INDEX position_range position TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (site, tile)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1,
  min_bytes_for_wide_part = 1073741824;

CREATE TABLE IF NOT EXISTS expired_leaves (
  site LowCardinality(String),
  tile UInt64 CODEC(Delta, ZSTD(1)),
  offsets Array(UInt8),
  hashes String CODEC(ZSTD(1)),
  expiry String CODEC(ZSTD(1)),
  expired_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(expired_at)
ORDER BY (site, tile)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1,
  min_bytes_for_wide_part = 1073741824;

CREATE TABLE IF NOT EXISTS expiries (
  id String CODEC(ZSTD(1)),
  tier LowCardinality(String),
  month UInt32,
  rows UInt64,
  expired_at DateTime64(3, 'UTC'),
  note String CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(expired_at)
ORDER BY (tier, month, id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1,
  min_bytes_for_wide_part = 1073741824;

CREATE TABLE IF NOT EXISTS acts_probe (
  site LowCardinality(String),
  leaf UInt64,
  received_at DateTime64(3, 'UTC'),
  timestamp DateTime64(3, 'UTC'),
  provenance LowCardinality(String),
  tier LowCardinality(String),
  partition UInt16,
  position UInt64,
  actor LowCardinality(String),
  role LowCardinality(String),
  session String,
  address String,
  key LowCardinality(String),
  plugin LowCardinality(String),
  category LowCardinality(String),
  action LowCardinality(String),
  outcome LowCardinality(String),
  how LowCardinality(String),
  target_kind LowCardinality(String),
  target String,
  destination LowCardinality(String),
  region LowCardinality(String),
  classes Array(LowCardinality(String)),
  fields Array(LowCardinality(String)),
  records UInt64,
  subjects UInt32,
  batch String
)
ENGINE = Null;

CREATE TABLE IF NOT EXISTS accesses_probe (
  site LowCardinality(String),
  subject String,
  subject_kind LowCardinality(String),
  jurisdiction LowCardinality(String),
  leaf UInt64,
  received_at DateTime64(3, 'UTC'),
  timestamp DateTime64(3, 'UTC'),
  provenance LowCardinality(String),
  tier LowCardinality(String),
  partition UInt16,
  position UInt64,
  actor LowCardinality(String),
  role LowCardinality(String),
  session String,
  address String,
  key LowCardinality(String),
  plugin LowCardinality(String),
  action LowCardinality(String),
  outcome LowCardinality(String),
  how LowCardinality(String),
  destination LowCardinality(String),
  classes Array(LowCardinality(String)),
  fields Array(LowCardinality(String))
)
ENGINE = Null;

CREATE TABLE IF NOT EXISTS nodes_probe (
  site LowCardinality(String),
  tile UInt64,
  hash String,
  roots String,
  received_at DateTime64(3, 'UTC'),
  partition UInt16,
  position UInt64
)
ENGINE = Null;
