import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MANIPULATIONS } from '../tamper/manipulations.ts';
import { PROBLEM_KINDS } from './problem.ts';

test('docs/verify.md explains every kind, in order, and no other', () => {
  const page = readFileSync(new URL('../../docs/verify.md', import.meta.url), 'utf8');
  expect(Array.from(page.matchAll(/^\| `([a-z-]+)` \|/gm), ([, kind]) => kind)).toEqual([...PROBLEM_KINDS]);
});

test('of every kind there is a manipulation', () => {
  const tried = new Set(MANIPULATIONS.map(({ kind }) => kind));
  expect(PROBLEM_KINDS.filter((kind) => !tried.has(kind))).toEqual([]);
});
