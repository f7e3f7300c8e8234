import { expect, test } from 'vitest';
import { Lane } from './lane.ts';
import type { LaneBatch } from './lane.ts';

/** A partition as a broker keeps it: knows the last batch of each producer, as Kafka knows the last five. */
function fakePartition(): { readonly stored: string[]; produce(batch: LaneBatch): { readonly errorCode: number; readonly baseOffset: number } } {
  const stored: string[] = [];
  const producers = new Map<bigint, { readonly sequence: number; readonly count: number; readonly baseOffset: number }>();
  return {
    stored,
    produce({ bytes, appends }) {
      const producerId = bytes.readBigInt64BE(43);
      const sequence = bytes.readInt32BE(53);
      const last = producers.get(producerId);
      if (last !== undefined && last.sequence === sequence && last.count === appends.length) return { errorCode: 0, baseOffset: last.baseOffset };
      if (last !== undefined && sequence !== last.sequence + last.count) return { errorCode: 45, baseOffset: -1 };
      producers.set(producerId, { sequence, count: appends.length, baseOffset: stored.length });
      stored.push(...appends.map(({ record }) => record.value.toString()));
      return { errorCode: 0, baseOffset: stored.length - appends.length };
    },
  };
}

function openLane(): { readonly lane: Lane; readonly outcomes: string[]; push(text: string, deadlineMs?: number): void; batch(): LaneBatch } {
  const lane = new Lane('t', 0);
  let producerId = 7n;
  const outcomes: string[] = [];
  return {
    lane,
    outcomes,
    push(text, deadlineMs = 1_000) {
      lane.push({
        record: { key: Buffer.from('k'), value: Buffer.from(text) }, deadlineMs,
        resolve: (offset) => outcomes.push(`${text} at ${offset}`),
        reject: ({ code, retryable }) => outcomes.push(`${text} ${code}${retryable ? ' retryable' : ''}`),
      });
    },
    batch() {
      if (lane.needsIdentity) lane.identify({ producerId: producerId++, producerEpoch: 0 });
      const batch = lane.batch(0);
      if (batch === undefined) throw new Error('nothing to send');
      return batch;
    },
  };
}

test('records get the offsets of their batch in the order they came, and sequences go on', () => {
  const { lane, outcomes, push, batch } = openLane();
  push('a');
  push('b');
  const first = batch();
  push('c');
  expect(batch()).toBe(first);
  lane.answered(first, 0, 40, 0);
  const second = batch();
  lane.answered(second, 0, 60, 0);
  expect(outcomes).toEqual(['a at 40', 'b at 41', 'c at 60']);
  expect([first.bytes.readInt32BE(53), second.bytes.readInt32BE(53)]).toEqual([0, 2]);
  expect(lane.empty).toBe(true);
});

test.each([
  [3, 'UNKNOWN_TOPIC_OR_PARTITION'], [5, 'LEADER_NOT_AVAILABLE'], [6, 'NOT_LEADER_OR_FOLLOWER'], [7, 'REQUEST_TIMED_OUT'], [19, 'NOT_ENOUGH_REPLICAS'],
  [20, 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'], [56, 'KAFKA_STORAGE_ERROR'], [-1, 'UNKNOWN_SERVER_ERROR'], [9_999, 'a code of later versions'],
])('after error %i (%s) the very same batch goes again, after a pause', (errorCode) => {
  const { lane, outcomes, push, batch } = openLane();
  push('a');
  const first = batch();
  expect(lane.answered(first, errorCode, -1, 100)).toBe(true);
  expect(lane.ready(100)).toBe(false);
  expect(lane.ready(200)).toBe(true);
  expect(batch()).toBe(first);
  lane.answered(first, 0, 5, 200);
  expect(outcomes).toEqual(['a at 5']);
});

test.each([
  [45, 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'TQ-KAFKA-10 retryable'], [46, 'DUPLICATE_SEQUENCE_NUMBER', 'TQ-KAFKA-10 retryable'], [47, 'INVALID_PRODUCER_EPOCH', 'TQ-KAFKA-10 retryable'],
  [59, 'UNKNOWN_PRODUCER_ID', 'TQ-KAFKA-10 retryable'], [10, 'MESSAGE_TOO_LARGE', 'TQ-KAFKA-13'], [29, 'TOPIC_AUTHORIZATION_FAILED', 'TQ-KAFKA-07'], [87, 'INVALID_RECORD', 'TQ-KAFKA-09'],
])('after error %i (%s) the batch is rejected (%s %s) and the next one has a producer of its own', (errorCode, _name, outcome) => {
  const { lane, outcomes, push, batch } = openLane();
  push('a');
  push('b');
  const first = batch();
  push('c');
  lane.answered(first, errorCode, -1, 0);
  expect(outcomes).toEqual([`a ${outcome}`, `b ${outcome}`]);
  expect(lane.needsIdentity).toBe(true);
  const next = batch();
  expect(next.bytes.readBigInt64BE(43)).not.toBe(first.bytes.readBigInt64BE(43));
  expect(next.bytes.readInt32BE(53)).toBe(0);
});

test('a batch that was written but never answered is not mistaken for the next one of as many records', () => {
  const partition = fakePartition();
  const { lane, outcomes, push, batch } = openLane();
  push('first', 1_000);
  partition.produce(batch());
  lane.expire(1_000, new Error('no answer'));
  push('second', 2_000);
  const next = batch();
  const { errorCode, baseOffset } = partition.produce(next);
  lane.answered(next, errorCode, baseOffset, 1_001);
  expect(outcomes).toEqual(['first TQ-KAFKA-10 retryable', 'second at 1']);
  expect(partition.stored).toEqual(['first', 'second']);
});

test('a batch that was written but never answered is stored once when it is sent again', () => {
  const partition = fakePartition();
  const { lane, outcomes, push, batch } = openLane();
  push('a');
  const first = batch();
  partition.produce(first);
  lane.unanswered(first, 0);
  const { errorCode, baseOffset } = partition.produce(batch());
  lane.answered(first, errorCode, baseOffset, 50);
  expect(outcomes).toEqual(['a at 0']);
  expect(partition.stored).toEqual(['a']);
});

test('an answer that comes after its batch was given up changes nothing', () => {
  const { lane, outcomes, push, batch } = openLane();
  push('a', 10);
  const first = batch();
  lane.expire(10, undefined);
  push('b');
  const second = batch();
  expect(lane.answered(first, 0, 3, 11)).toBe(false);
  lane.unanswered(first, 11);
  expect(lane.ready(11)).toBe(true);
  lane.answered(second, 0, 4, 12);
  expect(outcomes).toEqual(['a TQ-KAFKA-10 retryable', 'b at 4']);
});

test('what waits is given up at its own time, in order, and what is younger stays', () => {
  const { lane, outcomes, push, batch } = openLane();
  push('a', 10);
  batch();
  push('b', 20);
  push('c', 30);
  lane.expire(20, undefined);
  expect(outcomes).toEqual(['a TQ-KAFKA-10 retryable', 'b TQ-KAFKA-10 retryable']);
  expect(lane.empty).toBe(false);
});

test('a batch takes what fits into 1 MiB, and a larger record goes alone', () => {
  const { lane, push, batch } = openLane();
  push('x'.repeat(600_000));
  push('y'.repeat(600_000));
  push('z'.repeat(2_000_000));
  const counts: number[] = [];
  for (let sent = batch(); ; sent = batch()) {
    counts.push(sent.appends.length);
    lane.answered(sent, 0, 0, 0);
    if (lane.empty) break;
  }
  expect(counts).toEqual([1, 1, 1]);
});

test('a pause grows with each failure in a row, up to a second, and a success ends that', () => {
  const { lane, push, batch } = openLane();
  push('a');
  const first = batch();
  for (let i = 0; i < 12; i++) lane.unanswered(first, 0);
  expect(lane.ready(999)).toBe(false);
  expect(lane.ready(1_000)).toBe(true);
  lane.answered(first, 0, 0, 1_000);
  push('b');
  lane.unanswered(batch(), 1_000);
  expect(lane.ready(1_020)).toBe(true);
});
