import type { TargetKind } from './acts.ts';

/** Our own acts: events of the site `_system`, in the ledger like any other. */

/** Who did it. */
export interface Doer {
  /** A person of `tourniquet person`, an account of this machine, or `role:NAME` of a process of ours. */
  readonly name: string;
  readonly role?: string;
  /** Where they asked from. */
  readonly address?: string;
}

export interface ActTarget {
  readonly kind: TargetKind;
  readonly name: string;
  /** The site it belongs to. */
  readonly site?: string;
}

export type ActFact = string | number | boolean | readonly (string | number)[] | { readonly [name: string]: ActFact };

/** Something that was done with the product. Nothing of it may be a secret or personal data in the clear. */
export interface Act {
  readonly action: string;
  readonly category: readonly string[];
  /** `unknown` for what is done only after this is written. */
  readonly outcome: 'success' | 'failure' | 'unknown';
  readonly reason?: string;
  /** What it was done to. */
  readonly target?: ActTarget;
  /** The account that runs this process when none is named. */
  readonly actor?: Doer;
  /** Further facts, under `tourniquet` beside `target`. */
  readonly about?: { readonly [name: string]: ActFact };
  /** Tells a repeat from another act: `event.id`. */
  readonly id?: string;
}

export interface Trail {
  /** Durable in the event log when it resolves, so before the act's effect is shown. */
  write(act: Act): Promise<void>;
}
