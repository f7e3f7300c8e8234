import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createEchoes } from './echoes.ts';
import type { Rollback } from './rollback.ts';
import { checkpointOf, fakeStored } from './test-log.ts';

function echo(site: string, size: number, history?: string): string {
  return `${size}:${checkpointOf(site, size, history).root}`;
}

function open(rows = [checkpointOf('shop', 3), checkpointOf('shop', 9), checkpointOf('clinic', 2)]) {
  const stored = fakeStored(rows);
  const reported: Rollback[] = [];
  const state = { asked: 0, away: false };
  const echoes = createEchoes({
    stored: { rootsAt: async (site, size) => {
      state.asked++;
      if (state.away) throw new Error('the store is away');
      return stored.rootsAt(site, size);
    } },
    report: async (rollback) => void reported.push(rollback), onProblem: () => undefined, waitMs: 1,
  });
  return { echoes, stored, reported, state };
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 2_000 && !condition(); i++) await sleep(1);
  expect(condition()).toBe(true);
}

test('what the store has is no news, and is asked for once', async () => {
  const { echoes, reported, state } = open();
  await using _ = echoes;
  for (let i = 0; i < 50; i++) {
    echoes.seen('shop', echo('shop', 9));
    echoes.seen('clinic', echo('clinic', 2));
    await sleep(1);
  }
  expect([state.asked, reported]).toEqual([2, []]);
});

test.each([
  ['a larger tree than is stored', echo('shop', 20), 'rolled-back'],
  ['another root of a stored size', echo('shop', 9, 'other'), 're-signed'],
  ['a size that was never published', echo('shop', 4), 'rolled-back'],
])('%s is reported, once, though the site goes on with what it is given now', async (_what, contradiction, kind) => {
  const { echoes, reported } = open();
  await using _ = echoes;
  echoes.seen('shop', contradiction);
  echoes.seen('shop', echo('shop', 3));
  await until(() => reported.length > 0);
  for (let i = 0; i < 20; i++) {
    echoes.seen('shop', contradiction);
    await sleep(1);
  }
  expect(reported).toEqual([{ site: 'shop', kind, size: Number(contradiction.split(':')[0]), root: contradiction.split(':')[1], source: 'site' }]);
});

test('a replica that lags is no rollback', async () => {
  const { echoes, stored, reported, state } = open();
  await using _ = echoes;
  echoes.seen('shop', echo('shop', 10));
  await until(() => state.asked === 1);
  stored.rows.push(checkpointOf('shop', 10));
  await until(() => state.asked === 2);
  await sleep(10);
  expect([state.asked, reported]).toEqual([2, []]);
});

test('a store that is away is asked again', async () => {
  const { echoes, reported, state } = open();
  await using _ = echoes;
  state.away = true;
  echoes.seen('shop', echo('shop', 20));
  await until(() => state.asked > 3);
  expect(reported).toEqual([]);
  state.away = false;
  await until(() => reported.length === 1);
});

test('a flood of echoes is bounded, of one site too, and none is a site of ours', async () => {
  const { echoes, state } = open([]);
  state.away = true;
  for (let i = 0; i < 30_000; i++) {
    echoes.seen(`site-${i}`, `1:${'A'.repeat(43)}=`);
    echoes.seen('shop', `${i}:${'A'.repeat(43)}=`);
  }
  echoes.seen('_system', `1:${'A'.repeat(43)}=`);
  await until(() => state.asked > 0);
  await echoes[Symbol.asyncDispose]();
  expect(state.asked).toBeLessThanOrEqual(10_000);
});
