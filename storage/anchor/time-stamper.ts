import { randomBytes } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';
import type { Post } from './post.ts';
import type { SignedCheckpoint } from './signed-checkpoint.ts';
import { readTimeStamp, timeStampRequest } from './time-stamp.ts';

export interface TimeStamper {
  /** Has the note dated, when the last date is old enough and the tree grew since. Rejects with what went wrong; the next call tries again. */
  stamp(checkpoint: SignedCheckpoint): Promise<void>;
}

export interface TimeStamperOptions {
  readonly url: string;
  /** `<size>.note` and `<size>.tsr`, the note and the authority's whole answer, are written here. */
  readonly directory: string;
  readonly everyMs: number;
  readonly post: Post;
}

export function createTimeStamper({ url, directory, everyMs, post }: TimeStamperOptions): TimeStamper {
  let lastMs = Number.NEGATIVE_INFINITY;
  let lastSize = -1;
  return {
    async stamp({ size, note }) {
      const nowMs = performance.now();
      if (size <= lastSize || nowMs - lastMs < everyMs) return;
      const request = timeStampRequest(note, randomBytes(8));
      const { status, body } = await post(url, { 'content-type': 'application/timestamp-query' }, request.body);
      if (status !== 200) throw new Error(`the time-stamp authority answered with status ${status}`);
      const answer = readTimeStamp(body, request);
      if (!answer.ok) throw new Error(`no time stamp: ${answer.problem}`);
      await mkdir(directory, { recursive: true, mode: 0o750 });
      await writeDurably(path.join(directory, `${size}.note`), Buffer.from(note));
      await writeDurably(path.join(directory, `${size}.tsr`), body);
      lastMs = nowMs;
      lastSize = size;
    },
  };
}

async function writeDurably(file: string, bytes: Buffer): Promise<void> {
  const handle = await open(`${file}.new`, 'w', 0o640);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}
