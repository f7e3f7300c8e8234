import { expect, test } from 'vitest';
import type { CommitterDeps } from './committer-deps.ts';
import { runHistory } from './simulation.ts';
import { runShard } from './simulation-shard.ts';

test('a seed gives the same history every time', async () => {
  for (const seed of [1, 2, 3, 4, 5]) expect(await runHistory(seed)).toEqual(await runHistory(seed));
});

test('the histories hold all that can go wrong', async () => {
  const { sums } = await runShard(0, 1, {}, 400);
  for (const [what, times] of Object.entries(sums)) expect(times, what).toBeGreaterThan(5);
});

const withStore = (change: (store: CommitterDeps['store']) => Partial<CommitterDeps['store']>) => ({
  deps: (deps: CommitterDeps): CommitterDeps => ({ ...deps, store: { ...deps.store, ...change(deps.store) } }),
});

/** Each breaks one promise the committer rests on, or one it keeps: the checks must see it. */
const SABOTAGES = {
  'the store forgets tokens and miscounts': withStore((store) => ({ insert: (token, rows) => store.insert(`${token} ${Math.random()}`, rows), count: async () => 0 })),
  'rows are said to be stored before they are': withStore((store) => ({ insert: async (token, rows) => void store.insert(token, rows).catch(() => {}) })),
  'lost rows are counted as stored': withStore((store) => {
    const seen = new Map<string, number>();
    return {
      count: async (table, range, from, to) => {
        const key = `${table} ${range.first} ${range.last}`;
        const found = Math.max(seen.get(key) ?? 0, await store.count(table, range, from, to));
        seen.set(key, found);
        return found;
      },
      insert: async (token, rows) => (rows.table === 'matches' ? undefined : store.insert(token, rows)),
    };
  }),
  'the second claim wins': { deps: (deps: CommitterDeps): CommitterDeps => ({ ...deps, log: { ...deps.log, control: { ...deps.log.control, claim: async (key: string, value: string) => ({ ...(await deps.log.control.claim(key, value)), key, value }) } } }) },
  'blocks are let go of before they are stored': { deps: (deps: CommitterDeps): CommitterDeps => ({ ...deps, log: { ...deps.log, trim: async (partition: number) => deps.log.trim(partition, (await deps.log.bounds(partition)).next) } }) },
  'old repeats are unknown to the store': withStore(() => ({ hasBlock: async () => false })),
  'any repeat is known to the store': withStore(() => ({ hasBlock: async () => true })),
  'keys change inside a group': { deps: (deps: CommitterDeps): CommitterDeps => {
    let epoch = 0;
    return { ...deps, siteKeys: async (site, asked) => deps.siteKeys(site, (asked ?? 0) > 0 ? ++epoch : undefined) };
  } },
};

test.for(Object.entries(SABOTAGES))('the simulation sees that %s', async ([, sabotage]) => {
  const { failures } = await runShard(0, 1, sabotage, 300);
  expect(failures.length).toBeGreaterThan(0);
});
