import { setTimeout as sleep } from 'node:timers/promises';
import { parseAnnouncedKeys } from '../contracts/announced-key.ts';
import type { BundleKeys, ExpiryKeys, FingerprintKeys, LetterKeys, PublicKeys, RedactionKeys, SealingKeys, SiteKeys, Vault, WorkerKeys } from '../contracts/keys.ts';
import { isLetter } from '../contracts/letter.ts';
import type { IdentifierKind } from '../contracts/token.ts';
import { isKeysErrorCode, KeysError } from './errors.ts';
import type { KeysRole } from './operation.ts';
import { PUBLIC_OPERATIONS } from './operations.ts';
import type { OperationName } from './operations.ts';

export interface KeysClientOptions {
  readonly url: string;
  /** Without one, only what is public works: the verifiers. */
  readonly role?: KeysRole;
  readonly secret?: string;
  /** How long a call tries again while the keys role cannot be reached. */
  readonly retryForMs?: number;
}

export interface FoundToken {
  readonly site: string;
  readonly epoch: number;
  readonly token: string;
}

export interface KeysClient extends WorkerKeys, SealingKeys, Vault, PublicKeys, FingerprintKeys, RedactionKeys, BundleKeys, ExpiryKeys, LetterKeys {
  /** The tokens of an identifier on these sites, in every key epoch. Rate-limited; the reason goes on the audit. */
  lookup(kind: IdentifierKind, identifier: string, sites: readonly string[], reason: string): Promise<readonly FoundToken[]>;
  /** How many entries `erase` would erase, for each of these subjects of a site. */
  linked(site: string, subjects: readonly string[], reason: string): Promise<readonly number[]>;
  /** Makes a new key epoch and sealing key; returns the epoch. Not tried again: it may have happened. */
  rotate(reason: string): Promise<number>;
  /** Makes a new checkpoint key; `retire` ends the time of the ones before at once. Not tried again: it may have happened. */
  rotateCheckpoint(reason: string, retire: boolean): Promise<void>;
  /** Token keys (32 bytes) of a site, of every key epoch from the first. Only for its owner. */
  siteTokenKeys(site: string, reason: string): Promise<readonly { readonly epoch: number; readonly key: Buffer }[]>;
}

type Answer = Partial<Record<string, unknown>>;
type Call = (operation: OperationName, body: object, tries?: 'once') => Promise<Answer>;

const RETRY_FOR_MS = 30_000;
const FIRST_PAUSE_MS = 20;
const MOST_PAUSE_MS = 1_000;
const TIMEOUT_MS = 20_000;
/** Keys of named epochs never change, so they are kept; of the newest, for a moment. */
const CACHED_SITE_KEYS = 10_000;
const NEWEST_FOR_MS = 5_000;

/** The keys role from another process. Every call rejects with `KeysError`. */
export function createKeysClient(options: KeysClientOptions): KeysClient {
  const call = caller(options);
  return {
    siteKeys: cachedSiteKeys(async (site, epoch) => {
      const answer = await call('site-keys', { site, ...(epoch === undefined ? {} : { epoch }) });
      return { site, epoch: numberIn(answer, 'epoch'), token: bytesIn(answer, 'token'), deadLetter: bytesIn(answer, 'dead_letter') };
    }),
    async sealingKey() {
      const answer = await call('sealing-key', {});
      return { id: textIn(answer, 'id'), publicKey: bytesIn(answer, 'public_key') };
    },
    unwrap: async (sealingKeyId, wrapped) => bytesIn(await call('unwrap', { sealing_key_id: sealingKeyId, wrapped: wrapped.toString('base64') }), 'data_key'),
    signCheckpoint: async (site, size, root) => textIn(await call('sign-checkpoint', { site, size, root: root.toString('base64') }), 'note'),
    fingerprintKey: async () => bytesIn(await call('fingerprint-key', {}), 'key'),
    async put(entries) {
      await call('vault-put', { entries: entries.map(({ value, ...entry }) => ({ ...entry, value: value.toString('base64') })) });
    },
    async reveal(site, token, reason) {
      const answer = await call('vault-reveal', { site, token, reason });
      return answer['value'] === null ? undefined : bytesIn(answer, 'value');
    },
    erase: async (site, subject, reason) => numberIn(await call('vault-erase', { site, subject, reason }), 'erased'),
    async linked(site, subjects, reason) {
      const { linked } = await call('vault-linked', { site, subjects, reason });
      return Array.isArray(linked) ? linked.map((n: unknown) => numberIn({ n }, 'n')) : malformed('linked');
    },
    signRedaction: async (site, leaf, leafHash, redactedHash, reason) => textIn(await call('sign-redaction', { site, leaf, leaf_hash: leafHash.toString('base64'), redacted_hash: redactedHash.toString('base64'), reason }), 'note'),
    checkpointVerifiers: async () => parseAnnouncedKeys((await call('public-keys', {}))['checkpoint']) ?? malformed('checkpoint'),
    expiryVerifier: async () => textIn(await call('public-keys', {}), 'expiry'),
    signStatement: async (kind, site, body) => textIn(await call('sign-statement', { kind, site, body }), 'note'),
    signExpiry: async ({ digest, ...expiry }) => textIn(await call('sign-expiry', { ...expiry, digest: digest.toString('base64') }), 'note'),
    noticeKey: async (site, epoch) => bytesIn(await call('notice-key', { site, epoch }), 'key'),
    newestEpoch: async () => numberIn(await call('newest-epoch', {}), 'epoch'),
    async siteTokenKeys(site, reason) {
      const { tokens } = await call('site-token-key', { site, reason });
      return Array.isArray(tokens) ? tokens.map((key: unknown, i) => ({ epoch: i + 1, key: bytesIn({ key }, 'key') })) : malformed('tokens');
    },
    async sealTokenKeys(site, boxKey) {
      const { letters } = await call('seal-token-keys', { site, box_key: boxKey.toString('base64') });
      return Array.isArray(letters) ? letters.map((sealed: unknown, i) => ({ key_epoch: i + 1, sealed: isLetter(sealed) ? sealed : malformed('letters') })) : malformed('letters');
    },
    checkpointVerifier: async () => textIn(await call('checkpoint-verifier', {}), 'verifier'),
    async lookup(kind, identifier, sites, reason) {
      const { tokens } = await call('lookup', { kind, identifier, sites, reason });
      return Array.isArray(tokens) && tokens.every(isFoundToken) ? tokens : malformed('tokens');
    },
    async rotateCheckpoint(reason, retire) {
      await call('rotate-checkpoint', { reason, retire }, 'once');
    },
    rotate: async (reason) => numberIn(await call('rotate', { reason }, 'once'), 'epoch'),
  };
}

function caller(options: KeysClientOptions): Call {
  const retryForMs = options.retryForMs ?? RETRY_FOR_MS;
  return async (operation, body, tries) => {
    const deadlineMs = performance.now() + (tries === 'once' ? 0 : retryForMs);
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, MOST_PAUSE_MS)) {
      const response = await send(options, operation, body).catch((cause: unknown) => new KeysError('TQ-KEYS-10', '', { cause }));
      if (!(response instanceof KeysError)) return answerOf(response);
      if (performance.now() + pauseMs > deadlineMs) throw response;
      await sleep(pauseMs);
    }
  };
}

interface Received {
  readonly ok: boolean;
  readonly body: unknown;
}

/** Rejects when the keys role could not be reached, or went away while it answered. */
async function send({ url, role, secret }: KeysClientOptions, operation: OperationName, body: object): Promise<Received> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response =
    PUBLIC_OPERATIONS.has(operation)
      ? await fetch(`${url}/v1/${operation}`, { signal })
      : await fetch(`${url}/v1/${operation}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${secret ?? ''}`, 'tourniquet-role': role ?? '' },
          body: JSON.stringify(body),
          signal,
        });
  return { ok: response.ok, body: await response.json() };
}

function answerOf({ ok, body }: Received): Answer {
  const answer: Answer = typeof body === 'object' && body !== null ? { ...body } : {};
  if (ok) return answer;
  const message = typeof answer['message'] === 'string' ? answer['message'] : '';
  throw new KeysError(isKeysErrorCode(answer['code']) ? answer['code'] : 'TQ-KEYS-11', /\(([^()]*)\)$/.exec(message)?.[1] ?? '');
}

function malformed(name: string): never {
  throw new KeysError('TQ-KEYS-11', `no ${name} in the answer`);
}

function textIn(answer: Answer, name: string): string {
  const value = answer[name];
  return typeof value === 'string' ? value : malformed(name);
}

function numberIn(answer: Answer, name: string): number {
  const value = answer[name];
  return typeof value === 'number' ? value : malformed(name);
}

function bytesIn(answer: Answer, name: string): Buffer {
  return Buffer.from(textIn(answer, name), 'base64');
}

function isFoundToken(value: unknown): value is FoundToken {
  return typeof value === 'object' && value !== null && 'site' in value && typeof value.site === 'string' && 'epoch' in value && typeof value.epoch === 'number' && 'token' in value && typeof value.token === 'string';
}

function cachedSiteKeys(ask: WorkerKeys['siteKeys']): WorkerKeys['siteKeys'] {
  const cache = new Map<string, { readonly keys: Promise<SiteKeys>; readonly untilMs: number }>();
  return async (site, epoch) => {
    const name = `${site}\n${epoch ?? 'newest'}`;
    const cached = cache.get(name);
    if (cached !== undefined && performance.now() < cached.untilMs) return cached.keys;
    const keys = ask(site, epoch);
    cache.delete(name);
    cache.set(name, { keys, untilMs: epoch === undefined ? performance.now() + NEWEST_FOR_MS : Infinity });
    keys.catch(() => cache.delete(name));
    const oldest = cache.keys().next().value;
    if (cache.size > CACHED_SITE_KEYS && oldest !== undefined) cache.delete(oldest);
    return keys;
  };
}
