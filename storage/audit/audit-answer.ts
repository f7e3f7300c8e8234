import { createHash } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { SYSTEM_SITE } from '../../contracts/names.ts';
import { blankSql } from './audit-query.ts';
import type { AuditQuery, OrderColumn } from './audit-query.ts';
import { CursorError, formatCursor, parseCursor } from './cursor.ts';
import { clickHouseTime, digestOf, ParameterError, readParameters } from './parameters.ts';
import type { ParameterValues } from './parameters.ts';
import type { AnswerCheckpoint } from './sealed-checkpoints.ts';

export interface AnswerRequest {
  readonly query: AuditQuery;
  /** As they came, by name. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Rows of this page. */
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string;
  /** Every site there is, our own among them. */
  readonly sites: readonly string[];
  readonly now: () => number;
}

export interface AnswerColumn {
  readonly name: string;
  /** ClickHouse type. */
  readonly type: string;
}

export type Cell = string | number | boolean | null | readonly Cell[];
export type Row = readonly Cell[];

/** What stands below each page. */
export interface AnswerFooter {
  readonly query: string;
  /** SHA-256 of the query's file, hex. */
  readonly query_sha256: string;
  readonly parameters: ParameterValues;
  readonly rows: number;
  /** Undefined on the last page. */
  readonly next: string | undefined;
  /** RFC 3339: pages of one answer have the same. */
  readonly as_of: string;
  /** What the answer was computed at: rows of leaves that these cover, and none else. */
  readonly checkpoints: readonly AnswerCheckpoint[];
  /** Sites that have no checkpoint yet, so that nothing of them is in the answer. */
  readonly without_checkpoint: readonly string[];
}

export interface Answer {
  readonly query: AuditQuery;
  readonly values: ParameterValues;
  /** Whose checkpoints it is computed at: the newest signed by then (Unix ms). */
  readonly sites: readonly string[];
  readonly sealedByMs: number;
  /** Can be gone through once. Rejects with what the store said, and with `CursorError` where these are not the first page's checkpoints. */
  page(client: ClickHouseClient, checkpoints: readonly AnswerCheckpoint[], signal?: AbortSignal): Promise<AnswerPage>;
}

export interface AnswerPage {
  readonly columns: readonly AnswerColumn[];
  readonly rows: AsyncIterable<Row>;
  /** Once the rows are through. */
  footer(): AnswerFooter;
}

const CURSOR_TYPES = { time: "DateTime64(3, 'UTC')", text: 'String', number: 'UInt64' } as const;

/** Questions of one moment share the checkpoints they are computed at: reading these takes as long as most answers. */
const MOMENT_MS = 2_000;
/** A checkpoint is stored a little after it was signed: one that came between two pages would be in one of them only. */
const LATE_MS = 2_000;

/** Of one question: their names travel as one field of a form, of which a server takes 128 KiB. */
const MOST_SITES = 2_000;

/** Reads the request: what will be run, with which values. Throws `ParameterError`. */
export function prepareAnswer(request: AnswerRequest): Answer {
  const { query, limit } = request;
  const cursor = request.after === undefined ? undefined : parseCursor(query, request.after);
  const asOfMs = cursor?.asOfMs ?? Math.floor(request.now() / MOMENT_MS) * MOMENT_MS;
  const values = readParameters(query, request.parameters, { sites: request.sites, asOfMs });
  const chosen = chosenSites(query, values, request.sites);
  if (chosen.length > MOST_SITES) throw new ParameterError([`${chosen.length} sites are too many for one question: name at most ${MOST_SITES}`]);
  const digest = digestOf(values);
  if (cursor !== undefined && cursor.digest !== digest) throw new CursorError();
  return {
    query, values, sealedByMs: asOfMs - LATE_MS, sites: [...new Set([...chosen, SYSTEM_SITE])],
    async page(client, checkpoints, signal) {
      const names = sealedDigest(checkpoints);
      if (cursor !== undefined && cursor.sealed !== names) throw new CursorError('a checkpoint of the time of the first page was stored since: ask for the first page again');
      const sealed = { sealed_sites: checkpoints.map(({ site }) => site), sealed_sizes: checkpoints.map(({ size }) => size) };
      const parameters = { ...parametersOf(query, values, request.sites), ...cursorParameters(query.order, cursor?.values), ...sealed, page_rows: limit + 1 };
      const { columns, rows } = await rowsOf(client, query, parameters, cursor !== undefined, signal);
      const page = upTo(limit, rows);
      const footer = (): AnswerFooter => {
        const last = page.seen.more ? page.seen.last : undefined;
        return {
          query: query.name, query_sha256: query.hash, parameters: values, rows: page.seen.rows, as_of: new Date(asOfMs).toISOString(),
          next: last === undefined ? undefined : formatCursor(query, { asOfMs, digest, sealed: names, values: placeOf(query.order, columns, last) }),
          checkpoints, without_checkpoint: chosen.filter((site) => !sealed.sealed_sites.includes(site)),
        };
      };
      return { columns, rows: page.rows, footer };
    },
  };
}

/** Names the checkpoints: of a size there is one root. */
function sealedDigest(checkpoints: readonly AnswerCheckpoint[]): string {
  return createHash('sha256').update(JSON.stringify(checkpoints.map(({ site, size }) => [site, size]).toSorted())).digest('hex').slice(0, 16);
}

/** What went through so far, and whether a row was left. */
interface Seen {
  rows: number;
  last: Row | undefined;
  more: boolean;
}

/** The first rows; one more was asked for, to know whether there is one. */
function upTo(limit: number, rows: AsyncIterable<Row>): { readonly rows: AsyncIterable<Row>; readonly seen: Readonly<Seen> } {
  const seen: Seen = { rows: 0, last: undefined, more: false };
  const first = async function* (): AsyncGenerator<Row> {
    for await (const row of rows) {
      seen.more = seen.rows === limit;
      if (seen.more) continue;
      seen.rows += 1;
      seen.last = row;
      yield row;
    }
  };
  return { rows: first(), seen };
}

/** The order columns of a row. */
function placeOf(order: readonly OrderColumn[], columns: readonly AnswerColumn[], row: Row): readonly (string | number)[] {
  return order.map(({ name, type }) => {
    const cell = row[columns.findIndex((column) => column.name === name)] ?? null;
    return type === 'number' ? Number(cell) : String(cell);
  });
}

function namedSites(value: ParameterValues[string] | undefined, all: readonly string[]): readonly string[] {
  return Array.isArray(value) ? value : all;
}

/** Those a parameter names; all when the query takes none. */
function chosenSites({ parameters }: AuditQuery, values: ParameterValues, all: readonly string[]): readonly string[] {
  const parameter = parameters.find(({ type }) => type === 'sites');
  return parameter === undefined ? all : namedSites(values[parameter.name], all);
}

function parametersOf({ parameters }: AuditQuery, values: ParameterValues, all: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(parameters.map(({ name, type }) => {
    const value = values[name];
    return [name, type === 'time' ? clickHouseTime(String(value)) : type === 'sites' ? namedSites(value, all) : value];
  }));
}

function cursorParameters(order: readonly OrderColumn[], values: readonly (string | number)[] = []): Readonly<Record<string, unknown>> {
  return Object.fromEntries(order.slice(0, values.length).map(({ type }, i) => [`after_${i}`, type === 'time' ? clickHouseTime(String(values[i])) : values[i]]));
}

/** What cannot be followed by an order and a limit of the whole. */
const NEEDS_BRACKETS = /\b(?:UNION|INTERSECT|EXCEPT|ORDER\s+BY|LIMIT|OFFSET|FETCH|SETTINGS|QUALIFY|WITH\s+(?:TOTALS|ROLLUP|CUBE))\b/i;

/**
 * The query with order, cursor and limit around it. Names come from a header that was checked. A first page does without
 * the subquery where it can: planning it is a third of what a short answer costs.
 */
export function pageSql({ sql, order }: AuditQuery, isLater: boolean): string {
  const names = order.map(({ name }) => name).join(', ');
  const tail = `\nORDER BY ${names}\nLIMIT {page_rows:UInt64}`;
  if (!isLater && !NEEDS_BRACKETS.test(blankSql(sql))) return `${sql}${tail}`;
  const after = order.map(({ type }, i) => `{after_${i}:${CURSOR_TYPES[type]}}`).join(', ');
  const where = isLater ? `\nWHERE (${names}) > (${after})` : '';
  return `SELECT * FROM (\n${sql}\n)${where}${tail}`;
}

async function rowsOf(client: ClickHouseClient, query: AuditQuery, parameters: Readonly<Record<string, unknown>>, isLater: boolean, signal: AbortSignal | undefined): Promise<{ readonly columns: readonly AnswerColumn[]; readonly rows: AsyncIterable<Row> }> {
  const answer = await client.query({
    query: pageSql(query, isLater), query_params: { ...parameters }, format: 'JSONCompactEachRowWithNamesAndTypes', use_multipart_params_auto: true,
    clickhouse_settings: { priority: '1', output_format_json_quote_64bit_integers: 0, date_time_output_format: 'iso' },
    ...(signal === undefined ? {} : { abort_signal: signal }),
  });
  const rows = streamedRows(answer.stream());
  // The format's first two lines.
  const names = await nextRow(rows);
  const types = await nextRow(rows);
  return { columns: names.map((name, i) => ({ name: String(name), type: String(types[i]) })), rows };
}

async function nextRow(rows: AsyncIterator<Row, unknown>): Promise<Row> {
  const next = await rows.next();
  return next.done === true ? [] : next.value;
}

async function* streamedRows(stream: AsyncIterable<readonly { json(): unknown }[]>): AsyncGenerator<Row> {
  for await (const chunk of stream) {
    // Each line of the format is an array of values.
    for (const row of chunk) yield row.json() as Row;
  }
}
