/** Everything the event log can answer besides success. Codes are never reused. */
const CATALOGUE = {
  'TQ-LOG-01': { status: 503, retryable: true, message: 'the event log is full: start the worker, or raise log.max_bytes' },
  'TQ-LOG-02': { status: 503, retryable: true, message: 'the event log could not be made durable: check the free space and the health of its disk' },
  'TQ-LOG-03': { status: 500, retryable: false, message: 'the event log is damaged on disk: restore its directory, or move it away to start an empty one' },
  'TQ-LOG-04': { status: 500, retryable: false, message: 'the event log was made with other settings: set log.partitions to the number it was made with' },
  'TQ-LOG-05': { status: 413, retryable: false, message: 'the record does not fit the event log: keys take 1 to 255 bytes, control keys 1 to 500, values at most 8 MiB' },
  'TQ-LOG-06': { status: 503, retryable: false, message: 'the event log is closed: open it again' },
  'TQ-LOG-07': { status: 500, retryable: false, message: 'there is no such partition: partitions count from 0 to log.partitions - 1' },
  'TQ-LOG-08': { status: 500, retryable: false, message: 'the event log could not be opened: check that its directory exists and belongs to this user' },
} as const;

export type LogErrorCode = keyof typeof CATALOGUE;

export const LOG_ERRORS: Readonly<Record<LogErrorCode, { readonly status: number; readonly retryable: boolean; readonly message: string }>> = CATALOGUE;

export class LogError extends Error {
  override readonly name = 'LogError';
  readonly code: LogErrorCode;
  /** HTTP status a gateway answers with. */
  readonly status: number;
  readonly retryable: boolean;

  constructor(code: LogErrorCode, detail = '', options?: ErrorOptions) {
    super(`${code}: ${CATALOGUE[code].message}${detail === '' ? '' : ` (${detail})`}`, options);
    this.code = code;
    this.status = CATALOGUE[code].status;
    this.retryable = CATALOGUE[code].retryable;
  }
}
