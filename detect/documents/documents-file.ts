import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LEVELS } from '../../contracts/pack.ts';
import type { RegisteredDocument } from '../../contracts/rule-set.ts';
import { detectError } from '../errors.ts';

/** Registered documents of a folder of packs, one JSON object a line. */
export const DOCUMENTS_FILE = 'documents.ndjson';

const KEYS = ['id', 'title', 'class', 'level', 'shingles'];
const SHINGLE_BYTES = 8;

function isDocument(value: unknown): value is RegisteredDocument {
  if (typeof value !== 'object' || value === null) return false;
  const one: Readonly<Record<string, unknown>> = { ...value };
  const { id, level, class: ofClass, shingles } = one;
  if (!KEYS.every((key) => typeof one[key] === 'string') || Object.keys(one).length !== KEYS.length) return false;
  return /^[a-z0-9-]{1,64}$/.test(String(id)) && LEVELS.some((known) => known === level) && /^[a-z0-9_]+(\.[a-z0-9_]+)*$/.test(String(ofClass)) && Buffer.byteLength(String(shingles), 'base64') % SHINGLE_BYTES === 0 && shingles !== '';
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Rejects with TQ-DETECT-05 for a line that is no registered document, or an id that stands twice. */
export async function readDocuments(file: string): Promise<readonly RegisteredDocument[]> {
  const documents: RegisteredDocument[] = [];
  for (const [i, line] of (await readFile(file, 'utf8')).split('\n').entries()) {
    if (line.trim() === '') continue;
    const document = parsed(line);
    const at = `${path.basename(file)}:${i + 1}:1`;
    if (!isDocument(document)) throw detectError('packInvalid', `\n${at}: is no registered document: take the line out, and register the text again with "tourniquet fingerprint"`);
    if (documents.some(({ id }) => id === document.id)) throw detectError('packInvalid', `\n${at}: the document ${document.id} stands twice: take one of the lines out`);
    documents.push(document);
  }
  return documents;
}
