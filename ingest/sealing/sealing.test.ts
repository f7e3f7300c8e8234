import { readFileSync } from 'node:fs';
import { createDecipheriv, generateKeyPairSync } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { SealingKeys, WorkerKeys } from '../../contracts/keys.ts';
import { encodeRecordHead, frameRecord, parseRecord } from '../../contracts/log-record.ts';
import type { RecordHead } from '../../contracts/log-record.ts';
import { sealingKeyId, unwrapDataKey, wrapDataKey, x25519PrivateKey, x25519PublicBytes } from '../../contracts/sealed-key.ts';
import { openBlockOpener } from './block-opener.ts';
import { openBlockSealer } from './block-sealer.ts';
import { encodePrefix, parseSealedBody } from './sealed-body.ts';

/** A keys role with one sealing key; counts unwraps. */
function fakeKeys() {
  const { privateKey } = generateKeyPairSync('x25519');
  const publicKey = x25519PublicBytes(privateKey);
  const state = { unwraps: 0, fail: false };
  const keys: SealingKeys & Pick<WorkerKeys, 'unwrap'> = {
    sealingKey: async () => ({ id: sealingKeyId(publicKey), publicKey }),
    unwrap: async (id, wrapped) => {
      state.unwraps++;
      const key = state.fail || id !== sealingKeyId(publicKey) ? undefined : unwrapDataKey(wrapped, privateKey);
      if (key === undefined) throw new Error('no key');
      return key;
    },
  };
  return { keys, state };
}

function headOf(body: Buffer, more: Partial<RecordHead> = {}): RecordHead {
  return { v: 1, site: 'shop', stream: 'access', provenance: 'gateway', received_at: 1_790_000_000_000, framing: 'plain', codec: 'zstd', lines: 2, bytes: body.length, ...more };
}

async function sealed(keys: SealingKeys, body: Buffer, head = headOf(body)): Promise<Buffer> {
  const headBytes = encodeRecordHead(head);
  const sealer = await openBlockSealer(keys);
  return frameRecord(headBytes, sealer.seal(headBytes, head.codec === 'zstd' ? zstdCompressSync(body) : body));
}

const LINES = Buffer.from('{"a":1}\n{"a":2}\n');

test('a sealed block opens to the same head and lines, compressed or not', async () => {
  const { keys } = fakeKeys();
  for (const codec of ['zstd', 'none'] as const) {
    const head = headOf(LINES, { codec });
    expect(await openBlockOpener(keys).open(await sealed(keys, LINES, head))).toEqual({ head, body: LINES });
  }
});

test('a chained block gives its header line apart', async () => {
  const { keys } = fakeKeys();
  const body = Buffer.concat([Buffer.from('{"v":1}\n'), LINES]);
  const opened = await openBlockOpener(keys).open(await sealed(keys, body, headOf(body, { framing: 'chained', provenance: 'plugin' })));
  expect(opened.headerLine).toBe('{"v":1}');
  expect(opened.body).toEqual(LINES);
});

test('nothing of the lines stands in the record', async () => {
  const { keys } = fakeKeys();
  const record = await sealed(keys, LINES, headOf(LINES, { codec: 'none' }));
  expect(record.includes('"a":1')).toBe(false);
});

test('a change of any byte is refused', async () => {
  const { keys } = fakeKeys();
  const record = await sealed(keys, LINES);
  const opener = openBlockOpener(keys);
  for (let i = 0; i < record.length; i++) {
    const changed = Buffer.from(record);
    changed.writeUInt8((changed[i] ?? 0) ^ 1, i);
    // A changed key id or wrapped key is for the keys role to refuse, all else for the seal.
    await expect(opener.open(changed), `byte ${i}`).rejects.toThrow(/TQ-SEAL-0[123]|no key/);
  }
});

test('a record cut anywhere is refused as damage', async () => {
  const { keys } = fakeKeys();
  const record = await sealed(keys, LINES);
  for (let length = 0; length < record.length; length++) await expect(openBlockOpener(keys).open(record.subarray(0, length))).rejects.toMatchObject({ name: 'SealingError', retryable: false });
});

test('the lines of one site cannot be moved under another', async () => {
  const { keys } = fakeKeys();
  const record = parseRecord(await sealed(keys, LINES));
  const other = encodeRecordHead(headOf(LINES, { site: 'other' }));
  await expect(openBlockOpener(keys).open(frameRecord(other, record?.sealed ?? LINES))).rejects.toMatchObject({ code: 'TQ-SEAL-02' });
});

test.each<[string, Buffer, Partial<RecordHead>]>([
  ['more bytes than the head says', LINES, { bytes: LINES.length - 1 }],
  ['fewer bytes than the head says', LINES, { bytes: LINES.length + 1 }],
  ['a bomb', Buffer.alloc(50_000_000, 10), { bytes: 1000 }],
  ['a head that promises a bomb', Buffer.alloc(50_000_000, 10), {}],
  ['no line feed at the end', Buffer.from('{}'), {}],
  ['a chained block without header line', Buffer.alloc(0), { framing: 'chained' }],
])('%s is refused', async (_name, body, more) => {
  const { keys } = fakeKeys();
  await expect(openBlockOpener(keys).open(await sealed(keys, body, headOf(body, more)))).rejects.toMatchObject({ code: 'TQ-SEAL-03' });
});

test('one data key is unwrapped once for all its blocks, and a failure is not remembered', async () => {
  const { keys, state } = fakeKeys();
  const record = await sealed(keys, LINES);
  const opener = openBlockOpener(keys);
  state.fail = true;
  await expect(opener.open(record)).rejects.toThrow('no key');
  state.fail = false;
  await Promise.all([opener.open(record), opener.open(record)]);
  await opener.open(record);
  expect(state.unwraps).toBe(2);
});

test('the sealer renews its data key after its time, follows a new sealing key, and never repeats a nonce', async () => {
  const old = fakeKeys();
  const fresh = fakeKeys();
  let current = old.keys;
  let nowMs = 0;
  const sealer = await openBlockSealer({ sealingKey: async () => current.sealingKey() }, { renewAfterMs: 1_000, now: () => nowMs });
  const seal = () => parseSealedBody(sealer.seal(Buffer.from('h'), LINES));
  const [first, second] = [seal(), seal()];
  expect(second?.wrapped).toEqual(first?.wrapped);
  expect(second?.nonce).not.toEqual(first?.nonce);
  nowMs = 1_000;
  current = fresh.keys;
  const renewed = seal();
  expect(renewed?.wrapped).not.toEqual(first?.wrapped);
  expect(renewed?.sealingKeyId).toBe(first?.sealingKeyId);
  await new Promise((resolve) => setImmediate(resolve));
  expect(seal()?.sealingKeyId).toBe((await fresh.keys.sealingKey()).id);
});

test('the sealer goes on while the keys role is away', async () => {
  const { keys } = fakeKeys();
  let away = false;
  let nowMs = 0;
  const sealer = await openBlockSealer({ sealingKey: async () => (away ? Promise.reject(new Error('away')) : keys.sealingKey()) }, { renewAfterMs: 1, now: () => nowMs });
  away = true;
  nowMs = 10;
  const headBytes = encodeRecordHead(headOf(LINES));
  const record = frameRecord(headBytes, sealer.seal(headBytes, zstdCompressSync(LINES)));
  expect((await openBlockOpener(keys).open(record)).body).toEqual(LINES);
});

interface SealingVector {
  readonly recipient_private: string;
  readonly recipient_public: string;
  readonly sealing_key_id: string;
  readonly ephemeral_private: string;
  readonly data_key: string;
  readonly wrapped: string;
  readonly nonce: string;
  readonly head: string;
  readonly body: string;
  readonly sealed: string;
}

test('the golden vector wraps and opens as written', async () => {
  // The file is ours and checked by every field below.
  const v = JSON.parse(readFileSync(new URL('../../contracts/vectors/sealing.json', import.meta.url), 'utf8')) as SealingVector;
  const hex = (text: string) => Buffer.from(text, 'hex');
  const recipient = x25519PrivateKey(hex(v.recipient_private));
  expect(x25519PublicBytes(recipient).toString('hex')).toBe(v.recipient_public);
  expect(sealingKeyId(hex(v.recipient_public))).toBe(v.sealing_key_id);
  expect(wrapDataKey(hex(v.data_key), hex(v.recipient_public), x25519PrivateKey(hex(v.ephemeral_private))).toString('hex')).toBe(v.wrapped);
  expect(unwrapDataKey(hex(v.wrapped), recipient)?.toString('hex')).toBe(v.data_key);
  const sealedBody = parseSealedBody(hex(v.sealed));
  expect(hex(v.sealed).subarray(0, 89)).toEqual(encodePrefix(v.sealing_key_id, hex(v.wrapped)));
  expect(sealedBody?.nonce.toString('hex')).toBe(v.nonce);
  const decipher = createDecipheriv('aes-256-gcm', hex(v.data_key), hex(v.nonce));
  decipher.setAAD(Buffer.from(v.head)).setAuthTag(sealedBody?.tag ?? Buffer.alloc(16));
  expect(Buffer.concat([decipher.update(sealedBody?.ciphertext ?? Buffer.alloc(0)), decipher.final()]).toString()).toBe(v.body);
  const opener = openBlockOpener({ unwrap: async (_id, wrapped) => unwrapDataKey(wrapped, recipient) ?? Buffer.alloc(32) });
  expect((await opener.open(frameRecord(Buffer.from(v.head), hex(v.sealed)))).body.toString()).toBe(v.body);
});
