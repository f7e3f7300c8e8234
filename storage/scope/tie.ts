import type { Entity, LinkReason } from '../../contracts/scope.ts';

/** What leads from one entity to another, before it is weighed against other ways to the same. */
export interface Tie {
  readonly from: Entity | undefined;
  readonly to: Entity;
  readonly reason: LinkReason;
  /** How sure what it comes from is, 0 to 1. */
  readonly base: number;
  /** Of the case, see `WEIGHTS`. */
  readonly weight: number;
  readonly sinceMs: number;
  readonly evidence: readonly number[];
  /** Empty when nothing speaks against it. */
  readonly doubt: string;
}

/** "one more account", "4 more accounts". */
export function counted(count: number, noun: string): string {
  return count === 1 ? `one ${noun}` : `${count} ${noun}s`;
}
