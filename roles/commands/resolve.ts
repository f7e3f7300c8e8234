import { createReadStream, createWriteStream, readFileSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { IDENTIFIER_KINDS } from '../../contracts/token.ts';
import { noticeKeyOf, openRecipients, parseRecipients } from '../../storage/bundle/recipients.ts';
import type { Recipient } from '../../storage/bundle/recipients.ts';
import { verdictText, verifyBundle } from '../../storage/bundle/verifier/verify.mjs';
import { createProgress } from '../progress.ts';
import { columnOf, createLookup } from '../resolve/affected-rows.ts';
import type { AffectedRow, Lookup } from '../resolve/affected-rows.ts';
import { CsvError, csvLine, csvRows } from '../resolve/csv-rows.ts';
import { parseTokenKeys } from '../resolve/token-key-file.ts';
import type { TokenKeys } from '../resolve/token-key-file.ts';
import { UsageError } from '../usage-error.ts';
import { requireDirectory } from './bundle-verify.ts';
import { requireFile } from './require-file.ts';

export interface ResolveOptions {
  readonly bundle: string;
  /** CSV. */
  readonly export: string;
  readonly siteKey: string;
  readonly column?: string;
  readonly kind: string;
  readonly out?: string;
  readonly json?: true;
}

/** Prints the rows of a site's own export that belong to the persons of a bundle. Exit code 1 when the bundle does not hold, or a person is in no row. */
export async function resolve(options: ResolveOptions): Promise<number> {
  const kind = IDENTIFIER_KINDS.find((one) => one === options.kind);
  if (kind === undefined) throw new UsageError(`--kind is one of ${IDENTIFIER_KINDS.join(', ')}`);
  requireDirectory(options.bundle);
  for (const file of [options.export, options.siteKey]) requireFile(file);
  const verdict = verifyBundle(options.bundle);
  if (verdict.problems.length > 0) {
    process.stderr.write(verdictText(verdict));
    return 1;
  }
  const tokenKeys = parseTokenKeys(readFileSync(options.siteKey, 'utf8'));
  const recipients = recipientsOf(options.bundle, tokenKeys);
  const { rows, found } = await written(options, (heads) => createLookup(recipients, tokenKeys.keys, kind, columnOf(heads, kind, options.column)));
  const nobody = recipients.length - found;
  process.stderr.write(`${found} of ${recipients.length} persons are in the export, in ${rows} ${rows === 1 ? 'row' : 'rows'}. ${nobody === 0 ? '' : `${nobody} tokens found nobody: they are of another kind of identifier (--kind, --column), or the person is not in this export.`}\n`);
  return nobody === 0 ? 0 : 1;
}

function recipientsOf(bundle: string, { site, keys }: TokenKeys): readonly Recipient[] {
  const sealed = parseRecipients(readFileSync(path.join(bundle, 'recipients.sealed'), 'utf8'));
  if (sealed === undefined) throw new UsageError('the bundle holds no sealed list of recipients');
  const key = keys[sealed.epoch - 1];
  if (sealed.site !== site) throw new UsageError(`the bundle is of ${sealed.site}, the keys are of ${site}`);
  const opened = key === undefined ? undefined : openRecipients(sealed, noticeKeyOf(key));
  if (opened === undefined) throw new UsageError(`the keys do not open the list: it was sealed for ${site} in key epoch ${sealed.epoch}, the file has ${keys.length}; make a new one with "tourniquet site token-key"`);
  return opened;
}

interface Written {
  readonly rows: number;
  readonly found: number;
}

async function written(options: ResolveOptions, lookupFor: (heads: readonly string[]) => Lookup): Promise<Written> {
  let result: Written = { rows: 0, found: 0 };
  async function* text(): AsyncGenerator<string> {
    let heads: readonly string[] | undefined;
    let lookup: Lookup | undefined;
    let rows = 0;
    for await (const row of csvRows(exportText(options.export))) {
      if (heads === undefined || lookup === undefined) {
        [heads, lookup] = [row.cells, lookupFor(row.cells)];
        if (options.json !== true) yield csvLine([...heads, ...ADDED]);
        continue;
      }
      const affected = lookup.find(row);
      if (affected === undefined) continue;
      rows++;
      yield options.json === true ? jsonLine(heads, affected) : csvLine([...heads.map((_, i) => row.cells[i] ?? ''), ...addedCells(affected)]);
    }
    if (lookup === undefined) throw new UsageError('the export is empty');
    result = { rows, found: lookup.found() };
  }
  try {
    await toPlace(options.out, text());
  } catch (error) {
    if (error instanceof CsvError) throw new UsageError(`${options.export}, ${error.message}`, { cause: error });
    throw error;
  }
  return result;
}

/** What a notice says beside the row's own: which kinds of data, and when. */
const ADDED = ['breach_data', 'breach_first', 'breach_last'] as const;

function addedCells({ recipient }: AffectedRow): readonly string[] {
  return [recipient.classes.join(' '), new Date(recipient.firstMs).toISOString(), new Date(recipient.lastMs).toISOString()];
}

function jsonLine(heads: readonly string[], { row, recipient }: AffectedRow): string {
  // Pairs, as a column may be called anything.
  return `${JSON.stringify({ line: row.line, row: heads.map((head, i) => [head, row.cells[i] ?? '']), recipient })}\n`;
}

async function* exportText(file: string): AsyncGenerator<string> {
  const progress = createProgress('resolve');
  const { size } = statSync(file);
  let read = 0;
  const stream = createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 18 });
  for await (const chunk of stream) {
    read = stream.bytesRead;
    progress.update(read, size, path.basename(file));
    yield String(chunk);
  }
  progress.end();
}

/** To standard output, or to a file that appears when it is whole, for its owner alone. */
async function toPlace(out: string | undefined, text: AsyncIterable<string>): Promise<void> {
  if (out === undefined) {
    // Standard output stays open for whoever writes next.
    return pipeline(Readable.from(text), new Writable({ decodeStrings: false, write: (chunk: string, _encoding, done) => void process.stdout.write(chunk, done) }));
  }
  if (statSync(out, { throwIfNoEntry: false }) !== undefined) throw new UsageError(`${out} is there already: name a new file`);
  const partial = `${out}.partial`;
  // Left by a run that was killed.
  await rm(partial, { force: true });
  try {
    await pipeline(Readable.from(text), createWriteStream(partial, { mode: 0o600, flags: 'wx', flush: true }));
    await rename(partial, out);
  } finally {
    await rm(partial, { force: true });
  }
}
