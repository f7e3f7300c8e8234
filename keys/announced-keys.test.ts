import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAnnouncement, verifiersAt } from '../contracts/announced-key.ts';
import { openNote, parseNote, parseVerifier, signNote } from '../contracts/checkpoint.ts';
import type { NoteVerifier } from '../contracts/checkpoint.ts';
import { openKeyRing } from './key-ring.ts';
import type { KeyRing } from './key-ring.ts';

const DAY = 86_400_000;
const T0 = Date.UTC(2026, 0, 1);
let home: string;
let directory: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tq-keys-'));
  directory = join(home, 'keys');
});
afterEach(() => rmSync(home, { recursive: true }));

function verifierOf({ announced }: KeyRing, n: number): NoteVerifier {
  const parsed = parseVerifier(announced.checkpoint()[n - 1]?.verifier ?? '');
  if (parsed === undefined) throw new Error('the ring announces well-formed keys');
  return parsed;
}

/** Numbers of the announced keys that sign at a time, in the order of a note's lines. */
function signersAt(ring: KeyRing, atMs: number): readonly number[] {
  const note = signNote('text\n', ring.deployment, ...ring.announced.signing(atMs));
  const ids = ring.announced.checkpoint().map((_, i) => verifierOf(ring, i + 1).keyId);
  return parseNote(note)?.signatures.map(({ keyId }) => ids.indexOf(keyId) + 1) ?? [];
}

test('while a new key takes over both sign, the new one first; then only the new one; and those who know either key read the note', () => {
  const ring = openKeyRing(directory, T0);
  expect(signersAt(ring, T0)).toEqual([1]);
  ring.announced.rotate(T0, 30 * DAY);
  for (const now of [ring, openKeyRing(directory, T0 + DAY)]) {
    expect(signersAt(now, T0 + DAY)).toEqual([2, 1]);
    const note = signNote('text\n', now.deployment, ...now.announced.signing(T0 + DAY));
    for (const n of [1, 2]) expect(openNote(note, [verifierOf(now, n)])?.text).toBe('text\n');
    expect(signersAt(now, T0 + 30 * DAY)).toEqual([2]);
  }
});

test('the key before and the new one both sign the announcement, and whoever holds the first key can follow the chain', () => {
  const ring = openKeyRing(directory, T0);
  ring.announced.rotate(T0 + 1, 30 * DAY);
  ring.announced.rotate(T0 + 40 * DAY, 30 * DAY);
  const keys = ring.announced.checkpoint();
  for (const [i, { announcement, verifier, fromMs }] of keys.entries()) {
    if (i === 0) expect(announcement).toBeUndefined();
    else expect(openAnnouncement(announcement ?? '', verifierOf(ring, i))).toEqual({ deployment: ring.deployment, verifier, announcedAtMs: fromMs });
  }
  const note = keys[1]?.announcement ?? '';
  expect(openAnnouncement(note, verifierOf(ring, 3))).toBeUndefined();
  expect(openAnnouncement(note.replace(/^— .*\n/m, ''), verifierOf(ring, 1))).toBeUndefined();
  expect(openAnnouncement(note.replace('key-rotation', 'key-rotations'), verifierOf(ring, 1))).toBeUndefined();
});

test('a key that is retired signs nothing more, its file is gone, and its time ends at once', () => {
  const ring = openKeyRing(directory, T0);
  ring.announced.rotate(T0 + DAY, 30 * DAY);
  ring.announced.rotate(T0 + 2 * DAY, 0);
  expect(signersAt(ring, T0 + 2 * DAY)).toEqual([3]);
  expect(readdirSync(directory).filter((name) => name.startsWith('checkpoint'))).toEqual(['checkpoint-3.key']);
  expect(ring.announced.checkpoint().map(({ fromMs, untilMs }) => [fromMs, untilMs])).toEqual([[0, T0 + 2 * DAY], [T0 + DAY, T0 + 2 * DAY], [T0 + 2 * DAY, undefined]]);
  expect(signersAt(openKeyRing(directory, T0 + 3 * DAY), T0 + 3 * DAY)).toEqual([3]);
});

test('verifiers take each key in its time, with some slack for clocks, and without a time all', () => {
  const ring = openKeyRing(directory, T0);
  ring.announced.rotate(T0 + 10 * DAY, 5 * DAY);
  const ids = (atMs?: number) => verifiersAt(ring.announced.checkpoint(), atMs).map(({ keyId }) => [1, 2].find((n) => verifierOf(ring, n).keyId === keyId));
  expect([ids(T0), ids(T0 + 10 * DAY - 60_000), ids(T0 + 12 * DAY), ids(T0 + 15 * DAY + 60_000), ids(T0 + 16 * DAY), ids()]).toEqual([[1], [1, 2], [1, 2], [1, 2], [2], [1, 2]]);
});

test('a key whose time is over is removed at the next start', () => {
  openKeyRing(directory, T0).announced.rotate(T0, DAY);
  openKeyRing(directory, T0 + DAY - 1);
  expect(existsSync(join(directory, 'checkpoint.key'))).toBe(true);
  expect(signersAt(openKeyRing(directory, T0 + DAY), T0 + DAY)).toEqual([2]);
  expect(existsSync(join(directory, 'checkpoint.key'))).toBe(false);
});

test('a rotation killed before its key was announced leaves the old key, and is done again', () => {
  const ring = openKeyRing(directory, T0);
  writeFileSync(join(directory, 'checkpoint-2.key'), Buffer.alloc(32, 7), { mode: 0o600 });
  expect(signersAt(openKeyRing(directory, T0), T0)).toEqual([1]);
  ring.announced.rotate(T0, DAY);
  expect(signersAt(openKeyRing(directory, T0), T0)).toEqual([2, 1]);
  expect(readFileSync(join(directory, 'checkpoint-2.key'))).not.toEqual(Buffer.alloc(32, 7));
});

test('a home of before keeps its checkpoint key and is given the rest', () => {
  const before = openKeyRing(directory, T0).announced.checkpoint();
  for (const name of ['announced.json', 'retention.key']) rmSync(join(directory, name));
  expect(openKeyRing(directory, T0).announced.checkpoint()).toEqual(before);
});

test.each(['checkpoint-2.key', 'retention.key', 'announced.json'])('%s of another home, or damaged, stops the start', (name) => {
  const other = join(home, 'other');
  for (const at of [directory, other]) openKeyRing(at, T0).announced.rotate(T0, DAY);
  const file = join(directory, name);
  const right = readFileSync(file);
  for (const wrong of [readFileSync(join(other, name)), Buffer.from('{}'), Buffer.alloc(0)]) {
    writeFileSync(file, wrong);
    expect(() => openKeyRing(directory, T0)).toThrow(/TQ-KEYS-08/);
  }
  writeFileSync(file, right);
  rmSync(join(directory, 'announced.json'));
  expect(() => openKeyRing(directory, T0)).toThrow(/TQ-KEYS-08.*announced\.json/);
});
