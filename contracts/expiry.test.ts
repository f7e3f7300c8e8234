import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { formatVerifier, parseVerifier, signNote } from './checkpoint.ts';
import { expiryText, openExpiry, signExpiry } from './expiry.ts';
import type { Expiry } from './expiry.ts';

const KEY = 'tourniquet-abcdefgh/retention';
const EXPIRY: Expiry = { deployment: 'tourniquet-abcdefgh', id: 'a'.repeat(24), tier: 'payment', month: 202611, rows: 3, digest: Buffer.alloc(32, 7), policy: '12 months', expiredAtMs: 1_795_000_000_000 };
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const verifier = parseVerifier(formatVerifier(KEY, publicKey));
const verifiers = verifier === undefined ? [] : [verifier];

test('an expiry is what its note says', () => {
  expect(openExpiry(signExpiry(EXPIRY, KEY, privateKey), verifiers)).toEqual(EXPIRY);
});

test.each([
  ['another tier', expiryText(EXPIRY).replace('payment', 'forever')],
  ['a number spelled otherwise', expiryText(EXPIRY).replace('\n3\n', '\n03\n')],
  ['a line more', `${expiryText(EXPIRY)}x\n`],
  ['another kind', expiryText(EXPIRY).replace('expiry', 'redaction')],
])('a note with %s is none', (_name, text) => {
  expect(openExpiry(signNote(text, KEY, privateKey), verifiers)).toBeUndefined();
});

test('a note of another key is none', () => {
  expect(openExpiry(signExpiry(EXPIRY, KEY, generateKeyPairSync('ed25519').privateKey), verifiers)).toBeUndefined();
});
