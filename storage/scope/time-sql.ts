/** Time of an event, Unix ms: what it says, never later than its receipt. */
export const AT_MS = 'toUnixTimestamp64Milli(least(timestamp, received_at))';

/** Rows of a view: `{site}` and `{treeSize}`. */
export const OF_SITE = 'site = {site:String} AND leaf < {treeSize:UInt64}';

/** Events from `{fromMs}` and before `{toMs}`. The first two conditions follow from the third; partitions and index go by them. */
export const IN_TIMES = `timestamp >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC') AND received_at >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC') AND ${AT_MS} < {toMs:Int64}`;

/** Two conditions that share out the persons of `accesses`, which is ordered by token: two reads side by side take half as long. */
export const SUBJECT_HALVES: readonly string[] = ["subject < 'i'", "subject >= 'i'"];

/** Of rows of `events`: what the plugin refused before it left, by `event.type`, nested or dotted, alone or in a list (docs/rules.md). */
export const REFUSED_SQL = `outcome = 'failure' AND provenance = 'plugin' AND arrayExists(type -> type IN ('"denied"', 'denied'), arrayConcat(
  JSONExtractArrayRaw(line, 'event', 'type'), JSONExtractArrayRaw(line, 'event.type'), [JSONExtractString(line, 'event', 'type'), JSONExtractString(line, 'event.type')]))`;
