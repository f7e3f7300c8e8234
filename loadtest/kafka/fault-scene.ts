import { existsSync, readFileSync } from 'node:fs';
import type { ClickHouseClient } from '@clickhouse/client';
import type { BrokerCluster, BrokersOptions } from '../../ingest/kafka/test-broker/broker-cluster.ts';
import { startBrokers } from '../../ingest/kafka/test-broker/broker-cluster.ts';
import { committedEvents } from '../pipeline.ts';
import { openReader, rowsOf } from '../store-reader.ts';
import { startWebhookReceiver } from '../webhook-receiver.ts';
import type { WebhookReceiver } from '../webhook-receiver.ts';
import { ChainSource } from './chain-source.ts';
import { Deployment } from './deployment.ts';
import type { DeploymentOptions } from './deployment.ts';
import { weakPartitions } from './foreign-client.ts';
import { Ledger } from './ledger.ts';
import { siteNames } from './load.ts';
import { alertFailures, leftoverFailures, treeFailures, until } from './reconciliation.ts';
import type { Unit } from './unit.ts';

const PARTITIONS = 4;
const GROW_EVERY_MS = 250;
const LINES = 20;
const SETTLE_MS = 180_000;
/** Lines of each log, and characters of each line, that a failure tells. */
const LAST_WORDS = 6;
const LAST_WORDS_WIDTH = 300;

export interface FaultSceneOptions {
  readonly brokers: BrokersOptions;
  readonly deployment?: Partial<DeploymentOptions>;
}

/** Brokers, a gateway, two workers and the core, while a chain for each partition ships growing files through the gateway. */
export class FaultScene implements AsyncDisposable {
  readonly brokers: BrokerCluster;
  readonly deployment: Deployment;
  readonly client: ClickHouseClient;
  readonly #receiver: WebhookReceiver;
  readonly #chains: readonly ChainSource[];
  readonly #growing: NodeJS.Timeout;
  #still = false;

  private constructor(brokers: BrokerCluster, deployment: Deployment, client: ClickHouseClient, receiver: WebhookReceiver, chains: readonly ChainSource[]) {
    this.brokers = brokers;
    this.deployment = deployment;
    this.client = client;
    this.#receiver = receiver;
    this.#chains = chains;
    for (const chain of chains) chain.grow(LINES);
    for (const chain of chains) chain.start();
    this.#growing = setInterval(() => {
      if (!this.#still) for (const chain of chains) chain.grow(LINES);
    }, GROW_EVERY_MS);
  }

  static async open(options: FaultSceneOptions): Promise<FaultScene> {
    await using opened = new AsyncDisposableStack();
    const receiver = opened.adopt(await startWebhookReceiver(), (r) => r.close());
    const brokers = opened.use(await startBrokers(options.brokers));
    const replicas = brokers.brokers.length;
    const deployment = opened.use(await Deployment.prepare({ bootstrap: brokers.bootstrap, partitions: PARTITIONS, replicationFactor: replicas, gateways: 1, workers: 2, webhookUrl: receiver.url, ...options.deployment }));
    await deployment.start();
    const client = opened.adopt(await openReader(deployment.core.home), (c) => c.close());
    const chains: ChainSource[] = [];
    for (const site of siteNames(PARTITIONS)) chains.push(await ChainSource.open(deployment, site, deployment.gateways[0]?.urlOf('gateway') ?? ''));
    opened.move();
    return new FaultScene(brokers, deployment, client, receiver, chains);
  }

  worker(i: 0 | 1): Unit {
    // Every scene has two.
    return this.deployment.workers[i]!;
  }

  get gatewayUrl(): string {
    return this.deployment.gateways[0]?.urlOf('gateway') ?? '';
  }

  stored(): Promise<number> {
    return committedEvents(this.client);
  }

  /** Milliseconds until the store holds a commit of each of the partitions made from now on; rejects after so long. */
  async untilCommitted(partitions: readonly number[] = Array.from({ length: PARTITIONS }, (_, i) => i), withinMs = 300_000): Promise<number> {
    const startedAt = performance.now();
    const sinceMs = Date.now();
    let behind = partitions;
    const reached = await until(async () => {
      const got = await rowsOf<{ partition: number }>(this.client, `SELECT DISTINCT partition FROM tourniquet.commits WHERE committed_at > fromUnixTimestamp64Milli(${sinceMs})`);
      behind = partitions.filter((partition) => !got.some((row) => row.partition === partition));
      return behind.length === 0;
    }, withinMs);
    if (!reached) throw new Error(`partitions ${behind.join(', ')} did not get on within ${withinMs / 1000} s\n${await this.#standing()}`);
    return Math.round(performance.now() - startedAt);
  }

  /** What Kafka says of its partitions, and what each process wrote last: a fault cannot be had again at will. */
  async #standing(): Promise<string> {
    const weak = await weakPartitions(this.brokers.bootstrap).catch((error: unknown) => [`Kafka says nothing: ${String(error)}`]);
    const { units } = this.deployment;
    const logs = [
      ...this.brokers.brokers.map(({ nodeId, pid, logFile }) => [`broker ${nodeId}, ${pid === undefined ? 'down' : 'up'}`, logFile] as const),
      ...units.map(({ name, logFile }) => [name, logFile] as const),
      ...this.#chains.map(({ site, logFile }) => [`sender of ${site}`, logFile] as const),
    ];
    return [...weak, ...logs.map(([name, file]) => `${name}:\n${lastLines(file)}`)].join('\n');
  }

  /** Once all is well again: everything that was shipped is stored once, alerted on and proved. */
  async failures(): Promise<readonly string[]> {
    this.#still = true;
    const all = this.#chains.reduce((sum, chain) => sum + chain.lines, 0);
    const drained = await until(async () => (await this.stored()) >= all, SETTLE_MS);
    const ledger = new Ledger();
    for (const chain of this.#chains) ledger.acknowledge(chain.site, Array.from({ length: chain.lines }, (_, i) => `${chain.site}-${i}`));
    const failures = [
      ...(drained ? [] : ['not everything was stored in time']),
      ...(await ledger.differences(this.client)),
      ...(await leftoverFailures(this.client)),
      ...(await alertFailures(this.client, this.#receiver, SETTLE_MS)),
      ...(await treeFailures(this.client, this.deployment.core.home, SETTLE_MS)),
    ];
    this.#still = false;
    return failures;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#growing);
    await Promise.all(this.#chains.map((chain) => chain.stop()));
    await this.client.close();
    await this.deployment[Symbol.asyncDispose]();
    await this.brokers[Symbol.asyncDispose]();
    await this.#receiver.close();
  }
}

function lastLines(file: string): string {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  return lines.slice(-LAST_WORDS).map((line) => `  ${line.slice(0, LAST_WORDS_WIDTH)}`).join('\n');
}
