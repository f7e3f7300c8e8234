import type { Level } from '../contracts/pack.ts';

/** A signature that matched, as its row of `matches` tells it: all that Sigma rules see of the packs. */
export interface Seen {
  readonly rule: string;
  readonly class: string;
  readonly level: Level;
  /** Where it was found first. */
  readonly field: string;
  readonly view: string;
}

type Fields = Readonly<Record<string, unknown>>;

const NAMES = ['rule', 'class', 'level', 'field', 'view'] as const;

/** Whether one of the texts that `withScan` puts on the event passes. */
export function someScanText(seen: readonly Seen[], passes: (text: string) => boolean): boolean {
  for (const one of seen) for (const name of NAMES) if (one[name] !== '' && passes(one[name])) return true;
  return false;
}

/**
 * The event as Sigma rules see it: with `scan.rule|class|level|field|view`, each a sorted list, where signatures matched.
 * A sender's own `scan` fields are not there. Made of stored rows alone, so that a hunt sees what the live stage saw.
 */
export function withScan(event: Fields, seen: readonly Seen[]): Fields {
  const own = Object.keys(event).some(isOurs) ? Object.fromEntries(Object.entries(event).filter(([key]) => !isOurs(key))) : event;
  if (seen.length === 0) return own;
  const lists = NAMES.map((name) => [name, [...new Set(seen.map((s) => s[name]).filter((text) => text !== ''))].toSorted()] as const);
  return { ...own, scan: Object.fromEntries(lists.filter(([, list]) => list.length > 0)) };
}

function isOurs(key: string): boolean {
  return key === 'scan' || key.startsWith('scan.');
}
