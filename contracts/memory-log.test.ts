import { expect, test } from 'vitest';
import { describeEventLog } from './event-log.suite.ts';
import type { Gate } from './memory-log.ts';
import { createLogDisk, MemoryLogError, openMemoryLog } from './memory-log.ts';

describeEventLog('memory', async () => {
  const disk = createLogDisk(3);
  return { log: openMemoryLog(disk), reopen: async () => openMemoryLog(disk), close: async () => undefined };
});

const FAULT = new MemoryLogError('fault', true);
const FAILS_BEFORE: Gate = async () => {
  throw FAULT;
};
const FAILS_AFTER: Gate = async (_what, effect) => {
  effect();
  throw FAULT;
};

test('a fault before an effect leaves nothing, one after it leaves all of it', async () => {
  const disk = createLogDisk(1);
  const [before, after, log] = [openMemoryLog(disk, FAILS_BEFORE), openMemoryLog(disk, FAILS_AFTER), openMemoryLog(disk)];
  const bounds = async () => [await log.bounds(0), await log.control.bounds()];
  const writes = [
    (to: typeof log) => to.append('shop', Buffer.from('a')),
    (to: typeof log) => to.control.claim('k', to === after ? 'after' : 'before'),
    (to: typeof log) => to.control.append('k', 'v'),
    (to: typeof log) => to.trim(0, 1),
    (to: typeof log) => to.control.trim(1),
  ];
  for (const write of writes) {
    const untouched = await bounds();
    await expect(write(before)).rejects.toBe(FAULT);
    expect(await bounds()).toEqual(untouched);
    await expect(write(after)).rejects.toBe(FAULT);
    expect(await bounds()).not.toEqual(untouched);
    if (write === writes[1]) expect((await log.control.claim('k', 'late')).value).toBe('after');
  }
});

test('every effect passes the gate by its name, reading included', async () => {
  const passed: string[] = [];
  const log = openMemoryLog(createLogDisk(1), async (what, effect) => {
    passed.push(what);
    return effect();
  });
  await log.append('shop', Buffer.from('a'));
  await log.read(0, 0, { maxRecords: 1, maxBytes: 1 });
  await log.trim(0, 1);
  await log.control.append('k', 'v');
  await log.registry.claim('k', 'v');
  await log.control.trim(1);
  expect(passed).toEqual(['append', 'read', 'trim', 'control append', 'claim', 'control trim']);
});

test('waiting sleeps as it is told to', async () => {
  const slept: number[] = [];
  const log = openMemoryLog(createLogDisk(1), undefined, async (ms) => void slept.push(ms));
  expect(await log.waitFor(0, 0, 60_000)).toBe(false);
  expect(slept).toEqual([60_000]);
});

test('a handle closed while it waits is refused at once, and others append on', async () => {
  const disk = createLogDisk(1);
  const [log, other] = [openMemoryLog(disk), openMemoryLog(disk)];
  const waiting = log.waitFor(0, 0, 3_600_000);
  await log[Symbol.asyncDispose]();
  await expect(waiting).rejects.toMatchObject({ name: 'LogError', retryable: false });
  expect(await other.append('shop', Buffer.from('a'))).toEqual({ partition: 0, position: 0 });
});
