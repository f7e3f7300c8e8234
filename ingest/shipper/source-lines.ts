import { MAX_BLOCK_BYTES } from '../../contracts/limits.ts';

/** One line of a source, without its line end (LF or CR LF). */
export interface SourceLine {
  /** undefined when the line is longer than a block can hold: it was read past. */
  readonly bytes: Buffer | undefined;
  /** Bytes in the source, with the line end. */
  readonly sourceBytes: number;
}

/** A line fills a block alone at most; the rest is for the header and framing. */
export const MOST_LINE_BYTES = MAX_BLOCK_BYTES - 4096;

/** Splits chunks into lines, a list a chunk. `final`: what stands behind the last line feed is a line too. */
export async function* sourceLines(chunks: AsyncIterable<Uint8Array>, final: boolean): AsyncGenerator<readonly SourceLine[]> {
  let carried: Buffer[] = [];
  let carriedBytes = 0;

  function carry(part: Buffer): void {
    carriedBytes += part.length;
    // Past the limit only the length is kept.
    if (carriedBytes > MOST_LINE_BYTES + 1) carried = [];
    else carried.push(part);
  }

  function takeLine(part: Buffer, lineEndBytes: number): SourceLine {
    const length = carriedBytes + part.length;
    const whole = carriedBytes === 0 ? part : carriedBytes > MOST_LINE_BYTES + 1 ? undefined : Buffer.concat([...carried, part]);
    carried = [];
    carriedBytes = 0;
    const bytes = whole?.at(-1) === 0x0d ? whole.subarray(0, -1) : whole;
    return { bytes: bytes !== undefined && bytes.length <= MOST_LINE_BYTES ? bytes : undefined, sourceBytes: length + lineEndBytes };
  }

  for await (const chunk of chunks) {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: SourceLine[] = [];
    let start = 0;
    for (let end = buffer.indexOf(0x0a); end >= 0; end = buffer.indexOf(0x0a, start)) {
      lines.push(takeLine(buffer.subarray(start, end), 1));
      start = end + 1;
    }
    if (start < buffer.length) carry(buffer.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (final && carriedBytes > 0) yield [takeLine(Buffer.alloc(0), 0)];
}
