import { MAX_BLOCK_BYTES } from '../../contracts/limits.ts';
import type { LogRecord } from '../../contracts/event-log.ts';
import { SYSTEM_SITE } from '../../contracts/names.ts';
import type { OpenedBlock } from '../commit/derivation.ts';
import { CorrelateError } from './errors.ts';
import { sealedRecord } from './sealed-record.ts';
import type { Seal } from './sealed-record.ts';

/** What a stage remembers, in pieces of base64, each a log record that fits an entry of the control stream. It names addresses, so it lies sealed as lines do. */
export type SealedMemory = readonly string[];

const STREAM = 'keyed';
const LINE_FEED = Buffer.from('\n');

export async function sealMemory(seal: Seal, memory: unknown, nowMs: number): Promise<SealedMemory> {
  const text = Buffer.from(JSON.stringify(memory));
  const parts: string[] = [];
  for (let from = 0; from < text.length; from += MAX_BLOCK_BYTES - 1) {
    const body = Buffer.concat([text.subarray(from, from + MAX_BLOCK_BYTES - 1), LINE_FEED]);
    const record = await sealedRecord(seal, SYSTEM_SITE, { stream: STREAM, received_at: nowMs, framing: 'plain', lines: 1 }, body);
    parts.push(record.toString('base64'));
  }
  return parts;
}

/** Undefined when a piece cannot be opened any more. `place`: of the snapshot it belongs to. */
export async function openMemory(sealed: SealedMemory, place: Omit<LogRecord, 'value'>, open: (record: LogRecord) => Promise<OpenedBlock | undefined>): Promise<unknown> {
  const bodies: Buffer[] = [];
  for (const part of sealed) {
    const opened = await open({ ...place, value: Buffer.from(part, 'base64') });
    if (opened === undefined) return undefined;
    bodies.push(opened.body.subarray(0, -1));
  }
  try {
    return JSON.parse(Buffer.concat(bodies).toString());
  } catch (cause) {
    throw new CorrelateError('TQ-CORRELATE-01', `control offset ${place.position}`, { cause });
  }
}
