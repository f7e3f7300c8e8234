import { StorageError } from '../errors.ts';
import { quote } from '../sql-text.ts';

/**
 * The path is spelt out, not made of the table's UUID: a replica that is added later has to come to the same one. The
 * servers' macros give shard and replica, ClickHouse itself database and table.
 */
const REPLICATED = "ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')";

/**
 * Tokens that a table remembers. Every worker inserts into the same table, so a cluster needs more of them than one
 * engine, which keeps 10,000; servers forget after an hour unless told.
 */
const REPLICATED_WINDOW = 'replicated_deduplication_window = 50000, replicated_deduplication_window_seconds = 604800';

/** The forms that migrations are written in; what follows is the same on one server and on a cluster. */
const FORM = /^(CREATE TABLE IF NOT EXISTS|ALTER TABLE|CREATE DATABASE IF NOT EXISTS) ([a-z_]+)(?= |$)/;

/** A statement of a migration as every server of the cluster is to run it. */
export function renderForCluster(statement: string, cluster: string): string {
  const match = FORM.exec(statement);
  if (match === null || /\bON CLUSTER\b|Replicated/.test(statement)) throw new StorageError('notRenderable', statement.slice(0, 60));
  const [head] = match;
  const rest = statement.slice(head.length)
    .replace(/\bENGINE = MergeTree\b/, REPLICATED)
    .replace(/\bnon_replicated_deduplication_window = \d+/, REPLICATED_WINDOW);
  if (/\bENGINE = (?!ReplicatedMergeTree\(|Null\b|Atomic\b)/.test(rest)) throw new StorageError('notRenderable', statement.slice(0, 60));
  return `${head} ON CLUSTER ${quote(cluster)}${rest}`;
}
