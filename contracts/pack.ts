import type { IdentifierKind } from './token.ts';

/** A signature pack: what content looks like. Data only; validators are named, their code is frozen with the derivation. */

export const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Level = (typeof LEVELS)[number];

/** Words that make a value what it might be otherwise: a number behind "MRN" or in the field `patient_mrn`. */
export interface SignatureContext {
  /**
   * One of them stands near the value, in the name of its field, or in the label beside it. Lower-case letters, digits
   * and spaces; a space also stands for `_`, `-` or nothing.
   */
  readonly words: readonly string[];
  /** UTF-16 units before the value in which the word begins; 48 when absent. */
  readonly before?: number;
  /** UTF-16 units behind the value in which the word ends; 0 when absent. */
  readonly after?: number;
}

/** A text in the first field the signature looks at, `message` when it looks at all; or in the field that is named. */
export type Example = string | { readonly field: string; readonly text: string };

export interface Signature {
  /** `tourniquet.<group>.<name>`; never reused. */
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  /** Data class (`pii.email`, `pci.pan`, `secret.api_key`, …) or attack class (`attack.sqli`, `attack.traversal`, …). */
  readonly class: string;
  /**
   * A regular expression both JavaScript (flags `u` and, unless `case`, `i`) and Hyperscan read alike. Its group, if it
   * has one, is the value: what is validated, reported and masked.
   */
  readonly pattern: string;
  /**
   * What Hyperscan looks for in place of a pattern that it cannot find fast: without case, and found in every text that the
   * pattern is found in. Literals of four and more characters cost least.
   */
  readonly trigger?: string;
  readonly caseSensitive?: boolean;
  /** Without it a match stands for itself. */
  readonly context?: SignatureContext;
  /** Names of `detect/validators/`, each of which has to accept what the one before it left. */
  readonly validators?: readonly string[];
  /** Personal data and secrets are replaced by `⟦class:token⟧` before anything is stored; attacks are not. */
  readonly mask?: SignatureMask;
  /** ECS fields the signature looks at, all when absent, and of these not at those excepted. `a.*` stands for all below `a`, `*.a` for every path that ends so, `*.a.*` for all below any `a`. */
  readonly fields?: readonly string[];
  readonly exceptFields?: readonly string[];
  readonly source: string;
  readonly falsePositives: readonly string[];
  readonly positive: readonly Example[];
  readonly negative: readonly Example[];
}

export interface SignatureMask {
  readonly identifier: IdentifierKind;
  /** Whether the value goes to the vault, from which compliance can reveal it: never so for a secret or a card. */
  readonly recoverable: boolean;
}

export interface Pack {
  readonly name: string;
  readonly signatures: readonly Signature[];
  /** SHA-256 of the canonical JSON of `signatures`, hex: names the exact version. */
  readonly version: string;
}
