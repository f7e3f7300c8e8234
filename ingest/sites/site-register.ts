import type { ControlStream } from '../../contracts/event-log.ts';
import type { SignedCommand } from '../../contracts/command.ts';
import type { Letter } from '../../contracts/letter.ts';
import type { SiteRecord } from '../../contracts/site.ts';
import { commandKeyIn } from './command-key.ts';
import { sameHash, secretHash } from './secret.ts';
import { lettersFor, pendingCommands } from './site-mail.ts';
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

/** `box`: what a shipper that takes orders gives away when it enrols. */
export type Box = NonNullable<(SiteRecord & { readonly type: 'pin' })['box']>;

/** What waits for a plugin. */
export interface Orders {
  readonly letters: readonly Letter[];
  readonly commands: readonly SignedCommand[];
}

/** A box in force and the key epochs it has letters of. */
export interface OpenBox {
  readonly site: string;
  readonly boxKey: string;
  readonly epochs: ReadonlySet<number>;
}

/** All that is folded of the registry here. */
export interface Registered {
  readonly sites: Map<string, SiteState>;
  commandKey: string | undefined;
}

/** More wait for the next question. */
const MOST_COMMANDS = 100;

/** Reads all records once. */
export async function readRegistered(registry: ControlStream): Promise<Registered> {
  const registered: Registered = { sites: new Map(), commandKey: undefined };
  let next = (await registry.bounds()).first;
  for (;;) {
    const after = await foldBatch(registry, next, registered);
    if (after === next) return registered;
    next = after;
  }
}

export async function readSites(registry: ControlStream): Promise<Map<string, SiteState>> {
  return (await readRegistered(registry)).sites;
}

/** Folds all of a batch or nothing, since folding an entry twice would not be harmless. Returns where to go on. */
async function foldBatch(registry: ControlStream, from: number, registered: Registered): Promise<number> {
  const entries = await registry.read(from, READ_ENTRIES);
  for (const entry of entries) {
    registered.commandKey = commandKeyIn(entry) ?? registered.commandKey;
    const record = entry.key.startsWith(SITE_PREFIX) ? parseSiteRecord(entry.value) : undefined;
    if (record !== undefined) foldSite(registered.sites, record);
  }
  const last = entries.at(-1);
  return last === undefined ? from : last.offset + 1;
}

/** Follows the registry stream. Several gateways each have one; a miss is looked up again before it is refused. */
export class SiteRegister implements AsyncDisposable {
  readonly #registry: ControlStream;
  readonly #registered: Registered = { sites: new Map(), commandKey: undefined };
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
      const next = await foldBatch(this.#registry, this.#next, this.#registered);
      if (next === this.#next) break;
      this.#next = next;
    }
    if (this.#next === start) return;
    this.#siteOfIngestKey.clear();
    for (const s of this.#registered.sites.values()) if (s.ingestKeyHash !== undefined) this.#siteOfIngestKey.set(s.ingestKeyHash, s.site);
  }

  /** As of the last refresh. */
  has(site: string): boolean {
    return this.#registered.sites.has(site);
  }

  /** The newest key that signs commands, 32 bytes as base64url; undefined while there never was one. */
  get commandKey(): string | undefined {
    return this.#registered.commandKey;
  }

  judge(site: string, use: KeyUse): KeyVerdict {
    const state = this.#registered.sites.get(site);
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
    const stored = site === undefined ? undefined : this.#registered.sites.get(site)?.ingestKeyHash;
    return stored !== undefined && sameHash(stored, hash) ? site : undefined;
  }

  /** First contact. The claim decides between gateways; enrolling the same key again is answered the same. */
  async enrol(site: string, secret: string, key: string, at: number, box?: Box): Promise<EnrolOutcome> {
    const hash = secretHash(secret);
    if (hash === undefined) return 'unknown';
    if (this.#registered.sites.get(site)?.enrolments.has(hash) !== true) await this.refresh();
    const state = this.#registered.sites.get(site);
    const enrolment = state?.enrolments.get(hash);
    if (state === undefined || enrolment === undefined) return 'unknown';
    if (enrolment.generation !== state.generation) return 'replaced';
    if (enrolment.key !== undefined) return enrolment.key === key && enrolment.boxKey === box?.key ? 'pinned' : 'used';
    const record: SiteRecord = { type: 'pin', site, at, secret_hash: hash, key, ...(box === undefined ? {} : { box }) };
    const entry = await this.#registry.claim(pinKey(site, hash), JSON.stringify(record));
    await this.refresh();
    // Another process may have issued a replacing one before the claim stood.
    if (enrolment.generation !== state.generation) return 'replaced';
    const winner = parseSiteRecord(entry.value);
    return winner?.type === 'pin' && winner.key === key && winner.box?.key === box?.key ? 'pinned' : 'used';
  }

  /** What waits for whoever shows a mailbox's secret, as of the last refresh; undefined when no mailbox in force opens to it. */
  ordersFor(site: string, secret: string, after: number, nowMs: number): Orders | undefined {
    const mail = this.#registered.sites.get(site)?.mail;
    const hash = secretHash(secret);
    if (mail === undefined || hash === undefined) return undefined;
    const boxKey = [...mail.mailboxes].find(([known]) => sameHash(known, hash))?.[1];
    return boxKey === undefined ? undefined : { letters: lettersFor(mail, boxKey), commands: pendingCommands(mail, after, nowMs, MOST_COMMANDS) };
  }

  /** Every box in force. */
  *openBoxes(): Generator<OpenBox> {
    for (const { site, mail } of this.#registered.sites.values()) {
      for (const boxKey of new Set(mail.mailboxes.values())) yield { site, boxKey, epochs: new Set(lettersFor(mail, boxKey).map(({ key_epoch: epoch }) => epoch)) };
    }
  }

  /**
   * For a key judged `introduces` (its certificate checked) or `enters`. Durable when it resolves. False when another
   * key was named successor before.
   */
  async registerSuccessor(site: string, use: KeyUse, at: number): Promise<boolean> {
    const { key, stream, epoch, first_seq } = use;
    const by = this.#registered.sites.get(site)?.predecessors.get(key) ?? use.certificate?.by;
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
