/** Everything the keys role can answer besides success. Codes are never reused. */
const CATALOGUE = {
  'TQ-KEYS-01': { status: 401, retryable: false, message: 'the role or its secret is wrong: give this process the secret that the keys role was started with' },
  'TQ-KEYS-02': { status: 403, retryable: false, message: 'this role may not do that: ask with the role that may' },
  'TQ-KEYS-03': { status: 400, retryable: false, message: 'the request is not well formed: use a client of the same version' },
  'TQ-KEYS-04': { status: 404, retryable: false, message: 'there is no such key: it belongs to another deployment, or its file was lost; restore the keys directory' },
  'TQ-KEYS-05': { status: 409, retryable: false, message: 'a checkpoint of a larger tree, or of another root, was signed before: the store was rolled back or changed; compare it with the last checkpoint' },
  'TQ-KEYS-06': { status: 429, retryable: true, message: 'too many look-ups: wait a minute' },
  'TQ-KEYS-07': { status: 500, retryable: false, message: 'the keys directory can be read by others: run the command named here' },
  'TQ-KEYS-08': { status: 500, retryable: false, message: 'a key file is missing or damaged: restore the keys directory from its backup' },
  'TQ-KEYS-09': { status: 500, retryable: false, message: 'the audit was changed by someone else: stop the other keys process, or look for who wrote to it' },
  'TQ-KEYS-10': { status: 503, retryable: true, message: 'the keys role cannot be reached: start it, or check keys.url' },
  'TQ-KEYS-11': { status: 500, retryable: true, message: 'the keys role failed to do that: check the free space and health of its disk' },
} as const;

export type KeysErrorCode = keyof typeof CATALOGUE;

export const KEYS_ERRORS: Readonly<Record<KeysErrorCode, { readonly status: number; readonly retryable: boolean; readonly message: string }>> = CATALOGUE;

export function isKeysErrorCode(code: unknown): code is KeysErrorCode {
  return typeof code === 'string' && Object.hasOwn(CATALOGUE, code);
}

export class KeysError extends Error {
  override readonly name = 'KeysError';
  readonly code: KeysErrorCode;
  readonly status: number;
  readonly retryable: boolean;

  /** `detail` goes to the caller: never a value, a secret or a token. */
  constructor(code: KeysErrorCode, detail = '', options?: ErrorOptions) {
    super(`${code}: ${CATALOGUE[code].message}${detail === '' ? '' : ` (${detail})`}`, options);
    this.code = code;
    this.status = CATALOGUE[code].status;
    this.retryable = CATALOGUE[code].retryable;
  }
}
