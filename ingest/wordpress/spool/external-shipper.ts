import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { ShipperError } from '../../shipper/errors.ts';
import { createGatewayClient } from '../../shipper/gateway-client.ts';
import type { Clock } from '../../shipper/gateway-client.ts';
import { member } from '../../shipper/json-member.ts';
import { checkReceipt } from '../../shipper/receipt-check.ts';
import { SenderLock } from '../../shipper/sender-lock.ts';
import type { Outbox } from './outbox.ts';

/** Counts since it began. */
export interface Shipped {
  readonly blocks: number;
  readonly lines: number;
  readonly refused: number;
  readonly waiting: number;
}

export interface ExternalShipperOptions {
  readonly outbox: Outbox;
  /** A file beside which the lock lies: one sender for a spool. */
  readonly lock: string;
  readonly clock: Clock;
  readonly fetch?: typeof fetch;
  /** Gives up when the gateway was not reached for so long. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (soFar: Shipped) => void;
}

const compress = promisify(zstdCompress);
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };
const REQUEST_TIMEOUT_MS = 30_000;
const ORDERS_TIMEOUT_MS = 15_000;
/** As the plugin's own shipper has it (`Shipper::REFUSED`): these very bytes will never be taken. */
const REFUSED = /TQ-GATEWAY-(06|14|15|20|21|22|23|24|25|26)\b/;
const ENROL_AGAIN = /TQ-GATEWAY-0[45]\b/;

/**
 * Sends everything that is sealed, then fetches orders. A block goes only when its receipt holds; a repeat is acknowledged again, so
 * a crash at any point costs nothing. Throws `ShipperError`, after noting it where the plugin shows it.
 */
export async function shipOutbox(options: ExternalShipperOptions): Promise<Shipped> {
  using _lock = new SenderLock(options.lock);
  let shipped: Shipped = { blocks: 0, lines: 0, refused: 0, waiting: 0 };
  try {
    const names = options.outbox.ready();
    for (const [i, name] of names.entries()) {
      const lines = await shipOne(options, name);
      const done = lines === undefined ? { refused: shipped.refused + 1 } : { blocks: shipped.blocks + 1, lines: shipped.lines + lines };
      shipped = { ...shipped, ...done, waiting: names.length - i - 1 };
      options.onProgress?.(shipped);
    }
    await fetchOrders(options);
  } catch (error) {
    if (error instanceof ShipperError) await noteFailure(options.outbox, error);
    throw error;
  }
  return shipped;
}

/** Lines acknowledged; undefined when the block was put aside. */
async function shipOne({ outbox, clock, signal, deadlineMs, fetch: ask = fetch }: ExternalShipperOptions, name: string): Promise<number | undefined> {
  const block = outbox.read(name);
  if (block === undefined) {
    await outbox.refuse(name);
    return undefined;
  }
  const client = createGatewayClient({ gatewayUrl: outbox.gatewayUrl, fetch: ask, clock, deadlineMs, requestTimeoutMs: REQUEST_TIMEOUT_MS, random: Math.random });
  const { header } = block;
  try {
    const answer = await client.post('/v1/blocks', new Uint8Array(await compress(block.bytes, ZSTD)), { 'content-type': 'application/octet-stream', 'content-encoding': 'zstd' }, signal);
    const { checkpoint } = checkReceipt(answer, header, outbox.receiptKey);
    const place = { epoch: header.epoch, seq: header.first_seq + header.lines, last_shipped_ms: clock.now() };
    await outbox.note({ ...place, failures: 0, next_try_ms: 0, error_code: '', error: '', enrol_again: false, ...(checkpoint === undefined ? {} : { checkpoint }) });
  } catch (error) {
    if (!(error instanceof ShipperError) || !REFUSED.test(error.message)) throw error;
    await outbox.refuse(name);
    return undefined;
  }
  outbox.remove(name);
  return header.lines;
}

async function noteFailure(outbox: Outbox, error: ShipperError): Promise<void> {
  const code = /TQ-GATEWAY-[0-9]+/.exec(error.message)?.[0] ?? error.code;
  await outbox.note({ failures: 1, error_code: code, error: error.message.replace(/[^\x20-\x7e]/g, '?').slice(0, 200), enrol_again: ENROL_AGAIN.test(code) });
}

/** No orders are no failure: the next turn asks again. */
async function fetchOrders({ outbox, fetch: ask = fetch, signal }: ExternalShipperOptions): Promise<void> {
  if (outbox.mailbox === undefined) return;
  const url = new URL('/v1/orders', outbox.gatewayUrl);
  url.search = new URLSearchParams({ site: outbox.site, after: String(outbox.highestCommand()) }).toString();
  const timeout = AbortSignal.timeout(ORDERS_TIMEOUT_MS);
  try {
    const response = await ask(url, { headers: { authorization: `Bearer ${outbox.mailbox}` }, redirect: 'error', signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) });
    const orders: unknown = response.ok ? await response.json() : undefined;
    if (typeof orders === 'object' && orders !== null && (holdsAny(orders, 'letters') || holdsAny(orders, 'commands'))) await outbox.leaveOrders(orders);
  } catch {
    return;
  }
}

function holdsAny(orders: object, name: string): boolean {
  const found = member(orders, name);
  return Array.isArray(found) && found.length > 0;
}
