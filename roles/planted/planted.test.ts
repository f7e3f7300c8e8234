import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerSite, untilStored } from '../../loadtest/pipeline.ts';
import { openReader, rowsOf } from '../../loadtest/store-reader.ts';
import { Throwaway } from '../../loadtest/throwaway.ts';
import type { Instance } from '../instance.ts';

const CLI = path.join(import.meta.dirname, '..', 'cli.ts');
const RELOAD_MS = 180_000;
const PRICES = Array.from({ length: 30 }, (_, i) => `QX-${1000 + i * 37};oak shelf number ${i};${i * 13 + 7}.95`);

describe('what was planted while events flow', () => {
  let place: Throwaway;
  let instance: Instance;
  let gateway: string;
  let reader: ClickHouseClient;
  let ingestKey: string;
  let sent = 0;

  beforeAll(async () => {
    place = new Throwaway('rules:\n  reload_s: 1\n');
    instance = await place.open();
    gateway = (await Promise.race([instance.start(), instance.failed])).get('gateway') ?? '';
    ({ ingestKey } = await registerSite(place.home, 'shop'));
    reader = await openReader(place.home);
  });

  afterAll(async () => {
    await reader?.close();
    await instance?.[Symbol.asyncDispose]();
    place?.[Symbol.dispose]();
  });

  async function command(...args: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args], { cwd: place.home.root, env: { ...process.env, TOURNIQUET_HOME: place.home.root } });
    return stdout;
  }

  async function send(...texts: readonly string[]): Promise<void> {
    const body = texts.map((text) => `${JSON.stringify({ '@timestamp': new Date().toISOString(), event: { kind: 'event', category: ['outbound'], action: 'http-request', outcome: 'success', dataset: 'wordpress.audit' }, http: { request: { body: { content: text } } } })}\n`);
    const answer = await fetch(`${gateway}/v1/events?format=ndjson&stream=audit`, { method: 'POST', headers: { authorization: `Bearer ${ingestKey}` }, body: body.join('') });
    expect(answer.status).toBe(200);
    sent += texts.length;
    await untilStored(reader, sent);
  }

  const matched = () => rowsOf<{ rule: string; class: string; level: string }>(reader, "SELECT DISTINCT rule, class, level FROM tourniquet.matches WHERE rule LIKE 'document.%' OR rule LIKE 'tourniquet.canary.%' ORDER BY rule");
  const alerted = () => rowsOf<{ class: string; level: string }>(reader, "SELECT DISTINCT class, level FROM tourniquet.alerts WHERE class IN ('activity.canary', 'activity.document') ORDER BY class");

  test('is matched and raises alerts when it is seen, though nobody restarted anything, and is stored as a mask or not at all', async () => {
    const file = path.join(place.home.root, 'prices.csv');
    writeFileSync(file, PRICES.join('\n'));
    const [planted] = await Promise.all([command('canary', 'add', '--name', 'bait', '--json'), command('fingerprint', file, '--class', 'ip.price_list')]);
    const { values } = JSON.parse(planted) as { values: { email: string } }; // as the command prints it
    const leak = [`rows: ${values.email}; 3`, PRICES.slice(4, 9).toReversed().join('\n'), 'a shelf of oak, number 3, for 46.95'];
    const expected = [
      { rule: 'document.prices', class: 'ip.price_list', level: 'high' },
      // The name stands in the address, too.
      { rule: 'tourniquet.canary.customer-bait-email', class: 'canary.customer', level: 'critical' },
      { rule: 'tourniquet.canary.customer-bait-name', class: 'canary.customer', level: 'critical' },
    ];
    // A changed set of rules is compiled anew aside, which takes its time on a busy machine.
    await expect.poll(() => send(...leak).then(matched), { timeout: RELOAD_MS, interval: 2_000 }).toEqual(expected);
    expect(await alerted()).toEqual([{ class: 'activity.canary', level: 'critical' }, { class: 'activity.document', level: 'high' }]);
    expect(await rowsOf(reader, `SELECT 1 FROM tourniquet.events WHERE position(line, '${values.email}') > 0 AND position(line, 'canary.customer') > 0`)).toEqual([]);
    expect(readFileSync(path.join(place.home.packs, 'documents.ndjson'), 'utf8')).not.toMatch(/shelf|number/);
  }, RELOAD_MS + 30_000);
});
