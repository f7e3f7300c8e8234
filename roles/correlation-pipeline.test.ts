import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerSite } from '../loadtest/pipeline.ts';
import { numberOf, openReader, rowsOf } from '../loadtest/store-reader.ts';
import { Throwaway } from '../loadtest/throwaway.ts';
import type { Instance } from './instance.ts';
import { verifyStore } from './verify-store.ts';

/** Correlations through the whole pipeline: events in over HTTP, findings on the trail of their site. */
const PATIENCE = { interval: 200 };
/** Windows close soon; several seconds of a block's way into the log are always allowed for. */
const CORRELATION = 'correlation:\n  lateness_s: 0\n  idle_s: 1\n  tick_ms: 200\n  snapshot_ms: 300\n';

let place: Throwaway;
let instance: Instance;
let gateway: string;
let ingestKey: string;
let reader: ClickHouseClient;

function rulesText(tries: number): string {
  const base = (action: string): string => `title: ${action}\nname: ${action}\nlogsource: {product: wordpress}\ndetection: {action: {event.action: ${action}}, condition: action}\nlevel: informational\n`;
  const correlation = (name: string, rule: string, group: string, timespan: string, condition: string): string =>
    `title: ${name}\nname: ${name}\nlevel: high\ncorrelation: {type: event_count, rules: [${rule}], group-by: [${group}], timespan: ${timespan}, condition: {${condition}}}\n`;
  return [base('login-failed'), base('backup-made'), correlation('guessing', 'login-failed', 'user.name', '10m', `gte: ${tries}`), correlation('few backups', 'backup-made', 'host.name', '4s', 'lt: 2')].join('---\n');
}

function writeRules(tries: number): void {
  writeFileSync(path.join(place.home.root, 'rules', 'rules.yml'), rulesText(tries));
}

async function start(): Promise<void> {
  instance = await place.open();
  gateway = (await Promise.race([instance.start(), instance.failed])).get('gateway') ?? '';
  reader = await openReader(place.home);
}

async function send(action: string, about: object, stream = 'audit'): Promise<number> {
  const event = { '@timestamp': new Date().toISOString(), event: { kind: 'event', dataset: 'wordpress.audit', category: 'authentication', action, outcome: 'failure' }, ...about };
  return (await fetch(`${gateway}/v1/events?stream=${stream}`, { method: 'POST', headers: { authorization: `Bearer ${ingestKey}` }, body: `${JSON.stringify(event)}\n` })).status;
}

const failed = (name: string): Promise<number> => send('login-failed', { user: { name } });

interface Told {
  readonly site: string;
  readonly rule: string;
  readonly rule_version: string;
  readonly stream: string;
  readonly provenance: string;
}

/** Alerts of a correlation, with where their event stands. */
function alertsOf(rule: string): Promise<readonly Told[]> {
  return rowsOf<Told>(reader, `SELECT a.site AS site, a.rule AS rule, a.rule_version AS rule_version, e.stream AS stream, e.provenance AS provenance
    FROM tourniquet.alerts AS a INNER JOIN tourniquet.events AS e ON e.site = a.site AND e.leaf = a.leaf WHERE a.rule = '${rule}' ORDER BY a.leaf`);
}

beforeAll(async () => {
  place = new Throwaway();
  mkdirSync(path.join(place.home.root, 'rules'));
  writeRules(3);
  writeFileSync(path.join(place.home.root, 'tourniquet.yaml'), `gateway:\n  port: 0\nstorage:\n  port: 0\nkeys:\n  port: 0\nconsole:\n  port: 0\nrules:\n  shipped: false\n  reload_s: 1\n  paths:\n    - ${path.join(place.home.root, 'rules')}\n${CORRELATION}`);
  await start();
  ({ ingestKey } = await registerSite(place.home, 'clinic'));
});

afterAll(async () => {
  await reader?.close();
  await instance?.[Symbol.asyncDispose]();
  place?.[Symbol.dispose]();
});

test('what a site\'s events complete is an alert on the trail of that site, in a stream that only we write', async () => {
  for (let i = 0; i < 3; i++) expect(await failed('anna')).toBe(200);
  await expect.poll(() => alertsOf('guessing'), PATIENCE).toEqual([{ site: 'clinic', rule: 'guessing', rule_version: expect.stringMatching(/^[0-9a-f]{64}$/), stream: expect.stringMatching(/^_correlation\.\d+\.1$/), provenance: 'system' }]);
  expect(await send('login-failed', {}, '_correlation.0.1')).toBe(422);
});

test('what did not happen in time is found without any further event', async () => {
  await send('backup-made', { host: { name: 'db1' } });
  await expect.poll(async () => (await alertsOf('few backups')).length, PATIENCE).toBe(1);
});

test('a restart forgets nothing', async () => {
  for (let i = 0; i < 2; i++) await failed('berta');
  await expect.poll(() => numberOf(reader, "SELECT count() AS n FROM tourniquet.events WHERE user_name = 'berta'"), PATIENCE).toBe(2);
  await reader.close();
  await instance[Symbol.asyncDispose]();
  await start();
  expect(await alertsOf('guessing')).toHaveLength(1);
  await failed('berta');
  await expect.poll(async () => (await alertsOf('guessing')).length, PATIENCE).toBe(2);
});

test('changed rules hold for what is observed with them, and findings name them', async () => {
  writeRules(2);
  const [before] = await alertsOf('guessing');
  // Until the worker has taken them, a pair is not enough.
  await expect.poll(async () => {
    const name = `carla-${Date.now()}`;
    await failed(name);
    await failed(name);
    return (await alertsOf('guessing')).some((a) => a.rule_version !== before?.rule_version);
  }, { ...PATIENCE, interval: 1_000 }).toBe(true);
});

test('findings are leaves of their site\'s tree like any event', async () => {
  const stored = await numberOf(reader, 'SELECT count() AS n FROM tourniquet.events');
  expect(await numberOf(reader, "SELECT count() AS n FROM tourniquet.events WHERE provenance = 'system'")).toBeGreaterThan(3);
  // The newest wait for a checkpoint.
  await expect.poll(async () => (await verifyStore(place.home)).events, PATIENCE).toBeGreaterThanOrEqual(stored);
  expect(await verifyStore(place.home)).toMatchObject({ ok: true });
});
