import { isUtf8 } from 'node:buffer';
import type { DeadLetterReason } from '../../contracts/line-status.ts';
import { MAX_BLOCK_BYTES, MAX_LINE_BYTES } from '../../contracts/limits.ts';
import type { LineInspector } from '../../contracts/line-inspector.ts';
import { createParser } from '../formats/formats.ts';
import type { Format, LineParser, ParsedLine } from '../formats/formats.ts';

/** Lines of one block made from plain lines; small, so that one bad source line costs little. */
export const PLAIN_BLOCK_LINES = 1000;

/** One block of bare lines, each ended by a line feed. */
export interface PlainBlock {
  readonly body: Buffer;
  readonly lines: number;
  /** Lines the parser refused, left in the body as they came. */
  readonly rejects: readonly (readonly [line: number, reason: DeadLetterReason])[];
  /** `rejects` and the lines that cannot be events for what they hold. */
  readonly deadLetters: number;
}

interface PlainLine {
  readonly bytes: Buffer;
  readonly reason?: DeadLetterReason;
}

/**
 * Reads a body of plain lines. Each line comes out once: as an event, as part of one that joins several, or as a dead
 * letter. A last line without a line feed counts. One block at a time is held, however many lines there are.
 */
export function* readPlainLines(body: Buffer, format: Format, inspector: LineInspector, zone?: string): Generator<PlainBlock> {
  yield* blocksOfTold([{ bytes: body, format, zone }], inspector);
}

/** What came as one piece: an event already, raw lines of a format, or what is put aside for a reason. */
export type Told =
  | { readonly event: string }
  | { readonly bytes: Buffer; readonly format: Format; readonly zone?: string | undefined }
  | { readonly bytes: Buffer; readonly reason: DeadLetterReason };

/** As `readPlainLines`, of pieces in order. Neighbours of one format and zone are one log: a message may go on in the next. */
export function* blocksOfTold(told: Iterable<Told>, inspector: LineInspector): Generator<PlainBlock> {
  yield* toBlocks(linesOf(told), inspector);
}

/** Events made by the gateway itself, one JSON text each. */
export function* blocksOfEvents(events: Iterable<string>, inspector: LineInspector): Generator<PlainBlock> {
  yield* toBlocks(eventLines(events), inspector);
}

function* eventLines(events: Iterable<string>): Generator<PlainLine> {
  for (const json of events) yield fitting(Buffer.from(json));
}

function* linesOf(told: Iterable<Told>): Generator<PlainLine> {
  let log: { readonly format: Format; readonly zone: string | undefined; readonly parser: LineParser } | undefined;
  for (const piece of told) {
    const isNext = log !== undefined && 'format' in piece && log.format === piece.format && log.zone === piece.zone;
    if (!isNext) {
      if (log !== undefined) yield* eventsOf(log.parser.flush());
      log = 'format' in piece && piece.format !== 'ndjson' ? { format: piece.format, zone: piece.zone, parser: createParser(piece.format, piece.zone) } : undefined;
    }
    if ('event' in piece) yield fitting(Buffer.from(piece.event));
    else if ('reason' in piece) yield { ...fitting(piece.bytes), reason: piece.reason };
    else for (const line of splitLines(piece.bytes)) yield* log === undefined ? [fitting(line)] : parsedLines(line, log.parser);
  }
  if (log !== undefined) yield* eventsOf(log.parser.flush());
}

export function countLines(body: Buffer): number {
  let lines = 0;
  for (let at = 0; at < body.length; lines++) {
    const end = body.indexOf(0x0a, at);
    at = end < 0 ? body.length : end + 1;
  }
  return lines;
}

/** As `countLines`, of pieces: one that holds many lines costs its sender as many. */
export function countTold(told: readonly Told[]): number {
  return told.reduce((sum, piece) => sum + ('format' in piece ? Math.max(1, countLines(piece.bytes)) : 1), 0);
}

function* splitLines(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; ) {
    const feed = body.indexOf(0x0a, at);
    const end = feed < 0 ? body.length : feed;
    yield body.subarray(at, end > at && body[end - 1] === 0x0d ? end - 1 : end);
    at = end + 1;
  }
}

/** What no block can hold is cut; its start goes to the dead letters. */
function fitting(bytes: Buffer): PlainLine {
  return bytes.length < MAX_BLOCK_BYTES ? { bytes } : { bytes: bytes.subarray(0, MAX_LINE_BYTES + 1), reason: 'too_long' };
}

function parsedLines(raw: Buffer, parser: LineParser): readonly PlainLine[] {
  const reason = unreadable(raw);
  const parsed: ParsedLine = reason === undefined ? parser.parse(raw.toString('utf8')) : { kind: 'reject', reason };
  return parsed.kind === 'reject' ? [{ ...fitting(raw), reason: parsed.reason }] : eventsOf(parsed);
}

function eventsOf(parsed: ParsedLine): readonly PlainLine[] {
  return parsed.kind === 'event' ? [fitting(Buffer.from(parsed.json))] : [];
}

function unreadable(raw: Buffer): DeadLetterReason | undefined {
  if (raw.length > MAX_LINE_BYTES) return 'too_long';
  if (raw.includes(0)) return 'nul_byte';
  return isUtf8(raw) ? undefined : 'not_utf8';
}

function* toBlocks(lines: Iterable<PlainLine>, inspector: LineInspector): Generator<PlainBlock> {
  let held: PlainLine[] = [];
  let bytes = 0;
  for (const line of lines) {
    if (held.length >= PLAIN_BLOCK_LINES || bytes + line.bytes.length + 1 > MAX_BLOCK_BYTES) {
      yield toBlock(held, inspector);
      held = [];
      bytes = 0;
    }
    held.push(line);
    bytes += line.bytes.length + 1;
  }
  if (held.length > 0) yield toBlock(held, inspector);
}

const LINE_FEED = Buffer.from('\n');

function toBlock(lines: readonly PlainLine[], inspector: LineInspector): PlainBlock {
  const body = Buffer.concat(lines.flatMap((line) => [line.bytes, LINE_FEED]));
  const { table } = inspector.inspect(body, undefined);
  const rejects: (readonly [number, DeadLetterReason])[] = [];
  let deadLetters = 0;
  for (const [i, { reason }] of lines.entries()) {
    if (reason !== undefined) rejects.push([i, reason]);
    if (reason !== undefined || table[3 * i + 2] !== 0) deadLetters += 1;
  }
  return { body, lines: lines.length, rejects, deadLetters };
}
