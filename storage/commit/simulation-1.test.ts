import { expect, test } from 'vitest';
import { runShard } from './simulation-shard.ts';

test('whatever crashes, lies or repeats itself: every acknowledged line is stored once, in order, under the right roots (odd seeds, even seeds: two shards)', { timeout: 1_200_000 }, async () => {
  const { failures } = await runShard(0, 2);
  expect(failures).toEqual([]);
});
