import { expect, test } from 'vitest';
import { createLogDisk, MemoryLogError, openGate, openMemoryLog } from '../../contracts/memory-log.ts';
import type { Gate, LogDisk } from '../../contracts/memory-log.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { testInspector } from '../gateway/test-gateway.ts';
import { createBridge } from './bridge.ts';
import type { Bridge, KnownSites } from './bridge.ts';
import type { BridgeEvent } from './bridge-event.ts';
import { createFakeTopic, dropBelow, openFakeSource, produce, recreate } from './fake-source.ts';
import type { FakeSource, FakeTopic } from './fake-source.ts';
import { loggedBlocks, storedLines } from './stored-lines.ts';

const NOW_MS = Date.UTC(2026, 10, 21, 12);

interface World {
  readonly topic: FakeTopic;
  readonly disk: LogDisk;
  readonly sites: Set<string>;
  readonly events: BridgeEvent[];
}

function createWorld(partitions = 1): World {
  return { topic: createFakeTopic('11111111aaaa', partitions), disk: createLogDisk(2), sites: new Set(['shop', 'clinic']), events: [] };
}

interface TestBridge extends AsyncDisposable {
  readonly bridge: Bridge;
  readonly source: FakeSource;
}

async function start(world: World, gate: Gate = openGate, sites: KnownSites = { has: (site) => world.sites.has(site), refresh: async () => undefined }): Promise<TestBridge> {
  const source = openFakeSource(world.topic, 7, gate);
  const bridge = await createBridge({
    source, sites, log: openMemoryLog(world.disk, gate), seal: (_head, body) => body, inspector: testInspector, clock: () => NOW_MS,
    onEvent: (event) => world.events.push(event),
  });
  return { bridge, source, [Symbol.asyncDispose]: () => bridge.close() };
}

function lines({ disk }: World, site?: string): readonly string[] {
  return storedLines(disk, site);
}

const event = (n: number): string => `{"n":${n}}`;

function caughtUp({ topic }: World): boolean {
  return topic.partitions.every((p) => p.records.length === 0 || p.committed?.next === p.first + p.records.length);
}

async function until(holds: () => boolean): Promise<void> {
  await expect.poll(holds, { interval: 1 }).toBe(true);
}

test('records become sealed log records with provenance ingress, and the position moves behind them', async () => {
  const world = createWorld();
  produce(world.topic, 0, { key: 'shop', value: event(0) }, { key: 'clinic', value: `${event(1)}\n${event(2)}` }, { key: 'shop', value: event(3) });
  await using running = await start(world);
  await until(() => caughtUp(world));
  const heads = loggedBlocks(world.disk).map((r) => r.head);
  expect(heads.find((h) => h.site === 'shop')).toEqual({
    v: 1, site: 'shop', stream: 'ingress.11111111.0', provenance: 'ingress', received_at: NOW_MS, framing: 'plain', codec: 'zstd', lines: 2, bytes: 16, ingress: { runs: [[0, 1, 1], [2, 1, 1]] },
  });
  expect(world.topic.partitions[0]?.committed).toEqual({ next: 3, topicId: '11111111aaaa' });
  expect(running.bridge.status()).toMatchObject({ records: 3, lines: 4, dead_letters: 0, log_records: 2, record_bytes: 29, lost_records: 0, partitions: { 0: { next: 3, lag: 0 } } });
  produce(world.topic, 0, { key: 'shop', value: 'rubbish' }, { key: 'nobody', value: 'x\ny' });
  await until(() => caughtUp(world));
  expect(running.bridge.status()).toMatchObject({ records: 5, dead_letters: 3 });
  expect(lines(world, '_system')).toEqual(['x', 'y']);
  expect(world.events).toContainEqual({ type: 'unknown_site', partition: 0, lines: 2 });
});

test('a site that was just added is looked up again before its lines are put aside', async () => {
  const world = createWorld();
  produce(world.topic, 0, { key: 'fresh', value: event(0) });
  let refreshes = 0;
  await using _ = await start(world, openGate, {
    has: (site) => world.sites.has(site),
    async refresh() {
      if (++refreshes === 1) throw new MemoryLogError('down', true);
      world.sites.add('fresh');
    },
  });
  await until(() => caughtUp(world));
  expect(lines(world, 'fresh')).toEqual([event(0)]);
  expect(world.events).toContainEqual(expect.objectContaining({ type: 'retry', what: 'read_sites', attempt: 1 }));
});

/** Records of all kinds, in both partitions; what must be stored of them is one line each, but for one. */
function fill(world: World): readonly string[] {
  const expected: string[] = [];
  for (let n = 0; n < 30; n++) {
    const key = ['shop', 'clinic', 'nobody'][n % 3] ?? '';
    produce(world.topic, n % 2, { key, value: `${event(n)}\n${event(1000 + n)}` });
    expected.push(event(n), event(1000 + n));
  }
  const cut = Array.from({ length: 2_100 }, (_x, i) => event(10_000 + i));
  produce(world.topic, 1, { key: 'shop', value: cut.join('\n') }, { key: 'shop', value: event(99) });
  return [...expected, ...cut, event(99)].toSorted();
}

/** Lets effects happen until the fatal one, which happens or not; afterwards the process does nothing any more. */
function mortal(fatal: number, happens: boolean): { readonly gate: Gate; readonly dead: () => boolean; readonly effects: () => number } {
  let effects = 0;
  const gate: Gate = async (_what, effect) => {
    effects += 1;
    if (effects < fatal) return effect();
    if (effects === fatal && happens) effect();
    return new Promise(() => undefined);
  };
  return { gate, dead: () => effects >= fatal, effects: () => effects };
}

test('a crash at any step, before or after its effect, stores each line once', async () => {
  const whole = createWorld(2);
  const expected = fill(whole);
  const counting = mortal(Infinity, false);
  await using _ = await start(whole, counting.gate);
  await until(() => caughtUp(whole));
  expect(lines(whole).toSorted()).toEqual(expected);
  expect(counting.effects()).toBeGreaterThan(30);
  for (let step = 1; step <= counting.effects(); step++) {
    for (const happens of [false, true]) {
      const world = createWorld(2);
      fill(world);
      const life = mortal(step, happens);
      await using first = await start(world, life.gate);
      await until(() => life.dead() || caughtUp(world));
      await first.bridge.close();
      await using _second = await start(world);
      await until(() => caughtUp(world));
      expect(lines(world).toSorted(), `step ${step}, ${happens ? 'after' : 'before'} the effect`).toEqual(expected);
    }
  }
});

const SEED = Number(process.env['SEED'] ?? 20_261_122);

test(`faults, rebalances and two bridges at once store each line once (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  for (let round = 0; round < 12; round++) {
    const world = createWorld(2);
    const expected = fill(world);
    const late: Promise<unknown>[] = [];
    const gate: Gate = async (what, effect) => {
      for (let turns = random.below(4); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
      const fault = random();
      const retryable = what !== 'heartbeat' && what !== 'commit';
      if (fault < 0.04) throw new MemoryLogError(`no ${what}`, retryable);
      if (fault < 0.08 && what === 'append') {
        late.push(new Promise((resolve) => setTimeout(() => resolve(effect()), random.below(15))));
        throw new MemoryLogError('happens later', true);
      }
      const done = effect();
      if (fault < 0.12) throw new MemoryLogError(`no answer to ${what}`, retryable);
      return done;
    };
    await using a = await start(world, gate);
    await using b = await start(world, gate);
    const failures: unknown[] = [];
    for (const { bridge } of [a, b]) bridge.failed.catch((error: unknown) => failures.push(error));
    const shuffle = setInterval(() => random.pick([a, b]).source.rejoin(), 20);
    try {
      await until(() => caughtUp(world));
    } finally {
      clearInterval(shuffle);
    }
    await Promise.all(late);
    expect(lines(world).toSorted()).toEqual(expected);
    expect(failures).toEqual([]);
  }
});

test('a position that an operator sets back makes everything come again, and stores it once', async () => {
  const world = createWorld(2);
  const expected = fill(world);
  await using running = await start(world);
  await until(() => caughtUp(world));
  for (const partition of world.topic.partitions) partition.committed = { next: 0, topicId: '' };
  running.source.rejoin();
  await until(() => caughtUp(world) && running.bridge.status().records === 64);
  expect(loggedBlocks(world.disk).reduce((sum, r) => sum + r.head.lines, 0)).toBe(2 * expected.length);
  expect(lines(world).toSorted()).toEqual(expected);
});

test('records deleted before they were bridged are reported, counted, and a gap on the trail, stored once', async () => {
  const world = createWorld();
  produce(world.topic, 0, ...Array.from({ length: 20 }, (_x, n) => ({ key: 'shop', value: event(n) })));
  Object.assign(world.topic.partitions[0] ?? {}, { committed: { next: 5, topicId: '11111111aaaa' } });
  dropBelow(world.topic, 0, 12);
  const life = mortal(Infinity, false);
  await using first = await start(world, async (what, effect) => (what === 'commit' ? new Promise(() => undefined) : life.gate(what, effect)));
  await until(() => lines(world, 'shop').length > 0);
  expect(world.events).toContainEqual({ type: 'lost', partition: 0, from: 5, to: 11, certain: true });
  expect(first.bridge.status().lost_records).toBe(7);
  await first.bridge.close();
  await using _ = await start(world);
  await until(() => caughtUp(world));
  const told = lines(world, '_system').map((line): unknown => JSON.parse(line));
  expect(told).toEqual([{
    '@timestamp': new Date(NOW_MS).toISOString(), event: { kind: 'event', category: ['process'], action: 'ingress-records-lost', outcome: 'failure' },
    labels: { ingress_stream: 'ingress.11111111.0', ingress_partition: '0', first_offset: '5', last_offset: '11' },
  }]);
  expect(loggedBlocks(world.disk).filter((r) => r.head.site === '_system').map((r) => r.head.provenance)).toEqual(['system', 'system']);
  expect(lines(world, 'shop')).toEqual(Array.from({ length: 8 }, (_x, i) => event(12 + i)));
});

test('retention that overtakes a running bridge is a gap too', async () => {
  const world = createWorld();
  produce(world.topic, 0, { key: 'shop', value: event(0) });
  let blocked = false;
  await using running = await start(world, async (what, effect) => {
    if (what === 'append' && blocked) throw new MemoryLogError('slow', true);
    return effect();
  });
  await until(() => caughtUp(world));
  running.source.pause(0);
  produce(world.topic, 0, ...Array.from({ length: 9 }, (_x, n) => ({ key: 'shop', value: event(n + 1) })));
  dropBelow(world.topic, 0, 6);
  blocked = true;
  running.source.resume(0, 1);
  await until(() => world.events.some((e) => e.type === 'retry'));
  blocked = false;
  await until(() => caughtUp(world));
  expect(world.events).toContainEqual({ type: 'lost', partition: 0, from: 1, to: 5, certain: true });
  expect(lines(world, 'shop')).toEqual([0, 6, 7, 8, 9].map(event));
});

test('a group without a position on a topic whose start is gone says that it knows nothing of it', async () => {
  const world = createWorld();
  produce(world.topic, 0, { key: 'shop', value: event(0) }, { key: 'shop', value: event(1) });
  dropBelow(world.topic, 0, 1);
  await using _ = await start(world);
  await until(() => caughtUp(world));
  expect(world.events).toContainEqual({ type: 'lost', partition: 0, from: 0, to: 0, certain: false });
  expect(world.events).toContainEqual({ type: 'started', partition: 0, offset: 1, reason: 'first' });
});

test('a topic that is deleted and made anew under a running bridge is loud and loses nothing, though its offsets start again', async () => {
  const world = createWorld();
  produce(world.topic, 0, ...Array.from({ length: 10 }, (_x, n) => ({ key: 'shop', value: event(n) })));
  await using _ = await start(world);
  await until(() => caughtUp(world));
  recreate(world.topic, '22222222bbbb');
  produce(world.topic, 0, ...Array.from({ length: 15 }, (_x, n) => ({ key: 'shop', value: event(100 + n) })));
  await until(() => caughtUp(world));
  expect(world.events).toContainEqual({ type: 'recreated', partition: 0, bridgedBelow: 10 });
  expect(lines(world, 'shop')).toEqual([...Array.from({ length: 10 }, (_x, n) => event(n)), ...Array.from({ length: 15 }, (_x, n) => event(100 + n))]);
});

test('a position of a topic that is gone is not taken for one of the new topic', async () => {
  const world = createWorld();
  recreate(world.topic, '22222222bbbb');
  produce(world.topic, 0, ...Array.from({ length: 5 }, (_x, n) => ({ key: 'shop', value: event(n) })));
  Object.assign(world.topic.partitions[0] ?? {}, { committed: { next: 3, topicId: '11111111aaaa' } });
  await using _ = await start(world);
  await until(() => caughtUp(world));
  expect(world.events).toContainEqual({ type: 'started', partition: 0, offset: 0, reason: 'recreated' });
  expect(lines(world)).toHaveLength(5);
});

test('a partition that ends before the position waits, loudly, until it does not any more', async () => {
  const world = createWorld();
  produce(world.topic, 0, { key: 'shop', value: event(0) });
  Object.assign(world.topic.partitions[0] ?? {}, { committed: { next: 2, topicId: '11111111aaaa' } });
  await using _ = await start(world);
  await until(() => world.events.some((e) => e.type === 'retry' && e.attempt === 2));
  expect(world.events).toContainEqual(expect.objectContaining({ type: 'retry', what: 'find_position', error: expect.objectContaining({ code: 'TQ-BRIDGE-03' }) }));
  expect(loggedBlocks(world.disk)).toEqual([]);
  produce(world.topic, 0, { key: 'shop', value: event(1) }, { key: 'shop', value: event(2) });
  await until(() => world.topic.partitions[0]?.committed?.next === 3);
  expect(lines(world)).toEqual([event(2)]);
});

test('a log that is slow or down holds the partition back, drops nothing, and never lets a later block go first', async () => {
  const world = createWorld();
  produce(world.topic, 0, ...Array.from({ length: 40 }, (_x, n) => ({ key: 'shop', value: event(n) })));
  let down = true;
  let atOnce = 0;
  let most = 0;
  await using running = await start(world, async (what, effect) => {
    if (what !== 'append') return effect();
    most = Math.max(most, ++atOnce);
    await new Promise((resolve) => setImmediate(resolve));
    atOnce -= 1;
    if (down) throw new MemoryLogError('down', true);
    return effect();
  });
  await until(() => world.events.filter((e) => e.type === 'retry').length === 2);
  expect(world.topic.partitions[0]?.committed).toBeUndefined();
  down = false;
  await until(() => caughtUp(world));
  expect(lines(world)).toEqual(Array.from({ length: 40 }, (_x, n) => event(n)));
  expect(most).toBe(1);
  expect(running.bridge.status().retries).toBe(2);
});

test('a log that says it never will ends the bridge, and nothing is committed', async () => {
  const world = createWorld();
  produce(world.topic, 0, { key: 'shop', value: event(0) });
  await using running = await start(world, async (what, effect) => {
    if (what === 'append') throw new MemoryLogError('closed', false);
    return effect();
  });
  await expect(running.bridge.failed).rejects.toMatchObject({ name: 'BridgeError', code: 'TQ-BRIDGE-01', cause: { name: 'LogError' } });
  expect(world.topic.partitions[0]?.committed).toBeUndefined();
});

test('a position that cannot be recorded does not end the bridge: the records come again', async () => {
  const world = createWorld();
  produce(world.topic, 0, { key: 'shop', value: event(0) });
  let commits = 0;
  await using running = await start(world, async (what, effect) => {
    if (what === 'commit' && ++commits < 3) throw new Error('no coordinator');
    return effect();
  });
  const failures: unknown[] = [];
  running.bridge.failed.catch((error: unknown) => failures.push(error));
  await until(() => caughtUp(world));
  expect(running.bridge.status().records).toBe(3);
  expect(lines(world)).toEqual([event(0)]);
  expect(failures).toEqual([]);
});

test('a lost membership goes to the source, which joins anew', async () => {
  const world = createWorld();
  produce(world.topic, 0, { key: 'shop', value: event(0) });
  let lost = false;
  await using _ = await start(world, async (what, effect) => {
    if (what === 'append' && !lost) return new Promise(() => undefined);
    if (what === 'heartbeat' && !lost) {
      lost = true;
      throw new Error('the group is rebalancing');
    }
    return effect();
  });
  await until(() => caughtUp(world));
  expect(lost).toBe(true);
  expect(world.events.filter((e) => e.type === 'assigned')).toHaveLength(2);
  expect(lines(world)).toEqual([event(0)]);
});

test('a bridge closes at once though an append hangs', async () => {
  const world = createWorld();
  produce(world.topic, 0, { key: 'shop', value: event(0) });
  let hanging = false;
  await using running = await start(world, async (what, effect) => {
    if (what !== 'append') return effect();
    hanging = true;
    return new Promise(() => undefined);
  });
  await until(() => hanging);
  await running.bridge.close();
  expect(world.topic.partitions[0]?.committed).toBeUndefined();
});
