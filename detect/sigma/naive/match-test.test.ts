import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../event/field-value.ts';
import { ANY } from '../rule.ts';
import type { Test, TextPart } from '../rule.ts';
import { passes } from './match-test.ts';

function text(parts: readonly TextPart[], cased = false): Test {
  return { kind: 'text', parts, cased };
}

function holds(test: Test, value: FieldValue | undefined, others: Readonly<Record<string, FieldValue>> = {}): boolean {
  return passes(test, false, value, { other: (field) => others[field], views: () => [] });
}

const TESTS: readonly (readonly [claim: string, test: Test, value: FieldValue | undefined, passed: boolean])[] = [
  ['a number is its text', text(['4625']), 4625, true],
  ['a fraction is its text', text(['0.5']), 0.5, true],
  ['a boolean is its text', text(['TRUE']), true, true],
  ['null has no text', text(['null']), null, false],
  ['null has no text for a wildcard', text([ANY]), null, false],
  ['an absent field has no text', text([ANY]), undefined, false],
  ['an empty text has', text([ANY]), '', true],
  ['an object has no text', text([ANY]), [], false],
  ['any value of a list', text(['b']), ['a', 1, 'B'], true],
  ['no value of a list', text(['b']), ['a', 1, null], false],
  ['the Kelvin sign is no k', text(['k']), '\u212a', false],
  ['the Kelvin sign is itself', text(['\u212a']), '\u212a', true],
  ['ß is not ss', text(['ss']), 'ß', false],
  ['cased', text(['a'], true), 'A', false],
  ['a regex on a number', { kind: 'regex', pattern: '^46', flags: '' }, 4625, true],
  ['a regex in a list', { kind: 'regex', pattern: '^b', flags: '' }, ['a', 'b'], true],
  ['a number in a text', { kind: 'number', comparison: 'gt', value: 9 }, '10', true],
  ['no number', { kind: 'number', comparison: 'gt', value: 9 }, '10x', false],
  ['a number in a list', { kind: 'number', comparison: 'lte', value: 9 }, [10, 9], true],
  ['a number that differs', { kind: 'number', comparison: 'neq', value: 9 }, 10, true],
  ['null is null', { kind: 'null' }, null, true],
  ['absent is null', { kind: 'null' }, undefined, true],
  ['a list with null is null', { kind: 'null' }, ['a', null], true],
  ['an object is not null', { kind: 'null' }, [], false],
  ['null exists', { kind: 'exists', exists: true }, null, true],
  ['an object exists', { kind: 'exists', exists: true }, [], true],
  ['absent does not', { kind: 'exists', exists: false }, undefined, true],
  ['an address in a list', { kind: 'cidr', network: '10.0.0.0/8' }, ['x', '10.1.1.1'], true],
  ['an hour', { kind: 'time', part: 'hour', comparison: 'gte', value: 22 }, '2026-11-21T22:00:00+05:00', true],
  ['an hour of no date', { kind: 'time', part: 'hour', comparison: 'gte', value: 0 }, 'midnight', false],
];

describe('a test', () => {
  it.for(TESTS)('%s', ([, test, value, passed]) => expect(holds(test, value)).toBe(passed));

  it.for([
    ['equals', 'Bob', 'bob', true], ['equals', 4, '4', true], ['contains', 'su bob -c', 'BOB', true], ['startswith', '/bin/ls -l', '/bin/ls', true], ['endswith', '/x/tool', 'tool', true], ['endswith', '/x/tool2', 'tool', false],
    ['equals', ['a', 'b'], ['c', 'B'], true], ['equals', null, null, false], ['contains', 'a', '', true],
  ] as const)('another field: %s, %j and %j: %s', ([how, value, other, passed]) => expect(holds({ kind: 'fieldref', other: 'o', how, cased: false }, value, { o: other })).toBe(passed));

  it('of a decoded field holds when it does for the value or a view of it', () => {
    const context = { other: () => undefined, views: (value: string) => (value === '%61' ? ['a'] : []) };
    expect([passes(text(['a']), true, '%61', context), passes(text(['%61']), true, '%61', context), passes(text(['a']), false, '%61', context), passes(text(['a']), true, ['x', '%61'], context)]).toEqual([true, true, false, true]);
  });
});
