import { hash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** How far a file was sent, and by what it is known again: by place and first bytes, or as a copy by its bytes alone. */
export interface FileMark {
  /** Device and inode. */
  readonly id: string;
  /** Bytes sent. */
  readonly offset: number;
  /** SHA-256 (hex) of the first and of the last `min(offset, 1024)` bytes sent. */
  readonly first: string;
  readonly last: string;
}

const WINDOW_BYTES = 1024;

export function fileId(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}`;
}

export async function markOf(file: FileHandle, id: string, offset: number): Promise<FileMark> {
  const size = Math.min(offset, WINDOW_BYTES);
  return { id, offset, first: await windowHash(file, 0, size), last: await windowHash(file, offset - size, size) };
}

async function windowHash(file: FileHandle, position: number, size: number): Promise<string> {
  const bytes = Buffer.alloc(size);
  const { bytesRead } = await file.read(bytes, 0, size, position);
  return hash('sha256', bytes.subarray(0, bytesRead));
}

/**
 * Where to go on: 0 for a file never seen, or one whose place now holds another (copied and truncated, inode used
 * again). A rotated file keeps its inode. A copy made by rotation is known by a full window at both ends.
 */
export async function resumeOffset(file: FileHandle, stats: BigIntStats, marks: readonly FileMark[]): Promise<number> {
  const id = fileId(stats);
  for (const mark of marks.toReversed()) {
    if (BigInt(mark.offset) > stats.size || mark.offset === 0) continue;
    if (mark.id !== id && mark.offset < WINDOW_BYTES) continue;
    const now = await markOf(file, id, mark.offset);
    if (now.first === mark.first && now.last === mark.last) return mark.offset;
  }
  return 0;
}
