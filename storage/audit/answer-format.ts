import type { AnswerFooter, AnswerPage, Cell } from './audit-answer.ts';
import type { AuditQuery } from './audit-query.ts';
import { cellText, plainText } from './cell-text.ts';
import { htmlPage } from './html-page.ts';

export const ANSWER_FORMATS = ['table', 'csv', 'ndjson', 'json', 'html'] as const;
export type AnswerFormat = (typeof ANSWER_FORMATS)[number];

export function isAnswerFormat(text: unknown): text is AnswerFormat {
  return ANSWER_FORMATS.some((format) => format === text);
}

export const MEDIA_TYPES: Readonly<Record<AnswerFormat, string>> = {
  table: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson',
  json: 'application/json',
  html: 'text/html; charset=utf-8',
};

/** The page as text, piece by piece. Its end is the footer: an answer that has none was cut short. */
export function formatPage(format: AnswerFormat, query: AuditQuery, page: AnswerPage): AsyncGenerator<string> {
  switch (format) {
    case 'table':
      return table(page);
    case 'csv':
      return csv(page);
    case 'ndjson':
      return ndjson(page);
    case 'json':
      return json(page);
    case 'html':
      return htmlPage(query, page);
    default:
      return format satisfies never;
  }
}

function rowObject({ columns }: AnswerPage, row: readonly Cell[]): Readonly<Record<string, Cell>> {
  return Object.fromEntries(columns.map(({ name }, i) => [name, row[i] ?? null]));
}

/** One object a row; the last line is `{"footer": …}`. */
async function* ndjson(page: AnswerPage): AsyncGenerator<string> {
  for await (const row of page.rows) yield `${JSON.stringify(rowObject(page, row))}\n`;
  yield `${JSON.stringify({ footer: page.footer() })}\n`;
}

async function* json(page: AnswerPage): AsyncGenerator<string> {
  yield `{"columns":${JSON.stringify(page.columns)},"rows":[`;
  let first = true;
  for await (const row of page.rows) {
    yield `${first ? '' : ','}\n${JSON.stringify(rowObject(page, row))}`;
    first = false;
  }
  yield `],\n"footer":${JSON.stringify(page.footer())}}\n`;
}

/** RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection). */
export function csvCell(cell: Cell): string {
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  const text = cellText(cell);
  const safe = /^[\s\p{Cc}]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** What the footer says, a line each. */
export function footerLines({ query, query_sha256, parameters, rows, next, as_of, checkpoints, without_checkpoint }: AnswerFooter): readonly (readonly string[])[] {
  return [
    ['rows', String(rows)],
    ['query', query, query_sha256],
    ...Object.entries(parameters).map(([name, value]) => ['parameter', name, Array.isArray(value) && value.length > 20 ? `${value.length} values` : cellText(value)]),
    ['as of', as_of],
    ...checkpoints.map(({ site, size, root, signed_at }) => ['checkpoint', site, String(size), root, signed_at]),
    ...without_checkpoint.map((site) => ['no checkpoint yet', site]),
    ...(next === undefined ? [] : [['next', next]]),
  ];
}

/** The footer's rows begin with `#`, after an empty line. */
async function* csv(page: AnswerPage): AsyncGenerator<string> {
  yield `${page.columns.map(({ name }) => csvCell(name)).join(',')}\r\n`;
  for await (const row of page.rows) yield `${row.map(csvCell).join(',')}\r\n`;
  const footer = page.footer();
  yield `\r\n${footerLines(footer).map(([what, ...facts]) => [`#${what}`, ...facts].map((fact) => csvCell(fact)).join(',')).join('\r\n')}\r\n`;
}

/** Rows that a table waits for before it decides how wide its columns are. */
const MEASURED_ROWS = 200;
const WIDEST = 60;

async function* table(page: AnswerPage): AsyncGenerator<string> {
  const header = page.columns.map(({ name }) => name.toUpperCase().replaceAll('_', ' '));
  const held: (readonly string[])[] = [];
  let widths: readonly number[] | undefined;
  const flush = function* (): Generator<string> {
    widths ??= header.map((name, i) => Math.min(WIDEST, Math.max(name.length, ...held.map((row) => row[i]?.length ?? 0))));
    for (const row of held) yield `${row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths?.[i] ?? 0))).join('  ').trimEnd()}\n`;
    held.length = 0;
  };
  held.push(header);
  for await (const row of page.rows) {
    held.push(row.map((cell) => plainText(cellText(cell))));
    if (widths !== undefined || held.length > MEASURED_ROWS) yield* flush();
  }
  yield* flush();
  const footer = page.footer();
  yield `\n${footerLines(footer).map((line) => plainText(line.join('  '))).join('\n')}\n`;
}
