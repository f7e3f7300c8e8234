import { expect, test } from 'vitest';
import { parseRegex } from '../regex/parse-regex.ts';
import { literalSetsOf } from './regex-literals.ts';

const setsOf = (pattern: string, flags = ''): readonly string[] => literalSetsOf(parseRegex(pattern, flags)).map((set) => set.join(' | '));

test.each([
  ['select', ['select']],
  ['[Ss]el(?:ect)+ion', ['ect', 'select', 'ection']],
  ['cmd(\\.exe)?', ['cmd | cmd.exe']],
  ['(wget|curl)\\s+http', ['wget | curl', 'http']],
  ['^/etc/(passwd|shadow)$', ['/etc/passwd | /etc/shadow']],
  ['\\\\[a-z]{3}\\.tmp', ['\\', '.tmp']],
  ['a{3}b*c', ['aaa', 'c']],
  ['x(ab|cd){2,}y', ['xabab | xabcd | xcdab | xcdcd', 'abab | abcd | cdab | cdcd', 'ababy | abcdy | cdaby | cdcdy']],
  ['(?=.*union)select', ['union', 'select']],
  ['(?!.*union)select', ['select']],
  ['x|.*', []],
  ['(?:foo)*', []],
  ['foo|[0-9]+bar', ['foo | bar']],
  ['größe', ['gr', 'e']],
  ['.', []],
  ['', []],
])('%s: %j', (pattern, sets) => {
  expect(setsOf(pattern).toSorted()).toStrictEqual(sets.toSorted());
});

test('without case texts are folded, and units beyond ASCII that fold to no letter of it end a text', () => {
  expect(setsOf('SeLeCt', 'i')).toStrictEqual(['select']);
  expect(setsOf('ſelect', 'i')).toStrictEqual(['elect']);
});

test('what could be very many texts is not followed', () => {
  expect(setsOf('[a-h][a-h][a-h]x').every((set) => set.split(' | ').length <= 24)).toBe(true);
  expect(setsOf('(a|b)(c|d)(e|f)(g|h)(i|j)(k|l)').every((set) => set.split(' | ').length <= 24)).toBe(true);
});

test('repetitions of repetitions do not multiply what is told', () => {
  expect(setsOf('((((abc.){60}x){60}y){60}z){60}').length).toBeLessThan(2_000);
});
