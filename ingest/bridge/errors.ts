/** What ends a bridge or stops a partition of it. What is worth another try is tried for ever and only reported. */
const CATALOGUE = {
  'TQ-BRIDGE-01': { retryable: false, message: 'the event log refuses what the bridge appends: mend what the cause names and start the bridge again; nothing is lost while the ingress topic keeps it' },
  'TQ-BRIDGE-02': { retryable: true, message: 'the consumer of the ingress topic ended: see the cause, and check the topic and the rights of the bridge\'s user on it and on its group' },
  'TQ-BRIDGE-03': { retryable: false, message: 'a partition of the ingress topic ends before what was bridged from it (an unclean leader election cut it): its next records would pass for repeats. Delete the topic and create it again, so that it starts with a new id' },
  'TQ-BRIDGE-04': { retryable: true, message: 'the broker did not tell the id of the ingress topic: the topic must exist, the bridge\'s user may describe it, and the brokers run Kafka 2.8 or later' },
} as const;

export type BridgeErrorCode = keyof typeof CATALOGUE;

export const BRIDGE_ERRORS: Readonly<Record<BridgeErrorCode, { readonly retryable: boolean; readonly message: string }>> = CATALOGUE;

export class BridgeError extends Error {
  override readonly name = 'BridgeError';
  readonly code: BridgeErrorCode;
  readonly retryable: boolean;

  constructor(code: BridgeErrorCode, detail = '', options?: ErrorOptions) {
    super(`${code}: ${CATALOGUE[code].message}${detail === '' ? '' : ` (${detail})`}`, options);
    this.code = code;
    this.retryable = CATALOGUE[code].retryable;
  }
}

/** Whether an error says of itself that the same may work later. */
export function isRetryable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === true;
}
