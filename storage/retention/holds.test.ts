import { describe, expect, test } from 'vitest';
import { createLogDisk, openMemoryLog } from '../../contracts/memory-log.ts';
import { addHold, coversMonth, coversSite, readHolds, releaseHold } from './holds.ts';
import type { Hold, NewHold } from './holds.ts';

const BASE: NewHold = { site: undefined, tier: undefined, fromMs: undefined, toMs: undefined, reason: 'case 7', by: 'ada', atMs: 5 };

function hold(more: Partial<Hold> = {}): Hold {
  return { id: 'x', ...BASE, released: undefined, ...more };
}

describe('on the registry', () => {
  test('a hold is read back by another process, released once, and the first release stays', async () => {
    const disk = createLogDisk(1);
    const { registry } = openMemoryLog(disk);
    const one = await addHold(registry, { ...BASE, site: 'shop', tier: 'health', fromMs: 1, toMs: 9 });
    const two = await addHold(registry, BASE);
    expect(await readHolds(openMemoryLog(disk).registry)).toEqual([one, two]);
    await releaseHold(registry, one.id, { atMs: 7, by: 'bob', reason: 'closed' });
    await releaseHold(registry, one.id, { atMs: 8, by: 'eve', reason: 'again' });
    expect((await readHolds(registry)).map(({ id, released }) => [id, released?.by])).toEqual([[one.id, 'bob'], [two.id, undefined]]);
  });

  test('what is no hold cannot be released', async () => {
    const { registry } = openMemoryLog(createLogDisk(1));
    await expect(releaseHold(registry, 'nothing', { atMs: 1, by: 'a', reason: 'b' })).rejects.toMatchObject({ code: 'TQ-STORAGE-40' });
  });

  test('more entries than one read gives are all read, and others passed over', async () => {
    const { registry } = openMemoryLog(createLogDisk(1));
    for (let i = 0; i < 1_200; i++) await registry.append('site/shop/x', '{}');
    const { id } = await addHold(registry, BASE);
    expect((await readHolds(registry)).map((one) => one.id)).toEqual([id]);
  });

  test.each(['', '[', 'null', '7', '{"tier":"secret","fromMs":"x"}'])('a record that reads %j holds everything', async (value) => {
    const { registry } = openMemoryLog(createLogDisk(1));
    await registry.claim('hold/damaged', value);
    const [damaged] = await readHolds(registry);
    expect(damaged !== undefined && coversMonth(damaged, 'brief', 202601, ['any'])).toBe(true);
  });
});

describe('what a hold covers', () => {
  const JANUARY = { from: Date.UTC(2026, 0), to: Date.UTC(2026, 1) };
  test.each<readonly [string, Partial<Hold>, boolean]>([
    ['everything', {}, true],
    ['one of the sites', { site: 'shop' }, true], ['another site', { site: 'bank' }, false],
    ['the tier', { tier: 'health' }, true], ['another tier', { tier: 'brief' }, false],
    ['a time that ends in the month', { toMs: JANUARY.from + 1 }, true], ['a time that ends as the month begins', { toMs: JANUARY.from }, false],
    ['a time that begins in the month', { fromMs: JANUARY.to - 1 }, true], ['a time that begins after the month', { fromMs: JANUARY.to }, false],
    ['a released one', { released: { atMs: 1, by: 'a', reason: 'b' } }, false],
  ])('%s', (_name, more, covers) => {
    expect(coversMonth(hold(more), 'health', 202601, ['clinic', 'shop'])).toBe(covers);
  });

  test('what has no tier is covered by a hold on any tier', () => {
    expect(coversMonth(hold({ tier: 'brief' }), undefined, 202601, ['shop'])).toBe(true);
  });

  test('sites that are not known are taken to be covered', () => {
    expect(coversMonth(hold({ site: 'bank' }), 'brief', 202601, undefined)).toBe(true);
  });

  test('nothing of a held site may be erased, whatever tier or time the hold names', () => {
    expect([coversSite(hold({ site: 'shop', tier: 'brief', toMs: 1 }), 'shop'), coversSite(hold(), 'shop'), coversSite(hold({ site: 'bank' }), 'shop')]).toEqual([true, true, false]);
    expect(coversSite(hold({ released: { atMs: 1, by: 'a', reason: 'b' } }), 'shop')).toBe(false);
  });
});
