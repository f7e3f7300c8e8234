import { createReadStream, existsSync } from 'node:fs';
import { once } from 'node:events';
import process from 'node:process';
import { createLineScan } from '../../detect/scan.ts';
import type { ScanDetection } from '../../detect/scan.ts';
import { loadPack } from '../../detect/pack/load.ts';
import { createParser, detectFormat, isFormat, joinsLines } from '../../ingest/formats/formats.ts';
import type { Format } from '../../ingest/formats/formats.ts';
import { UsageError } from '../usage-error.ts';

const BATCH_LINES = 4_000;
const SAMPLE_LINES = 50;

/** A text to scan and the number of the line it began on. */
interface Entry {
  readonly line: number;
  readonly text: string;
}

async function* linesOf(input: AsyncIterable<Buffer | string>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of input) {
    const lines = (rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))).split('\n');
    rest = lines.pop() ?? '';
    yield lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  }
  rest += decoder.decode();
  if (rest !== '') yield [rest];
}

/** Turns raw lines into events of the format; a line the parser refuses is scanned as it is. */
function createEntries(format: Format): { add(line: number, text: string): readonly Entry[]; flush(): readonly Entry[] } {
  if (format === 'ndjson') return { add: (line, text) => [{ line, text }], flush: () => [] };
  const parser = createParser(format);
  const joins = joinsLines(format);
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

/** Prints each detection as one JSON line, or keeps counts for a summary. Waits for a slow reader. */
function createOutput(summary: boolean): { write(found: readonly ScanDetection[]): Promise<void>; end(lines: number): void } {
  const counts = new Map<string, { level: string; class: string; detections: number; lines: Set<number> }>();
  return {
    async write(found) {
      if (summary) {
        for (const d of found) {
          const count = counts.get(d.rule) ?? { level: d.level, class: d.class, detections: 0, lines: new Set<number>() };
          counts.set(d.rule, count);
          count.detections += 1;
          count.lines.add(d.line);
        }
        return;
      }
      const text = found.map((d) => `${JSON.stringify({ line: d.line, rule: d.rule, level: d.level, class: d.class, field: d.field, span: d.span })}\n`).join('');
      if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
    },
    end(lines) {
      if (!summary) return;
      const rows = [...counts].map(([rule, c]) => ({ rule, level: c.level, class: c.class, detections: c.detections, lines: c.lines.size })).toSorted((a, b) => b.detections - a.detections);
      process.stdout.write(`${JSON.stringify({ lines, rules: rows }, null, 2)}\n`);
    },
  };
}

/** The detection stage over a file or standard input: no server, no store. */
export async function scan(file: string | undefined, options: { readonly format: string; readonly summary?: true }): Promise<number> {
  if (options.format !== 'auto' && !isFormat(options.format)) throw new UsageError(`there is no format "${options.format}"; the formats are auto, ndjson, combined, common, nginx, php-error, wp-debug`);
  if (file !== undefined && file !== '-' && !existsSync(file)) throw new UsageError(`there is no file ${file}`);
  const input = file === undefined || file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 1 << 20 });
  const engine = await createLineScan(await loadPack());
  const output = createOutput(options.summary === true);
  let entries: ReturnType<typeof createEntries> | undefined = options.format === 'auto' ? undefined : createEntries(options.format);
  let waiting: Entry[] = [];
  let line = 0;

  async function scanWaiting(): Promise<void> {
    const batch = waiting;
    waiting = [];
    const found = engine.scan(batch.map((e) => e.text), 0);
    await output.write(found.map((d) => ({ ...d, line: batch[d.line]?.line ?? d.line })));
  }

  for await (const lines of linesOf(input)) {
    entries ??= createEntries(detectFormat(lines.slice(0, SAMPLE_LINES).join('\n')));
    for (const text of lines) {
      waiting.push(...entries.add(line, text));
      line += 1;
      if (waiting.length >= BATCH_LINES) await scanWaiting();
    }
  }
  waiting.push(...(entries?.flush() ?? []));
  await scanWaiting();
  output.end(line);
  return 0;
}
