import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { badRequest, ServerException } from './server-exception.ts';

/** ClickHouse's max_query_size; also what is read of a body to find its statement. */
export const MAX_QUERY_BYTES = 256 * 1024;
const MAX_FORM_BYTES = 16 * 1024 * 1024;

export interface BodyStart {
  readonly bytes: Buffer;
  /** Undefined when `bytes` is all. */
  readonly rest: Readable | undefined;
}

/** Reads at least `least` bytes unless the body is shorter. */
export async function bodyStart(body: Readable, least = MAX_QUERY_BYTES): Promise<BodyStart> {
  const iterator: AsyncIterator<Buffer> = body[Symbol.asyncIterator]();
  const chunks: Buffer[] = [];
  let size = 0;
  while (size <= least) {
    const next = await iterator.next();
    if (next.done === true) return { bytes: Buffer.concat(chunks), rest: undefined };
    chunks.push(next.value);
    size += next.value.length;
  }
  return { bytes: Buffer.concat(chunks), rest: Readable.from({ [Symbol.asyncIterator]: () => iterator }, { objectMode: false }) };
}

export async function wholeForm(body: Readable): Promise<Buffer> {
  const { bytes, rest } = await bodyStart(body, MAX_FORM_BYTES);
  if (rest !== undefined) throw badRequest('The form is larger than 16 MiB.');
  return bytes;
}

/** A file of one insert's data, gone when disposed. Not synced: an insert is acknowledged from the table's own files. */
export class BodySpool {
  readonly path: string;
  bytes = 0;

  constructor(directory: string) {
    this.path = join(directory, `${randomUUID()}.body`);
  }

  async store(parts: readonly (Buffer | Readable)[], maxBytes: number): Promise<void> {
    await pipeline(
      async function* (this: BodySpool) {
        for (const part of parts) {
          for await (const chunk of Buffer.isBuffer(part) ? [part] : part) {
            const bytes: Buffer = chunk;
            this.bytes += bytes.length;
            if (this.bytes > maxBytes) throw new ServerException(229, 'QUERY_IS_TOO_LARGE', 'The body is larger than spool_megabytes allows: send less at a time.');
            yield bytes;
          }
        }
      }.bind(this),
      createWriteStream(this.path, { mode: 0o600, highWaterMark: 1024 * 1024 }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { force: true });
  }
}
