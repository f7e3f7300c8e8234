import type { Document, Node, Pair } from 'yaml';
import { LineCounter, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Source, SourceSteps } from '../event/field-path.ts';
import type { Logsource, Place, Problem, RuleFile } from '../rule.ts';
import type { EventKind, FieldCondition, Mapping, Mappings } from './mapping.ts';
import { combineMappings, NO_MAPPINGS, parseSource } from './mapping.ts';

/**
 * Reads mapping files:
 *
 *     events:                       # which events serve which log sources
 *       - when:                     # any of these; of one, all conditions
 *           - { event.dataset: [apache.access, nginx.*], http.request.method: '*' }
 *         serves:
 *           - { category: webserver }
 *     fields:                       # where rules of these log sources find a field; its own name always comes first
 *       cs-method: http.request.method                   # or a list: the first that is there
 *       c-uri: [url.full, '{url.path}?{url.query}']      # joined of several; absent ones are left out
 *       c-uri-extension: extension(url.path)             # exe of /a/b.exe
 *       cs-uri-query: { every: [url.query, url.path] }   # all that are there, each is a value
 *
 * A condition is a value, a value with `*` at its end, or a list of these. All problems are told at once; then no mapping holds.
 */
export function loadMappings(files: readonly RuleFile[]): LoadedMappings {
  return joinMappings(files.map(readMappingFile));
}

export interface LoadedMappings {
  readonly mappings: Mappings;
  readonly problems: readonly Problem[];
}

/** What one file says. */
export interface MappingFile {
  readonly mapping: Mapping;
  readonly problems: readonly Problem[];
}

export function readMappingFile(file: RuleFile): MappingFile {
  const reading: Reading = { file, lines: new LineCounter(), problems: [] };
  return { mapping: readMapping(reading), problems: reading.problems };
}

export function joinMappings(files: readonly MappingFile[]): LoadedMappings {
  const problems = files.flatMap((file) => file.problems);
  return { mappings: problems.length > 0 ? NO_MAPPINGS : combineMappings(files.map(({ mapping }) => mapping)), problems };
}

/** A file being read. */
interface Reading {
  readonly file: RuleFile;
  readonly lines: LineCounter;
  readonly problems: Problem[];
}

/** Of one file. */
const MOST_PROBLEMS = 100;

const LOGSOURCE_KEYS = ['category', 'product', 'service'] as const;

function readMapping(reading: Reading): Mapping {
  const documents = parseAllDocuments(reading.file.text, { lineCounter: reading.lines, prettyErrors: false });
  const [document, second] = Array.isArray(documents) ? (documents as readonly Document.Parsed[]) : []; // an empty stream is no list
  for (const error of document?.errors ?? []) addProblem(reading, error.pos, `is no YAML: ${error.message}`);
  if (second !== undefined) addProblem(reading, second.contents, 'a second document: a mapping file holds one');
  const entries = reading.problems.length > 0 ? [] : entriesOf(reading, document?.contents, 'a mapping file', ['events', 'fields']);
  const events = entries.filter(([key]) => key === 'events').flatMap(([key, value]) => itemsOf(reading, value, key)).map((item) => readEventKind(reading, item));
  const fields = entries.filter(([key]) => key === 'fields').flatMap(([key, value]) => entriesOf(reading, value, key));
  const mapping = { file: reading.file.file, events, fields: new Map(fields.map(([name, sources]) => [name, readSteps(reading, sources)])) };
  if (events.length === 0 && reading.problems.length === 0) addProblem(reading, undefined, 'says of no event what it serves', 'events: with when: and serves:');
  return mapping;
}

function readEventKind(reading: Reading, node: Node | undefined): EventKind {
  const entries = new Map(entriesOf(reading, node, 'an event kind', ['when', 'serves']));
  for (const key of ['when', 'serves']) if (!entries.has(key)) addProblem(reading, node, `has no ${key}`, 'when: and serves:');
  const when = itemsOf(reading, entries.get('when'), 'when').map((item) => entriesOf(reading, item, 'when').map(([field, value]) => readCondition(reading, field, value)));
  for (const [index, conditions] of when.entries()) if (conditions.length === 0) addProblem(reading, node, `condition ${index + 1} of when is empty: it would hold for every event`);
  return { when, serves: itemsOf(reading, entries.get('serves'), 'serves').map((item) => readLogsource(reading, item)) };
}

function readCondition(reading: Reading, field: string, node: Node | undefined): FieldCondition {
  const values = (isSeq(node) ? itemsOf(reading, node, field) : [node]).map((item) => textIn(reading, item)).filter((value) => value !== undefined);
  if (values.some((value) => value.slice(0, -1).includes('*'))) addProblem(reading, node, 'a * stands only at the end of a value');
  return { field, texts: values.filter((value) => !value.endsWith('*')), prefixes: values.filter((value) => value.endsWith('*')).map((value) => value.slice(0, -1)) };
}

function readLogsource(reading: Reading, node: Node | undefined): Logsource {
  const entries = entriesOf(reading, node, 'a log source', LOGSOURCE_KEYS);
  if (isMap(node) && node.items.length === 0) addProblem(reading, node, 'a log source names nothing', LOGSOURCE_KEYS.join(', '));
  return Object.fromEntries(entries.map(([key, value]) => [key, textIn(reading, value) ?? '']));
}

function readSteps(reading: Reading, node: Node | undefined): SourceSteps {
  if (isMap(node)) return [entriesOf(reading, node, 'a field', ['every']).flatMap(([, value]) => readSources(reading, value))];
  return readSources(reading, node).map((source) => [source]);
}

function readSources(reading: Reading, node: Node | undefined): readonly Source[] {
  return (isSeq(node) ? itemsOf(reading, node, 'a field') : [node]).flatMap((item) => {
    const text = textIn(reading, item);
    const source = text === undefined ? undefined : parseSource(text);
    if (text !== undefined && source === undefined) addProblem(reading, item, 'is neither a field nor fields in braces', '{url.path}?{url.query}, beginning and ending with a brace');
    return source ?? [];
  });
}

function textIn(reading: Reading, node: Node | undefined): string | undefined {
  const value = isScalar(node) ? node.value : undefined;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  addProblem(reading, node, 'is no text', 'a text or a number');
  return undefined;
}

function itemsOf(reading: Reading, node: Node | undefined, what: string): readonly (Node | undefined)[] {
  if (isSeq(node)) return node.items as readonly Node[]; // parsed sequences hold nodes
  if (node !== undefined) addProblem(reading, node, `${what} is no list`);
  return [];
}

function entriesOf(reading: Reading, node: Node | null | undefined, what: string, keys?: readonly string[]): readonly (readonly [key: string, value: Node | undefined])[] {
  if (!isMap(node)) {
    addProblem(reading, node, `${what} is no map`);
    return [];
  }
  return (node.items as readonly Pair<Node, Node | null>[]).flatMap(({ key, value }) => { // parsed maps hold pairs of nodes
    const text = textIn(reading, key);
    if (text === undefined || keys === undefined || keys.includes(text)) return text === undefined ? [] : [[text, value ?? undefined] as const];
    addProblem(reading, key, `${what} has no ${JSON.stringify(text.slice(0, 40))}`, keys.join(', '));
    return [];
  });
}

function addProblem({ file, lines, problems }: Reading, at: Node | readonly [number, number] | null | undefined, message: string, hint?: string): void {
  if (problems.length >= MOST_PROBLEMS) return;
  const [from, to] = at === undefined || at === null ? [0, 1] : 'length' in at ? at : [at.range?.[0] ?? 0, at.range?.[1] ?? 1];
  const start = lines.linePos(from);
  const lineEnd = file.text.indexOf('\n', from);
  const length = Math.min(to, lineEnd < 0 ? file.text.length : lineEnd) - from;
  const place: Place = { file: file.file, line: Math.max(start.line, 1), column: Math.max(start.col, 1), length: Math.max(1, length) };
  problems.push({ place, message, ...(hint === undefined ? {} : { hint }) });
}
