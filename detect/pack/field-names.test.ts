import { expect, test } from 'vitest';
import type { Signature } from '../../contracts/pack.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { decodeTokens, rulesOf } from '../mask/exact-match.ts';
import { lineTest } from './field-names.ts';

const SEED = Number(process.env['SEED'] ?? 20261121);
const ANYWHERE: Signature = { id: 'tourniquet.test.fields', title: 'Fields', level: 'low', class: 'pii.address', pattern: '[a-z]{2,9}', source: 'a test', falsePositives: [], positive: [], negative: [] };
const [rule] = rulesOf([{ ...ANYWHERE, fields: ['street', '*.street', 'billing.city', '*.address_1'] }]);
const looksAt = rule?.looksAt ?? (() => false);
const mayStandIn = rule?.mayStandIn ?? (() => true);

test.each([
  ['{"fields":["street","billing_address_1"],"action":"street: x"}', false],
  ['{"message":"street","streets":"x","address_10":"x"}', false],
  ['{"a":{"street":"x"}}', true],
  ['{"a":[{"city" \t: ["x"]}]}', true],
  ['{"\\u0073treet":"x"}', true],
  [`{"a.street${'x'.repeat(1100)}":"x"}`, true],
])('%s may have a field that is looked at: %s', (line, may) => expect(mayStandIn(line)).toBe(may));

test.each([[undefined], [['street', 'billing.*']], [['*.(key)']]])('nothing is known beforehand of fields %j', (fields) => {
  expect(lineTest(fields === undefined ? ANYWHERE : { ...ANYWHERE, fields })).toBeUndefined();
});

test(`no line with a field that is looked at is passed over, seed ${SEED}`, () => {
  const random = seededRandom(SEED);
  const keys = ['street', 'a.street', 'city', 'billing', 'billing.city', 'address_1', 'x', `street${'y'.repeat(1030)}`, `${'z'.repeat(1017)}.street`, `${'z'.repeat(1017)}.streets`];
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T; // no list is empty
  const key = (): string => {
    const text = pick(keys);
    return `"${random() < 0.1 ? `\\u00${text.charCodeAt(0).toString(16)}${text.slice(1)}` : text}"${pick(['', '', ' ', '\t '])}:`;
  };
  const value = (depth: number): string => {
    const kind = depth > 2 ? 0 : random();
    if (kind < 0.4) return pick(['"street"', '"lane"', '12', '"\\n"']);
    if (kind < 0.6) return `[${value(depth + 1)},${value(depth + 1)}]`;
    return `{${key()}${value(depth + 1)}}`;
  };
  const seen = { looked: 0, passed: 0 };
  for (let i = 0; i < 20_000; i++) {
    const line = `{${key()}${value(0)}}`;
    if (decodeTokens(line).some(({ token }) => looksAt(token.field))) {
      seen.looked++;
      expect(mayStandIn(line), line).toBe(true);
    } else if (!mayStandIn(line)) seen.passed++;
  }
  expect(seen.looked).toBeGreaterThan(5_000);
  expect(seen.passed).toBeGreaterThan(1_000);
});
