import { expect, test } from 'vitest';
import { MemoryLogError, openMemoryLog } from '../../contracts/memory-log.ts';
import { createCorrelator } from './correlator.ts';
import type { CorrelatorDeps } from './correlator-deps.ts';
import { CONFIG, noSeal, observation, observationRecord, openPlain } from './correlator-fixture.ts';
import { createPartition, NO_HORIZON, tellMany } from './test-partition.ts';
import { createToyKeyedStage } from './toy-keyed-stage.ts';

test('findings reach the event log as a trail of their site, in order', async () => {
  const p = createPartition();
  await tellMany(p, 0, 12);
  expect(await p.work()).toMatchObject({ next: 12, lag: 0, observations: 12, findings: 10, repeated: 0, groups: 1 });
  const { ids, breaks, duplicates } = await p.trail();
  expect(ids.slice(0, 2)).toEqual(['r1 a shop/1 shop/2 shop/3', 'r1 a shop/2 shop/3 shop/4']);
  expect([ids.length, breaks, duplicates]).toEqual([10, [], 0]);
});

test('a restart goes on from the snapshot and lets go of what lies behind the one before', async () => {
  const p = createPartition();
  await tellMany(p, 0, 10);
  await p.work();
  await tellMany(p, 10, 20);
  await p.work();
  await tellMany(p, 20, 30);
  await p.work();
  expect((await p.log.observations.bounds(0)).first).toBe(20);
  expect((await p.trail()).ids).toHaveLength(28);
  expect((await p.trail()).duplicates).toBe(0);
});

test('without any snapshot a restart finds all again, in equal blocks that are stored once', async () => {
  const p = createPartition();
  const config = { ...CONFIG, snapshot_every: 1_000, snapshot_ms: 1e9 };
  await tellMany(p, 0, 10);
  await p.work({ config });
  await tellMany(p, 10, 12);
  await p.work({ config });
  const { ids, breaks, duplicates } = await p.trail();
  expect([ids.length, new Set(ids).size, breaks, duplicates]).toEqual([10, 10, [], 8]);
});

test('what is told again, late or out of turn is looked at once', async () => {
  const p = createPartition();
  const part = async (first: number, number: number): Promise<void> => {
    await p.log.observations.appendTo(0, '0', await observationRecord({ partition: 0, first, last: first, part: number }, [observation('a', first * 10 + number)], 1));
  };
  for (const [first, number] of [[5, 0], [5, 0], [5, 2], [5, 1], [5, 1], [5, 2], [6, 0], [5, 0], [5, 3], [6, 0]] as const) await part(first, number);
  expect(await p.work()).toMatchObject({ observations: 4, repeated: 6 });
  expect((await p.trail()).ids).toEqual(['r1 a shop/50 shop/51 shop/52', 'r1 a shop/51 shop/52 shop/60']);
});

test('ranges of different partitions do not meet', async () => {
  const p = createPartition();
  for (const [first, partition] of [[7, 0], [7, 1], [3, 2], [7, 1]] as const) await p.tell('a', first, { partition });
  expect(await p.work()).toMatchObject({ observations: 3, findings: 1, repeated: 1 });
});

test('a worker that stood still adopts the snapshot of the one that went on', async () => {
  const p = createPartition();
  await tellMany(p, 0, 4);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let reads = 0;
  const slow = openMemoryLog(p.disk, async (what, effect) => {
    if (what === 'read observations' && ++reads === 2) await held;
    return effect();
  }, p.clock.sleep);
  const stop = new AbortController();
  const zombie = createCorrelator({ partition: 0, log: slow, open: openPlain, seal: noSeal, stage: createToyKeyedStage(), horizon: NO_HORIZON, clock: p.clock, config: CONFIG, onEvent: (e) => p.events.push(e) });
  const running = zombie.run(stop.signal);
  await p.work();
  for (let i = 0; i < 4; i++) {
    await tellMany(p, 4 + i * 4, 8 + i * 4);
    await p.work();
  }
  expect(p.types()).not.toContain('overtaken');
  release();
  for (let i = 0; i < 40; i++) {
    await new Promise((resolve) => { setImmediate(resolve); });
    p.clock.advance();
  }
  stop.abort(null);
  await running;
  expect(p.types()).toContain('overtaken');
  expect(p.types()).not.toContain('lost');
  expect((await zombie.status()).next).toBe(20);
  const { ids, breaks } = await p.trail();
  expect([ids.length, breaks]).toEqual([18, []]);
});

test('a snapshot that comes late does not count', async () => {
  const p = createPartition();
  await tellMany(p, 0, 4);
  const held = Promise.withResolvers<void>();
  const slow = openMemoryLog(p.disk, async (what, effect) => {
    if (what === 'control append') await held.promise;
    return effect();
  }, p.clock.sleep);
  const stop = new AbortController();
  const running = createCorrelator({ partition: 0, log: slow, open: openPlain, seal: noSeal, stage: createToyKeyedStage(), horizon: NO_HORIZON, clock: p.clock, config: CONFIG, onEvent: () => undefined }).run(stop.signal);
  await p.work();
  await tellMany(p, 4, 12);
  await p.work();
  const nexts = async (): Promise<readonly number[]> => (await p.snapshots()).map((s) => s.next);
  expect(await nexts()).toEqual([4, 12]);
  held.resolve();
  for (let i = 0; i < 10; i++) await new Promise((resolve) => { setImmediate(resolve); });
  stop.abort(null);
  await running;
  expect(await nexts()).toEqual([4, 12, 4]);
  await tellMany(p, 12, 14);
  await p.work();
  expect(p.events.findLast((e) => e.type === 'recovered')).toMatchObject({ next: 12 });
});

test('a snapshot of a worker left behind does not count', async () => {
  const p = createPartition();
  await tellMany(p, 0, 4);
  await p.work();
  const stale = (await p.log.control.read(0, 10)).find((e) => e.key === 'keyed/0');
  await tellMany(p, 4, 12);
  await p.work();
  await p.log.control.append('keyed/0', stale?.value ?? '');
  await p.work({}, 100);
  expect(p.events.findLast((e) => e.type === 'recovered')).toMatchObject({ next: 12 });
});

test('a snapshot that keeps many entries of others in the control stream is written again at its end', async () => {
  const p = createPartition();
  await tellMany(p, 0, 4);
  await p.work();
  for (let i = 0; i < 1_998; i++) await p.log.control.append(`commit/9/${i}`, '{}');
  await p.work({}, 100);
  const before = (await p.snapshots()).length;
  for (let i = 0; i < 10; i++) await p.log.control.append(`commit/9/${i}`, '{}');
  await p.work({}, 100);
  expect(await p.snapshots()).toHaveLength(before + 1);
  expect((await p.log.control.read(0, 10_000)).at(-1)?.key).toBe('keyed/0');
});

test('a partition that was never told anything writes nothing', async () => {
  const p = createPartition();
  for (let i = 0; i < 2_500; i++) await p.log.control.append(`commit/9/${i}`, '{}');
  await p.work({}, 200);
  expect((await p.log.control.bounds()).next).toBe(2_500);
});

test('observations the log let go of are said, and findings go on under a new epoch', async () => {
  const p = createPartition();
  await tellMany(p, 0, 6);
  await p.work();
  await tellMany(p, 6, 12);
  await p.log.observations.trim(0, 9);
  expect(await p.work()).toMatchObject({ next: 12, lost: 3 });
  expect(p.events.filter((e) => e.type === 'lost')).toEqual([{ type: 'lost', partition: 0, from: 6, to: 8 }]);
  const { ids, breaks } = await p.trail();
  expect(ids.at(-3)).toBe('r1 a shop/5 shop/6 shop/10');
  expect(ids).toHaveLength(7);
  expect(breaks).toEqual(['lost']);
  await p.work();
  expect(p.events.findLast((e) => e.type === 'recovered')).toMatchObject({ next: 12, epoch: 2 });
  expect(p.events.filter((e) => e.type === 'lost')).toHaveLength(1);
});

test('snapshots that are gone are a loss that is said; nothing found before is stored twice, and findings go on', async () => {
  const p = createPartition();
  await tellMany(p, 0, 4);
  await p.log.observations.trim(0, 1);
  await p.work();
  await tellMany(p, 4, 10);
  await p.work();
  await tellMany(p, 10, 14);
  await p.work();
  const before = (await p.trail()).ids;
  p.disk.control.entries.splice(0);
  await tellMany(p, 14, 16);
  expect(await p.work()).toMatchObject({ next: 16 });
  const { ids, breaks } = await p.trail();
  expect(p.events.filter((e) => e.type === 'lost')).toHaveLength(2);
  // The second break stands where the first one does: both say the same.
  expect(breaks).toEqual(['lost']);
  expect(ids).toEqual([...before, 'r1 a shop/13 shop/14 shop/15', 'r1 a shop/14 shop/15 shop/16']);
});

test('a log made anew is read from its start; what was seen before is told apart', async () => {
  const p = createPartition();
  await tellMany(p, 0, 6);
  await p.work();
  p.disk.observations[0]?.records.splice(0);
  await p.tell('a', 5);
  await tellMany(p, 6, 8);
  expect(await p.work({}, 200)).toMatchObject({ next: 3, repeated: 1 });
  expect(p.events.filter((e) => e.type === 'cut')).toEqual([{ type: 'cut', partition: 0, next: 6, end: 3 }]);
  expect((await p.trail()).ids).toHaveLength(6);
  await p.work();
  expect(p.events.filter((e) => e.type === 'cut')).toHaveLength(1);
});

test('another version of the stage begins with an empty memory, where the one before stood', async () => {
  const p = createPartition();
  await tellMany(p, 0, 6);
  await p.work();
  await tellMany(p, 6, 9);
  await p.work({ stage: createToyKeyedStage('toy/2') });
  expect((await p.trail()).ids.at(-1)).toBe('r1 a shop/7 shop/8 shop/9');
  expect((await p.trail()).breaks).toEqual(['changed']);
  expect(p.types().filter((t) => t === 'changed')).toHaveLength(1);
  await p.work({ stage: createToyKeyedStage('toy/2') });
  expect(p.types().filter((t) => t === 'changed')).toHaveLength(1);
});

test('a memory that cannot be opened any more is let go of under a new epoch, and the findings go on', async () => {
  const p = createPartition();
  await tellMany(p, 0, 6);
  await p.work();
  await tellMany(p, 6, 9);
  const open: CorrelatorDeps['open'] = async (record) => {
    if (record.key === 'keyed/0') throw new MemoryLogError('its key was erased', false);
    return openPlain(record);
  };
  expect(await p.work({ open })).toMatchObject({ next: 9, findings: 1, damaged: 1 });
  expect((await p.trail()).breaks).toEqual(['changed']);
  expect(p.types().filter((t) => t === 'changed')).toHaveLength(1);
});

test('a snapshot shows nothing of what was observed', async () => {
  const p = createPartition();
  await p.tell('203.0.113.77', 0);
  const seal: CorrelatorDeps['seal'] = (_headBytes, body) => Buffer.from(body.map((byte) => byte ^ 0xff));
  await p.work({ seal });
  const entries = await p.log.control.read(0, 10);
  expect(entries.map((e) => e.key)).toEqual(['keyed-part/0', 'keyed/0']);
  for (const { value } of entries) expect(value + Buffer.from(value, 'base64').toString('latin1')).not.toContain('203.0.113.77');
});

test('a damaged record is passed over and told; keys that are away are waited for', async () => {
  const p = createPartition();
  await tellMany(p, 0, 2);
  await p.log.observations.appendTo(0, '0', Buffer.from('no record'));
  await tellMany(p, 2, 4);
  let away = 3;
  const open: CorrelatorDeps['open'] = async (record) => {
    if (away-- > 0) throw new Error('the keys role is away');
    return openPlain(record);
  };
  expect(await p.work({ open })).toMatchObject({ next: 5, observations: 4, findings: 2, damaged: 1 });
  expect(p.types().filter((t) => t === 'waiting')).toHaveLength(3);
});

test('a snapshot that cannot be read stops the partition', async () => {
  const p = createPartition();
  await p.log.control.append('keyed/0', '{"type":');
  await expect(p.work()).rejects.toMatchObject({ code: 'TQ-CORRELATE-01', retryable: false });
});

test('an event log that is full is waited for', async () => {
  const p = createPartition();
  await tellMany(p, 0, 4);
  let full = 3;
  const log = openMemoryLog(p.disk, async (what, effect) => {
    if (what === 'append' && full-- > 0) throw new MemoryLogError('full', true);
    return effect();
  }, p.clock.sleep);
  expect(await p.work({ log })).toMatchObject({ findings: 2 });
  expect((await p.trail()).ids).toHaveLength(2);
});

test.each(['read observations', 'append', 'control append', 'trim observations'])('an abort ends the run soon, also while "%s" never answers', async (hanging) => {
  const p = createPartition();
  await tellMany(p, 0, 12);
  let hung = false;
  const log = openMemoryLog(p.disk, async (what, effect) => {
    if (what !== hanging) return effect();
    hung = true;
    return new Promise<never>(() => {});
  }, p.clock.sleep);
  const stop = new AbortController();
  const correlator = createCorrelator({ partition: 0, log, open: openPlain, seal: noSeal, stage: createToyKeyedStage(), horizon: NO_HORIZON, clock: p.clock, config: { ...CONFIG, snapshot_ms: 100 }, onEvent: () => undefined });
  let ended = false;
  const running = correlator.run(stop.signal).then(() => (ended = true));
  for (let i = 0; i < 60 && !hung; i++) {
    if (i === 30) await tellMany(p, 12, 16);
    await new Promise((resolve) => { setImmediate(resolve); });
    p.clock.advance();
  }
  expect([hung, ended]).toEqual([true, false]);
  const abortedAtMs = p.clock.nowMs();
  stop.abort(null);
  while (!ended) {
    await new Promise((resolve) => { setImmediate(resolve); });
    p.clock.advance();
  }
  await running;
  expect(p.clock.nowMs() - abortedAtMs).toBeLessThanOrEqual(1_100);
});
