import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { NoteVerifier } from '../../contracts/checkpoint.ts';
import { openCheckpoint } from './signed-checkpoint.ts';
import type { SignedCheckpoint } from './signed-checkpoint.ts';

/** Checkpoints as JSON lines `{site, size, root, at, note}`, only ever appended. `at` is when it was written here. */
export interface ExportFile extends AsyncDisposable {
  /** Durable when it resolves. */
  append(checkpoints: readonly SignedCheckpoint[], nowMs: number): Promise<void>;
}

/** Of a file that ends in a torn line (a crash while writing) the next line begins on a line of its own. */
export async function openExportFile(file: string): Promise<ExportFile> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o750 });
  const handle = await open(file, 'a+', 0o640);
  const { size } = await handle.stat();
  const last = Buffer.alloc(1);
  if (size > 0) await handle.read(last, 0, 1, size - 1);
  let torn = size > 0 && last[0] !== 0x0a;
  // The file's name must outlive a power loss as its lines do.
  const directory = await open(path.dirname(file), 'r');
  await directory.sync().finally(() => directory.close());
  return {
    async append(checkpoints, nowMs) {
      if (checkpoints.length === 0) return;
      const at = new Date(nowMs).toISOString();
      const text = checkpoints.map(({ site, size: leaves, root, note }) => `${JSON.stringify({ site, size: leaves, root, at, note })}\n`).join('');
      const before = torn ? '\n' : '';
      torn = true;
      await handle.appendFile(before + text);
      await handle.sync();
      torn = false;
    },
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

export interface Exported {
  /** The largest of each site that one of the keys signed. */
  readonly newest: ReadonlyMap<string, SignedCheckpoint>;
  /** Lines that say nothing one of the keys signed: torn by a crash, or changed. */
  readonly unsigned: number;
}

/** A checkpoint's line takes some 400 bytes; a longer one is none. */
const MOST_LINE_UNITS = 16_384;

/** Reads the whole file, a line at a time; of each site only the largest is held, and opened. */
export async function readExportFile(file: string, verifiers: readonly NoteVerifier[]): Promise<Exported> {
  const claimed = new Map<string, { readonly size: number; readonly note: string }[]>();
  let unsigned = 0;
  if (!existsSync(file)) return { newest: new Map(), unsigned };
  for await (const line of createInterface({ input: createReadStream(file, { encoding: 'utf8' }), crlfDelay: Infinity })) {
    const read = lineOf(line);
    if (read === undefined) {
      if (line !== '') unsigned++;
      continue;
    }
    // Largest first; a few, so that one forged line does not hide those that are signed.
    const mine = claimed.get(read.site) ?? [];
    if (mine.length < SPARE || read.size > (mine.at(-1)?.size ?? 0)) claimed.set(read.site, [...mine, read].toSorted((a, b) => b.size - a.size).slice(0, SPARE));
  }
  const newest = new Map<string, SignedCheckpoint>();
  for (const [site, lines] of claimed) {
    for (const { size, note } of lines) {
      const checkpoint = openCheckpoint(note, verifiers);
      if (checkpoint?.site === site && checkpoint.size === size) {
        newest.set(site, checkpoint);
        break;
      }
      unsigned++;
    }
  }
  return { newest, unsigned };
}

const SPARE = 4;

function lineOf(line: string): { readonly site: string; readonly size: number; readonly note: string } | undefined {
  if (line.length > MOST_LINE_UNITS) return undefined;
  try {
    const read: unknown = JSON.parse(line);
    if (typeof read !== 'object' || read === null || !('site' in read) || !('size' in read) || !('note' in read)) return undefined;
    const { site, size, note } = read;
    return typeof site === 'string' && typeof size === 'number' && Number.isSafeInteger(size) && typeof note === 'string' ? { site, size, note } : undefined;
  } catch {
    return undefined;
  }
}
