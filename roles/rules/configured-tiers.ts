import { isName, NAME_RULE } from '../../contracts/names.ts';
import { DEFAULT_TIER_RULES, isTier, TIERS } from '../../contracts/tiers.ts';
import type { Tier, TierRules } from '../../contracts/tiers.ts';
import type { RulesConfig } from '../../detect/rule-set/config.ts';
import { ConfigError } from '../config/read.ts';

/**
 * Which rows expire together, of the settings; undefined when they say nothing beside the defaults. Throws a ConfigError with
 * every entry that is wrong.
 */
export function configuredTiers({ sites, classes }: RulesConfig['tiers']): TierRules | undefined {
  if (sites.length === 0 && classes.length === 0) return undefined;
  const problems: string[] = [];
  const ofSites = tiersByName('rules.tiers.sites', sites, isName, `a site's name ${NAME_RULE}`, problems);
  const ofClasses = tiersByName('rules.tiers.classes', classes, (name) => /^[a-z0-9_]+$/.test(name), 'a class is named by its first part, such as pii', problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return { sites: ofSites, classes: { ...DEFAULT_TIER_RULES.classes, ...ofClasses } };
}

/** Entries `name=tier` in order of their names: equal settings are one rule set, however they are ordered. */
function tiersByName(key: string, entries: readonly string[], isRight: (name: string) => boolean, rule: string, problems: string[]): Readonly<Record<string, Tier>> {
  const found = new Map<string, Tier>();
  for (const entry of entries) {
    const [name = '', tier, ...rest] = entry.split('=');
    if (rest.length > 0 || !isTier(tier)) problems.push(`${key}: "${entry}" must be name=tier, with one of the tiers ${TIERS.join(', ')}`);
    else if (!isRight(name)) problems.push(`${key}: "${entry}": ${rule}`);
    else if (found.has(name)) problems.push(`${key}: "${name}" has two tiers: keep one`);
    else found.set(name, tier);
  }
  return Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
