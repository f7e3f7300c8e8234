/** Errors of the ledger. Codes are never reused; each message says what to do and holds no line's content. */
const CATALOGUE = {
  'TQ-LEDGER-01': { retryable: true, text: 'no checkpoint of the site is signed yet: "tourniquet site list" names the sites, and a first checkpoint comes soon after the first event' },
  'TQ-LEDGER-02': { retryable: true, text: 'the newest signed checkpoint does not reach so far: ask for less, or wait for the next checkpoint' },
  'TQ-LEDGER-03': { retryable: false, text: 'a leaf cannot be read: its row is gone without a hash in its place, or stands there twice. "tourniquet verify" says what happened' },
  'TQ-LEDGER-04': { retryable: false, text: 'what is stored does not lead to the signed checkpoint, so there is no proof. "tourniquet verify" says what happened' },
  'TQ-LEDGER-05': { retryable: false, text: 'none of the newest checkpoints of the site is signed by an announced key. "tourniquet verify" names them' },
  'TQ-LEDGER-06': { retryable: false, text: 'that is no leaf, size or tile: leaves are counted from 0, and a size is at least 1' },
} as const satisfies Readonly<Record<string, { readonly retryable: boolean; readonly text: string }>>;

export type LedgerErrorCode = keyof typeof CATALOGUE;

export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly code: LedgerErrorCode;
  readonly retryable: boolean;
  constructor(code: LedgerErrorCode, where: string, options?: ErrorOptions) {
    super(`${code}: ${where}: ${CATALOGUE[code].text}`, options);
    this.code = code;
    this.retryable = CATALOGUE[code].retryable;
  }
}
