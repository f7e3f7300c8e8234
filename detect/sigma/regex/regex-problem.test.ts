import { describe, expect, it } from 'vitest';
import { regexProblem } from './regex-problem.ts';

const PROBLEMS: readonly (readonly [pattern: string, problem: string])[] = [
  ['(a', 'this parenthesis has no closing one: write \\( for the character'],
  ['a)', 'this closing parenthesis has no opening one: write \\) for the character (at character 2 of the pattern)'],
  ['x[a', 'the class has no closing bracket (at character 2 of the pattern)'],
  ['[z-a]', 'the range runs backwards (at character 2 of the pattern)'],
  ['[[:alfa:]]', 'there is no class [:alfa:] (at character 2 of the pattern)'],
  ['[[.a.]]', 'collating elements are not supported (at character 2 of the pattern)'],
  ['[😀]', 'a class holds characters up to U+FFFF: write those beyond as alternatives'],
  ['*a', 'there is nothing to repeat: write a backslash before the character'],
  ['a**', 'a repetition of a repetition: write a group around the inner one (at character 3 of the pattern)'],
  ['^*', 'a place in the text cannot be repeated (at character 2 of the pattern)'],
  ['a{3,1}', 'the least number of repetitions is greater than the most (at character 2 of the pattern)'],
  ['a{,3}', 'write {0,3}: not every PCRE reads {,3} as a repetition (at character 2 of the pattern)'],
  ['a{}', 'write \\{\\} for the characters (at character 2 of the pattern)'],
  ['a{1,99999}', 'at most 65535 repetitions (at character 2 of the pattern)'],
  ['a\\', 'the pattern ends in a backslash: write \\\\ for one (at character 2 of the pattern)'],
  ['\\y', '\\y has no meaning here'],
  ['\\x{110000}', 'no character has this number: at most 10FFFF'],
  ['\\p{Nope}', 'there is no property Nope'],
  ['\\p', 'expected the name of a property in braces: \\p{L}'],
  ['a\\K', '\\K changes what is found, not whether: leave it out (at character 2 of the pattern)'],
  ['a\\R', '\\R is not supported: write (?:\\r\\n|\\n|\\r) (at character 2 of the pattern)'],
  ['(?>a)', 'atomic groups are not supported: write (?:…)'],
  ['a++a', 'this possessive repetition is not supported: write it without the last + (at character 2 of the pattern)'],
  ['(ab)++', 'this possessive repetition is not supported: write it without the last + (at character 5 of the pattern)'],
  ['(?(1)a|b)', 'conditional groups are not supported'],
  ['(?R)', 'recursion is not supported'],
  ['(?|a|b)', 'groups that reset their numbers are not supported: write (?:…)'],
  ['(*UTF)a', 'verbs of the engine are not supported'],
  ['(?U)a', 'no such group: (…), (?:…), (?<name>…), (?=…), (?!…), (?<=…), (?<!…) and flags are known'],
  ['(?n)a', 'the flag n is not supported: i, m, s and x are'],
  ['(?<a>x)(?<a>y)', 'two groups are named a (at character 8 of the pattern)'],
  ['\\1', 'there is no group 1'],
  ['(?i)(a)\\1', 'a back-reference without case is not supported (at character 8 of the pattern)'],
  ['(a)?\\1', 'a back-reference to a group that need not have been matched, or may be matched often, is not supported (at character 5 of the pattern)'],
  ['(?:(a)|b)\\1', 'a back-reference to a group that need not have been matched, or may be matched often, is not supported (at character 10 of the pattern)'],
  ['x.*[a-z]{600}y', 'a hostile value could keep this pattern busy for more than 50000000 steps, and it cannot be searched for in linear time, because with its counted repetitions written out it has 606 parts, more than 512: write smaller counts'],
  ['((a{50}){50}){50}', 'a hostile value could keep this pattern busy for more than 50000000 steps, and it cannot be searched for in linear time, because with its counted repetitions written out it has 127551 parts, more than 512: write smaller counts'],
  ['foo.*(?=bar.*baz)x', 'a hostile value could keep this pattern busy for more than 50000000 steps, and it cannot be searched for in linear time, because of its look-around: write {0,20} for * and {1,20} for +, begin it with ^, or leave the look-around out'],
  ['(a).*\\1b', 'a hostile value could keep this pattern busy for more than 50000000 steps, and it cannot be searched for in linear time, because of its back-reference: write {0,20} for * and {1,20} for +, begin it with ^, or leave the back-reference out'],
  [`${'('.repeat(100)}a${')'.repeat(100)}`, 'groups stand more than 60 deep (at character 61 of the pattern)'],
  ['a'.repeat(9000), 'the pattern is longer than 8192 characters (at character 8193 of the pattern)'],
];

describe('a pattern', () => {
  it.for(PROBLEMS)('%j is refused', ([pattern, problem]) => expect(regexProblem(pattern, '')).toBe(problem));
  it.for(['a', '', '(?i)a', 'a(?=b)', '^(?!.*x).*y', '(.)\\1'])('%j has no problem', (pattern) => expect(regexProblem(pattern, '')).toBeUndefined());
});
