import type { ClickHouseClient } from '@clickhouse/client';
import { verifiersAt } from '../../contracts/announced-key.ts';
import type { NoteVerifier } from '../../contracts/checkpoint.ts';
import type { AnnouncedKey } from '../../contracts/keys.ts';
import { StorageError } from '../errors.ts';
import { READ_MODEL_MIGRATION } from '../migrations/migrate.ts';
import { readCommitted, commitProblems } from './committed.ts';
import type { Committed } from './committed.ts';
import { unstoredCheckpoints } from './deployment-log.ts';
import type { Derivations } from './derived-rows.ts';
import { readExpiries } from './expiries.ts';
import type { Expiries } from './expiries.ts';
import { jsonRows } from './json-rows.ts';
import type { Milestone } from './milestones.ts';
import type { Finding, Problem } from './problem.ts';
import type { RawBlocks } from './raw-blocks.ts';
import { siteVerification } from './site-verification.ts';
import type { Append } from './tree-walk.ts';

export interface VerificationOptions {
  /** A client of the store whose user may read. */
  readonly client: ClickHouseClient;
  /** Keys that sign, or signed, checkpoints. */
  readonly checkpointKeys: readonly AnnouncedKey[];
  /** Of the retention role; without one, nothing expires. */
  readonly expiryVerifiers?: readonly NoteVerifier[];
  /** Appends leaf hashes of 32 bytes each; the native twin is injected for speed. */
  readonly append?: Append;
  /** How columns follow from lines: names a changed row within its range; needed by `deep`. */
  readonly derivations?: Derivations;
  /** Derives every column and every row of the read model again. */
  readonly deep?: boolean;
  /** Time of receipt (Unix ms), `fromMs <= received < toMs`: other rows are taken from stored nodes. */
  readonly window?: { readonly fromMs: number; readonly toMs: number };
  /** Checkpoints kept outside of the store, by site. */
  readonly kept?: ReadonlyMap<string, readonly Milestone[]>;
  readonly rawBlocks?: RawBlocks;
  /** Leaves read by one query: a multiple of 256. */
  readonly leavesPerQuery?: number;
  /** Queries side by side. */
  readonly lanes?: number;
  /**
   * Called between reading a site's roots and its rows. On a cluster it must bring the client's replica level: a root
   * may have come to it before the rows it vouches for, which would then be missed.
   */
  readonly level?: () => Promise<void>;
}

export interface Progress {
  readonly type: 'progress';
  readonly site: string;
  readonly leaves: number;
  readonly ofLeaves: number;
}

export interface SiteResult {
  readonly type: 'site';
  readonly site: string;
  readonly ok: boolean;
  /** Leaves in the tree, whether of rows, of what is left of expired ones or, outside of a window, of nodes. */
  readonly leaves: number;
  /** Leaves below the newest checkpoint that holds. */
  readonly attested: number;
  readonly checkpoints: number;
  /** Lines changed after they were stored, with a signed word that keeps their leaf. */
  readonly redacted: number;
  /** Rows that expired by policy, with a signed word that keeps their leaves. */
  readonly expired: number;
  /** Leaves outside of the window, taken from stored nodes. */
  readonly fromNodes: number;
  /** Base64; empty when rows are missing. */
  readonly root: string;
}

export type VerificationEvent = Problem | Finding | Progress | SiteResult;

/** What is read once for all sites. */
export interface Deployment {
  readonly committed: Committed;
  readonly expiries: Expiries;
  readonly published: ReadonlyMap<string, readonly Milestone[]>;
  /** When `acts` and `accesses` came to this store (Unix ms). */
  readonly readModelSinceMs: number;
}

/** A tick may come between the two tables, so what seems to lack is looked for again. */
async function stillUnstored(client: ClickHouseClient, level: () => Promise<void>): Promise<ReadonlyMap<string, readonly Milestone[]>> {
  const seen = await unstoredCheckpoints(client);
  if (seen.size === 0) return seen;
  await level();
  const still = await unstoredCheckpoints(client);
  const both = [...still].map(([site, stones]) => [site, stones.filter((a) => seen.get(site)?.some((b) => a.size === b.size && a.root.equals(b.root)) === true)] as const);
  return new Map(both.filter(([, stones]) => stones.length > 0));
}

async function readDeployment({ client, checkpointKeys, expiryVerifiers = [], level = async () => undefined }: VerificationOptions): Promise<Deployment> {
  if (verifiersAt(checkpointKeys).length === 0) throw new StorageError('badVerifier');
  const published = await stillUnstored(client, level);
  const [since] = await jsonRows<{ readonly ms: number }>(client, `SELECT toUnixTimestamp64Milli(at) AS ms FROM schema_migrations WHERE version = ${READ_MODEL_MIGRATION} ORDER BY at LIMIT 1`);
  const committed = await readCommitted(client);
  await level();
  return { committed, expiries: await readExpiries(client, expiryVerifiers), published, readModelSinceMs: since?.ms ?? 0 };
}

/** Every site that has rows, commits or checkpoints, in the order of their names. */
export async function* verifyAll(options: VerificationOptions): AsyncGenerator<VerificationEvent> {
  const deployment = await readDeployment(options);
  const rows = await jsonRows<{ readonly site: string }>(options.client, `SELECT DISTINCT toString(site) AS site FROM (SELECT site FROM events UNION ALL SELECT site FROM checkpoints UNION ALL SELECT site FROM blocks
    UNION ALL SELECT arrayJoin(sites) AS site FROM commits UNION ALL SELECT site FROM expired_leaves) ORDER BY site`);
  const sites = new Set([...rows.map(({ site }) => site), ...deployment.published.keys(), ...(options.kept?.keys() ?? [])]);
  yield* wholeStore(options, deployment);
  for (const site of [...sites].toSorted()) yield* siteVerification(site, options, deployment);
}

/** One site, and what concerns the whole store. */
export async function* verifySite(site: string, options: VerificationOptions): AsyncGenerator<VerificationEvent> {
  const deployment = await readDeployment(options);
  yield* wholeStore(options, deployment);
  yield* siteVerification(site, options, deployment);
}

async function* wholeStore({ client }: VerificationOptions, { committed, expiries }: Deployment): AsyncGenerator<VerificationEvent> {
  yield* expiries.problems;
  yield* commitProblems(client, committed);
}
