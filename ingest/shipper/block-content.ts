import { isUtf8 } from 'node:buffer';
import { createParser, endsAtLine, joinsLines } from '../formats/formats.ts';
import type { Format } from '../formats/formats.ts';
import { LINE_FRAMING_BYTES } from './build-block.ts';
import type { SourceLine } from './source-lines.ts';
import { MOST_LINE_BYTES } from './source-lines.ts';

/** What goes into one block, and how much of the source it stands for. */
export interface BlockContent {
  readonly lines: readonly Uint8Array[];
  /** Lines and bytes of the source that this block finishes. */
  readonly sourceLines: number;
  readonly sourceBytes: number;
  /** Bytes of lines too long for any block, each replaced by a marker that becomes a dead letter. */
  readonly skippedBytes: number;
}

/** The most a block holds, framing included; a longer line stands alone in its block. */
export interface BlockLimits {
  readonly lines: number;
  readonly bytes: number;
}

interface Pile {
  lines: Uint8Array[];
  bytes: number;
  sourceLines: number;
  sourceBytes: number;
  skippedBytes: number;
}

function emptyPile(): Pile {
  return { lines: [], bytes: 0, sourceLines: 0, sourceBytes: 0, skippedBytes: 0 };
}

/**
 * Parses lines and cuts them into blocks. A line that a parser refuses goes out as it came, so that it ends as a
 * counted dead letter; NDJSON goes out as it came anyway.
 */
export async function* blockContents(batches: AsyncIterable<readonly SourceLine[]>, format: Format, limits: BlockLimits, zone?: string): AsyncGenerator<BlockContent> {
  const parser = format === 'ndjson' ? undefined : createParser(format, zone);
  const joins = joinsLines(format);
  const endsHere = endsAtLine(format);
  const full: Pile[] = [];
  let pile = emptyPile();
  // Lines that the parser holds: they count for the block that gets their event.
  let heldLines = 0;
  let heldBytes = 0;

  function add(bytes: Uint8Array, lines: number, sourceBytes: number): void {
    if (pile.lines.length > 0 && (pile.lines.length >= limits.lines || pile.bytes + bytes.length + LINE_FRAMING_BYTES > limits.bytes)) {
      full.push(pile);
      pile = emptyPile();
    }
    pile.lines.push(bytes);
    pile.bytes += bytes.length + LINE_FRAMING_BYTES;
    pile.sourceLines += lines;
    pile.sourceBytes += sourceBytes;
  }

  function addLeftOut(bytes: number, lines: number, sourceBytes: number): void {
    add(leftOut(bytes), lines, sourceBytes);
    pile.skippedBytes += sourceBytes;
  }

  /** Escaping can make an event longer than any block; only hostile lines are long enough for that. */
  function addEvent(json: string, lines: number, sourceBytes: number): void {
    const bytes = Buffer.from(json);
    if (bytes.length <= MOST_LINE_BYTES) add(bytes, lines, sourceBytes);
    else addLeftOut(bytes.length, lines, sourceBytes);
  }

  function finish(json: string): void {
    addEvent(json, heldLines, heldBytes);
    heldLines = 0;
    heldBytes = 0;
  }

  /** What is held then, a table's header, is done with as well. */
  function addRefused(bytes: Uint8Array, sourceBytes: number): void {
    add(bytes, heldLines + 1, heldBytes + sourceBytes);
    heldLines = 0;
    heldBytes = 0;
  }

  function flushParser(): void {
    const last = parser?.flush();
    if (last?.kind === 'event') finish(last.json);
  }

  function take(line: SourceLine): void {
    if (line.bytes === undefined) {
      flushParser();
      return addLeftOut(line.sourceBytes, 1, line.sourceBytes);
    }
    const parsed = parser?.parse(textOf(line.bytes));
    if (parsed === undefined || parsed.kind === 'reject') return addRefused(line.bytes, line.sourceBytes);
    if (parsed.kind === 'event' && !joins) return addEvent(parsed.json, 1, line.sourceBytes);
    if (parsed.kind === 'event' && !endsHere) finish(parsed.json);
    heldLines += 1;
    heldBytes += line.sourceBytes;
    if (parsed.kind === 'event' && endsHere) finish(parsed.json);
  }

  for await (const batch of batches) {
    for (const line of batch) {
      take(line);
      if (full.length > 0) yield* full.splice(0);
    }
  }
  flushParser();
  yield* full;
  if (pile.lines.length > 0) yield pile;
}

/** Bytes that are no UTF-8 are read as Latin-1, which loses none. */
function textOf(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('latin1');
}

/** No JSON on purpose: the inspector makes it a dead letter. */
function leftOut(bytes: number): Buffer {
  return Buffer.from(`tourniquet: a line of ${bytes} bytes was left out`);
}
