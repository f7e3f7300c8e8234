import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkpointText, formatVerifier, parseCheckpoint, parseVerifier, signNote } from './checkpoint.ts';
import { openRedaction, redactionText, signRedaction } from './redaction.ts';
import type { Redaction } from './redaction.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const verifier = parseVerifier(formatVerifier('test.example', publicKey));
const redaction: Redaction = { origin: 'test.example/shop', leaf: 7, leafHash: Buffer.alloc(32, 1), redactedHash: Buffer.alloc(32, 2), redactedAtMs: Date.UTC(2026, 10, 21) };

function opened(note: string): Redaction | undefined {
  if (verifier === undefined) throw new Error('the key is well formed');
  return openRedaction(note, [verifier]);
}

test('what was signed is read again', () => {
  expect(opened(signRedaction(redaction, 'test.example', privateKey))).toEqual(redaction);
});

test('another key, another word and another spelling are refused', () => {
  const note = signRedaction(redaction, 'test.example', privateKey);
  expect(opened(signRedaction(redaction, 'test.example', generateKeyPairSync('ed25519').privateKey))).toBeUndefined();
  expect(opened(note.replace('\n7\n', '\n8\n'))).toBeUndefined();
  for (const text of [redactionText(redaction).replace('\n7\n', '\n07\n'), redactionText(redaction).replace('redaction', 'redactions'), `${redactionText(redaction)}more\n`]) {
    expect(opened(signNote(text, 'test.example', privateKey)), text).toBeUndefined();
  }
});

test('a redaction is no checkpoint, and a checkpoint no redaction', () => {
  expect(parseCheckpoint(redactionText(redaction))).toBeUndefined();
  expect(opened(signNote(checkpointText({ origin: 'test.example/shop', size: 7, root: Buffer.alloc(32), extensions: [] }), 'test.example', privateKey))).toBeUndefined();
});
