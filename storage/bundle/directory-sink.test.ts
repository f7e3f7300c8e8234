import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeToDirectory } from './directory-sink.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'tourniquet-sink-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

async function* chunks(...texts: readonly string[]): AsyncGenerator<string> {
  yield* texts;
}

test('files of one bundle appear together, for their owner alone', async () => {
  const target = path.join(root, 'case', 'bundle');
  const result = await writeToDirectory(target, async (sink) => {
    await sink.write('a.txt', chunks('one\n', 'caf\u00e9\n'));
    await sink.write('rules/b.json', chunks('{}'));
    expect(existsSync(target)).toBe(false);
    return 7;
  });
  expect(result).toBe(7);
  expect(readFileSync(path.join(target, 'a.txt'), 'utf8')).toBe('one\ncaf\u00e9\n');
  expect(readFileSync(path.join(target, 'rules/b.json'), 'utf8')).toBe('{}');
  expect(statSync(target).mode & 0o777).toBe(0o700);
  expect(statSync(path.join(target, 'a.txt')).mode & 0o777).toBe(0o600);
  expect(readdirSync(path.dirname(target))).toEqual(['bundle']);
});

test('an empty directory is taken, one that holds something is refused and stays', async () => {
  mkdirSync(path.join(root, 'empty'));
  await writeToDirectory(path.join(root, 'empty'), (sink) => sink.write('a', chunks('x')));
  expect(readdirSync(path.join(root, 'empty'))).toEqual(['a']);
  await expect(writeToDirectory(path.join(root, 'empty'), (sink) => sink.write('b', chunks('x')))).rejects.toMatchObject({ code: 'TQ-STORAGE-51' });
  writeFileSync(path.join(root, 'file'), '');
  await expect(writeToDirectory(path.join(root, 'file'), (sink) => sink.write('b', chunks('x')))).rejects.toMatchObject({ code: 'TQ-STORAGE-51' });
  expect(readdirSync(path.join(root, 'empty'))).toEqual(['a']);
});

test('what failed half way leaves no bundle, and the next one does not stumble over it', async () => {
  const target = path.join(root, 'bundle');
  const failing = writeToDirectory(target, async (sink) => {
    await sink.write('a', chunks('x'));
    throw new Error('the store went away');
  });
  await expect(failing).rejects.toThrow('the store went away');
  expect(existsSync(target)).toBe(false);
  await writeToDirectory(target, (sink) => sink.write('b', chunks('y')));
  expect(readdirSync(target)).toEqual(['b']);
});
