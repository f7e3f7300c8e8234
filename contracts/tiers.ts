/**
 * Retention tiers: which rows expire together. A row's tier follows from its site and the data classes of its event, by
 * rules that are sealed with the rule set, so that a recovered row is the same row. How long a tier is kept is no part
 * of that: it may change at any time.
 */
export const TIERS = ['brief', 'standard', 'payment', 'health', 'trail'] as const;
export type Tier = (typeof TIERS)[number];

export function isTier(text: unknown): text is Tier {
  return TIERS.some((tier) => tier === text);
}

export interface TierRules {
  /** Tier of a site's events; `standard` of a site that is not named. */
  readonly sites: Readonly<Record<string, Tier>>;
  /** First part of a data class to the tier of events that hold it: `{"phi": "health", "pci": "payment", "fin": "payment"}`. */
  readonly classes: Readonly<Record<string, Tier>>;
}

export const DEFAULT_TIER_RULES: TierRules = { sites: {}, classes: { phi: 'health', pci: 'payment', fin: 'payment' } };

/** Of several tiers the one that stands last in `TIERS` holds. */
export function tierOf(rules: TierRules, site: string, classes: readonly string[]): Tier {
  if (site.startsWith('_')) return 'trail';
  let most = TIERS.indexOf(Object.hasOwn(rules.sites, site) ? rules.sites[site] ?? 'standard' : 'standard');
  for (const name of classes) {
    const family = name.split('.', 1)[0] ?? '';
    const tier = Object.hasOwn(rules.classes, family) ? rules.classes[family] : undefined;
    if (tier !== undefined) most = Math.max(most, TIERS.indexOf(tier));
  }
  return TIERS[most] ?? 'standard';
}
