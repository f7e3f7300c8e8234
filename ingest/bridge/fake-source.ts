import { openGate } from '../../contracts/memory-log.ts';
import type { Gate } from '../../contracts/memory-log.ts';
import type { IngressRecord } from './ingress-record.ts';
import type { IngressSource, PartitionPlace, SourceHandlers } from './ingress-source.ts';

/** What the broker holds: outlives every bridge. */
export interface FakeTopic {
  topicId: string;
  readonly partitions: FakePartition[];
}

export interface FakePartition {
  /** Offset of the first record kept. */
  first: number;
  records: IngressRecord[];
  committed: { readonly next: number; readonly topicId: string } | undefined;
}

export type FakeRecord = Partial<Omit<IngressRecord, 'offset' | 'value' | 'key'>> & { readonly key?: Buffer | string | null; readonly value?: Buffer | string | null };

export function createFakeTopic(topicId: string, partitions: number): FakeTopic {
  return { topicId, partitions: Array.from({ length: partitions }, () => ({ first: 0, records: [], committed: undefined })) };
}

export function produce(topic: FakeTopic, partition: number, ...records: readonly FakeRecord[]): void {
  const part = partOf(topic, partition);
  for (const { key = null, value = null, headers = {} } of records) {
    part.records.push({ offset: endOf(part), key: key === null ? null : Buffer.from(key), value: value === null ? null : Buffer.from(value), headers });
  }
}

/** What retention does. */
export function dropBelow(topic: FakeTopic, partition: number, first: number): void {
  const part = partOf(topic, partition);
  part.records = part.records.filter((r) => r.offset >= first);
  part.first = first;
}

export function recreate(topic: FakeTopic, topicId: string): void {
  topic.topicId = topicId;
  for (const part of topic.partitions) Object.assign(part, { first: 0, records: [], committed: undefined });
}

function partOf(topic: FakeTopic, partition: number): FakePartition {
  const part = topic.partitions[partition];
  if (part === undefined) throw new TypeError(`no partition ${partition}`);
  return part;
}

function endOf(part: FakePartition): number {
  return part.first + part.records.length;
}

export interface FakeSource extends IngressSource {
  /** Joins anew, as after a rebalance. */
  rejoin(): void;
}

/** A group of one member. Effects are named `topic id`, `places`, `heartbeat` and `commit`. */
export function openFakeSource(topic: FakeTopic, batchRecords: number, gate: Gate = openGate): FakeSource {
  const positions = new Map<number, number>();
  let handlers: SourceHandlers | undefined;
  let closed = false;
  const rejoin = (): void => {
    positions.clear();
    if (!closed) handlers?.assigned([...topic.partitions.keys()]);
  };
  async function follow(partition: number): Promise<void> {
    while (!closed) {
      const part = partOf(topic, partition);
      const from = positions.get(partition);
      // As the broker does it: out of range means from the start.
      const start = from === undefined || (from >= part.first && from <= endOf(part)) ? from : part.first;
      const records = start === undefined ? [] : part.records.filter((r) => r.offset >= start).slice(0, batchRecords);
      const end = (records.at(-1)?.offset ?? -1) + 1;
      if (records.length > 0) {
        const commit = (topicId: string): Promise<void> => gate('commit', () => {
          part.committed = { next: end, topicId };
          positions.set(partition, end);
        });
        await handlers?.batch({ partition, records, end, next: endOf(part), heartbeat: () => gate('heartbeat', () => undefined), commit }).catch(rejoin);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return {
    failed: new Promise(() => undefined),
    async run(given) {
      handlers = given;
      rejoin();
      for (const partition of topic.partitions.keys()) void follow(partition);
    },
    topicId: () => gate('topic id', () => topic.topicId),
    places: () => gate('places', () => new Map(topic.partitions.map((part, i): [number, PartitionPlace] => [i, { topicId: topic.topicId, committed: part.committed, first: part.first, next: endOf(part) }]))),
    pause: (partition) => void positions.delete(partition),
    resume: (partition, from) => void positions.set(partition, from),
    rejoin,
    async [Symbol.asyncDispose]() {
      closed = true;
    },
  };
}
