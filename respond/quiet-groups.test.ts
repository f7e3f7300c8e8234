import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Alert } from '../contracts/alert.ts';
import { seededRandom } from '../contracts/seeded-random.ts';
import { sampleAlert } from './control-fixture.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import type { Notification } from './quiet-groups.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const MOST_GROUPS = 5;
let directory = '';
let queue: DeliveryQueue;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tq-quiet-'));
  queue = new DeliveryQueue(directory, MOST_GROUPS);
});
afterEach(async () => {
  await queue[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

function alertOf(n: number, group: string): Alert {
  return sampleAlert(n, { group, quiet_s: 10, back_off: 2, quiet_most_s: 40 });
}

/** What comes of a change to the groups, in a transaction as the responder makes it. */
async function told(change: () => readonly Notification[], fails = false): Promise<readonly Notification[]> {
  let out: readonly Notification[] = [];
  const work = queue.enqueue(() => {
    out = change();
    if (fails) throw new Error('the disk is full');
    return [];
  }, [], undefined, 0);
  if (!fails) await work;
  else await expect(work).rejects.toThrow('the disk is full');
  return fails ? [] : out;
}

const admit = (alerts: readonly Alert[], nowMs: number, fails = false): Promise<readonly Notification[]> => told(() => queue.groups.admit(alerts, nowMs), fails);
const end = (nowMs: number): Promise<readonly Notification[]> => told(() => queue.groups.end(nowMs));

function short(notifications: readonly Notification[]): readonly string[] {
  return notifications.map((n) => (n.kind === 'alert' ? `${n.alert.leaf}` : `${n.summary.held.first.leaf}+${n.summary.held.count - 1}`));
}

test('the first alert is told at once, those after it in one summary at the end of the quiet, and so on', async () => {
  expect(short(await admit([alertOf(1, 'a'), alertOf(2, 'a'), alertOf(3, 'b')], 0))).toEqual(['1', '3']);
  expect(short(await admit([alertOf(4, 'a')], 9_999))).toEqual([]);
  expect(queue.groups.counts()).toEqual({ quiet: 2, held: 2, heldEver: 2, summaries: 0, cutShort: 0 });
  expect(short(await end(9_999))).toEqual([]);
  expect(queue.groups.nextEndMs()).toBe(10_000);
  expect(short(await end(10_000))).toEqual(['2+1']);
  expect(short(await admit([alertOf(5, 'b'), alertOf(6, 'a')], 10_001))).toEqual(['5']);
  expect(short(await end(30_000))).toEqual(['6+0']);
  expect(short(await admit([alertOf(7, 'a')], 40_000))).toEqual([]);
});

test('an alert that comes when the quiet is over is told at once, though nobody had looked yet', async () => {
  await admit([alertOf(1, 'a')], 0);
  expect(short(await admit([alertOf(2, 'a')], 10_000))).toEqual(['2']);
  await admit([alertOf(3, 'a')], 10_001);
  expect(short(await admit([alertOf(4, 'a')], 20_000))).toEqual(['3+0']);
  expect(queue.groups.counts()).toMatchObject({ quiet: 1, held: 1 });
});

test('with too many groups the quiet that would end first ends, and tells what it held', async () => {
  for (let n = 0; n < MOST_GROUPS; n++) await admit([alertOf(n, `g${n}`)], n);
  await admit([alertOf(10, 'g0'), alertOf(11, 'g0')], 100);
  expect(short(await admit([alertOf(12, 'new')], 101))).toEqual(['12', '10+1']);
  expect(queue.groups.counts()).toMatchObject({ quiet: MOST_GROUPS, held: 0, cutShort: 1 });
  const burst = Array.from({ length: 4 * MOST_GROUPS }, (_, i) => alertOf(20 + i, `burst${i}`));
  const outcome = await admit([...burst, ...burst.map((a) => ({ ...a, leaf: a.leaf + 100 }))], 102);
  const { quiet, held } = queue.groups.counts();
  expect(outcome.length + held).toBe(8 * MOST_GROUPS);
  expect(quiet).toBe(MOST_GROUPS);
});

test('a transaction that fails leaves the groups as they were', async () => {
  await admit([alertOf(1, 'a')], 0);
  const before = queue.groups.counts();
  await admit([alertOf(2, 'a'), alertOf(3, 'b')], 1, true);
  expect(queue.groups.counts()).toEqual(before);
  expect(short(await end(10_000))).toEqual([]);
  expect(queue.groups.nextEndMs()).toBeUndefined();
});

test(`whatever comes, restarts and clock jumps, each alert is told once, and no group twice in a quiet, seed ${SEED}`, async () => {
  const random = seededRandom(SEED);
  const upTo = (n: number): number => Math.floor(random() * n);
  const toldOf = new Map<number, number>();
  let nowMs = 1_000_000;
  let summarised = 0;
  let lastTold = new Map<string, number>();
  const note = (notifications: readonly Notification[], cutBefore: number): void => {
    for (const notification of notifications) {
      const { group, leaf } = notification.kind === 'alert' ? notification.alert : notification.summary.held.first;
      if (notification.kind === 'alert') toldOf.set(leaf, (toldOf.get(leaf) ?? 0) + 1);
      else summarised += notification.summary.held.count;
      // A group that was cut short may be told again at once; else its quiet, of ten seconds or more, lies between.
      if (queue.groups.counts().cutShort > cutBefore) lastTold = new Map();
      expect(nowMs - (lastTold.get(group) ?? -Infinity)).toBeGreaterThanOrEqual(10_000);
      if (queue.groups.counts().cutShort === cutBefore) lastTold.set(group, nowMs);
    }
  };
  let n = 0;
  for (let step = 0; step < 1_500; step++) {
    const jump = random();
    if (jump < 0.01) {
      nowMs += (random() - 0.5) * 1e9;
      lastTold = new Map();
      await told(() => {
        queue.groups.rewind(nowMs);
        return [];
      });
    } else nowMs += upTo(3_000);
    if (jump > 0.99) {
      await queue[Symbol.asyncDispose]();
      queue = new DeliveryQueue(directory, MOST_GROUPS);
    }
    const cutBefore = queue.groups.counts().cutShort;
    if (random() < 0.3) note(await end(nowMs), cutBefore);
    const alerts = Array.from({ length: upTo(4) }, () => alertOf(n++, `g${upTo(random() < 0.01 ? 8 : 5)}`));
    note(await admit(alerts, nowMs, random() < 0.02 && (n -= alerts.length) >= 0), cutBefore);
    expect(queue.groups.counts().quiet).toBeLessThanOrEqual(MOST_GROUPS);
  }
  const { held, heldEver } = queue.groups.counts();
  expect([...toldOf.values()].every((times) => times === 1)).toBe(true);
  expect(toldOf.size + summarised + held).toBe(n);
  expect(heldEver).toBe(summarised + held);
  while (queue.groups.nextEndMs() !== undefined) {
    nowMs += 40_000;
    for (const notification of await end(nowMs)) if (notification.kind === 'summary') summarised += notification.summary.held.count;
  }
  expect(toldOf.size + summarised).toBe(n);
  expect(queue.groups.counts()).toMatchObject({ quiet: 0, held: 0 });
});
