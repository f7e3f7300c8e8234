import { describe, expect, test } from 'vitest';
import { BY_SITE } from '../../contracts/observation.ts';
import type { FieldValue } from '../sigma/event/field-value.ts';
import { atLeast, correlation, groupBy } from './correlation-fixture.ts';
import { createObserver } from './observer.ts';

function reader(event: Readonly<Record<string, FieldValue>>) {
  return (field: string): FieldValue | undefined => (Object.hasOwn(event, field) ? event[field] : undefined);
}

const LOCAL = correlation({ id: 'local', rules: ['a', 'b'], groupBy: [{ name: 'ip', of: { a: 'source.ip', b: 'client.ip' } }], type: 'value_count', condition: atLeast(2, ['user.name']) });
const ACROSS = correlation({ id: 'across', rules: ['a'], groupBy: groupBy(['source.ip'], ['a']), type: 'value_count', condition: atLeast(2, ['tourniquet.site']), options: { class: '', scope: 'deployment' } });

describe('what correlations have to be told', () => {
  test('are the fields they read, under the names of the rule', () => {
    const observer = createObserver([LOCAL, ACROSS]);
    expect(observer.fieldsFor('a')).toEqual(['source.ip', 'user.name']);
    expect(observer.fieldsFor('b')).toEqual(['client.ip', 'user.name']);
    expect(observer.fieldsFor('c')).toBeUndefined();
  });

  test('is one observation of the site, and one for each group across sites', () => {
    const observer = createObserver([LOCAL, ACROSS]);
    expect(observer.observe('a', 'shop', reader({ 'source.ip': ['x', 'y'], 'user.name': 'u', more: 1 }))).toEqual([
      { by: BY_SITE, value: 'shop', fields: { 'source.ip': ['x', 'y'], 'user.name': 'u' } },
      { by: 'across', value: 'x', fields: { 'source.ip': ['x', 'y'] } },
      { by: 'across', value: 'y', fields: { 'source.ip': ['x', 'y'] } },
    ]);
    expect(observer.observe('c', 'shop', reader({}))).toEqual([]);
  });

  test('is nothing across sites of an event without the field', () => {
    expect(createObserver([ACROSS]).observe('a', 'shop', reader({ 'source.ip': null }))).toEqual([]);
    expect(createObserver([LOCAL]).observe('a', 'shop', reader({}))).toEqual([{ by: BY_SITE, value: 'shop', fields: {} }]);
  });

  test('holds what a correlation rests on, and not one observation twice', () => {
    const inner = correlation({ id: 'inner', rules: ['a'], groupBy: groupBy(['source.ip'], ['a']), standalone: false, options: ACROSS.options });
    const outer = correlation({ id: 'outer', rules: ['inner', 'a'], groupBy: groupBy(['source.ip'], ['inner', 'a']), options: ACROSS.options });
    expect(createObserver([inner, outer]).observe('a', 'shop', reader({ 'source.ip': 'x' }))).toEqual([{ by: 'outer', value: 'x', fields: { 'source.ip': 'x' } }]);
  });

  test('is bounded, however long lists and values are', () => {
    const [told, ...across] = createObserver([LOCAL, ACROSS]).observe('a', 'shop', reader({ 'source.ip': Array.from({ length: 1_000 }, (_, i) => `${i}`), 'user.name': 'x'.repeat(40_000) }));
    expect(across).toHaveLength(64);
    expect(JSON.stringify(told).length).toBeLessThan(1_000);
  });
});
