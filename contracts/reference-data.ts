import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** Rows of `contracts/vectors/<name>`, for tests. The caller states their shape. */
export function vectorRows(name: string): readonly unknown[] {
  return rowsOf(readFileSync(new URL(`vectors/${name}`, import.meta.url), 'utf8'));
}

export function vectorJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`vectors/${name}`, import.meta.url), 'utf8'));
}

const corpora = process.env['TOURNIQUET_CORPORA'] === undefined ? new URL('../../shared/corpora/', import.meta.url) : pathToFileURL(`${process.env['TOURNIQUET_CORPORA']}/`);

/** Text of a reference file, or undefined (said once, an error in CI) when the corpora are not here. */
export function corpusText(path: string): string | undefined {
  const file = new URL(path, corpora);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  if (process.env['CI'] === 'true') throw new Error(`corpora are missing: set TOURNIQUET_CORPORA to the folder that holds ${path}`);
  process.stdout.write(`skipped: set TOURNIQUET_CORPORA to the folder that holds ${path}\n`);
  return undefined;
}

/** Files of a reference folder whose names end so, at any depth, in order of name; undefined as above. */
export function corpusFiles(folder: string, end: string): readonly { readonly file: string; readonly text: string }[] | undefined {
  const root = new URL(`${folder}/`, corpora);
  if (!existsSync(root)) return corpusText(folder) === undefined ? undefined : [];
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(end)).toSorted();
  return names.map((name) => ({ file: `${folder}/${name}`, text: readFileSync(new URL(encodeURI(name), root), 'utf8') }));
}

/** Rows of a reference file, or undefined as above. */
export function corpusRows(path: string): readonly unknown[] | undefined {
  const text = corpusText(path);
  return text === undefined ? undefined : rowsOf(text);
}

export function rowsOf(text: string): readonly unknown[] {
  return text.split('\n').filter((line) => line !== '').map((line): unknown => JSON.parse(line));
}
