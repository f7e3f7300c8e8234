import { createDecipheriv, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import type { WorkerKeys } from '../../contracts/keys.ts';
import { MAX_BLOCK_BYTES } from '../../contracts/limits.ts';
import { parseRecord } from '../../contracts/log-record.ts';
import type { RawRecord, RecordHead } from '../../contracts/log-record.ts';
import { SealingError } from './errors.ts';
import { parseSealedBody, TAG_BYTES } from './sealed-body.ts';
import type { SealedBody } from './sealed-body.ts';

export interface OpenedBlock {
  readonly head: RecordHead;
  /** The lines, each ended by a line feed; of a chained block without its header line. */
  readonly body: Buffer;
  /** Of a chained block: its first line, without the line feed. */
  readonly headerLine?: string;
}

export interface BlockOpener {
  /** Rejects with `SealingError` for damage, with the keys role's error when the key could not be had. */
  open(value: Buffer): Promise<OpenedBlock>;
}

/** Data keys held: many gateways, some generations each. */
const CACHED_KEYS = 1_024;
/** A block's header line is well below this. */
const MAX_HEADER_BYTES = 16 * 1024;

export function openBlockOpener(keys: Pick<WorkerKeys, 'unwrap'>): BlockOpener {
  const unwrap = cachedUnwrap(keys);
  return {
    async open(value) {
      const record = parseRecord(value);
      const sealed = record === undefined ? undefined : parseSealedBody(record.sealed);
      if (record === undefined || sealed === undefined) throw new SealingError('TQ-SEAL-01');
      const body = decompress(record.head, decrypt(record, sealed, await unwrap(sealed)));
      return splitHeader(record.head, body);
    },
  };
}

/** The oldest used goes first; a failure is not remembered. */
function cachedUnwrap(keys: Pick<WorkerKeys, 'unwrap'>): (sealed: SealedBody) => Promise<KeyObject> {
  const cache = new Map<string, Promise<KeyObject>>();
  return (sealed) => {
    const name = sealed.sealingKeyId + sealed.wrapped.toString('latin1');
    const cached = cache.get(name);
    cache.delete(name);
    const key = cached ?? keys.unwrap(sealed.sealingKeyId, Buffer.from(sealed.wrapped)).then((bytes) => createSecretKey(bytes));
    cache.set(name, key);
    if (cached === undefined) key.catch(() => cache.delete(name));
    const oldest = cache.keys().next().value;
    if (cache.size > CACHED_KEYS && oldest !== undefined) cache.delete(oldest);
    return key;
  };
}

function decrypt(record: RawRecord, sealed: SealedBody, dataKey: KeyObject): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', dataKey, sealed.nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(record.headBytes);
    decipher.setAuthTag(sealed.tag);
    const body = decipher.update(sealed.ciphertext);
    decipher.final();
    return body;
  } catch (error) {
    throw new SealingError('TQ-SEAL-02', '', { cause: error });
  }
}

function decompress(head: RecordHead, compressed: Buffer): Buffer {
  if (!Number.isInteger(head.bytes) || head.bytes < 0 || head.bytes > MAX_BLOCK_BYTES + MAX_HEADER_BYTES) throw new SealingError('TQ-SEAL-03', 'bytes');
  const body = head.codec === 'none' ? compressed : inflate(compressed, head.bytes);
  if (body.length !== head.bytes) throw new SealingError('TQ-SEAL-03', 'bytes');
  if (body.length > 0 && body.at(-1) !== 0x0a) throw new SealingError('TQ-SEAL-03', 'last line');
  return body;
}

function inflate(compressed: Buffer, bytes: number): Buffer {
  if (bytes === 0) return Buffer.alloc(0);
  try {
    // One output chunk of the size the head promises; a bomb stops at one more byte.
    return zstdDecompressSync(compressed, { chunkSize: Math.max(64, bytes), maxOutputLength: bytes });
  } catch (error) {
    throw new SealingError('TQ-SEAL-03', 'compression', { cause: error });
  }
}

function splitHeader(head: RecordHead, body: Buffer): OpenedBlock {
  if (head.framing === 'plain') return { head, body };
  const end = body.indexOf(0x0a);
  if (end < 0) throw new SealingError('TQ-SEAL-03', 'header line');
  return { head, body: body.subarray(end + 1), headerLine: body.toString('utf8', 0, end) };
}
