/** Octets of one message; a longer one is taken by its start, the rest is skipped. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

export interface Frame {
  readonly bytes: Buffer;
  readonly isCut: boolean;
}

/**
 * Messages out of a stream of bytes, each framed by the number of its octets (RFC 5425 section 4.3: `MSG-LEN SP MSG`) or ended by
 * a line feed (RFC 6587 section 3.4.2). A message begins with `<`, a length with a digit, so each frame says itself which it is.
 * At most one message is held, whatever is sent.
 */
export interface FrameReader {
  /** What is complete with these bytes; `isBroken` when the stream is no syslog from here on and cannot be read further. */
  push(bytes: Buffer): { readonly frames: readonly Frame[]; readonly isBroken: boolean };
  /** Whether a message has begun and not ended. */
  readonly isMidway: boolean;
}

/** `99999999 `: longer ones are nobody's. */
const MAX_LENGTH_DIGITS = 8;
const FEED = 0x0a;

export function createFrameReader(): FrameReader {
  let held: Buffer = Buffer.alloc(0);
  /** Octets still to skip of a message that was cut; Infinity up to the next line feed. */
  let skip = 0;

  function takeSkipped(): boolean {
    if (skip === 0) return true;
    const feed = skip === Infinity ? held.indexOf(FEED) : -1;
    const gone = skip === Infinity ? (feed < 0 ? held.length : feed + 1) : Math.min(skip, held.length);
    held = held.subarray(gone);
    skip = skip === Infinity ? (feed < 0 ? Infinity : 0) : skip - gone;
    return skip === 0;
  }

  /** The next frame; undefined when more bytes are needed, 'broken' when no frame can begin here. */
  function next(): Frame | 'broken' | undefined {
    let start = 0;
    // Some senders end counted messages with a line feed all the same.
    while (held[start] === FEED || held[start] === 0x0d || held[start] === 0) start += 1;
    held = held.subarray(start);
    const first = held[0];
    if (first === undefined) return undefined;
    if (first === 0x3c) return byFeed();
    return first >= 0x31 && first <= 0x39 ? byCount() : 'broken';
  }

  function byFeed(): Frame | undefined {
    const feed = held.indexOf(FEED);
    const end = feed < 0 ? held.length : feed;
    if (feed < 0 && end <= MAX_MESSAGE_BYTES) return undefined;
    const bytes = held.subarray(0, Math.min(end, MAX_MESSAGE_BYTES));
    held = held.subarray(feed < 0 ? held.length : feed + 1);
    if (feed < 0) skip = Infinity;
    return { bytes, isCut: end > MAX_MESSAGE_BYTES };
  }

  function byCount(): Frame | 'broken' | undefined {
    const space = held.subarray(0, MAX_LENGTH_DIGITS + 1).indexOf(0x20);
    if (space < 0) return held.length > MAX_LENGTH_DIGITS || !/^[0-9]+$/.test(held.toString('latin1')) ? 'broken' : undefined;
    const digits = held.toString('latin1', 0, space);
    if (!/^[0-9]+$/.test(digits)) return 'broken';
    const length = Number(digits);
    const wanted = Math.min(length, MAX_MESSAGE_BYTES);
    if (held.length < space + 1 + wanted) return undefined;
    const bytes = held.subarray(space + 1, space + 1 + wanted);
    held = held.subarray(space + 1 + wanted);
    skip = length - wanted;
    return { bytes, isCut: skip > 0 };
  }

  return {
    get isMidway() {
      return held.length > 0 || skip > 0;
    },
    push(bytes) {
      held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
      const frames: Frame[] = [];
      while (takeSkipped()) {
        const frame = next();
        if (frame === 'broken') return { frames, isBroken: true };
        if (frame === undefined) break;
        frames.push(frame);
      }
      // A copy, so that a few bytes do not hold a whole chunk in memory.
      held = Buffer.from(held);
      return { frames, isBroken: false };
    },
  };
}
