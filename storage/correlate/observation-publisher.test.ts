import { expect, test } from 'vitest';
import { MAX_BLOCK_BYTES } from '../../contracts/limits.ts';
import { createLogDisk, MemoryLogError, openMemoryLog } from '../../contracts/memory-log.ts';
import type { Gate } from '../../contracts/memory-log.ts';
import { observationPartition } from '../../contracts/observation.ts';
import type { Observation } from '../../contracts/observation.ts';
import { noSeal, observation, openPlain } from './correlator-fixture.ts';
import { seenAfter, START } from './correlator-state.ts';
import type { Place } from './correlator-state.ts';
import { createObservationPublisher } from './observation-publisher.ts';

const PARTITIONS = 3;
const RANGE = { partition: 7, first: 40, last: 44 };

function createPublisher(gate?: Gate) {
  const { observations: log } = openMemoryLog(createLogDisk(PARTITIONS), gate);
  const publisher = createObservationPublisher({ log, seal: noSeal, clock: { nowMs: () => 5_000 } });
  const records = async (partition: number) => Promise.all((await log.read(partition, 0, { maxRecords: 1e6, maxBytes: 1e9 })).map(async (record) => ({ record, ...(await openPlain(record)) })));
  return { publisher, records };
}

function many(count: number, site = 'shop'): readonly Observation[] {
  return Array.from({ length: count }, (_, i) => observation(`198.51.100.${i % 10}`, i, site));
}

test('each observation reaches the partition of its value, in order, in one record a group', async () => {
  const { publisher, records } = createPublisher();
  await publisher.publish(RANGE, 'r7', many(50));
  for (let p = 0; p < PARTITIONS; p++) {
    const found = await records(p);
    const mine = many(50).filter((o) => observationPartition(o, PARTITIONS) === p);
    expect(mine.length).toBeGreaterThan(0);
    expect(found.map(({ record }) => record.key)).toEqual(['7']);
    expect(found[0]?.head).toEqual({ v: 1, site: '_system', stream: 'observations', provenance: 'system', received_at: 5_000, framing: 'plain', codec: 'zstd', lines: mine.length, bytes: found[0]?.body.length, observed: { ...RANGE, rules: 'r7' } });
    expect(found[0]?.body.toString().trimEnd().split('\n').map((line): unknown => JSON.parse(line))).toEqual(mine);
  }
});

test('the time of receipt is never before that of what is told', async () => {
  const { publisher, records } = createPublisher();
  await publisher.publish(RANGE, 'r7', [observation('198.51.100.1', 9_000), observation('198.51.100.1', 1)]);
  const found = (await Promise.all([0, 1, 2].map(records))).flat();
  expect(found.map(({ head }) => head.received_at)).toEqual([11_000]);
});

test('a group without observations writes nothing', async () => {
  const { publisher, records } = createPublisher();
  await publisher.publish(RANGE, 'r7', []);
  for (let p = 0; p < PARTITIONS; p++) expect(await records(p)).toEqual([]);
});

test('what passes the size of a block is cut into parts that are read once, in whatever way tries overlap', async () => {
  let writes = 0;
  const { publisher, records } = createPublisher(async (what, effect) => {
    // The first tries fail before some parts and after others.
    if (what === 'observe' && ++writes <= 8 && writes % 3 === 1) throw new MemoryLogError('gone', true);
    const done = effect();
    if (what === 'observe' && writes <= 8 && writes % 3 === 2) throw new MemoryLogError('gone', true);
    return done;
  });
  const observations = many(30_000, 'a-long-name-of-a-site-that-is-still-allowed-here');
  let failures = 0;
  const publish = (): Promise<void> => publisher.publish(RANGE, 'r7', observations).catch(() => {
    failures += 1;
    return publish();
  });
  await publish();
  expect(failures).toBeGreaterThan(0);
  await publisher.publish({ ...RANGE, first: 45, last: 45 }, 'r7', many(5));
  for (let p = 0; p < PARTITIONS; p++) {
    let place: Place = START;
    const read: unknown[] = [];
    for (const { head, body } of await records(p)) {
      expect(body.length).toBeLessThanOrEqual(MAX_BLOCK_BYTES);
      const seen = head.observed === undefined ? undefined : seenAfter(place, head.observed);
      if (seen === undefined) continue;
      place = { ...place, seen };
      read.push(...body.toString().trimEnd().split('\n').map((line): unknown => JSON.parse(line)));
    }
    expect(read).toEqual([...observations, ...many(5)].filter((o) => observationPartition(o, PARTITIONS) === p));
  }
});

test('nothing is taken for told that is not durable', async () => {
  const { publisher } = createPublisher(async (what, effect) => {
    if (what === 'observe') throw new MemoryLogError('no in-sync replicas', true);
    return effect();
  });
  await expect(publisher.publish(RANGE, 'r7', many(5))).rejects.toMatchObject({ retryable: true });
});
