import { expect, it } from 'vitest';
import type { Problem } from '../rule.ts';
import { harmless, printProblems } from './print-problems.ts';

function problemAt(line: number, column: number, length: number, hint?: string): Problem {
  return { place: { file: 'dir/rule.yml', line, column, length }, message: 'this is wrong', ...(hint === undefined ? {} : { hint }) };
}

const FILE = { file: 'dir/rule.yml', text: 'title: t\n\tdetecton: {}\r\nlast' };

it('shows place, line, carets and what is expected', () => {
  expect(printProblems([problemAt(2, 2, 8, 'did you mean `detection`?')], [FILE])).toBe([
    'dir/rule.yml:2:2: this is wrong',
    '  2 |  detecton: {}',
    '    |  ^^^^^^^^',
    '    = did you mean `detection`?',
  ].join('\n'));
});

it('shows the last line, and a place behind it', () => {
  expect(printProblems([problemAt(3, 5, 1)], [FILE])).toBe('dir/rule.yml:3:5: this is wrong\n  3 | last\n    |     ^');
});

it('leaves the excerpt out when it does not have the text', () => {
  expect(printProblems([problemAt(1, 1, 1, 'write it')], [])).toBe('dir/rule.yml:1:1: this is wrong\n  = write it');
  expect(printProblems([problemAt(9, 1, 1)], [FILE])).toBe('dir/rule.yml:9:1: this is wrong');
});

it('shows the part of a long line that matters', () => {
  const text = `${'a'.repeat(1000)}HERE${'b'.repeat(1000)}`;
  const [, excerpt = '', carets = ''] = printProblems([problemAt(1, 1001, 4)], [{ file: 'dir/rule.yml', text }]).split('\n');
  expect(excerpt).toMatch(/^ {2}1 \| …a+HEREb+…$/);
  expect(excerpt.length).toBeLessThan(120);
  expect(excerpt.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('HERE');
});

it('shows so many, and counts the rest', () => {
  const printed = printProblems(Array.from({ length: 60 }, () => problemAt(1, 1, 5)), [FILE]);
  expect(printed.match(/this is wrong/g)).toHaveLength(50);
  expect(printed.endsWith('\nand 10 more')).toBe(true);
  expect(printProblems([], [FILE])).toBe('');
});

it('lets nothing through that steers a terminal or turns text around', () => {
  const file = { file: 'ru\u001b[2Jle.yml', text: 'title: \u001b]0;owned\u0007\u202egnp\u0000\u009b31m' };
  const printed = printProblems([{ place: { file: file.file, line: 1, column: 8, length: 30 }, message: 'no `\u001b[31m`', hint: 'not \r\u2028this' }], [file]);
  expect(printed).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(printed.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  expect(harmless('ü€😀 ok')).toBe('ü€😀 ok');
});
