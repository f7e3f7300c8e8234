import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fingerprint, watchRules } from './rule-watch.ts';

const root = mkdtempSync(path.join(tmpdir(), 'tourniquet-watch-'));
afterAll(() => rmSync(root, { recursive: true }));

test('a fingerprint changes with a file\'s content, name and place, and with nothing else', async () => {
  const folder = path.join(root, 'rules');
  mkdirSync(path.join(folder, 'web'), { recursive: true });
  writeFileSync(path.join(folder, 'web/a.yml'), 'title: a');
  const prints = [await fingerprint([folder])];
  expect(await fingerprint([folder])).toBe(prints[0]);
  writeFileSync(path.join(folder, 'web/a.yml'), 'title: ab');
  prints.push(await fingerprint([folder]));
  writeFileSync(path.join(folder, 'b.yml'), 'title: b');
  prints.push(await fingerprint([folder]));
  rmSync(path.join(folder, 'web'), { recursive: true });
  prints.push(await fingerprint([folder]), await fingerprint([path.join(root, 'missing')]));
  expect(new Set(prints).size).toBe(5);
});

test('a fingerprint changes with the folder that a mounted one links to, though the files there have the same size and time', async () => {
  const mounted = path.join(root, 'mounted');
  const mount = (version: string): void => {
    mkdirSync(path.join(mounted, version), { recursive: true });
    writeFileSync(path.join(mounted, version, 'a.yml'), version);
    utimesSync(path.join(mounted, version, 'a.yml'), 1_000, 1_000);
    symlinkSync(version, path.join(mounted, '..next'));
    renameSync(path.join(mounted, '..next'), path.join(mounted, '..data'));
  };
  mount('..one');
  symlinkSync('..data/a.yml', path.join(mounted, 'a.yml'));
  const before = await fingerprint([mounted]);
  expect(await fingerprint([mounted])).toBe(before);
  mount('..two');
  expect(await fingerprint([mounted])).not.toBe(before);
});

test('a fingerprint ends in a folder that links to itself, and leaves out hidden files', async () => {
  const looped = path.join(root, 'looped');
  mkdirSync(path.join(looped, '.git'), { recursive: true });
  symlinkSync('.', path.join(looped, 'again'));
  const before = await fingerprint([looped]);
  writeFileSync(path.join(looped, '.git/index'), 'changed');
  writeFileSync(path.join(looped, '.a.yml.swp'), 'changed');
  expect(await fingerprint([looped])).toBe(before);
});

test('a change is told once it stands still, one at a time, until the end', async () => {
  const file = path.join(root, 'c.yml');
  writeFileSync(file, '0');
  const stop = new AbortController();
  const told: string[] = [];
  let change: (() => void) | undefined;
  const watching = watchRules([file], await fingerprint([file]), 20, async () => {
    told.push('changed');
    change?.();
    return Promise.resolve();
  }, stop.signal);
  for (let i = 1; i <= 3; i++) {
    const changed = new Promise<void>((resolve) => {
      change = resolve;
    });
    // Longer each time: a write within one tick of the file's clock shows by its size.
    writeFileSync(file, 'x'.repeat(i));
    await changed;
  }
  stop.abort();
  await watching;
  expect(told.length).toBe(3);
});
