import { expect, test } from 'vitest';
import type { Tier } from '../../contracts/tiers.ts';
import type { Hold } from './holds.ts';
import { partitionStates } from './partitions.ts';
import type { StoredPartition } from './partitions.ts';
import { policyOf } from './policy.ts';

const { policy } = policyOf({ presets: ['gdpr'], keep: { brief: '', standard: '', payment: '', health: 'forever', trail: '' } });
const HOLD: Hold = { id: 'h1', site: 'shop', tier: undefined, fromMs: undefined, toMs: undefined, reason: 'case 7', by: 'ada', atMs: 0, released: undefined };

function stored(tier: Tier | undefined, month: number, sites: readonly string[] = ['bank']): StoredPartition {
  return { tier, month, rows: 1, bytes: 1, sites };
}

function states(partitions: readonly StoredPartition[], nowMs: number, holds: readonly Hold[] = []): readonly string[] {
  return partitionStates(partitions, policy, holds, nowMs).map(({ tier, month, state }) => `${tier ?? 'none'} ${month} ${state}`);
}

test('each tier of a month is due at a time of its own, and forever never', () => {
  const partitions = [stored('brief', 202601), stored('standard', 202601), stored('health', 202601)];
  expect(states(partitions, Date.UTC(2026, 2, 2))).toEqual(['brief 202601 kept', 'standard 202601 kept', 'health 202601 kept']);
  expect(states(partitions, Date.UTC(2026, 2, 3))).toEqual(['brief 202601 due', 'standard 202601 kept', 'health 202601 kept']);
  expect(states(partitions, Date.UTC(2027, 1, 1))).toEqual(['brief 202601 due', 'standard 202601 due', 'health 202601 kept']);
  expect(partitionStates(partitions, policy, [], 0).map(({ dueAtMs }) => dueAtMs)).toEqual([Date.UTC(2026, 2, 3), Date.UTC(2027, 1, 1), undefined]);
});

test('a partition with one row of a held site is held whole, and one without is not', () => {
  const partitions = [stored('brief', 202601, ['bank', 'shop']), stored('brief', 202602, ['bank'])];
  expect(states(partitions, Date.UTC(2027, 0), [HOLD])).toEqual(['brief 202601 held', 'brief 202602 due']);
  expect(states(partitions, Date.UTC(2027, 0), [{ ...HOLD, released: { atMs: 1, by: 'a', reason: 'b' } }])).toEqual(['brief 202601 due', 'brief 202602 due']);
});

test('what has no tier waits for every row of its month, and for the longest of all periods', () => {
  const { policy: ending } = policyOf({ presets: ['gdpr'], keep: { brief: '', standard: '', payment: '', health: '', trail: '' } });
  const at = (partitions: readonly StoredPartition[], nowMs: number): readonly string[] => partitionStates(partitions, ending, [], nowMs).filter(({ tier }) => tier === undefined).map(({ state }) => state);
  expect(at([stored('brief', 202601), stored(undefined, 202601)], Date.UTC(2040, 0))).toEqual(['kept']);
  expect(at([stored('brief', 202602), stored(undefined, 202601)], Date.UTC(2040, 0))).toEqual(['due']);
  expect(at([stored(undefined, 202601)], Date.UTC(2032, 0, 31))).toEqual(['kept']);
  expect(at([stored(undefined, 202601)], Date.UTC(2032, 1, 1))).toEqual(['due']);
});
