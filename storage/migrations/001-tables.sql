-- Plain ClickHouse SQL: a server takes the same. Inserts are fsynced with their directory, merges too, and repeat
-- safely by token. Parts stay compact while they are small: one data file to sync instead of one a column.

CREATE TABLE IF NOT EXISTS events (
  site LowCardinality(String),
  leaf UInt64 CODEC(Delta, ZSTD(1)),
  stream LowCardinality(String),
  epoch UInt32,
  seq UInt64 CODEC(Delta, ZSTD(1)),
  received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  timestamp DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  provenance LowCardinality(String),
  derivation UInt16,
  tier LowCardinality(String),
  partition UInt16,
  position UInt64 CODEC(Delta, ZSTD(1)),
  kind LowCardinality(String),
  category LowCardinality(String),
  action LowCardinality(String),
  outcome LowCardinality(String),
  user_name LowCardinality(String),
  source_ip String CODEC(ZSTD(1)),
  domain LowCardinality(String),
  method LowCardinality(String),
  path String CODEC(ZSTD(1)),
  status UInt16,
  response_bytes UInt64,
  user_agent LowCardinality(String),
  classes Array(LowCardinality(String)),
  line String CODEC(ZSTD(1)),
  CONSTRAINT line_is_not_empty CHECK length(line) > 0,
  CONSTRAINT site_is_named CHECK length(site) > 0,
  INDEX timestamp_range timestamp TYPE minmax GRANULARITY 1,
  INDEX position_range position TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY (tier, toYYYYMM(received_at))
ORDER BY (site, leaf)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1,
  min_bytes_for_wide_part = 268435456, max_bytes_to_merge_at_max_space_in_pool = 2147483648;

CREATE TABLE IF NOT EXISTS matches (
  site LowCardinality(String),
  leaf UInt64 CODEC(Delta, ZSTD(1)),
  received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  timestamp DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  partition UInt16,
  position UInt64 CODEC(Delta, ZSTD(1)),
  rule LowCardinality(String),
  rule_version LowCardinality(String),
  level LowCardinality(String),
  class LowCardinality(String),
  field LowCardinality(String),
  spans UInt16,
  INDEX position_range position TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (site, leaf)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1,
  min_bytes_for_wide_part = 1073741824;

CREATE TABLE IF NOT EXISTS alerts (
  id String,
  site LowCardinality(String),
  leaf UInt64 CODEC(Delta, ZSTD(1)),
  received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  timestamp DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  partition UInt16,
  position UInt64 CODEC(Delta, ZSTD(1)),
  rule LowCardinality(String),
  rule_version LowCardinality(String),
  title String,
  level LowCardinality(String),
  class LowCardinality(String),
  field LowCardinality(String),
  source_ip String CODEC(ZSTD(1)),
  stream LowCardinality(String),
  epoch UInt32,
  seq UInt64 CODEC(Delta, ZSTD(1)),
  CONSTRAINT id_is_named CHECK length(id) > 0,
  INDEX position_range position TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (site, received_at, id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1,
  min_bytes_for_wide_part = 1073741824;

CREATE TABLE IF NOT EXISTS dead_letters (
  site LowCardinality(String),
  stream LowCardinality(String),
  epoch UInt32,
  seq UInt64 CODEC(Delta, ZSTD(1)),
  received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  partition UInt16,
  position UInt64 CODEC(Delta, ZSTD(1)),
  line_index UInt32,
  reason LowCardinality(String),
  bytes UInt32,
  original String,
  INDEX position_range position TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (site, stream, received_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1,
  min_bytes_for_wide_part = 1073741824;

CREATE TABLE IF NOT EXISTS blocks (
  site LowCardinality(String),
  stream LowCardinality(String),
  epoch UInt32,
  first_seq UInt64,
  lines UInt32,
  stored UInt32,
  dead UInt32,
  masked_spans UInt32,
  received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  provenance LowCardinality(String),
  partition UInt16,
  position UInt64 CODEC(Delta, ZSTD(1)),
  first_leaf UInt64,
  previous_head String,
  head String,
  INDEX position_range position TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (site, stream, epoch, first_seq)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1,
  min_bytes_for_wide_part = 1073741824;

CREATE TABLE IF NOT EXISTS gaps (
  site LowCardinality(String),
  stream LowCardinality(String),
  epoch UInt32,
  from_seq UInt64,
  to_seq UInt64,
  state LowCardinality(String),
  received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  partition UInt16,
  position UInt64 CODEC(Delta, ZSTD(1)),
  INDEX position_range position TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (site, stream, epoch, from_seq)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1,
  min_bytes_for_wide_part = 1073741824;

CREATE TABLE IF NOT EXISTS commits (
  partition UInt16,
  first UInt64,
  last UInt64,
  committed_at DateTime64(3, 'UTC'),
  events UInt64,
  dead_letters UInt64,
  duplicates UInt64,
  alerts UInt64,
  derivation UInt16,
  pack LowCardinality(String),
  sites Array(String),
  tree_sizes Array(UInt64),
  roots Array(String)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(committed_at)
ORDER BY (partition, first)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1,
  min_bytes_for_wide_part = 1073741824;

CREATE TABLE IF NOT EXISTS checkpoints (
  site LowCardinality(String),
  size UInt64,
  root String,
  signed_at DateTime64(3, 'UTC'),
  note String
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(signed_at)
ORDER BY (site, size)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1,
  min_bytes_for_wide_part = 1073741824;

