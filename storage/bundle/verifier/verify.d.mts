/** A check that failed. `at`: line from 1, or 0 where none can be named. */
export interface BundleProblem {
  readonly file: string;
  readonly at: number;
  readonly message: string;
}

export interface BundleFacts {
  readonly site: string;
  readonly deployment: string;
  readonly files: number;
  readonly evidence: number;
  readonly deeds: number;
  readonly subjects: number;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  /** Announced verifier keys, and those given. */
  readonly keys: readonly string[];
  /** Whether a given key vouches, not only the bundle's own. */
  readonly anchored: boolean;
}

export interface BundleVerdict {
  readonly problems: readonly BundleProblem[];
  /** Undefined when something does not hold. */
  readonly facts?: BundleFacts;
}

export function verifyBundle(directory: string, options?: { readonly keys?: readonly string[]; readonly checkpoint?: string }): BundleVerdict;
export function verdictText(verdict: BundleVerdict): string;
