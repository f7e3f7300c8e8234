import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAudit } from './audit.ts';
import { segmentsOf, verifyAudit } from './audit-chain.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tq-audit-'));
  file = join(directory, '000000000001.ndjson');
});
afterEach(() => rmSync(directory, { recursive: true }));

const ACT = { role: 'worker', operation: 'site-keys', site: 'shop', reason: '', outcome: 'done' };

async function write(acts: number, segmentBytes?: number): Promise<void> {
  await using audit = openAudit(directory, () => 1_790_000_000_000, segmentBytes);
  await Promise.all(Array.from({ length: acts }, async () => audit.record(ACT)));
}

test('acts are numbered and chained, over restarts too', async () => {
  await write(3);
  await write(2);
  expect(verifyAudit(directory)).toMatchObject({ holds: true, entries: 5 });
  expect(JSON.parse(readFileSync(file, 'utf8').split('\n')[0] ?? '')).toEqual({ n: 1, at: '2026-09-21T14:13:20.000Z', ...ACT, previous: '0'.repeat(64) });
});

test('a line changed, taken out, put in or moved breaks the chain at a named entry', async () => {
  await write(4);
  const [a = '', b = '', c = '', d = ''] = readFileSync(file, 'utf8').split('\n');
  const cases: readonly (readonly [readonly string[], number])[] = [
    [[a, b.replace('shop', 'shoq'), c, d], 3],
    [[a, c, d], 2],
    [[a, b, b, c, d], 3],
    [[a, c, b, d], 2],
    [[b, c, d], 1],
    [['{}', b, c, d], 1],
    [['junk', b, c, d], 1],
  ];
  for (const [changed, entry] of cases) {
    writeFileSync(file, `${changed.join('\n')}\n`);
    expect(verifyAudit(directory)).toMatchObject({ holds: false, entry });
    expect(() => openAudit(directory)).toThrow(new RegExp(`TQ-KEYS-09.*entry ${entry}`));
  }
});

test('a line torn by a crash is cut off and the chain goes on', async () => {
  await write(2);
  appendFileSync(file, '{"n":3,"at":"2026');
  await write(1);
  expect(verifyAudit(directory)).toMatchObject({ holds: true, entries: 3 });
});

test('when another process wrote to it, every further act is refused', async () => {
  await using audit = openAudit(directory);
  await audit.record(ACT);
  appendFileSync(file, 'x');
  await expect(audit.record(ACT)).rejects.toMatchObject({ code: 'TQ-KEYS-09' });
  await expect(audit.record(ACT)).rejects.toMatchObject({ code: 'TQ-KEYS-09' });
});

test('a full file is followed by a new one in the same chain, and a missing or changed file is seen', async () => {
  for (let i = 0; i < 9; i++) await write(1, 300);
  const names = segmentsOf(directory);
  expect(names.length).toBeGreaterThan(3);
  expect(verifyAudit(directory)).toMatchObject({ holds: true, entries: 9 });
  for (const name of names.slice(0, -1)) {
    const path = join(directory, name);
    const text = readFileSync(path, 'utf8');
    rmSync(path);
    expect(verifyAudit(directory)).toMatchObject({ holds: false, problem: 'a file is missing' });
    writeFileSync(path, text.replace('shop', 'shoq'));
    expect(verifyAudit(directory)).toMatchObject({ holds: false });
    writeFileSync(path, text);
  }
  await write(1, 300);
  expect(verifyAudit(directory)).toMatchObject({ holds: true, entries: 10 });
});
