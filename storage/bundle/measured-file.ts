import { createHash, hash } from 'node:crypto';
import type { Hash } from 'node:crypto';

/** What the manifest says of a file. */
export interface FileMeasure {
  readonly bytes: number;
  /** SHA-256, base64. */
  readonly sha256: string;
  /** The first three bytes of SHA-256 of each line (without its line feed), base64: names the line that changed. */
  readonly lines: string;
}

export interface Measured {
  /** Passes the chunks through. */
  readonly chunks: AsyncIterable<string>;
  /** Once all were taken. */
  measure(): FileMeasure;
}

const LINE_FEED = 10;
const LINE_HASH_BYTES = 3;

export function measured(chunks: Iterable<string> | AsyncIterable<string>): Measured {
  const whole = createHash('sha256');
  const lines: Buffer[] = [];
  let line: Hash | undefined;
  let bytes = 0;

  function take(chunk: Buffer): void {
    whole.update(chunk);
    bytes += chunk.length;
    for (let from = 0; from < chunk.length; ) {
      const end = chunk.indexOf(LINE_FEED, from);
      if (end < 0) {
        line ??= createHash('sha256');
        line.update(chunk.subarray(from));
        return;
      }
      lines.push(shortHash(line, chunk.subarray(from, end)));
      line = undefined;
      from = end + 1;
    }
  }
  async function* through(): AsyncGenerator<string> {
    for await (const chunk of chunks) {
      take(Buffer.from(chunk));
      yield chunk;
    }
  }
  return {
    chunks: through(),
    measure() {
      if (line !== undefined) lines.push(shortHash(line, EMPTY));
      line = undefined;
      return { bytes, sha256: whole.digest('base64'), lines: Buffer.concat(lines).toString('base64') };
    },
  };
}

const EMPTY = Buffer.alloc(0);

/** Of a line's last part; `begun` holds what came before it. */
function shortHash(begun: Hash | undefined, rest: Buffer): Buffer {
  return (begun === undefined ? hash('sha256', rest, 'buffer') : begun.update(rest).digest()).subarray(0, LINE_HASH_BYTES);
}
