import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../contracts/seeded-random.ts';
import { isCardNumber } from './issuers.ts';
import { labelledOtherwise } from './number-label.ts';
import { PAYMENT_VALIDATORS } from './payment-validators.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);

/** What the validator takes of the part between brackets. */
function taken(name: string, text: string): string | undefined {
  const start = text.indexOf('[');
  const end = text.indexOf(']') - 1;
  const bare = text.replace('[', '').replace(']', '');
  const span = PAYMENT_VALIDATORS[name]?.(bare, { start, end }, 'message');
  return span === undefined ? undefined : bare.slice(span.start, span.end);
}

describe('card', () => {
  test.each([
    ['[4111 1111 1111 1111]', '4111 1111 1111 1111'], ['[4111111111111111 12]', '4111111111111111'], ['[378282246310005]', '378282246310005'], ['[3782-822463-10005]', '3782-822463-10005'], ['-[4111111111111111]', '4111111111111111'], ['card [4111.1111.1111.1111].', '4111.1111.1111.1111'],
    ['[4111111111111112]', undefined], ['1[4111111111111111]', undefined], ['[4111111111111111]1', undefined], ['0.[4111111111111111]', undefined], ['x[4111111111111111]', undefined], ['_[4111111111111111]', undefined], ['[4111111111111111]_', undefined], ['[4222222222222]', undefined], ['[2131111111111117]', undefined],
    ['[4111111111111111].00', undefined], ['[41 11 1111 1111 11 11]', undefined], ['[4111 1111-1111 1111]', undefined], ['tracking: [4111111111111111]', undefined], ['1234-[4111111111111111]', undefined],
  ])('takes of %s %s', (text, expected) => {
    expect(taken('card', text)).toBe(expected);
  });

  test('is no end of an account in groups of four, but may follow another card', () => {
    expect(taken('card', 'DE24 [4111 1111 1111 1111] 00')).toBeUndefined();
    expect(taken('card', '9400 [4111 1111 1111 1111] 00')).toBeUndefined();
    expect(taken('card', '5555 5555 5555 4444 [4111 1111 1111 1111]')).toBe('4111 1111 1111 1111');
  });

  test('of 12 or 13 digits is for a signature with context', () => {
    expect([taken('short-card', 'visa [4222222222222]'), taken('short-card', 'visa [4111111111111111]'), taken('short-card', 'order [4222222222222]')]).toEqual(['4222222222222', undefined, undefined]);
  });

  test(`of random numbers that begin like one a tenth passes, seed ${SEED}`, () => {
    const random = seededRandom(SEED);
    const share = Array.from({ length: 5_000 }, () => isCardNumber(`4${random.digits(15)}`)).filter(Boolean).length / 5_000;
    expect(share).toBeGreaterThan(0.08);
    expect(share).toBeLessThan(0.12);
    expect(Array.from({ length: 5_000 }, () => isCardNumber(`1${random.digits(15)}`)).filter(Boolean)).toEqual([]);
  });
});

describe('a number is labelled otherwise', () => {
  test.each(['order #', 'Order number: ', 'tracking_id=', '"sku":"', 'FedEx ', 'trackingNumber: ', 'IMEI ', 'id: ', 'ts='])('behind %j', (label) => {
    expect(labelledOtherwise(`${label}4111`, label.length)).toBe(true);
  });

  test.each(['card ', 'paid order 4711 by card ', 'pan=', 'number: ', '', 'hotels ', 'valid '])('and not behind %j', (label) => {
    expect(labelledOtherwise(`${label}4111`, label.length)).toBe(false);
  });
});

describe('beside and behind cards', () => {
  test.each([['4111 1111 1111 1111 exp [12/27]', '12/27'], ['4111 1111 1111 1112 exp [12/27]', undefined], ['on [12/27]', undefined]])('of %s the expiry date is %s', (text, expected) => {
    expect(taken('beside-card', text)).toBe(expected);
  });

  test.each([['[;4111111111111111=25121010000012300000]', true], ['[;4111111111111112=25121010000012300000]', false], ['[;4111111111111111=25131010000012300000]', false], ['[B4111111111111111^DOE/JOHN^2512101]', true]])('%s is a stripe: %s', (text, stripe) => {
    expect(taken('track', text) !== undefined).toBe(stripe);
  });

  test.each([['cvv: [123]', true], ['cvv code [123]', true], ['[123]', true], ['cvv error [123]', false], ['cvv, page [123]', false], ['cvv must have [3]', false]])('%s is a code: %s', (text, code) => {
    expect(taken('verification-code', text) !== undefined).toBe(code);
  });
});

describe('banks', () => {
  test.each([['[021000021]', true], ['[011000015]', true], ['[123456789]', false], ['[991000021]', false]])('%s is a routing number: %s', (text, found) => {
    expect(taken('routing-number', text) !== undefined).toBe(found);
  });

  test.each([['account number [000123456789]', true], ['account [20261121]', false], ['account [111111]', false], ['account of order [123456789]', false]])('%s is an account: %s', (text, found) => {
    expect(taken('account-number', text) !== undefined).toBe(found);
  });
});
