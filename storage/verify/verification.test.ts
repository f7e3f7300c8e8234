import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifiersAt } from '../../contracts/announced-key.ts';
import { formatVerifier } from '../../contracts/checkpoint.ts';
import type { AnnouncedKey } from '../../contracts/keys.ts';
import { CHECKPOINT_KEYS, checkpointNote, EXPIRY_VERIFIERS, fillBase, openStore, RAW } from '../tamper/base-store.ts';
import type { BaseStore, OpenStore } from '../tamper/base-store.ts';
import { TOY_DERIVATIONS } from '../tamper/toy-trail.ts';
import { keptCheckpoints } from './kept-checkpoints.ts';
import type { RawBlocks } from './raw-blocks.ts';
import { verifyAll, verifySite } from './verification.ts';
import type { VerificationEvent, VerificationOptions } from './verification.ts';

/** One store for all tests: none changes what another one reads. */
let root: string;
let store: OpenStore;
let base: BaseStore;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tourniquet-verify-'));
  store = await openStore(root);
  base = await fillBase(store);
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await rm(root, { recursive: true, force: true });
});

const options = (): VerificationOptions => ({ client: store.reader, checkpointKeys: CHECKPOINT_KEYS, expiryVerifiers: EXPIRY_VERIFIERS });
const problemsOf = (events: readonly VerificationEvent[]): readonly VerificationEvent[] => events.filter((e) => e.type === 'problem');
const shop = (change: Partial<VerificationOptions> = {}): Promise<readonly VerificationEvent[]> => Array.fromAsync(verifySite('shop', { ...options(), ...change }));

test('what was stored, committed and signed holds, whatever the size of a query and however many run side by side', async () => {
  for (const [leavesPerQuery, lanes] of [[131_072, 2], [512, 3], [256, 1]] as const) {
    const events = await Array.fromAsync(verifyAll({ ...options(), leavesPerQuery, lanes }));
    expect(problemsOf(events)).toEqual([]);
    expect(events.filter((e) => e.type === 'site').map(({ site, ok, leaves, attested }) => [site, ok, leaves, attested])).toEqual([['_deployment', true, 8, 8], ['clinic', true, 775, 775], ['shop', true, 1512, 1512]]);
  }
});

test('what is no tampering is told, too: gaps, expired rows, blocks that are gone', async () => {
  const events = await Array.fromAsync(verifyAll({ ...options(), derivations: TOY_DERIVATIONS, deep: true }));
  expect(events.filter((e) => e.type === 'finding').map(({ kind, site, count }) => [kind, site, count])).toEqual([['expired', 'clinic', 298], ['gap', 'shop', 20], ['attested-at-ingest', 'shop', 8]]);
  expect(events.find((e) => e.type === 'finding')?.message).toMatch(/tier brief, received in 203001, expired by policy "30 days", signed by toy\.example-retention/);
});

test('progress ends at the number of leaves', async () => {
  expect((await shop({ leavesPerQuery: 512 })).filter((e) => e.type === 'progress').map((e) => e.leaves)).toEqual([512, 1024, 1512]);
});

test('a checkpoint counts when any announced key signed it, in its time', async () => {
  const [first] = CHECKPOINT_KEYS;
  const second: AnnouncedKey = { verifier: formatVerifier('toy.example', generateKeyPairSync('ed25519').publicKey), fromMs: Date.UTC(2030, 5), untilMs: undefined, announcement: undefined };
  expect(problemsOf(await shop({ checkpointKeys: [{ ...first, verifier: first?.verifier ?? '', fromMs: 0, untilMs: Date.UTC(2030, 5), announcement: undefined }, second] }))).toEqual([]);
  const tooLate = await shop({ checkpointKeys: [{ verifier: first?.verifier ?? '', fromMs: Date.UTC(2031, 0), untilMs: undefined, announcement: undefined }] });
  expect(tooLate.filter((e) => e.type === 'problem').map(({ kind }) => kind)).toEqual(['forged-checkpoint']);
});

test('keys that are none are refused before anything is read', async () => {
  await expect(shop({ checkpointKeys: [{ verifier: 'name+00000000+AAAA', fromMs: 0, untilMs: undefined, announcement: undefined }] })).rejects.toMatchObject({ code: 'TQ-STORAGE-08' });
});

describe('a window of receipt', () => {
  const window = { fromMs: Date.UTC(2030, 1, 20, 9, 2), toMs: Date.UTC(2030, 1, 20, 9, 4) };

  test('reads its own rows, takes the others from nodes and still reaches the newest checkpoint', async () => {
    const events = await shop({ window, leavesPerQuery: 256 });
    expect(problemsOf(events)).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: 'site', leaves: 1512, attested: 1512, fromNodes: 768 });
  });

  test('sees a change within it, and none outside of it', async () => {
    const other = await openChanged(700);
    const inside = await Array.fromAsync(verifySite('shop', { ...options(), window }));
    await other();
    const outside = await openChanged(1100);
    const unseen = await Array.fromAsync(verifySite('shop', { ...options(), window }));
    await outside();
    expect([inside.filter((e) => e.type === 'problem').map(({ kind }) => kind), problemsOf(unseen)]).toEqual([['changed-row'], []]);
  });

  test('sees that its rows are gone, all of them or the last', async () => {
    for (const since of ['09:02:00', '09:03:00']) {
      const taken = `site = 'shop' AND received_at >= '2030-02-20 ${since}' AND received_at < '2030-02-20 09:04:00'`;
      await store.engine.command(`CREATE TABLE taken ENGINE = MergeTree ORDER BY leaf AS SELECT * FROM events WHERE ${taken}`);
      await store.engine.command(`ALTER TABLE events DELETE WHERE ${taken} SETTINGS mutations_sync = 2`);
      const events = await shop({ window });
      await store.engine.command('INSERT INTO events SELECT * FROM taken');
      await store.engine.command('DROP TABLE taken');
      expect([since, events.filter((e) => e.type === 'problem').map(({ kind }) => kind)]).toEqual([since, ['missing-row']]);
    }
    expect(problemsOf(await shop({ window }))).toEqual([]);
  });

  test('is no longer for a row that names a leaf out of nowhere, and tells it', async () => {
    const row = { site: 'shop', leaf: 2 ** 44, seq: 1, stream: 'audit', epoch: 1, received_at: '2030-02-20 09:03:00.000', timestamp: '2030-02-20 09:03:00.000', provenance: 'plugin', derivation: 1, tier: 'standard', partition: 0, position: 5, line: '{}' };
    for (const minute of [3, 50]) {
      const at = `2030-02-20 09:${String(minute).padStart(2, '0')}:00.000`;
      await store.engine.command(`INSERT INTO events FORMAT JSONEachRow ${JSON.stringify({ ...row, received_at: at })}`);
      const events = await shop({ window: { fromMs: Date.UTC(2030, 1, 20, 9, minute), toMs: Date.UTC(2030, 1, 20, 9, minute + 1) } });
      await store.engine.command(`ALTER TABLE events DELETE WHERE leaf = ${row.leaf} SETTINGS mutations_sync = 2`);
      expect([minute, events.filter((e) => e.type === 'problem').map(({ kind }) => kind)]).toEqual([minute, ['inserted-row']]);
    }
  });
});

/** Changes a line behind the product's back; returns how to undo it. */
async function openChanged(leaf: number): Promise<() => Promise<unknown>> {
  const change = (to: string): Promise<string> => store.engine.command(`ALTER TABLE events UPDATE line = ${to} WHERE site = 'shop' AND leaf = ${leaf} SETTINGS mutations_sync = 2`);
  await change("concat(line, ' ')");
  return () => change('trimRight(line)');
}

describe('checkpoints that were kept', () => {
  const kept = (...notes: readonly string[]): Pick<VerificationOptions, 'kept'> => ({ kept: keptCheckpoints(notes.join(''), verifiersAt(CHECKPOINT_KEYS)) });

  test('are beginnings of the present tree', async () => {
    const events = await Array.fromAsync(verifyAll({ ...options(), ...kept(...base.notes) }));
    expect(problemsOf(events)).toEqual([]);
  });

  test.each([['forked', 700], ['rolled-back', 1600]])('tell a history that is %s', async (kind, size) => {
    const [problem] = problemsOf(await shop(kept(...base.notes, checkpointNote('shop', size, Buffer.alloc(32, 1)))));
    expect(problem).toMatchObject({ kind, site: 'shop' });
  });

  test('of a site that the store does not know tell that it is gone', async () => {
    const events = await Array.fromAsync(verifyAll({ ...options(), ...kept(checkpointNote('bakery', 3, Buffer.alloc(32, 1))) }));
    expect(problemsOf(events)).toMatchObject([{ kind: 'rolled-back', site: 'bakery' }]);
  });
});

describe('raw blocks', () => {
  const rawBlocks = (firstKept: number, change: (body: Buffer) => Buffer = (body) => body): RawBlocks => ({
    firstKept: async () => firstKept,
    async open(_partition, position) {
      const block = RAW.get(position);
      return block === undefined ? undefined : { head: block.head, body: change(block.body) };
    },
  });

  test('that the event log still holds give the heads that were signed', async () => {
    const events = await shop({ rawBlocks: rawBlocks(0) });
    expect([problemsOf(events), events.filter((e) => e.type === 'finding' && e.kind === 'attested-at-ingest')]).toEqual([[], []]);
  });

  test('are attested at ingest once they are gone', async () => {
    expect((await shop({ rawBlocks: rawBlocks(13) })).find((e) => e.type === 'finding' && e.kind === 'attested-at-ingest')).toMatchObject({ count: 4 });
  });

  test('that hold another line are found', async () => {
    const changed = rawBlocks(13, (body) => Buffer.from(body.toString().replace('"n":', '"m":')));
    expect(problemsOf(await shop({ rawBlocks: changed }))).toMatchObject([{ kind: 'chain-broken', table: 'blocks', fromLeaf: 756 }]);
  });
});

test('rows of a group that is being stored are no tampering', async () => {
  const time = '2030-02-20 09:20:00.000';
  const row = { site: 'shop', stream: 'audit', epoch: 1, received_at: time, timestamp: time, provenance: 'plugin', derivation: 1, tier: 'standard', partition: 0, position: 900, line: '{}' };
  await store.engine.command(`INSERT INTO events FORMAT JSONEachRow ${[1512, 1514].map((leaf) => JSON.stringify({ ...row, leaf, seq: leaf })).join(' ')}`);
  await store.engine.command(`INSERT INTO matches FORMAT JSONEachRow ${JSON.stringify({ site: 'shop', leaf: 1515, received_at: time, timestamp: time, partition: 0, position: 900 })}`);
  const events = await shop();
  expect(problemsOf(events)).toEqual([]);
  expect(events.at(-1)).toMatchObject({ ok: true, leaves: 1513, attested: 1512 });
});
