/** What opening a sealed block can answer. The bytes come from our own gateways, so a wrong one is damage. */
const CATALOGUE = {
  'TQ-SEAL-01': { retryable: false, message: 'the log record is damaged: it is put aside as a dead letter; check the disk of the event log' },
  'TQ-SEAL-02': { retryable: false, message: 'the block was changed after it was sealed, or sealed to another deployment: check who can write to the event log' },
  'TQ-SEAL-03': { retryable: false, message: 'the block does not hold what its head says: the gateway that sealed it is at fault' },
} as const;

export type SealingErrorCode = keyof typeof CATALOGUE;

export const SEALING_ERRORS: Readonly<Record<SealingErrorCode, { readonly retryable: boolean; readonly message: string }>> = CATALOGUE;

/** Errors of the keys role pass through as they are: they are worth another try, these are not. */
export class SealingError extends Error {
  override readonly name = 'SealingError';
  readonly code: SealingErrorCode;
  readonly retryable: boolean;

  constructor(code: SealingErrorCode, detail = '', options?: ErrorOptions) {
    super(`${code}: ${CATALOGUE[code].message}${detail === '' ? '' : ` (${detail})`}`, options);
    this.code = code;
    this.retryable = CATALOGUE[code].retryable;
  }
}
