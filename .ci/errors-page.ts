import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

interface ErrorRow {
  readonly code: string;
  readonly retryable: string;
  readonly message: string;
  readonly file: string;
}

/** An entry of a catalogue: its code first (as key or as `code`), its message last. One a line, in every `errors.ts`. */
const ENTRY = /'(TQ-[A-Z]+-[0-9]+)'[^\n]*?(?:(?:message|text): |: )(['"`])((?:\\.|(?!\2).)+)\2 ?\}?,?$/gm;

function rowsOf(file: string): readonly ErrorRow[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [...text.matchAll(ENTRY)].map((m) => ({
    code: m[1] ?? '',
    retryable: /retryable: true/.test(m[0]) ? 'yes' : /retryable: false/.test(m[0]) ? 'no' : '',
    message: (m[3] ?? '').replaceAll('\\', '').replaceAll('|', '\\|'),
    file,
  }));
}

/** Every code that stands in a catalogue, in whatever form: what the page must not miss. */
export function catalogueCodes(): readonly string[] {
  return catalogueFiles().flatMap((file) => [...new Set([...readFileSync(path.join(root, file), 'utf8').matchAll(/'(TQ-[A-Z]+-[0-9]+)'[:,]/g)].map((m) => m[1] ?? ''))]);
}

function catalogueFiles(): readonly string[] {
  return globSync('{detect,ingest,keys,respond,storage}/**/errors.ts', { cwd: root, exclude: ['**/node_modules/**'] }).toSorted();
}

/** The page, made from the catalogues. */
export function errorsPage(): string {
  const rows = catalogueFiles().flatMap(rowsOf).toSorted((a, b) => (a.code < b.code ? -1 : 1));
  const table = rows.map((r) => `| ${r.code} | ${r.message} | ${r.retryable} | \`${path.dirname(r.file)}\` |`);
  return ['# Errors', '', 'Each error names what is wrong and what to do. Codes are never reused. Made from the catalogues by `node .ci/errors-page.ts`.', '', '| code | message and fix | try again? | where |', '|---|---|---|---|', ...table, ''].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(path.join(root, 'docs/errors.md'), errorsPage());
