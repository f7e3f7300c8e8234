import { describe, expect, test } from 'vitest';
import { MAX_DEPTH, MAX_KEYS, MAX_LINE_BYTES } from '../../contracts/limits.ts';
import { LINE_STATUS } from '../../contracts/line-status.ts';
import { EMPTY_FRONTIER, appendLeaf, rootOf } from '../../contracts/merkle.ts';
import { envelopePrefix, leafHash } from '../../contracts/leaf.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { hyperscanExpression } from '../pack/pattern.ts';
import { loadPack } from '../pack/load.ts';
import { PATTERN_FLAGS, loadNative } from './binding.ts';
import type { Native } from './binding.ts';
import { inspectOracle, processOracle } from './oracle.ts';

const native = await loadNative();
const pack = await loadPack();

/** Literals as the Sigma plan has them. */
const LITERALS = ['union', 'select', '"k":1', 'constructor', 'vitamin d', '../', ' or ', '12', 'e'];
const literalFlags = (i: number): number => PATTERN_FLAGS.caseless | PATTERN_FLAGS.lineBound | (i % 2 === 0 ? PATTERN_FLAGS.plainOnly : 0) | (i % 3 === 0 ? PATTERN_FLAGS.valueOnly : 0);
const ODD_NUMBER = { text: 'no such text', flags: PATTERN_FLAGS.caseless | PATTERN_FLAGS.lineBound | PATTERN_FLAGS.plainOnly | PATTERN_FLAGS.oddNumber };
const escaped = (text: string): string => text.replaceAll(/[^A-Za-z0-9 ]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
const database = native.compile([
  ...pack.signatures.map(hyperscanExpression),
  ...LITERALS.map((text, i) => ({ text: escaped(text), flags: literalFlags(i) })),
  ODD_NUMBER,
]);
const patterns = [
  ...pack.signatures.map(hyperscanExpression).map(({ text, flags }) => ({ pattern: new RegExp(text, (flags & PATTERN_FLAGS.caseless) === 0 ? '' : 'i'), plainOnly: false })),
  ...LITERALS.map((text, i) => ({ pattern: new RegExp(escaped(text), 'i'), plainOnly: i % 2 === 0, valueOnly: i % 3 === 0 })),
  { pattern: new RegExp(ODD_NUMBER.text, 'i'), plainOnly: true, oddNumber: true },
];

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const NONCE = 'AAAAAAAAAAAAAAAAAAAAAA';
const PREFIX = envelopePrefix({ site: 'shop', stream: 'access', epoch: 1, receivedAtMs: 1_700_000_000_000, provenance: 'gateway', derivation: 1 });

function statusOf(line: Buffer | string): string {
  const { table } = native.inspect(Buffer.concat([Buffer.from(line), Buffer.from('\n')]), undefined);
  return LINE_STATUS[table[2] ?? -1] ?? 'none';
}

const BITS: readonly Buffer[] = [
  '{"a":1}', '"a"', ',', ':', '{', '}', '[', ']', '\\u0061', '\\', '"', '\\ud800', '\\ud83d\\ude00', '__proto__', 'constructor', '1e999', '-0', '-', '00', '1.', '.5', '0.000001', '1.50', '1.5', '-0.5', '123456789012345', '1234567890123456', 'true', 'nul', ' ', '\t', '\r',
  '"k":1', '"\\u006b":2', '%41', '%2541', '+', '+00:00"', '4111 1111 1111 1111', 'union select', "' or '1'='1", 'jane@clinic.example', '536-22-1234', '../../', '&lt;', '&#x75;nion', '\\\\u0075nion', 'dW5pb24gc2VsZWN0IDE', '756e696f6e2073656c', '0x73656c656374', '%u0075nion', '%c0%ae%c0%ae/', '\uff55nion', 'union/**/select', '  ', '\u00e9', '\u2028', '\u{1f600}',
].map((text) => Buffer.from(text)).concat([Buffer.from([0]), Buffer.from([0xc3]), Buffer.from([0xc0, 0xaf]), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from([0xf4, 0x90, 0x80, 0x80]), Buffer.from([0xff]), Buffer.from([0xe2, 0x82]), Buffer.from([10])]);

const SEEDS: readonly string[] = [
  '{"@timestamp":"2026-11-21T04:13:26.123+00:00","event":{"kind":"event","category":["web"]},"url":{"path":"/shop/","query":"s=vitamin+d&x=%2e%2e%2f"}}',
  '{"a":{"b":[1,2.5e-3,true,null,{"c":"\\u00e9\\n"}]},"d":"","e":[]}',
  '{"message":"jane\\u0040clinic.example paid with 4111 1111 1111 1111","k":1}',
  '[]', '{}', '"x"', '0',
];

function mutated(random: () => number): Buffer {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T; // never empty
  let line = Buffer.from(pick(SEEDS));
  for (let edits = Math.floor(random() * 4); edits > 0; edits--) {
    const at = Math.floor(random() * (line.length + 1));
    const removed = random() < 0.5 ? Math.floor(random() * 3) : 0;
    line = Buffer.concat([line.subarray(0, at), random() < 0.8 ? pick(BITS) : Buffer.alloc(0), line.subarray(at + removed)]);
  }
  return line;
}

describe('the native addon and its oracle', () => {
  test(`agree on 200,000 mutated lines, seed ${SEED}`, () => {
    const random = seededRandom(SEED);
    let [stored, hits] = [0, 0];
    for (let block = 0; block < 400; block++) {
      const nonces = block % 2 === 0;
      const lines = Array.from({ length: 500 }, () => mutated(random));
      const framed = lines.map((line) => Buffer.concat([Buffer.from(nonces && random() < 0.999 ? `${NONCE} ` : ''), line, Buffer.from(random() < 0.1 ? '\r\n' : '\n')]));
      const whole = Buffer.concat(framed);
      const body = random() < 0.2 ? whole.subarray(0, whole.length - 1) : whole;
      const head = nonces ? Buffer.alloc(32, block) : undefined;
      expect(native.inspect(body, head)).toEqual(inspectOracle(body, head));
      const request = { body, nonces, envelopePrefix: Buffer.from(PREFIX), firstSeq: block * 1e12, skipLines: block % 3, omit: Uint32Array.of(5, 9, 400), hashed: block % 4 < 3 };
      const processed = native.process(database, request);
      expect(processed).toEqual(processOracle(patterns, request));
      stored += processed.stored;
      hits += processed.hits.length / 2;
    }
    expect(stored).toBeGreaterThan(40_000);
    expect(hits).toBeGreaterThan(10_000);
  });

  test('agree on any byte at any place of a nonce, and on lines too short for one', () => {
    const spelled = Buffer.from('Zr8vQ2nL5xKc7TbW1yHd9A {}\n');
    const head = Buffer.alloc(32, 1);
    const lines = Array.from({ length: spelled.length - 3 }, (_, at) => at)
      .flatMap((at) => Array.from({ length: 256 }, (__, byte) => Buffer.concat([spelled.subarray(0, at), Buffer.of(byte), spelled.subarray(at + 1)])))
      .concat(Array.from({ length: spelled.length }, (_, bytes) => Buffer.concat([spelled.subarray(0, bytes), Buffer.from('\n')])));
    let broken = 0;
    for (const body of lines) {
      const inspected = native.inspect(body, head);
      if (inspected.brokenLine >= 0) broken++;
      expect(inspected).toEqual(inspectOracle(body, head));
    }
    expect(broken).toBeGreaterThan(4_000);
    expect(broken).toBeLessThan(lines.length - 1_000);
  });

  test('agree on the limits of length, depth and keys', () => {
    const nested = (depth: number): string => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
    const keyed = (keys: number): string => `{${Array.from({ length: keys }, (_, i) => `"k${i}":0`).join(',')}}`;
    const long = (bytes: number): string => `{"a":"${'x'.repeat(bytes - 8)}"}`;
    const cases = [nested(MAX_DEPTH), nested(MAX_DEPTH + 1), nested(20_000), keyed(MAX_KEYS), keyed(MAX_KEYS + 1), long(MAX_LINE_BYTES), long(MAX_LINE_BYTES + 1), 'x'.repeat(10 * 1024 * 1024)];
    const body = Buffer.from(cases.map((c) => `${c}\n`).join(''));
    expect(native.inspect(body, undefined)).toEqual(inspectOracle(body, undefined));
    expect(cases.map(statusOf)).toEqual(['ok', 'too_deep', 'too_deep', 'ok', 'too_many_keys', 'ok', 'too_long', 'too_long']);
  });
});

describe('a line\'s status', () => {
  test.each([
    ['', 'empty'], ['{}', 'ok'], [' {"a":1} ', 'ok'], ['[1]', 'not_object'], ['null', 'not_object'], ['{"a":01}', 'not_json'], ['{"a":1,}', 'not_json'],
    ['{"a":1,"a":2}', 'duplicate_key'], ['{"a":1,"\\u0061":2}', 'duplicate_key'], ['{"\u{1f600}":1,"\\ud83d\\ude00":2}', 'duplicate_key'],
    ['{"a":{"b":1},"c":{"b":1}}', 'ok'], ['{"__proto__":1,"__proto__":2}', 'duplicate_key'], ['{"a":"\\ud800"}', 'ok'], ['\ufeff{}', 'not_json'], ['{"a":"\u0000"}', 'nul_byte'], ['{"a":1e99999}', 'ok'],
  ])('of %j is %s', (line, status) => {
    expect(statusOf(line)).toBe(status);
  });
});

describe('leaves and trees', () => {
  test('leaf hashes are those of contracts/leaf.ts', () => {
    const envelope = { site: 'shop', stream: 'access', epoch: 1, receivedAtMs: 1_700_000_000_000, provenance: 'gateway', derivation: 1 } as const;
    const lines = ['{"a":1}', '{"b":"\u00e9"}'];
    const request = { body: Buffer.from(`${lines.join('\n')}\n`), nonces: false, envelopePrefix: Buffer.from(PREFIX), firstSeq: 41, skipLines: 0, omit: new Uint32Array() };
    const expected = Buffer.concat(lines.map((line, i) => leafHash({ ...envelope, seq: 41 + i }, Buffer.from(line))));
    expect(native.process(database, request).leaves).toEqual(expected);
    const bytes = lines.map((line) => Buffer.from(line));
    const ends = Uint32Array.of(bytes[0]?.length ?? 0, Buffer.concat(bytes).length);
    expect(native.leafHashes({ envelopePrefix: Buffer.from(PREFIX), firstSeq: 41, lines: Buffer.concat(bytes), ends, offsets: Uint32Array.of(0, 1) })).toEqual(expected);
  });

  test('every tree of 0 to 130 leaves, appended in batches of any size, has the frontier and root of contracts/merkle.ts', () => {
    const random = seededRandom(SEED);
    for (let size = 0; size <= 130; size++) {
      const leaves = Array.from({ length: size }, () => Buffer.from(Array.from({ length: 32 }, () => Math.floor(random() * 256))));
      const reference = leaves.reduce(appendLeaf, EMPTY_FRONTIER);
      const cut = Math.floor(random() * (size + 1));
      const frontier = [leaves.slice(0, cut), leaves.slice(cut)].reduce((f, batch) => native.append(f, Buffer.concat(batch)), EMPTY_FRONTIER);
      expect(frontier).toEqual(reference);
      expect(native.rootOf(frontier)).toEqual(rootOf(reference));
    }
  });
});

describe('hostile calls', () => {
  // Wrong on purpose: what the types forbid must still not crash.
  const loose = native as unknown as Record<keyof Native, (...args: unknown[]) => unknown>;

  test.each<[string, () => unknown]>([
    ['a body that is text', () => loose.inspect('x', undefined)],
    ['a head of 31 bytes', () => loose.inspect(Buffer.alloc(1), Buffer.alloc(31))],
    ['a body of wider words', () => loose.inspect(new Uint16Array(4), undefined)],
    ['a database that is none', () => loose.process({}, { body: Buffer.alloc(1), nonces: false, envelopePrefix: Buffer.alloc(0), firstSeq: 0, skipLines: 0, omit: new Uint32Array() })],
    ['a negative sequence', () => loose.process(database, { body: Buffer.alloc(1), nonces: false, envelopePrefix: Buffer.alloc(0), firstSeq: -1, skipLines: 0, omit: new Uint32Array() })],
    ['ends beyond the lines', () => loose.leafHashes({ envelopePrefix: Buffer.alloc(0), firstSeq: 0, lines: Buffer.alloc(3), ends: Uint32Array.of(4), offsets: Uint32Array.of(0) })],
    ['a frontier that does not fit its size', () => loose.append({ size: 3, hashes: [Buffer.alloc(32)] }, Buffer.alloc(32))],
    ['leaves of 31 bytes', () => loose.append(EMPTY_FRONTIER, Buffer.alloc(31))],
    ['a damaged serialized database', () => loose.deserialize(Buffer.alloc(64, 1))],
    ['no expressions', () => loose.compile([])],
    ['views of bytes', () => loose.viewsOf(Buffer.alloc(1))],
  ])('%s is a TypeError', (_name, call) => {
    expect(call).toThrow(TypeError);
  });

  test('a detached buffer reads as empty', () => {
    const memory = new ArrayBuffer(64);
    const body = Buffer.from(memory);
    structuredClone(memory, { transfer: [memory] });
    expect(native.inspect(body, undefined).lines).toBe(0);
  });

  test('an expression that Hyperscan refuses is named by its index', () => {
    expect(() => native.compile([{ text: 'a', flags: 0 }, { text: '(?<=a)b', flags: 0 }])).toThrow(expect.objectContaining({ pattern: 1 }));
  });

  test('a database comes back from its bytes', () => {
    const again = native.deserialize(native.serialize(database));
    const request = { body: Buffer.from('{"q":"1 union select 2"}\n'), nonces: false, envelopePrefix: Buffer.alloc(0), firstSeq: 0, skipLines: 0, omit: new Uint32Array() };
    expect(native.process(again, request)).toEqual(native.process(database, request));
    expect(native.process(again, request).hits.length).toBeGreaterThan(0);
  });
});
