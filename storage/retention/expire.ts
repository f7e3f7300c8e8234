import type { ClickHouseClient } from '@clickhouse/client';
import { verifiersAt } from '../../contracts/announced-key.ts';
import { openNote, parseCheckpoint, parseVerifier } from '../../contracts/checkpoint.ts';
import type { NoteVerifier } from '../../contracts/checkpoint.ts';
import { openExpiry } from '../../contracts/expiry.ts';
import type { ExpiryKeys, PublicKeys } from '../../contracts/keys.ts';
import type { Tier } from '../../contracts/tiers.ts';
import type { Trail } from '../../contracts/trail.ts';
import { insertSettings } from '../client/insert-statement.ts';
import type { ClusterWrites } from '../config.ts';
import { StorageError } from '../errors.ts';
import { storedDigest, storeExpiredLeaves } from './expired-leaves.ts';
import { ExpiryDigest, expiryId } from './expiry-digest.ts';
import { coversMonth } from './holds.ts';
import type { Hold } from './holds.ts';
import { TIERED_TABLES, UNTIERED_TABLES } from './partitions.ts';
import type { PartitionState } from './partitions.ts';
import { leafSpan, rowHashes } from './row-hashes.ts';

/** Each step holds after a kill: what was done stays, and a repeat goes on behind it. */
export const EXPIRY_STEPS = ['verify', 'digest', 'leaves', 'word', 'trail', 'drop accesses', 'drop acts', 'drop events', 'drop matches', 'drop alerts', 'drop dead_letters'] as const;
export type ExpiryStep = (typeof EXPIRY_STEPS)[number];

export interface ExpiryDeps {
  /** Of the user `retention`: reads, stores what is left of rows, drops partitions, and may do nothing else. */
  readonly client: ClickHouseClient;
  readonly keys: ExpiryKeys & PublicKeys;
  readonly trail: Trail;
  /** Asked anew right before anything is dropped. */
  readonly holds: () => Promise<readonly Hold[]>;
  /** What is wrong with the stored rows of these sites: nothing is dropped while there is anything. */
  readonly verify: (sites: readonly string[], month: number) => Promise<readonly string[]>;
  readonly nowMs: () => number;
  /** On a cluster: how much has to be sure before anything is dropped. */
  readonly cluster?: ClusterWrites | undefined;
  /** Called before each step. */
  readonly onStep?: (step: ExpiryStep) => void;
}

export interface Expired {
  readonly tier: Tier | undefined;
  readonly month: number;
  readonly rows: number;
  /** Id of the signed word; empty for what has no tier, whose rows are no leaves. */
  readonly id: string;
}

type TieredState = PartitionState & { readonly tier: Tier };

/**
 * Drops a partition that is due. The leaf hashes are stored first, then the word is signed and stored, then it stands on
 * the trail, and only then rows go: `verify` holds at every moment. Rejects with `StorageError` and drops nothing when
 * the stored rows do not verify, when a site's rows are not all under a signed checkpoint, or when a hold covers them.
 */
export async function expirePartition(partition: PartitionState, deps: ExpiryDeps): Promise<Expired> {
  if (partition.state !== 'due') throw new StorageError('notDue', nameOf(partition));
  return hasTier(partition) ? expireTiered(partition, deps) : expireUntiered(partition, deps);
}

function hasTier(partition: PartitionState): partition is TieredState {
  return partition.tier !== undefined;
}

async function expireTiered(partition: TieredState, deps: ExpiryDeps): Promise<Expired> {
  const { client, keys, nowMs, onStep } = deps;
  const verifiers = verifiersAt(await keys.checkpointVerifiers());
  onStep?.('verify');
  if (deps.cluster !== undefined) await levelReplica(client);
  const problems = await deps.verify(partition.sites, partition.month);
  if (problems.length > 0) throw new StorageError('expiryUnverified', `${nameOf(partition)}: ${problems[0] ?? ''}`);
  for (const site of partition.sites) await requireAttested(client, partition, site, verifiers);
  onStep?.('digest');
  const digest = new ExpiryDigest();
  for await (const { site, leaves, hashes } of rowHashes(client, partition, partition.sites, verifiers)) leaves.forEach((leaf, i) => digest.add(site, leaf, hashes.subarray(i * 32, i * 32 + 32)));
  const word = { tier: partition.tier, month: partition.month, rows: digest.rows, digest: digest.value() };
  const id = expiryId(word.tier, word.month, word.rows, word.digest);
  onStep?.('leaves');
  for await (const run of rowHashes(client, partition, partition.sites, verifiers)) await storeExpiredLeaves(client, { id, rows: run, expiredAtMs: nowMs(), cluster: deps.cluster });
  const stored = await storedDigest(client, id);
  if (stored.rows !== word.rows || !stored.digest.equals(word.digest)) throw new StorageError('expiryChanged', nameOf(partition));
  onStep?.('word');
  await storeWord({ ...word, id, policy: partition.policy }, deps);
  onStep?.('trail');
  const act = { action: 'partition-expired', category: ['database'], target: { kind: 'checkpoint', name: id }, about: { expiry: { tier: word.tier, month: word.month, rows: word.rows, policy: partition.policy, sites: partition.sites.length } }, id } as const;
  await deps.trail.write({ ...act, outcome: 'unknown' });
  await requireFree(partition, deps);
  for (const table of TIERED_TABLES) {
    onStep?.(`drop ${table}`);
    await client.command({ query: `ALTER TABLE ${table} DROP PARTITION ('${word.tier}', ${word.month})` });
  }
  await deps.trail.write({ ...act, outcome: 'success' });
  return { tier: word.tier, month: word.month, rows: word.rows, id };
}

/** Rows that have not come to this replica yet would be dropped without their hashes. */
async function levelReplica(client: ClickHouseClient): Promise<void> {
  for (const table of [...TIERED_TABLES, ...UNTIERED_TABLES, 'redactions', 'checkpoints', 'expired_leaves', 'expiries']) await client.command({ query: `SYSTEM SYNC REPLICA ${table}` });
}

/** Rows that are no leaves need no word; the act on the trail says that they went. */
async function expireUntiered(partition: PartitionState, deps: ExpiryDeps): Promise<Expired> {
  const { month, rows, policy } = partition;
  deps.onStep?.('trail');
  const act = { action: 'partition-expired', category: ['database'], target: { kind: 'checkpoint', name: `untiered/${month}` }, about: { expiry: { tables: [...UNTIERED_TABLES], month, rows, policy } } } as const;
  await deps.trail.write({ ...act, outcome: 'unknown' });
  await requireFree(partition, deps);
  for (const table of UNTIERED_TABLES) {
    deps.onStep?.(`drop ${table}`);
    await deps.client.command({ query: `ALTER TABLE ${table} DROP PARTITION ${month}` });
  }
  await deps.trail.write({ ...act, outcome: 'success' });
  return { tier: undefined, month, rows, id: '' };
}

function nameOf({ tier, month }: PartitionState): string {
  return `${tier ?? 'untiered'} ${month}`;
}

async function requireFree(partition: PartitionState, deps: ExpiryDeps): Promise<void> {
  const hold = (await deps.holds()).find((one) => coversMonth(one, partition.tier, partition.month, partition.sites));
  if (hold !== undefined) throw new StorageError('held', `hold ${hold.id} covers ${nameOf(partition)}`);
}

/**
 * A checkpoint follows the commit of what it vouches for. Rows above the newest may belong to a group that a worker still
 * recovers by counting what is stored: dropped, they would be stored again.
 */
async function requireAttested(client: ClickHouseClient, partition: TieredState, site: string, verifiers: readonly NoteVerifier[]): Promise<void> {
  const { to } = await leafSpan(client, partition, site);
  const answer = await client.query({ query: 'SELECT size, note FROM checkpoints WHERE site = {site:String} AND size >= {to:UInt64} ORDER BY size LIMIT 10', query_params: { site, to }, format: 'JSONEachRow' });
  const rows = await answer.json<{ readonly size: string | number; readonly note: string }>();
  const attested = rows.some(({ note }) => {
    const text = openNote(note, verifiers)?.text;
    const checkpoint = text === undefined ? undefined : parseCheckpoint(text);
    return checkpoint !== undefined && checkpoint.size >= to && (checkpoint.origin === site || checkpoint.origin.endsWith(`/${site}`));
  });
  if (!attested) throw new StorageError('expiryUnattested', `${nameOf(partition)}, site ${site}`);
}

interface Word {
  readonly id: string;
  readonly tier: Tier;
  readonly month: number;
  readonly rows: number;
  readonly digest: Buffer;
  readonly policy: string;
}

/** The word of a run that was killed is taken as it is. */
async function storeWord(word: Word, { client, keys, cluster }: ExpiryDeps): Promise<void> {
  const verifier = parseVerifier(await keys.expiryVerifier());
  if (verifier === undefined) throw new StorageError('badVerifier');
  const says = (note: string) => {
    const said = openExpiry(note, [verifier]);
    return said?.id === word.id && said.tier === word.tier && said.month === word.month && said.rows === word.rows && said.digest.equals(word.digest) ? said : undefined;
  };
  const answer = await client.query({ query: 'SELECT note FROM expiries WHERE id = {id:String}', query_params: { id: word.id }, format: 'JSONEachRow' });
  if ((await answer.json<{ readonly note: string }>()).some(({ note }) => says(note) !== undefined)) return;
  const note = await keys.signExpiry(word);
  const said = says(note);
  if (said === undefined) throw new StorageError('expiryWord');
  await client.insert({
    table: 'expiries', format: 'JSONEachRow',
    values: [{ id: word.id, tier: word.tier, month: word.month, rows: word.rows, expired_at: new Date(said.expiredAtMs).toISOString(), note }],
    clickhouse_settings: insertSettings(`expiry/${word.id}`, 30_000, cluster),
  });
}
