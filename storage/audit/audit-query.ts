import { createHash } from 'node:crypto';
import { isPersonRole, PERSON_ROLES } from '../console/people.ts';
import type { PersonRole } from '../console/people.ts';
import { placeAt, QueryFileError } from './query-problem.ts';
import type { QueryProblem } from './query-problem.ts';

/** What a parameter is, and the ClickHouse type its placeholder has in the SQL. */
export const PARAMETER_TYPES = {
  /** Names of sites; `*` for all. */
  sites: 'Array(String)',
  /** Tokens of persons, or an identifier that is made tokens of. */
  subjects: 'Array(String)',
  /** RFC 3339, `now`, or so long ago: `30d`, `12h`. */
  time: "DateTime64(3, 'UTC')",
  text: 'String',
  number: 'UInt64',
} as const;
export type ParameterType = keyof typeof PARAMETER_TYPES;

/** Given with every run: of the chosen sites and our own how many leaves the newest checkpoint covers. */
export const SEALED = { sealed_sites: 'Array(String)', sealed_sizes: 'Array(UInt64)' } as const;

export interface QueryParameter {
  readonly name: string;
  readonly type: ParameterType;
  /** Undefined when it has to be given. */
  readonly default: string | undefined;
  readonly says: string;
}

/** Pages go on after these columns of the answer, all rising; together they name one row. */
export interface OrderColumn {
  readonly name: string;
  readonly type: 'time' | 'text' | 'number';
}

/** A saved query: SQL with a header of comments. */
export interface AuditQuery {
  readonly name: string;
  readonly title: string;
  readonly question: string;
  readonly controls: readonly string[];
  /** The least role that may run it. */
  readonly role: PersonRole;
  readonly parameters: readonly QueryParameter[];
  readonly order: readonly OrderColumn[];
  readonly sql: string;
  /** SHA-256 of the file, hex. */
  readonly hash: string;
}

export const QUERY_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const MOST_FILE_CHARACTERS = 100_000;
const COLUMN = '[a-z][a-z0-9_]{0,40}';
const PARAM = new RegExp(`^(${COLUMN}) +([a-z]+)(?: *= *("[^"]*"|[^\\s:"]+))? *: *(\\S.*)$`);
const ORDER = new RegExp(`^(${COLUMN}) +(time|text|number)$`);
const HEADER = /^-- *([a-z]+) *:(.*)$/;
const PARAM_LINE = /^-- *param +(.*)$/;

interface Reading {
  readonly problems: QueryProblem[];
  readonly single: Map<string, string>;
  readonly controls: string[];
  readonly parameters: QueryParameter[];
}

/** Reads a file. Throws `QueryFileError` with every problem and its place. */
export function parseAuditQuery(name: string, text: string, file = `${name}.sql`): AuditQuery {
  const problems: QueryProblem[] = [];
  if (text.length > MOST_FILE_CHARACTERS) throw new QueryFileError(file, '', [{ line: 1, column: 1, message: `a query has at most ${MOST_FILE_CHARACTERS} characters` }]);
  if (!QUERY_NAME.test(name)) problems.push({ line: 1, column: 1, message: 'the file name is the query\'s: lower-case letters, digits and single hyphens, then .sql' });
  const reading: Reading = { problems, single: new Map(), controls: [], parameters: [] };
  const lines = text.split('\n');
  let header = 0;
  while (header < lines.length && /^--|^\s*$/.test(lines[header] ?? '')) {
    readHeaderLine(lines[header] ?? '', header + 1, reading);
    header += 1;
  }
  const at = { line: 1, column: 1 };
  for (const needed of ['title', 'question', 'order']) if (!reading.single.has(needed)) problems.push({ ...at, message: `the header lacks "-- ${needed}: …"` });
  if (reading.controls.length === 0) problems.push({ ...at, message: 'the header lacks "-- control: …", which control the query serves' });
  const role = reading.single.get('role') ?? 'analyst';
  if (!isPersonRole(role)) problems.push({ ...at, message: `role is one of ${PERSON_ROLES.join(', ')}` });
  const order = orderOf(reading.single.get('order') ?? '', problems);
  const start = lines.slice(0, header).join('\n').length + (header === 0 ? 0 : 1);
  checkSql(text, start, reading.parameters, problems);
  if (problems.length > 0 || !isPersonRole(role)) throw new QueryFileError(file, text, problems);
  return {
    name, title: reading.single.get('title') ?? '', question: reading.single.get('question') ?? '', controls: reading.controls, role,
    parameters: reading.parameters, order, sql: text.slice(start).trim(), hash: createHash('sha256').update(text).digest('hex'),
  };
}

function readHeaderLine(line: string, number: number, { problems, single, controls, parameters }: Reading): void {
  if (line.replace(/^--/, '').trim() === '') return;
  const problem = (message: string, column = 1): void => {
    problems.push({ line: number, column, message });
  };
  const param = PARAM_LINE.exec(line);
  if (param !== null) {
    const read = readParameter(param[1] ?? '');
    if (typeof read === 'string') problem(read, line.length - (param[1] ?? '').length + 1);
    else if (parameters.some(({ name }) => name === read.name)) problem(`there is a parameter ${read.name} already`);
    else parameters.push(read);
    return;
  }
  const [, key = '', value = ''] = HEADER.exec(line) ?? [];
  if (key === 'control') controls.push(value.trim());
  else if (!['title', 'question', 'role', 'order'].includes(key)) problem('expected "-- title:", "-- question:", "-- control:", "-- role:", "-- order:" or "-- param NAME TYPE = DEFAULT: …"');
  else if (single.has(key)) problem(`there is a ${key} already`);
  else single.set(key, value.trim());
  if (key !== '' && value.trim() === '') problem(`${key} says nothing`, line.length + 1);
}

function readParameter(text: string): QueryParameter | string {
  const [, name = '', type = '', given, says = ''] = PARAM.exec(text) ?? [];
  if (name === '') return 'expected NAME TYPE, or NAME TYPE = DEFAULT, then a colon and what it means';
  if (!Object.hasOwn(PARAMETER_TYPES, type)) return `a parameter's type is one of ${Object.keys(PARAMETER_TYPES).join(', ')}`;
  if (Object.hasOwn(SEALED, name) || RESERVED.has(name)) return `the name ${name} is taken`;
  // Just found among the keys.
  return { name, type: type as ParameterType, default: given?.replace(/^"(.*)"$/, '$1'), says: says.trim() };
}

/** What stands beside parameters in an address. */
const RESERVED: ReadonlySet<string> = new Set(['format', 'limit', 'after', 'reason', 'identifier']);

function orderOf(text: string, problems: QueryProblem[]): readonly OrderColumn[] {
  if (text === '') return [];
  return text.split(',').flatMap((part) => {
    const [, name = '', type = ''] = ORDER.exec(part.trim()) ?? [];
    if (type === 'time' || type === 'text' || type === 'number') return [{ name, type }];
    problems.push({ line: 1, column: 1, message: 'order is a list of columns with their types: "at time, site text, leaf number"' });
    return [];
  });
}

/** Comments and texts made blank, so that what stands in them is no placeholder. */
export function blankSql(sql: string): string {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|\\[\s\S]|'')*'|`[^`]*`|"(?:[^"\\]|\\[\s\S])*"/g, (found) => found.replace(/[^\n]/g, ' '));
}

const PLACEHOLDER = /\{\s*(\w+)\s*:([^{}]*)\}/g;

function checkSql(text: string, start: number, parameters: readonly QueryParameter[], problems: QueryProblem[]): void {
  const blank = text.slice(0, start) + blankSql(text.slice(start));
  const problem = (at: number, message: string): void => {
    problems.push({ ...placeAt(text, at), message });
  };
  if (!/^\s*(?:SELECT|WITH)\b/i.test(blank.slice(start))) problem(Math.min(text.length, start + (blank.slice(start).search(/\S/) + 1 || 1) - 1), 'expected one SELECT after the header');
  const semicolon = blank.indexOf(';', start);
  if (semicolon >= 0) problem(semicolon, 'one statement only: take the semicolon away');
  const clause = /\b(?:FORMAT|INTO\s+OUTFILE)\b/i.exec(blank.slice(start));
  if (clause !== null) problem(start + clause.index, 'the format is chosen by who asks');
  const used = new Set<string>();
  for (const found of blank.slice(start).matchAll(PLACEHOLDER)) {
    const at = start + found.index;
    const [, name = ''] = found;
    // The type may hold quotes, so it is read from the text itself.
    const type = text.slice(at + found[0].indexOf(':') + 1, at + found[0].length - 1).trim();
    used.add(name);
    const declared = parameters.find((parameter) => parameter.name === name);
    const wanted = declared === undefined ? (Object.hasOwn(SEALED, name) ? 'sealed' : undefined) : PARAMETER_TYPES[declared.type];
    const right = wanted === 'sealed' ? Object.entries(SEALED).find(([known]) => known === name)?.[1] : wanted;
    if (right === undefined) problem(at, `no "-- param ${name} …" stands in the header`);
    else if (type.replace(/\s/g, '') !== right.replace(/\s/g, '')) problem(at, `${name} is written {${name}:${right}}`);
  }
  for (const { name } of parameters) if (!used.has(name)) problem(start, `the parameter ${name} is not used`);
}
