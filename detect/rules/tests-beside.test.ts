import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readTestsBeside } from './tests-beside.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'tourniquet-beside-'));
writeFileSync(path.join(folder, 'page.test.yml'), '- { title: it does, event: { a: 1 }, matches: true }\n- { title: half }\n');
mkdirSync(path.join(folder, 'folder.test.yml'));

afterAll(() => rmSync(folder, { recursive: true }));

function beside(...names: readonly string[]): ReturnType<typeof readTestsBeside> {
  return readTestsBeside(names.map((name) => ({ file: path.join(folder, name) })));
}

test('tests are read from the file beside a rule file, once, with its problems', () => {
  const { tests, problems, files } = beside('page.yml', 'page.yaml');
  expect(tests.map(({ title }) => title)).toEqual(['it does']);
  expect(new Set(problems.map(({ place }) => `${place.file}:${place.line}`))).toEqual(new Set([`${folder}/page.test.yml:2`]));
  expect(files.length).toBe(1);
});

test('there is nothing beside tests, other files and folders', () => {
  expect(beside('page.test.yml', 'page.txt', 'folder.yml', 'other.yml')).toEqual({ tests: [], problems: [], files: [] });
});
