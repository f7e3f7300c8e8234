import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ruleFilesOf } from './rule-files.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'rule-files-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, content: string | Buffer = name): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** What is found, named from the folder on. */
function found(...paths: readonly string[]): { readonly files: readonly string[]; readonly problems: readonly string[] } {
  const { files, problems } = ruleFilesOf(paths);
  const named = (file: string): string => path.relative(folder, file);
  return { files: files.map(({ file }) => named(file)), problems: problems.map(({ place, message }) => `${named(place.file)} ${message}`) };
}

it('finds rules below a folder in order of their names, without tests, hidden and other files', () => {
  for (const name of ['b.yml', 'a/z.yaml', 'a/y.YML', 'a/y.test.yml', 'a/y.tests.yaml', 'a/.hidden.yml', '.git/c.yml', 'README.md', 'B.yml']) write(name);
  expect(found(folder)).toEqual({ files: ['B.yml', 'a/y.YML', 'a/z.yaml', 'b.yml'], problems: [] });
});

it('reads a file that is named as it is, whatever it is called, and each file once', () => {
  const file = write('rule.test.yml', 'title: ü');
  write('sub/b.yml');
  expect(ruleFilesOf([file]).files).toEqual([{ file, text: 'title: ü' }]);
  expect(found(path.join(folder, 'sub'), folder, path.join(folder, 'sub/b.yml')).files).toEqual(['sub/b.yml']);
});

it('says which path is missing, and reads the others', () => {
  write('a.yml');
  expect(found(path.join(folder, 'nope'), path.join(folder, 'a.yml'))).toEqual({ files: ['a.yml'], problems: ['nope there is no such file or folder'] });
});

it('follows links, but not in a circle', () => {
  write('data/a.yml');
  symlinkSync(path.join(folder, 'data'), path.join(folder, 'link'));
  symlinkSync(folder, path.join(folder, 'data/up'));
  symlinkSync(path.join(folder, 'data/a.yml'), path.join(folder, 'b.yml'));
  symlinkSync(path.join(folder, 'gone'), path.join(folder, 'c.yml'));
  expect(found(folder)).toEqual({ files: ['b.yml'], problems: ['c.yml there is no such file or folder', 'data/up this link leads back into a folder it lies in'] });
});

it('refuses a file that is too large, is not UTF-8, or is none', () => {
  write('a.yml', '#'.repeat(1024 * 1024));
  write('b.yml', '#'.repeat(1024 * 1024 + 1));
  write('c.yml', Buffer.from([0x74, 0xff, 0xfe]));
  symlinkSync('/dev/null', path.join(folder, 'd.yml'));
  expect(found(folder)).toEqual({ files: ['a.yml'], problems: ['b.yml this file has 1048577 bytes, at most 1048576 are read', 'c.yml this file is not UTF-8', 'd.yml this is neither a file nor a folder'] });
});

it('reads UTF-8 with a byte order mark as the same text', () => {
  const file = write('a.yml', '\ufefftitle: t');
  expect(ruleFilesOf([file]).files.map(({ text }) => text)).toEqual(['title: t']);
});
