import { createParser, detectFormat, endsAtLine, joinsLines } from '../../../ingest/formats/formats.ts';
import type { Format } from '../../../ingest/formats/formats.ts';

const LINE_FEED = 10;
const SAMPLE_LINES = 50;
/** A line that does not end is cut there; no event is as long. */
const MOST_LINE_BYTES = 64 * 1024 * 1024;

/** Bytes cut at line feeds: each body ends with one, also the last. */
export async function* bodiesOf(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let held = 0;
  for await (const chunk of input) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      yield held === 0 ? chunk.subarray(0, end) : Buffer.concat([...rest, chunk.subarray(0, end)]);
      [rest, held] = [[], 0];
    }
    if (end < chunk.length) rest.push(chunk.subarray(end));
    held += chunk.length - end;
    if (held < MOST_LINE_BYTES) continue;
    yield Buffer.concat([...rest, Buffer.from('\n')]);
    [rest, held] = [[], 0];
  }
  if (held > 0) yield Buffer.concat([...rest, Buffer.from('\n')]);
}

/** The format that the first lines look like. */
export function formatOf(body: Buffer): Format {
  return detectFormat(linesOf(body).slice(0, SAMPLE_LINES).join('\n'));
}

export function linesOf(body: Buffer): readonly string[] {
  const lines = body.toString().split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  lines.pop();
  return lines;
}

/** A text to scan and the number of the line it began on. */
export interface Entry {
  readonly line: number;
  readonly text: string;
}

/** Turns lines into events of their format; a line the parser refuses is scanned as it is. */
export function createEntries(format: Format): { add(line: number, text: string): readonly Entry[]; flush(): readonly Entry[] } {
  const parser = createParser(format);
  const joins = joinsLines(format) && !endsAtLine(format);
  let held = 0;
  return {
    add(line, text) {
      const parsed = parser.parse(text);
      if (parsed.kind === 'reject') return [{ line, text }];
      if (parsed.kind === 'pending') {
        if (!joins || text.startsWith('[')) held = line;
        return [];
      }
      const began = joins ? held : line;
      held = line;
      return [{ line: began, text: parsed.json }];
    },
    flush() {
      const parsed = parser.flush();
      return parsed.kind === 'event' ? [{ line: held, text: parsed.json }] : [];
    },
  };
}
