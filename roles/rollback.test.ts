import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerSite } from '../loadtest/pipeline.ts';
import { openReader, rowsOf } from '../loadtest/store-reader.ts';
import { Throwaway } from '../loadtest/throwaway.ts';
import { tourniquet } from './command-fixture.ts';
import { readRunFile } from './run-file.ts';

let place: Throwaway;
beforeAll(() => {
  place = new Throwaway('worker:\n  deployment_log_ms: 0\n  checkpoint_ms: 100\nanchor:\n  every_s: 1\n');
});
afterAll(() => place[Symbol.dispose]());

/** Runs an instance while `work` does something with it. */
async function running(work: () => Promise<void>): Promise<void> {
  await using instance = await place.open({ line: () => undefined });
  await Promise.race([instance.start(), instance.failed]);
  await work();
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; !(await condition()); tries++) {
    expect(tries).toBeLessThan(300);
    await sleep(100);
  }
}

/** Ships a further line as a signed, chained block. */
async function ship(n: number): Promise<void> {
  const file = path.join(place.home.root, 'app.ndjson');
  const line = JSON.stringify({ '@timestamp': new Date().toISOString(), event: { kind: 'event', category: ['http'], action: `n-${n}`, outcome: 'success' } });
  writeFileSync(file, `${line}\n`, { flag: 'a' });
  expect(await tourniquet(place.home.root, ['send', '--site', 'shop', '--stream', 'app', '--format', 'ndjson', file])).toMatchObject({ code: 0 });
}

function exportedSize(): number {
  const file = path.join(place.home.export, 'checkpoints.ndjson');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  return Math.max(0, ...lines.map((line) => JSON.parse(line || '{}') as { site?: string; size?: number }).filter(({ site }) => site === 'shop').map(({ size = 0 }) => size)); // Our own lines.
}

function consoleStatus(): Readonly<Record<string, unknown>> {
  return readRunFile(place.home, 'console')?.status ?? {};
}

test('an older copy of the data, put back by root, is noticed at the start by the export file, and at the next block by the site itself', async () => {
  const { data, root } = place.home;
  const copy = path.join(root, 'older-copy');
  await running(async () => {
    await registerSite(place.home, 'shop');
    await ship(1);
    await until(() => exportedSize() === 1);
    expect(consoleStatus()['stuck']).toBe('');
  });
  cpSync(data, copy, { recursive: true });
  await running(async () => {
    await ship(2);
    await until(() => exportedSize() === 2);
    // So long gateways may take to see a checkpoint that they give shippers with the next block.
    await sleep(6_000);
    await ship(3);
    await until(() => exportedSize() === 3);
  });
  // The site is another machine: what it knows stays.
  rmSync(path.join(copy, 'shippers'), { recursive: true, force: true });
  cpSync(path.join(data, 'shippers'), path.join(copy, 'shippers'), { recursive: true });
  rmSync(data, { recursive: true });
  cpSync(copy, data, { recursive: true });
  await running(async () => {
    await until(() => String(consoleStatus()['stuck'] ?? '').includes('the ledger of shop lacks the checkpoint of size 3'));
    expect(await tourniquet(root, ['health'])).toMatchObject({ code: 1 });
    await ship(4);
    const reader = await openReader(place.home);
    const told = () => rowsOf<{ source: string; level: string }>(reader, "SELECT DISTINCT JSONExtractString(e.line, 'tourniquet', 'rollback', 'source') AS source, a.level AS level FROM tourniquet.alerts AS a INNER JOIN tourniquet.events AS e ON a.site = e.site AND a.leaf = e.leaf WHERE a.rule = 'tourniquet.ledger.rolled-back' ORDER BY source");
    await until(async () => (await told()).length === 2);
    expect(await told()).toEqual([{ source: 'export-file', level: 'critical' }, { source: 'site', level: 'critical' }]);
    await reader.close();
  });
});
