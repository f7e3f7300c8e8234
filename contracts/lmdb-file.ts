import { accessSync, closeSync, constants, existsSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What must hold of an LMDB directory before it is opened, in every room that keeps one: lmdb-js 3.5 ends the process
 * with SIGSEGV when LMDB refuses a file, and LMDB maps its file, so that reading a page the file no longer has ends it
 * with SIGBUS. The two meta pages start `data.mdb` (mdb.c `MDB_meta`, 64 bit, little endian):
 *
 *     page header 24 bytes | u32 magic | u32 version | u64 address | u64 map size | free tree | main tree
 *     | u64 last page | u64 transaction
 *
 * A tree is 48 bytes; the free tree starts with the page size.
 */
const HEADER_BYTES = 24;
const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;
const PAGE_SIZE_AT = HEADER_BYTES + 24;
const LAST_PAGE_AT = HEADER_BYTES + 24 + 2 * 48;
const BEING_MADE_MS = 100;
const META_BYTES = LAST_PAGE_AT + 16;
const PAGE_SIZES = [4096, 8192, 16384, 32768, 65536];
/** Far more than one transaction takes and gives back at the end of the file. */
const MOST_FREE_BYTES = 4 * 1024 * 1024;

interface Meta {
  readonly pageBytes: number;
  readonly lastPage: number;
  readonly transaction: number;
}

function readMeta(fd: number, at: number): Meta | undefined {
  const bytes = Buffer.alloc(META_BYTES);
  if (readSync(fd, bytes, 0, META_BYTES, at) < META_BYTES) return undefined;
  if (bytes.readUInt32LE(HEADER_BYTES) !== MAGIC || (bytes.readUInt32LE(HEADER_BYTES + 4) & 0xffff) !== DATA_VERSION) return undefined;
  return { pageBytes: bytes.readUInt32LE(PAGE_SIZE_AT), lastPage: Number(bytes.readBigUInt64LE(LAST_PAGE_AT)), transaction: Number(bytes.readBigUInt64LE(LAST_PAGE_AT + 8)) };
}

/**
 * - `ready`: LMDB can open it.
 * - `filled`: the file was shorter than it says and was filled up with zeros. LMDB leaves out pages at the end that are
 *   free, so this alone is no damage; what was cut off reads as an LMDB error or as zeros.
 * - `damaged`: it is no LMDB file.
 */
export type LmdbFile = { readonly state: 'ready' | 'filled' } | { readonly state: 'damaged'; readonly problem: string };

/** Throws the system's error when the directory or a file in it cannot be written. */
export function prepareLmdbFile(directory: string): LmdbFile {
  accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  const lock = join(directory, 'lock.mdb');
  if (existsSync(lock)) closeSync(openSync(lock, 'r+'));
  const file = join(directory, 'data.mdb');
  if (!existsSync(file)) return { state: 'ready' };
  const fd = openSync(file, 'a+');
  try {
    const found = prepare(fd);
    if (found.state !== 'damaged') return found;
    // Another process may be writing the first two pages right now.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BEING_MADE_MS);
    return prepare(fd);
  } finally {
    closeSync(fd);
  }
}

function prepare(fd: number): LmdbFile {
  // A process that was killed while it made the file leaves it empty; LMDB starts it again.
  if (fstatSync(fd).size === 0) return { state: 'ready' };
  const first = readMeta(fd, 0);
  if (first === undefined || !PAGE_SIZES.includes(first.pageBytes)) return { state: 'damaged', problem: 'its file does not start as one' };
  const second = readMeta(fd, first.pageBytes);
  if (second === undefined) return { state: 'damaged', problem: 'its file ends early' };
  const newest = second.transaction > first.transaction ? second : first;
  const neededBytes = (newest.lastPage + 1) * newest.pageBytes;
  // Asked for after the meta pages: another process may be writing, and data comes before its meta page.
  const missingBytes = neededBytes - fstatSync(fd).size;
  if (missingBytes <= 0) return { state: 'ready' };
  if (missingBytes > MOST_FREE_BYTES) return { state: 'damaged', problem: 'its file was cut short' };
  // Appending can neither shorten the file nor write over what another process puts there.
  writeSync(fd, Buffer.alloc(missingBytes));
  return { state: 'filled' };
}
