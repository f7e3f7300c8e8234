import { constants, zstdCompressSync } from 'node:zlib';
import { encodeRecordHead, frameRecord } from '../../contracts/log-record.ts';
import type { RecordHead } from '../../contracts/log-record.ts';

/** Seals a compressed body; `headBytes` are authenticated with it. */
export type Seal = (headBytes: Buffer, body: Buffer) => Promise<Buffer> | Buffer;

/** What a record of our own says of itself; the rest follows from its body. */
export type OwnHead = Omit<RecordHead, 'v' | 'site' | 'provenance' | 'codec' | 'bytes'>;

/** A record of the `_system` site, ready to be appended. Equal heads and bodies open to the same; the sealed bytes differ. */
export async function sealedRecord(seal: Seal, site: string, own: OwnHead, body: Buffer): Promise<Buffer> {
  const headBytes = encodeRecordHead({ v: 1, site, provenance: 'system', codec: 'zstd', bytes: body.length, ...own });
  const compressed = zstdCompressSync(body, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  return frameRecord(headBytes, await seal(headBytes, compressed));
}
