/** A signature pack: what content looks like. Data only; validators are named, their code is frozen with the derivation. */

export const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Level = (typeof LEVELS)[number];

/** Validators a signature may name; `detect/validators/` holds one file each. */
export const VALIDATORS = ['none', 'luhn', 'ssn', 'email', 'entropy'] as const;
export type ValidatorName = (typeof VALIDATORS)[number];

export interface Signature {
  /** `tourniquet.<group>.<name>`; never reused. */
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  /** Data class (`pii.email`, `pci.pan`, `secret.api_key`, …) or attack class (`attack.sqli`, `attack.traversal`, …). */
  readonly class: string;
  /** A regular expression both JavaScript (flags `u` and, unless `case`, `i`) and Hyperscan read alike. */
  readonly pattern: string;
  readonly caseSensitive?: boolean;
  readonly validator?: ValidatorName;
  /** Personal data and secrets are replaced by `⟦class:token⟧` before anything is stored; attacks are not. */
  readonly mask?: { readonly identifier: 'email' | 'digits' | 'alphanumeric' | 'text' };
  /** ECS fields the signature looks at; all when absent. */
  readonly fields?: readonly string[];
  readonly source: string;
  readonly falsePositives: readonly string[];
  readonly positive: readonly string[];
  readonly negative: readonly string[];
}

export interface Pack {
  readonly name: string;
  readonly signatures: readonly Signature[];
  /** SHA-256 of the canonical JSON of `signatures`, hex: names the exact version. */
  readonly version: string;
}
