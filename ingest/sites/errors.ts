/** Why a site or its secrets cannot be made or changed. Codes are never reused. */
const CATALOGUE = {
  'TQ-SITES-01': 'The name cannot be a site: it must be 1 to 64 of a-z 0-9 . _ - and start with a letter or digit. Choose another name.',
  'TQ-SITES-02': 'The site exists already. Use "tourniquet site rotate NAME" for new secrets.',
  'TQ-SITES-03': 'There is no such site. Add it with "tourniquet site add NAME".',
} as const;

export type SitesErrorCode = keyof typeof CATALOGUE;

export const SITES_ERRORS: Readonly<Record<SitesErrorCode, string>> = CATALOGUE;

export class SitesError extends Error {
  override readonly name = 'SitesError';
  readonly code: SitesErrorCode;
  readonly retryable = false;
  constructor(code: SitesErrorCode, options?: ErrorOptions) {
    super(CATALOGUE[code], options);
    this.code = code;
  }
}
