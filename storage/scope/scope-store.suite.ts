import { expect, test } from 'vitest';
import { createMemoryStore, NO_FACTS } from './memory-store.ts';
import type { MemoryTrail } from './memory-store.ts';
import { MINUTE, trailOf } from './test-trail.ts';
import type { ScopeStore, ScopeView } from './scope-store.ts';

const HOUR = 60 * MINUTE;
export const SUITE_START = Date.UTC(2026, 10, 17, 8);

/** Deeds that every store of the suite holds, one a leaf. */
export const SUITE_TRAIL: MemoryTrail = trailOf('shop', SUITE_START, [
  { at: 0, actor: 'anna', session: 's1', address: '192.0.2.1', agent: 'browser', action: 'order-viewed', how: 'view', people: ['a', 'b'] },
  { at: HOUR, actor: 'anna', session: 's1', address: '192.0.2.1', agent: 'browser', action: 'order-viewed', how: 'view', people: ['b'], role: 'shop_manager' },
  { at: 2 * HOUR, actor: 'bert', session: 's2', address: '192.0.2.1', agent: 'robot', action: 'order-viewed', how: 'view', people: ['c'], role: 'customer', outcome: 'failure' },
  { at: 3 * HOUR, actor: 'bert', address: '192.0.2.9', agent: 'robot', category: 'authentication', action: 'login-failed', outcome: 'failure' },
  // Told a day late, and of a time to come.
  { at: 4 * HOUR, lateMs: 24 * HOUR, actor: 'anna', key: 'k1', address: '192.0.2.2', agent: 'script', action: 'rest-read', how: 'api', people: ['d'] },
  { at: 90 * HOUR, lateMs: -60 * HOUR, actor: 'anna', session: 's3', address: '192.0.2.2', agent: 'browser', action: 'order-viewed', how: 'view', people: ['e'] },
  { at: 5 * HOUR, plugin: 'mailer', category: 'email', action: 'mail-sent', how: 'mail', destination: 'mx.example', people: ['f'] },
  { at: 6 * HOUR, actor: 'anna', session: 's1', address: '192.0.2.1', plugin: 'mailer', category: 'configuration', action: 'plugin-deactivated' },
]);

/** What any store must answer about `SUITE_TRAIL`. `treeSize` may be larger than the trail where a store holds more sites. */
export function scopeStoreSuite(open: () => ScopeStore): void {
  const view: ScopeView = { site: 'shop', treeSize: SUITE_TRAIL.acts.length };
  const all = { fromMs: SUITE_START - HOUR, toMs: SUITE_START + 1_000 * HOUR };
  const leaves = async (kind: Parameters<ScopeStore['deeds']>[1], value: string, of = view, times = all): Promise<readonly number[]> => (await open().deeds(of, kind, [value], times, 100)).map(({ leaf }) => leaf);

  test('presences are by account, session, key and address, with what was done there', async () => {
    const found = await open().presences(view, 'address', ['192.0.2.1'], all, 100);
    expect(found.toSorted((a, b) => (a.actor < b.actor ? -1 : 1))).toEqual([
      { actor: 'anna', session: 's1', key: '', address: '192.0.2.1', staff: true, firstMs: SUITE_START, lastMs: SUITE_START + 6 * HOUR, firstLeaf: 0, lastLeaf: 7, done: 3, persons: 3 },
      { actor: 'bert', session: 's2', key: '', address: '192.0.2.1', staff: false, firstMs: SUITE_START + 2 * HOUR, lastMs: SUITE_START + 2 * HOUR, firstLeaf: 2, lastLeaf: 2, done: 0, persons: 0 },
    ]);
    expect((await open().presences(view, 'actor', ['anna'], all, 1)).map(({ session }) => session)).toEqual(['s3']);
  });

  test.each([
    ['actor', 'anna', [0, 1, 4, 7, 5]], ['session', 's1', [0, 1, 7]], ['key', 'k1', [4]], ['plugin', 'mailer', [6]], ['destination', 'mx.example', [6]], ['address', '192.0.2.9', [3]], ['address', '192.0.2.1', []], ['session', "s1' OR 1=1 --", []],
  ] as const)('deeds of %s %s', async (kind, value, expected) => {
    expect(await leaves(kind, value)).toEqual(expected);
  });

  test('an event is of the time it tells, and never of one after its receipt', async () => {
    const at = (from: number, to: number): Promise<readonly number[]> => leaves('actor', 'anna', view, { fromMs: SUITE_START + from * HOUR, toMs: SUITE_START + to * HOUR });
    expect(await at(4, 5)).toEqual([4]);
    expect(await at(29, 31)).toEqual([5]);
    expect(await at(89, 91)).toEqual([]);
  });

  test('nothing of a later tree or another site is seen', async () => {
    expect(await leaves('actor', 'anna', { ...view, treeSize: 2 })).toEqual([0, 1]);
    expect(await leaves('actor', 'anna', { ...view, site: 'other' })).toEqual([]);
  });

  test('a plugin acts first when it does something itself', async () => {
    expect(await open().firstUses(view, 'plugin', ['mailer', 'other'], all)).toEqual([{ value: 'mailer', firstMs: SUITE_START + 5 * HOUR }]);
  });

  test('programs and rules come by leaf', async () => {
    expect([...(await open().agents(view, [0, 4]))].toSorted(([a], [b]) => a - b)).toEqual([[0, 'browser'], [4, 'script']]);
    expect([...(await open().rulesOf(view, [1, 2, 3]))]).toEqual([[1, ['rule-a', 'rule-b']]]);
  });

  test('an alert stands for its event, a finding for those it rests on', async () => {
    expect(await open().alertLeaves(view, 'alert_one')).toEqual([1]);
    expect(await open().alertLeaves(view, 'alert_other')).toBeUndefined();
    expect((await open().actsAt(view, [4, 1])).map(({ leaf }) => leaf).toSorted()).toEqual([1, 4]);
  });

  test('persons come with the deeds that touched them', async () => {
    const deeds = await open().deeds(view, 'actor', ['anna'], all, 100);
    const found = await open().touched(view, deeds);
    const sorted = found.map(({ subject, kind, jurisdiction, leaves: of }) => [subject[0], kind, jurisdiction, of.toSorted((a, b) => a - b)]).toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
    expect(sorted).toEqual([['a', 'customer', 'DE', [0]], ['b', 'customer', 'DE', [0, 1]], ['d', 'customer', 'DE', [4]], ['e', 'customer', 'DE', [5]]]);
    expect(await open().touched(view, [])).toEqual([]);
  });

  test('the trail ends where it ends', async () => {
    expect(await open().horizon('shop')).toEqual({ treeSize: 8, asOfMs: SUITE_TRAIL.acts.at(-1)?.receivedAtMs });
    expect((await open().horizon('other')).treeSize).toBe(0);
  });
}

/** The suite's trail with what deeds alone do not say. */
export const SUITE_MEMORY: MemoryTrail = { ...SUITE_TRAIL, alerts: new Map([['alert_one', [1]]]), rules: new Map([[1, ['rule-a', 'rule-b']]]), facts: NO_FACTS };

export function memorySuiteStore(): ScopeStore {
  return createMemoryStore(SUITE_MEMORY);
}
