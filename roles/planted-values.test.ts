import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TABLES } from '../contracts/tables.ts';
import { seededRandom } from '../contracts/seeded-random.ts';
import { createKeysClient } from '../keys/client.ts';
import type { KeysClient } from '../keys/client.ts';
import { bytesOnDisk } from '../loadtest/bytes-on-disk.ts';
import { registerSite, untilStored } from '../loadtest/pipeline.ts';
import { openReader, rowsOf } from '../loadtest/store-reader.ts';
import { Throwaway } from '../loadtest/throwaway.ts';
import { startWebhookReceiver } from '../loadtest/webhook-receiver.ts';
import type { WebhookReceiver } from '../loadtest/webhook-receiver.ts';
import { tourniquet as runCommand } from './command-fixture.ts';
import type { Finished } from './command-fixture.ts';
import type { Instance } from './instance.ts';
import { eventHolding, plantedFinder, plantedValues } from './planted-values.ts';
import { readRunFile } from './run-file.ts';
import { readSecretFile } from './secret-files.ts';
import { verifyStore } from './verify-store.ts';

const SEED = Number(process.env['SEED'] ?? 20261121);
const VALUES = 10_000;
const LINES_A_POST = 500;
const SITE = 'clinic';

const random = seededRandom(SEED);
const values = plantedValues(random, VALUES);
const events = values.map((value) => eventHolding(value, random));
const planted = plantedFinder(values);

let place: Throwaway;
let instance: Instance;
let receiver: WebhookReceiver;
let reader: ClickHouseClient;
let compliance: KeysClient;
const bodies: string[] = [];
const roleLines: string[] = [];

const tourniquet = (args: readonly string[], input = ''): Promise<Finished> => runCommand(place.home.root, args, input);

beforeAll(async () => {
  receiver = await startWebhookReceiver(({ body }) => bodies.push(body.toString()));
  place = new Throwaway(`respond:\n  notify_every_alert: true\n  webhooks:\n    url: ${receiver.url}\n    allow_private_addresses: true\n`);
  instance = await place.open({ line: (_role, line) => roleLines.push(line) });
  const gateway = (await Promise.race([instance.start(), instance.failed])).get('gateway') ?? '';
  const { ingestKey } = await registerSite(place.home, SITE);
  reader = await openReader(place.home);
  compliance = createKeysClient({ url: readRunFile(place.home, 'keys')?.url ?? '', role: 'compliance', secret: readSecretFile(place.home, 'keys-compliance') });
  for (let at = 0; at < VALUES; at += LINES_A_POST) {
    const body = events.slice(at, at + LINES_A_POST).map((line) => `${line}\n`).join('');
    const answer = await fetch(`${gateway}/v1/events?stream=planted&format=ndjson`, { method: 'POST', headers: { authorization: `Bearer ${ingestKey}` }, body });
    if (answer.status !== 200) throw new Error(`the gateway said ${answer.status}: ${await answer.text()}`);
  }
  await untilStored(reader, VALUES);
});

afterAll(async () => {
  await reader?.close();
  await instance?.[Symbol.asyncDispose]();
  await receiver?.close();
  place?.[Symbol.dispose]();
});

/** Rows, once there are some. */
async function untilSome<T>(query: string): Promise<readonly T[]> {
  let rows: readonly T[] = [];
  await expect.poll(async () => (rows = await rowsOf<T>(reader, query)).length).toBeGreaterThan(0);
  return rows;
}

/** The first mask of a class in the stored lines, with the number of its event among the planted. */
async function someMask(dataClass: string): Promise<{ readonly token: string; readonly leaf: number }> {
  const [row] = await rowsOf<{ token: string; leaf: number }>(reader, "SELECT extract(line, concat({mask:String}, ':([a-p]{24})')) AS token, leaf FROM tourniquet.events WHERE site = {site:String} AND position(line, {mask:String}) > 0 ORDER BY leaf LIMIT 1", { site: SITE, mask: `\u27e6${dataClass}` });
  if (row === undefined) throw new Error(`no ${dataClass} is stored`);
  return row;
}

describe(`of 10,000 personal and secret values sent through the pipeline, seed ${SEED}`, () => {
  test('the finder knows each of them in the events as they were sent', () => {
    const plain = events.flatMap((line) => planted(JSON.stringify(JSON.parse(line)).replaceAll(/%(?:25)?20/g, ' ')));
    expect(new Set(plain).size).toBeGreaterThan(VALUES * 0.8);
  });

  test('none is in any table', async () => {
    for (const table of Object.keys(TABLES)) {
      const answer = await reader.query({ query: `SELECT * FROM tourniquet.${table}`, format: 'JSONEachRow' });
      expect(planted(await answer.text()).slice(0, 5), table).toEqual([]);
    }
  });

  test('none is in any byte on disk, in a webhook, or in what the roles said', async () => {
    let files = 0;
    for (const { file, bytes } of bytesOnDisk(place.home.root)) {
      expect(planted(bytes.toString('latin1')).slice(0, 5), file).toEqual([]);
      files += 1;
    }
    expect(files).toBeGreaterThan(50);
    await expect.poll(() => bodies.length).toBeGreaterThan(0);
    expect(planted(bodies.join('\n')).slice(0, 5)).toEqual([]);
    expect(planted(roleLines.join('\n')).slice(0, 5)).toEqual([]);
  });
});

describe('what stands behind a token', () => {
  test('is revealed to compliance alone, with a reason, and the look is on the trail', async () => {
    const { token, leaf } = await someMask('pii.email');
    const shown = await tourniquet(['reveal', `\u27e6pii.email:${token}\u27e7`, '--site', SITE, '--reason', 'case 7']);
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(values[leaf]?.text).toBe(shown.out.trim());
    const acts = await untilSome<{ line: string }>("SELECT line FROM tourniquet.events WHERE site = '_system' AND action = 'token-revealed'");
    expect(acts.map(({ line }): unknown => JSON.parse(line))).toMatchObject([{ event: { outcome: 'success', reason: 'case 7' }, tourniquet: { target: { kind: 'token', name: token, site: SITE } } }]);
    const worker = createKeysClient({ url: readRunFile(place.home, 'keys')?.url ?? '', role: 'worker', secret: readSecretFile(place.home, 'keys-worker') });
    await expect(worker.reveal(SITE, token, 'curious')).rejects.toMatchObject({ code: 'TQ-KEYS-02' });
  });

  test('of a card or a secret is kept by nobody', async () => {
    for (const dataClass of ['pci.pan', 'secret.api_key']) {
      const { token } = await someMask(dataClass);
      expect(await tourniquet(['reveal', token, '--site', SITE, '--reason', 'case 7'])).toMatchObject({ code: 1, out: '', err: expect.stringContaining('not kept in the vault') });
    }
  });

  test('is gone once its key was erased', async () => {
    const { token } = await someMask('fin.iban');
    expect((await tourniquet(['reveal', token, '--site', SITE, '--reason', 'case 8'])).code).toBe(0);
    expect(await compliance.erase(SITE, token, 'asked to be forgotten')).toBe(1);
    expect((await tourniquet(['reveal', token, '--site', SITE, '--reason', 'case 8'])).code).toBe(1);
  });

  test.each([
    [['reveal', 'nonsense', '--site', SITE, '--reason', 'x'], 2, /24 letters a to p/],
    [['reveal', 'a'.repeat(24), '--site', 'nowhere', '--reason', 'x'], 2, /there is no site "nowhere"/],
    [['reveal', 'a'.repeat(24), '--site', SITE], 2, /--reason/],
    [['redact', 'clinic', '--field', 'x', '--reason', 'x'], 2, /SITE\/LEAF/],
    [['redact', `${SITE}/999999`, '--field', 'x', '--reason', 'x'], 2, /there is no event/],
    [['redact', `${SITE}/1`, '--reason', 'x'], 2, /--field NAME/],
    [['redact', `${SITE}/1`, '--field', 'not.there', '--reason', 'x'], 1, /Nothing to redact/],
  ] as const)('%j says what is wrong', async (args, code, says) => {
    const finished = await tourniquet(args);
    expect(finished.code).toBe(code);
    expect(finished.err).toMatch(says);
  });
});

test('a redacted event keeps its leaf, its columns and its deed follow, and the trail verifies', async () => {
  const [row] = await rowsOf<{ leaf: number }>(reader, "SELECT leaf FROM tourniquet.events WHERE site = {site:String} AND path = '/checkout/' ORDER BY leaf LIMIT 1", { site: SITE });
  const event = `${SITE}/${row?.leaf}`;
  expect(await tourniquet(['redact', event, '--field', 'url.path', '--reason', 'case 9'])).toMatchObject({ code: 0, out: expect.stringContaining('Redacted 1 value') });
  expect(await tourniquet(['redact', event, '--text', '--reason', 'case 9'], 'http-request')).toMatchObject({ code: 0 });
  expect(await rowsOf(reader, 'SELECT path, action, position(line, \'http-request\') AS at FROM tourniquet.events WHERE site = {site:String} AND leaf = {leaf:UInt64}', { site: SITE, leaf: row?.leaf ?? 0 })).toEqual([{ path: '\u27e6redacted\u27e7', action: '\u27e6redacted\u27e7', at: 0 }]);
  const verdict = await verifyStore(place.home, undefined, { deep: true });
  expect(verdict.problems).toEqual([]);
  expect(verdict.sites.find(({ site }) => site === SITE)).toMatchObject({ ok: true, redacted: 1 });
});
