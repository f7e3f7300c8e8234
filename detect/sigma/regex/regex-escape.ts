import type { Cursor } from './regex-cursor.ts';
import { fail, peek, take, takeMatch } from './regex-cursor.ts';
import type { UnitSet } from './unit-set.ts';
import { complement, DIGITS, LINE_FEED, SPACES, union, WORD } from './unit-set.ts';

const HORIZONTAL: UnitSet = [[0x09, 0x09], [0x20, 0x20], [0xa0, 0xa0], [0x1680, 0x1680], [0x180e, 0x180e], [0x2000, 0x200a], [0x202f, 0x202f], [0x205f, 0x205f], [0x3000, 0x3000]];
const VERTICAL: UnitSet = [[0x0a, 0x0d], [0x85, 0x85], [0x2028, 0x2029]];

const SETS: ReadonlyMap<string, UnitSet> = new Map([
  ['d', DIGITS], ['D', complement(DIGITS)],
  ['w', WORD], ['W', complement(WORD)],
  ['s', SPACES], ['S', complement(SPACES)],
  ['h', HORIZONTAL], ['H', complement(HORIZONTAL)],
  ['v', VERTICAL], ['V', complement(VERTICAL)],
  ['N', complement(LINE_FEED)],
]);

const CONTROLS: ReadonlyMap<string, number> = new Map([['t', 0x09], ['n', 0x0a], ['f', 0x0c], ['r', 0x0d], ['a', 0x07], ['e', 0x1b]]);

/** A character, or one of a set; what a backslash means in and outside of a class alike. */
export type Escaped = { readonly kind: 'character'; readonly code: number } | { readonly kind: 'set'; readonly units: UnitSet };

/** What stands behind a backslash; the cursor stands behind it. */
export function readEscape(cursor: Cursor): Escaped {
  const from = cursor.at - 1;
  const letter = peek(cursor);
  if (letter === '') fail(cursor, 'the pattern ends in a backslash: write \\\\ for one', from);
  const code = characterCode(cursor, from);
  if (code !== undefined) return { kind: 'character', code };
  cursor.at++;
  const units = SETS.get(letter);
  if (units !== undefined) return { kind: 'set', units };
  if (letter === 'p' || letter === 'P') return { kind: 'set', units: propertySet(cursor, letter === 'P', from) };
  if (/[A-Za-z0-9]/.test(letter)) fail(cursor, `\\${letter} has no meaning here`, from);
  return { kind: 'character', code: letter.codePointAt(0) ?? 0 };
}

function characterCode(cursor: Cursor, from: number): number | undefined {
  const control = CONTROLS.get(peek(cursor));
  if (control !== undefined) {
    cursor.at++;
    return control;
  }
  const hex = takeMatch(cursor, /x(?:\{([0-9A-Fa-f]{1,8})\}|([0-9A-Fa-f]{0,2}))/y);
  if (hex !== undefined) return codePoint(cursor, Number.parseInt(hex[1] ?? (hex[2] || '0'), 16), from);
  const octal = takeMatch(cursor, /o\{([0-7]{1,8})\}|(0[0-7]{0,2})/y);
  if (octal !== undefined) return codePoint(cursor, Number.parseInt(octal[1] ?? octal[2] ?? '0', 8), from);
  const key = takeMatch(cursor, /c([\x20-\x7e])/y)?.[1];
  return key === undefined ? undefined : key.toUpperCase().charCodeAt(0) ^ 0x40;
}

function codePoint(cursor: Cursor, code: number, from: number): number {
  return code <= 0x10ffff ? code : fail(cursor, 'no character has this number: at most 10FFFF', from);
}

const properties = new Map<string, UnitSet>();

/** `\p{Lu}`, `\pL`, `\p{^L}`, `\p{Greek}`: characters up to U+FFFF. */
function propertySet(cursor: Cursor, negated: boolean, from: number): UnitSet {
  const found = takeMatch(cursor, /\{(\^?)([A-Za-z_&]{1,40})\}|()([A-Z])/y);
  const name = found?.[2] ?? found?.[4];
  if (name === undefined) return fail(cursor, 'expected the name of a property in braces: \\p{L}', from);
  const units = name === 'Any' ? complement([]) : propertyUnits(name === 'L&' ? 'LC' : name);
  if (units === undefined) return fail(cursor, `there is no property ${name}`, from);
  return negated === (found?.[1] === '^') ? units : complement(units);
}

function propertyUnits(name: string): UnitSet | undefined {
  const known = properties.get(name);
  if (known !== undefined) return known;
  const pattern = propertyPattern(name) ?? propertyPattern(`Script=${name}`);
  if (pattern === undefined) return undefined;
  const units = union(Array.from({ length: 0x10000 }, (_, unit) => unit).filter((unit) => pattern.test(String.fromCharCode(unit))).map((unit) => [unit, unit] as const));
  properties.set(name, units);
  return units;
}

function propertyPattern(name: string): RegExp | undefined {
  try {
    return new RegExp(`^\\p{${name}}$`, 'u');
  } catch {
    return undefined;
  }
}

/** `\Q…\E`: the text between; undefined when it does not stand here. */
export function readQuoted(cursor: Cursor): string | undefined {
  if (!take(cursor, '\\Q')) return undefined;
  const end = cursor.text.indexOf('\\E', cursor.at);
  const quoted = cursor.text.slice(cursor.at, end < 0 ? undefined : end);
  cursor.at = end < 0 ? cursor.text.length : end + 2;
  return quoted;
}
