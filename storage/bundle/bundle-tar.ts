import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

const BLOCK = 512;
/** The archive ends with two empty blocks. */
const END = Buffer.alloc(2 * BLOCK);

/**
 * The files of a directory as a tar archive (POSIX ustar), below the folder `name` (ASCII, at most 155 bytes; names of
 * files at most 100). Equal files give equal bytes: by name, without owner and time.
 */
export async function* tarOf(directory: string, name: string): AsyncGenerator<Buffer> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name))).toSorted();
  for (const file of files) {
    const { size } = await stat(path.join(directory, file));
    yield header(file, name, size);
    // A file that grew meanwhile must not push the next header aside.
    if (size > 0) for await (const chunk of createReadStream(path.join(directory, file), { end: size - 1 })) yield Buffer.from(chunk);
    const rest = size % BLOCK;
    if (rest > 0) yield Buffer.alloc(BLOCK - rest);
  }
  yield END;
}

function header(file: string, prefix: string, size: number): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number): void => void bytes.write(`${value.toString(8).padStart(digits, '0')}\0`, at, 'latin1');
  if (Buffer.byteLength(file) > 100 || Buffer.byteLength(prefix) > 155) throw new RangeError('a name is too long for the archive');
  bytes.write(file, 0, 'utf8');
  octal(0o600, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(0, 136, 11);
  bytes.write('        0', 148, 'latin1');
  bytes.write('ustar\u000000', 257, 'latin1');
  bytes.write(prefix, 345, 'utf8');
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}
