import { expect, test } from 'vitest';
import type { Act } from '../../contracts/trail.ts';
import { SILENT_AFTER_MS, watchHeartbeats } from './heartbeat-watch.ts';
import type { SiteBeat } from './heartbeat-watch.ts';

const START = Date.UTC(2026, 10, 21, 12);

/** Sites that beat when a test says so, and what the trail was told. */
function world() {
  const beats = new Map<string, SiteBeat>();
  const told = new Map<string, string>();
  const acts: string[] = [];
  const failing = new Set<string>();
  let rounds = 0;
  const deps = {
    beats: async () => (rounds++, [...beats.values()]),
    note: async ({ action, target, id }: Act) => {
      if (failing.has('note')) throw new Error('note');
      acts.push(`${action} ${target?.name ?? ''}`);
      expect(id).toContain(`${action} ${target?.name ?? ''} `);
    },
    told,
    everyMs: 1,
  };
  const nextRounds = async () => {
    const from = rounds;
    await expect.poll(() => rounds, { interval: 1 }).toBeGreaterThan(from + 2);
  };
  const beat = (site: string, lastMs: number, seenUntilMs: number) => void beats.set(site, { site, lastMs, seenUntilMs });
  return { deps, acts, told, failing, beat, nextRounds };
}

test('a silence is told once, and its end once', async () => {
  const w = world();
  await using watch = watchHeartbeats(w.deps);
  w.beat('shop', START, START + SILENT_AFTER_MS);
  await w.nextRounds();
  expect(w.acts).toEqual([]);
  w.beat('shop', START, START + SILENT_AFTER_MS + 1);
  await w.nextRounds();
  expect([w.acts, watch.status().silent]).toEqual([['heartbeat-missed shop'], ['shop']]);
  w.beat('shop', START + 600_000, START + 600_100);
  await w.nextRounds();
  expect([w.acts, watch.status().silent]).toEqual([['heartbeat-missed shop', 'heartbeat-resumed shop'], []]);
});

test('a worker that lags is no silence, however late it is', async () => {
  const w = world();
  await using _ = watchHeartbeats(w.deps);
  w.beat('shop', START, START + 1000);
  await w.nextRounds();
  expect(w.acts).toEqual([]);
});

test('a restart repeats nothing, and tells of a new silence after a beat that nobody saw', async () => {
  const w = world();
  w.beat('shop', START, START + 900_000);
  await using first = watchHeartbeats(w.deps);
  await w.nextRounds();
  await first[Symbol.asyncDispose]();
  await using _ = watchHeartbeats(w.deps);
  await w.nextRounds();
  expect(w.acts).toEqual(['heartbeat-missed shop']);
  w.beat('shop', START + 1_000_000, START + 1_900_000);
  await w.nextRounds();
  expect(w.acts).toEqual(['heartbeat-missed shop', 'heartbeat-missed shop']);
});

test('what cannot be put on the trail is told later', async () => {
  const w = world();
  w.failing.add('note');
  w.beat('shop', START, START + 900_000);
  const errors: unknown[] = [];
  await using _ = watchHeartbeats({ ...w.deps, onError: (error) => errors.push(error) });
  await expect.poll(() => errors.length, { interval: 1 }).toBeGreaterThan(1);
  expect([w.acts, w.told.size]).toEqual([[], 0]);
  w.failing.clear();
  await w.nextRounds();
  expect(w.acts).toEqual(['heartbeat-missed shop']);
});
