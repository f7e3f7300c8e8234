import { describe, expect, test } from 'vitest';
import { judgeInMemory, judge, memoryStoreOf, requestOf } from './judge-scope.ts';
import { computeScope } from '../../storage/scope/compute-scope.ts';
import { BREACHES } from './stories.ts';
import { truthOf, withOneProgram, worldOf } from './world.ts';

const SEEDS = [20_261_121, 7];

describe.each(BREACHES.map((story) => [story.name, story] as const))('%s', (_name, story) => {
  test.each(SEEDS)(`${story.title} (seed %i): everybody touched is found, nobody else`, async (seed) => {
    const world = worldOf(story, seed);
    expect(world.asks.length).toBeGreaterThan(0);
    for (const ask of world.asks) {
      const { truth, found, wrong } = await judgeInMemory(world, ask);
      expect(truth.size).toBeGreaterThan(0);
      expect([ask.seed.kind, found, wrong]).toEqual([ask.seed.kind, truth.size, []]);
    }
  });
});

test('where everybody uses the same program everybody touched is still found, and hardly anybody else', async () => {
  let [found, touched, wrong] = [0, 0, 0];
  for (const story of BREACHES) {
    const world = withOneProgram(worldOf(story, 5));
    for (const ask of world.asks) {
      const judged = await judgeInMemory(world, ask);
      expect([story.name, ask.seed.kind, judged.found]).toEqual([story.name, ask.seed.kind, judged.truth.size]);
      [found, touched, wrong] = [found + judged.found, touched + judged.truth.size, wrong + judged.wrong.length];
    }
  }
  expect(found).toBe(touched);
  expect(wrong / (found + wrong)).toBeLessThan(0.005);
});

test('a breach is told the same way twice, and differently by another seed', () => {
  const [story] = BREACHES;
  if (story === undefined) throw new Error('there are no stories');
  const lines = (seed: number): string => worldOf(story, seed).arrived.map(({ event }) => JSON.stringify(event)).join('\n');
  expect(lines(1)).toBe(lines(1));
  expect(lines(1)).not.toBe(lines(2));
});

test('events arrive late and out of order', () => {
  const worlds = BREACHES.map((story) => worldOf(story, 7));
  const outOfOrder = worlds.filter(({ arrived }) => arrived.some(({ source }, i) => i > 0 && source.at < (arrived[i - 1]?.source.at ?? 0) - 3_600_000));
  const lateBreaches = worlds.filter(({ arrived }) => arrived.some(({ part, source, receivedAtMs }) => part === 'breach' && receivedAtMs - source.at > 3_600_000));
  expect([outOfOrder.length, lateBreaches.length > 4]).toEqual([worlds.length, true]);
});

test('the judge finds out a scope that follows everything, and one that follows nothing', async () => {
  const story = BREACHES.find(({ name }) => name === 'copied-session');
  const world = story === undefined ? undefined : worldOf(story, 7);
  const ask = world?.asks.find(({ seed }) => seed.kind === 'address');
  if (world === undefined || ask === undefined) throw new Error('the story is gone');
  const everything = judge(world, ask, await computeScope(memoryStoreOf(world, ask), { ...requestOf(world, ask), leastConfidence: 0.01 }));
  expect(everything.wrong.length).toBeGreaterThan(10);
  const elsewhere = judge(world, ask, await computeScope(memoryStoreOf(world, ask), { ...requestOf(world, ask), seed: { kind: 'address', value: '192.0.2.254' } }));
  expect([elsewhere.found, elsewhere.truth.size > 0, truthOf(world, ask).size]).toEqual([0, true, elsewhere.truth.size]);
});
