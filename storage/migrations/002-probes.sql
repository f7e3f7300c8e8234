-- Twins that keep nothing, with the constraints of the tables: an insert that passes here could be stored there.

CREATE TABLE IF NOT EXISTS events_probe (
  site LowCardinality(String),
  leaf UInt64,
  stream LowCardinality(String),
  epoch UInt32,
  seq UInt64,
  received_at DateTime64(3, 'UTC'),
  timestamp DateTime64(3, 'UTC'),
  provenance LowCardinality(String),
  derivation UInt16,
  tier LowCardinality(String),
  partition UInt16,
  position UInt64,
  kind LowCardinality(String),
  category LowCardinality(String),
  action LowCardinality(String),
  outcome LowCardinality(String),
  user_name LowCardinality(String),
  source_ip String,
  domain LowCardinality(String),
  method LowCardinality(String),
  path String,
  status UInt16,
  response_bytes UInt64,
  user_agent LowCardinality(String),
  classes Array(LowCardinality(String)),
  line String,
  CONSTRAINT line_is_not_empty CHECK length(line) > 0,
  CONSTRAINT site_is_named CHECK length(site) > 0
)
ENGINE = Null;

CREATE TABLE IF NOT EXISTS matches_probe (
  site LowCardinality(String),
  leaf UInt64,
  received_at DateTime64(3, 'UTC'),
  timestamp DateTime64(3, 'UTC'),
  partition UInt16,
  position UInt64,
  rule LowCardinality(String),
  rule_version LowCardinality(String),
  level LowCardinality(String),
  class LowCardinality(String),
  field LowCardinality(String),
  spans UInt16
)
ENGINE = Null;

CREATE TABLE IF NOT EXISTS alerts_probe (
  id String,
  site LowCardinality(String),
  leaf UInt64,
  received_at DateTime64(3, 'UTC'),
  timestamp DateTime64(3, 'UTC'),
  partition UInt16,
  position UInt64,
  rule LowCardinality(String),
  rule_version LowCardinality(String),
  title String,
  level LowCardinality(String),
  class LowCardinality(String),
  field LowCardinality(String),
  source_ip String,
  stream LowCardinality(String),
  epoch UInt32,
  seq UInt64,
  CONSTRAINT id_is_named CHECK length(id) > 0
)
ENGINE = Null;

CREATE TABLE IF NOT EXISTS dead_letters_probe (
  site LowCardinality(String),
  stream LowCardinality(String),
  epoch UInt32,
  seq UInt64,
  received_at DateTime64(3, 'UTC'),
  partition UInt16,
  position UInt64,
  line_index UInt32,
  reason LowCardinality(String),
  bytes UInt32,
  original String
)
ENGINE = Null;

CREATE TABLE IF NOT EXISTS blocks_probe (
  site LowCardinality(String),
  stream LowCardinality(String),
  epoch UInt32,
  first_seq UInt64,
  lines UInt32,
  stored UInt32,
  dead UInt32,
  masked_spans UInt32,
  received_at DateTime64(3, 'UTC'),
  provenance LowCardinality(String),
  partition UInt16,
  position UInt64,
  first_leaf UInt64,
  previous_head String,
  head String
)
ENGINE = Null;

CREATE TABLE IF NOT EXISTS gaps_probe (
  site LowCardinality(String),
  stream LowCardinality(String),
  epoch UInt32,
  from_seq UInt64,
  to_seq UInt64,
  state LowCardinality(String),
  received_at DateTime64(3, 'UTC'),
  partition UInt16,
  position UInt64
)
ENGINE = Null;
