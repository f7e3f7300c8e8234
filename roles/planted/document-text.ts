import { readFile, stat } from 'node:fs/promises';
import { UsageError } from '../usage-error.ts';

const MOST_BYTES = 16 * 1024 * 1024;
const SUGGESTION = 'save it as plain text first: a table as CSV, a document as TXT, a PDF with "pdftotext FILE"';

/** The text of a file. Throws UsageError for what is not there, too long, or no text. */
export async function documentText(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || !found.isFile()) throw new UsageError(`there is no file ${file}`);
  if (found.size > MOST_BYTES) throw new UsageError(`${file} has more than ${MOST_BYTES / 1024 / 1024} MiB: split it into parts and register each`);
  const bytes = await readFile(file);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decoded('utf-16le', bytes, file);
  if (bytes.includes(0)) throw new UsageError(`${file} is no text: ${SUGGESTION}`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Exports of older programs; every byte is a character there.
    return decoded('windows-1252', bytes, file);
  }
}

function decoded(encoding: string, bytes: Buffer, file: string): string {
  const text = new TextDecoder(encoding).decode(bytes);
  // eslint-disable-next-line no-control-regex
  if (/[\x01-\x08\x0e-\x1f]/.test(text)) throw new UsageError(`${file} is no text: ${SUGGESTION}`);
  return text;
}
