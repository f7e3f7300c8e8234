import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { encodedAttack, scriptAttack, sqlAttack } from './attack-grammar.ts';

describe.each([['SQL', sqlAttack], ['script', scriptAttack]] as const)('composed attacks by %s', (_name, compose) => {
  test('are seldom the same, but the same for the same seed', () => {
    const made = (seed: number): readonly string[] => {
      const random = seededRandom(seed);
      return Array.from({ length: 2_000 }, () => compose(random));
    };
    expect(new Set(made(1)).size).toBeGreaterThan(1_600);
    expect(made(1)).toEqual(made(1));
  });

  test('stay within their parameter when encoded', () => {
    const random = seededRandom(2);
    for (let i = 0; i < 2_000; i++) expect(encodedAttack(random, compose(random))).not.toMatch(/[&?\s"<>]/);
  });
});
