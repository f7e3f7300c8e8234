import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Kafka } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PartitionOwnership } from '../../contracts/ownership.ts';
import { createKafka } from './connection.ts';
import { topicNames } from './expected-topics.ts';
import { openOwnership, type OwnershipEvent } from './ownership.ts';
import { type BrokerCluster, startBrokers } from './test-broker/broker-cluster.ts';
import { testSettings } from './test-settings.ts';
import { ensureTopics } from './topics.ts';

const PARTITIONS = 6;
const SESSION_MS = 3_000;
const LIMIT_MS = 30_000;

let cluster: BrokerCluster;
let kafka: Kafka;
let topic: string;
let groups = 0;

beforeAll(async () => {
  cluster = await startBrokers({ brokers: 1, settings: { 'group.min.session.timeout.ms': 1_000 } });
  const settings = testSettings(cluster, { partitions: PARTITIONS });
  kafka = createKafka(settings);
  topic = topicNames(settings.topic_prefix).blocks;
  await ensureTopics(kafka, settings);
});
afterAll(async () => cluster[Symbol.asyncDispose]());

function newGroup(): string {
  return `group-${++groups}`;
}

async function join(groupId: string, onEvent: (event: OwnershipEvent) => void = () => undefined): Promise<PartitionOwnership> {
  return openOwnership(kafka, { groupId, topic, partitions: PARTITIONS, sessionTimeoutMs: SESSION_MS, onEvent });
}

interface MemberProcess extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly owned: () => readonly number[];
}

async function joinAsProcess(groupId: string): Promise<MemberProcess> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('ownership-process.ts', import.meta.url)), cluster.bootstrap[0] ?? '', groupId, topic, String(PARTITIONS), String(SESSION_MS)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let owned: readonly number[] = [];
  const lines = createInterface({ input: child.stdout });
  // Our own process prints an array of numbers a line.
  lines.on('line', (line) => (owned = JSON.parse(line) as number[]));
  await Promise.race([once(lines, 'line'), once(child, 'exit').then(([code]) => expect.fail(`the member ended with ${code}`))]);
  return {
    process: child,
    owned: () => owned,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** Milliseconds until it holds. */
async function until(claim: string, holds: () => boolean): Promise<number> {
  const since = Date.now();
  while (!holds()) {
    if (Date.now() - since > LIMIT_MS) expect.fail(`not within ${LIMIT_MS} ms: ${claim}`);
    await sleep(10);
  }
  return Date.now() - since;
}

function isShared(...members: readonly (() => Iterable<number>)[]): boolean {
  const all = members.flatMap((owned) => [...owned()]);
  return all.length === PARTITIONS && new Set(all).size === PARTITIONS;
}

test('a member alone owns everything; a second takes half and nothing else moves; when it leaves, everything is back', async () => {
  const groupId = newGroup();
  await using first = await join(groupId);
  expect([...first.owned]).toEqual([0, 1, 2, 3, 4, 5]);
  const seen: (readonly number[])[] = [];
  first.onChange((owned) => seen.push([...owned]));
  const second = await join(groupId);
  await until('both own half', () => isShared(() => first.owned, () => second.owned));
  expect([...second.owned]).toEqual([3, 4, 5]);
  await second[Symbol.asyncDispose]();
  await until('all is back', () => first.owned.size === PARTITIONS);
  expect(seen).toEqual([[0, 1, 2, 3, 4, 5], [0, 1, 2], [0, 1, 2, 3, 4, 5]]);
});

test('what a killed process owned is taken over; the old assignment stays until then', async () => {
  const groupId = newGroup();
  await using survivor = await join(groupId);
  await using victim = await joinAsProcess(groupId);
  await until('both own half', () => isShared(() => survivor.owned, victim.owned));
  const kept = [...survivor.owned];
  victim.process.kill('SIGKILL');
  await until('the survivor owns all', () => {
    expect(kept.every((p) => survivor.owned.has(p))).toBe(true);
    return survivor.owned.size === PARTITIONS;
  });
});

test('a process told to end hands over by leaving, long before its session would end', async () => {
  const groupId = newGroup();
  const events: OwnershipEvent[] = [];
  await using survivor = await openOwnership(kafka, { groupId, topic, partitions: PARTITIONS, sessionTimeoutMs: 60_000, onEvent: (event) => events.push(event) });
  await using leaver = await joinAsProcess(groupId);
  await until('both own half', () => isShared(() => survivor.owned, leaver.owned));
  leaver.process.kill('SIGTERM');
  const tookMs = await until('the survivor owns all', () => survivor.owned.size === PARTITIONS);
  expect(tookMs).toBeLessThan(20_000);
  if (leaver.process.exitCode === null) await once(leaver.process, 'exit');
  expect(leaver.process.exitCode).toBe(0);
  expect(events.map((event) => event.type)).toEqual(['assigned', 'assigned', 'assigned']);
});

test('a process that slept through its takeover comes back with nothing of what was given away, and takes part again', async () => {
  const groupId = newGroup();
  await using awake = await join(groupId);
  await using sleeper = await joinAsProcess(groupId);
  await until('both own half', () => isShared(() => awake.owned, sleeper.owned));
  sleeper.process.kill('SIGSTOP');
  await until('the other owns all', () => awake.owned.size === PARTITIONS);
  sleeper.process.kill('SIGCONT');
  await until('both own half again', () => isShared(() => awake.owned, sleeper.owned));
  expect(awake.owned.size).toBe(PARTITIONS / 2);
});

test('members wait for a broker that is away, keep what they own, and take part again', async () => {
  const groupId = newGroup();
  const events: OwnershipEvent[] = [];
  await using first = await join(groupId, (event) => events.push(event));
  await using second = await join(groupId);
  await until('both own half', () => isShared(() => first.owned, () => second.owned));
  const before = [[...first.owned], [...second.owned]];
  await cluster.kill(0);
  await until('it is noticed', () => events.some((event) => event.type === 'interrupted'));
  expect([[...first.owned], [...second.owned]]).toEqual(before);
  const generations = events.length;
  await cluster.start(0);
  await using third = await join(groupId);
  await until('three share', () => isShared(() => first.owned, () => second.owned, () => third.owned));
  expect([first.owned.size, second.owned.size, third.owned.size]).toEqual([2, 2, 2]);
  expect(events.slice(generations).every((event) => event.type === 'assigned' || event.error.retryable)).toBe(true);
});

test('an offset that an operator sets changes nothing; ours is committed for monitors', async () => {
  const groupId = newGroup();
  const admin = kafka.admin();
  await admin.connect();
  await admin.setOffsets({ groupId, topic, partitions: [{ partition: 2, offset: '77' }] });
  const member = await join(groupId);
  expect(member.owned.size).toBe(PARTITIONS);
  member.done(0, 41);
  member.done(0, 42);
  await member[Symbol.asyncDispose]();
  const [offsets] = await admin.fetchOffsets({ groupId, topics: [topic] });
  expect(offsets?.partitions.filter(({ offset }) => offset !== '-1').map(({ partition, offset }) => [partition, offset])).toEqual([[0, '42'], [2, '77']]);
  await admin.disconnect();
});

test('members that come and go at random always end with one owner a partition', async () => {
  const groupId = newGroup();
  const members: PartitionOwnership[] = [await join(groupId)];
  try {
    for (let round = 0; round < 6; round++) {
      members.push(await join(groupId));
      if (round % 2 === 1) await members.shift()?.[Symbol.asyncDispose]();
    }
    await until('each partition has one owner', () => isShared(...members.map((member) => () => member.owned)));
    expect(members.map((member) => member.owned.size).toSorted()).toEqual([1, 1, 2, 2]);
  } finally {
    await Promise.all(members.map(async (member) => member[Symbol.asyncDispose]()));
  }
});

test('a group of another kind is refused at once, with a reason', async () => {
  const groupId = newGroup();
  const consumer = kafka.consumer({ groupId });
  await consumer.subscribe({ topic });
  await consumer.run({ eachMessage: async () => undefined });
  await expect(join(groupId)).rejects.toMatchObject({ code: 'TQ-KAFKA-08', retryable: false });
  await consumer.disconnect();
});
