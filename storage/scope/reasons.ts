import type { LinkReason } from '../../contracts/scope.ts';

/**
 * How sure each reason is in its best case, 0 to 1; docs/scope.md says when it is less. A link is as sure as what it comes
 * from, times this, times the weight of its case.
 */
export const CONFIDENCES: Readonly<Record<LinkReason, number>> = {
  seed: 1,
  'alert-names': 0.95,
  'session-of-actor': 0.98,
  'actor-of-session': 0.9,
  'address-of-session': 0.95,
  'address-of-key': 0.95,
  'session-at-address': 0.95,
  'account-at-address': 0.95,
  'key-made-by': 0.98,
  'key-used-from': 0.95,
  'account-made-by': 0.98,
  'account-changed-by': 0.85,
  'plugin-installed-by': 0.95,
  'plugin-ran-for': 0.15,
  'session-continued': 0.9,
  'session-elsewhere': 0.8,
  'session-alike': 0.75,
  'destination-set-by': 0.9,
};

/** How much of a reason's confidence a weaker case has. */
export const WEIGHTS = {
  whole: 1,
  /** New here, and by the same program as the breach, at an address that others use, too. */
  sameProgram: 0.78,
  /** What may be innocent, but does what ordinary people do not. */
  conspicuous: 0.68,
  /** Something that was in use before, and may be the owner's. */
  doubtful: 0.45,
  /** Used by others, too. */
  shared: 0.38,
  /** Used before the breach: most likely the owner's. */
  habitual: 0.25,
} as const;

/** Links below it are not followed unless the asker says otherwise. */
export const LEAST_CONFIDENCE = 0.5;
