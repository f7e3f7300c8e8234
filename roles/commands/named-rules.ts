import { existsSync } from 'node:fs';
import type { RuleSetContent } from '../../contracts/rule-set.ts';
import type { RulesConfig } from '../../detect/rule-set/config.ts';
import { readRuleSources } from '../../detect/rule-set/read-sources.ts';
import type { RuleSources } from '../../detect/rule-set/read-sources.ts';
import { placeholdersOf } from '../rules/configured-rules.ts';
import { UsageError } from '../usage-error.ts';

/** Throws UsageError for a path that is not there. */
export function requireRulePaths(paths: readonly string[]): void {
  for (const path of paths) if (!existsSync(path)) throw new UsageError(`there is no file or folder ${path}`);
}

export function noRulesIn(paths: readonly string[]): UsageError {
  return new UsageError(`there is no rule in ${paths.join(', ')}: rules are files *.yml or *.yaml`);
}

/**
 * Sigma rules that a person named, with the mappings and placeholders of the configuration. Throws UsageError when there
 * is none, and what `readRuleSources` throws.
 */
export async function readNamedRules(paths: readonly string[], { mappings, placeholders }: RulesConfig, packs: Pick<RuleSources, 'packs'> = {}): Promise<RuleSetContent> {
  requireRulePaths(paths);
  const content = await readRuleSources({ sigma: paths, mappings, placeholders: placeholdersOf(placeholders), ...packs });
  if (content.sigma.length === 0) throw noRulesIn(paths);
  return content;
}
