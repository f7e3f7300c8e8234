import type { GatewayConfig } from './config.ts';
import { GatewayError } from './errors.ts';

/** What the gateway holds at one time: this bounds its memory whatever clients send. */
export interface Admission {
  readonly bytes: number;
  readonly appends: number;
  /**
   * Throws 503 when the limit is reached. `giveUp`: ends the request, when its body is late and there is no room for
   * another one; without it, the bytes are there already.
   */
  admit(bytes: number, giveUp?: () => void): Ticket;
  /** Ends every request whose body is not there yet. */
  giveUpArriving(): void;
  /** Throws 503 when the limit is reached; call the result once the append is settled. */
  beginAppend(): () => void;
}

export interface Ticket {
  /** The body is there to its end. */
  arrived(): void;
  /** Before a body is decompressed: throws 503 unless there is room for that much. */
  needRoom(bytes: number): void;
  /** What the body came to. */
  grow(bytes: number): void;
  /** Harmless the second time. */
  release(): void;
}

/** A body that is not there by then gives its place to another, where there is no room for both. */
export const LATE_MS = 5_000;

interface Arriving {
  readonly sinceMs: number;
  readonly giveUp: () => void;
}

export function createAdmission(config: GatewayConfig, clock: () => number): Admission {
  let heldBytes = 0;
  let appends = 0;
  /** Oldest first. */
  const arriving = new Set<Arriving>();
  const needRoom = (bytes: number): void => {
    if (heldBytes + bytes > config.max_in_flight_bytes) throw new GatewayError('TQ-GATEWAY-31');
  };
  const makeRoom = (bytes: number): void => {
    for (const { sinceMs, giveUp } of arriving) {
      if (heldBytes + bytes <= config.max_in_flight_bytes || clock() - sinceMs < LATE_MS) return;
      giveUp();
    }
  };
  return {
    get bytes() {
      return heldBytes;
    },
    get appends() {
      return appends;
    },
    admit(bytes, giveUp) {
      makeRoom(bytes);
      needRoom(bytes);
      heldBytes += bytes;
      let mine = bytes;
      const waiting: Arriving = {
        sinceMs: clock(),
        giveUp() {
          release();
          giveUp?.();
        },
      };
      if (giveUp !== undefined) arriving.add(waiting);
      const release = (): void => {
        arriving.delete(waiting);
        heldBytes -= mine;
        mine = 0;
      };
      return {
        arrived: () => void arriving.delete(waiting),
        needRoom,
        grow(more) {
          heldBytes += more;
          mine += more;
        },
        release,
      };
    },
    giveUpArriving() {
      for (const { giveUp } of arriving) giveUp();
    },
    beginAppend() {
      if (appends >= config.max_in_flight_appends) throw new GatewayError('TQ-GATEWAY-31');
      appends += 1;
      return () => {
        appends -= 1;
      };
    },
  };
}
