import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { readScopeRequest } from './scope-request.ts';

const GOOD = { site: 'shop', seed: { kind: 'actor', value: 'anna' }, fromMs: 1, toMs: 2 };

describe('a question as JSON', () => {
  test('is read with what it leaves out', () => {
    expect(readScopeRequest(GOOD)).toEqual({ ...GOOD, leastConfidence: 0.5 });
    const full = { ...GOOD, leastConfidence: 0.9, confidences: { 'session-alike': 0.1 }, innocent: [{ kind: 'address', value: '192.0.2.1' }, { kind: 'session', value: 's', at: '192.0.2.1' }] };
    expect(readScopeRequest(full)).toEqual(full);
  });

  test.each([
    ['no object', [], /is an object/], ['null', null, /is an object/], ['an unknown name', { ...GOOD, sites: 'x' }, /takes site/], ['a wrong site', { ...GOOD, site: 'Shop' }, /^site must/],
    ['a wrong seed', { ...GOOD, seed: { kind: 'host', value: 'x' } }, /^seed is/], ['a seed with more', { ...GOOD, seed: { kind: 'actor', value: 'x', of: 1 } }, /^seed is/], ['an empty value', { ...GOOD, seed: { kind: 'actor', value: '' } }, /^seed is/],
    ['a long value', { ...GOOD, seed: { kind: 'actor', value: 'x'.repeat(513) } }, /^seed is/], ['a NUL', { ...GOOD, seed: { kind: 'actor', value: 'a\0' } }, /^seed is/], ['half a character', { ...GOOD, seed: { kind: 'actor', value: '\ud800' } }, /^seed is/],
    ['times as text', { ...GOOD, fromMs: '1' }, /Unix milliseconds/], ['times turned', { ...GOOD, toMs: 1 }, /Unix milliseconds/], ['a part of a millisecond', { ...GOOD, toMs: 2.5 }, /Unix milliseconds/], ['years', { ...GOOD, toMs: 1e12 }, /at most 400 days/],
    ['a share beyond one', { ...GOOD, leastConfidence: 1.1 }, /from 0 to 1/], ['no number', { ...GOOD, leastConfidence: Number.NaN }, /from 0 to 1/],
    ['an unknown reason', { ...GOOD, confidences: { because: 1 } }, /by reason: seed/], ['the prototype', JSON.parse('{"site":"shop","seed":{"kind":"actor","value":"a"},"fromMs":1,"toMs":2,"confidences":{"__proto__":1}}'), /by reason/],
    ['someone of no kind', { ...GOOD, innocent: [{ kind: 'alert', value: 'x' }] }, /^innocent is/], ['too many', { ...GOOD, innocent: Array.from({ length: 1_001 }, () => ({ kind: 'actor', value: 'x' })) }, /^innocent is/],
  ])('with %s is refused, and the value not repeated', (_what, input, problem) => {
    expect(readScopeRequest(input)).toEqual({ problem: expect.stringMatching(problem) });
  });

  test('of any shape is read or refused', () => {
    const seed = Date.now() % 1_000_000;
    const random = seededRandom(seed);
    const any = (depth: number): unknown => {
      const kind = random.below(depth > 3 ? 5 : 8);
      if (kind === 0) return null;
      if (kind === 1) return random.pick([true, Number.NaN, -1, 0.5, 2 ** 53, 17]);
      if (kind < 5) return random.pick(['shop', 'actor', 'address', '', '__proto__', 'x\n', '\ud800']);
      if (kind === 5) return Array.from({ length: random.below(4) }, () => any(depth + 1));
      return Object.fromEntries(Array.from({ length: random.below(5) }, () => [random.pick(['site', 'seed', 'kind', 'value', 'fromMs', 'toMs', 'innocent', 'confidences', 'constructor', 'at']), any(depth + 1)]));
    };
    for (let i = 0; i < 5_000; i++) {
      const read = readScopeRequest(any(0));
      if ('problem' in read) expect(read.problem, `seed ${seed}`).not.toBe('');
      else expect(read.fromMs, `seed ${seed}`).toBeLessThan(read.toMs);
    }
  });
});
