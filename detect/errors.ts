/** Errors of detect/: codes are never reused. Texts name places and rules, never a value of an event. */
const CATALOGUE = {
  wrongArgument: { code: 'TQ-DETECT-01', retryable: false, message: 'an argument of the native addon has the wrong type' },
  wrongProcessor: { code: 'TQ-DETECT-02', retryable: false, message: 'Hyperscan cannot be trusted on this processor: it needs SSE4.2, or NEON on arm64, and a libvectorscan5 that finds what the addon tries it with; update that' },
  notBuilt: { code: 'TQ-DETECT-03', retryable: false, message: 'the native addon is not built: apt-get install g++ libvectorscan-dev, then npm run setup' },
  nativeUnusable: { code: 'TQ-DETECT-04', retryable: false, message: 'the native addon does not load: apt-get install libvectorscan5, then npm run setup' },
  packInvalid: { code: 'TQ-DETECT-05', retryable: false, message: 'the signature pack has errors' },
  groupFinished: { code: 'TQ-DETECT-06', retryable: false, message: 'a finished group takes no blocks: begin another' },
  rulesInvalid: { code: 'TQ-DETECT-07', retryable: false, message: 'the rules have errors: mend the places named here ("tourniquet rules lint" checks files and folders)' },
  policyInvalid: { code: 'TQ-DETECT-08', retryable: false, message: 'the storage policy of fields has errors' },
} as const;

export type DetectErrorName = keyof typeof CATALOGUE;

export class DetectError extends Error {
  override readonly name = 'DetectError';
  readonly code: string;
  readonly retryable: boolean;
  constructor(name: DetectErrorName, detail: string, options?: ErrorOptions) {
    const { code, retryable, message } = CATALOGUE[name];
    super(detail === '' ? message : `${message}:${detail.startsWith('\n') ? '' : ' '}${detail}`, options);
    this.code = code;
    this.retryable = retryable;
  }
}

export function detectError(name: DetectErrorName, detail = '', options?: ErrorOptions): DetectError {
  return new DetectError(name, detail, options);
}
