import { expect, it } from 'vitest';
import { printed } from '../printed.suite.ts';
import { rulesOf, conditionWith } from '../told.suite.ts';

/** What is written, and what it means. */
const CASES: readonly (readonly [string, string])[] = [
  ['a', 'f:"1"'],
  ['a and b', '(f:"1" & f:"2")'],
  ['a or b', '(f:"1" | f:"2")'],
  ['not a', '!f:"1"'],
  ['a or b and sel_1', '(f:"1" | (f:"2" & f:"3"))'],
  ['a and b or sel_1', '((f:"1" & f:"2") | f:"3")'],
  ['(a or b) and sel_1', '((f:"1" | f:"2") & f:"3")'],
  ['not a and b', '(!f:"1" & f:"2")'],
  ['not (a and b)', '!(f:"1" & f:"2")'],
  ['not not a', '!!f:"1"'],
  ['NOT a AND b OR sel_1', '((!f:"1" & f:"2") | f:"3")'],
  ['1 of sel_*', '(f:"3" | f:"4")'],
  ['all of sel_*', '(f:"3" & f:"4")'],
  ['any of sel_*', '(f:"3" | f:"4")'],
  ['1 of them', '(f:"1" | f:"2" | f:"3" | f:"4")'],
  ['all of them', '(f:"1" & f:"2" & f:"3" & f:"4")'],
  ['ALL OF THEM', '(f:"1" & f:"2" & f:"3" & f:"4")'],
  ['1 of *', '(f:"1" | f:"2" | f:"3" | f:"4")'],
  ['1 of s*_2', 'f:"4"'],
  ['1 of a', 'f:"1"'],
  ['not 1 of sel_*', '!(f:"3" | f:"4")'],
  ['1 of sel_* and not all of *b', '((f:"3" | f:"4") & !f:"2")'],
  ['_c', 'f:"5"'],
  ['a and _c', '(f:"1" & f:"5")'],
  ['[a, b]', '(f:"1" | f:"2")'],
  ['[a and b, not sel_1]', '((f:"1" & f:"2") | !f:"3")'],
  ['((a))', 'f:"1"'],
  ['(a)and(b)', '(f:"1" & f:"2")'],
  ['a and\n    b', '(f:"1" & f:"2")'],
  ['>-\n    a\n    or b', '(f:"1" | f:"2")'],
];

it.each(CASES)('the condition %j means %s', (written, meaning) => {
  expect(rulesOf(conditionWith(written)).detections.map(({ condition }) => printed(condition))).toEqual([meaning]);
});
