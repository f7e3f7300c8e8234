import type { RuleText, Span } from '../rule-text.ts';

/** A YAML document as rules need it: maps, lists and scalars with their spans, aliases followed. */
export type YamlNode = YamlMap | YamlList | YamlScalar;

export interface YamlMap extends Span {
  readonly kind: 'map';
  /** Keys are unique. */
  readonly entries: readonly YamlEntry[];
}

export interface YamlEntry {
  /** A key as text, whatever YAML takes it for. */
  readonly key: YamlText;
  readonly value: YamlNode;
}

export interface YamlList extends Span {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

export interface YamlScalar extends Span {
  readonly kind: 'scalar';
  /** By the core schema of YAML 1.2: `yes`, `on` and dates are texts. */
  readonly value: string | number | boolean | null;
  /** As written, without quotes. */
  readonly source: string;
  readonly quoted: boolean;
}

/** A scalar that is text. */
export interface YamlText extends YamlScalar {
  readonly value: string;
}

export function isText(node: YamlNode): node is YamlText {
  return node.kind === 'scalar' && typeof node.value === 'string';
}

export function entryOf(map: YamlMap, key: string): YamlEntry | undefined {
  return map.entries.find((entry) => entry.key.value === key);
}

/** A part of a text in the file; the whole text where escapes or folded lines make offsets meaningless. */
export function spanInside({ text }: RuleText, node: YamlText, offset: number, length: number): Span {
  const start = node.start + (node.quoted ? 1 : 0);
  if (!text.startsWith(node.value, start)) return node;
  return { start: start + offset, end: start + offset + length };
}

/** How messages call a node. */
export function nameOfKind(node: YamlNode): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'a map' : 'a list';
  if (node.value === null) return 'nothing';
  if (typeof node.value === 'string') return node.value === '' ? 'an empty text' : 'text';
  return typeof node.value === 'number' ? 'a number' : 'true or false';
}

/** Plain data of a node, equal for what reads alike: input of hashes. Numbers keep how they were written. */
export function plainOf(node: YamlNode): unknown {
  switch (node.kind) {
    case 'map':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key.value, plainOf(value)]));
    case 'list':
      return node.items.map(plainOf);
    case 'scalar':
      return typeof node.value === 'number' && String(node.value) !== node.source ? { number: node.source } : node.value;
    default:
      return node satisfies never;
  }
}
