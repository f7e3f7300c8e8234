import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { ShipperError } from './errors.ts';
import { fileId, markOf, resumeOffset } from './file-mark.ts';
import type { FileMark } from './file-mark.ts';

/** What is sent: a file from where it was left, or a stream. */
export interface Source extends AsyncDisposable {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Where the chunks start; 0 for a stream. */
  readonly offset: number;
  /** Bytes from the offset to the end as it was at opening; unknown for a stream. */
  readonly totalBytes: number | undefined;
  /** A stream ends for good, so its last line needs no line feed. */
  readonly isStream: boolean;
  /** What to remember when everything before `offset` is acknowledged. */
  mark(offset: number): Promise<FileMark | undefined>;
}

const CHUNK_BYTES = 1024 * 1024;

export async function openSource(source: string | AsyncIterable<Uint8Array>, marks: readonly FileMark[]): Promise<Source> {
  if (typeof source !== 'string') {
    return { chunks: source, offset: 0, totalBytes: undefined, isStream: true, mark: async () => undefined, [Symbol.asyncDispose]: async () => undefined };
  }
  let file: FileHandle;
  try {
    file = await open(source, 'r');
  } catch (cause) {
    throw new ShipperError('TQ-SHIPPER-10', { cause });
  }
  try {
    return await fileSource(file, marks);
  } catch (cause) {
    await file.close();
    throw cause;
  }
}

async function fileSource(file: FileHandle, marks: readonly FileMark[]): Promise<Source> {
  const stats = await file.stat({ bigint: true });
  const close = async (): Promise<void> => await file.close();
  // A pipe or terminal has no places to go back to.
  if (stats.isFIFO() || stats.isCharacterDevice()) {
    return { chunks: readChunks(file, undefined), offset: 0, totalBytes: undefined, isStream: true, mark: async () => undefined, [Symbol.asyncDispose]: close };
  }
  if (!stats.isFile()) throw new ShipperError('TQ-SHIPPER-10', { detail: 'not a file' });
  const offset = await resumeOffset(file, stats, marks);
  return {
    chunks: readChunks(file, offset),
    offset,
    totalBytes: Number(stats.size) - offset,
    isStream: false,
    mark: async (at) => await markOf(file, fileId(stats), at),
    [Symbol.asyncDispose]: close,
  };
}

async function* readChunks(file: FileHandle, from: number | undefined): AsyncGenerator<Uint8Array> {
  let position = from;
  for (;;) {
    // Lines are views into the chunk, so each chunk has its own memory.
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(CHUNK_BYTES), 0, CHUNK_BYTES, position ?? null);
    if (bytesRead === 0) return;
    if (position !== undefined) position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
