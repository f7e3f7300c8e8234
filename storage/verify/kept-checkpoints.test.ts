import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkpointText, formatVerifier, parseVerifier, signNote } from '../../contracts/checkpoint.ts';
import { keptCheckpoints } from './kept-checkpoints.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const VERIFIERS = [parseVerifier(formatVerifier('toy.example', publicKey))].filter((v) => v !== undefined);
const noteOf = (site: string, size: number, key = privateKey): string => signNote(checkpointText({ origin: `toy.example/${site}`, size, root: Buffer.alloc(32, size), extensions: [] }), 'toy.example', key);
const NOTES = [noteOf('shop', 3), noteOf('clinic', 4), noteOf('shop', 9)];
const sizesOf = (text: string): unknown => Object.fromEntries([...keptCheckpoints(text, VERIFIERS)].map(([site, stones]) => [site, stones.map(({ size }) => size)]));

test.each([
  ['notes one after another', NOTES.join('')],
  ['notes with empty lines between', NOTES.join('\n\n')],
  ['notes without the last line feed', NOTES.join('').trimEnd()],
  ['NDJSON', NOTES.map((note) => `${JSON.stringify({ at: 1, note })}\n`).join('')],
  ['NDJSON with a line that a crash tore', NOTES.map((note) => `${JSON.stringify({ at: 1, note })}\n`).join('{"note":"toy.ex\n')],
])('%s are read, by site', (_what, text) => {
  expect(sizesOf(text)).toEqual({ shop: [3, 9], clinic: [4] });
});

test('a signed note that is no checkpoint is passed over', () => {
  expect(sizesOf(`${signNote('toy.example\nkey-rotation\nx\n1\n', 'toy.example', privateKey)}${NOTES[0]}`)).toEqual({ shop: [3] });
});

test('a note of a key that was never announced is refused with the name of the key', () => {
  expect(() => keptCheckpoints(`${NOTES[0]}${noteOf('shop', 5, generateKeyPairSync('ed25519').privateKey)}`, VERIFIERS)).toThrow(/none of the keys.*\(line 6: toy\.example\+[0-9a-f]{8}\)/);
});

test.each([
  ['nothing', '', /holds no checkpoint/],
  ['text', 'hello\n', /line 1: no signed note/],
  ['JSON without a note', '{"a":1}\n', /line 1: no signed note/],
  ['a changed note', (NOTES[0] ?? '').replace('\n3\n', '\n4\n'), /line 1: the signature does not hold/],
])('%s is refused', (_what, text, message) => {
  expect(() => keptCheckpoints(text, VERIFIERS)).toThrow(message);
});
