import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openExportFile, readExportFile } from './export-file.ts';
import type { Exported } from './export-file.ts';
import { checkpointOf, testVerifier } from './test-log.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tq-export-'));
  file = path.join(folder, 'export', 'checkpoints.ndjson');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function append(...checkpoints: readonly ReturnType<typeof checkpointOf>[]): Promise<void> {
  await using exporting = await openExportFile(file);
  await exporting.append(checkpoints, Date.UTC(2026, 0, 1));
}

async function read(): Promise<Exported> {
  return readExportFile(file, [testVerifier()]);
}

function sizes({ newest }: Exported): readonly string[] {
  return [...newest.values()].map(({ site, size }) => `${site} ${size}`).toSorted();
}

test('what was appended is read again, of each site the largest; a file that is not there holds nothing', async () => {
  expect(await read()).toEqual({ newest: new Map(), unsigned: 0 });
  await append(checkpointOf('shop', 3), checkpointOf('clinic', 1));
  await append(checkpointOf('shop', 9), checkpointOf('shop', 5));
  expect([sizes(await read()), (await read()).unsigned]).toEqual([['clinic 1', 'shop 9'], 0]);
  expect(JSON.parse(readFileSync(file, 'utf8').split('\n')[0] ?? '')).toEqual({ site: 'shop', size: 3, root: checkpointOf('shop', 3).root, at: '2026-01-01T00:00:00.000Z', note: checkpointOf('shop', 3).note });
});

test('a line torn by a crash costs only itself', async () => {
  await append(checkpointOf('shop', 3));
  appendFileSync(file, readFileSync(file, 'utf8').slice(0, 100));
  await append(checkpointOf('shop', 4));
  expect([sizes(await read()), (await read()).unsigned]).toEqual([['shop 4'], 1]);
});

test('lines that no key of ours signed hide none that one did', async () => {
  await append(checkpointOf('shop', 3), checkpointOf('clinic', 2));
  const forged = { ...checkpointOf('shop', 7), note: checkpointOf('shop', 7).note.replace('\n7\n', '\n8\n') };
  const lines = [JSON.stringify({ ...forged, size: 8 }), JSON.stringify({ ...checkpointOf('shop', 3), size: 99 }), JSON.stringify({ ...checkpointOf('other', 9), site: 'clinic' }), '{}', 'null', '{"site":"shop","size":1e99,"note":""}', 'x'.repeat(50_000), '{"__proto__":{"site":"shop"}}'];
  appendFileSync(file, `${lines.join('\n')}\n`);
  expect([sizes(await read()), (await read()).unsigned]).toEqual([['clinic 2', 'shop 3'], lines.length]);
});

test('a file of another deployment says nothing of this one', async () => {
  await append(checkpointOf('shop', 3));
  expect(sizes(await readExportFile(file, []))).toEqual([]);
});

test('an emptied file is begun again', async () => {
  await append(checkpointOf('shop', 3));
  writeFileSync(file, '');
  await append(checkpointOf('shop', 4));
  expect(sizes(await read())).toEqual(['shop 4']);
});
