import { describe, expect, test } from 'vitest';
import { email } from './email.ts';
import { entropy, entropyOf } from './entropy.ts';
import { passesLuhn } from './luhn.ts';
import { ssn } from './ssn.ts';
import type { Validator } from './span.ts';

/** What the validator takes of the part between brackets. */
function taken(validate: Validator, text: string): string | undefined {
  const start = text.indexOf('[');
  const end = text.indexOf(']') - 1;
  const bare = text.replace('[', '').replace(']', '');
  const span = validate(bare, { start, end }, 'message');
  return span === undefined ? undefined : bare.slice(span.start, span.end);
}

describe('passesLuhn', () => {
  test('a wrong digit anywhere fails the sum', () => {
    const card = '5555555555554444';
    expect(passesLuhn(card)).toBe(true);
    for (let i = 0; i < card.length; i++) {
      const changed = `${card.slice(0, i)}${(Number(card[i]) + 1) % 10}${card.slice(i + 1)}`;
      expect(passesLuhn(changed)).toBe(false);
    }
  });
});

describe('ssn', () => {
  test.each([['[536-22-1234]', '536-22-1234'], ['[536 22 1234]', '536 22 1234'], ['[536-22 1234]', undefined], ['[666-22-1234]', undefined], ['[900-22-1234]', undefined], ['[536-00-1234]', undefined], ['[536-22-0000]', undefined], ['[536-22-1234]-5', undefined]])('takes of %s %s', (text, expected) => {
    expect(taken(ssn, text)).toBe(expected);
  });
});

describe('email', () => {
  test.each([['[.jane@clinic.example]', 'jane@clinic.example'], ['[icon@2x.png]', undefined], ['[a..b@x.example]', undefined], ['[a@-x.example]', undefined], ['[+@x.example]', undefined]])('takes of %s %s', (text, expected) => {
    expect(taken(email, text)).toBe(expected);
  });
});

describe('entropy', () => {
  test('tells a random secret from words', () => {
    expect(taken(entropy, `[sk-${'Zr8vQ2nL5xKc7TbW1yHd9JfM3sGpA6uE0iRo'}]`)).toBeDefined();
    expect(taken(entropy, '[sk-loading-placeholder-container]')).toBeUndefined();
    expect(entropyOf('aaaa')).toBe(0);
    expect(entropyOf('abcd')).toBe(2);
  });
});
