import type { ControlStream } from '../../contracts/event-log.ts';
import type { SiteRecord } from '../../contracts/site.ts';
import { sameHash, secretHash } from './secret.ts';
import { parseSiteRecord, pinKey, SITE_PREFIX, successorKey } from './site-record.ts';
import { foldSite, judgeKey } from './site-state.ts';
import type { KeyUse, KeyVerdict, SiteState } from './site-state.ts';

const READ_ENTRIES = 1_000;
const DEFAULT_POLL_MS = 200;

export interface SiteRegisterOptions {
  /** How often new records are looked for. */
  readonly pollMs?: number;
  /** Told when the registry stream could not be read; the register goes on with what it has. */
  readonly onError?: (error: unknown) => void;
}

export type EnrolOutcome = 'pinned' | 'unknown' | 'used' | 'replaced';

/** Reads all records of sites once. */
export async function readSites(registry: ControlStream): Promise<Map<string, SiteState>> {
  const sites = new Map<string, SiteState>();
  let next = (await registry.bounds()).first;
  for (;;) {
    const after = await foldBatch(registry, next, sites);
    if (after === next) return sites;
    next = after;
  }
}

/** Folds all of a batch or nothing, since folding an entry twice would not be harmless. Returns where to go on. */
async function foldBatch(registry: ControlStream, from: number, sites: Map<string, SiteState>): Promise<number> {
  const entries = await registry.read(from, READ_ENTRIES);
  for (const entry of entries) {
    const record = entry.key.startsWith(SITE_PREFIX) ? parseSiteRecord(entry.value) : undefined;
    if (record !== undefined) foldSite(sites, record);
  }
  const last = entries.at(-1);
  return last === undefined ? from : last.offset + 1;
}

/** Follows the registry stream. Several gateways each have one; a miss is looked up again before it is refused. */
export class SiteRegister implements AsyncDisposable {
  readonly #registry: ControlStream;
  readonly #sites = new Map<string, SiteState>();
  readonly #siteOfIngestKey = new Map<string, string>();
  readonly #timer: NodeJS.Timeout;
  #next: number;
  #running: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;

  /** Use `openSiteRegister`. */
  constructor(registry: ControlStream, from: number, options: SiteRegisterOptions) {
    this.#registry = registry;
    this.#next = from;
    this.#timer = setInterval(() => {
      this.refresh().catch((error: unknown) => options.onError?.(error));
    }, options.pollMs ?? DEFAULT_POLL_MS);
    this.#timer.unref();
  }

  /** Resolves once every record that was durable at the time of the call is folded. */
  refresh(): Promise<void> {
    // A read under way may have passed our record already, so callers wait for the one after it and share that one.
    this.#queued ??= this.#running.catch(() => undefined).then(() => {
      this.#queued = undefined;
      return (this.#running = this.#read());
    });
    return this.#queued;
  }

  async #read(): Promise<void> {
    const start = this.#next;
    for (;;) {
      const next = await foldBatch(this.#registry, this.#next, this.#sites);
      if (next === this.#next) break;
      this.#next = next;
    }
    if (this.#next === start) return;
    this.#siteOfIngestKey.clear();
    for (const s of this.#sites.values()) if (s.ingestKeyHash !== undefined) this.#siteOfIngestKey.set(s.ingestKeyHash, s.site);
  }

  /** As of the last refresh. */
  has(site: string): boolean {
    return this.#sites.has(site);
  }

  judge(site: string, use: KeyUse): KeyVerdict {
    const state = this.#sites.get(site);
    return state === undefined ? 'unknown' : judgeKey(state, use);
  }

  /** Looks again once before it calls a key unknown or retired. */
  async judgeFresh(site: string, use: KeyUse): Promise<KeyVerdict> {
    const verdict = this.judge(site, use);
    if (verdict !== 'unknown' && verdict !== 'retired') return verdict;
    await this.refresh();
    return this.judge(site, use);
  }

  /** The site an ingest key (base64url) belongs to. */
  async siteOfIngestKey(ingestKey: string): Promise<string | undefined> {
    const hash = secretHash(ingestKey);
    if (hash === undefined) return undefined;
    return this.#matchIngestKey(hash) ?? this.refresh().then(() => this.#matchIngestKey(hash));
  }

  #matchIngestKey(hash: string): string | undefined {
    const site = this.#siteOfIngestKey.get(hash);
    const stored = site === undefined ? undefined : this.#sites.get(site)?.ingestKeyHash;
    return stored !== undefined && sameHash(stored, hash) ? site : undefined;
  }

  /** First contact. The claim decides between gateways; enrolling the same key again is answered the same. */
  async enrol(site: string, secret: string, key: string, at: number): Promise<EnrolOutcome> {
    const hash = secretHash(secret);
    if (hash === undefined) return 'unknown';
    if (this.#sites.get(site)?.enrolments.has(hash) !== true) await this.refresh();
    const state = this.#sites.get(site);
    const enrolment = state?.enrolments.get(hash);
    if (state === undefined || enrolment === undefined) return 'unknown';
    if (enrolment.generation !== state.generation) return 'replaced';
    if (enrolment.key !== undefined) return enrolment.key === key ? 'pinned' : 'used';
    const record: SiteRecord = { type: 'pin', site, at, secret_hash: hash, key };
    const entry = await this.#registry.claim(pinKey(site, hash), JSON.stringify(record));
    await this.refresh();
    const winner = parseSiteRecord(entry.value);
    return winner?.type === 'pin' && winner.key === key ? 'pinned' : 'used';
  }

  /**
   * For a key judged `introduces` (its certificate checked) or `enters`. Durable when it resolves. False when another
   * key was named successor before.
   */
  async registerSuccessor(site: string, use: KeyUse, at: number): Promise<boolean> {
    const { key, stream, epoch, first_seq } = use;
    const by = this.#sites.get(site)?.predecessors.get(key) ?? use.certificate?.by;
    if (by === undefined) return false;
    const record: SiteRecord = { type: 'successor', site, at, key, by, stream, epoch, first_seq };
    await this.#registry.claim(successorKey(site, by, key, stream), JSON.stringify(record));
    await this.refresh();
    return this.judge(site, use) === 'accepted';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await Promise.allSettled([this.#running, this.#queued]);
  }
}

export async function openSiteRegister(registry: ControlStream, options: SiteRegisterOptions = {}): Promise<SiteRegister> {
  const register = new SiteRegister(registry, (await registry.bounds()).first, options);
  await register.refresh();
  return register;
}
