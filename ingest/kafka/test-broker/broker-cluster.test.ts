import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createKafka } from '../connection.ts';
import { testSettings } from '../test-settings.ts';
import { type BrokerCluster, startBrokers } from './broker-cluster.ts';

test('a broker keeps its data over kill -9, and takes it along when it is disposed of', async () => {
  let cluster: BrokerCluster | undefined;
  try {
    cluster = await startBrokers({ brokers: 1 });
    await write(cluster, 'before');
    await cluster.kill(0);
    expect(cluster.brokers[0]?.pid).toBeUndefined();
    await cluster.start(0);
    expect(await newestOffset(cluster)).toBe('1');
    await cluster.stop(0);
    await cluster.start(0);
    expect(await newestOffset(cluster)).toBe('1');
  } finally {
    await cluster?.[Symbol.asyncDispose]();
  }
  expect(existsSync(cluster.brokers[0]?.logDir ?? '')).toBe(false);
});

test('three brokers elect another leader when one dies or is stopped in its tracks', async () => {
  await using cluster = await startBrokers({ brokers: 3 });
  await write(cluster, 'all');
  await cluster.kill(0);
  await write(cluster, 'two are enough');
  await cluster.start(0);
  const before = await leaderOf(cluster, 0);
  cluster.pause(before);
  const awake = before === 0 ? 1 : 0;
  await expect.poll(() => leaderOf(cluster, awake)).not.toBe(before);
  await write({ ...cluster, bootstrap: [cluster.bootstrap[awake] ?? ''], security: undefined }, 'one sleeps');
  cluster.resume(before);
  expect(await newestOffset(cluster)).toBe('3');
});

/** As one broker sees it, counted from 0. */
async function leaderOf(cluster: BrokerCluster, asked: number): Promise<number> {
  const admin = createKafka(testSettings({ ...cluster, bootstrap: [cluster.bootstrap[asked] ?? ''], security: undefined })).admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: ['try'] });
  await admin.disconnect();
  return (topics[0]?.partitions[0]?.leader ?? 0) - 1;
}

test('brokers and their temporary files are gone when their process is killed', async () => {
  const main = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url))], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: main.stdout })[Symbol.asyncIterator]();
  const bootstrap = String((await lines.next()).value);
  const directory = String((await lines.next()).value).replace('data in ', '');
  expect(existsSync(path.join(directory, 'broker-1', 'data'))).toBe(true);
  main.kill('SIGKILL');
  await once(main, 'exit');
  await expect.poll(() => existsSync(directory)).toBe(false);
  await expect(fetch(`http://${bootstrap}`)).rejects.toThrow('fetch failed');
});

async function write(cluster: Pick<BrokerCluster, 'bootstrap' | 'security'>, value: string): Promise<void> {
  const kafka = createKafka(testSettings(cluster));
  const admin = kafka.admin();
  await admin.connect();
  if (!(await admin.listTopics()).includes('try')) await admin.createTopics({ topics: [{ topic: 'try', numPartitions: 1 }], waitForLeaders: true });
  await admin.disconnect();
  const producer = kafka.producer({ createPartitioner: () => () => 0 });
  await producer.connect();
  await producer.send({ topic: 'try', acks: -1, messages: [{ value }] });
  await producer.disconnect();
}

async function newestOffset(cluster: BrokerCluster): Promise<string | undefined> {
  const admin = createKafka(testSettings(cluster)).admin();
  await admin.connect();
  const [offset] = await admin.fetchTopicOffsets('try');
  await admin.disconnect();
  return offset?.high;
}
