import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { BatchRecord, StoredRecord } from './record-batch.ts';

/**
 * A record of a control stream. Its tag says what it is, followed by `z` when the value is compressed:
 *
 *     a   an entry that was appended
 *     c   a claim: an entry if it is the first of its key that counts
 *     t   a trim, with `{"before": offset}`: from here on nothing below counts, nor do claims that lost to one below
 *     v   with `{"offsets": []}`: claims that lost to a claim which is gone; for who never saw the winner
 */
export type ControlRecord =
  | { readonly kind: 'append' | 'claim'; readonly offset: number; readonly key: string; readonly value: string }
  | { readonly kind: 'trim'; readonly offset: number; readonly before: number }
  | { readonly kind: 'void'; readonly offset: number; readonly offsets: readonly number[] }
  /** Written by somebody else. */
  | { readonly kind: 'foreign'; readonly offset: number };

export const MAX_VALUE_BYTES = 8 * 1024 * 1024;
const COMPRESSED_FROM_BYTES = 1024;
const COMPRESSED = 'z';
/** No reader looks at it, but a record without a key cannot be told from one that lost it. */
const MARK_KEY = Buffer.from('-');

export function encodeEntry(kind: 'append' | 'claim', key: string, value: string): BatchRecord {
  const tag = kind === 'append' ? 'a' : 'c';
  const bytes = Buffer.from(value);
  if (bytes.length <= COMPRESSED_FROM_BYTES) return { key: Buffer.from(key), value: bytes, tag };
  const compressed = zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  return compressed.length < bytes.length ? { key: Buffer.from(key), value: compressed, tag: `${tag}${COMPRESSED}` } : { key: Buffer.from(key), value: bytes, tag };
}

export function encodeTrim(before: number): BatchRecord {
  return { key: MARK_KEY, value: Buffer.from(JSON.stringify({ before })), tag: 't' };
}

export function encodeVoid(offsets: readonly number[]): BatchRecord {
  return { key: MARK_KEY, value: Buffer.from(JSON.stringify({ offsets })), tag: 'v' };
}

/** What cannot be read is somebody else's too: its bytes are the same for all, so all handles pass it over alike. */
export function decodeControl(stored: StoredRecord): ControlRecord {
  try {
    return decode(stored);
  } catch {
    return { kind: 'foreign', offset: stored.offset };
  }
}

function decode({ offset, key, value, tag }: StoredRecord): ControlRecord {
  const text = (): string => (tag?.endsWith(COMPRESSED) === true ? zstdDecompressSync(value, { maxOutputLength: MAX_VALUE_BYTES }) : value).toString();
  switch (tag?.[0]) {
    case 'a': return { kind: 'append', offset, key: key.toString(), value: text() };
    case 'c': return { kind: 'claim', offset, key: key.toString(), value: text() };
    // Only this file writes these. What another one wrote ends here, so that it trims nothing.
    case 't': return { kind: 'trim', offset, before: offsetOf((JSON.parse(text()) as { readonly before: unknown }).before) };
    case 'v': return { kind: 'void', offset, offsets: (JSON.parse(text()) as { readonly offsets: readonly unknown[] }).offsets.map(offsetOf) };
    default: return { kind: 'foreign', offset };
  }
}

function offsetOf(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new TypeError('no offset');
  return value;
}
