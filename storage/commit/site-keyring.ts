import type { SiteKeys } from '../../contracts/keys.ts';
import type { CommitterDeps } from './committer-deps.ts';

const MAX_KEPT = 10_000;

/** Site keys held in memory for a while, so that a group costs no call a site. */
export interface SiteKeyring {
  newest(site: string): Promise<SiteKeys>;
  /** An epoch's keys never change. */
  of(site: string, epoch: number): Promise<SiteKeys>;
}

export function createSiteKeyring({ siteKeys, clock, config }: Pick<CommitterDeps, 'siteKeys' | 'clock' | 'config'>): SiteKeyring {
  const kept = new Map<string, { readonly keys: SiteKeys; readonly untilMs: number }>();
  async function get(name: string, untilMs: number, fetch: () => Promise<SiteKeys>): Promise<SiteKeys> {
    const old = kept.get(name);
    if (old !== undefined && clock.elapsedMs() < old.untilMs) return old.keys;
    const keys = await fetch();
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(name, { keys, untilMs });
    return keys;
  }
  return {
    newest: (site) => get(site, clock.elapsedMs() + config.key_refresh_ms, () => siteKeys(site)),
    of: (site, epoch) => get(`${site} ${epoch}`, Infinity, () => siteKeys(site, epoch)),
  };
}
