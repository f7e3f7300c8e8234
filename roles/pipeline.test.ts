import { spawn } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClickHouseClient } from '@clickhouse/client';
import { bytesOnDisk } from '../loadtest/bytes-on-disk.ts';
import { registerSite, untilStored } from '../loadtest/pipeline.ts';
import { numberOf, openReader, rowsOf } from '../loadtest/store-reader.ts';
import { Throwaway } from '../loadtest/throwaway.ts';
import { startWebhookReceiver } from '../loadtest/webhook-receiver.ts';
import type { WebhookReceiver } from '../loadtest/webhook-receiver.ts';
import { verifyWebhook } from '../respond/webhook-verifier.ts';
import { tourniquet } from './command-fixture.ts';
import type { Finished } from './command-fixture.ts';
import type { Instance } from './instance.ts';
import { readSecretFile } from './secret-files.ts';
import { verifyStore } from './verify-store.ts';

// Made here, so that no scanner takes this file for a leak.
const CARD = ['4000', '0566', '5566', '5556'].join('');
const PATIENT = 'grete.unmistakable@clinic.example';
const INJECTION = '203.0.113.7 - - [20/Nov/2026:02:41:00 +0000] "GET /wp-admin/admin-ajax.php?id=1%27%20UNION%20SELECT%20user_login,user_pass%20FROM%20wp_users--%20- HTTP/1.1" 200 18220 "-" "curl/8"';
const LEAK = `203.0.113.8 - - [20/Nov/2026:02:42:00 +0000] "GET /checkout/?card=${CARD}&mail=${encodeURIComponent(PATIENT)} HTTP/1.1" 200 10 "-" "Mozilla/5.0"`;

describe('the whole pipeline', () => {
  const receivers: WebhookReceiver[] = [];
  let place: Throwaway;
  let instance: Instance;
  let gateway: string;
  let reader: ClickHouseClient;
  let ingestKey: string;

  beforeAll(async () => {
    const receiver = await startWebhookReceiver();
    receivers.push(receiver);
    place = new Throwaway(`respond:\n  notify_every_alert: true\n  webhooks:\n    url: ${receiver.url}\n    allow_private_addresses: true\n`);
    instance = await place.open();
    gateway = (await Promise.race([instance.start(), instance.failed])).get('gateway') ?? '';
    ({ ingestKey } = await registerSite(place.home, 'clinic'));
    reader = await openReader(place.home);
  });

  afterAll(async () => {
    await reader?.close();
    await instance?.[Symbol.asyncDispose]();
    for (const receiver of receivers) await receiver.close();
    place?.[Symbol.dispose]();
  });

  test('an access-log line goes in over HTTP and is stored, masked, matched, alerted on with a signed webhook, and proved', async () => {
    const answer = await fetch(`${gateway}/v1/events?format=combined&stream=access`, { method: 'POST', headers: { authorization: `Bearer ${ingestKey}` }, body: `${INJECTION}\nnonsense\n${LEAK}\n` });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ accepted: 2, dead_letters: 1 });
    await untilStored(reader, 2);

    const events = await rowsOf<{ line: string; path: string; classes: string[] }>(reader, "SELECT line, path, classes FROM tourniquet.events WHERE site = 'clinic' ORDER BY leaf");
    expect(events.map((e) => e.path)).toEqual(['/wp-admin/admin-ajax.php', '/checkout/']);
    expect(events[0]?.classes).toContain('attack.sqli');
    expect(events[1]?.line).toMatch(/⟦pci\.pan:[a-p]{24}⟧/);
    expect(events[1]?.line).toMatch(/⟦pii\.email:[a-p]{24}⟧/);
    expect(await numberOf(reader, "SELECT count() AS n FROM tourniquet.dead_letters WHERE reason = 'unknown_format'")).toBe(1);

    const alerts = await rowsOf<{ id: string }>(reader, 'SELECT id FROM tourniquet.alerts');
    expect(alerts.length).toBeGreaterThanOrEqual(2);
    const [receiver] = receivers;
    await expect.poll(() => receiver?.received.length).toBe(alerts.length);
    const secret = readSecretFile(place.home, 'webhook');
    for (const webhook of receiver?.received ?? []) {
      expect(verifyWebhook({ headers: webhook.headers, body: Buffer.from(webhook.body) }, [secret], Date.now()).ok).toBe(true);
      expect(webhook.body).not.toContain(CARD);
    }
    expect(new Set(receiver?.received.map((w) => w.id))).toEqual(new Set(alerts.map((a) => a.id)));

    await expect.poll(async () => (await verifyStore(place.home)).sites.find(({ site }) => site === 'clinic')?.attested).toBe(2);
    expect(await verifyStore(place.home)).toMatchObject({ ok: true });
  });

  test('no raw value is in any byte on disk', () => {
    let files = 0;
    for (const { file, bytes } of bytesOnDisk(place.home.root)) {
      expect([CARD, PATIENT, encodeURIComponent(PATIENT)].filter((value) => bytes.includes(value)), file).toEqual([]);
      files += 1;
    }
    expect(files).toBeGreaterThan(50);
  });

  test('send ships a file as a signed chain, sends nothing twice, and goes on where the file grew', async () => {
    const file = path.join(place.home.root, 'audit.ndjson');
    const event = (n: number): string => `${JSON.stringify({ '@timestamp': '2026-11-20T10:00:00.000Z', event: { kind: 'event', category: 'data_access', action: `order-viewed-${n}`, outcome: 'success' } })}\n`;
    writeFileSync(file, event(1) + event(2));
    const args = ['send', file, '--site', 'clinic', '--stream', 'audit', '--json'];
    const first = await tourniquet(place.home.root, args);
    expect([first.code, first.err]).toEqual([0, expect.any(String)]);
    expect(JSON.parse(first.out)).toMatchObject({ events: 2, blocks: 1 });
    expect(JSON.parse((await tourniquet(place.home.root, args)).out)).toMatchObject({ events: 0, blocks: 0 });
    writeFileSync(file, event(1) + event(2) + event(3));
    expect(JSON.parse((await tourniquet(place.home.root, args)).out)).toMatchObject({ events: 1, blocks: 1 });
    const ask = "SELECT seq, action, provenance FROM tourniquet.events WHERE stream = 'audit' ORDER BY seq";
    await expect.poll(() => rowsOf(reader, ask)).toEqual([1, 2, 3].map((n) => ({ seq: n - 1, action: `order-viewed-${n}`, provenance: 'plugin' })));
  });

  test('query answers as table, NDJSON and CSV, and reaches neither files nor writes', async () => {
    const ask = (sql: string, format: string): Promise<Finished> => tourniquet(place.home.root, ['query', sql, '--format', format]);
    expect((await ask("SELECT count() AS n FROM events WHERE stream = 'access'", 'ndjson')).out.replaceAll('"', '')).toBe('{n:2}\n');
    expect((await ask('SELECT 1 AS a, 2 AS b', 'csv')).out).toBe('"a","b"\n1,2\n');
    expect((await ask('SELECT 1 AS a', 'table')).out).toContain('a');
    for (const sql of ["SELECT * FROM file('/etc/passwd', 'LineAsString')", "SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')", 'DROP TABLE events', "INSERT INTO commits (pack) VALUES ('x')"]) {
      const refused = await ask(sql, 'table');
      expect([sql, refused.code]).toEqual([sql, 1]);
      expect(refused.err).not.toContain('    at ');
    }
    expect((await ask('SELECT 1', 'xml')).code).toBe(2);
  });

  test('status shows each role and site, for people and as JSON', async () => {
    const json = JSON.parse((await tourniquet(place.home.root, ['status', '--json'])).out) as { roles: { role: string }[]; sites: { site: string; stored: number }[] };
    expect(json.roles.map((r) => r.role)).toEqual(['keys', 'storage', 'gateway', 'worker', 'respond', 'console']);
    // Beside the shippers' sites those that the product writes itself.
    expect(json.sites).toEqual([expect.objectContaining({ site: '_deployment' }), expect.objectContaining({ site: '_system' }), expect.objectContaining({ site: 'clinic', dead_letters: 1 })]);
    expect((await tourniquet(place.home.root, ['status'])).out).toContain('clinic');
  });

  test('a second copy on the same directory is refused with what to do', async () => {
    const second = await tourniquet(place.home.root, ['up']);
    expect(second.code).toBe(1);
    expect(second.err).toContain('another instance runs on');
    expect(second.err).toContain('TOURNIQUET_HOME');
  });

  test('a wrong ingest key is refused, and the same site goes on', async () => {
    const answer = await fetch(`${gateway}/v1/events?format=ndjson`, { method: 'POST', headers: { authorization: `Bearer ${'A'.repeat(43)}` }, body: '{}\n' });
    expect(answer.status).toBe(401);
  });
});

/** Starts `up`, and ends it by Ctrl-C once it has said a text. */
async function upUntil(home: string, text: string): Promise<Finished & { readonly stopMs: number }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('cli.ts', import.meta.url)), 'up'], { env: { ...process.env, TOURNIQUET_HOME: home, TOURNIQUET_CONFIG: undefined } });
  let err = '';
  let stoppedAt = 0;
  child.stderr.setEncoding('utf8').on('data', (c: string) => {
    err += c;
    if (stoppedAt === 0 && err.includes(text)) {
      stoppedAt = performance.now();
      child.kill('SIGINT');
    }
  });
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { code, out: '', err, stopMs: performance.now() - stoppedAt };
}

describe('up', () => {
  test('shows the first site once, ends cleanly at Ctrl-C, and a second start goes on where it stopped', async () => {
    using place = new Throwaway();
    const first = await upUntil(place.home.root, 'Ctrl-C stops');
    expect([first.code, first.err]).toEqual([0, expect.stringContaining('enrolment  tq1.my-shop.')]);
    expect(first.err).toContain('curl ');
    // The supervisor kills after 4 s whatever has not ended; a clean stop is far quicker.
    expect(first.stopMs).toBeLessThan(5_000);
    const second = await upUntil(place.home.root, 'Ctrl-C stops');
    expect(second.code).toBe(0);
    expect(second.err).toContain('1 site;');
    expect(second.err).not.toContain('tq1.');
    expect(JSON.parse((await tourniquet(place.home.root, ['site', 'list', '--json'])).out)).toMatchObject({ site: 'my-shop', keys: 0, open_enrolments: 1 });
  });

  test('a port that is taken stops it with a clear error', async () => {
    const receiver = await startWebhookReceiver();
    using place = new Throwaway('', `gateway:\n  port: ${new URL(receiver.url).port}\nstorage:\n  port: 0\nkeys:\n  port: 0\nconsole:\n  port: 0\n`);
    const result = await tourniquet(place.home.root, ['up']);
    await receiver.close();
    expect([result.code, result.err]).toEqual([1, expect.stringContaining('Another program listens there')]);
  });

  test('keys that others can read are refused with what to do', async () => {
    using place = new Throwaway();
    await upUntil(place.home.root, 'Ctrl-C stops');
    chmodSync(place.home.keys, 0o755);
    const result = await tourniquet(place.home.root, ['up']);
    expect([result.code, result.err]).toEqual([1, expect.stringContaining('chmod')]);
  });
});

describe('the demo', () => {
  test('finds what was planted, stays silent on look-alikes, and reconciles', async () => {
    const result = await tourniquet(tmpdir(), ['demo', '--exit', '--visits', '1500', '--seed', '7']);
    expect([result.code, result.out]).toEqual([0, expect.stringContaining('planted attacks found        15 of 15')]);
    expect(result.out).not.toContain('FAIL');
  });
});

describe('the command line', () => {
  const homes: Throwaway[] = [];
  const home = (config = ''): string => {
    const place = new Throwaway(config);
    homes.push(place);
    return place.home.root;
  };
  afterAll(() => {
    for (const place of homes) place[Symbol.dispose]();
  });

  test.each(['up', 'site', 'send', 'scan', 'rules', 'hunt', 'query', 'verify', 'status', 'config', 'health', 'migrate', 'demo'])('%s has a help', async (command) => {
    const help = await tourniquet(home(), [command, '--help']);
    expect([help.code, help.out]).toEqual([0, expect.stringContaining(`Usage: tourniquet ${command}`)]);
  });

  test.each([[['nonsense']], [['send', '/nonexistent', '--site', 'x']], [['up', '--roles', 'gateway,wroker']], [['config', '--config', '/nonexistent.yaml']], [['scan', '/nonexistent']]])('%j is wrong use: exit code 2', async (args) => {
    const result = await tourniquet(home(), args);
    expect([result.code, result.err]).toEqual([2, expect.stringMatching(/\S/)]);
    expect(result.err).not.toContain('    at ');
  });

  test('a configuration with two mistakes names both and starts nothing', async () => {
    const result = await tourniquet(home('gatway:\n  port: 1\nworker:\n  linger_ms: -1\n'), ['up']);
    expect(result.code).toBe(2);
    expect(result.err).toContain('Did you mean "gateway"?');
    expect(result.err).toContain('worker.linger_ms must be a whole number');
  });

  test('config --print gives YAML that is read back without a problem', async () => {
    const printed = await tourniquet(home(), ['config', '--print']);
    expect(printed.out).toContain('# ');
    const again = homes.at(-1)?.home.root ?? '';
    writeFileSync(path.join(again, 'tourniquet.yaml'), printed.out);
    expect((await tourniquet(again, ['config'])).code).toBe(0);
  });

  test('what needs a running instance says so', async () => {
    for (const command of [['query', 'SELECT 1'], ['verify']]) {
      const result = await tourniquet(home(), command);
      expect([command, result.code, result.err]).toEqual([command, 1, expect.stringContaining('nothing runs on')]);
    }
  });

  test('scan prints one JSON object a detection, without server or store', async () => {
    const result = await tourniquet(home(), ['scan', '--format', 'combined'], `${INJECTION}\n`);
    const detections = result.out.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(detections).toContainEqual(expect.objectContaining({ line: 0, level: 'high', class: 'attack.sqli', field: 'url.query', span: [expect.any(Number), expect.any(Number)] }));
  });
});
