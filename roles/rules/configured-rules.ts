import { existsSync } from 'node:fs';
import path from 'node:path';
import type { RuleSetContent } from '../../contracts/rule-set.ts';
import type { RulesConfig } from '../../detect/rule-set/config.ts';
import { readRuleSources, SHIPPED_SIGMA } from '../../detect/rule-set/read-sources.ts';
import { ConfigError } from '../config/read.ts';
import { homeAt } from '../home.ts';
import { UsageError } from '../usage-error.ts';
import { configuredTiers } from './configured-tiers.ts';

/** Values by name. Throws UsageError for an entry that is not `name=value`. */
export function placeholdersOf(entries: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const pairs = entries.map((entry) => {
    const at = entry.indexOf('=');
    if (at < 1) throw new UsageError(`rules.placeholders: "${entry}" must be name=value`);
    return [entry.slice(0, at), entry.slice(at + 1)] as const;
  });
  return Object.fromEntries(Array.from(Map.groupBy(pairs, ([name]) => name), ([name, values]) => [name, values.map(([, value]) => value)]));
}

/** Files and folders whose change is one of the rules: those of the settings, and the instance's own packs. */
export function watchedPaths({ paths, mappings, packs }: RulesConfig): readonly string[] {
  return [...paths, ...mappings, ...packs, homeAt().packs];
}

/** The shipped signatures, rules and mappings with those of the settings and of the instance's own packs. Rejects with a ConfigError for a path that is not there, or a wrong tier. */
export async function readConfiguredRules({ shipped, paths, mappings, packs, placeholders, tiers }: RulesConfig): Promise<RuleSetContent> {
  const problems = Object.entries({ paths, mappings, packs }).flatMap(([key, named]) => named.filter((at) => !existsSync(at)).map((at) => `rules.${key}: there is no file or folder ${path.resolve(at)}: create it, or take it out of the configuration`));
  if (problems.length > 0) throw new ConfigError(problems);
  const tierRules = configuredTiers(tiers);
  const content = await readRuleSources({ sigma: shipped ? [SHIPPED_SIGMA, ...paths] : paths, mappings, added: [homeAt().packs, ...packs], placeholders: placeholdersOf(placeholders) });
  return tierRules === undefined ? content : { ...content, tiers: tierRules };
}
