import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { contentEncoding, openBody } from './request-body.ts';

const TEXT = Buffer.from(Array.from({ length: 2000 }, (_, i) => `line ${i} ${Math.sin(i)}\n`).join(''));
const COMPRESS = { gzip: (b: Buffer) => gzipSync(b), zstd: (b: Buffer) => zstdCompressSync(b) };

test.each(['gzip', 'zstd'] as const)('a %s body opens up to the cap, to the byte', (encoding) => {
  const body = COMPRESS[encoding](TEXT);
  expect(openBody(body, encoding, TEXT.length).bytes).toEqual(TEXT);
  expect(() => openBody(body, encoding, TEXT.length - 1)).toThrow(expect.objectContaining({ reason: 'decompressed_too_large' }));
});

test.each(['gzip', 'zstd'] as const)('a %s bomb is stopped at the cap', (encoding) => {
  const bomb = COMPRESS[encoding](Buffer.alloc(64 * 1024 * 1024));
  expect(bomb.length).toBeLessThan(70_000);
  expect(() => openBody(bomb, encoding, 1024 * 1024)).toThrow(expect.objectContaining({ status: 413 }));
});

test.each(['gzip', 'zstd'] as const)('a %s body that is cut anywhere, empty or followed by rubbish is refused', (encoding) => {
  const body = COMPRESS[encoding](TEXT);
  for (let cut = 0; cut < body.length; cut += 97) expect(() => openBody(body.subarray(0, cut), encoding, 1e6), `cut at ${cut}`).toThrow(expect.objectContaining({ reason: 'compression_broken' }));
  expect(() => openBody(Buffer.concat([body, Buffer.from('rubbish')]), encoding, 1e6)).toThrow(expect.objectContaining({ reason: 'compression_broken' }));
});

test.each(['gzip', 'zstd'] as const)('of several %s members none is lost, and the cap counts them together', (encoding) => {
  const body = Buffer.concat([COMPRESS[encoding](TEXT), COMPRESS[encoding](TEXT)]);
  const opened = openBody(body, encoding, 1e6);
  expect(opened.bytes).toEqual(Buffer.concat([TEXT, TEXT]));
  expect(opened.zstd).toBeUndefined();
  expect(() => openBody(body, encoding, TEXT.length * 2 - 1)).toThrow(expect.objectContaining({ reason: 'decompressed_too_large' }));
});

test('a zstd frame opens the same whatever size it promises, and none is believed above the cap', () => {
  const promise = (bytes: Buffer, pledgedSrcSize?: number) => zstdCompressSync(bytes, pledgedSrcSize === undefined ? {} : { pledgedSrcSize });
  for (const size of [1, 63, 64, 255, 256, 257, 65_791, 65_792, 100_000]) {
    const bytes = Buffer.alloc(size, 'ab\n');
    for (const body of [promise(bytes), promise(bytes, size)]) {
      expect(openBody(body, 'zstd', size).bytes).toEqual(bytes);
      expect(openBody(body, 'zstd', 1e6).bytes).toEqual(bytes);
      if (size > 1) expect(() => openBody(body, 'zstd', size - 1)).toThrow(expect.objectContaining({ reason: 'decompressed_too_large' }));
    }
  }
  // Magic, a descriptor that says an eight-byte content size, a window, and 2^64 - 1 bytes promised.
  const liar = Buffer.concat([Buffer.from('28b52ffdc000', 'hex'), Buffer.alloc(8, 0xff), Buffer.alloc(40)]);
  expect(() => openBody(liar, 'zstd', 1e6)).toThrow(expect.objectContaining({ name: 'GatewayError' }));
});

test('only gzip, zstd and none are encodings', () => {
  expect(['GZIP ', 'x-gzip', 'zstd', '', 'identity', undefined].map(contentEncoding)).toEqual(['gzip', 'gzip', 'zstd', 'identity', 'identity', 'identity']);
  for (const header of ['br', 'gzip, zstd', 'deflate', '__proto__']) expect(() => contentEncoding(header)).toThrow(expect.objectContaining({ status: 415 }));
});
