import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { seededRandom } from '../../contracts/seeded-random.ts';
import type { Random } from '../../contracts/seeded-random.ts';
import { startBrokers } from '../../ingest/kafka/test-broker/broker-cluster.ts';
import type { BrokerCluster } from '../../ingest/kafka/test-broker/broker-cluster.ts';
import { ChainSource } from '../kafka/chain-source.ts';
import { Deployment } from '../kafka/deployment.ts';
import { IngressSource } from '../kafka/ingress-source.ts';
import { Ledger } from '../kafka/ledger.ts';
import { alertFailures, leftoverFailures, treeFailures, until } from '../kafka/reconciliation.ts';
import { committedEvents, registerSite } from '../pipeline.ts';
import { numberOf, openReader } from '../store-reader.ts';
import { startWebhookReceiver } from '../webhook-receiver.ts';
import type { WebhookReceiver } from '../webhook-receiver.ts';
import { kafkaVictims, mostBrokersAway } from './kafka-victims.ts';
import type { KafkaVictim } from './kafka-victims.ts';

export interface KafkaChaosOptions {
  readonly seed: number;
  /** Of all victims together; about every fourth step is a pause besides. */
  readonly kills: number;
  readonly onStep?: (kills: number, ofKills: number, what: string) => void;
}

export interface KafkaChaosReport {
  readonly kills: Readonly<Record<string, number>>;
  readonly pauses: Readonly<Record<string, number>>;
  /** Lines sent in signed chains. */
  readonly chained: number;
  /** Records acknowledged to the third party's producer, and those in the topic: it repeats what it got no answer to. */
  readonly ingress: number;
  readonly ingressInTopic: number;
  readonly stored: number;
  readonly duplicatesDropped: number;
  readonly alerts: number;
  readonly webhooks: number;
  readonly trees: number;
  readonly chaosMs: number;
  /** From the last step until everything was stored. */
  readonly settleMs: number;
  /** What did not hold; empty when all is well. */
  readonly failures: readonly string[];
}

const PARTITIONS = 4;
const TOPIC_PREFIX = 'tourniquet';
const LINES_A_STEP = 200;
const RECORDS_AT_ONCE = 50;
const PRODUCE_EVERY_MS = 100;
const PAUSE_CHANCE = 0.2;
const BROKER_CHANCE = 0.25;
const LONGEST_STEP_MS = 1_500;
const LONGEST_AWAY_MS = 3_000;
/** Longer than the session of the consumer groups, now and then. */
const LONGEST_STILL_MS = 9_000;
const SETTLE_MS = 240_000;

interface Stage {
  readonly receiver: WebhookReceiver;
  readonly brokers: BrokerCluster;
  readonly deployment: Deployment;
  readonly chains: readonly ChainSource[];
  readonly ingress: readonly IngressSource[];
}

/** A deployment with a chain to each gateway and two producers on the ingress topic; what was opened ends with the stack. */
async function openStage(opened: AsyncDisposableStack): Promise<Stage> {
  const receiver = opened.adopt(await startWebhookReceiver(), (r) => r.close());
  const brokers = opened.use(await startBrokers({ brokers: 3 }));
  const deployment = opened.use(await Deployment.prepare({ bootstrap: brokers.bootstrap, partitions: PARTITIONS, replicationFactor: 3, gateways: 2, workers: 3, ingress: true, webhookUrl: receiver.url, topicPrefix: TOPIC_PREFIX }));
  await deployment.start();
  const chains: ChainSource[] = [];
  for (const [i, gateway] of deployment.gateways.entries()) chains.push(opened.adopt(await ChainSource.open(deployment, `chained-${i}`, gateway.urlOf('gateway')), (chain) => chain.stop()));
  const ingress: IngressSource[] = [];
  for (const site of ['ingress-a', 'ingress-b']) {
    await registerSite(deployment.core.home, site);
    ingress.push(opened.use(await IngressSource.open(brokers.bootstrap, site, TOPIC_PREFIX)));
  }
  return { receiver, brokers, deployment, chains, ingress };
}

/** Kills and stops everything at random while signed chains and the ingress topic come in, lets it settle, and reconciles. */
export async function runKafkaChaos(options: KafkaChaosOptions): Promise<KafkaChaosReport> {
  await using opened = new AsyncDisposableStack();
  const { receiver, brokers, deployment, chains, ingress } = await openStage(opened);
  for (const chain of chains) {
    chain.grow(LINES_A_STEP);
    chain.start();
  }
  const calm = new AbortController();
  const producing = ingress.map((source) => keepProducing(source, calm.signal));
  const startedAt = performance.now();
  const { troubles, ...steps } = await wreak(kafkaVictims(brokers, deployment, chains), chains, options);
  const chaosMs = performance.now() - startedAt;
  calm.abort();
  await Promise.all(producing);

  const client = opened.adopt(await openReader(deployment.core.home), (c) => c.close());
  const settledFrom = performance.now();
  const { ingressInTopic, failures } = await reconcile(client, chains, ingress);
  const settleMs = performance.now() - settledFrom;
  const delivery = await alertFailures(client, receiver, SETTLE_MS);
  const trees = await treeFailures(client, deployment.core.home, SETTLE_MS);
  return {
    ...steps, chained: sum(chains.map((c) => c.lines)), ingress: sum(ingress.map((s) => s.records)), ingressInTopic, ...(await countsOf(client)),
    webhooks: receiver.received.length, chaosMs: Math.round(chaosMs), settleMs: Math.round(settleMs), failures: [...troubles, ...failures, ...delivery, ...trees],
  };
}

async function keepProducing(source: IngressSource, calm: AbortSignal): Promise<void> {
  while (!calm.aborted) {
    await source.produce(RECORDS_AT_ONCE);
    await sleep(PRODUCE_EVERY_MS);
  }
}

async function countsOf(client: ClickHouseClient): Promise<Pick<KafkaChaosReport, 'stored' | 'duplicatesDropped' | 'alerts' | 'trees'>> {
  return {
    stored: await numberOf(client, "SELECT count() AS n FROM tourniquet.events WHERE site != '_system' AND provenance != 'system'"),
    duplicatesDropped: await numberOf(client, 'SELECT sum(duplicates) AS n FROM (SELECT DISTINCT partition, first, duplicates FROM tourniquet.commits)'),
    alerts: await numberOf(client, 'SELECT count() AS n FROM tourniquet.alerts'),
    trees: await numberOf(client, 'SELECT uniqExact(site) AS n FROM tourniquet.events'),
  };
}

/** Resolves when everything is back. */
async function wreak(victims: readonly KafkaVictim[], chains: readonly ChainSource[], { seed, kills, onStep }: KafkaChaosOptions): Promise<Pick<KafkaChaosReport, 'kills' | 'pauses'> & { readonly troubles: readonly string[] }> {
  const random = seededRandom(seed);
  const busy = new Map<KafkaVictim, Promise<void>>();
  const done: { readonly kills: Record<string, number>; readonly pauses: Record<string, number> } = { kills: {}, pauses: {} };
  const troubles: string[] = [];
  for (let killed = 0; killed < kills && troubles.length === 0;) {
    for (const chain of chains) chain.grow(LINES_A_STEP);
    await sleep(random.below(LONGEST_STEP_MS));
    const victim = pick(victims, new Set(busy.keys()), random);
    if (victim === undefined) continue;
    const isPause = random.chance(PAUSE_CHANCE);
    const act = isPause ? victim.pause(random.below(LONGEST_STILL_MS)) : victim.kill(random.below(LONGEST_AWAY_MS));
    busy.set(victim, act.catch((error: unknown) => void troubles.push(error instanceof Error ? error.message : String(error))).finally(() => busy.delete(victim)));
    const tally = isPause ? done.pauses : done.kills;
    tally[victim.name] = (tally[victim.name] ?? 0) + 1;
    if (!isPause) killed += 1;
    onStep?.(killed, kills, `${isPause ? 'pause of' : 'kill -9 of'} ${victim.name}`);
  }
  await Promise.all(busy.values());
  return { ...done, troubles };
}

/** A broker in a quarter of the steps, unless too many are away: there are few of them. */
function pick(victims: readonly KafkaVictim[], busy: ReadonlySet<KafkaVictim>, random: Random): KafkaVictim | undefined {
  const isBroker = (victim: KafkaVictim): boolean => victim.name.startsWith('broker');
  const brokersMay = [...busy].filter(isBroker).length < mostBrokersAway(random);
  const wantsBroker = brokersMay && random.chance(BROKER_CHANCE);
  const free = victims.filter((victim) => !busy.has(victim) && isBroker(victim) === wantsBroker);
  return free.length === 0 ? undefined : random.pick(free);
}

async function reconcile(client: ClickHouseClient, chains: readonly ChainSource[], ingress: readonly IngressSource[]): Promise<{ readonly ingressInTopic: number; readonly failures: readonly string[] }> {
  // Both write to one topic.
  const ingressInTopic = (await ingress[0]?.recordsInTopic()) ?? 0;
  const expected = sum(chains.map((c) => c.lines)) + ingressInTopic;
  const drained = await until(async () => (await committedEvents(client)) >= expected, SETTLE_MS);
  const ledger = new Ledger(ingress.map((s) => s.site));
  for (const chain of chains) ledger.acknowledge(chain.site, Array.from({ length: chain.lines }, (_, i) => `${chain.site}-${i}`));
  for (const source of ingress) ledger.acknowledge(source.site, Array.from({ length: source.records }, (_, i) => source.actionOf(i)));
  const fromIngress = await numberOf(client, "SELECT count() AS n FROM tourniquet.events WHERE provenance = 'ingress'");
  const inPlace = await Promise.all(chains.map((chain) => placeFailures(client, chain)));
  return {
    ingressInTopic,
    failures: [
      ...(drained ? [] : ['not everything was stored in time']),
      ...(await ledger.differences(client)),
      ...inPlace.flat(),
      ...(fromIngress === ingressInTopic ? [] : [`${ingressInTopic} records are in the ingress topic, ${fromIngress} are stored`]),
      ...(await leftoverFailures(client)),
    ],
  };
}

/** Each line of a chain at the sequence it was sent with, leaves in that order. */
async function placeFailures(client: ClickHouseClient, { site }: ChainSource): Promise<readonly string[]> {
  const wrong = await numberOf(client, `SELECT countIf(action != concat('${site}-', toString(seq)) OR leaf != seq) AS n FROM tourniquet.events WHERE site = '${site}'`);
  return wrong === 0 ? [] : [`${wrong} events of ${site} are not in the place they were sent in`];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
