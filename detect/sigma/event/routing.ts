import type { Logsource } from '../rule.ts';

/** The log sources an event serves; undefined: nobody knows; `any`: every rule is to be considered, whatever it asks for. */
export type Served = readonly Logsource[] | 'any' | undefined;

/** Whether one of the served log sources has everything the rule asks for. A rule that asks for nothing is served by all. */
export function serves(served: readonly Logsource[], asked: Logsource): boolean {
  return served.some((one) => (asked.category === undefined || one.category === asked.category)
    && (asked.product === undefined || one.product === asked.product)
    && (asked.service === undefined || one.service === asked.service));
}

/**
 * Whether a rule is considered for an event. Of an event that nobody knows, rules that would match the empty event are
 * left out: they say only what an event must not have, and that is true of every event of another source.
 */
export function considered(served: Served, asked: Logsource, matchesEmpty: boolean): boolean {
  if (served === 'any') return true;
  return served === undefined ? !matchesEmpty : serves(served, asked);
}
