import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkpointText, signNote } from '../contracts/checkpoint.ts';
import { registerSite, untilStored } from '../loadtest/pipeline.ts';
import { openReader, rowsOf } from '../loadtest/store-reader.ts';
import { Throwaway } from '../loadtest/throwaway.ts';
import { tourniquet } from './command-fixture.ts';
import type { Finished } from './command-fixture.ts';
import type { Instance } from './instance.ts';
import { verifyStore } from './verify-store.ts';

const LINES = 40;
let place: Throwaway;
let instance: Instance;
let reader: ClickHouseClient;

beforeAll(async () => {
  place = new Throwaway('');
  instance = await place.open();
  await Promise.race([instance.start(), instance.failed]);
  await registerSite(place.home, 'shop');
  reader = await openReader(place.home);
  const lines = Array.from({ length: LINES }, (_, i) => JSON.stringify({
    '@timestamp': '2026-11-20T10:00:00.000Z', event: { kind: 'event', category: ['data_access'], action: 'order-viewed', outcome: 'success' }, user: { name: 'anna', roles: ['shop_manager'] }, source: { ip: '192.0.2.7' },
    subjects: [{ type: 'customer', token: 'abcdefghijklmnopabcdefgh', jurisdiction: 'DE' }], message: `mail of person${i}@example.com seen`,
  }));
  const file = path.join(place.home.root, 'audit.ndjson');
  writeFileSync(file, `${lines.join('\n')}\n`);
  await tourniquet(place.home.root, ['send', file, '--site', 'shop', '--stream', 'audit', '--json']);
  await untilStored(reader, LINES);
});
afterAll(async () => {
  await reader?.close();
  await instance?.[Symbol.asyncDispose]();
  place?.[Symbol.dispose]();
});

const verify = (...args: readonly string[]): Promise<Finished> => tourniquet(place.home.root, ['verify', ...args]);
const eventsOf = ({ out }: Finished): readonly Record<string, unknown>[] => out.trim().split('\n').map((line) => JSON.parse(line));

test('what the real pipeline stored holds to the last column, and its raw blocks still give the heads that were signed', async () => {
  await expect.poll(async () => (await verifyStore(place.home, undefined, { site: 'shop' })).events).toBe(LINES);
  const found = await verify('--deep', '--json');
  const events = eventsOf(found);
  expect([found.code, events.filter(({ type }) => type === 'problem' || type === 'finding')]).toEqual([0, []]);
  expect(events).toContainEqual(expect.objectContaining({ type: 'site', site: 'shop', ok: true, leaves: LINES, attested: LINES }));
});

test('checkpoints that were kept are held against the store; of a key that nobody announced, none is', async () => {
  const rows = await rowsOf<{ readonly note: string }>(reader, 'SELECT note FROM tourniquet.checkpoints');
  const file = path.join(place.home.root, 'kept.txt');
  writeFileSync(file, rows.map(({ note }) => note).join('\n'));
  expect(await verify('--against', file)).toMatchObject({ code: 0, out: expect.stringContaining('Everything holds') });
  writeFileSync(file, signNote(checkpointText({ origin: 'other.example/shop', size: 1, root: Buffer.alloc(32), extensions: [] }), 'other.example', generateKeyPairSync('ed25519').privateKey));
  expect(await verify('--against', file)).toMatchObject({ code: 2, err: expect.stringContaining('other.example+') });
});

test.each([
  [['--from', 'yesterday'], '--from must be a time'],
  [['--site', 'shpo'], 'no event of a site "shpo" is stored or signed'],
  [['--from', '2026-11-02', '--to', '2026-11-01'], 'before'],
  [['--against', '/nowhere/kept.txt'], 'cannot be read'],
])('verify %j is refused', async (args, message) => {
  expect(await verify(...args)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
});

test('a window and one site are verified alone', async () => {
  expect(await verify('--site', 'shop', '--from', '2020-01-01')).toMatchObject({ code: 0, out: expect.stringMatching(/ok +shop {2}40 events/) });
});
