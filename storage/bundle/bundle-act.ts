import type { Act, Doer } from '../../contracts/trail.ts';

/** What stands on the trail before a bundle is made: it leaves the house. */
export function bundleAct(site: string, actor?: Doer): Act {
  return { action: 'bundle-written', category: ['data_export'], outcome: 'unknown', target: { kind: 'site', name: site, site }, ...(actor === undefined ? {} : { actor }) };
}
