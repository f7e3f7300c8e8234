import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ed25519PublicKey } from '../contracts/block.ts';
import { refusalOf } from '../contracts/command.ts';
import type { SignedCommand } from '../contracts/command.ts';
import { mailboxHash, mailboxSecret, openLetter } from '../contracts/letter.ts';
import type { Letter } from '../contracts/letter.ts';
import { x25519PrivateKey, x25519PublicBytes } from '../contracts/sealed-key.ts';
import { blockOf, newShipper } from '../ingest/gateway/test-gateway.ts';
import { SILENT_AFTER_MS, watchHeartbeats } from '../respond/heartbeat/heartbeat-watch.ts';
import { createKeysClient } from '../keys/client.ts';
import { registerSite } from '../loadtest/pipeline.ts';
import { openReader, rowsOf } from '../loadtest/store-reader.ts';
import { Throwaway } from '../loadtest/throwaway.ts';
import { tourniquet } from './command-fixture.ts';
import { loadConfig } from './config/config.ts';
import { storageAccess } from './connections.ts';
import { openEventLog } from './event-log.ts';
import type { Instance } from './instance.ts';
import { readRunFile } from './run-file.ts';
import { readSecretFile } from './secret-files.ts';
import { openSiteBeats } from './site-beats.ts';
import { writeOnTrail } from './trail.ts';

/** What the plugin does, without WordPress: enrols with a box, fetches orders, judges them and answers on the log. */
const SITE = 'shop';
const BOX = randomBytes(32);
const box = x25519PrivateKey(BOX);
const shipper = newShipper();
const STREAM = 'wp-abcdef';

let place: Throwaway;
let instance: Instance;
let gateway: string;
let commandKey: string;

interface Orders {
  readonly now: number;
  readonly command_key: string;
  readonly letters: readonly Letter[];
  readonly commands: readonly SignedCommand[];
}

async function orders(after = 0): Promise<Orders> {
  const answer = await fetch(`${gateway}/v1/orders?site=${SITE}&after=${after}`, { headers: { authorization: `Bearer ${mailboxSecret(BOX)}` } });
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  return (await answer.json()) as Orders;
}

/** A gateway reads the register a few times a second. */
async function ordersWith(commands: number): Promise<Orders> {
  for (;;) {
    const all = await orders();
    if (all.commands.length >= commands) return all;
    await sleep(20);
  }
}

beforeAll(async () => {
  place = new Throwaway('worker:\n  checkpoint_ms: 100\n');
  instance = await place.open();
  gateway = (await Promise.race([instance.start(), instance.failed])).get('gateway') ?? '';
  const { enrolmentSecret } = await registerSite(place.home, SITE);
  const body = { site: SITE, secret: enrolmentSecret, key: shipper.key, box_key: x25519PublicBytes(box).toString('base64url'), mailbox_hash: mailboxHash(mailboxSecret(BOX)) };
  const answer = await fetch(`${gateway}/v1/enrol`, { method: 'POST', body: JSON.stringify(body) });
  ({ command_key: commandKey } = (await answer.json()) as { readonly command_key: string });
});
afterAll(async () => {
  await instance[Symbol.asyncDispose]();
  place[Symbol.dispose]();
});

test('the token key of a site reaches its plugin sealed, and nobody else in between', async () => {
  let letters: readonly Letter[] = [];
  while (letters.length === 0) {
    ({ letters } = await orders());
    await sleep(20);
  }
  const keys = createKeysClient({ url: readRunFile(place.home, 'keys')?.url ?? '', role: 'compliance', secret: readSecretFile(place.home, 'keys-compliance') });
  const [expected] = await keys.siteTokenKeys(SITE, 'a test');
  expect(letters.map(({ key_epoch: epoch, sealed }) => openLetter(sealed, box, SITE, epoch))).toEqual([expected?.key]);
});

test('a command goes out signed, after the trail, with the guard before it; what the site answers is listed', async () => {
  const run = (...args: readonly string[]) => tourniquet(place.home.root, ['contain', SITE, ...args]);
  const refused = await Promise.all([
    run('block-route', '/checkout/', '--reason', 'x'),
    run('block-address', '0.0.0.0/0', '--reason', 'x'),
    run('block-route', '/wp-json/wc/v3/customers'),
    run('exports-of', '--reason', 'x'),
    run('--undo', '7', '--reason', 'x'),
    tourniquet(place.home.root, ['contain', 'nobody', 'exports-off', '--reason', 'x']),
  ]);
  expect(refused.map(({ code }) => code)).toEqual([1, 1, 2, 2, 1, 2]);
  expect((await orders()).commands).toEqual([]);

  const told = await run('block-route', '/wp-json/wc/v3/customers', '--reason', 'customers read in bulk', '--lasts', '30m');
  expect([told.code, told.err]).toEqual([0, '']);
  expect(told.out).toMatch(/^1 {2}block-route \/wp-json\/wc\/v3\/customers, dry run: /);
  const undone = await run('--undo', '1', '--reason', 'it was our own report', '--json');
  const { now, command_key: key, commands } = await ordersWith(2);
  expect(key).toBe(commandKey);
  expect(commands.map(({ action, mode, lasts_s: lastsS, undoes }) => [action, mode, lastsS, undoes])).toEqual([['block-route', 'dry-run', 1800, 0], ['undo', 'enforce', 0, 1]]);
  expect(JSON.parse(undone.out)).toEqual(commands[1]);
  const reader = { site: SITE, key: commandKey, publicKey: ed25519PublicKey(commandKey), highestCounter: 0, nowMs: now };
  expect(commands.map((command) => refusalOf(command, reader))).toEqual([undefined, undefined]);
  expect((await orders(1)).commands).toHaveLength(1);

  const line = JSON.stringify({ '@timestamp': new Date(now).toISOString(), event: { kind: 'event', category: 'configuration', action: 'containment-planned', outcome: 'success', dataset: 'wordpress.audit' }, wordpress: { containment: { counter: 1, action: 'block-route', mode: 'dry-run' } } });
  const block = blockOf(shipper, [line], { stream: STREAM });
  expect((await fetch(`${gateway}/v1/blocks`, { method: 'POST', body: new Uint8Array(block.bytes) })).status).toBe(200);
  let listed = '';
  while (!listed.includes('planned')) listed = (await run('--list')).out;
  expect(listed).toMatch(/^ {3}1 {2}\S+Z {2}dry-run {2}block-route \/wp-json\/wc\/v3\/customers: planned\. customers read in bulk\n {3}2 .* undo 1: waiting\. it was our own report\n$/);
  await using store = await openReader(place.home);
  const acts = await rowsOf(store, "SELECT JSONExtractInt(line, 'tourniquet', 'containment', 'counter') AS counter, JSONExtractString(line, 'event', 'reason') AS reason FROM events WHERE site = '_system' AND action = 'containment-ordered' ORDER BY seq");
  expect(acts).toEqual([{ counter: 1, reason: 'customers read in bulk' }, { counter: 2, reason: 'it was our own report' }]);
});

test('a policy is set over the one before, shown, and taken away', async () => {
  const run = (...args: readonly string[]) => tourniquet(place.home.root, ['site', 'policy', SITE, ...args]);
  const target = async (...args: readonly string[]) => (JSON.parse((await run(...args, '--json')).out) as SignedCommand).target;
  expect(await target('--ai', 'local-only', '--ai-endpoint', 'http://127.0.0.1:11434/v1')).toBe('{"ai_local_endpoint":"http://127.0.0.1:11434/v1","ai_policy":"local-only"}');
  expect(await target('--region', 'DE,FR', '--no-owner-undo')).toBe('{"ai_local_endpoint":"http://127.0.0.1:11434/v1","ai_policy":"local-only","owner_undo":false,"region":["DE","FR"]}');
  expect((await run('--show')).out).toContain('ai_policy: "local-only"\n');
  const wrong = await run('--ai', 'cloud', '--region', 'Germany', '--ai-hosts', 'a b');
  expect([wrong.code, wrong.err.split('\n').filter((one) => one.startsWith('  ')).length]).toEqual([2, 3]);
  expect((await run()).code).toBe(2);
  expect(await target('--clear')).toBe('{}');
  expect((await run('--show')).out).toBe('No policy: the owner decides everything.\n');
});

test('of two operators who set a policy at once neither undoes the other', async () => {
  const run = (...args: readonly string[]) => tourniquet(place.home.root, ['site', 'policy', SITE, ...args]);
  await run('--clear');
  await Promise.all([run('--ai', 'block'), run('--region', 'DE'), run('--no-owner-undo')]);
  expect((await run('--show', '--json')).out).toBe('{"ai_policy":"block","owner_undo":false,"region":["DE"]}\n');
});

test('a silence becomes an alert, a foreign script on the checkout that a browser reports a match', async () => {
  const config = loadConfig({ TOURNIQUET_HOME: place.home.root });
  await using log = await openEventLog(config, place.home);
  const lastMs = Date.now() - 2 * SILENT_AFTER_MS;
  // A watch that has been running.
  const told = new Map([['', `${Date.now()} 0`]]);
  await using _ = watchHeartbeats({ beats: async () => [{ site: SITE, lastMs, seenUntilMs: Date.now() }], note: (act) => writeOnTrail(config, place.home, log, act), told });
  const report = { 'csp-report': { 'document-uri': 'https://shop.example/checkout/?key=wc_order_1', 'effective-directive': 'script-src-elem', 'blocked-uri': 'https://cdn-jquery.example/j.js' } };
  const answer = await fetch(`${gateway}/v1/reports/${SITE}`, { method: 'POST', headers: { 'content-type': 'application/csp-report' }, body: JSON.stringify(report) });
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
  await using store = await openReader(place.home);
  const found = async () => (await rowsOf<{ found: string }>(store, "SELECT concat(site, ' ', class, ' ', field) AS found FROM matches WHERE engine = 'sigma' ORDER BY site")).map((row) => row.found);
  let matches: readonly string[] = [];
  while (matches.length < 2) matches = await found();
  expect(matches).toEqual(['_system activity.audit_silenced event.action', 'shop attack.skimmer url.path']);
  // Of a group each table is written by itself.
  let alerts: readonly unknown[] = [];
  while (alerts.length === 0) alerts = await rowsOf(store, 'SELECT site, title FROM alerts');
  expect(alerts).toEqual([{ site: '_system', title: "Site's plugin stays silent" }]);
});

test('the newest block of a plugin is its beat, and what is stored is known to be all there is', async () => {
  await using log = await openEventLog(loadConfig({ TOURNIQUET_HOME: place.home.root }), place.home);
  await using beats = openSiteBeats(await storageAccess(loadConfig({ TOURNIQUET_HOME: place.home.root }), place.home, 'reader'), log);
  const read = async () => {
    for (;;) {
      const [beat] = await beats.read();
      if (beat !== undefined && beat.seenUntilMs > beat.lastMs) return beat;
      await sleep(50);
    }
  };
  const beat = await read();
  expect(beat).toEqual({ site: SITE, lastMs: expect.any(Number), seenUntilMs: expect.any(Number) });
  expect(Date.now() - beat.lastMs).toBeLessThan(600_000);
  expect(Date.now() - beat.seenUntilMs).toBeLessThan(600_000);
});
