import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { rawPublicKey, signHeader } from '../../contracts/block.ts';
import type { BlockHeader, UnsignedHeader } from '../../contracts/block.ts';
import { commitment, extendHead, GENESIS_HEAD, NONCE_CHARS } from '../../contracts/chain.ts';
import type { EventLog, LogRecord } from '../../contracts/event-log.ts';
import { MAX_DEPTH, MAX_LINE_BYTES } from '../../contracts/limits.ts';
import { LINE_STATUS } from '../../contracts/line-status.ts';
import type { LineStatus } from '../../contracts/line-status.ts';
import type { LineInspector } from '../../contracts/line-inspector.ts';
import { parseRecord } from '../../contracts/log-record.ts';
import type { RawRecord } from '../../contracts/log-record.ts';
import { createLogDisk, openMemoryLog } from '../../contracts/memory-log.ts';
import type { Gate } from '../../contracts/memory-log.ts';
import { zstdDecompressSync } from 'node:zlib';
import { addSite } from '../sites/site-admin.ts';
import type { SiteSecrets } from '../sites/site-admin.ts';
import { openSiteRegister } from '../sites/site-register.ts';
import type { SiteRegister } from '../sites/site-register.ts';
import { GATEWAY_SETTINGS } from './config.ts';
import type { GatewayConfig } from './config.ts';
import type { GatewayContext, GatewayDeps, RawRequest } from './context.ts';
import { createContext } from './gateway.ts';

/** What the tests of this folder share: a gateway over a log in memory, and a shipper that makes right blocks. */
export interface TestGateway extends AsyncDisposable {
  readonly context: GatewayContext;
  readonly log: EventLog;
  readonly sites: SiteRegister;
  readonly secrets: SiteSecrets;
  readonly faults: unknown[];
  records(): Promise<readonly TestRecord[]>;
}

export interface TestRecord extends RawRecord {
  readonly key: string;
  /** Opened: what the worker would read. */
  readonly body: Buffer;
}

export const SITE = 'shop';
export const NOW_MS = Date.UTC(2026, 10, 21, 12);

export function defaultConfig(): GatewayConfig {
  // Each leaf of the settings is a setting, so its default has the type its kind names.
  return Object.fromEntries(Object.entries(GATEWAY_SETTINGS).map(([key, setting]) => [key, setting.default])) as unknown as GatewayConfig;
}

export interface TestGatewayOptions {
  readonly deps?: Partial<GatewayDeps>;
  readonly config?: Partial<GatewayConfig>;
  /** What the log's effects pass. */
  readonly gate?: Gate;
}

export async function openTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const log = openMemoryLog(createLogDisk(1), options.gate);
  const secrets = await addSite(log.registry, SITE, () => NOW_MS);
  // Never polled: what a test needs is found by looking again on a miss.
  const sites = await openSiteRegister(log.registry, { pollMs: 2 ** 30 });
  const faults: unknown[] = [];
  const context = createContext({
    log, sites, inspector: testInspector, seal: (_head, body) => body, receiptKey: generateKeyPairSync('ed25519').privateKey, clock: () => NOW_MS,
    config: { ...defaultConfig(), port: 0, ...options.config }, onFault: (error) => faults.push(error), ...options.deps,
  });
  const records = async () => (await log.read(0, 0, { maxRecords: 100_000, maxBytes: 2 ** 40 })).map(openRecord);
  const close = async () => {
    await sites[Symbol.asyncDispose]();
    await log[Symbol.asyncDispose]();
  };
  return { context, log, sites, secrets, faults, records, [Symbol.asyncDispose]: close };
}

function openRecord(record: LogRecord): TestRecord {
  const raw = parseRecord(record.value);
  if (raw === undefined) throw new Error('the gateway wrote no record');
  return { ...raw, key: record.key, body: zstdDecompressSync(raw.sealed) };
}

export function rawRequest(request: Partial<RawRequest>): RawRequest {
  const ticket = { needRoom: () => undefined, grow: () => undefined };
  return { body: Buffer.alloc(0), encoding: undefined, authorization: undefined, contentType: undefined, query: {}, params: {}, address: '192.0.2.1', ticket, ...request };
}

export interface TestShipper {
  readonly key: string;
  readonly privateKey: KeyObject;
}

export function newShipper(): TestShipper {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { privateKey, key: rawPublicKey(privateKey).toString('base64url') };
}

/** A shipper whose key is pinned. */
export async function enrolledShipper(gateway: TestGateway): Promise<TestShipper> {
  const shipper = newShipper();
  const outcome = await gateway.sites.enrol(SITE, gateway.secrets.enrolmentSecret, shipper.key, NOW_MS);
  if (outcome !== 'pinned') throw new Error(`not enrolled: ${outcome}`);
  return shipper;
}

export interface TestBlock {
  readonly header: BlockHeader;
  readonly bytes: Buffer;
}

/** A right block, but for what `over` changes before it is signed. */
export function blockOf(shipper: TestShipper, lines: readonly (string | Buffer)[], over: Partial<UnsignedHeader> = {}): TestBlock {
  let head = GENESIS_HEAD;
  const parts: Buffer[] = [];
  for (const [i, line] of lines.entries()) {
    const nonce = Buffer.alloc(16, i + 1);
    const bytes = Buffer.from(line);
    head = extendHead(head, commitment(nonce, bytes));
    parts.push(Buffer.from(`${nonce.toString('base64url')} `), bytes, Buffer.from('\n'));
  }
  const unsigned: UnsignedHeader = {
    v: 1, site: SITE, stream: 'audit', epoch: 1, first_seq: 0, lines: lines.length,
    previous_head: GENESIS_HEAD.toString('base64url'), head: head.toString('base64url'), key: shipper.key, ...over,
  };
  const header = signHeader(unsigned, shipper.privateKey);
  return { header, bytes: Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...parts]) };
}

export function eventLine(i: number): string {
  return JSON.stringify({ '@timestamp': new Date(NOW_MS + i).toISOString(), event: { kind: 'event', category: ['http'] }, url: { path: `/p/${i}` } });
}

/** A double of the native inspector: the same framing and chain, the plainest reading of the statuses. */
export const testInspector: LineInspector = {
  inspect(body, previousHead) {
    const table: number[] = [];
    let brokenLine = -1;
    let rejected = 0;
    let head: Buffer = previousHead === undefined ? Buffer.alloc(0) : Buffer.from(previousHead);
    for (let at = 0; at < body.length; ) {
      const feed = body.indexOf(0x0a, at);
      let end = feed < 0 ? body.length : feed;
      const next = end + 1;
      let start = at;
      const nonce = body.toString('latin1', at, Math.min(end, at + NONCE_CHARS));
      const framed = feed >= 0 && (previousHead === undefined || (isNonce(nonce) && body[at + NONCE_CHARS] === 0x20 && end > at + NONCE_CHARS));
      if (!framed && brokenLine < 0) brokenLine = table.length / 3;
      if (previousHead === undefined && end > at && body[end - 1] === 0x0d) end -= 1;
      if (framed && previousHead !== undefined) {
        start = at + NONCE_CHARS + 1;
        head = extendHead(head, commitment(Buffer.from(nonce, 'base64url'), body.subarray(start, end)));
      }
      const status = LINE_STATUS.indexOf(statusOf(body.subarray(start, end)));
      if (status !== 0) rejected += 1;
      table.push(start, end, status);
      at = next;
    }
    return { lines: table.length / 3, table: Uint32Array.from(table), rejected, head, brokenLine };
  },
};

/** Canonical base64url of 16 bytes. */
function isNonce(text: string): boolean {
  return text.length === NONCE_CHARS && Buffer.from(text, 'base64url').toString('base64url') === text;
}

function statusOf(line: Buffer): LineStatus {
  if (line.length === 0) return 'empty';
  if (line.length > MAX_LINE_BYTES) return 'too_long';
  if (line.includes(0)) return 'nul_byte';
  if (!isUtf8(line)) return 'not_utf8';
  const text = line.toString();
  if (depthOf(text) > MAX_DEPTH) return 'too_deep';
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? 'ok' : 'not_object';
  } catch {
    return 'not_json';
  }
}

function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (const c of text.replace(/"(?:[^"\\]|\\.)*"/g, '')) {
    if (c === '{' || c === '[') most = Math.max(most, ++depth);
    else if (c === '}' || c === ']') depth -= 1;
  }
  return most;
}
