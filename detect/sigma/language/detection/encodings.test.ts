import { expect, it } from 'vitest';
import { seededRandom } from '../../../../contracts/seeded-random.ts';
import { ANY } from '../../rule.ts';
import { dashVariants, encoded } from './encodings.ts';
import { joined, textPattern, withPlaceholders } from './text-pattern.ts';

it('base64offset gives what stands in the base64 of any text around, wherever it begins', () => {
  const seed = 20_250_802;
  const random = seededRandom(seed);
  const bytes = (most: number): Buffer => Buffer.from(Array.from({ length: random.below(most) }, () => random.below(256)));
  for (let round = 0; round < 2000; round++) {
    const text = Buffer.from(`${random.pick(['http://', 'é', 'IEX '])}${bytes(9).toString('hex')}`);
    const before = bytes(20);
    const whole = Buffer.concat([before, text, bytes(20)]).toString('base64');
    const offsets = encoded([text.toString()], ['base64offset']);
    if (typeof offsets === 'string') throw new TypeError(offsets);
    const fitting = String(offsets[before.length % 3]?.[0]);
    expect(whole, `seed ${seed}, round ${round}`).toContain(fitting);
    // Nothing that is known is left out: one character more on either side depends on the bytes around.
    expect(fitting.length, `seed ${seed}, round ${round}`).toBe(Math.floor(((before.length % 3) + text.length) * 8 / 6) - Math.ceil((before.length % 3) * 8 / 6));
  }
});

it('dashes that begin a word are varied, each by itself', () => {
  expect(dashVariants(['-a /b'])).toHaveLength(25);
  expect(dashVariants(['-a-b'])?.map((parts) => parts[0])).toEqual(['-a-b', '/a-b', '\u2013a-b', '\u2014a-b', '\u2015a-b']);
  expect(dashVariants([ANY, '-', ANY])).toEqual([[ANY, '-', ANY]]);
  expect(dashVariants([ANY, ' --', ANY, '-x'])).toHaveLength(5);
  expect(dashVariants(['-a-b -c -d -e'])).toHaveLength(625);
  expect(dashVariants(['-a -b -c -d -e'])).toBeUndefined();
});

it('a text is its parts and its parts are a text, whatever is escaped', () => {
  const seed = 4;
  const random = seededRandom(seed);
  for (let round = 0; round < 3000; round++) {
    const literal = Array.from({ length: random.below(8) }, () => random.pick(['\\', '*', '?', 'a', '%'])).join('');
    const written = literal.replaceAll(/[\\*?]/g, '\\$&');
    expect(textPattern(written), `seed ${seed}, round ${round}`).toEqual(literal === '' ? [] : [literal]);
    const parts = textPattern(literal);
    expect(joined(parts)).toEqual(parts);
    const expanded = withPlaceholders(literal).map((part) => (typeof part === 'string' ? part : `%${part.placeholder}%`)).join('');
    expect(expanded).toBe(literal.replaceAll(/\\\\|\\%/g, (escape) => (escape === '\\%' ? '%' : escape)));
  }
});
