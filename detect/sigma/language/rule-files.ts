import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import path from 'node:path';
import type { Problem, RuleFile } from '../rule.ts';
import { harmless } from './print-problems.ts';
import { MOST_FILE_BYTES } from './rule-text.ts';

const MOST_FILES = 50_000;
const MOST_DEPTH = 32;
const RULE_FILE = /\.ya?ml$/i;
/** Tests stand beside the rules they are about. */
const TEST_FILE = /\.tests?\.ya?ml$/i;

export interface FoundFiles {
  /** In the order of the paths, within a folder by name; each file once. */
  readonly files: readonly RuleFile[];
  /** What could not be read: their places stand at the beginning of the file. */
  readonly problems: readonly Problem[];
}

interface Search {
  readonly files: RuleFile[];
  readonly problems: Problem[];
  readonly seen: Set<string>;
}

/**
 * Reads rule files: a path to a file as it is, of a folder all `*.yml` and `*.yaml` below it, without hidden ones and
 * without tests (`*.test.yml`). Links are followed, but not back into a folder they lie in.
 */
export function ruleFilesOf(paths: readonly string[]): FoundFiles {
  const search: Search = { files: [], problems: [], seen: new Set() };
  for (const at of paths) visit(search, at, []);
  return { files: search.files, problems: search.problems };
}

function report({ problems }: Search, file: string, message: string, hint?: string): void {
  problems.push({ place: { file, line: 1, column: 1, length: 1 }, message, ...(hint === undefined ? {} : { hint }) });
}

/** `inside`: the real paths of the folders on the way, empty for what was named by the caller. */
function visit(search: Search, at: string, inside: readonly string[]): void {
  const found = lookUp(search, at);
  if (found === undefined) return;
  const { real, stats } = found;
  if (stats.isDirectory() && inside.includes(real)) report(search, at, 'this link leads back into a folder it lies in', 'remove the link');
  else if (search.seen.has(real)) return;
  else if (stats.isDirectory()) visitFolder(search, at, [...inside, real]);
  else if (stats.isFile()) addFile(search, at, stats);
  else report(search, at, 'this is neither a file nor a folder');
  search.seen.add(real);
}

function lookUp(search: Search, at: string): { readonly real: string; readonly stats: Stats } | undefined {
  try {
    return { real: realpathSync(at), stats: statSync(at) };
  } catch (error) {
    report(search, at, codeOf(error) === 'ENOENT' ? 'there is no such file or folder' : `this cannot be read (${codeOf(error)})`);
    return undefined;
  }
}

function visitFolder(search: Search, folder: string, inside: readonly string[]): void {
  if (inside.length > MOST_DEPTH) {
    report(search, folder, `folders of rules are at most ${MOST_DEPTH} deep`);
    return;
  }
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    report(search, folder, `this folder cannot be read (${codeOf(error)})`);
    return;
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const isRule = RULE_FILE.test(entry.name) && !TEST_FILE.test(entry.name);
    const mayBeFolder = entry.isDirectory() || (entry.isSymbolicLink() && !RULE_FILE.test(entry.name));
    if (isRule || (mayBeFolder && isFolder(path.join(folder, entry.name)))) visit(search, path.join(folder, entry.name), inside);
  }
}

/** Links to something else than a folder or a rule file are none of our business. */
function isFolder(at: string): boolean {
  return statSync(at, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function addFile(search: Search, file: string, { size }: Stats): void {
  if (search.files.length === MOST_FILES) {
    if (!search.problems.some(({ message }) => message === TOO_MANY)) report(search, file, TOO_MANY, 'split the set');
    return;
  }
  try {
    if (size > MOST_FILE_BYTES) report(search, file, `this file has ${size} bytes, at most ${MOST_FILE_BYTES} are read`, 'split it');
    else search.files.push({ file, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)) });
  } catch (error) {
    report(search, file, error instanceof TypeError ? 'this file is not UTF-8' : `this file cannot be read (${codeOf(error)})`, error instanceof TypeError ? 'save it as UTF-8' : undefined);
  }
}

const TOO_MANY = `there are more than ${MOST_FILES} rule files`;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? harmless(String(error.code)) : 'unknown';
}
