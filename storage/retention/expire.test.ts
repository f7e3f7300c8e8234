import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkpointText, formatVerifier, parseVerifier, signNote } from '../../contracts/checkpoint.ts';
import { openExpiry, signExpiry } from '../../contracts/expiry.ts';
import { leafHash } from '../../contracts/leaf.ts';
import { createLogDisk, openMemoryLog } from '../../contracts/memory-log.ts';
import { appendLeaf, EMPTY_FRONTIER, rootOf } from '../../contracts/merkle.ts';
import { signRedaction } from '../../contracts/redaction.ts';
import type { Tier } from '../../contracts/tiers.ts';
import type { Act } from '../../contracts/trail.ts';
import { createGroupStore } from '../client/group-store.ts';
import { defaultStorageConfig } from '../config.ts';
import { startStorage } from '../engine/storage.ts';
import type { Storage } from '../engine/storage.ts';
import { EXPIRY_STEPS, expirePartition } from './expire.ts';
import type { ExpiryDeps, ExpiryStep } from './expire.ts';
import { addHold, readHolds } from './holds.ts';
import { partitionStates, storedPartitions } from './partitions.ts';
import type { PartitionState } from './partitions.ts';
import { policyOf } from './policy.ts';

const [checkpointKey, retentionKey] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
const RETENTION = formatVerifier('test.example-retention', retentionKey.publicKey);
const NOW = Date.UTC(2026, 5, 15);
/** Rows of a site: leaf n is of tier and month n modulo two. */
const LEAVES = 1_300;
const REDACTED = 258;

let directory: string;
let storage: Storage;
let clients: Readonly<Record<'reader' | 'redactor' | 'retention', ClickHouseClient>>;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tourniquet-expire-'));
  storage = await startStorage({ directory, host: '127.0.0.1', port: 0, writerPassword: 'w', readerPassword: 'r', redactorPassword: 'x', retentionPassword: 't', config: defaultStorageConfig() });
  const connect = (username: string, password: string): ClickHouseClient => createClient({ url: storage.url, username, password, database: 'tourniquet' });
  clients = { reader: connect('reader', 'r'), redactor: connect('redactor', 'x'), retention: connect('retention', 't') };
});
afterAll(async () => {
  await Promise.all(Object.values(clients).map((client) => client.close()));
  await storage.close();
  await rm(directory, { recursive: true, force: true });
});

const tierOfLeaf = (leaf: number): Tier => (leaf % 2 === 0 ? 'brief' : 'standard');

interface Stored {
  readonly root: Buffer;
  readonly month: number;
}

/** Stores rows of a month in two tiers, one of them redacted, and signs a checkpoint over `attested` of them. */
async function store(site: string, month: number, attested = LEAVES): Promise<Stored> {
  await using writer = createGroupStore({ url: storage.url, user: 'writer', password: 'w' });
  const receivedAtMs = Date.UTC(Math.floor(month / 100), (month % 100) - 1, 20);
  const received = new Date(receivedAtMs).toISOString();
  let frontier = EMPTY_FRONTIER;
  const rows: { readonly leaf: number; readonly tier: Tier; readonly line: string }[] = [];
  const range = { partition: 1, first: month * 10_000, last: month * 10_000 + LEAVES };
  for (let leaf = 0; leaf < LEAVES; leaf++) {
    const envelope = { site, stream: 'web', epoch: 1, receivedAtMs, provenance: 'plugin', derivation: 1, seq: leaf } as const;
    const line = `{"n":${leaf},"text":"as it was"}`;
    const hash = leafHash(envelope, Buffer.from(line));
    frontier = appendLeaf(frontier, hash);
    const now = leaf === REDACTED ? line.replace('as it was', '') : line;
    rows.push({ leaf, tier: tierOfLeaf(leaf), line: now });
    if (leaf === REDACTED) {
      const note = signRedaction({ origin: `test.example/${site}`, leaf, leafHash: hash, redactedHash: leafHash(envelope, Buffer.from(now)), redactedAtMs: receivedAtMs }, 'test.example', checkpointKey.privateKey);
      await clients.redactor.insert({ table: 'redactions', values: [{ site, leaf, redacted_at: received.replace('Z', ''), note }], format: 'JSONEachRow' });
    }
    if (leaf + 1 === attested) await writer.recordCheckpoint({ site, size: attested, root: rootOf(frontier), signedAtMs: receivedAtMs, note: signNote(checkpointText({ origin: `test.example/${site}`, size: attested, root: rootOf(frontier), extensions: [] }), 'test.example', checkpointKey.privateKey) });
  }
  for (const tier of ['brief', 'standard'] as const) {
    const own = rows.filter((row) => row.tier === tier).map((row) => ({ ...row, site, stream: 'web', epoch: 1, seq: row.leaf, received_at: received, timestamp: received, provenance: 'plugin', derivation: 1, partition: 1, position: range.first }));
    const data = (list: readonly object[]): Buffer => Buffer.from(list.map((row) => JSON.stringify(row)).join('\n'));
    await writer.insert(`${site}/${month}/events/${tier}`, { table: 'events', tier, rows: own.length, format: 'JSONEachRow', data: data(own) }, { kind: 'uncommitted', range });
    for (const table of ['acts', 'accesses'] as const) {
      const short = own.map(({ leaf, received_at, timestamp, provenance, partition, position }) => ({ site, leaf, received_at, timestamp, provenance, tier, partition, position, ...(table === 'accesses' ? { subject: 'a'.repeat(24) } : {}) }));
      await writer.insert(`${site}/${month}/${table}/${tier}`, { table, tier, rows: short.length, format: 'JSONEachRow', data: data(short) }, { kind: 'uncommitted', range });
    }
  }
  await writer.insert(`${site}/${month}/matches`, { table: 'matches', tier: '', rows: 1, format: 'JSONEachRow', data: Buffer.from(JSON.stringify({ site, leaf: 1, received_at: received, timestamp: received, partition: 1, position: range.first, rule: 'x' })) }, { kind: 'uncommitted', range });
  return { root: rootOf(frontier), month };
}

async function rowsOf<T>(query: string, query_params: Record<string, unknown> = {}): Promise<readonly T[]> {
  return (await clients.reader.query({ query, query_params, format: 'JSONEachRow', clickhouse_settings: { output_format_json_quote_64bit_integers: 0 } })).json<T>();
}

/** The site's root from rows and, where they are gone, from hashes that a signed word vouches for. */
async function rootFromStore(site: string): Promise<Buffer> {
  const hashes = new Map<number, Buffer>();
  const verifier = parseVerifier(RETENTION);
  const words = await rowsOf<{ readonly id: string; readonly note: string }>('SELECT id, note FROM expiries');
  const vouched = words.filter(({ id, note }) => verifier !== undefined && openExpiry(note, [verifier])?.id === id).map(({ id }) => id);
  for (const tile of await rowsOf<{ readonly tile: number; readonly offsets: readonly number[]; readonly hex: string; readonly expiry: string }>('SELECT tile, offsets, hex(hashes) AS hex, expiry FROM expired_leaves WHERE site = {site:String}', { site })) {
    if (vouched.includes(tile.expiry)) tile.offsets.forEach((offset, i) => hashes.set(tile.tile * 256 + offset, Buffer.from(tile.hex.slice(i * 64, i * 64 + 64), 'hex')));
  }
  for (const row of await rowsOf<{ readonly leaf: number; readonly seq: number; readonly at: number; readonly line: string }>('SELECT leaf, seq, toUnixTimestamp64Milli(received_at) AS at, line FROM events WHERE site = {site:String} ORDER BY leaf', { site })) {
    const line = row.leaf === REDACTED ? `{"n":${row.leaf},"text":"as it was"}` : row.line;
    hashes.set(row.leaf, leafHash({ site, stream: 'web', epoch: 1, receivedAtMs: row.at, provenance: 'plugin', derivation: 1, seq: row.seq }, Buffer.from(line)));
  }
  let frontier = EMPTY_FRONTIER;
  for (let leaf = 0; leaf < LEAVES; leaf++) frontier = appendLeaf(frontier, hashes.get(leaf) ?? Buffer.alloc(32));
  return rootOf(frontier);
}

const { policy } = policyOf({ presets: ['gdpr'], keep: { brief: '', standard: '', payment: '', health: '', trail: '' } });

async function states(nowMs = NOW): Promise<readonly PartitionState[]> {
  return partitionStates(await storedPartitions(clients.reader), policy, [], nowMs);
}

async function stateOf(tier: Tier | undefined, month: number, nowMs = NOW): Promise<PartitionState> {
  const found = (await states(nowMs)).find((state) => state.tier === tier && state.month === month);
  if (found === undefined) throw new Error(`nothing is stored of ${tier ?? 'no tier'} ${month}`);
  return found;
}

function depsWith(more: Partial<ExpiryDeps> = {}): ExpiryDeps & { readonly acts: Act[] } {
  const acts: Act[] = [];
  const announced = { verifier: formatVerifier('test.example', checkpointKey.publicKey), fromMs: 0, untilMs: undefined, announcement: undefined };
  return {
    acts, client: clients.retention, holds: async () => [], verify: async () => [], nowMs: () => NOW,
    trail: { write: async (act) => void acts.push(act) },
    keys: {
      checkpointVerifier: async () => announced.verifier, checkpointVerifiers: async () => [announced], expiryVerifier: async () => RETENTION,
      signExpiry: async (expiry) => signExpiry({ ...expiry, deployment: 'test.example', expiredAtMs: NOW }, 'test.example-retention', retentionKey.privateKey),
    },
    ...more,
  };
}

test('a partition expires: its rows are gone from all three tables, the others stand, and the root is the same', async () => {
  const { root, month } = await store('whole', 202401);
  expect(await stateOf('brief', month)).toMatchObject({ state: 'due', rows: LEAVES / 2, sites: ['whole'] });
  const deps = depsWith();
  const expired = await expirePartition(await stateOf('brief', month), deps);
  expect(expired).toMatchObject({ tier: 'brief', month, rows: LEAVES / 2 });
  for (const table of ['events', 'acts', 'accesses']) expect(await rowsOf(`SELECT tier, count() AS n FROM ${table} WHERE site = 'whole' GROUP BY tier`)).toEqual([{ tier: 'standard', n: LEAVES / 2 }]);
  expect(await rootFromStore('whole')).toEqual(root);
  expect(await rowsOf("SELECT sum(length(offsets)) AS n, sum(length(hashes)) AS bytes FROM expired_leaves WHERE site = 'whole'")).toEqual([{ n: LEAVES / 2, bytes: LEAVES * 16 }]);
  expect(deps.acts.map(({ action, outcome, id }) => ({ action, outcome, id }))).toEqual([{ action: 'partition-expired', outcome: 'unknown', id: expired.id }, { action: 'partition-expired', outcome: 'success', id: expired.id }]);
});

test('the word names tier, month, rows, the period as the policy says it, and a digest over every leaf', async () => {
  const [word] = await rowsOf<{ readonly note: string }>("SELECT note FROM expiries WHERE tier = 'brief' AND month = 202401");
  const verifier = parseVerifier(RETENTION);
  const said = verifier === undefined ? undefined : openExpiry(word?.note ?? '', [verifier]);
  expect(said).toMatchObject({ tier: 'brief', month: 202401, rows: LEAVES / 2, policy: '30 days (gdpr: GDPR Art. 5(1)(e); CNIL 2021-122 on logs)', expiredAtMs: NOW });
});

test('matches, alerts and dead letters go only after every row of their month, past the longest period', async () => {
  expect(await stateOf(undefined, 202401, Date.UTC(2040, 0))).toMatchObject({ state: 'kept' });
  await expirePartition(await stateOf('standard', 202401), depsWith());
  expect(await stateOf(undefined, 202401)).toMatchObject({ state: 'kept', dueAtMs: Date.UTC(2030, 1) });
  const untiered = await stateOf(undefined, 202401, Date.UTC(2030, 1));
  expect(await expirePartition(untiered, depsWith())).toMatchObject({ tier: undefined, id: '' });
  expect(await rowsOf('SELECT count() AS n FROM matches WHERE toYYYYMM(received_at) = 202401')).toEqual([{ n: 0 }]);
});

describe('a kill', () => {
  const killed = EXPIRY_STEPS.filter((step) => !/matches|alerts|dead_letters/.test(step));
  test.each(killed.map((step, i) => ({ step, month: 202402 + i })))('before "$step" loses nothing, and a repeat ends in the same', async ({ step, month }) => {
    const site = `killed-${month}`;
    const { root } = await store(site, month);
    const onStep = (at: ExpiryStep): void => {
      if (at === step) throw new Error('killed');
    };
    await expect(expirePartition(await stateOf('brief', month), depsWith({ onStep }))).rejects.toThrow('killed');
    expect(await rootFromStore(site)).toEqual(root);
    const again = await expirePartition(await stateOf('brief', month), depsWith({ nowMs: () => NOW + 86_400_000 }));
    expect(await rootFromStore(site)).toEqual(root);
    expect(await rowsOf('SELECT count() AS n FROM events WHERE site = {site:String} AND tier = {tier:String}', { site, tier: 'brief' })).toEqual([{ n: 0 }]);
    expect(await rowsOf('SELECT id, rows FROM expiries WHERE month = {month:UInt32}', { month })).toEqual([{ id: again.id, rows: LEAVES / 2 }]);
    expect(await rowsOf('SELECT sum(length(offsets)) AS n, uniqExact(tile) = count() AS once FROM expired_leaves WHERE site = {site:String}', { site })).toEqual([{ n: LEAVES / 2, once: 1 }]);
  });

  test('inside the dropping of leaf hashes of several sites goes on with the sites that are missing', async () => {
    const [a, b] = [await store('left', 202501), await store('right', 202501)];
    let inserts = 0;
    const client = new Proxy(clients.retention, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (name !== 'exec' || typeof value !== 'function') return typeof value === 'function' ? value.bind(target) : value;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          if (JSON.stringify(args[0], (key, part: unknown) => (key === 'values' ? undefined : part)).includes('INSERT INTO expired_leaves') && ++inserts === 2) throw new Error('killed');
          return Reflect.apply(value, target, args);
        };
      },
    });
    await expect(expirePartition(await stateOf('brief', 202501), depsWith({ client }))).rejects.toThrow('killed');
    expect(inserts).toBe(2);
    await expirePartition(await stateOf('brief', 202501), depsWith());
    expect([await rootFromStore('left'), await rootFromStore('right')]).toEqual([a.root, b.root]);
  });
});

describe('nothing is dropped', () => {
  const MONTH = 202503;
  let root: Buffer;
  beforeAll(async () => {
    ({ root } = await store('careful', MONTH));
  });
  const unchanged = async (): Promise<void> => expect([await rootFromStore('careful'), await rowsOf("SELECT count() AS n FROM events WHERE site = 'careful'")]).toEqual([root, [{ n: LEAVES }]]);

  test('before the month is past its period, nor of a month that is still going on', async () => {
    expect(await stateOf('brief', MONTH, Date.UTC(2025, 3, 30))).toMatchObject({ state: 'kept' });
    expect(await stateOf('brief', MONTH, Date.UTC(2025, 4, 1))).toMatchObject({ state: 'due' });
    await expect(expirePartition(await stateOf('brief', MONTH, Date.UTC(2025, 3, 30)), depsWith())).rejects.toMatchObject({ code: 'TQ-STORAGE-42' });
  });

  test('while the stored rows do not verify', async () => {
    await expect(expirePartition(await stateOf('brief', MONTH), depsWith({ verify: async () => ['a row of leaf 1 to 7 was changed'] }))).rejects.toMatchObject({ code: 'TQ-STORAGE-43' });
    await unchanged();
  });

  test('when the keys role signs another word than was asked for', async () => {
    const { keys } = depsWith();
    const signExpiryWrong: ExpiryDeps['keys']['signExpiry'] = (expiry) => keys.signExpiry({ ...expiry, rows: expiry.rows + 1 });
    await expect(expirePartition(await stateOf('brief', MONTH), depsWith({ keys: { ...keys, signExpiry: signExpiryWrong } }))).rejects.toMatchObject({ code: 'TQ-STORAGE-46' });
    await unchanged();
  });

  test('when a hold comes while it runs, and the hold names the site', async () => {
    const log = openMemoryLog(createLogDisk(1));
    const deps = depsWith({ holds: () => readHolds(log.registry), verify: async () => (await addHold(log.registry, { site: 'careful', tier: undefined, fromMs: undefined, toMs: undefined, reason: 'case 7', by: 'ada', atMs: NOW }), []) });
    await expect(expirePartition(await stateOf('brief', MONTH), deps)).rejects.toMatchObject({ code: 'TQ-STORAGE-41' });
    await unchanged();
  });

  test('of rows that no signed checkpoint vouches for yet', async () => {
    await store('fresh', 202504, LEAVES - 10);
    await expect(expirePartition(await stateOf('standard', 202504), depsWith())).rejects.toMatchObject({ code: 'TQ-STORAGE-44' });
    expect(await rowsOf("SELECT count() AS n FROM events WHERE site = 'fresh'")).toEqual([{ n: LEAVES }]);
  });
});
