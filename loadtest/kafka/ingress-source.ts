import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Kafka, Producer } from 'kafkajs';
import { eventLine } from './event-line.ts';
import { foreignClient } from './foreign-client.ts';

const ATTACK_EVERY = 250;
const PAUSE_MS = 200;

/** A third party's plain producer on the ingress topic: one event a record, tried until it is acknowledged. */
export class IngressSource implements AsyncDisposable {
  readonly site: string;
  readonly #topic: string;
  readonly #admin: Admin;
  readonly #producer: Producer;
  #records = 0;

  private constructor(kafka: Kafka, site: string, topic: string) {
    this.site = site;
    this.#topic = topic;
    this.#admin = kafka.admin();
    this.#producer = kafka.producer({ allowAutoTopicCreation: false });
  }

  static async open(bootstrap: readonly string[], site: string, topicPrefix: string): Promise<IngressSource> {
    const source = new IngressSource(foreignClient(bootstrap), site, `${topicPrefix}.ingress`);
    await source.#admin.connect();
    await source.#producer.connect();
    return source;
  }

  /** Events acknowledged by the broker. */
  get records(): number {
    return this.#records;
  }

  actionOf(record: number): string {
    return `${this.site}-${record}`;
  }

  /** Resolves when all are acknowledged. What is tried again may stand in the topic twice. */
  async produce(count: number): Promise<void> {
    const messages = Array.from({ length: count }, (_, i) => ({ key: this.site, value: eventLine({ action: this.actionOf(this.#records + i), attack: (this.#records + i) % ATTACK_EVERY === 0 }) }));
    for (;;) {
      try {
        await this.#producer.send({ topic: this.#topic, acks: -1, messages });
        this.#records += count;
        return;
      } catch {
        await sleep(PAUSE_MS);
      }
    }
  }

  /** Records in the topic, repeats of this producer included. */
  async recordsInTopic(): Promise<number> {
    const offsets = await this.#admin.fetchTopicOffsets(this.#topic);
    return offsets.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#producer.disconnect(), this.#admin.disconnect()]).catch(() => undefined);
  }
}
