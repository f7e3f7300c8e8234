import { generateKeyPairSync } from 'node:crypto';
import { signExpiry } from '../../contracts/expiry.ts';
import { LEAF_SQL } from '../../contracts/leaf.ts';
import { signRedaction } from '../../contracts/redaction.ts';
import type { ProblemKind } from '../verify/problem.ts';
import { CHECKPOINT_KEY, checkpointNote, REDACTED_LEAF } from './base-store.ts';
import type { OpenStore } from './base-store.ts';
import { rewriteHistory } from './rewrite-history.ts';

/** Something done to a store behind the product's back, and what verification says first of it on its site. */
export interface Manipulation {
  readonly name: string;
  readonly kind: ProblemKind;
  readonly site: string;
  readonly table?: string;
  /** The first row that may be it, the last, and the one that is suspected. */
  readonly from?: number;
  readonly to?: number;
  readonly suspect?: number;
  /** Found only beside checkpoints that were kept elsewhere. */
  readonly kept?: true;
  /** Found only by deriving rows again. */
  readonly deep?: boolean;
  run(store: OpenStore): Promise<unknown>;
}

const OTHER_KEY = generateKeyPairSync('ed25519').privateKey;
const FEBRUARY = '2030-02-20 09:00:00.000';

const sql = (...statements: readonly string[]) => async ({ engine }: OpenStore): Promise<void> => {
  for (const statement of statements) await engine.command(statement.startsWith('ALTER') && !statement.includes('PARTITION') ? `${statement} SETTINGS mutations_sync = 2` : statement);
};
const update = (table: string, change: string, where: string) => sql(`ALTER TABLE ${table} UPDATE ${change} WHERE ${where}`);
const remove = (table: string, where: string) => sql(`ALTER TABLE ${table} DELETE WHERE ${where}`);
/** Columns of a table's sort or partition key cannot be updated: such a row is written again. */
const rewrite = (table: string, change: string, where: string) => sql(
  `CREATE TABLE moved ENGINE = MergeTree ORDER BY tuple() AS SELECT * REPLACE (${change}) FROM (SELECT * FROM ${table} WHERE ${where})`, `ALTER TABLE ${table} DELETE WHERE ${where}`, `INSERT INTO ${table} SELECT * FROM moved`, 'DROP TABLE moved SYNC');
const copy = (table: string, change: string, where: string) => sql(`INSERT INTO ${table} SELECT * REPLACE (${change}) FROM (SELECT * FROM ${table} WHERE ${where})`);

const shop = (leaf: number): string => `site = 'shop' AND leaf = ${leaf}`;

const ROWS: readonly Manipulation[] = [
  { name: 'a word of a line is changed', kind: 'changed-row', site: 'shop', from: 567, to: 755, suspect: 700, run: update('events', "line = replaceRegexpOne(line, '\"user\":\"[a-z]+\"', '\"user\":\"eva\"')", shop(700)) },
  { name: 'a line and its columns are changed', kind: 'changed-row', site: 'shop', from: 567, to: 755, run: update('events', `line = '{"n":1,"action":"view","user":"eva"}', action = 'view', user_name = 'eva'`, shop(700)) },
  { name: 'a sequence is changed', kind: 'changed-row', site: 'shop', from: 567, to: 755, run: update('events', 'seq = seq + 1', shop(700)) },
  { name: 'a provenance is raised', kind: 'changed-row', site: 'clinic', from: 298, to: 357, run: update('events', "provenance = 'plugin'", "site = 'clinic' AND leaf = 300") },
  { name: 'a stream is renamed', kind: 'changed-row', site: 'clinic', from: 298, to: 357, run: update('events', "stream = 'mail'", "site = 'clinic' AND leaf = 300") },
  { name: 'a time of receipt is moved', kind: 'changed-row', site: 'shop', from: 567, to: 755, suspect: 700, run: rewrite('events', 'addSeconds(received_at, 60) AS received_at', shop(700)) },
  { name: 'a row is removed', kind: 'missing-row', site: 'shop', from: 700, to: 700, run: remove('events', shop(700)) },
  { name: 'every row of a user is removed', kind: 'missing-row', site: 'shop', from: 0, to: 0, run: remove('events', "site = 'shop' AND user_name = 'anna'") },
  { name: 'the newest rows are removed', kind: 'truncated', site: 'shop', from: 1500, to: 1511, run: remove('events', "site = 'shop' AND leaf >= 1500") },
  { name: 'a partition is dropped', kind: 'truncated', site: 'shop', from: 0, to: 1511, run: sql("ALTER TABLE events DROP PARTITION ('standard', 203002)") },
  { name: 'a partition is detached', kind: 'truncated', site: '_deployment', from: 0, to: 7, run: sql("ALTER TABLE events DETACH PARTITION ('standard', 203002)") },
  { name: 'a row is stored twice', kind: 'double-row', site: 'shop', from: 700, to: 700, run: copy('events', 'leaf AS leaf', shop(700)) },
  { name: 'a row is added at the end', kind: 'inserted-row', site: 'shop', from: 1512, run: copy('events', '1512 AS leaf, seq + 1 AS seq', shop(1511)) },
  { name: 'a row is added far behind the end', kind: 'inserted-row', site: 'shop', from: 1_000_000_000_000_000, run: copy('events', '1000000000000000 AS leaf', shop(1511)) },
  { name: 'two rows of a block change places', kind: 'reordered', site: 'shop', from: 567, to: 755, suspect: 700, run: rewrite('events', 'if(leaf = 700, 705, 700) AS leaf', "site = 'shop' AND leaf IN (700, 705)") },
  { name: 'two rows of different blocks change places', kind: 'changed-row', site: 'shop', from: 512, to: 566, run: rewrite('events', 'if(leaf = 550, 600, 550) AS leaf', "site = 'shop' AND leaf IN (550, 600)") },
  { name: 'a row is removed and the later ones take its place', kind: 'truncated', site: 'shop', from: 1511, run: async (store) => {
    await remove('events', shop(700))(store);
    await rewrite('events', 'leaf - 1 AS leaf', "site = 'shop' AND leaf > 700")(store);
  } },
  { name: 'a line and the node over it are changed', kind: 'changed-row', site: 'shop', from: 567, to: 755, run: async (store) => {
    await update('events', `line = '{"n":1}'`, shop(700))(store);
    await update('nodes', "hash = base64Encode(repeat('x', 32))", "site = 'shop' AND tile = 2")(store);
  } },
  { name: 'the deployment log is changed', kind: 'changed-row', site: '_deployment', from: 3, to: 3, run: update('events', "line = replaceOne(line, 'shop', 'shap')", "site = '_deployment' AND leaf = 3") },
];

const ROOTS: readonly Manipulation[] = [
  { name: 'the root of a checkpoint is changed', kind: 'forged-checkpoint', site: 'shop', table: 'checkpoints', run: update('checkpoints', "root = base64Encode(repeat('x', 32))", "site = 'shop' AND size = 567") },
  { name: "another site's checkpoint is passed off", kind: 'forged-checkpoint', site: 'clinic', table: 'checkpoints', run: sql("INSERT INTO checkpoints SELECT * REPLACE ('clinic' AS site) FROM (SELECT * FROM checkpoints WHERE site = 'shop' AND size = 567)") },
  { name: 'the newest checkpoints are removed', kind: 'missing-checkpoint', site: 'shop', table: 'checkpoints', run: remove('checkpoints', "site = 'shop' AND size > 1000") },
  { name: 'all checkpoints are removed', kind: 'missing-checkpoint', site: 'clinic', table: 'checkpoints', run: sql('TRUNCATE TABLE checkpoints') },
  { name: 'a second root is signed for a size, with the stolen key', kind: 'checkpoint-mismatch', site: 'shop', table: 'checkpoints', to: 755, run: ({ engine }) => engine.command(`INSERT INTO checkpoints FORMAT JSONEachRow ${JSON.stringify({ site: 'shop', size: 756, root: Buffer.alloc(32).toString('base64'), signed_at: FEBRUARY, note: checkpointNote('shop', 756, Buffer.alloc(32)) })}`) },
  { name: 'history is written anew and signed with another key', kind: 'forged-checkpoint', site: 'shop', table: 'checkpoints', run: async (store) => {
    await update('events', `line = '{"n":1,"action":"view","user":"eva"}', action = 'view', user_name = 'eva'`, shop(700))(store);
    await rewriteHistory(store, 'shop', OTHER_KEY);
  } },
  { name: 'history is written anew and signed with the stolen key', kind: 'forked', site: 'shop', run: async (store) => {
    await update('events', `line = '{"n":1,"action":"view","user":"eva"}', action = 'view', user_name = 'eva'`, shop(700))(store);
    await rewriteHistory(store, 'shop', CHECKPOINT_KEY.privateKey);
  } },
  { name: 'a site goes back to an earlier state, all of its tables alike', kind: 'rolled-back', site: 'shop', run: async (store) => {
    for (const table of ['events', 'acts', 'accesses', 'matches', 'alerts']) await remove(table, "site = 'shop' AND leaf >= 944")(store);
    await sql("ALTER TABLE blocks DELETE WHERE site = 'shop' AND first_leaf >= 944", "ALTER TABLE checkpoints DELETE WHERE site = 'shop' AND size > 944", "ALTER TABLE nodes DELETE WHERE site = 'shop' AND tile >= 3", "ALTER TABLE gaps DELETE WHERE site = 'shop'",
      "ALTER TABLE commits UPDATE sites = arrayMap(s -> if(s = 'shop', 'shap', s), sites) WHERE arrayExists((s, n) -> s = 'shop' AND n > 944, sites, tree_sizes)")(store);
  } },
  { name: 'the deployment goes back to an earlier state, its log too', kind: 'rolled-back', site: '_deployment', kept: true, run: async (store) => {
    for (const table of ['events', 'acts', 'accesses', 'matches', 'alerts', 'blocks', 'dead_letters', 'gaps', 'nodes']) await remove(table, 'position >= 19')(store);
    await sql('ALTER TABLE commits DELETE WHERE first >= 19', "ALTER TABLE checkpoints DELETE WHERE signed_at > '2030-02-20 09:05:30'")(store);
  } },
  { name: 'a commit is removed', kind: 'missing-commit', site: 'shop', table: 'commits', run: remove('commits', 'first = 7') },
  { name: 'the newest commits are removed', kind: 'missing-commit', site: 'shop', table: 'commits', run: remove('commits', 'first > 18') },
  { name: 'the root of a commit is changed', kind: 'commit-mismatch', site: 'shop', table: 'commits', run: update('commits', "roots = arrayMap(r -> base64Encode(repeat('x', 32)), roots)", 'first = 7') },
  { name: 'the counts of a commit are changed', kind: 'count-mismatch', site: '', table: 'blocks', run: update('commits', 'events = events + 1', 'first = 7') },
  { name: 'a commit is repeated with other ends', kind: 'commit-mismatch', site: '', table: 'commits', run: copy('commits', 'first + 1 AS first', 'first = 7') },
  { name: 'a node is changed', kind: 'node-mismatch', site: 'shop', table: 'nodes', from: 512, to: 767, run: update('nodes', "hash = base64Encode(repeat('x', 32))", "site = 'shop' AND tile = 2") },
  { name: 'the roots within a tile are changed', kind: 'node-mismatch', site: 'shop', table: 'nodes', from: 512, to: 767, run: update('nodes', "roots = base64Encode(repeat('x', 512))", "site = 'shop' AND tile = 2") },
  { name: 'a second node is added over a tile', kind: 'node-mismatch', site: 'shop', table: 'nodes', from: 512, to: 767, run: copy('nodes', "base64Encode(repeat('z', 32)) AS hash", "site = 'shop' AND tile = 2") },
  { name: 'a node is removed', kind: 'missing-node', site: 'shop', table: 'nodes', from: 512, to: 767, run: remove('nodes', "site = 'shop' AND tile = 2") },
];

const RECEIPT: readonly Manipulation[] = [
  { name: 'a block is removed', kind: 'block-mismatch', site: 'shop', table: 'blocks', from: 189, to: 377, run: remove('blocks', "site = 'shop' AND first_leaf = 189") },
  { name: 'a block is invented', kind: 'block-mismatch', site: 'shop', table: 'blocks', run: copy('blocks', 'position AS position', "site = 'shop' AND first_leaf = 189") },
  { name: 'a block says fewer lines', kind: 'block-mismatch', site: 'shop', table: 'blocks', from: 189, run: update('blocks', 'lines = lines - 1', "site = 'shop' AND first_leaf = 189") },
  { name: "rows are given another block's position", kind: 'block-mismatch', site: 'shop', from: 700, run: update('events', 'position = position + 3', shop(700)) },
  { name: "a block's head is changed", kind: 'chain-broken', site: 'shop', table: 'blocks', from: 378, run: update('blocks', "head = 'AAAA'", "site = 'shop' AND first_leaf = 189") },
  { name: 'a gap is removed', kind: 'chain-broken', site: 'shop', table: 'gaps', run: remove('gaps', "site = 'shop'") },
  { name: 'a gap is declared closed', kind: 'chain-broken', site: 'shop', table: 'gaps', run: copy('gaps', "'closed' AS state, position + 1 AS position", "site = 'shop'") },
  { name: 'a gap is invented', kind: 'gap-mismatch', site: 'clinic', table: 'gaps', run: copy('gaps', "'clinic' AS site", "site = 'shop'") },
  { name: 'a dead letter is removed', kind: 'block-mismatch', site: 'shop', table: 'dead_letters', run: remove('dead_letters', "site = 'shop' AND seq = 3") },
  { name: 'an alert is removed', kind: 'count-mismatch', site: '', table: 'alerts', run: remove('alerts', "site = 'shop' AND id = (SELECT min(id) FROM alerts WHERE site = 'shop')") },
  { name: 'an alert is invented', kind: 'count-mismatch', site: '', table: 'alerts', run: copy('alerts', "'alert_none' AS id", "site = 'shop' AND id = (SELECT min(id) FROM alerts WHERE site = 'shop')") },
  { name: 'an alert points to an event that never was', kind: 'orphan', site: 'shop', table: 'alerts', from: 9999, run: copy('alerts', '9999 AS leaf', "site = 'shop'") },
  { name: 'a match points to an event that never was', kind: 'orphan', site: 'shop', table: 'matches', from: 9999, run: copy('matches', '9999 AS leaf', "site = 'shop'") },
];

const COLUMNS: readonly Manipulation[] = [
  { name: 'a column is changed', kind: 'column-mismatch', site: 'shop', from: 700, run: update('events', "user_name = 'eva'", shop(700)) },
  { name: 'a time of an event is changed', kind: 'column-mismatch', site: 'shop', from: 700, run: update('events', 'timestamp = addDays(timestamp, 1)', shop(700)) },
  { name: 'a class is added', kind: 'column-mismatch', site: 'shop', table: 'matches', from: 701, run: update('events', "classes = ['phi.diagnosis']", shop(701)) },
  { name: 'a match is removed', kind: 'column-mismatch', site: 'shop', table: 'matches', run: remove('matches', "site = 'shop' AND leaf = (SELECT min(leaf) FROM matches WHERE site = 'shop')") },
  { name: 'an act is laid on another', kind: 'column-mismatch', site: 'shop', table: 'acts', from: 700, run: rewrite('acts', "'eva' AS actor", shop(700)) },
  { name: 'an act is removed', kind: 'missing-row', site: 'shop', table: 'acts', from: 700, run: remove('acts', shop(700)) },
  { name: 'an act is invented', kind: 'inserted-row', site: 'shop', table: 'acts', from: 700, run: copy('acts', "'eva' AS actor", shop(700)) },
  { name: 'an act is invented at another time', kind: 'inserted-row', site: 'shop', table: 'acts', run: copy('acts', "'eva' AS actor, addMonths(received_at, 1) AS received_at", shop(700)) },
  { name: 'an act of an event that never was', kind: 'orphan', site: 'shop', table: 'acts', from: 9999, run: copy('acts', '9999 AS leaf', shop(700)) },
  { name: 'a person is swapped in an access', kind: 'column-mismatch', site: 'shop', table: 'accesses', run: rewrite('accesses', "'ponmlkjihgfedcbaponmlkji' AS subject", "site = 'shop' AND leaf = (SELECT min(leaf) FROM accesses WHERE site = 'shop' AND leaf > 600)") },
  { name: 'an access is removed', kind: 'missing-row', site: 'shop', table: 'accesses', run: remove('accesses', "site = 'shop' AND leaf = (SELECT min(leaf) FROM accesses WHERE site = 'shop' AND leaf > 600)") },
  { name: 'an access is invented', kind: 'inserted-row', site: 'shop', table: 'accesses', from: 701, run: copy('accesses', '701 AS leaf', "site = 'shop' AND leaf = (SELECT min(leaf) FROM accesses WHERE site = 'shop' AND leaf > 600)") },
];

const forgedRedaction = async (store: OpenStore): Promise<void> => {
  const before = await store.engine.command(`SELECT base64Encode(${LEAF_SQL}) FROM events WHERE ${shop(700)}`);
  await update('events', `line = '{"n":1,"action":"view"}'`, shop(700))(store);
  const after = await store.engine.command(`SELECT base64Encode(${LEAF_SQL}) FROM events WHERE ${shop(700)}`);
  const note = signRedaction({ origin: 'toy.example/shop', leaf: 700, leafHash: Buffer.from(before, 'base64'), redactedHash: Buffer.from(after, 'base64'), redactedAtMs: 0 }, 'toy.example', OTHER_KEY);
  await store.engine.command(`INSERT INTO redactions FORMAT JSONEachRow ${JSON.stringify({ site: 'shop', leaf: 700, redacted_at: FEBRUARY, note })}`);
};

const signedAnew = async (store: OpenStore): Promise<void> => {
  const [id = '', rows = '0'] = (await store.engine.command('SELECT id, rows FROM expiries')).trim().split('\t');
  const note = signExpiry({ deployment: 'toy.example', id, tier: 'brief', month: 203001, rows: Number(rows), digest: Buffer.alloc(32), policy: '1 day', expiredAtMs: 0 }, 'toy.example-retention', OTHER_KEY);
  await update('expiries', `note = '${note}'`, '1')(store);
};

const WORDS: readonly Manipulation[] = [
  { name: 'a redaction is forged', kind: 'forged-redaction', site: 'shop', table: 'redactions', from: 700, run: forgedRedaction },
  { name: 'a redaction is removed', kind: 'changed-row', site: 'shop', from: 256, to: 377, run: remove('redactions', `leaf = ${REDACTED_LEAF}`) },
  { name: 'a redacted line is changed again', kind: 'changed-row', site: 'shop', from: 256, to: 377, run: update('events', "line = concat(line, ' ')", shop(REDACTED_LEAF)) },
  { name: 'the word of an expiry is removed', kind: 'forged-expiry', site: 'clinic', table: 'expired_leaves', from: 0, run: sql('TRUNCATE TABLE expiries') },
  { name: 'the word of an expiry is signed by another key', kind: 'forged-expiry', site: '', table: 'expiries', run: signedAnew },
  { name: 'a hash of an expired row is changed', kind: 'forged-expiry', site: '', table: 'expired_leaves', run: update('expired_leaves', "hashes = concat(repeat('x', 32), substring(hashes, 33))", 'tile = 0') },
  { name: 'a row is passed off as expired', kind: 'forged-expiry', site: '', table: 'expired_leaves', run: async (store) => {
    await sql(`INSERT INTO expired_leaves SELECT site, 2, [toUInt8(leaf % 256)], ${LEAF_SQL}, (SELECT min(id) FROM expiries), '${FEBRUARY}' FROM events WHERE ${shop(700)}`)(store);
    await remove('events', shop(700))(store);
  } },
  { name: 'what is left of expired rows is removed', kind: 'missing-row', site: 'clinic', from: 0, run: sql('TRUNCATE TABLE expired_leaves') },
];

export const MANIPULATIONS: readonly Manipulation[] = [...ROWS, ...ROOTS, ...RECEIPT, ...COLUMNS.map((m) => ({ ...m, deep: true })), ...WORDS];
