import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerSite, untilStored } from '../../loadtest/pipeline.ts';
import { openReader, rowsOf } from '../../loadtest/store-reader.ts';
import { Throwaway } from '../../loadtest/throwaway.ts';
import type { Instance } from '../instance.ts';
import { readRunFile } from '../run-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'tourniquet-rules-'));

/** A rule over the audit events below, and a correlation of it within its site. */
function rules(action: string): string {
  return [
    'title: An act', 'id: 6f1d52e8-7ad5-4b6c-9c57-2b1f0c8f1d01', 'name: an_act', 'status: test', 'level: high', 'logsource: { product: wordpress, category: application }',
    `detection: { act: { event.action: ${action} }, condition: act }`,
    '---',
    'title: Three acts', 'id: 6f1d52e8-7ad5-4b6c-9c57-2b1f0c8f1d02', 'level: critical',
    'correlation: { type: event_count, rules: [an_act], group-by: [user.name], timespan: 10m, condition: { gte: 3 }, generate: true }', '',
  ].join('\n');
}

function event(n: number, action: string): string {
  return JSON.stringify({
    '@timestamp': new Date(Date.now() - 60_000 + n * 1_000).toISOString(), event: { kind: 'event', category: ['iam'], action, outcome: 'success', dataset: 'wordpress.audit', module: 'wordpress' },
    user: { name: 'anna' }, source: { ip: '203.0.113.9' }, wordpress: { version: '6.6' },
  });
}

interface WorkerRules {
  readonly version: string;
  readonly refused: string;
  readonly sigma: number;
  readonly considered_each: number;
}

describe('rules of the operator', () => {
  let place: Throwaway;
  let instance: Instance;
  let gateway: string;
  let reader: ClickHouseClient;
  let ingestKey: string;
  let sent = 0;

  beforeAll(async () => {
    mkdirSync(path.join(folder, 'own'), { recursive: true });
    writeFileSync(path.join(folder, 'own/acts.yml'), rules('act_one'));
    place = new Throwaway(`rules:\n  paths: [${path.join(folder, 'own')}]\n  reload_s: 1\n`);
    instance = await place.open();
    gateway = (await Promise.race([instance.start(), instance.failed])).get('gateway') ?? '';
    ({ ingestKey } = await registerSite(place.home, 'clinic'));
    reader = await openReader(place.home);
  });

  afterAll(async () => {
    await reader?.close();
    await instance?.[Symbol.asyncDispose]();
    place?.[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  });

  async function send(...lines: readonly string[]): Promise<void> {
    const answer = await fetch(`${gateway}/v1/events?format=ndjson&stream=audit`, { method: 'POST', headers: { authorization: `Bearer ${ingestKey}` }, body: lines.map((line) => `${line}\n`).join('') });
    expect(answer.status).toBe(200);
    sent += lines.length;
    await untilStored(reader, sent);
  }

  /** What the worker says of its rules; it says so each second. */
  function status(): WorkerRules {
    return readRunFile(place.home, 'worker')?.status['rules'] as WorkerRules; // Written by the worker role.
  }

  const matched = (title: string) => rowsOf<{ rule_version: string }>(reader, `SELECT rule_version FROM tourniquet.matches WHERE site = 'clinic' AND rule = '${title}' ORDER BY leaf`);
  const ACT = '6f1d52e8-7ad5-4b6c-9c57-2b1f0c8f1d01';
  const THREE = '6f1d52e8-7ad5-4b6c-9c57-2b1f0c8f1d02';

  test('match their events, and a correlation of them is an alert of its site, in its trail', async () => {
    await send(event(1, 'act_one'), event(2, 'act_two'), event(3, 'act_one'));
    const { version } = status();
    expect(await matched(ACT)).toEqual([{ rule_version: version }, { rule_version: version }]);
    await send(event(4, 'act_one'));
    const ask = `SELECT site, level, title, late FROM tourniquet.alerts WHERE rule = '${THREE}'`;
    await expect.poll(() => rowsOf(reader, ask)).toEqual([{ site: 'clinic', level: 'critical', title: 'Three acts', late: 0 }]);
    const [finding] = await rowsOf<{ line: string; provenance: string }>(reader, "SELECT line, provenance FROM tourniquet.events WHERE site = 'clinic' AND kind = 'alert'");
    expect(finding).toMatchObject({ provenance: 'system', line: expect.stringContaining(THREE) });
  });

  test('are replaced while it runs, and each match names the version that made it', async () => {
    const before = status().version;
    writeFileSync(path.join(folder, 'own/acts.yml'), rules('act_two'));
    await expect.poll(() => status().version).not.toBe(before);
    await send(event(10, 'act_one'), event(11, 'act_two'));
    const versions = (await matched(ACT)).map((m) => m.rule_version);
    expect(versions.filter((v) => v === before).length).toBe(3);
    expect(versions.at(-1)).toBe(status().version);
    expect(versions.length).toBe(4);
  });

  test('that are wrong, or fail their own tests, leave those before in use and say so', async () => {
    const { version } = status();
    writeFileSync(path.join(folder, 'own/acts.yml'), rules('act_three').replace('level: critical', 'levle: critical'));
    await expect.poll(() => status().refused).toMatch(/own\/acts\.yml:\d+:\d+.*[\s\S]*level/);
    writeFileSync(path.join(folder, 'own/acts.yml'), rules('act_three'));
    writeFileSync(path.join(folder, 'own/acts.test.yml'), '- title: an act\n  rule: an_act\n  event: { event.action: act_four, event.category: iam }\n  logsource: any\n  matches: true\n');
    await expect.poll(() => status().refused).toMatch(/the test "an act" fails/);
    expect(status().version).toBe(version);
    await send(event(20, 'act_two'));
    expect((await matched(ACT)).at(-1)?.rule_version).toBe(version);
    rmSync(path.join(folder, 'own/acts.test.yml'));
    await expect.poll(() => status().version).not.toBe(version);
    expect(status().refused).toBe('');
  });

  test('whose folder is gone go on, which the status says, until it is back', async () => {
    const { version } = status();
    renameSync(path.join(folder, 'own'), path.join(folder, 'gone'));
    await expect.poll(() => status().refused).toContain(`rules.paths: there is no file or folder ${path.join(folder, 'own')}: create it`);
    expect(status().version).toBe(version);
    renameSync(path.join(folder, 'gone'), path.join(folder, 'own'));
    await expect.poll(() => status().refused).toBe('');
    expect(status().version).toBe(version);
  });

  test('are all considered for every event that is judged', () => {
    const { sigma, considered_each } = status();
    expect(sigma).toBeGreaterThan(20);
    expect(considered_each).toBe(sigma);
  });
});
