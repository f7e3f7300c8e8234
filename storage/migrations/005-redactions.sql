-- Lines in which a value was missed and replaced afterwards: each with the signed word that keeps its leaf in the tree.

CREATE TABLE IF NOT EXISTS redactions (
  site LowCardinality(String),
  leaf UInt64,
  redacted_at DateTime64(3, 'UTC'),
  note String
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(redacted_at)
ORDER BY (site, leaf)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1,
  min_bytes_for_wide_part = 1073741824;
