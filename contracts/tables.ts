/** The tables of the store and their columns, in insert order. The migrations of storage/ create the same (a test compares). */

export interface Column {
  readonly name: string;
  /** ClickHouse type, as `DESCRIBE TABLE` prints it. */
  readonly type: string;
}

function columns(...pairs: readonly (readonly [string, string])[]): readonly Column[] {
  return pairs.map(([name, type]) => ({ name, type }));
}

const LC = 'LowCardinality(String)';
const TIME = "DateTime64(3, 'UTC')";

/** Where a row's block stands in the event log: how recovery counts what a group has stored. */
const POSITION = [['partition', 'UInt16'], ['position', 'UInt64']] as const;

export const TABLES = {
  /** One row an event. Append only. Ordered by site and leaf. */
  events: columns(
    ['site', LC], ['leaf', 'UInt64'], ['stream', LC], ['epoch', 'UInt32'], ['seq', 'UInt64'],
    ['received_at', TIME], ['timestamp', TIME], ['provenance', LC], ['derivation', 'UInt16'], ['tier', LC],
    ...POSITION,
    ['kind', LC], ['category', LC], ['action', LC], ['outcome', LC],
    ['user_name', LC], ['source_ip', 'String'], ['domain', LC], ['method', LC], ['path', 'String'], ['status', 'UInt16'],
    ['response_bytes', 'UInt64'], ['user_agent', LC],
    ['classes', `Array(${LC})`],
    ['line', 'String'],
  ),
  /** One row a rule and event: what matched where. `engine`: `pack`, `sigma`, `correlation`. `view`: the decoded view it was found in, empty for the value as it is. */
  matches: columns(
    ['site', LC], ['leaf', 'UInt64'], ['received_at', TIME], ['timestamp', TIME], ...POSITION,
    ['engine', LC], ['rule', LC], ['rule_version', LC], ['level', LC], ['class', LC], ['field', LC], ['view', LC], ['spans', 'UInt16'],
  ),
  /** A match of level high or critical, or an act against a chain. `id` is the webhook's id; the rest is documented in `contracts/alert.ts`. */
  alerts: columns(
    ['id', 'String'], ['site', LC], ['leaf', 'UInt64'], ['received_at', TIME], ['timestamp', TIME], ...POSITION,
    ['rule', LC], ['rule_version', LC], ['title', 'String'], ['level', LC], ['class', LC], ['field', LC], ['source_ip', 'String'],
    ['stream', LC], ['epoch', 'UInt32'], ['seq', 'UInt64'],
    ['late', 'UInt8'], ['group', 'String'], ['quiet_s', 'UInt32'], ['back_off', 'UInt8'], ['quiet_most_s', 'UInt32'],
  ),
  /** Lines that could not become events; `original` is sealed (AES-256-GCM, key from the keys role). */
  dead_letters: columns(
    ['site', LC], ['stream', LC], ['epoch', 'UInt32'], ['seq', 'UInt64'], ['received_at', TIME], ...POSITION,
    ['line_index', 'UInt32'], ['reason', LC], ['bytes', 'UInt32'], ['original', 'String'],
  ),
  /** One row a stored block. */
  blocks: columns(
    ['site', LC], ['stream', LC], ['epoch', 'UInt32'], ['first_seq', 'UInt64'], ['lines', 'UInt32'], ['stored', 'UInt32'],
    ['dead', 'UInt32'], ['masked_spans', 'UInt32'], ['received_at', TIME], ['provenance', LC], ...POSITION,
    ['first_leaf', 'UInt64'], ['previous_head', 'String'], ['head', 'String'],
  ),
  /** Holes in chains, opened and closed: append only, the newest row of a hole counts. */
  gaps: columns(
    ['site', LC], ['stream', LC], ['epoch', 'UInt32'], ['from_seq', 'UInt64'], ['to_seq', 'UInt64'], ['state', LC],
    ['received_at', TIME], ...POSITION,
  ),
  /** The read model of `contracts/acts.ts`: one row a deed, ordered by who did it. */
  acts: columns(
    ['site', LC], ['leaf', 'UInt64'], ['received_at', TIME], ['timestamp', TIME], ['provenance', LC], ['tier', LC], ...POSITION,
    ['actor', LC], ['role', LC], ['session', 'String'], ['address', 'String'], ['key', LC], ['plugin', LC],
    ['category', LC], ['action', LC], ['outcome', LC], ['how', LC], ['target_kind', LC], ['target', 'String'], ['destination', LC], ['region', LC],
    ['classes', `Array(${LC})`], ['fields', `Array(${LC})`], ['records', 'UInt64'], ['subjects', 'UInt32'], ['batch', 'String'],
  ),
  /** One row a deed and person it touched, ordered by person. */
  accesses: columns(
    ['site', LC], ['subject', 'String'], ['subject_kind', LC], ['jurisdiction', LC], ['leaf', 'UInt64'], ['received_at', TIME], ['timestamp', TIME],
    ['provenance', LC], ['tier', LC], ...POSITION,
    ['actor', LC], ['role', LC], ['session', 'String'], ['address', 'String'], ['key', LC], ['plugin', LC],
    ['action', LC], ['outcome', LC], ['how', LC], ['destination', LC], ['classes', `Array(${LC})`], ['fields', `Array(${LC})`],
  ),
  /** Roots (base64) of 256 leaves each, number `tile` from leaf `256 * tile` on: level 1 of the C2SP tiles. `roots`: base64 of the roots of the tile's 16 runs of 16 leaves, or empty. */
  nodes: columns(['site', LC], ['tile', 'UInt64'], ['hash', 'String'], ['roots', 'String'], ['received_at', TIME], ...POSITION),
  /** Copies of the control stream's commit records. */
  commits: columns(
    ['partition', 'UInt16'], ['first', 'UInt64'], ['last', 'UInt64'], ['committed_at', TIME],
    ['events', 'UInt64'], ['dead_letters', 'UInt64'], ['duplicates', 'UInt64'], ['alerts', 'UInt64'],
    ['derivation', 'UInt16'], ['rules', LC],
    ['sites', 'Array(String)'], ['tree_sizes', 'Array(UInt64)'], ['roots', 'Array(String)'],
  ),
  /** C2SP signed notes, one a site and tick. */
  checkpoints: columns(['site', LC], ['size', 'UInt64'], ['root', 'String'], ['signed_at', TIME], ['note', 'String']),
  /** Lines that were changed after they were stored, each with the signed word of `contracts/redaction.ts`. */
  redactions: columns(['site', LC], ['leaf', 'UInt64'], ['redacted_at', TIME], ['note', 'String']),
  /** Leaf hashes of rows that expired: of leaves `256 * tile + offset` 32 raw bytes each, by rising offset. `expiry`: id of the word below. */
  expired_leaves: columns(['site', LC], ['tile', 'UInt64'], ['offsets', 'Array(UInt8)'], ['hashes', 'String'], ['expiry', 'String'], ['expired_at', TIME]),
  /** Partitions of rows that were dropped by policy, each with the signed word of `contracts/expiry.ts`. */
  expiries: columns(['id', 'String'], ['tier', LC], ['month', 'UInt32'], ['rows', 'UInt64'], ['expired_at', TIME], ['note', 'String']),
} as const satisfies Readonly<Record<string, readonly Column[]>>;

export type TableName = keyof typeof TABLES;

/** Tables whose rows belong to a group of blocks and are counted by position on recovery. */
export const GROUP_TABLES = ['events', 'matches', 'alerts', 'dead_letters', 'blocks', 'gaps', 'acts', 'accesses', 'nodes'] as const satisfies readonly TableName[];
