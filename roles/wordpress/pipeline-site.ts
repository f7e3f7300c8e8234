import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { formatEnrolment } from '../../contracts/site.ts';
import { dotted } from '../../ingest/wordpress/test-site/spool-reader.ts';
import type { DottedEvent } from '../../ingest/wordpress/test-site/spool-reader.ts';
import type { WordPressSite } from '../../ingest/wordpress/test-site/wordpress-site.ts';
import { registerSite } from '../../loadtest/pipeline.ts';
import { openReader, rowsOf } from '../../loadtest/store-reader.ts';
import { Throwaway } from '../../loadtest/throwaway.ts';
import type { Instance } from '../instance.ts';

const PATIENCE_MS = 240_000;

/** Asks until the answer is good; throws with the last one. */
export async function until<T>(look: () => Promise<T>, good: (value: T) => boolean, what: string): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const value = await look();
    if (good(value)) return value;
    if (performance.now() > end) throw new Error(`${what} did not come: ${JSON.stringify(value).slice(0, 2000)}`);
    await sleep(200);
  }
}

/** A running pipeline on a home of its own, and a reader as an analyst has one. */
export class RunningPipeline implements AsyncDisposable {
  readonly place: Throwaway;
  readonly gatewayUrl: string;
  readonly store: ClickHouseClient;
  /** What the roles printed. */
  readonly printed: string[];
  readonly #instance: Instance;

  private constructor(place: Throwaway, instance: Instance, gatewayUrl: string, store: ClickHouseClient, printed: string[]) {
    this.place = place;
    this.#instance = instance;
    this.gatewayUrl = gatewayUrl;
    this.store = store;
    this.printed = printed;
  }

  static async start(): Promise<RunningPipeline> {
    const place = new Throwaway();
    const printed: string[] = [];
    const instance = await place.open({ line: (_role, line) => void printed.push(line) });
    const gatewayUrl = (await Promise.race([instance.start(), instance.failed])).get('gateway') ?? '';
    return new RunningPipeline(place, instance, gatewayUrl, await openReader(place.home), printed);
  }

  /** Adds a site, enrols its plugin by the line its owner pastes, and waits for the key of its tokens. */
  async enrol(name: string, site: WordPressSite, gatewayUrl = this.gatewayUrl): Promise<void> {
    const { enrolmentSecret } = await registerSite(this.place.home, name);
    await site.enrol(formatEnrolment(name, enrolmentSecret, gatewayUrl));
    await until(async () => {
      await site.minute();
      return (await site.tokenKey()).length;
    }, (bytes) => bytes === 32, 'the token key');
  }

  /** Ships until nothing waits, and until all of it is stored. */
  async ship(name: string, site: WordPressSite): Promise<void> {
    await until(async () => {
      await site.minute();
      return site.spoolStatus();
    }, (status) => status['outbox_blocks'] === 0 && status['lines_waiting'] === 0, `the end of ${name}'s outbox`);
    // The store counts a chain's epochs itself; its head says which block is the last.
    const { chain_head: head } = await site.spoolStatus();
    const asked = 'SELECT stored, (SELECT count() FROM tourniquet.events AS e WHERE e.site = {name:String} AND (e.partition, e.position) IN (SELECT partition, position FROM tourniquet.blocks WHERE site = {name:String} AND head = {head:String})) AS there FROM tourniquet.blocks WHERE site = {name:String} AND head = {head:String}';
    await until(() => rowsOf<{ stored: number; there: number }>(this.store, asked, { name, head }), ([block]) => block !== undefined && block.there >= block.stored, `${name}'s last block`);
  }

  /** Every stored event of a site's plugin, as its stored line says it, in order. */
  async stored(name: string): Promise<readonly DottedEvent[]> {
    const rows = await rowsOf<{ line: string }>(this.store, "SELECT line FROM tourniquet.events WHERE site = {name:String} AND provenance = 'plugin' ORDER BY leaf", { name });
    return rows.map(({ line }) => dotted(JSON.parse(line)));
  }

  /** Holes in a site's chains that are still open. */
  async openGaps(name: string): Promise<readonly unknown[]> {
    return rowsOf(this.store, "SELECT stream, epoch, from_seq, to_seq, argMax(state, received_at) AS last FROM tourniquet.gaps WHERE site = {name:String} GROUP BY ALL HAVING last = 'open'", { name });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store.close();
    await this.#instance[Symbol.asyncDispose]();
    this.place[Symbol.dispose]();
  }
}
