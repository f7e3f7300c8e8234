import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../../../contracts/reference-data.ts';
import { seededRandom } from '../../../contracts/seeded-random.ts';
import type { Random } from '../../../contracts/seeded-random.ts';
import { buildAutomaton } from './automaton.ts';
import { compileRegex } from './compile-regex.ts';
import { linearSearch } from './linear-search.ts';
import { parseRegex } from './parse-regex.ts';
import { trimEnds } from './regex-cost.ts';
import { RegexError } from './regex-node.ts';
import { regexSource } from './regex-source.ts';

/** Both engines, where there are both; undefined when they differ. */
function found(pattern: string, flags: string, text: string): boolean | undefined {
  const node = parseRegex(pattern, flags);
  const trimmed = trimEnds(node);
  const backtracking = new RegExp(regexSource(node)).test(text);
  const answers = [new RegExp(regexSource(trimmed)).test(text), compileRegex(pattern, flags).test(text)];
  try {
    answers.push(linearSearch(buildAutomaton(trimmed))(text));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // look-around, references
  }
  return answers.every((answer) => answer === backtracking) ? backtracking : undefined;
}

const FOUND: readonly (readonly [pattern: string, flags: string, text: string])[] = [
  ['', '', ''], ['a', '', 'xay'], ['^a.c$', '', 'abc'], ['^abc$', '', 'abc\n'], ['abc\\Z', '', 'abc\n'], ['abc\\z', '', 'abc'], ['\\Aabc', '', 'abc'],
  ['^b$', 'm', 'a\nb\nc'], ['^$', 'm', 'a\n\nb'], ['a.b', 's', 'a\nb'], ['a.b', '', 'a\rb'], ['a\\Nb', 's', 'a\u2028b'], ['(?s)a.b', '', 'a\nb'], ['(?m)^b', '', 'a\nb'],
  ['ABC', 'i', 'abc'], ['(?i)abc', '', 'ABC'], ['a(?i)bc', '', 'aBC'], ['a(?i:b)c', '', 'aBc'], ['(?i)a(?-i)b', '', 'Ab'], ['(a(?i)b|c)d', '', 'Cd'], ['(?:(?i)a)b', '', 'Ab'], ['é', 'i', 'É'], ['[à-ü]', 'i', 'Ü'], ['[^a]', 'i', 'b'],
  ['\\d{2,3}', '', 'a12'], ['\\h\\v', '', '\u00a0\n'], ['\\x41\\x{42}\\o{103}\\x44\\cA', '', 'ABCD\u0001'], ['\\e\\a\\f\\t', '', '\u001b\u0007\f\t'], ['\\Qa.b*\\E+', '', 'a.b***'], ['\\Q\\Ea', '', 'a'],
  ['[[:alpha:]][[:^digit:]]', '', 'ab'], ['[]a]', '', ']'], ['[^]a]', '', 'b'], ['[a-]', '', '-'], ['[a\\-z]', '', '-'], ['[\\w-]', '', '-'], ['[\\d-x]', '', '-'], ['[\\b]', '', '\b'], ['[\\Q]\\E]', '', ']'], ['clipboard]::', '', 'clipboard]::'], ['a{,', '', 'a{,'], ['{x}', '', '{x}'],
  ['\\p{Lu}\\pL\\P{Lu}\\p{^Lu}', '', 'Éaaa'], ['\\p{Greek}', '', 'λ'], ['\\p{Lu}', 'i', 'é'], ['\\bfoo\\b', '', 'a foo b'], ['\\Boo', '', 'foo'], ['\\b', '', 'a'], ['a\\b', '', 'a'],
  ['(?<q>[\'"])x\\k<q>', '', '"x"'], ['(?P<q>.)x(?P=q)', '', 'axa'], ['(.)\\1', '', 'abb'], ['(.)\\g{-1}', '', 'abb'], ['(.)\\g1', '', 'bb'], ["(?'n'a)\\k{n}", '', 'aa'],
  ['foo(?=bar)', '', 'foobar'], ['foo(?!bar)', '', 'foobaz'], ['(?<=foo)bar', '', 'foobar'], ['(?<!foo)bar', '', 'xbar'], ['^(?!.*safe).*evil', '', 'very evil'],
  ['a++b', '', 'aaab'], ['[^"]*+"', '', 'ab"'], ['a?+', '', ''], ['a*?b', '', 'aab'], ['a{2}', '', 'aa'], ['a{0}b', '', 'b'], ['(?x) a b # c\n c', '', 'abc'], ['a(?#comment)b', '', 'ab'], ['(a|b|)c', '', 'c'], ['(|a)+b', '', 'aab'], ['((a*)*)*b', '', 'aaab'],
  ['😀', '', 'x😀'], ['(😀)+$', '', '😀😀'], ['.*a.*b.*', '', 'xaxbx'], ['(.){200,}', '', 'x'.repeat(200)],
];

const NOT_FOUND: readonly (readonly [pattern: string, flags: string, text: string])[] = [
  ['a', '', ''], ['A', '', 'a'], ['^abc$', '', 'abc\n\n'], ['abc\\z', '', 'abc\n'], ['\\Ab', 'm', 'a\nb'], ['^b', '', 'a\nb'], ['a.b', '', 'a\nb'], ['a\\Nb', 's', 'a\nb'], ['a(?i:b)c', '', 'ABc'], ['(?i)a(?-i)b', '', 'AB'], ['[^a]', 'i', 'A'],
  ['k', 'i', '\u212a'], ['\\w', 'i', '\u017f'], ['\\s', '', '\u00a0'], ['\\d', '', '٣'], ['\\w', '', 'é'], ['\\bfoo\\b', '', 'foobar'], ['\\B', '', 'a'], ['a{2}', '', 'a'], ['(.)\\1', '', 'ab'],
  ['foo(?=bar)', '', 'foobaz'], ['(?<!foo)bar', '', 'foobar'], ['^(?!.*safe).*evil', '', 'safe evil'], ['(.){200,}', '', 'x'.repeat(199)], ['\\p{Lu}', '', 'é'], ['(?x)a b', '', 'a b'], ['.*a.*b', '', 'ba'], ['^$', 'm', 'a\n'], ['$a', '', 'a'], ['a^', '', 'a'],
];

describe('a pattern', () => {
  it.for(FOUND)('%j %s is found in %j by every engine', ([pattern, flags, text]) => expect(found(pattern, flags, text)).toBe(true));
  it.for(NOT_FOUND)('%j %s is not found in %j by any engine', ([pattern, flags, text]) => expect(found(pattern, flags, text)).toBe(false));
});

describe('Perl 5.36', () => {
  // Its answers: [pattern, flags, text, found] for patterns and texts drawn at random.
  const answers = rowsOf(readFileSync(`${import.meta.dirname}/cases/perl.ndjson`, 'utf8')) as readonly (readonly [string, string, string, boolean])[];

  it('finds the same patterns in the same texts', () => {
    expect(answers.length).toBeGreaterThanOrEqual(500);
    expect(answers.filter(([pattern, flags, text, answer]) => found(pattern, flags, text) !== answer)).toEqual([]);
  });
});

describe('an engine', () => {
  it.for([
    ['mimikatz', 'backtracking'], ['\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}', 'backtracking'], ['.*evil.*', 'backtracking'], ['^\\w+$', 'backtracking'], ['(.){200,}', 'backtracking'], ['.{1000,}', 'backtracking'],
    ['a.*b.*c.*d', 'linear'], ['(a+)+b', 'backtracking'], ['x(a+)+b', 'linear'], ['x(a|a)*b', 'linear'], ['^(a|b|ab)*c', 'linear'], ['(?:x+x+)+y', 'linear'], ['a\\s+b', 'linear'], ['x(.{0,99}){4}y', 'linear'],
  ])('for %s is the %s one', ([pattern = '', engine]) => expect(compileRegex(pattern, '').engine).toBe(engine));

  it('answers for the longest hostile values without going beyond its steps', () => {
    const values = ['a'.repeat(49_152), 'ab'.repeat(24_576), 'abc'.repeat(16_384), 'x'.repeat(49_152), `${' '.repeat(49_151)}b`];
    for (const pattern of ['a.*b.*c.*d', 'a(a+)+c', 'a(a|a)*d$', '(?:x+x+)+y', ' \\s+\\s+\\s+x', 'a(a|ab)*(a|b){100}z']) {
      expect(compileRegex(pattern, '').engine).toBe('linear');
      for (const value of values) expect(compileRegex(pattern, '').test(value)).toBe(false);
    }
  });

  it('keeps few sets of states, however many a text meets', () => {
    const random = seededRandom(5);
    const test = compileRegex('(?:a|b)*a(?:a|b){40}c', '').test;
    const text = Array.from({ length: 20_000 }, () => random.pick(['a', 'b'])).join('');
    expect([test(text), test(`${text}a${'b'.repeat(40)}c${text}`), test(text)]).toEqual([false, true, false]);
  });
});

const LITERALS = ['a', 'b', 'A', '.', '\\w', '\\W', '\\s', '[ab]', '[^a]', '[a-c]', '\\d', 'é', '\\n', '$', '^', '\\b', '\\B', '\\z', '(?=a)', '(?!b)', '(?<=a)'];
const QUANTIFIERS = ['', '', '', '*', '+', '?', '{2}', '{1,3}', '{0,2}', '{2,}'];

function randomPattern(random: Random, depth: number): string {
  const items = Array.from({ length: random.between(1, 4) }, () => {
    if (depth > 0 && random.chance(0.3)) return `(${random.pick(['', '?:', '?i:'])}${randomPattern(random, depth - 1)})${random.pick(QUANTIFIERS)}`;
    const literal = random.pick(LITERALS);
    return /^(?:[$^]|\\[bBz]|\(\?)/.test(literal) ? literal : literal + random.pick(QUANTIFIERS);
  });
  return random.chance(0.2) ? `${items.join('')}|${random.pick(LITERALS)}` : items.join('');
}

describe('random patterns', () => {
  it('are found by every engine in the same texts', () => {
    const seed = 20261121;
    const random = seededRandom(seed);
    const different: string[] = [];
    let compared = 0;
    for (let i = 0; i < 3200; i++) {
      const pattern = randomPattern(random, 2);
      const flags = random.pick(['', 'i', 'm', 's', 'ims']);
      for (let j = 0; j < 4; j++) {
        const text = Array.from({ length: random.below(12) }, () => random.pick(['a', 'b', 'A', 'B', 'c', 'é', 'É', '\n', ' ', '1', '_'])).join('');
        try {
          if (found(pattern, flags, text) === undefined) different.push(`seed ${seed}: /${pattern}/${flags} in ${JSON.stringify(text)}`);
          compared++;
        } catch (error) {
          if (!(error instanceof RegexError)) throw error; // too costly with its look-around
        }
      }
    }
    expect(different).toEqual([]);
    expect(compared).toBeGreaterThan(9000);
  });

  it('of any characters never make more than a problem', () => {
    const random = seededRandom(7);
    const pieces = ['(', ')', '[', ']', '{', '}', '*', '+', '?', '|', '\\', '^', '$', '.', ':', '<', '=', '!', 'P', 'i', 'Q', 'E', 'k', 'p', 'x', '1', '9', ',', '-', '#', '\n', 'é', '\ud83d', '(?', '[:', '\\p{', '{1,'];
    let read = 0;
    for (let i = 0; i < 20_000; i++) {
      const pattern = Array.from({ length: random.between(1, 12) }, () => random.pick(pieces)).join('');
      try {
        compileRegex(pattern, random.pick(['', 'i', 's'])).test('a(b]1');
        read++;
      } catch (error) {
        if (!(error instanceof RegexError)) throw new Error(`seed 7: ${JSON.stringify(pattern)}`, { cause: error });
        expect(error.at).toBeGreaterThanOrEqual(0);
        expect(error.at).toBeLessThanOrEqual(pattern.length);
      }
    }
    expect(read).toBeGreaterThan(1000);
  });
});
