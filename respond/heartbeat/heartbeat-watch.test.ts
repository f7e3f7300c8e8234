import { expect, test } from 'vitest';
import type { Act } from '../../contracts/trail.ts';
import { BACK_AFTER_MS, SILENT_AFTER_MS, watchHeartbeats } from './heartbeat-watch.ts';
import type { SiteBeat } from './heartbeat-watch.ts';

const START = Date.UTC(2026, 10, 21, 12);

/** Sites that beat when a test says so, what the trail was told, and a watch that ran for a day before. */
function world() {
  const beats = new Map<string, SiteBeat>();
  const told = new Map([['', `${START} ${START - 86_400_000}`]]);
  const acts: string[] = [];
  const failing = new Set<string>();
  let rounds = 0;
  const clock = { nowMs: START };
  const deps = {
    beats: async () => (rounds++, [...beats.values()]),
    note: async ({ action, target, id }: Act) => {
      if (failing.has('note')) throw new Error('note');
      acts.push(`${action} ${target?.name ?? ''}`);
      expect(id).toContain(`${action} ${target?.name ?? ''} `);
    },
    told,
    nowMs: () => clock.nowMs,
    everyMs: 1,
  };
  const nextRounds = async () => {
    const from = rounds;
    await expect.poll(() => rounds, { interval: 1 }).toBeGreaterThan(from + 2);
  };
  const beat = (site: string, lastMs: number, seenUntilMs: number) => void beats.set(site, { site, lastMs, seenUntilMs });
  const pass = (ms: number) => (clock.nowMs += ms);
  return { deps, acts, told, failing, beat, nextRounds, pass };
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
  expect([w.acts, [...w.told.keys()]]).toEqual([[], ['']]);
  w.failing.clear();
  await w.nextRounds();
  expect(w.acts).toEqual(['heartbeat-missed shop']);
});

test('after a pause of our own no site was silent until all had time to come back, also over a restart in between', async () => {
  const w = world();
  const backMs = w.pass(3_600_000);
  w.beat('back', START, backMs);
  w.beat('gone', START, backMs);
  await using first = watchHeartbeats(w.deps);
  await w.nextRounds();
  w.pass(60_000);
  w.beat('back', backMs + 60_000, backMs + 60_000);
  await w.nextRounds();
  await first[Symbol.asyncDispose]();
  await using _ = watchHeartbeats(w.deps);
  w.beat('back', backMs + BACK_AFTER_MS, backMs + BACK_AFTER_MS);
  w.beat('gone', START, backMs + BACK_AFTER_MS);
  await w.nextRounds();
  expect(w.acts).toEqual([]);
  w.beat('gone', START, backMs + BACK_AFTER_MS + 1);
  await w.nextRounds();
  expect(w.acts).toEqual(['heartbeat-missed gone']);
});

test('a site is heard of again only when something came of it', async () => {
  const w = world();
  w.beat('shop', START, START + 900_000);
  await using watch = watchHeartbeats(w.deps);
  await w.nextRounds();
  w.beat('shop', START, START + 1000);
  await w.nextRounds();
  expect([w.acts, watch.status().silent]).toEqual([['heartbeat-missed shop'], ['shop']]);
});
