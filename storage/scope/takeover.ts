import type { ScopeDeed, ScopeReport, SourceTrust } from '../../contracts/scope.ts';
import type { WindowFacts } from './scope-store.ts';

/** Deeds that put code of the breach on the site, or the site's reins in its hands. */
const TAKES_OVER: Readonly<Record<string, string>> = {
  'plugin-installed': 'a plugin was installed', 'plugin-activated': 'a plugin was switched on', 'plugin-updated': 'a plugin was replaced', 'theme-installed': 'a theme was installed', 'theme-updated': 'a theme was replaced',
  'plugin-file-edited': 'the code of a plugin was edited', 'theme-file-edited': 'the code of a theme was edited', 'core-updated': 'WordPress itself was replaced',
  'administrator-created': 'an administrator was created', 'administrator-granted': 'an account was made administrator', 'capability-granted': 'an account was given further rights',
  'shipper-key-changed': "the shipper's key was changed", 'spool-deleted': "the shipper's spool was deleted",
};

/** Since when whoever did this could have run code of their own on the site. Deeds rise by leaf. */
export function takenOver(deeds: readonly ScopeDeed[]): ScopeReport['takenOver'] {
  let first: ScopeDeed | undefined;
  for (const deed of deeds) if (deed.outcome !== 'failure' && Object.hasOwn(TAKES_OVER, deed.action) && (first === undefined || deed.atMs < first.atMs)) first = deed;
  return first === undefined ? undefined : { sinceMs: first.atMs, leaf: first.leaf, why: TAKES_OVER[first.action] ?? first.action };
}

const WORTH: Readonly<Record<string, string>> = {
  plugin: 'Signed and chained on the site with keys that are erased as they are used: what was written before the site was taken over cannot be changed afterwards, what is missing shows as a gap.',
  gateway: 'Plain lines whose order is that of their receipt: whoever runs their sender can leave out or invent some before they are received.',
  ingress: "Records of a third party's queue: as good as whoever may write to it, and apart from the site.",
  system: "The product's own acts: the site cannot write any.",
};

/** Sources of the window. A third party's and our own cannot be forged from the site. */
export function sourceTrust({ sources }: WindowFacts, sinceMs: number | undefined): readonly SourceTrust[] {
  return sources.map(({ provenance, stream, events }) => ({
    provenance, stream, events, worth: WORTH[provenance] ?? 'Of unknown origin.',
    forgeableFromMs: provenance === 'plugin' || provenance === 'gateway' ? sinceMs : undefined,
  })).toSorted((a, b) => (a.provenance === b.provenance ? (a.stream < b.stream ? -1 : 1) : a.provenance < b.provenance ? -1 : 1));
}
