import { describe, expect, it } from 'vitest';
import { foldCase } from '../fold-case.ts';
import { complement, EVERY_UNIT, hasUnit, intersects, union, withoutCase } from './unit-set.ts';

describe('a set of units', () => {
  it('joins ranges that touch', () => expect(union([[5, 9]], [[1, 2], [10, 12]], [[3, 3]])).toEqual([[1, 3], [5, 12]]));
  it('has a complement that gives it back', () => expect(complement(complement([[0, 3], [7, 7], [0xffff, 0xffff]]))).toEqual([[0, 3], [7, 7], [0xffff, 0xffff]]));
  it('may be empty or everything', () => expect([complement([]), complement(EVERY_UNIT)]).toEqual([EVERY_UNIT, []]));
  it('knows its units', () => expect([0, 1, 2, 5, 6].map((unit) => hasUnit([[1, 2], [5, 5]], unit))).toEqual([false, true, true, true, false]));
  it('knows whether it shares units', () => expect([intersects([[1, 5]], [[5, 9]]), intersects([[1, 4]], [[5, 9]])]).toEqual([true, false]));

  it('without case holds just what folds alike', () => {
    for (const text of ['k', 'K', 'ſ', 'é', 'Σ', 'σ', 'ς', 'İ', 'ß', 'ǅ']) {
      const set = withoutCase([[text.charCodeAt(0), text.charCodeAt(0)]]);
      for (let unit = 0; unit < 0x3000; unit++) expect(hasUnit(set, unit)).toBe(foldCase(String.fromCharCode(unit)) === foldCase(text));
    }
  });

  it('without case is the same for large sets as for small ones', () => {
    const large = withoutCase([[0x61, 0x7a], [0x400, 0x4ff], [0x2000, 0x2fff]]);
    expect(large).toEqual(union(withoutCase([[0x61, 0x7a]]), withoutCase([[0x400, 0x47f]]), withoutCase([[0x480, 0x4ff]]), ...Array.from({ length: 16 }, (_, i) => withoutCase([[0x2000 + i * 256, 0x20ff + i * 256]]))));
  });
});
