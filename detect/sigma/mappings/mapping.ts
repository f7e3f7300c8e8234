import type { FieldPath, Source, SourceSteps } from '../event/field-path.ts';
import { compileField } from '../event/field-path.ts';
import type { EventObject } from '../event/field-value.ts';
import { scalarsOf, textOf } from '../event/field-value.ts';
import { serves } from '../event/routing.ts';
import type { Logsource } from '../rule.ts';

/** A mapping file as it was read: which events serve which log sources, and under which names rules of these find their fields. */
export interface Mapping {
  readonly file: string;
  readonly events: readonly EventKind[];
  readonly fields: ReadonlyMap<string, SourceSteps>;
}

export interface EventKind {
  /** Any of these; of one, all conditions. */
  readonly when: readonly (readonly FieldCondition[])[];
  readonly serves: readonly Logsource[];
}

/** A value of the field equals one of the texts or begins with one of the prefixes (an empty prefix: the field has a value). */
export interface FieldCondition {
  readonly field: string;
  readonly texts: readonly string[];
  readonly prefixes: readonly string[];
}

/** All mapping files of a rule set. */
export interface Mappings {
  /** What the event serves, undefined when no file knows it. Equal answers are the same list. */
  readonly served: (event: EventObject) => readonly Logsource[] | undefined;
  /** Where a field stands in events for rules of a log source: under its own name first, then as the files say. */
  readonly fieldPath: (field: string, logsource: Logsource) => FieldPath;
  /** For each way in which an event is known to serve the log source: the fields it then has. */
  readonly tellingFields: (logsource: Logsource) => readonly (readonly string[])[];
}

export const NO_MAPPINGS: Mappings = combineMappings([]);

export function combineMappings(mappings: readonly Mapping[]): Mappings {
  const paths = new Map<string, FieldPath>();
  /** Rules keep their log source as long as they live: what they ask for again is not spelled out again. */
  const known = new WeakMap<Logsource, Map<string, FieldPath>>();
  const compiled = (field: string, logsource: Logsource): FieldPath => {
    const key = JSON.stringify([field, logsource.category, logsource.product, logsource.service]);
    let path = paths.get(key);
    if (path === undefined) paths.set(key, (path = compileField(field, stepsFor(mappings, field, logsource))));
    return path;
  };
  const fieldPath = (field: string, logsource: Logsource): FieldPath => {
    let own = known.get(logsource);
    if (own === undefined) known.set(logsource, (own = new Map<string, FieldPath>()));
    let path = own.get(field);
    if (path === undefined) own.set(field, (path = compiled(field, logsource)));
    return path;
  };
  const kinds = mappings.flatMap((mapping) => mapping.events);
  const tellingFields = (logsource: Logsource): readonly (readonly string[])[] => kinds
    .filter((kind) => serves(kind.serves, logsource))
    .flatMap((kind) => kind.when.map((conditions) => conditions.map((condition) => condition.field)));
  return { served: compileRouting(kinds), fieldPath, tellingFields };
}

function stepsFor(mappings: readonly Mapping[], field: string, logsource: Logsource): SourceSteps {
  const fitting = mappings.filter((mapping) => mapping.fields.has(field) && serves(mapping.events.flatMap((kind) => kind.serves), logsource));
  return fitting.flatMap((mapping) => mapping.fields.get(field) ?? []);
}

/** What is left to ask before an event is of a kind. */
interface Alternative {
  readonly kind: number;
  readonly conditions: readonly { readonly condition: FieldCondition; readonly path: FieldPath }[];
}

/** Alternatives whose first condition asks for one field. */
interface FieldIndex {
  readonly path: FieldPath;
  readonly byText: Map<string, Alternative[]>;
  readonly withPrefixes: Alternative[];
}

function indexAlternatives(kinds: readonly EventKind[]): ReadonlyMap<string, FieldIndex> {
  const byField = new Map<string, FieldIndex>();
  for (const [kind, { when }] of kinds.entries()) {
    for (const conditions of when) {
      const [first] = conditions;
      if (first === undefined) continue;
      const index = byField.get(first.field) ?? { path: compileField(first.field), byText: new Map<string, Alternative[]>(), withPrefixes: [] };
      byField.set(first.field, index);
      const compiled = conditions.map((condition) => ({ condition, path: compileField(condition.field) }));
      for (const text of first.texts) index.byText.set(text, [...(index.byText.get(text) ?? []), { kind, conditions: compiled.slice(1) }]);
      if (first.prefixes.length > 0) index.withPrefixes.push({ kind, conditions: compiled });
    }
  }
  return byField;
}

/** An event is asked only for fields whose path begins with one of its keys, whatever the number of kinds. */
function compileRouting(kinds: readonly EventKind[]): Mappings['served'] {
  const byKey = new Map<string, FieldIndex[]>();
  for (const [field, index] of indexAlternatives(kinds)) for (const key of firstKeys(field)) byKey.set(key, [...(byKey.get(key) ?? []), index]);
  const known = new Map<string, readonly Logsource[]>();
  return (event) => {
    const found = new Set<number>();
    for (const key of Object.keys(event)) for (const index of byKey.get(key) ?? []) addKinds(index, event, found);
    if (found.size === 0) return undefined;
    const inOrder = [...found].toSorted((a, b) => a - b);
    const name = inOrder.join();
    let served = known.get(name);
    if (served === undefined) known.set(name, (served = distinct(inOrder.flatMap((kind) => kinds[kind]?.serves ?? []))));
    return served;
  };
}

/** Keys of an event under which a field may stand: `a.b.c`, `a.b` and `a`. */
function firstKeys(field: string): readonly string[] {
  return [field, ...[...field.matchAll(/\./g)].map((dot) => field.slice(0, dot.index))];
}

function addKinds({ path, byText, withPrefixes }: FieldIndex, event: EventObject, found: Set<number>): void {
  const value = path.read(event);
  for (const scalar of scalarsOf(value)) {
    const text = textOf(scalar);
    if (text !== undefined) for (const one of byText.get(text) ?? []) if (!found.has(one.kind) && holds(one, event)) found.add(one.kind);
  }
  if (value !== undefined) for (const one of withPrefixes) if (!found.has(one.kind) && holds(one, event)) found.add(one.kind);
}

function holds({ conditions }: Alternative, event: EventObject): boolean {
  return conditions.every(({ condition: { texts, prefixes }, path }) => scalarsOf(path.read(event)).some((scalar) => {
    const text = textOf(scalar);
    return text !== undefined && (texts.includes(text) || prefixes.some((prefix) => text.startsWith(prefix)));
  }));
}

function distinct(logsources: readonly Logsource[]): readonly Logsource[] {
  return [...new Map(logsources.map((one) => [JSON.stringify([one.category, one.product, one.service]), one])).values()];
}

/** A name, `extension(name)`, or names in braces with text between: `{url.path}?{url.query}`. undefined: none of them. */
export function parseSource(text: string): Source | undefined {
  const extension = /^extension\(([^()]+)\)$/.exec(text)?.[1];
  if (extension !== undefined) return { kind: 'extension', name: extension };
  if (!/[{}]/.test(text)) return text === '' ? undefined : { kind: 'field', name: text };
  const [first, ...rest] = [...text.matchAll(/([^{}]*)\{([^{}]+)\}/gy)];
  const last = rest.at(-1) ?? first;
  if (first?.[1] !== '' || first[2] === undefined || last === undefined || last.index + last[0].length !== text.length) return undefined;
  return { kind: 'joined', first: first[2], rest: rest.map(([, between = '', name = '']) => ({ text: between, name })) };
}
