import type { DataFlow } from '../../contracts/data-flow.ts';

/** Countries by ISO 3166-1 alpha-2: the European Union, and with it those of the European Economic Area. */
const EU = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');
const GROUPS: Readonly<Record<string, readonly string[]>> = { EU, EEA: [...EU, 'IS', 'LI', 'NO'] };

/** The region that the site's owner declared: events say `inside` and `outside` of it. */
export const DECLARED = 'declared';

/** `declared`, `EU`, `EEA`, or a country. */
export function isRegion(text: string): boolean {
  return text === DECLARED || Object.hasOwn(GROUPS, text) || /^[A-Z]{2}$/.test(text);
}

/** What a wrong region's error says. */
export const REGION_RULE = 'must be "declared" (what the site\'s owner declared), EU, EEA, or a country of two capitals';

/**
 * Where what an event says lies. `inside` and `outside` are of the declared region: of another they tell nothing, for the
 * declared one may be larger or smaller.
 */
export function placeOf(region: string, said: string): DataFlow['place'] {
  if (region === DECLARED) return said === 'inside' || said === 'outside' ? said : 'unknown';
  if (!/^[A-Z]{2}$/.test(said)) return 'unknown';
  const members = Object.hasOwn(GROUPS, region) ? (GROUPS[region] ?? []) : [region];
  return members.includes(said) ? 'inside' : 'outside';
}
