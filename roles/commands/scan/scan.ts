import { createReadStream, existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { createRuleSet } from '../../../contracts/rule-set.ts';
import { createEngine } from '../../../detect/engine.ts';
import { SHIPPED_SIGMA } from '../../../detect/rule-set/read-sources.ts';
import { createLineScan } from '../../../detect/scan.ts';
import type { LineScan } from '../../../detect/scan.ts';
import { isFormat } from '../../../ingest/formats/formats.ts';
import type { Format } from '../../../ingest/formats/formats.ts';
import { loadConfig } from '../../config/config.ts';
import { UsageError } from '../../usage-error.ts';
import { logsourceOf } from '../logsource.ts';
import { readNamedRules } from '../named-rules.ts';
import { requireFile } from '../require-file.ts';
import { bodiesOf, createEntries, formatOf, linesOf } from './input.ts';
import type { Entry } from './input.ts';
import { createScanOutput } from './output.ts';
import type { ScanOutput } from './output.ts';
import { cacheFolder } from '../../home.ts';

export interface ScanOptions {
  readonly format: string;
  readonly rules?: readonly string[];
  readonly packs?: true;
  readonly logsource?: string;
  readonly summary?: true;
}

const CHUNK_BYTES = 1 << 20;

/** `--rules` takes several paths, also the file behind them: what is neither a folder nor YAML is no rule file. */
function splitFile(file: string | undefined, rules: readonly string[] | undefined): { readonly file: string; readonly rules: readonly string[] | undefined } {
  const last = rules?.at(-1);
  if (file !== undefined || rules === undefined || last === undefined || rules.length < 2) return { file: file ?? '-', rules };
  const isFile = last === '-' || (existsSync(last) && !statSync(last).isDirectory() && !/\.ya?ml$/i.test(last));
  return isFile ? { file: last, rules: rules.slice(0, -1) } : { file: '-', rules };
}

async function createScan(rules: readonly string[] | undefined, { packs, logsource }: ScanOptions): Promise<LineScan> {
  const served = logsource === undefined ? undefined : logsourceOf(logsource);
  const content = await readNamedRules(rules ?? [SHIPPED_SIGMA], loadConfig().rules, rules === undefined || packs === true ? {} : { packs: [] });
  return createLineScan(await createEngine(createRuleSet(content), { cacheDirectory: userCache(), ...(served === undefined ? {} : { served: served === 'any' ? served : [served] }) }));
}

/** Compiled rules are kept for the next scan of this user. */
function userCache(): string {
  return cacheFolder() ?? path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'tourniquet', 'rules');
}

const BATCH_LINES = 4_000;

/** Scans what is no NDJSON: its events have to be made first. Returns the number of lines. */
async function scanFormat(bodies: AsyncIterable<Buffer>, format: Format, engine: LineScan, output: ScanOutput): Promise<number> {
  const entries = createEntries(format);
  let waiting: Entry[] = [];
  let line = 0;
  const scanWaiting = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    await output.write(engine.scan(batch.map((e) => e.text), batch.map((e) => e.line)));
  };
  for await (const body of bodies) {
    for (const text of linesOf(body)) {
      waiting.push(...entries.add(line++, text));
      if (waiting.length >= BATCH_LINES) await scanWaiting();
    }
  }
  waiting.push(...entries.flush());
  await scanWaiting();
  return line;
}

async function scanNdjson(bodies: AsyncIterable<Buffer>, engine: LineScan, output: ScanOutput): Promise<number> {
  let line = 0;
  for await (const body of bodies) {
    const { lines, found } = engine.scanBody(body, line);
    if (found.length > 0) await output.write(found);
    line += lines;
  }
  return line;
}

async function* withFirst(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

/** The detection stage over a file or standard input: no server, no store. */
export async function scan(named: string | undefined, options: ScanOptions): Promise<number> {
  if (options.format !== 'auto' && !isFormat(options.format)) throw new UsageError(`there is no format "${options.format}"; the formats are auto, ndjson, combined, common, nginx, php-error, wp-debug`);
  const { file, rules } = splitFile(named, options.rules);
  if (file !== '-') requireFile(file);
  const engine = await createScan(rules, options);
  const output = createScanOutput(options.summary === true);
  const input: AsyncIterable<Buffer> = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: CHUNK_BYTES });
  const bodies = bodiesOf(input);
  const first = await bodies.next();
  let lines = 0;
  if (first.done !== true) {
    const format = options.format === 'auto' ? formatOf(first.value) : (options.format as Format); // isFormat above.
    const all = withFirst(first.value, bodies);
    lines = format === 'ndjson' ? await scanNdjson(all, engine, output) : await scanFormat(all, format, engine, output);
  }
  await output.write(engine.finish());
  output.end(lines);
  return 0;
}
