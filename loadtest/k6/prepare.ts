import type { KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { signedBlocks } from '../gateway-blocks.ts';
import { referenceLines, REFERENCE_LOAD } from '../reference-events.ts';

export interface K6Load {
  readonly seed: number;
  readonly seconds: number;
  readonly linesPerBlock: number;
  /** Blocks a second. */
  readonly rate: number;
  /** Requests a second of the smaller scenarios; 0 leaves one out. */
  readonly linesRate: number;
  readonly otlpRate: number;
}

export interface K6Target {
  readonly gatewayUrl: string;
  readonly site: string;
  /** Signs the blocks; enrolled for the site. */
  readonly privateKey: KeyObject;
  /** Needed by the scenarios of plain lines and OTLP. */
  readonly ingestKey: string;
}

/** What gateway.js is told, as a file of JSON. */
export interface K6Order extends K6Load {
  readonly gatewayUrl: string;
  readonly ingestKey: string;
  readonly directory: string;
  readonly users: number;
  readonly linesUsers: number;
  readonly otlpUsers: number;
  /** A chain of its own for each virtual user. */
  readonly blockFiles: readonly string[];
  readonly linesFile: string;
  readonly otlpFile: string;
  readonly linesStream: string;
  readonly otlpStream: string;
  readonly summaryFile: string;
}

/** What a user sends a second when an answer takes 100 ms; k6 offers no more than there are users free. */
const REQUESTS_PER_USER = 10;
const LEAST_USERS = 8;
const SMALL_SCENARIO_USERS = 8;
/** k6 gives idle users work in turn, so their shares differ little; a chain that ends early fails the run. */
const SPARE = 1.5;

export function streamOfUser(user: number): string {
  return `k6-${user}`;
}

/** Writes the bodies and the order; returns where the order stands and what it says. */
export function prepareLoad(load: K6Load, target: K6Target, directory: string): { readonly orderFile: string; readonly order: K6Order } {
  const users = Math.max(LEAST_USERS, Math.ceil(load.rate / REQUESTS_PER_USER));
  const linesUsers = load.linesRate === 0 ? 0 : SMALL_SCENARIO_USERS;
  const otlpUsers = load.otlpRate === 0 ? 0 : SMALL_SCENARIO_USERS;
  const blocksPerUser = Math.ceil((load.rate * load.seconds * SPARE) / users) + 1;
  const blockFiles = Array.from({ length: users + linesUsers + otlpUsers }, (_, i) => {
    const blocks = signedBlocks({ site: target.site, stream: streamOfUser(i + 1), privateKey: target.privateKey, blocks: blocksPerUser, linesPerBlock: load.linesPerBlock, seed: load.seed + i });
    return write(directory, `user-${i + 1}.blocks`, framed(blocks));
  });
  const source = referenceLines({ ...REFERENCE_LOAD, seed: load.seed }, Date.now());
  const lines = Array.from({ length: load.linesPerBlock }, () => source.next().value.line);
  const order: K6Order = {
    ...load, gatewayUrl: target.gatewayUrl, ingestKey: target.ingestKey, directory, users, linesUsers, otlpUsers, blockFiles,
    linesFile: write(directory, 'lines.ndjson', Buffer.from(`${lines.join('\n')}\n`)),
    otlpFile: write(directory, 'logs.json', Buffer.from(otlpOf(lines))),
    linesStream: 'k6-lines', otlpStream: 'k6-otlp', summaryFile: path.join(directory, 'summary.json'),
  };
  return { orderFile: path.join(directory, write(directory, 'order.json', Buffer.from(JSON.stringify(order)))), order };
}

/** Only their owner may read them: one holds an ingest key. */
function write(directory: string, name: string, bytes: Buffer): string {
  writeFileSync(path.join(directory, name), bytes, { mode: 0o600 });
  return name;
}

/** u32le length, body, and so on. */
function framed(blocks: Iterable<Buffer>): Buffer {
  return Buffer.concat(Array.from(blocks).flatMap((block) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(block.length);
    return [length, block];
  }));
}

/** The lines as bodies of log records: ExportLogsServiceRequest in its JSON form. */
function otlpOf(lines: readonly string[]): string {
  const logRecords = lines.map((line) => ({ timeUnixNano: `${Date.now()}000000`, severityText: 'INFO', body: { stringValue: line } }));
  return JSON.stringify({ resourceLogs: [{ resource: { attributes: [{ key: 'service.name', value: { stringValue: 'k6' } }] }, scopeLogs: [{ scope: { name: 'load' }, logRecords }] }] });
}
