import { SYSTEM_SITE } from '../../contracts/names.ts';
import { BY_SITE } from '../../contracts/observation.ts';
import { siteOf, timeOf } from './entries.ts';
import type { Entries } from './entries.ts';
import { findingId } from './finding.ts';
import type { CorrelationFinding } from './finding.ts';
import { partsOf } from './observed-text.ts';
import type { Shelf } from './shelf.ts';

/** A window that holds, and what is to be done about it. */
export interface Held {
  /** Unix ms, of its first and last entry. */
  readonly start: number;
  readonly end: number;
  /** How many entries it has. */
  readonly events: number;
  readonly evidence: CorrelationFinding['evidence'];
  readonly value: number;
  /** What sets its finding apart from others of the rule and group. */
  readonly place: number;
  readonly told: boolean;
  readonly passedOn: boolean;
}

const MOST_EVIDENCE = 256;

/** The window of the entries from `first` to the one before `end`: at least one. */
export function windowOf(entries: Entries, first: number, end: number, { clock }: Shelf): Pick<Held, 'start' | 'end' | 'events' | 'evidence'> {
  const evidence = new Map<string, CorrelationFinding['evidence'][number]>();
  for (let index = Math.max(first, end - MOST_EVIDENCE); index < end; index++) {
    const site = siteOf(entries, index, clock.site);
    // In range.
    const leaf = entries.leaves[index]!;
    evidence.set(`${site}/${leaf}`, { site, leaf });
  }
  return { start: timeOf(entries, first), end: timeOf(entries, end - 1), events: end - first, evidence: [...evidence.values()] };
}

export function findingOf({ node: { rule }, clock }: Shelf, key: string, { start, end, events, evidence, value, place }: Held, late: boolean): CorrelationFinding {
  const site = clock.by === BY_SITE ? clock.site : SYSTEM_SITE;
  const parts = partsOf(key, rule.groupBy.length);
  const group = Object.fromEntries(rule.groupBy.map(({ name }, i) => [name, parts[i] ?? '']));
  return { id: findingId(rule, site, key, place), rule, site, group, timestamp: end, start, end, late, value, events, evidence };
}
