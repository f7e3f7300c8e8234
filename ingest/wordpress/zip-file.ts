import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  /** With slashes, relative. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const VERSION = 20;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;
/** 1980-01-01, the first day a zip knows: equal files give equal archives whenever they are packed. */
const DATE = (0 << 9) | (1 << 5) | 1;
/** A regular file of Unix, readable by all. */
const ATTRIBUTES = (0o100644 << 16) >>> 0;
const MADE_BY_UNIX = (3 << 8) | VERSION;

/**
 * A zip archive (APPNOTE 6.3, without zip64) of files in the order of their names.
 *
 * local header: signature 4, version 2, flags 2, method 2, time 2, date 2, crc 4, packed 4, size 4, name 2, extra 2, name
 * central header: signature 4, made by 2, version 2, … as above …, comment 2, disk 2, internal 2, external 4, offset 4, name
 * end: signature 4, disks 2+2, entries 2+2, size of the central directory 4, its offset 4, comment 2
 */
export function zipFile(entries: readonly ZipEntry[]): Uint8Array {
  const [locals, centrals]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const { name, bytes } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const packed = deflateRawSync(bytes, { level: 9 });
    const nameBytes = Buffer.from(name);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(VERSION, 0);
    shared.writeUInt16LE(UTF8_NAMES, 2);
    shared.writeUInt16LE(DEFLATED, 4);
    shared.writeUInt16LE(DATE, 8);
    shared.writeUInt32LE(crc32(bytes), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(bytes.length, 18);
    shared.writeUInt16LE(nameBytes.length, 22);
    const made = Buffer.alloc(2);
    made.writeUInt16LE(MADE_BY_UNIX, 0);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(ATTRIBUTES, 6);
    rest.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), shared, nameBytes, packed]);
    locals.push(local);
    centrals.push(Buffer.concat([Buffer.from('PK\u0001\u0002', 'latin1'), made, shared, rest, nameBytes]));
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(centrals.length, 8);
  end.writeUInt16LE(centrals.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
