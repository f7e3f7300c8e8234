import { expect, test } from 'vitest';
import { quietLog } from './quiet-log.ts';

test('of equal lines one is written in ten seconds, and the next one says how many were left out', () => {
  const lines: unknown[] = [];
  let nowMs = 0;
  const log = quietLog((event, fields) => lines.push([nowMs, event, fields]), () => nowMs);
  for (; nowMs < 25_000; nowMs += 1_000) log('kafka', { message: 'refused', broker: 'a' });
  expect(lines).toEqual([
    [0, 'kafka', { message: 'refused', broker: 'a' }],
    [10_000, 'kafka', { message: 'refused', broker: 'a', left_out: 9 }],
    [20_000, 'kafka', { message: 'refused', broker: 'a', left_out: 9 }],
  ]);
});

test('lines that differ are all written', () => {
  const lines: unknown[] = [];
  const log = quietLog((...line) => lines.push(line), () => 0);
  log('kafka', { message: 'refused', broker: 'a' });
  log('kafka', { message: 'refused', broker: 'b' });
  log('letters', { message: 'refused', broker: 'a' });
  log('kafka');
  expect(lines).toHaveLength(4);
});
