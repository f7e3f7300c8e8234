import { describe, expect, test } from 'vitest';
import type { Provenance } from '../contracts/provenance.ts';
import { recoverableValues } from './recoverable-values.ts';

const token = (letter: string): string => letter.repeat(24);
const [A, B, C] = [token('a'), token('b'), token('c')];

function subjectsOf(event: unknown, provenance: Provenance = 'plugin'): readonly string[] | undefined {
  const values = recoverableValues(provenance);
  values.add([{ token: A, value: 'x' }], event);
  return values.all()[0]?.subjects;
}

describe('what may be asked for', () => {
  test('is told once, with the persons of all its events that are about one', () => {
    const values = recoverableValues('plugin');
    values.add([{ token: A, value: 'first' }, { token: B, value: 'other' }], { subjects: [{ type: 'patient', token: B }] });
    values.add([{ token: A, value: 'second' }], { subjects: [{ type: 'patient', token: C }] });
    expect(values.all()).toEqual([{ token: A, value: 'first', subjects: [B, C] }, { token: B, value: 'other', subjects: [] }]);
  });

  test('is nobody\'s of an event that names several, for erasing one would take the values of the others along', () => {
    expect(subjectsOf({ subjects: [{ type: 'customer', token: B }, { type: 'customer', token: C }] })).toEqual([]);
  });

  test('is about nobody else when it is the person itself', () => {
    expect(subjectsOf({ subjects: [{ type: 'customer', token: A }] })).toEqual([]);
  });

  test.each([
    ['nobody', {}], ['one that is no list', { subjects: { type: 'user', token: B } }, [B]], ['names in the place of tokens', { subjects: [{ type: 'user', token: 'jane' }, 'jane', null, 7, {}] }],
    ['no object', [1]], ['nothing', null],
  ])('is about whom a chained event names: %s', (_name, event, expected: readonly string[] = []) => {
    expect(subjectsOf(event)).toEqual(expected);
  });

  test.each(['gateway', 'ingress', 'system'] as const)('is about nobody a %s event names', (provenance) => {
    expect(subjectsOf({ subjects: [{ type: 'user', token: B }] }, provenance)).toEqual([]);
  });
});
