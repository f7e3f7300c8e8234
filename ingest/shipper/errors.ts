/** Everything the shipper can fail with. Codes are never reused; `retryable`: the same call may succeed later. */
const CATALOGUE = {
  'TQ-SHIPPER-01': { retryable: true, message: 'Another sender uses this state directory. Wait for it to end, or use another stream.' },
  'TQ-SHIPPER-02': { retryable: false, message: 'This shipper is not enrolled. Give it the enrolment line that "tourniquet site add NAME" or "tourniquet site rotate NAME" prints.' },
  'TQ-SHIPPER-03': { retryable: false, message: 'The enrolment line is not well formed, or is for another site. Copy it whole: tq1.SITE.SECRET.URL.' },
  'TQ-SHIPPER-04': { retryable: false, message: 'The state directory is damaged. Move the named file away; a damaged journal then starts a new chain and sends its files again, a damaged identity needs a new enrolment.' },
  'TQ-SHIPPER-05': { retryable: false, message: 'The gateway refused the request.' },
  'TQ-SHIPPER-06': { retryable: true, message: 'The gateway could not be reached before the deadline. What was not acknowledged is kept and sent next time.' },
  'TQ-SHIPPER-07': { retryable: false, message: 'The answer is not a receipt for this block signed by the gateway enrolled with. The block is kept. Check the gateway address; enrol again if the gateway has a new key.' },
  'TQ-SHIPPER-08': { retryable: false, message: 'The name of the site or stream is wrong. It must be 1 to 64 of a-z 0-9 . _ - and start with a letter or digit.' },
  'TQ-SHIPPER-09': { retryable: true, message: 'This shipper is sending already. Wait for the call before to end.' },
  'TQ-SHIPPER-10': { retryable: false, message: 'The source cannot be read. Check that it is a file and may be read.' },
  'TQ-SHIPPER-11': { retryable: true, message: 'Sending was stopped. What was not acknowledged is kept and sent next time.' },
} as const;

export type ShipperErrorCode = keyof typeof CATALOGUE;

export const SHIPPER_ERRORS: Readonly<Record<ShipperErrorCode, { readonly retryable: boolean; readonly message: string }>> = CATALOGUE;

export class ShipperError extends Error {
  override readonly name = 'ShipperError';
  readonly code: ShipperErrorCode;
  readonly retryable: boolean;
  /** The gateway's HTTP status, where it answered. */
  readonly status: number | undefined;

  constructor(code: ShipperErrorCode, options: { readonly detail?: string; readonly status?: number; readonly cause?: unknown } = {}) {
    const { retryable, message } = SHIPPER_ERRORS[code];
    super(options.detail === undefined ? message : `${message} (${options.detail})`, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = retryable;
    this.status = options.status;
  }
}
