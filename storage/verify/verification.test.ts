import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkpointText, formatVerifier, signNote } from '../../contracts/checkpoint.ts';
import { leafHash } from '../../contracts/leaf.ts';
import { appendLeaf, EMPTY_FRONTIER, rootOf } from '../../contracts/merkle.ts';
import { signRedaction } from '../../contracts/redaction.ts';
import type { Redaction } from '../../contracts/redaction.ts';
import { defaultStorageConfig } from '../config.ts';
import { createGroupStore } from '../client/group-store.ts';
import { DataDirectory } from '../engine/data-directory.ts';
import { Engine } from '../engine/engine.ts';
import { createHttpServer } from '../engine/http-server.ts';
import type { AddressInfo } from 'node:net';
import { redactRow } from '../redact/redact-row.ts';
import { verifyAll, verifySite } from './verification.ts';
import type { Problem, VerificationEvent } from './verification.ts';

const RECEIVED = Date.UTC(2026, 10, 20, 10);
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const VKEY = formatVerifier('test.example', publicKey);

let root: string;
let directory: DataDirectory;
let engine: Engine;
let server: ReturnType<typeof createHttpServer>;
let url: string;
let client: ClickHouseClient;

/** The role's parts by hand, so that a test can reach the engine behind the role's back. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tourniquet-verify-'));
  directory = await DataDirectory.hold(root);
  engine = await Engine.open(directory, defaultStorageConfig());
  server = createHttpServer({ engine, spoolDirectory: directory.spool, maxBodyBytes: 1 << 28, credentials: [{ user: 'writer', password: 'w' }, { user: 'reader', password: 'r' }, { user: 'redactor', password: 'x' }] });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is an AddressInfo.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = createClient({ url, username: 'reader', password: 'r' });
});
afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await engine.close();
  await directory[Symbol.asyncDispose]();
  await rm(root, { recursive: true, force: true });
});

function lineOf(leaf: number): string {
  return `{"n":${leaf},"text":"caf\u00e9 \\u0000 \u27e6pii.email:${'a'.repeat(24)}\u27e7"}`;
}

/** Stores `leaves` rows in groups and signs a checkpoint after each of `sizes`. */
async function store(site: string, leaves: number, sizes: readonly number[], key = privateKey): Promise<void> {
  await using writer = createGroupStore({ url, user: 'writer', password: 'w' });
  const rows: string[] = [];
  let frontier = EMPTY_FRONTIER;
  for (let leaf = 0; leaf < leaves; leaf++) {
    const line = lineOf(leaf);
    rows.push(JSON.stringify({ site, leaf, stream: 'web', epoch: 1, seq: leaf, received_at: new Date(RECEIVED).toISOString(), provenance: 'plugin', derivation: 1, tier: 'standard', position: leaf, line }));
    frontier = appendLeaf(frontier, leafHash({ site, stream: 'web', epoch: 1, receivedAtMs: RECEIVED, provenance: 'plugin', derivation: 1, seq: leaf }, Buffer.from(line)));
    if (!sizes.includes(leaf + 1)) continue;
    const size = leaf + 1;
    const note = signNote(checkpointText({ origin: `test.example/${site}`, size, root: rootOf(frontier), extensions: [] }), 'test.example', key);
    await writer.recordCheckpoint({ site, size, root: rootOf(frontier), signedAtMs: RECEIVED, note });
  }
  await writer.insert(`rows/${site}`, { table: 'events', tier: 'standard', rows: leaves, format: 'JSONEachRow', data: Buffer.from(rows.join('\n')) }, { kind: 'uncommitted', range: { partition: 0, first: 0, last: leaves } });
}

async function verified(leavesPerQuery = 500_000): Promise<readonly VerificationEvent[]> {
  return Array.fromAsync(verifyAll({ client, checkpointVerifier: VKEY, leavesPerQuery }));
}

async function problems(): Promise<readonly Pick<Problem, 'kind' | 'site' | 'fromLeaf' | 'toLeaf'>[]> {
  return (await verified()).filter((e) => e.type === 'problem').map(({ kind, site, fromLeaf, toLeaf }) => ({ kind, site, fromLeaf, toLeaf }));
}

async function tamper(sql: string): Promise<void> {
  await engine.command(`${sql} SETTINGS mutations_sync = 2`);
}

test('what was stored and signed verifies, whatever the size of a query', async () => {
  await store('shop', 300, [1, 7, 256, 299]);
  await store('clinic', 3, [3]);
  for (const leavesPerQuery of [500_000, 100, 1]) {
    const events = await verified(leavesPerQuery);
    expect(events.filter((e) => e.type === 'site')).toMatchObject([
      { site: 'clinic', ok: true, leaves: 3, attested: 3, checkpoints: 1 },
      { site: 'shop', ok: true, leaves: 300, attested: 299, checkpoints: 4 },
    ]);
    expect(events.filter((e) => e.type === 'problem')).toEqual([]);
  }
});

test('progress ends at the number of leaves', async () => {
  await store('shop', 250, [250]);
  const events = await Array.fromAsync(verifySite('shop', { client, checkpointVerifier: VKEY, leavesPerQuery: 100 }));
  expect(events.filter((e) => e.type === 'progress').map((e) => e.leaves)).toEqual([100, 200, 250]);
});

test.each([
  ['line', "line = concat(line, ' ')"],
  ['time of receipt', 'received_at = addMilliseconds(received_at, 1)'],
  ['sequence', 'seq = seq + 1'],
  ['stream', "stream = 'mail'"],
  ['provenance', "provenance = 'gateway'"],
  ['derivation', 'derivation = 2'],
])('a changed %s is found between the checkpoints around it', async (_what, change) => {
  await store('shop', 60, [20, 40, 60]);
  // Columns of the partition key cannot be updated: such a row is written again.
  if (change.startsWith('received_at')) {
    await engine.command(`INSERT INTO events SELECT * REPLACE (addMilliseconds(received_at, 1) AS received_at) FROM events WHERE leaf = 30`);
    await tamper(`ALTER TABLE events DELETE WHERE leaf = 30 AND received_at = toDateTime64('2026-11-20 10:00:00.000', 3, 'UTC')`);
  } else await tamper(`ALTER TABLE events UPDATE ${change} WHERE leaf = 30`);
  expect(await problems()).toEqual([{ kind: 'changed-row', site: 'shop', fromLeaf: 20, toLeaf: 39 }]);
});

test('rows that come between reading the roots and the rows are not missed', async () => {
  await store('shop', 60, [60]);
  await engine.command('CREATE TABLE late AS events');
  await engine.command('INSERT INTO late SELECT * FROM events WHERE leaf >= 50');
  await tamper('ALTER TABLE events DELETE WHERE leaf >= 50');
  const level = async (): Promise<void> => void (await engine.command('INSERT INTO events SELECT * FROM late'));
  const events = await Array.fromAsync(verifySite('shop', { client, checkpointVerifier: VKEY, level }));
  expect(events.filter((e) => e.type !== 'progress')).toMatchObject([{ type: 'site', ok: true, leaves: 60 }]);
});

test('a deleted row is named', async () => {
  await store('shop', 60, [20, 60]);
  await tamper('ALTER TABLE events DELETE WHERE leaf = 33');
  expect(await problems()).toEqual([{ kind: 'missing-row', site: 'shop', fromLeaf: 33, toLeaf: 33 }]);
});

test('rows cut off the end are missed when a checkpoint vouches for them', async () => {
  await store('shop', 60, [60]);
  await tamper('ALTER TABLE events DELETE WHERE leaf >= 50');
  expect(await problems()).toEqual([{ kind: 'missing-row', site: 'shop', fromLeaf: 50, toLeaf: 50 }]);
});

test('a site of which only the checkpoints are left is missed', async () => {
  await store('shop', 10, [10]);
  await tamper('ALTER TABLE events DELETE WHERE 1');
  expect(await problems()).toEqual([{ kind: 'missing-row', site: 'shop', fromLeaf: 0, toLeaf: 0 }]);
});

test('a doubled row is named', async () => {
  await store('shop', 60, [60]);
  await engine.command('INSERT INTO events SELECT * FROM events WHERE leaf = 41');
  expect(await problems()).toEqual([{ kind: 'double-row', site: 'shop', fromLeaf: 41, toLeaf: 41 }]);
});

test('two rows that changed places are found', async () => {
  await store('shop', 60, [20, 60]);
  await engine.command("INSERT INTO events SELECT * REPLACE (transform(leaf, [30, 31], [31, 30], leaf)::UInt64 AS leaf, 'swapped' AS action) FROM events WHERE leaf IN (30, 31)");
  await tamper("ALTER TABLE events DELETE WHERE leaf IN (30, 31) AND action != 'swapped'");
  expect(await problems()).toEqual([{ kind: 'changed-row', site: 'shop', fromLeaf: 20, toLeaf: 59 }]);
});

test('a checkpoint whose row was changed, or that another key signed, is forged', async () => {
  await store('shop', 10, [5, 10]);
  await tamper("ALTER TABLE checkpoints UPDATE root = base64Encode(repeat('x', 32)) WHERE size = 5");
  await store('clinic', 4, [4], generateKeyPairSync('ed25519').privateKey);
  expect(await problems()).toEqual([
    { kind: 'forged-checkpoint', site: 'clinic', fromLeaf: 0, toLeaf: 3 },
    { kind: 'forged-checkpoint', site: 'shop', fromLeaf: 0, toLeaf: 4 },
  ]);
});

test("another site's signed checkpoint does not vouch for this one", async () => {
  await store('shop', 4, [4]);
  await engine.command("INSERT INTO checkpoints SELECT * REPLACE ('clinic' AS site) FROM checkpoints");
  expect((await problems())[0]).toMatchObject({ kind: 'forged-checkpoint', site: 'clinic' });
});

test('a changed row that was committed in a group of its own is named exactly', async () => {
  await store('shop', 12, [12]);
  let frontier = EMPTY_FRONTIER;
  await using writer = createGroupStore({ url, user: 'writer', password: 'w' });
  for (let leaf = 0; leaf < 12; leaf++) {
    frontier = appendLeaf(frontier, leafHash({ site: 'shop', stream: 'web', epoch: 1, receivedAtMs: RECEIVED, provenance: 'plugin', derivation: 1, seq: leaf }, Buffer.from(lineOf(leaf))));
    const tree = `${frontier.size}:${Buffer.concat(frontier.hashes).toString('base64')}`;
    await writer.recordCommit({ type: 'commit', partition: 0, first: leaf, last: leaf, committed_at: RECEIVED, versions: { derivation: 1, rules: 'p' }, received_from: RECEIVED, received_to: RECEIVED, rows: {}, duplicates: 0, sites: { shop: { tree, streams: {}, root: rootOf(frontier).toString('base64') } } });
  }
  await tamper("ALTER TABLE events UPDATE line = '{}' WHERE leaf = 8");
  expect(await problems()).toEqual([{ kind: 'changed-row', site: 'shop', fromLeaf: 8, toLeaf: 8 }]);
});

describe('a redacted line', () => {
  const NEW_LINE = '{"n":30,"text":"it\'s \\\\ \u27e6redacted\u27e7"}';
  const envelope = { site: 'shop', stream: 'web', epoch: 1, receivedAtMs: RECEIVED, provenance: 'plugin', derivation: 1, seq: 30 } as const;

  async function redact(line: string, change: Partial<Redaction> = {}, key = privateKey): Promise<void> {
    const redaction: Redaction = { origin: 'test.example/shop', leaf: 30, leafHash: leafHash(envelope, Buffer.from(lineOf(30))), redactedHash: leafHash(envelope, Buffer.from(line)), redactedAtMs: RECEIVED, ...change };
    const redactor = createClient({ url, username: 'redactor', password: 'x' });
    try {
      await redactRow(redactor, 'storage-role', { site: 'shop', leaf: 30, note: signRedaction(redaction, 'test.example', key), redactedAtMs: RECEIVED, line, columns: { user_name: '' } });
    } finally {
      await redactor.close();
    }
  }

  test('keeps its leaf, and is counted', async () => {
    await store('shop', 60, [20, 40, 60]);
    await redact(NEW_LINE);
    expect((await engine.command('SELECT line FROM events WHERE leaf = 30')).trim()).toBe(NEW_LINE);
    expect((await verified()).filter((e) => e.type !== 'progress')).toMatchObject([{ type: 'site', ok: true, redacted: 1 }]);
  });

  test('is found when it is changed again', async () => {
    await store('shop', 60, [20, 40, 60]);
    await redact(NEW_LINE);
    await tamper("ALTER TABLE events UPDATE line = concat(line, ' ') WHERE leaf = 30");
    expect(await problems()).toEqual([{ kind: 'changed-row', site: 'shop', fromLeaf: 20, toLeaf: 39 }]);
  });

  test.each([
    ['another key signed', {}, generateKeyPairSync('ed25519').privateKey],
    ['is of another site', { origin: 'test.example/clinic' }, privateKey],
    ['is of another leaf', { leaf: 31 }, privateKey],
  ])('is no excuse when its word %s', async (_what, change, key) => {
    await store('shop', 60, [20, 40, 60]);
    await redact(NEW_LINE, change, key);
    expect((await problems()).map(({ kind }) => kind)).toEqual(['forged-redaction', 'changed-row']);
  });

  test('holds between its word and its change, and leaves no text of before in the directory', async () => {
    await store('shop', 60, [20, 40, 60]);
    await redact(lineOf(30));
    expect(await problems()).toEqual([]);
    await redact(NEW_LINE);
    expect(await problems()).toEqual([]);
    expect((await readdir(root, { recursive: true })).filter((name) => name.includes('mutation_'))).toEqual([]);
  });
});

test('a key that is none is refused before anything is read', async () => {
  await expect(Array.fromAsync(verifySite('shop', { client, checkpointVerifier: 'name+00000000+AAAA' }))).rejects.toMatchObject({ code: 'TQ-STORAGE-08' });
});
