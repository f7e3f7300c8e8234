import { existsSync } from 'node:fs';
import path from 'node:path';
import { LEVELS } from '../../contracts/pack.ts';
import type { Level } from '../../contracts/pack.ts';
import type { RegisteredDocument } from '../../contracts/rule-set.ts';
import { DOCUMENTS_FILE, readDocuments } from '../../detect/documents/documents-file.ts';
import { registerDocument } from '../../detect/documents/register.ts';
import { loadConfig } from '../config/config.ts';
import { connectKeys, requireRunning } from '../connections.ts';
import { homeAt } from '../home.ts';
import { documentText } from '../planted/document-text.ts';
import { writeWhole } from '../planted/whole-file.ts';
import { UsageError } from '../usage-error.ts';

export interface FingerprintOptions {
  readonly class: string;
  readonly title?: string;
  readonly level: string;
  readonly json?: true;
}

/** As the command line has them. */
export type FingerprintCommandOptions = Omit<FingerprintOptions, 'class'> & { readonly class?: string; readonly list?: true; readonly remove?: string };

const EXAMPLES = 'ip.price_list, ip.product, ip.code';

function levelOf(text: string): Level {
  const level = LEVELS.find((known) => known === text);
  if (level === undefined) throw new UsageError(`--level is one of ${LEVELS.join(', ')}`);
  return level;
}

/** `Price list 2027.csv` is `price-list-2027`. */
function idOf(title: string): string {
  const id = title.normalize('NFKD').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 64).replace(/-+$/, '');
  if (id === '') throw new UsageError(`--title ${JSON.stringify(title)} needs letters or digits: the document is called by them`);
  return id;
}

async function knownDocuments(file: string): Promise<readonly RegisteredDocument[]> {
  return existsSync(file) ? readDocuments(file) : [];
}

/** Registers texts under the deployment's key. A document registered before under the same title is replaced. Nothing of the texts is kept. */
export async function registerFiles(files: readonly string[], options: FingerprintOptions, key: Uint8Array): Promise<number> {
  if (!/^ip\.[a-z0-9_]+$/.test(options.class)) throw new UsageError(`--class is ip. and what it is: ${EXAMPLES}`);
  if (options.title !== undefined && files.length > 1) throw new UsageError('--title names one file; without it each is called by its file name');
  const level = levelOf(options.level);
  const at = path.join(homeAt().packs, DOCUMENTS_FILE);
  const documents = new Map((await knownDocuments(at)).map((document) => [document.id, document]));
  const lines: string[] = [];
  const taken = new Set<string>();
  for (const file of files) {
    const title = options.title ?? path.parse(file).name;
    const id = idOf(title);
    if (taken.has(id)) throw new UsageError(`two of the files would be called ${id}: register one of them by itself, with --title`);
    taken.add(id);
    const registration = registerDocument({ id, title, class: options.class, level }, await documentText(file), key);
    if (registration.kind === 'refused') throw new UsageError(`${file}: ${registration.because}`);
    const { words, shingles } = registration;
    documents.set(id, registration.document);
    lines.push(options.json === true ? JSON.stringify({ id, title, class: options.class, level, words, shingles }) : `Registered ${id}: ${words} words, ${shingles} shingles. Passages of about 25 words are recognised as document.${id}.`);
  }
  await writeWhole(at, [...documents.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)).map((document) => `${JSON.stringify(document)}\n`).join(''));
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

/** Documents that are recognised, without what they hold. */
async function listDocuments(options: Pick<FingerprintCommandOptions, 'json'>): Promise<number> {
  const documents = await knownDocuments(path.join(homeAt().packs, DOCUMENTS_FILE));
  if (documents.length === 0 && options.json !== true) process.stdout.write('No document yet. Register one with "tourniquet fingerprint FILE --class ip.price_list".\n');
  for (const { id, title, class: ofClass, level } of documents) process.stdout.write(options.json === true ? `${JSON.stringify({ id, title, class: ofClass, level })}\n` : `${id}  ${ofClass}  ${level}  ${title}\n`);
  return 0;
}

async function forgetDocument(id: string): Promise<number> {
  const at = path.join(homeAt().packs, DOCUMENTS_FILE);
  const known = await knownDocuments(at);
  if (!known.some((document) => document.id === id)) throw new UsageError(`there is no document ${id}; "tourniquet fingerprint --list" shows them`);
  await writeWhole(at, known.filter((document) => document.id !== id).map((document) => `${JSON.stringify(document)}\n`).join(''));
  process.stdout.write(`Removed ${id}: it is no longer recognised.\n`);
  return 0;
}

/** Registers files, or lists or forgets what was registered. */
export async function fingerprint(files: readonly string[], { list, remove, class: ofClass, ...options }: FingerprintCommandOptions): Promise<number> {
  if (list === true) return listDocuments(options);
  if (remove !== undefined) return forgetDocument(remove);
  if (files.length === 0) throw new UsageError('name the files to register');
  if (ofClass === undefined) throw new UsageError(`say with --class what the text is: ${EXAMPLES}`);
  const home = homeAt();
  const config = loadConfig();
  requireRunning(config, home, 'keys');
  const keys = await connectKeys(config, home, 'compliance');
  return registerFiles(files, { ...options, class: ofClass }, await keys.fingerprintKey());
}
