import type { Cursor } from './regex-cursor.ts';
import { fail, peek, take, takeMatch } from './regex-cursor.ts';
import type { Escaped } from './regex-escape.ts';
import { readEscape, readQuoted } from './regex-escape.ts';
import type { UnitSet } from './unit-set.ts';
import { complement, DIGITS, SPACES, union, withoutCase, WORD } from './unit-set.ts';

const POSIX: ReadonlyMap<string, UnitSet> = new Map<string, UnitSet>([
  ['alpha', [[0x41, 0x5a], [0x61, 0x7a]]], ['digit', DIGITS], ['alnum', [[0x30, 0x39], [0x41, 0x5a], [0x61, 0x7a]]],
  ['upper', [[0x41, 0x5a]]], ['lower', [[0x61, 0x7a]]], ['word', WORD], ['space', SPACES], ['blank', [[0x09, 0x09], [0x20, 0x20]]],
  ['punct', [[0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e]]], ['cntrl', [[0x00, 0x1f], [0x7f, 0x7f]]],
  ['graph', [[0x21, 0x7e]]], ['print', [[0x20, 0x7e]]], ['xdigit', [[0x30, 0x39], [0x41, 0x46], [0x61, 0x66]]], ['ascii', [[0x00, 0x7f]]],
]);

/** `[…]`; the cursor stands behind the opening bracket. */
export function readClass(cursor: Cursor, ignoreCase: boolean): UnitSet {
  const from = cursor.at - 1;
  const negated = take(cursor, '^');
  const sets: UnitSet[] = [];
  for (let first = true; first || peek(cursor) !== ']'; first = false) {
    if (peek(cursor) === '') fail(cursor, 'the class has no closing bracket', from);
    const quoted = readQuoted(cursor);
    if (quoted !== undefined) sets.push(...[...quoted].map((character): UnitSet => rangeOf(character.codePointAt(0) ?? 0)));
    else sets.push(readMember(cursor));
  }
  cursor.at++;
  const units = union(...sets);
  const cased = ignoreCase ? withoutCase(units) : units;
  return negated ? complement(cased) : cased;

  function rangeOf(code: number, to = code): UnitSet {
    return to > 0xffff ? fail(cursor, 'a class holds characters up to U+FFFF: write those beyond as alternatives', from) : [[code, to]];
  }

  function readMember(at: Cursor): UnitSet {
    const start = at.at;
    const low = readOne(at);
    if (low.kind === 'set') return low.units;
    if (peek(at) !== '-' || peek(at, 1) === ']') return rangeOf(low.code);
    at.at++;
    const high = readOne(at);
    if (high.kind === 'set') return union(rangeOf(low.code), rangeOf(0x2d), high.units);
    if (high.code < low.code) fail(at, 'the range runs backwards', start);
    return rangeOf(low.code, high.code);
  }
}

function readOne(cursor: Cursor): Escaped {
  const posix = takeMatch(cursor, /\[:(\^?)([a-z]{1,10}):\]/y);
  if (posix !== undefined) {
    const units = POSIX.get(posix[2] ?? '');
    if (units === undefined) return fail(cursor, `there is no class [:${posix[2]}:]`, posix.index);
    return { kind: 'set', units: posix[1] === '^' ? complement(units) : units };
  }
  if (/^\[[.=]/.test(cursor.text.slice(cursor.at, cursor.at + 2))) fail(cursor, 'collating elements are not supported');
  if (take(cursor, '\\')) return take(cursor, 'b') ? { kind: 'character', code: 0x08 } : readEscape(cursor);
  const code = cursor.text.codePointAt(cursor.at);
  if (code === undefined) return fail(cursor, 'the class has no closing bracket');
  cursor.at += code > 0xffff ? 2 : 1;
  return { kind: 'character', code };
}
