import type { GatewayConfig } from './config.ts';
import { GatewayError } from './errors.ts';

/** What the gateway holds at one time: this bounds its memory whatever clients send. */
export interface Admission {
  readonly bytes: number;
  readonly appends: number;
  /** Throws 503 when the limit is reached. */
  admit(bytes: number): Ticket;
  /** Throws 503 when the limit is reached; call the result once the append is settled. */
  beginAppend(): () => void;
}

export interface Ticket {
  /** Before a body is decompressed: throws 503 unless there is room for that much. */
  needRoom(bytes: number): void;
  /** What the body came to. */
  grow(bytes: number): void;
  /** Harmless the second time. */
  release(): void;
}

export function createAdmission(config: GatewayConfig): Admission {
  let heldBytes = 0;
  let appends = 0;
  const needRoom = (bytes: number): void => {
    if (heldBytes + bytes > config.max_in_flight_bytes) throw new GatewayError('TQ-GATEWAY-31');
  };
  return {
    get bytes() {
      return heldBytes;
    },
    get appends() {
      return appends;
    },
    admit(bytes) {
      needRoom(bytes);
      heldBytes += bytes;
      let mine = bytes;
      return {
        needRoom,
        grow(more) {
          heldBytes += more;
          mine += more;
        },
        release() {
          heldBytes -= mine;
          mine = 0;
        },
      };
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
