import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaConfig } from 'kafkajs';
import { BrokerLink, LinkClosed } from './broker-link.ts';
import { rareRequest } from './internals.ts';
import type { BrokerPlace } from './internals.ts';

/** Metadata is asked for so seldom at most. */
const REFRESH_SPACING_MS = 100;
/** Another broker is asked when the ones before it say nothing for so long. */
const HEDGE_MS = 300;

interface Metadata {
  readonly brokers: readonly (BrokerPlace & { readonly nodeId: number })[];
  readonly topicMetadata: readonly { readonly topic: string; readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[] }[];
}

/** Who leads which partition of our topics, and a link to each of them. */
export class KafkaCluster {
  readonly #config: KafkaConfig;
  readonly #bootstrap: readonly BrokerPlace[];
  readonly #topics: readonly string[];
  readonly #links = new Map<number, Promise<BrokerLink>>();
  #places = new Map<number, BrokerPlace>();
  #leaders = new Map<string, ReadonlyMap<number, number>>();
  #counts = new Map<string, number>();
  #refreshing: Promise<void> | undefined;
  #closed = false;

  constructor(config: KafkaConfig, topics: readonly string[]) {
    if (!Array.isArray(config.brokers)) throw new TypeError('brokers are a list');
    this.#config = config;
    this.#bootstrap = config.brokers.map(placeOf);
    this.#topics = topics;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Those without a leader included; 0 while the topic is not known. */
  partitionsOf(topic: string): number {
    return this.#counts.get(topic) ?? 0;
  }

  /** Undefined while none is known. */
  leaderOf(topic: string, partition: number): number | undefined {
    return this.#leaders.get(topic)?.get(partition);
  }

  /** Rejects when the broker cannot be reached; the next call tries again. */
  async link(nodeId: number): Promise<BrokerLink> {
    const known = this.#links.get(nodeId);
    if (known !== undefined) {
      const link = await known;
      if (!link.closed) return link;
      // Who else waited may have made one: a second one would never be closed.
      if (this.#links.get(nodeId) !== known) return this.link(nodeId);
    }
    if (this.#closed) throw new LinkClosed('the log is closed');
    const place = this.#places.get(nodeId);
    if (place === undefined) throw new LinkClosed(`broker ${nodeId} is not known`);
    const made = BrokerLink.create(this.#config, place, nodeId);
    this.#links.set(nodeId, made);
    return made;
  }

  /** Asks the cluster who leads what. Calls at the same time share one question. */
  async refresh(): Promise<void> {
    if (this.#refreshing === undefined) {
      const refreshing = this.#refresh();
      this.#refreshing = refreshing;
      const forget = (): void => {
        setTimeout(() => (this.#refreshing = undefined), REFRESH_SPACING_MS).unref();
      };
      refreshing.then(forget, forget);
    }
    return this.#refreshing;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const link of await Promise.all(this.#links.values())) link.close(new LinkClosed('the log is closed'));
  }

  async #refresh(): Promise<void> {
    if (this.#closed) throw new LinkClosed('the log is closed');
    const { brokers, topicMetadata } = await this.#askAnyone();
    const places = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
    for (const [nodeId, place] of this.#places) if (!samePlace(place, places.get(nodeId))) (await this.#links.get(nodeId))?.close(new LinkClosed(`broker ${nodeId} went or moved`));
    this.#places = places;
    this.#counts = new Map(topicMetadata.map(({ topic, partitionMetadata }) => [topic, partitionMetadata.length]));
    this.#leaders = new Map(topicMetadata.map(({ topic, partitionMetadata }) => [topic, new Map(partitionMetadata.filter(({ leader }) => leader >= 0).map(({ partitionId, leader }) => [partitionId, leader]))]));
  }

  /** The first answer counts. Brokers we are linked to come first; a silent one holds up nobody for long. */
  async #askAnyone(): Promise<Metadata> {
    const ways: (() => Promise<Metadata>)[] = [...this.#places.keys()].map((nodeId) => async () => this.#ask(await this.link(nodeId)));
    for (const place of this.#bootstrap) {
      ways.push(async () => {
        const link = await BrokerLink.create(this.#config, place, -1);
        try {
          return await this.#ask(link);
        } finally {
          link.close(new LinkClosed('it was for one question'));
        }
      });
    }
    return firstAnswer(ways);
  }

  async #ask(link: BrokerLink): Promise<Metadata> {
    // Laid out by kafkajs, from a broker we trust.
    return await link.ask(rareRequest('Metadata', { topics: this.#topics, allowAutoTopicCreation: false })) as Metadata;
  }
}

/** Starts one after the other: when the one before failed, or has said nothing for a while. */
async function firstAnswer<T>(ways: readonly (() => Promise<T>)[]): Promise<T> {
  const answered = new AbortController();
  const { signal } = answered;
  let start: Promise<unknown> = Promise.resolve();
  const tries = ways.map(async (way) => {
    const mine = start.then(async () => {
      signal.throwIfAborted();
      return way();
    });
    const settled = mine.then(() => answered.abort(), () => undefined);
    start = Promise.race([settled, start.then(async () => sleep(HEDGE_MS, undefined, { signal, ref: false }).catch(() => undefined))]);
    return mine;
  });
  return Promise.any(tries);
}

function placeOf(address: string): BrokerPlace {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)) };
}

function samePlace(a: BrokerPlace, b: BrokerPlace | undefined): boolean {
  return b !== undefined && a.host === b.host && a.port === b.port;
}
