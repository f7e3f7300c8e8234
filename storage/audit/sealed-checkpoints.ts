import type { ClickHouseClient } from '@clickhouse/client';

/** A signed checkpoint as it is stored. */
export interface AnswerCheckpoint {
  readonly site: string;
  readonly size: number;
  /** base64 */
  readonly root: string;
  /** RFC 3339 */
  readonly signed_at: string;
  /** C2SP signed note. */
  readonly note: string;
}

/** Notes are long, so they are read of the newest only. Where one size has several (a cosignature came), of the newest of these. */
const NEWEST = `
  SELECT site, size, root, signed_at, note FROM checkpoints
  WHERE (site, size) IN (
      SELECT site, max(size) FROM checkpoints WHERE site IN {sites:Array(String)} AND signed_at <= fromUnixTimestamp64Milli({at:Int64}, 'UTC') GROUP BY site)
    AND signed_at <= fromUnixTimestamp64Milli({at:Int64}, 'UTC')
  ORDER BY site, signed_at DESC LIMIT 1 BY site`;

/** Parts of the table know the times they hold, so what is older is not read. */
const RECENT = `
  SELECT site, size, root, signed_at, note FROM checkpoints
  WHERE signed_at > fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND signed_at <= fromUnixTimestamp64Milli({at:Int64}, 'UTC')
  ORDER BY site, size DESC, signed_at DESC LIMIT 1 BY site`;

/** A checkpoint is stored some time after it was signed, by a clock that is not ours. */
const OVERLAP_MS = 60_000;

/**
 * Of sites the newest checkpoints signed by a time. There is one a site and second, so whoever asks often reads what came
 * since the last time only. Rejects with what the store said.
 */
export class SealedCheckpoints {
  readonly #client: ClickHouseClient;
  readonly #newest = new Map<string, AnswerCheckpoint>();
  readonly #known = new Set<string>();
  #seenMs = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(client: ClickHouseClient) {
    this.#client = client;
  }

  /** By site; sites without one are left out. `asOfMs`: Unix ms. */
  at(sites: readonly string[], asOfMs: number): Promise<readonly AnswerCheckpoint[]> {
    const turn = this.#last.then(() => this.#at(sites, asOfMs));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #at(sites: readonly string[], asOfMs: number): Promise<readonly AnswerCheckpoint[]> {
    // A later page of an answer of before.
    if (asOfMs < this.#seenMs) return this.#read(NEWEST, { sites, at: asOfMs });
    const strange = sites.filter((site) => !this.#known.has(site));
    const [asked, recent] = await Promise.all([
      strange.length === 0 ? [] : this.#read(NEWEST, { sites: strange, at: asOfMs }),
      this.#known.size === 0 || asOfMs === this.#seenMs ? [] : this.#read(RECENT, { since: this.#seenMs - OVERLAP_MS, at: asOfMs }),
    ]);
    for (const checkpoint of [...recent, ...asked]) {
      const before = this.#newest.get(checkpoint.site);
      if (before === undefined || checkpoint.size > before.size || (checkpoint.size === before.size && checkpoint.signed_at > before.signed_at)) this.#newest.set(checkpoint.site, checkpoint);
    }
    for (const site of strange) this.#known.add(site);
    this.#seenMs = asOfMs;
    return sites.toSorted().flatMap((site) => this.#newest.get(site) ?? []);
  }

  async #read(query: string, parameters: Record<string, unknown>): Promise<readonly AnswerCheckpoint[]> {
    const answer = await this.#client.query({
      query, query_params: parameters, format: 'JSONEachRow', use_multipart_params_auto: true, clickhouse_settings: { priority: '1', output_format_json_quote_64bit_integers: 0, date_time_output_format: 'iso' },
    });
    return await answer.json<AnswerCheckpoint>();
  }
}
