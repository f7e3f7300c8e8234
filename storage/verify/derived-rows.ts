import type { ClickHouseClient } from '@clickhouse/client';
import type { ActColumns, TouchedSubject } from '../../contracts/acts.ts';
import type { Provenance } from '../../contracts/provenance.ts';
import { jsonRows } from './json-rows.ts';
import type { LeafRange } from './leaf-windows.ts';
import { problem } from './problem.ts';
import type { Problem } from './problem.ts';

/** How rows follow from lines: detect/ knows. */
export interface Derivations {
  /** Columns of `events` by name, times in Unix ms. Undefined for a version of the derivation that is not known here. */
  columns(derivation: number, line: string, receivedAtMs: number): Readonly<Record<string, string | number>> | undefined;
  /** Undefined for what is no deed. */
  deed(line: string, provenance: Provenance): { readonly act: ActColumns; readonly subjects: readonly TouchedSubject[] } | undefined;
}

export interface DerivedRowsOptions {
  readonly client: ClickHouseClient;
  readonly derivations: Derivations;
  /** Rows received before were stored by a version without `acts` and `accesses` (Unix ms). */
  readonly readModelSinceMs: number;
  /** Whether the rows of a tier and month may be dropped: a signed word says so. */
  readonly isExpiring: (tier: string, month: number) => boolean;
}

interface EventRow {
  readonly leaf: number;
  readonly received_ms: number;
  readonly timestamp: number;
  readonly provenance: Provenance;
  readonly derivation: number;
  readonly tier: string;
  readonly partition: number;
  readonly position: number;
  readonly classes: readonly string[];
  readonly line: string;
  readonly [column: string]: string | number | readonly string[];
}

type Row = Readonly<Record<string, unknown>>;

const COLUMNS = 'leaf, toUnixTimestamp64Milli(received_at) AS received_ms, toUnixTimestamp64Milli(timestamp) AS timestamp, provenance, derivation, tier, partition, position';
const EVENT_COLUMNS = 'kind, category, action, outcome, user_name, source_ip, domain, method, path, status, response_bytes, user_agent, classes, line';
const ACT_COLUMNS = ['actor', 'role', 'session', 'address', 'key', 'plugin', 'category', 'action', 'outcome', 'how', 'target_kind', 'target', 'destination', 'region', 'classes', 'fields', 'records', 'subjects', 'batch'] as const;
const DEED_COLUMNS = ['actor', 'role', 'session', 'address', 'key', 'plugin', 'action', 'outcome', 'how', 'destination', 'classes', 'fields'] as const;
const PLACE = ['received_ms', 'timestamp', 'provenance', 'tier', 'partition', 'position'] as const;
/** Not ambiguous beside the sources' own names. */
const BESIDE = COLUMNS.replace(' derivation,', '');

export async function eventRows(client: ClickHouseClient, site: string, { from, to }: LeafRange): Promise<readonly EventRow[]> {
  return jsonRows(client, `SELECT ${COLUMNS}, ${EVENT_COLUMNS} FROM events WHERE site = {site:String} AND leaf >= {from:UInt64} AND leaf < {to:UInt64} ORDER BY site, leaf`, { site, from, to });
}

/** Rows of the read model that were held against their events, counted up. */
export interface SeenRows {
  acts: number;
  accesses: number;
}

/** The column of a row that does not follow from its line. Undefined when all do, or when nobody here knows its derivation. */
export function strayColumn(row: EventRow, { columns }: Derivations): string | undefined {
  const derived = columns(row.derivation, row.line, row.received_ms);
  return derived === undefined ? undefined : Object.keys(derived).find((name) => storable(derived[name]) !== row[name]);
}

/** A text as UTF-8 can hold it: a sender may spell what it cannot. */
function storable(value: string | number | undefined): string | number | undefined {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

/** Each stored column beside what its line gives; then the rows of the read model, and the classes beside what matched. */
export async function derivedRowProblems(site: string, range: LeafRange, options: DerivedRowsOptions, seen: SeenRows): Promise<readonly Problem[]> {
  const { client, derivations } = options;
  const events = await eventRows(client, site, range);
  if (events.length === 0) return [];
  const problems: Problem[] = [];
  for (const row of events) {
    const name = strayColumn(row, derivations);
    if (name !== undefined) problems.push(problem('column-mismatch', site, `column ${name} of leaf ${row.leaf} does not follow from its line`, { from: row.leaf }));
    if (problems.length > 0) break;
  }
  return [...problems, ...(await classProblems(site, range, events, client)), ...(await readModelProblems(site, range, events, options, seen))];
}

/** Classes cannot be found again without the rule set; but each was found by something, which is a match. */
async function classProblems(site: string, { from, to }: LeafRange, events: readonly EventRow[], client: ClickHouseClient): Promise<readonly Problem[]> {
  if (events.every(({ classes }) => classes.length === 0)) return [];
  const rows = await jsonRows<{ readonly leaf: number; readonly classes: readonly string[] }>(client, 'SELECT leaf, groupUniqArray(class) AS classes FROM matches WHERE site = {site:String} AND leaf >= {from:UInt64} AND leaf < {to:UInt64} GROUP BY leaf', { site, from, to });
  const matched = new Map(rows.map(({ leaf, classes }) => [leaf, new Set(classes)]));
  const bad = events.find(({ leaf, classes }) => classes.some((name) => matched.get(leaf)?.has(name) !== true));
  return bad === undefined ? [] : [problem('column-mismatch', site, `leaf ${bad.leaf} has a class that none of its matches found`, { table: 'matches', from: bad.leaf })];
}

async function readModelProblems(site: string, range: LeafRange, events: readonly EventRow[], options: DerivedRowsOptions, seen: SeenRows): Promise<readonly Problem[]> {
  const times = events.map((row) => row.received_ms);
  const parameters = { site, from: range.from, to: range.to, since: Math.min(...times), until: Math.max(...times) };
  // The tables are ordered by person, but kept by month of receipt.
  const where = 'site = {site:String} AND leaf >= {from:UInt64} AND leaf < {to:UInt64} AND received_at BETWEEN fromUnixTimestamp64Milli({since:Int64}) AND fromUnixTimestamp64Milli({until:Int64})';
  const actRows = await jsonRows<Row>(options.client, `SELECT ${BESIDE}, ${ACT_COLUMNS.join(', ')} FROM acts WHERE ${where}`, parameters);
  const accessRows = await jsonRows<Row>(options.client, `SELECT ${BESIDE}, subject, subject_kind, jurisdiction, ${DEED_COLUMNS.join(', ')} FROM accesses WHERE ${where}`, parameters);
  seen.acts += actRows.length;
  seen.accesses += accessRows.length;
  const [acts, accesses] = [byLeaf(actRows), byLeaf(accessRows)];
  const problems: Problem[] = [];
  for (const row of events) {
    const [ofActs, ofAccesses] = [acts.get(row.leaf) ?? [], accesses.get(row.leaf) ?? []];
    const exempt = row.received_ms < options.readModelSinceMs || options.isExpiring(row.tier, monthOf(row.received_ms));
    if (exempt && ofActs.length === 0 && ofAccesses.length === 0) continue;
    const deed = options.derivations.deed(row.line, row.provenance);
    if (!exempt || ofActs.length > 0) problems.push(...compared(site, row, 'acts', ofActs, deed === undefined ? [] : [actRow(row, deed.act)]));
    // Accesses are dropped before acts.
    if (!exempt || ofAccesses.length > 0) problems.push(...compared(site, row, 'accesses', ofAccesses, (deed?.subjects ?? []).map((subject) => accessRow(row, subject, deed?.act))));
    if (problems.length > 0) break;
  }
  return problems;
}

/** Rows of the read model that no event's time of receipt found, though their leaves are within the range. */
export async function rowsOutside(client: ClickHouseClient, site: string, { from, to }: LeafRange, seen: SeenRows): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const table of ['acts', 'accesses'] as const) {
    const [row] = await jsonRows<{ readonly n: number }>(client, `SELECT count() AS n FROM ${table} WHERE site = {site:String} AND leaf >= {from:UInt64} AND leaf < {to:UInt64}`, { site, from, to });
    if (row !== undefined && row.n > seen[table]) problems.push(problem('inserted-row', site, `${row.n - seen[table]} rows of ${table} have a time of receipt that no event near their leaf has`, { table, from, to: to - 1 }));
  }
  return problems;
}

function byLeaf(rows: readonly Row[]): ReadonlyMap<unknown, readonly Row[]> {
  const leaves = new Map<unknown, Row[]>();
  for (const row of rows) {
    const known = leaves.get(row['leaf']);
    if (known === undefined) leaves.set(row['leaf'], [row]);
    else known.push(row);
  }
  return leaves;
}

function placeOf(row: EventRow): Row {
  return Object.fromEntries(['leaf', ...PLACE].map((name) => [name, row[name]]));
}

function actRow(row: EventRow, act: ActColumns): Row {
  return { ...placeOf(row), ...Object.fromEntries(ACT_COLUMNS.map((name) => [name, act[name]])) };
}

function accessRow(row: EventRow, { subject, kind, jurisdiction }: TouchedSubject, act: ActColumns | undefined): Row {
  return { ...placeOf(row), subject, subject_kind: kind, jurisdiction, ...Object.fromEntries(DEED_COLUMNS.map((name) => [name, act?.[name]])) };
}

/** Rows that are there beside rows that follow from the line, each as often. */
function compared(site: string, { leaf }: EventRow, table: 'acts' | 'accesses', found: readonly Row[], derived: readonly Row[]): readonly Problem[] {
  if (found.length < derived.length) return [problem('missing-row', site, `${table} lacks a row of leaf ${leaf}`, { table, from: leaf })];
  const spelled = (row: Row, like: Row): string => JSON.stringify(Object.keys(like).map((name) => row[name]));
  const [like] = derived;
  if (like === undefined || found.length > derived.length) return found.length === 0 ? [] : [problem('inserted-row', site, `${table} has a row of leaf ${leaf} that does not follow from its line`, { table, from: leaf })];
  const [theirs, ours] = [found.map((row) => spelled(row, like)).toSorted(), derived.map((row) => spelled(row, like)).toSorted()];
  if (theirs.every((text, i) => text === ours[i])) return [];
  const name = Object.keys(like).find((column) => found.length === 1 && JSON.stringify(found[0]?.[column]) !== JSON.stringify(like[column]));
  return [problem('column-mismatch', site, `${name === undefined ? 'a column' : `column ${name}`} of ${table} of leaf ${leaf} does not follow from its line`, { table, from: leaf })];
}

function monthOf(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1;
}
