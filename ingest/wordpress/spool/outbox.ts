import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { chown, mkdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { parseBlockHeader } from '../../../contracts/block.ts';
import type { BlockHeader } from '../../../contracts/block.ts';
import { mailboxSecret } from '../../../contracts/letter.ts';
import { replaceDurably } from '../../shipper/durable-file.ts';
import { member } from '../../shipper/json-member.ts';

/** The plugin's spool, seen from a shipper outside of PHP: blocks that are sealed, and who the site is. `docs/plugin-spool.md`. */
export interface Outbox {
  readonly site: string;
  readonly gatewayUrl: string;
  readonly receiptKey: string;
  /** What fetches orders; absent where the plugin made no box. */
  readonly mailbox: string | undefined;
  /** Blocks the chain's state stands behind, oldest first. One beyond it was left by a killed process, and is made again. */
  ready(): readonly string[];
  read(name: string): { readonly header: BlockHeader; readonly bytes: Buffer } | undefined;
  remove(name: string): void;
  /** Puts aside what the gateway will never take. */
  refuse(name: string): Promise<void>;
  /** Counter of the highest command the plugin took. */
  highestCommand(): number;
  /** What the plugin shows as state of shipping. */
  note(changes: Readonly<Record<string, unknown>>): Promise<void>;
  /** Leaves an answer to `GET /v1/orders` for the plugin. */
  leaveOrders(orders: object): Promise<void>;
}

export class OutboxError extends Error {
  override readonly name = 'OutboxError';
}

const BLOCK = /^([0-9]{6})-([0-9]{12,16})\.block$/;

/** Throws `OutboxError` when the directory is no spool, or its site is not enrolled. */
export function openOutbox(directory: string): Outbox {
  const at = (...names: readonly string[]): string => path.join(directory, ...names);
  const identity = readJson(at('identity.json'));
  const [site, gatewayUrl, receiptKey, box] = ['site', 'gateway_url', 'receipt_key', 'box'].map((name) => member(identity ?? {}, name));
  if (identity === undefined) throw new OutboxError(`there is no readable spool in ${directory}; run this as the user of the web server`);
  if (typeof site !== 'string' || typeof gatewayUrl !== 'string' || typeof receiptKey !== 'string') throw new OutboxError('the site is not enrolled: paste its enrolment line into the plugin first');
  return {
    site,
    gatewayUrl,
    receiptKey,
    mailbox: typeof box === 'string' ? mailboxSecret(Buffer.from(box, 'base64url')) : undefined,
    ready() {
      const names = list(at('outbox')).filter((name) => BLOCK.test(name));
      const state = readJson(at('state.json')) ?? {};
      const end = [numberOf(state, 'epoch'), numberOf(state, 'nextSeq')] as const;
      return names.map((name) => ({ name, place: placeOf(name) })).filter(({ place }) => compare(place, end) < 0).toSorted((a, b) => compare(a.place, b.place)).map(({ name }) => name);
    },
    read(name) {
      const bytes = readOrNothing(at('outbox', name));
      const parsed = parseBlockHeader(bytes?.toString('utf8', 0, bytes.indexOf(0x0a)) ?? '');
      return bytes !== undefined && parsed.ok ? { header: parsed.header, bytes } : undefined;
    },
    remove: (name) => rmSync(at('outbox', name), { force: true }),
    async refuse(name) {
      await folder(directory, 'refused');
      await rename(at('outbox', name), at('refused', name));
    },
    highestCommand: () => numberOf(readJson(at('commands.json')) ?? {}, 'highest'),
    async note(changes) {
      await write(directory, 'shipping.json', { ...readJson(at('shipping.json')), ...changes });
    },
    async leaveOrders(orders) {
      await folder(directory, 'inbox');
      await write(directory, 'inbox/orders.json', orders);
    },
  };
}

function placeOf(name: string): readonly [number, number] {
  const [, epoch, firstSeq] = BLOCK.exec(name) ?? [];
  return [Number(epoch), Number(firstSeq)];
}

function compare(a: readonly [number, number], b: readonly [number, number]): number {
  return a[0] - b[0] || a[1] - b[1];
}

function list(folderPath: string): readonly string[] {
  try {
    return readdirSync(folderPath);
  } catch {
    // Made with the first block.
    return [];
  }
}

function readOrNothing(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function readJson(file: string): object | undefined {
  try {
    const value: unknown = JSON.parse(readOrNothing(file)?.toString() ?? '');
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function numberOf(value: object, name: string): number {
  const found = member(value, name);
  return typeof found === 'number' ? found : 0;
}

async function folder(directory: string, name: string): Promise<void> {
  await mkdir(path.join(directory, name), { recursive: true, mode: 0o700 });
  await belongToPlugin(directory, name);
}

async function write(directory: string, name: string, value: object): Promise<void> {
  await replaceDurably(path.join(directory, name), [Buffer.from(`${JSON.stringify(value)}\n`)]);
  await belongToPlugin(directory, name);
}

/** Run by root, what is written must still be the web server's. */
async function belongToPlugin(directory: string, name: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(directory);
  await chown(path.join(directory, name), uid, gid);
}
