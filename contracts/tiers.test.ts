import { expect, test } from 'vitest';
import { DEFAULT_TIER_RULES, tierOf } from './tiers.ts';
import type { TierRules } from './tiers.ts';

const RULES: TierRules = { ...DEFAULT_TIER_RULES, sites: { clinic: 'health', blog: 'brief' } };

test.each([
  ['shop', [], 'standard'],
  ['blog', [], 'brief'],
  ['blog', ['attack.sqli'], 'brief'],
  ['blog', ['pci.pan'], 'payment'],
  ['shop', ['pci.pan', 'phi.diagnosis'], 'health'],
  ['clinic', ['pci.pan'], 'health'],
  ['_system', [], 'trail'],
  ['constructor', ['__proto__.x', 'toString'], 'standard'],
] as const)('an event of %s with %j is of tier %s %s', (site, classes, tier) => {
  expect(tierOf(RULES, site, classes)).toBe(tier);
});
