/** As much of DER (ITU-T X.690) as a time stamp needs. Lengths below 2^32, tags of one byte. */
export interface DerValue {
  readonly tag: number;
  readonly content: Buffer;
}

export const INTEGER = 0x02;
export const OCTET_STRING = 0x04;
export const NULL = 0x05;
export const OID = 0x06;
export const SEQUENCE = 0x30;
export const BOOLEAN = 0x01;
/** `[0]`, constructed. */
export const CONTEXT_0 = 0xa0;

export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Uint8Array.of(tag), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  const short = bytes.subarray(bytes.findIndex((byte) => byte !== 0));
  return Buffer.concat([Uint8Array.of(0x80 | short.length), short]);
}

/** The values one after the other; undefined when the bytes are not exactly that. */
export function derValues(bytes: Buffer): readonly DerValue[] | undefined {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at];
    let length = bytes[at + 1];
    if (tag === undefined || length === undefined || (tag & 0x1f) === 0x1f) return undefined;
    let start = at + 2;
    if (length >= 0x80) {
      const lengthBytes = length - 0x80;
      if (lengthBytes < 1 || lengthBytes > 4 || start + lengthBytes > bytes.length) return undefined;
      length = bytes.readUIntBE(start, lengthBytes);
      start += lengthBytes;
    }
    if (start + length > bytes.length) return undefined;
    values.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return values;
}
