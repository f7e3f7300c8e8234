import { expect, test } from 'vitest';
import type { PartitionOwnership } from '../contracts/ownership.ts';
import { workOnOwned } from './partition-work.ts';

function fakeOwnership(): PartitionOwnership & { own(...partitions: number[]): void } {
  let listener: (owned: ReadonlySet<number>) => void = () => undefined;
  return {
    owned: new Set(),
    onChange: (l) => {
      listener = l;
    },
    done: () => undefined,
    failed: new Promise(() => undefined),
    own: (...partitions) => listener(new Set(partitions)),
    async [Symbol.asyncDispose]() {},
  };
}

const untilAborted = (signal: AbortSignal): Promise<void> => new Promise((resolve) => signal.addEventListener('abort', () => resolve()));

test('each owned partition is worked on once, and only while it is owned', async () => {
  const ownership = fakeOwnership();
  const now = new Set<number>();
  const log: string[] = [];
  await using work = workOnOwned(ownership, async (partition, signal) => {
    expect(now.has(partition)).toBe(false);
    now.add(partition);
    log.push(`+${partition}`);
    await untilAborted(signal);
    now.delete(partition);
    log.push(`-${partition}`);
  }, () => undefined);
  ownership.own(0, 1);
  ownership.own(0, 1);
  await expect.poll(() => [...now]).toEqual([0, 1]);
  ownership.own(1, 2);
  await expect.poll(() => [...now]).toEqual([1, 2]);
  await work[Symbol.asyncDispose]();
  expect([...now]).toEqual([]);
  expect(log).toEqual(['+0', '+1', '-0', '+2', '-1', '-2']);
});

test('a partition given back before its last work ended waits for that end', async () => {
  const ownership = fakeOwnership();
  const slow = Promise.withResolvers<void>();
  let runs = 0;
  await using _work = workOnOwned(ownership, async (_partition, signal) => {
    runs += 1;
    await untilAborted(signal);
    if (runs === 1) await slow.promise;
  }, () => undefined);
  ownership.own(0);
  await expect.poll(() => runs).toBe(1);
  ownership.own();
  ownership.own(0);
  await new Promise((resolve) => setImmediate(resolve));
  expect(runs).toBe(1);
  slow.resolve();
  await expect.poll(() => runs).toBe(2);
});

test('a partition that stops is named and tried again, and its neighbour goes on', async () => {
  const ownership = fakeOwnership();
  const stopped: unknown[] = [];
  const runs = [0, 0];
  await using _work = workOnOwned(ownership, async (partition, signal) => {
    runs[partition] = (runs[partition] ?? 0) + 1;
    if (partition === 0 && runs[0] === 1) throw new Error('cut');
    await untilAborted(signal);
  }, (partition, error, retryMs) => stopped.push([partition, (error as Error).message, retryMs]));
  ownership.own(0, 1);
  await expect.poll(() => runs).toEqual([2, 1]);
  expect(stopped).toEqual([[0, 'cut', 1_000]]);
});
