import type { Condition, Match } from '../../rule.ts';
import { didYouMean } from '../nearest.ts';
import { shown } from '../rule-text.ts';
import type { RuleText, Span } from '../rule-text.ts';
import { isText, nameOfKind, spanInside } from '../yaml/node.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar, YamlText } from '../yaml/node.ts';
import { modifiersOf } from './modifiers.ts';
import type { Modifiers, WrittenModifier } from './modifiers.ts';
import type { Placeholders } from './placeholders.ts';
import { testsOf } from './value-tests.ts';
import type { ItemContext } from './value-tests.ts';

/** A named search and how many matches it holds. */
export interface Search {
  readonly condition: Condition;
  readonly matches: number;
}

export type Searches = ReadonlyMap<string, Search>;

/** Matches of one rule; the largest of SigmaHQ has about 500. */
export const MOST_MATCHES = 50_000;
const MOST_MODIFIERS = 16;
const MOST_WRITTEN = 120;

/** Reads the searches of a `detection` or `filter` section; those that are wrong are reported and stay out. */
export function searchesOf(text: RuleText, entries: readonly YamlEntry[], placeholders: Placeholders): Searches {
  const searches = new Map<string, Search>();
  const count: Count = { left: MOST_MATCHES };
  for (const { key, value } of entries) {
    if (key.value === 'timeframe') {
      text.report(key, '`timeframe` belongs to the old aggregations, which Sigma 2 replaced', 'write a second document with `correlation:` and its `timespan`');
      continue;
    }
    if (RESERVED.has(key.value.toLowerCase()) || key.value === '') {
      text.report(key, key.value === '' ? 'a search needs a name' : `\`${key.value}\` cannot name a search: it is a word of conditions`);
      continue;
    }
    const before = count.left;
    const condition = searchOf({ text, placeholders, count }, value);
    if (condition !== undefined) searches.set(key.value, { condition: labelled(condition, key.value), matches: before - count.left });
    else searches.set(key.value, { condition: { kind: 'or', of: [], place: text.place(key) }, matches: 0 });
  }
  if (count.left < 0) text.report(entries[0]?.key ?? { start: 0, end: 1 }, `this rule has more than ${MOST_MATCHES} values`, 'split it');
  return searches;
}

const RESERVED: ReadonlySet<string> = new Set(['and', 'or', 'not', 'them']);

interface Count {
  left: number;
}

interface SearchContext {
  readonly text: RuleText;
  readonly placeholders: Placeholders;
  readonly count: Count;
}

function labelled(condition: Condition, label: string): Condition {
  return condition.kind === 'match' || condition.label !== undefined ? { kind: 'and', of: [condition], label, place: condition.place } : { ...condition, label };
}

function searchOf(context: SearchContext, node: YamlNode): Condition | undefined {
  if (node.kind === 'map') return mapOf(context, node);
  if (node.kind === 'scalar') return keywordsOf(context, [node], node);
  if (node.items.length === 0) {
    context.text.report(node, 'this search has no entries');
    return undefined;
  }
  const scalars = node.items.filter((item) => item.kind === 'scalar');
  if (scalars.length === node.items.length) return keywordsOf(context, scalars, node);
  const of: Condition[] = [];
  for (const item of node.items) {
    if (item.kind === 'list') context.text.report(item, 'an entry of a search is a map of fields or a keyword, this is a list');
    const entry = item.kind === 'map' ? mapOf(context, item) : item.kind === 'scalar' ? keywordsOf(context, [item], item) : undefined;
    if (entry !== undefined) of.push(entry);
  }
  return of.length === node.items.length ? { kind: 'or', of, place: context.text.place(node) } : undefined;
}

function mapOf(context: SearchContext, map: YamlMap): Condition | undefined {
  if (map.entries.length === 0) {
    context.text.report(map, 'this search has no fields', 'expected `field: value`');
    return undefined;
  }
  const of = map.entries.flatMap((entry) => itemOf(context, entry) ?? []);
  return of.length === map.entries.length ? { kind: 'and', of, place: context.text.place(map) } : undefined;
}

const NO_MODIFIERS: Modifiers = {
  family: 'text', placement: undefined, encoders: [], windash: false, expand: false, cased: false, all: false, negated: false, decoded: false,
  flags: '', comparison: 'eq', timePart: undefined,
};

function keywordsOf(context: SearchContext, values: readonly YamlScalar[], span: Span): Condition | undefined {
  return valuesOf(context, { field: undefined, modifiers: NO_MODIFIERS, written: '' }, values, span);
}

/** A key of a search: a field, or none for keywords, and its modifiers. */
interface Item {
  readonly field: string | undefined;
  readonly modifiers: Modifiers;
  readonly written: string;
}

function itemOf(context: SearchContext, { key, value }: YamlEntry): Condition | undefined {
  const { text } = context;
  const [field = '', ...names] = key.value.split('|');
  if (names.length > MOST_MODIFIERS) {
    text.report(key, `a field has at most ${MOST_MODIFIERS} modifiers`);
    return undefined;
  }
  let offset = field.length + 1;
  const written: WrittenModifier[] = names.map((name) => {
    const span = spanInside(text, key, offset, name.length);
    offset += name.length + 1;
    return { name, span };
  });
  if (field === '' && names.length === 0) {
    text.report(key, 'a field needs a name');
    return undefined;
  }
  if (field !== field.trim()) text.report(key, 'the name of a field has spaces around it');
  const modifiers = modifiersOf(text, written);
  if (modifiers === undefined || !fitsKeywords(text, field, key, modifiers)) return undefined;
  const values = value.kind === 'list' ? value.items : [value];
  if (values.length === 0) {
    text.report(value, 'a list of values needs at least one', "`null` for a field that is absent, '' for an empty one");
    return undefined;
  }
  if (modifiers.all && values.length < 2) text.report(key, '`all` needs a list of at least two values', 'leave it out');
  if (modifiers.family === 'exists' && value.kind === 'list') text.report(value, '`exists` takes true or false, this is a list');
  return valuesOf(context, { field: field === '' ? undefined : field, modifiers, written: key.value }, values, key);
}

/** Keywords are looked for anywhere in an event: what is about one value of one field has no meaning for them. */
function fitsKeywords(text: RuleText, field: string, key: YamlText, { family, placement }: Modifiers): boolean {
  if (field !== '') return true;
  if ((family === 'text' || family === 're') && (placement === undefined || placement === 'contains')) return true;
  text.report(key, `\`${shown(key.value)}\` needs a field before \`|\``, 'a keyword is looked for anywhere in the event');
  return false;
}

function valuesOf(context: SearchContext, item: Item, values: readonly YamlNode[], span: Span): Condition | undefined {
  const { text, placeholders, count } = context;
  const { modifiers } = item;
  if (values.length > 1) for (const value of values) if (value.kind === 'scalar' && value.value === null) text.report(value, 'null cannot be part of a list of values', 'make it a search of its own and join the two with `or`');
  const itemContext: ItemContext = { text, modifiers, placeholders, keyword: item.field === undefined };
  const of: Condition[] = [];
  for (const value of values) {
    if (count.left < 0) return undefined;
    const tests = testsOf(itemContext, value);
    if (tests === undefined) continue;
    count.left -= tests.length;
    const place = text.place(value);
    const written = writtenOf(item, value);
    const matches = tests.map((test): Match => ({ kind: 'match', field: item.field, test, decoded: modifiers.decoded, written, place }));
    const [only] = matches;
    of.push(only !== undefined && matches.length === 1 ? only : { kind: 'or', of: matches, label: written, place });
  }
  if (of.length < values.length) return undefined;
  const place = text.place(span);
  const label = item.written === '' ? {} : { label: item.written };
  const [only] = of;
  const whole: Condition = only !== undefined && of.length === 1 ? only : { kind: modifiers.all ? 'and' : 'or', of, ...label, place };
  return modifiers.negated ? { kind: 'not', of: whole, ...label, place } : whole;
}

function writtenOf({ written }: Item, value: YamlNode): string {
  const text = value.kind === 'scalar' ? (isText(value) ? `'${value.value}'` : value.source || String(value.value)) : nameOfKind(value);
  const whole = written === '' ? text : `${written}: ${text}`;
  return whole.length <= MOST_WRITTEN ? whole : `${whole.slice(0, MOST_WRITTEN - 1)}…`;
}

/** A hint: the search that was probably meant, else those there are. */
export function nearSearch(name: string, searches: Searches): () => string | undefined {
  return () => didYouMean(name, searches.keys(), `searches are ${[...searches.keys()].slice(0, 10).map(shown).join(', ')}`)();
}
