import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../contracts/seeded-random.ts';
import { ANY, ONE } from '../rule.ts';
import type { TextPart } from '../rule.ts';
import { matchesPattern } from './text-pattern.ts';

/** `*` and `?` stand for themselves, all else is literal. */
function parts(text: string): readonly TextPart[] {
  return (text.match(/[*?]|[^*?]+/g) ?? []).map((part) => (part === '*' ? ANY : part === '?' ? ONE : part));
}

describe('a text pattern', () => {
  it.for([
    ['', '', true], ['', 'a', false], ['*', '', true], ['*', 'abc', true], ['?', '', false], ['?', 'a', true], ['a', 'a', true], ['a', 'ab', false], ['a*', 'ab', true], ['*a', 'ba', true], ['*a', 'ab', false],
    ['a*a', 'a', false], ['a*a', 'aa', true], ['ab*ba', 'aba', false], ['*a*a*', 'xaxa', true], ['*ab?', 'abab', false], ['*ab?', 'ababc', true], ['**', 'a', true], ['a?c*e', 'abcde', true], ['*?', '', false], ['?*', 'a', true], ['*?a*', 'aa', true], ['*?a*', 'ab', false], ['*abc', 'ababc', true], ['a*bc*d', 'abcxbcd', true],
  ] as const)('%j on %j: %s', ([pattern, text, matched]) => expect(matchesPattern(parts(pattern), text)).toBe(matched));

  it('says what the same regular expression says', () => {
    const seed = 20261121;
    const random = seededRandom(seed);
    const different: string[] = [];
    for (let i = 0; i < 60_000; i++) {
      const pattern = Array.from({ length: random.below(8) }, () => random.pick(['a', 'b', '*', '?', 'ab'])).join('');
      const text = Array.from({ length: random.below(10) }, () => random.pick(['a', 'b'])).join('');
      const regex = new RegExp(`^${pattern.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`);
      if (matchesPattern(parts(pattern), text) !== regex.test(text)) different.push(`seed ${seed}: ${pattern} on ${text}`);
    }
    expect(different).toEqual([]);
  });

  it('needs no more than one walk over a hostile value', () => {
    expect(matchesPattern(parts(`${'a*'.repeat(200)}b`), 'a'.repeat(48_000))).toBe(false);
    expect(matchesPattern(parts(`${'*a?'.repeat(200)}b`), 'a'.repeat(48_000))).toBe(false);
  });
});
