import type { ControlStream } from '../../contracts/event-log.ts';
import type { Clock } from '../commit/clock.ts';
import type { OpenedBlock } from '../commit/derivation.ts';
import type { Retry } from '../commit/retry.ts';
import type { LogRecord } from '../../contracts/event-log.ts';
import type { KeyedSnapshot, Place } from './correlator-state.ts';
import { CorrelateError } from './errors.ts';
import { openKeyedTail } from './keyed-tail.ts';
import type { KeptSnapshot, KeyedTail } from './keyed-tail.ts';
import { openMemory, sealMemory } from './sealed-memory.ts';
import type { SealedMemory } from './sealed-memory.ts';
import type { Seal } from './sealed-record.ts';

/** One partition's snapshots: written to the control stream, and read from it. */
export interface Snapshots {
  readonly tail: KeyedTail;
  /** The best one with its pieces; undefined when there is none. */
  best(signal: AbortSignal): Promise<{ readonly kept: KeptSnapshot; readonly sealed: SealedMemory } | undefined>;
  /** Undefined when it cannot be opened any more. */
  open(kept: KeptSnapshot, sealed: SealedMemory): Promise<unknown>;
  /** Durable when it resolves. */
  append(place: Place, version: string, memory: unknown, signal: AbortSignal): Promise<void>;
}

export interface SnapshotsDeps {
  readonly partition: number;
  readonly control: ControlStream;
  readonly seal: Seal;
  readonly open: (record: LogRecord) => Promise<OpenedBlock | undefined>;
  readonly retry: Retry;
  readonly clock: Clock;
}

/** A stream may say where it begins a little after it was trimmed: how often and how far apart it is asked. */
const CHECKS = 5;
const BETWEEN_CHECKS_MS = 1_000;

export function openSnapshots({ partition, control, seal, open, retry, clock }: SnapshotsDeps): Snapshots {
  const tail = openKeyedTail(control, partition);

  async function pieceAt(offset: number): Promise<string | undefined> {
    const [entry] = await control.read(offset, 1);
    return entry?.offset === offset ? entry.value : undefined;
  }

  async function piecesOf({ snapshot }: KeptSnapshot, signal: AbortSignal): Promise<SealedMemory | undefined> {
    const pieces: string[] = [];
    for (const offset of snapshot.memory) {
      const piece = await retry('control', () => pieceAt(offset), signal);
      if (piece === undefined) return undefined;
      pieces.push(piece);
    }
    return pieces;
  }

  return {
    tail,
    async best(signal) {
      for (let checks = 1; ; checks++) {
        await retry('control', () => tail.refresh(), signal);
        const kept = tail.best;
        if (kept === undefined) return undefined;
        const sealed = await piecesOf(kept, signal);
        if (sealed !== undefined) return { kept, sealed };
        // Trimmed just now: then another one is the best.
        if (checks === CHECKS) throw new CorrelateError('TQ-CORRELATE-01', `control offset ${kept.offset}`);
        await clock.sleep(BETWEEN_CHECKS_MS, signal);
      }
    },
    open: ({ offset }, sealed) => openMemory(sealed, { partition, position: offset, key: `keyed/${partition}` }, open),
    async append(place, version, memory, signal) {
      const pieces = await retry('seal', () => sealMemory(seal, memory, clock.nowMs()), signal);
      const offsets: number[] = [];
      for (const piece of pieces) offsets.push(await retry('snapshot', () => control.append(`keyed-part/${partition}`, piece), signal));
      const snapshot: KeyedSnapshot = { type: 'keyed', partition, version, ...place, memory: offsets };
      await retry('snapshot', () => control.append(`keyed/${partition}`, JSON.stringify(snapshot)), signal);
    },
  };
}
