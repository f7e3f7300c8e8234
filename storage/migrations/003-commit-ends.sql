-- Each insert asks whether a commit reaches its positions: this index leaves the parts that cannot unread.

ALTER TABLE commits ADD INDEX IF NOT EXISTS last_range last TYPE minmax GRANULARITY 1;
