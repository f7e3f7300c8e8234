import { expect, test } from 'vitest';
import { MAX_BLOCK_BYTES, MAX_BLOCK_LINES } from '../../contracts/limits.ts';
import { isName, SYSTEM_SITE } from '../../contracts/names.ts';
import { endOfRuns } from '../commit/ingress-runs.ts';
import { BEFORE_ALL, findingBlocks, findingStream } from './finding-blocks.ts';

const FINDINGS = Array.from({ length: 3_000 }, (_, i) => ({ site: ['a', 'b', SYSTEM_SITE][i % 3] ?? '', line: JSON.stringify({ event: { id: `finding ${i}` }, sites: 'x'.repeat(2_000) }) }));

test('findings go to the trails of their sites, in order, in blocks that a record can hold, each at a place of its own', () => {
  const blocks = findingBlocks(3, 2, 40, FINDINGS, 77);
  for (const site of ['a', 'b', SYSTEM_SITE]) {
    const mine = blocks.filter((b) => b.site === site);
    expect(mine.length).toBeGreaterThan(1);
    expect(mine.flatMap(({ body }) => body.toString().split('\n').slice(0, -1))).toEqual(FINDINGS.filter((f) => f.site === site).map((f) => f.line));
    const places = mine.map(({ head }) => endOfRuns(head.ingress?.runs ?? []));
    expect(places).toEqual(Array.from(places, (_, i) => 41 * 4_096 + i + 1));
  }
  for (const { head, body } of blocks) {
    expect(body.length).toBeLessThanOrEqual(MAX_BLOCK_BYTES);
    expect(head.lines).toBeLessThanOrEqual(MAX_BLOCK_LINES);
    expect(head).toMatchObject({ stream: '_correlation.3.2', received_at: 77, framing: 'plain' });
  }
});

test('places rise with the position of what was observed; what an epoch says of itself stands before', () => {
  const [finding] = FINDINGS;
  const ends = [BEFORE_ALL, 0, 1, 2, 2 ** 40].map((position) => findingBlocks(0, 1, position, finding === undefined ? [] : [finding], 5).map(({ head }) => endOfRuns(head.ingress?.runs ?? [])));
  expect(ends).toEqual([[1], [4_097], [8_193], [12_289], [2 ** 52 + 4_097]]);
});

test('no shipper can write to a stream of findings', () => {
  expect(isName(findingStream(0, 1))).toBe(false);
});

test('equal findings of an equal position are equal bytes', () => {
  expect(findingBlocks(3, 2, 40, FINDINGS, 77)).toEqual(findingBlocks(3, 2, 40, [...FINDINGS], 77));
});

test('more lines than a block may have are cut', () => {
  const many = Array.from({ length: MAX_BLOCK_LINES + 1 }, (_, i) => ({ site: 'a', line: String(i) }));
  expect(findingBlocks(0, 1, 0, many, 5).map(({ head }) => head.lines)).toEqual([MAX_BLOCK_LINES, 1]);
});

test('no findings make no block', () => {
  expect(findingBlocks(0, 1, 0, [], 5)).toEqual([]);
});
