import { LEVELS } from '../../../../contracts/pack.ts';
import type { RuleHead } from '../../rule.ts';
import { edits } from '../nearest.ts';
import { shown } from '../rule-text.ts';
import type { RuleText, Span } from '../rule-text.ts';
import { entryOf, nameOfKind } from '../yaml/node.ts';
import type { YamlMap, YamlNode, YamlText } from '../yaml/node.ts';
import { optionsIn } from './options.ts';
import { booleanIn, oneOf, textIn, textsIn } from './value.ts';

/** Attributes that rules, correlations and filters share. */
export interface Head extends Omit<RuleHead, 'id' | 'name' | 'hash'> {
  readonly id?: YamlText;
  readonly name?: YamlText;
  /** Where messages about the whole document point. */
  readonly span: Span;
}

const STATUSES = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'] as const;
const RELATIONS = ['derived', 'obsolete', 'merged', 'renamed', 'similar'] as const;
/** Both name fields as events of this product carry them. */
const TAXONOMIES = ['sigma', 'ecs'] as const;
const MOST_ID = 128;
const TAG = /^[a-z0-9_-]+\.[a-z0-9._-]+$|^d3fend\.[\w.-]+$/;

/** Every attribute of Sigma, and ours: what is close to one of them and absent is taken for a slip. */
const ATTRIBUTES = [
  'title', 'id', 'related', 'name', 'taxonomy', 'status', 'description', 'license', 'author', 'references', 'reference', 'date', 'modified', 'logsource',
  'detection', 'correlation', 'filter', 'fields', 'falsepositives', 'level', 'tags', 'scope', 'generate', 'action', 'tourniquet',
] as const;
type Attribute = (typeof ATTRIBUTES)[number];

/** Reads and checks what every kind of document has; undefined when it has no usable title. */
export function headOf(text: RuleText, document: YamlMap, kind: 'detection' | 'correlation' | 'filter'): Head | undefined {
  reportSlips(text, document);
  const read = <T>(name: Attribute, reader: (node: YamlNode) => T | undefined): T | undefined => {
    const entry = entryOf(document, name);
    return entry === undefined ? undefined : reader(entry.value);
  };
  const plain = (name: Attribute, most?: number): string | undefined => read(name, (node) => textIn(text, node, name, most));
  const list = (name: Attribute, options?: { orOne?: boolean; shortest?: number }): readonly string[] => (read(name, (node) => textsIn(text, node, name, options)) ?? []).map(({ value }) => value);
  if (entryOf(document, 'title') === undefined) text.report(titleSpan(document), 'a rule needs a `title`');
  const title = read('title', (node) => titleIn(text, node));
  read('related', (node) => checkRelated(text, node));
  read('taxonomy', (node) => oneOf(text, node, 'taxonomy', TAXONOMIES));
  for (const name of ['date', 'modified'] as const) read(name, (node) => checkDate(text, node, name));
  plain('license');
  for (const name of ['fields', 'scope'] as const) list(name, { shortest: name === 'scope' ? 2 : 1 });
  read('generate', (node) => booleanIn(text, node, 'generate'));
  const id = read('id', (node) => identifierIn(text, node, 'id', MOST_ID));
  const name = read('name', (node) => identifierIn(text, node, 'name', 256));
  const status = read('status', (node) => oneOf(text, node, 'status', STATUSES));
  const description = plain('description', 65_535);
  const author = plain('author');
  const tags = read('tags', (node) => tagsIn(text, node)) ?? [];
  const falsePositives = list('falsepositives', { orOne: kind === 'correlation', shortest: 2 });
  const level = read('level', (node) => oneOf(text, node, 'level', LEVELS)) ?? 'medium';
  const options = read('tourniquet', (node) => optionsIn(text, node, kind)) ?? { class: '', scope: 'site' };
  const references = [...list('references'), ...list('reference', { orOne: true })];
  if (title === undefined) return undefined;
  return {
    title, references, tags, falsePositives, level, options, span: titleSpan(document), place: text.place(titleSpan(document)),
    ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }), ...(status === undefined ? {} : { status }),
    ...(description === undefined ? {} : { description }), ...(author === undefined ? {} : { author }),
  };
}

/** Where messages about a whole document point: its title, else its first attribute. */
export function titleSpan(document: YamlMap): Span {
  const entry = entryOf(document, 'title') ?? document.entries[0];
  return entry === undefined ? { start: document.start, end: document.start + 1 } : entry.key;
}

function reportSlips(text: RuleText, document: YamlMap): void {
  const present = new Set(document.entries.map(({ key }) => key.value));
  for (const { key } of document.entries) {
    if (ATTRIBUTES.some((known) => known === key.value)) continue;
    const meant = ATTRIBUTES.find((known) => !present.has(known) && isSlip(key.value, known));
    if (meant !== undefined) text.report(key, `unknown attribute \`${shown(key.value)}\``, `did you mean \`${meant}\`? An attribute of your own needs a name that is less close`);
  }
}

/** Whether a key was probably meant to be that attribute. Short names differ by case or a swap only: `data` may well be an attribute of its own, `levle` is none. */
export function isSlip(written: string, known: string): boolean {
  const folded = written.toLowerCase();
  if (folded === known) return true;
  if (Math.abs(folded.length - known.length) > 2) return false;
  const limit = known.length >= 8 ? 3 : 2;
  if (known.length >= 5) return edits(folded, known, limit) < limit;
  return [...folded].toSorted().join('') === [...known].toSorted().join('') && edits(folded, known, 2) < 2;
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** UUIDs are compared in lower case. */
export function identifier(written: string): string {
  return UUID.test(written) ? written.toLowerCase() : written;
}

function identifierIn(text: RuleText, node: YamlNode, name: string, most: number): YamlText | undefined {
  const value = textIn(text, node, name, most);
  if (value === undefined || node.kind !== 'scalar') return undefined;
  if (!/\p{C}|^\s|\s$/u.test(value)) return { ...node, value: identifier(value) };
  text.report(node, `\`${name}\` must not have control characters, or spaces around it`);
  return undefined;
}

/** A title is shown in one line, and stands for the id of a rule that has none. */
function titleIn(text: RuleText, node: YamlNode): string | undefined {
  const title = textIn(text, node, 'title', 256);
  if (title === undefined || !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(title)) return title;
  text.report(node, '`title` must be one line without control characters');
  return undefined;
}

function checkRelated(text: RuleText, node: YamlNode): void {
  if (node.kind !== 'list') {
    text.report(node, `\`related\` must be a list of maps, this is ${nameOfKind(node)}`, 'each with `id` and `type`');
    return;
  }
  for (const item of node.items) {
    const [id, type] = item.kind === 'map' ? [entryOf(item, 'id'), entryOf(item, 'type')] : [];
    if (id === undefined || type === undefined) text.report(item, 'an entry of `related` needs `id` and `type`');
    if (id !== undefined) identifierIn(text, id.value, 'id', MOST_ID);
    if (type !== undefined) oneOf(text, type.value, 'type', RELATIONS);
  }
}

function checkDate(text: RuleText, node: YamlNode, name: string): void {
  const value = node.kind === 'scalar' ? String(node.value) : '';
  const date = new Date(`${value}T00:00:00Z`);
  if (/^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)) return;
  const slashes = /^(\d{4})\/(\d\d)\/(\d\d)$/.exec(value);
  text.report(node, `\`${name}\` must be a date as YYYY-MM-DD`, slashes === null ? undefined : `write ${slashes.slice(1).join('-')}`);
}

function tagsIn(text: RuleText, node: YamlNode): readonly string[] | undefined {
  const tags = textsIn(text, node, 'tags');
  for (const tag of tags ?? []) {
    if (!TAG.test(tag.value)) text.report(tag, `\`${shown(tag.value)}\` is not a tag`, 'expected a namespace, a dot and a name in lower case, like attack.t1190');
  }
  return tags?.map(({ value }) => value);
}
