import type { EventObject, FieldValue, Scalar } from './field-value.ts';
import { fieldValue, isObject, scalarsOf } from './field-value.ts';

/**
 * Where a value stands in an event: a field; the extension of the file a path names (`exe` of `/a/b.exe`); or a text
 * joined of several fields (`{url.path}?{url.query}`): the first must be there; of the others those that are, each behind
 * its `text`.
 */
export type Source =
  | { readonly kind: 'field' | 'extension'; readonly name: string }
  | { readonly kind: 'joined'; readonly first: string; readonly rest: readonly { readonly text: string; readonly name: string }[] };

/** Sources tried in order: the first step that finds anything counts, with all that its sources find. */
export type SourceSteps = readonly (readonly Source[])[];

export interface FieldPath {
  /** undefined: not there under any name. */
  readonly read: (event: EventObject) => FieldValue | undefined;
  /** Every name that may be read, the field's own first. */
  readonly names: readonly string[];
  /**
   * Empty: a value is one of the event's own. Else it may be made of several or be part of one: what it holds between
   * these units stands in the event as it is, but neither its start nor its end need be those of a value there.
   */
  readonly joints: string;
}

export function compileField(name: string, steps: SourceSteps = []): FieldPath {
  const own = valueReader(name);
  const names = new Set([name]);
  for (const source of steps.flat()) for (const each of namesOf(source)) names.add(each);
  const joints = new Set(steps.flat().flatMap((source) => (source.kind === 'joined' ? source.rest.flatMap((part) => [...part.text]) : source.kind === 'extension' ? ['.'] : [])));
  const others = steps.map((step) => stepReader(step));
  const read = others.length === 0 ? own : (event: EventObject): FieldValue | undefined => {
    const value = own(event);
    if (value !== undefined) return value;
    for (const other of others) {
      const found = other(event);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return { read, names: [...names], joints: [...joints].join('') };
}

function namesOf(source: Source): readonly string[] {
  return source.kind === 'joined' ? [source.first, ...source.rest.map((part) => part.name)] : [source.name];
}

type Reader = (event: EventObject) => FieldValue | undefined;

function stepReader(sources: readonly Source[]): Reader {
  const readers = sources.map((source) => sourceReader(source));
  const [only] = readers;
  if (only !== undefined && readers.length === 1) return only;
  return (event) => {
    let found: FieldValue | undefined;
    for (const read of readers) {
      const value = read(event);
      if (value !== undefined) found = found === undefined ? value : [...scalarsOf(found), ...scalarsOf(value)];
    }
    return found;
  };
}

function sourceReader(source: Source): Reader {
  switch (source.kind) {
    case 'field': return valueReader(source.name);
    case 'extension': return extensionReader(source.name);
    case 'joined': return joinedReader(source);
    default: return source satisfies never;
  }
}

const EXTENSION = /\.([A-Za-z0-9]{1,16})$/;

function extensionReader(name: string): Reader {
  const path = valueReader(name);
  return (event) => EXTENSION.exec(joinable(path(event))?.slice(-17) ?? '')?.[1];
}

/** Joins texts; a list or an object has no place in a joined text. */
function joinedReader({ first, rest }: Extract<Source, { kind: 'joined' }>): Reader {
  const head = valueReader(first);
  const parts = rest.map(({ text, name }) => ({ text, read: valueReader(name) }));
  return (event) => {
    const start = joinable(head(event));
    if (start === undefined) return undefined;
    return parts.reduce((text, part) => {
      const value = joinable(part.read(event));
      return value === undefined ? text : text + part.text + value;
    }, start);
  };
}

function joinable(value: FieldValue | undefined): string | undefined {
  const [only, ...more] = scalarsOf(value);
  return only === undefined || only === null || more.length > 0 ? undefined : String(only);
}

function valueReader(name: string): Reader {
  const raw = rawReader(name);
  return (event) => fieldValue(raw(event));
}

/** Names that every object answers to without having them. */
const INHERITED: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(Object.prototype), '__proto__']);

function ownKey(key: string): (object: EventObject) => unknown {
  return INHERITED.has(key) ? (object) => (Object.hasOwn(object, key) ? object[key] : undefined) : (object) => object[key];
}

/** A name as a key, else as a path of keys, of which each may hold dots itself: longer keys first. Lists on the way stand for their objects. */
function rawReader(name: string): (event: EventObject) => unknown {
  const flat = ownKey(name);
  const splits = [...name.matchAll(/\./g)].map((dot) => dot.index).slice(0, MOST_DOTS).toReversed().map((dot) => ({ head: ownKey(name.slice(0, dot)), tail: name.slice(dot + 1) }));
  if (splits.length === 0) return flat;
  const paths = splits.map(({ head, tail }) => pathReader(head, lazy(() => rawReader(tail))));
  return (event) => {
    let value = flat(event);
    for (let i = 0; value === undefined && i < paths.length; i++) value = paths[i]?.(event);
    return value;
  };
}

function pathReader(head: (event: EventObject) => unknown, rest: () => (event: EventObject) => unknown): (event: EventObject) => unknown {
  return (event) => {
    const inner = head(event);
    if (typeof inner !== 'object' || inner === null) return undefined;
    return isObject(inner) ? rest()(inner) : inEach(inner as readonly unknown[], rest()); // an object that is none is a list
  };
}

/** Of longer names only so many dots are taken for steps: the ways to read them grow with each. */
const MOST_DOTS = 8;

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function inEach(list: readonly unknown[], read: (event: EventObject) => unknown): unknown {
  const found: unknown[] = [];
  for (const entry of list) {
    const value = isObject(entry) ? read(entry) : undefined;
    if (value !== undefined) found.push(value);
  }
  return found.length === 0 ? undefined : found;
}

/** All values of an event as texts, for keywords: strings, numbers and booleans at any depth, in no promised order. */
export function textsOf(event: EventObject): readonly string[] {
  const texts: string[] = [];
  const pending: unknown[] = [event];
  while (pending.length > 0) {
    const value = pending.pop() as Scalar | object; // only parsed JSON is put there
    if (typeof value === 'string') texts.push(value);
    else if (typeof value !== 'object') texts.push(String(value));
    else if (value !== null) for (const inner of Object.values(value)) pending.push(inner);
  }
  return texts;
}
