import { expect, test } from 'vitest';
import { type Random, seededRandom } from '../../contracts/seeded-random.ts';
import { assignSticky, type Claim } from './sticky-assigner.ts';

function claim(memberId: string, owned: readonly number[], generation = 1): Claim {
  return { memberId, generation, owned };
}

function assigned(claims: readonly Claim[], partitions: number): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(assignSticky(claims, partitions));
}

test('one member gets everything', () => {
  expect(assigned([claim('a', [])], 3)).toEqual({ a: [0, 1, 2] });
});

test('a second member gets half, and nothing else moves', () => {
  expect(assigned([claim('a', [0, 1, 2, 3]), claim('b', [])], 4)).toEqual({ a: [0, 1], b: [2, 3] });
});

test('what a dead member owned goes to the others, who keep theirs', () => {
  expect(assigned([claim('a', [0, 3]), claim('c', [2, 5])], 6)).toEqual({ a: [0, 1, 3], c: [2, 4, 5] });
});

test('more members than partitions leave some without', () => {
  expect(assigned([claim('a', [1]), claim('b', [0]), claim('c', [])], 2)).toEqual({ a: [1], b: [0], c: [] });
});

test('one that was away claims in vain what was given to another since', () => {
  expect(assigned([claim('zombie', [0, 1], 4), claim('b', [0, 1, 2, 3], 5)], 4)).toEqual({ b: [0, 1], zombie: [2, 3] });
});

test('claims of partitions that do not exist are ignored', () => {
  expect(assigned([claim('a', [-1, 7, 1.5, 0, 0])], 2)).toEqual({ a: [0, 1] });
});

test('any group, whatever it claims, is shared out evenly, deterministically and with the fewest moves', () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  const random = seededRandom(seed);
  for (let round = 0; round < 3_000; round++) {
    const partitions = 1 + random.below(40);
    const claims = randomClaims(random, partitions);
    const result = assignSticky(claims, partitions);
    const why = `SEED=${seed} round ${round}: ${JSON.stringify({ partitions, claims })}`;
    const counts = [...result.values()].map((owned) => owned.length);
    expect([...result.values()].flat().toSorted((a, b) => a - b), why).toEqual(Array.from({ length: partitions }, (_, p) => p));
    expect(Math.max(...counts) - Math.min(...counts), why).toBeLessThanOrEqual(1);
    expect(Object.fromEntries(assignSticky(claims.toReversed(), partitions)), why).toEqual(Object.fromEntries(result));
    expect(movesOf(claims, result), why).toBe(fewestMoves(claims, partitions));
  }
});

/** Disjoint claims of one generation, some partitions with no owner. */
function randomClaims(random: Random, partitions: number): readonly Claim[] {
  const members = Array.from({ length: 1 + random.below(9) }, (_, i) => ({ memberId: `m${random.below(1_000)}-${i}`, generation: 1, owned: [] as number[] }));
  const few = 1 + random.below(members.length);
  for (let p = 0; p < partitions; p++) if (random.below(5) > 0) members[random.below(few)]?.owned.push(p);
  return members;
}

function movesOf(claims: readonly Claim[], result: ReadonlyMap<string, readonly number[]>): number {
  return claims.reduce((sum, { memberId, owned }) => sum + owned.filter((p) => result.get(memberId)?.includes(p) !== true).length, 0);
}

/** By trying every way to hand out the larger shares. */
function fewestMoves(claims: readonly Claim[], partitions: number): number {
  const share = Math.floor(partitions / claims.length);
  let fewest = Infinity;
  for (let larger = 0; larger < 2 ** claims.length; larger++) {
    const shares = claims.map((_, i) => share + ((larger >> i) & 1));
    if (shares.reduce((a, b) => a + b) === partitions) fewest = Math.min(fewest, claims.reduce((sum, { owned }, i) => sum + Math.max(0, owned.length - (shares[i] ?? 0)), 0));
  }
  return fewest;
}
