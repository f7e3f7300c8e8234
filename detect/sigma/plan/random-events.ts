import type { Random } from '../../../contracts/seeded-random.ts';
import { FIELDS, WORDS } from './random-rules.ts';

/** Numbers as JSON may write them. */
const NUMBERS: readonly string[] = ['404', '4', '4e2', '4E+2', '1.0', '1', '-0', '0', '-0.0', '1e999', '-1e999', '12345678901234567890', '0.1', '0.10', '1e-7', '0.0000001', '1e21', '400', '40.4e1', '1E0', '3.5', '3.50', '-3.5', '0.000001', '123456789012345', '1234567890123456', '0.00001'];

/** One JSON object as hostile writers spell it: escapes of any character, odd numbers, white space, nested and dotted names. */
export function randomLine(random: Random): string {
  const keys = new Set(Array.from({ length: random.between(0, 7) }, () => randomKey(random)));
  return `{${[...keys].map((key) => `${space(random)}${spell(random, key)}${space(random)}:${space(random)}${randomValue(random, 2)}${space(random)}`).join(',')}}`;
}

function randomKey(random: Random): string {
  const field = random.chance(0.1) ? random.pick(WORDS) : random.pick(FIELDS);
  return random.chance(0.2) ? field.slice(0, Math.max(0, field.indexOf('.'))) : field;
}

function space(random: Random): string {
  return random.chance(0.05) ? random.pick([' ', '\t', '  ']) : '';
}

function randomValue(random: Random, depth: number): string {
  const kind = random.below(depth === 0 ? 8 : 11);
  switch (kind) {
    case 0: case 1: return random.pick(NUMBERS);
    case 2: return random.pick(['true', 'false', 'null']);
    case 8: return `[${Array.from({ length: random.below(4) }, () => randomValue(random, depth - 1)).join(`${space(random)},${space(random)}`)}]`;
    case 9: case 10: {
      const keys = new Set(Array.from({ length: random.between(0, 2) }, () => random.pick(['b', 'c', 'b.c', 'query', 'path', 'rule', 'class', '__proto__', ''])));
      return `{${[...keys].map((key) => `${spell(random, key)}:${randomValue(random, depth - 1)}`).join(',')}}`;
    }
    default: return spell(random, randomWords(random));
  }
}

function randomWords(random: Random): string {
  const words = Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () => random.pick(WORDS));
  const text = words.join(random.pick(['', '', ' ', '?', '&']));
  switch (random.below(8)) {
    case 0: return text.toUpperCase();
    case 1: return encodeURIComponent(text.toWellFormed());
    case 2: return Buffer.from(text).toString('base64');
    default: return text;
  }
}

/** A JSON string; each character plain or escaped in one of its ways. */
function spell(random: Random, text: string): string {
  const rate = random.pick([0, 0, 0.1, 1]);
  let out = '"';
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const character = text.charAt(i);
    const lone = unit >= 0xd800 && unit < 0xe000 && !paired(text, i);
    if (unit < 0x20 || unit === 0x22 || unit === 0x5c || lone || random.chance(rate)) out += random.chance(0.5) && SHORT.has(character) ? SHORT.get(character) ?? '' : `\\u${hex(random, unit)}`;
    else out += character;
    // A pair is either written as it is or escaped whole: half of it escaped is another text.
    if (unit >= 0xd800 && unit < 0xdc00 && !lone) out += out.endsWith(character) ? text.charAt(++i) : `\\u${hex(random, text.charCodeAt(++i))}`;
  }
  return `${out}"`;
}

const SHORT = new Map([['"', '\\"'], ['\\', '\\\\'], ['/', '\\/'], ['\n', '\\n']]);

function paired(text: string, i: number): boolean {
  const unit = text.charCodeAt(i);
  return unit < 0xdc00 && text.charCodeAt(i + 1) >= 0xdc00 && text.charCodeAt(i + 1) < 0xe000;
}

function hex(random: Random, unit: number): string {
  const digits = unit.toString(16).padStart(4, '0');
  return random.chance(0.5) ? digits.toUpperCase() : digits;
}
