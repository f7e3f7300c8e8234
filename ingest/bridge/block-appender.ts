import type { EventLog } from '../../contracts/event-log.ts';
import { encodeRecordHead, frameRecord } from '../../contracts/log-record.ts';
import type { Provenance } from '../../contracts/provenance.ts';
import { compress } from '../gateway/record-writer.ts';
import type { Seal } from '../gateway/record-writer.ts';
import type { IngressBlock } from './ingress-block.ts';

export interface AppenderDeps {
  readonly log: Pick<EventLog, 'append'>;
  readonly seal: Seal;
  /** Unix milliseconds. */
  readonly clock: () => number;
  /** Runs an append until it is durable; rejects when it must be given up. */
  readonly persist: (append: () => Promise<unknown>) => Promise<unknown>;
}

/** Blocks on their way at once, of different sites. */
const MOST_IN_FLIGHT = 16;

/**
 * Appends blocks; resolves when all are durable, rejects when one was given up: the caller then gives up the others. A
 * site's block is begun only when the one before it is durable: the worker takes a line for stored once it saw a later one
 * of its stream, so a later one must never come first. That also holds between two bridges that work on one partition,
 * since each begins where everything below is durable.
 */
export async function appendBlocks(blocks: Iterable<IngressBlock>, deps: AppenderDeps, onDurable: (block: IngressBlock, valueBytes: number) => void): Promise<void> {
  const lastOf = new Map<string, Promise<void>>();
  const inFlight = new Set<Promise<void>>();
  const appendAfter = async (before: Promise<void> | undefined, block: IngressBlock): Promise<void> => {
    await before;
    onDurable(block, await appendBlock(block, 'ingress', deps));
  };
  for (const block of blocks) {
    const appending = appendAfter(lastOf.get(block.site), block);
    lastOf.set(block.site, appending);
    inFlight.add(appending);
    appending.then(() => inFlight.delete(appending), () => undefined);
    if (inFlight.size >= MOST_IN_FLIGHT) await Promise.race(inFlight);
  }
  await Promise.all(inFlight);
}

/** Returns the bytes of the log record. */
export async function appendBlock(block: IngressBlock, provenance: Provenance, { log, seal, clock, persist }: AppenderDeps): Promise<number> {
  const { site, stream, body, lines, runs, rejects } = block;
  const headBytes = encodeRecordHead({
    v: 1, site, stream, provenance, received_at: clock(), framing: 'plain', codec: 'zstd', lines, bytes: body.length, ingress: { runs },
    ...(rejects.length === 0 ? {} : { rejects }),
  });
  const value = frameRecord(headBytes, await seal(headBytes, compress(body)));
  await persist(() => log.append(site, value));
  return value.length;
}
