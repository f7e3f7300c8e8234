import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { GatewayError } from './errors.ts';

export type ContentEncoding = 'identity' | 'gzip' | 'zstd';

/** A body after decompression. */
export interface OpenedBody {
  readonly bytes: Buffer;
  /** The body as it was sent, when it is one whole zstd frame and can be stored as it is. */
  readonly zstd: Buffer | undefined;
}

export function contentEncoding(header: string | undefined): ContentEncoding {
  switch (header?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'identity':
      return 'identity';
    case 'gzip':
    case 'x-gzip':
      return 'gzip';
    case 'zstd':
      return 'zstd';
    default:
      throw new GatewayError('TQ-GATEWAY-12');
  }
}

/**
 * Decompression stops as soon as `maxBytes` are exceeded, so a bomb costs no more than a large honest body. It runs on
 * the calling thread: 70 us for 100 kB, where handing it to the thread pool took longer than the work.
 */
export function openBody(body: Buffer, encoding: ContentEncoding, maxBytes: number): OpenedBody {
  try {
    switch (encoding) {
      case 'identity':
        if (body.length > maxBytes) throw new GatewayError('TQ-GATEWAY-15');
        return { bytes: body, zstd: undefined };
      case 'gzip':
        return { bytes: gunzipSync(body, { maxOutputLength: maxBytes }), zstd: undefined };
      case 'zstd':
        return openZstd(body, maxBytes);
      default:
        return encoding satisfies never;
    }
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    const tooLarge = error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw new GatewayError(tooLarge ? 'TQ-GATEWAY-15' : 'TQ-GATEWAY-20', { cause: error });
  }
}

/** Node stops after the first frame without a word; what follows must not be lost. */
function openZstd(body: Buffer, maxBytes: number): OpenedBody {
  const frames: Buffer[] = [];
  let read = 0;
  let bytes = 0;
  while (read < body.length || read === 0) {
    const frame = openFrame(read === 0 ? body : body.subarray(read), Math.max(1, maxBytes - bytes));
    if (frame.readBytes === 0) throw new GatewayError('TQ-GATEWAY-20');
    frames.push(frame.bytes);
    read += frame.readBytes;
    bytes += frame.bytes.length;
  }
  const [first] = frames;
  if (first !== undefined && frames.length === 1) return { bytes: first, zstd: body };
  return { bytes: Buffer.concat(frames), zstd: undefined };
}

function openFrame(body: Buffer, maxBytes: number): { readonly bytes: Buffer; readonly readBytes: number } {
  // With `info` the result is an object; @types/node does not say so.
  const result = zstdDecompressSync(body, { maxOutputLength: maxBytes, chunkSize: chunkBytes(body, maxBytes), info: true }) as unknown as { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };
  return { bytes: result.buffer, readBytes: result.engine.bytesWritten };
}

/** Node's own: what an output of unknown size grows by. */
const CHUNK_BYTES = 16 * 1024;
const LEAST_CHUNK_BYTES = 64;

/**
 * Output in one piece of the size the frame promises, so that no room is taken that is not filled; one byte more, since
 * Node reads on into the next frame when a piece is full to the end. A promise is no more than that: decompression stops
 * at `maxBytes`, and the room taken is never more than those and one.
 */
function chunkBytes(frame: Buffer, maxBytes: number): number {
  const promised = contentBytes(frame);
  return promised === undefined || promised > maxBytes ? CHUNK_BYTES : Math.max(LEAST_CHUNK_BYTES, promised + 1);
}

const ZSTD_MAGIC = 0xfd2fb528;

/**
 * Frame_Content_Size of RFC 8878 section 3.1.1.1; undefined when the frame does not say, or is cut off.
 *
 *     magic, 4 | descriptor: size flag in bits 7-6, single segment in bit 5, dictionary flag in bits 1-0
 *     | window, 1 unless single segment | dictionary id, 0 1 2 or 4 | content size, 0 or 1, 2, 4 or 8
 */
function contentBytes(frame: Buffer): number | undefined {
  if (frame.length < 18 || frame.readUInt32LE(0) !== ZSTD_MAGIC) return undefined;
  const descriptor = frame.readUInt8(4);
  const isSingle = (descriptor & 0x20) !== 0;
  const at = 5 + (isSingle ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  switch (descriptor >> 6) {
    case 0:
      return isSingle ? frame.readUInt8(at) : undefined;
    case 1:
      return frame.readUInt16LE(at) + 256;
    case 2:
      return frame.readUInt32LE(at);
    default:
      return Number(frame.readBigUInt64LE(at));
  }
}
