import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Admin } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrokers } from '../ingest/kafka/test-broker/broker-cluster.ts';
import type { BrokerCluster } from '../ingest/kafka/test-broker/broker-cluster.ts';
import { Deployment } from '../loadtest/kafka/deployment.ts';
import { eventLine } from '../loadtest/kafka/event-line.ts';
import { foreignClient } from '../loadtest/kafka/foreign-client.ts';
import { Ledger } from '../loadtest/kafka/ledger.ts';
import { siteNames } from '../loadtest/kafka/load.ts';
import { PlainSource } from '../loadtest/kafka/plain-source.ts';
import type { PlainSite } from '../loadtest/kafka/plain-source.ts';
import { alertFailures, leftoverFailures, treeFailures } from '../loadtest/kafka/reconciliation.ts';
import type { Unit } from '../loadtest/kafka/unit.ts';
import { registerSite, untilStored } from '../loadtest/pipeline.ts';
import { numberOf, openReader, rowsOf } from '../loadtest/store-reader.ts';
import { startWebhookReceiver } from '../loadtest/webhook-receiver.ts';
import type { WebhookReceiver } from '../loadtest/webhook-receiver.ts';

const PARTITIONS = 4;
/** The goal of a takeover, from kill -9 to the next stored event, on a machine that has a core for each process that wants one. */
const TAKEOVER_MS = 10_000;
/** How long a busy machine may take to deliver and sign what is stored; only the tests about time look at the time. */
const SETTLE_MS = 240_000;
/** A correlation across sites that alerts; the shipped one does not, for scanners go round all day. */
const MANY_SITES = '6922e011-1a1e-4642-84d4-ccf3e6ad52f9';
const RULES = `title: An attack
name: some_attack
logsource: { category: webserver }
detection: { it: { scan.class|startswith: attack. }, condition: it }
level: low
---
title: One address against three shops
id: ${MANY_SITES}
level: high
tourniquet: { scope: deployment }
correlation: { type: value_count, rules: [some_attack], group-by: [source.ip], timespan: 10m, condition: { field: tourniquet.site, gte: 3 } }
`;
const COMMAND = fileURLToPath(new URL('cli.ts', import.meta.url));

let rules: string;
let receiver: WebhookReceiver;
let brokers: BrokerCluster;
let deployment: Deployment;
let reader: ClickHouseClient;
let admin: Admin;
let sites: readonly PlainSite[];
let source: PlainSource;
const ledger = new Ledger();

beforeAll(async () => {
  receiver = await startWebhookReceiver();
  brokers = await startBrokers({ brokers: 1 });
  rules = mkdtempSync(path.join(os.tmpdir(), 'tourniquet-rules-'));
  writeFileSync(path.join(rules, 'many-sites.yml'), RULES);
  deployment = await Deployment.prepare({ moreConfig: `rules:\n  paths: [${rules}]\n`, bootstrap: brokers.bootstrap, partitions: PARTITIONS, replicationFactor: 1, gateways: 1, workers: 2, ingress: true, webhookUrl: receiver.url });
  await deployment.start();
  reader = await openReader(deployment.core.home);
  admin = foreignClient(brokers.bootstrap).admin();
  await admin.connect();
  const registered: PlainSite[] = [];
  for (const site of siteNames(PARTITIONS)) registered.push({ site, ingestKey: (await registerSite(deployment.core.home, site)).ingestKey });
  sites = registered;
  source = new PlainSource(() => gateway().urlOf('gateway'), sites, ledger);
});

afterAll(async () => {
  await admin?.disconnect();
  await reader?.close();
  await deployment?.[Symbol.asyncDispose]();
  await brokers?.[Symbol.asyncDispose]();
  await receiver?.close();
  rmSync(rules, { recursive: true, force: true });
});

/** On a machine that is kept busy by others everything takes as many times longer. */
function takeoverLimitMs(): number {
  return TAKEOVER_MS * Math.max(1, (os.loadavg()[0] ?? 0) / os.availableParallelism());
}

function gateway(): Unit {
  // One was asked for.
  return deployment.gateways[0]!;
}

function worker(i: 0 | 1): Unit {
  // Two were asked for.
  return deployment.workers[i]!;
}

async function untilShared(): Promise<void> {
  await expect.poll(() => [worker(0).partitions.length, worker(1).partitions.length]).toEqual([2, 2]);
}

/** Everything that was acknowledged is stored once, alerted on once, and proved. */
async function expectReconciled(lostRanges = 0): Promise<void> {
  await untilStored(reader, ledger.size);
  expect(await ledger.differences(reader)).toEqual([]);
  expect(await leftoverFailures(reader, lostRanges)).toEqual([]);
  expect(await alertFailures(reader, receiver, SETTLE_MS)).toEqual([]);
  expect(await treeFailures(reader, deployment.core.home, SETTLE_MS)).toEqual([]);
}

/** Milliseconds until the store holds a commit of each partition that was made after the moment. */
async function firstCommits(partitions: readonly number[], sinceMs: number): Promise<readonly number[]> {
  const first = (partition: number): Promise<number> => numberOf(reader, `SELECT toUnixTimestamp64Milli(min(committed_at)) AS n FROM tourniquet.commits WHERE partition = ${partition} AND committed_at > fromUnixTimestamp64Milli(${sinceMs})`);
  return Promise.all(partitions.map(async (partition) => {
    await expect.poll(() => first(partition)).toBeGreaterThan(sinceMs);
    return (await first(partition)) - sinceMs;
  }));
}

async function whileSending(everyMs: number, act: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const sending = source.keepSending(everyMs, stop.signal);
  try {
    await act();
  } finally {
    stop.abort();
    await sending;
  }
}

test('plain lines, signed blocks and records of the ingress topic are stored once, alerted on and proved', async () => {
  await source.send(20);
  const chained = Array.from({ length: 50 }, (_, i) => `chain-${i}`);
  const file = path.join(gateway().home.root, 'chain.ndjson');
  writeFileSync(file, chained.map((action) => `${eventLine({ action, attack: action === 'chain-0' })}\n`).join(''));
  const site = sites[0]?.site ?? '';
  expect(await tourniquet(gateway().home.root, ['send', file, '--site', site])).toMatchObject({ code: 0 });
  ledger.acknowledge(site, chained);
  const ingress = Array.from({ length: 50 }, (_, i) => `ingress-${i}`);
  const producer = foreignClient(brokers.bootstrap).producer();
  await producer.connect();
  await producer.send({ topic: 'tourniquet.ingress', acks: -1, messages: ingress.map((action) => ({ key: sites[1]?.site ?? '', value: eventLine({ action, attack: action === 'ingress-0' }) })) });
  await producer.disconnect();
  ledger.acknowledge(sites[1]?.site ?? '', ingress);
  await expectReconciled();
  expect(await rowsOf(reader, "SELECT provenance, countIf(action = 'chain-0' OR action = 'ingress-0' OR startsWith(action, 'plain')) > 0 AS seen FROM tourniquet.events WHERE NOT startsWith(site, '_') GROUP BY provenance ORDER BY provenance")).toEqual(['gateway', 'ingress', 'plugin'].map((provenance) => ({ provenance, seen: 1 })));
  const alerted = await rowsOf<{ provenance: string }>(reader, "SELECT DISTINCT provenance FROM tourniquet.events AS e INNER JOIN tourniquet.alerts AS a ON a.site = e.site AND a.leaf = e.leaf WHERE e.site != '_system' ORDER BY provenance");
  expect(alerted.map((a) => a.provenance)).toEqual(['gateway', 'ingress', 'plugin']);
});

test('one address against three shops is an alert of its own, delivered once', async () => {
  await source.send(1, '198.51.100.77');
  await expect.poll(() => numberOf(reader, `SELECT count() AS n FROM tourniquet.alerts WHERE site = '_system' AND rule = '${MANY_SITES}' AND source_ip = '198.51.100.77'`)).toBe(1);
  await expectReconciled();
  expect(receiver.received.filter((w) => w.body.includes(MANY_SITES) && w.body.includes('finding'))).not.toEqual([]);
});

test('after kill -9 of a worker the other stores the next event of its partitions within ten seconds; nothing is lost or doubled', async () => {
  await untilShared();
  await whileSending(200, async () => {
    await sleep(2_000);
    const owned = worker(0).partitions;
    worker(0).die();
    // A commit of the dead worker may still become visible within the first moments.
    const takeoverMs = await firstCommits(owned, Date.now() + 300);
    process.stderr.write(`takeover after kill -9: ${takeoverMs.map((ms) => ms + 300).join(', ')} ms\n`);
    expect(Math.max(...takeoverMs)).toBeLessThan(takeoverLimitMs());
  });
  await expectReconciled();
  await deployment.start([worker(0)]);
  await untilShared();
});

test('a worker that stood still until others had taken over and then wakes stores nothing twice', async () => {
  await untilShared();
  await whileSending(200, async () => {
    await sleep(1_000);
    const owned = worker(1).partitions;
    worker(1).signal('SIGSTOP');
    await firstCommits(owned, Date.now() + 300);
    await sleep(3_000);
    worker(1).signal('SIGCONT');
    await sleep(5_000);
  });
  await expectReconciled();
  await untilShared();
});

test('a rolling restart under load delivers every alert, none later than a takeover takes', async () => {
  await untilShared();
  const before = source.attacks.size;
  await whileSending(200, async () => {
    for (const unit of deployment.workers) {
      await unit.stop();
      await deployment.start([unit]);
      await sleep(1_000);
    }
  });
  await expectReconciled();
  const action = new Map((await rowsOf<{ id: string; action: string }>(reader, 'SELECT a.id AS id, e.action AS action FROM tourniquet.alerts AS a INNER JOIN tourniquet.events AS e ON e.site = a.site AND e.leaf = a.leaf')).map((row) => [row.id, row.action]));
  const during = new Map([...source.attacks].slice(before));
  const latenessMs = receiver.received.flatMap((w) => {
    const acknowledgedAtMs = during.get(action.get(w.id) ?? '');
    return acknowledgedAtMs === undefined ? [] : [w.receivedAtMs - acknowledgedAtMs];
  });
  process.stderr.write(`rolling restart: ${latenessMs.length} alerts, the latest after ${Math.max(...latenessMs)} ms\n`);
  expect(latenessMs.length).toBeGreaterThanOrEqual(during.size);
  expect(Math.max(...latenessMs)).toBeLessThan(takeoverLimitMs());
});

test('offsets that an operator resets to the start or to the end change nothing', async () => {
  for (const toStart of [true, false]) {
    for (const unit of deployment.workers) await unit.stop();
    await source.send(10);
    for (const topic of ['blocks', 'observations']) {
      const groupId = `tourniquet.${topic}-workers`;
      const offsets = await admin.fetchTopicOffsets(`tourniquet.${topic}`);
      await expect.poll(() => admin.setOffsets({ groupId, topic: `tourniquet.${topic}`, partitions: offsets.map(({ partition, low, high }) => ({ partition, offset: toStart ? low : high })) }).then(() => true, () => false)).toBe(true);
    }
    await deployment.start(deployment.workers);
    await source.send(10);
    await expectReconciled();
  }
});

test('records that the log lost under stopped workers are a loud line, a gap, a critical alert and a count; later events are stored', async () => {
  for (const unit of deployment.workers) await unit.stop();
  const lost = await source.send(10);
  const ends = await admin.fetchTopicOffsets('tourniquet.blocks');
  await admin.deleteTopicRecords({ topic: 'tourniquet.blocks', partitions: ends.map(({ partition, high }) => ({ partition, offset: high })) });
  ledger.forget(lost);
  await deployment.start(deployment.workers);
  await source.send(10);
  await expectReconciled(PARTITIONS);
  const gaps = await rowsOf<{ partition: number; from_seq: number; to_seq: number }>(reader, "SELECT partition, from_seq, to_seq FROM tourniquet.gaps WHERE state = 'lost' ORDER BY partition");
  expect(gaps.map((g) => [g.partition, g.to_seq])).toEqual(ends.toSorted((a, b) => a.partition - b.partition).map(({ partition, high }) => [partition, Number(high) - 1]));
  const alerts = await rowsOf<{ level: string }>(reader, "SELECT level FROM tourniquet.alerts WHERE rule = 'tourniquet.log.lost'");
  expect(alerts).toEqual(ends.map(() => ({ level: 'critical' })));
  const lines = deployment.workers.flatMap((unit) => readFileSync(unit.logFile, 'utf8').split('\n').filter((line) => line.includes('"event":"lost"')));
  // Each worker tells of it that meets it.
  expect(new Set(lines.map((line) => /"partition":\d+,"from":\d+,"to":\d+,"records":\d+/.exec(line)?.[0])).size).toBe(PARTITIONS);
  expect(receiver.received.filter((w) => w.body.includes('tourniquet.log.lost')).length).toBeGreaterThanOrEqual(PARTITIONS);
});

test('a topic with too few partitions ends up at once, with the commands that mend it', async () => {
  await admin.createTopics({ topics: [{ topic: 'few.blocks', numPartitions: 2, replicationFactor: 1 }] });
  const home = deployment.homeOf('few');
  writeFileSync(path.join(home.root, 'tourniquet.yaml'), `log:\n  kind: kafka\n  kafka:\n    brokers: ["${brokers.bootstrap.join('", "')}"]\n    topic_prefix: few\n    partitions: ${PARTITIONS}\n    replication_factor: 1\n    min_insync_replicas: 1\n`);
  const ended = await tourniquet(home.root, ['up', '--roles', 'respond']);
  expect(ended.code).toBe(1);
  expect(ended.err).toContain('TQ-KAFKA-05');
  expect(ended.err).toContain('few.blocks: partitions are 2, expected 4: set log.kafka.partitions to 2');
});

/** Runs the command as a user would, on a home. */
function tourniquet(home: string, args: readonly string[]): Promise<{ readonly code: number | null; readonly err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [COMMAND, ...args], { env: { ...process.env, TOURNIQUET_HOME: home, TOURNIQUET_CONFIG: undefined }, stdio: ['ignore', 'ignore', 'pipe'] });
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.on('exit', (code) => resolve({ code, err }));
  });
}
