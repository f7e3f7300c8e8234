import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ed25519PrivateKey, rawPublicKey } from '../../contracts/block.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { ed25519Holds } from './ed25519.ts';

/** The order of the base point, little endian. */
const ORDER = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;
/** Points of order 1, 2, 4, 8, and spellings of them with a y of the field's size or more (RFC 8032 5.1.3 refuses those). */
const SMALL = [
  '0100000000000000000000000000000000000000000000000000000000000000', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000', '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', 'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', '0100000000000000000000000000000000000000000000000000000000000080',
].map((hex) => Buffer.from(hex, 'hex'));

function nodeHolds(key: Buffer, message: Buffer, signature: Buffer): boolean {
  try {
    return verify(null, message, createPublicKey({ key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]), format: 'der', type: 'spki' }), signature);
  } catch {
    return false;
  }
}

function toNumber(bytes: Buffer): bigint {
  return BigInt(`0x${Buffer.from(bytes.toReversed()).toString('hex')}`);
}

function toBytes(number: bigint): Buffer {
  return Buffer.from(Buffer.from(number.toString(16).padStart(64, '0'), 'hex').toReversed());
}

describe('Ed25519', () => {
  test("holds for RFC 8032's own examples (7.1, tests 1 to 3) and for no message beside them", () => {
    // Seed, public key, message, signature; the seeds are published.
    const rows = [
      ['9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', '', 'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'],
      ['4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', '72', '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00'],
      ['c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7', 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025', 'af82', '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a'],
    ].map((row) => row.map((hex) => Buffer.from(hex, 'hex')));
    for (const [seed = Buffer.alloc(0), key = Buffer.alloc(0), message = Buffer.alloc(0), signature = Buffer.alloc(0)] of rows) {
      expect(rawPublicKey(ed25519PrivateKey(seed))).toEqual(key);
      expect(ed25519Holds(key, message, signature)).toBe(true);
      expect(ed25519Holds(key, Buffer.concat([message, Buffer.of(0)]), signature)).toBe(false);
    }
  });

  test('refuses the second spelling of a signature (S plus the order), and every S above it', () => {
    const privateKey = ed25519PrivateKey(Buffer.alloc(32, 7));
    const [key, message] = [rawPublicKey(privateKey), Buffer.from('a block')];
    const signature = sign(null, message, privateKey);
    for (let times = 1n; times <= 14n; times++) {
      const s = toNumber(signature.subarray(32)) + times * ORDER;
      expect(ed25519Holds(key, message, Buffer.concat([signature.subarray(0, 32), toBytes(s)]))).toBe(false);
    }
  });

  test('refuses keys and R of small order, under which one signature would hold for many messages', () => {
    for (const small of SMALL) {
      for (const r of [...SMALL, small]) {
        for (const s of [0n, 1n, ORDER - 1n]) expect(ed25519Holds(small, Buffer.from('any'), Buffer.concat([r, toBytes(s)]))).toBe(false);
      }
    }
    // R of small order under an honest key, S made to fit: [S]B - [k]A is the point of order 1.
    const privateKey = ed25519PrivateKey(Buffer.alloc(32, 9));
    const key = rawPublicKey(privateKey);
    const expanded = createHash('sha512').update(createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })).export({ format: 'der', type: 'pkcs8' }).subarray(-32)).digest().subarray(0, 32);
    expanded.writeUInt8(expanded.readUInt8(0) & 248, 0);
    expanded.writeUInt8((expanded.readUInt8(31) & 127) | 64, 31);
    for (const r of SMALL) {
      const message = Buffer.from('any');
      const k = toNumber(createHash('sha512').update(r).update(key).update(message).digest()) % ORDER;
      expect(ed25519Holds(key, message, Buffer.concat([r, toBytes((k * toNumber(expanded)) % ORDER)]))).toBe(false);
    }
  });

  test('never throws for sizes that are none', () => {
    for (const [key, signature] of [[0, 64], [31, 64], [33, 64], [32, 0], [32, 63], [32, 65]] as const) {
      expect(ed25519Holds(Buffer.alloc(key, 1), Buffer.from('x'), Buffer.alloc(signature, 1))).toBe(false);
    }
  });

  const seed = Number(process.env['TOURNIQUET_FUZZ_SEED'] ?? 20_261_121);
  test(`accepts nothing that Node's own implementation refuses, over mutated signatures and keys (seed ${seed})`, () => {
    const { below } = seededRandom(seed);
    let held = 0;
    for (let round = 0; round < 3_000; round++) {
      const privateKey = ed25519PrivateKey(Buffer.from(Array.from({ length: 32 }, () => below(256))));
      const message = Buffer.from(Array.from({ length: below(64) }, () => below(256)));
      const key = rawPublicKey(privateKey);
      const signature = sign(null, message, privateKey);
      const target = [key, signature, message, signature][below(4)] ?? signature;
      if (target.length > 0 && below(4) > 0) {
        const at = below(target.length);
        target[at] = (target[at] ?? 0) ^ (1 << below(8));
      }
      const ours = ed25519Holds(key, message, signature);
      held += ours ? 1 : 0;
      // Keys are drawn at random, so none is of small order and both must agree.
      expect([round, ours]).toEqual([round, nodeHolds(key, message, signature)]);
    }
    expect(held).toBeGreaterThan(500);
  });
});
