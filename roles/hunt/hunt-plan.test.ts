import { expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import type { LeafRange } from '../../storage/query/stored-events.ts';
import { tasksOf } from './hunt-plan.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const leavesOf = (ranges: readonly LeafRange[]): readonly string[] => ranges.flatMap(({ site, first, last }) => Array.from({ length: last - first + 1 }, (_, i) => `${site}/${first + i}`));

test('small sites share a task, a large one has several', () => {
  expect(tasksOf([{ site: 'a', first: 3, last: 4 }, { site: 'b', first: 0, last: 6 }, { site: 'c', first: 9, last: 9 }], 4)).toEqual([
    [{ site: 'a', first: 3, last: 4 }, { site: 'b', first: 0, last: 1 }],
    [{ site: 'b', first: 2, last: 5 }],
    [{ site: 'b', first: 6, last: 6 }, { site: 'c', first: 9, last: 9 }],
  ]);
  expect(tasksOf([], 4)).toEqual([]);
});

test(`tasks hold every leaf once and in order, none too many, seed ${SEED}`, () => {
  const random = seededRandom(SEED);
  for (let round = 0; round < 300; round++) {
    const ranges = Array.from({ length: Math.floor(random() * 6) }, (_, i) => {
      const first = Math.floor(random() * 50);
      return { site: `s${i}`, first, last: first + Math.floor(random() * 60) };
    });
    const most = 1 + Math.floor(random() * 40);
    const tasks = tasksOf(ranges, most);
    expect(leavesOf(tasks.flat())).toEqual(leavesOf(ranges));
    for (const task of tasks) expect([task.length > 0, leavesOf(task).length <= most]).toEqual([true, true]);
  }
});
