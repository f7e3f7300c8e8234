/** Splitting and judging the lines of a block body: one native call a block, with a JavaScript oracle beside it. */
export interface InspectedBody {
  readonly lines: number;
  /** Three numbers a line: start and end of the event's bytes in the body (after the nonce), index into LINE_STATUS. */
  readonly table: Uint32Array;
  /** Lines whose status is not ok. */
  readonly rejected: number;
  /** The chain's head after the last line; empty without nonces. */
  readonly head: Buffer;
  /** Index of the first line whose framing (nonce, space, final line feed) is broken; -1 when none is. */
  readonly brokenLine: number;
}

export interface LineInspector {
  /**
   * `previousHead`: 32 bytes when each line starts with a nonce; undefined for plain lines. A carriage return before
   * the line feed of a plain line is not part of the line. Never throws on hostile bytes.
   */
  inspect(body: Buffer, previousHead: Buffer | undefined): InspectedBody;
}
