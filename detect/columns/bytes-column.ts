import type { GrowingBytes } from './growing-bytes.ts';

/** Values that are in the Native format already. */
export class BytesColumn {
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  write(out: GrowingBytes): void {
    out.append(this.bytes);
  }
}
