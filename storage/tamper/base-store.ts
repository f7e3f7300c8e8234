import { createHash, generateKeyPairSync } from 'node:crypto';
import { createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import { checkpointText, formatVerifier, parseVerifier, signNote } from '../../contracts/checkpoint.ts';
import type { CommitRecord } from '../../contracts/control.ts';
import { signExpiry } from '../../contracts/expiry.ts';
import type { AnnouncedKey, SiteKeys } from '../../contracts/keys.ts';
import { leafHash, LEAF_SQL } from '../../contracts/leaf.ts';
import type { RecordHead } from '../../contracts/log-record.ts';
import { appendLeaf, parseFrontier } from '../../contracts/merkle.ts';
import type { Frontier } from '../../contracts/merkle.ts';
import { DEPLOYMENT_SITE } from '../../contracts/names.ts';
import { signRedaction } from '../../contracts/redaction.ts';
import type { Stage } from '../../contracts/stage.ts';
import { createGroupStore } from '../client/group-store.ts';
import type { ClickHouseGroupStore } from '../client/group-store.ts';
import { headAfter } from '../commit/chain-lines.ts';
import { beginDerivation } from '../commit/derivation.ts';
import type { OpenedBlock } from '../commit/derivation.ts';
import { EMPTY_PARTITION } from '../commit/partition-state.ts';
import type { PartitionState } from '../commit/partition-state.ts';
import { commitOf } from '../commit/recovery.ts';
import { defaultStorageConfig } from '../config.ts';
import { DataDirectory } from '../engine/data-directory.ts';
import { Engine } from '../engine/engine.ts';
import { createHttpServer } from '../engine/http-server.ts';
import type { AddressInfo } from 'node:net';
import { ExpiryDigest, expiryId } from '../retention/expiry-digest.ts';
import type { ToyLine } from './toy-trail.ts';
import { toyTrailStage } from './toy-trail.ts';

const DEPLOYMENT = 'toy.example';
export const CHECKPOINT_KEY = generateKeyPairSync('ed25519');
export const EXPIRY_KEY = generateKeyPairSync('ed25519');
export const CHECKPOINT_KEYS: readonly AnnouncedKey[] = [{ verifier: formatVerifier(DEPLOYMENT, CHECKPOINT_KEY.publicKey), fromMs: 0, untilMs: undefined, announcement: undefined }];
export const EXPIRY_VERIFIERS = [parseVerifier(formatVerifier(`${DEPLOYMENT}-retention`, EXPIRY_KEY.publicKey))].filter((v) => v !== undefined);

const JANUARY = Date.UTC(2030, 0, 10, 9);
const FEBRUARY = Date.UTC(2030, 1, 20, 9);
const SITE_KEYS: Omit<SiteKeys, 'site'> = { epoch: 1, token: Buffer.alloc(32), deadLetter: Buffer.alloc(32) };

/** A store opened with all rights, as nobody of the product has them. */
export interface OpenStore extends AsyncDisposable {
  readonly engine: Engine;
  readonly reader: ClickHouseClient;
  readonly writer: ClickHouseGroupStore;
}

export async function openStore(root: string): Promise<OpenStore> {
  const directory = await DataDirectory.hold(root);
  const engine = await Engine.open(directory, defaultStorageConfig());
  const server = createHttpServer({ engine, spoolDirectory: directory.spool, maxBodyBytes: 1 << 28, credentials: [{ user: 'writer', password: 'w' }, { user: 'reader', password: 'r' }] });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is an AddressInfo.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const reader = createClient({ url, username: 'reader', password: 'r' });
  const writer = createGroupStore({ url, user: 'writer', password: 'w' });
  return {
    engine, reader, writer,
    async [Symbol.asyncDispose]() {
      await reader.close();
      await writer.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await engine.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** A checkpoint as the keys role would sign it, or another key in its name. */
export function checkpointNote(site: string, size: number, root: Buffer, key = CHECKPOINT_KEY.privateKey): string {
  return signNote(checkpointText({ origin: `${DEPLOYMENT}/${site}`, size, root, extensions: [] }), DEPLOYMENT, key);
}

interface Sent {
  readonly site: string;
  readonly stream: string;
  readonly lines: readonly ToyLine[] | readonly object[];
  /** Sequence of the first line of a chained block; plain without. */
  readonly firstSeq?: number;
}

/** Raw blocks by position, as the event log would give them back. */
export const RAW = new Map<number, OpenedBlock>();

/** One partition of the pipeline without a worker: what is sent is derived by the real committer's code, stored, committed and signed. */
class Pipeline {
  readonly #store: OpenStore;
  readonly #stage: Stage = toyTrailStage((site, receivedAtMs) => (site === 'clinic' && receivedAtMs < FEBRUARY ? 'brief' : 'standard'));
  readonly #heads = new Map<string, string>();
  #state: PartitionState = EMPTY_PARTITION;
  #position = 0;
  readonly notes: string[] = [];

  constructor(store: OpenStore) {
    this.#store = store;
  }

  #opened({ site, stream, lines, firstSeq }: Sent, receivedAtMs: number): OpenedBlock {
    const texts = lines.map((line) => JSON.stringify(line));
    const system = site.startsWith('_');
    const head = { v: 1, site, stream, provenance: system ? 'system' : firstSeq === undefined ? 'gateway' : 'plugin', received_at: receivedAtMs, codec: 'none', lines: lines.length } as const;
    if (firstSeq === undefined) {
      const body = Buffer.from(texts.map((t) => `${t}\n`).join(''));
      return { head: { ...head, framing: 'plain', bytes: body.length } satisfies RecordHead, body };
    }
    const body = Buffer.from(texts.map((t, i) => `${createHash('sha256').update(`${site} ${stream} ${firstSeq + i}`).digest().subarray(0, 16).toString('base64url')} ${t}\n`).join(''));
    const previous_head = this.#heads.get(`${site} ${stream}`) ?? Buffer.alloc(32).toString('base64url');
    const after = headAfter(body, previous_head, lines.length);
    this.#heads.set(`${site} ${stream}`, after);
    return { head: { ...head, framing: 'chained', bytes: body.length, chain: { epoch: 1, first_seq: firstSeq, previous_head, head: after } } satisfies RecordHead, body };
  }

  /** A group of blocks, its commit, and a checkpoint of each of its sites. */
  async group(receivedAtMs: number, sent: readonly Sent[], sign = true): Promise<void> {
    const derivation = beginDerivation({
      partition: 0, before: this.#state, stage: this.#stage, versions: this.#stage.versions, keysOf: async (site) => ({ site, ...SITE_KEYS }), append: appendAll, nowMs: () => receivedAtMs,
      ask: async () => false,
    });
    for (const block of sent) {
      const opened = this.#opened(block, receivedAtMs);
      RAW.set(this.#position, opened);
      await derivation.add({ partition: 0, position: this.#position++, key: block.site, value: Buffer.alloc(0) }, opened);
    }
    const derived = derivation.finish();
    const range = { partition: 0, first: derived.prepare.first, last: derived.prepare.last };
    for (const part of derived.inserts) await this.#store.writer.insert(`${range.first}/${part.table}/${part.tier}`, part, { kind: 'uncommitted', range });
    const record = commitOf(derived, receivedAtMs + 1_000);
    await this.#store.writer.recordCommit(record);
    this.#state = derived.after;
    if (sign) await this.#sign(record, receivedAtMs + 2_000);
  }

  async #sign(record: CommitRecord, signedAtMs: number): Promise<void> {
    for (const [site, { tree, root: text }] of Object.entries(record.sites)) {
      const [size, root] = [parseFrontier(tree).size, Buffer.from(text, 'base64')];
      const note = checkpointNote(site, size, root);
      this.notes.push(note);
      await this.#store.writer.recordCheckpoint({ site, size, root, signedAtMs, note });
      if (site !== DEPLOYMENT_SITE) this.published.push({ site, size, root: text });
    }
  }

  readonly published: { readonly site: string; readonly size: number; readonly root: string }[] = [];
}

function appendAll(frontier: Frontier, leaves: Buffer): Frontier {
  let grown = frontier;
  for (let at = 0; at < leaves.length; at += 32) grown = appendLeaf(grown, leaves.subarray(at, at + 32));
  return grown;
}

const USERS = ['anna', 'ben', 'carla'];

function toyLines(from: number, count: number): readonly ToyLine[] {
  return Array.from({ length: count }, (_, i) => {
    const n = from + i;
    return {
      n, action: n % 7 === 0 ? 'export' : 'view', user: USERS[n % 3] ?? '',
      ...(n % 5 === 0 ? { subject: 'abcdefghijklmnopabcdefgh' } : {}), ...(n % 50 === 0 ? { class: 'pii.email' } : {}), ...(n % 200 === 100 ? { alert: true } : {}), ...(n % 190 === 3 ? { dead: true } : {}),
    };
  });
}

export interface BaseStore {
  /** All checkpoints that were ever signed, as an export file holds them. */
  readonly notes: readonly string[];
}

/**
 * `shop`: a plugin's chain of eight blocks with one open gap, some dead letters, five full tiles. `clinic`: plain lines, of which January's expired.
 * `_deployment`: the checkpoints of each tick.
 */
export async function fillBase(store: OpenStore): Promise<BaseStore> {
  const pipeline = new Pipeline(store);
  await pipeline.group(JANUARY, [{ site: 'clinic', stream: 'access', lines: toyLines(0, 300) }]);
  let seq = 0;
  for (let i = 0; i < 8; i++) {
    const count = 190;
    // Twenty lines of the chain never come.
    if (i === 5) seq += 20;
    await pipeline.group(FEBRUARY + i * 60_000, [{ site: 'shop', stream: 'audit', lines: toyLines(seq, count), firstSeq: seq }, { site: 'clinic', stream: 'access', lines: toyLines(300 + i * 60, 60) }]);
    seq += count;
    await pipeline.group(FEBRUARY + i * 60_000 + 5_000, [{ site: DEPLOYMENT_SITE, stream: 'checkpoints', lines: [{ tourniquet: { checkpoints: pipeline.published.splice(0) } }] }]);
  }
  await redact(store);
  await expire(store);
  return { notes: pipeline.notes };
}

/** Where its rows have been changed with a signed word. */
export const REDACTED_LEAF = 300;

async function redact({ engine, reader }: OpenStore): Promise<void> {
  const answer = await reader.query({ query: `SELECT seq, epoch, toUnixTimestamp64Milli(received_at) AS ms, line FROM events WHERE site = 'shop' AND leaf = ${REDACTED_LEAF}`, format: 'JSONEachRow' });
  const [row] = await answer.json<{ readonly seq: string; readonly epoch: number; readonly ms: string; readonly line: string }>();
  if (row === undefined) throw new Error('the base store lacks the row that is redacted');
  const envelope = { site: 'shop', stream: 'audit', epoch: row.epoch, receivedAtMs: Number(row.ms), provenance: 'plugin', derivation: 1, seq: Number(row.seq) } as const;
  const line = row.line.replace('}', ',"note":"redacted"}');
  const note = signRedaction({ origin: `${DEPLOYMENT}/shop`, leaf: REDACTED_LEAF, leafHash: leafHash(envelope, Buffer.from(row.line)), redactedHash: leafHash(envelope, Buffer.from(line)), redactedAtMs: FEBRUARY }, DEPLOYMENT, CHECKPOINT_KEY.privateKey);
  await engine.command(`INSERT INTO redactions FORMAT JSONEachRow ${JSON.stringify({ site: 'shop', leaf: REDACTED_LEAF, redacted_at: '2030-02-21 00:00:00.000', note })}`);
  await engine.command(`ALTER TABLE events UPDATE line = '${line}' WHERE site = 'shop' AND leaf = ${REDACTED_LEAF} SETTINGS mutations_sync = 2`);
}

/** January's rows of tier brief, as the retention role drops them. */
async function expire({ engine, reader }: OpenStore): Promise<void> {
  const answer = await reader.query({ query: `SELECT site, leaf, base64Encode(${LEAF_SQL}) AS hash FROM events WHERE tier = 'brief' ORDER BY site, leaf`, format: 'JSONEachRow' });
  const rows = await answer.json<{ readonly site: string; readonly leaf: string; readonly hash: string }>();
  const sum = new ExpiryDigest();
  for (const { site, leaf, hash } of rows) sum.add(site, Number(leaf), Buffer.from(hash, 'base64'));
  const digest = sum.value();
  const id = expiryId('brief', 203001, rows.length, digest);
  const note = signExpiry({ deployment: DEPLOYMENT, id, tier: 'brief', month: 203001, rows: rows.length, digest, policy: '30 days', expiredAtMs: FEBRUARY }, `${DEPLOYMENT}-retention`, EXPIRY_KEY.privateKey);
  await engine.command(`INSERT INTO expired_leaves SELECT site, intDiv(leaf, 256) AS tile, arrayMap(x -> toUInt8(x.1), arraySort(groupArray((leaf % 256, hex(h)))) AS all) AS offsets, unhex(arrayStringConcat(arrayMap(x -> x.2, all))) AS hashes, '${id}', '2030-02-22 00:00:00.000'
    FROM (SELECT site, leaf, ${LEAF_SQL} AS h FROM events WHERE tier = 'brief') GROUP BY site, tile`);
  await engine.command(`INSERT INTO expiries FORMAT JSONEachRow ${JSON.stringify({ id, tier: 'brief', month: 203001, rows: rows.length, expired_at: '2030-02-22 00:00:00.000', note })}`);
  await engine.command(`ALTER TABLE events DROP PARTITION ('brief', 203001)`);
}
