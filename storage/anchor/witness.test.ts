import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openNote, parseCheckpoint, parseNote } from '../../contracts/checkpoint.ts';
import { cosignatureIn, parseWitnessKey } from './cosignature.ts';
import type { WitnessKey } from './cosignature.ts';
import { startFakeWitness } from './fake-witness.ts';
import type { FakeWitness } from './fake-witness.ts';
import { checkpointOf, consistencyProof, fetchPost, testVerifier } from './test-log.ts';
import { createWitness, parseWitness, WitnessRefusal } from './witness.ts';
import type { Witness } from './witness.ts';

const LOG = '_deployment';
let fake: FakeWitness;
beforeEach(async () => {
  fake = await startFakeWitness([testVerifier()]);
});
afterEach(() => fake[Symbol.asyncDispose]());

function keyOf(text: string): WitnessKey {
  const key = parseWitnessKey(text);
  if (key === undefined) throw new Error('the key is well formed');
  return key;
}

/** A client whose ledger proves this history. */
function client(history = 'h', key = fake.key): Witness {
  return createWitness({ key: keyOf(key), url: fake.url, post: fetchPost, consistencyProof: async (_site, from, to) => consistencyProof(history, from, to) });
}

/** What the witness has of our log. */
function seenSize(): number | undefined {
  return [...fake.seen.values()][0]?.size;
}

test('each checkpoint that continues the last is cosigned, from whatever size the witness knows', async () => {
  const witness = client();
  for (const size of [1, 2, 7, 8, 13, 13]) expect((await witness.cosign(checkpointOf(LOG, size))).timeS).toBe(1_790_000_000);
  expect(seenSize()).toBe(13);
  // Each with the right old size at once.
  expect(fake.requests.map((body) => body.split('\n', 1)[0])).toEqual(['old 0', 'old 1', 'old 2', 'old 7', 'old 8', 'old 13']);
});

test('after a restart the witness says what it knows, and is asked again with that', async () => {
  await client().cosign(checkpointOf(LOG, 5));
  await client().cosign(checkpointOf(LOG, 9));
  expect(fake.requests.map((body) => body.split('\n', 1)[0])).toEqual(['old 0', 'old 0', 'old 5']);
});

test('a cosigned note is still a checkpoint of ours, and opens with the key of the log', async () => {
  const checkpoint = checkpointOf(LOG, 5);
  const { line } = await client().cosign(checkpoint);
  const note = checkpoint.note + line;
  expect(parseNote(note)?.signatures).toHaveLength(2);
  expect(parseCheckpoint(openNote(note, [testVerifier()])?.text ?? '')).toMatchObject({ size: 5 });
});

describe('a witness refuses', () => {
  test('a history that was written anew', async () => {
    await client().cosign(checkpointOf(LOG, 5));
    await expect(client('other').cosign(checkpointOf(LOG, 9, 'other'))).rejects.toThrow(WitnessRefusal);
    await expect(client('other').cosign(checkpointOf(LOG, 5, 'other'))).rejects.toThrow(/another root of this size/);
    expect(seenSize()).toBe(5);
  });

  test('a log that was rolled back; once could be another process of ours that was faster', async () => {
    await client().cosign(checkpointOf(LOG, 9));
    const witness = client();
    await expect(witness.cosign(checkpointOf(LOG, 5))).rejects.not.toBeInstanceOf(WitnessRefusal);
    await expect(witness.cosign(checkpointOf(LOG, 5))).rejects.toThrow(/size 9, larger than the ledger's 5: the ledger was rolled back/);
  });

  test('a log it does not know', async () => {
    await using stranger = await startFakeWitness([]);
    const witness = createWitness({ key: keyOf(stranger.key), url: stranger.url, post: fetchPost, consistencyProof: async () => [] });
    await expect(witness.cosign(checkpointOf(LOG, 1))).rejects.toThrow(/does not know this log.*403/);
  });
});

test('an answer by another key, over another text or cut short is no cosignature', async () => {
  const checkpoint = checkpointOf(LOG, 5);
  const { line } = await client().cosign(checkpoint);
  const text = parseNote(checkpoint.note)?.text ?? '';
  expect(cosignatureIn(line, text, keyOf(fake.key))?.line).toBe(line);
  await using other = await startFakeWitness([testVerifier()]);
  expect(cosignatureIn(line, text, keyOf(other.key))).toBeUndefined();
  expect(cosignatureIn(line, text.replace('\n5\n', '\n6\n'), keyOf(fake.key))).toBeUndefined();
  for (const wrong of ['', '\n', line.trimEnd(), line.slice(0, 60), `${line}${line}\nmore`, `text\n\n${line}`]) expect(cosignatureIn(wrong, text, keyOf(fake.key)), wrong).toBeUndefined();
  const flipped = Buffer.from(line.split(' ').at(-1) ?? '', 'base64');
  for (let i = 4; i < flipped.length; i += 7) {
    const bytes = Buffer.from(flipped);
    bytes[i] = (bytes[i] ?? 0) ^ 1;
    expect(cosignatureIn(`\u2014 witness.example/w1 ${bytes.toString('base64')}\n`, text, keyOf(fake.key))).toBeUndefined();
  }
});

test('cosignatures of witnesses we did not name are passed over', async () => {
  const checkpoint = checkpointOf(LOG, 5);
  await using other = await startFakeWitness([testVerifier()], 'witness.example/w2');
  const mine = await client().cosign(checkpoint);
  const theirs = await createWitness({ key: keyOf(other.key), url: other.url, post: fetchPost, consistencyProof: async () => [] }).cosign(checkpoint);
  expect(cosignatureIn(theirs.line + mine.line, parseNote(checkpoint.note)?.text ?? '', keyOf(fake.key))?.line).toBe(mine.line);
});

test.each([
  [500, '', 'text/plain', 'status 500'],
  [409, '5', 'text/x.tlog.size', 'another root'],
  [409, '99999999999999999999\n', 'text/x.tlog.size', 'another root'],
  [409, '5\n', 'text/plain', 'another root'],
  [422, '', '', 'another history'],
  [302, '', '', 'status 302'],
  [200, '— x y\n', '', 'without a cosignature'],
])('the answer %i %j of type %j is told', async (status, body, contentType, told) => {
  const witness = createWitness({ key: keyOf(fake.key), url: fake.url, post: async () => ({ status, contentType, body: Buffer.from(body) }), consistencyProof: async () => [] });
  await expect(witness.cosign(checkpointOf(LOG, 5))).rejects.toThrow(told);
});

test('a witness is named by key and URL, and what is no key for cosignatures is refused', () => {
  expect(parseWitness(`${fake.key} https://witness.example/prefix/`)).toEqual({ key: fake.key, url: 'https://witness.example/prefix' });
  for (const wrong of ['', fake.key, `${fake.key} ftp://witness.example`, `${fake.key} https://a:b@witness.example`, `${fake.key} https://witness.example x`]) expect(parseWitness(wrong), wrong).toBeUndefined();
  const [name, hash, encoded = ''] = fake.key.split('+');
  const asSigner = Buffer.from(encoded, 'base64').fill(1, 0, 1).toString('base64');
  for (const wrong of ['', `${name}+00000000+${encoded}`, `${name}+${hash}+${asSigner}`, `${name}+${hash}+${encoded}A`, `na me+${hash}+${encoded}`]) expect(parseWitnessKey(wrong), wrong).toBeUndefined();
});
