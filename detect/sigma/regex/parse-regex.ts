import { readClass } from './regex-class.ts';
import type { Cursor } from './regex-cursor.ts';
import { fail, peek, take, takeMatch } from './regex-cursor.ts';
import { readEscape, readQuoted } from './regex-escape.ts';
import type { RegexNode } from './regex-node.ts';
import { EMPTY, RegexError, sequence } from './regex-node.ts';
import { resolveReferences } from './regex-references.ts';
import type { Reference } from './regex-references.ts';
import type { UnitSet } from './unit-set.ts';
import { complement, EVERY_UNIT, intersects, LINE_FEED, withoutCase } from './unit-set.ts';

/** Longest pattern, in units. */
const MOST_UNITS = 8192;
const MOST_DEPTH = 60;
/** Highest count in braces, as in PCRE. */
const MOST_REPEATS = 65_535;

/** Flags in force: ignore case, `^` and `$` at lines, `.` is everything, free spacing. */
interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly x: boolean;
}

/** A pattern being read; groups are numbered from 1. */
interface Reading extends Cursor {
  depth: number;
  groups: number;
  readonly names: Map<string, number>;
  readonly references: Reference[];
}

/** Reads a PCRE; `flags` out of `i`, `m`, `s`. Throws a RegexError that says what is wrong, or what is not supported, and where. */
export function parseRegex(pattern: string, flags: string): RegexNode {
  if (pattern.length > MOST_UNITS) throw new RegexError(`the pattern is longer than ${MOST_UNITS} characters`, MOST_UNITS);
  const reading: Reading = { text: pattern, at: 0, depth: 0, groups: 0, names: new Map(), references: [] };
  const node = readAlternatives(reading, { i: flags.includes('i'), m: flags.includes('m'), s: flags.includes('s'), x: false });
  if (peek(reading) === ')') fail(reading, 'this closing parenthesis has no opening one: write \\) for the character');
  return resolveReferences(node, reading.references, reading.names, reading.groups);
}

/** Up to the closing parenthesis or the end. A flag set in an alternative holds to the end of the group, as in PCRE. */
function readAlternatives(reading: Reading, outer: Flags): RegexNode {
  if (++reading.depth > MOST_DEPTH) fail(reading, `groups stand more than ${MOST_DEPTH} deep`);
  let flags = outer;
  const alternatives: RegexNode[] = [];
  let items: Item[] = [];
  for (;;) {
    skipSpacing(reading, flags);
    const next = peek(reading);
    if (next === '' || next === ')') break;
    if (take(reading, '|')) {
      alternatives.push(sequenceOf(reading, items));
      items = [];
      continue;
    }
    const set = takeMatch(reading, /\(\?([a-z-]*)\)/y);
    if (set !== undefined) flags = changedFlags(reading, flags, set[1] ?? '', set.index);
    else items.push(...readItem(reading, flags));
  }
  alternatives.push(sequenceOf(reading, items));
  reading.depth--;
  const [only] = alternatives;
  return only !== undefined && alternatives.length === 1 ? only : { kind: 'either', of: alternatives };
}

/** A node and, of a possessive repetition, what it repeats. */
interface Item {
  readonly node: RegexNode;
  readonly possessive?: UnitSet;
  readonly at: number;
}

/** A possessive repetition is a plain one where nothing that may follow could be part of it: then there is nothing to give back. */
function sequenceOf(reading: Reading, items: readonly Item[]): RegexNode {
  for (const [index, { possessive, at }] of items.entries()) {
    if (possessive === undefined) continue;
    const next = items[index + 1]?.node;
    const last = next === undefined && reading.depth === 1;
    const apart = next !== undefined && (next.kind === 'set' || (next.kind === 'repeat' && next.least > 0 && next.of.kind === 'set'));
    const units = next?.kind === 'set' ? next.units : next?.kind === 'repeat' && next.of.kind === 'set' ? next.of.units : EVERY_UNIT;
    if (!last && !(apart && !intersects(possessive, units))) fail(reading, 'this possessive repetition is not supported: write it without the last +', at);
  }
  return sequence(items.map((item) => item.node));
}

function skipSpacing(reading: Reading, { x }: Flags): void {
  while (takeMatch(reading, x ? /\(\?#[^)]*\)|[\s]+|#[^\n]*/y : /\(\?#[^)]*\)/y) !== undefined);
}

function changedFlags(reading: Reading, flags: Flags, letters: string, at: number): Flags {
  const [on = '', off = '', ...more] = letters.split('-');
  const unknown = /[^imsx]/.exec(on + off)?.[0];
  if (unknown !== undefined || more.length > 0) fail(reading, `the flag ${unknown ?? '-'} is not supported: i, m, s and x are`, at);
  const is = (letter: keyof Flags): boolean => (flags[letter] || on.includes(letter)) && !off.includes(letter);
  return { i: is('i'), m: is('m'), s: is('s'), x: is('x') };
}

/** An atom with its repetition. Of a quoted text one item a character, of which the last may be repeated. */
function readItem(reading: Reading, flags: Flags): readonly Item[] {
  const at = reading.at;
  const quoted = readQuoted(reading);
  const atoms = quoted === undefined ? [readAtom(reading, flags)] : [...quoted].map((character) => literal(character.codePointAt(0) ?? 0, flags));
  const last = atoms.pop();
  if (last === undefined) return [];
  return [...atoms.map((node) => ({ node, at })), readRepeat(reading, last, flags, at)];
}

function readRepeat(reading: Reading, atom: RegexNode, flags: Flags, at: number): Item {
  skipSpacing(reading, flags);
  const from = reading.at;
  const count = readCount(reading);
  if (count === undefined) return { node: atom, at };
  if (atom.kind === 'assert' || atom.kind === 'look') fail(reading, 'a place in the text cannot be repeated', from);
  const possessive = take(reading, '+');
  if (!possessive) take(reading, '?');
  skipSpacing(reading, flags);
  const again = reading.at;
  if (readCount(reading) !== undefined) fail(reading, 'a repetition of a repetition: write a group around the inner one', again);
  if (possessive && atom.kind !== 'set') fail(reading, 'this possessive repetition is not supported: write it without the last +', from);
  const node: RegexNode = { kind: 'repeat', of: atom, least: count[0], most: count[1] };
  return { node, at: from, ...(possessive && atom.kind === 'set' ? { possessive: atom.units } : {}) };
}

function readCount(reading: Reading): readonly [least: number, most: number] | undefined {
  if (take(reading, '*')) return [0, Number.POSITIVE_INFINITY];
  if (take(reading, '+')) return [1, Number.POSITIVE_INFINITY];
  if (take(reading, '?')) return [0, 1];
  const at = reading.at;
  const braces = takeMatch(reading, /\{([0-9]*)(,?)([0-9]*)\}/y);
  if (braces === undefined) return undefined;
  const [, least = '', comma = '', most = ''] = braces;
  if (least === '' && comma + most === '') fail(reading, 'write \\{\\} for the characters', at);
  if (least === '') fail(reading, `write {0,${most}}: not every PCRE reads {,${most}} as a repetition`, at);
  const counts = [Number(least), comma === '' ? Number(least) : most === '' ? Number.POSITIVE_INFINITY : Number(most)] as const;
  if (counts[1] < counts[0]) fail(reading, 'the least number of repetitions is greater than the most', at);
  if (counts[0] > MOST_REPEATS || (counts[1] > MOST_REPEATS && counts[1] !== Number.POSITIVE_INFINITY)) fail(reading, `at most ${MOST_REPEATS} repetitions`, at);
  return counts;
}

function readAtom(reading: Reading, flags: Flags): RegexNode {
  const at = reading.at;
  if (take(reading, '(')) return readGroup(reading, flags, at);
  if (take(reading, '[')) return { kind: 'set', units: readClass(reading, flags.i) };
  if (take(reading, '.')) return { kind: 'set', units: flags.s ? EVERY_UNIT : complement(LINE_FEED) };
  if (take(reading, '^')) return { kind: 'assert', what: flags.m ? 'line-start' : 'start' };
  if (take(reading, '$')) return { kind: 'assert', what: flags.m ? 'line-end' : 'end-line' };
  if (take(reading, '\\')) return readEscaped(reading, flags);
  if (readCount(reading) !== undefined) fail(reading, 'there is nothing to repeat: write a backslash before the character', at);
  const code = reading.text.codePointAt(at) ?? 0;
  reading.at += code > 0xffff ? 2 : 1;
  return literal(code, flags);
}

function literal(code: number, { i }: Flags): RegexNode {
  if (code > 0xffff) return sequence([...String.fromCodePoint(code)].flatMap((pair) => [pair.charCodeAt(0), pair.charCodeAt(1)]).map((unit): RegexNode => ({ kind: 'set', units: [[unit, unit]] })));
  return { kind: 'set', units: i ? withoutCase([[code, code]]) : [[code, code]] };
}

const PLACES: ReadonlyMap<string, RegexNode> = new Map([
  ['A', { kind: 'assert', what: 'start' }], ['z', { kind: 'assert', what: 'end' }], ['Z', { kind: 'assert', what: 'end-line' }],
  ['b', { kind: 'assert', what: 'word' }], ['B', { kind: 'assert', what: 'not-word' }],
]);

const REFUSED: ReadonlyMap<string, string> = new Map([
  ['G', '\\G has no meaning in a search: leave it out'], ['K', '\\K changes what is found, not whether: leave it out'],
  ['R', '\\R is not supported: write (?:\\r\\n|\\n|\\r)'], ['X', '\\X is not supported'], ['C', '\\C is not supported'], ['E', '\\E without \\Q'],
]);

/** Behind a backslash, outside of a class. */
function readEscaped(reading: Reading, flags: Flags): RegexNode {
  const at = reading.at - 1;
  const letter = peek(reading);
  const place = PLACES.get(letter);
  const refused = REFUSED.get(letter);
  if (refused !== undefined) fail(reading, refused, at);
  if (place !== undefined) {
    reading.at++;
    return place;
  }
  const reference = takeMatch(reading, /([1-9][0-9]{0,2})|g(-?[0-9]{1,3})|g\{(-?[0-9]{1,3})\}|(?:k[<'{]|g\{)([A-Za-z_][A-Za-z0-9_]{0,31})[>'}]/y);
  if (reference !== undefined) return newReference(reading, reference[1] ?? reference[2] ?? reference[3] ?? reference[4] ?? '', flags, at);
  const escaped = readEscape(reading);
  if (escaped.kind === 'character') return literal(escaped.code, flags);
  return { kind: 'set', units: flags.i && /[pP]/.test(letter) ? withoutCase(escaped.units) : escaped.units };
}

function newReference(reading: Reading, name: string, { i }: Flags, at: number): RegexNode {
  if (i) fail(reading, 'a back-reference without case is not supported', at);
  const relative = name.startsWith('-') ? String(reading.groups + 1 + Number(name)) : name;
  reading.references.push({ name: relative, at });
  return { kind: 'reference', index: reading.references.length - 1 };
}

/** Behind the opening parenthesis. */
function readGroup(reading: Reading, flags: Flags, at: number): RegexNode {
  if (peek(reading) === '*') fail(reading, 'verbs of the engine are not supported', at);
  const look = takeMatch(reading, /\?(<?)([=!])/y);
  if (look !== undefined) return { kind: 'look', ahead: look[1] === '', negative: look[2] === '!', of: closed(reading, flags, at) };
  const inner = takeMatch(reading, /\?([a-z-]*):/y);
  if (inner !== undefined) return closed(reading, changedFlags(reading, flags, inner[1] ?? '', at), at);
  const name = takeMatch(reading, /\?(?:P?<([A-Za-z_][A-Za-z0-9_]{0,31})>|'([A-Za-z_][A-Za-z0-9_]{0,31})')/y);
  const reference = name === undefined ? takeMatch(reading, /\?P=([A-Za-z_][A-Za-z0-9_]{0,31})\)/y) : undefined;
  if (reference !== undefined) return newReference(reading, reference[1] ?? '', flags, at);
  if (name === undefined && peek(reading) === '?') fail(reading, groupProblem(reading.text.slice(reading.at)), at);
  const index = ++reading.groups;
  const named = name?.[1] ?? name?.[2];
  if (named !== undefined && reading.names.has(named)) fail(reading, `two groups are named ${named}`, at);
  if (named !== undefined) reading.names.set(named, index);
  return { kind: 'group', index, of: closed(reading, flags, at) };
}

function closed(reading: Reading, flags: Flags, at: number): RegexNode {
  const node = readAlternatives(reading, flags);
  if (!take(reading, ')')) fail(reading, 'this parenthesis has no closing one: write \\( for the character', at);
  return node.kind === 'sequence' && node.of.length === 0 ? EMPTY : node;
}

function groupProblem(text: string): string {
  if (text.startsWith('?>')) return 'atomic groups are not supported: write (?:…)';
  if (text.startsWith('?(')) return 'conditional groups are not supported';
  if (text.startsWith('?|')) return 'groups that reset their numbers are not supported: write (?:…)';
  if (/^\?(?:R|[0-9+-]|&|P>)/.test(text)) return 'recursion is not supported';
  return 'no such group: (…), (?:…), (?<name>…), (?=…), (?!…), (?<=…), (?<!…) and flags are known';
}
