/** Error codes of the protocol (https://kafka.apache.org/protocol#protocol_error_codes) the log tells apart. */
export const NONE = 0;
export const OFFSET_OUT_OF_RANGE = 1;
const DUPLICATE_SEQUENCE_NUMBER = 46;

/** Refused before anything was written, and will be again. */
const TOO_LARGE: ReadonlySet<number> = new Set([10, 18]);
const INVALID_RECORD = 87;
/** TOPIC, CLUSTER and TRANSACTIONAL_ID_AUTHORIZATION_FAILED. */
const FORBIDDEN: ReadonlySet<number> = new Set([29, 31, 53]);
/** INVALID_TOPIC, UNSUPPORTED_VERSION, INVALID_REQUEST, UNSUPPORTED_FOR_MESSAGE_FORMAT, POLICY_VIOLATION: no retry mends them. */
const UNUSABLE: ReadonlySet<number> = new Set([17, 21, 35, 42, 43, 44, 76, INVALID_RECORD]);
/** OUT_OF_ORDER_SEQUENCE, INVALID_PRODUCER_EPOCH, INVALID_PRODUCER_ID_MAPPING, UNKNOWN_PRODUCER_ID, PRODUCER_FENCED. */
const PRODUCER_LOST: ReadonlySet<number> = new Set([45, DUPLICATE_SEQUENCE_NUMBER, 47, 49, 59, 90]);

/**
 * What a code of a partition asks for.
 * - `retry`: the same again, after a look at the metadata. Unknown codes too: what cannot be mended runs into the time-out.
 * - `producer`: the broker's idea of our sequence is not ours. Whether an earlier try was written is not known.
 */
export type Verdict = 'done' | 'retry' | 'producer' | 'too large' | 'forbidden' | 'unusable';

export function verdictOf(code: number): Verdict {
  if (code === NONE) return 'done';
  if (PRODUCER_LOST.has(code)) return 'producer';
  if (TOO_LARGE.has(code)) return 'too large';
  if (FORBIDDEN.has(code)) return 'forbidden';
  return UNUSABLE.has(code) ? 'unusable' : 'retry';
}
