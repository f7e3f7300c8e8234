import { expect, test } from 'vitest';
import { breakLine } from './break-line.ts';
import type { Break } from './break-line.ts';

const NOW = Date.UTC(2026, 10, 21);

test.each<readonly [Break, object]>([
  [{ type: 'lost', partition: 3, from: 7, to: 9 }, { event: { severity: 73 }, tourniquet: { correlation: { break: 'lost', partition: 3, epoch: 2, from: 7, to: 9 } } }],
  [{ type: 'cut', partition: 3, next: 9, end: 4 }, { event: { severity: 73 }, tourniquet: { correlation: { break: 'cut', partition: 3, epoch: 2 } } }],
  [{ type: 'changed', partition: 3, version: 'v' }, { event: { severity: 21 }, tourniquet: { correlation: { break: 'changed', partition: 3, epoch: 2 } } }],
])('$0.type is an alert event of its own, high where observations were lost', (reason, expected) => {
  const event: unknown = JSON.parse(breakLine(reason, 2, NOW));
  expect(event).toMatchObject({ '@timestamp': '2026-11-21T00:00:00.000Z', event: { kind: 'alert' }, rule: { id: 'tourniquet.correlation.break' } });
  expect(event).toMatchObject(expected);
});
