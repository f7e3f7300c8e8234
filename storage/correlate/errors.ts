/** The correlator's errors. Codes are never reused; each message says what to do. */
const CATALOGUE = {
  'TQ-CORRELATE-01': { retryable: false, text: 'a snapshot of the second stage cannot be read; the control stream is damaged or was written by a newer version' },
} as const satisfies Readonly<Record<string, { readonly retryable: boolean; readonly text: string }>>;

export type CorrelateErrorCode = keyof typeof CATALOGUE;

/** Stops the second stage of a partition, loudly. Events are stored and alerted on without it. */
export class CorrelateError extends Error {
  override readonly name = 'CorrelateError';
  readonly code: CorrelateErrorCode;
  readonly retryable: boolean;
  constructor(code: CorrelateErrorCode, where: string, options?: ErrorOptions) {
    super(`${code}: ${where}: ${CATALOGUE[code].text}`, options);
    this.code = code;
    this.retryable = CATALOGUE[code].retryable;
  }
}
