import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerSite } from '../loadtest/pipeline.ts';
import { openReader, rowsOf } from '../loadtest/store-reader.ts';
import { Throwaway } from '../loadtest/throwaway.ts';
import { startWebhookReceiver } from '../loadtest/webhook-receiver.ts';
import type { WebhookReceiver } from '../loadtest/webhook-receiver.ts';
import { createGroupStore } from '../storage/client/group-store.ts';
import { openAnnouncement, verifiersAt } from '../contracts/announced-key.ts';
import { openNote, parseCheckpoint, parseVerifier } from '../contracts/checkpoint.ts';
import { createKeysClient } from '../keys/client.ts';
import type { KeysClient } from '../keys/client.ts';
import { tourniquet } from './command-fixture.ts';
import { loadConfig } from './config/config.ts';
import { storageAccess } from './connections.ts';
import type { Instance } from './instance.ts';
import { openRaisedActs } from './raised-acts.ts';
import { readRunFile } from './run-file.ts';

const INJECTION = '203.0.113.7 - - [20/Nov/2026:02:41:00 +0000] "GET /wp-admin/admin-ajax.php?id=1%27%20UNION%20SELECT%20user_login,user_pass%20FROM%20wp_users--%20- HTTP/1.1" 200 18220 "-" "curl/8"';

let place: Throwaway;
let instance: Instance;
let reader: ClickHouseClient;
let receiver: WebhookReceiver;
let gateway: string;
let keys: KeysClient;
let ingestKey: string;

beforeAll(async () => {
  receiver = await startWebhookReceiver();
  place = new Throwaway(`worker:\n  deployment_log_ms: 0\n  checkpoint_ms: 100\nrespond:\n  webhooks:\n    url: ${receiver.url}\n    allow_private_addresses: true\n`);
  instance = await place.open();
  gateway = (await Promise.race([instance.start(), instance.failed])).get('gateway') ?? '';
  ({ ingestKey } = await registerSite(place.home, 'clinic'));
  reader = await openReader(place.home);
  keys = createKeysClient({ url: readRunFile(place.home, 'keys')?.url ?? '' });
});

afterAll(async () => {
  await reader?.close();
  await instance?.[Symbol.asyncDispose]();
  await receiver?.close();
  place?.[Symbol.dispose]();
});

interface OwnLine {
  readonly event: { readonly action: string; readonly id?: string; readonly category: readonly string[] };
  readonly user?: { readonly name: string };
  readonly tourniquet: Readonly<Record<string, unknown>>;
}

/** Lines of a site of our own with this action, in their order; waits for so many. */
async function ownLines(site: string, action: string, atLeast = 1): Promise<readonly OwnLine[]> {
  for (let tries = 0; ; tries++) {
    const rows = await rowsOf<{ line: string }>(reader, 'SELECT line FROM tourniquet.events WHERE site = {site:String} AND action = {action:String} ORDER BY leaf', { site, action });
    // Our own lines; what is read of them is compared.
    if (rows.length >= atLeast || tries > 200) return rows.map(({ line }) => JSON.parse(line) as OwnLine);
    await sleep(100);
  }
}

async function sendLine(): Promise<void> {
  const answer = await fetch(`${gateway}/v1/events?format=combined&stream=access`, { method: 'POST', headers: { authorization: `Bearer ${ingestKey}` }, body: `${INJECTION}\n` });
  expect(answer.status).toBe(200);
}

test('rules and configuration are told when they are put to use, by version and hash', async () => {
  const [rules] = await ownLines('_system', 'rules-put-to-use');
  expect(rules).toMatchObject({ user: { name: 'role:worker' }, tourniquet: { target: { kind: 'rule' }, rules: { version: expect.stringMatching(/^[0-9a-f]{64}$/) } } });
  expect((await ownLines('_system', 'configuration-in-use'))[0]).toMatchObject({ tourniquet: { target: { kind: 'option' }, configuration: { changes: 0 } } });
});

test('an alert is on the trail when its webhook comes, and telling it raises no further alert', async () => {
  await sendLine();
  while (receiver.received.length === 0) await sleep(20);
  const alerts = await rowsOf<{ id: string; rule: string }>(reader, "SELECT id, rule FROM tourniquet.alerts WHERE site = 'clinic'");
  const told = await ownLines('_system', 'alert-raised', alerts.length);
  expect(told.map(({ event }) => event.id).toSorted()).toEqual(alerts.map(({ id }) => id).toSorted());
  expect(told[0]).toMatchObject({ user: { name: 'role:respond' }, tourniquet: { target: { kind: 'rule', site: 'clinic' }, alert: { leaf: 0 } } });
  expect(JSON.stringify(told)).not.toContain('203.0.113.7');
  expect(await rowsOf(reader, "SELECT rule FROM tourniquet.alerts WHERE site IN ('_system', '_deployment')")).toEqual([]);
});

test('holes of chains that open and close are told, with where they are and no more', async () => {
  const config = loadConfig({ TOURNIQUET_HOME: place.home.root });
  const position = 999_999;
  const row = { site: 'clinic', stream: 'web', epoch: 1, from_seq: 5, to_seq: 9, received_at: '2026-01-01 00:00:00.000', partition: 0, position };
  await using store = createGroupStore(await storageAccess(config, place.home, 'writer'));
  await store.insert('holes', { table: 'gaps', tier: 'standard', rows: 2, format: 'JSONEachRow', data: Buffer.from(['open', 'closed'].map((state) => JSON.stringify({ ...row, state })).join('\n')) }, { kind: 'uncommitted', range: { partition: 0, first: position, last: position } });
  const lines: string[] = [];
  await using raised = openRaisedActs(await storageAccess(config, place.home, 'reader'), async (more) => void lines.push(...more));
  const atMs = Date.UTC(2026, 0, 1);
  await raised.record({ range: { partition: 0, first: position, last: position }, receivedFromMs: atMs, receivedToMs: atMs, alerts: [], gaps: 2 });
  const gap = { stream: 'web', epoch: 1, from: 5, to: 9 };
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
    { event: { action: 'gap-closed' }, tourniquet: { target: { kind: 'site', name: 'clinic', site: 'clinic' }, gap } },
    { event: { action: 'gap-opened' }, tourniquet: { gap } },
  ]);
});

test('the deployment log names what was published of every site, as it was signed, and nothing masks it', async () => {
  await sendLine();
  const lines = await ownLines('_deployment', 'checkpoints-published', 2);
  const named = lines.flatMap(({ tourniquet: { checkpoints } }) => checkpoints as readonly { site: string; size: number; root: string }[]); // Compared below.
  expect(new Set(named.map(({ site }) => site))).toEqual(new Set(['clinic', '_system']));
  const stored = new Set((await rowsOf<{ c: string }>(reader, "SELECT concat(site, ' ', toString(size), ' ', root) AS c FROM tourniquet.checkpoints")).map(({ c }) => c));
  expect(named.filter(({ site, size, root }) => !stored.has(`${site} ${size} ${root}`))).toEqual([]);
  expect(await rowsOf(reader, "SELECT provenance, tier, any(classes) AS classes FROM tourniquet.events WHERE site = '_deployment' GROUP BY provenance, tier")).toEqual([{ provenance: 'system', tier: 'trail', classes: [] }]);
});

test('an idle deployment is silent: its own log does not make it grow', async () => {
  let [before, now] = [-1, 0];
  // What was going on comes to an end within a few seconds, or never.
  for (let i = 0; i < 40 && before !== now; i++) {
    before = now;
    await sleep(1_000);
    [now = 0] = (await rowsOf<{ n: number }>(reader, 'SELECT count() AS n FROM tourniquet.events')).map(({ n }) => n);
  }
  expect(before).toBe(now);
});

test('a new checkpoint key is vouched for by the old one, told on the trail before and after, and signs beside it', async () => {
  const before = parseVerifier(await keys.checkpointVerifier());
  expect(await tourniquet(place.home.root, ['keys', 'rotate', '--retire', '--reason', 'x'])).toMatchObject({ code: 2 });
  const { code, out } = await tourniquet(place.home.root, ['keys', 'rotate', '--checkpoint', '--reason', 'yearly', '--json']);
  expect(code).toBe(0);
  const result = JSON.parse(out) as Readonly<Record<'after' | 'announcement', string>>; // Compared below.
  if (before === undefined) throw new Error('the keys role announces a well-formed key');
  expect(openAnnouncement(result.announcement, before)).toMatchObject({ verifier: result.after });
  const [asked] = await ownLines('_system', 'checkpoint-key-rotation');
  const [done] = await ownLines('_system', 'checkpoint-key-rotated');
  expect([asked?.tourniquet['retire'], done?.tourniquet]).toMatchObject([false, { after: result.after, announcement: result.announcement }]);
  const shown = await tourniquet(place.home.root, ['keys', 'show', '--json']);
  expect(JSON.parse(shown.out)).toMatchObject({ origin: `${before.name}/_deployment`, checkpoint: [{ until_ms: expect.any(Number) }, { verifier: result.after, until_ms: null, announcement: result.announcement }] });
  await sendLine();
  const verifiers = verifiersAt(await keys.checkpointVerifiers());
  expect(verifiers).toHaveLength(2);
  for (let tries = 0; ; tries++) {
    const [row] = await rowsOf<{ note: string }>(reader, "SELECT note FROM tourniquet.checkpoints WHERE site = 'clinic' ORDER BY size DESC LIMIT 1");
    const both = verifiers.every((verifier) => openNote(row?.note ?? '', [verifier]) !== undefined);
    if (both) expect(parseCheckpoint(openNote(row?.note ?? '', verifiers)?.text ?? '')?.size).toBe(3);
    if (both) break;
    expect(tries).toBeLessThan(100);
    await sleep(100);
  }
});
