/** Everything that can go wrong on the way of an alert or a command out. Codes are never reused. `retryable`: it is tried again. */
const CATALOGUE = {
  'TQ-RESPOND-01': { retryable: false, message: 'respond.webhooks.url is not usable: give an http or https URL without user name or password' },
  'TQ-RESPOND-02': { retryable: false, message: 'the webhook secret is malformed: it is whsec_ followed by 24 to 64 bytes as base64' },
  'TQ-RESPOND-03': { retryable: true, message: 'the receiver resolves to an address that is not allowed: use a public one, or set allow_private_addresses beside its URL in the settings' },
  'TQ-RESPOND-04': { retryable: true, message: "the receiver's host name could not be resolved: check its URL in the settings and the name server" },
  'TQ-RESPOND-05': { retryable: true, message: 'the receiver did not answer in time: make it answer first and work later' },
  'TQ-RESPOND-06': { retryable: true, message: 'the connection to the receiver failed: check that it runs and can be reached' },
  'TQ-RESPOND-07': { retryable: true, message: 'the receiver redirected, which is not followed: name the final URL in the settings' },
  'TQ-RESPOND-08': { retryable: true, message: 'the receiver answered with an error' },
  'TQ-RESPOND-09': { retryable: false, message: 'the receiver is gone (410) and was switched off: change respond.webhooks.url' },
  'TQ-RESPOND-10': { retryable: false, message: 'the alert could not be delivered for three days and was set aside; it stays in the alerts table' },
  'TQ-RESPOND-11': { retryable: false, message: "the receiver's queue is full and the alert was set aside; it stays in the alerts table: repair the receiver" },
  'TQ-RESPOND-12': { retryable: true, message: 'the alerts of a group could not be read from the store: they are asked for again' },
  'TQ-RESPOND-13': { retryable: false, message: 'a commit record could not be read: its alerts are in the alerts table only; update this process' },
  'TQ-RESPOND-14': { retryable: true, message: 'the store holds fewer alerts than the commit record says: they are asked for again, then what is there is sent' },
  'TQ-RESPOND-15': { retryable: false, message: 'another process uses this queue: stop it' },
  'TQ-RESPOND-16': { retryable: true, message: 'the control stream cannot be read: it is tried again' },
  'TQ-RESPOND-17': { retryable: true, message: 'the alerts of a group could not be put on the trail, so none of them is sent: it is tried again' },
  'TQ-RESPOND-18': { retryable: false, message: 'the command cannot be given: change what is named here' },
  'TQ-RESPOND-19': { retryable: false, message: 'the site was given as many commands as it may in an hour: undo some, or wait' },
  'TQ-RESPOND-20': { retryable: true, message: 'a letter was written and does not stand in the register: another one stands under its name; update this process' },
  'TQ-RESPOND-21': { retryable: false, message: 'the site was given a command that this version cannot read, so none is given after it: update this process' },
} as const;

export type RespondErrorCode = keyof typeof CATALOGUE;

export const RESPOND_ERRORS: Readonly<Record<RespondErrorCode, { readonly retryable: boolean; readonly message: string }>> = CATALOGUE;

export class RespondError extends Error {
  override readonly name = 'RespondError';
  readonly code: RespondErrorCode;
  readonly retryable: boolean;

  /** `detail` is logged: never a secret, a URL's path or query, or an answer's body. */
  constructor(code: RespondErrorCode, detail = '', options?: ErrorOptions) {
    super(`${code}: ${CATALOGUE[code].message}${detail === '' ? '' : ` (${detail})`}`, options);
    this.code = code;
    this.retryable = CATALOGUE[code].retryable;
  }
}
