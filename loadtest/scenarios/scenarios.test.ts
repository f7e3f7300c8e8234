import { expect, test } from 'vitest';
import { backgroundOf } from './background/background.ts';
import { ITEM_NAMES, rulesOfItem } from './catalogue-items.ts';
import { judgeStories } from './judge.ts';
import { scenarioEngine } from './scenario-engine.ts';
import { SITES, siteOf } from './sites.ts';
import { STORIES } from './stories.ts';
import { placed } from './timeline.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
/** A tenth of the views of the full report: what rules look at (acts, scanners, machines) does not grow with them. */
const SHARE = { seed: SEED, views: 100, days: 7 };
const verdict = judgeStories(await scenarioEngine(), STORIES, SHARE);

test('there are at least forty stories, and each item of the catalogue that rules find has one', () => {
  expect(STORIES.length).toBeGreaterThanOrEqual(40);
  const told = STORIES.flatMap(({ items }) => items);
  expect(ITEM_NAMES.filter((item) => !told.includes(item))).toEqual([]);
  expect(told.filter((item) => rulesOfItem(item).length === 0)).toEqual([]);
  expect(new Set(STORIES.map(({ name }) => name)).size).toBe(STORIES.length);
});

test.each(verdict.stories.map((result) => [result.story.title, result] as const))(`%s: found, seed ${SEED}`, (_title, { missed, events }) => {
  expect(missed).toEqual([]);
  expect(events.length).toBeGreaterThan(0);
});

test.each(verdict.stories.map((result) => [result.story.lookAlike.title, result] as const))(`silent: %s, seed ${SEED}`, (_title, { lookAlikeAlerts }) => {
  expect(lookAlikeAlerts.map(({ rule, evidence }) => `${rule} at ${evidence.at(-1)?.id ?? ''}`)).toEqual([]);
});

test(`everyday traffic raises at most one alert in five site-days, seed ${SEED}`, () => {
  const told = verdict.falseAlerts.map(({ rule, evidence }) => `${rule} ${JSON.stringify(evidence.at(-1)?.event)}`);
  expect(verdict.falseAlerts.length / verdict.siteDays, told.slice(0, 8).join('\n')).toBeLessThanOrEqual(0.2);
});

test('a day of a site is the same for the same seed, in order of time, and another for another seed, site or day', () => {
  const [first, second] = [siteOf('payfox'), siteOf('klinik-see')];
  const day = backgroundOf(first, 2, SHARE);
  expect(backgroundOf(first, 2, SHARE)).toEqual(day);
  expect(day.every(({ at }, i) => at >= (day[i - 1]?.at ?? 0))).toBe(true);
  for (const other of [backgroundOf(first, 2, { ...SHARE, seed: SEED + 1 }), backgroundOf(second, 2, SHARE), backgroundOf(first, 3, SHARE)]) expect(other).not.toEqual(day);
});

test('a story knows its events by name and whom they read, and stays inside of the week', () => {
  for (const [i, story] of STORIES.entries()) {
    const events = placed(story, i, SEED);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(events.every(({ site }) => SITES.some(({ name }) => name === site))).toBe(true);
    expect(events.some(({ part }) => part.kind === 'attack') && events.some(({ part }) => part.kind === 'look-alike')).toBe(true);
    expect(verdict.stories[i]?.events).toEqual(events.filter(({ part }) => part.kind === 'attack').map(({ id }) => id));
  }
  expect(verdict.stories.find(({ story }) => story.name === 'night-export')?.subjects.length).toBe(4_213);
});
